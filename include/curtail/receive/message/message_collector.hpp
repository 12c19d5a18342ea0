// SPDX-License-Identifier: MIT
#pragma once
// Collects what a message says, key by key, before anything is made of it, so that the order of the keys cannot matter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/stats_collector.hpp>
#include <curtail/receive/message/table_collector.hpp>
#include <curtail/receive/parts/part_collectors.hpp>

namespace curtail::inline v0::detail {

// Keys whose value is one text, number or boolean are fields. Those from predictions_count on are in `data`.
inline constexpr Key first_data_field = Key::predictions_count;
// Keys of `data` whose value is a list or an object are sections.
inline constexpr Key first_section = Key::predictions_sample;
inline constexpr Key last_section = Key::sample_row_numbers;
// Of these, lists of texts.
inline constexpr Key first_text_list = Key::dataframe_columns;
inline constexpr Key last_text_list = Key::notes;

inline constexpr std::size_t field_count = static_cast<std::size_t>(first_section);
inline constexpr std::size_t section_count = static_cast<std::size_t>(last_section) - field_count + 1;
inline constexpr std::size_t text_list_count =
    static_cast<std::size_t>(last_text_list) - static_cast<std::size_t>(first_text_list) + 1;

[[nodiscard]] constexpr bool is_section(Key key) noexcept {
    return key >= first_section && key <= last_section;
}
[[nodiscard]] constexpr std::size_t section_index(Key section) noexcept {
    return static_cast<std::size_t>(section) - field_count;
}
[[nodiscard]] constexpr std::size_t text_list_index(Key list) noexcept {
    return static_cast<std::size_t>(list) - static_cast<std::size_t>(first_text_list);
}

// Keys that can hold the text of a failure, in the message or in `data`.
[[nodiscard]] constexpr bool is_failure_text(Key key) noexcept {
    return key == Key::error || (key >= Key::message && key <= Key::traceback);
}

// Everything said inside one `data`; a second `data` replaces the first.
struct DataParts {
    PredictionCollector predictions_sample;
    PredictionCollector predictions;
    TableCollector dataframe_sample;
    TableCollector dataframe;
    std::array<TextListCollector, text_list_count> text_lists;  // by text_list_index()
    TruncatedCellCollector cells_truncated;
    StatsCollector prediction_stats;
    PartCollector output_parts;
    MissingPartCollector parts_missing;
    CountListCollector sample_row_numbers;
    std::array<bool, section_count> seen{};                                // by section_index()
    std::array<bool, section_count> wrong_type{};                          // the same
    std::array<std::optional<std::uint64_t>, section_count> text_bytes{};  // of a text that is not JSON
};

class MessageCollector {
    // Calls `act` with the collector of the current section. One call per type of collector: `act` is compiled in each.
    template <class Act>
    auto in_section(Act act) {
        switch (key_) {
            case Key::predictions_sample:
            case Key::predictions:
                return act(key_ == Key::predictions ? data_->predictions : data_->predictions_sample);
            case Key::dataframe_sample:
            case Key::dataframe: return act(key_ == Key::dataframe ? data_->dataframe : data_->dataframe_sample);
            case Key::cells_truncated: return act(data_->cells_truncated);
            case Key::prediction_stats: return act(data_->prediction_stats);
            case Key::output_parts: return act(data_->output_parts);
            case Key::parts_missing: return act(data_->parts_missing);
            case Key::sample_row_numbers: return act(data_->sample_row_numbers);
            default: return act(text_list());
        }
    }

    // Returns the list of the current section, which is one of texts.
    [[nodiscard]] TextListCollector& text_list() noexcept { return data_->text_lists[text_list_index(key_)]; }

  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        switch (level_) {
            case 0:
                kind_ = kind;
                text_ = kind == JsonKind::string;
                if (text_) return CollectorAnswer::embedded;
                return kind == JsonKind::object ? CollectorAnswer::enter : CollectorAnswer::skip;
            case 1: return begin_top_value(kind, key, limits);
            case 2: return begin_data_value(kind, key, limits);
            default: return begin_in_section(kind, key, limits);
        }
    }

    void cell(SampleCell&& cell, Limits& limits) {
        if (std::exchange(text_, false)) {
            take_text(std::move(cell), limits);
        } else if (is_section(key_)) {
            in_section([&](auto& part) { part.cell(std::move(cell), limits); });
        } else if (level_ == 2 && is_failure_text(key_)) {
            keep(data_failures_[static_cast<std::size_t>(key_)], std::move(cell), limits);
        } else if (key_ == Key::unknown) {
            limits.spend_text(cell.text);
            other_values_.back() = std::move(cell);
        } else {
            keep(fields_[static_cast<std::size_t>(key_)], std::move(cell), limits);
        }
    }

    void enter() {
        text_ = false;
        if (++level_ > 2) in_section([&](auto& part) { part.enter(); });
    }

    void leave(Limits& limits) {
        if (level_-- > 2) in_section([&](auto& part) { part.leave(limits); });
        if (level_ == 1) data_whole_ = true;
    }

    void skipped(std::uint64_t count) {
        if (is_section(key_)) in_section([&](auto& part) { part.skipped(count); });
    }

    // Forgets what the text of a section or of `data` gave before it broke off. A message that breaks off is an error.
    bool embedded_failed(std::size_t depth) {
        if (depth == 0) return false;
        level_ = depth;
        text_ = true;
        if (depth == 1) forget_data();
        if (depth == 2) forget_section();
        return true;
    }

    // Returns the kind of the message's value.
    [[nodiscard]] JsonKind kind() const noexcept { return kind_; }
    // Returns true if the value of "data" is a text that is not JSON.
    [[nodiscard]] bool data_is_text() const noexcept { return data_is_text_; }
    // Returns true if it is a list, a number or a boolean.
    [[nodiscard]] bool data_is_other() const noexcept { return data_is_other_; }
    [[nodiscard]] bool has_data() const noexcept { return data_whole_ || level_ >= 2; }
    [[nodiscard]] const DataParts& data() const noexcept { return *data_; }

    // Returns the value of a field, or null if it is absent or null in the message.
    [[nodiscard]] const SampleCell* field(Key which) const noexcept {
        const auto& cell = fields_[static_cast<std::size_t>(which)];
        return cell && cell->kind != SampleCell::Kind::null ? &*cell : nullptr;
    }

    // Returns the text of a failure that is inside `data`: the value of "error" or, if that says nothing, of the first
    // key of `Key` that can hold one and does; or `data` itself, if it is a text. Null if there is none.
    [[nodiscard]] const SampleCell* data_failure() const {
        for (const auto& cell : data_failures_) {
            if (cell && says_something(&*cell)) return &*cell;
        }
        return nullptr;
    }

    // Return the first texts, lists and objects of the message whose keys have no meaning here, and these keys. A value
    // that was not read is null.
    [[nodiscard]] const SampleRow& other_values() const noexcept { return other_values_; }
    [[nodiscard]] const std::vector<std::string>& other_names() const noexcept { return other_names_; }

    // Returns true if the message has the key, with any value.
    [[nodiscard]] bool names(Key which) const noexcept {
        if (is_section(which)) return data_->seen[section_index(which)];
        return fields_[static_cast<std::size_t>(which)].has_value();
    }

    [[nodiscard]] const TextListCollector& texts(Key which) const noexcept {
        return data_->text_lists[text_list_index(which)];
    }
    [[nodiscard]] const TableCollector& table(Key which) const noexcept {
        return which == Key::dataframe ? data_->dataframe : data_->dataframe_sample;
    }

  private:
    static void keep(std::optional<SampleCell>& place, SampleCell&& cell, Limits& limits) {
        if (place) limits.refund_text(place->text);
        limits.spend_text(cell.text);
        place = std::move(cell);
    }

    CollectorAnswer begin_field(Key field, bool belongs_here) {
        key_ = belongs_here ? field : Key::unknown;
        if (is_failure_text(key_)) return CollectorAnswer::text;
        switch (key_) {
            case Key::unknown: return CollectorAnswer::skip;
            case Key::output_file:
            case Key::output_sha256:
            case Key::artifact_error: return CollectorAnswer::text;
            default: return CollectorAnswer::name;
        }
    }

    CollectorAnswer begin_top_value(JsonKind kind, const KeyText& name, Limits& limits) {
        const Key key = find_key(name.text);
        if (key != Key::data) {
            const CollectorAnswer answer = begin_field(key, key < first_data_field);
            return key_ == Key::unknown ? begin_other(kind, name, limits) : answer;
        }
        key_ = Key::data;
        forget_data();
        limits.left = limits.options.max_kept_bytes;
        text_ = kind == JsonKind::string;
        if (text_) return CollectorAnswer::embedded;
        data_is_other_ = kind != JsonKind::object && kind != JsonKind::null;
        return kind == JsonKind::object ? CollectorAnswer::enter : CollectorAnswer::skip;
    }

    // Keeps the first values whose keys have no meaning here, because a failure may give its reason in one of them.
    CollectorAnswer begin_other(JsonKind kind, const KeyText& name, Limits& limits) {
        const bool worded = kind == JsonKind::string || kind == JsonKind::array || kind == JsonKind::object;
        if (!worded || other_names_.size() == max_others) return CollectorAnswer::skip;
        other_names_.push_back(kept_name(name, limits));
        other_values_.push_back(SampleCell{});
        limits.spend(other_names_.back());
        return CollectorAnswer::text;
    }

    void forget_data() {
        data_.emplace();
        for (auto& cell : data_failures_) cell.reset();
        for (auto i = static_cast<std::size_t>(first_data_field); i < field_count; ++i) fields_[i].reset();
        data_whole_ = false;
        data_is_text_ = false;
        data_is_other_ = false;
    }

    CURTAIL_NOINLINE CollectorAnswer begin_in_section(JsonKind kind, const KeyText& key, Limits& limits) {
        return in_section([&](auto& part) { return part.value(kind, key, limits); });
    }

    // To make the collector anew is cheaper to compile than an assignment.
    void forget_section() {
        in_section([](auto& part) {
            std::destroy_at(&part);
            std::construct_at(&part);
        });
    }

    // Returns true for a section that peers also send as JSON inside a text. In others a text is a name.
    [[nodiscard]] static bool may_be_embedded(Key section) noexcept {
        return section != Key::prediction_column && section != Key::truncation && section != Key::cells_truncated &&
               section != Key::output_parts && section != Key::parts_missing && section != Key::sample_row_numbers;
    }

    CollectorAnswer begin_data_value(JsonKind kind, const KeyText& key, Limits& limits) {
        key_ = find_key(key.text);
        text_ = false;
        if (!is_section(key_)) {
            const bool field = key_ >= first_data_field && key_ < first_section;
            return begin_field(key_, field || is_failure_text(key_));
        }
        const std::size_t index = section_index(key_);
        data_->seen[index] = true;
        data_->text_bytes[index].reset();
        data_->wrong_type[index] = false;
        forget_section();
        text_ = kind == JsonKind::string && may_be_embedded(key_);
        if (text_) return CollectorAnswer::embedded;
        const CollectorAnswer answer = begin_in_section(kind, key, limits);
        data_->wrong_type[index] = answer == CollectorAnswer::skip && kind != JsonKind::null;
        return answer;
    }

    // Takes a text that may hold JSON and does not. A single name is a list of one. If the text is empty, it held JSON
    // that broke off.
    void take_text(SampleCell&& cell, Limits& limits) {
        const std::uint64_t bytes = cell.cut_from_bytes != 0 ? cell.cut_from_bytes : cell.text.size();
        if (level_ == 1) {
            data_is_text_ = true;
            keep(data_failures_.back(), std::move(cell), limits);
        } else if (level_ == 2 && (key_ == Key::columns || key_ == Key::dataframe_columns) && !cell.text.empty()) {
            const bool kept = text_list().value(JsonKind::string, KeyText{}, limits) == CollectorAnswer::name;
            if (kept) text_list().cell(std::move(cell), limits);
        } else if (level_ == 2) {
            data_->text_bytes[section_index(key_)] = bytes;
            data_->wrong_type[section_index(key_)] = false;
        }
    }

    static constexpr std::size_t max_others = 4;

    std::array<std::optional<SampleCell>, field_count> fields_;  // by Key
    SampleRow other_values_;
    std::vector<std::string> other_names_;
    std::array<std::optional<SampleCell>, static_cast<std::size_t>(Key::data) + 1> data_failures_;  // by Key
    std::optional<DataParts> data_{std::in_place};  // always there; emplace() is cheaper to compile than an assignment
    std::size_t level_ = 0;
    Key key_ = Key::unknown;  // the current field or section
    JsonKind kind_ = JsonKind::null;
    bool text_ = false;  // the current value is a text that may be JSON
    bool data_whole_ = false;
    bool data_is_text_ = false;
    bool data_is_other_ = false;
};

}  // namespace curtail::inline v0::detail
