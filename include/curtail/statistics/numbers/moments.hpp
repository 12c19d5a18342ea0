// SPDX-License-Identifier: MIT
#pragma once
// Count, mean, standard deviation, least and greatest of finite numbers, in one pass and to the last digits.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace curtail::inline v0::detail {

// Takes blocks of finite numbers. Each block is summed around its own mean, and the blocks' means and squared
// deviations are combined (Chan, Golub, LeVeque 1979) in sums of twice a double's precision: 10^8 values near
// 1e9 that differ in the seventh digit after the point keep 12 digits of their standard deviation, where a
// plain sum of squares keeps none. The result depends on how the values are divided into blocks, in its last
// bits; whoever needs the same bits again gives the same blocks. merge() of two halves is the whole, to
// rounding.
class Moments {
  public:
    void add(std::span<const double> block) noexcept {
        if (block.empty()) return;
        constexpr std::size_t lanes = 4;  // independent sums, which the processor adds side by side
        const std::size_t even = block.size() - block.size() % lanes;
        double sums[lanes] = {};
        double lows[lanes] = {block[0], block[0], block[0], block[0]};
        double highs[lanes] = {block[0], block[0], block[0], block[0]};
        const auto take = [&](std::size_t lane, double value) {
            sums[lane] += value;
            lows[lane] = value < lows[lane] ? value : lows[lane];
            highs[lane] = value > highs[lane] ? value : highs[lane];
        };
        for (std::size_t i = 0; i < even; i += lanes) {
            for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, block[i + lane]);
        }
        for (std::size_t i = even; i < block.size(); ++i) take(0, block[i]);

        Moments part;
        part.count_ = block.size();
        part.low_ = least(least(lows[0], lows[1]), least(lows[2], lows[3]));
        part.high_ = greatest(greatest(highs[0], highs[1]), greatest(highs[2], highs[3]));
        if (part.low_ == part.high_) {
            part.mean_.high = part.low_;  // the sum of equal values, divided again, may miss them by a bit
        } else {
            const auto count = static_cast<double>(block.size());
            const double center = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / count;
            double deviations[lanes] = {};
            double squares[lanes] = {};
            const auto compare = [&](std::size_t lane, double value) {
                const double deviation = value - center;
                deviations[lane] += deviation;
                squares[lane] += deviation * deviation;
            };
            for (std::size_t i = 0; i < even; i += lanes) {
                for (std::size_t lane = 0; lane < lanes; ++lane) compare(lane, block[i + lane]);
            }
            for (std::size_t i = even; i < block.size(); ++i) compare(0, block[i]);
            const double off = (deviations[0] + deviations[1]) + (deviations[2] + deviations[3]);
            part.mean_.high = center;
            part.mean_.add(off / count);
            part.squares_.high = ((squares[0] + squares[1]) + (squares[2] + squares[3])) - off * off / count;
        }
        merge(part);
    }

    void merge(Moments other) noexcept {
        if (other.count_ == 0) return;
        if (count_ == 0) {
            *this = other;
            return;
        }
        const double share = static_cast<double>(other.count_) / static_cast<double>(count_ + other.count_);
        const double apart = (other.mean_.high - mean_.high) + (other.mean_.low - mean_.low);
        squares_.add(other.squares_.high);
        squares_.add(other.squares_.low);
        squares_.add(apart * apart * (share * static_cast<double>(count_)));
        mean_.add(apart * share);
        count_ += other.count_;
        low_ = least(low_, other.low_);
        high_ = greatest(high_, other.high_);
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // NaN where there is nothing to compute from; not finite where the numbers are too great for a double's
    // range.
    [[nodiscard]] double mean() const noexcept { return count_ == 0 ? nan : mean_.high + mean_.low; }
    [[nodiscard]] double low() const noexcept { return count_ == 0 ? nan : low_; }
    [[nodiscard]] double high() const noexcept { return count_ == 0 ? nan : high_; }

    // Of a sample: divided by n - 1.
    [[nodiscard]] double standard_deviation() const noexcept {
        if (count_ < 2) return nan;
        const double sum = squares_.high + squares_.low;
        return sum < 0 ? 0 : std::sqrt(sum / static_cast<double>(count_ - 1));
    }

  private:
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

    // An unevaluated sum of two doubles; what the first cannot hold is in the second.
    struct Sum {
        double high = 0;
        double low = 0;

        void add(double value) noexcept {
            const double sum = high + value;
            const double taken = sum - high;
            low += (high - (sum - taken)) + (value - taken);
            high = sum;
        }
    };

    static double least(double a, double b) noexcept { return b < a ? b : a; }
    static double greatest(double a, double b) noexcept { return b > a ? b : a; }

    std::uint64_t count_ = 0;
    Sum mean_;
    Sum squares_;  // of the deviations from the mean
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail
