// SPDX-License-Identifier: MIT
#pragma once
// How much of a message the receiver keeps, and what it refuses.

#include <cstddef>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// Bounds what a ResultReceiver keeps of a message. Whatever the bounds, a message is read to its end and counted
/// exactly. ResultReceiver throws UsageError (ErrorCode::invalid_option) for a value outside its range.
///
///     curtail::ResultReceiver receiver({.sample_rows = 3, .max_columns = 8});
struct ReceiverOptions {
    /// Rows of the table, and predictions, that are kept. 0 keeps none and still counts all. Default: 10.
    std::size_t sample_rows = 10;

    /// Columns that are kept; later ones are counted. At least 1. Default: 256.
    std::size_t max_columns = 256;

    /// Bytes kept of one cell. A cut cell ends in U+2026, whose 3 bytes count too. At least 16. Default: 1024.
    std::size_t max_cell_bytes = 1024;

    /// Bytes kept of a column's name or a class label. At least 32, so that every key of the format is kept whole.
    /// Default: 1024.
    std::size_t max_name_bytes = 1024;

    /// Bytes kept of an error text, a progress message or a path. At least 16. Default: 16 KiB, the length to which
    /// curtail's own workers cut an error.
    std::size_t max_text_bytes = std::size_t{16} * 1024;

    /// Labels kept of a class distribution. The counts of later ones are added to PredictionStats::other_count.
    /// Default: 256.
    std::size_t max_classes = 256;

    /// Bytes of all that is kept together: cells, also missing ones, names, labels, bins of histograms, places of cut
    /// cells, parts, each with its block of the heap. Once they are spent, nothing more is kept, only counted, and the
    /// remaining cells of the current row are cut to nothing. Single texts, such as the error, keep 1 KiB each even
    /// then. Reading a message takes about this much, and the ResultPayload as much again. Default: 3 MiB, three times
    /// a whole message of curtail.
    std::size_t max_kept_bytes = std::size_t{3} * 1024 * 1024;

    /// Open brackets allowed at once; one more is ErrorCode::message_limit. 1 to 1024. Default: 64.
    std::size_t max_depth = 64;

    /// Reads the bare words NaN, Infinity and -Infinity, which are not JSON but which Python's json module writes.
    /// Default: true.
    bool allow_nonfinite = true;
};

}  // namespace curtail::inline v0
