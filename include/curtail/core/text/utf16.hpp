// SPDX-License-Identifier: MIT
#pragma once
// Converts between UTF-8 and UTF-16, which Windows uses.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Returns `text` in units of 16 bits. What is not UTF-8 becomes U+FFFD.
template <class Unit>
[[nodiscard]] std::basic_string<Unit> to_utf16(std::string_view text) {
    static_assert(sizeof(Unit) == 2);
    std::basic_string<Unit> out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Utf8Step step = decode_utf8(text);
        if (step.code_point >= 0x10000U) {
            out += static_cast<Unit>(0xD7C0U + (step.code_point >> 10U));
            out += static_cast<Unit>(0xDC00U | (step.code_point & 0x3FFU));
        } else {
            out += static_cast<Unit>(step.code_point);
        }
        text.remove_prefix(step.size);
    }
    return out;
}

// Returns `text` in UTF-8. Half a surrogate pair becomes U+FFFD.
template <class Unit>
[[nodiscard]] std::string from_utf16(std::basic_string_view<Unit> text) {
    static_assert(sizeof(Unit) == 2);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto unit = static_cast<std::uint32_t>(static_cast<std::uint16_t>(text[i]));
        const auto next = i + 1 < text.size() ? static_cast<std::uint16_t>(text[i + 1]) : std::uint16_t{0};
        if (unit < 0xD800U || unit > 0xDFFFU) {
            append_utf8(out, unit);
        } else if (unit < 0xDC00U && (next & 0xFC00U) == 0xDC00U) {
            append_utf8(out, 0x10000U + ((unit & 0x3FFU) << 10U | (next & 0x3FFU)));
            ++i;
        } else {
            append_utf8(out, 0xFFFDU);
        }
    }
    return out;
}

}  // namespace curtail::inline v0::detail
