// SPDX-License-Identifier: MIT
#pragma once
// Statistics of one prediction column over all rows: one pass, bounded memory, parts that merge to the whole.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/payload/class_counts.hpp>
#include <curtail/payload/histogram_sketch.hpp>
#include <curtail/payload/moments.hpp>
#include <curtail/payload/number_classes.hpp>
#include <curtail/payload/quantile_sketch.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell_text.hpp>

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
class PredictionStatistics {
  public:
    // Throws UsageError (invalid_option) for more than 512 bins or 1'000'000 classes.
    explicit PredictionStatistics(const StatisticsOptions& options = {})
        : options_(options),
          room_((std::max)(options.exact_median_values, QuantileSketch::block_size)),
          labels_(options.max_classes),
          numbers_(options.max_number_classes) {
        if (options.histogram_bins > HistogramSketch::max_bins) {
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

    // Appends `other`, which must have equal options; throws UsageError (invalid_option) otherwise.
    void merge(const PredictionStatistics& other) {
        if (!(options_ == other.options_)) {
            throw UsageError(ErrorCode::invalid_option, "statistics with different options cannot be merged");
        }
        if (&other == this) return merge(PredictionStatistics(other));
        rows_ += other.rows_;
        nulls_ += other.nulls_;
        plus_infinities_ += other.plus_infinities_;
        minus_infinities_ += other.minus_infinities_;
        bools_[0] += other.bools_[0];
        bools_[1] += other.bools_[1];
        labels_.merge(other.labels_);
        numbers_.merge(other.numbers_);
        if (other.spilled_) {
            if (!spilled_) spill();
            moments_.merge(other.moments_);
            histogram_.merge(other.histogram_);
            quantiles_.merge(other.quantiles_);
        }
        for (const double value : other.pending_) keep(value);
    }

    [[nodiscard]] PredictionStats result() const {
        PredictionStats stats;
        stats.n_rows = rows_;
        stats.n_null = nulls_;
        describe_numbers(stats);
        describe_classes(stats);
        return stats;
    }

  private:
    void take(Null) noexcept { ++nulls_; }
    void take(bool value) noexcept { ++bools_[value ? 1 : 0]; }
    void take(std::int64_t value) {
        if (numbers_.discrete()) numbers_.add(value);
        keep(static_cast<double>(value));
    }
    void take(std::uint64_t value) {
        if (numbers_.discrete()) numbers_.add(value);
        keep(static_cast<double>(value));
    }
    void take(float value) { take(static_cast<double>(value)); }
    void take(double value) {
        if (!(std::abs(value) <= (std::numeric_limits<double>::max)())) return take_not_finite(value);
        if (numbers_.discrete()) numbers_.add(value);
        keep(value);
    }
    void take(Decimal value) {
        const std::string_view digits = value.digits;
        const char* const end = digits.data() + digits.size();
        std::int64_t whole = 0;
        if (const auto read = std::from_chars(digits.data(), end, whole);
            read.ec == std::errc() && read.ptr == end) {
            return take(whole);
        }
        double number = 0;
        const auto read = std::from_chars(digits.data(), end, number);
        if (read.ptr != end || read.ec == std::errc::invalid_argument) return labels_.add(digits);
        if (read.ec == std::errc::result_out_of_range) number = beyond_range(digits);
        numbers_.end();
        if (std::abs(number) <= (std::numeric_limits<double>::max)()) return keep(number);
        take_not_finite(number);
    }
    void take(std::string_view text) { labels_.add(text); }
    void take(Bytes bytes) {
        constexpr std::size_t written = ClassCounts::max_label_bytes / 2;  // two digits a byte
        const std::string text = bytes_text({bytes.data.substr(0, written)});
        if (bytes.data.size() < written) return labels_.add(text);
        labels_.add_long(text, 2 + 2 * std::uint64_t{bytes.data.size()}, bytes.data);
    }
    void take(Nested nested) { labels_.add(nested.json); }
    void take(const Timestamp& stamp) { take_written(write_timestamp, stamp); }
    void take(Date date) { take_written(write_date, std::int64_t{date.days}); }
    void take(TimeOfDay time) { take_written(write_time, time); }
    void take(Duration duration) { take_written(write_duration, duration); }

    template <class Write, class Value>
    void take_written(Write write, const Value& value) {
        char text[max_time_chars];
        labels_.add({text, static_cast<std::size_t>(write(text, value) - text)});
    }

    void take_not_finite(double value) {
        if (value != value) {
            ++nulls_;
            return;
        }
        ++(value > 0 ? plus_infinities_ : minus_infinities_);
        numbers_.end();
    }

    // What a decimal is as a double when its magnitude is beyond all doubles or below them.
    [[nodiscard]] static double beyond_range(std::string_view digits) noexcept {
        const std::size_t exponent = digits.find_first_of("eE");
        const bool tiny =
            exponent == std::string_view::npos ? digits.find('.') < 3 : digits[exponent + 1] == '-';
        if (tiny) return 0;
        constexpr double infinity = std::numeric_limits<double>::infinity();
        return digits.front() == '-' ? -infinity : infinity;
    }

    void keep(double value) {
        if (pending_.size() == room_) spill();
        pending_.push_back(value);
    }

    // Hands the kept values on in blocks, counted from the first value of all, and keeps what fills none.
    void spill() {
        constexpr std::size_t block = QuantileSketch::block_size;
        std::span<const double> rest = pending_;
        for (; rest.size() >= block; rest = rest.subspan(block)) {
            const auto values = rest.first(block);
            Moments of_block;
            of_block.add(values);
            moments_.merge(of_block);
            if (options_.histogram_bins != 0) histogram_.add(values, of_block.low(), of_block.high());
            quantiles_.add(values);
        }
        if (spilled_) {
            pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(rest.size()));
            return;
        }
        std::vector<double> kept;
        kept.reserve(block);
        kept.assign(rest.begin(), rest.end());
        pending_ = std::move(kept);
        room_ = block;
        spilled_ = true;
    }

    void describe_numbers(PredictionStats& stats) const {
        constexpr std::size_t block = QuantileSketch::block_size;
        Moments moments = moments_;
        for (std::span<const double> rest = pending_; !rest.empty();) {
            const auto values = rest.first((std::min)(block, rest.size()));
            moments.add(values);
            rest = rest.subspan(values.size());
        }
        const std::uint64_t infinities = plus_infinities_ + minus_infinities_;
        if (infinities == 0) {
            stats.mean = if_finite(moments.mean());
            stats.std = if_finite(moments.standard_deviation());
        }
        if (minus_infinities_ == 0 && moments.count() != 0) stats.min = moments.low();
        if (plus_infinities_ == 0 && moments.count() != 0) stats.max = moments.high();
        if (moments.count() == 0) return;
        QuantileSketch quantiles;
        if (spilled_) {
            quantiles = quantiles_;
            quantiles.add(pending_);
        }
        describe_median(stats, quantiles);
        if (options_.histogram_bins == 0) return;
        if (spilled_) {
            HistogramSketch histogram = histogram_;
            histogram.add(pending_, moments.low(), moments.high());
            stats.histogram = histogram.result(options_.histogram_bins);
        } else {
            stats.histogram = histogram_of(pending_, moments.low(), moments.high(), options_.histogram_bins);
        }
    }

    // The infinities stand before and after the finite numbers; a median that falls on one is absent.
    void describe_median(PredictionStats& stats, const QuantileSketch& quantiles) const {
        const std::uint64_t finite = spilled_ ? quantiles.count() : pending_.size();
        const std::uint64_t all = minus_infinities_ + finite + plus_infinities_;
        const std::uint64_t lower = (all - 1) / 2;
        const std::uint64_t upper = all / 2;
        if (lower < minus_infinities_ || upper >= minus_infinities_ + finite) return;
        const auto [low, high] = spilled_
                                     ? quantiles.values_at(lower - minus_infinities_)
                                     : exact_values_at(static_cast<std::size_t>(lower - minus_infinities_));
        if (lower == upper) {
            stats.median = low;
        } else {
            const double sum = low + high;
            stats.median = if_finite(sum) ? sum / 2 : low / 2 + high / 2;
        }
        if (spilled_) stats.median_rank_error = QuantileSketch::max_rank_error;
    }

    [[nodiscard]] std::pair<double, double> exact_values_at(std::size_t rank) const {
        auto values = pending_;
        const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
        std::nth_element(values.begin(), at, values.end());
        return {*at, at + 1 == values.end() ? *at : *std::min_element(at + 1, values.end())};
    }

    void describe_classes(PredictionStats& stats) const {
        const std::uint64_t present = rows_ - nulls_;
        const bool only_numbers = labels_.total() + bools_[0] + bools_[1] == 0;
        if (present == 0 || (only_numbers && !numbers_.discrete())) return;
        ClassCounts all(options_.max_classes + options_.max_number_classes + 2);
        all.merge(labels_);
        if (bools_[0] != 0) all.add("False", bools_[0]);
        if (bools_[1] != 0) all.add("True", bools_[1]);
        numbers_.visit([&](std::string_view text, std::uint64_t count) { all.add(text, count); });
        stats.classes_total = all.distinct();
        stats.class_distribution = all.most_frequent(options_.listed_classes, present);
        stats.other_count = present;
        for (const ClassCount& listed : stats.class_distribution) stats.other_count -= listed.count;
    }

    [[nodiscard]] static std::optional<double> if_finite(double value) noexcept {
        if (!(std::abs(value) <= (std::numeric_limits<double>::max)())) return std::nullopt;
        return value;
    }

    StatisticsOptions options_;
    std::size_t room_;  // of pending_: exact_median_values at first, then one block
    bool spilled_ = false;
    std::vector<double> pending_;  // finite numbers in the order they came
    Moments moments_;              // of what was spilled, as are the sketches
    HistogramSketch histogram_;
    QuantileSketch quantiles_;
    ClassCounts labels_;
    NumberClasses numbers_;
    std::uint64_t bools_[2] = {};  // False, True
    std::uint64_t rows_ = 0;
    std::uint64_t nulls_ = 0;
    std::uint64_t plus_infinities_ = 0;
    std::uint64_t minus_infinities_ = 0;
};

}  // namespace curtail::inline v0
