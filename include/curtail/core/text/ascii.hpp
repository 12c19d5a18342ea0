// SPDX-License-Identifier: MIT
#pragma once
// Classes and cases of ASCII characters, whatever the locale.

#include <cstddef>
#include <string_view>

namespace curtail::inline v0::detail {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

[[nodiscard]] constexpr bool is_letter_or_digit(char c) noexcept {
    return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}

// Returns true if `text` begins with the word `lower` in capital or small letters.
[[nodiscard]] constexpr bool begins_in_any_case(std::string_view text, std::string_view lower) noexcept {
    if (text.size() < lower.size()) return false;
    for (std::size_t i = 0; i < lower.size(); ++i) {
        if (to_lower(text[i]) != lower[i]) return false;
    }
    return true;
}

// Returns true if `text` is the word `lower` in capital or small letters.
[[nodiscard]] constexpr bool is_word(std::string_view text, std::string_view lower) noexcept {
    return text.size() == lower.size() && begins_in_any_case(text, lower);
}

}  // namespace curtail::inline v0::detail
