// SPDX-License-Identifier: MIT
#pragma once
// The bounds of the statistics of the predictions.

#include <cstddef>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0 {

/// Bounds of the statistics, per prediction column. With the defaults a column takes at most 3.3 MB.
///
///     curtail::PredictionStatistics statistics({.max_classes = 10'000, .histogram_bins = 50});
struct StatisticsOptions {
    /// Numbers up to which median and histogram edges are exact. Any value; at least 1,024 numbers are kept. Costs 8
    /// bytes per number, and 16 where integers lie beyond 2^53. With more numbers the median is an estimate whose rank
    /// is off by at most 0.5 %, and the memory is at most 0.6 MB instead. Default: 100'000.
    std::size_t exact_median_values = 100'000;

    /// Labels (of text, bool and other predictions that are not numbers) that are counted at the same time. Up to this
    /// many distinct labels all counts are exact. With more, the rarer labels are forgotten: the counts of those that
    /// remain may lack rows, and are never too high. 2 to 1'000'000; less counts as 2. Costs about 150 bytes per
    /// distinct label, and of its text at most 256 bytes. Default: 1'000.
    std::size_t max_classes = 1'000;

    /// Numbers are labels as well while all are whole and at most this many are distinct. 0 to 1'000'000; 0: never.
    /// Costs about 60 bytes per distinct number. Default: 50.
    std::size_t max_number_classes = 50;

    /// Labels in the result. The rows of the others are in `other_count`. Any value; 0 lists none. Costs the text of
    /// each label in the result and in the message. Default: 50.
    std::size_t listed_classes = 50;

    /// Bins of the histogram, 0 to 512; 0: no histogram. A column takes 32 KB for it, whatever the number.
    /// Default: 20.
    std::size_t histogram_bins = 20;

    friend bool operator==(const StatisticsOptions&, const StatisticsOptions&) = default;
};

}  // namespace curtail::inline v0
