// SPDX-License-Identifier: MIT
#pragma once
// Passes over doubles two at a time, which the processor computes side by side.

#include <cstddef>
#include <span>

#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Two doubles, each in a lane of its own. Uses SSE2 directly, because g++ 12 does not vectorise the loops by itself,
// but not with -ffast-math, under which a compiler may reorder even vector arithmetic. The results have the same bits.
class Lanes {
  public:
#if (defined(__SSE2__) || defined(_M_X64)) && !defined(__FAST_MATH__)
    Lanes(double first, double second) noexcept : values_(_mm_set_pd(second, first)) {}
    [[nodiscard]] static Lanes load(const double* values) noexcept {
        return _mm_loadu_pd(values);
    }
    [[nodiscard]] double first() const noexcept {
        return _mm_cvtsd_f64(values_);
    }
    [[nodiscard]] double second() const noexcept {
        return _mm_cvtsd_f64(_mm_unpackhi_pd(values_, values_));
    }

    friend Lanes operator+(Lanes a, Lanes b) noexcept {
        return _mm_add_pd(a.values_, b.values_);
    }
    friend Lanes operator-(Lanes a, Lanes b) noexcept {
        return _mm_sub_pd(a.values_, b.values_);
    }
    friend Lanes operator*(Lanes a, Lanes b) noexcept {
        return _mm_mul_pd(a.values_, b.values_);
    }
    // Both return `a` where the numbers are equal.
    [[nodiscard]] static Lanes min_of(Lanes a, Lanes b) noexcept {
        return _mm_min_pd(b.values_, a.values_);
    }
    [[nodiscard]] static Lanes max_of(Lanes a, Lanes b) noexcept {
        return _mm_max_pd(b.values_, a.values_);
    }

  private:
    Lanes(__m128d values) noexcept : values_(values) {}

    __m128d values_;
#else
    Lanes(double first, double second) noexcept : first_(first), second_(second) {}
    [[nodiscard]] static Lanes load(const double* values) noexcept {
        return {values[0], values[1]};
    }
    [[nodiscard]] double first() const noexcept {
        return first_;
    }
    [[nodiscard]] double second() const noexcept {
        return second_;
    }

    friend Lanes operator+(Lanes a, Lanes b) noexcept {
        return {rounded(a.first_ + b.first_), rounded(a.second_ + b.second_)};
    }
    friend Lanes operator-(Lanes a, Lanes b) noexcept {
        return {rounded(a.first_ - b.first_), rounded(a.second_ - b.second_)};
    }
    friend Lanes operator*(Lanes a, Lanes b) noexcept {
        return {rounded(a.first_ * b.first_), rounded(a.second_ * b.second_)};
    }
    // Both return `a` where the numbers are equal.
    [[nodiscard]] static Lanes min_of(Lanes a, Lanes b) noexcept {
        return {b.first_ < a.first_ ? b.first_ : a.first_, b.second_ < a.second_ ? b.second_ : a.second_};
    }
    [[nodiscard]] static Lanes max_of(Lanes a, Lanes b) noexcept {
        return {b.first_ > a.first_ ? b.first_ : a.first_, b.second_ > a.second_ ? b.second_ : a.second_};
    }

  private:
    double first_;
    double second_;
#endif
};

// Calls step(Lanes) with each two values in order. A single last value is paired with `other`.
template <class Step>
inline void visit_in_lanes(std::span<const double> values, double other, Step step) {
    const std::size_t even = values.size() - values.size() % 2;
    for (std::size_t i = 0; i < even; i += 2) step(Lanes::load(values.data() + i));
    if (even < values.size()) step(Lanes(values[even], other));
}

// Minimum and maximum of finite numbers.
class Extremes {
  public:
    explicit Extremes(double first) noexcept : lows_(first, first), highs_(first, first) {}

    void add(Lanes values) noexcept {
        lows_ = Lanes::min_of(lows_, values);
        highs_ = Lanes::max_of(highs_, values);
    }
    [[nodiscard]] double low() const noexcept { return min_of(lows_.first(), lows_.second()); }
    [[nodiscard]] double high() const noexcept { return max_of(highs_.first(), highs_.second()); }

    // Both return `a` if the numbers are equal.
    [[nodiscard]] static double min_of(double a, double b) noexcept { return b < a ? b : a; }
    [[nodiscard]] static double max_of(double a, double b) noexcept { return b > a ? b : a; }

  private:
    Lanes lows_;
    Lanes highs_;
};

// Returns the extremes of `values`, which must not be empty.
[[nodiscard]] inline Extremes extremes_of(std::span<const double> values) noexcept {
    Extremes extremes(values[0]);
    visit_in_lanes(values, values[0], [&](Lanes two) { extremes.add(two); });
    return extremes;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
