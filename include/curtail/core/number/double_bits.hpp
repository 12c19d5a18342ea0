// SPDX-License-Identifier: MIT
#pragma once
// Tests and orders floating-point numbers by their bits, which holds under -ffast-math as well.

#include <bit>
#include <cstdint>
#include <type_traits>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// The unsigned integer that holds the bits of a float or a double.
template <class Float>
using BitsOf = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;

// The bits of the exponent. All of them are set in infinities and NaN, and in nothing else.
template <class Float>
inline constexpr auto exponent_bits = static_cast<BitsOf<Float>>(sizeof(Float) == 4 ? 0x7F80'0000U
                                                                                    : 0x7FF0'0000'0000'0000U);

// Returns true unless `value` is NaN or infinite. std::isfinite() needs <cmath>, which costs 0.05 s per file, and
// -ffast-math makes it true for all values.
template <class Float>
requires std::is_floating_point_v<Float>
[[nodiscard]] constexpr bool is_finite(Float value) noexcept {
    return (std::bit_cast<BitsOf<Float>>(value) & exponent_bits<Float>) != exponent_bits<Float>;
}

// Returns true if `value` is NaN.
[[nodiscard]] constexpr bool is_nan(double value) noexcept {
    return std::bit_cast<std::uint64_t>(value) << 1U > exponent_bits<double> << 1U;
}

// Returns `value`, rounded to a double. Under -ffast-math a compiler simplifies (a + b) - a to b, but not
// rounded(a + b) - a.
[[nodiscard]] inline double rounded(double value) noexcept {
#if defined(__FAST_MATH__)
    volatile double kept = value;
    return kept;
#else
    return value;
#endif
}

// Returns an integer that compares as `value` does among all doubles but NaN. -0.0 comes before 0.0.
[[nodiscard]] constexpr std::uint64_t order_bits(double value) noexcept {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

// Returns the double whose order_bits() are `bits`.
[[nodiscard]] constexpr double from_order_bits(std::uint64_t bits) noexcept {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
    return std::bit_cast<double>((bits & sign) != 0 ? bits & ~sign : ~bits);
}

}  // namespace curtail::inline v0::detail
