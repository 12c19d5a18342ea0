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

#include <curtail/core/digit_text.hpp>

namespace curtail::inline v0 {

// Room that any of the functions below may need, in bytes. The longest text, "-1.7976931348623157e+308", has 24; the rest
// lets digits be stored in whole words.
inline constexpr std::size_t max_number_chars = 64;

namespace detail {

// The shortest digits of a finite positive number: value = digits * 10^exponent. `digits` has at most 17 digits and may
// end in zeros.
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
        // Trailing zeros are dropped from the text, where they are one instruction; dropping them here costs divisions.
        const auto decimal = jkj::dragonbox::to_decimal(value, jkj::dragonbox::policy::sign::ignore,
                                                        jkj::dragonbox::policy::trailing_zero::ignore);
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
        // No branch on the sign either: the signs of real data come in no order.
        const std::uint64_t negative = value < 0 ? 1 : 0;
        *out = '-';
        out += negative;
        magnitude = (magnitude ^ (0 - negative)) + negative;
    }
    constexpr std::uint64_t eight = 100'000'000U;
    if (magnitude < eight) return detail::write_up_to_eight_digits(out, static_cast<std::uint32_t>(magnitude));
    const std::uint64_t upper = magnitude / eight;
    if (upper < eight) {
        out = detail::write_up_to_eight_digits(out, static_cast<std::uint32_t>(upper));
    } else {
        out = detail::write_up_to_eight_digits(out, static_cast<std::uint32_t>(upper / eight));
        out = detail::write_eight_digits(out, static_cast<std::uint32_t>(upper % eight));
    }
    return detail::write_eight_digits(out, static_cast<std::uint32_t>(magnitude % eight));
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
    const detail::ShortestDigits shortest = Digits::of(value);
    const unsigned width = detail::count_digits(shortest.digits);
    const detail::DigitText digits(shortest.digits, width);
    const unsigned count = digits.count();
    const int leading = shortest.exponent + static_cast<int>(width) - 1;  // the power of ten of the first digit
    if (leading < -4 || leading >= 16) {
        digits.write_with_point(out, 1);
        out += count == 1 ? 1 : count + 1;
        *out++ = 'e';
        *out++ = leading < 0 ? '-' : '+';
        const auto power = static_cast<std::uint32_t>(leading < 0 ? -leading : leading);
        if (power < 10) *out++ = '0';
        return detail::write_up_to_eight_digits(out, power);
    }
    if (leading < 0) {
        std::memcpy(out, "0.0000", 6);
        out += 1 - leading;
        digits.write(out);
        return out + count;
    }
    const auto whole = static_cast<unsigned>(leading) + 1;
    digits.write_with_point(out, whole);
    return out + (count > whole ? count : whole + 1) + 1;
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
