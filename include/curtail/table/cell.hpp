// SPDX-License-Identifier: MIT
#pragma once
// What can be a cell: the one place that maps C++ types onto the plain forms.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <curtail/table/cell/chrono.hpp>
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/cell/forms.hpp>
#include <curtail/table/cell/wide_integer.hpp>
#include <curtail/table/plain_form.hpp>

namespace curtail::inline v0 {

/// The customisation point for a type that curtail does not know:
///
///     template <>
///     struct curtail::cell_traits<Money> {
///         static double cell(const Money& money) { return money.cents / 100.0; }
///     };
///
/// cell() returns anything that is a cell already, by value or by reference. A view that it returns must stay valid
/// until the cell is written. Return Timestamp or Duration where the time zone or the unit matters. An enum is a cell
/// only with cell_traits: let cell() return its label or its number.
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
/// std::string_view, Bytes, Timestamp, Date, TimeOfDay, Duration, Nested or Verbatim. The form is chosen at compile
/// time, except for types that decide at run time (std::optional, pointers, std::variant, Cell).
///
///     visit_cell(std::optional<int>(5), [](const auto& plain) { … });  // called with std::int64_t{5}
///
/// Throws TableError (bad_cell) for a decimal that is not a number, and for a date or time that its type cannot mean:
/// 30 February, a time of day beyond 24:00, a time point that 64 bits do not hold in its unit. Fractions of a
/// nanosecond are cut. The times of clocks that do not count from 1970 are converted if the clock can (file_clock), and
/// do not compile if it cannot (steady_clock). A time point's max() and min() are the infinite future and past, but for
/// the min() of an unsigned count, which is 1970.
template <class T, class Visitor>
constexpr void visit_cell(const T& value, Visitor&& visit);

namespace detail {

// Why a type is not a cell.
enum class NoCell : std::uint8_t { unknown, enumeration, traits_without_cell, clock, list };

// How the values of a type become cells: the kind and the unit of their column, and visit(value, visitor), which calls
// the visitor with the plain form of one value.
template <class Visit>
struct CellForm {
    constexpr CellForm(CellKind k, Visit v, TimeUnit u = TimeUnit::microsecond, bool by_value = false) noexcept
        : kind(k), unit(u), in_values(by_value), visit(v) {}

    static constexpr bool known = true;
    CellKind kind;
    TimeUnit unit;   // counts for timestamps and durations only
    bool in_values;  // each value has its own unit and zone
    Visit visit;
};

// The form of a type that is not a cell.
struct UnknownForm {
    static constexpr bool known = false;
    NoCell reason = NoCell::unknown;
    CellKind kind = CellKind::any;
    TimeUnit unit = TimeUnit::microsecond;
    bool in_values = false;
};

template <class T>
[[nodiscard]] constexpr auto cell_form() noexcept;

// Returns the form of a type whose values are visited as values of `Other`.
template <class Other, class Visit>
[[nodiscard]] constexpr auto form_like(Visit visit) noexcept {
    constexpr auto other = cell_form<std::remove_cvref_t<Other>>();
    if constexpr (other.known) {
        return CellForm(other.kind, visit, other.unit, other.in_values);
    } else {
        return other;
    }
}

template <class T>
concept HasCellTraits = requires {
    sizeof(cell_traits<T>);
};

// Returns the form of a type with cell_traits.
template <class T>
[[nodiscard]] constexpr auto traits_form() noexcept {
    constexpr UnknownForm without{.reason = NoCell::traits_without_cell};
    if constexpr (requires(const T& value) { cell_traits<T>::cell(value); }) {
        using Other = std::remove_cvref_t<decltype(cell_traits<T>::cell(std::declval<const T&>()))>;
        if constexpr (std::is_same_v<Other, T> || std::is_void_v<Other>) {
            return without;
        } else if constexpr (!cell_form<Other>().known) {
            return without;
        } else {
            return form_like<Other>(
                [](const T& value, auto& visit) { visit_cell(cell_traits<T>::cell(value), visit); });
        }
    } else {
        return without;
    }
}

// Returns the form of a type of std::chrono.
template <class T>
[[nodiscard]] constexpr auto chrono_form() noexcept {
    if constexpr (ChronoCalendarDay<T>) {
        return CellForm(CellKind::date, [](const T& value, auto& visit) { visit(Date{days_of_calendar(value)}); });
    } else if constexpr (ChronoTimeOfDay<T>) {
        constexpr TimeUnit unit = unit_of_duration<typename T::precision>();
        return form_like<TimeOfDay>([](const T& value, auto& visit) {
            visit_cell(TimeOfDay{count_in_unit(value.to_duration()), unit}, visit);
        });
    } else if constexpr (ChronoDuration<T>) {
        constexpr TimeUnit unit = unit_of_duration<T>();
        return CellForm(
            CellKind::duration,
            [](const T& value, auto& visit) {
                visit_cell(Duration{count_in_unit(value), unit}, visit);
            },
            unit);
    } else if constexpr (!ConvertibleClock<T> && !UnixClock<T>) {
        return UnknownForm{.reason = NoCell::clock};
    } else if constexpr (is_whole_days<T>) {
        return CellForm(CellKind::date, [](const T& value, auto& visit) { visit(Date{date_count(value)}); });
    } else {
        constexpr TimeUnit unit = unit_of_duration<UnixDuration<T>>();
        return CellForm(
            CellKind::timestamp,
            [](const T& value, auto& visit) {
                visit(Timestamp{timestamp_count<unit>(value), unit});
            },
            unit);
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

template <class T>
[[nodiscard]] constexpr auto text_form() noexcept {
    return CellForm(CellKind::text, [](const T& value, auto& visit) {
        if constexpr (WidePath<T>) {
            const auto text = value.u8string();
            visit(as_bytes(std::u8string_view(text)));
        } else {
            if constexpr (std::is_pointer_v<T>) {
                if (value == nullptr) {
                    visit(Null{});
                    return;
                }
            }
            visit(text_of(value));
        }
    });
}

// Returns the form of `T`: the one place that maps types onto plain forms.
template <class T>
[[nodiscard]] constexpr auto cell_form() noexcept {
    if constexpr (HasCellTraits<T>) {
        return traits_form<T>();
    } else if constexpr (PlainCell<T>) {
        return CellForm(
            plain_kinds[plain_index<T>],
            [](const T& value, auto& visit) {
                check_plain(value);
                visit(value);
            },
            TimeUnit::microsecond, is_one_of<T, Timestamp, Duration>);
    } else if constexpr (is_one_of<T, std::nullptr_t, std::monostate>) {
        return CellForm(CellKind::null, [](const T&, auto& visit) { visit(Null{}); });
    } else if constexpr (BoolReference<T>) {
        return CellForm(CellKind::boolean, [](const T& value, auto& visit) { visit(static_cast<bool>(value)); });
    } else if constexpr (WidePath<T> || TextForm<T>) {
        return text_form<T>();
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
        return CellForm(CellKind::any, [](const T& value, auto& visit) {
            const auto visit_checked = [&](const auto& held) {
                check_plain(held);
                visit(held);
            };
            visit_alternative(value, visit_checked);
        });
    } else if constexpr (is_variant<T>) {
        return CellForm(CellKind::any, [](const T& value, auto& visit) {
            std::visit([&](const auto& held) { visit_cell(held, visit); }, value);
        });
    } else if constexpr (std::is_same_v<T, std::byte>) {
        return form_like<unsigned char>(
            [](T value, auto& visit) { visit_cell(std::to_integer<unsigned char>(value), visit); });
    } else if constexpr (std::is_enum_v<T>) {
        return UnknownForm{.reason = NoCell::enumeration};
    } else if constexpr (ChronoTimePoint<T> || ChronoDuration<T> || ChronoTimeOfDay<T> || ChronoCalendarDay<T>) {
        return chrono_form<T>();
    } else if constexpr (Nullable<T>) {
        return form_like<decltype(*std::declval<const T&>())>([](const T& value, auto& visit) {
            if (static_cast<bool>(value)) {
                visit_cell(*value, visit);
            } else {
                visit(Null{});
            }
        });
    } else if constexpr (requires(const T& values) { std::begin(values) != std::end(values); }) {
        return UnknownForm{.reason = NoCell::list};
    } else {
        return UnknownForm();
    }
}

// A constant, because g++ warns that a form on the stack is not initialised.
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

// Fails to compile for a type that is not a cell, with a message that names the cure.
template <class T>
constexpr auto expect_cell() noexcept {
    constexpr auto form = cell_form<T>();
    if constexpr (!form.known) {
        constexpr NoCell reason = form.reason;
        static_assert(reason != NoCell::enumeration,
                      "curtail writes an enum by its labels: specialise curtail::cell_traits<T> with a static "
                      "cell(const T&) that returns the label, or the number if that is meant");
        static_assert(reason != NoCell::traits_without_cell,
                      "this specialisation of curtail::cell_traits<T> lacks a static cell(const T&), public and of "
                      "this name, that returns a number, a bool, text, or one of the forms in "
                      "<curtail/table/cell.hpp>");
        static_assert(reason != NoCell::clock,
                      "this clock does not count from 1970: convert the time to std::chrono::system_clock, or "
                      "specialise curtail::cell_traits<T>");
        static_assert(reason != NoCell::list,
                      "a cell holds one value and this type holds many: make each a column by tuples() or matrix(), or "
                      "specialise curtail::cell_traits<T> with a static cell(const T&) that returns its text, or "
                      "curtail::Nested for JSON");
        static_assert(reason != NoCell::unknown,
                      "curtail does not know how to write this type as a cell: specialise curtail::cell_traits<T> "
                      "with a static cell(const T&) that returns a number, a bool, text, or one of the forms in "
                      "<curtail/table/cell.hpp>");
    }
}

}  // namespace detail

/// Any type whose values can be cells of a table.
template <class T>
concept CellLike = detail::is_cell<T>();

template <class T, class Visitor>
constexpr void visit_cell(const T& value, Visitor&& visit) {
    detail::expect_cell<T>();
    if constexpr (CellLike<T>) detail::cell_form_of<T>.visit(value, visit);
}

}  // namespace curtail::inline v0
