// SPDX-License-Identifier: MIT
#pragma once
// Numbers as people read them: 1,234,567 and 1.2 GB and 49.6%.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace curtail::inline v0::detail {

[[nodiscard]] inline std::string group_digits(std::string digits) {
    for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
    return digits;
}

// 1234567 as "1,234,567".
[[nodiscard]] inline std::string human_count(std::uint64_t count) {
    return detail::group_digits(std::to_string(count));
}

// "1 row", "2 rows": the count and its noun, which takes an s unless the count is one.
[[nodiscard]] inline std::string human_count(std::uint64_t count, std::string_view noun) {
    return human_count(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

[[nodiscard]] inline std::string fixed_text(double value, int decimals) {
    std::array<char, 512> buffer{};  // the longest double has 309 digits before the point
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
    return {buffer.data(), end.ptr};
}

// Powers of 1000, as file managers, disks and Telegram's own limits count: "999 B", "1.2 GB". At most four
// characters and the unit; a rounding that reaches 1000 takes the next unit.
[[nodiscard]] inline std::string human_bytes(std::uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + " B";
    constexpr std::array<std::string_view, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return detail::fixed_text(value, value < 9.95 ? 1 : 0) + " " + std::string(units[unit]);
}

// A statistic to six significant digits, without an exponent where a person would write none: "0.503",
// "-12.5", "52,000.5", "1,234,568", "1.2e-07".
[[nodiscard]] inline std::string human_number(double value) {
    if (std::isnan(value)) return "NaN";
    const std::string sign = value < 0 ? "-" : "";
    const double size = std::fabs(value);
    if (std::isinf(value)) return sign + "\xE2\x88\x9E";
    if (size >= 999'999.5 && size < 1e15) return sign + human_count(static_cast<std::uint64_t>(std::llround(size)));
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), size, std::chars_format::general, 6);
    const std::string text(buffer.data(), end.ptr);
    if (text.find('e') != std::string::npos) return sign + text;
    const std::size_t point = (std::min)(text.find('.'), text.size());
    return sign + detail::group_digits(text.substr(0, point)) + text.substr(point);
}

// A share of 0..100: "49.6%", "100%"; something that is not nothing never reads as 0%, nor nearly all as
// 100%.
[[nodiscard]] inline std::string human_percent(double percentage) {
    if (!std::isfinite(percentage)) return "?%";
    if (percentage <= 0) return "0%";
    if (percentage < 0.1) return "<0.1%";
    if (percentage >= 100) return "100%";
    if (percentage > 99.9) return ">99.9%";
    std::string text = detail::fixed_text(percentage, 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text + "%";
}

}  // namespace curtail::inline v0::detail
