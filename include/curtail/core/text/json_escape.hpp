// SPDX-License-Identifier: MIT
#pragma once
// Text as a JSON string.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Appends the escape of a character that a JSON string cannot hold as it is: a quote, a backslash or a control
// character.
inline void append_json_escape(std::string& out, char c) {
    constexpr std::string_view named = "\"\\\b\f\n\r\t";
    constexpr std::string_view names = "\"\\bfnrt";
    out += '\\';
    if (const std::size_t i = named.find(c); i != std::string_view::npos) {
        out += names[i];
    } else {
        out += "u00";
        append_hex(out, {&c, 1});
    }
}

// Appends `text` as a JSON string. Characters above U+007F stay as they are. Ill-formed UTF-8 becomes U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    const auto must_escape = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && !must_escape(text[plain]) && static_cast<unsigned char>(text[plain]) < 0x80)
            ++plain;
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        if (must_escape(text[0])) {
            append_json_escape(out, text[0]);
            text.remove_prefix(1);
        } else {
            const Utf8Step step = decode_utf8(text);
            append_utf8(out, step.code_point);
            text.remove_prefix(step.size);
        }
    }
    out += '"';
}

}  // namespace curtail::inline v0::detail
