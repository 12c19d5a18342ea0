// SPDX-License-Identifier: MIT
#pragma once
// Passes over doubles with four independent accumulators, which the processor updates side by side.

#include <cstddef>
#include <span>

#include <curtail/core/number/standard_arithmetic.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

inline constexpr std::size_t lanes = 4;

// Calls step(lane, value) for each value in order, with the lanes in turn. Lane 0 takes the last size % lanes values.
template <class Step>
inline void visit_in_lanes(std::span<const double> values, Step step) {
    const std::size_t even = values.size() - values.size() % lanes;
    for (std::size_t i = 0; i < even; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) step(lane, values[i + lane]);
    }
    for (std::size_t i = even; i < values.size(); ++i) step(0, values[i]);
}

[[nodiscard]] inline double sum_of_lanes(const double (&sums)[lanes]) noexcept {
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// Minimum and maximum of finite numbers.
class Extremes {
  public:
    explicit Extremes(double first) noexcept : lows_{first, first, first, first}, highs_{first, first, first, first} {}

    void add(std::size_t lane, double value) noexcept {
        lows_[lane] = min_of(lows_[lane], value);
        highs_[lane] = max_of(highs_[lane], value);
    }
    [[nodiscard]] double low() const noexcept { return min_of(min_of(lows_[0], lows_[1]), min_of(lows_[2], lows_[3])); }
    [[nodiscard]] double high() const noexcept {
        return max_of(max_of(highs_[0], highs_[1]), max_of(highs_[2], highs_[3]));
    }

    // Both return `a` if the numbers are equal.
    [[nodiscard]] static double min_of(double a, double b) noexcept { return b < a ? b : a; }
    [[nodiscard]] static double max_of(double a, double b) noexcept { return b > a ? b : a; }

  private:
    double lows_[lanes];
    double highs_[lanes];
};

// `values` must not be empty.
[[nodiscard]] inline Extremes extremes_of(std::span<const double> values) noexcept {
    Extremes extremes(values[0]);
    visit_in_lanes(values, [&](std::size_t lane, double value) { extremes.add(lane, value); });
    return extremes;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
