// SPDX-License-Identifier: MIT
#pragma once
// Sums and products of 64-bit integers that may have more bits. Not every compiler has built-in functions for that.

#include <cstdint>

namespace curtail::inline v0::detail {

// Sets `sum` to a + b and returns true, or returns false if it does not fit.
[[nodiscard]] constexpr bool checked_add(std::int64_t a, std::int64_t b, std::int64_t& sum) noexcept {
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b) return false;
    sum = a + b;
    return true;
}

// Sets `product` to a * b, where b is positive, and returns true, or returns false if it does not fit.
[[nodiscard]] constexpr bool checked_multiply(std::int64_t a, std::int64_t b, std::int64_t& product) noexcept {
    if (a > INT64_MAX / b || a < INT64_MIN / b) return false;
    product = a * b;
    return true;
}

}  // namespace curtail::inline v0::detail
