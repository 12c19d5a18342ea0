// SPDX-License-Identifier: MIT
#pragma once
// Count, mean, standard deviation, minimum and maximum of finite numbers, in one pass and to the last digits.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/numbers/lanes.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Takes blocks of finite numbers. Each block is summed around its own mean; the blocks' means and squared deviations
// are combined (Chan, Golub, LeVeque 1979) in sums of twice a double's precision. So 10^8 values near 1e9 that differ
// in the seventh digit after the point keep 12 digits of their standard deviation; a plain sum of squares keeps none.
// The last bits of the result depend on how the values are divided into blocks: the same blocks give the same bits.
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
        const auto from_first = [&](std::size_t i) {
            return rounded(block[i] - block[0]) + rounded(residuals[i] - residuals[0]);
        };
        double shift = 0;
        for (std::size_t i = 0; i < block.size(); ++i) shift += from_first(i);
        shift /= count;
        double off = 0;
        double squares = 0;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const double deviation = rounded(from_first(i)) - shift;
            off += deviation;
            squares += deviation * deviation;
        }
        const Extremes extremes = extremes_of(block);
        Moments added;
        added.count_ = block.size();
        added.low_ = extremes.low();
        added.high_ = extremes.high();
        added.mean_.high = block[0];
        added.mean_.add(residuals[0]);
        added.mean_.add(shift);
        added.mean_.add(off / count);
        added.squares_.high = squares - off * off / count;
        merge(added);
    }

    // Combines two halves to the whole, to rounding.
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
        low_ = Extremes::min_of(low_, other.low_);
        high_ = Extremes::max_of(high_, other.high_);
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // All of these need a number. The mean is not finite if the sum of the numbers is beyond a double.
    [[nodiscard]] double mean() const noexcept { return mean_.high + mean_.low; }
    [[nodiscard]] double low() const noexcept { return low_; }
    [[nodiscard]] double high() const noexcept { return high_; }

    // Returns the deviation of a sample, which divides by n - 1; there must be two numbers.
    [[nodiscard]] double standard_deviation() const noexcept {
        const double sum = squares_.high + squares_.low;
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
    // A sum of two doubles that is not carried out: `low` holds the digits that `high` has no room for.
    struct Sum {
        double high = 0;
        double low = 0;

        void add(double value) noexcept {
            const double sum = rounded(high + value);
            const double added = rounded(sum - high);
            low += (high - rounded(sum - added)) + (value - added);
            high = sum;
        }
    };

    // Sets mean and squares of a block whose mean is `center` but for rounding.
    void sum_deviations(std::span<const double> block, double center) noexcept {
        double deviations[lanes] = {};
        double squares[lanes] = {};
        visit_in_lanes(block, [&](std::size_t lane, double value) {
            const double deviation = value - center;
            deviations[lane] += deviation;
            squares[lane] += deviation * deviation;
        });
        const auto count = static_cast<double>(block.size());
        const double off = sum_of_lanes(deviations);
        mean_.high = center;
        mean_.add(off / count);
        squares_.high = sum_of_lanes(squares) - off * off / count;
    }

    std::uint64_t count_ = 0;
    Sum mean_;
    Sum squares_;  // of the deviations from the mean
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
