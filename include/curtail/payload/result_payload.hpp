// SPDX-License-Identifier: MIT
#pragma once
// What a result message says, as a plain value: the worker's side fills it, the bot's side reads it back. No JSON here.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0 {

// One cell of the sample. `text` is valid UTF-8. A number keeps the digits it has in the message, so that a 64-bit id
// survives; a cut text ends in U+2026 and knows how long it was.
struct SampleCell {
    enum class Kind : std::uint8_t {
        missing,  // a ragged record had no such key
        null,
        boolean,  // text is "true" or "false"
        number,   // text is a JSON number, or NaN, Infinity, -Infinity as Python writes them
        text,
        nested,  // text is JSON
    };

    Kind kind = Kind::null;
    std::string text;
    std::uint64_t cut_from_bytes = 0;  // the cell's original size in bytes when it was cut, else 0

    friend bool operator==(const SampleCell&, const SampleCell&) = default;
};

using SampleRow = std::vector<SampleCell>;

// One cut cell: its row in the sample, its column's name, its size before the cut.
struct TruncatedCell {
    std::uint64_t row = 0;
    std::string column;
    std::uint64_t bytes = 0;

    friend bool operator==(const TruncatedCell&, const TruncatedCell&) = default;
};

struct ProgressReport {
    std::string status;
    double percent = 0;
    std::string message;

    friend bool operator==(const ProgressReport&, const ProgressReport&) = default;
};

// What one message says. A plain aggregate: it is never the table, only what a person is shown of it.
struct ResultPayload {
    enum class Form : std::uint8_t {
        bounded,   // sample, counts, location: what curtail sends
        complete,  // an old worker's message that carried every row; the sample is its first rows
        summary,   // location and counts alone, as a join job answers
        failure,   // `error` says why
        progress,  // `progress` says how far
    };

    Form form = Form::bounded;
    std::string job_id;
    std::string error;
    ProgressReport progress;

    std::vector<std::string> columns;  // without the prediction columns; may be cut, columns_total is not
    std::vector<std::string> dtypes;   // parallel to columns, or empty
    std::uint64_t columns_total = 0;
    std::vector<SampleRow> sample;  // each parallel to columns
    std::uint64_t rows = 0;

    // How the rows of the sample were chosen: empty for the first ones, else as SampleStrategy names it; a reader may
    // meet names that it does not know.
    std::string sample_strategy;
    std::vector<std::uint64_t> sample_row_numbers;  // in the table, from 0; parallel to sample, or empty

    std::vector<std::string> prediction_columns;
    std::vector<SampleRow> predictions_sample;  // parallel to sample; a cell for each prediction column
    std::uint64_t predictions_count = 0;
    std::vector<PredictionStats> prediction_stats;  // parallel to prediction_columns, or empty

    std::string output_file;  // on the worker's machine; shown, never opened
    std::string output_format;
    std::optional<std::uint64_t> output_bytes;
    std::string output_sha256;  // of the file's bytes, 64 lower-case hexadecimal digits; empty where nobody computed it
    std::string artifact_error;                    // why there is no file, when the worker could not write it
    std::optional<bool> artifact_error_permanent;  // whether the same job must fail again, where the worker says

    std::int64_t schema_version = 0;  // 0: a message older than the version field
    bool truncated = false;
    std::vector<std::string> truncation;  // of "rows", "cells", "columns", "stats"
    std::vector<TruncatedCell> cells_truncated;
    std::uint64_t cells_truncated_total = 0;

    std::vector<std::string> notes;  // the receiver's remarks, such as counts that disagree

    friend bool operator==(const ResultPayload&, const ResultPayload&) = default;
};

}  // namespace curtail::inline v0
