// SPDX-License-Identifier: MIT
#pragma once
// A ResultPayload as the "data" object of a result message: key for key what existing bots look up.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

namespace detail {

template <class Json>
[[nodiscard]] Json cell_to_json(const SampleCell& cell) {
    switch (cell.kind) {
        case SampleCell::Kind::boolean: return Json(cell.text == "true");
        case SampleCell::Kind::number: {
            Json number = Json::parse(cell.text, nullptr, false);
            return number.is_number() ? number : Json(nullptr);  // NaN and the infinities
        }
        case SampleCell::Kind::text:
        case SampleCell::Kind::nested: return Json(cell.text);
        case SampleCell::Kind::missing:
        case SampleCell::Kind::null: break;
    }
    return Json(nullptr);
}

// Appends a member whose key is known to be new. An ordered object would search all its keys for it first, which at
// 10,000 columns is fifty million comparisons a row.
template <class Object, class Json>
void append_member(Object& object, const std::string& key, Json value) {
    if constexpr (requires { typename Object::Container; }) {
        static_cast<typename Object::Container&>(object).emplace_back(key, std::move(value));
    } else {
        object.emplace_hint(object.end(), key, std::move(value));
    }
}

template <class Json>
[[nodiscard]] Json number_or_null(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

template <class Json>
[[nodiscard]] Json stats_to_json(const PredictionStats& stats) {
    Json out = Json::object();
    out["n_rows"] = stats.n_rows;
    out["n_null"] = stats.n_null;
    out["mean"] = number_or_null<Json>(stats.mean);
    out["std"] = number_or_null<Json>(stats.std);
    out["min"] = number_or_null<Json>(stats.min);
    out["max"] = number_or_null<Json>(stats.max);
    out["median"] = number_or_null<Json>(stats.median);
    if (stats.median_rank_error) {
        out["median_is_estimate"] = true;
        out["median_rank_error"] = *stats.median_rank_error;
    }
    if (stats.histogram) {
        out["histogram"] = {{"low", stats.histogram->low}, {"high", stats.histogram->high}};
        out["histogram"]["counts"] = stats.histogram->counts;
    }
    if (!stats.class_distribution.empty() || stats.classes_total != 0) {
        Json classes = Json::object();
        for (const ClassCount& each : stats.class_distribution) {
            classes[each.label] = {{"count", each.count}, {"percentage", each.percentage}};
        }
        out["class_distribution"] = std::move(classes);
        out["classes_total"] = stats.classes_total;
        out["other_count"] = stats.other_count;
    }
    return out;
}

}  // namespace detail

// The "data" object. Rows are objects in column order; a prediction is a value, or an array where there are several
// prediction columns, and prediction_column and prediction_stats are arrays then too. A file that could not be written
// is null, and artifact_error says why. output_sha256 is there when somebody asked for it, sample_strategy and
// sample_row_numbers unless the sample is the first rows.
template <class Json = nlohmann::ordered_json>
[[nodiscard]] Json payload_to_json(const ResultPayload& payload) {
    const bool several = payload.prediction_columns.size() > 1;
    Json predictions = Json::array();
    for (const SampleRow& row : payload.predictions_sample) {
        if (!several && !row.empty()) {
            predictions.push_back(detail::cell_to_json<Json>(row.front()));
            continue;
        }
        Json cells = Json::array();
        for (const SampleCell& cell : row) cells.push_back(detail::cell_to_json<Json>(cell));
        predictions.push_back(std::move(cells));
    }
    Json rows = Json::array();
    for (const SampleRow& row : payload.sample) {
        typename Json::object_t object;
        for (std::size_t column = 0; column < row.size() && column < payload.columns.size(); ++column) {
            if (row[column].kind == SampleCell::Kind::missing) continue;
            detail::append_member(object, payload.columns[column], detail::cell_to_json<Json>(row[column]));
        }
        rows.push_back(std::move(object));
    }
    Json cut = Json::array();
    for (const TruncatedCell& cell : payload.cells_truncated) {
        cut.push_back({{"row", cell.row}, {"column", cell.column}, {"bytes", cell.bytes}});
    }
    Json stats = Json::array();
    for (const PredictionStats& each : payload.prediction_stats) stats.push_back(detail::stats_to_json<Json>(each));

    Json data = Json::object();
    data["predictions_sample"] = std::move(predictions);
    data["predictions_count"] = payload.predictions_count;
    data["dataframe_sample"] = std::move(rows);
    data["dataframe_rows"] = payload.rows;
    data["dataframe_columns"] = payload.columns;
    data["output_file"] = payload.artifact_error.empty() ? Json(payload.output_file) : Json(nullptr);
    data["schema_version"] = payload.schema_version;
    data["truncated"] = payload.truncated;
    data["truncation"] = payload.truncation;
    data["dataframe_dtypes"] = payload.dtypes;
    data["dataframe_columns_total"] = payload.columns_total;
    data["cells_truncated"] = std::move(cut);
    data["cells_truncated_total"] = payload.cells_truncated_total;
    if (!payload.prediction_columns.empty()) {
        if (several) {
            data["prediction_column"] = payload.prediction_columns;
            data["prediction_stats"] = std::move(stats);
        } else {
            data["prediction_column"] = payload.prediction_columns.front();
            data["prediction_stats"] = stats.empty() ? Json::object() : std::move(stats[0]);
        }
    }
    data["output_format"] = payload.output_format;
    data["output_bytes"] = payload.output_bytes ? Json(*payload.output_bytes) : Json(nullptr);
    if (!payload.output_sha256.empty()) data["output_sha256"] = payload.output_sha256;
    if (!payload.artifact_error.empty()) data["artifact_error"] = payload.artifact_error;
    if (payload.artifact_error_permanent) data["artifact_error_permanent"] = *payload.artifact_error_permanent;
    if (!payload.sample_strategy.empty()) {
        data["sample_strategy"] = payload.sample_strategy;
        data["sample_row_numbers"] = payload.sample_row_numbers;
    }
    return data;
}

}  // namespace curtail::inline v0
