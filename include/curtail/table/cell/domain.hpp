// SPDX-License-Identifier: MIT
#pragma once
// The values that dates, times and decimals may have, and the error for a cell that has another.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/number/number_grammar.hpp>
#include <curtail/table/cell/forms.hpp>
#include <curtail/table/plain_form.hpp>

namespace curtail::inline v0::detail {

// A cell whose value its form does not have. Becomes a TableError with column and row where those are known.
class CellFault : public TableError {
  public:
    explicit CellFault(std::string_view text) : TableError(ErrorCode::bad_cell, text), text_(text) {}

    // Returns what() without the prefix.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
};

// The counts of the infinite future of a timestamp and of a date, in every unit, as in DuckDB. Negated they are the
// infinite past. The smallest count is refused, because it means NaT in NumPy and the infinite past in PostgreSQL.
inline constexpr std::int64_t infinite_count = INT64_MAX;
inline constexpr std::int32_t infinite_days = INT32_MAX;

[[nodiscard]] constexpr std::int64_t units_per_second(TimeUnit unit) noexcept {
    constexpr std::int64_t units[] = {1, 1'000, 1'000'000, 1'000'000'000};
    return units[static_cast<std::size_t>(unit)];
}

// Returns true for a time of day, 24:00:00 included: some databases distinguish the end of a day from its beginning.
[[nodiscard]] constexpr bool is_within_day(std::int64_t count, TimeUnit unit) noexcept {
    return count >= 0 && count <= 86'400 * units_per_second(unit);
}

[[noreturn]] void throw_bad_unit(TimeUnit unit);
[[noreturn]] void throw_not_a_time(std::string_view form, std::int64_t count);
[[noreturn]] void throw_outside_day(std::int64_t count);
[[noreturn]] void throw_no_such_day(int year, unsigned month, unsigned day);
[[noreturn]] void throw_no_such_weekday(int year, unsigned month);
[[noreturn]] void throw_out_of_range(std::string_view form);
[[noreturn]] void throw_no_decimal(std::string_view digits);

template <class T>
inline constexpr std::size_t plain_index = index_in<T>(static_cast<const Cell*>(nullptr));

template <class T>
concept PlainCell = plain_index<T> < std::variant_size_v<Cell>;

// In the order of Cell's alternatives.
inline constexpr CellKind plain_kinds[] = {
    CellKind::null,    CellKind::boolean, CellKind::int64,    CellKind::uint64, CellKind::float32,
    CellKind::float64, CellKind::decimal, CellKind::text,     CellKind::bytes,  CellKind::timestamp,
    CellKind::date,    CellKind::time,    CellKind::duration, CellKind::nested, CellKind::any,
};

// Throws CellFault for a value that its form does not have. visit_cell() checks each plain form that it is given, so
// code that writes cells need not check them again.
template <PlainCell T>
constexpr void check_plain(const T& value) {
    if constexpr (is_one_of<T, Timestamp, TimeOfDay, Duration>) {
        if (value.unit > TimeUnit::nanosecond) throw_bad_unit(value.unit);
    }
    if constexpr (is_one_of<T, Timestamp, Duration>) {
        constexpr std::string_view form = std::is_same_v<T, Timestamp> ? "timestamp" : "duration";
        if (value.count == INT64_MIN) throw_not_a_time(form, value.count);
    } else if constexpr (std::is_same_v<T, Date>) {
        if (value.days == INT32_MIN) throw_not_a_time("date", value.days);
    } else if constexpr (std::is_same_v<T, TimeOfDay>) {
        if (!is_within_day(value.count, value.unit)) throw_outside_day(value.count);
    } else if constexpr (std::is_same_v<T, Decimal>) {
        if (!spells_json_number(value.digits)) throw_no_decimal(value.digits);
    }
}

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void throw_bad_unit(TimeUnit unit) {
    throw CellFault(concat(
        {"the unit ", std::to_string(static_cast<unsigned>(unit)), " of a time is none of TimeUnit's; initialise it"}));
}

CURTAIL_INLINE void throw_not_a_time(std::string_view form, std::int64_t count) {
    throw CellFault(concat({"the smallest count, ", std::to_string(count), ", is not a ", form,
                            " but what producers write for a missing value; make it null"}));
}

CURTAIL_INLINE void throw_outside_day(std::int64_t count) {
    throw CellFault(
        concat({"a time of day of ", std::to_string(count), " units lies outside the day; make it a duration"}));
}

CURTAIL_INLINE void throw_no_such_day(int year, unsigned month, unsigned day) {
    const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    throw CellFault(concat({"the date ", std::to_string(year), "-", two(month), "-", two(day),
                            " is not in the calendar; correct it, or make it null"}));
}

CURTAIL_INLINE void throw_no_such_weekday(int year, unsigned month) {
    throw CellFault(concat({"month ", std::to_string(month), " of the year ", std::to_string(year),
                            " has no such weekday; correct the date, or make it null"}));
}

CURTAIL_INLINE void throw_out_of_range(std::string_view form) {
    throw CellFault(concat({"a ", form,
                            " of std::chrono is not a number, or counts more than 64 bits hold in the unit in which "
                            "it would be written; make it null, or cast it to a coarser unit"}));
}

CURTAIL_INLINE void throw_no_decimal(std::string_view digits) {
    throw CellFault(concat({"the decimal ", quoted_for_error(digits),
                            " is not a number as JSON spells it; correct it, make it a text, or make it null"}));
}

}  // namespace curtail::inline v0::detail

#endif
