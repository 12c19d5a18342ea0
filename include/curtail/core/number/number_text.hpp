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

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/number/digit_text.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/shortest_digits.hpp>

namespace curtail::inline v0::detail {

// The bytes that any function below may write to. The longest text, "-1.7976931348623157e+308", has 24; the functions
// store whole words and so write to some bytes after the end.
inline constexpr std::size_t max_number_chars = 64;

// Writes `value` and returns the end. `out` must have max_number_chars bytes.
template <class Integer>
requires std::is_integral_v<Integer>
inline char* write_integer(char* out, Integer value) noexcept {
    auto magnitude = static_cast<std::uint64_t>(value);
    if constexpr (std::is_signed_v<Integer>) {
        // Without a branch, which real data would mispredict.
        const auto negative = static_cast<std::uint64_t>(value < 0);
        *out = '-';
        out += negative;
        magnitude = (magnitude ^ (0 - negative)) + negative;
    }
    constexpr std::uint64_t eight = 100'000'000U;
    if (magnitude < eight) return write_up_to_eight_digits(out, static_cast<std::uint32_t>(magnitude));
    if (magnitude < eight * eight) {
        out = write_up_to_eight_digits(out, static_cast<std::uint32_t>(magnitude / eight));
        return write_eight_digits(out, static_cast<std::uint32_t>(magnitude % eight));
    }
    const std::uint64_t first = magnitude / (eight * eight);
    out = write_up_to_eight_digits(out, static_cast<std::uint32_t>(first));
    DigitText(magnitude - first * (eight * eight), 0).write(out);
    return out + 16;
}

// Seventeen digits, the first of them not zero, and its power of ten.
struct AlignedDigits {
    DigitText text;
    int exponent;
};

// Returns the digits with zeros appended, seventeen in all.
[[nodiscard]] inline AlignedDigits align(ShortestDigits shortest) noexcept {
    const unsigned width = count_digits(shortest.digits);
    const std::uint64_t all = shortest.digits * powers_of_ten[17 - width];
    return {{all / 10, static_cast<std::uint32_t>(all % 10)}, shortest.exponent + static_cast<int>(width) - 1};
}

template <class Float>
[[nodiscard]] CURTAIL_ALWAYS_INLINE inline AlignedDigits align(SplitDigits split) noexcept {
    const std::uint64_t all = split.tens * 10 + split.last;
    if constexpr (sizeof(Float) == 4) {
        return align(ShortestDigits{all, split.exponent});
    } else {
        // 16 or 17 digits, selected by a mask: a branch would mispredict, because the count changes between numbers.
        const std::uint64_t has_17 = split.tens >= powers_of_ten[15] ? ~std::uint64_t{0} : 0;
        return {{all ^ ((all ^ split.tens) & has_17), split.last & static_cast<std::uint32_t>(has_17)},
                split.exponent + 15 + static_cast<int>(has_17 & 1U)};
    }
}

// Writes digits in the layout of Python's repr().
[[nodiscard]] CURTAIL_ALWAYS_INLINE inline char* write_aligned(char* out, const AlignedDigits& digits) noexcept {
    const unsigned count = digits.text.count();
    const int exponent = digits.exponent;
    if (exponent < -4 || exponent >= 16) {
        digits.text.write_with_point(out, 1);
        out += count == 1 ? 1 : count + 1;
        *out++ = 'e';
        *out++ = exponent < 0 ? '-' : '+';
        const auto power = static_cast<std::uint32_t>(exponent < 0 ? -exponent : exponent);
        if (power < 10) *out++ = '0';
        return write_up_to_eight_digits(out, power);
    }
    if (exponent < 0) {
        std::memcpy(out, "0.0000", 6);
        out += 1 - exponent;
        digits.text.write(out);
        return out + count;
    }
    const auto whole = static_cast<unsigned>(exponent) + 1;
    digits.text.write_with_point(out, whole);
    return out + (count > whole ? count : whole + 1) + 1;
}

// The bits of positive numbers are in the order of the numbers. Each function below tests its range by one subtraction.
template <class Float>
inline constexpr auto bits_of_one = std::bit_cast<BitsOf<Float>>(Float{1});
inline constexpr auto short_decimal_end = std::bit_cast<std::uint64_t>(1e11);

// Writes a number from 0.0001 up to below 1. Returns a null pointer for any other, and if split() is not sure.
//
// In this range the place of the first digit need not be known: the digits may have one zero too many in front, which
// becomes a zero of "0.000" or is overwritten by the point.
template <class Float, class Digits>
[[nodiscard]] CURTAIL_ALWAYS_INLINE inline char* try_fraction(char* out, BitsOf<Float> bits) noexcept {
    constexpr auto begin = std::bit_cast<BitsOf<Float>>(static_cast<Float>(1e-4));
    if (bits - begin >= bits_of_one<Float> - begin) return nullptr;
    const SplitDigits split = Digits::template split<Float>(bits);
    if (!split.sure) [[unlikely]]
        return nullptr;
    std::memcpy(out, "0.000000", 8);
    if constexpr (sizeof(Float) == 8) {
        const DigitText text(split.tens, split.last);
        char* const digits = out + (1 - 16 - split.exponent);
        text.write(digits);
        out[1] = '.';
        return digits + text.count();
    } else {
        const std::uint64_t lanes = eight_digits(static_cast<std::uint32_t>(split.tens));
        char* const digits = out + (1 - 8 - split.exponent);
        store_lanes(digits, lanes | zero_digits);
        digits[8] = static_cast<char>('0' + split.last);
        out[1] = '.';
        const unsigned count = (71U - static_cast<unsigned>(std::countl_zero(lanes))) / 8U;
        const unsigned has_9 = 0U - ((split.last + 15U) >> 4U);  // all ones if the last digit is not 0
        return digits + (count ^ ((count ^ 9U) & has_9));
    }
}

// Writes a double from 1 up to below 10^11 if it has at most four decimals; else returns a null pointer. Takes 6 ns
// where other doubles take 13.
//
// Such a text has at most fifteen digits, and no two texts of fifteen digits read back to the same double
// (numeric_limits<double>::digits10). So the one that reads back to `value` is its shortest.
[[nodiscard]] CURTAIL_ALWAYS_INLINE inline char* try_short_decimal(char* out, double value,
                                                                   std::uint64_t bits) noexcept {
    if (bits - bits_of_one<double> >= short_decimal_end - bits_of_one<double>) return nullptr;
    const auto ten_thousandths = static_cast<std::uint64_t>(static_cast<std::int64_t>(value * 10'000.0 + 0.5));
    // value = significand / 2^scale. The text reads back to it if both differ by less than half a unit, which is
    // compared here in units of 1 / (10000 * 2^scale). Both products wrap, but their difference is below 2^53, so it is
    // exact. How value * 10000 was rounded above does not matter.
    constexpr std::uint64_t hidden_bit = std::uint64_t{1} << 52U;
    const std::uint64_t significand = (bits & (hidden_bit - 1)) | hidden_bit;
    const auto scale = static_cast<unsigned>(1075 - static_cast<int>(bits >> 52U));
    const std::uint64_t difference = (ten_thousandths << scale) - significand * 10'000U;
    if (difference + 4'999U > 9'998U) return nullptr;
    const std::uint64_t whole = ten_thousandths / 10'000U;
    out = write_integer(out, whole);
    *out = '.';
    const std::uint32_t four = four_digits(static_cast<std::uint32_t>(ten_thousandths - whole * 10'000U));
    store_lanes(out + 1, four | 0x30303030U);
    return out + 2 + (31U - static_cast<unsigned>(std::countl_zero(four | 1U))) / 8U;
}

// Writes a whole number that needs no exponent; else returns a null pointer. Takes 0 and the range up to 2^53 (2^24 for
// a float) from 1 on, but for the part that try_short_decimal() takes.
template <class Float>
[[nodiscard]] CURTAIL_ALWAYS_INLINE inline char* try_whole(char* out, Float value, BitsOf<Float> bits) noexcept {
    using Bits = BitsOf<Float>;
    constexpr Bits begin = sizeof(Float) == 8 ? static_cast<Bits>(short_decimal_end) : bits_of_one<Float>;
    constexpr auto end =
        std::bit_cast<Bits>(static_cast<Float>(std::uint64_t{1} << std::numeric_limits<Float>::digits));
    if (bits != 0 && bits - begin >= end - begin) return nullptr;
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<Float>(whole) != value) return nullptr;
    out = write_integer(out, static_cast<std::uint64_t>(whole));
    std::memcpy(out, ".0", 2);
    return out + 2;
}

template <class Digits, class Float>
[[nodiscard]] CURTAIL_NOINLINE inline char* write_shortest(char* out, Float value) noexcept {
    return write_aligned(out, align(Digits::of(value)));
}

// Writes a finite float or double as Python's repr() does, and returns the end: at least one digit on either side of
// the point, an exponent of at least two digits below 1e-4 and from 1e16 on. A float gets its own shortest digits, so
// 0.1f is "0.1". The digits are the same whether Dragonbox or std::to_chars supplies them.
template <class Float, class Digits = DefaultDigits>
requires std::is_floating_point_v<Float>
inline char* write_floating(char* out, Float value) noexcept {
    using Bits = BitsOf<Float>;
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
        if (char* const end = try_fraction<Float, Digits>(out, bits)) return end;
    }
    if constexpr (sizeof(Float) == 8) {
        if (char* const end = try_short_decimal(out, value, bits)) return end;
    }
    if (char* const end = try_whole(out, value, bits)) return end;
    if constexpr (splits) {
        if (Digits::template may_split<Float>(bits)) {
            const SplitDigits split = Digits::template split<Float>(bits);
            if (split.sure) [[likely]]
                return write_aligned(out, align<Float>(split));
        }
    }
    return write_shortest<Digits>(out, value);
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
