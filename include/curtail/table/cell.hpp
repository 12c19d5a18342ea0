// SPDX-License-Identifier: MIT
#pragma once
// The forms of a cell, and the one place that maps C++ types onto them.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <curtail/table/cell/calendar.hpp>
#include <curtail/table/cell/chrono.hpp>
#include <curtail/table/cell/forms.hpp>
#include <curtail/table/cell/wide_integer.hpp>
#include <curtail/table/time_unit.hpp>

namespace curtail::inline v0 {

/// A missing value.
struct Null {};

/// An exact number as text in JSON's number grammar: -?digits[.digits][e±digits], no leading zeros, no plus sign.
struct Decimal {
    std::string_view digits;  ///< Must be valid while the cell is visited.
};

/// Bytes that are not text.
struct Bytes {
    std::string_view data;  ///< Must be valid while the cell is visited.
};

/// A date and time of day.
struct Timestamp {
    std::int64_t count;          ///< Units since 1970-01-01 00:00:00: UTC with a zone, else local ("naive") time.
    TimeUnit unit;               ///< What `count` counts.
    std::string_view zone = {};  ///< The name of a time zone, such as "Europe/Zurich". Default: none.
};

/// A day.
struct Date {
    std::int32_t days;  ///< Days since 1970-01-01 in the proleptic Gregorian calendar.
};

/// A time of day without a date.
struct TimeOfDay {
    std::int64_t count;  ///< Units since midnight.
    TimeUnit unit;       ///< What `count` counts.
};

/// A length of time.
struct Duration {
    std::int64_t count;  ///< May be negative.
    TimeUnit unit;       ///< What `count` counts.
};

/// A list, struct or map.
struct Nested {
    std::string_view json;  ///< Its JSON text. Must be valid while the cell is visited.
};

/// One cell of any kind, for sources that know their types only at run time. The alternatives are the plain forms: the
/// forms in which every cell reaches the file and the message.
using Cell = std::variant<Null, bool, std::int64_t, std::uint64_t, float, double, Decimal, std::string_view, Bytes,
                          Timestamp, Date, TimeOfDay, Duration, Nested>;

/// The kind of the cells in a column.
enum class CellKind : std::uint8_t {
    any,        ///< Not known before the cells are read.
    null,       ///< Nothing but nulls.
    boolean,    ///< True and False.
    int8,       ///< Signed integers of 8 bits.
    int16,      ///< Signed integers of 16 bits.
    int32,      ///< Signed integers of 32 bits.
    int64,      ///< Signed integers of 64 bits.
    uint8,      ///< Unsigned integers of 8 bits.
    uint16,     ///< Unsigned integers of 16 bits.
    uint32,     ///< Unsigned integers of 32 bits.
    uint64,     ///< Unsigned integers of 64 bits.
    float32,    ///< float.
    float64,    ///< double.
    decimal,    ///< Exact numbers of any length.
    text,       ///< UTF-8 text.
    bytes,      ///< Bytes that are not text.
    timestamp,  ///< Dates with a time of day.
    date,       ///< Days.
    time,       ///< Times of day.
    duration,   ///< Lengths of time.
    nested,     ///< Lists, structs and maps.
};

/// The customisation point for a type that curtail does not know:
///
///     template <>
///     struct curtail::cell_traits<Money> {
///         static double cell(const Money& money) { return money.cents / 100.0; }
///     };
///
/// cell() returns anything that is a cell already, by value or by reference. A view that it returns must stay valid
/// until the cell is written. Return Timestamp or Duration where the time zone or the unit matters.
template <class T>
struct cell_traits;

/// A text from a dictionary (categories, factors, enums). Code that does not use the dictionary sees a text like any
/// other. Within a column of one batch, an equal dictionary() and an equal code() mean an equal text. In the next batch
/// neither means anything. A code is less than codes(), the number of texts in the dictionary.
template <class T>
concept CodedText = std::convertible_to<const T&, std::string_view> && requires(const T& text) {
    { text.dictionary() }
    noexcept->std::same_as<const void*>;
    { text.code() }
    noexcept->std::same_as<std::size_t>;
    { text.codes() }
    noexcept->std::same_as<std::size_t>;
};

/// Calls `visit` once with the plain form of `value`: Null, bool, std::int64_t, std::uint64_t, float, double, Decimal,
/// std::string_view, Bytes, Timestamp, Date, TimeOfDay, Duration or Nested. The form is chosen at compile time, except
/// for types that decide at run time (std::optional, pointers, std::variant, Cell).
///
///     visit_cell(std::optional<int>(5), [](const auto& plain) { … });  // called with std::int64_t{5}
template <class T, class Visitor>
constexpr void visit_cell(const T& value, Visitor&& visit);

namespace detail {

template <class T>
concept HasCellTraits = requires(const T& value) {
    cell_traits<T>::cell(value);
};

template <class T>
inline constexpr std::size_t plain_index = alternative_index<T>(static_cast<const Cell*>(nullptr));

template <class T>
concept PlainCell = plain_index<T> < std::variant_size_v<Cell>;

// In the order of Cell's alternatives.
inline constexpr CellKind plain_kinds[] = {
    CellKind::null,    CellKind::boolean, CellKind::int64,    CellKind::uint64, CellKind::float32,
    CellKind::float64, CellKind::decimal, CellKind::text,     CellKind::bytes,  CellKind::timestamp,
    CellKind::date,    CellKind::time,    CellKind::duration, CellKind::nested,
};

// How the values of a type become cells: the kind and the unit of their column, and visit(value, visitor), which calls
// the visitor with the plain form of one value.
template <class Visit>
struct CellForm {
    constexpr CellForm(CellKind k, Visit v, TimeUnit u = TimeUnit::microsecond) noexcept : kind(k), unit(u), visit(v) {}

    static constexpr bool known = true;
    CellKind kind;
    TimeUnit unit;  // counts for timestamps and durations only
    Visit visit;
};

// The form of a type that is not a cell.
struct UnknownForm {
    static constexpr bool known = false;
    CellKind kind = CellKind::any;
    TimeUnit unit = TimeUnit::microsecond;
};

template <class T>
[[nodiscard]] constexpr auto cell_form() noexcept;

// Returns the form of a type whose values are visited as values of `Other`.
template <class Other, class Visit>
[[nodiscard]] constexpr auto form_like(Visit visit) noexcept {
    constexpr auto other = cell_form<std::remove_cvref_t<Other>>();
    if constexpr (other.known) {
        return CellForm(other.kind, visit, other.unit);
    } else {
        return other;
    }
}

// Returns the form of a type of std::chrono.
template <class T>
[[nodiscard]] constexpr auto chrono_form() noexcept {
    if constexpr (ChronoCalendarDay<T>) {
        return CellForm(CellKind::date, [](const T& value, auto& visit) {
            visit(Date{days_from_civil(static_cast<int>(value.year()), static_cast<unsigned>(value.month()),
                                       static_cast<unsigned>(value.day()))});
        });
    } else if constexpr (ChronoDuration<T>) {
        constexpr TimeUnit unit = unit_of_duration<T>();
        return CellForm(
            CellKind::duration,
            [](const T& value, auto& visit) {
                visit(Duration{count_in_unit(value), unit});
            },
            unit);
    } else {
        using Elapsed = std::remove_cvref_t<decltype(std::declval<const T&>().time_since_epoch())>;
        if constexpr (std::ratio_equal_v<typename Elapsed::period, std::ratio<86400>>) {
            return CellForm(CellKind::date, [](const T& value, auto& visit) {
                visit(Date{static_cast<std::int32_t>(value.time_since_epoch().count())});
            });
        } else {
            constexpr TimeUnit unit = unit_of_duration<Elapsed>();
            return CellForm(
                CellKind::timestamp,
                [](const T& value, auto& visit) {
                    visit(Timestamp{count_in_unit(value.time_since_epoch()), unit});
                },
                unit);
        }
    }
}

template <class T>
inline constexpr CellKind integer_kind = [] {
    constexpr bool is_signed = std::is_signed_v<T>;
    switch (sizeof(T)) {
        case 1: return is_signed ? CellKind::int8 : CellKind::uint8;
        case 2: return is_signed ? CellKind::int16 : CellKind::uint16;
        case 4: return is_signed ? CellKind::int32 : CellKind::uint32;
        default: return is_signed ? CellKind::int64 : CellKind::uint64;
    }
}();

// Returns the form of `T`: the one place that maps types onto plain forms.
template <class T>
[[nodiscard]] constexpr auto cell_form() noexcept {
    if constexpr (HasCellTraits<T>) {
        return form_like<decltype(cell_traits<T>::cell(std::declval<const T&>()))>(
            [](const T& value, auto& visit) { visit_cell(cell_traits<T>::cell(value), visit); });
    } else if constexpr (PlainCell<T>) {
        return CellForm(plain_kinds[plain_index<T>], [](const T& value, auto& visit) { visit(value); });
    } else if constexpr (is_one_of<T, std::nullptr_t, std::monostate>) {
        return CellForm(CellKind::null, [](const T&, auto& visit) { visit(Null{}); });
    } else if constexpr (WidePath<T>) {
        return CellForm(CellKind::text, [](const T& value, auto& visit) {
            const auto text = value.u8string();
            visit(as_bytes(std::u8string_view(text)));
        });
    } else if constexpr (BoolReference<T>) {
        return CellForm(CellKind::boolean, [](const T& value, auto& visit) { visit(static_cast<bool>(value)); });
    } else if constexpr (TextForm<T>) {
        return CellForm(CellKind::text, [](const T& value, auto& visit) {
            if constexpr (std::is_pointer_v<T>) {
                if (value == nullptr) {
                    visit(Null{});
                    return;
                }
            }
            visit(text_of(value));
        });
    } else if constexpr (WideInteger<T>) {
        return CellForm(CellKind::decimal, [](const T& value, auto& visit) {
            const WideIntegerText text(value);
            visit(Decimal{text.digits()});
        });
    } else if constexpr (Integer<T>) {
        return CellForm(integer_kind<T>, [](T value, auto& visit) {
            visit(static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(value));
        });
    } else if constexpr (std::is_same_v<T, Cell>) {
        return CellForm(CellKind::any, [](const T& value, auto& visit) { visit_alternative(value, visit); });
    } else if constexpr (is_variant<T>) {
        return CellForm(CellKind::any, [](const T& value, auto& visit) {
            std::visit([&](const auto& held) { visit_cell(held, visit); }, value);
        });
    } else if constexpr (std::is_enum_v<T>) {
        using Number = std::underlying_type_t<T>;
        return form_like<Number>([](T value, auto& visit) { visit_cell(static_cast<Number>(value), visit); });
    } else if constexpr (ChronoTimePoint<T> || ChronoDuration<T> || ChronoCalendarDay<T>) {
        return chrono_form<T>();
    } else if constexpr (Nullable<T>) {
        return form_like<decltype(*std::declval<const T&>())>([](const T& value, auto& visit) {
            if (static_cast<bool>(value)) {
                visit_cell(*value, visit);
            } else {
                visit(Null{});
            }
        });
    } else {
        return UnknownForm();
    }
}

// A constant, because g++ takes a form on the stack for one that is not set.
template <class T>
inline constexpr auto cell_form_of = cell_form<T>();

// Returns the kind of a column of `T`.
template <class T>
[[nodiscard]] constexpr CellKind kind_of() noexcept {
    return cell_form<T>().kind;
}

template <class T>
[[nodiscard]] constexpr bool is_cell() noexcept {
    return cell_form<T>().known;
}

}  // namespace detail

/// Any type whose values can be cells of a table.
template <class T>
concept CellLike = detail::is_cell<T>();

template <class T, class Visitor>
constexpr void visit_cell(const T& value, Visitor&& visit) {
    static_assert(CellLike<T>,
                  "curtail does not know how to write this type as a cell: specialise curtail::cell_traits<T> with a "
                  "static cell(const T&) that returns a number, a bool, text, or one of the forms in "
                  "<curtail/table/cell.hpp>");
    if constexpr (CellLike<T>) detail::cell_form_of<T>.visit(value, visit);
}

}  // namespace curtail::inline v0
