// SPDX-License-Identifier: MIT
#pragma once
// Collects prediction_stats: one object, or one for each prediction column.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>

namespace curtail::inline v0::detail {

// Unknown members and members of the wrong type are passed over. A histogram of more than 1024 bins is left
// out whole.
template <class Stats>
class BasicStatsCollector {
  public:
    CollectorAnswer value(JsonKind kind, const Key& key, const Limits& limits) {
        const bool object = kind == JsonKind::object;
        switch (level_ == 0 ? Role::none : roles_[level_ - 1]) {
            case Role::none:
                if (kind == JsonKind::array) return enter_as(Role::list);
                [[fallthrough]];
            case Role::list:
                if (!object && level_ == 0) return CollectorAnswer::skip;
                if (stats_.size() >= limits.options.max_columns) return CollectorAnswer::skip_rest;
                // An entry that is no object keeps its place, or the next column's statistics would move into it.
                stats_.emplace_back();
                is_estimate_ = false;
                return object ? enter_as(Role::stats) : CollectorAnswer::skip;
            case Role::stats:
                if (object && key.text == "histogram") {
                    stats_.back().histogram.emplace();
                    too_many_bins_ = false;
                    return enter_as(Role::histogram);
                }
                if (object && key.text == "class_distribution") {
                    stats_.back().class_distribution.clear();
                    uncounted_ = unlisted_ = 0;
                    return enter_as(Role::classes);
                }
                if (kind == JsonKind::array || object) return CollectorAnswer::skip;
                member_.assign(key.text);
                return CollectorAnswer::name;
            case Role::histogram:
                if (kind == JsonKind::array && key.text == "counts") {
                    stats_.back().histogram->counts.clear();
                    too_many_bins_ = false;
                    return enter_as(Role::counts);
                }
                if (kind != JsonKind::number) return CollectorAnswer::skip;
                member_.assign(key.text);
                return CollectorAnswer::name;
            case Role::counts:
                too_many_bins_ = stats_.back().histogram->counts.size() >= 1024;
                return too_many_bins_ ? CollectorAnswer::skip_rest : CollectorAnswer::name;
            case Role::classes:
                listed_ = stats_.back().class_distribution.size() < limits.options.max_classes;
                if (!object && kind != JsonKind::number) return CollectorAnswer::skip;
                if (listed_) {
                    stats_.back().class_distribution.push_back({kept_name(key, limits), 0, 0});
                } else {
                    ++unlisted_;
                }
                member_ = "count";  // of a label whose value is the bare count
                return object ? enter_as(Role::label) : CollectorAnswer::name;
            case Role::label:
                if (kind != JsonKind::number) return CollectorAnswer::skip;
                member_.assign(key.text);
                return CollectorAnswer::name;
        }
        return CollectorAnswer::skip;
    }

    void cell(const SampleCell& cell, const Limits&) {
        Stats& stats = stats_.back();
        switch (roles_[level_ - 1]) {
            case Role::stats: set(stats, cell); break;
            case Role::histogram:
                if (member_ == "low") stats.histogram->low = to_double(cell).value_or(0);
                if (member_ == "high") stats.histogram->high = to_double(cell).value_or(0);
                break;
            case Role::counts: stats.histogram->counts.push_back(to_count(cell).value_or(0)); break;
            case Role::classes:
            case Role::label:
                if (member_ == "count" && !listed_) uncounted_ += to_count(cell).value_or(0);
                if (member_ == "count" && listed_) stats.class_distribution.back().count = to_count(cell).value_or(0);
                if (member_ == "percentage" && listed_) {
                    stats.class_distribution.back().percentage = to_double(cell).value_or(0);
                }
                break;
            default: break;
        }
    }

    void enter() noexcept { roles_[level_++] = next_; }

    void leave(const Limits&) {
        Stats* const stats = stats_.empty() ? nullptr : &stats_.back();
        switch (roles_[--level_]) {
            case Role::histogram:
                if (too_many_bins_) stats->histogram.reset();
                break;
            case Role::classes: dropped_ = dropped_ || unlisted_ != 0; break;
            case Role::stats:
                stats->other_count += std::exchange(uncounted_, 0);
                if (stats->classes_total == 0) stats->classes_total = stats->class_distribution.size() + unlisted_;
                unlisted_ = 0;
                // An estimate that does not say how good it is may be off by all rows.
                if (is_estimate_ && !stats->median_rank_error) stats->median_rank_error = 1.0;
                break;
            default: break;
        }
        present_ = true;
    }
    void skipped(std::uint64_t) noexcept {}

    [[nodiscard]] bool present() const noexcept { return present_ || level_ != 0; }
    [[nodiscard]] bool dropped_labels() const noexcept { return dropped_; }
    [[nodiscard]] const std::vector<Stats>& stats() const noexcept { return stats_; }

  private:
    enum class Role : std::uint8_t { none, list, stats, histogram, counts, classes, label };

    CollectorAnswer enter_as(Role role) {
        next_ = role;
        return CollectorAnswer::enter;
    }

    [[nodiscard]] static bool is_true(const SampleCell& cell) {
        return cell.kind == SampleCell::Kind::boolean && cell.text == "true";
    }

    void set(Stats& stats, const SampleCell& cell) {
        if (member_ == "n_rows") stats.n_rows = to_count(cell).value_or(0);
        if (member_ == "n_null") stats.n_null = to_count(cell).value_or(0);
        if (member_ == "mean") stats.mean = to_double(cell);
        if (member_ == "std") stats.std = to_double(cell);
        if (member_ == "min") stats.min = to_double(cell);
        if (member_ == "max") stats.max = to_double(cell);
        if (member_ == "median") stats.median = to_double(cell);
        if (member_ == "median_rank_error") stats.median_rank_error = to_double(cell);
        if (member_ == "median_is_estimate") is_estimate_ = is_true(cell);
        if (member_ == "classes_total") stats.classes_total = to_count(cell).value_or(0);
        if (member_ == "other_count") stats.other_count = to_count(cell).value_or(0);
    }

    std::vector<Stats> stats_;
    std::string member_;
    std::uint64_t uncounted_ = 0;  // rows of labels that were not kept
    std::uint64_t unlisted_ = 0;   // those labels
    std::size_t level_ = 0;
    Role roles_[6] = {};
    Role next_ = Role::none;
    bool listed_ = false;
    bool is_estimate_ = false;
    bool too_many_bins_ = false;
    bool dropped_ = false;
    bool present_ = false;
};

using StatsCollector = BasicStatsCollector<PredictionStats>;

}  // namespace curtail::inline v0::detail
