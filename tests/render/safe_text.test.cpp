// SPDX-License-Identifier: MIT
#include <curtail/render/safe_text.hpp>

#include <string>

#include <curtail/render/text/display_width.hpp>

#include "catch.hpp"

using curtail::safe_text;

namespace {
const std::string bad = "\xEF\xBF\xBD";
}

TEST_CASE("safe_text: leaves text that hides nothing as it is", "[render]") {
    for (const std::string text : {"", "plain text", "na\xC3\xAFve", "\xE6\x9D\xB1\xE4\xBA\xAC",
                                   "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB",
                                   "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE", "<b>&amp;</b> `x` | y"}) {
        CHECK(safe_text(text) == text);
    }
}

TEST_CASE("safe_text: shows line ends, tabs and control characters", "[render]") {
    CHECK(safe_text("a\nb\r\nc\rd") ==
          "a\xE2\x8F\x8E"
          "b\xE2\x8F\x8E"
          "c\xE2\x8F\x8E"
          "d");
    CHECK(safe_text("\xE2\x80\xA8\xE2\x80\xA9\xC2\x85") == "\xE2\x8F\x8E\xE2\x8F\x8E\xE2\x8F\x8E");
    CHECK(safe_text("a\tb") ==
          "a\xE2\x87\xA5"
          "b");
    CHECK(safe_text("\x1B[31mred") == "\xE2\x90\x9B[31mred");
    CHECK(safe_text(std::string("\0\a\x7F", 3)) == "\xE2\x90\x80\xE2\x90\x87\xE2\x90\xA1");
    CHECK(safe_text("\xC2\x9B"
                    "31m") == bad + "31m");  // the one-character CSI
}

TEST_CASE("safe_text: bidi controls, invisible characters, noncharacters and broken UTF-8 become U+FFFD", "[render]") {
    for (const std::string hidden :
         {"\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
          "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xD8\x9C",
          "\xE2\x80\x8B", "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xC2\xAD",     "\xEF\xBF\xBE", "\xF3\xA0\x80\x81",
          "\xE2\x80\x8D", "\xE2\x80\x8C", "\xFF"}) {
        CHECK(safe_text("a" + hidden + "b") == "a" + bad + "b");
    }
    CHECK(safe_text("a\xF3\xA0\x81\xA1") == "a" + bad);  // a tag letter that spells no flag
}

TEST_CASE("safe_text: a mark without a letter gets a dotted circle, and a pile of marks is cut", "[render]") {
    CHECK(safe_text("\xCC\x81") == "\xE2\x97\x8C\xCC\x81");
    std::string pile = "a";
    for (int i = 0; i < 1000; ++i) pile += "\xCC\x81";
    CHECK(safe_text(pile).size() < 70);
    CHECK(safe_text(pile + "b").back() == 'b');
}

TEST_CASE("safe_text: a cut text ends in an ellipsis, between graphemes, and is never too wide", "[render]") {
    CHECK(safe_text("abcdef", 6) == "abcdef");
    CHECK(safe_text("abcdef", 5) == "abcd\xE2\x80\xA6");
    CHECK(safe_text("abcdef", 1) == "\xE2\x80\xA6");
    CHECK(safe_text("abcdef", 0).empty());
    CHECK(safe_text("\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD", 4) == "\xE6\x9D\xB1\xE2\x80\xA6");
    CHECK(safe_text("ab\xF0\x9F\x87\xA9\xF0\x9F\x87\xAAz", 4) == "ab\xE2\x80\xA6");
    for (std::size_t width = 0; width < 12; ++width) {
        CHECK(curtail::detail::display_width(
                  safe_text("x\xE6\x9D\xB1\n\xCC\x81\xF0\x9F\x98\x80 \xE4\xBA\xAC!", width)) <= width);
    }
}

TEST_CASE("clip_middle: keeps both ends of a path", "[render]") {
    CHECK(curtail::clip_middle("/data/jobs/predictions_1.csv", 15) == "/data/j\xE2\x80\xA6s_1.csv");
    CHECK(curtail::clip_middle("short", 15) == "short");
    CHECK(curtail::clip_middle("abc", 0).empty());
    CHECK(curtail::clip_middle("0123wxyz", 5, 0) == "\xE2\x80\xA6wxyz");
    CHECK(curtail::clip_middle("0123wxyz", 5, 100) == "0123\xE2\x80\xA6");
    CHECK(curtail::clip_middle("0123wxyz", 5, 150) == "0123\xE2\x80\xA6");
    CHECK(curtail::clip_middle("\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE5\xBA\x9C", 5) ==
          "\xE6\x9D\xB1\xE2\x80\xA6\xE5\xBA\x9C");
}

TEST_CASE("safe_lines: keeps the lines of a text", "[render]") {
    CHECK(curtail::safe_lines("a\r\nb\n\nc\x1B\n") == "a\nb\n\nc\xE2\x90\x9B\n");
    CHECK(curtail::safe_lines("").empty());
}

TEST_CASE("escape_html: nothing in the text is markup, in text and in attributes", "[render]") {
    CHECK(curtail::escape_html("a<b>&amp; \"c\" 'd'") == "a&lt;b&gt;&amp;amp; &quot;c&quot; &#39;d&#39;");
    CHECK(curtail::escape_html("").empty());
    CHECK(curtail::escape_html("\xE2\x82\xAC = 1") == "\xE2\x82\xAC = 1");
}
