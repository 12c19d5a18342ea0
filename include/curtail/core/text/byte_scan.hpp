// SPDX-License-Identifier: MIT
#pragma once
// Finds the end of a run of plain bytes: sixteen bytes per step with SSE2, eight per step elsewhere.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

#include <curtail/core/text/ascii.hpp>

namespace curtail::inline v0::detail {

// Returns true if `c` cannot be inside a string as it is: a quote, a backslash or a control character.
[[nodiscard]] constexpr bool stops_string(char c) noexcept {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

#if defined(__SSE2__) || defined(_M_X64)

// Returns a bit for each of sixteen bytes for which stops_string() is true.
[[nodiscard]] inline unsigned string_stops(const char* p) noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control)));
}

// Returns a bit for each of sixteen bytes that is not a digit.
[[nodiscard]] inline unsigned non_digits(const char* p) noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const __m128i shifted = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(shifted, _mm_set1_epi8(9)), shifted);
    return static_cast<unsigned>(_mm_movemask_epi8(digits)) ^ 0xFFFFU;
}

// Returns the first byte in [p, end) for which stops_string() is true, or end.
[[nodiscard]] inline const char* find_string_stop(const char* p, const char* end) noexcept {
    for (; end - p >= 16; p += 16) {
        if (const unsigned found = string_stops(p); found != 0) return p + std::countr_zero(found);
    }
    while (p != end && !stops_string(*p)) ++p;
    return p;
}

// Returns the first byte in [p, end) that is not a digit, or end.
[[nodiscard]] inline const char* find_non_digit(const char* p, const char* end) noexcept {
    for (; end - p >= 16; p += 16) {
        if (const unsigned found = non_digits(p); found != 0) return p + std::countr_zero(found);
    }
    while (p != end && is_digit(*p)) ++p;
    return p;
}

#else

constexpr std::uint64_t every_byte(std::uint64_t byte) noexcept {
    return byte * 0x0101010101010101U;
}

// Returns true if any byte of `word` is zero, for any byte order.
[[nodiscard]] constexpr bool has_zero_byte(std::uint64_t word) noexcept {
    return ((word - every_byte(0x01)) & ~word & every_byte(0x80)) != 0;
}

[[nodiscard]] inline const char* find_string_stop(const char* p, const char* end) noexcept {
    for (std::uint64_t word = 0; end - p >= 8; p += 8) {
        std::memcpy(&word, p, sizeof word);
        // A control character is a byte whose upper three bits are all clear.
        if (has_zero_byte(word ^ every_byte('"')) || has_zero_byte(word ^ every_byte('\\')) ||
            has_zero_byte(word & every_byte(0xE0))) {
            break;
        }
    }
    while (p != end && !stops_string(*p)) ++p;
    return p;
}

[[nodiscard]] inline const char* find_non_digit(const char* p, const char* end) noexcept {
    while (p != end && is_digit(*p)) ++p;
    return p;
}

#endif

// Returns the first byte in [p, end) that is not white space of JSON, or end.
[[nodiscard]] inline const char* find_non_space(const char* p, const char* end) noexcept {
    while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) ++p;
    return p;
}

}  // namespace curtail::inline v0::detail
