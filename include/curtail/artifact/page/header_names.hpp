// SPDX-License-Identifier: MIT
#pragma once
// What the first line of a CSV file says of its columns.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/page/record_reader.hpp>
#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// Returns the name of column `index`, whose field in the first line is `text`.
[[nodiscard]] std::string column_name(const CsvDialect& dialect, std::string_view text, std::size_t index);

// Refuses a file of another separator than a dialect that nobody gave: each of its rows would be one text. `name` is
// the only one in the header, and the reader is at the first row, which it reads if `name` has a known separator in it.
// Throws InputError (malformed_input).
void expect_separator(const CsvDialect& dialect, std::string_view name, RecordReader& reader);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <curtail/core/text/concat.hpp>
#include <curtail/table/csv/separator_evidence.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE std::string column_name(const CsvDialect& dialect, std::string_view text, std::size_t index) {
    if (!dialect.header) return "column_" + std::to_string(index + 1);
    const bool guarded = dialect.formula_guard == FormulaGuard::apostrophe;
    return std::string(guarded ? remove_formula_guard(text) : text);
}

CURTAIL_INLINE void expect_separator(const CsvDialect& dialect, std::string_view name, RecordReader& reader) {
    constexpr std::size_t enough = 65'536;
    if (name.find_first_of(known_separators) == std::string_view::npos || reader.at_end()) return;
    FieldText row;
    if (reader.field(enough, row) || row.quoted) return;
    SeparatorEvidence evidence;
    evidence.see_header(name, dialect.separator);
    evidence.see_row(row.text);
    const char other = evidence.other();
    if (other == '\0') return;
    reader.fail(concat({"read with a comma between fields, the header is a single field, and it has ",
                        separator_name(other), " in it as the first row has: give the dialect of the file"}),
                row.offset);
}

}  // namespace curtail::inline v0::detail
#endif
