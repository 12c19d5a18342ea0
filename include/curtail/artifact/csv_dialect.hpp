// SPDX-License-Identifier: MIT
#pragma once
// How the CSV file is spelled.

#include <string>
#include <string_view>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

// The default is chosen so that pandas, polars, DuckDB and spreadsheets read back what was in the table.
struct CsvDialect {
    // Between two fields. Texts that contain it are quoted. One byte, no letter, digit or character of a number or time.
    // Default: comma.
    char separator = ',';

    // Behind every line, the last one too. Any other end of line inside a field is kept as it is, in quotes.
    // Default: "\n".
    std::string_view line_end = "\n";

    // Whether the first line holds the column names. Default: true.
    bool header = true;
};

// Throws UsageError (invalid_option) when no reader could tell the fields apart.
inline void check_dialect(const CsvDialect& dialect) {
    constexpr std::string_view forbidden = "\"\r\n+-.: ";
    const auto refuse = [](std::string_view text) { throw UsageError(ErrorCode::invalid_option, text); };
    const char c = dialect.separator;
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (forbidden.find(c) != std::string_view::npos || c == '\0' || word || static_cast<unsigned char>(c) >= 0x80) {
        refuse("the CSV separator must be one ASCII character that is no quote, line break, letter or part of a number or time");
    }
    if (dialect.line_end != "\n" && dialect.line_end != "\r\n") {
        refuse("the CSV line end must be \"\\n\" or \"\\r\\n\"");
    }
}

}  // namespace curtail::inline v0
