// SPDX-License-Identifier: MIT
#pragma once
// What a cell can be: a few plain views, and the one place where a C++ type is mapped onto them.

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
#include <curtail/table/cell/wide_integer.hpp>

namespace curtail::inline v0 {

// The forms a cell takes on its way into the file and the message. Beside these a cell is a bool, std::int64_t,
// std::uint64_t, float, double or std::string_view (text). Views are valid only while the visitor runs.

struct Null {};

// An exact number as text in JSON's number grammar: -?digits[.digits][e±digits], no leading zeros, no plus sign.
struct Decimal {
    std::string_view digits;
};

// Bytes that are not text.
struct Bytes {
    std::string_view data;
};

// `count` units since 1970-01-01 00:00:00. With a zone the count is UTC; without one it is a local, "naive" time.
struct Timestamp {
    std::int64_t count;
    TimeUnit unit;
    std::string_view zone = {};
};

// Days since 1970-01-01 in the proleptic Gregorian calendar.
struct Date {
    std::int32_t days;
};

// `count` units since midnight.
struct TimeOfDay {
    std::int64_t count;
    TimeUnit unit;
};

struct Duration {
    std::int64_t count;
    TimeUnit unit;
};

// A list, struct or map, as JSON text.
struct Nested {
    std::string_view json;
};

// One cell of any kind, for sources that know their types only as they run.
using Cell = std::variant<Null, bool, std::int64_t, std::uint64_t, float, double, Decimal, std::string_view, Bytes,
                          Timestamp, Date, TimeOfDay, Duration, Nested>;

enum class CellKind : std::uint8_t {
    any,  // known only cell by cell; the message names what was seen
    null,
    boolean,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
    float32,
    float64,
    decimal,
    text,
    bytes,
    timestamp,
    date,
    time,
    duration,
    nested,
};

// The customisation point for a type curtail does not know:
//
//     template <>
//     struct curtail::cell_traits<Money> {
//         static double cell(const Money& money) { return money.cents / 100.0; }
//     };
//
// cell() returns anything that is a cell already, by value or by reference; what it returns lives until the cell is
// written. Where the type's time zone or unit matters, return Timestamp or Duration.
template <class T>
struct cell_traits;

namespace detail {

template <class T, class... Options>
inline constexpr bool is_one_of = (std::is_same_v<T, Options> || ...);

template <class T>
concept PlainCell = is_one_of<T, Null, bool, std::int64_t, std::uint64_t, float, double, Decimal, std::string_view,
                              Bytes, Timestamp, Date, TimeOfDay, Duration, Nested>;

template <class T>
concept HasCellTraits = requires(const T& value) {
    cell_traits<T>::cell(value);
};

template <class T>
concept TextLike = std::convertible_to<const T&, std::string_view>;

// std::u8string and its like: the same bytes under another name.
template <class T>
concept Utf8TextLike = std::convertible_to<const T&, std::u8string_view>;

// Characters of encodings that are not written here. As numbers they would be what nobody meant.
template <class T>
concept ForeignCharacter = is_one_of<T, wchar_t, char16_t, char32_t>;

template <class T>
concept Integer = (std::is_integral_v<T> && sizeof(T) <= 8 && !ForeignCharacter<T>) || WideInteger<T>;

// std::filesystem::path and its like, told by shape: including <filesystem> costs more than all of this header.
template <class T>
concept PathLike = requires(const T& value) {
    { value.native() } -> std::convertible_to<std::string_view>;
    value.lexically_normal();
};

// std::optional, smart and raw pointers: empty is null, else what they hold.
template <class T>
concept Nullable = !TextLike<T> && !Utf8TextLike<T> && requires(const T& value) {
    static_cast<bool>(value);
    *value;
}
&&!std::is_void_v<std::remove_pointer_t<T>> && !std::is_function_v<std::remove_pointer_t<T>>;

template <class T>
struct is_variant : std::false_type {};
template <class... Ts>
struct is_variant<std::variant<Ts...>> : std::true_type {};

// std::vector<bool>'s element and its kin: a bool that is no bool.
template <class T>
concept BoolReference = std::is_class_v<T> && requires(T value) {
    static_cast<bool>(value);
    value.flip();
};

// A switch over the alternatives: std::visit goes through a table of functions, which nothing can be inlined across.
template <std::size_t I = 0, class Variant, class Visitor>
constexpr void visit_alternative(const Variant& cell, Visitor& visit) {
    if constexpr (I < std::variant_size_v<Variant>) {
        if (const auto* held = std::get_if<I>(&cell)) {
            visit(*held);
        } else {
            visit_alternative<I + 1>(cell, visit);
        }
    }
}

constexpr std::string_view bytes_view(std::string_view text) noexcept {
    return text;
}
inline std::string_view bytes_view(std::u8string_view text) noexcept {
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

template <class>
inline constexpr bool always_false = false;

}  // namespace detail

// Calls `visit` with the plain form of `value`: Null, bool, std::int64_t, std::uint64_t, float, double, Decimal,
// std::string_view, Bytes, Timestamp, Date, TimeOfDay, Duration or Nested. Resolved at compile time but for types that
// decide as they run (std::optional, pointers, std::variant, Cell).
template <class T, class Visitor>
constexpr void visit_cell(const T& value, Visitor&& visit) {
    using namespace detail;
    if constexpr (HasCellTraits<T>) {
        visit_cell(cell_traits<T>::cell(value), visit);
    } else if constexpr (PlainCell<T>) {
        visit(value);
    } else if constexpr (is_one_of<T, std::nullptr_t, std::monostate>) {
        visit(Null{});
    } else if constexpr (BoolReference<T>) {
        visit(static_cast<bool>(value));
    } else if constexpr (std::is_same_v<T, char>) {
        visit(std::string_view(&value, 1));  // a letter, not its code; signed and unsigned char are 8-bit numbers
    } else if constexpr (std::is_same_v<T, char8_t>) {
        visit(bytes_view(std::u8string_view(&value, 1)));
    } else if constexpr (Integer<T>) {
        if constexpr (WideInteger<T>) {
            const WideIntegerText text(value);
            visit(Decimal{text.digits()});
        } else if constexpr (std::is_signed_v<T>) {
            visit(static_cast<std::int64_t>(value));
        } else {
            visit(static_cast<std::uint64_t>(value));
        }
    } else if constexpr (TextLike<T> || Utf8TextLike<T>) {
        if constexpr (std::is_pointer_v<T>) {
            if (value == nullptr) {
                visit(Null{});
                return;
            }
        }
        if constexpr (std::is_array_v<T>) {
            // A struct's char[4] may be full, without a zero behind it.
            const std::basic_string_view<std::remove_extent_t<T>> all(value, std::extent_v<T>);
            visit(bytes_view(all.substr(0, all.find(std::remove_extent_t<T>{}))));
        } else if constexpr (TextLike<T>) {
            visit(static_cast<std::string_view>(value));
        } else {
            visit(bytes_view(static_cast<std::u8string_view>(value)));
        }
    } else if constexpr (PathLike<T>) {
        visit(static_cast<std::string_view>(value.native()));
    } else if constexpr (std::is_same_v<T, Cell>) {
        visit_alternative(value, visit);
    } else if constexpr (is_variant<T>::value) {
        std::visit([&](const auto& held) { visit_cell(held, visit); }, value);
    } else if constexpr (std::is_enum_v<T>) {
        visit_cell(static_cast<std::underlying_type_t<T>>(value), visit);
    } else if constexpr (ChronoTimePoint<T>) {
        using Elapsed = std::remove_cvref_t<decltype(value.time_since_epoch())>;
        if constexpr (std::ratio_equal_v<typename Elapsed::period, std::ratio<86400>>) {
            visit(Date{static_cast<std::int32_t>(value.time_since_epoch().count())});
        } else {
            visit(Timestamp{count_in_unit(value.time_since_epoch()), unit_of_duration<Elapsed>()});
        }
    } else if constexpr (ChronoDuration<T>) {
        visit(Duration{count_in_unit(value), unit_of_duration<T>()});
    } else if constexpr (ChronoCalendarDay<T>) {
        visit(Date{days_from_civil(static_cast<int>(value.year()), static_cast<unsigned>(value.month()),
                                   static_cast<unsigned>(value.day()))});
    } else if constexpr (Nullable<T>) {
        if (static_cast<bool>(value)) {
            visit_cell(*value, visit);
        } else {
            visit(Null{});
        }
    } else {
        static_assert(always_false<T>,
                      "curtail does not know how to write this type as a cell: specialise curtail::cell_traits<T> with "
                      "a static cell(const T&) that returns a number, a bool, text, or one of the forms in "
                      "<curtail/table/cell.hpp>");
    }
}

namespace detail {

// The kind a column of `T` has. std::variant and Cell decide cell by cell.
template <class T>
[[nodiscard]] constexpr CellKind kind_of() noexcept {
    if constexpr (HasCellTraits<T>) {
        return kind_of<std::remove_cvref_t<decltype(cell_traits<T>::cell(std::declval<const T&>()))>>();
    } else if constexpr (is_one_of<T, Null, std::nullptr_t, std::monostate>) {
        return CellKind::null;
    } else if constexpr (std::is_same_v<T, bool> || BoolReference<T>) {
        return CellKind::boolean;
    } else if constexpr (is_one_of<T, char, char8_t> || TextLike<T> || Utf8TextLike<T> || PathLike<T>) {
        return CellKind::text;
    } else if constexpr (WideInteger<T>) {
        return CellKind::decimal;
    } else if constexpr (Integer<T>) {
        constexpr bool is_signed = std::is_signed_v<T>;
        switch (sizeof(T)) {
            case 1: return is_signed ? CellKind::int8 : CellKind::uint8;
            case 2: return is_signed ? CellKind::int16 : CellKind::uint16;
            case 4: return is_signed ? CellKind::int32 : CellKind::uint32;
            default: return is_signed ? CellKind::int64 : CellKind::uint64;
        }
    } else if constexpr (std::is_same_v<T, float>) {
        return CellKind::float32;
    } else if constexpr (std::is_same_v<T, double>) {
        return CellKind::float64;
    } else if constexpr (std::is_same_v<T, Decimal>) {
        return CellKind::decimal;
    } else if constexpr (std::is_same_v<T, Bytes>) {
        return CellKind::bytes;
    } else if constexpr (std::is_same_v<T, Nested>) {
        return CellKind::nested;
    } else if constexpr (std::is_same_v<T, TimeOfDay>) {
        return CellKind::time;
    } else if constexpr (is_variant<T>::value) {
        return CellKind::any;
    } else if constexpr (std::is_enum_v<T>) {
        return kind_of<std::underlying_type_t<T>>();
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        return CellKind::timestamp;
    } else if constexpr (ChronoTimePoint<T>) {
        using Elapsed = std::remove_cvref_t<decltype(std::declval<const T&>().time_since_epoch())>;
        return std::ratio_equal_v<typename Elapsed::period, std::ratio<86400>> ? CellKind::date : CellKind::timestamp;
    } else if constexpr (std::is_same_v<T, Duration> || ChronoDuration<T>) {
        return CellKind::duration;
    } else if constexpr (std::is_same_v<T, Date> || ChronoCalendarDay<T>) {
        return CellKind::date;
    } else if constexpr (Nullable<T>) {
        return kind_of<std::remove_cvref_t<decltype(*std::declval<const T&>())>>();
    } else {
        return CellKind::any;
    }
}

template <class T>
[[nodiscard]] constexpr bool is_cell() noexcept {
    if constexpr (PlainCell<T> || HasCellTraits<T> || is_variant<T>::value) {
        return true;
    } else if constexpr (kind_of<T>() != CellKind::any) {
        return true;
    } else if constexpr (Nullable<T>) {
        return is_cell<std::remove_cvref_t<decltype(*std::declval<const T&>())>>();
    } else {
        return false;
    }
}

}  // namespace detail

// Any type whose values can be cells of a table.
template <class T>
concept CellLike = detail::is_cell<T>();

// What a table with dictionaries (categories, factors, enums) may hand out for a text. Whoever does not ask for the
// code sees a text like any other, and only then is it looked up. Within a column of one batch, equal dictionary() and
// equal code() mean equal text; in the next batch neither means anything. A code is less than codes(), the number of
// texts in the dictionary.
template <class T>
concept CodedText = std::convertible_to<const T&, std::string_view> && requires(const T& text) {
    { text.dictionary() }
    noexcept->std::same_as<const void*>;
    { text.code() }
    noexcept->std::same_as<std::size_t>;
    { text.codes() }
    noexcept->std::same_as<std::size_t>;
};

}  // namespace curtail::inline v0
