// SPDX-License-Identifier: MIT
#pragma once
// One cell as one CSV field.

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/artifact/csv/quote_scan.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

// Where a field is. A byte order mark at the beginning of the file is data, and readers would swallow it.
enum class FieldPlace : std::uint8_t { within_row, row_begin, file_begin };

// Writes fields in one dialect. Text is quoted if a reader could misread it: split it, or take it for a null, a blank
// line or a byte order mark. A buffer is any text that grows as TextBuffer does: reserve(), commit(), put(), append().
class CsvFieldWriter {
  public:
    // Throws what check_dialect() throws.
    explicit CsvFieldWriter(const CsvDialect& dialect)
        : dialect_(checked(dialect)),
          scan_(dialect.separator, dialect.quote),
          plain_numbers_(dialect.quote_style != QuoteStyle::all),
          plain_decimals_(plain_numbers_ && !dialect.decimal_comma),
          plain_floats_(plain_decimals_ && !dialect.float_precision),
          plain_words_(dialect.quote_style == QuoteStyle::minimal),
          always_plain_texts_(plain_words_ && dialect.formula_guard == FormulaGuard::off && dialect.null_text.empty()),
          plain_texts_(always_plain_texts_) {}

    // Sets where the next fields are, and whether each is the only one of its row.
    void set_place(FieldPlace place, bool sole = false) noexcept {
        place_ = place;
        sole_ = sole;
        plain_texts_ = always_plain_texts_ && place == FieldPlace::within_row;
    }

    // Writes any CellLike.
    template <class Buffer, class T>
    void write(Buffer& out, const T& value) {
        visit_cell(value, [this, &out](const auto& cell) { this->field(out, cell); });
    }

    // Writes a column name. An empty name is nothing, because no name is a null, unless it would be a blank line.
    template <class Buffer>
    void write_name(Buffer& out, std::string_view name) {
        if (name.empty() && !sole_ && plain_words_) return;
        text(out, name, name.empty());
    }

    // Writes "" for a field that is the only one of its row and was written as nothing: pandas skips blank lines.
    template <class Buffer>
    void write_blank(Buffer& out) {
        quoted(out, {}, {});
    }

    [[nodiscard]] const CsvDialect& dialect() const noexcept { return dialect_; }

    // Returns how many text cells and names got an apostrophe so far.
    [[nodiscard]] std::uint64_t guarded() const noexcept { return guarded_; }

  private:
    [[nodiscard]] static CsvDialect checked(const CsvDialect& dialect) {
        check_dialect(dialect);
        return dialect;
    }

    template <class Buffer>
    void field(Buffer& out, Null) {
        out.append(dialect_.null_text);
    }
    template <class Buffer>
    void field(Buffer& out, bool value) {
        word(out, value ? dialect_.true_text : dialect_.false_text);
    }
    template <class Buffer>
    void field(Buffer& out, std::int64_t value) {
        integer(out, value);
    }
    template <class Buffer>
    void field(Buffer& out, std::uint64_t value) {
        integer(out, value);
    }
    template <class Buffer>
    void field(Buffer& out, float value) {
        floating(out, value);
    }
    template <class Buffer>
    void field(Buffer& out, double value) {
        floating(out, value);
    }
    template <class Buffer>
    void field(Buffer& out, const Decimal& value) {
        if (plain_decimals_ && !scan_.finds(value.digits)) {
            out.append(value.digits);
        } else {
            number(out, std::string(value.digits));
        }
    }
    template <class Buffer>
    void field(Buffer& out, std::string_view value) {
        if (plain_texts_ && !value.empty()) [[likely]] {
            if (!scan_.finds(value)) [[likely]] {
                out.append(value);
            } else {
                quoted(out, {}, value);
            }
        } else {
            text(out, value, value.empty() && dialect_.nulls_apart);
        }
    }
    template <class Buffer>
    void field(Buffer& out, const Bytes& value) {
        text(out, bytes_text(value), false);
    }
    template <class Buffer>
    void field(Buffer& out, const Timestamp& value) {
        time(out, [&](char* at) { return write_timestamp(at, value); });
    }
    template <class Buffer>
    void field(Buffer& out, const Date& value) {
        time(out, [&](char* at) { return write_date(at, value.days); });
    }
    template <class Buffer>
    void field(Buffer& out, const TimeOfDay& value) {
        time(out, [&](char* at) { return write_time(at, value); });
    }
    template <class Buffer>
    void field(Buffer& out, const Duration& value) {
        time(out, [&](char* at) { return write_duration(at, value); });
    }
    template <class Buffer>
    void field(Buffer& out, const Nested& value) {
        spelled(out, {}, value.json, !plain_words_ || is_null_text({}, value.json) || needs_quotes(value.json));
    }
    // Writes the text as it is spelled. A null and a number are quoted no more than others of their kind, and a number
    // is not a formula.
    template <class Buffer>
    void field(Buffer& out, const Verbatim& cell) {
        switch (cell.meaning) {
            case Verbatim::Meaning::null:
            case Verbatim::Meaning::number: {
                const bool null = cell.meaning == Verbatim::Meaning::null;
                const bool style = null ? false : !plain_numbers_ || is_null_text({}, cell.text);
                return spelled(out, {}, cell.text, style || needs_quotes(cell.text));
            }
            case Verbatim::Meaning::boolean:
            case Verbatim::Meaning::text: break;
        }
        text(out, cell.text, cell.meaning == Verbatim::Meaning::text);
    }

    template <class Buffer, class Integer>
    void integer(Buffer& out, Integer value) {
        if (plain_numbers_) [[likely]] {
            out.commit(write_integer(out.reserve(max_number_chars), value));
        } else {
            word_in_quotes(out, [&](char* at) { return write_integer(at, value); });
        }
    }

    template <class Buffer, class Float>
    void floating(Buffer& out, Float value) {
        if (!detail::is_finite(value)) [[unlikely]] {
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
            number(out, std::string(digits, end));
        }
    }

    // Looks at the bits, because with -ffast-math no comparison tells a NaN from an infinity.
    template <class Buffer>
    void not_finite(Buffer& out, double value) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const bool nan = bits << 12U != 0;
        const bool negative = !nan && bits >> 63U != 0;
        const std::string_view spelling = nan ? std::string_view(dialect_.nan_text) : infinity_text;
        // A NaN that is spelled like a null is not quoted, like one.
        spelled(out, negative ? "-" : "", spelling, !plain_numbers_ && !(nan && spelling == dialect_.null_text));
    }

    template <class Buffer>
    void number(Buffer& out, std::string digits) {
        if (dialect_.decimal_comma) std::replace(digits.begin(), digits.end(), '.', ',');
        spelled(out, {}, digits, !plain_numbers_ || scan_.finds(digits));
    }

    template <class Buffer>
    void word(Buffer& out, std::string_view text) {
        spelled(out, {}, text, !plain_words_);
    }

    template <class Buffer, class Write>
    void time(Buffer& out, const Write& write) {
        if (plain_words_) [[likely]] {
            out.commit(write(out.reserve(max_time_chars)));
        } else {
            word_in_quotes(out, write);
        }
    }

    // Writes a number or time in quotes. It holds no quote, because check_dialect() refuses such quotes.
    template <class Buffer, class Write>
    void word_in_quotes(Buffer& out, const Write& write) {
        out.put(dialect_.quote);
        out.commit(write(out.reserve((std::max)(max_number_chars, max_time_chars))));
        out.put(dialect_.quote);
    }

    // Writes a text of any kind, with the guard's apostrophe if it needs one, and quoted for any reason.
    template <class Buffer>
    void text(Buffer& out, std::string_view value, bool needed) {
        std::string_view guard;
        if (dialect_.formula_guard != FormulaGuard::off && needs_guard(value)) {
            guard = "'";
            ++guarded_;
        }
        needed = needed || is_null_text(guard, value) ||
                 (guard.empty() ? needs_quotes(value) : scan_.finds(guard) || scan_.finds(value));
        spelled(out, guard, value, needed || !plain_words_);
    }

    // Returns true if a text, with an apostrophe before it or not, is spelled like a null.
    [[nodiscard]] bool is_null_text(std::string_view guard, std::string_view value) const noexcept {
        const std::string_view null = dialect_.null_text;
        return dialect_.nulls_apart && null.size() == guard.size() + value.size() && null.starts_with(guard) &&
               null.ends_with(value);
    }

    [[nodiscard]] bool needs_quotes(std::string_view value) const noexcept {
        return scan_.finds(value) || is_special_here(value);
    }
    [[nodiscard]] bool is_special_here(std::string_view value) const noexcept {
        if (place_ == FieldPlace::within_row) return false;
        return (place_ == FieldPlace::file_begin && value.starts_with("\xEF\xBB\xBF")) ||
               (sole_ && dialect_.nulls_apart && value.find_first_not_of(" \t") == std::string_view::npos);
    }

    template <class Buffer>
    void spelled(Buffer& out, std::string_view guard, std::string_view value, bool in_quotes) {
        if (in_quotes) {
            quoted(out, guard, value);
        } else {
            out.append(guard);
            out.append(value);
        }
    }

    template <class Buffer>
    void quoted(Buffer& out, std::string_view guard, std::string_view value) {
        out.put(dialect_.quote);
        inside(out, guard);
        inside(out, value);
        out.put(dialect_.quote);
    }

    // Writes text with each quote doubled. Searching for one byte is a call of memchr.
    template <class Buffer>
    void inside(Buffer& out, std::string_view text) {
        for (std::size_t at; (at = text.find(dialect_.quote)) != std::string_view::npos;) {
            out.append(text.substr(0, at + 1));
            out.put(dialect_.quote);
            text.remove_prefix(at + 1);
        }
        out.append(text);
    }

    // Room for a double with 309 digits before the point and 100 after it.
    static constexpr std::size_t max_fixed_chars = 512;

    CsvDialect dialect_;
    QuoteScan scan_;
    // For each kind of cell, true if it is written as it is.
    bool plain_numbers_;
    bool plain_decimals_;
    bool plain_floats_;
    bool plain_words_;
    bool always_plain_texts_;
    bool plain_texts_;
    FieldPlace place_ = FieldPlace::within_row;
    bool sole_ = false;
    std::uint64_t guarded_ = 0;
};

}  // namespace curtail::inline v0::detail
