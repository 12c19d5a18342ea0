// SPDX-License-Identifier: MIT
#include <curtail/render/report/report.hpp>

#include <curtail/render/report/markup.hpp>

#include <string>
#include <utility>

#include "catch.hpp"

using curtail::LimitUnit;
using curtail::detail::Block;
using curtail::detail::Line;
using curtail::detail::Markup;
using curtail::detail::MarkupWriter;
using curtail::detail::Report;
using curtail::detail::Style;

namespace {

std::string text_of(const Line& line) {
    std::string text;
    for (const auto& span : line) text += span.text;
    return text;
}

std::string written(const Report& report, Markup markup = Markup::plain) {
    MarkupWriter writer(markup, LimitUnit::code_points);
    writer.add(report);
    return writer.text();
}

}  // namespace

TEST_CASE("items of a line are set apart by a dot, and one alone is not") {
    Line line;
    curtail::detail::add_item(line, Style::text, "a");
    REQUIRE(line.size() == 1);
    CHECK(text_of(line) == "a");
    curtail::detail::add_item(line, Style::code, "b");
    curtail::detail::add_item(line, Style::strong, "c");
    CHECK(text_of(line) == "a \xC2\xB7 b \xC2\xB7 c");
}

TEST_CASE("an item keeps its style, and the dot is curtail's own word") {
    Line line{{Style::strong, "begun"}};
    curtail::detail::add_item(line, Style::code, "x");
    REQUIRE(line.size() == 3);
    CHECK(line[0].style == Style::strong);
    CHECK(line[1].style == Style::words);
    CHECK(line[2].style == Style::code);
    CHECK(line[2].text == "x");
}

TEST_CASE("an item is taken as it is, also an empty one, and nothing of it is escaped yet") {
    Line line;
    curtail::detail::add_item(line, Style::text, "<b> & `x` *y*");
    CHECK(text_of(line) == "<b> & `x` *y*");
    curtail::detail::add_item(line, Style::text, "");
    curtail::detail::add_item(line, Style::text, "z");
    CHECK(text_of(line) == "<b> & `x` *y* \xC2\xB7  \xC2\xB7 z");
    std::string moved(200, 'm');
    curtail::detail::add_item(line, Style::text, std::move(moved));
    CHECK(line.back().text == std::string(200, 'm'));
}

TEST_CASE("a block begins as an empty line without a gap before it") {
    const Block block;
    CHECK(block.line.empty());
    CHECK(block.fixed.empty());
    CHECK_FALSE(block.gap_before);
}

TEST_CASE("a report is its blocks in their order, a gap being an empty line") {
    const Report report{{{{Style::strong, "title"}}, {}, false},
                        {{{Style::words, "first "}, {Style::text, "line"}}, {}, false},
                        {{}, {"a  b", "1  2"}, true},
                        {{{Style::code, "last"}}, {}, true}};
    CHECK(written(report) == "title\nfirst line\n\na  b\n1  2\n\nlast");
    CHECK(written({}).empty());
    const Report copy = report;
    CHECK(written(copy, Markup::telegram_html) == written(report, Markup::telegram_html));
}

TEST_CASE("where a block has a fixed part, that is what is shown") {
    CHECK(written({{{{Style::text, "line"}}, {"fixed"}, false}}) == "fixed");
}
