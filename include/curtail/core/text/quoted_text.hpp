// SPDX-License-Identifier: MIT
#pragma once
// Untrusted text inside an error message.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0::detail {

// Returns `text` in quotes for an error message: printable ASCII as it is, other bytes as \xNN, at most 64 bytes of it.
[[nodiscard]] CURTAIL_NOINLINE inline std::string quoted_for_error(std::string_view text) {
    constexpr std::size_t max_bytes = 64;
    std::string out = "\"";
    for (const char& c : text.substr(0, max_bytes)) {
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
            out += c;
        } else {
            out += "\\x";
            append_hex(out, {&c, 1});
        }
    }
    out += text.size() > max_bytes ? "...\"" : "\"";
    return out;
}

// Returns `text` with its control characters, which a terminal would obey, as \xNN.
[[nodiscard]] CURTAIL_NOINLINE inline std::string without_controls(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F are two bytes each.
        const bool pair =
            byte == 0xC2 && i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xE0U) == 0x80;
        if (byte >= 0x20 && byte != 0x7F && !pair) {
            out += text[i];
            continue;
        }
        for (const char& c : text.substr(i, pair ? 2 : 1)) {
            out += "\\x";
            append_hex(out, {&c, 1});
        }
        i += pair ? 1 : 0;
    }
    return out;
}

}  // namespace curtail::inline v0::detail
