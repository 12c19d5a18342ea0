// SPDX-License-Identifier: MIT
#pragma once
// The keys and fixed words of the wire format, for the end that writes them and the end that reads them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace curtail::inline v0::detail {

// Every key that a message of this library has, and those of older workers that are still read. One word is one
// enumerator, even if it is a key in several places. The order is part of the contract of this header: keys of the
// message, keys of "data" whose value is one text, number or boolean, keys of "data" whose value is a list or an
// object, and keys of what is inside these. Lists of texts are together.
enum class Key : std::uint8_t {
    type,
    job_id,
    success,
    error,
    status,
    progress,
    message,
    msg,  // by other workers, as those below: the text of a failure
    detail,
    details,
    reason,
    errors,
    error_message,
    exception,
    traceback,
    data,

    predictions_count,
    dataframe_rows,
    output_file,
    schema_version,
    truncated,
    dataframe_columns_total,
    cells_truncated_total,
    output_format,
    output_bytes,
    output_uncompressed_bytes,
    output_attachable,
    output_sha256,
    output_parts_total,
    parts_missing_total,
    artifact_error,
    artifact_error_permanent,
    sample_strategy,
    count,         // of the predictions, by older workers; also of one class
    rows,          // by older workers; also of one part
    row_count,     // by older workers
    column_count,  // by older workers

    predictions_sample,
    predictions,  // by older workers
    dataframe_sample,
    dataframe,  // by older workers
    dataframe_columns,
    columns,  // by older workers
    dataframe_dtypes,
    truncation,
    prediction_column,
    notes,
    cells_truncated,
    prediction_stats,
    output_parts,
    parts_missing,
    sample_row_numbers,

    row,
    column,
    bytes,
    prediction,
    file,
    sha256,
    host,
    n_rows,
    n_null,
    mean,
    std,
    min,
    max,
    median,
    median_is_estimate,
    median_rank_error,
    histogram,
    low,
    high,
    counts,
    class_distribution,
    percentage,
    classes_total,
    other_count,
    class_counts_are_lower_bounds,

    unknown,  // not a key: the answer of find_key() for any other text
};

inline constexpr std::size_t key_count = static_cast<std::size_t>(Key::unknown);

// By Key.
inline constexpr std::array<std::string_view, key_count> key_names = {
    "type",
    "job_id",
    "success",
    "error",
    "status",
    "progress",
    "message",
    "msg",
    "detail",
    "details",
    "reason",
    "errors",
    "error_message",
    "exception",
    "traceback",
    "data",

    "predictions_count",
    "dataframe_rows",
    "output_file",
    "schema_version",
    "truncated",
    "dataframe_columns_total",
    "cells_truncated_total",
    "output_format",
    "output_bytes",
    "output_uncompressed_bytes",
    "output_attachable",
    "output_sha256",
    "output_parts_total",
    "parts_missing_total",
    "artifact_error",
    "artifact_error_permanent",
    "sample_strategy",
    "count",
    "rows",
    "row_count",
    "column_count",

    "predictions_sample",
    "predictions",
    "dataframe_sample",
    "dataframe",
    "dataframe_columns",
    "columns",
    "dataframe_dtypes",
    "truncation",
    "prediction_column",
    "notes",
    "cells_truncated",
    "prediction_stats",
    "output_parts",
    "parts_missing",
    "sample_row_numbers",

    "row",
    "column",
    "bytes",
    "prediction",
    "file",
    "sha256",
    "host",
    "n_rows",
    "n_null",
    "mean",
    "std",
    "min",
    "max",
    "median",
    "median_is_estimate",
    "median_rank_error",
    "histogram",
    "low",
    "high",
    "counts",
    "class_distribution",
    "percentage",
    "classes_total",
    "other_count",
    "class_counts_are_lower_bounds",
};

[[nodiscard]] constexpr std::string_view key_name(Key key) noexcept {
    return key_names[static_cast<std::size_t>(key)];
}

// Returns Key::unknown for a text that is not a key.
[[nodiscard]] constexpr Key find_key(std::string_view text) noexcept {
    std::size_t index = 0;
    while (index < key_count && key_names[index] != text) ++index;
    return static_cast<Key>(index);
}

// The values of "type".
inline constexpr std::string_view type_result = "result";
inline constexpr std::string_view type_progress = "progress";

// The values in "truncation": what of the table the message does not show.
inline constexpr std::string_view truncation_rows = "rows";
inline constexpr std::string_view truncation_cells = "cells";
inline constexpr std::string_view truncation_columns = "columns";
inline constexpr std::string_view truncation_stats = "stats";
inline constexpr std::string_view truncation_parts = "parts";  // not listed, or missing

// The values of "sample_strategy", which is left out for the first rows. A page is consecutive rows that somebody asked
// for; their numbers are always there.
inline constexpr std::string_view tail_strategy = "tail";
inline constexpr std::string_view random_strategy = "random";
inline constexpr std::string_view highest_strategy = "highest_predictions";
inline constexpr std::string_view lowest_strategy = "lowest_predictions";
inline constexpr std::string_view page_strategy = "page";

// The most parts, and numbers of missing parts, that are listed; all are counted.
inline constexpr std::size_t max_listed_parts = 100;
inline constexpr std::size_t max_listed_missing = 32;

// Texts in "notes": what the message spells otherwise than the table does.
inline constexpr std::string_view note_renamed = "Column names that the table repeats are numbered here, as in a, a.1.";
inline constexpr std::string_view note_replaced = "Bytes of the table that are not UTF-8 are shown as U+FFFD here.";

// The value of "schema_version" in messages of this library.
inline constexpr std::int64_t schema_version = 1;

}  // namespace curtail::inline v0::detail
