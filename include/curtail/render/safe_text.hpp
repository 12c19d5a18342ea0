// SPDX-License-Identifier: MIT
#pragma once
// Text from a message made fit to be shown: nothing in it can move the cursor, break a line, turn the writing
// direction or hide, and a cut never splits what a reader takes for one character.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0 {

inline constexpr std::size_t any_width = static_cast<std::size_t>(-1);

namespace detail {

inline constexpr std::string_view shown_line_end = "\xE2\x8F\x8E";  // U+23CE, the return symbol
inline constexpr std::string_view shown_tab = "\xE2\x87\xA5";       // U+21E5, the tab symbol
inline constexpr std::string_view unshowable = "\xEF\xBF\xBD";      // U+FFFD
inline constexpr std::string_view dotted_circle = "\xE2\x97\x8C";   // U+25CC, what a mark without a letter stands on

// Joiners shape Arabic, Indic and emoji text, tags spell the flags of regions, selectors choose among
// ideographs. Anywhere else they are invisible and can only deceive.
[[nodiscard]] constexpr bool invisible_out_of_place(std::uint32_t c, std::uint32_t before,
                                                    std::uint32_t base) noexcept {
    if (c == 0x200C || c == 0x200D) return before < 0x590;
    if (c >= 0xE0020 && c <= 0xE007F) return base != 0x1F3F4;
    if (c >= 0xE0100 && c <= 0xE01EF) return base < 0x2E80;
    return false;
}

// Appends one grapheme cluster as it is shown. `text` is that cluster.
inline void append_shown(std::string& out, std::string_view text) {
    // The Stream-Safe Text Format of UAX #15 allows 30 marks on a letter; more are a stunt that could fill a
    // message.
    constexpr int most_parts = 31;
    const std::uint32_t base = decode_utf8(text).code_point;
    const Break kind = break_of(base);
    if (text == "\r\n" || base == '\n' || base == '\r' || base == 0x85 || base == 0x2028 || base == 0x2029) {
        out += shown_line_end;
        return;
    }
    if (base == '\t') {
        out += shown_tab;
        return;
    }
    if (base < 0x20 || base == 0x7F) {
        append_utf8(out,
                    base == 0x7F ? 0x2421 : 0x2400 + base);  // the control pictures: ESC is shown as U+241B
        return;
    }
    if (kind == Break::extend && !is_skin_tone(base) && out.empty()) out += dotted_circle;
    std::uint32_t before = 0;
    for (int part = 0; !text.empty(); ++part) {
        const Utf8Step step = decode_utf8(text);
        const std::uint32_t c = step.code_point;
        const bool noncharacter = (c & 0xFFFEU) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
        if (part == most_parts) {
            out += unshowable;
            return;
        }
        if (!step.valid || noncharacter || break_of(c) == Break::control || invisible_out_of_place(c, before, base)) {
            out += unshowable;
        } else {
            out += text.substr(0, step.size);
        }
        before = c;
        text.remove_prefix(step.size);
    }
}

[[nodiscard]] constexpr bool is_plain_ascii(char c) noexcept {
    return c >= 0x20 && c < 0x7F;
}

}  // namespace detail

// `text` on one line of at most `max_width` cells; where it is longer it ends in U+2026. Line ends become
// U+23CE, tabs U+21E5, other control characters their pictures (ESC is U+241B). Bidi controls, invisible
// format characters, noncharacters and bytes that are not UTF-8 become U+FFFD. No more of a long text is read
// than is shown.
[[nodiscard]] inline std::string safe_text(std::string_view text, std::size_t max_width = any_width) {
    std::string out;
    std::size_t width = 0;
    std::size_t room = 0;  // the size of `out` up to which it leaves a cell for the ellipsis
    while (!text.empty()) {
        const std::size_t before = out.size();
        std::size_t size = 1;
        if (detail::is_plain_ascii(text[0]) && (text.size() == 1 || detail::is_plain_ascii(text[1]))) {
            out.push_back(text[0]);
            width += 1;
        } else {
            size = detail::next_grapheme(text).size;
            detail::append_shown(out, text.substr(0, size));
            width += detail::display_width(std::string_view(out).substr(before));
        }
        if (width > max_width) {
            out.resize(room);
            if (max_width > 0) out += ellipsis;
            return out;
        }
        if (width < max_width) room = out.size();
        text.remove_prefix(size);
    }
    return out;
}

// Like safe_text, but line ends stay line ends: for text of several lines that has a block to itself.
[[nodiscard]] inline std::string safe_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t end = text.find_first_of("\r\n");
        if (end == std::string_view::npos) end = text.size();
        out += safe_text(text.substr(0, end));
        text.remove_prefix(end);
        if (text.empty()) break;
        const bool pair = text.size() > 1 && text[0] == '\r' && text[1] == '\n';
        text.remove_prefix(pair ? 2 : 1);
        out.push_back('\n');
    }
    return out;
}

// Safe text cut to `max_width` cells: its beginning, then U+2026.
[[nodiscard]] inline std::string clip_end(std::string_view text, std::size_t max_width) {
    if (detail::display_width(text) <= max_width) return std::string(text);
    if (max_width == 0) return {};
    return std::string(detail::display_prefix(text, max_width - 1)) + std::string(ellipsis);
}

// Safe text cut to `max_width` cells: `head` of every 100 cells from its beginning, U+2026, the rest from its
// end. A path keeps its file name this way, a traceback its last line.
[[nodiscard]] inline std::string clip_middle(std::string_view text, std::size_t max_width, std::size_t head = 50) {
    std::size_t width = detail::display_width(text);
    if (width <= max_width) return std::string(text);
    if (max_width == 0) return {};
    const std::string_view front = detail::display_prefix(text, (max_width - 1) * head / 100);
    const std::size_t back = max_width - 1 - detail::display_width(front);
    std::string_view rest = text.substr(front.size());
    width -= detail::display_width(front);
    while (width > back) {
        const detail::Grapheme grapheme = detail::next_grapheme(rest);
        width -= grapheme.width;
        rest.remove_prefix(grapheme.size);
    }
    // Marks without a cell that stood on a character that is gone go with it.
    while (!rest.empty() && detail::next_grapheme(rest).width == 0 && rest[0] != '\n')
        rest.remove_prefix(detail::next_grapheme(rest).size);
    return std::string(front) + std::string(ellipsis) + std::string(rest);
}

// The text of a number cut to `max_width` cells. The exponent stays: "1.23456e-05" becomes "1.23…e-05", never
// "1.2345…".
[[nodiscard]] inline std::string clip_number(std::string_view text, std::size_t max_width) {
    const std::size_t exponent = text.find_first_of("eE");
    if (exponent == std::string_view::npos || text.size() <= max_width) return clip_end(text, max_width);
    const std::string_view tail = text.substr(exponent);
    if (tail.size() + 2 > max_width) return clip_end(text, max_width);
    return clip_end(text.substr(0, exponent), max_width - tail.size()) + std::string(tail);
}

}  // namespace curtail::inline v0
