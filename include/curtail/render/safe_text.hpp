// SPDX-License-Identifier: MIT
#pragma once
// Text from a message, made safe to show: it cannot move the cursor, break a line, turn the writing direction or hide.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0 {

/// As a width: no limit.
inline constexpr std::size_t any_width = static_cast<std::size_t>(-1);

/// Returns `text` on one line of at most `max_width` cells of a terminal. A longer text is cut and ends in U+2026.
///
/// Wide characters and emoji take two cells. A cut never splits what a reader sees as one character, such as an emoji
/// family or a letter with its accents. Not more of a long text is read than is shown.
///
/// | in `text` | shown as |
/// |---|---|
/// | line ends | U+23CE |
/// | tab | U+21E5 |
/// | other ASCII control characters | their pictures: ESC is U+241B |
/// | bidi controls, other control and format characters, noncharacters, bytes that are not UTF-8 | U+FFFD |
/// | fillers, and joiners, selectors and tags outside of the emoji and scripts that need them | U+FFFD |
/// | more than 30 combining marks on one letter | U+FFFD |
///
/// @code
/// std::fprintf(stderr, "bot: %s\n", curtail::safe_text(payload.progress.message, 80).c_str());
/// @endcode
[[nodiscard]] std::string safe_text(std::string_view text, std::size_t max_width = any_width);

/// Returns `text` with the characters & < > " ' as entities, for the text or a quoted attribute of an HTML page.
///
/// @code
/// page += "<td>" + curtail::escape_html(curtail::safe_text(cell.text, 80)) + "</td>";
/// @endcode
[[nodiscard]] std::string escape_html(std::string_view text);

/// Returns what safe_text() returns of each line of `text`, for text of several lines such as a traceback. Every line
/// end becomes "\n".
[[nodiscard]] std::string safe_lines(std::string_view text);

/// Returns the beginning of a safe `text` and U+2026, together `max_width` cells; or `text` if it is not wider.
[[nodiscard]] std::string clip_end(std::string_view text, std::size_t max_width);

/// Returns the beginning of a safe `text`, U+2026 and its end, together `max_width` cells; or `text` if it is not
/// wider. `head` is the percentage of the cells that the beginning gets. Keeps the file name of a path and the last
/// line of a traceback.
[[nodiscard]] std::string clip_middle(std::string_view text, std::size_t max_width, std::size_t head = 50);

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <cstdint>

#include <curtail/core/utf8.hpp>
#include <curtail/render/text/display_width.hpp>
#include <curtail/render/text/invisible.hpp>

namespace curtail::inline v0 {
namespace detail {

inline constexpr std::string_view shown_line_end = "\xE2\x8F\x8E";  // U+23CE, the return symbol
inline constexpr std::string_view shown_tab = "\xE2\x87\xA5";       // U+21E5, the tab symbol
inline constexpr std::string_view unshowable = "\xEF\xBF\xBD";      // U+FFFD
inline constexpr std::string_view dotted_circle = "\xE2\x97\x8C";   // U+25CC, the base of a mark without a letter

// The Stream-Safe Text Format of UAX #15 allows 30 marks on a letter. More could fill a message.
inline constexpr int max_cluster_parts = 31;

[[nodiscard]] constexpr bool is_line_end(std::uint32_t c) noexcept {
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

[[nodiscard]] constexpr bool is_noncharacter(std::uint32_t c) noexcept {
    return (c & 0xFFFEU) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

// Appends one grapheme cluster as it is shown: the first `size` bytes of `text`. `before` is the code point before it.
inline void append_shown(std::string& out, std::string_view text, std::size_t size, std::uint32_t before) {
    const std::uint32_t first = decode_utf8(text).code_point;
    if (is_line_end(first)) {
        out += shown_line_end;
        return;
    }
    if (first == '\t') {
        out += shown_tab;
        return;
    }
    if (first < 0x20 || first == 0x7F) {
        append_utf8(out, first == 0x7F ? 0x2421 : 0x2400 + first);  // the control pictures
        return;
    }
    const std::size_t flag = flag_of_tags(text);
    Place at{.base = flag > 0 ? 0 : before, .before = flag > 0 ? 0 : before, .after = {}};
    if (flag == 0 && out.empty() && break_of(first) == Break::extend && !is_skin_tone(first) &&
        !is_invisible(first, {.after = text.substr(decode_utf8(text).size)})) {
        out += dotted_circle;
    }
    out += text.substr(0, flag);
    std::size_t done = flag;
    for (int part = 0; done < size; ++part) {
        if (part == max_cluster_parts) {
            out += unshowable;
            return;
        }
        const Utf8Step step = decode_utf8(text.substr(done));
        const std::uint32_t c = step.code_point;
        const std::string_view bytes = text.substr(done, step.size);
        done += step.size;
        at.after = text.substr(done);
        const Break kind = break_of(c);
        const bool control = kind == Break::control && c != vowel_separator;
        const bool shown = step.valid && !is_noncharacter(c) && !control && !is_invisible(c, at);
        out += shown ? bytes : unshowable;
        at.before = shown ? c : 0;
        if (kind != Break::extend && kind != Break::joiner) at.base = at.before;
    }
}

[[nodiscard]] constexpr bool is_plain_ascii(char c) noexcept {
    return c >= 0x20 && c < 0x7F;
}

}  // namespace detail

CURTAIL_INLINE std::string safe_text(std::string_view text, std::size_t max_width) {
    std::string out;
    std::size_t width = 0;
    std::size_t cut = 0;     // the size to cut `out` to, so that the ellipsis has its cell
    std::uint32_t last = 0;  // code point before `text`
    while (!text.empty()) {
        const std::size_t before = out.size();
        std::size_t size = 1;
        if (detail::is_plain_ascii(text[0]) && (text.size() == 1 || detail::is_plain_ascii(text[1]))) {
            out.push_back(text[0]);
            width += 1;
            last = static_cast<std::uint8_t>(text[0]);
        } else {
            size = detail::next_grapheme(text).size;
            detail::append_shown(out, text, size, last);
            last = detail::last_code_point(text.substr(0, size));
            width += detail::display_width(std::string_view(out).substr(before));
        }
        if (width > max_width) {
            out.resize(cut);
            if (max_width > 0) out += ellipsis;
            return out;
        }
        if (width < max_width) cut = out.size();
        text.remove_prefix(size);
    }
    return out;
}

CURTAIL_INLINE std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

CURTAIL_INLINE std::string safe_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
        out += safe_text(line);
        text.remove_prefix(line.size());
        if (text.empty()) break;
        text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
        out.push_back('\n');
    }
    return out;
}

CURTAIL_INLINE std::string clip_end(std::string_view text, std::size_t max_width) {
    if (detail::display_width(text) <= max_width) return std::string(text);
    if (max_width == 0) return {};
    std::string out(detail::display_prefix(text, max_width - 1));
    out += ellipsis;
    return out;
}

CURTAIL_INLINE std::string clip_middle(std::string_view text, std::size_t max_width, std::size_t head) {
    std::size_t width = detail::display_width(text);
    if (width <= max_width) return std::string(text);
    if (max_width == 0) return {};
    std::string out(detail::display_prefix(text, (max_width - 1) * (std::min)(head, std::size_t{100}) / 100));
    text.remove_prefix(out.size());
    const std::size_t front_width = detail::display_width(out);
    const std::size_t back_width = max_width - 1 - front_width;
    width -= front_width;
    // Marks of width 0 go with the character that they stand on.
    while (!text.empty()) {
        const detail::Grapheme grapheme = detail::next_grapheme(text);
        if (width <= back_width && (grapheme.width > 0 || text[0] == '\n')) break;
        width -= grapheme.width;
        text.remove_prefix(grapheme.size);
    }
    out += ellipsis;
    out += text;
    return out;
}

}  // namespace curtail::inline v0
#endif
