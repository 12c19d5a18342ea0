// SPDX-License-Identifier: MIT
#pragma once
// The shortest digits that read back to the same floating-point number, from Dragonbox if it is present, else from
// std::to_chars.

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>

#if __has_include(<dragonbox/dragonbox.h>)
#include <dragonbox/dragonbox.h>
#endif

namespace curtail::inline v0::detail {

// The shortest digits of a finite positive number: value = digits * 10^exponent. `digits` is below 10^17 and may end in
// zeros.
struct ShortestDigits {
    std::uint64_t digits;
    int exponent;
};

struct ToCharsDigits {
    template <class Float>
    [[nodiscard]] static ShortestDigits of(Float value) noexcept {
        const StandardArithmetic standard;
        char text[32];  // "1.7976931348623157e+308" has 23
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

// The same with the last digit apart: value = (10 * tens + last) * 10^exponent, provided that `sure` is true. `tens`
// has 15 or 16 digits for a double, 6 to 8 for a float.
struct SplitDigits {
    std::uint64_t tens;
    std::uint32_t last;
    int exponent;
    bool sure;
};

#if __has_include(<dragonbox/dragonbox.h>)
struct DragonboxDigits {
    template <class Float>
    [[nodiscard]] static ShortestDigits of(Float value) noexcept {
        // Trailing zeros are dropped from the text, which takes one instruction. Here it would take divisions.
        const auto decimal = jkj::dragonbox::to_decimal(value, jkj::dragonbox::policy::sign::ignore,
                                                        jkj::dragonbox::policy::trailing_zero::ignore);
        return {decimal.significand, decimal.exponent};
    }

#if defined(__SIZEOF_INT128__)
    // Returns 10^exponent / 2^floor(log2(10^exponent)) in units of 2^-127, rounded up, for -292 <= exponent <= 326.
    template <class Format = jkj::dragonbox::ieee754_binary64>
    [[nodiscard]] static auto power_of_ten(int exponent) noexcept {
        constexpr auto& powers = jkj::dragonbox::policy::cache::full;
        if constexpr (requires { powers.template get_cache<Format>(exponent); }) {
            return powers.template get_cache<Format>(exponent);
        } else {
            return powers.template get_cache<Format, int>(exponent);  // from Dragonbox 1.2 on
        }
    }

    // Returns true if split() takes the number of these bits: a normal one within the table of powers.
    template <class Float, class Bits>
    [[nodiscard]] static constexpr bool may_split(Bits bits) noexcept {
        constexpr auto begin = std::bit_cast<Bits>((std::numeric_limits<Float>::min)());
        constexpr auto end = std::bit_cast<Bits>((std::numeric_limits<Float>::max)() / 4);
        return bits - begin < end - begin;
    }

    // Returns the digits of the positive number of these bits. Takes 5 ns without a branch on the digits; of() takes 8
    // ns and mispredicts for every third random number. The result is not sure for powers of two and where a comparison
    // is closer than this arithmetic is exact (ties, and one in 10^11 other floats).
    //
    // The names are those of Giulietti, The Schubfach way to render doubles (2020). The number is v = c * 2^q.
    //  1. Any decimal closer to v than half a unit, 2^(q-1), reads back to v. (Not below a power of two, where the
    //     unit is smaller.)
    //  2. Let 10^k <= 2^q < 10^(k+1). The multiple of 10^k nearest to v is at most 10^k / 2 <= 2^(q-1) away, so it
    //     reads back: a last digit of weight 10^k always suffices.
    //  3. The multiples of 10^(k+1) are more than 2^q apart, so at most one of them is within half a unit. If there is
    //     one, it has fewer digits than all other decimals there, and is the result.
    //  4. So one quotient decides: v / 10^(k+1) = s + f, s whole, 0 <= f < 1. With h = 2^(q-1) / 10^(k+1):
    //     s * 10^(k+1) is within half a unit if f < h, and (s + 1) * 10^(k+1) if f > 1 - h. Else the last digit is 10 *
    //     f rounded, which is at most 9 because h >= 0.05.
    //  5. s, f and h come from g, which is 1 / 10^(k+1) scaled to 128 bits and rounded up. In units of 2^-64, f of a
    //     double is at most 1.2 too small and h at most 8.5. A float uses the upper half of g alone, so its f is at
    //     most 2^24 too small. Comparisons closer than `slack` are not sure.
    template <class Float, class Bits>
    [[nodiscard]] CURTAIL_ALWAYS_INLINE static SplitDigits split(Bits bits) noexcept {
        static_assert(sizeof(Bits) == sizeof(Float));
        __extension__ using Wide = unsigned __int128;
        constexpr int fraction_bits = std::numeric_limits<Float>::digits - 1;
        constexpr int bias = std::numeric_limits<Float>::max_exponent - 1 + fraction_bits;
        constexpr std::uint64_t hidden_bit = std::uint64_t{1} << fraction_bits;

        const std::uint64_t fraction = bits & (hidden_bit - 1);
        const int q = static_cast<int>(bits >> fraction_bits) - bias;
        const int k = (q * 315'653) >> 20;  // floor(q * log10(2)), for -2620 <= q <= 2620
        const auto g = power_of_ten(-(k + 1));
        const int shift = q + ((-(k + 1) * 1'741'647) >> 19) + 4;  // q + floor(log2(10^-(k+1))) + 4: 0..3
        const std::uint64_t c = (fraction | hidden_bit) << shift;

        Wide quotient = Wide{c} * g.high();  // 8 * (s + f), in units of 2^-64
        if constexpr (sizeof(Float) == 8) quotient += static_cast<std::uint64_t>(Wide{c} * g.low() >> 64U);
        quotient >>= 3U;
        const auto s = static_cast<std::uint64_t>(quotient >> 64U);
        const auto f = static_cast<std::uint64_t>(quotient);
        const std::uint64_t h = (g.high() >> 4U) << shift;
        const std::uint64_t below = f - h;
        const std::uint64_t above = f + h;
        const bool next_tens = above < f;  // 1 wraps to 0
        const bool whole_tens = next_tens || f < h;
        const std::uint64_t last = (f >> 4U) * 10 + (std::uint64_t{1} << 59U);  // 10 * f + 0.5, in units of 2^-60

        constexpr std::uint64_t slack = sizeof(Float) == 8 ? 16 : std::uint64_t{1} << 26U;
        const bool sure = !(below + slack <= 2 * slack || above + slack <= 2 * slack ||
                            (last + 10 * slack) << 4U <= 320 * slack || fraction == 0);
        return {s + (next_tens ? 1U : 0U), static_cast<std::uint32_t>(last >> 60U) & (whole_tens ? 0U : ~0U), k, sure};
    }
#endif
};
using DefaultDigits = DragonboxDigits;
#else
using DefaultDigits = ToCharsDigits;
#endif

}  // namespace curtail::inline v0::detail
