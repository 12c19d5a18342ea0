// SPDX-License-Identifier: MIT
#pragma once
// A list of numbers as text, in one to three characters for most: the Base64 VLQ of source maps, without signs.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::string_view vlq_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Appends a number: five bits per character, the lowest first; plus 32 where another character follows.
inline void append_vlq(std::string& out, std::uint64_t value) {
    for (; value >= 32; value >>= 5U) out += vlq_digits[cast_to<std::size_t>((value & 31U) | 32U)];
    out += vlq_digits[cast_to<std::size_t>(value)];
}

// The value of each digit; 64 for other characters.
inline constexpr auto vlq_values = [] {
    std::array<std::uint8_t, 256> values{};
    for (std::uint8_t& value : values) value = 64;
    for (std::size_t i = 0; i < vlq_digits.size(); ++i) {
        values[static_cast<unsigned char>(vlq_digits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}();

// Takes a number off the front of `text`. Returns nothing if there is none, or one of more than 64 bits.
[[nodiscard]] inline std::optional<std::uint64_t> take_vlq(std::string_view& text) noexcept {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (std::size_t i = 0; i < text.size() && shift < 65; ++i, shift += 5) {
        const unsigned digit = vlq_values[static_cast<unsigned char>(text[i])];
        if (digit == 64 || (shift == 60 && (digit & 31U) > 15)) return std::nullopt;
        value |= std::uint64_t{digit & 31U} << shift;
        if (digit < 32) {
            text.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

}  // namespace curtail::inline v0::detail
