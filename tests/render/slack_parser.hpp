// SPDX-License-Identifier: MIT
#pragma once
// What Slack shows of a text of its mrkdwn (api.slack.com/reference/surfaces/formatting), stricter than Slack: any mark
// that curtail has no reason to write is an error.

#include <cstddef>
#include <string>
#include <string_view>

namespace slack {

struct Shown {
    std::string text;
    std::string error;  // empty when the markup is sound
};

// Takes the character or entity at the beginning of `text` and returns true if it may stand there.
inline bool take(std::string_view& text, std::string& out) {
    constexpr std::string_view entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
    for (const auto& entity : entities) {
        if (text.starts_with(entity[0])) {
            out += entity[1];
            text.remove_prefix(entity[0].size());
            return true;
        }
    }
    if (std::string_view("&<>").find(text[0]) != std::string_view::npos) return false;
    out += text[0];
    text.remove_prefix(1);
    return true;
}

inline Shown shown(std::string_view text) {
    Shown out;
    bool bold = false;
    while (!text.empty()) {
        if (text.starts_with("```")) {
            text.remove_prefix(3);
            if (!text.starts_with('\n')) return {out.text, "a fence with a word behind it"};
            text.remove_prefix(1);
            while (!text.starts_with("\n```")) {
                if (text.empty() || text.starts_with("```")) return {out.text, "an open fence"};
                if (!take(text, out.text)) return {out.text, "a bare character in a block"};
            }
            text.remove_prefix(4);
            if (!text.empty() && text[0] != '\n') return {out.text, "text behind a block"};
        } else if (text[0] == '`') {
            text.remove_prefix(1);
            const std::size_t before = out.text.size();
            while (!text.starts_with('`')) {
                if (text.empty() || text[0] == '\n') return {out.text, "open code"};
                if (!take(text, out.text)) return {out.text, "a bare character in code"};
            }
            if (out.text.size() == before) return {out.text, "empty code"};
            text.remove_prefix(1);
        } else if (text[0] == '*') {
            bold = !bold;
            text.remove_prefix(1);
        } else if (text[0] == '_' || text[0] == '~' || text[0] == '@' || text[0] == '#') {
            return {out.text, std::string("a mark ") + text[0]};
        } else if (!take(text, out.text)) {
            return {out.text, "a bare character"};
        }
    }
    if (bold) out.error = "open bold";
    return out;
}

}  // namespace slack
