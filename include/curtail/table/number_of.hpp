// SPDX-License-Identifier: MIT
#pragma once
// Reads numbers from texts and from cells.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/verbatim.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0 {

namespace detail {

// Returns the value of a number in JSON's spelling, rounded to a double, and nothing for any other text. The one place
// that answers for numbers beyond the range of a double: with an infinity or a zero of their sign.
[[nodiscard]] std::optional<double> decimal_value(std::string_view digits) noexcept;

}  // namespace detail

/// Returns a number or a bool (0 or 1) as a double, and nothing for any other cell. A decimal beyond the range of a
/// double is an infinity or zero. Throws what visit_cell() throws.
template <CellLike T>
[[nodiscard]] std::optional<double> number_of(const T& cell) {
    std::optional<double> number;
    detail::visit_value(cell, [&](const auto& value) {
        using Plain = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_arithmetic_v<Plain>) {
            number = static_cast<double>(value);
        } else if constexpr (std::is_same_v<Plain, Decimal>) {
            number = detail::decimal_value(value.digits);
        }
    });
    return number;
}

/// Returns true if `cell` is a null, also for one that a text input spells in its own way ("NA").
template <CellLike T>
[[nodiscard]] bool is_null(const T& cell) {
    bool null = false;
    detail::visit_value(cell,
                        [&](const auto& value) { null = std::is_same_v<std::remove_cvref_t<decltype(value)>, Null>; });
    return null;
}

/// Returns the number that `text` spells, and nothing for any other text. Takes what JSON allows, spaces and tabs
/// around it, a plus sign, a point without a digit on one side (".5", "5."), "nan", "NaN", and "inf" and "infinity" in
/// capital or small letters. Leading zeros do not make a number: 007 is a code. Use it for numbers in a text column.
[[nodiscard]] std::optional<double> read_number(std::string_view text);

}  // namespace curtail::inline v0

CURTAIL_STANDARD_END

#if CURTAIL_DEFINITIONS
#include <system_error>

#include <curtail/core/number/read_floating.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0 {
namespace detail {

// Returns the value of a JSON number beyond the range of a double: an infinity or a zero of its sign.
CURTAIL_INLINE double beyond_double(std::string_view digits) noexcept {
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    std::int64_t exponent = 0;
    const std::size_t e = digits.find_first_of("eE");
    if (e != std::string_view::npos) {
        std::string_view power = digits.substr(e + 1);
        const bool down = power.starts_with('-');
        if (down || power.starts_with('+')) power.remove_prefix(1);
        for (const char c : power) exponent = exponent < 1'000'000'000'000 ? exponent * 10 + (c - '0') : exponent;
        if (down) exponent = -exponent;
        digits = digits.substr(0, e);
    }
    const std::size_t point = digits.find('.') < digits.size() ? digits.find('.') : digits.size();
    const std::size_t leading = digits.find_first_of("123456789");
    const auto magnitude = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(leading);
    if (exponent + magnitude > 0) return non_finite(false, negative);
    return negative ? -0.0 : 0.0;
}

CURTAIL_INLINE std::optional<double> decimal_value(std::string_view digits) noexcept {
    double value = 0;
    const char* const end = digits.data() + digits.size();
    const auto result = read_floating(digits.data(), end, value);
    if (result.ptr != end || result.ec == std::errc::invalid_argument) return {};
    return result.ec == std::errc() ? value : beyond_double(digits);
}

}  // namespace detail

CURTAIL_INLINE std::optional<double> read_number(std::string_view text) {
    return number_of(Verbatim{text, Verbatim::Meaning::number});
}

}  // namespace curtail::inline v0

CURTAIL_STANDARD_END
#endif
