// SPDX-License-Identifier: MIT
#include <curtail/table/cell.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <curtail/table/arrow.hpp>
#include <curtail/table/table.hpp>

#include "catch.hpp"
#include "table/arrow_builder.hpp"
#include "table/described.hpp"

namespace {

struct Money {
    std::int64_t cents;
};
struct Tag {
    std::string name;
};
struct Opaque {};
enum class Level : std::uint8_t { low = 3, high = 7 };
enum class Colour { red, green };
enum Plain { plain_zero, plain_one };
enum class Unlabelled { one };

// cell_traits that would be ignored, or call themselves, if nothing looked for cell().
struct Misspelt {};
struct Shy {};
struct Silent {};
struct Circular {};
struct Deep {};
namespace plain_enum {
enum class Misspelt { a };
}  // namespace plain_enum

}  // namespace

template <>
struct curtail::cell_traits<Money> {
    static double cell(const Money& money) { return static_cast<double>(money.cents) / 100.0; }
};
template <>
struct curtail::cell_traits<Tag> {
    static const std::string& cell(const Tag& tag) { return tag.name; }
};
template <>
struct curtail::cell_traits<Colour> {
    static std::string_view cell(Colour colour) { return colour == Colour::red ? "red" : "green"; }
};

template <>
struct curtail::cell_traits<Level> {
    static unsigned cell(Level level) { return static_cast<unsigned>(level); }
};
template <>
struct curtail::cell_traits<Misspelt> {
    static int to_cell(const Misspelt&) { return 1; }
};
template <>
struct curtail::cell_traits<plain_enum::Misspelt> {
    static int to_cell(plain_enum::Misspelt) { return 1; }
};
template <>
struct curtail::cell_traits<Shy> {
  private:
    static int cell(const Shy&) { return 1; }
};
template <>
struct curtail::cell_traits<Silent> {
    static void cell(const Silent&) {}
};
template <>
struct curtail::cell_traits<Circular> {
    static const Circular& cell(const Circular& value) { return value; }
};
template <>
struct curtail::cell_traits<Deep> {
    static std::vector<int> cell(const Deep&) { return {}; }
};
template <>
struct curtail::cell_traits<std::pair<int, int>> {
    int cell(const std::pair<int, int>& pair) const { return pair.first; }
};

static_assert(curtail::CellLike<bool> && curtail::CellLike<char> && curtail::CellLike<std::int8_t> &&
              curtail::CellLike<std::uint64_t> && curtail::CellLike<float> && curtail::CellLike<double>);
static_assert(curtail::CellLike<std::string> && curtail::CellLike<std::string_view> && curtail::CellLike<const char*> &&
              curtail::CellLike<char[6]> && curtail::CellLike<std::filesystem::path>);
static_assert(curtail::CellLike<curtail::Null> && curtail::CellLike<curtail::Decimal> &&
              curtail::CellLike<curtail::Bytes> && curtail::CellLike<curtail::Timestamp> &&
              curtail::CellLike<curtail::Date> && curtail::CellLike<curtail::TimeOfDay> &&
              curtail::CellLike<curtail::Duration> && curtail::CellLike<curtail::Nested> &&
              curtail::CellLike<curtail::Cell>);
static_assert(curtail::CellLike<Money> && curtail::CellLike<Tag> && curtail::CellLike<Level> &&
              curtail::CellLike<Colour>);
static_assert(curtail::CellLike<std::optional<Money>> && curtail::CellLike<std::unique_ptr<std::string>> &&
              curtail::CellLike<std::shared_ptr<const int>> && curtail::CellLike<std::variant<int, std::string>>);
static_assert(!curtail::CellLike<int (*)()>);
// An enum is not meant to be written as a number.
static_assert(!curtail::CellLike<Unlabelled> && !curtail::CellLike<Plain> &&
              !curtail::CellLike<std::optional<Unlabelled>> && !curtail::CellLike<const Unlabelled*>);
static_assert(!curtail::CellLike<Misspelt> && !curtail::CellLike<plain_enum::Misspelt> && !curtail::CellLike<Shy> &&
              !curtail::CellLike<Silent> && !curtail::CellLike<Circular> && !curtail::CellLike<Deep> &&
              !curtail::CellLike<std::pair<int, int>> && !curtail::CellLike<std::optional<Misspelt>>);
// A clock whose beginning is not known.
static_assert(!curtail::CellLike<std::chrono::steady_clock::time_point> &&
              !curtail::CellLike<std::optional<std::chrono::steady_clock::time_point>>);
static_assert(!curtail::CellLike<Opaque> && !curtail::CellLike<std::optional<Opaque>> &&
              !curtail::CellLike<std::vector<int>> && !curtail::CellLike<long double> && !curtail::CellLike<void*>);
// Characters of other encodings than UTF-8 are not cells: they are not meant as numbers.
static_assert(!curtail::CellLike<wchar_t> && !curtail::CellLike<char16_t> && !curtail::CellLike<char32_t> &&
              !curtail::CellLike<const wchar_t*> && !curtail::CellLike<std::wstring> &&
              !curtail::CellLike<std::u16string_view> && !curtail::CellLike<std::optional<char32_t>>);

namespace {

using namespace std::string_literals;
using namespace std::chrono_literals;
using arrow_test::batch;
using arrow_test::bits;
using arrow_test::column;
using arrow_test::Node;
using arrow_test::table_of;
using arrow_test::text_column;
using curtail::CodedText;

struct CodedColour {
    int number;

    const void* dictionary() const noexcept { return "red green"; }
    std::size_t code() const noexcept { return static_cast<std::size_t>(number); }
    std::size_t codes() const noexcept { return 2; }
    operator std::string_view() const { return number == 0 ? "red" : "green"; }
};

struct CodedColours {
    curtail::Schema columns{{"colour", {curtail::CellKind::text}}};

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return 2; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit(CodedColour{static_cast<int>(row)});
    }
};

template <class T>
std::string as_cell(const T& value) {
    std::string text = "no text";
    curtail::visit_cell(value, [&](const auto& plain) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(plain)>, std::string_view>) text = plain;
    });
    return text;
}

// Returns what visit_row() gives for each row: the code, "no code" or "null".
std::vector<std::string> codes_of(const Node& node) {
    const auto table = table_of(batch(node.length, {node}));
    std::vector<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        curtail::visit_row(table, row, [&]<class Value>(const Value& value) {
            if constexpr (CodedText<Value>) {
                seen.push_back(std::to_string(value.code()) + " of " + std::to_string(value.codes()));
            } else {
                seen.push_back(std::is_same_v<Value, curtail::Null> ? "null" : "no code");
            }
        });
    }
    return seen;
}

Node dictionary(Node indices, Node values) {
    indices.dictionary = {std::move(values)};
    return indices;
}

}  // namespace

TEST_CASE("visit_cell: every integer width becomes one of two exact forms", "[table]") {
    CHECK(described(std::int8_t{-128}) == "int64 -128");
    CHECK(described(std::uint8_t{255}) == "uint64 255");
    CHECK(described(std::int16_t{-32768}) == "int64 -32768");
    CHECK(described(std::uint16_t{65535}) == "uint64 65535");
    CHECK(described(std::numeric_limits<std::int32_t>::min()) == "int64 -2147483648");
    CHECK(described(std::numeric_limits<std::uint32_t>::max()) == "uint64 4294967295");
    CHECK(described(std::numeric_limits<std::int64_t>::min()) == "int64 -9223372036854775808");
    CHECK(described(std::numeric_limits<std::uint64_t>::max()) == "uint64 18446744073709551615");
    CHECK(described(5L) == "int64 5");
    CHECK(described(5LL) == "int64 5");
    CHECK(described(5UL) == "uint64 5");
    CHECK(described(5ULL) == "uint64 5");
    CHECK(described(std::size_t{5}) == "uint64 5");
}

#ifdef __SIZEOF_INT128__
TEST_CASE("visit_cell: integers of 128 bits are exact decimals", "[table]") {
    using curtail::detail::Int128;
    const Int128 least = static_cast<Int128>(1) << 126U;
    CHECK(described(-least - least) == "decimal -170141183460469231731687303715884105728");
    CHECK(described(static_cast<Int128>(-7)) == "decimal -7");
    CHECK(described(~static_cast<curtail::detail::UnsignedInt128>(0)) ==
          "decimal 340282366920938463463374607431768211455");
    CHECK(described(std::optional<Int128>()) == "null");
}
#endif

TEST_CASE("visit_cell: a char is a letter, signed and unsigned char are numbers", "[table]") {
    CHECK(described('x') == "text x");
    CHECK(described('\0') == std::string("text \0", 6));
    CHECK(described(u8'x') == "text x");
    CHECK(described(static_cast<signed char>('x')) == "int64 120");
    CHECK(described(static_cast<unsigned char>('x')) == "uint64 120");
    CHECK(described(std::byte{7}) == "uint64 7");
}

TEST_CASE("visit_cell: bool, float and double keep their type", "[table]") {
    CHECK(described(true) == "bool true");
    CHECK(described(false) == "bool false");
    CHECK(described(0.1F) == "float32 0.1");
    CHECK(described(0.1) == "float64 0.1");
    std::vector<bool> bits = {true, false};
    CHECK(described(bits[0]) == "bool true");
    CHECK(described(bits[1]) == "bool false");
}

TEST_CASE("visit_cell: text in every common type is text, embedded zero bytes included", "[table]") {
    CHECK(described(std::string("a\0b", 3)) == std::string("text a\0b", 8));
    CHECK(described(std::string_view("ab")) == "text ab");
    CHECK(described("ab") == "text ab");
    const char* const pointer = "ab";
    CHECK(described(pointer) == "text ab");
    char array[] = "ab";
    char* mutable_pointer = array;
    CHECK(described(mutable_pointer) == "text ab");
    CHECK(described(std::string()) == "text ");
    CHECK(described(std::string_view()) == "text ");
    CHECK(described(std::filesystem::path("/a/b.csv")) == "text /a/b.csv");
    CHECK(described(std::u8string(u8"\u00E9")) == "text \xC3\xA9");
    CHECK(described(std::u8string_view(u8"ab")) == "text ab");
    CHECK(described(u8"ab") == "text ab");
    const char8_t* const utf8 = u8"ab";
    CHECK(described(utf8) == "text ab");
    CHECK(described(static_cast<const char8_t*>(nullptr)) == "null");
    CHECK(described(std::optional<std::u8string>(u8"ab")) == "text ab");
}

TEST_CASE("visit_cell: an array of characters ends at its first zero, or where it ends", "[table]") {
    struct Record {
        char code[4];
        char name[8];
        char8_t utf8[2];
    };
    const auto record = std::make_unique<Record>(Record{{'a', 'b', 'c', 'd'}, "name", {u8'x', u8'y'}});
    CHECK(described(record->code) == "text abcd");
    CHECK(described(record->name) == "text name");
    CHECK(described(record->utf8) == "text xy");
    const auto last = std::make_unique<char[][3]>(1);  // for a sanitizer to see a byte read too many
    for (char& c : last[0]) c = 'z';
    CHECK(described(last[0]) == "text zzz");
    CHECK(described("a\0b") == "text a");
}

TEST_CASE("visit_cell: an empty optional or pointer is null", "[table]") {
    CHECK(described(curtail::Null{}) == "null");
    CHECK(described(nullptr) == "null");
    CHECK(described(std::monostate{}) == "null");
    CHECK(described(std::optional<int>()) == "null");
    CHECK(described(std::unique_ptr<double>()) == "null");
    CHECK(described(std::shared_ptr<std::string>()) == "null");
    CHECK(described(static_cast<const int*>(nullptr)) == "null");
    CHECK(described(static_cast<const char*>(nullptr)) == "null");
    CHECK(described(static_cast<char*>(nullptr)) == "null");
    CHECK(described(std::optional<std::optional<int>>(std::optional<int>())) == "null");
}

TEST_CASE("visit_cell: an optional or pointer is the value it holds", "[table]") {
    CHECK(described(std::optional<bool>(false)) == "bool false");
    CHECK(described(std::optional<std::string>("")) == "text ");
    CHECK(described(std::optional<std::string_view>("a")) == "text a");
    CHECK(described(std::make_unique<float>(0.5F)) == "float32 0.5");
    CHECK(described(std::make_shared<const std::uint8_t>(std::uint8_t{200})) == "uint64 200");
    const int number = -3;
    CHECK(described(&number) == "int64 -3");
    const std::string text = "a";
    CHECK(described(&text) == "text a");
    CHECK(described(std::optional<std::optional<int>>(4)) == "int64 4");
    CHECK(described(std::optional<std::unique_ptr<int>>(std::make_unique<int>(4))) == "int64 4");
}

TEST_CASE("visit_cell: a variant is the alternative it holds", "[table]") {
    using Value = std::variant<std::monostate, int, double, std::string, std::optional<bool>>;
    CHECK(described(Value()) == "null");
    CHECK(described(Value(1)) == "int64 1");
    CHECK(described(Value(1.0)) == "float64 1.0");
    CHECK(described(Value(std::string("a"))) == "text a");
    CHECK(described(Value(std::optional<bool>())) == "null");
    CHECK(described(Value(std::optional<bool>(true))) == "bool true");
}

TEST_CASE("visit_cell: a Cell is the form it holds", "[table]") {
    using curtail::Cell;
    using curtail::TimeUnit;
    CHECK(described(Cell()) == "null");
    CHECK(described(Cell(true)) == "bool true");
    CHECK(described(Cell(std::int64_t{-1})) == "int64 -1");
    CHECK(described(Cell(std::uint64_t{1})) == "uint64 1");
    CHECK(described(Cell(0.5F)) == "float32 0.5");
    CHECK(described(Cell(0.5)) == "float64 0.5");
    CHECK(described(Cell(curtail::Decimal{"-0.01"})) == "decimal -0.01");
    CHECK(described(Cell(std::string_view("a"))) == "text a");
    CHECK(described(Cell(curtail::Bytes{"ab"})) == "bytes ab");
    CHECK(described(Cell(curtail::Timestamp{7, TimeUnit::nanosecond, "UTC"})) == "timestamp 7nsUTC");
    CHECK(described(Cell(curtail::Date{-1})) == "date -1");
    CHECK(described(Cell(curtail::TimeOfDay{1, TimeUnit::second})) == "time 1s");
    CHECK(described(Cell(curtail::Duration{-2, TimeUnit::microsecond})) == "duration -2us");
    CHECK(described(Cell(curtail::Nested{"[1]"})) == "nested [1]");
    CHECK(described(std::optional<Cell>(Cell(0.5))) == "float64 0.5");
}

TEST_CASE("visit_cell: an enum is what cell_traits makes of it, a label or a number", "[table]") {
    CHECK(described(Level::high) == "uint64 7");
    CHECK(described(Colour::green) == "text green");
    CHECK(described(std::optional<Colour>(Colour::red)) == "text red");
    CHECK(described(std::variant<int, Colour>(Colour::red)) == "text red");
}

TEST_CASE("cell_traits: may return a value or a reference, also for the value of an optional or a pointer", "[table]") {
    CHECK(described(Money{1250}) == "float64 12.5");
    CHECK(described(Tag{"a"}) == "text a");
    CHECK(described(std::optional<Money>(Money{50})) == "float64 0.5");
    CHECK(described(std::optional<Money>()) == "null");
    const Tag tag{"b"};
    CHECK(described(&tag) == "text b");
    CHECK(described(std::variant<int, Tag>(Tag{"c"})) == "text c");
}

TEST_CASE("visit_cell: std::chrono keeps its unit", "[table]") {
    using namespace std::chrono;
    CHECK(described(nanoseconds(-5)) == "duration -5ns");
    CHECK(described(microseconds(5)) == "duration 5us");
    CHECK(described(milliseconds(5)) == "duration 5ms");
    CHECK(described(seconds(5)) == "duration 5s");
    CHECK(described(minutes(5)) == "duration 300s");
    CHECK(described(hours(-1)) == "duration -3600s");
    CHECK(described(duration<int, std::ratio<1, 10>>(5)) == "duration 500ms");
    CHECK(described(sys_days(year(1970) / 1 / 2)) == "date 1");
    CHECK(described(local_days(year(1969) / 12 / 31)) == "date -1");
    CHECK(described(sys_seconds(seconds(9))) == "timestamp 9s");
    CHECK(described(sys_time<milliseconds>(milliseconds(9))) == "timestamp 9ms");
    CHECK(described(time_point<system_clock, minutes>(minutes(2))) == "timestamp 120s");
    CHECK(described(local_seconds(seconds(9))) == "timestamp 9s");
    CHECK(described(system_clock::time_point(nanoseconds(7))) == "timestamp 7ns");
    CHECK(described(year(2000) / 2 / 29) == "date 11016");
    CHECK(described(std::optional<seconds>()) == "null");
}

TEST_CASE("visit_cell: a duration in steps that are not whole milliseconds keeps its nanoseconds", "[table]") {
    using namespace std::chrono;
    CHECK(described(duration<int, std::ratio<1, 60>>(1)) == "duration 16666666ns");
    CHECK(described(duration<int, std::ratio<3, 2>>(1)) == "duration 1500ms");
    CHECK(described(duration<int, std::ratio<1, 8000>>(1)) == "duration 125us");
    CHECK(described(duration<int, std::ratio<1, 1024>>(1)) == "duration 976562ns");
    CHECK(described(sys_time<duration<int, std::ratio<1, 60>>>(duration<int, std::ratio<1, 60>>(90))) ==
          "timestamp 1500000000ns");
}

TEST_CASE("visit_cell: a duration that counts fractions of a second keeps them", "[table]") {
    CHECK(described(std::chrono::duration<double>(1.5)) == "duration 1500000000ns");
    CHECK(described(std::chrono::duration<float, std::milli>(0.25F)) == "duration 250000ns");
}

TEST_CASE("visit_cell: every spelling of a date in std::chrono is a date, and a clock time a time of day", "[table]") {
    using namespace std::chrono;
    CHECK(described(2024y / February / last) == described(2024y / 2 / 29));
    CHECK(described(2024y / December / last) == described(2024y / 12 / 31));
    CHECK(described(hh_mm_ss(milliseconds(3'723'004))) == "time 3723004ms");
    CHECK(described(hh_mm_ss(minutes(61))) == "time 3660s");
    CHECK(described(std::optional(hh_mm_ss(hours(24)))) == "time 86400s");
    bool same = true;
    for (sys_days day = 1896y / 1 / 1; day < sys_days(2104y / 1 / 1); day += days(1)) {
        const year_month_weekday by_weekday(day);
        same = same && described(by_weekday) == described(day) && described(year_month_day(day)) == described(day);
        const auto last_one = by_weekday.year() / by_weekday.month() / by_weekday.weekday()[last];
        same = same && described(last_one) == described(sys_days(last_one));
    }
    CHECK(same);
}

namespace {

// Returns the error for a value that its type does not have, without the prefix.
template <class T>
std::string refused(const T& value) {
    try {
        return described(value) + ", not refused";
    } catch (const curtail::TableError& error) {
        REQUIRE(error.code() == curtail::ErrorCode::bad_cell);
        return std::string(error.what()).substr(std::string_view("[curtail.bad_cell] ").size());
    }
}

template <class T>
bool is_refused(const T& value) {
    return refused(value).find("not refused") == std::string::npos;
}

}  // namespace

TEST_CASE("visit_cell: a date that the calendar does not have is refused", "[table]") {
    using namespace std::chrono;
    CHECK(refused(2024y / 2 / 30) == "the date 2024-02-30 is not in the calendar; correct it, or make it null");
    CHECK(refused(year(-5) / 13 / 1) == "the date -5-13-01 is not in the calendar; correct it, or make it null");
    CHECK(is_refused(2023y / 2 / 29));
    CHECK(is_refused(2024y / 4 / 31));
    CHECK(is_refused(2024y / 0 / 1));
    CHECK(is_refused(2024y / 1 / 0));
    CHECK(is_refused(2024y / 1 / 32));
    CHECK(is_refused(year(-32768) / 1 / 1));
    CHECK(is_refused(year_month_day()) == !year_month_day().ok());
    CHECK(is_refused(2024y / month(13) / last));
    CHECK(is_refused(std::optional(2024y / 2 / 30)));
    CHECK(refused(2024y / 2 / Monday[5]) ==
          "month 2 of the year 2024 has no such weekday; correct the date, or make it null");
    CHECK(described(2024y / 2 / Thursday[5]) == described(2024y / 2 / 29));
    CHECK(is_refused(2024y / 2 / Monday[0]));
    CHECK(is_refused(2024y / 2 / weekday(8)[1]));
    CHECK(is_refused(2024y / 13 / Monday[1]));
    CHECK(is_refused(2024y / 13 / Monday[last]));
}

TEST_CASE("visit_cell: a time that 64 bits do not hold in its unit is refused, not wrapped", "[table]") {
    using namespace std::chrono;
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    using Hours = duration<std::int64_t, std::ratio<3600>>;
    CHECK(is_refused(Hours(largest / 3600 + 1)));
    CHECK(is_refused(Hours(-largest)));
    CHECK(described(Hours(largest / 3600)) == "duration " + std::to_string(largest / 3600 * 3600) + "s");
    CHECK(is_refused(sys_time<Hours>(Hours(largest - 1))));
    using Unsigned = duration<std::uint64_t>;
    CHECK(is_refused(Unsigned(std::uint64_t{1} << 63U)));
    CHECK(described(Unsigned(7)) == "duration 7s");
    using Real = duration<double>;
    CHECK(is_refused(Real(std::numeric_limits<double>::quiet_NaN())));
    CHECK(is_refused(Real(std::numeric_limits<double>::infinity())));
    CHECK(is_refused(Real(1e10)));
    CHECK(is_refused(Real(-9.3e9)));
    CHECK(is_refused(sys_time<Real>(Real(std::numeric_limits<double>::quiet_NaN()))));
    CHECK(is_refused(sys_time<Real>(Real(1e300))));
    CHECK(is_refused(hh_mm_ss(hours(25))));
    CHECK(is_refused(hh_mm_ss(seconds(-1))));
    CHECK(is_refused(sys_time<duration<std::int64_t, days::period>>(days(std::int64_t{1} << 31U))));
    CHECK(is_refused(nanoseconds::min()));
    // Half a day is not a day.
    CHECK(described(sys_time<duration<double, days::period>>(duration<double, days::period>(0.5))) ==
          "timestamp 43200000000000ns");
    using Thirds = duration<std::int64_t, std::ratio<1, 3>>;
    CHECK(described(Thirds(-4)) == "duration -1333333333ns");
}

TEST_CASE("visit_cell: max and min of a time point are the infinite future and past", "[table]") {
    using namespace std::chrono;
    const std::string future = described(curtail::Timestamp{INT64_MAX, curtail::TimeUnit::second}).substr(0, 29);
    CHECK(described(system_clock::time_point::max()) == future + "ns");
    CHECK(described(system_clock::time_point::min()) == "timestamp -9223372036854775807ns");
    CHECK(described(local_seconds::max()) == future + "s");
    CHECK(described(time_point<system_clock, hours>::max()) == future + "s");
    CHECK(described(time_point<system_clock, duration<double>>::max()) == future + "ns");
    CHECK(described(sys_time<duration<double>>(duration<double>(-std::numeric_limits<double>::infinity()))) ==
          "timestamp -9223372036854775807ns");
    CHECK(described(sys_days::max()) == "date 2147483647");
    CHECK(described(sys_days::min()) == "date -2147483647");
    CHECK(is_refused(sys_time<nanoseconds>(nanoseconds(-INT64_MAX))));
}

TEST_CASE("visit_cell: a time point of an unsigned count is any time from 1970 on", "[table]") {
    using namespace std::chrono;
    using Seconds = duration<std::uint32_t>;
    CHECK(described(sys_time<Seconds>()) == "timestamp 0s");
    CHECK(described(sys_time<Seconds>(Seconds(4'000'000'000U))) == "timestamp 4000000000s");
    using Days = duration<std::uint32_t, days::period>;
    CHECK(described(sys_time<Days>()) == "date 0");
    CHECK(described(sys_time<Days>::max()) == "date 2147483647");
    CHECK(is_refused(sys_time<Days>(Days(4'000'000'000U))));
    using LongDays = duration<std::uint64_t, days::period>;
    CHECK(described(sys_time<LongDays>(LongDays(20'000))) == "date 20000");
    CHECK(is_refused(sys_time<LongDays>(LongDays(UINT64_MAX - 1))));
}

TEST_CASE("visit_cell: the time of a clock that does not begin in 1970 is converted", "[table]") {
    using namespace std::chrono;
    const sys_time<nanoseconds> now(nanoseconds(1'700'000'000'123'456'789));
    const auto file_time = file_clock::from_sys(now);
    CHECK(file_time.time_since_epoch() != now.time_since_epoch());
    CHECK(described(file_time) == "timestamp 1700000000123456789ns");
    CHECK(described(file_clock::time_point::max()) == "timestamp 9223372036854775807ns");
    CHECK(is_refused(file_clock::time_point(nanoseconds(INT64_MAX - 1))));
}

TEST_CASE("visit_cell: curtail's own times are refused outside of what they mean, in a Cell too", "[table]") {
    using curtail::Cell;
    using curtail::TimeUnit;
    CHECK(refused(curtail::TimeOfDay{86401, TimeUnit::second}) ==
          "a time of day of 86401 units lies outside the day; make it a duration");
    CHECK(is_refused(curtail::TimeOfDay{-1, TimeUnit::nanosecond}));
    CHECK(described(curtail::TimeOfDay{86'400'000, TimeUnit::millisecond}) == "time 86400000ms");
    CHECK(refused(curtail::Timestamp{INT64_MIN, TimeUnit::nanosecond}) ==
          "the smallest count, -9223372036854775808, is not a timestamp but what producers write for a missing value; "
          "make it null");
    CHECK(is_refused(curtail::Duration{INT64_MIN, TimeUnit::second}));
    CHECK(is_refused(curtail::Date{INT32_MIN}));
    CHECK(refused(curtail::Timestamp{0, static_cast<TimeUnit>(4)}) ==
          "the unit 4 of a time is none of TimeUnit's; initialise it");
    CHECK(is_refused(curtail::Duration{0, static_cast<TimeUnit>(255)}));
    CHECK(is_refused(curtail::TimeOfDay{0, static_cast<TimeUnit>(4)}));
    CHECK(is_refused(Cell(curtail::TimeOfDay{86401, TimeUnit::second})));
    CHECK(is_refused(Cell(curtail::Date{INT32_MIN})));
    CHECK(is_refused(std::optional<Cell>(curtail::Timestamp{INT64_MIN, TimeUnit::second})));
    CHECK(is_refused(std::variant<int, curtail::Date>(curtail::Date{INT32_MIN})));
}

TEST_CASE("CellLike: an optional variant is a cell like the variant itself", "[table]") {
    CHECK(curtail::CellLike<std::optional<std::variant<int, std::string>>>);
    CHECK(curtail::CellLike<std::optional<curtail::Cell>>);
}

TEST_CASE("CodedText: is a text like any other for code that does not use the dictionary", "[table]") {
    static_assert(CodedText<CodedColour>);
    static_assert(curtail::CellLike<CodedColour>);
    static_assert(curtail::detail::kind_of<CodedColour>() == curtail::CellKind::text);
    static_assert(curtail::Table<CodedColours>);
    CHECK(as_cell(CodedColour{0}) == "red");
    CHECK(as_cell(CodedColour{1}) == "green");
    CHECK(described_rows(CodedColours{}) == std::vector<DescribedRow>{{"text red"}, {"text green"}});
}

TEST_CASE("CodedText: plain texts have no code", "[table]") {
    static_assert(!CodedText<std::string>);
    static_assert(!CodedText<std::string_view>);
    static_assert(!CodedText<const char*>);
    static_assert(!CodedText<curtail::Cell>);
}

TEST_CASE("CodedText: Arrow dictionaries of texts give the code of each cell, and nulls as nulls", "[table]") {
    const Node words = text_column("", "u", {"a", "bb"});
    CHECK(codes_of(dictionary(column<std::int8_t>("c", "c", {1, 0, 1}, bits("1 1 0")), words)) ==
          std::vector<std::string>{"1 of 2", "0 of 2", "null"});
    CHECK(codes_of(dictionary(column<std::uint32_t>("c", "I", {1, 0}), text_column("", "U", {"a", "bb"}))) ==
          std::vector<std::string>{"1 of 2", "0 of 2"});
    const Node one_word = text_column("", "u", {"a", "bb"}, bits("1 0"));
    CHECK(codes_of(dictionary(column<std::int64_t>("c", "l", {0, 1}), one_word)) ==
          std::vector<std::string>{"0 of 2", "null"});
}

TEST_CASE("CodedText: Arrow dictionaries of other values, and of dictionaries, give plain values", "[table]") {
    CHECK(codes_of(dictionary(column<std::int8_t>("c", "c", {1, 0}), column<double>("", "g", {0.5, 1.5}))) ==
          std::vector<std::string>{"no code", "no code"});
    const Node inner = dictionary(column<std::int8_t>("", "c", {1, 0}), text_column("", "u", {"a", "bb"}));
    CHECK(codes_of(dictionary(column<std::int8_t>("c", "c", {0, 1}), inner)) ==
          std::vector<std::string>{"no code", "no code"});
    CHECK(arrow_test::cells_of(dictionary(column<std::int8_t>("c", "c", {0, 1}), inner)) ==
          std::vector<std::string>{"text bb", "text a"});
}
