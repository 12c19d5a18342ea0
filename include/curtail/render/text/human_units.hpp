// SPDX-License-Identifier: MIT
#pragma once
// Numbers as people read them: 1,234,567 and 1.2 GB and 49.6%.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/text/short_text.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Inserts commas between groups of three digits into the integer part of `number`, which has no sign.
[[nodiscard]] inline ShortText group_digits(std::string_view number) noexcept {
    std::size_t left = (std::min)(number.find('.'), number.size());
    ShortText text;
    while (left > 3) {
        const std::size_t group = (left - 1) % 3 + 1;
        text.add(number.substr(0, group));
        text.add(",");
        number.remove_prefix(group);
        left -= group;
    }
    text.add(number);
    return text;
}

// Returns 1234567 as "1,234,567".
[[nodiscard]] inline ShortText human_count(std::uint64_t count) noexcept {
    return group_digits(count_text(count));
}

// Returns "1 row" or "2 rows": the count and its noun, with an s unless the count is 1.
[[nodiscard]] inline ShortText human_count(std::uint64_t count, std::string_view noun) noexcept {
    return {human_count(count), " ", noun, count == 1 ? "" : "s"};
}

// Returns `value` with `precision` digits: in all, or at most nine behind the point if `format` is fixed and `value`
// below 10^12.
[[nodiscard]] inline ShortText digits_of(double value, std::chars_format format, int precision) noexcept {
    const StandardArithmetic standard;
    char buffer[32];
    const char* const end = std::to_chars(buffer, buffer + sizeof buffer, value, format, precision).ptr;
    return {std::string_view(buffer, static_cast<std::size_t>(end - buffer))};
}

// Returns "999 B" or "1.2 GB": powers of 1000, as file managers, disks and Telegram count. A number that would be
// rounded to 1000 takes the next unit.
[[nodiscard]] inline ShortText human_bytes(std::uint64_t bytes) noexcept {
    if (bytes < 1000) return {count_text(bytes), " B"};
    constexpr std::string_view units[] = {" kB", " MB", " GB", " TB", " PB", " EB"};
    double value = static_cast<double>(bytes) / 1000;
    const std::string_view* unit = units;
    for (; value >= 999.5; ++unit) value /= 1000;  // 2^64 bytes are 18 EB
    return {digits_of(value, std::chars_format::fixed, value < 9.95 ? 1 : 0), *unit};
}

// Returns a statistic with six significant digits, and an exponent only if a person would write one: "0.503", "-12.5",
// "52,000.5", "1,234,568", "1.2e-07". With `decimals` above 0 it has so many: the scale of its decimal column.
[[nodiscard]] inline ShortText human_number(double value, int decimals = 0) noexcept {
    const double size = value < 0 ? -value : value;
    const std::string_view sign = value < 0 ? "-" : "";
    if (!is_finite(value)) {
        if (!(size > 0)) return {"NaN"};
        return {sign, "\xE2\x88\x9E"};
    }
    if (decimals > 0 && size < 1e12) return {sign, group_digits(digits_of(size, std::chars_format::fixed, decimals))};
    if (value == 0) return {"0"};
    if (size >= 999'999.5 && size < 1e15) return {sign, human_count(static_cast<std::uint64_t>(size + 0.5))};
    const ShortText digits = digits_of(size, std::chars_format::general, 6);
    const bool plain = std::string_view(digits).find('e') == std::string_view::npos;
    return {sign, plain ? group_digits(digits) : digits};
}

// Returns a share of 0..100 as "49.6%" or "100%". A share above 0 is never "0%", and one below 100 never "100%".
[[nodiscard]] inline ShortText human_percent(double percentage) noexcept {
    if (!is_finite(percentage)) return {"?%"};
    if (percentage <= 0) return {"0%"};
    if (percentage < 0.1) return {"<0.1%"};
    if (percentage >= 100) return {"100%"};
    if (percentage > 99.9) return {">99.9%"};
    const ShortText digits = digits_of(percentage, std::chars_format::fixed, 1);
    std::string_view shown = digits;
    if (shown.ends_with(".0")) shown.remove_suffix(2);
    return {shown, "%"};
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
