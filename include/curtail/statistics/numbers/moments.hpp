// SPDX-License-Identifier: MIT
#pragma once
// Count, mean, standard deviation, minimum and maximum of finite numbers, in one pass and to the last digits.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/numbers/double_double.hpp>
#include <curtail/statistics/numbers/lanes.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Takes blocks of finite numbers. Each block is summed around its own mean; the blocks' means and squared deviations
// are combined (Chan, Golub, LeVeque 1979). All of it has twice a double's precision. So 10^8 values near 1e9 that
// differ in the seventh digit after the point keep all digits of their standard deviation, where a plain sum of squares
// keeps none; and the result, rounded to a double, is the same for any division into blocks and parts, and any order of
// these, unless it lies within some 10^-28 of the middle between two doubles.
class Moments {
  public:
    void add(std::span<const double> block) noexcept {
        if (block.empty()) return;
        double sums[lanes] = {};
        Extremes extremes(block[0]);
        visit_in_lanes(block, [&](std::size_t lane, double value) {
            sums[lane] += value;
            extremes.add(lane, value);
        });
        Moments added;
        added.count_ = block.size();
        added.low_ = extremes.low();
        added.high_ = extremes.high();
        if (added.low_ == added.high_) {
            added.mean_.high = added.low_;  // the sum of equal values, divided again, may differ in the last bit
        } else {
            added.sum_deviations(block, sum_of_lanes(sums) / static_cast<double>(block.size()));
        }
        merge(added);
    }

    // The same for numbers that are the sums of both spans, of which the second is small. That of an integer beyond
    // 2^53 is what its double lacks: without it 1.7e18 + 0 .. 999 would have steps of 256.
    void add(std::span<const double> block, std::span<const double> residuals) noexcept {
        if (block.empty()) return;
        const auto count = static_cast<double>(block.size());
        double shift = 0;
        for (const double value : block) shift += (value - block[0]) / count;
        const Extremes extremes = extremes_of(block);
        Moments added;
        added.count_ = block.size();
        added.low_ = extremes.low();
        added.high_ = extremes.high();
        const double center = block[0] + shift;
        DeviationSums sums;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const DoubleDouble whole = DoubleDouble::sum(block[i], -center);
            const DoubleDouble with_rest = DoubleDouble::sum(whole.high, residuals[i]);
            sums.add(0, with_rest.high, with_rest.low + whole.low);
        }
        added.set(center, sums);
        merge(added);
    }

    // Combines two halves to the whole.
    void merge(Moments other) noexcept {
        if (other.count_ == 0) return;
        if (count_ == 0) {
            *this = other;
            return;
        }
        const auto both = static_cast<double>(count_ + other.count_);
        const auto theirs = static_cast<double>(other.count_);
        const DoubleDouble apart = other.mean_ - mean_;
        const DoubleDouble shift = apart * DoubleDouble{theirs} / both;
        squares_ = squares_ + other.squares_ + apart * shift * DoubleDouble{static_cast<double>(count_)};
        mean_ = mean_ + shift;
        count_ += other.count_;
        low_ = Extremes::min_of(low_, other.low_);
        high_ = Extremes::max_of(high_, other.high_);
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // All of these need a number. The mean is not finite if the sum of the numbers is beyond a double.
    [[nodiscard]] double mean() const noexcept { return mean_.value(); }
    [[nodiscard]] double low() const noexcept { return low_; }
    [[nodiscard]] double high() const noexcept { return high_; }

    // Returns the deviation of a sample, which divides by n - 1; there must be two numbers.
    [[nodiscard]] double standard_deviation() const noexcept {
        const double sum = squares_.value();
        return sum < 0 ? 0 : std::sqrt(sum / static_cast<double>(count_ - 1));
    }

    void pack(Packer& packer) const {
        packer.number(count_);
        if (count_ == 0) return;
        for (const double value : {mean_.high, mean_.low, squares_.high, squares_.low, low_, high_}) packer.real(value);
    }
    [[nodiscard]] static Moments unpack(Unpacker& in) {
        Moments moments;
        moments.count_ = in.rows();
        if (moments.count_ == 0) return moments;
        // Sums beyond a double are infinite or NaN.
        for (double* const value :
             {&moments.mean_.high, &moments.mean_.low, &moments.squares_.high, &moments.squares_.low}) {
            *value = in.real();
        }
        moments.low_ = in.finite();
        moments.high_ = in.finite();
        in.expect(moments.low_ <= moments.high_, "a minimum above its maximum");
        return moments;
    }

  private:
    // Sums of deviations and of their squares. A deviation is the sum of two doubles.
    class DeviationSums {
      public:
        void add(std::size_t lane, double high, double low) noexcept {
            const DoubleDouble deviation = DoubleDouble::sum(deviations_[lane], high);
            deviations_[lane] = deviation.high;
            deviation_rests_[lane] += deviation.low + low;
            const DoubleDouble square = DoubleDouble::product(high, high);
            const DoubleDouble squared = DoubleDouble::sum(squares_[lane], square.high);
            squares_[lane] = squared.high;
            square_rests_[lane] += squared.low + (square.low + 2 * high * low);
        }
        [[nodiscard]] DoubleDouble deviations() const noexcept { return of_lanes(deviations_, deviation_rests_); }
        [[nodiscard]] DoubleDouble squares() const noexcept { return of_lanes(squares_, square_rests_); }

      private:
        [[nodiscard]] static DoubleDouble of_lanes(const double (&sums)[lanes], const double (&rests)[lanes]) noexcept {
            DoubleDouble all;
            for (std::size_t lane = 0; lane < lanes; ++lane) all = all + DoubleDouble::sum(sums[lane], rests[lane]);
            return all;
        }

        double deviations_[lanes] = {};
        double deviation_rests_[lanes] = {};
        double squares_[lanes] = {};
        double square_rests_[lanes] = {};
    };

    // Sets mean and squares of a block whose mean is `center` but for rounding.
    void sum_deviations(std::span<const double> block, double center) noexcept {
        DeviationSums sums;
        visit_in_lanes(block, [&](std::size_t lane, double value) {
            const DoubleDouble deviation = DoubleDouble::sum(value, -center);
            sums.add(lane, deviation.high, deviation.low);
        });
        set(center, sums);
    }
    void set(double center, const DeviationSums& sums) noexcept {
        const DoubleDouble off = sums.deviations() / static_cast<double>(count_);
        mean_ = DoubleDouble{center} + off;
        squares_ = sums.squares() - off * sums.deviations();
    }

    std::uint64_t count_ = 0;
    DoubleDouble mean_;
    DoubleDouble squares_;  // of the deviations from the mean
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
