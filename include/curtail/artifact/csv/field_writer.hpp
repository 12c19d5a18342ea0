// SPDX-License-Identifier: MIT
#pragma once
// One cell as one CSV field.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/artifact/csv/field_quotes.hpp>
#include <curtail/artifact/csv/styled_float.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

// Where a field stands, for what is special there: a comment at the beginning of a row, and at the beginning of the
// file a byte order mark, which is data and which readers would swallow.
enum class FieldPlace : std::uint8_t { within_row, row_begin, file_begin };

// A field that needs quotes under QuoteStyle::none.
class NeedsQuotes : public TableError {
  public:
    NeedsQuotes() : TableError(ErrorCode::bad_cell, "a field needs quotes, which QuoteStyle::none forbids") {}
};

// Writes fields in one dialect: text is quoted where a reader would take it apart, or for a null, or for a formula, a
// comment or a byte order mark when the dialect and the field's place make it one; or escaped, where the dialect has
// escapes alone. Throws NeedsQuotes, which knows no column and row. A buffer is any text that grows as TextBuffer does:
// reserve(), commit(), put() and append().
class CsvFieldWriter {
  public:
    // Throws what check_dialect() throws.
    explicit CsvFieldWriter(const CsvDialect& dialect)
        : dialect_(checked(dialect)),
          quotes_(dialect),
          plain_numbers_(dialect.quote_style != QuoteStyle::all),
          plain_decimals_(plain_numbers_ && !dialect.decimal_comma),
          plain_floats_(plain_decimals_ && !dialect.float_precision && dialect.float_style == FloatStyle::repr),
          plain_words_(plain_numbers_ && dialect.quote_style != QuoteStyle::non_numeric),
          always_plain_texts_(dialect.quote_style == QuoteStyle::minimal &&
                              dialect.formula_guard == FormulaGuard::off && dialect.null_text.empty() &&
                              quotes_.only_usual()),
          plain_texts_(always_plain_texts_) {}

    // Says where the next fields stand, and whether each is its row's only one; within_row, and not, until it is
    // called.
    void set_place(FieldPlace place, bool sole = false) noexcept {
        place_ = place;
        sole_ = sole;
        plain_texts_ = always_plain_texts_ && place == FieldPlace::within_row;
    }

    // Any CellLike.
    template <class Buffer, class T>
    void write(Buffer& out, const T& value) {
        visit_cell(value, [this, &out](const auto& cell) { this->field(out, cell); });
    }

    // A column name. The empty one is nothing, for there are no nulls among names, unless that would be a blank line.
    template <class Buffer>
    void write_name(Buffer& out, std::string_view name) {
        if (name.empty() && !sole_ && plain_words_) return;
        text(out, name, name.empty());
    }

    // The only field of its row, which came out as nothing and would leave a blank line.
    template <class Buffer>
    void write_blank(Buffer& out) {
        quoted(out, {}, {});
    }

    [[nodiscard]] const CsvDialect& dialect() const noexcept { return dialect_; }

    // The text cells and names that got an apostrophe so far.
    [[nodiscard]] std::uint64_t guarded() const noexcept { return guarded_; }

  private:
    [[nodiscard]] static const CsvDialect& checked(const CsvDialect& dialect) {
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
        if (plain_decimals_ && !quotes_.finds(value.digits)) {
            out.append(value.digits);
        } else {
            number(out, std::string(value.digits));
        }
    }
    template <class Buffer>
    void field(Buffer& out, std::string_view value) {
        if (plain_texts_ && !value.empty()) [[likely]] {
            if (!quotes_.finds_usual(value)) [[likely]] {
                out.append(value);
            } else {
                quoted(out, {}, value);
            }
        } else {
            text(out, value, value.empty() && empty_needs_quotes());
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
            no_number(out, value);
        } else if (plain_floats_) [[likely]] {
            out.commit(write_floating(out.reserve(max_number_chars), value));
        } else {
            char digits[max_styled_float_chars];
            char* const end = write_styled_float(digits, value, dialect_.float_style, dialect_.float_precision);
            number(out, std::string(digits, end));
        }
    }

    template <class Buffer>
    void no_number(Buffer& out, double value) {
        const std::string spelling = value != value ? dialect_.nan_text
                                     : value < 0    ? "-" + dialect_.infinity_text
                                                    : dialect_.infinity_text;
        // A NaN that is spelled like a null stays bare like one.
        spelled(out, {}, spelling, !plain_numbers_ && spelling != dialect_.null_text);
    }

    template <class Buffer>
    void number(Buffer& out, std::string digits) {
        if (dialect_.decimal_comma) std::replace(digits.begin(), digits.end(), '.', ',');
        spelled(out, {}, digits, !plain_numbers_ || quotes_.finds(digits));
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

    // Numbers and times hold no quote, as check_dialect() sees to.
    template <class Buffer, class Write>
    void word_in_quotes(Buffer& out, const Write& write) {
        out.put(dialect_.quote);
        out.commit(write(out.reserve((std::max)(max_number_chars, max_time_chars))));
        out.put(dialect_.quote);
    }

    // Text of any kind in full: the guard's apostrophe, and quotes for every reason there is.
    template <class Buffer>
    void text(Buffer& out, std::string_view value, bool needed) {
        std::string_view guard;
        if (dialect_.formula_guard != FormulaGuard::off && detail::needs_guard(value)) {
            guard = "'";
            ++guarded_;
        }
        needed = needed || is_null_text(guard, value) ||
                 (guard.empty() ? needs_quotes(value) : needs_quotes(guard) || quotes_.finds(value));
        spelled(out, guard, value, needed || !plain_words_);
    }

    // The empty text where nothing is a null; but where quotes are forbidden only if nothing does mean null.
    [[nodiscard]] bool empty_needs_quotes() const noexcept {
        return dialect_.nulls_apart && (dialect_.quote_style != QuoteStyle::none || dialect_.null_text.empty());
    }

    // Whether text in the file, an apostrophe before it or not, reads like a null.
    [[nodiscard]] bool is_null_text(std::string_view guard, std::string_view value) const noexcept {
        const std::string_view null = dialect_.null_text;
        return dialect_.nulls_apart && null.size() == guard.size() + value.size() && null.starts_with(guard) &&
               null.ends_with(value);
    }

    [[nodiscard]] bool needs_quotes(std::string_view value) const noexcept {
        return quotes_.finds(value) || is_special_here(value);
    }
    [[nodiscard]] bool is_special_here(std::string_view value) const noexcept {
        if (place_ == FieldPlace::within_row) return false;
        return (dialect_.comment != '\0' && value.starts_with(dialect_.comment)) ||
               (place_ == FieldPlace::file_begin && value.starts_with("\xEF\xBB\xBF")) ||
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
        if (dialect_.quote_style == QuoteStyle::none) {
            escaped(out, guard, value);
        } else {
            quotes_.put_quote(out);
            quotes_.write_inside(out, guard);
            quotes_.write_inside(out, value);
            quotes_.put_quote(out);
        }
    }

    // An escape says that a character is nothing special, but never that a text is no null.
    template <class Buffer>
    void escaped(Buffer& out, std::string_view guard, std::string_view value) {
        const std::string_view first = guard.empty() ? value : guard;
        const bool inside = quotes_.finds(guard) || quotes_.finds(value);
        const bool at_first = !first.empty() && is_special_here(first) && !quotes_.is_special(first.front());
        if (dialect_.escape == '\0' || !(inside || at_first)) throw NeedsQuotes();
        if (at_first) quotes_.put_escape(out);
        quotes_.write_escaped(out, guard);
        quotes_.write_escaped(out, value);
    }

    CsvDialect dialect_;
    detail::FieldQuotes quotes_;
    // Each kind of cell asks one flag whether it is written as it is.
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
