// SPDX-License-Identifier: MIT
#pragma once
// The grammar of numbers in JSON.

#include <string_view>

#include <curtail/core/text/ascii.hpp>

namespace curtail::inline v0::detail {

// The next two functions move `at` past what they find before `end`, if anything.

// Returns true if there was a digit.
constexpr bool skip_digits(const char*& at, const char* end) noexcept {
    const char* const begin = at;
    while (at != end && is_digit(*at)) ++at;
    return at != begin;
}
// Returns false for an exponent without digits.
constexpr bool skip_exponent(const char*& at, const char* end) noexcept {
    if (at == end || (*at != 'e' && *at != 'E')) return true;
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    return skip_digits(at, end);
}

// Returns true if `text` is a number as JSON spells it (RFC 8259, section 6).
[[nodiscard]] constexpr bool spells_json_number(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0') {
        ++at;
    } else if (!skip_digits(at, end)) {
        return false;
    }
    if (at != end && *at == '.') {
        ++at;
        if (!skip_digits(at, end)) return false;
    }
    return skip_exponent(at, end) && at == end;
}

}  // namespace curtail::inline v0::detail
