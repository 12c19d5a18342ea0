// SPDX-License-Identifier: MIT
#pragma once
// How much of a message the receiver keeps, and what it refuses.

#include <cstddef>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

// Whatever these say, a message is read to its end and counted exactly: the limits bound what is kept of it.
struct ReceiverOptions {
    // Rows of the table, and predictions, that are kept. 0 keeps none and still counts all. Default: 10.
    std::size_t sample_rows = 10;

    // Columns that are kept; later ones are counted. At least 1. Default: 256.
    std::size_t max_columns = 256;

    // Bytes kept of one cell, the closing U+2026 of a cut one among them. At least 16. Default: 1024.
    std::size_t max_cell_bytes = 1024;

    // Bytes kept of a column's name or a class label. At least 32, so that every key the format knows is kept whole.
    // Default: 1024.
    std::size_t max_name_bytes = 1024;

    // Bytes kept of an error text, a progress message or a path. At least 16. Default: 16 KiB, the length to
    // which curtail's own workers cut an error.
    std::size_t max_text_bytes = std::size_t{16} * 1024;

    // Labels kept of a class distribution; the counts of later ones are added to other_count. Default: 256.
    std::size_t max_classes = 256;

    // Bytes of cells kept in all. Once they are spent no further row is kept and the cells of the row at hand
    // are cut to nothing. Default: 4 MiB.
    std::size_t max_kept_bytes = std::size_t{4} * 1024 * 1024;

    // Open brackets allowed at once; one more is a message_limit error. 1 to 1024. Default: 64.
    std::size_t max_depth = 64;

    // Reads the bare tokens NaN, Infinity and -Infinity, which are not JSON and which Python's json writes.
    // Default: on.
    bool allow_nonfinite = true;
};

namespace detail {

inline void check(const ReceiverOptions& options) {
    const auto refuse = [](const char* text) { throw UsageError(ErrorCode::invalid_option, text); };
    if (options.max_columns == 0) refuse("ReceiverOptions::max_columns must be at least 1");
    if (options.max_cell_bytes < 16) refuse("ReceiverOptions::max_cell_bytes must be at least 16");
    if (options.max_name_bytes < 32) refuse("ReceiverOptions::max_name_bytes must be at least 32");
    if (options.max_text_bytes < 16) refuse("ReceiverOptions::max_text_bytes must be at least 16");
}

}  // namespace detail
}  // namespace curtail::inline v0
