// SPDX-License-Identifier: MIT
#pragma once
// The options of a table that several workers write, a part each.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <curtail/payload/budget.hpp>

namespace curtail::inline v0 {

/// Which part of a table a split is, and how large its summary may be.
///
///     curtail::ResultPayloadBuilder builder(job_id, {.part = {.number = rank, .of = ranks}});
///     curtail::PartSummary summary = …;  // builder.start(schema, sink), append() and finish_part()
struct PartOptions {
    /// The part, counted from 0 in the order of the rows; less than `of`. Default: 0.
    std::uint64_t number = 0;

    /// The number of all parts. 0 means what the sink says (`part()`), and 1 if it says nothing. A split throws
    /// UsageError (invalid_option) if sink and options say different numbers. Default: 0.
    std::uint64_t of = 0;

    /// The number of the part's first row in the whole table, counted from 0. If all parts know it, a random sample
    /// shows the same rows as one run would, however the table is divided. Otherwise it is random, too, but depends on
    /// the division. The merger checks the number, which is at most 2^52. Default: not known before the parts are
    /// merged.
    std::optional<std::uint64_t> first_row = {};

    /// The machine that holds the file, UTF-8 of at most 255 bytes. Named in the message, so that a person finds the
    /// file where the parts have no directory in common. Default: not named.
    std::string host = {};

    /// The summary of the part is strictly smaller than this many bytes. To fit, it leaves out in this order, and only
    /// as far as needed: columns that no message can show beside a row, numbers that an exact median needs, long texts
    /// of the sample, rare labels, rows of the sample, columns.
    /// A split throws BudgetTooSmall before anything is created if not even counts, estimates and the file's location
    /// are sure to fit: with the default options they take up to 24 kB per prediction column. Default: 1,000,000.
    std::size_t max_summary_bytes = budgets::one_megabyte;
};

/// What a merger does if parts are missing.
enum class OnMissingParts : std::uint8_t {
    /// It throws PartsMissing, which names them. Nothing is published.
    throw_error,
    /// It makes the message of the parts that are there. The message says which are missing, in `parts_missing` and in
    /// a note, and nothing is marked as complete. At least one part must be there.
    answer,
};

/// The options of merging parts. Give only those that differ from their default.
struct MergeOptions {
    /// What happens if parts are missing. Default: throw_error.
    OnMissingParts on_missing = OnMissingParts::throw_error;

    /// A summary of as many bytes or more is refused with PayloadTooLarge. This bounds the work for one summary, and
    /// its memory: some 100 bytes per byte. Give the number that the parts were given. Default: 1,000,000.
    std::size_t max_summary_bytes = budgets::one_megabyte;
};

}  // namespace curtail::inline v0
