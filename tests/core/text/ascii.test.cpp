// SPDX-License-Identifier: MIT
#include <curtail/core/text/ascii.hpp>

#include <cstddef>
#include <string_view>

#include "catch.hpp"

TEST_CASE("is_digit: true for 0 to 9 and for no other byte", "[core]") {
    for (int c = -128; c < 128; ++c) {
        const bool expected = std::string_view("0123456789").find(static_cast<char>(c)) != std::string_view::npos;
        CHECK(curtail::detail::is_digit(static_cast<char>(c)) == expected);
    }
}

TEST_CASE("to_lower, is_letter_or_digit: know the 62 letters and digits of ASCII, and no other byte", "[core]") {
    constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
    for (int i = -128; i < 128; ++i) {
        const char c = static_cast<char>(i);
        const std::size_t letter = upper.find(c);
        const bool capital = letter != std::string_view::npos;
        CHECK(curtail::detail::to_lower(c) == (capital ? lower[letter] : c));
        const bool small = lower.find(c) != std::string_view::npos;
        CHECK(curtail::detail::is_letter_or_digit(c) == (capital || small || curtail::detail::is_digit(c)));
    }
}

TEST_CASE("is_word, begins_in_any_case: compare without regard to case", "[core]") {
    using curtail::detail::begins_in_any_case;
    using curtail::detail::is_word;
    for (const std::string_view text : {"inf", "INF", "iNf"}) CHECK(is_word(text, "inf"));
    for (const std::string_view text : {"", "in", "inff", "\x49n\x46 ", "\xE9nf"}) CHECK_FALSE(is_word(text, "inf"));
    CHECK(begins_in_any_case("Infinity", "inf"));
    CHECK(begins_in_any_case("x", ""));
    CHECK_FALSE(begins_in_any_case("in", "inf"));
    CHECK_FALSE(begins_in_any_case("[ME", "{me"));  // differ in the bit that capital letters differ in
}
