// SPDX-License-Identifier: MIT
#pragma once
// How many cells a text takes on a terminal, and where it may be cut: grapheme clusters of UAX #29, widths of UAX #11.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/render/text/unicode_ranges.hpp>

namespace curtail::inline v0::detail {

// What a reader sees as one character: an emoji family, a flag, a letter with its accents, a Hangul syllable.
struct Grapheme {
    std::size_t size;   // in bytes
    std::size_t width;  // in cells; 0 for marks and format characters that follow nothing
};

// Grapheme_Cluster_Break of UAX #29.
enum class Break : std::uint8_t { other, cr, lf, control, extend, joiner, flag, prepend, spacing, l, v, t, lv, lvt };

[[nodiscard]] constexpr Break break_of(std::uint32_t c) noexcept {
    if (c >= 0x20 && c < 0x7F) return Break::other;
    if (c == 0x0D) return Break::cr;
    if (c == 0x0A) return Break::lf;
    if (c < 0xA0 || c == 0xAD) return Break::control;
    if (c < 0x300) return Break::other;
    if (c == 0x200D) return Break::joiner;
    if (c >= 0x3400 && c < 0xA000) return Break::other;  // most of CJK, without a search
    if (c >= 0x1F1E6 && c <= 0x1F1FF) return Break::flag;
    if (c >= 0xAC00 && c <= 0xD7A3) return (c - 0xAC00) % 28 == 0 ? Break::lv : Break::lvt;
    if ((c >= 0x1100 && c <= 0x115F) || (c >= 0xA960 && c <= 0xA97C)) return Break::l;
    if ((c >= 0x1160 && c <= 0x11A7) || (c >= 0xD7B0 && c <= 0xD7C6)) return Break::v;
    if ((c >= 0x11A8 && c <= 0x11FF) || (c >= 0xD7CB && c <= 0xD7FB)) return Break::t;
    if (in_ranges(extending, c)) return Break::extend;
    if (in_ranges(controls, c)) return Break::control;
    if (in_ranges(spacing_marks, c)) return Break::spacing;
    if (in_ranges(prepended, c)) return Break::prepend;
    return Break::other;
}

[[nodiscard]] constexpr bool is_pictograph(std::uint32_t c) noexcept {
    return c == 0xA9 || c == 0xAE || (c >= 0x2000 && in_ranges(pictographs, c));
}

[[nodiscard]] constexpr bool is_skin_tone(std::uint32_t c) noexcept {
    return c >= 0x1F3FB && c <= 0x1F3FF;
}

// Returns true if rules GB3 to GB9b join two neighbours. GB11 to GB13 look further back and are in next_grapheme().
[[nodiscard]] constexpr bool joined(Break before, Break after) noexcept {
    if (before == Break::cr) return after == Break::lf;
    if (before == Break::lf || before == Break::control) return false;
    switch (after) {
        case Break::extend:
        case Break::joiner:
        case Break::spacing: return true;
        case Break::cr:
        case Break::lf:
        case Break::control: return false;
        case Break::l:
        case Break::lv:
        case Break::lvt: return before == Break::l || before == Break::prepend;
        case Break::v:
            return before == Break::l || before == Break::v || before == Break::lv || before == Break::prepend;
        case Break::t:
            return before == Break::v || before == Break::t || before == Break::lv || before == Break::lvt ||
                   before == Break::prepend;
        default: return before == Break::prepend;
    }
}

// Returns the cells of one code point: two for wide characters and emoji; none for combining marks, joiners, variation
// selectors, the later letters of a Hangul syllable, control and format characters; else one. A character of ambiguous
// width has one, as outside of East Asian locales.
[[nodiscard]] constexpr std::size_t code_point_width(std::uint32_t code_point) noexcept {
    if (code_point >= 0x20 && code_point < 0x7F) return 1;
    if (is_skin_tone(code_point)) return 2;  // it extends an emoji, but alone it is a square
    switch (break_of(code_point)) {
        case Break::cr:
        case Break::lf:
        case Break::control:
        case Break::extend:
        case Break::joiner:
        case Break::v:
        case Break::t: return 0;
        default: return in_ranges(wide_ranges, code_point) ? 2 : 1;
    }
}

// Returns the grapheme cluster that begins at `text[0]`; `text` must not be empty. Bytes that are not UTF-8 count as
// U+FFFD. A cluster of several parts is as wide as it is drawn: a flag, a keycap and a joined emoji have two cells.
[[nodiscard]] constexpr Grapheme next_grapheme(std::string_view text) noexcept {
    const Utf8Step first = decode_utf8(text);
    const bool ascii = first.code_point >= 0x20 && first.code_point < 0x7F;
    if (ascii && (text.size() == 1 || static_cast<std::uint8_t>(text[1]) < 0x80)) return {1, 1};
    Break before = break_of(first.code_point);
    bool picture = is_pictograph(first.code_point);  // drawn as a whole, whatever follows
    bool joinable = picture;                         // GB11: pictograph, then marks, then one joiner
    bool open_flag = before == Break::flag;          // GB12: the first half of a flag
    const bool keycap = ascii && ((first.code_point >= '0' && first.code_point <= '9') || first.code_point == '#' ||
                                  first.code_point == '*');
    std::size_t size = first.size;
    std::size_t width = code_point_width(first.code_point);
    if (before == Break::v || before == Break::t) width = 1;  // of a syllable without a beginning
    while (size < text.size()) {
        const Utf8Step step = decode_utf8(text.substr(size));
        const std::uint32_t c = step.code_point;
        const Break after = break_of(c);
        const bool pictograph = is_pictograph(c);
        const bool flag = open_flag && after == Break::flag;
        const bool sequence = joinable && before == Break::joiner && pictograph;
        if (!flag && !sequence && !joined(before, after)) break;
        const bool marks = after == Break::extend || after == Break::joiner;
        joinable = pictograph || (joinable && marks && before != Break::joiner);
        open_flag = after == Break::flag && !flag;
        if (flag || ((picture || keycap) && c == 0xFE0F) || (picture && is_skin_tone(c))) {
            width = 2;
        } else if (!picture) {
            width += code_point_width(c);
        }
        picture = picture || pictograph;
        before = after;
        size += step.size;
    }
    return {size, width};
}

// Returns the cells of a text: the sum over its grapheme clusters.
[[nodiscard]] CURTAIL_NOINLINE constexpr std::size_t display_width(std::string_view text) noexcept {
    std::size_t width = 0;
    while (!text.empty()) {
        const Grapheme grapheme = next_grapheme(text);
        width += grapheme.width;
        text.remove_prefix(grapheme.size);
    }
    return width;
}

// Returns the longest prefix of at most `cells` cells that ends between two grapheme clusters.
[[nodiscard]] constexpr std::string_view display_prefix(std::string_view text, std::size_t cells) noexcept {
    std::size_t size = 0;
    std::size_t width = 0;
    while (size < text.size()) {
        const Grapheme grapheme = next_grapheme(text.substr(size));
        if (width + grapheme.width > cells) break;
        width += grapheme.width;
        size += grapheme.size;
    }
    return text.substr(0, size);
}

}  // namespace curtail::inline v0::detail
