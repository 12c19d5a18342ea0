// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/field_writer.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include <curtail/artifact/file/text_buffer.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using namespace std::string_literals;

template <class T>
std::string field(const T& value, const curtail::CsvDialect& dialect) {
    MemoryOutput output;
    curtail::detail::TextBuffer buffer(output, 64);
    curtail::detail::CsvFieldWriter(dialect).write(buffer, value);
    buffer.drain();
    return output.kept->bytes;
}

template <class T>
std::string field(const T& value, char separator = ',') {
    return field(value, curtail::CsvDialect{.separator = separator});
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
    const std::uint64_t seed = test_seed();
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

TEST_CASE("another quote is doubled in its stead") {
    // Cases Q26 and S42.
    const curtail::CsvDialect stars{.quote = '*'};
    CHECK(field(""s, stars) == "**");
    CHECK(field("0*0"s, stars) == "*0**0*");
    CHECK(field("xyz"s, stars) == "xyz");
    CHECK(field("a\"b"s, stars) == "a\"b");
    CHECK(field("a,b"s, stars) == "*a,b*");
}

TEST_CASE("CR and LF are quoted with any line end, and so is what begins it") {
    // Case Q30.
    for (const char* line_end : {"\n", "\r\n", "\r", "_EOL_"}) {
        const curtail::CsvDialect dialect{.line_end = line_end};
        CHECK(field("\r"s, dialect) == "\"\r\"");
        CHECK(field("\n"s, dialect) == "\"\n\"");
        CHECK(field("x"s, dialect) == "x");
    }
    CHECK(field("a_b"s, {.line_end = "_EOL_"}) == "\"a_b\"");
    CHECK(field("EOL"s, {.line_end = "_EOL_"}) == "EOL");
    CHECK(field("a_b"s, curtail::CsvDialect{}) == "a_b");
}

TEST_CASE("QuoteStyle::all quotes every cell but nulls") {
    // Cases S34, S36 and S37.
    using curtail::QuoteStyle;
    const curtail::CsvDialect all{.quote_style = QuoteStyle::all};
    CHECK(field("a"s, all) == "\"a\"");
    CHECK(field(1, all) == "\"1\"");
    CHECK(field(std::uint64_t{7}, all) == "\"7\"");
    CHECK(field("p,q"s, all) == "\"p,q\"");
    CHECK(field(""s, all) == "\"\"");
    CHECK(field(curtail::Null{}, all).empty());
    CHECK(field(0.5, all) == "\"0.5\"");
    CHECK(field(0.5F, all) == "\"0.5\"");
    CHECK(field(std::nan(""), all) == "\"NaN\"");
    CHECK(field(-std::numeric_limits<float>::infinity(), all) == "\"-inf\"");
    CHECK(field(true, all) == "\"True\"");
    CHECK(field(curtail::Decimal{"1.10"}, all) == "\"1.10\"");
    CHECK(field(curtail::Bytes{"J"}, all) == "\"\\x4a\"");
    CHECK(field(curtail::Timestamp{0, curtail::TimeUnit::second, "UTC"}, all) == "\"1970-01-01 00:00:00+00:00\"");
    CHECK(field(curtail::Date{0}, all) == "\"1970-01-01\"");
    CHECK(field(curtail::TimeOfDay{0, curtail::TimeUnit::second}, all) == "\"00:00:00\"");
    CHECK(field(curtail::Duration{1, curtail::TimeUnit::second}, all) == "\"0 days 00:00:01\"");
    CHECK(field(curtail::Nested{"[1]"}, all) == "\"[1]\"");
    CHECK(field(curtail::Null{}, {.quote_style = QuoteStyle::all, .null_text = "NA"}) == "NA");
    CHECK(field("NA"s, {.quote_style = QuoteStyle::all, .null_text = "NA"}) == "\"NA\"");
    CHECK(field(std::nan(""), {.quote_style = QuoteStyle::all, .nulls_apart = false, .nan_text = ""}).empty());
}

TEST_CASE("QuoteStyle::non_numeric quotes all but numbers and nulls") {
    // Case S35.
    const curtail::CsvDialect dialect{.quote_style = curtail::QuoteStyle::non_numeric};
    CHECK(field("a"s, dialect) == "\"a\"");
    CHECK(field(1, dialect) == "1");
    CHECK(field(-0.5, dialect) == "-0.5");
    CHECK(field(std::nan(""), dialect) == "NaN");
    CHECK(field(curtail::Decimal{"1.10"}, dialect) == "1.10");
    CHECK(field(curtail::Null{}, dialect).empty());
    CHECK(field(true, dialect) == "\"True\"");
    CHECK(field(curtail::Date{0}, dialect) == "\"1970-01-01\"");
    CHECK(field(curtail::Nested{"[1]"}, dialect) == "\"[1]\"");
    CHECK(field(curtail::Bytes{"J"}, dialect) == "\"\\x4a\"");
}

TEST_CASE("QuoteStyle::none refuses what it cannot write") {
    // Case S39.
    const curtail::CsvDialect none{.quote_style = curtail::QuoteStyle::none};
    for (const char* text : {"c,d", "a\"sdf", "foo\r", "hi\nbye", ""}) {
        INFO("text " << text);
        CHECK_THROWS_AS(field(std::string(text), none), curtail::detail::NeedsQuotes);
    }
    CHECK_THROWS_AS(field(curtail::Nested{"[1,2]"}, none), curtail::detail::NeedsQuotes);
    CHECK(field("x y"s, none) == "x y");
    CHECK(field(true, none) == "True");
    CHECK(field(curtail::Nested{"[1]"}, none) == "[1]");
    CHECK(field(""s, {.quote_style = curtail::QuoteStyle::none, .nulls_apart = false}).empty());
}

TEST_CASE("with an escape but no quotes every text can be written that is no null") {
    // Case S40.
    const curtail::CsvDialect escaped{.escape = '\\', .quote_style = curtail::QuoteStyle::none};
    CHECK(field("p,q"s, escaped) == "p\\,q");
    CHECK(field("\\"s, escaped) == "\\\\");
    CHECK(field("a\"b"s, escaped) == "a\\\"b");
    CHECK(field("hi\nbye\r"s, escaped) == "hi\\\nbye\\\r");
    CHECK(field(curtail::Nested{"[1,2]"}, escaped) == "[1\\,2]");
    CHECK(field(curtail::Bytes{"J"}, escaped) == "\\\\x4a");
    CHECK(field(0.5, escaped) == "0.5");
    CHECK_THROWS_AS(field(""s, escaped), curtail::detail::NeedsQuotes);
    const curtail::CsvDialect comma{.escape = '\\', .quote_style = curtail::QuoteStyle::none, .decimal_comma = true};
    CHECK(field(0.5, comma) == "0\\,5");

    // PostgreSQL's COPY, MySQL's LOAD DATA.
    const curtail::CsvDialect copy{
        .separator = '\t', .escape = '\\', .quote_style = curtail::QuoteStyle::none, .null_text = "\\N"};
    CHECK(field(curtail::Null{}, copy) == "\\N");
    CHECK(field("\\N"s, copy) == "\\\\N");
    CHECK(field("N"s, copy) == "N");
    CHECK(field(""s, copy).empty());
    CHECK(field("a\tb,c"s, copy) == "a\\\tb,c");
    const curtail::CsvDialect word{.escape = '\\', .quote_style = curtail::QuoteStyle::none, .null_text = "NA"};
    CHECK_THROWS_AS(field("NA"s, word), curtail::detail::NeedsQuotes);
    CHECK(field("NA,"s, word) == "NA\\,");

    const curtail::CsvDialect guarded{
        .escape = '\'', .quote_style = curtail::QuoteStyle::none, .formula_guard = curtail::FormulaGuard::apostrophe};
    CHECK(field("=a,b"s, guarded) == "''=a',b");
}

TEST_CASE("with an escape and quotes, what holds either is quoted and escaped") {
    // Case S41.
    const curtail::CsvDialect escaped{.double_quote = false, .escape = '\\'};
    CHECK(field("a\"a"s, escaped) == R"("a\"a")");
    CHECK(field("a\\a"s, escaped) == R"("a\\a")");
    CHECK(field("a,a"s, escaped) == R"("a,a")");
    CHECK(field("a"s, escaped) == "a");
    CHECK(field(curtail::Bytes{"J"}, escaped) == R"("\\x4a")");
    CHECK(field("a\"\\"s, {.escape = '\\'}) == R"("a""\\")");
    CHECK(field("\\N"s, {.escape = '\\', .null_text = "\\N"}) == R"("\\N")");
}

TEST_CASE("a null is its token, and text of that spelling is quoted") {
    // Cases N44, N52 and N53.
    const curtail::CsvDialect na{.null_text = "NA"};
    CHECK(field("NA"s, na) == "\"NA\"");
    CHECK(field(curtail::Null{}, na) == "NA");
    CHECK(field("\"NA\""s, na) == "\"\"\"NA\"\"\"");
    CHECK(field("NAN"s, na) == "NAN");
    CHECK(field("N"s, na) == "N");
    CHECK(field(""s, na) == "\"\"");
    CHECK(field(curtail::Nested{"null"}, {.null_text = "null"}) == "\"null\"");
    CHECK(field(std::optional<std::int64_t>(), {.null_text = "mynull"}) == "mynull");
    CHECK(field(std::optional<bool>(), {.null_text = "a null of many words"}) == "a null of many words");
    CHECK(field("NA"s, {.null_text = "NA", .nulls_apart = false}) == "NA");
    CHECK(field(""s, {.null_text = "NA", .nulls_apart = false}).empty());
}

TEST_CASE("words are options") {
    const curtail::CsvDialect dialect{.true_text = "1", .false_text = "0", .nan_text = "nan", .infinity_text = "INF"};
    CHECK(field(true, dialect) == "1");
    CHECK(field(false, dialect) == "0");
    CHECK(field(std::nan(""), dialect) == "nan");
    CHECK(field(std::numeric_limits<double>::infinity(), dialect) == "INF");
    CHECK(field(-std::numeric_limits<double>::infinity(), dialect) == "-INF");
}

TEST_CASE("fixed digits are rounded to the nearest") {
    // Case F80.
    const curtail::CsvDialect two{.float_precision = 2};
    CHECK(field(3.33, two) == "3.33");
    CHECK(field(1.0, two) == "1.00");
    CHECK(field(1.005, two) == "1.00");  // the nearest double lies below
    CHECK(field(-0.001, two) == "-0.00");
    CHECK(field(0.1F, two) == "0.10");
    CHECK(field(1e22, two) == "10000000000000000000000.00");
    CHECK(field(curtail::Decimal{"1.2345"}, two) == "1.2345");
    CHECK(field(7, two) == "7");
    CHECK(field(std::nan(""), two) == "NaN");
    CHECK(field(2.2, {.float_precision = 0}) == "2");
    CHECK(field(0.1, {.float_precision = 20}) == "0.10000000000000000555");
    const std::string longest = field(-std::numeric_limits<double>::max(), {.float_precision = 100});
    CHECK(longest.size() == 1 + 309 + 1 + 100);
    CHECK(std::stod(longest) == -std::numeric_limits<double>::max());
}

TEST_CASE("floating-point numbers always have an exponent in the scientific styles, other numbers never") {
    // Case F81.
    const curtail::CsvDialect brief{.float_style = curtail::FloatStyle::short_scientific};
    CHECK(field(3141.592653589793, brief) == "3.141592653589793e3");
    CHECK(field(0.1F, brief) == "1e-1");
    CHECK(field(7, brief) == "7");
    CHECK(field(curtail::Decimal{"1.10"}, brief) == "1.10");
    CHECK(field(std::nan(""), brief) == "NaN");
    CHECK(field(-std::numeric_limits<double>::infinity(), brief) == "-inf");
    const curtail::CsvDialect long_form{.float_style = curtail::FloatStyle::scientific};
    CHECK(field(3141.592653589793, long_form) == "3.141592653589793e+03");
    CHECK(field(1234.5, {.float_style = curtail::FloatStyle::scientific, .float_precision = 1}) == "1.2e+03");
    CHECK(field(1234.5, {.float_style = curtail::FloatStyle::short_scientific, .decimal_comma = true}) ==
          "\"1,2345e3\"");
    CHECK(field(1e5, {.quote_style = curtail::QuoteStyle::all, .float_style = curtail::FloatStyle::short_scientific}) ==
          "\"1e5\"");
}

TEST_CASE("decimals with a comma are quoted where the comma separates") {
    // Case F82.
    const curtail::CsvDialect comma{.decimal_comma = true};
    CHECK(field(123.75, comma) == "\"123,75\"");
    CHECK(field(60.0, comma) == "\"60,0\"");
    CHECK(field(9, comma) == "9");
    CHECK(field(curtail::Decimal{"-0.01"}, comma) == "\"-0,01\"");
    CHECK(field(1e16, comma) == "1e+16");
    CHECK(field(std::nan(""), comma) == "NaN");
    CHECK(field("1.5"s, comma) == "1.5");
    const curtail::CsvDialect semicolon{.separator = ';', .decimal_comma = true};
    CHECK(field(10.1, semicolon) == "10,1");
    CHECK(field(10.125F, {.separator = ';', .float_precision = 1, .decimal_comma = true}) == "10,1");
    CHECK(field(10.1, {.separator = ';', .quote_style = curtail::QuoteStyle::all, .decimal_comma = true}) ==
          "\"10,1\"");
}

TEST_CASE("the guard puts an apostrophe before formulas and apostrophes, in text alone") {
    // Cases G111 to G113.
    const curtail::CsvDialect guarded{.formula_guard = curtail::FormulaGuard::apostrophe};
    CHECK(field("=1+2\";=1+2"s, guarded) == "\"'=1+2\"\";=1+2\"");
    CHECK(field("-5"s, guarded) == "'-5");
    CHECK(field(-5, guarded) == "-5");
    CHECK(field(-5.5, guarded) == "-5.5");
    CHECK(field(curtail::Decimal{"-5.5"}, guarded) == "-5.5");
    CHECK(field(curtail::Duration{-1, curtail::TimeUnit::second}, guarded) == "-1 days +23:59:59");
    CHECK(field(-std::numeric_limits<double>::infinity(), guarded) == "-inf");
    CHECK(field("@x"s, guarded) == "'@x");
    CHECK(field("+x"s, guarded) == "'+x");
    CHECK(field("\tx"s, guarded) == "'\tx");
    CHECK(field("\rx"s, guarded) == "\"'\rx\"");
    CHECK(field("\nx"s, guarded) == "\"'\nx\"");
    CHECK(field("\0x"s, guarded) == "'\0x"s);
    CHECK(field("'x"s, guarded) == "''x");
    CHECK(field("x=1"s, guarded) == "x=1");
    CHECK(field(""s, guarded) == "\"\"");
    CHECK(field("=x"s, curtail::CsvDialect{}) == "=x");
    const curtail::CsvDialect odd{.quote = '\'', .null_text = "-", .formula_guard = curtail::FormulaGuard::apostrophe};
    CHECK(field("=1"s, odd) == "'''=1'");
    CHECK(field("-"s, odd) == "'''-'");
    CHECK(field(curtail::Null{}, odd) == "-");
}

TEST_CASE("a comment character is quoted where a row begins, and nowhere else") {
    // Cases Q18 and Q19.
    const auto at = [](curtail::detail::FieldPlace place, const std::string& text, const curtail::CsvDialect& dialect) {
        MemoryOutput output;
        curtail::detail::TextBuffer buffer(output, 64);
        curtail::detail::CsvFieldWriter writer(dialect);
        writer.set_place(place);
        writer.write(buffer, text);
        buffer.drain();
        return output.kept->bytes;
    };
    using curtail::detail::FieldPlace;
    const curtail::CsvDialect dialect{.comment = '#'};
    CHECK(at(FieldPlace::row_begin, "#x", dialect) == "\"#x\"");
    CHECK(at(FieldPlace::file_begin, "#x", dialect) == "\"#x\"");
    CHECK(at(FieldPlace::within_row, "#x", dialect) == "#x");
    CHECK(at(FieldPlace::row_begin, " #x", dialect) == " #x");
    CHECK(at(FieldPlace::row_begin, "#x", {}) == "#x");
    CHECK(at(FieldPlace::row_begin, "'x", {.comment = '\'', .formula_guard = curtail::FormulaGuard::apostrophe}) ==
          "\"''x\"");
    // Where there are no quotes an escape takes their place.
    const curtail::CsvDialect escaped{.escape = '\\', .quote_style = curtail::QuoteStyle::none, .comment = '#'};
    CHECK(at(FieldPlace::row_begin, "#x", escaped) == "\\#x");
    CHECK(at(FieldPlace::row_begin, "#x,", escaped) == "\\#x\\,");
    CHECK(at(FieldPlace::within_row, "#x", escaped) == "#x");
    CHECK(at(FieldPlace::file_begin, "\xEF\xBB\xBF", escaped) == "\\\xEF\xBB\xBF");
}

TEST_CASE("the pandas preset leaves null, NaN and the empty text alike") {
    const curtail::CsvDialect pandas = curtail::CsvDialect::pandas();
    CHECK(field(""s, pandas).empty());
    CHECK(field(curtail::Null{}, pandas).empty());
    CHECK(field(std::nan(""), pandas).empty());
    CHECK(field(std::numeric_limits<double>::infinity(), pandas) == "inf");
    CHECK(field(true, pandas) == "True");
    CHECK(field(1e-5, pandas) == "1e-05");
    CHECK(field("a\nb"s, pandas) == "\"a\nb\"");
}
