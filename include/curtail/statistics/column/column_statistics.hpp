// SPDX-License-Identifier: MIT
#pragma once
// Sorts the predictions of a column into numbers, labels, nulls and infinities, and sums up each kind.

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <curtail/core/error.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/read_floating.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/labels/class_counts.hpp>
#include <curtail/statistics/labels/number_classes.hpp>
#include <curtail/statistics/numbers/exact_extremes.hpp>
#include <curtail/statistics/numbers/number_statistics.hpp>
#include <curtail/statistics/numbers/residual.hpp>
#include <curtail/statistics/prediction_stats.hpp>
#include <curtail/statistics/statistics_options.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>
#include <curtail/table/cell/verbatim.hpp>
#include <curtail/table/number_of.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// How much of the statistics of a column is kept when they must become small. Each number is an upper bound. Counts,
// extremes and moments stay exact whatever the bounds.
struct ColumnBounds {
    std::size_t numbers = (std::numeric_limits<std::size_t>::max)();  // kept one by one
    std::size_t ranked = (std::numeric_limits<std::size_t>::max)();   // values that represent the ranks of the others
    std::size_t labels = (std::numeric_limits<std::size_t>::max)();   // counted apart
};

// The state and the work of PredictionStatistics, which documents the contract.
class ColumnStatistics {
  public:
    explicit ColumnStatistics(const StatisticsOptions& options)
        : options_(options),
          numbers_(options.exact_median_values, options.histogram_bins),
          classes_(options.max_number_classes),
          labels_(options.max_classes) {
        if (options.histogram_bins > HistogramSketch::max_bins) {
            throw UsageError(ErrorCode::invalid_option, "a histogram has at most 512 bins");
        }
        if ((std::max)(options.max_classes, options.max_number_classes) > 1'000'000) {
            throw UsageError(ErrorCode::invalid_option, "at most 1'000'000 classes are counted apart");
        }
    }

    void add(const Cell& cell) {
        const StandardArithmetic standard;
        ++rows_;
        visit_value(cell, [this](const auto& value) { take(value); });
    }

    // Takes arithmetic types, std::string and std::string_view.
    template <class T>
    void add(std::span<const T> values) {
        const StandardArithmetic standard;
        rows_ += values.size();
        if constexpr (std::is_same_v<T, bool>) {
            const auto trues = static_cast<std::uint64_t>(std::count(values.begin(), values.end(), true));
            bools_[1] += trues;
            bools_[0] += values.size() - trues;
        } else if constexpr (std::is_arithmetic_v<T>) {
            while (!values.empty()) {
                const auto block = values.first((std::min)(values.size(), numbers_.rest_of_block()));
                widen_block(block);
                values = values.subspan(block.size());
            }
        } else {
            for (const std::string_view text : values) labels_.add(text);
        }
    }

    void merge(const ColumnStatistics& other) {
        const StandardArithmetic standard;
        if (!(options_ == other.options_)) {
            throw UsageError(ErrorCode::invalid_option, "statistics with different options cannot be merged");
        }
        if (&other == this) return merge(ColumnStatistics(other));
        rows_ += other.rows_;
        nulls_ += other.nulls_;
        plus_infinities_ += other.plus_infinities_;
        minus_infinities_ += other.minus_infinities_;
        bools_[0] += other.bools_[0];
        bools_[1] += other.bools_[1];
        labels_.merge(other.labels_);
        classes_.merge(other.classes_);
        numbers_.merge(other.numbers_);
        extremes_.merge(other.extremes());
    }

    [[nodiscard]] PredictionStats result() const {
        const StandardArithmetic standard;
        PredictionStats stats;
        stats.n_rows = rows_;
        stats.n_null = nulls_;
        numbers_.describe(stats, minus_infinities_, plus_infinities_);
        extremes().restore(stats.min, stats.max);
        describe_classes(stats);
        return stats;
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    // Returns how many numbers are kept one by one.
    [[nodiscard]] std::size_t kept_numbers() const noexcept { return numbers_.kept(); }
    [[nodiscard]] std::size_t kept_labels() const noexcept { return labels_.kept(); }
    void keep_at_most(const ColumnBounds& bounds) {
        const StandardArithmetic standard;
        numbers_.keep_at_most(bounds.numbers);
        numbers_.condense(bounds.ranked);
        labels_.keep_at_most(bounds.labels);
    }

    void pack(Packer& packer) const {
        const StandardArithmetic standard;
        packer.number(rows_);
        for (const std::uint64_t count : {nulls_, plus_infinities_, minus_infinities_, bools_[0], bools_[1]}) {
            packer.number(count);
        }
        numbers_.pack(packer);
        extremes().pack(packer);
        classes_.pack(packer);
        labels_.pack(packer);
    }
    // `options` are those of the constructor.
    [[nodiscard]] static ColumnStatistics unpack(Unpacker& in, const StatisticsOptions& options) {
        const StandardArithmetic standard;
        ColumnStatistics column(options);
        column.rows_ = in.rows();
        std::uint64_t counted = 0;
        for (std::uint64_t* const count : {&column.nulls_, &column.plus_infinities_, &column.minus_infinities_,
                                           &column.bools_[0], &column.bools_[1]}) {
            *count = in.rows();
            counted += *count;
        }
        column.numbers_ = NumberStatistics::unpack(in, options.exact_median_values, options.histogram_bins);
        column.extremes_ = ExactExtremes::unpack(in);
        column.classes_ = NumberClasses::unpack(in, options.max_number_classes);
        column.labels_ = ClassCounts::unpack(in, options.max_classes);
        const std::uint64_t numbers = column.numbers_.count();
        in.expect(counted + numbers + column.labels_.total() == column.rows_, "counts that disagree");
        in.expect(!column.classes_.discrete() || column.classes_.total() == numbers, "counts that disagree");
        return column;
    }
    // Returns the most that pack() writes under the smallest bounds, for up to 10^12 rows.
    [[nodiscard]] static std::size_t smallest_pack(const StatisticsOptions& options) noexcept {
        constexpr std::size_t number = 10;  // at its longest
        constexpr std::size_t real = 8;
        constexpr std::size_t counts = 6 * number;
        constexpr std::size_t moments = number + 6 * real;
        constexpr std::size_t ranks = (smallest_bounds.ranked + 144) * real;  // 48 alone and 48 pairs
        constexpr std::size_t extremes = 2 * (number + 1) + 2 * (Extreme::max_text + 1) + 2;
        constexpr std::size_t label = 2 + ClassCounts::max_label_bytes + real + 2 * number;
        constexpr std::size_t labels = 4096 + 3 * number + smallest_bounds.labels * label;
        return counts + moments + HistogramSketch::max_packed_bytes + ranks + extremes + labels +
               options.max_number_classes * NumberClasses::max_packed_bytes;
    }
    static constexpr ColumnBounds smallest_bounds{.numbers = 0, .ranked = 512, .labels = 2};

  private:
    static constexpr std::size_t block_size = NumberClasses::block_size;

    [[nodiscard]] ExactExtremes extremes() const {
        ExactExtremes all = extremes_;
        if (const std::optional<IntegerRange> counted = numbers_.counted()) all.add(counted->low, counted->high);
        return all;
    }

    // Adds numbers of any type as one of four, because the work took 0.1 s to compile for each of the twelve.
    template <class T>
    void widen_block(std::span<const T> block) {
        using Long = std::conditional_t<std::is_signed_v<T> || sizeof(T) == 4, std::int64_t, std::uint64_t>;
        using Integer = std::conditional_t<sizeof(T) < 4 || std::is_same_v<T, std::int32_t>, std::int32_t, Long>;
        using Wide = std::conditional_t<std::is_floating_point_v<T>, double, Integer>;
        if constexpr (std::is_same_v<T, Wide>) {
            add_block(block);
        } else {
            std::array<Wide, block_size> wide;
            for (std::size_t i = 0; i < block.size(); ++i) wide[i] = static_cast<Wide>(block[i]);
            add_block(std::span<const Wide>(wide.data(), block.size()));
        }
    }
    template <std::integral Integer>
    void add_block(std::span<const Integer> block) {
        if (classes_.discrete()) classes_.add(block);
        const bool countable = std::is_signed_v<Integer> && numbers_.prepare_counted(block.size());
        if constexpr (std::is_signed_v<Integer>) {
            if (countable && numbers_.add_counted(block)) return;
        }
        Integer low = block[0];
        Integer high = block[0];
        for (const Integer value : block) {
            low = (std::min)(low, value);
            high = (std::max)(high, value);
        }
        if constexpr (std::is_signed_v<Integer>) {
            if (countable && numbers_.add_counted(block, low, high)) return;
        }
        extremes_.add(low, high);
        const bool exact = static_cast<double>(low) > -first_inexact && static_cast<double>(high) < first_inexact;
        std::array<double, block_size> doubles;
        for (std::size_t i = 0; i < block.size(); ++i) doubles[i] = static_cast<double>(block[i]);
        const std::span<const double> numbers(doubles.data(), block.size());
        if (exact) return numbers_.add(numbers);
        std::array<double, block_size> residuals;
        for (std::size_t i = 0; i < block.size(); ++i) residuals[i] = residual_of(block[i]);
        numbers_.add(numbers, std::span<const double>(residuals.data(), block.size()));
    }
    void add_block(std::span<const double> block) {
        std::array<double, block_size> finite;
        if (!all_finite(block)) block = take_not_finite(block, finite);
        if (classes_.discrete()) classes_.add(block);
        numbers_.add(block);
    }

    // Adds one to the exponents: one of all ones, which is not finite, carries into the sign. That takes two additions
    // at a time and no comparison.
    [[nodiscard]] static bool all_finite(std::span<const double> values) noexcept {
        constexpr std::uint64_t exponent_one = 0x0010'0000'0000'0000U;
        std::uint64_t carries = 0;
        for (const double value : values) {
            carries |= (std::bit_cast<std::uint64_t>(value) & exponent_bits<double>)+exponent_one;
        }
        return carries >> 63U == 0;
    }

    // Counts what is not finite and returns the other values, which it copies to `finite`.
    [[nodiscard]] std::span<const double> take_not_finite(std::span<const double> values,
                                                          std::array<double, block_size>& finite) {
        std::size_t count = 0;
        for (const double value : values) {
            if (is_finite(value)) {
                finite[count++] = value;
            } else {
                take_not_finite(value);
            }
        }
        return std::span<const double>(finite).first(count);
    }
    void take_not_finite(double value) {
        if (is_nan(value)) {
            ++nulls_;
            return;
        }
        ++(order_bits(value) > order_bits(0.0) ? plus_infinities_ : minus_infinities_);
        classes_.end();
    }

    void take(Null) noexcept { ++nulls_; }
    void take(bool value) noexcept { ++bools_[value ? 1 : 0]; }
    template <std::integral Integer>
    void take(Integer value) {
        if (classes_.discrete()) classes_.add(value);
        extremes_.add(value, value);
        numbers_.add(static_cast<double>(value), residual_of(value));
    }
    void take(float value) { take(static_cast<double>(value)); }
    void take(double value) {
        if (!is_finite(value)) return take_not_finite(value);
        if (classes_.discrete()) classes_.add(value);
        numbers_.add(value);
    }
    void take(Decimal value) {
        if (const auto whole = number_from<std::int64_t>(value.digits)) return take(*whole);
        if (const auto whole = number_from<std::uint64_t>(value.digits)) return take(*whole);
        const std::optional<double> number = decimal_value(value.digits);
        if (!number) return labels_.add(value.digits);
        if (!is_finite(*number)) return take_not_finite(*number);
        if (classes_.discrete()) number_text(*number) == value.digits ? classes_.add(*number) : classes_.end();
        extremes_.add(value.digits, *number);
        numbers_.add(*number, residual_of(value.digits, *number));
    }
    void take(std::string_view text) { labels_.add(text); }
    void take(Bytes bytes) {
        constexpr std::size_t written = ClassCounts::max_label_bytes / 2;  // two digits per byte
        const std::string text = bytes_text({bytes.data.substr(0, written)});
        if (bytes.data.size() < written) return labels_.add(text);
        labels_.add_long(text, 2 + 2 * std::uint64_t{bytes.data.size()}, bytes.data);
    }
    void take(Nested nested) { labels_.add(nested.json); }
    template <TimeForm Time>
    void take(const Time& value) {
        labels_.add(TimeText(value));
    }

    void describe_classes(PredictionStats& stats) const {
        const std::uint64_t present = rows_ - nulls_;
        const bool only_numbers = labels_.total() + bools_[0] + bools_[1] == 0;
        if (present == 0 || (only_numbers && !classes_.discrete())) return;
        ClassCounts all(labels_.kept() + options_.max_number_classes + 2);
        all.merge(labels_);
        if (bools_[0] != 0) all.add("False", bools_[0]);
        if (bools_[1] != 0) all.add("True", bools_[1]);
        classes_.visit([&](std::string_view text, std::uint64_t count) { all.add(text, count); });
        stats.classes_total = all.distinct();
        stats.class_distribution = all.most_frequent(options_.listed_classes, present);
        stats.class_counts_are_lower_bounds = all.are_lower_bounds(options_.listed_classes);
        stats.other_count = present;
        for (const ClassCount& listed : stats.class_distribution) stats.other_count -= listed.count;
    }

    StatisticsOptions options_;
    NumberStatistics numbers_;  // finite ones
    ExactExtremes extremes_;    // of decimals, and of integers but those that numbers_ counts
    NumberClasses classes_;
    ClassCounts labels_;
    std::uint64_t bools_[2] = {};  // False, True
    std::uint64_t rows_ = 0;
    std::uint64_t nulls_ = 0;
    std::uint64_t plus_infinities_ = 0;
    std::uint64_t minus_infinities_ = 0;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
