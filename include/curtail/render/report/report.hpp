// SPDX-License-Identifier: MIT
#pragma once
// What is said, apart from how it is marked up: lines of styled spans, and blocks of fixed-width text.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace curtail::inline v0::detail {

enum class Style : unsigned char {
    words,   // curtail's own words
    strong,  // curtail's own words, emphasised
    text,    // text from the message
    code,    // text from the message, or figures, in fixed width
};

// `text` is safe text (safe_text.hpp) on one line; markup escapes it, so nothing here is escaped yet.
struct Span {
    Style style;
    std::string text;
};

using Line = std::vector<Span>;

// A line, or a fixed-width block of lines when `fixed` is set.
struct Block {
    Line line;
    std::vector<std::string> fixed;
    bool gap_before = false;
};

using Report = std::vector<Block>;

// "a · b · c": appends one more item to a line of items.
inline void add_item(Line& line, Style style, std::string text) {
    if (!line.empty()) line.push_back({Style::words, " \xC2\xB7 "});
    line.push_back({style, std::move(text)});
}

}  // namespace curtail::inline v0::detail
