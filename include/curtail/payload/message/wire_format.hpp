// SPDX-License-Identifier: MIT
#pragma once
// The order and shape of a result message, for all writers: key for key what existing bots look up.

#include <cstddef>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0::detail {

// Writes the statistics of one prediction column.
void write_stats(JsonWriter& out, const PredictionStats& stats);

// Writes one of the parts of a table.
void write_part(JsonWriter& out, const OutputPart& part);

// Writes the "data" object. Rows are objects in column order. A prediction is a value; if there are several prediction
// columns, a prediction, prediction_column and prediction_stats are arrays. If the file could not be written,
// output_file is null, and artifact_error says why. These keys are not always written: output_uncompressed_bytes is for
// a compressed file, output_attachable for a table in one file, output_sha256 if it was computed, prediction_stats if
// they are known, sample_strategy and sample_row_numbers unless the sample is the first rows, notes if there are any.
void write_data(JsonWriter& out, const ResultPayload& payload);

// Writes {type:"result", job_id, success:true, data}.
void write_result(JsonWriter& out, const ResultPayload& payload);

// Returns the exact size of that message in the encoding of `meter`.
[[nodiscard]] std::size_t message_size(const ResultPayload& payload, const JsonMeter& meter);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/sample/json_number.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void write_cell(JsonWriter& out, const SampleCell& cell) {
    switch (cell.kind) {
        case SampleCell::Kind::boolean: return out.value(cell.text == "true");
        case SampleCell::Kind::number:
            // NaN and the infinities are not numbers in JSON.
            return is_json_number(cell.text) ? out.literal(cell.text) : out.null();
        case SampleCell::Kind::text:
        case SampleCell::Kind::nested: return out.text(cell.text);
        case SampleCell::Kind::missing:
        case SampleCell::Kind::null: break;
    }
    out.null();
}

// Writes a value, or an array if there are several prediction columns.
CURTAIL_INLINE void write_prediction(JsonWriter& out, const SampleRow& row, bool several) {
    if (!several && !row.empty()) return write_cell(out, row.front());
    out.open('[');
    for (const SampleCell& cell : row) write_cell(out, cell);
    out.close(']');
}

CURTAIL_INLINE void write_row(JsonWriter& out, const SampleRow& row, const std::vector<std::string>& columns) {
    out.open('{');
    for (std::size_t column = 0; column < row.size() && column < columns.size(); ++column) {
        if (row[column].kind != SampleCell::Kind::missing) write_cell(out.key(columns[column]), row[column]);
    }
    out.close('}');
}

// Writes an end of a histogram, with the digits of the extreme that it is.
CURTAIL_INLINE void write_end(JsonWriter& out, double end, const std::optional<Extreme>& extreme) {
    if (extreme.has_value() && extreme->value() == end) return out.value(*extreme);
    out.value(end);
}

CURTAIL_INLINE void write_stats(JsonWriter& out, const PredictionStats& stats) {
    out.open('{');
    out.key(Key::n_rows).value(stats.n_rows);
    out.key(Key::n_null).value(stats.n_null);
    out.key(Key::mean).value(stats.mean);
    out.key(Key::std).value(stats.std);
    out.key(Key::min).value(stats.min);
    out.key(Key::max).value(stats.max);
    out.key(Key::median).value(stats.median);
    if (stats.median_rank_error) {
        out.key(Key::median_is_estimate).value(true);
        out.key(Key::median_rank_error).value(*stats.median_rank_error);
    }
    if (stats.histogram) {
        out.key(Key::histogram).open('{');
        write_end(out.key(Key::low), stats.histogram->low, stats.min);
        write_end(out.key(Key::high), stats.histogram->high, stats.max);
        out.key(Key::counts).list(stats.histogram->counts);
        out.close('}');
    }
    if (!stats.class_distribution.empty() || stats.classes_total != 0) {
        out.key(Key::class_distribution).open('{');
        for (const ClassCount& each : stats.class_distribution) {
            out.key(each.label).open('{');
            out.key(Key::count).value(each.count);
            out.key(Key::percentage).value(each.percentage);
            out.close('}');
        }
        out.close('}');
        out.key(Key::classes_total).value(stats.classes_total);
        out.key(Key::other_count).value(stats.other_count);
        if (stats.class_counts_are_lower_bounds) out.key(Key::class_counts_are_lower_bounds).value(true);
    }
    out.close('}');
}

CURTAIL_INLINE void write_predictions(JsonWriter& out, const ResultPayload& payload) {
    if (payload.prediction_columns.empty()) return;
    const bool one = payload.prediction_columns.size() == 1;
    out.key(Key::prediction_column);
    one ? out.value(payload.prediction_columns.front()) : out.list(payload.prediction_columns);
    if (payload.prediction_stats.empty()) return;
    out.key(Key::prediction_stats);
    if (one) return write_stats(out, payload.prediction_stats.front());
    out.open('[');
    for (const PredictionStats& stats : payload.prediction_stats) write_stats(out, stats);
    out.close(']');
}

CURTAIL_INLINE void write_part(JsonWriter& out, const OutputPart& part) {
    out.open('{');
    out.key(Key::file).value(part.file);
    out.key(Key::rows).value(part.rows);
    out.key(Key::bytes).value(part.bytes);
    if (!part.sha256.empty()) out.key(Key::sha256).value(part.sha256);
    if (!part.host.empty()) out.key(Key::host).value(part.host);
    out.close('}');
}

// Writes the parts of a table that is in parts, and which of them are missing, if any are.
CURTAIL_INLINE void write_parts(JsonWriter& out, const ResultPayload& payload) {
    if (payload.output_parts_total || !payload.output_parts.empty()) {
        out.key(Key::output_parts).open('[');
        for (const OutputPart& part : payload.output_parts) write_part(out, part);
        out.close(']');
        out.key(Key::output_parts_total).value(payload.output_parts_total.value_or(payload.output_parts.size()));
    }
    if (payload.parts_missing_total == 0 && payload.parts_missing.empty()) return;
    out.key(Key::parts_missing).list(payload.parts_missing);
    out.key(Key::parts_missing_total)
        .value((std::max)(payload.parts_missing_total, std::uint64_t{payload.parts_missing.size()}));
}

CURTAIL_INLINE void write_data(JsonWriter& out, const ResultPayload& payload) {
    out.open('{');
    out.key(Key::predictions_sample).open('[');
    for (const SampleRow& row : payload.predictions_sample) {
        write_prediction(out, row, payload.prediction_columns.size() > 1);
    }
    out.close(']');
    out.key(Key::predictions_count).value(payload.predictions_count);
    out.key(Key::dataframe_sample).open('[');
    for (const SampleRow& row : payload.sample) write_row(out, row, payload.columns);
    out.close(']');
    out.key(Key::dataframe_rows).value(payload.rows);
    out.key(Key::dataframe_columns).list(payload.columns);
    out.key(Key::output_file);
    payload.artifact_error.empty() ? out.value(payload.output_file) : out.null();
    out.key(Key::schema_version).value(payload.schema_version);
    out.key(Key::truncated).value(payload.truncated);
    out.key(Key::truncation).list(payload.truncation);
    out.key(Key::dataframe_dtypes).list(payload.dtypes);
    out.key(Key::dataframe_columns_total).value(payload.columns_total);
    out.key(Key::cells_truncated).open('[');
    for (const TruncatedCell& cell : payload.cells_truncated) {
        out.open('{');
        out.key(Key::row).value(cell.row);
        out.key(Key::column).value(cell.column);
        out.key(Key::bytes).value(cell.bytes);
        if (cell.prediction) out.key(Key::prediction).value(true);
        out.close('}');
    }
    out.close(']');
    out.key(Key::cells_truncated_total).value(payload.cells_truncated_total);
    write_predictions(out, payload);
    out.key(Key::output_format).value(payload.output_format);
    out.key(Key::output_bytes).value(payload.output_bytes);
    if (payload.output_uncompressed_bytes)
        out.key(Key::output_uncompressed_bytes).value(*payload.output_uncompressed_bytes);
    if (payload.output_attachable) out.key(Key::output_attachable).value(*payload.output_attachable);
    if (!payload.output_sha256.empty()) out.key(Key::output_sha256).value(payload.output_sha256);
    write_parts(out, payload);
    if (!payload.artifact_error.empty()) out.key(Key::artifact_error).value(payload.artifact_error);
    if (payload.artifact_error_permanent)
        out.key(Key::artifact_error_permanent).value(*payload.artifact_error_permanent);
    if (!payload.sample_strategy.empty()) {
        out.key(Key::sample_strategy).value(payload.sample_strategy);
        out.key(Key::sample_row_numbers).list(payload.sample_row_numbers);
    }
    if (!payload.notes.empty()) out.key(Key::notes).list(payload.notes);
    out.close('}');
}

CURTAIL_INLINE void write_result(JsonWriter& out, const ResultPayload& payload) {
    out.open('{');
    out.key(Key::type).value(type_result);
    out.key(Key::job_id).value(payload.job_id);
    out.key(Key::success).value(true);
    write_data(out.key(Key::data), payload);
    out.close('}');
}

CURTAIL_INLINE std::size_t message_size(const ResultPayload& payload, const JsonMeter& meter) {
    JsonSizeWriter counted(meter);
    write_result(counted, payload);
    return counted.size();
}

}  // namespace curtail::inline v0::detail
#endif
