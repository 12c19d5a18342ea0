// SPDX-License-Identifier: MIT
#pragma once
// Histograms: of numbers in memory, and of a stream whose range is not known before it ends.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/numbers/integer_counts.hpp>
#include <curtail/statistics/prediction_stats.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Equally wide bins from `low` to `high`, as numpy.histogram has them. There is a single one if the ends are equal, or
// too close for doubles to divide their range.
class EqualBins {
  public:
    EqualBins(double low, double high, std::size_t bins) : histogram_{low, high, {0}} {
        const double half_range = high / 2 - low / 2;  // high - low may be beyond a double
        const double half_width = half_range / static_cast<double>(bins);
        if (half_width < (std::numeric_limits<double>::min)()) return;
        histogram_.counts.assign(bins, 0);
        scale_ = static_cast<double>(bins) / half_range;
        for (std::size_t bin = 0; bin < bins; ++bin) {
            edges_.push_back(2 * (low / 2 + static_cast<double>(bin) * half_width));
        }
        edges_[0] = low;
    }

    // Counts a number that is not outside of the ends.
    void add(double value, std::uint64_t times) noexcept {
        if (edges_.empty()) {
            histogram_.counts[0] += times;
            return;
        }
        const std::size_t last = edges_.size() - 1;
        auto bin = (std::min)(static_cast<std::size_t>((value / 2 - histogram_.low / 2) * scale_), last);
        // Rounding may put the product beyond an edge. The edge that the message states decides.
        bin -= value < edges_[bin] ? 1U : 0U;
        bin += bin < last && value >= edges_[bin + 1] ? 1U : 0U;
        histogram_.counts[bin] += times;
    }

    [[nodiscard]] Histogram take() { return std::move(histogram_); }

  private:
    Histogram histogram_;
    std::vector<double> edges_;  // the lower ones
    double scale_ = 0;
};

// Counts `values`, whose minimum is `low` and maximum is `high`.
[[nodiscard]] inline Histogram histogram_of(std::span<const double> values, double low, double high, std::size_t bins) {
    EqualBins counted(low, high, bins);
    for (const double value : values) counted.add(value, 1);
    return counted.take();
}

// Counts a stream of finite numbers in bins whose edges are the multiples of a power of two: the smallest one with
// which 2,048 bins cover all numbers so far. When a value falls outside, neighbouring bins are joined until they cover
// it. So every count is exact and depends on the values alone, not on their order or division. Takes 32 KB.
class HistogramSketch {
  public:
    // Takes a block whose minimum is `low` and maximum is `high`.
    void add(std::span<const double> block, double low, double high) {
        if (block.empty()) return;
        cover(low, high);
        const Grid grid(exponent_);
        if (low == high) {
            bin_at(grid.floor(low)).even += block.size();
        } else if (low >= 0) {
            count(block, [grid](double value) { return grid.towards_zero(value); });
        } else {
            count(block, [grid](double value) { return grid.floor(value); });
        }
    }

    // Takes integers below 2^53.
    void add(const IntegerCounts& counts) {
        if (counts.empty()) return;
        const auto [low, high] = counts.range();
        cover(static_cast<double>(low), static_cast<double>(high));
        const Grid grid(exponent_);
        counts.visit([&](std::int64_t value, std::uint64_t times) {
            bin_at(grid.floor(static_cast<double>(value))).even += times;
        });
    }

    void merge(const HistogramSketch& other) {
        if (other.bins_.empty()) return;
        cover(other.low_, other.high_);
        add_bins(other.bins_, other.first_, other.exponent_);
    }

    // Returns the counts in `bins` (1 to max_bins) equally wide bins from minimum to maximum, or one if all values are
    // equal. The bins of the stream are not divided, so a number may be counted one bin too low if it lies above an
    // edge by less than 1/1024 of the range; values that are few and round, such as integers, are not.
    [[nodiscard]] Histogram result(std::size_t bins) const {
        if (bins_.empty()) return {};
        EqualBins counted(low_, high_, bins);
        const Grid grid(exponent_);
        const std::int64_t begin = grid.floor(low_);
        const std::int64_t end = grid.floor(high_);
        for (std::int64_t bin = begin; bin <= end; ++bin) {
            const std::uint64_t count = bin_at(bin).count();
            const double lowest = bin == begin ? low_ : std::ldexp(static_cast<double>(bin), exponent_);
            if (count != 0) counted.add(lowest, count);
        }
        return counted.take();
    }

    // Bins follow from the extremes, so their counts are all that has to be said.
    void pack(Packer& packer) const {
        packer.flag(!bins_.empty());
        if (bins_.empty()) return;
        packer.real(low_);
        packer.real(high_);
        const Grid grid(exponent_);
        for (std::int64_t bin = grid.floor(low_); bin <= grid.floor(high_); ++bin) {
            packer.number(bin_at(bin).count());
        }
    }
    [[nodiscard]] static HistogramSketch unpack(Unpacker& in) {
        HistogramSketch sketch;
        if (!in.flag()) return sketch;
        const double low = in.finite();
        const double high = in.finite();
        in.expect(low <= high, "a minimum above its maximum");
        sketch.cover(low, high);
        const Grid grid(sketch.exponent_);
        for (std::int64_t bin = grid.floor(low); bin <= grid.floor(high); ++bin) sketch.bin_at(bin).even = in.rows();
        in.expect(sketch.bin_at(grid.floor(low)).even != 0 && sketch.bin_at(grid.floor(high)).even != 0,
                  "an extreme that was not counted");
        return sketch;
    }

    // Returns the number of values.
    [[nodiscard]] std::uint64_t count() const noexcept {
        std::uint64_t all = 0;
        for (const Bin& bin : bins_) all += bin.count();
        return all;
    }

    static constexpr std::size_t max_bins = 512;
    // 2,048 counts of up to 2^32 each, and the extremes.
    static constexpr std::size_t max_packed_bytes = 2048 * 5 + 17;

  private:
    static constexpr std::size_t fine_bins = 2048;
    static constexpr int min_exponent = -1000;  // 2^1000 is still a double

    // Numbers are counted in turn in both, because adding to a count that was just stored waits for the store. All
    // statistics of the delays of flights took 8.7 instead of 9.7 ns per number, those of random numbers 8.8 instead of
    // 9.7, both on a busy machine.
    struct Bin {
        std::uint64_t even = 0;
        std::uint64_t odd = 0;

        [[nodiscard]] std::uint64_t count() const noexcept { return even + odd; }
    };

    // The multiples of 2^exponent.
    class Grid {
      public:
        explicit Grid(int exponent) noexcept : width_(std::ldexp(1.0, exponent)), scale_(std::ldexp(1.0, -exponent)) {}

        // Returns how many widths lie between 0 and the value: fewer than 2^54. The product is exact, except that one
        // too small for a double becomes 0, which is right as well.
        [[nodiscard]] std::int64_t towards_zero(double value) const noexcept {
            return static_cast<std::int64_t>(value * scale_);
        }
        // std::floor() would be a function call on the baseline x86-64.
        [[nodiscard]] std::int64_t floor(double value) const noexcept {
            const std::int64_t bin = towards_zero(value);
            return bin - static_cast<std::int64_t>(value < static_cast<double>(bin) * width_);
        }

      private:
        double width_;
        double scale_;
    };

    template <class Index>
    void count(std::span<const double> block, Index index) noexcept {
        Bin* const bins = bins_.data();
        const std::int64_t first = first_;
        const std::size_t even = block.size() - block.size() % 2;
        for (std::size_t i = 0; i < even; i += 2) {
            ++bins[index(block[i]) - first].even;
            ++bins[index(block[i + 1]) - first].odd;
        }
        if (even < block.size()) ++bins[index(block[even]) - first].even;
    }

    [[nodiscard]] Bin& bin_at(std::int64_t bin) noexcept { return bins_[static_cast<std::size_t>(bin - first_)]; }
    [[nodiscard]] const Bin& bin_at(std::int64_t bin) const noexcept {
        return bins_[static_cast<std::size_t>(bin - first_)];
    }

    // Makes the bins cover the range from `low` to `high` as well.
    void cover(double low, double high) {
        const bool fresh = bins_.empty();
        if (!fresh && low >= low_ && high <= high_) return;
        const bool grows_down = !fresh && low < low_;
        low_ = fresh ? low : (std::min)(low, low_);
        high_ = fresh ? high : (std::max)(high, high_);

        int exponent = fresh ? min_exponent : exponent_;
        const double magnitude = (std::max)(std::abs(low_), std::abs(high_));
        if (magnitude > 0) exponent = (std::max)(exponent, std::ilogb(magnitude) - 52);  // no finer than the digits
        constexpr auto last_bin = static_cast<std::int64_t>(fine_bins) - 1;
        std::int64_t begin = 0;
        std::int64_t end = 0;
        for (;; ++exponent) {
            const Grid grid(exponent);
            begin = grid.floor(low_);
            end = grid.floor(high_);
            if (end - begin <= last_bin) break;
        }
        if (!fresh && exponent == exponent_ && begin >= first_ && end <= first_ + last_bin) return;
        // All free bins go to the side that grows, so that a sorted stream moves the bins seldom, not with each block.
        rebin(exponent, grows_down ? end - last_bin : begin);
    }

    void rebin(int exponent, std::int64_t first) {
        const std::vector<Bin> bins = std::exchange(bins_, std::vector<Bin>(fine_bins));
        const std::int64_t old_first = std::exchange(first_, first);
        add_bins(bins, old_first, std::exchange(exponent_, exponent));
    }

    // Adds bins that begin at `first` and are at most as wide as those here, which cover them.
    void add_bins(const std::vector<Bin>& bins, std::int64_t first, int exponent) noexcept {
        const int coarser = (std::min)(exponent_ - exponent, 63);
        for (std::size_t i = 0; i < bins.size(); ++i) {
            const std::uint64_t count = bins[i].count();
            if (count != 0) bin_at((first + static_cast<std::int64_t>(i)) >> coarser).even += count;
        }
    }

    std::vector<Bin> bins_;  // bin i holds [first_ + i, first_ + i + 1) * 2^exponent_; empty at first
    std::int64_t first_ = 0;
    int exponent_ = 0;
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
