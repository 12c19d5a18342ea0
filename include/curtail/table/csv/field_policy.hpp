// SPDX-License-Identifier: MIT
#pragma once
// Includes fast-cpp-csv-parser, and nothing else does: Debian's <libfccp/csv.h> or upstream's <csv.h>.

// CSV_IO_NO_THREAD changes the layout of the library's classes (LineReader has 1232 bytes without it and 1072 with it),
// so it must have one value in the whole program; curtail's CMake target sets it. Nothing below touches those classes.
#if __has_include(<libfccp/csv.h>)
#include <libfccp/csv.h>
#else
#include <csv.h>
#endif

namespace curtail::inline v0::detail {

// Finds the end of a field and removes its quotes. Nothing else of the library is used: its LineReader allocates 48 MB
// and ends a record at any line feed, also inside quotes. find_next_column_end(text) returns the separator or NUL after
// the field that begins at `text`, or throws UnclosedQuote. unescape(begin, end) drops the enclosing quotes and halves
// doubled ones, in place.
template <char separator>
using FieldPolicy = io::double_quote_escape<separator, '"'>;

using UnclosedQuote = io::error::escaped_string_not_closed;

}  // namespace curtail::inline v0::detail
