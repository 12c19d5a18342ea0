// SPDX-License-Identifier: MIT
#pragma once
// Numbers as people read them: 1,234,567 and 1.2 GB and 49.6%.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Inserts commas between groups of three digits into the integer part of `number`, which has no sign.
[[nodiscard]] inline std::string group_digits(std::string number) {
    std::size_t end = number.find('.');
    if (end == std::string::npos) end = number.size();
    for (; end > 3; end -= 3) number.insert(end - 3, 1, ',');
    return number;
}

// Returns 1234567 as "1,234,567".
[[nodiscard]] inline std::string human_count(std::uint64_t count) {
    return group_digits(std::to_string(count));
}

// Returns "1 row" or "2 rows": the count and its noun, with an s unless the count is 1.
[[nodiscard]] inline std::string human_count(std::uint64_t count, std::string_view noun) {
    std::string text = human_count(count);
    text += ' ';
    text += noun;
    if (count != 1) text += 's';
    return text;
}

// Returns `value` with `precision` digits: in all, or at most nine behind the point if `format` is fixed and `value`
// below 10^12.
[[nodiscard]] inline std::string digits_of(double value, std::chars_format format, int precision) {
    const StandardArithmetic standard;
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format, precision).ptr};
}

// Returns "999 B" or "1.2 GB": powers of 1000, as file managers, disks and Telegram count. A number that would be
// rounded to 1000 takes the next unit.
[[nodiscard]] inline std::string human_bytes(std::uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + " B";
    constexpr std::string_view units[] = {" kB", " MB", " GB", " TB", " PB", " EB"};
    double value = static_cast<double>(bytes) / 1000;
    const std::string_view* unit = units;
    for (; value >= 999.5; ++unit) value /= 1000;  // 2^64 bytes are 18 EB
    std::string text = digits_of(value, std::chars_format::fixed, value < 9.95 ? 1 : 0);
    text += *unit;
    return text;
}

// Returns a statistic with six significant digits, and an exponent only if a person would write one: "0.503", "-12.5",
// "52,000.5", "1,234,568", "1.2e-07". With `decimals` above 0 it has so many: the scale of its decimal column.
[[nodiscard]] inline std::string human_number(double value, int decimals = 0) {
    const double size = value < 0 ? -value : value;
    std::string text = value < 0 ? "-" : "";
    if (!is_finite(value)) {
        if (!(size > 0)) return "NaN";
        text += "\xE2\x88\x9E";
    } else if (decimals > 0 && size < 1e12) {
        text += group_digits(digits_of(size, std::chars_format::fixed, decimals));
    } else if (value == 0) {
        text = "0";
    } else if (size >= 999'999.5 && size < 1e15) {
        text += human_count(static_cast<std::uint64_t>(size + 0.5));
    } else {
        const std::string digits = digits_of(size, std::chars_format::general, 6);
        text += digits.find('e') == std::string::npos ? group_digits(digits) : digits;
    }
    return text;
}

// Returns a share of 0..100 as "49.6%" or "100%". A share above 0 is never "0%", and one below 100 never "100%".
[[nodiscard]] inline std::string human_percent(double percentage) {
    if (!is_finite(percentage)) return "?%";
    if (percentage <= 0) return "0%";
    if (percentage < 0.1) return "<0.1%";
    if (percentage >= 100) return "100%";
    if (percentage > 99.9) return ">99.9%";
    std::string text = digits_of(percentage, std::chars_format::fixed, 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    text += '%';
    return text;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
