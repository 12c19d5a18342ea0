// SPDX-License-Identifier: MIT
#pragma once
// What rounding to a double took from a large integer.

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/text/ascii.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Doubles from here on are integers, and do not hold each integer.
inline constexpr double first_inexact = 9007199254740992.0;  // 2^53

// Returns `value` minus the double nearest to it.
template <std::integral Integer>
[[nodiscard]] constexpr double residual_of(Integer value) noexcept {
    const bool negative = value < 0;
    auto size = static_cast<std::uint64_t>(value);
    if (negative) size = 0 - size;
    if (size <= std::uint64_t{1} << 53U) return 0;
    const auto rounded = static_cast<double>(size);
    // 2^64 does not fit an integer of 64 bits, where it is 0.
    const std::uint64_t whole = rounded >= 18446744073709551616.0 ? 0 : static_cast<std::uint64_t>(rounded);
    const auto rest = static_cast<double>(static_cast<std::int64_t>(size - whole));
    return negative ? -rest : rest;
}

// Returns a number of JSON minus `rounded`, its double. Returns 0 for a number with an exponent, and for one between
// -2^53 and 2^53.
[[nodiscard]] inline double residual_of(std::string_view digits, double rounded) {
    if (digits.starts_with('-')) return -residual_of(digits.substr(1), -rounded);
    if (rounded < first_inexact || digits.find_first_of("eE") != std::string_view::npos) return 0;
    const std::size_t point = (std::min)(digits.find('.'), digits.size());
    char fixed[320];  // of up to 309 digits
    const auto end = std::to_chars(fixed, fixed + sizeof fixed, rounded, std::chars_format::fixed, 0).ptr;
    std::string a(digits.substr(0, point));
    std::string b(fixed, end);
    const std::size_t size = (std::max)(a.size(), b.size());
    a.insert(0, size - a.size(), '0');
    b.insert(0, size - b.size(), '0');
    double difference = 0;
    for (std::size_t i = 0; i < size; ++i) difference = difference * 10 + (a[i] - b[i]);
    double unit = 0.1;
    for (const char c : digits.substr((std::min)(point + 1, digits.size()))) {
        difference += (c - '0') * unit;
        unit /= 10;
    }
    return difference;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
