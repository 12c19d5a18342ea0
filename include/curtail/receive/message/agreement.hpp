// SPDX-License-Identifier: MIT
#pragma once
// Compares the counts that a message states with what it carries, and notes for people where they differ.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/table_assembly.hpp>
#include <curtail/receive/message/table_collector.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

// What a message states of itself.
struct Claims {
    std::optional<std::uint64_t> rows;
    std::optional<std::uint64_t> predictions;
    Key predictions_key = Key::count;  // that states it
    std::optional<bool> truncated;
    // The message carries a sample and not all.
    bool sampled_rows = false;
    bool sampled_predictions = false;
};

// Returns a note on the first number in the statistics of a column that its rows cannot have; empty if there is none.
[[nodiscard]] inline std::string impossible_count(const PredictionStats& stats) {
    const auto of_rows = [&](std::string_view what, std::uint64_t count, std::string_view thing) {
        return concat({what, counted(count, thing), ", but are of ", counted(stats.n_rows, "row")});
    };
    if (stats.n_null > stats.n_rows) {
        return of_rows("the statistics count ", stats.n_null, "empty prediction");
    }
    const std::uint64_t predicted = stats.n_rows - stats.n_null;
    std::uint64_t left = predicted;
    for (const ClassCount& one : stats.class_distribution) {
        if (one.count > left) return of_rows("the classes count more than ", predicted, "prediction");
        left -= one.count;
    }
    left = predicted;
    for (std::size_t i = 0; stats.histogram && i < stats.histogram->counts.size(); ++i) {
        const std::uint64_t count = stats.histogram->counts[i];
        if (count > left) return of_rows("the histogram counts more than ", predicted, "prediction");
        left -= count;
    }
    if (stats.min && stats.max && stats.min->value() > stats.max->value()) {
        return concat(
            {"the statistics have a minimum of ", stats.min->text(), " and a maximum of ", stats.max->text()});
    }
    return {};
}

// Adds to `payload.notes`. Compares only what was read to its end.
inline void note_disagreements(const Claims& claims, const TableCollector& table,
                               const PredictionCollector& predictions, ResultPayload& payload) {
    const std::size_t notes_before = payload.notes.size();
    const auto note = [&](std::initializer_list<std::string_view> words) { add_note(payload.notes, words); };
    const auto differ = [&](std::string_view key, std::uint64_t claimed, std::uint64_t seen, std::string_view thing) {
        note({key, " is ", count_text(claimed), ", but the message carries ", counted(seen, thing)});
    };
    const auto there_are = [](std::uint64_t count) {
        return ShortText{count == 1 ? "there is " : "there are ", counted(count, "prediction")};
    };
    const std::uint64_t predictions_seen = predictions.seen();
    const std::uint64_t rows_seen = table.rows_seen();
    if (claims.predictions && predictions.whole() &&
        (claims.sampled_predictions ? predictions_seen > *claims.predictions
                                    : predictions_seen != *claims.predictions)) {
        differ(key_name(claims.predictions_key), *claims.predictions, predictions_seen, "prediction");
    }
    if (claims.rows && table.whole() && (claims.sampled_rows ? rows_seen > *claims.rows : rows_seen != *claims.rows)) {
        differ("the number of rows", *claims.rows, rows_seen, "row");
    }
    // A message without predictions says that there are 0 of them.
    if (predictions.whole() && table.whole() && claims.sampled_rows == claims.sampled_predictions &&
        predictions_seen != rows_seen && claims.predictions != 0) {
        note({"the message carries ", counted(predictions_seen, "prediction"), " for ", counted(rows_seen, "row")});
    }
    if (payload.notes.size() == notes_before && claims.rows && payload.predictions_count != 0 &&
        (claims.predictions || predictions.whole()) && payload.predictions_count != *claims.rows) {
        note({there_are(payload.predictions_count), " for ", counted(*claims.rows, "row")});
    }
    if (claims.truncated == false && claims.sampled_rows && claims.rows && table.whole() && rows_seen < *claims.rows) {
        note({"the message says that it shows all of the table, but it carries ", count_text(rows_seen), " of ",
              counted(*claims.rows, "row")});
    }
    for (const PredictionStats& stats : payload.prediction_stats) {
        const std::string impossible = stats.n_rows == 0 ? std::string() : impossible_count(stats);
        if (!impossible.empty()) {
            note({impossible});
            break;
        }
    }
    for (const PredictionStats& stats : payload.prediction_stats) {
        if (stats.n_rows == 0 || stats.n_rows == payload.predictions_count || !claims.predictions) continue;
        note({"the statistics are of ", counted(stats.n_rows, "row"), ", but ", there_are(payload.predictions_count)});
        return;
    }
}

}  // namespace curtail::inline v0::detail
