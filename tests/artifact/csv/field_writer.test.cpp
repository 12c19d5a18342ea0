// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/field_writer.hpp>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using namespace std::string_literals;

template <class T>
std::string field(const T& value, const curtail::CsvDialect& dialect) {
    curtail::detail::CsvFieldWriter writer(dialect);
    const auto write = [&](auto& text) {
        curtail::visit_cell(value, [&](const auto& plain) { writer.write(text, plain); });
    };
    return text_of(write, 64);
}

template <class T>
std::string field(const T& value, char separator = ',') {
    return field(value, curtail::CsvDialect{.separator = separator});
}

// Returns the text of a field with or without quotes by the rules of RFC 4180, or "?" if the field breaks them.
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

}  // namespace

TEST_CASE("CsvFieldWriter: text is quoted where it must be and nowhere else", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: characters beyond ASCII and invalid UTF-8 are not special", "[artifact]") {
    for (const std::string& text :
         {"\xC3\xA9"s, "\xF0\x9F\x98\x80"s, "\xE2\x80\xA8"s, "\xC2\x85"s, "\xFF\xFE"s, "\xA2\x8A"s}) {
        CHECK(field(text) == text);
    }
    CHECK(field("\xEF\xBB\xBF"s
                "a") ==
          "\xEF\xBB\xBF"
          "a");
}

TEST_CASE("CsvFieldWriter: the empty text is two quotes and a null is nothing", "[artifact]") {
    CHECK(field(""s) == "\"\"");
    CHECK(field(std::optional<std::string>("")) == "\"\"");
    CHECK(field(std::optional<std::string>()).empty());
    CHECK(field(curtail::Null{}).empty());
    CHECK(field(std::optional<bool>()).empty());
    CHECK(field(static_cast<const char*>(nullptr)).empty());
}

TEST_CASE("CsvFieldWriter: another separator is special, and the comma is not", "[artifact]") {
    CHECK(field("a;b"s, ';') == "\"a;b\"");
    CHECK(field("a,b"s, ';') == "a,b");
    CHECK(field("a,b"s, '\t') == "a,b");
    CHECK(field("a\tb"s, '\t') == "\"a\tb\"");
}

TEST_CASE("CsvFieldWriter: a special character is found at every place of a text", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: a text of n quotes has 2n + 2 bytes", "[artifact]") {
    for (std::size_t n = 1; n < 300; ++n) REQUIRE(field(std::string(n, '"')) == std::string(2 * n + 2, '"'));
}

TEST_CASE("CsvFieldWriter: random text reads back", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: floating-point numbers are written as Python writes them", "[artifact]") {
    // F54 to F79 are tested in full with number_text; here, only that a cell is written by it.
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

TEST_CASE("CsvFieldWriter: a NaN of any sign and payload is NaN, infinities are inf and -inf", "[artifact]") {
    CHECK(field(std::numeric_limits<double>::quiet_NaN()) == "NaN");
    CHECK(field(std::copysign(std::numeric_limits<double>::quiet_NaN(), -1.0)) == "NaN");
    CHECK(field(std::nan("12345")) == "NaN");
    CHECK(field(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(field(-std::numeric_limits<double>::infinity()) == "-inf");
    CHECK(field(std::numeric_limits<float>::quiet_NaN()) == "NaN");
    CHECK(field(std::numeric_limits<float>::infinity()) == "inf");
    CHECK(field(-std::numeric_limits<float>::infinity()) == "-inf");
}

TEST_CASE("CsvFieldWriter: integers are exact, 8-bit ones are numbers, bool is a word, char is a letter",
          "[artifact]") {
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
}

TEST_CASE("CsvFieldWriter: decimals keep their digits and scale", "[artifact]") {
    CHECK(field(curtail::Decimal{"-0.01"}) == "-0.01");
    CHECK(field(curtail::Decimal{"1.10"}) == "1.10");
    CHECK(field(curtail::Decimal{"99999999999999999999999999999999999999"}) ==
          "99999999999999999999999999999999999999");
}

TEST_CASE("CsvFieldWriter: dates and times are written by their unit", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: nested values are JSON in quotes, bytes are hexadecimal, paths are text", "[artifact]") {
    CHECK(field(curtail::Nested{"[1, 2]"}) == "\"[1, 2]\"");
    CHECK(field(curtail::Nested{"{\"k\":1}"}) == "\"{\"\"k\"\":1}\"");
    CHECK(field(curtail::Bytes{std::string_view("\x00\xFF", 2)}) == "\\x00ff");
    CHECK(field(std::filesystem::path("/a,b")) == "\"/a,b\"");
}

TEST_CASE("CsvFieldWriter: a variant or a pointer is written as what it holds", "[artifact]") {
    CHECK(field(std::variant<int, std::string>("a,b")) == "\"a,b\"");
    CHECK(field(std::variant<int, std::string>(7)) == "7");
    CHECK(field(std::make_unique<double>(0.5)) == "0.5");
    CHECK(field(std::shared_ptr<int>()).empty());
    CHECK(field(curtail::Cell(0.5F)) == "0.5");
}

TEST_CASE("CsvFieldWriter: no accepted separator splits a cell of any kind", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: another quote is doubled", "[artifact]") {
    // Cases Q26 and S42.
    const curtail::CsvDialect stars{.quote = '*'};
    CHECK(field(""s, stars) == "**");
    CHECK(field("0*0"s, stars) == "*0**0*");
    CHECK(field("xyz"s, stars) == "xyz");
    CHECK(field("a\"b"s, stars) == "a\"b");
    CHECK(field("a,b"s, stars) == "*a,b*");
}

TEST_CASE("CsvFieldWriter: QuoteStyle::all quotes every cell but nulls", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: QuoteStyle::non_numeric quotes all but numbers and nulls", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: a null is its token, and text of that spelling is quoted", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: writes the dialect's words for booleans and NaN", "[artifact]") {
    const curtail::CsvDialect dialect{.true_text = "1", .false_text = "0", .nan_text = "nan"};
    CHECK(field(true, dialect) == "1");
    CHECK(field(false, dialect) == "0");
    CHECK(field(std::nan(""), dialect) == "nan");
    CHECK(field(std::numeric_limits<double>::infinity(), dialect) == "inf");
    CHECK(field(-std::numeric_limits<double>::infinity(), dialect) == "-inf");
}

TEST_CASE("CsvFieldWriter: fixed digits are rounded to the nearest", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: fixed digits are those of printf", "[artifact]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 10'000; ++round) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        const int precision = static_cast<int>(random() % 101);
        char printed[600];
        std::snprintf(printed, sizeof printed, "%.*f", precision, value);
        REQUIRE(field(value, {.float_precision = precision}) == printed);
    }
}

TEST_CASE("CsvFieldWriter: decimals with a comma are quoted where the comma separates", "[artifact]") {
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

TEST_CASE("CsvFieldWriter: the guard puts an apostrophe before formulas and apostrophes, in texts only", "[artifact]") {
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

TEST_CASE(
    "CsvFieldWriter: a byte order mark is quoted where the file begins, and a blank text where it is its row's only "
    "field",
    "[artifact]") {
    const auto at = [](bool file_begins, bool sole, std::string_view text) {
        curtail::detail::CsvFieldWriter writer({});
        writer.set_file_begins(file_begins);
        writer.set_sole(sole);
        return text_of([&](auto& out) { writer.write(out, text); });
    };
    CHECK(at(true, false, "\xEF\xBB\xBF") == "\"\xEF\xBB\xBF\"");
    CHECK(at(false, false, "\xEF\xBB\xBF") == "\xEF\xBB\xBF");
    CHECK(at(false, true, " \t") == "\" \t\"");
    CHECK(at(false, false, " \t") == " \t");
    CHECK(at(false, true, " x") == " x");
}

TEST_CASE("CsvFieldWriter: the pandas preset writes nothing for null, NaN and the empty text", "[artifact]") {
    const curtail::CsvDialect pandas = curtail::CsvDialect::pandas();
    CHECK(field(""s, pandas).empty());
    CHECK(field(curtail::Null{}, pandas).empty());
    CHECK(field(std::nan(""), pandas).empty());
    CHECK(field(std::numeric_limits<double>::infinity(), pandas) == "inf");
    CHECK(field(true, pandas) == "True");
    CHECK(field(1e-5, pandas) == "1e-05");
    CHECK(field("a\nb"s, pandas) == "\"a\nb\"");
}

TEST_CASE("CsvFieldWriter: a cell of a text input keeps its spelling in every dialect") {
    using curtail::CsvDialect;
    using curtail::Verbatim;
    using Meaning = curtail::Verbatim::Meaning;
    const std::vector<CsvDialect> dialects = {
        {},
        CsvDialect::pandas(),
        CsvDialect::excel(),
        {.separator = ';', .decimal_comma = true},
        {.null_text = "-"},
        {.true_text = "yes", .false_text = "no", .nan_text = "nothing"},
        {.float_precision = 2},
    };
    for (const CsvDialect& dialect : dialects) {
        for (const auto* text : {"+1234567891", "0.50", ".5", "1E5", " 1", "-0", "inf", "-5"}) {
            CHECK(field(Verbatim{text, Meaning::number}, dialect) == text);
        }
        for (const auto* text : {"true", "FALSE", " True"})
            CHECK(field(Verbatim{text, Meaning::boolean}, dialect) == text);
        for (const auto* text : {"NA", "<NA>", " "}) CHECK(field(Verbatim{text, Meaning::null}, dialect) == text);
        CHECK(field(Verbatim{"NA", Meaning::text}, dialect) == "\"NA\"");
    }
}

TEST_CASE("CsvFieldWriter: quotes a cell of a text input as others of its meaning, or where it could be misread") {
    using curtail::CsvDialect;
    using curtail::QuoteStyle;
    using curtail::Verbatim;
    using Meaning = curtail::Verbatim::Meaning;
    const CsvDialect all = {.quote_style = QuoteStyle::all};
    CHECK(field(Verbatim{"1", Meaning::number}, all) == "\"1\"");
    CHECK(field(Verbatim{"NA", Meaning::null}, all) == "NA");
    CHECK(field(Verbatim{"true", Meaning::boolean}, all) == "\"true\"");
    const CsvDialect words = {.quote_style = QuoteStyle::non_numeric};
    CHECK(field(Verbatim{"1", Meaning::number}, words) == "1");
    CHECK(field(Verbatim{"NA", Meaning::null}, words) == "NA");
    CHECK(field(Verbatim{"true", Meaning::boolean}, words) == "\"true\"");
    CHECK(field(Verbatim{"n,a", Meaning::null}) == "\"n,a\"");
    CHECK(field(Verbatim{".5", Meaning::number}, {.null_text = ".5"}) == "\".5\"");
    CHECK(field(Verbatim{"=1+1", Meaning::text}, CsvDialect::excel()) == "\"'=1+1\"");
}
