// SPDX-License-Identifier: MIT
#pragma once
// Collects prediction_stats: one object, or one for each prediction column.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <curtail/payload/message/keys.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

// Ignores unknown members and members of the wrong type. Leaves out a histogram of more than 1024 bins, or of more than
// may be kept, or whose edges or bins are not numbers; and labels without a count. A label's percentage is that of its
// count, whatever the message says.
class StatsCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        switch (level_ == 0 ? Role::none : roles_[level_ - 1]) {
            case Role::none:
                if (kind == JsonKind::array) return enter_as(Role::list);
                if (kind != JsonKind::object) return CollectorAnswer::skip;
                return begin_column(kind, limits);
            case Role::list: return begin_column(kind, limits);
            case Role::stats: return begin_member(kind, find_key(key.text));
            case Role::histogram: return begin_histogram_member(kind, find_key(key.text));
            case Role::counts:
                bad_histogram_ = bad_histogram_ || stats_.back().histogram->counts.size() >= 1024 || limits.spent();
                limits.spend(sizeof(std::uint64_t));
                return bad_histogram_ ? CollectorAnswer::skip_rest : CollectorAnswer::name;
            case Role::classes: return begin_class(kind, key, limits);
            case Role::label:
                member_ = find_key(key.text);
                return is_scalar(kind) ? CollectorAnswer::name : CollectorAnswer::skip;
        }
        return CollectorAnswer::skip;
    }

    void cell(const SampleCell& cell, const Limits&) {
        switch (roles_[level_ - 1]) {
            case Role::stats: return set_member(stats_.back(), cell);
            case Role::histogram:
                if (member_ == Key::low) low_ = to_double(cell);
                if (member_ == Key::high) high_ = to_double(cell);
                return;
            case Role::counts:
                bad_histogram_ = bad_histogram_ || !to_count(cell);
                return stats_.back().histogram->counts.push_back(to_count(cell).value_or(0));
            default: return set_class(cell);
        }
    }

    void enter() noexcept { roles_[level_++] = next_; }

    void leave(const Limits&) {
        switch (roles_[--level_]) {
            case Role::histogram: finish_histogram(); break;
            case Role::label:
                if (listed_ && !counted_) leave_out_label();
                break;
            case Role::classes: dropped_ = dropped_ || unlisted_ != 0; break;
            case Role::stats: finish_column(); break;
            default: break;
        }
    }
    void skipped(std::uint64_t) noexcept {}

    // Returns true if the message lists labels that were not kept.
    [[nodiscard]] bool dropped_labels() const noexcept { return dropped_; }
    [[nodiscard]] const std::vector<PredictionStats>& stats() const noexcept { return stats_; }

  private:
    // Statistics without labels and bins are small, and those of fewer columns than there are mean nothing.
    static constexpr std::size_t columns_without_room = 64;

    // A number may come as a text.
    [[nodiscard]] static constexpr bool is_scalar(JsonKind kind) noexcept {
        return kind == JsonKind::number || kind == JsonKind::string;
    }

    [[nodiscard]] static bool is_true(const SampleCell& cell) noexcept {
        return cell.kind == SampleCell::Kind::boolean && cell.text == "true";
    }

    enum class Role : std::uint8_t { none, list, stats, histogram, counts, classes, label };

    CollectorAnswer enter_as(Role role) {
        next_ = role;
        return CollectorAnswer::enter;
    }

    CollectorAnswer begin_column(JsonKind kind, Limits& limits) {
        const bool spent = limits.spent() && stats_.size() >= columns_without_room;
        if (stats_.size() >= limits.options.max_columns || spent) return CollectorAnswer::skip_rest;
        // An entry that is not an object keeps its place, or the next column's statistics would move into it.
        stats_.emplace_back();
        limits.spend(sizeof(PredictionStats));
        is_estimate_ = false;
        empty_ = true;
        return kind == JsonKind::object ? enter_as(Role::stats) : CollectorAnswer::skip;
    }

    CollectorAnswer begin_member(JsonKind kind, Key key) {
        member_ = key;
        empty_ = false;
        if (kind != JsonKind::object) return kind == JsonKind::array ? CollectorAnswer::skip : CollectorAnswer::name;
        if (key == Key::histogram) {
            stats_.back().histogram.emplace();
            bad_histogram_ = false;
            low_.reset();
            high_.reset();
            return enter_as(Role::histogram);
        }
        if (key == Key::class_distribution) {
            stats_.back().class_distribution.clear();
            uncounted_ = unlisted_ = 0;
            return enter_as(Role::classes);
        }
        return CollectorAnswer::skip;
    }

    CollectorAnswer begin_histogram_member(JsonKind kind, Key key) {
        member_ = key;
        if (kind == JsonKind::array && key == Key::counts) {
            stats_.back().histogram->counts.clear();
            bad_histogram_ = false;
            return enter_as(Role::counts);
        }
        return is_scalar(kind) ? CollectorAnswer::name : CollectorAnswer::skip;
    }

    // The value of a label is its count, or an object with the count and the percentage.
    CollectorAnswer begin_class(JsonKind kind, const KeyText& label, Limits& limits) {
        listed_ = stats_.back().class_distribution.size() < limits.options.max_classes && !limits.spent();
        if (kind != JsonKind::object && !is_scalar(kind)) return CollectorAnswer::skip;
        if (listed_) {
            ClassCount& added = stats_.back().class_distribution.emplace_back();
            added.label = kept_name(label, limits);
            limits.spend(sizeof(ClassCount));
            limits.spend_text(added.label);
        } else {
            ++unlisted_;
        }
        member_ = Key::count;
        counted_ = false;
        return kind == JsonKind::object ? enter_as(Role::label) : CollectorAnswer::name;
    }

    void set_class(const SampleCell& cell) {
        if (!listed_) {
            if (member_ == Key::count) uncounted_ += to_count(cell).value_or(0);
            return;
        }
        ClassCount& last = stats_.back().class_distribution.back();
        if (member_ == Key::count) {
            const std::optional<std::uint64_t> count = to_count(cell);
            if (!count) return leave_out_label();
            last.count = *count;
            counted_ = true;
        }
        if (member_ == Key::percentage) last.percentage = to_double(cell).value_or(0);
    }

    void leave_out_label() {
        stats_.back().class_distribution.pop_back();
        listed_ = false;
        ++unlisted_;
    }

    void finish_histogram() {
        std::optional<Histogram>& histogram = stats_.back().histogram;
        if (bad_histogram_ || !low_ || !high_ || *low_ > *high_) return histogram.reset();
        histogram->low = *low_;
        histogram->high = *high_;
    }

    // Computes each percentage from its count, unless the message says about the same. It is of the rows that have a
    // prediction or, if the message does not say how many these are, of those that were counted. If counts are lower
    // bounds, the message may say more.
    static void finish_classes(PredictionStats& stats) {
        std::vector<ClassCount>& classes = stats.class_distribution;
        auto predicted = static_cast<double>(stats.n_rows > stats.n_null ? stats.n_rows - stats.n_null : 0);
        if (stats.n_rows == 0) {
            predicted = static_cast<double>(stats.other_count);
            for (const ClassCount& one : classes) predicted += static_cast<double>(one.count);
        }
        for (ClassCount& one : classes) {
            if (one.count == 0 || predicted == 0) continue;
            const double share = 100 * static_cast<double>(one.count) / predicted;
            const double more = one.percentage - share;
            const double most = stats.class_counts_are_lower_bounds ? 100 : share + 0.1;
            if (one.percentage <= 0 || more < -0.1 || one.percentage > most) one.percentage = share;
        }
    }

    void set_member(PredictionStats& stats, const SampleCell& cell) {
        switch (member_) {
            case Key::n_rows: stats.n_rows = to_count(cell).value_or(0); break;
            case Key::n_null: stats.n_null = to_count(cell).value_or(0); break;
            case Key::mean: stats.mean = to_double(cell); break;
            case Key::std: stats.std = to_double(cell); break;
            case Key::min: stats.min = to_extreme(cell); break;
            case Key::max: stats.max = to_extreme(cell); break;
            case Key::median: stats.median = to_double(cell); break;
            case Key::median_rank_error: stats.median_rank_error = to_double(cell); break;
            case Key::median_is_estimate: is_estimate_ = is_true(cell); break;
            case Key::class_counts_are_lower_bounds: stats.class_counts_are_lower_bounds = is_true(cell); break;
            case Key::classes_total: stats.classes_total = to_count(cell).value_or(0); break;
            case Key::other_count: stats.other_count = to_count(cell).value_or(0); break;
            default: break;
        }
    }

    void finish_column() {
        // An object without members, of the only column, says that the statistics are not known.
        if (empty_ && level_ == 0) return stats_.pop_back();
        PredictionStats& stats = stats_.back();
        stats.other_count += std::exchange(uncounted_, 0);
        if (stats.classes_total == 0) stats.classes_total = stats.class_distribution.size() + unlisted_;
        unlisted_ = 0;
        finish_classes(stats);
        // An estimate that does not say how good it is may be off by all rows.
        if (is_estimate_ && !stats.median_rank_error) stats.median_rank_error = 1.0;
    }

    std::vector<PredictionStats> stats_;
    std::uint64_t uncounted_ = 0;  // rows of labels that were not kept
    std::uint64_t unlisted_ = 0;   // those labels
    std::size_t level_ = 0;
    Role roles_[6] = {};
    Role next_ = Role::none;
    Key member_ = Key::unknown;
    bool listed_ = false;   // the current label is kept
    bool counted_ = false;  // it has a count
    bool is_estimate_ = false;
    bool empty_ = false;  // the current column's object, so far
    bool bad_histogram_ = false;
    std::optional<double> low_;   // of the histogram
    std::optional<double> high_;  // of the histogram
    bool dropped_ = false;
};

}  // namespace curtail::inline v0::detail
