// SPDX-License-Identifier: MIT
#pragma once
// Safe text broken into lines of a width: behind spaces and punctuation, or where the line is full.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0::detail {

// Returns true if a reader expects that a line may end before the byte at `i`, as in total_|rooms, total |rooms,
// total|Rooms.
[[nodiscard]] constexpr bool may_break(std::string_view text, std::size_t i) noexcept {
    constexpr std::string_view behind = " _-./:,;|@";
    if (i == 0 || i >= text.size()) return false;
    const char before = text[i - 1];
    const char after = text[i];
    if (before >= 'a' && before <= 'z' && after >= 'A' && after <= 'Z') return true;
    if (behind.find(before) == std::string_view::npos || behind.find(after) != std::string_view::npos) return false;
    return static_cast<unsigned char>(after) < 0x80 ||
           !joined(Break::other, break_of(decode_utf8(text.substr(i)).code_point));
}

[[nodiscard]] constexpr std::string_view without_spaces_at_end(std::string_view text) noexcept {
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

// Returns the cells that `text` needs on two lines with a break that a reader expects, or on one line without any.
[[nodiscard]] constexpr std::size_t two_line_width(std::string_view text) noexcept {
    std::size_t best = display_width(text);
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (!may_break(text, i)) continue;
        const std::size_t first = display_width(without_spaces_at_end(text.substr(0, i)));
        if (first >= best) break;
        best = (std::min)(best, (std::max)(first, display_width(text.substr(i))));
    }
    return best;
}

// Returns the cells that `text` needs on two lines if it may be broken between any two graphemes. This is more than
// half of its width if a wide character is in the middle.
[[nodiscard]] constexpr std::size_t half_width(std::string_view text) noexcept {
    std::size_t half = (display_width(text) + 1) / 2;
    while (display_width(text.substr(display_prefix(text, half).size())) > half) ++half;
    return half;
}

// Returns the bytes of `text` for a line of `width` cells if another line follows: at least one grapheme. The line ends
// at a break if that leaves it more than half full, or if the rest then fits on the next line.
[[nodiscard]] constexpr std::size_t line_size(std::string_view text, std::size_t width) noexcept {
    const std::size_t full = (std::max)(display_prefix(text, width).size(), next_grapheme(text).size);
    for (std::size_t size = full; size > 0; --size) {
        if (size < text.size() && text[size] != ' ' && !may_break(text, size)) continue;
        if (size > full / 2 || display_width(text.substr(size)) <= width) return size;
    }
    return full;
}

// Returns a list of one text. An initializer list would copy it.
[[nodiscard]] inline std::vector<std::string> one_line(std::string text) {
    std::vector<std::string> lines;
    lines.push_back(std::move(text));
    return lines;
}

// Returns `text` on at most `max_lines` lines of at most `width` cells. What does not fit is cut out of the last line,
// of which clip_middle() shows `head` percent before the cut.
[[nodiscard]] inline std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t max_lines,
                                                      std::size_t head) {
    std::vector<std::string> lines;
    while (lines.size() + 1 < max_lines && display_width(text) > width) {
        const std::size_t size = line_size(text, width);
        lines.push_back(std::string(without_spaces_at_end(text.substr(0, size))));
        text.remove_prefix(size);
        text.remove_prefix((std::min)(text.find_first_not_of(' '), text.size()));
    }
    lines.push_back(clip_middle(text, width, head));
    return lines;
}

// Returns a name on at most two lines. If only a break inside a word can show it whole, the break is in the middle:
// "predi", "ction", and not "predictio", "n". A cut name keeps its end, in which names often differ.
[[nodiscard]] inline std::vector<std::string> wrapped_name(std::string_view name, std::size_t width) {
    if (two_line_width(name) > width && half_width(name) <= width) {
        const std::string_view first = display_prefix(name, half_width(name));
        return {std::string(first), std::string(name.substr(first.size()))};
    }
    return wrapped(name, width, 2, 50);
}

// Returns the text of a name or label from a message, cut in the middle to `max_width` cells.
[[nodiscard]] inline std::string short_name(std::string_view name, std::size_t max_width) {
    constexpr std::size_t longest = 1000;  // cells that are looked at
    return clip_middle(safe_text(name, longest), max_width);
}

}  // namespace curtail::inline v0::detail
