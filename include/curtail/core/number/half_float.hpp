// SPDX-License-Identifier: MIT
#pragma once
// Floating-point numbers of 16 bits as float, which holds each of them exactly.

#include <bit>
#include <cstdint>

namespace curtail::inline v0::detail {

// Returns the number that an IEEE 754 binary16 ("half") stands for.
[[nodiscard]] constexpr float float_of_half(std::uint16_t half) noexcept {
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = (half >> 10U) & 0x1FU;
    const std::uint32_t fraction = half & 0x3FFU;
    if (exponent == 0) {  // zero and the subnormals: multiples of 2^-24
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t float_exponent = exponent == 31 ? 255U : exponent + 112U;
    return std::bit_cast<float>(sign | float_exponent << 23U | fraction << 13U);
}

// Returns the number that a bfloat16 stands for: the upper half of a float.
[[nodiscard]] constexpr float float_of_bfloat(std::uint16_t upper_half) noexcept {
    return std::bit_cast<float>(static_cast<std::uint32_t>(upper_half) << 16U);
}

}  // namespace curtail::inline v0::detail
