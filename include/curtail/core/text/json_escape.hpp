// SPDX-License-Identifier: MIT
#pragma once
// Text as a JSON string, and the escapes in one.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/text/byte_scan.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// The characters that have an escape of one letter, and these letters in the same order. A slash need not be escaped.
inline constexpr std::string_view escaped_chars = "\"\\\b\f\n\r\t/";
inline constexpr std::string_view escape_letters = "\"\\bfnrt/";

// Returns the character that a backslash and `letter` mean, or NUL if there is no such escape. `u` is not among them.
[[nodiscard]] constexpr char unescaped(char letter) noexcept {
    const std::size_t i = escape_letters.find(letter);
    return i == std::string_view::npos ? '\0' : escaped_chars[i];
}

// Appends the escape of a character that a JSON string cannot hold as it is: a quote, a backslash or a control
// character.
inline void append_json_escape(std::string& out, char c) {
    out += '\\';
    if (const std::size_t i = escaped_chars.find(c); i != std::string_view::npos) {
        out += escape_letters[i];
    } else {
        out += "u00";
        append_hex(out, {&c, 1});
    }
}

// Appends `text` as a JSON string. Characters above U+007F stay as they are. Ill-formed UTF-8 becomes U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    const char* p = text.data();
    const char* const end = p + text.size();
    for (;;) {
        const char* const stop = find_string_stop(p, end);
        append_valid_utf8(out, {p, static_cast<std::size_t>(stop - p)});
        if (stop == end) break;
        append_json_escape(out, *stop);
        p = stop + 1;
    }
    out += '"';
}

}  // namespace curtail::inline v0::detail
