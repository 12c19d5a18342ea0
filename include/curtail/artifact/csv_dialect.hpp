// SPDX-License-Identifier: MIT
#pragma once
// How the CSV file is spelled.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// Which fields have quotes.
enum class QuoteStyle : std::uint8_t {
    minimal,      ///< Only fields that a reader could misread without quotes.
    all,          ///< All fields but nulls, so that a null differs from the empty text.
    non_numeric,  ///< All fields but numbers and nulls; the column names too.
};

/// What ends each line, the last one too.
enum class LineEnd : std::uint8_t {
    lf,    ///< "\n"
    crlf,  ///< "\r\n"
};

/// What protects the users of spreadsheets from texts that are formulas.
enum class FormulaGuard : std::uint8_t {
    off,         ///< Nothing; the text is written as it is.
    apostrophe,  ///< An apostrophe before texts that a spreadsheet may run, and before texts that begin with one.
                 ///< remove_formula_guard() removes it.
};

/// How a CSV file is spelled. By default pandas, polars, DuckDB and spreadsheets read back what was in the table.
/// Words, precision and decimal comma are for values: a cell of a CsvInput keeps the text that it has, whatever it
/// means. Only its empty field, which has none, is written as `null_text`.
///
///     curtail::CsvSink(path, {.dialect = {.separator = ';', .decimal_comma = true}})
struct CsvDialect {
    /// The byte between two fields. Texts that contain it are quoted. One ASCII character that is not a letter, a
    /// digit, a line break or one of + - . : and space. Default: comma.
    char separator = ',';

    /// The byte around a field that needs quotes; inside of quotes it is doubled. The same bytes are allowed as for the
    /// separator. Default: ".
    char quote = '"';

    /// Which fields have quotes. Default: those that need them.
    QuoteStyle quote_style = QuoteStyle::minimal;

    /// What ends each line. A text with CR or LF is quoted, and its line breaks stay as they are. Default: LF.
    LineEnd line_end = LineEnd::lf;

    /// Writes the column names as the first line. Default: true.
    bool header = true;

    /// Begins the file with EF BB BF, by which Excel recognises UTF-8. Other readers may take it for data. Default:
    /// false.
    bool byte_order_mark = false;

    /// The text of a null. If it is empty and the null is the only field of its row, it is written as "", because
    /// pandas skips blank lines. UTF-8, without separator, quote, CR and LF. Default: nothing.
    std::string null_text = {};

    /// Keeps nulls apart from all other values: quotes the empty text and texts equal to null_text, and quotes a text
    /// of spaces and tabs that is the only field of its row, because pandas would skip its line. No other value may be
    /// spelled like a null. Default: true.
    bool nulls_apart = true;

    /// The word for true. UTF-8, not empty, and without separator, quote, CR and LF. Default: Python's, which pandas,
    /// polars and DuckDB take for a boolean.
    std::string true_text = "True";
    /// The word for false, under the same rules. Must differ from the word for true. Default: Python's.
    std::string false_text = "False";

    /// The word for NaN. UTF-8, without separator, quote, CR and LF. Infinities are always inf and -inf. NaN, inf and
    /// -inf are the only spellings that pandas, polars and DuckDB all take for numbers. Default: NaN.
    std::string nan_text = "NaN";

    /// The number of digits after the point of each float and double, 0 to 100, rounded to the nearest. Decimals keep
    /// theirs. Loses digits. Default: as many as read back to the same bits, in the layout of Python's repr.
    std::optional<int> float_precision = {};

    /// Writes floats, doubles and decimals with a comma in place of the point, and in quotes if the separator is a
    /// comma too. Default: false.
    bool decimal_comma = false;

    /// What happens to text cells and column names that begin with = + - @ TAB CR LF NUL or an apostrophe. Numbers and
    /// other cells are never changed. Changes the data until remove_formula_guard() has undone it. Default: off.
    FormulaGuard formula_guard = FormulaGuard::off;

    /// Returns the dialect of pandas, byte for byte what DataFrame.to_csv(index=False) writes: null, NaN and the empty
    /// text are all nothing. to_csv's float_format "%.2f" is float_precision 2. These are the exceptions:
    ///
    /// - Timestamps, times and durations have the digits of their unit. pandas decides by its data, chunk by chunk.
    /// - Timestamps with a zone other than UTC are UTC and end in +00:00, the same instants. pandas writes local times
    ///   with their offsets, which takes a database of zones.
    /// - Infinite timestamps and dates are infinity and -infinity. pandas has none: what it calls Timestamp.max and
    ///   Timestamp.min are theirs in nanoseconds.
    /// - Lists, structs and maps are JSON, and bytes are hexadecimal behind a backslash and x. pandas writes Python's
    ///   repr(): [1, None], b'abc'.
    /// - Decimals have all their digits. pandas writes Python's str(), 1E-8 for 0.00000001.
    /// - Half-precision floats have the digits of a float, 0.099975586 for pandas' 0.1.
    /// - What pandas writes bare and then loses is quoted: a lone CR (before CPython 3.11.9) and a byte order mark at
    ///   the beginning of the file.
    [[nodiscard]] static CsvDialect pandas() { return {.nulls_apart = false, .nan_text = {}}; }

    /// Returns the default with the line end of RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180).
    [[nodiscard]] static CsvDialect rfc4180() { return {.line_end = LineEnd::crlf}; }

    /// Returns a dialect for files that people open by a double click: Excel recognises UTF-8 and runs no formula.
    [[nodiscard]] static CsvDialect excel() {
        return {.line_end = LineEnd::crlf, .byte_order_mark = true, .formula_guard = FormulaGuard::apostrophe};
    }
};

/// Throws UsageError (invalid_option) if an option is out of its range, or if a reader could not tell two fields or two
/// values apart. CsvSink calls it.
void check_dialect(const CsvDialect& dialect);

/// Returns what a text was before FormulaGuard::apostrophe. Use it for all text cells and column names of a file that
/// was written with the guard, and only for those.
[[nodiscard]] constexpr std::string_view remove_formula_guard(std::string_view text) noexcept {
    if (text.starts_with('\'')) text.remove_prefix(1);
    return text;
}

namespace detail {

inline constexpr std::string_view infinity_text = "inf";

// Room for the longest number that is not a decimal: a double with 309 digits before the point and 100 after it.
inline constexpr std::size_t max_fixed_chars = 512;

[[nodiscard]] constexpr std::string_view text_of(LineEnd line_end) noexcept {
    return line_end == LineEnd::lf ? "\n" : "\r\n";
}

// Returns true if `text` begins with a character that OWASP's page on CSV injection and ASVS 1.2.10 name, or with an
// apostrophe: because that is guarded too, the guard can be told from the data.
[[nodiscard]] constexpr bool needs_guard(std::string_view text) noexcept {
    constexpr std::string_view starts("=+-@\t\r\n\0'", 9);
    return !text.empty() && starts.find(text.front()) != std::string_view::npos;
}

// Returns what a text or a name was before this dialect wrote it.
[[nodiscard]] inline std::string_view without_guard(const CsvDialect& dialect, std::string_view text) noexcept {
    return dialect.formula_guard == FormulaGuard::apostrophe ? remove_formula_guard(text) : text;
}

}  // namespace detail
}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/core/text/ascii.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {
namespace detail {

CURTAIL_INLINE void refuse_dialect_if(bool wrong, std::string_view text) {
    if (wrong) throw UsageError(ErrorCode::invalid_option, text);
}

// Refuses a separator or a quote that is in numbers, times or words, or is not a character of its own.
CURTAIL_INLINE void check_mark(char c, std::string_view name) {
    refuse_dialect_if(is_letter_or_digit(c) || c == '\0' || static_cast<unsigned char>(c) >= 0x80 ||
                          std::string_view("+-.: \r\n").find(c) != std::string_view::npos,
                      concat({"the CSV ", name,
                              " must be one ASCII character that is not a line break, a letter or part of a number "
                              "or time"}));
}

// Refuses a word that is written without quotes and needs them, and one that the metadata could not repeat.
CURTAIL_INLINE void check_word(const CsvDialect& dialect, std::string_view word, std::string_view name) {
    const char special[] = {dialect.separator, dialect.quote, '\r', '\n'};
    refuse_dialect_if(word.find_first_of(std::string_view(special, sizeof special)) != std::string_view::npos,
                      concat({"the CSV ", name, " must hold no separator, quote or line break"}));
    refuse_dialect_if(!is_utf8(word), concat({"the CSV ", name, " must be UTF-8, as the file is"}));
}

// Returns true if `null` is how another value is spelled, or how a number or time could be.
CURTAIL_INLINE bool looks_like_value(const CsvDialect& dialect, std::string_view null) {
    if (null == dialect.true_text || null == dialect.false_text || null == dialect.nan_text) return true;
    if (null.starts_with('-')) null.remove_prefix(1);
    return null == infinity_text || null == "infinity" || (!null.empty() && is_digit(null.front()));
}

}  // namespace detail

CURTAIL_INLINE void check_dialect(const CsvDialect& dialect) {
    detail::check_mark(dialect.separator, "separator");
    detail::check_mark(dialect.quote, "quote");
    detail::refuse_dialect_if(dialect.separator == dialect.quote, "the CSV separator and quote must differ");
    detail::refuse_dialect_if(dialect.quote == ',' && dialect.decimal_comma,
                              "the CSV quote cannot be a comma when decimals have one");

    detail::check_word(dialect, dialect.null_text, "text of a null");
    detail::check_word(dialect, dialect.true_text, "word for true");
    detail::check_word(dialect, dialect.false_text, "word for false");
    detail::check_word(dialect, dialect.nan_text, "word for NaN");
    detail::refuse_dialect_if(dialect.true_text.empty() || dialect.false_text.empty(),
                              "the CSV words for true and false must not be empty");
    detail::refuse_dialect_if(dialect.true_text == dialect.false_text, "the CSV words for true and false must differ");
    detail::refuse_dialect_if(dialect.nan_text == "inf" || dialect.nan_text == "-inf",
                              "the CSV word for NaN must not be that for infinity");
    detail::refuse_dialect_if(dialect.nulls_apart && detail::looks_like_value(dialect, dialect.null_text),
                              "the CSV text of a null could be another value; choose another or set nulls_apart to "
                              "false");
    detail::refuse_dialect_if(
        dialect.float_precision && (*dialect.float_precision < 0 || *dialect.float_precision > 100),
        "the CSV float precision must be 0 to 100");
}

}  // namespace curtail::inline v0
#endif
