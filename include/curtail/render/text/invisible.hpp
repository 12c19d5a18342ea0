// SPDX-License-Identifier: MIT
#pragma once
// Characters that draw nothing, and the places where one of them changes what its neighbours look like.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/render/text/display_width.hpp>
#include <curtail/render/text/unicode_ranges.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::uint32_t vowel_separator = 0x180E;  // of Mongolian; its class is Break::control

// The neighbours of a character in its text.
struct Place {
    std::uint32_t base = 0;    // the last character before it that is not a mark
    std::uint32_t before = 0;  // the one before it
    std::string_view after;    // the text behind it
};

[[nodiscard]] constexpr std::uint32_t next_code_point(std::string_view text) noexcept {
    return text.empty() ? 0 : decode_utf8(text).code_point;
}

// Returns the last code point of a valid or invalid UTF-8 `text`, which is not empty.
[[nodiscard]] constexpr std::uint32_t last_code_point(std::string_view text) noexcept {
    std::uint32_t last = 0;
    for (; !text.empty(); text.remove_prefix(decode_utf8(text).size)) last = decode_utf8(text).code_point;
    return last;
}

[[nodiscard]] constexpr bool within(std::uint32_t c, std::uint32_t first, std::uint32_t last) noexcept {
    return c >= first && c <= last;
}

[[nodiscard]] constexpr bool is_variation_selector(std::uint32_t c) noexcept {
    return within(c, 0xFE00, 0xFE0F) || within(c, 0xE0100, 0xE01EF);
}

// Returns true if the selector `c` chooses the look of the character before it: a picture or its text form, a digit on
// a key, one of the variants of a symbol or an ideograph.
[[nodiscard]] constexpr bool selects(std::uint32_t c, const Place& at) noexcept {
    if (at.before != at.base) return false;
    if (c == 0xFE0E || c == 0xFE0F) {
        return is_pictograph(at.base) || (c == 0xFE0F && at.base < 0x80 && next_code_point(at.after) == 0x20E3);
    }
    if (c >= 0xE0100) return within(at.base, 0x3400, 0x9FFF) || within(at.base, 0xF900, 0xFAFF) || at.base >= 0x20000;
    return c <= 0xFE02 && in_ranges(with_variants, at.base);
}

// Returns true if the joiner `c` changes the form of its neighbours. A non-joiner parts two cursive letters, a joiner
// gives one the form that it has beside another; after or before a virama both choose the form of a consonant; and a
// joiner makes one picture of two (RFC 5892 A.1 and A.2, UTS #51).
[[nodiscard]] constexpr bool joins(std::uint32_t c, const Place& at) noexcept {
    const std::uint32_t after = next_code_point(at.after);
    const bool behind_virama = in_ranges(viramas, at.before) && at.before >> 7 == at.base >> 7;  // of one script
    const bool before_virama = in_ranges(viramas, after) && after >> 7 == at.base >> 7 && at.before == at.base;
    if (behind_virama || before_virama) return true;
    if (at.before == 0x200C || at.before == 0x200D) return false;
    const bool letter_before = in_ranges(cursive, at.base);
    const bool letter_after = in_ranges(cursive, after);
    if (c == 0x200C) return letter_before && letter_after;
    if (letter_before != letter_after) return true;
    const bool picture_ends = at.before == at.base || at.before == 0xFE0F || is_skin_tone(at.before);
    return picture_ends && in_ranges(joined_pictures, at.base) && in_ranges(joining_pictures, after);
}

// Returns true if the Hangul filler `c` holds the place of a letter that its syllable lacks.
[[nodiscard]] constexpr bool fills_syllable(std::uint32_t c, const Place& at) noexcept {
    const std::uint32_t after = next_code_point(at.after);
    if (c == 0x1160) return break_of(at.before) == Break::l && break_of(after) == Break::t;
    if (after != 0x1160) return break_of(after) == Break::v;
    return break_of(next_code_point(at.after.substr(decode_utf8(at.after).size))) == Break::t;
}

// Returns true if Mongolian's vowel separator changes the form of its neighbours: a letter, which a selector may
// follow, and the vowel a or e at the end of the word.
[[nodiscard]] constexpr bool separates_vowel(const Place& at) noexcept {
    const std::uint32_t after = next_code_point(at.after);
    const bool selector = within(at.before, 0x180B, 0x180F) && at.before != vowel_separator;
    return (selector || within(at.before, 0x1820, 0x1878)) && (after == 0x1820 || after == 0x1821);
}

// Returns true if `c` draws nothing, alone or beside these neighbours: a format character without its sequence, a
// filler, a blank letter, an invisible mark of another script. The caller handles flags, and Break::control
// except for the vowel separator.
[[nodiscard]] constexpr bool is_invisible(std::uint32_t c, const Place& at) noexcept {
    if (c < 0x34F) return false;
    if (is_variation_selector(c)) return !selects(c, at);
    if (within(c, 0xE0020, 0xE007F)) return true;
    const std::uint32_t after = next_code_point(at.after);
    switch (c) {
        case 0x200C:
        case 0x200D: return !joins(c, at);
        case 0x034F: return !(within(at.before, 0x0591, 0x05C7) && within(after, 0x0591, 0x05C7));  // Hebrew points
        case 0x115F:
        case 0x1160: return !fills_syllable(c, at);
        case 0x17B4:  // vowels that Khmer does not write
        case 0x17B5:
        case 0x3164:  // fillers of an old Korean encoding
        case 0xFFA0: return true;
        case 0x180B:
        case 0x180C:
        case 0x180D:
        case 0x180F: return !(at.before == at.base && within(at.base, 0x1820, 0x18AA));
        case vowel_separator: return !separates_vowel(at);
        case 0x2800: return !within(at.before, 0x2801, 0x28FF) && !within(after, 0x2801, 0x28FF);  // Braille
        case 0x16FE4: return !within(at.before, 0x18B00, 0x18CFF);                                 // Khitan filler
        case 0x1D159: return !within(after, 0x1D165, 0x1D172);  // a note without a head
        default: break;
    }
    return in_ranges(stackers, c) && (at.base >> 8 != c >> 8 || after >> 8 != c >> 8);
}

// Returns the size of the flag of England, Scotland or Wales at the beginning of `text`, or 0. No other flags are made
// of tags, and a tag shows nowhere else.
[[nodiscard]] constexpr std::size_t flag_of_tags(std::string_view text) noexcept {
    if (!text.starts_with("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2")) return 0;  // a black flag, g, b
    constexpr std::string_view parts[] = {"\xF3\xA0\x81\xA5\xF3\xA0\x81\xAE\xF3\xA0\x81\xA7\xF3\xA0\x81\xBF",
                                          "\xF3\xA0\x81\xB3\xF3\xA0\x81\xA3\xF3\xA0\x81\xB4\xF3\xA0\x81\xBF",
                                          "\xF3\xA0\x81\xB7\xF3\xA0\x81\xAC\xF3\xA0\x81\xB3\xF3\xA0\x81\xBF"};
    for (const std::string_view part : parts) {
        if (text.substr(12).starts_with(part)) return 12 + part.size();
    }
    return 0;
}

}  // namespace curtail::inline v0::detail
