// SPDX-License-Identifier: MIT
#pragma once
// Statistics of one prediction column over all rows: one pass, bounded memory, parts that merge to the whole.

#include <cstddef>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/statistics/prediction_stats.hpp>
#include <curtail/statistics/statistics_options.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0 {
namespace detail {

class ColumnStatistics;

template <class Range>
using ElementOfRange = std::remove_cvref_t<decltype(*std::begin(std::declval<const Range&>()))>;

template <class T>
concept PlainNumber = is_one_of<T, bool, signed char, unsigned char, short, unsigned short, int, unsigned, long,
                                unsigned long, long long, unsigned long long, float, double>;

template <class T>
concept PlainValue = PlainNumber<T> || is_one_of<T, std::string, std::string_view>;

}  // namespace detail

/// Describes one column of predictions of any kind, as pandas' describe() and value_counts() do, in a single pass.
/// Takes at most 3.3 MB with the default options, however many rows there are, and does not allocate per number.
///
/// Numbers (integers, float, double and decimals, but not bool) give mean, std (ddof 1), min, max, median and
/// histogram. They are computed in double precision, as pandas does; min and max of integers and decimals keep every
/// digit, and the deviation of integers beyond 2^53 is not that of their doubles. Nulls and NaN are left out and
/// counted. Infinities, and decimals beyond the range of a double, are numbers: as in pandas they make mean, min or max
/// infinite and std NaN. Such a value is absent here, because JSON cannot hold it. The histogram is that of the finite
/// numbers. With more than `exact_median_values` finite numbers the median is an estimate (`median_rank_error` says how
/// exact), and so are the inner edges of the histogram. All other counts stay exact.
///
/// Everything else (text, bool, dates and times, bytes, nested cells) is a label. Labels give the class distribution,
/// by the text that they have in the file. Numbers are labels as well while all of them are whole and at most
/// `max_number_classes` are distinct: a classifier's 0 and 1, also when they come as 0.0 and 1.0. A decimal is whole if
/// it is an integer of 64 bits, or is spelled as a whole double is. If a column has labels, and numbers that are not
/// labels, `other_count` counts the latter. A cell of a text input counts as what it means by itself: one word
/// among ten million numbers is one class beside their mean, in whatever row it is.
///
/// The result depends on the values and their order, never on how they were divided into calls.
///
///     curtail::PredictionStatistics statistics;
///     statistics.add_all(scores);                                // a std::vector<double>
///     const curtail::PredictionStats stats = statistics.result();
///
/// An object that was moved from can only be assigned to and destroyed.
class PredictionStatistics {
  public:
    /// Throws UsageError (`invalid_option`) for more than 512 bins or more than 1'000'000 classes.
    explicit PredictionStatistics(const StatisticsOptions& options = {});
    /// Copies all that `other` has seen.
    PredictionStatistics(const PredictionStatistics& other);
    /// Takes over what `other` has seen, without a copy.
    PredictionStatistics(PredictionStatistics&& other) noexcept;
    PredictionStatistics& operator=(const PredictionStatistics& other);
    PredictionStatistics& operator=(PredictionStatistics&& other) noexcept;
    ~PredictionStatistics();

    /// Adds one prediction.
    void add(const Cell& cell);

    /// Adds one prediction, `value`, of any type that can be a cell of a table.
    template <CellLike T>
    void add(const T& value) {
        visit_cell(value, [this](const auto& plain) {
            add(Cell(std::in_place_type<std::remove_cvref_t<decltype(plain)>>, plain));
        });
    }

    /// Adds `values`, a range of predictions, such as a std::vector or a std::deque of any type that can be a cell.
    /// Numbers and texts that are contiguous in memory take the least time per prediction.
    template <class Range>
    requires CellLike<detail::ElementOfRange<Range>>
    void add_all(const Range& values) {
        using T = detail::ElementOfRange<Range>;
        constexpr bool as_it_is = !detail::HasCellTraits<T>;
        if constexpr (as_it_is && detail::PlainValue<T> && requires { std::span<const T>(values); }) {
            add_span(std::span<const T>(values));
        } else if constexpr (as_it_is && detail::PlainNumber<T>) {
            T block[512];
            std::size_t count = 0;
            for (const T value : values) {
                block[count++] = value;
                if (count == std::size(block)) add_span(std::span<const T>(block, std::exchange(count, 0)));
            }
            add_span(std::span<const T>(block, count));
        } else {
            for (const auto& value : values) add(value);
        }
    }

    /// Appends the predictions of `other`, another part of the column. If `other` has at most `exact_median_values`
    /// numbers, and both parts together at most `max_classes` labels, the result is that of adding its values one by
    /// one, to the last bit: so threads that divide a table at fixed rows and merge the parts in order agree with a
    /// single thread. Beyond that, counts, histogram, mean and std are still those of the whole, the median is within
    /// its rank error, and the counts of labels may lack rows (see `class_distribution`). Throws UsageError
    /// (`invalid_option`) if `other` has different options.
    void merge(const PredictionStatistics& other);

    /// Returns the statistics of the predictions so far.
    [[nodiscard]] PredictionStats result() const;

    // Returns the state itself, for the summaries of parts.
    [[nodiscard]] detail::ColumnStatistics& column() noexcept { return *column_; }
    [[nodiscard]] const detail::ColumnStatistics& column() const noexcept { return *column_; }
    explicit PredictionStatistics(detail::ColumnStatistics column);

  private:
    template <detail::PlainValue T>
    void add_span(std::span<const T> values);

    std::unique_ptr<detail::ColumnStatistics> column_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/statistics/column/column_statistics.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE PredictionStatistics::PredictionStatistics(const StatisticsOptions& options)
    : column_(std::make_unique<detail::ColumnStatistics>(options)) {}
CURTAIL_INLINE PredictionStatistics::PredictionStatistics(detail::ColumnStatistics column)
    : column_(std::make_unique<detail::ColumnStatistics>(std::move(column))) {}
CURTAIL_INLINE PredictionStatistics::PredictionStatistics(const PredictionStatistics& other)
    : column_(std::make_unique<detail::ColumnStatistics>(*other.column_)) {}
CURTAIL_INLINE PredictionStatistics::PredictionStatistics(PredictionStatistics&& other) noexcept = default;
CURTAIL_INLINE PredictionStatistics& PredictionStatistics::operator=(const PredictionStatistics& other) {
    return *this = PredictionStatistics(other);
}
CURTAIL_INLINE PredictionStatistics& PredictionStatistics::operator=(PredictionStatistics&& other) noexcept = default;
CURTAIL_INLINE PredictionStatistics::~PredictionStatistics() = default;

CURTAIL_INLINE void PredictionStatistics::add(const Cell& cell) {
    column_->add(cell);
}

template <detail::PlainValue T>
void PredictionStatistics::add_span(std::span<const T> values) {
    column_->add(values);
}
#if defined(CURTAIL_COMPILING)
template void PredictionStatistics::add_span(std::span<const bool>);
template void PredictionStatistics::add_span(std::span<const signed char>);
template void PredictionStatistics::add_span(std::span<const unsigned char>);
template void PredictionStatistics::add_span(std::span<const short>);
template void PredictionStatistics::add_span(std::span<const unsigned short>);
template void PredictionStatistics::add_span(std::span<const int>);
template void PredictionStatistics::add_span(std::span<const unsigned>);
template void PredictionStatistics::add_span(std::span<const long>);
template void PredictionStatistics::add_span(std::span<const unsigned long>);
template void PredictionStatistics::add_span(std::span<const long long>);
template void PredictionStatistics::add_span(std::span<const unsigned long long>);
template void PredictionStatistics::add_span(std::span<const float>);
template void PredictionStatistics::add_span(std::span<const double>);
template void PredictionStatistics::add_span(std::span<const std::string>);
template void PredictionStatistics::add_span(std::span<const std::string_view>);
#endif

CURTAIL_INLINE void PredictionStatistics::merge(const PredictionStatistics& other) {
    column_->merge(*other.column_);
}
CURTAIL_INLINE PredictionStats PredictionStatistics::result() const {
    return column_->result();
}

}  // namespace curtail::inline v0
#endif
