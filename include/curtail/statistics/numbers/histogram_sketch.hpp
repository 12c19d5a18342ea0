// SPDX-License-Identifier: MIT
#pragma once
// Histograms: of numbers that are at hand, and of a stream whose range is not known before it ends.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

// Where the bins of histogram_of() begin: the first at `low`. None where there is but one bin.
[[nodiscard]] inline std::vector<double> histogram_edges(double low, double high, std::size_t bins) {
    const double half_width = (high / 2 - low / 2) / static_cast<double>(bins);  // high - low may be beyond a double
    std::vector<double> edges;
    if (half_width < (std::numeric_limits<double>::min)()) return edges;
    edges.push_back(low);
    for (std::size_t bin = 1; bin < bins; ++bin) {
        edges.push_back(2 * (low / 2 + static_cast<double>(bin) * half_width));
    }
    return edges;
}

// Counts `values`, whose least is `low` and greatest is `high`, in `bins` equally wide bins from `low` to
// `high`, as numpy.histogram does. One bin when the values are equal, or closer than doubles can be divided.
[[nodiscard]] inline Histogram histogram_of(std::span<const double> values, double low, double high, std::size_t bins) {
    Histogram histogram{low, high, {}};
    std::vector<double> edges = detail::histogram_edges(low, high, bins);
    if (edges.empty()) {
        histogram.counts = {values.size()};
        return histogram;
    }
    edges.push_back(std::numeric_limits<double>::infinity());
    histogram.counts.assign(bins, 0);
    const double scale = static_cast<double>(bins) / (high / 2 - low / 2);
    for (const double value : values) {
        auto bin = (std::min)(static_cast<std::size_t>((value / 2 - low / 2) * scale), bins - 1);
        // The product may be off across an edge; what stands in the message is the edge.
        bin -= value < edges[bin] ? 1U : 0U;
        bin += value >= edges[bin + 1] ? 1U : 0U;
        ++histogram.counts[bin];
    }
    return histogram;
}

// Counts a stream of finite numbers in bins whose edges are the multiples of a power of two, the smallest
// with which 2,048 of them cover what was seen; when a value falls outside, neighbours are joined until they
// do. So every count is exact, and depends on the values alone: not on their order, not on how they were
// divided. 16 KB.
class HistogramSketch {
  public:
    // Takes a block whose least value is `low` and greatest is `high`.
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
        const unsigned coarser = shift(exponent_ - other.exponent_);
        for (std::size_t i = 0; i < fine_bins; ++i) {
            if (other.counts_[i] != 0)
                count_at((other.first_ + static_cast<std::int64_t>(i)) >> coarser) += other.counts_[i];
        }
    }

    // At most `bins` (1 to max_bins) equally wide bins, a few less when that suffices. The outer edges are
    // multiples of a power of two at or beyond the least and greatest value, by less than one bin; the counts
    // are exact.
    [[nodiscard]] Histogram result(std::size_t bins) const {
        if (counts_.empty()) return {};
        if (low_ == high_) return histogram_of_one();
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
        constexpr double greatest = (std::numeric_limits<double>::max)();
        histogram.low = (std::max)(std::ldexp(static_cast<double>(begin), exponent_), -greatest);
        histogram.high = (std::min)(std::ldexp(static_cast<double>(end), exponent_), greatest);
        return histogram;
    }

    static constexpr std::size_t max_bins = 512;

  private:
    static constexpr std::size_t fine_bins = 2048;
    static constexpr int least_exponent = -1000;  // 2^1000 is a double still

    // The multiples of 2^exponent.
    class Grid {
      public:
        explicit Grid(int exponent) noexcept : width_(std::ldexp(1.0, exponent)), scale_(std::ldexp(1.0, -exponent)) {}

        // How many times the width lies between 0 and the value, which is below 2^54. The product is exact but where
        // it is too small for a double and becomes 0, and that is right as well.
        [[nodiscard]] std::int64_t towards_zero(double value) const noexcept {
            return static_cast<std::int64_t>(value * scale_);
        }
        // Without std::floor(), which is a function call on the plainest x86-64.
        [[nodiscard]] std::int64_t floor(double value) const noexcept {
            const std::int64_t place = towards_zero(value);
            return place - static_cast<std::int64_t>(value < static_cast<double>(place) * width_);
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

    [[nodiscard]] static unsigned shift(int exponents) noexcept {
        return static_cast<unsigned>((std::min)(exponents, 63));
    }

    [[nodiscard]] std::uint64_t& count_at(std::int64_t bin) noexcept {
        return counts_[static_cast<std::size_t>(bin - first_)];
    }

    [[nodiscard]] Histogram histogram_of_one() const {
        std::uint64_t total = 0;
        for (const std::uint64_t count : counts_) total += count;
        return {low_, high_, {total}};
    }

    void cover(double low, double high) {
        const bool fresh = counts_.empty();
        if (!fresh && low >= low_ && high <= high_) return;
        const bool grows_down = !fresh && low < low_;
        low_ = fresh ? low : (std::min)(low, low_);
        high_ = fresh ? high : (std::max)(high, high_);

        int exponent = fresh ? least_exponent : exponent_;
        const double magnitude = (std::max)(std::abs(low_), std::abs(high_));
        if (magnitude > 0) exponent = (std::max)(exponent, std::ilogb(magnitude) - 52);  // no finer than the digits
        std::int64_t begin = 0;
        std::int64_t end = 0;
        for (;; ++exponent) {
            const Grid grid(exponent);
            begin = grid.floor(low_);
            end = grid.floor(high_);
            if (end - begin < static_cast<std::int64_t>(fine_bins)) break;
        }
        const std::int64_t window = static_cast<std::int64_t>(fine_bins) - 1;
        if (!fresh && exponent == exponent_ && begin >= first_ && end <= first_ + window) return;

        // All the slack on the side that grows: a sorted stream moves the bins a few times, not at every
        // block.
        const std::int64_t first = grows_down ? end - window : begin;
        std::vector<std::uint64_t> counts(fine_bins, 0);
        counts.swap(counts_);
        const unsigned coarser = shift(exponent - exponent_);
        const std::int64_t old_first = std::exchange(first_, first);
        exponent_ = exponent;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] != 0) count_at((old_first + static_cast<std::int64_t>(i)) >> coarser) += counts[i];
        }
    }

    std::vector<std::uint64_t> counts_;  // bin i holds [first_ + i, first_ + i + 1) * 2^exponent_; empty at first
    std::int64_t first_ = 0;
    int exponent_ = 0;
    double low_ = 0;
    double high_ = 0;
};

}  // namespace curtail::inline v0::detail
