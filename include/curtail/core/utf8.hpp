// SPDX-License-Identifier: MIT
#pragma once
// UTF-8 in any bytes: decode, check, replace what is not UTF-8, cut between characters.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0 {

/// U+2026, which marks where a text was cut.
inline constexpr std::string_view ellipsis = "\xE2\x80\xA6";

/// The first character of bytes that may or may not be UTF-8.
struct Utf8Step {
    std::uint32_t code_point;  ///< U+FFFD if the bytes are not UTF-8.
    std::uint8_t size;         ///< Bytes consumed, 1 to 4.
    bool valid;                ///< True if the bytes are UTF-8.
};

/// Decodes the character that begins at `text[0]`; `text` must not be empty. An ill-formed sequence consumes its
/// maximal well-formed prefix, as the Unicode Standard recommends (section 3.9, "U+FFFD Substitution of Maximal
/// Subparts"). So replacing each by U+FFFD gives what Python's errors="replace" gives.
[[nodiscard]] constexpr Utf8Step decode_utf8(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    std::uint8_t length = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
    std::uint32_t code_point = 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
        code_point = lead & 0x1FU;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        code_point = lead & 0x0FU;
        if (lead == 0xE0) low = 0xA0;   // no overlong forms
        if (lead == 0xED) high = 0x9F;  // no surrogates
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        code_point = lead & 0x07U;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;  // nothing above U+10FFFF
    } else {
        return {0xFFFD, 1, false};
    }
    for (std::uint8_t i = 1; i < length; ++i) {
        if (i >= text.size() || byte(i) < low || byte(i) > high) return {0xFFFD, i, false};
        code_point = (code_point << 6U) | (byte(i) & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    return {code_point, length, true};
}

/// Appends `code_point` (0 to 0x10FFFF, not a surrogate) to `out`.
inline void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t value) { out.push_back(static_cast<char>(static_cast<unsigned char>(value))); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6U));
        put(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12U));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    } else {
        put(0xF0U | (code_point >> 18U));
        put(0x80U | ((code_point >> 12U) & 0x3FU));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    }
}

/// Returns true if all of `text` is UTF-8.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const Utf8Step step = decode_utf8(text);
        if (!step.valid) return false;
        text.remove_prefix(step.size);
    }
    return true;
}

namespace detail {

// Returns the first byte in [p, end) that is not ASCII, or end. Eight bytes take one step.
[[nodiscard]] inline const char* find_non_ascii(const char* p, const char* end) noexcept {
    for (std::uint64_t word = 0; end - p >= 8; p += 8) {
        std::memcpy(&word, p, sizeof word);
        if ((word & 0x8080808080808080U) != 0) break;
    }
    while (p != end && static_cast<unsigned char>(*p) < 0x80) ++p;
    return p;
}

// Returns how many bytes at the beginning of `text` are UTF-8 up to the first that are not.
[[nodiscard]] inline std::size_t valid_utf8_prefix(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    const char* p = find_non_ascii(text.data(), end);
    while (p != end) {
        const Utf8Step step = decode_utf8({p, static_cast<std::size_t>(end - p)});
        if (!step.valid) break;
        p = find_non_ascii(p + step.size, end);
    }
    return static_cast<std::size_t>(p - text.data());
}

// Appends `text` with every ill-formed sequence replaced by U+FFFD.
inline void append_valid_utf8(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t valid = valid_utf8_prefix(text);
        out += text.substr(0, valid);
        text.remove_prefix(valid);
        if (text.empty()) break;
        const Utf8Step step = decode_utf8(text);
        append_utf8(out, step.code_point);
        text.remove_prefix(step.size);
    }
}

}  // namespace detail

/// Returns `text` with every ill-formed sequence replaced by U+FFFD.
[[nodiscard]] inline std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    detail::append_valid_utf8(out, text);
    return out;
}

/// Returns the longest prefix of `text` of at most `max_bytes` bytes that does not end inside a UTF-8 character.
[[nodiscard]] constexpr std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes) noexcept {
    if (text.size() <= max_bytes) return text;
    std::size_t end = max_bytes;
    // A character has at most three continuation bytes; more of them are not UTF-8 and may be cut anywhere.
    for (int back = 0; back < 3 && end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U; ++back) --end;
    if ((static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) end = max_bytes;
    return text.substr(0, end);
}

}  // namespace curtail::inline v0
