// SPDX-License-Identifier: MIT
#pragma once
// What the statistics of one prediction column say, as a plain value.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0 {

/// A minimum or a maximum: a finite number with all of its digits, as JSON spells it.
///
///     if (stats.min) std::puts(stats.min->text().c_str());  // "9007199254740993", "-0.50", "1e-07"
class Extreme {
  public:
    /// The longest text: that of an integer of 128 bits with its sign.
    static constexpr std::size_t max_text = 40;

    /// Keeps a double with the digits that read back to the same bits: 3 is "3.0". NaN and infinities are "null".
    Extreme(double value);  // NOLINT(google-explicit-constructor): a double is a number
    /// Keeps an integer with its digits: 3 is "3".
    template <std::integral Integer>
    requires(sizeof(Integer) <= 8) Extreme(Integer value)  // NOLINT(google-explicit-constructor)
        : value_(static_cast<double>(value)), text_(std::to_string(value)) {}
    /// Keeps a number as it is spelled: `text` is a number of JSON of at most max_text bytes, and `value` the double
    /// next to it.
    Extreme(double value, std::string text) noexcept : value_(value), text_(std::move(text)) {}

    /// Returns the number, rounded to a double.
    [[nodiscard]] double value() const noexcept { return value_; }
    /// Returns the number with all digits. An integer has no point and no exponent.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    friend bool operator==(const Extreme&, const Extreme&) = default;
    /// Compares the rounded number.
    friend bool operator==(const Extreme& extreme, double value) noexcept { return extreme.value_ == value; }

  private:
    double value_;
    std::string text_;
};

/// One label of a prediction column and how often it occurs.
struct ClassCount {
    /// The text of the label: valid UTF-8 of at most 256 bytes. A label that was cut ends in "…". Where that makes two
    /// labels look alike, the later one ends in " (2)", " (3)" and so on.
    std::string label = {};
    /// Rows with this label. Never too high; exact while at most `max_classes` labels are distinct.
    std::uint64_t count = 0;
    /// `count` as a share of the rows that have a prediction, 0 to 100.
    double percentage = 0;

    friend bool operator==(const ClassCount&, const ClassCount&) = default;
};

/// Counts of the finite numbers in equally wide bins from the least to the greatest of them. With `width = (high - low)
/// / counts.size()`, bin i holds the numbers from `low + i * width` up to, but not including, `low + (i + 1) * width`;
/// the last bin includes `high`. Where the median is an estimate, numbers less than 1/1024 of the range above an edge
/// may be counted one bin too low.
struct Histogram {
    /// The least number, and lower edge of the first bin.
    double low = 0;
    /// The greatest number, and upper edge of the last bin. Equals `low` if all numbers are equal: there is one bin
    /// then.
    double high = 0;
    /// Numbers per bin.
    std::vector<std::uint64_t> counts = {};

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
    std::optional<double> mean = {};
    /// Standard deviation of a sample: the divisor is the number of values less one (pandas' `ddof=1`).
    std::optional<double> std = {};
    /// Minimum. That of integers and decimals keeps every digit.
    std::optional<Extreme> min = {};
    /// Maximum, in the same way.
    std::optional<Extreme> max = {};
    /// Median; the mean of the middle two if the number of values is even.
    std::optional<double> median = {};
    /// Present if the median is an estimate: its rank is off by at most this share of the numbers. 0.005 means half a
    /// percent.
    std::optional<double> median_rank_error = {};
    /// How the finite numbers are spread. Absent if there are none, or if `histogram_bins` is 0.
    std::optional<Histogram> histogram = {};
    /// The most frequent labels, first the most frequent, ties in the order of their bytes; at most `listed_classes`.
    /// Empty unless the predictions are discrete.
    std::vector<ClassCount> class_distribution = {};
    /// Distinct labels. Exact up to `max_classes`, then an estimate with a standard error of 1.6 %.
    std::uint64_t classes_total = 0;
    /// Rows whose prediction is not in `class_distribution`.
    std::uint64_t other_count = 0;
    /// True if counts in `class_distribution` may be too small, because more than `max_classes` labels were met.
    bool class_counts_are_lower_bounds = false;

    friend bool operator==(const PredictionStats&, const PredictionStats&) = default;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/core/number/number_text.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE Extreme::Extreme(double value)
    : value_(value), text_(detail::is_finite(value) ? detail::number_text(value) : "null") {}

}  // namespace curtail::inline v0
#endif
