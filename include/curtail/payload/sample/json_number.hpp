// SPDX-License-Identifier: MIT
#pragma once
// Numbers as the message will spell them, so that their size is known before the message is built.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <curtail/core/number/number_text.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Whether a text is a number of JSON that a double can hold, if only roughly: readers refuse a whole message for a
// 1e999.
[[nodiscard]] inline bool is_json_number(std::string_view text) {
    if (json_number_form(text) == NumberForm::none) return false;
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return std::isfinite(read.ec == std::errc::result_out_of_range ? detail::beyond_double(text) : value);
}

// The text of a double or float, or nothing for NaN and the infinities, which JSON cannot hold. A float is sent as the
// double that its own shortest digits name, so that 0.1f is 0.1 and not 0.10000000149011612.
template <class Float>
requires std::is_floating_point_v<Float>
[[nodiscard]] std::optional<std::string> json_number(Float value) {
    if (!std::isfinite(value)) return std::nullopt;
    return number_text(value);
}

// A decimal is a number in the message when nothing is lost by it: an integer of 64 bits, or digits that a double gives
// back. Otherwise nothing, and it travels as text.
[[nodiscard]] inline std::optional<std::string> json_number(std::string_view decimal) {
    // No double's shortest digits are longer, however they are spelled, and a gigabyte of digits is not read to learn
    // it.
    if (decimal.size() > 1024 || !is_json_number(decimal)) return std::nullopt;
    const char* const end = decimal.data() + decimal.size();
    std::int64_t integer = 0;
    if (const auto read = std::from_chars(decimal.data(), end, integer); read.ec == std::errc() && read.ptr == end) {
        return number_text(integer);
    }
    std::uint64_t large = 0;
    if (const auto read = std::from_chars(decimal.data(), end, large); read.ec == std::errc() && read.ptr == end) {
        return number_text(large);
    }
    double number = 0;
    std::from_chars(decimal.data(), end, number);
    std::string significant;
    long exponent = 0;
    for (std::size_t i = 0, point = std::string_view::npos; i < decimal.size(); ++i) {
        const char c = decimal[i];
        if (c == '.') {
            point = i;
        } else if (c == 'e' || c == 'E') {
            const char* power = decimal.data() + i + (decimal[i + 1] == '+' ? 2 : 1);
            long shift = 0;
            if (std::from_chars(power, decimal.data() + decimal.size(), shift).ec != std::errc()) return std::nullopt;
            if (shift < -100'000) return std::nullopt;  // far below any double, and the sum may not overflow
            exponent += shift;
            break;
        } else if (c != '-') {
            if (!significant.empty() || c != '0') significant += c;
            exponent -= point != std::string_view::npos ? 1 : 0;
        }
    }
    while (!significant.empty() && significant.back() == '0') {
        significant.pop_back();
        ++exponent;
    }
    if (significant.empty()) return number_text(number);  // a zero of any spelling
    if (number == 0) return std::nullopt;                 // too little for a double
    const auto shortest = detail::DefaultDigits::of(std::fabs(number));
    std::string digits = number_text(shortest.digits);
    long power = shortest.exponent;
    for (; digits.back() == '0'; ++power) digits.pop_back();
    if (significant != digits || exponent != power) return std::nullopt;
    return number_text(number);
}

}  // namespace curtail::inline v0::detail
