// SPDX-License-Identifier: MIT
#pragma once
// Numbers as text: integers exactly, floating-point numbers by the shortest digits that read back to the same bits.

#include <bit>
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

// Room that any of the functions below may need, in bytes. The longest text, "-1.7976931348623157e+308", has 24; the rest
// lets digits be stored in whole words.
inline constexpr std::size_t max_number_chars = 64;

namespace detail {

inline constexpr char digit_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    "555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

inline constexpr std::uint64_t powers_of_ten[] = {
    1U, 10U, 100U, 1'000U, 10'000U, 100'000U, 1'000'000U, 10'000'000U, 100'000'000U, 1'000'000'000U, 10'000'000'000U,
    100'000'000'000U, 1'000'000'000'000U, 10'000'000'000'000U, 100'000'000'000'000U, 1'000'000'000'000'000U,
    10'000'000'000'000'000U, 100'000'000'000'000'000U, 1'000'000'000'000'000'000U, 10'000'000'000'000'000'000U,
};

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

// 1..20. The width in bits gives the number of digits but for one, which a comparison settles.
[[nodiscard]] constexpr unsigned count_digits(std::uint64_t value) noexcept {
    value |= 1U;  // 0 has one digit
    const auto guess = static_cast<unsigned>(std::bit_width(value)) * 1233U >> 12U;
    return guess + (value >= powers_of_ten[guess] ? 1U : 0U);
}

// Eight decimal digits of `value` (below 10^8) as eight bytes 0..9, the first digit in the lowest byte: three steps that
// split four, then two, then one digit off in all lanes at once, where a loop would need eight dependent divisions.
[[nodiscard]] constexpr std::uint64_t eight_digits(std::uint32_t value) noexcept {
    const std::uint64_t fours = value / 10000U | static_cast<std::uint64_t>(value % 10000U) << 32U;
    const std::uint64_t hundreds = fours * 10486U >> 20U & 0x0000007F0000007FU;
    const std::uint64_t twos = hundreds | (fours - 100U * hundreds) << 16U;
    const std::uint64_t tens = twos * 103U >> 10U & 0x000F000F000F000FU;
    return tens | (twos - 10U * tens) << 8U;
}

// Seventeen digits in registers, the first one not zero: a layout is then a matter of shifts and stores. To write the
// digits to memory and move them there waits for the stores each time, which doubled the time of a number.
class DigitText {
  public:
    // `digits` has `width` digits, 1..17.
    DigitText(std::uint64_t digits, unsigned width) noexcept {
        constexpr std::uint64_t zeros = 0x3030303030303030U;
        digits *= powers_of_ten[17 - width];
        const std::uint64_t upper = digits / 100'000'000U;
        const std::uint64_t middle = eight_digits(static_cast<std::uint32_t>(upper % 100'000'000U));
        const std::uint64_t low = eight_digits(static_cast<std::uint32_t>(digits % 100'000'000U));
        const auto first = static_cast<char>('0' + upper / 100'000'000U);
        if (low != 0) {
            count_ = 17U - static_cast<unsigned>(std::countl_zero(low)) / 8U;
        } else if (middle != 0) {
            count_ = 9U - static_cast<unsigned>(std::countl_zero(middle)) / 8U;
        }
        first_ = static_cast<unsigned char>(first);
        middle_ = middle | zeros;
        low_ = low | zeros;
    }

    // Without the zeros at the end: 1..17.
    [[nodiscard]] unsigned count() const noexcept { return count_; }

    // All 17 digits.
    void write(char* out) const noexcept {
        out[0] = static_cast<char>(first_);
        store(out + 1, middle_);
        store(out + 9, low_);
    }

    // All 17 digits with a point behind the first `whole` of them, 1..16: 18 bytes.
    void write_with_point(char* out, unsigned whole) const noexcept {
        out[0] = static_cast<char>(first_);
        if (whole <= 8) {
            const unsigned shift = 8U * (whole - 1U);
            // The middle digits behind the point move up by a byte; the last of them goes over into the next word.
            const std::uint64_t behind = shift < 64 ? ~std::uint64_t{0} << shift : 0;
            store(out + 1, (middle_ & ~behind) | point << shift | (middle_ & behind) << 8U);
            out[9] = static_cast<char>(middle_ >> 56U);
            store(out + 10, low_);
        } else {
            store(out + 1, middle_);
            const unsigned shift = 8U * (whole - 9U);
            const std::uint64_t behind = ~std::uint64_t{0} << shift;
            store(out + 9, (low_ & ~behind) | point << shift | (low_ & behind) << 8U);
            out[17] = static_cast<char>(low_ >> 56U);
        }
    }

  private:
    static constexpr std::uint64_t point = '.';

    static void store(char* at, std::uint64_t lanes) noexcept {
        if constexpr (std::endian::native == std::endian::big) {
            for (unsigned i = 0; i < 8; ++i) at[i] = static_cast<char>(lanes >> (8U * i) & 0xFFU);
        } else {
            std::memcpy(at, &lanes, 8);
        }
    }

    std::uint64_t middle_;
    std::uint64_t low_;
    unsigned first_;
    unsigned count_ = 1;
};

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
        const auto power = static_cast<unsigned>(leading < 0 ? -leading : leading);
        const unsigned power_width = power >= 100 ? 3 : 2;
        detail::write_digits(out, power, power_width);
        return out + power_width;
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
