// SPDX-License-Identifier: MIT
#pragma once
// Parses Telegram's two markups (core.telegram.org/bots/api#formatting-options), independent of the renderer and
// stricter than Telegram: markup that curtail has no reason to write is an error.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace telegram {

struct Parsed {
    std::string text;
    std::string error;  // empty when the markup is sound
};

// Returns the UTF-16 units of valid UTF-8: one per lead byte, two if the character has four bytes.
inline std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

inline Parsed parse_html(std::string_view html) {
    Parsed out;
    std::vector<std::string> open;
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '>') return {out.text, "a bare >"};
        if (html[i] == '&') {
            const std::size_t end = html.find(';', i);
            const std::string entity(html.substr(i, end == std::string_view::npos ? 8 : end - i + 1));
            if (entity == "&lt;") {
                out.text += '<';
            } else if (entity == "&gt;") {
                out.text += '>';
            } else if (entity == "&amp;") {
                out.text += '&';
            } else if (entity == "&quot;") {
                out.text += '"';
            } else {
                return {out.text, "unknown entity " + entity};
            }
            i = end;
        } else if (html[i] == '<') {
            const std::size_t end = html.find('>', i);
            if (end == std::string_view::npos) return {out.text, "an open <"};
            std::string tag(html.substr(i + 1, end - i - 1));
            const bool closes = !tag.empty() && tag[0] == '/';
            if (closes) tag.erase(0, 1);
            if (tag != "b" && tag != "i" && tag != "code" && tag != "pre") return {out.text, "unknown tag " + tag};
            if (!closes) {
                if (!open.empty() && (open.back() == "pre" || open.back() == "code"))
                    return {out.text, "a tag in code"};
                open.push_back(tag);
            } else if (open.empty() || open.back() != tag) {
                return {out.text, "wrong end tag " + tag};
            } else {
                open.pop_back();
            }
            i = end;
        } else {
            out.text += html[i];
        }
    }
    if (!open.empty()) out.error = "unclosed " + open.back();
    return out;
}

inline Parsed parse_markdown_v2(std::string_view text) {
    Parsed out;
    bool bold = false;
    std::size_t i = 0;
    const auto take_code = [&](std::string_view fence) {
        while (i < text.size()) {
            if (text.substr(i).starts_with(fence)) {
                i += fence.size();
                return true;
            }
            if (text[i] == '`') return false;
            if (text[i] == '\\' && ++i == text.size()) return false;
            out.text += text[i++];
        }
        return false;
    };
    while (i < text.size()) {
        const char c = text[i];
        if (text.substr(i).starts_with("```")) {
            i += 3;
            if (i >= text.size() || text[i] != '\n') return {out.text, "a block that does not begin with a line end"};
            ++i;
            if (!take_code("```")) return {out.text, "bad block"};
        } else if (c == '`') {
            ++i;
            const std::size_t before = out.text.size();
            if (!take_code("`") || out.text.size() == before) return {out.text, "bad code"};
        } else if (c == '*') {
            bold = !bold;
            ++i;
        } else if (c == '\\') {
            if (i + 1 >= text.size() || static_cast<unsigned char>(text[i + 1]) > 126) return {out.text, "bad escape"};
            out.text += text[i + 1];
            i += 2;
        } else if (std::string_view("_[]()~>#+-=|{}.!").find(c) != std::string_view::npos) {
            return {out.text, std::string("reserved character ") + c};
        } else {
            out.text += c;
            ++i;
        }
    }
    if (bold) out.error = "unclosed *";
    return out;
}

}  // namespace telegram
