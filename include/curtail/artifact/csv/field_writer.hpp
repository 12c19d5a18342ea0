// SPDX-License-Identifier: MIT
#pragma once
// One cell as one CSV field.

#include <algorithm>
#include <bit>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/artifact/csv/quote_scan.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/forms.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

// Writes fields in one dialect. Text is quoted if a reader could misread it: split it, or take it for a null, a blank
// line or a byte order mark.
class CsvFieldWriter {
  public:
    // Throws what check_dialect() throws.
    explicit CsvFieldWriter(const CsvDialect& dialect)
        : dialect_(dialect),
          scan_(dialect.separator, dialect.quote),
          plain_numbers_(dialect.quote_style != QuoteStyle::all),
          plain_floats_(plain_numbers_ && !dialect.decimal_comma && !dialect.float_precision),
          plain_words_(dialect.quote_style == QuoteStyle::minimal) {
        check_dialect(dialect);
    }

    // Says whether each field is the only one of its row.
    void set_sole(bool sole) noexcept { sole_ = sole; }
    // Says whether the next field begins the file. A byte order mark there is data, and readers would swallow it.
    void set_file_begins(bool begins) noexcept { file_begins_ = begins; }

    // Writes a cell that visit_cell() has checked.
    void write(TextBuffer& out, const Cell& cell) {
        const auto visit = [&](const auto& plain) { this->field(out, plain); };
        visit_alternative(cell, visit);
    }

    // Writes a column name. An empty name is nothing, because no name is a null, unless it would be a blank line.
    void write_name(TextBuffer& out, std::string_view name) {
        if (name.empty() && !sole_ && plain_words_) return;
        text(out, name, name.empty());
    }

    // Writes "" for a field that is the only one of its row and was written as nothing: pandas skips blank lines.
    void write_blank(TextBuffer& out) const { quoted(out, {}, {}); }

    [[nodiscard]] const CsvDialect& dialect() const noexcept { return dialect_; }

    // Returns how many text cells and names got an apostrophe so far.
    [[nodiscard]] std::uint64_t guarded() const noexcept { return guarded_; }

  private:
    void field(TextBuffer& out, Null) const { out.append(dialect_.null_text); }
    void field(TextBuffer& out, bool value) const {
        spelled(out, {}, value ? dialect_.true_text : dialect_.false_text, !plain_words_);
    }
    template <std::integral Integer>
    void field(TextBuffer& out, Integer value) const {
        generated(out, plain_numbers_, [&](char* at) { return write_integer(at, value); });
    }
    template <std::floating_point Float>
    void field(TextBuffer& out, Float value) const {
        if (!is_finite(value)) [[unlikely]] {
            not_finite(out, cast_to<double>(value));
        } else if (plain_floats_) [[likely]] {
            out.commit(write_floating(out.reserve(max_number_chars), value));
        } else {
            const StandardArithmetic standard;
            char digits[max_fixed_chars];
            char* const end = dialect_.float_precision
                                  ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed,
                                                  *dialect_.float_precision)
                                        .ptr
                                  : write_floating(digits, value);
            number(out, {digits, static_cast<std::size_t>(end - digits)});
        }
    }
    void field(TextBuffer& out, const Decimal& value) const { number(out, value.digits); }
    void field(TextBuffer& out, std::string_view value) { text(out, value, value.empty() && dialect_.nulls_apart); }
    void field(TextBuffer& out, const Bytes& value) { text(out, bytes_text(value), false); }
    template <TimeForm Time>
    void field(TextBuffer& out, const Time& value) const {
        generated(out, plain_words_, [&](char* at) { return write_time(at, value); });
    }
    void field(TextBuffer& out, const Nested& value) const {
        spelled(out, {}, value.json, !plain_words_ || is_null_text({}, value.json) || needs_quotes(value.json));
    }
    // Writes the text as it is spelled. A null and a number are quoted no more than others of their kind, and a number
    // is not a formula.
    void field(TextBuffer& out, const Verbatim& cell) {
        const bool number = cell.meaning == Verbatim::Meaning::number;
        if (number || cell.meaning == Verbatim::Meaning::null) {
            const bool needed = number && (!plain_numbers_ || is_null_text({}, cell.text));
            spelled(out, {}, cell.text, needed || needs_quotes(cell.text));
        } else {
            text(out, cell.text, cell.meaning == Verbatim::Meaning::text);
        }
    }

    // Writes a number or time as it is or in quotes. It holds no quote, because check_dialect() refuses such quotes.
    template <class Write>
    void generated(TextBuffer& out, bool plain, const Write& write) const {
        if (!plain) out.put(dialect_.quote);
        out.commit(write(out.reserve((std::max)(max_number_chars, max_time_chars))));
        if (!plain) out.put(dialect_.quote);
    }

    void not_finite(TextBuffer& out, double value) const {
        const bool nan = is_nan(value);
        const bool negative = !nan && std::bit_cast<std::uint64_t>(value) >> 63U != 0;
        const std::string_view spelling = nan ? std::string_view(dialect_.nan_text) : infinity_text;
        // A NaN that is spelled like a null is not quoted, like one.
        spelled(out, negative ? "-" : "", spelling, !plain_numbers_ && !(nan && spelling == dialect_.null_text));
    }

    void number(TextBuffer& out, std::string_view digits) const {
        std::string with_comma;
        if (dialect_.decimal_comma) {
            with_comma = digits;
            std::replace(with_comma.begin(), with_comma.end(), '.', ',');
            digits = with_comma;
        }
        spelled(out, {}, digits, !plain_numbers_ || scan_.finds(digits));
    }

    // Writes a text of any kind, with the guard's apostrophe if it needs one, and quoted for any reason.
    void text(TextBuffer& out, std::string_view value, bool needed) {
        std::string_view guard;
        if (dialect_.formula_guard != FormulaGuard::off && needs_guard(value)) {
            guard = "'";
            ++guarded_;
        }
        needed = needed || !plain_words_ || is_null_text(guard, value) ||
                 (guard.empty() ? needs_quotes(value) : scan_.finds(guard) || scan_.finds(value));
        spelled(out, guard, value, needed);
    }

    // Returns true if a text, with an apostrophe before it or not, is spelled like a null.
    [[nodiscard]] bool is_null_text(std::string_view guard, std::string_view value) const noexcept {
        const std::string_view null = dialect_.null_text;
        return dialect_.nulls_apart && null.size() == guard.size() + value.size() && null.starts_with(guard) &&
               null.ends_with(value);
    }

    [[nodiscard]] bool needs_quotes(std::string_view value) const noexcept {
        return scan_.finds(value) || (file_begins_ && value.starts_with("\xEF\xBB\xBF")) ||
               (sole_ && dialect_.nulls_apart && value.find_first_not_of(" \t") == std::string_view::npos);
    }

    void spelled(TextBuffer& out, std::string_view guard, std::string_view value, bool in_quotes) const {
        if (in_quotes) {
            quoted(out, guard, value);
        } else {
            out.append(guard);
            out.append(value);
        }
    }

    void quoted(TextBuffer& out, std::string_view guard, std::string_view value) const {
        out.put(dialect_.quote);
        inside(out, guard);
        inside(out, value);
        out.put(dialect_.quote);
    }

    // Writes text with each quote doubled. Searching for one byte is a call of memchr.
    void inside(TextBuffer& out, std::string_view text) const {
        for (std::size_t at; (at = text.find(dialect_.quote)) != std::string_view::npos;) {
            out.append(text.substr(0, at + 1));
            out.put(dialect_.quote);
            text.remove_prefix(at + 1);
        }
        out.append(text);
    }

    CsvDialect dialect_;
    QuoteScan scan_;
    // For each kind of cell, true if it is written as it is.
    bool plain_numbers_;
    bool plain_floats_;
    bool plain_words_;
    bool sole_ = false;
    bool file_begins_ = false;
    std::uint64_t guarded_ = 0;
};

}  // namespace curtail::inline v0::detail
