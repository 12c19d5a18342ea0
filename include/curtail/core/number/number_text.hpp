// SPDX-License-Identifier: MIT
#pragma once
// Numbers as text: integers exactly, floating-point numbers by the shortest digits that read back to the same bits.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

#include <curtail/core/number/digit_text.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/shortest_digits.hpp>

namespace curtail::inline v0::detail {

// Room that any of the functions below may need, in bytes. The longest text, "-1.7976931348623157e+308", has 24; the
// rest lets digits be stored in whole words.
inline constexpr std::size_t max_number_chars = 64;

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
    if (magnitude < eight * eight) {
        out = detail::write_up_to_eight_digits(out, static_cast<std::uint32_t>(magnitude / eight));
        return detail::write_eight_digits(out, static_cast<std::uint32_t>(magnitude % eight));
    }
    const std::uint64_t first = magnitude / (eight * eight);
    out = detail::write_up_to_eight_digits(out, static_cast<std::uint32_t>(first));
    detail::DigitText(magnitude - first * (eight * eight), 0).write(out);
    return out + 16;
}

// Seventeen digits and the power of ten of the first, which is not zero.
struct LaidDigits {
    DigitText text;
    int leading;
};

[[nodiscard]] inline LaidDigits laid(ShortestDigits shortest) noexcept {
    const unsigned width = count_digits(shortest.digits);
    const std::uint64_t all = shortest.digits * powers_of_ten[17 - width];
    return {{all / 10, static_cast<std::uint32_t>(all % 10)}, shortest.exponent + static_cast<int>(width) - 1};
}

template <class Float>
[[nodiscard, gnu::always_inline]] inline LaidDigits laid(SplitDigits split) noexcept {
    const std::uint64_t all = split.tens * 10 + split.last;
    if constexpr (sizeof(Float) == 4) {
        return laid(ShortestDigits{all, split.exponent});
    } else {
        // 16 digits or 17, which changes from number to number: so there is no branch on it.
        const std::uint64_t long_one = split.tens >= powers_of_ten[15] ? ~std::uint64_t{0} : 0;
        return {{all ^ ((all ^ split.tens) & long_one), split.last & static_cast<std::uint32_t>(long_one)},
                split.exponent + 15 + static_cast<int>(long_one & 1U)};
    }
}

[[nodiscard, gnu::always_inline]] inline char* write_laid(char* out, const LaidDigits& digits) noexcept {
    const unsigned count = digits.text.count();
    const int leading = digits.leading;
    if (leading < -4 || leading >= 16) {
        digits.text.write_with_point(out, 1);
        out += count == 1 ? 1 : count + 1;
        *out++ = 'e';
        *out++ = leading < 0 ? '-' : '+';
        const auto power = static_cast<std::uint32_t>(leading < 0 ? -leading : leading);
        if (power < 10) *out++ = '0';
        return write_up_to_eight_digits(out, power);
    }
    if (leading < 0) {
        std::memcpy(out, "0.0000", 6);
        out += 1 - leading;
        digits.text.write(out);
        return out + count;
    }
    const auto whole = static_cast<unsigned>(leading) + 1;
    digits.text.write_with_point(out, whole);
    return out + (count > whole ? count : whole + 1) + 1;
}

// From 1 up to below 10^11, as bits.
inline constexpr auto least_short_decimal = std::bit_cast<std::uint64_t>(1.0);
inline constexpr auto short_decimals = std::bit_cast<std::uint64_t>(1e11) - least_short_decimal;

// Writes `value`, given by its bits as well, if it has at most four decimals; a null pointer if it has more. With below
// 10^11 before the point that makes fifteen digits at most, and no two such texts read back to the same double, so the
// one that does is the shortest (C++ calls this numeric_limits<double>::digits10). 6 ns where others take 13.
[[nodiscard, gnu::always_inline]] inline char* write_short_decimal(char* out, double value,
                                                                   std::uint64_t bits) noexcept {
    constexpr std::uint64_t hidden_bit = std::uint64_t{1} << 52U;
    const double near_parts = value * 10'000.0 + 0.5;
    const auto parts = static_cast<std::uint64_t>(static_cast<std::int64_t>(near_parts));
    // value = significand / 2^scale, so the nearest number of ten-thousandths reads back to it when they differ by less
    // than half a unit. Exact, though both products wrap: the difference is below 2^53. What the product above rounded
    // to, and how, does not matter.
    const std::uint64_t significand = (bits & (hidden_bit - 1)) | hidden_bit;
    const auto scale = static_cast<unsigned>(1075 - static_cast<int>(bits >> 52U));
    const std::uint64_t off = (parts << scale) - significand * 10'000U;
    if (off + 4'999U > 9'998U) return nullptr;
    const std::uint64_t whole = parts / 10'000U;
    out = write_integer(out, whole);
    *out = '.';
    const std::uint32_t four = four_digits(static_cast<std::uint32_t>(parts - whole * 10'000U));
    store_four(out + 1, four | 0x30303030U);
    return out + 2 + (31U - static_cast<unsigned>(std::countl_zero(four | 1U))) / 8U;
}

template <class Digits, class Float>
[[nodiscard, gnu::noinline]] inline char* write_laid_of(char* out, Float value) noexcept {
    return write_laid(out, laid(Digits::of(value)));
}

// Writes a finite float or double as Python's repr() lays it out, and returns the end: at least one digit on either
// side of the point, an exponent of at least two digits below 1e-4 and from 1e16 on. A float gets its own shortest
// digits, so 0.1f is "0.1". The digits are the same whether Dragonbox or std::to_chars supplies them. `out` must have
// max_number_chars bytes.
template <class Float, class Digits = detail::DefaultDigits>
requires std::is_floating_point_v<Float>
inline char* write_floating(char* out, Float value) noexcept {
    using Bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
    static_assert(sizeof(Bits) == sizeof value, "float and double have a shortest form here; wider types have none");
    constexpr Bits sign = Bits{1} << (sizeof(Bits) * 8 - 1);
    auto bits = std::bit_cast<Bits>(value);
    *out = '-';
    out += (bits & sign) != 0 ? 1 : 0;
    bits &= static_cast<Bits>(~sign);
    value = std::bit_cast<Float>(bits);

    constexpr bool splits = requires {
        Digits::template split<Float>(bits);
    };
    if constexpr (splits) {
        // Between 0.0001 and 1 the digits need not be moved to where the first of them is known not to be zero: one too
        // many before them is a zero of "0.000", or covered by the point.
        constexpr auto least = std::bit_cast<Bits>(static_cast<Float>(1e-4));
        constexpr auto one = std::bit_cast<Bits>(Float{1});
        if (bits - least < one - least) {
            const detail::SplitDigits split = Digits::template split<Float>(bits);
            if (split.sure) [[likely]] {
                std::memcpy(out, "0.000000", 8);
                if constexpr (sizeof(Float) == 8) {
                    const detail::DigitText text(split.tens, split.last);
                    char* const digits = out + (1 - 16 - split.exponent);
                    text.write(digits);
                    out[1] = '.';
                    return digits + text.count();
                } else {
                    const std::uint64_t lanes = detail::eight_digits(static_cast<std::uint32_t>(split.tens));
                    char* const digits = out + (1 - 8 - split.exponent);
                    detail::store_lanes(digits, lanes | detail::zero_digits);
                    digits[8] = static_cast<char>('0' + split.last);
                    out[1] = '.';
                    const unsigned count = (71U - static_cast<unsigned>(std::countl_zero(lanes))) / 8U;
                    const unsigned nine = 0U - ((split.last + 15U) >> 4U);  // all ones if the last digit is not 0
                    return digits + (count ^ ((count ^ 9U) & nine));
                }
            }
        }
    }
    // Numbers as people write them, whole or with few decimals, have their digits at hand.
    constexpr auto all_whole =
        std::bit_cast<Bits>(static_cast<Float>(std::uint64_t{1} << std::numeric_limits<Float>::digits));
    bool may_be_whole = bits == 0 || (bits >= std::bit_cast<Bits>(Float{1}) && bits < all_whole);
    if constexpr (sizeof(Float) == 8) {
        if (bits - detail::least_short_decimal < detail::short_decimals) {
            if (char* const end = detail::write_short_decimal(out, value, bits)) return end;
            may_be_whole = false;
        }
    }
    if (may_be_whole) {
        const auto whole = static_cast<std::int64_t>(value);
        if (static_cast<Float>(whole) == value) {
            out = write_integer(out, static_cast<std::uint64_t>(whole));
            std::memcpy(out, ".0", 2);
            return out + 2;
        }
    }
    if constexpr (splits) {
        if (Digits::template may_split<Float>(bits)) {
            const detail::SplitDigits split = Digits::template split<Float>(bits);
            if (split.sure) [[likely]]
                return detail::write_laid(out, detail::laid<Float>(split));
        }
    }
    return detail::write_laid_of<Digits>(out, value);
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

}  // namespace curtail::inline v0::detail
