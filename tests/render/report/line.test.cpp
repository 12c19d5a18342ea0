// SPDX-License-Identifier: MIT
#include <curtail/render/report/line.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using curtail::detail::Line;
using curtail::detail::Style;

namespace {

// Returns the style and the text of each span.
std::vector<std::string> spans(const Line& line) {
    constexpr const char* names[] = {"words ", "strong ", "text ", "code "};
    std::vector<std::string> out;
    for (std::string_view rest = line.marked(); !rest.empty();) {
        const Line::Span span = Line::take_span(rest);
        out.push_back(names[static_cast<std::size_t>(span.style)] + std::string(span.text));
    }
    return out;
}

}  // namespace

TEST_CASE("Line: items are separated by a dot", "[render]") {
    Line line;
    CHECK(line.empty());
    line.add_item(Style::text, {"a"});
    CHECK(line.text() == "a");
    line.add_item(Style::code, {"b", "", "c"});
    line.add_item(Style::strong, {"d"});
    CHECK(line.text() == "a \xC2\xB7 bc \xC2\xB7 d");
}

TEST_CASE("Line: an item keeps its style, and the dot is curtail's own word", "[render]") {
    Line line(Style::strong, {"begun"});
    line.add_item(Style::code, {"x"});
    CHECK(spans(line) == std::vector<std::string>{"strong begun", "words  \xC2\xB7 ", "code x"});
}

TEST_CASE("Line: takes an empty item and escapes nothing", "[render]") {
    Line line(Style::text, {"<b> & `x` *y*"});
    line.add_item(Style::text, {""});
    line.add_item(Style::text, {"z"});
    CHECK(line.text() == "<b> & `x` *y* \xC2\xB7  \xC2\xB7 z");
    CHECK_FALSE(Line(Style::text, {}).empty());
    CHECK(spans(Line(Style::text, {})) == std::vector<std::string>{"text "});
}

TEST_CASE("Line: another line is added with its styles", "[render]") {
    Line line(Style::words, {"Columns: "});
    Line names(Style::code, {"a"});
    names.add_item(Style::code, {"b"});
    line.add(names);
    CHECK(line.text() == "Columns: a \xC2\xB7 b");
    CHECK(spans(line) == std::vector<std::string>{"words Columns: ", "code a", "words  \xC2\xB7 ", "code b"});
}

TEST_CASE("Line: no piece of text can choose a style", "[render]") {
    Line line(Style::text, {"a\1b", "\2\3", "c\4"});
    line.add(Style::code, {"\1"});
    CHECK(spans(line) == std::vector<std::string>{"text a b  c ", "code  "});
}
