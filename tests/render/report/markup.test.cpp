// SPDX-License-Identifier: MIT
#include <curtail/render/report/markup.hpp>

#include <string>

#include "catch.hpp"
#include "render/telegram_parser.hpp"

using curtail::LimitUnit;
using curtail::detail::Line;
using curtail::detail::Markup;
using curtail::detail::MarkupWriter;
using curtail::detail::Style;

namespace {

std::string code(Markup markup, const std::string& text) {
    MarkupWriter writer(markup, LimitUnit::bytes);
    writer.add({Style::code, {text}});
    return writer.text();
}

std::string every_ascii() {
    std::string text;
    for (char c = 0x20; c < 0x7F; ++c) text.push_back(c);
    return text;
}

}  // namespace

TEST_CASE("count_units: counts in the unit of the limit", "[render]") {
    const std::string text = "a\xC3\xA9\xE6\x9D\xB1\xF0\x9F\x98\x80";
    CHECK(curtail::detail::count_units(text, LimitUnit::bytes) == 10);
    CHECK(curtail::detail::count_units(text, LimitUnit::code_points) == 4);
    CHECK(curtail::detail::count_units(text, LimitUnit::utf16_units) == 5);
}

TEST_CASE("MarkupWriter: every ASCII character survives every style of Telegram's markups and is counted once",
          "[render]") {
    const std::string ascii = every_ascii();
    for (const Style style : {Style::words, Style::strong, Style::text, Style::code}) {
        MarkupWriter html(Markup::telegram_html, LimitUnit::utf16_units);
        MarkupWriter markdown(Markup::telegram_markdown_v2, LimitUnit::utf16_units);
        for (MarkupWriter* writer : {&html, &markdown}) {
            writer->add({style, {ascii}});
            writer->add_fixed(ascii + "\n" + ascii, true);
            writer->add({style, {"end"}});
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

TEST_CASE("MarkupWriter: fences of Markdown are longer than any run of backticks inside", "[render]") {
    CHECK(code(Markup::markdown, "plain") == "`plain`");
    CHECK(code(Markup::markdown, "a`b") == "``a`b``");
    CHECK(code(Markup::markdown, "`") == "`` ` ``");
    CHECK(code(Markup::markdown, " a ") == "`  a  `");
    CHECK(code(Markup::markdown, " a") == "` a`");
    CHECK(code(Markup::markdown, "  ") == "`  `");
    MarkupWriter writer(Markup::markdown, LimitUnit::bytes);
    writer.add_fixed("a\n`````");
    CHECK(writer.text() == "``````text\na\n`````\n``````");
    CHECK(writer.units() == writer.text().size());
}

TEST_CASE("MarkupWriter: Slack's text is code unless it has nothing but letters, and no backtick ends it", "[render]") {
    MarkupWriter writer(Markup::slack, LimitUnit::bytes);
    Line line(Style::text, {"CSV 2"});
    line.add_item(Style::text, {"*a* <b> `c`"});
    line.add_item(Style::strong, {"yes"});
    writer.add(line);
    CHECK(writer.text() ==
          "CSV 2 \xC2\xB7 `*a* &lt;b&gt; \xCB\x8B"
          "c\xCB\x8B` \xC2\xB7 *yes*");
    MarkupWriter block(Markup::slack, LimitUnit::bytes);
    block.add_fixed("a`b ``` ```` &");
    CHECK(block.text() == "```\na`b ``\xCB\x8B ``\xCB\x8B` &amp;\n```");
    CHECK(block.units() == block.text().size());
}

TEST_CASE("MarkupWriter: text of which a client makes links, mentions or pictures after parsing is code", "[render]") {
    const auto shown = [](Markup markup, const std::string& text) {
        MarkupWriter writer(markup, LimitUnit::bytes);
        writer.add({Style::text, {text}});
        return writer.text();
    };
    for (const char* text : {"see @all", "a_b@c.org", "fixes #181", "a :tada: b"}) {
        CHECK(shown(Markup::markdown, text) == code(Markup::markdown, text));
    }
    CHECK(shown(Markup::markdown, "saving: 1 @ 2 # 3.5") == "saving\\: 1 @ 2 \\# 3\\.5");
    for (const char* text : {"see @all", "a@b.org", "see example.org", "run /stop", "a #tag", "$USD", "https://a"}) {
        CHECK(shown(Markup::telegram_html, text) == code(Markup::telegram_html, text));
        CHECK(shown(Markup::telegram_markdown_v2, text) == code(Markup::telegram_markdown_v2, text));
    }
    for (const char* text : {"saving: 1.2 of 2 GB.", "a / b", "5 $", "@", "#1 of 5/12"}) {
        CHECK(shown(Markup::telegram_html, text) == text);
    }
    CHECK(shown(Markup::plain, "see @all") == "see @all");
}

TEST_CASE("MarkupWriter: right-to-left text is isolated, outside of its own markup", "[render]") {
    const std::string shin = "\xD7\xA9";
    Line line(Style::code, {shin});
    line.add(Style::words, {": 5"});
    MarkupWriter html(Markup::telegram_html, LimitUnit::code_points);
    html.add(line);
    CHECK(html.text() == "\xE2\x81\xA6\xE2\x81\xA8<code>" + shin + "</code>\xE2\x81\xA9: 5\xE2\x81\xA9");
    CHECK(html.units() == 8);
    MarkupWriter plain(Markup::plain, LimitUnit::code_points);
    plain.add({Style::text, {"left"}});
    CHECK(plain.text() == "left");
}

TEST_CASE("MarkupWriter: plain text and Markdown count their markup, Telegram does not", "[render]") {
    for (const Markup markup : {Markup::plain, Markup::markdown}) {
        MarkupWriter writer(markup, LimitUnit::bytes);
        Line line(Style::strong, {"a*b"});
        line.add(Style::text, {"<&>"});
        line.add(Style::code, {"c`"});
        writer.add(line);
        CHECK(writer.units() == writer.text().size());
    }
    MarkupWriter writer(Markup::telegram_html, LimitUnit::utf16_units);
    writer.add({Style::strong, {"\xF0\x9F\x98\x80<"}});
    CHECK(writer.text() == "<b>\xF0\x9F\x98\x80&lt;</b>");
    CHECK(writer.units() == 3);
}

TEST_CASE("MarkupWriter: leading spaces do not make a code block of a Markdown paragraph", "[render]") {
    MarkupWriter writer(Markup::markdown, LimitUnit::bytes);
    writer.add({Style::text, {"    1. x"}});
    CHECK(writer.text() == "&#32;   1\\. x");
}

TEST_CASE("MarkupWriter: lines are below each other, a gap is a blank line, an empty line is nothing", "[render]") {
    MarkupWriter writer(Markup::plain, LimitUnit::code_points);
    writer.add({}, true);
    CHECK(writer.text().empty());
    writer.add({Style::strong, {"title"}}, true);
    writer.add({});
    writer.add({Style::words, {"first"}});
    writer.add_fixed("a  b\n1  2", true);
    writer.add({Style::code, {"last"}}, true);
    CHECK(writer.text() == "title\nfirst\n\na  b\n1  2\n\nlast");
}
