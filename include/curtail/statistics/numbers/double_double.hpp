// SPDX-License-Identifier: MIT
#pragma once
// Numbers of twice a double's precision, as far as sums of many numbers need them.

#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// An unevaluated sum of two doubles (Dekker 1971): `low` holds the digits that `high` has no room for. Keeps some 31
// digits. Results beyond the range of a double become infinite or NaN.
struct DoubleDouble {
    double high = 0;
    double low = 0;

    // Returns a + b exactly, as product() returns a * b.
    [[nodiscard]] static DoubleDouble sum(double a, double b) noexcept {
        const double high = rounded(a + b);
        const double added = rounded(high - a);
        return {high, (a - rounded(high - added)) + (b - added)};
    }
    [[nodiscard]] static DoubleDouble product(double a, double b) noexcept {
        const double high = rounded(a * b);
        const double a_head = head_of(a);
        const double b_head = head_of(b);
        const double a_rest = a - a_head;
        const double b_rest = b - b_head;
        return {high, ((a_head * b_head - high) + a_head * b_rest + a_rest * b_head) + a_rest * b_rest};
    }

    // Returns the product with a power of two, which is exact unless it is beyond a double.
    [[nodiscard]] DoubleDouble times_power_of_two(double power) const noexcept { return {high * power, low * power}; }

    // Returns the nearest double, and the even one of two that are equally near. A number that is almost in the middle
    // of two counts as the middle, because rounding may have moved it from there: means of integers are often there.
    [[nodiscard]] double value() const noexcept {
        const double cut = high * 0x1p-30;  // leaves of `low` multiples of a 2^30th of the last digit of `high`
        return high + (rounded(low + cut) - cut);
    }

    friend DoubleDouble operator-(const DoubleDouble& a) noexcept { return {-a.high, -a.low}; }
    friend DoubleDouble operator+(const DoubleDouble& a, const DoubleDouble& b) noexcept {
        DoubleDouble highs = sum(a.high, b.high);
        const DoubleDouble lows = sum(a.low, b.low);
        highs = sum(highs.high, highs.low + lows.high);
        return sum(highs.high, highs.low + lows.low);
    }
    friend DoubleDouble operator-(const DoubleDouble& a, const DoubleDouble& b) noexcept { return a + -b; }
    friend DoubleDouble operator*(const DoubleDouble& a, const DoubleDouble& b) noexcept {
        const DoubleDouble highs = product(a.high, b.high);
        return sum(highs.high, highs.low + (a.high * b.low + a.low * b.high));
    }
    friend DoubleDouble operator/(const DoubleDouble& a, double b) noexcept {
        const double quotient = rounded(a.high / b);
        const DoubleDouble rest = a - product(quotient, b);
        return sum(quotient, rest.high / b);
    }

  private:
    // Returns the first half of the digits.
    [[nodiscard]] static double head_of(double value) noexcept {
        const double scaled = rounded(value * 134217729.0);  // 2^27 + 1
        return rounded(scaled - rounded(scaled - value));
    }
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
