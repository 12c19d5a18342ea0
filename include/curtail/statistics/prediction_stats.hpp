// SPDX-License-Identifier: MIT
#pragma once
// What the statistics of one prediction column say, as a plain value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace curtail::inline v0 {

struct ClassCount {
    std::string label;
    std::uint64_t count = 0;
    double percentage = 0;  // of the rows that have a prediction, 0..100

    friend bool operator==(const ClassCount&, const ClassCount&) = default;
};

// Counts of equally wide bins: bin i holds [low + i*width, low + (i+1)*width), the last one its upper edge as well.
struct Histogram {
    double low = 0;
    double high = 0;
    std::vector<std::uint64_t> counts;

    friend bool operator==(const Histogram&, const Histogram&) = default;
};

// Statistics of one prediction column over all rows. The moments are absent where there is nothing to compute them from
// (no numbers; for `std` fewer than two), as pandas gives NaN.
struct PredictionStats {
    std::uint64_t n_rows = 0;
    std::uint64_t n_null = 0;  // nulls and NaN, which the moments leave out
    std::optional<double> mean;
    std::optional<double> std;  // of a sample (ddof 1)
    std::optional<double> min;
    std::optional<double> max;
    std::optional<double> median;
    std::optional<double>
        median_rank_error;  // present when the median is an estimate: at most this share of the rows off
    std::optional<Histogram> histogram;
    std::vector<ClassCount> class_distribution;  // most frequent first; empty unless the predictions are discrete
    std::uint64_t classes_total = 0;             // distinct labels seen, exact while they were counted apart
    std::uint64_t other_count = 0;               // rows whose label is not listed

    friend bool operator==(const PredictionStats&, const PredictionStats&) = default;
};

}  // namespace curtail::inline v0
