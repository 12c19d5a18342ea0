// SPDX-License-Identifier: MIT
#pragma once
// The fewest digits that read back to the same floating-point number: from Dragonbox where it is present, else from
// std::to_chars.

#include <bit>
#include <charconv>
#include <cstdint>
#include <limits>

#if __has_include(<dragonbox/dragonbox.h>)
#include <dragonbox/dragonbox.h>
#endif

namespace curtail::inline v0::detail {

// The shortest digits of a finite positive number: value = digits * 10^exponent. `digits` has at most 17 digits and may
// end in zeros.
struct ShortestDigits {
    std::uint64_t digits;
    int exponent;
};

struct ToCharsDigits {
    template <class Float>
    [[nodiscard]] static ShortestDigits of(Float value) noexcept {
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

// The same, split where a product of two numbers splits it: value = (10 * tens + last) * 10^exponent, if it is `sure`.
// `tens` has 15 or 16 digits of a double, 6 to 8 of a float.
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
        // Trailing zeros are dropped from the text, where they are one instruction; dropping them here costs divisions.
        const auto decimal = jkj::dragonbox::to_decimal(value, jkj::dragonbox::policy::sign::ignore,
                                                        jkj::dragonbox::policy::trailing_zero::ignore);
        return {decimal.significand, decimal.exponent};
    }

#if defined(__SIZEOF_INT128__)
    // 10^exponent / 2^floor(log2(10^exponent)) in units of 2^-127, rounded up, for -292 <= exponent <= 326.
    template <class Format = jkj::dragonbox::ieee754_binary64>
    [[nodiscard]] static auto power_of_ten(int exponent) noexcept {
        constexpr auto& powers = jkj::dragonbox::policy::cache::full;
        if constexpr (requires { powers.template get_cache<Format>(exponent); }) {
            return powers.template get_cache<Format>(exponent);
        } else {
            return powers.template get_cache<Format, int>(exponent);  // from Dragonbox 1.2 on
        }
    }

    // Whether split() takes the number that has these bits: a normal one, and not above the table of powers.
    template <class Float, class Bits>
    [[nodiscard]] static constexpr bool may_split(Bits bits) noexcept {
        constexpr auto least = std::bit_cast<Bits>((std::numeric_limits<Float>::min)());
        constexpr auto end = std::bit_cast<Bits>((std::numeric_limits<Float>::max)() / 4);
        return bits - least < end - least;
    }

    // The digits of nearly every positive number, given by its bits, without a branch that depends on them: 5 ns where
    // of() takes 8 and mispredicts every third random number. Where it is not sure, of() knows: for powers of two, and
    // where a comparison is closer than this arithmetic is exact (ties, and one in 10^11 other floats).
    //
    // With 10^k the greatest power of ten that is not above a unit in the last place, 2^q, the multiple of 10^k that is
    // nearest to the number reads back to it; a multiple of 10^(k+1) is shorter, and at most one lies within half a
    // unit of the number (Giulietti, The Schubfach way to render doubles, 2020). So one product, the number divided by
    // 10^(k+1), has all: the tens, and a fraction that says whether these or the next suffice, and if not, which last
    // digit is nearest. The powers of ten are Dragonbox's, 128 bits, rounded up.
    template <class Float, class Bits>
    [[nodiscard, gnu::always_inline]] static SplitDigits split(Bits bits) noexcept {
        static_assert(sizeof(Bits) == sizeof(Float));
        __extension__ using Wide = unsigned __int128;
        constexpr int fraction_bits = std::numeric_limits<Float>::digits - 1;
        constexpr int bias = std::numeric_limits<Float>::max_exponent - 1 + fraction_bits;
        constexpr std::uint64_t hidden_bit = std::uint64_t{1} << fraction_bits;

        const std::uint64_t fraction = bits & (hidden_bit - 1);
        const int q = static_cast<int>(bits >> fraction_bits) - bias;
        const int k = (q * 315'653) >> 20;  // floor(q * log10(2)), for -2620 <= q <= 2620
        const auto power = power_of_ten(-(k + 1));
        const int shift = q + ((-(k + 1) * 1'741'647) >> 19) + 4;  // with its floor(log2(power)): 0..3
        const std::uint64_t significand = (fraction | hidden_bit) << shift;

        Wide quotient = Wide{significand} * power.high();  // times 8, in units of 2^-64
        if constexpr (sizeof(Float) == 8) {
            quotient += static_cast<std::uint64_t>(Wide{significand} * power.low() >> 64U);
        }
        quotient >>= 3U;
        const auto part = static_cast<std::uint64_t>(quotient);  // of ten, in units of 2^-64
        const std::uint64_t half_unit = (power.high() >> 4U) << shift;
        const std::uint64_t above_tens = part - half_unit;
        const std::uint64_t to_next_tens = part + half_unit;
        const bool up = to_next_tens < part;
        const bool round = up || part < half_unit;
        const std::uint64_t last = (part >> 4U) * 10 + (std::uint64_t{1} << 59U);  // rounded, in units of 2^-60

        // A double's `part` is at most 1.2 too small, the half unit 8.5; a float's 2^24, as it does with half a power.
        constexpr std::uint64_t slack = sizeof(Float) == 8 ? 16 : std::uint64_t{1} << 26U;
        const bool sure = !(above_tens + slack <= 2 * slack || to_next_tens + slack <= 2 * slack ||
                            (last + 10 * slack) << 4U <= 320 * slack || fraction == 0);
        return {static_cast<std::uint64_t>(quotient >> 64U) + (up ? 1U : 0U),
                static_cast<std::uint32_t>(last >> 60U) & (round ? 0U : ~0U), k, sure};
    }

#endif
};
using DefaultDigits = DragonboxDigits;
#else
using DefaultDigits = ToCharsDigits;
#endif

}  // namespace curtail::inline v0::detail
