// SPDX-License-Identifier: MIT
#pragma once
// Mean, deviation, extremes, median and histogram of a stream of finite numbers, block by block.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <curtail/statistics/numbers/exact_numbers.hpp>
#include <curtail/statistics/numbers/histogram_sketch.hpp>
#include <curtail/statistics/numbers/moments.hpp>
#include <curtail/statistics/numbers/quantile_sketch.hpp>
#include <curtail/statistics/numbers/rough_order.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

// Keeps the first numbers, up to as many as the median is to be exact for; when more come, all go to the sketches in
// blocks, counted from the first number of all, so that nothing depends on how they were brought.
//
// `Bins` count for the histogram, `Quantiles` stand for the numbers, once there are too many to keep.
template <class Bins, class Quantiles>
class BasicNumberStatistics {
  public:
    // At least one block is kept. No histogram for 0 bins.
    BasicNumberStatistics(std::size_t exact_values, std::size_t histogram_bins)
        : histogram_bins_(histogram_bins), most_((std::max)(exact_values, block_size)) {}

    void add(double value) {
        if (kept_ == pending_.size()) make_room();
        pending_[kept_++] = value;
    }

    // Whether one more number would be more than the median is to be exact for.
    [[nodiscard]] bool full() const noexcept { return kept_ == most_; }

    // Room for the next numbers, for one at least: write the first of them there, then say how many. Asking for it is
    // to have one more.
    [[nodiscard]] std::span<double> room() {
        if (kept_ == pending_.size()) make_room();
        return std::span(pending_).subspan(kept_);
    }
    void commit(std::size_t count) noexcept { kept_ += count; }

    // Appends `other`, which must have been made with the same numbers.
    void merge(const BasicNumberStatistics& other) {
        if (other.spilled_) {
            if (!spilled_) spill();
            moments_.merge(other.moments_);
            histogram_.merge(other.histogram_);
            quantiles_.merge(other.quantiles_);
        }
        for (std::span<const double> rest = other.kept(); !rest.empty();) {
            const std::span<double> to = room();
            const std::size_t count = (std::min)(to.size(), rest.size());
            std::copy_n(rest.begin(), count, to.begin());
            commit(count);
            rest = rest.subspan(count);
        }
    }

    // Fills in what there is to say of the numbers, and so many infinities beside them.
    void describe(PredictionStats& stats, std::uint64_t minus_infinities, std::uint64_t plus_infinities) const {
        Moments moments = moments_;
        for (std::span<const double> rest = kept(); !rest.empty();) {
            const auto values = rest.first((std::min)(block_size, rest.size()));
            moments.add(values);
            rest = rest.subspan(values.size());
        }
        if (minus_infinities + plus_infinities == 0) {
            stats.mean = if_finite(moments.mean());
            stats.std = if_finite(moments.standard_deviation());
        }
        if (moments.count() == 0) return;
        if (minus_infinities == 0) stats.min = moments.low();
        if (plus_infinities == 0) stats.max = moments.high();
        // The infinities stand before and after the finite numbers; a median that falls on one is absent.
        const std::uint64_t all = minus_infinities + moments.count() + plus_infinities;
        const std::uint64_t lower = (all - 1) / 2;
        const std::uint64_t upper = all / 2;
        const bool finite = lower >= minus_infinities && upper < minus_infinities + moments.count();
        const std::uint64_t rank = finite ? lower - minus_infinities : 0;
        const auto [low, high] =
            spilled_ ? describe_estimated(stats, moments, rank) : describe_exact(stats, moments, rank);
        if (!finite) return;
        const double sum = low + high;
        stats.median = lower == upper ? low : if_finite(sum) ? sum / 2 : low / 2 + high / 2;
        if (spilled_) stats.median_rank_error = Quantiles::max_rank_error;
    }

  private:
    static constexpr std::size_t block_size = Quantiles::block_size;

    [[nodiscard]] std::span<const double> kept() const noexcept { return std::span(pending_).first(kept_); }

    void make_room() {
        if (pending_.size() < most_) {
            pending_.resize((std::min)(most_, (std::max)(4 * pending_.size(), block_size)));
        } else {
            spill();
        }
    }

    // Hands the kept values on in blocks, and keeps what fills none.
    void spill() {
        std::span<const double> rest = kept();
        for (; rest.size() >= block_size; rest = rest.subspan(block_size)) {
            const auto values = rest.first(block_size);
            Moments of_block;
            of_block.add(values);
            moments_.merge(of_block);
            if (histogram_bins_ != 0) histogram_.add(values, of_block.low(), of_block.high());
            quantiles_.add(values);
        }
        if (spilled_) {
            std::copy(rest.begin(), rest.end(), pending_.begin());
        } else {
            std::vector<double> block(block_size);
            std::copy(rest.begin(), rest.end(), block.begin());
            pending_ = std::move(block);
            most_ = block_size;
            spilled_ = true;
        }
        kept_ = rest.size();
    }

    // Each fills in the histogram and gives the numbers at `rank` and at `rank` + 1.
    std::pair<double, double> describe_exact(PredictionStats& stats, const Moments& moments, std::uint64_t rank) const {
        const auto place = static_cast<std::size_t>(rank);
        if (histogram_bins_ == 0) {
            const auto values = kept();
            return select_numbers({values.begin(), values.end()}, moments.low(), moments.high(), place);
        }
        NumbersAtHand answer = describe_at_hand(kept(), moments.low(), moments.high(), place, histogram_bins_);
        stats.histogram = std::move(answer.histogram);
        return answer.at_rank;
    }
    std::pair<double, double> describe_estimated(PredictionStats& stats, const Moments& moments,
                                                 std::uint64_t rank) const {
        if (histogram_bins_ != 0) {
            Bins histogram = histogram_;
            histogram.add(kept(), moments.low(), moments.high());
            stats.histogram = histogram.result(histogram_bins_);
        }
        Quantiles quantiles = quantiles_;
        quantiles.add(kept());
        return quantiles.values_at(rank);
    }

    [[nodiscard]] static std::optional<double> if_finite(double value) noexcept {
        if (!(std::abs(value) <= (std::numeric_limits<double>::max)())) return std::nullopt;
        return value;
    }

    std::size_t histogram_bins_;
    std::size_t most_;  // that pending_ may hold: those of an exact median at first, then one block
    std::size_t kept_ = 0;
    bool spilled_ = false;
    std::vector<double> pending_;  // kept_ numbers in the order they came, and room
    Moments moments_;              // of what was spilled, as are the sketches
    Bins histogram_;
    Quantiles quantiles_;
};

using NumberStatistics = BasicNumberStatistics<HistogramSketch, QuantileSketch>;

}  // namespace curtail::inline v0::detail
