// SPDX-License-Identifier: MIT
#pragma once
// The grammar of numbers in JSON.

#include <cstdint>
#include <string_view>

#include <curtail/core/text/ascii.hpp>

namespace curtail::inline v0::detail {

enum class JsonNumber : std::uint8_t {
    none,     // not a number of JSON
    integer,  // -?digits, no leading zero
    real,     // with a fraction or an exponent
};

// Returns how `text` is spelled as a JSON number (RFC 8259, section 6).
[[nodiscard]] constexpr JsonNumber json_number_of(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto skip_digits = [&] {
        const char* const begin = at;
        while (at != end && is_digit(*at)) ++at;
        return at != begin;
    };
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0') {
        ++at;
    } else if (!skip_digits()) {
        return JsonNumber::none;
    }
    if (at == end) return JsonNumber::integer;
    if (*at == '.') {
        ++at;
        if (!skip_digits()) return JsonNumber::none;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        if (!skip_digits()) return JsonNumber::none;
    }
    return at == end ? JsonNumber::real : JsonNumber::none;
}

}  // namespace curtail::inline v0::detail
