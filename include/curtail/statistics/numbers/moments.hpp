// SPDX-License-Identifier: MIT
#pragma once
// Count, mean, standard deviation, minimum and maximum of finite numbers, in one pass and to the last digits.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/numbers/double_double.hpp>
#include <curtail/statistics/numbers/integer_counts.hpp>
#include <curtail/statistics/numbers/lanes.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Takes blocks of finite numbers. Each block is summed around its own mean; the blocks' means and squared deviations
// are combined (Chan, Golub, LeVeque 1979). All of it has nearly twice a double's precision. So 10^8 values near 1e9
// that differ in the seventh digit after the point keep all digits of their standard deviation, where a plain sum of
// squares keeps none; and the result, rounded to a double, is the same for any division into blocks and parts, and any
// order of these.
class Moments {
  public:
    Moments() = default;

    // Adds at most 4,096 numbers: each lane sums 2^11 squares of 40 bits, which have 51 bits, so the sum is exact.
    void add(std::span<const double> block) noexcept {
        if (block.empty()) return;
        const Extent extent(block);
        Moments added(block.size(), extent);
        const double mean = extent.sum() / static_cast<double>(block.size());
        if (added.low_ == added.high_) {
            added.mean_.high = added.low_;  // the sum of equal values, divided again, may differ in the last bit
        } else if (const std::optional<double> unit = added.unit()) {
            added.sum_in_units(block, *unit, mean);
        } else {
            return add_exactly(block, extent, mean, [](std::size_t) { return 0.0; });
        }
        merge(added);
    }

    // Adds counted integers below 2^53. Their sums are below 2^57, which two doubles hold.
    void add(const IntegerCounts& counts) noexcept {
        if (counts.empty()) return;
        const auto [low, high] = counts.range();
        std::uint64_t sum = 0;
        std::uint64_t squares = 0;
        counts.visit([&, lowest = low](std::int64_t value, std::uint64_t times) {
            const auto above = static_cast<std::uint64_t>(value - lowest);
            sum += times * above;
            squares += times * above * above;
        });
        Moments added;
        added.count_ = counts.size();
        added.low_ = static_cast<double>(low);
        added.high_ = static_cast<double>(high);
        const auto size = static_cast<double>(counts.size());
        added.mean_ = DoubleDouble{added.low_} + DoubleDouble{static_cast<double>(sum)} / size;
        const std::uint64_t scaled = counts.size() * squares - sum * sum;
        added.squares_ =
            DoubleDouble::sum(static_cast<double>(scaled >> 32U) * 0x1p32, static_cast<double>(scaled & 0xFFFF'FFFFU)) /
            size;
        merge(added);
    }

    // Adds numbers each of which is the sum of a double and its residual, which is small: what rounding to a double
    // took from an integer beyond 2^53. Without residuals 1.7e18 + 0 .. 999 would have steps of 256.
    void add(std::span<const double> block, std::span<const double> residuals) noexcept {
        if (block.empty()) return;
        double shift = 0;
        for (const double value : block) shift += (value - block[0]) / static_cast<double>(block.size());
        add_exactly(block, Extent(block), block[0] + shift, [residuals](std::size_t i) { return residuals[i]; });
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
        // Scaled where what is in between would be beyond a double. The squares of such numbers are beyond it anyhow.
        const double scale = Extent::max_of(std::abs(mean_.high), std::abs(other.mean_.high)) < 0x1p900 ? 1 : 0x1p-128;
        const DoubleDouble mean = mean_.times_power_of_two(scale);
        const DoubleDouble apart = other.mean_.times_power_of_two(scale) - mean;
        const DoubleDouble shift = apart * DoubleDouble{theirs} / both;
        const DoubleDouble squares = apart * shift * DoubleDouble{static_cast<double>(count_)};
        squares_ = squares_ + other.squares_ + squares.times_power_of_two(1 / (scale * scale));
        mean_ = (mean + shift).times_power_of_two(1 / scale);
        count_ += other.count_;
        low_ = Extent::min_of(low_, other.low_);
        high_ = Extent::max_of(high_, other.high_);
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // These require at least one number. The mean is not finite if the sum of a block is beyond a double.
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
    // The moments of `count` numbers, as far as their extent is known.
    Moments(std::size_t count, const Extent& extent) noexcept
        : count_(count), low_(extent.low()), high_(extent.high()) {}

    // Returns the smallest power of two of which the numbers are below 2^50 and their range below 2^20 multiples,
    // unless its square is near the ends of what a double can be.
    [[nodiscard]] std::optional<double> unit() const noexcept {
        const int largest = std::ilogb(Extent::max_of(std::abs(low_), std::abs(high_)));
        const int range = std::ilogb(high_ - low_);
        const int exponent = (std::max)(largest - 49, range - 19);
        return largest > 500 || exponent < -450 ? std::nullopt : std::optional(std::ldexp(1.0, exponent));
    }

    // Cuts each number into three pieces: multiples of `unit`, multiples of a 2^21st of it, and the rest. Sums of the
    // first two, of their squares and of their products are exact in a double, whose order then does not matter (Rump,
    // Ogita, Oishi 2008). What is rounded is 2^-42 of the whole. That takes half the operations that sums of two
    // doubles per number take, and vectors of them.
    void sum_in_units(std::span<const double> block, double unit, double mean) noexcept {
        constexpr double cut = 0x1.8p52;  // a double near `cut` times a power of two is a multiple of it
        constexpr double fine = 0x1p-21;
        const Lanes cuts(unit * cut, unit * cut);
        const Lanes centers = (Lanes(mean, mean) + cuts) - cuts;
        const Lanes fine_cuts(unit * fine * cut, unit * fine * cut);
        Lanes heads(0, 0);
        Lanes bodies = heads, tails = heads, squares = heads, products = heads, rest = heads;
        visit_in_lanes(block, centers.first(), [&](Lanes values) {
            const Lanes multiple = (values + cuts) - cuts;
            const Lanes below = values - multiple;
            const Lanes head = multiple - centers;
            const Lanes body = (below + fine_cuts) - fine_cuts;
            const Lanes tail = below - body;
            const Lanes twice = tail + tail;
            heads = heads + head;
            bodies = bodies + body;
            tails = tails + tail;
            squares = squares + head * head;
            products = products + head * body;
            rest = rest + (head * twice + body * (body + twice));
        });
        set(centers.first(), sum_of(heads) + sum_of(bodies) + sum_of(tails),
            sum_of(squares) + sum_of(products) + sum_of(products) + sum_of(rest));
    }
    [[nodiscard]] static DoubleDouble sum_of(Lanes sums) noexcept {
        return DoubleDouble::sum(sums.first(), sums.second());
    }

    // Adds numbers of any magnitude, each with a residual(index), one after the other. `center` is their mean, rounded.
    template <class Residual>
    void add_exactly(std::span<const double> block, const Extent& extent, double center, Residual residual) noexcept {
        DoubleDouble deviations;
        DoubleDouble squares;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const DoubleDouble deviation = DoubleDouble::sum(block[i], -center) + DoubleDouble{residual(i)};
            deviations = deviations + deviation;
            squares = squares + deviation * deviation;
        }
        Moments added(block.size(), extent);
        added.set(center, deviations, squares);
        merge(added);
    }

    // Sets mean and squares. `center` is the mean, rounded; the sums are those of the deviations from it and of their
    // squares.
    void set(double center, const DoubleDouble& deviations, const DoubleDouble& squares) noexcept {
        const DoubleDouble off = deviations / static_cast<double>(count_);
        mean_ = DoubleDouble{center} + off;
        squares_ = squares - off * deviations;
    }

    std::uint64_t count_ = 0;
    DoubleDouble mean_;
    DoubleDouble squares_;  // of the deviations from the mean
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
