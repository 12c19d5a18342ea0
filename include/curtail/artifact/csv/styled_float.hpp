// SPDX-License-Identifier: MIT
#pragma once
// Floating-point numbers in the layouts and with the digits that a dialect may ask for.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <optional>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/number/number_text.hpp>

namespace curtail::inline v0::detail {

// Room for a double with 309 digits before the point and 100 behind it.
inline constexpr std::size_t max_styled_float_chars = 512;

// Writes a finite float or double and returns the end. Without `precision`, 0 to 100 digits behind the point, it has
// the fewest digits that read back to the same bits. `out` must have max_styled_float_chars bytes.
template <class Float>
[[nodiscard]] inline char* write_styled_float(char* out, Float value, FloatStyle style, std::optional<int> precision) {
    char* const room = out + max_styled_float_chars;
    if (style == FloatStyle::repr) {
        if (!precision) return write_floating(out, value);
        return std::to_chars(out, room, value, std::chars_format::fixed, *precision).ptr;
    }
    char* const end = precision ? std::to_chars(out, room, value, std::chars_format::scientific, *precision).ptr
                                : std::to_chars(out, room, value, std::chars_format::scientific).ptr;
    if (style == FloatStyle::scientific) return end;
    // Behind the e stand a sign and two or three digits.
    char* const exponent = std::find(out, end, 'e') + 1;
    char* digits = exponent + 1;
    while (digits + 1 < end && *digits == '0') ++digits;
    char* const to = exponent + (*exponent == '-' ? 1 : 0);
    const auto count = static_cast<std::size_t>(end - digits);
    std::memmove(to, digits, count);
    return to + count;
}

}  // namespace curtail::inline v0::detail
