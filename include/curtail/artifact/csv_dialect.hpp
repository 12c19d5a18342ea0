// SPDX-License-Identifier: MIT
#pragma once
// How the CSV file is spelled.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

enum class QuoteStyle : std::uint8_t {
    minimal,      // what no reader could tell apart otherwise, and nothing else
    all,          // every field but a null, which so stays apart from the empty text
    non_numeric,  // every field but numbers and nulls, the header too
    none,         // nothing: a field that needs quotes and no escape can save is a TableError (bad_cell) with its place
};

enum class FloatStyle : std::uint8_t {
    repr,              // Python's: an exponent below 1e-4 and from 1e+16 on; with float_precision never
    scientific,        // always an exponent, in the layout of C's and pandas' %e: 3.14e+03
    short_scientific,  // the same without plus sign and leading zeros, in the layout of polars and Rust: 3.14e3
};

enum class FormulaGuard : std::uint8_t {
    off,
    apostrophe,  // ' before text that a spreadsheet would run, and before text that begins with ';
                 // remove_formula_guard() undoes it
};

// The default is chosen so that pandas, polars, DuckDB and spreadsheets read back what was in the table.
struct CsvDialect {
    // Between two fields. Texts that contain it are quoted. One byte, no letter, digit or character of a number or
    // time. Default: comma.
    char separator = ',';

    // Around a field that needs it. The same bytes are allowed as for the separator. Default: ".
    char quote = '"';

    // Whether a quote inside of quotes is doubled; if not, the escape stands before it. Default: true.
    bool double_quote = true;

    // The byte before which a reader takes the next one as it is; texts that hold it are quoted. It stands before
    // itself, before quotes that are not doubled, and under QuoteStyle::none before all that would need quotes. Unlike
    // Python's csv, no style but that one leaves escapes outside of quotes, where DuckDB and PostgreSQL do not undo
    // them. 0 is none. The same bytes are allowed as for the separator. Default: none.
    char escape = '\0';

    // Which fields stand in quotes. Default: those that need them.
    QuoteStyle quote_style = QuoteStyle::minimal;

    // Behind every line, the last one too: any text without separator and quote that begins with CR, LF or another byte
    // that no number, time or letter has. CR, LF and that byte are quoted in a field, and kept as they are. Default:
    // "\n".
    std::string line_end = "\n";

    // Whether the first line holds the column names. Default: true.
    bool header = true;

    // Whether the file begins with EF BB BF, by which Excel knows UTF-8; others may take it for data. Default: false.
    bool byte_order_mark = false;

    // What a null is. The only field of its row is quoted when it would be nothing, because a blank line is no row to
    // pandas. May begin with the escape when one letter follows and ends it: \N, as PostgreSQL's COPY and MySQL have
    // it. Default: nothing.
    std::string null_text = {};

    // Whether text equal to null_text, and the empty text, are quoted, and no other value may be spelled like a null;
    // and text of spaces and tabs alone in its row too, whose line pandas would drop. Without it they may read back as
    // one. Default: true.
    bool nulls_apart = true;

    // The words for true and false. Default: Python's, which all three readers take for booleans.
    std::string true_text = "True";
    std::string false_text = "False";

    // NaN and infinity, which gets a minus sign below zero. NaN, inf and -inf are the only spellings that pandas,
    // polars and DuckDB all take for numbers.
    std::string nan_text = "NaN";
    std::string infinity_text = "inf";

    // How floats and doubles are laid out; decimals stay as they are. Default: as Python's repr.
    FloatStyle float_style = FloatStyle::repr;

    // So many digits behind the point of every float and double, 0 to 100, rounded to the nearest; decimals keep
    // theirs. Loses digits. Default: as many as read back to the same bits.
    std::optional<int> float_precision = {};

    // Whether floats, doubles and decimals have a comma for a point; they are quoted where it is the separator as well.
    // Default: false.
    bool decimal_comma = false;

    // The byte with which the reader's comment lines begin: a row's first field is quoted when it begins with it. 0 is
    // none. The same bytes are allowed as for the separator. Default: none.
    char comment = '\0';

    // What becomes of text cells and column names that begin with = + - @ TAB CR LF or NUL, which spreadsheets may run
    // as formulas. Numbers and other cells are never touched. Changes the data until remove_formula_guard() has read
    // it. Default: off.
    FormulaGuard formula_guard = FormulaGuard::off;

    // Byte for byte what pandas' DataFrame.to_csv(index=False) writes: null, NaN and the empty text are all nothing. It
    // differs in what pandas decides by its data, chunk by chunk: timestamps, times and durations have the digits of
    // their unit here; and where pandas loses data: a lone CR (before CPython 3.11.9) and a byte order mark at the
    // beginning of the file stand in quotes here. to_csv's float_format "%.2f" is float_precision 2, "%.2e" with the
    // scientific style; with doublequote and escapechar it is the same where all or no text is quoted.
    [[nodiscard]] static CsvDialect pandas() { return {.nulls_apart = false, .nan_text = {}}; }

    // The default with the line end of RFC 4180.
    [[nodiscard]] static CsvDialect rfc4180() { return {.line_end = "\r\n"}; }

    // For a file that people open by a double click: Excel sees UTF-8 and runs nothing.
    [[nodiscard]] static CsvDialect excel() {
        return {.line_end = "\r\n", .byte_order_mark = true, .formula_guard = FormulaGuard::apostrophe};
    }
};

namespace detail {

// Bytes that are in numbers, times, dates or words, or are no character of their own: of no use to mark anything.
[[nodiscard]] constexpr bool is_value_byte(char c) noexcept {
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return word || std::string_view("+-.: ").find(c) != std::string_view::npos || c == '\0' ||
           static_cast<unsigned char>(c) >= 0x80;
}

inline void check_mark(const CsvDialect& dialect, char mark, std::string_view name) {
    if (is_value_byte(mark) || mark == '\r' || mark == '\n') {
        throw UsageError(ErrorCode::invalid_option,
                         "the CSV " + std::string(name) +
                             " must be one ASCII character that is no line break, letter or part of a number or time");
    }
    if (mark == ',' && dialect.decimal_comma && name != "separator") {
        throw UsageError(ErrorCode::invalid_option,
                         "the CSV " + std::string(name) + " cannot be a comma when decimals have one");
    }
}

// A word that is written bare must not hold what fields are told apart by.
inline void check_word(const CsvDialect& dialect, std::string_view word, std::string_view name, bool may_be_nothing) {
    const char special[] = {dialect.separator, dialect.quote, '\r', '\n', dialect.line_end.front()};
    const bool splits = word.find_first_of(std::string_view(special, sizeof special)) != std::string_view::npos;
    const bool escapes = dialect.escape != '\0' && word.find(dialect.escape) != std::string_view::npos;
    if (splits || escapes || (dialect.comment != '\0' && word.starts_with(dialect.comment))) {
        throw UsageError(ErrorCode::invalid_option,
                         "the CSV " + std::string(name) +
                             " must hold no separator, quote, escape, line break or line end and not begin a comment");
    }
    if (word.empty() && !may_be_nothing) {
        throw UsageError(ErrorCode::invalid_option, "the CSV " + std::string(name) + " must not be empty");
    }
}

// An escape and a letter: no text is written so, because no letter is ever escaped.
[[nodiscard]] constexpr bool is_escaped_letter(const CsvDialect& dialect, std::string_view word) noexcept {
    return dialect.escape != '\0' && word.size() == 2 && word[0] == dialect.escape &&
           ((word[1] >= 'a' && word[1] <= 'z') || (word[1] >= 'A' && word[1] <= 'Z'));
}

// Whether a number, a date or a time could be spelled so.
[[nodiscard]] constexpr bool looks_like_value(std::string_view text) noexcept {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

}  // namespace detail

// Throws UsageError (invalid_option) when no reader could tell the fields apart, or two values of one spelling.
inline void check_dialect(const CsvDialect& dialect) {
    const auto refuse_if = [](bool wrong, std::string_view text) {
        if (wrong) throw UsageError(ErrorCode::invalid_option, text);
    };
    detail::check_mark(dialect, dialect.separator, "separator");
    detail::check_mark(dialect, dialect.quote, "quote");
    refuse_if(dialect.separator == dialect.quote, "the CSV separator and quote must differ");

    const std::string_view line_end = dialect.line_end;
    refuse_if(line_end.empty(), "the CSV line end must not be empty");
    const char first = line_end.front();
    refuse_if(detail::is_value_byte(first) && static_cast<unsigned char>(first) < 0x80,
              "the CSV line end must not begin with a letter or part of a number or time");
    refuse_if(first == ',' && dialect.decimal_comma,
              "the CSV line end cannot begin with a comma when decimals have one");
    refuse_if(line_end.find(dialect.separator) != std::string_view::npos ||
                  line_end.find(dialect.quote) != std::string_view::npos,
              "the CSV line end must hold neither the separator nor the quote");
    if (dialect.escape != '\0') {
        detail::check_mark(dialect, dialect.escape, "escape");
        refuse_if(dialect.escape == dialect.quote,
                  "the CSV escape must not be the quote; leave it out and quotes are doubled");
        refuse_if(dialect.escape == dialect.separator || line_end.find(dialect.escape) != std::string_view::npos,
                  "the CSV escape must differ from the separator and not be in the line end");
    }
    refuse_if(!dialect.double_quote && dialect.escape == '\0' && dialect.quote_style != QuoteStyle::none,
              "CSV quotes that are not doubled need an escape");
    if (dialect.comment != '\0') {
        detail::check_mark(dialect, dialect.comment, "comment character");
        refuse_if(dialect.comment == dialect.separator || dialect.comment == dialect.quote ||
                      dialect.comment == dialect.escape || line_end.find(dialect.comment) != std::string_view::npos,
                  "the CSV comment character must differ from separator, quote and escape and not be in the line end");
    }

    if (!detail::is_escaped_letter(dialect, dialect.null_text)) {
        detail::check_word(dialect, dialect.null_text, "text of a null", true);
    }
    detail::check_word(dialect, dialect.true_text, "word for true", false);
    detail::check_word(dialect, dialect.false_text, "word for false", false);
    detail::check_word(dialect, dialect.nan_text, "word for NaN", true);
    detail::check_word(dialect, dialect.infinity_text, "word for infinity", false);
    refuse_if(dialect.true_text == dialect.false_text, "the CSV words for true and false must differ");
    refuse_if(dialect.nan_text == dialect.infinity_text || dialect.nan_text == "-" + dialect.infinity_text,
              "the CSV words for NaN and infinity must differ");
    const std::string_view null = dialect.null_text;
    refuse_if(dialect.nulls_apart && (null == dialect.true_text || null == dialect.false_text ||
                                      null == dialect.nan_text || null == dialect.infinity_text ||
                                      null == "-" + dialect.infinity_text || detail::looks_like_value(null)),
              "the CSV text of a null could be another value; choose another or set nulls_apart to false");

    refuse_if(dialect.float_precision && (*dialect.float_precision < 0 || *dialect.float_precision > 100),
              "the CSV float precision must be 0 to 100");
    refuse_if(dialect.decimal_comma && dialect.separator == ',' && dialect.quote_style == QuoteStyle::none &&
                  dialect.escape == '\0',
              "decimals with a comma cannot be told apart by commas without quotes or an escape");
}

namespace detail {

// The first characters that OWASP's page on CSV injection and ASVS 1.2.10 name, and the apostrophe itself: because that
// one is guarded too, the apostrophe of the guard can be told from one of the data.
[[nodiscard]] constexpr bool needs_guard(std::string_view text) noexcept {
    constexpr std::string_view starts("=+-@\t\r\n\0'", 9);
    return !text.empty() && starts.find(text.front()) != std::string_view::npos;
}

}  // namespace detail

// What a text was before FormulaGuard::apostrophe: for every text cell and column name of a file written with it.
[[nodiscard]] constexpr std::string_view remove_formula_guard(std::string_view text) noexcept {
    if (text.starts_with('\'')) text.remove_prefix(1);
    return text;
}

}  // namespace curtail::inline v0
