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

TEST_CASE("lines end with LF or CRLF") {
    CHECK_FALSE(refused({.line_end = "\n"}));
    CHECK_FALSE(refused({.line_end = "\r\n"}));
    for (const std::string_view line_end : {"", "\r", "\n\n", "\n\r", "_EOL_", ","}) {
        INFO("line end of " << line_end.size() << " bytes");
        CHECK(refused({.line_end = line_end}));
    }
}
