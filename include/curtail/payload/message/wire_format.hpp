// SPDX-License-Identifier: MIT
#pragma once
// What a result message looks like: key for key what existing bots look up, said once for all writers.

#include <cstddef>
#include <string>
#include <vector>

#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/json_number.hpp>

namespace curtail::inline v0::detail {

inline void write_cell(JsonWriter& out, const SampleCell& cell) {
    switch (cell.kind) {
        case SampleCell::Kind::boolean: return out.value(cell.text == "true");
        case SampleCell::Kind::number:
            // What is no number in JSON are NaN and the infinities.
            return is_json_number(cell.text) ? out.literal(cell.text) : out.null();
        case SampleCell::Kind::text:
        case SampleCell::Kind::nested: return out.text(cell.text);
        case SampleCell::Kind::missing:
        case SampleCell::Kind::null: break;
    }
    out.null();
}

// A value, or an array where there are several prediction columns.
inline void write_prediction(JsonWriter& out, const SampleRow& row, bool several) {
    if (!several && !row.empty()) return write_cell(out, row.front());
    out.open('[');
    for (const SampleCell& cell : row) write_cell(out, cell);
    out.close(']');
}

inline void write_row(JsonWriter& out, const SampleRow& row, const std::vector<std::string>& columns) {
    out.open('{');
    for (std::size_t column = 0; column < row.size() && column < columns.size(); ++column) {
        if (row[column].kind != SampleCell::Kind::missing) write_cell(out.key(columns[column]), row[column]);
    }
    out.close('}');
}

inline void write_stats(JsonWriter& out, const PredictionStats& stats) {
    out.open('{');
    out.key("n_rows").value(stats.n_rows);
    out.key("n_null").value(stats.n_null);
    out.key("mean").value(stats.mean);
    out.key("std").value(stats.std);
    out.key("min").value(stats.min);
    out.key("max").value(stats.max);
    out.key("median").value(stats.median);
    if (stats.median_rank_error) {
        out.key("median_is_estimate").value(true);
        out.key("median_rank_error").value(*stats.median_rank_error);
    }
    if (stats.histogram) {
        out.key("histogram").open('{');
        out.key("low").value(stats.histogram->low);
        out.key("high").value(stats.histogram->high);
        out.key("counts").list(stats.histogram->counts);
        out.close('}');
    }
    if (!stats.class_distribution.empty() || stats.classes_total != 0) {
        out.key("class_distribution").open('{');
        for (const ClassCount& each : stats.class_distribution) {
            out.key(each.label).open('{');
            out.key("count").value(each.count);
            out.key("percentage").value(each.percentage);
            out.close('}');
        }
        out.close('}');
        out.key("classes_total").value(stats.classes_total);
        out.key("other_count").value(stats.other_count);
    }
    out.close('}');
}

inline void write_predictions(JsonWriter& out, const ResultPayload& payload) {
    if (payload.prediction_columns.empty()) return;
    if (payload.prediction_columns.size() == 1) {
        out.key("prediction_column").value(payload.prediction_columns.front());
        out.key("prediction_stats");
        if (!payload.prediction_stats.empty()) return write_stats(out, payload.prediction_stats.front());
        out.open('{');
        out.close('}');
        return;
    }
    out.key("prediction_column").list(payload.prediction_columns);
    out.key("prediction_stats").open('[');
    for (const PredictionStats& stats : payload.prediction_stats) write_stats(out, stats);
    out.close(']');
}

// The "data" object. Rows are objects in column order; a prediction is a value, or an array where there are several
// prediction columns, and prediction_column and prediction_stats are arrays then too. A file that could not be written
// is null, and artifact_error says why. output_sha256 is there when somebody asked for it, sample_strategy and
// sample_row_numbers unless the sample is the first rows.
inline void write_data(JsonWriter& out, const ResultPayload& payload) {
    out.open('{');
    out.key("predictions_sample").open('[');
    for (const SampleRow& row : payload.predictions_sample) {
        detail::write_prediction(out, row, payload.prediction_columns.size() > 1);
    }
    out.close(']');
    out.key("predictions_count").value(payload.predictions_count);
    out.key("dataframe_sample").open('[');
    for (const SampleRow& row : payload.sample) detail::write_row(out, row, payload.columns);
    out.close(']');
    out.key("dataframe_rows").value(payload.rows);
    out.key("dataframe_columns").list(payload.columns);
    out.key("output_file");
    payload.artifact_error.empty() ? out.value(payload.output_file) : out.null();
    out.key("schema_version").value(payload.schema_version);
    out.key("truncated").value(payload.truncated);
    out.key("truncation").list(payload.truncation);
    out.key("dataframe_dtypes").list(payload.dtypes);
    out.key("dataframe_columns_total").value(payload.columns_total);
    out.key("cells_truncated").open('[');
    for (const TruncatedCell& cell : payload.cells_truncated) {
        out.open('{');
        out.key("row").value(cell.row);
        out.key("column").value(cell.column);
        out.key("bytes").value(cell.bytes);
        out.close('}');
    }
    out.close(']');
    out.key("cells_truncated_total").value(payload.cells_truncated_total);
    detail::write_predictions(out, payload);
    out.key("output_format").value(payload.output_format);
    out.key("output_bytes").value(payload.output_bytes);
    if (!payload.output_sha256.empty()) out.key("output_sha256").value(payload.output_sha256);
    if (!payload.artifact_error.empty()) out.key("artifact_error").value(payload.artifact_error);
    if (payload.artifact_error_permanent) out.key("artifact_error_permanent").value(*payload.artifact_error_permanent);
    if (!payload.sample_strategy.empty()) {
        out.key("sample_strategy").value(payload.sample_strategy);
        out.key("sample_row_numbers").list(payload.sample_row_numbers);
    }
    out.close('}');
}

// {type:"result", job_id, success:true, data}.
inline void write_result(JsonWriter& out, const ResultPayload& payload) {
    out.open('{');
    out.key("type").value("result");
    out.key("job_id").value(payload.job_id);
    out.key("success").value(true);
    write_data(out.key("data"), payload);
    out.close('}');
}

}  // namespace curtail::inline v0::detail
