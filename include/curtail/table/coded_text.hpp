// SPDX-License-Identifier: MIT
#pragma once
// A text that a table knows by its number in a dictionary.

#include <concepts>
#include <cstddef>
#include <string_view>

namespace curtail::inline v0 {

// What a table with dictionaries (categories, factors, enums) may hand out for a text. Whoever does not ask for the
// code sees a text like any other, and only then is it looked up. Within a column of one batch, equal dictionary() and
// equal code() mean equal text; in the next batch neither means anything. A code is less than codes(), the number of
// texts in the dictionary.
template <class T>
concept CodedText = std::convertible_to<const T&, std::string_view> && requires(const T& text) {
    { text.dictionary() } noexcept -> std::same_as<const void*>;
    { text.code() } noexcept -> std::same_as<std::size_t>;
    { text.codes() } noexcept -> std::same_as<std::size_t>;
};

}  // namespace curtail::inline v0
