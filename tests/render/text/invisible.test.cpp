// SPDX-License-Identifier: MIT
#include <curtail/render/text/invisible.hpp>

#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/render/safe_text.hpp>

#include "catch.hpp"

using curtail::safe_text;

namespace {

const std::string bad = "\xEF\xBF\xBD";

std::string utf8(std::initializer_list<std::uint32_t> code_points) {
    std::string text;
    for (const std::uint32_t c : code_points) curtail::append_utf8(text, c);
    return text;
}

// Returns the number of characters of `text` that safe_text() does not pass.
std::size_t replaced(const std::string& text) {
    const std::string shown = safe_text(text);
    std::size_t count = 0;
    for (std::size_t at = shown.find(bad); at != std::string::npos; at = shown.find(bad, at + 1)) ++count;
    return count;
}

// Calls `use(text, line)` with the code points of the first field of each line of a file of Unicode's.
template <class Use>
int each_sequence(const std::string& file, std::string_view wanted, const Use& use) {
    std::ifstream in("/usr/share/unicode/" + file);
    int count = 0;
    for (std::string line; std::getline(in, line);) {
        const std::string data = line.substr(0, line.find('#'));
        const std::size_t field = data.find(';');
        if (field == std::string::npos || data.find(wanted) == std::string::npos) continue;
        std::string code_points = data.substr(0, field);
        const std::size_t range = code_points.find("..");
        std::uint32_t last = 0;
        if (range != std::string::npos) {
            last = static_cast<std::uint32_t>(std::stoul(code_points.substr(range + 2), nullptr, 16));
            code_points.resize(range);
        }
        std::istringstream words(code_points);
        std::string text;
        std::uint32_t c = 0;
        for (std::string word; words >> word;) {
            c = static_cast<std::uint32_t>(std::stoul(word, nullptr, 16));
            curtail::append_utf8(text, c);
        }
        use(text, line);
        ++count;
        while (range != std::string::npos && c < last) {
            use(utf8({++c}), line);
            ++count;
        }
    }
    return count;
}

bool unicode_data_missing() {
    if (std::ifstream("/usr/share/unicode/DerivedCoreProperties.txt")) return false;
    WARN("skipped: unicode-data is not installed");
    return true;
}

}  // namespace

TEST_CASE("safe_text: no Default_Ignorable_Code_Point passes where it changes nothing", "[render]") {
    if (unicode_data_missing()) return;
    const int count = each_sequence(
        "DerivedCoreProperties.txt", "Default_Ignorable_Code_Point", [](const std::string& c, const std::string& line) {
            INFO(line);
            REQUIRE(safe_text("a" + c + "b") == "a" + bad + "b");
            REQUIRE(safe_text(c) == bad);
            REQUIRE(safe_text("\xD0\xB6" + c + "\xD0\xB6") == "\xD0\xB6" + bad + "\xD0\xB6");
            REQUIRE(safe_text("1" + c) == "1" + bad);
            REQUIRE(safe_text(" " + c + " ") == " " + bad + " ");
            REQUIRE(safe_text("a\xCC\x81" + c + "b") == "a\xCC\x81" + bad + "b");
        });
    CHECK(count > 4000);
}

TEST_CASE("safe_text: no Default_Ignorable_Code_Point passes twice after any base", "[render]") {
    if (unicode_data_missing()) return;
    const std::uint32_t bases[] = {0x5D0,  0x628,  0x915,  0x94D,  0xD15,   0x1100,  0x1161,  0x1780, 0x1820,
                                   0x2764, 0x3042, 0x6771, 0xAC00, 0x1F44D, 0x1F3F4, 0x1F468, 0x1F1E9};
    each_sequence("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point",
                  [&](const std::string& c, const std::string& line) {
                      for (const std::uint32_t base : bases) {
                          INFO(line << " after " << base);
                          REQUIRE(replaced(utf8({base}) + c + c + "b") >= 1);
                          REQUIRE(replaced(utf8({base}) + c + c + utf8({base})) >= 1);
                      }
                  });
}

TEST_CASE("safe_text: every emoji of Unicode's lists stays whole", "[render]") {
    if (unicode_data_missing()) return;
    const auto whole = [](const std::string& text, const std::string& line) {
        INFO(line);
        REQUIRE(safe_text(text) == text);
        REQUIRE(safe_text("x" + text + "y") == "x" + text + "y");
        REQUIRE(safe_text(text + text) == text + text);
    };
    CHECK(each_sequence("emoji/emoji-test.txt", ";", whole) > 4000);
    CHECK(each_sequence("emoji/emoji-zwj-sequences.txt", ";", whole) > 1000);
    CHECK(each_sequence("emoji/emoji-sequences.txt", ";", whole) > 1000);
    CHECK(each_sequence("StandardizedVariants.txt", ";", whole) > 1000);
    whole(utf8({0x1F642, 0x200D, 0x2194, 0xFE0F}), "Unicode 15.1: head shaking");
    whole(utf8({0x1F6B6, 0x1F3FD, 0x200D, 0x2640, 0xFE0F, 0x200D, 0x27A1, 0xFE0F}),
          "Unicode 15.1: woman walking right");
}

TEST_CASE("safe_text: scripts that need joiners, selectors and fillers stay whole", "[render]") {
    for (const std::string& text : {
             utf8({0x645, 0x6CC, 0x200C, 0x62E, 0x648, 0x627, 0x647, 0x645}),  // Persian: I want
             utf8({0x6A9, 0x62A, 0x627, 0x628, 0x200C, 0x647, 0x627}),         // Persian: books
             utf8({0x6A9, 0x627, 0x631, 0x200C, 0x647, 0x627}),                // Persian: works
             utf8({0x647, 0x200D, '.', 0x634}),                                // Persian: of the solar calendar
             utf8({0x628, 0x64E, 0x200C, 0x628}),                              // with a vowel mark between
             utf8({0x915, 0x94D, 0x200D, 0x937}),                              // Devanagari: half ka, ssa
             utf8({0x915, 0x94D, 0x200C, 0x937}),                              // Devanagari: ka with virama, ssa
             utf8({0x9B0, 0x200D, 0x9CD, 0x9AF}),                              // Bengali: ra with ya-phalaa
             utf8({0xD28, 0xD4D, 0x200D}),                                     // Malayalam: chillu at the end
             utf8({0xDC1, 0xDCA, 0x200D, 0xDBB, 0xDD3}),                       // Sinhala: Sri
             utf8({0x1780, 0x17D2, 0x1798, 0x17C2, 0x179A}),                   // Khmer: Khmer
             utf8({0x1004, 0x103A, 0x1039, 0x1002}),                           // Myanmar: kinzi
             utf8({0x1820, 0x180B, 0x1821}),                                   // Mongolian with a selector
             utf8({0x182A, 0x1820, 0x1836, 0x1822, 0x1828, 0x180E, 0x1820}),   // Mongolian: a parted vowel at the end
             utf8({0x182D, 0x180B, 0x180E, 0x1821}),                           // Mongolian: a selector before it
             utf8({0x845B, 0xE0100, 0x57CE}),                                  // Japanese: Katsuragi with its variant
             utf8({0x1112, 0x1161, 0x11AB}),                                   // Hangul in letters
             utf8({0x115F, 0x1161}),                                           // Hangul: a vowel alone
             utf8({0x115F, 0x1160, 0x11A8}),                                   // Hangul: a final alone
             utf8({0x1100, 0x1160, 0x11A8}),                                   // Hangul without a vowel
             utf8({0x5D9, 0x5B0, 0x34F, 0x5B8}),                               // Hebrew: the order of points
             utf8({0x2813, 0x2800, 0x2813}),                                   // Braille with its space
         }) {
        INFO(text);
        CHECK(safe_text(text) == text);
    }
}

TEST_CASE("safe_text: invisible characters outside of the sequences that need them become U+FFFD", "[render]") {
    const std::uint32_t black_flag = 0x1F3F4;
    for (const std::string& text : {
             utf8({'a', 0x3164, 'b'}),
             utf8({0xAC00, 0x3164, 0xAC00}),
             utf8({0xFFA0}),  // Hangul fillers
             utf8({0xAC00, 0x1160}),
             utf8({0x115F, 'a'}),
             utf8({0x1100, 0x1160, 'a'}),
             utf8({'a', 0x2800, 'b'}),
             utf8({0x1780, 0x17B4}),
             utf8({0x1780, 0x17B5}),
             utf8({'a', 0x17D2, 'b'}),
             utf8({'a', 0x1039, 'b'}),
             utf8({0x1D159}),
             utf8({0x5D0, 0x200D, 0x5D1}),
             utf8({0x6771, 0x200C, 0x4EAC}),
             utf8({0x436, 0x200D, 0x436}),
             utf8({0x628, 0x200C}),
             utf8({0x628, 0x200C, ' '}),
             utf8({0x628, 0x200D, 0x628}),
             utf8({0x915, 0x200D, 0x937}),
             utf8({'a', 0x94D, 0x200D, 'b'}),
             utf8({0x6771, 0x200D, 0x94D}),
             utf8({0x915, 0x94D, 0x200D, 0x200D, 0x937}),
             utf8({0x1F600, 0x200D, 0x1F600}),
             utf8({0x1F468, 0x200D}),
             utf8({0x1F468, 0x200D, 'a'}),
             utf8({'a', 0x200D, 0x1F468}),
             utf8({0x2764, 0xFE0F, 0xFE0F}),
             utf8({0x2764, 0xFE0F, 0xFE0E}),
             utf8({'a', 0xFE0F}),
             utf8({'1', 0xFE0F}),
             utf8({0x6771, 0xFE0F}),
             utf8({0x6771, 0xFE03}),
             utf8({0x3042, 0xE0100}),
             utf8({0x6771, 0xE0100, 0xE0101}),
             utf8({0x1F1E9, 0x1F1EA, 0xFE0F}),
             utf8({'a', 0x34F, 'b'}),
             utf8({'a', 0x301, 0x34F, 0x302}),
             utf8({0x180E}),
             utf8({0x1828, 0x180E}),
             utf8({0x1828, 0x180E, 0x1822}),
             utf8({'a', 0x180E, 0x1820}),
             utf8({0x1828, 0x180E, 0x180E, 0x1820}),
             utf8({'a', 0x180B}),
             utf8({black_flag, 0xE0067, 0xE0062, 0xE0065, 0xE006E, 0xE0067}),  // no end
             utf8({black_flag, 0xE0075, 0xE0073, 0xE0074, 0xE0078, 0xE007F}),  // Texas is in no list
             utf8({black_flag, 0xE0061}),
             utf8({black_flag, 0xE007F}),
             utf8({'a', 0xE0067, 0xE007F}),
             utf8({black_flag, 0xE0067, 0xE0062, 0xE0065, 0xE006E, 0xE0067, 0xE007F, 0xE0061, 0xE007F}),
         }) {
        INFO(text);
        CHECK(replaced(text) >= 1);
        CHECK(replaced("x" + text + "y") >= 1);
    }
    // A text of 28 tags behind a black flag: each of them shows that something is there.
    std::string hidden = utf8({black_flag});
    for (int i = 0; i < 28; ++i) hidden += utf8({0xE0061});
    CHECK(replaced(hidden) == 28);
}
