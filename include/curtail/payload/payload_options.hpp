// SPDX-License-Identifier: MIT
#pragma once
// What a caller may ask of a split, and what a split says of itself on the way.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include <curtail/payload/budget.hpp>
#include <curtail/statistics/statistics_options.hpp>

namespace curtail::inline v0 {

// Which rows the message shows.
enum class SampleStrategy : std::uint8_t {
    head,                 // the first ones
    tail,                 // the last ones
    random,               // any set of rows is as likely as any other
    highest_predictions,  // by the number in the first prediction column, highest first
    lowest_predictions,   // the same, lowest first
};

// How far a split has come.
struct SplitProgress {
    std::uint64_t rows_done = 0;
    std::optional<std::uint64_t> rows_total;  // known for tables in memory, or by PayloadOptions::rows_total
    std::uint64_t bytes_written = 0;
    double seconds = 0;  // since the start
};

// What becomes of a split whose file cannot be written.
enum class OnArtifactError : std::uint8_t {
    throw_error,  // the ArtifactError goes to the caller, who can send a failure_message() of it
    report,  // the table is read to its end, and the message has all but the file: why there is none, and whether the
             // same job would fail again
};

struct PayloadOptions {
    // Rows shown in the message. 0 shows none. Default: 10.
    std::size_t sample_rows = 10;

    // Which rows these are. By any strategy but head the message says which one and numbers the rows; rows that may
    // have to go again are copied, so long texts in many rows are cut sooner . Default: the first.
    SampleStrategy sample_strategy = SampleStrategy::head;

    // Chooses the rows of a random sample: the same seed, the same rows. Default: 0.
    std::uint64_t sample_seed = 0;

    // The message, envelope and all, is strictly smaller than this. There is no unlimited budget. Default: 1,000,000.
    std::size_t max_bytes = budgets::one_megabyte;

    // What the message travels in; max_bytes bounds what travels. Default: as it is.
    Encoding encoding = Encoding::raw;

    // Called on the calling thread between rows, at most once every progress_seconds and once at the end; returning
    // false stops the run with Cancelled, and nothing is published. Whatever it throws goes to the caller, with the
    // same effect. Default: none.
    std::function<bool(const SplitProgress&)> on_progress = {};

    // Default: four times a second.
    double progress_seconds = 0.25;

    // For the progress of a stream whose length is known. Default: unknown.
    std::optional<std::uint64_t> rows_total = {};

    // A full disk, a refused directory, a taken name. By report, sample, counts, types and statistics are as exact as
    // ever, output_file is null, and artifact_error and artifact_error_permanent say why; what the source throws, a
    // table that makes no sense and Cancelled end the split either way. Default: throw_error.
    OnArtifactError on_artifact_error = OnArtifactError::throw_error;

    // How the statistics of the predictions are bounded.
    StatisticsOptions statistics = {};
};

}  // namespace curtail::inline v0
