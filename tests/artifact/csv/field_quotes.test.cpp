// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/field_quotes.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

using curtail::CsvDialect;
using curtail::detail::FieldQuotes;

struct Text {
    std::string text;
    void put(char c) { text += c; }
    void append(std::string_view more) { text += more; }
};

std::string inside(std::string_view text, const CsvDialect& dialect) {
    Text out;
    const FieldQuotes quotes(dialect);
    quotes.put_quote(out);
    quotes.write_inside(out, text);
    quotes.put_quote(out);
    return out.text;
}

std::string escaped(std::string_view text, const CsvDialect& dialect) {
    Text out;
    FieldQuotes(dialect).write_escaped(out, text);
    return out.text;
}

}  // namespace

TEST_CASE("special are separator, quote, line breaks, what begins a line end, and the escape") {
    for (int code = 0; code < 256; ++code) {
        const char c = static_cast<char>(code);
        INFO("byte " << code);
        const bool usual = c == ',' || c == '"' || c == '\r' || c == '\n';
        for (const std::string& text : {std::string(1, c), std::string(20, 'x') + c, c + std::string(20, 'x')}) {
            CHECK(FieldQuotes({}).finds(text) == usual);
            CHECK(FieldQuotes({.line_end = "_\n"}).finds(text) == (usual || c == '_'));
            CHECK(FieldQuotes({.escape = '\\'}).finds(text) == (usual || c == '\\'));
            CHECK(FieldQuotes({.escape = '\\', .line_end = "_\n"}).finds(text) == (usual || c == '\\' || c == '_'));
            CHECK(FieldQuotes({.escape = '\\'}).finds_usual(text) == usual);
        }
        CHECK(FieldQuotes({}).is_special(c) == usual);
    }
    CHECK(FieldQuotes({}).only_usual());
    CHECK(FieldQuotes({.line_end = "\r\n"}).only_usual());
    CHECK_FALSE(FieldQuotes({.line_end = "_\n"}).only_usual());
    CHECK_FALSE(FieldQuotes({.escape = '\\'}).only_usual());
}

TEST_CASE("inside of quotes a quote is doubled or escaped, an escape is escaped, and all else is as it was") {
    CHECK(inside("", {}) == R"("")");
    CHECK(inside(R"(a"b\c,)", {}) == R"("a""b\c,")");
    CHECK(inside(R"(a"b\c,)", {.escape = '\\'}) == R"("a""b\\c,")");
    CHECK(inside(R"(a"b\c,)", {.double_quote = false, .escape = '\\'}) == R"("a\"b\\c,")");
    CHECK(inside(R"("\"\)", {.double_quote = false, .escape = '\\'}) == R"("\"\\\"\\")");
    CHECK(inside(R"("\"\)", {.escape = '\\'}) == R"("""\\""\\")");
}

TEST_CASE("without quotes all that is special is escaped") {
    const CsvDialect dialect{.escape = '\\', .line_end = "|\n"};
    CHECK(escaped("", dialect).empty());
    CHECK(escaped("plain", dialect) == "plain");
    CHECK(escaped("a,\"|\\\r\n", dialect) == "a\\,\\\"\\|\\\\\\\r\\\n");
}
