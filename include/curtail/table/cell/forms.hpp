// SPDX-License-Identifier: MIT
#pragma once
// Recognises the types whose values can be cells by their members.

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <curtail/table/cell/wide_integer.hpp>

namespace curtail::inline v0::detail {

template <class T, class... Options>
inline constexpr bool is_one_of = (std::is_same_v<T, Options> || ...);

template <class T>
concept TextLike = std::convertible_to<const T&, std::string_view>;

// std::u8string and the like: the same bytes in another type.
template <class T>
concept Utf8TextLike = std::convertible_to<const T&, std::u8string_view>;

// std::filesystem::path and the like, without <filesystem>, which takes longer to compile than the whole room.
template <class T>
concept PathLike = requires(const T& value) {
    { value.native() } -> std::convertible_to<std::string_view>;
    value.lexically_normal();
};

// The same on Windows, where a path is in units of 16 bits.
template <class T>
concept WidePath = !PathLike<T> && requires(const T& value) {
    value.u8string();
    value.lexically_normal();
};

// A char is a letter. signed char and unsigned char are numbers of 8 bits.
template <class T>
concept TextForm = is_one_of<T, char, char8_t> || TextLike<T> || Utf8TextLike<T> || PathLike<T>;

// Excludes wchar_t, char16_t and char32_t, which are characters, and not meant as numbers.
template <class T>
concept Integer = std::is_integral_v<T> && sizeof(T) <= 8 && !is_one_of<T, wchar_t, char16_t, char32_t>;

// std::optional, smart pointers and raw pointers.
template <class T>
concept Nullable = !TextForm<T> && requires(const T& value) {
    static_cast<bool>(value);
    *value;
}
&&!std::is_void_v<std::remove_pointer_t<T>> && !std::is_function_v<std::remove_pointer_t<T>>;

// A proxy for bool, such as std::vector<bool>::reference.
template <class T>
concept BoolReference = std::is_class_v<T> && requires(T value) {
    static_cast<bool>(value);
    value.flip();
};

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

// Returns the index of T in a list of types such as std::variant, or their number if it is none of them.
template <class T, template <class...> class List, class... Ts>
[[nodiscard]] constexpr std::size_t index_in(const List<Ts...>*) noexcept {
    std::size_t index = 0;
    static_cast<void>(((std::is_same_v<T, Ts> || (static_cast<void>(++index), false)) || ...));
    return index;
}

// Calls `visit` with the alternative that `cell` holds. Unlike std::visit(), which calls through a table of functions,
// this can be inlined.
template <class Variant, class Visitor, std::size_t... I>
constexpr void visit_alternative(const Variant& cell, Visitor& visit, std::index_sequence<I...>) {
    const std::size_t index = cell.index();
    static_cast<void>(((index == I && (visit(*std::get_if<I>(&cell)), true)) || ...));
}
template <class... Ts, class Visitor>
constexpr void visit_alternative(const std::variant<Ts...>& cell, Visitor& visit) {
    visit_alternative(cell, visit, std::index_sequence_for<Ts...>());
}

constexpr std::string_view as_bytes(std::string_view text) noexcept {
    return text;
}
inline std::string_view as_bytes(std::u8string_view text) noexcept {
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

// Returns the text of a value; a pointer must not be null. An array of characters ends at its first zero, or is full.
template <TextForm T>
[[nodiscard]] constexpr std::string_view text_of(const T& value) noexcept(!std::is_class_v<T>) {
    if constexpr (is_one_of<T, char, char8_t>) {
        return as_bytes(std::basic_string_view<T>(&value, 1));
    } else if constexpr (std::is_array_v<T>) {
        using Char = std::remove_extent_t<T>;
        const std::basic_string_view<Char> all(value, std::extent_v<T>);
        return as_bytes(all.substr(0, all.find(Char{})));
    } else if constexpr (TextLike<T>) {
        return static_cast<std::string_view>(value);
    } else if constexpr (Utf8TextLike<T>) {
        return as_bytes(static_cast<std::u8string_view>(value));
    } else {
        return static_cast<std::string_view>(value.native());
    }
}

}  // namespace curtail::inline v0::detail
