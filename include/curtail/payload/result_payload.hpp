// SPDX-License-Identifier: MIT
#pragma once
// The content of a message as a plain value: the worker's side fills it, the bot's side reads it back. No JSON here.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0 {

/// The largest file, in bytes, that a bot can send by Telegram's Bot API
/// (https://core.telegram.org/bots/api#senddocument): what ResultPayload::output_attachable goes by.
inline constexpr std::uint64_t telegram_upload_bytes = 50'000'000;
/// The same for a Bot API server of your own (https://core.telegram.org/bots/api#using-a-local-bot-api-server).
inline constexpr std::uint64_t telegram_local_server_upload_bytes = 2'000'000'000;

/// Returns true if a file of `file_bytes` bytes can be uploaded under `upload_limit`.
[[nodiscard]] constexpr bool can_attach(std::uint64_t file_bytes,
                                        std::uint64_t upload_limit = telegram_upload_bytes) noexcept {
    return file_bytes <= upload_limit;
}

/// One cell of the sample.
struct SampleCell {
    /// What the cell holds, which says how to read `text`.
    enum class Kind : std::uint8_t {
        /// The row has no such column, as in records with different keys. `text` is empty.
        missing,
        /// A null. `text` is empty.
        null,
        /// `text` is "true" or "false".
        boolean,
        /// `text` is a JSON number with the digits of the message, so that a 64-bit id is exact; or NaN, Infinity or
        /// -Infinity, which Python writes.
        number,
        /// `text` is the text, valid UTF-8.
        text,
        /// A list or an object. `text` is its JSON.
        nested,
    };

    /// Default: null.
    Kind kind = Kind::null;
    /// The value, valid UTF-8. A cut text ends in U+2026.
    std::string text;
    /// The size of the whole text in bytes if it was cut, else 0.
    std::uint64_t cut_from_bytes = 0;

    /// Returns the double nearest to a number, which is NaN or infinite if the text says so. Absent for other kinds,
    /// for a cut number and beyond the range of a double.
    [[nodiscard]] std::optional<double> as_double() const;

    /// Returns a number that is an integer of 64 bits, in any spelling: 12, 12.0 and 1.2e1 are 12. Absent for other
    /// numbers and other kinds.
    [[nodiscard]] std::optional<std::int64_t> as_int64() const;

    friend bool operator==(const SampleCell&, const SampleCell&) = default;
};

/// The cells of one row, in column order.
using SampleRow = std::vector<SampleCell>;

/// A cell of a row and what it belongs to.
struct NamedCell {
    /// The name of its column.
    std::string_view column;
    /// The cell itself, inside the payload.
    const SampleCell& cell;
    /// True for a prediction, false for a column of the table.
    bool prediction = false;
};

/// One cut cell of the sample.
struct TruncatedCell {
    /// The row in the sample, from 0.
    std::uint64_t row = 0;
    /// The name of the column.
    std::string column;
    /// The size of the whole text in bytes.
    std::uint64_t bytes = 0;
    /// True if `column` is a prediction column, which may have the name of another column.
    bool prediction = false;

    friend bool operator==(const TruncatedCell&, const TruncatedCell&) = default;
};

/// One file of a table that several workers wrote.
struct OutputPart {
    /// Its name in the directory `output_file`. Where the parts have no directory in common: its absolute path on
    /// `host`.
    std::string file;
    /// The number of its rows.
    std::uint64_t rows = 0;
    /// Its size in bytes.
    std::uint64_t bytes = 0;
    /// Its SHA-256 as 64 lower-case hexadecimal digits; empty if it was not computed.
    std::string sha256 = {};
    /// The machine that holds it; empty where the parts have a directory in common.
    std::string host = {};

    friend bool operator==(const OutputPart&, const OutputPart&) = default;
};

/// The content of a progress message.
struct ProgressReport {
    /// A word for programs, such as "saving".
    std::string status;
    /// From 0 to 100.
    double percent = 0;
    /// A text for people.
    std::string message;

    friend bool operator==(const ProgressReport&, const ProgressReport&) = default;
};

/// The content of one message: never the table, only what a person is shown of it. A plain aggregate. Texts are valid
/// UTF-8 if they come from a message.
struct ResultPayload {
    /// The kind of message.
    enum class Form : std::uint8_t {
        /// Sample, counts, location: the result message of this library.
        bounded,
        /// The message of an old worker with every row in it; the sample is its first rows.
        complete,
        /// Location and counts alone.
        summary,
        /// `error` says why a job failed.
        failure,
        /// `progress` says how far a job is.
        progress,
        /// A message about something else, such as a heartbeat: `type` says what, `error` has its error text, if any.
        other,
    };

    /// Default: bounded.
    Form form = Form::bounded;
    /// The job that the message is about.
    std::string job_id;
    /// The message's own `type`, for Form::other. Empty for the forms that have a name here.
    std::string type;
    /// Why the job failed, for Form::failure.
    std::string error;
    /// How far the job is, for Form::progress.
    ProgressReport progress;

    /// The names of the columns without predictions, as many as are shown.
    std::vector<std::string> columns;
    /// Their types by the names of pandas, such as "int64"; parallel to `columns`, or empty.
    std::vector<std::string> dtypes;
    /// The number of columns of the whole table without predictions. 0 if it is unknown, because the table has a layout
    /// that does not say what it is; `truncation` has "columns" then.
    std::uint64_t columns_total = 0;
    /// Rows of the table; each parallel to `columns`.
    std::vector<SampleRow> sample;
    /// The number of rows of the whole table.
    std::uint64_t rows = 0;

    /// How the rows of the sample were chosen: empty for the first rows, else the name of a SampleStrategy, "page" for
    /// consecutive rows that somebody asked for, or a name that this version does not know.
    std::string sample_strategy;
    /// The numbers of these rows in the table, from 0; parallel to `sample`, or empty.
    std::vector<std::uint64_t> sample_row_numbers;

    /// The names of the prediction columns.
    std::vector<std::string> prediction_columns;
    /// The predictions of the rows in `sample`, and parallel to it; each row parallel to `prediction_columns`. Empty
    /// without a prediction column.
    std::vector<SampleRow> predictions_sample;
    /// The number of predictions of the whole table, per prediction column.
    std::uint64_t predictions_count = 0;
    /// Statistics of all predictions; parallel to `prediction_columns`, or empty.
    std::vector<PredictionStats> prediction_stats;

    /// The path of the file on the worker's machine, or of the directory of its parts; empty where they have none in
    /// common. It is shown, never opened.
    std::string output_file;
    /// The format of the file, such as "csv".
    std::string output_format;
    /// The size of the file in bytes, if known.
    std::optional<std::uint64_t> output_bytes;
    /// The SHA-256 of the file as 64 lower-case hexadecimal digits; empty if it was not computed.
    std::string output_sha256;
    /// The size of a compressed file's content in bytes; absent for a file that is not compressed.
    std::optional<std::uint64_t> output_uncompressed_bytes;
    /// True if the file is small enough for a chat to take it as an attachment: at most telegram_upload_bytes. Absent
    /// for a table in parts and from workers that do not say.
    std::optional<bool> output_attachable;
    /// The files of a table in parts, in the order of their rows, at most 100; empty for a table in one file.
    std::vector<OutputPart> output_parts;
    /// The number of all parts; absent for a table in one file.
    std::optional<std::uint64_t> output_parts_total;
    /// The numbers of parts that are missing, from 0, at most 32; empty if all are there. Counts, sample and statistics
    /// are those of the parts that are there.
    std::vector<std::uint64_t> parts_missing;
    /// The number of all missing parts.
    std::uint64_t parts_missing_total = 0;
    /// Why there is no file; empty if there is one.
    std::string artifact_error;
    /// True if the same job would fail again to write the file, if the worker says.
    std::optional<bool> artifact_error_permanent;

    /// The version of the message format. 0: a message older than this field.
    std::int64_t schema_version = 0;
    /// True if the message does not show all of the table.
    bool truncated = false;
    /// What it does not show all of: any of "rows", "cells", "columns", "stats", "parts". The last is also there if
    /// parts are missing.
    std::vector<std::string> truncation;
    /// Cut cells of the sample, not always all.
    std::vector<TruncatedCell> cells_truncated;
    /// The number of all cut cells of the sample.
    std::uint64_t cells_truncated_total = 0;

    /// Remarks for people. Those of the worker name what the message spells otherwise than the table. Those of the
    /// receiver name what is wrong with the message, such as counts that disagree.
    std::vector<std::string> notes;

    /// Returns the number of rows that row() can give: those with cells, predictions or both.
    [[nodiscard]] std::size_t rows_shown() const noexcept;

    /// Returns the cells of one of these rows with their names, then its predictions. `shown` counts from 0. The names
    /// and cells are valid as long as the payload does not change. Empty from rows_shown() on.
    ///
    ///     for (const auto& [column, cell, prediction] : payload.row(0)) draw(column, cell.as_double());
    [[nodiscard]] std::vector<NamedCell> row(std::size_t shown) const;

    friend bool operator==(const ResultPayload&, const ResultPayload&) = default;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>

#include <curtail/core/number/read_floating.hpp>

namespace curtail::inline v0 {
namespace detail {

// Returns the digits of a number with a point or an exponent as those of an integer, if it is one of at most 19 digits.
[[nodiscard]] inline std::optional<std::string> integer_digits(std::string_view number) {
    const std::size_t e = (std::min)(number.find_first_of("eE"), number.size());
    std::string_view power = number.substr((std::min)(e + 1, number.size()));
    if (power.starts_with('+')) power.remove_prefix(1);
    const std::optional<int> exponent = e == number.size() ? std::optional(0) : number_from<int>(power);
    std::string digits(number.substr(0, e));
    const std::size_t point = digits.find('.');
    // An exponent that is not an int is far beyond any integer, unless the number is zero.
    std::int64_t shift = exponent ? *exponent : 1'000'000;
    if (point != std::string::npos) {
        shift -= static_cast<std::int64_t>(digits.size() - point - 1);
        digits.erase(point, 1);
    }
    const bool negative = digits.starts_with('-');
    const std::size_t first = digits.find_first_of("123456789");
    if (first == std::string::npos) return "0";
    digits.erase(0, first);
    for (; digits.back() == '0'; ++shift) digits.pop_back();
    if (!exponent || shift < 0 || static_cast<std::int64_t>(digits.size()) + shift > 19) return std::nullopt;
    digits.append(static_cast<std::size_t>(shift), '0');
    return negative ? "-" + digits : digits;
}

}  // namespace detail

CURTAIL_INLINE std::optional<double> SampleCell::as_double() const {
    return kind == Kind::number ? detail::number_from<double>(text) : std::nullopt;
}

CURTAIL_INLINE std::optional<std::int64_t> SampleCell::as_int64() const {
    if (kind != Kind::number || text.empty() || text.back() < '0' || text.back() > '9') return std::nullopt;
    const std::optional<std::string> digits = detail::integer_digits(text);
    return digits ? detail::number_from<std::int64_t>(*digits) : std::nullopt;
}

CURTAIL_INLINE std::size_t ResultPayload::rows_shown() const noexcept {
    return (std::max)(sample.size(), predictions_sample.size());
}

CURTAIL_INLINE std::vector<NamedCell> ResultPayload::row(std::size_t shown) const {
    std::vector<NamedCell> cells;
    const auto add = [&](const std::vector<SampleRow>& from, const std::vector<std::string>& names, bool prediction) {
        if (shown >= from.size()) return;
        const std::size_t count = (std::min)(from[shown].size(), names.size());
        for (std::size_t i = 0; i < count; ++i) cells.push_back({names[i], from[shown][i], prediction});
    };
    add(sample, columns, false);
    add(predictions_sample, prediction_columns, true);
    return cells;
}

}  // namespace curtail::inline v0
#endif
