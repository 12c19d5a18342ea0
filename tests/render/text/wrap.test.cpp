// SPDX-License-Identifier: MIT
#include <curtail/render/text/wrap.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <curtail/core/utf8.hpp>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using curtail::detail::two_line_width;
using curtail::detail::wrapped;
using Lines = std::vector<std::string>;

namespace {

std::string without_spaces(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
}

}  // namespace

TEST_CASE("wrapped: breaks behind spaces and punctuation and before capitals", "[render]") {
    CHECK(wrapped("total_rooms", 8, 2, 50) == Lines{"total_", "rooms"});
    CHECK(wrapped("total rooms", 8, 2, 50) == Lines{"total", "rooms"});
    CHECK(wrapped("totalRooms", 8, 2, 50) == Lines{"total", "Rooms"});
    CHECK(wrapped("total_rooms", 11, 2, 50) == Lines{"total_rooms"});
    CHECK(wrapped("a0e5f5d5-1b2c-4d3e-8f90-9b75d7c2827c", 20, 2, 50) ==
          Lines{"a0e5f5d5-1b2c-4d3e-", "8f90-9b75d7c2827c"});
    CHECK(wrapped("a_very_long_name_indeed", 8, 2, 50) == Lines{"a_very_",
                                                                "lon\xE2\x80\xA6"
                                                                "deed"});
    CHECK(wrapped("unbreakable", 6, 2, 50) == Lines{"unbrea", "kable"});
    CHECK(wrapped("one two three four", 9, 3, 50) == Lines{"one two", "three", "four"});
    CHECK(wrapped("one two three four", 9, 2, 100) == Lines{"one two", "three fo\xE2\x80\xA6"});
    CHECK(wrapped("", 5, 2, 50) == Lines{""});
}

TEST_CASE("wrapped_name: breaks a word in its middle, and nothing is lost by that", "[render]") {
    using curtail::detail::wrapped_name;
    CHECK(wrapped_name("prediction", 10) == Lines{"prediction"});
    CHECK(wrapped_name("prediction", 9) == Lines{"predi", "ction"});
    CHECK(wrapped_name("probabilities", 12) == Lines{"probabi", "lities"});
    CHECK(wrapped_name("abcde_ghijklmno", 8) == Lines{"abcde_gh", "ijklmno"});
    CHECK(wrapped_name("total_rooms", 10) == Lines{"total_", "rooms"});
    CHECK(wrapped_name("\xE6\x9D\xB1\xE4\xBA\xAC\xE5\xA4\xA7", 5) == Lines{"\xE6\x9D\xB1\xE4\xBA\xAC", "\xE5\xA4\xA7"});
}

TEST_CASE("half_width: is enough for two lines with a break between any two graphemes", "[render]") {
    using curtail::detail::half_width;
    CHECK(half_width("") == 0);
    CHECK(half_width("a") == 1);
    CHECK(half_width("prediction") == 5);
    CHECK(half_width("unbreakable") == 6);
    CHECK(half_width("\xE6\x9D\xB1\xE4\xBA\xAC\xE5\xA4\xA7") == 4);
}

TEST_CASE("short_name: keeps both ends", "[render]") {
    CHECK(curtail::detail::short_name("a name", 6) == "a name");
    CHECK(curtail::detail::short_name("forecast_of_revenue_upper", 12) == "forec\xE2\x80\xA6_upper");
    CHECK(curtail::detail::short_name("a\nb", 9) ==
          "a\xE2\x8F\x8E"
          "b");
    CHECK(curtail::detail::short_name(std::string(1'000'000, 'x'), 3) ==
          "x\xE2\x80\xA6"
          "\xE2\x80\xA6");
}

TEST_CASE("two_line_width: is enough for two lines with one break", "[render]") {
    CHECK(two_line_width("total_rooms") == 6);
    CHECK(two_line_width("is_fraud_probability") == 11);
    CHECK(two_line_width("unbreakable") == 11);
    CHECK(two_line_width("\xE6\x9D\xB1\xE4\xBA\xAC \xE5\xA4\xA7\xE9\x98\xAA") == 4);
    CHECK(two_line_width("") == 0);
}

TEST_CASE("wrapped: loses nothing at the width for two lines, and no line is too wide or splits a grapheme",
          "[render]") {
    for (const auto& alphabet : samples::alphabets) {
        for (const std::string& word : alphabet) {
            const std::string text = curtail::safe_text(word + "_" + word + " " + word);
            std::string joined;
            for (const std::string& line : wrapped(text, two_line_width(text), 2, 50)) joined += line;
            INFO(text);
            CHECK(without_spaces(joined) == without_spaces(text));
            for (std::size_t width = 2; width < 12; ++width) {
                const Lines lines = wrapped(text, width, 3, 100);
                CHECK(lines.size() <= 3);
                std::size_t cells = 0;
                for (const std::string& line : lines) {
                    CHECK(curtail::is_utf8(line));
                    CHECK(curtail::detail::display_width(line) <= width);
                    cells += curtail::detail::display_width(line);
                }
                CHECK(cells <= curtail::detail::display_width(text));
            }
        }
    }
}
