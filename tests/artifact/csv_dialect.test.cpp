// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_dialect.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

bool refused(const curtail::CsvDialect& dialect) {
    try {
        curtail::check_dialect(dialect);
        return false;
    } catch (const curtail::UsageError& error) {
        return error.code() == curtail::ErrorCode::invalid_option;
    }
}

bool separator_refused(char separator) {
    return refused({.separator = separator});
}

}  // namespace

TEST_CASE("the default is comma, LF and a header") {
    const curtail::CsvDialect dialect;
    CHECK(dialect.separator == ',');
    CHECK(dialect.line_end == "\n");
    CHECK(dialect.header);
    CHECK_FALSE(refused(dialect));
}

TEST_CASE("the usual separators are accepted") {
    for (const char separator : {',', ';', '\t', '|'}) {
        INFO("separator " << static_cast<int>(separator));
        CHECK_FALSE(separator_refused(separator));
    }
}

TEST_CASE("a separator that is a quote, a line break, zero, a letter, a digit or no ASCII is refused") {
    for (const char separator : {'"', '\n', '\r', '\0', 'a', 'Z', '0', '9', '\x80', '\xFF'}) {
        INFO("separator " << static_cast<int>(separator));
        CHECK(separator_refused(separator));
    }
}

TEST_CASE("a separator that is part of a number is refused") {
    for (const char separator : {'+', '-', '.'}) {
        INFO("separator " << separator);
        CHECK(separator_refused(separator));
    }
}

TEST_CASE("the quote and the comment character obey the separator's rule, and all three differ") {
    // Case S42: a quote that occurs in numbers would tear them apart.
    for (const char mark : {'\n', '\r', '\0', 'a', 'Z', '0', '8', '\x80', '+', '-', '.', ':', ' '}) {
        INFO("mark " << static_cast<int>(mark));
        CHECK(refused({.quote = mark}));
        if (mark != '\0') CHECK(refused({.comment = mark}));
    }
    for (const char mark : {'\'', '*', '$', '\t', '|', '#', '%', ';'}) {
        INFO("mark " << mark);
        CHECK_FALSE(refused({.quote = mark}));
        CHECK_FALSE(refused({.comment = mark}));
        CHECK(refused({.separator = mark, .quote = mark}));
        CHECK(refused({.separator = mark, .comment = mark}));
        CHECK(refused({.quote = mark, .comment = mark}));
    }
}

TEST_CASE("an escape obeys the separator's rule and differs from all other marks, and words do not hold it") {
    for (const char mark : {'\n', '\r', 'a', '8', '\x80', '-', '.', ' ', ',', '"'}) {
        INFO("escape " << static_cast<int>(mark));
        CHECK(refused({.escape = mark}));
    }
    for (const char mark : {'\\', '^', '/', '\''}) CHECK_FALSE(refused({.escape = mark}));
    CHECK(refused({.separator = '\\', .escape = '\\'}));
    CHECK(refused({.quote = '\'', .escape = '\''}));
    CHECK(refused({.escape = '#', .comment = '#'}));
    CHECK(refused({.escape = '\\', .line_end = "\n\\"}));
    CHECK(refused({.separator = ';', .escape = ',', .decimal_comma = true}));
    for (const char* word : {"\\", "a\\", "\\NA", "\\1", "\\-", "\\\\"}) {
        INFO("word " << word);
        CHECK(refused({.escape = '\\', .null_text = word}));
        CHECK(refused({.escape = '\\', .true_text = word}));
        CHECK(refused({.escape = '\\', .nan_text = word}));
    }
    // One letter behind an escape is a null to PostgreSQL and MySQL, and never written for a text.
    CHECK_FALSE(refused({.escape = '\\', .null_text = "\\N"}));
    CHECK(refused({.escape = '\\', .true_text = "\\t"}));
}

TEST_CASE("quotes that are not doubled need an escape, where there are quotes") {
    CHECK(refused({.double_quote = false}));
    CHECK_FALSE(refused({.double_quote = false, .escape = '\\'}));
    CHECK_FALSE(refused({.double_quote = false, .quote_style = curtail::QuoteStyle::none}));
}

TEST_CASE("a line ends with anything that holds no separator or quote and that no value begins") {
    for (const std::string_view line_end : {"\n", "\r\n", "\r", "\n\r", "\n\n", "_EOL_", "|\n", "\xE2\x90\xA4"}) {
        INFO("line end of " << line_end.size() << " bytes");
        CHECK_FALSE(refused({.line_end = std::string(line_end)}));
    }
    for (const std::string_view line_end : {"", ",", "\n,", "\"", "_\"_", "EOL", "1", "-", ".", " ", ":"}) {
        INFO("line end " << line_end);
        CHECK(refused({.line_end = std::string(line_end)}));
    }
    CHECK(refused({.line_end = std::string(1, '\0')}));
    CHECK(refused({.line_end = "_#_", .comment = '#'}));
    CHECK(refused({.separator = ';', .line_end = ",", .decimal_comma = true}));
}

TEST_CASE("words must be bare words") {
    // Case N45 and its like for the other words.
    for (const char* word : {"a,b", "a\"b", "a\nb", "a\rb", ",", "\""}) {
        INFO("word " << word);
        CHECK(refused({.null_text = word}));
        CHECK(refused({.true_text = word}));
        CHECK(refused({.false_text = word}));
        CHECK(refused({.nan_text = word}));
        CHECK(refused({.infinity_text = word}));
    }
    CHECK(refused({.line_end = "_EOL_", .null_text = "not_known"}));
    CHECK(refused({.null_text = "#null", .comment = '#'}));
    CHECK_FALSE(refused({.null_text = "null#", .comment = '#'}));
    CHECK(refused({.true_text = ""}));
    CHECK(refused({.false_text = ""}));
    CHECK(refused({.infinity_text = ""}));
    CHECK_FALSE(refused({.null_text = "NA"}));
    CHECK_FALSE(refused({.null_text = "\\N"}));
    CHECK_FALSE(refused({.true_text = "yes", .false_text = "no"}));
    CHECK_FALSE(refused({.true_text = "1", .false_text = "0"}));
}

TEST_CASE("two values of one spelling are refused, nulls among them unless they need not stay apart") {
    CHECK(refused({.true_text = "x", .false_text = "x"}));
    CHECK(refused({.nan_text = "inf"}));
    CHECK(refused({.nan_text = "-inf"}));
    for (const char* null : {"True", "False", "NaN", "inf", "-inf", "0", "-9999", "1970-01-01"}) {
        INFO("null " << null);
        CHECK(refused({.null_text = null}));
        CHECK_FALSE(refused({.null_text = null, .nulls_apart = false}));
    }
    CHECK_FALSE(refused({.null_text = "-"}));
    CHECK(refused({.nan_text = ""}));
    CHECK_FALSE(refused({.null_text = "NA", .nan_text = ""}));
}

TEST_CASE("a float has 0 to 100 fixed digits") {
    CHECK_FALSE(refused({.float_precision = 0}));
    CHECK_FALSE(refused({.float_precision = 100}));
    CHECK(refused({.float_precision = -1}));
    CHECK(refused({.float_precision = 101}));
}

TEST_CASE("a decimal comma leaves the comma to nothing but the separator, and then needs quotes") {
    CHECK_FALSE(refused({.decimal_comma = true}));
    CHECK_FALSE(refused({.separator = ';', .decimal_comma = true}));
    CHECK(refused({.quote_style = curtail::QuoteStyle::none, .decimal_comma = true}));
    CHECK_FALSE(refused({.escape = '\\', .quote_style = curtail::QuoteStyle::none, .decimal_comma = true}));
    CHECK_FALSE(refused({.separator = ';', .quote_style = curtail::QuoteStyle::none, .decimal_comma = true}));
    CHECK(refused({.separator = ';', .quote = ',', .decimal_comma = true}));
    CHECK(refused({.separator = ';', .decimal_comma = true, .comment = ','}));
}

TEST_CASE("presets differ from the default in what they say and are accepted") {
    using curtail::CsvDialect;
    for (const CsvDialect& preset : {CsvDialect::pandas(), CsvDialect::rfc4180(), CsvDialect::excel()}) {
        CHECK_FALSE(refused(preset));
        CHECK(preset.separator == ',');
        CHECK(preset.header);
    }
    CHECK(CsvDialect::pandas().line_end == "\n");
    CHECK(CsvDialect::pandas().nan_text.empty());
    CHECK_FALSE(CsvDialect::pandas().nulls_apart);
    CHECK(CsvDialect::rfc4180().line_end == "\r\n");
    CHECK_FALSE(CsvDialect::rfc4180().byte_order_mark);
    CHECK(CsvDialect::excel().byte_order_mark);
    CHECK(CsvDialect::excel().line_end == "\r\n");
    CHECK(CsvDialect::excel().formula_guard == curtail::FormulaGuard::apostrophe);
}
