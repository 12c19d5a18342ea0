// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_field.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using namespace std::string_literals;

template <class T>
std::string field(const T& value, char separator = ',') {
    MemoryOutput output;
    curtail::TextBuffer buffer(output, 64);
    curtail::CsvFieldWriter<MemoryOutput>(buffer, {.separator = separator}).write(value);
    buffer.drain();
    return output.kept->bytes;
}

std::uint64_t seed_of_run() {
    const char* given = std::getenv("CURTAIL_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : 20261122;
}

// The text of a quoted or bare field, read by the rules of RFC 4180; "?" when the field breaks them.
std::string unquoted(std::string_view text) {
    if (text.empty() || text[0] != '"') {
        return text.find_first_of(",\"\r\n") == std::string_view::npos ? std::string(text) : "?";
    }
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] != '"') {
            out += text[i];
        } else if (i + 1 == text.size()) {
            return out;
        } else if (text[++i] == '"') {
            out += '"';
        } else {
            return "?";
        }
    }
    return "?";
}

enum class Level : std::uint8_t { low = 3 };

}  // namespace

TEST_CASE("text is quoted where it must be and nowhere else") {
    // Cases Q1 to Q25 of the acceptance list.
    CHECK(field("x"s) == "x");
    CHECK(field("a,b"s) == "\"a,b\"");
    CHECK(field("a\"b"s) == "\"a\"\"b\"");
    CHECK(field("\""s) == "\"\"\"\"");
    CHECK(field("\"\""s) == "\"\"\"\"\"\"");
    CHECK(field("\"bb\""s) == "\"\"\"bb\"\"\"");
    CHECK(field("a\nb"s) == "\"a\nb\"");
    CHECK(field("a\r\nb"s) == "\"a\r\nb\"");
    CHECK(field("a\rb"s) == "\"a\rb\"");
    CHECK(field("\n"s) == "\"\n\"");
    CHECK(field(","s) == "\",\"");
    CHECK(field(" x "s) == " x ");
    CHECK(field("\t"s) == "\t");
    CHECK(field("a\\b"s) == "a\\b");
    CHECK(field("'"s) == "'");
    CHECK(field("a\0b"s) == "a\0b"s);
    CHECK(field("#x"s) == "#x");
    CHECK(field(" #x"s) == " #x");
    CHECK(field("{\"type\": \"Point\", \"coordinates\": [102.0, 0.5]}"s) ==
          "\"{\"\"type\"\": \"\"Point\"\", \"\"coordinates\"\": [102.0, 0.5]}\"");
    CHECK(field("ha \"ha\" ha"s) == "\"ha \"\"ha\"\" ha\"");
    CHECK(field("ha \n\"ha\" \nha"s) == "\"ha \n\"\"ha\"\" \nha\"");
    CHECK(field("Once upon \na time"s) == "\"Once upon \na time\"");
    CHECK(field("how\nare\n\"you\"?"s) == "\"how\nare\n\"\"you\"\"?\"");
}

TEST_CASE("characters beyond ASCII are not special, nor are bytes that are no UTF-8") {
    for (const std::string& text :
         {"\xC3\xA9"s, "\xF0\x9F\x98\x80"s, "\xE2\x80\xA8"s, "\xC2\x85"s, "\xFF\xFE"s, "\xA2\x8A"s}) {
        CHECK(field(text) == text);
    }
    CHECK(field("\xEF\xBB\xBF"s
                "a") ==
          "\xEF\xBB\xBF"
          "a");
}

TEST_CASE("the empty text is two quotes and a null is nothing") {
    CHECK(field(""s) == "\"\"");
    CHECK(field(std::optional<std::string>("")) == "\"\"");
    CHECK(field(std::optional<std::string>()).empty());
    CHECK(field(curtail::Null{}).empty());
    CHECK(field(std::optional<bool>()).empty());
    CHECK(field(static_cast<const char*>(nullptr)).empty());
}

TEST_CASE("with another separator that one is special and the comma is not") {
    CHECK(field("a;b"s, ';') == "\"a;b\"");
    CHECK(field("a,b"s, ';') == "a,b");
    CHECK(field("a,b"s, '\t') == "a,b");
    CHECK(field("a\tb"s, '\t') == "\"a\tb\"");
}

TEST_CASE("a special character is found at every place of a text") {
    for (std::size_t length = 1; length <= 65; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            for (const char special : {',', '"', '\n', '\r'}) {
                std::string text(length, 'x');
                text[at] = special;
                const std::string written = field(text);
                REQUIRE(written.front() == '"');
                REQUIRE(unquoted(written) == text);
            }
        }
    }
}

TEST_CASE("a text of n quotes has 2n + 2 bytes") {
    for (std::size_t n = 1; n < 300; ++n) REQUIRE(field(std::string(n, '"')) == std::string(2 * n + 2, '"'));
}

TEST_CASE("random text reads back") {
    const std::uint64_t seed = seed_of_run();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    constexpr std::string_view alphabet("ab,\"\r\n \t\0'\\;\xC3\xA9", 14);
    for (int round = 0; round < 20000; ++round) {
        std::string text(random() % 80, '\0');
        for (char& c : text) c = alphabet[random() % alphabet.size()];
        REQUIRE(unquoted(field(text)) == text);
    }
}

TEST_CASE("floating-point numbers are written as Python writes them") {
    // F54 to F79 in full are number_text's; here that a cell goes through it, and what is no number.
    CHECK(field(1.0) == "1.0");
    CHECK(field(0.1) == "0.1");
    CHECK(field(2.0 / 3.0) == "0.6666666666666666");
    CHECK(field(1e15) == "1000000000000000.0");
    CHECK(field(1e16) == "1e+16");
    CHECK(field(1e-5) == "1e-05");
    CHECK(field(5e-324) == "5e-324");
    CHECK(field(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
    CHECK(field(-0.0) == "-0.0");
    CHECK(field(0.1F) == "0.1");
    CHECK(field(16777217.0F) == "16777216.0");
    CHECK(field(1e10F) == "10000000000.0");
    CHECK(field(123456.789F) == "123456.79");
}

TEST_CASE("NaN of any sign and payload is NaN, infinities are inf and -inf") {
    CHECK(field(std::numeric_limits<double>::quiet_NaN()) == "NaN");
    CHECK(field(std::copysign(std::numeric_limits<double>::quiet_NaN(), -1.0)) == "NaN");
    CHECK(field(std::nan("12345")) == "NaN");
    CHECK(field(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(field(-std::numeric_limits<double>::infinity()) == "-inf");
    CHECK(field(std::numeric_limits<float>::quiet_NaN()) == "NaN");
    CHECK(field(std::numeric_limits<float>::infinity()) == "inf");
    CHECK(field(-std::numeric_limits<float>::infinity()) == "-inf");
}

TEST_CASE("integers are exact, 8-bit ones are numbers, bool is a word, char is a letter") {
    CHECK(field(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(field(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    CHECK(field(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(field(std::int8_t{-128}) == "-128");
    CHECK(field(std::uint8_t{255}) == "255");
    for (const int edge : {99, 100, 9999, 10000, 99999999, 100000000}) CHECK(field(edge) == std::to_string(edge));
    CHECK(field(true) == "True");
    CHECK(field(false) == "False");
    CHECK(field('x') == "x");
    CHECK(field('"') == "\"\"\"\"");
    CHECK(field(',') == "\",\"");
    CHECK(field(Level::low) == "3");
}

TEST_CASE("decimals keep their digits and scale") {
    CHECK(field(curtail::Decimal{"-0.01"}) == "-0.01");
    CHECK(field(curtail::Decimal{"1.10"}) == "1.10");
    CHECK(field(curtail::Decimal{"99999999999999999999999999999999999999"}) ==
          "99999999999999999999999999999999999999");
}

TEST_CASE("dates and times are written by their unit") {
    // Cases T91 to T96.
    using namespace std::chrono;
    CHECK(field(curtail::Date{-1}) == "1969-12-31");
    CHECK(field(year(2000) / 2 / 29) == "2000-02-29");
    CHECK(field(sys_seconds(seconds(1078016523))) == "2004-02-29 01:02:03");
    CHECK(field(sys_time<milliseconds>(milliseconds(1078016523000))) == "2004-02-29 01:02:03.000");
    CHECK(field(sys_time<microseconds>(microseconds(-1))) == "1969-12-31 23:59:59.999999");
    CHECK(field(sys_time<nanoseconds>(nanoseconds(-1))) == "1969-12-31 23:59:59.999999999");
    CHECK(field(curtail::Timestamp{0, curtail::TimeUnit::second, "UTC"}) == "1970-01-01 00:00:00+00:00");
    CHECK(field(curtail::TimeOfDay{3723, curtail::TimeUnit::second}) == "01:02:03");
    CHECK(field(nanoseconds(1)) == "0 days 00:00:00.000000001");
}

TEST_CASE("nested values are JSON in quotes, bytes are hexadecimal, paths are text") {
    CHECK(field(curtail::Nested{"[1, 2]"}) == "\"[1, 2]\"");
    CHECK(field(curtail::Nested{"{\"k\":1}"}) == "\"{\"\"k\"\":1}\"");
    CHECK(field(curtail::Bytes{std::string_view("\x00\xFF", 2)}) == "\\x00ff");
    CHECK(field(std::filesystem::path("/a,b")) == "\"/a,b\"");
}

TEST_CASE("a variant or a pointer is written as what it holds") {
    CHECK(field(std::variant<int, std::string>("a,b")) == "\"a,b\"");
    CHECK(field(std::variant<int, std::string>(7)) == "7");
    CHECK(field(std::make_unique<double>(0.5)) == "0.5");
    CHECK(field(std::shared_ptr<int>()).empty());
    CHECK(field(curtail::Cell(0.5F)) == "0.5");
}

TEST_CASE("no cell of any kind is torn apart by a separator that the dialect accepts") {
    using curtail::Cell;
    using curtail::TimeUnit;
    const Cell cells[] = {true,
                          std::int64_t{-5},
                          std::uint64_t{5},
                          1.5e-7F,
                          -1.5e+300,
                          std::numeric_limits<double>::quiet_NaN(),
                          -std::numeric_limits<double>::infinity(),
                          curtail::Decimal{"-1.5"},
                          std::string_view("every\tkind; of|separator:in/one #text"),
                          curtail::Bytes{"ab"},
                          curtail::Timestamp{-1, TimeUnit::millisecond, "UTC"},
                          curtail::Date{0},
                          curtail::TimeOfDay{1, TimeUnit::microsecond},
                          curtail::Duration{-1, TimeUnit::nanosecond},
                          curtail::Nested{"{\"a\": [1, 2]}"}};
    std::string torn;
    for (int code = 1; code < 128; ++code) {
        const char separator = static_cast<char>(code);
        try {
            curtail::check_dialect({.separator = separator});
        } catch (const curtail::UsageError&) {
            continue;
        }
        for (const Cell& cell : cells) {
            const std::string text = field(cell, separator);
            if (text.find(separator) != std::string::npos && text.front() != '"') torn += text + '\n';
        }
    }
    CHECK(torn.empty());
}
