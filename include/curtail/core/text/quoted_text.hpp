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

}  // namespace curtail::inline v0::detail
