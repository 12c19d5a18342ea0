// SPDX-License-Identifier: MIT
#include <curtail/render/report/markup.hpp>

#include <string>

#include "catch.hpp"
#include "render/telegram_parser.hpp"

using curtail::LimitUnit;
using curtail::detail::Block;
using curtail::detail::Markup;
using curtail::detail::MarkupWriter;
using curtail::detail::Style;

namespace {

std::string code(Markup markup, const std::string& text) {
    MarkupWriter writer(markup, LimitUnit::bytes);
    writer.add(curtail::detail::Span{Style::code, text});
    return writer.text();
}

std::string every_ascii() {
    std::string text;
    for (char c = 0x20; c < 0x7F; ++c) text.push_back(c);
    return text;
}

}  // namespace

TEST_CASE("units are counted as the limit names them") {
    const std::string text = "a\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x98\x80";
    CHECK(curtail::detail::count_units(text, LimitUnit::bytes) == 10);
    CHECK(curtail::detail::count_units(text, LimitUnit::code_points) == 4);
    CHECK(curtail::detail::count_units(text, LimitUnit::utf16_units) == 5);
}

TEST_CASE("every ASCII character survives every style of Telegram's markups, and is counted once") {
    const std::string ascii = every_ascii();
    for (const Style style : {Style::words, Style::strong, Style::text, Style::code}) {
        MarkupWriter html(Markup::telegram_html, LimitUnit::utf16_units);
        MarkupWriter markdown(Markup::telegram_markdown_v2, LimitUnit::utf16_units);
        for (MarkupWriter* writer : {&html, &markdown}) {
            writer->add(Block{{{style, ascii}}, {}, false});
            writer->add(Block{{}, {ascii, ascii}, true});
            writer->add(Block{{{style, "end"}}, {}, false});
        }
        const std::string expected = ascii + "\n\n" + ascii + "\n" + ascii;
        CHECK(telegram::parse_html(html.text()).text == expected + "\nend");
        CHECK(telegram::parse_markdown_v2(markdown.text()).text == expected + "\n\nend");
        CHECK(telegram::parse_html(html.text()).error.empty());
        CHECK(telegram::parse_markdown_v2(markdown.text()).error.empty());
        CHECK(html.units() == telegram::utf16_units(telegram::parse_html(html.text()).text));
        CHECK(markdown.units() == telegram::utf16_units(telegram::parse_markdown_v2(markdown.text()).text));
    }
}

TEST_CASE("a code span and a block of Markdown are fenced by more backticks than they hold") {
    CHECK(code(Markup::markdown, "plain") == "`plain`");
    CHECK(code(Markup::markdown, "a`b") == "``a`b``");
    CHECK(code(Markup::markdown, "`") == "`` ` ``");
    CHECK(code(Markup::markdown, " a ") == "`  a  `");
    CHECK(code(Markup::markdown, " a") == "` a`");
    CHECK(code(Markup::markdown, "  ") == "`  `");
    MarkupWriter writer(Markup::markdown, LimitUnit::bytes);
    writer.add(Block{{}, {"a", "`````"}, false});
    CHECK(writer.text() == "``````text\na\n`````\n``````");
    CHECK(writer.units() == writer.text().size());
}

TEST_CASE("plain text and Markdown count their markup, Telegram does not") {
    for (const Markup markup : {Markup::plain, Markup::markdown}) {
        MarkupWriter writer(markup, LimitUnit::bytes);
        writer.add(Block{{{Style::strong, "a*b"}, {Style::text, "<&>"}, {Style::code, "c`"}}, {}, false});
        CHECK(writer.units() == writer.text().size());
    }
    MarkupWriter writer(Markup::telegram_html, LimitUnit::utf16_units);
    writer.add(Block{{{Style::strong, "\xF0\x9F\x98\x80<"}}, {}, false});
    CHECK(writer.text() == "<b>\xF0\x9F\x98\x80&lt;</b>");
    CHECK(writer.units() == 3);
}

TEST_CASE("leading spaces do not make a code block of a paragraph of Markdown") {
    MarkupWriter writer(Markup::markdown, LimitUnit::bytes);
    writer.add(Block{{{Style::text, "    1. x"}}, {}, false});
    CHECK(writer.text() == "&#32;   1\\. x");
}
