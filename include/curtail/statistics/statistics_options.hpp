// SPDX-License-Identifier: MIT
#pragma once
// How the statistics of the predictions are bounded.

#include <cstddef>

namespace curtail::inline v0 {

struct StatisticsOptions {
    // Median and histogram edges are exact up to so many numbers, which are kept until then (8 bytes each);
    // beyond, the median is an estimate. At least 1,024 are kept. Default: 100'000.
    std::size_t exact_median_values = 100'000;

    // Labels of text, bool and other non-numeric predictions that are counted apart at the same time, at most
    // 256 bytes each. Counts are exact up to so many distinct labels. Default: 1'000.
    std::size_t max_classes = 1'000;

    // Numbers are classes, too, when all are whole and at most so many are distinct; 0: never. Default: 50.
    std::size_t max_number_classes = 50;

    // Labels in the result; the rows of the rest are in other_count. Default: 50.
    std::size_t listed_classes = 50;

    // Bins of the histogram, 1 to 512; 0: no histogram. Default: 20.
    std::size_t histogram_bins = 20;

    friend bool operator==(const StatisticsOptions&, const StatisticsOptions&) = default;
};

}  // namespace curtail::inline v0
