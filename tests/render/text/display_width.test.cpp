// SPDX-License-Identifier: MIT
#include <curtail/render/text/display_width.hpp>

#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

std::vector<std::size_t> boundaries(std::string_view text) {
    std::vector<std::size_t> ends{0};
    while (ends.back() < text.size())
        ends.push_back(ends.back() + curtail::detail::next_grapheme(text.substr(ends.back())).size);
    return ends;
}

}  // namespace

TEST_CASE("code_point_width: gives the cells of UAX #11 and of terminals", "[render]") {
    CHECK(curtail::detail::code_point_width('a') == 1);
    CHECK(curtail::detail::code_point_width(0xE9) == 1);
    CHECK(curtail::detail::code_point_width(0x05D0) == 1);   // Hebrew
    CHECK(curtail::detail::code_point_width(0x6771) == 2);   // CJK
    CHECK(curtail::detail::code_point_width(0xFF21) == 2);   // full-width A
    CHECK(curtail::detail::code_point_width(0xFF71) == 1);   // half-width katakana
    CHECK(curtail::detail::code_point_width(0xAC00) == 2);   // Hangul syllable
    CHECK(curtail::detail::code_point_width(0x1161) == 0);   // Hangul medial vowel
    CHECK(curtail::detail::code_point_width(0x1F600) == 2);  // emoji
    CHECK(curtail::detail::code_point_width(0x20000) == 2);  // CJK extension B
    CHECK(curtail::detail::code_point_width(0x0301) == 0);   // combining acute
    CHECK(curtail::detail::code_point_width(0x200D) == 0);   // zero width joiner
    CHECK(curtail::detail::code_point_width(0xFE0F) == 0);   // variation selector
    CHECK(curtail::detail::code_point_width(0x202E) == 0);   // bidi override
    CHECK(curtail::detail::code_point_width('\n') == 0);
    CHECK(curtail::detail::code_point_width(0x2588) == 1);  // full block: ambiguous counts one
}

TEST_CASE("next_grapheme: takes what a reader sees as one character", "[render]") {
    const struct {
        std::string_view text;
        std::size_t width;
    } whole[] = {
        {"a", 1},
        {"e\xCC\x81", 1},                                                                 // e, acute
        {"\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA", 2},                                          // flag of Germany
        {"\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD", 2},                                          // woman, skin tone
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", 2},  // family
        {"\xE2\x9D\xA4\xEF\xB8\x8F", 2},                                                  // heart as a picture
        {"\xE2\x9D\xA4", 1},                                                              // heart as text
        {"1\xEF\xB8\x8F\xE2\x83\xA3", 2},                                                 // keycap
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2},                                      // Hangul in three letters
        {"\xE0\xA4\xA8\xE0\xA4\xBF", 2},  // Devanagari with a vowel sign
        {"\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB3\xF3\xA0\x81\xA3\xF3\xA0\x81\xB4"
         "\xF3\xA0\x81\xBF",
         2},
        {"\r\n", 0},
    };
    for (const auto& [text, width] : whole) {
        INFO(text);
        CHECK(curtail::detail::next_grapheme(text).size == text.size());
        CHECK(curtail::detail::next_grapheme(text).width == width);
    }
    CHECK(boundaries("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7").size() == 3);  // two flags
    CHECK(boundaries("ab").size() == 3);
    CHECK(boundaries("\xFF\xFE").size() == 3);
}

TEST_CASE("display_prefix: ends between two graphemes", "[render]") {
    const std::string text = "a\xE6\x9D\xB1\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBBz";
    CHECK(curtail::detail::display_width(text) == 6);
    CHECK(curtail::detail::display_prefix(text, 0).empty());
    CHECK(curtail::detail::display_prefix(text, 2) == "a");
    CHECK(curtail::detail::display_prefix(text, 3) == "a\xE6\x9D\xB1");
    CHECK(curtail::detail::display_prefix(text, 4) == "a\xE6\x9D\xB1");
    CHECK(curtail::detail::display_prefix(text, 5).size() == text.size() - 1);
    CHECK(curtail::detail::display_prefix(text, 99) == text);
}

// The Unicode Consortium's own test, if Debian's unicode-data is installed, in the version of our tables.
TEST_CASE("next_grapheme: finds the boundaries of GraphemeBreakTest.txt", "[render]") {
    std::ifstream file("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt");
    std::string line;
    if (!std::getline(file, line) || line.find("-15.0.0") == std::string::npos) {
        WARN("skipped: unicode-data 15.0 is not installed");
        return;
    }
    int cases = 0;
    while (std::getline(file, line)) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string text;
        std::vector<std::size_t> expected;
        for (std::string word; words >> word;) {
            if (word == "\xC3\xB7") {
                expected.push_back(text.size());
            } else if (word != "\xC3\x97") {
                curtail::append_utf8(text, static_cast<std::uint32_t>(std::stoul(word, nullptr, 16)));
            }
        }
        if (text.empty() || text.find("\xED\xA0") != std::string::npos) continue;
        INFO(line);
        CHECK(boundaries(text) == expected);
        ++cases;
    }
    CHECK(cases > 500);
}
