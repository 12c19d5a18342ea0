// SPDX-License-Identifier: MIT
#pragma once
// Bytes as hexadecimal digits.

#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::string_view hex_digits = "0123456789abcdef";

// Appends two digits per byte, in lower case.
CURTAIL_NOINLINE inline void append_hex(std::string& out, std::string_view bytes) {
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += hex_digits[byte >> 4U];
        out += hex_digits[byte & 15U];
    }
}

// Returns true for the text of a SHA-256: 64 digits in lower case.
[[nodiscard]] inline bool is_sha256(std::string_view text) noexcept {
    return text.size() == 64 && text.find_first_not_of(hex_digits) == std::string_view::npos;
}

// Returns all sixteen digits of a number.
[[nodiscard]] inline std::string hex_text(std::uint64_t value) {
    std::string out;
    for (unsigned shift = 64; shift != 0; shift -= 4) out += hex_digits[(value >> (shift - 4)) & 0x0FU];
    return out;
}

}  // namespace curtail::inline v0::detail
