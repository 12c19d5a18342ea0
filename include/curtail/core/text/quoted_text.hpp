// SPDX-License-Identifier: MIT
#pragma once
// Untrusted text inside an error message.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>

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

// Returns `text` with its control characters, which a terminal would obey, and its bytes that are not UTF-8 as \xNN.
[[nodiscard]] CURTAIL_NOINLINE inline std::string without_controls(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const Utf8Step step = decode_utf8(text);
        const bool control = step.code_point < 0x20 || (step.code_point >= 0x7F && step.code_point < 0xA0);
        if (step.valid && !control) {
            out += text.substr(0, step.size);
        } else {
            for (const char& c : text.substr(0, step.size)) {
                out += "\\x";
                append_hex(out, {&c, 1});
            }
        }
        text.remove_prefix(step.size);
    }
    return out;
}

}  // namespace curtail::inline v0::detail
