// SPDX-License-Identifier: MIT
#pragma once
// Numbers as text: integers exactly, floating-point numbers by the shortest digits that read back to the same bits.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#if __has_include(<dragonbox/dragonbox.h>)
#include <dragonbox/dragonbox.h>
#endif

namespace curtail::inline v0 {

// Room that any of the functions below may need, in bytes: "-1.7976931348623157e+308" has 24.
inline constexpr std::size_t max_number_chars = 32;

namespace detail {

inline constexpr char digit_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    "555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

[[nodiscard]] constexpr unsigned count_digits(std::uint64_t value) noexcept {
    unsigned digits = 1;
    for (;;) {
        if (value < 10) return digits;
        if (value < 100) return digits + 1;
        if (value < 1000) return digits + 2;
        if (value < 10000) return digits + 3;
        value /= 10000U;
        digits += 4;
    }
}

// Writes exactly `digits` decimal digits of `value`, two at a time from the right: a division by 100 gives two for the
// price of one.
inline void write_digits(char* out, std::uint64_t value, unsigned digits) noexcept {
    while (digits >= 2) {
        digits -= 2;
        std::memcpy(out + digits, digit_pairs + 2 * (value % 100U), 2);
        value /= 100U;
    }
    if (digits == 1) *out = static_cast<char>('0' + value % 10U);
}

// The shortest digits of a finite positive number: value = digits * 10^exponent, no trailing zeros.
struct ShortestDigits {
    std::uint64_t digits;
    int exponent;
};

struct ToCharsDigits {
    template <class Float>
    [[nodiscard]] static ShortestDigits of(Float value) noexcept {
        char text[max_number_chars];
        const char* const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
        std::uint64_t digits = 0;
        int exponent = 0;
        const char* at = text;
        for (bool after_point = false; *at != 'e'; ++at) {
            if (*at == '.') {
                after_point = true;
            } else {
                digits = digits * 10U + static_cast<std::uint64_t>(*at - '0');
                exponent -= after_point ? 1 : 0;
            }
        }
        ++at;
        int power = 0;
        std::from_chars(*at == '+' ? at + 1 : at, end, power);
        return {digits, exponent + power};
    }
};

#if __has_include(<dragonbox/dragonbox.h>)
struct DragonboxDigits {
    template <class Float>
    [[nodiscard]] static ShortestDigits of(Float value) noexcept {
        const auto decimal = jkj::dragonbox::to_decimal(value, jkj::dragonbox::policy::sign::ignore);
        return {decimal.significand, decimal.exponent};
    }
};
using DefaultDigits = DragonboxDigits;
#else
using DefaultDigits = ToCharsDigits;
#endif

}  // namespace detail

// Writes `value` and returns the end. `out` must have max_number_chars bytes.
template <class Integer>
requires std::is_integral_v<Integer>
inline char* write_integer(char* out, Integer value) noexcept {
    auto magnitude = static_cast<std::uint64_t>(value);
    if constexpr (std::is_signed_v<Integer>) {
        if (value < 0) {
            *out++ = '-';
            magnitude = 0 - magnitude;
        }
    }
    const unsigned digits = detail::count_digits(magnitude);
    detail::write_digits(out, magnitude, digits);
    return out + digits;
}

// Writes a finite float or double as Python's repr() lays it out, and returns the end: at least one digit on either side
// of the point, an exponent of at least two digits below 1e-4 and from 1e16 on. A float gets its own shortest digits, so
// 0.1f is "0.1". The digits are the same whether Dragonbox or std::to_chars supplies them. `out` must have
// max_number_chars bytes.
template <class Float, class Digits = detail::DefaultDigits>
requires std::is_floating_point_v<Float>
inline char* write_floating(char* out, Float value) noexcept {
    using Bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
    Bits bits = 0;
    static_assert(sizeof bits == sizeof value, "float and double have a shortest form here; wider types have none");
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits >> (sizeof(Bits) * 8 - 1)) != 0) {
        *out++ = '-';
        value = -value;
    }
    if (value == 0) {
        std::memcpy(out, "0.0", 3);
        return out + 3;
    }
    const auto [digits, exponent] = Digits::of(value);
    const unsigned count = detail::count_digits(digits);
    const int leading = exponent + static_cast<int>(count) - 1;  // the power of ten of the first digit
    if (leading < -4 || leading >= 16) {
        detail::write_digits(out + 1, digits, count);
        out[0] = out[1];
        out[1] = '.';
        out += count == 1 ? 1 : count + 1;
        *out++ = 'e';
        *out++ = leading < 0 ? '-' : '+';
        const auto power = static_cast<unsigned>(leading < 0 ? -leading : leading);
        const unsigned width = power >= 100 ? 3 : 2;
        detail::write_digits(out, power, width);
        return out + width;
    }
    if (leading < 0) {
        std::memcpy(out, "0.0000", 6);
        out += 1 - leading;
        detail::write_digits(out, digits, count);
        return out + count;
    }
    const auto whole = static_cast<unsigned>(leading) + 1;
    if (count <= whole) {
        detail::write_digits(out, digits, count);
        std::memset(out + count, '0', whole - count);
        std::memcpy(out + whole, ".0", 2);
        return out + whole + 2;
    }
    detail::write_digits(out + 1, digits, count);
    std::memmove(out, out + 1, whole);
    out[whole] = '.';
    return out + count + 1;
}

template <class Number>
requires std::is_arithmetic_v<Number>
[[nodiscard]] inline std::string number_text(Number value) {
    char text[max_number_chars];
    if constexpr (std::is_floating_point_v<Number>) {
        return {text, write_floating(text, value)};
    } else {
        return {text, write_integer(text, value)};
    }
}

}  // namespace curtail::inline v0
