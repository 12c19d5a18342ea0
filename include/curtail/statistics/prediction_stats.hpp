// SPDX-License-Identifier: MIT
#pragma once
// What the statistics of one prediction column say, as a plain value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace curtail::inline v0 {

/// One label of a prediction column and how often it occurs.
struct ClassCount {
    /// The text of the label: valid UTF-8 of at most 256 bytes. A label that was cut ends in "…". Where that makes two
    /// labels look alike, the later one ends in " (2)", " (3)" and so on.
    std::string label;
    /// Rows with this label. Never too high; exact while at most `max_classes` labels are distinct.
    std::uint64_t count = 0;
    /// `count` as a share of the rows that have a prediction, 0 to 100.
    double percentage = 0;

    friend bool operator==(const ClassCount&, const ClassCount&) = default;
};

/// Counts of numbers in equally wide bins. With `width = (high - low) / counts.size()`, bin i holds the numbers from
/// `low + i * width` up to, but not including, `low + (i + 1) * width`; the last bin includes `high`.
struct Histogram {
    /// Lower edge of the first bin.
    double low = 0;
    /// Upper edge of the last bin. Equals `low` if all numbers are equal: there is one bin then.
    double high = 0;
    /// Numbers per bin.
    std::vector<std::uint64_t> counts;

    friend bool operator==(const Histogram&, const Histogram&) = default;
};

/// Statistics of one prediction column over all rows. A value that cannot be computed, because there are no numbers or
/// too few of them, is absent where pandas gives NaN. So is a value that is infinite.
struct PredictionStats {
    /// Rows, with or without a prediction.
    std::uint64_t n_rows = 0;
    /// Rows whose prediction is null or NaN. The values below leave them out.
    std::uint64_t n_null = 0;
    /// Arithmetic mean.
    std::optional<double> mean;
    /// Standard deviation of a sample: the divisor is the number of values less one (pandas' `ddof=1`).
    std::optional<double> std;
    /// Minimum.
    std::optional<double> min;
    /// Maximum.
    std::optional<double> max;
    /// Median; the mean of the middle two if the number of values is even.
    std::optional<double> median;
    /// Present if the median is an estimate: its rank is off by at most this share of the numbers. 0.005 means half a
    /// percent.
    std::optional<double> median_rank_error;
    /// Counts of the finite numbers. Absent if there are none, or if `histogram_bins` is 0.
    std::optional<Histogram> histogram;
    /// The most frequent labels, first the most frequent, ties in the order of their bytes; at most `listed_classes`.
    /// Empty unless the predictions are discrete.
    std::vector<ClassCount> class_distribution;
    /// Distinct labels. Exact up to `max_classes`, then an estimate with a standard error of 1.6 %.
    std::uint64_t classes_total = 0;
    /// Rows whose prediction is not in `class_distribution`.
    std::uint64_t other_count = 0;

    friend bool operator==(const PredictionStats&, const PredictionStats&) = default;
};

}  // namespace curtail::inline v0
