// SPDX-License-Identifier: MIT
#pragma once
// Histograms: of numbers in memory, and of a stream whose range is not known before it ends.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/statistics/prediction_stats.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Counts `values`, whose minimum is `low` and maximum is `high`, in `bins` equally wide bins from `low` to `high`, as
// numpy.histogram does. Returns a single bin if the values are equal, or too close for doubles to divide their range.
[[nodiscard]] inline Histogram histogram_of(std::span<const double> values, double low, double high, std::size_t bins) {
    const double half_range = high / 2 - low / 2;  // high - low may be beyond a double
    const double half_width = half_range / static_cast<double>(bins);
    if (half_width < (std::numeric_limits<double>::min)()) return {low, high, {values.size()}};
    std::vector<double> edges{low};
    for (std::size_t bin = 1; bin < bins; ++bin) {
        edges.push_back(2 * (low / 2 + static_cast<double>(bin) * half_width));
    }
    edges.push_back(std::numeric_limits<double>::infinity());
    Histogram histogram{low, high, std::vector<std::uint64_t>(bins, 0)};
    const double scale = static_cast<double>(bins) / half_range;
    for (const double value : values) {
        auto bin = (std::min)(static_cast<std::size_t>((value / 2 - low / 2) * scale), bins - 1);
        // Rounding may put the product beyond an edge. The edge that the message states decides.
        bin -= value < edges[bin] ? 1U : 0U;
        bin += value >= edges[bin + 1] ? 1U : 0U;
        ++histogram.counts[bin];
    }
    return histogram;
}

// Counts a stream of finite numbers in bins whose edges are the multiples of a power of two: the smallest one with
// which 2,048 bins cover all numbers so far. When a value falls outside, neighbouring bins are joined until they cover
// it. So every count is exact and depends on the values alone, not on their order or division. Takes 16 KB.
class HistogramSketch {
  public:
    // Takes a block whose minimum is `low` and maximum is `high`.
    void add(std::span<const double> block, double low, double high) {
        if (block.empty()) return;
        cover(low, high);
        const Grid grid(exponent_);
        if (low == high) {
            count_at(grid.floor(low)) += block.size();
        } else if (low >= 0) {
            count(block, [grid](double value) { return grid.towards_zero(value); });
        } else {
            count(block, [grid](double value) { return grid.floor(value); });
        }
    }

    void merge(const HistogramSketch& other) {
        if (other.counts_.empty()) return;
        cover(other.low_, other.high_);
        add_counts(other.counts_, other.first_, other.exponent_);
    }

    // Returns at most `bins` (1 to max_bins) equally wide bins, and at least half as many unless there is one value.
    // The outer edges are multiples of a power of two, at or beyond minimum and maximum by less than one bin.
    [[nodiscard]] Histogram result(std::size_t bins) const {
        if (counts_.empty()) return {};
        if (low_ == high_) return {low_, high_, {std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0})}};
        const Grid grid(exponent_);
        const std::int64_t begin = grid.floor(low_);
        const std::size_t used = static_cast<std::size_t>(grid.floor(high_) - begin) + 1;
        const std::size_t joined = (used + bins - 1) / bins;
        Histogram histogram;
        histogram.counts.assign((used + joined - 1) / joined, 0);
        for (std::size_t i = 0; i < used; ++i) {
            histogram.counts[i / joined] += counts_[static_cast<std::size_t>(begin - first_) + i];
        }
        const auto end = begin + static_cast<std::int64_t>(histogram.counts.size() * joined);
        constexpr double max_double = (std::numeric_limits<double>::max)();
        histogram.low = (std::max)(std::ldexp(static_cast<double>(begin), exponent_), -max_double);
        histogram.high = (std::min)(std::ldexp(static_cast<double>(end), exponent_), max_double);
        return histogram;
    }

    static constexpr std::size_t max_bins = 512;

  private:
    static constexpr std::size_t fine_bins = 2048;
    static constexpr int min_exponent = -1000;  // 2^1000 is still a double

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
        std::uint64_t* const counts = counts_.data();
        const std::int64_t first = first_;
        for (const double value : block) ++counts[index(value) - first];
    }

    [[nodiscard]] std::uint64_t& count_at(std::int64_t bin) noexcept {
        return counts_[static_cast<std::size_t>(bin - first_)];
    }

    // Makes the bins cover the range from `low` to `high` as well.
    void cover(double low, double high) {
        const bool fresh = counts_.empty();
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
        const std::vector<std::uint64_t> counts = std::exchange(counts_, std::vector<std::uint64_t>(fine_bins, 0));
        const std::int64_t old_first = std::exchange(first_, first);
        add_counts(counts, old_first, std::exchange(exponent_, exponent));
    }

    // Adds counts of bins that begin at `first` and are at most as wide as those here, which cover them.
    void add_counts(const std::vector<std::uint64_t>& counts, std::int64_t first, int exponent) noexcept {
        const int coarser = (std::min)(exponent_ - exponent, 63);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] != 0) count_at((first + static_cast<std::int64_t>(i)) >> coarser) += counts[i];
        }
    }

    std::vector<std::uint64_t> counts_;  // bin i holds [first_ + i, first_ + i + 1) * 2^exponent_; empty at first
    std::int64_t first_ = 0;
    int exponent_ = 0;
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
