// SPDX-License-Identifier: MIT
#pragma once
// Collects what a message says, key by key, before anything is made of it, so that the order of the keys cannot matter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <curtail/payload/message/keys.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/embedded_table.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/stats_collector.hpp>
#include <curtail/receive/message/table_collector.hpp>

namespace curtail::inline v0::detail {

// Keys whose value is one text, number or boolean are fields. Those from predictions_count on are in `data`.
inline constexpr Key first_data_field = Key::predictions_count;
// Keys of `data` whose value is a list or an object are sections.
inline constexpr Key first_section = Key::predictions_sample;
inline constexpr Key last_section = Key::notes;

inline constexpr std::size_t field_count = static_cast<std::size_t>(first_section);
inline constexpr std::size_t section_count = static_cast<std::size_t>(last_section) - field_count + 1;

[[nodiscard]] constexpr bool is_section(Key key) noexcept {
    return key >= first_section && key <= last_section;
}
[[nodiscard]] constexpr std::size_t section_index(Key section) noexcept {
    return static_cast<std::size_t>(section) - field_count;
}

// Everything said inside one `data`; a second `data` replaces the first.
struct DataParts {
    PredictionCollector predictions_sample;
    PredictionCollector predictions;
    TableCollector dataframe_sample;
    TableCollector dataframe;
    TextListCollector dataframe_columns;
    TextListCollector columns;
    TextListCollector dataframe_dtypes;
    TextListCollector truncation;
    TextListCollector prediction_column;
    TruncatedCellCollector cells_truncated;
    StatsCollector prediction_stats;
    CountListCollector sample_row_numbers;
    TextListCollector notes;
    std::array<bool, section_count> seen{};        // by section_index()
    std::array<bool, section_count> wrong_type{};  // the same
};

class MessageCollector {
    // Calls `act` with the collector of the current section.
    template <class Act>
    auto in_section(Act act) {
        switch (key_) {
            case Key::predictions_sample: return act(data_.predictions_sample);
            case Key::predictions: return act(data_.predictions);
            case Key::dataframe_sample: return act(data_.dataframe_sample);
            case Key::dataframe: return act(data_.dataframe);
            case Key::dataframe_columns: return act(data_.dataframe_columns);
            case Key::columns: return act(data_.columns);
            case Key::dataframe_dtypes: return act(data_.dataframe_dtypes);
            case Key::truncation: return act(data_.truncation);
            case Key::prediction_column: return act(data_.prediction_column);
            case Key::cells_truncated: return act(data_.cells_truncated);
            case Key::sample_row_numbers: return act(data_.sample_row_numbers);
            case Key::notes: return act(data_.notes);
            default: return act(data_.prediction_stats);
        }
    }

  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        switch (level_) {
            case 0:
                is_object_ = kind == JsonKind::object;
                return is_object_ ? CollectorAnswer::enter : CollectorAnswer::skip;
            case 1: return begin_top_value(kind, find_key(key.text), limits);
            case 2: return begin_data_value(kind, key, limits);
            default: return in_section([&](auto& part) { return part.value(kind, key, limits); });
        }
    }

    void cell(SampleCell cell, Limits& limits) {
        if (is_section(key_)) {
            in_section([&](auto& part) { part.cell(std::move(cell), limits); });
        } else {
            fields_[static_cast<std::size_t>(key_)] = std::move(cell);
        }
    }

    void enter() {
        if (++level_ > 2) in_section([&](auto& part) { part.enter(); });
    }

    void leave(Limits& limits) {
        if (level_-- > 2) in_section([&](auto& part) { part.leave(limits); });
        if (level_ == 1) data_whole_ = true;
    }

    void skipped(std::uint64_t count) {
        if (is_section(key_)) in_section([&](auto& part) { part.skipped(count); });
    }

    // A table inside a string. A string that holds none is a value of the wrong type.
    void embedded(std::string_view part, std::uint64_t offset, Limits& limits) { embedded_.feed(part, offset, limits); }

    void embedded_end(std::uint64_t offset, Limits& limits) {
        if (std::optional<TableCollector> table = embedded_.finish(offset, limits)) {
            (key_ == Key::dataframe ? data_.dataframe : data_.dataframe_sample) = *std::move(table);
        } else {
            data_.wrong_type[section_index(key_)] = true;
        }
        embedded_ = {};
    }

    [[nodiscard]] bool is_object() const noexcept { return is_object_; }
    [[nodiscard]] bool has_data() const noexcept { return data_whole_ || level_ >= 2; }
    [[nodiscard]] const DataParts& data() const noexcept { return data_; }

    // Returns the value of a field, or null if it is absent or null in the message.
    [[nodiscard]] const SampleCell* field(Key which) const noexcept {
        const auto& cell = fields_[static_cast<std::size_t>(which)];
        return cell && cell->kind != SampleCell::Kind::null ? &*cell : nullptr;
    }

    // Returns true if the message has the key, with any value.
    [[nodiscard]] bool names(Key which) const noexcept {
        if (is_section(which)) return data_.seen[section_index(which)];
        return fields_[static_cast<std::size_t>(which)].has_value();
    }

    // Returns a table, as far as it was read if it is still being read from a string.
    [[nodiscard]] const TableCollector& table(Key which) const noexcept {
        const TableCollector* const table = key_ == which ? embedded_.table() : nullptr;
        if (table != nullptr) return *table;
        return which == Key::dataframe ? data_.dataframe : data_.dataframe_sample;
    }

  private:
    CollectorAnswer begin_field(Key field, bool belongs_here) {
        key_ = belongs_here ? field : Key::unknown;
        switch (key_) {
            case Key::unknown: return CollectorAnswer::skip;
            case Key::error:
            case Key::message:
            case Key::output_file:
            case Key::output_sha256:
            case Key::artifact_error: return CollectorAnswer::text;
            default: return CollectorAnswer::name;
        }
    }

    CollectorAnswer begin_top_value(JsonKind kind, Key key, Limits& limits) {
        if (key != Key::data) return begin_field(key, key < first_data_field);
        key_ = Key::data;
        data_ = DataParts();
        embedded_ = {};
        for (auto i = static_cast<std::size_t>(first_data_field); i < field_count; ++i) fields_[i].reset();
        limits.left = limits.options.max_kept_bytes;
        data_whole_ = false;
        return kind == JsonKind::object ? CollectorAnswer::enter : CollectorAnswer::skip;
    }

    CollectorAnswer begin_data_value(JsonKind kind, const KeyText& key, Limits& limits) {
        key_ = find_key(key.text);
        if (!is_section(key_)) return begin_field(key_, key_ >= first_data_field && key_ < first_section);
        const CollectorAnswer answer = in_section([&](auto& part) {
            part = {};
            return part.value(kind, key, limits);
        });
        embedded_ = {};
        const bool table = key_ == Key::dataframe || key_ == Key::dataframe_sample;
        const bool embedded = table && kind == JsonKind::string;
        data_.seen[section_index(key_)] = true;
        data_.wrong_type[section_index(key_)] = answer == CollectorAnswer::skip && kind != JsonKind::null && !embedded;
        return embedded ? CollectorAnswer::embedded : answer;
    }

    std::array<std::optional<SampleCell>, field_count> fields_;  // by Key
    DataParts data_;
    EmbeddedTable embedded_;  // at key_
    std::size_t level_ = 0;
    Key key_ = Key::unknown;  // the current field or section
    bool is_object_ = false;
    bool data_whole_ = false;
};

}  // namespace curtail::inline v0::detail
