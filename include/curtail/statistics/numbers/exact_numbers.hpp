// SPDX-License-Identifier: MIT
#pragma once
// What is asked of numbers that are all in memory: which stand in the middle, and how they spread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <curtail/statistics/numbers/histogram_sketch.hpp>
#include <curtail/statistics/numbers/rough_order.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

struct NumbersAtHand {
    std::pair<double, double> at_rank;  // as select_numbers() gives them
    Histogram histogram;                // as histogram_of() gives it
};

// Answers both for the price of one. The numbers are counted in some thousand bins; then only those are looked at whose
// bin holds the rank or an edge of the histogram: of 100,000 random ones, a hundredth.
[[nodiscard]] inline NumbersAtHand describe_at_hand(std::span<const double> values, double low, double high,
                                                    std::size_t rank, std::size_t histogram_bins) {
    using Bins = detail::EqualBins;
    const Bins bins(low, high);
    const std::vector<double> edges = detail::histogram_edges(low, high, histogram_bins);
    if (!bins.divide() || edges.empty() || values.size() < 2 * Bins::count) {
        return {select_numbers({values.begin(), values.end()}, low, high, rank),
                histogram_of(values, low, high, histogram_bins)};
    }
    std::array<std::size_t, Bins::count> counts{};
    for (const double value : values) ++counts[bins.place(value)];

    std::array<bool, Bins::count> chosen{};
    std::size_t first = 0;
    std::size_t before = 0;
    while (before + counts[first] <= rank) before += counts[first++];
    std::size_t last = first;
    if (rank + 1 == before + counts[first] && rank + 1 < values.size()) {
        do ++last;
        while (counts[last] == 0);
    }
    chosen[first] = chosen[last] = true;
    for (const double edge : edges) chosen[bins.place(edge)] = true;
    std::size_t size = 1;  // each value is written, and stays where its bin is chosen
    for (std::size_t bin = 0; bin < Bins::count; ++bin) size += chosen[bin] ? counts[bin] : 0;
    std::vector<double> looked_at(size);
    size = 0;
    for (const double value : values) {
        looked_at[size] = value;
        size += chosen[bins.place(value)] ? 1U : 0U;
    }
    looked_at.pop_back();

    NumbersAtHand answer{{}, histogram_of(looked_at, low, high, histogram_bins)};
    std::size_t to = 0;
    for (std::size_t bin = 0; bin < Bins::count; ++bin) {
        while (to + 1 < edges.size() && bins.place(edges[to + 1]) < bin) ++to;
        if (!chosen[bin]) answer.histogram.counts[to] += counts[bin];
    }
    std::size_t kept = 0;
    for (const double value : looked_at) {
        const std::size_t bin = bins.place(value);
        if (bin == first || bin == last) looked_at[kept++] = value;
    }
    looked_at.resize(kept);
    const auto [least, greatest] = detail::range_of(looked_at);
    answer.at_rank = select_numbers(std::move(looked_at), least, greatest, rank - before);
    return answer;
}

}  // namespace curtail::inline v0::detail
