// SPDX-License-Identifier: MIT
#include <curtail/table/csv/separator_evidence.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

char other_than(char separator, std::initializer_list<std::string_view> lines) {
    curtail::detail::SeparatorEvidence evidence;
    evidence.see_header(*lines.begin(), separator);
    for (const auto* line = lines.begin() + 1; line != lines.end(); ++line) evidence.see_row(*line);
    return evidence.other();
}

}  // namespace

TEST_CASE("SeparatorEvidence: a separator is evident if header and rows have it equally often", "[table]") {
    CHECK(other_than(',', {"a;b;c", "1;2;3", "4;5;6"}) == ';');
    CHECK(other_than(',', {"a;b;c", "1;2,5;3,5"}) == ';');
    CHECK(other_than(',', {"a;b|c;d", "1;2|3;4"}) == ';');
    CHECK(other_than(',', {"a;b|c", "1;|3", "4|5"}) == '|');
    CHECK(other_than(';', {"a,b", "1,2"}) == ',');
    CHECK(other_than(',', {"a\tb"}) == '\t');
    CHECK(other_than(',', {"a;b", "1;\"x;y\""}) == ';');
    CHECK(other_than(',', {"a;b", "1"}) == '\0');
    CHECK(other_than(',', {"a;b,c", "1;2,3"}) == '\0');
    CHECK(other_than(',', {"\"a;b\"", "1;2"}) == '\0');
    CHECK(other_than(',', {"a", "1"}) == '\0');
}

TEST_CASE("SeparatorEvidence: a separator that is not read is evident once a row has it", "[table]") {
    for (const char separator : curtail::detail::known_separators.substr(1)) {
        const std::string header = std::string("a") + separator + "b" + separator + "c";
        CAPTURE(separator);
        CHECK(other_than(',', {header, std::string("1") + separator + "2" + separator + "0.5"}) == separator);
        CHECK(other_than(',', {header, std::string("1") + separator + "2"}) == '\0');
        CHECK(other_than(',', {header}) == (curtail::detail::is_csv_separator(separator) ? separator : '\0'));
        CHECK(curtail::detail::separator_name(separator).size() > 4);
    }
}

TEST_CASE("separator_hint: reads Excel's first line, and nothing else", "[table]") {
    CHECK(curtail::detail::separator_hint("sep=;") == ';');
    CHECK(curtail::detail::separator_hint("\"Sep=\t\"") == '\t');
    for (const auto* line : {"sep=", "sep=;;", "sep", "step=;", "\"sep=;", ""}) {
        CHECK(curtail::detail::separator_hint(line) == '\0');
    }
}

TEST_CASE("looks_like_markup: tells documents from column names", "[table]") {
    for (const auto* line : {"<!DOCTYPE html>", "<!doctype HTML", "<html>", "<HTML lang=x>", "<?xml version='1.0'?>"}) {
        CHECK(curtail::detail::looks_like_markup(line));
    }
    for (const auto* line : {"<id>", "<", "", "html", "<htm"}) CHECK_FALSE(curtail::detail::looks_like_markup(line));
}
