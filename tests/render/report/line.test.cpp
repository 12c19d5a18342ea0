// SPDX-License-Identifier: MIT
#include <curtail/render/report/line.hpp>

#include "catch.hpp"

using curtail::detail::Line;
using curtail::detail::Style;

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
    REQUIRE(line.spans().size() == 3);
    CHECK(line.spans()[0].style == Style::strong);
    CHECK(line.spans()[1].style == Style::words);
    CHECK(line.spans()[2].style == Style::code);
    CHECK(line.spans()[2].end == line.text().size());
}

TEST_CASE("Line: takes an empty item and escapes nothing", "[render]") {
    Line line(Style::text, {"<b> & `x` *y*"});
    line.add_item(Style::text, {""});
    line.add_item(Style::text, {"z"});
    CHECK(line.text() == "<b> & `x` *y* \xC2\xB7  \xC2\xB7 z");
    CHECK_FALSE(Line(Style::text, {}).empty());
}

TEST_CASE("Line: another line is added with its styles", "[render]") {
    Line line(Style::words, {"Columns: "});
    Line names(Style::code, {"a"});
    names.add_item(Style::code, {"b"});
    line.add(names);
    CHECK(line.text() == "Columns: a \xC2\xB7 b");
    REQUIRE(line.spans().size() == 4);
    CHECK(line.spans()[1].style == Style::code);
    CHECK(line.spans()[1].end == 10);
}
