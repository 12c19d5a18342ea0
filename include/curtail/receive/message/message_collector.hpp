// SPDX-License-Identifier: MIT
#pragma once
// Collects what a whole message says, key by key, before anything is made of it: the order of the keys cannot
// matter.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/stats_collector.hpp>
#include <curtail/receive/message/table_collector.hpp>

namespace curtail::inline v0::detail {

// The keys whose value is one text, number or truth. Those from predictions_count on stand in `data`.
enum class Field : std::uint8_t {
    type,
    job_id,
    success,
    error,
    status,
    progress,
    message,
    predictions_count,
    dataframe_rows,
    output_file,
    schema_version,
    truncated,
    dataframe_columns_total,
    cells_truncated_total,
    output_format,
    output_bytes,
    output_sha256,
    artifact_error,
    artifact_error_permanent,
    sample_strategy,
    count,
    rows,
    row_count,
    column_count,
    none,
};

inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::none);
inline constexpr std::array<std::string_view, field_count> field_names = {
    "type",
    "job_id",
    "success",
    "error",
    "status",
    "progress",
    "message",
    "predictions_count",
    "dataframe_rows",
    "output_file",
    "schema_version",
    "truncated",
    "dataframe_columns_total",
    "cells_truncated_total",
    "output_format",
    "output_bytes",
    "output_sha256",
    "artifact_error",
    "artifact_error_permanent",
    "sample_strategy",
    "count",
    "rows",
    "row_count",
    "column_count",
};

// The keys of `data` whose value is a list or an object.
enum class Section : std::uint8_t {
    predictions_sample,
    predictions,
    dataframe_sample,
    dataframe,
    dataframe_columns,
    columns,
    dataframe_dtypes,
    truncation,
    prediction_column,
    cells_truncated,
    prediction_stats,
    sample_row_numbers,
    none,
};

inline constexpr std::size_t section_count = static_cast<std::size_t>(Section::none);
inline constexpr std::array<std::string_view, section_count> section_names = {
    "predictions_sample", "predictions",     "dataframe_sample", "dataframe",
    "dataframe_columns",  "columns",         "dataframe_dtypes", "truncation",
    "prediction_column",  "cells_truncated", "prediction_stats", "sample_row_numbers",
};

// Everything said inside one `data`; a second `data` replaces the first.
template <class Table>
struct DataParts {
    PredictionCollector predictions_sample;
    PredictionCollector predictions;
    Table dataframe_sample;
    Table dataframe;
    TextListCollector dataframe_columns;
    TextListCollector columns;
    TextListCollector dataframe_dtypes;
    TextListCollector truncation;
    TextListCollector prediction_column;
    TruncatedCellCollector cells_truncated;
    StatsCollector prediction_stats;
    CountListCollector sample_row_numbers;
    std::array<bool, section_count> seen{};  // by Section
    std::array<bool, section_count> wrong_type{};
};

// `Table` collects a dataframe. A template like the collectors of the parts, because most files that include this
// receive nothing and would compile all of it: 0.1 s.
template <class Table>
class BasicMessageCollector {
    // Calls `act` with the collector of the section at hand.
    template <class Act>
    auto in_section(Act act) {
        switch (section_) {
            case Section::predictions_sample: return act(data_.predictions_sample);
            case Section::predictions: return act(data_.predictions);
            case Section::dataframe_sample: return act(data_.dataframe_sample);
            case Section::dataframe: return act(data_.dataframe);
            case Section::dataframe_columns: return act(data_.dataframe_columns);
            case Section::columns: return act(data_.columns);
            case Section::dataframe_dtypes: return act(data_.dataframe_dtypes);
            case Section::truncation: return act(data_.truncation);
            case Section::prediction_column: return act(data_.prediction_column);
            case Section::cells_truncated: return act(data_.cells_truncated);
            case Section::sample_row_numbers: return act(data_.sample_row_numbers);
            default: return act(data_.prediction_stats);
        }
    }

  public:
    using TableReader = JsonPushReader<CellReader<Table>>;

    CollectorAnswer value(JsonKind kind, const Key& key, Limits& limits) {
        switch (level_) {
            case 0:
                is_object_ = kind == JsonKind::object;
                return is_object_ ? CollectorAnswer::enter : CollectorAnswer::skip;
            case 1: return value_of_top(kind, key, limits);
            case 2: return value_of_data(kind, key, limits);
            default: return in_section([&](auto& part) { return part.value(kind, key, limits); });
        }
    }

    void cell(SampleCell cell, Limits& limits) {
        if (section_ != Section::none) {
            in_section([&](auto& part) { part.cell(std::move(cell), limits); });
        } else {
            fields_[static_cast<std::size_t>(field_)] = std::move(cell);
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
        if (section_ != Section::none) in_section([&](auto& part) { part.skipped(count); });
    }

    // A table inside a string: its own reader reads it as it arrives. Text that does not begin like a table
    // is a value of the wrong type; text that does and then is not JSON makes the message malformed.
    void embedded(std::string_view part, std::uint64_t offset, Limits& limits) {
        if (not_json_) return;
        if (!inner_) {
            const char* const begin = find_non_space(part.data(), part.data() + part.size());
            part.remove_prefix(static_cast<std::size_t>(begin - part.data()));
            if (part.empty()) return;
            not_json_ = part.front() != '[' && part.front() != '{';
            if (not_json_) return;
            inner_.emplace(CellReader<Table>(limits.options),
                           JsonReaderOptions{limits.options.max_depth, limits.options.allow_nonfinite});
            inner_->handler().limits().left = limits.left;
        }
        // Where the part ends is known, so the byte at fault is found from there: parts depend on how the
        // text was divided.
        const std::uint64_t begin = offset - part.size();
        with_inner([&] { inner_->feed(part); }, begin - inner_->offset());
    }

    void embedded_end(std::uint64_t offset, Limits& limits) {
        if (!inner_) {
            data_.wrong_type[static_cast<std::size_t>(section_)] = true;
            return;
        }
        with_inner([&] { inner_->finish(); }, offset - 1 - inner_->offset());
        limits.left = inner_->handler().limits().left;
        (section_ == Section::dataframe ? data_.dataframe : data_.dataframe_sample) =
            std::move(inner_->handler().collector());
        inner_.reset();
    }

    [[nodiscard]] bool is_object() const noexcept { return is_object_; }
    [[nodiscard]] bool has_data() const noexcept { return data_whole_ || level_ >= 2; }
    [[nodiscard]] const DataParts<Table>& data() const noexcept { return data_; }

    // The value of a field that is there and not null.
    [[nodiscard]] const SampleCell* field(Field which) const noexcept {
        const auto& cell = fields_[static_cast<std::size_t>(which)];
        return cell && cell->kind != SampleCell::Kind::null ? &*cell : nullptr;
    }

    // True when the key stood there, with whatever value.
    [[nodiscard]] bool names(Field which) const noexcept {
        return fields_[static_cast<std::size_t>(which)].has_value();
    }
    [[nodiscard]] bool names(Section which) const noexcept { return data_.seen[static_cast<std::size_t>(which)]; }

    // A table as far as it was read, if it is still being read out of a string.
    [[nodiscard]] const Table& table(Section which) const noexcept {
        if (inner_ && section_ == which) return inner_->handler().collector();
        return which == Section::dataframe ? data_.dataframe : data_.dataframe_sample;
    }

  private:
    static Field find_field(std::string_view key, Field first, Field last) noexcept {
        for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
            if (field_names[i] == key) return static_cast<Field>(i);
        }
        return Field::none;
    }

    CollectorAnswer begin_field(Field field) {
        section_ = Section::none;
        field_ = field;
        if (field == Field::none) return CollectorAnswer::skip;
        const bool long_text = field == Field::error || field == Field::message || field == Field::output_file ||
                               field == Field::output_sha256 || field == Field::artifact_error;
        return long_text ? CollectorAnswer::text : CollectorAnswer::name;
    }

    CollectorAnswer value_of_top(JsonKind kind, const Key& key, Limits& limits) {
        if (key.text != "data") return begin_field(find_field(key.text, Field::type, Field::predictions_count));
        data_ = DataParts<Table>();
        inner_.reset();
        for (auto i = static_cast<std::size_t>(Field::predictions_count); i < field_count; ++i) fields_[i].reset();
        limits.left = limits.options.max_kept_bytes;
        section_ = Section::none;
        data_whole_ = false;
        return kind == JsonKind::object ? CollectorAnswer::enter : CollectorAnswer::skip;
    }

    CollectorAnswer value_of_data(JsonKind kind, const Key& key, Limits& limits) {
        std::size_t found = 0;
        while (found < section_count && section_names[found] != key.text) ++found;
        section_ = static_cast<Section>(found);
        if (section_ == Section::none) {
            return begin_field(find_field(key.text, Field::predictions_count, Field::none));
        }
        const CollectorAnswer take = in_section([&](auto& part) {
            part = {};
            return part.value(kind, key, limits);
        });
        const bool table = section_ == Section::dataframe || section_ == Section::dataframe_sample;
        inner_.reset();
        not_json_ = false;
        const bool embedded = table && kind == JsonKind::string;
        data_.seen[found] = true;
        data_.wrong_type[found] = take == CollectorAnswer::skip && kind != JsonKind::null && !embedded;
        return embedded ? CollectorAnswer::embedded : take;
    }

    template <class Act>
    void with_inner(Act act, std::uint64_t shift) {
        try {
            act();
        } catch (const MessageError& error) {
            const bool limit = error.code() == ErrorCode::message_limit;
            throw MessageError(limit ? error.code() : ErrorCode::malformed_message,
                               "the table inside a text is not JSON at its byte " + std::to_string(error.offset()),
                               error.offset() + shift);
        }
    }

    std::array<std::optional<SampleCell>, field_count> fields_;
    DataParts<Table> data_;
    std::optional<TableReader> inner_;
    std::size_t level_ = 0;
    Field field_ = Field::none;
    Section section_ = Section::none;
    bool is_object_ = false;
    bool data_whole_ = false;
    bool not_json_ = false;
};

using MessageCollector = BasicMessageCollector<TableCollector>;

}  // namespace curtail::inline v0::detail
