// SPDX-License-Identifier: MIT
#pragma once
// Statistics of one prediction column over all rows: one pass, bounded memory, parts that merge to the whole.

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/statistics/labels/class_counts.hpp>
#include <curtail/statistics/labels/number_classes.hpp>
#include <curtail/statistics/numbers/histogram_sketch.hpp>
#include <curtail/statistics/numbers/number_statistics.hpp>
#include <curtail/statistics/prediction_stats.hpp>
#include <curtail/statistics/statistics_options.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0 {
namespace detail {

template <class Range>
using ElementOfRange = std::remove_cvref_t<decltype(*std::begin(std::declval<const Range&>()))>;

// A type of the language that visit_cell() takes for a number, as wide as an int64 or a double at most.
template <class T>
concept PlainNumber =
    std::is_arithmetic_v<T> && !HasCellTraits<T> && kind_of<T>() >= CellKind::int8 && kind_of<T>() <= CellKind::float64;

}  // namespace detail

// Takes the predictions one by one, of any kind, and answers with what pandas' describe() and value_counts()
// say of the whole column. At most 2.5 MB, and no allocation per number.
//
// Numbers (integers, float, double, decimals; not bool) give mean, std (ddof 1), min, max, median and
// histogram. They are computed in double precision, as pandas does. Nulls and NaN are left out and counted.
// Infinities count as numbers: as in pandas they make mean, min or max infinite and std NaN, and such a value
// is absent here, as JSON cannot hold it; the histogram is of the finite numbers. Once there are more than
// exact_median_values finite numbers, the median is an estimate (median_rank_error says how far) and the
// outer edges of the histogram lie a little beyond min and max; all counts stay exact.
//
// Everything that is not a number (text, bool, dates and times, bytes, nested cells) is a label and gives the
// class distribution, under the text that it has in the file. Numbers are labels as well while all are whole
// and at most max_number_classes are distinct: a classifier's 0/1, also where they come as 0.0/1.0. A decimal
// is whole when it has no point and no exponent. In a column of labels and other numbers the latter are in
// other_count.
//
// The result depends on the values and their order, never on batches. merge() appends another part: when that
// part has at most exact_median_values numbers, and part and whole at most max_classes labels, the result is,
// bit for bit, that of adding the values one by one; so threads that cut a table at fixed rows and merge in
// order agree with a single one. Beyond, counts and histogram are the whole's still, moments agree to
// rounding, the median within its rank error, and labels as ClassCounts says.
//
// `Numbers` sum up the finite numbers, `Labels` count the rest.
template <class Numbers, class Labels>
class BasicPredictionStatistics {
  public:
    // Throws UsageError (invalid_option) for more than 512 bins or 1'000'000 classes.
    explicit BasicPredictionStatistics(const StatisticsOptions& options = {})
        : options_(options),
          numbers_(options.exact_median_values, options.histogram_bins),
          classes_(options.max_number_classes),
          labels_(options.max_classes) {
        if (options.histogram_bins > detail::HistogramSketch::max_bins) {
            throw UsageError(ErrorCode::invalid_option, "a histogram has at most 512 bins");
        }
        if ((std::max)(options.max_classes, options.max_number_classes) > 1'000'000) {
            throw UsageError(ErrorCode::invalid_option, "at most 1'000'000 classes are counted apart");
        }
    }

    template <CellLike T>
    void add(const T& value) {
        ++rows_;
        visit_cell(value, [this](const auto& plain) { this->take(plain); });
    }

    // The same for a range of predictions. Numbers that stand side by side in memory cost least.
    template <class Range>
    requires CellLike<detail::ElementOfRange<Range>>
    void add_all(const Range& values) {
        using T = detail::ElementOfRange<Range>;
        if constexpr (detail::PlainNumber<T> && requires { std::span<const T>(values); }) {
            add_numbers(std::span<const T>(values));
        } else if constexpr (std::is_same_v<T, bool> && !detail::HasCellTraits<T>) {
            std::uint64_t counts[2] = {};
            for (const bool value : values) ++counts[value ? 1 : 0];
            rows_ += counts[0] + counts[1];
            bools_[0] += counts[0];
            bools_[1] += counts[1];
        } else {
            for (const auto& value : values) add(value);
        }
    }

    // Appends `other`, which must have equal options; throws UsageError (invalid_option) otherwise.
    void merge(const BasicPredictionStatistics& other) {
        if (!(options_ == other.options_)) {
            throw UsageError(ErrorCode::invalid_option, "statistics with different options cannot be merged");
        }
        if (&other == this) return merge(BasicPredictionStatistics(other));
        rows_ += other.rows_;
        nulls_ += other.nulls_;
        plus_infinities_ += other.plus_infinities_;
        minus_infinities_ += other.minus_infinities_;
        bools_[0] += other.bools_[0];
        bools_[1] += other.bools_[1];
        labels_.merge(other.labels_);
        classes_.merge(other.classes_);
        numbers_.merge(other.numbers_);
    }

    [[nodiscard]] PredictionStats result() const {
        PredictionStats stats;
        stats.n_rows = rows_;
        stats.n_null = nulls_;
        numbers_.describe(stats, minus_infinities_, plus_infinities_);
        describe_classes(stats);
        return stats;
    }

  private:
    template <class T>
    void add_numbers(std::span<const T> values) {
        rows_ += values.size();
        while (!values.empty()) {
            if constexpr (std::is_floating_point_v<T>) {
                // What is not finite is no number more.
                if (numbers_.full() && !is_finite(static_cast<double>(values.front()))) {
                    take_not_finite(static_cast<double>(values.front()));
                    values = values.subspan(1);
                    continue;
                }
            }
            const std::span<double> room = numbers_.room();
            const auto block =
                values.first((std::min)({values.size(), room.size(), detail::NumberClasses::block_size}));
            values = values.subspan(block.size());
            for (std::size_t i = 0; i < block.size(); ++i) room[i] = static_cast<double>(block[i]);
            std::size_t count = block.size();
            if constexpr (std::is_floating_point_v<T>) {
                if (!all_finite(room.first(count))) count = leave_finite(room.first(count));
                if (classes_.discrete()) classes_.add(std::span<const double>(room.first(count)));
            } else {
                if (classes_.discrete()) classes_.add(block);
            }
            numbers_.commit(count);
        }
    }

    // By the bits, for under -ffast-math compilers take every number for finite.
    static constexpr std::uint64_t exponent_bits = 0x7FF0000000000000U;
    static constexpr std::uint64_t exponent_one = 0x0010000000000000U;

    [[nodiscard]] static bool is_finite(double value) noexcept {
        return (std::bit_cast<std::uint64_t>(value) & exponent_bits) != exponent_bits;
    }
    // An exponent of ones, and one more, is a carry into the sign: two additions at a time, and no comparison.
    [[nodiscard]] static bool all_finite(std::span<const double> values) noexcept {
        std::uint64_t carries = 0;
        for (const double value : values) {
            carries |= (std::bit_cast<std::uint64_t>(value) & exponent_bits) + exponent_one;
        }
        return carries >> 63U == 0;
    }

    // Counts what is not finite and moves the others together; returns how many those are.
    [[nodiscard]] std::size_t leave_finite(std::span<double> values) {
        std::size_t count = 0;
        for (const double value : values) {
            const bool finite = is_finite(value);
            values[count] = value;
            count += finite ? 1U : 0U;
            if (!finite) [[unlikely]]
                take_not_finite(value);
        }
        return count;
    }

    void take(Null) noexcept { ++nulls_; }
    void take(bool value) noexcept { ++bools_[value ? 1 : 0]; }
    void take(std::int64_t value) {
        if (classes_.discrete()) classes_.add(value);
        numbers_.add(static_cast<double>(value));
    }
    void take(std::uint64_t value) {
        if (classes_.discrete()) classes_.add(value);
        numbers_.add(static_cast<double>(value));
    }
    void take(float value) { take(static_cast<double>(value)); }
    void take(double value) {
        if (!is_finite(value)) return take_not_finite(value);
        if (classes_.discrete()) classes_.add(value);
        numbers_.add(value);
    }
    void take(Decimal value) {
        const std::string_view digits = value.digits;
        const char* const end = digits.data() + digits.size();
        std::int64_t whole = 0;
        if (const auto read = std::from_chars(digits.data(), end, whole); read.ec == std::errc() && read.ptr == end) {
            return take(whole);
        }
        const std::optional<double> number = number_of(value);
        if (!number) return labels_.add(digits);
        classes_.end();
        if (is_finite(*number)) return numbers_.add(*number);
        take_not_finite(*number);
    }
    void take(std::string_view text) { labels_.add(text); }
    void take(Bytes bytes) {
        constexpr std::size_t written = Labels::max_label_bytes / 2;  // two digits a byte
        const std::string text = detail::bytes_text({bytes.data.substr(0, written)});
        if (bytes.data.size() < written) return labels_.add(text);
        labels_.add_long(text, 2 + 2 * std::uint64_t{bytes.data.size()}, bytes.data);
    }
    void take(Nested nested) { labels_.add(nested.json); }
    void take(const Timestamp& stamp) { take_written(detail::write_timestamp, stamp); }
    void take(Date date) { take_written(detail::write_date, std::int64_t{date.days}); }
    void take(TimeOfDay time) { take_written(detail::write_time, time); }
    void take(Duration duration) { take_written(detail::write_duration, duration); }

    template <class Write, class Value>
    void take_written(Write write, const Value& value) {
        char text[detail::max_time_chars];
        labels_.add({text, static_cast<std::size_t>(write(text, value) - text)});
    }

    void take_not_finite(double value) {
        if ((std::bit_cast<std::uint64_t>(value) & (exponent_one - 1)) != 0) {  // NaN
            ++nulls_;
            return;
        }
        ++(value > 0 ? plus_infinities_ : minus_infinities_);
        classes_.end();
    }

    void describe_classes(PredictionStats& stats) const {
        const std::uint64_t present = rows_ - nulls_;
        const bool only_numbers = labels_.total() + bools_[0] + bools_[1] == 0;
        if (present == 0 || (only_numbers && !classes_.discrete())) return;
        Labels all(options_.max_classes + options_.max_number_classes + 2);
        all.merge(labels_);
        if (bools_[0] != 0) all.add("False", bools_[0]);
        if (bools_[1] != 0) all.add("True", bools_[1]);
        classes_.visit([&](std::string_view text, std::uint64_t count) { all.add(text, count); });
        stats.classes_total = all.distinct();
        stats.class_distribution = all.most_frequent(options_.listed_classes, present);
        stats.other_count = present;
        for (const ClassCount& listed : stats.class_distribution) stats.other_count -= listed.count;
    }

    StatisticsOptions options_;
    Numbers numbers_;  // finite ones
    detail::NumberClasses classes_;
    Labels labels_;
    std::uint64_t bools_[2] = {};  // False, True
    std::uint64_t rows_ = 0;
    std::uint64_t nulls_ = 0;
    std::uint64_t plus_infinities_ = 0;
    std::uint64_t minus_infinities_ = 0;
};

using PredictionStatistics = BasicPredictionStatistics<detail::NumberStatistics, detail::ClassCounts>;

}  // namespace curtail::inline v0
