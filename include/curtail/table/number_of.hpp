// SPDX-License-Identifier: MIT
#pragma once
// Reads numbers from texts and from cells.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <curtail/core/number/read_double.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/text/ascii.hpp>
#include <curtail/table/cell.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0 {

/// How a text is spelled as a JSON number (RFC 8259, section 6).
enum class NumberForm : std::uint8_t {
    none,     ///< It is not a JSON number.
    integer,  ///< -?digits, no leading zero.
    real,     ///< With a fraction or an exponent.
};

/// Returns how `text` is spelled as a JSON number.
[[nodiscard]] constexpr NumberForm json_number_form(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto skip_digits = [&] {
        const char* const begin = at;
        while (at != end && detail::is_digit(*at)) ++at;
        return at != begin;
    };
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0') {
        ++at;
    } else if (!skip_digits()) {
        return NumberForm::none;
    }
    if (at == end) return NumberForm::integer;
    if (*at == '.') {
        ++at;
        if (!skip_digits()) return NumberForm::none;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        if (!skip_digits()) return NumberForm::none;
    }
    return at == end ? NumberForm::real : NumberForm::none;
}

namespace detail {

// Returns the value of a JSON number beyond the range of a double: an infinity or a zero of its sign.
[[nodiscard]] constexpr double beyond_double(std::string_view digits) noexcept {
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
    const double size = exponent + magnitude > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    return negative ? -size : size;
}

[[nodiscard]] constexpr bool is_word(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i]) != lower[i]) return false;
    }
    return true;
}

}  // namespace detail

/// Returns the value of a number in a spelling that JSON does not allow: "+3", ".5", "5.", "nan", "-inf", "Infinity";
/// or of a JSON number within the range of a double. Returns nothing for leading zeros (007 is a code, not a number)
/// and for any other text.
[[nodiscard]] inline std::optional<double> loose_number(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return {};
    if (!detail::is_digit(text[0]) && text[0] != '.') {
        if (detail::is_word(text, "nan")) return std::numeric_limits<double>::quiet_NaN();
        if (detail::is_word(text, "inf") || detail::is_word(text, "infinity")) {
            return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
        }
        return {};
    }
    if (text.size() > 1 && text[0] == '0' && detail::is_digit(text[1])) return {};
    double value = 0;
    const auto [end, error] = detail::read_double(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return {};
    return negative ? -value : value;
}

/// Returns a number or a bool (0 or 1) as a double, and nothing for any other cell. A decimal beyond the range of a
/// double is an infinity or zero.
template <CellLike T>
[[nodiscard]] std::optional<double> number_of(const T& cell) noexcept {
    std::optional<double> number;
    visit_cell(cell, [&](const auto& value) {
        using Plain = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_arithmetic_v<Plain>) {
            number = static_cast<double>(value);
        } else if constexpr (std::is_same_v<Plain, Decimal>) {
            double parsed = 0;
            const char* const end = value.digits.data() + value.digits.size();
            const auto result = detail::read_double(value.digits.data(), end, parsed);
            if (result.ptr != end || result.ec == std::errc::invalid_argument) return;
            number = result.ec == std::errc() ? parsed : detail::beyond_double(value.digits);
        }
    });
    return number;
}

/// Returns the number that `text` spells, as JSON does or as loose_number() reads it, and nothing for any other text.
/// Use it for numbers in a text column.
[[nodiscard]] inline std::optional<double> read_number(std::string_view text) noexcept {
    if (json_number_form(text) == NumberForm::none) return loose_number(text);
    return number_of(Decimal{text});
}

}  // namespace curtail::inline v0

CURTAIL_STANDARD_END
