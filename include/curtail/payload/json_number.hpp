// SPDX-License-Identifier: MIT
#pragma once
// Numbers as the message will spell them, so that their size is known before the message is built.

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <curtail/core/number_text.hpp>

namespace curtail::inline v0 {

// nlohmann's text of a double, or nothing for NaN and the infinities, which JSON cannot hold. Not always the shortest
// digits (1e23 becomes 9.999999999999999e+22), but always ones that read back to the same bits.
[[nodiscard]] inline std::optional<std::string> json_number(double value) {
    if (!std::isfinite(value)) return std::nullopt;
    return nlohmann::json(value).dump();
}

// A float is sent as the double that its own shortest digits name, so that 0.1f is 0.1 and not 0.10000000149011612.
[[nodiscard]] inline std::optional<std::string> json_number(float value) {
    if (!std::isfinite(value)) return std::nullopt;
    return nlohmann::json::parse(number_text(value)).dump();
}

// A decimal is a number in the message when nothing is lost by it: an integer of 64 bits, or digits that a double gives
// back. Otherwise nothing, and it travels as text.
[[nodiscard]] inline std::optional<std::string> json_number(std::string_view decimal) {
    // No double's shortest digits are longer, however they are spelled, and a gigabyte of digits is not read to learn
    // it.
    if (decimal.size() > 1024) return std::nullopt;
    const auto value = nlohmann::json::parse(decimal, nullptr, false);
    if (value.is_number_integer()) return value.dump();
    if (!value.is_number_float()) return std::nullopt;
    const double number = value.get<double>();
    if (!std::isfinite(number)) return std::nullopt;
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
    if (significant.empty()) return value.dump();  // a zero of any spelling
    if (number == 0) return std::nullopt;          // too little for a double
    const auto shortest = detail::DefaultDigits::of(std::fabs(number));
    std::string digits = number_text(shortest.digits);
    long power = shortest.exponent;
    for (; digits.back() == '0'; ++power) digits.pop_back();
    if (significant != digits || exponent != power) return std::nullopt;
    return value.dump();
}

}  // namespace curtail::inline v0
