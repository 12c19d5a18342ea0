// SPDX-License-Identifier: MIT
#pragma once
// A list of numbers as text, in one to three characters for most: the Base64 VLQ of source maps, without signs.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace curtail::inline v0::detail {

inline constexpr std::string_view vlq_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Appends a number: five bits a character, the lowest first; 32 more where another one follows.
inline void append_vlq(std::string& out, std::uint64_t value) {
    for (; value >= 32; value >>= 5U) out += vlq_digits[static_cast<std::size_t>((value & 31U) | 32U)];
    out += vlq_digits[static_cast<std::size_t>(value)];
}

// Takes a number off the front of `text`. Returns nothing if there is none, or one of more than 64 bits.
[[nodiscard]] inline std::optional<std::uint64_t> take_vlq(std::string_view& text) noexcept {
    const auto digit_of = [](char c) -> unsigned {
        if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
        if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 26;
        if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0') + 52;
        return c == '+' ? 62 : c == '/' ? 63 : 64;
    };
    std::uint64_t value = 0;
    for (unsigned shift = 0; !text.empty() && shift < 65; shift += 5) {
        const unsigned digit = digit_of(text.front());
        const std::uint64_t bits = digit & 31U;
        if (digit == 64 || (shift == 60 && bits > 15)) return std::nullopt;
        text.remove_prefix(1);
        value |= bits << shift;
        if (digit < 32) return value;
    }
    return std::nullopt;
}

}  // namespace curtail::inline v0::detail
