// SPDX-License-Identifier: MIT
#pragma once
// The one room that fast-cpp-csv-parser enters through: Debian's <libfccp/csv.h> or upstream's <csv.h>.

// CSV_IO_NO_THREAD changes the layout of the library's classes (LineReader has 1232 bytes without it and 1072 with it),
// so it must have one value in the whole program; curtail's CMake target sets it. Nothing below touches those classes.
#if __has_include(<libfccp/csv.h>)
#include <libfccp/csv.h>
#else
#include <csv.h>
#endif

namespace curtail::inline v0::detail {

// How the library tells the fields of a record apart and takes their quotes off. Only this is used of it: its
// LineReader sets 48 MB aside, ends a record at any line feed, and so refuses a line break inside quotes.
// find_next_column_end(text) gives the separator or NUL behind the field that begins at `text`, or throws
// UnclosedQuote; unescape(begin, end) drops the enclosing quotes and halves doubled ones, in place.
template <char separator>
using FieldPolicy = io::double_quote_escape<separator, '"'>;

using UnclosedQuote = io::error::escaped_string_not_closed;

}  // namespace curtail::inline v0::detail
