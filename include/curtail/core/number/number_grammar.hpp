// SPDX-License-Identifier: MIT
#pragma once
// The grammar of numbers in JSON.

#include <cstdint>
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

enum class JsonNumber : std::uint8_t {
    none,     // not a number of JSON
    integer,  // -?digits, no leading zero
    real,     // with a fraction or an exponent
};

// Returns how `text` is spelled as a JSON number (RFC 8259, section 6).
[[nodiscard]] constexpr JsonNumber json_number_of(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0') {
        ++at;
    } else if (!skip_digits(at, end)) {
        return JsonNumber::none;
    }
    if (at == end) return JsonNumber::integer;
    if (*at == '.') {
        ++at;
        if (!skip_digits(at, end)) return JsonNumber::none;
    }
    return skip_exponent(at, end) && at == end ? JsonNumber::real : JsonNumber::none;
}

}  // namespace curtail::inline v0::detail
