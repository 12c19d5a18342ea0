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
#include <variant>
#include <vector>

#include "catch.hpp"
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
static_assert(!curtail::CellLike<Opaque> && !curtail::CellLike<std::optional<Opaque>> &&
              !curtail::CellLike<std::vector<int>> && !curtail::CellLike<long double> && !curtail::CellLike<void*>);
// Text of an encoding that is not written here: as a number or a letter it would be what nobody meant.
static_assert(!curtail::CellLike<wchar_t> && !curtail::CellLike<char16_t> && !curtail::CellLike<char32_t> &&
              !curtail::CellLike<const wchar_t*> && !curtail::CellLike<std::wstring> &&
              !curtail::CellLike<std::u16string_view> && !curtail::CellLike<std::optional<char32_t>>);

TEST_CASE("every integer width becomes one of two exact forms") {
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
TEST_CASE("integers of 128 bits are exact decimals") {
    using curtail::detail::Int128;
    const Int128 least = static_cast<Int128>(1) << 126U;
    CHECK(described(-least - least) == "decimal -170141183460469231731687303715884105728");
    CHECK(described(static_cast<Int128>(-7)) == "decimal -7");
    CHECK(described(~static_cast<curtail::detail::UnsignedInt128>(0)) ==
          "decimal 340282366920938463463374607431768211455");
    CHECK(described(std::optional<Int128>()) == "null");
}
#endif

TEST_CASE("a char is a letter, signed and unsigned char are numbers") {
    CHECK(described('x') == "text x");
    CHECK(described('\0') == std::string("text \0", 6));
    CHECK(described(u8'x') == "text x");
    CHECK(described(static_cast<signed char>('x')) == "int64 120");
    CHECK(described(static_cast<unsigned char>('x')) == "uint64 120");
    CHECK(described(std::byte{7}) == "uint64 7");
}

TEST_CASE("bool, float and double keep their type") {
    CHECK(described(true) == "bool true");
    CHECK(described(false) == "bool false");
    CHECK(described(0.1F) == "float32 0.1");
    CHECK(described(0.1) == "float64 0.1");
    std::vector<bool> bits = {true, false};
    CHECK(described(bits[0]) == "bool true");
    CHECK(described(bits[1]) == "bool false");
}

TEST_CASE("text in every common type is text, embedded zero bytes included") {
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

TEST_CASE("an array of characters ends at its first zero, or where it ends") {
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

TEST_CASE("what holds nothing is null") {
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

TEST_CASE("what holds something is what it holds") {
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

TEST_CASE("a variant is the alternative it holds") {
    using Value = std::variant<std::monostate, int, double, std::string, std::optional<bool>>;
    CHECK(described(Value()) == "null");
    CHECK(described(Value(1)) == "int64 1");
    CHECK(described(Value(1.0)) == "float64 1.0");
    CHECK(described(Value(std::string("a"))) == "text a");
    CHECK(described(Value(std::optional<bool>())) == "null");
    CHECK(described(Value(std::optional<bool>(true))) == "bool true");
}

TEST_CASE("a Cell is the form it holds") {
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

TEST_CASE("an enum is its number unless cell_traits gives it a name") {
    CHECK(described(Level::high) == "uint64 7");
    CHECK(described(plain_one) == "uint64 1");
    CHECK(described(Colour::green) == "text green");
}

TEST_CASE("cell_traits answers by value or by reference, also behind optional and pointers") {
    CHECK(described(Money{1250}) == "float64 12.5");
    CHECK(described(Tag{"a"}) == "text a");
    CHECK(described(std::optional<Money>(Money{50})) == "float64 0.5");
    CHECK(described(std::optional<Money>()) == "null");
    const Tag tag{"b"};
    CHECK(described(&tag) == "text b");
    CHECK(described(std::variant<int, Tag>(Tag{"c"})) == "text c");
}

TEST_CASE("std::chrono keeps its unit") {
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

TEST_CASE("a duration that counts fractions of a second keeps them") {
    CHECK(described(std::chrono::duration<double>(1.5)) == "duration 1500000000ns");
    CHECK(described(std::chrono::duration<float, std::milli>(0.25F)) == "duration 250000ns");
}

TEST_CASE("an optional variant is a cell like the variant itself") {
    CHECK(curtail::CellLike<std::optional<std::variant<int, std::string>>>);
    CHECK(curtail::CellLike<std::optional<curtail::Cell>>);
}
