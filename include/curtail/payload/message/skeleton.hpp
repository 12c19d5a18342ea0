// SPDX-License-Identifier: MIT
#pragma once
// The part of a message that is never dropped.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/row_selection.hpp>
#include <curtail/statistics/prediction_stats.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Returns the names of the prediction columns as the message spells them.
[[nodiscard]] inline std::vector<std::string> prediction_names(const Schema& schema) {
    std::vector<std::string> names;
    names.reserve(schema.prediction_count());
    for (std::size_t i = schema.feature_count(); i < schema.size(); ++i) names.push_back(to_valid_utf8(schema[i].name));
    return names;
}

// Returns the payload of a table without sample, columns, numbers and file.
[[nodiscard]] inline ResultPayload skeleton_of(const Schema& schema, const std::string& job_id,
                                               SampleStrategy strategy) {
    ResultPayload payload;
    payload.job_id = job_id;
    payload.schema_version = schema_version;
    payload.columns_total = schema.feature_count();
    if (strategy != SampleStrategy::head) payload.sample_strategy = strategy_name(strategy);
    payload.prediction_stats.resize(schema.prediction_count());
    payload.prediction_columns = prediction_names(schema);
    for (std::size_t i = schema.feature_count(); i < schema.size() && payload.notes.empty(); ++i) {
        if (!is_utf8(schema[i].name)) payload.notes.emplace_back(note_replaced);
    }
    return payload;
}

// Returns the largest message that `payload` can become without sample and columns: what the budget must hold before a
// row is read. `payload` has output_parts_total for a table in parts, and a parts_missing_total above 0 if parts may be
// missing.
[[nodiscard]] inline ResultPayload largest_skeleton(ResultPayload payload) {
    constexpr std::uint64_t many = (std::numeric_limits<std::uint64_t>::max)();
    constexpr double longest = -(std::numeric_limits<double>::max)();
    payload.rows = payload.predictions_count = payload.cells_truncated_total = many;
    for (const std::string_view why : {truncation_rows, truncation_cells, truncation_columns, truncation_stats}) {
        payload.truncation.emplace_back(why);
    }
    if (payload.output_parts_total) {
        payload.output_parts_total = many;
        payload.truncation.emplace_back(truncation_parts);
    }
    if (payload.parts_missing_total != 0) {
        payload.parts_missing_total = many;
        payload.parts_missing.assign(max_listed_missing, many);
    }
    for (PredictionStats& stats : payload.prediction_stats) {
        stats.n_rows = stats.n_null = stats.classes_total = stats.other_count = many;
        stats.mean = stats.std = stats.median = longest;
        stats.min.emplace(longest, std::string(Extreme::max_text, '9'));
        stats.max.emplace(longest, std::string(Extreme::max_text, '9'));
        stats.class_counts_are_lower_bounds = true;
        stats.median_rank_error = 0.009999999999999998;  // the longest text below 0.01
    }
    return payload;
}

// Throws BudgetTooSmall unless the message of `payload` is under the limit of the options.
inline void check_budget(const ResultPayload& payload, const PayloadOptions& options) {
    const std::size_t size = message_size(payload, JsonMeter(options.encoding));
    if (size < raw_limit(options.max_bytes, options.encoding)) return;
    throw BudgetTooSmall(options.max_bytes, encoded_size(size, options.encoding) + 1);
}

}  // namespace curtail::inline v0::detail
