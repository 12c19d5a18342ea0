// SPDX-License-Identifier: MIT
#pragma once
// Arrow's values that C++ has no type for, as text: decimals of any width and calendar intervals.

#include <cstddef>
#include <cstdint>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// The longest text of write_arrow_decimal(): the 78 digits of 256 bits, as many zeros, a sign, a point, an exponent.
inline constexpr std::size_t max_arrow_decimal_chars = 192;

// The longest text of write_arrow_interval().
inline constexpr std::size_t max_arrow_interval_chars = 160;

// Writes a decimal of `width` bytes (4, 8, 16 or 32, in two's complement) exactly and returns the end. The scale is the
// number of digits after the point. A negative scale adds zeros. A scale beyond Arrow's highest precision, 76, is
// written as an exponent.
[[nodiscard]] char* write_arrow_decimal(char* out, const unsigned char* bytes, std::int64_t width,
                                        std::int32_t scale) noexcept;

// Writes a calendar interval, such as "14 months 3 days 00:00:01.5", and returns the end. Each part has its own sign,
// because months, days and nanoseconds do not convert into each other. DuckDB and PostgreSQL read this form; DuckDB
// does not read ISO 8601's P14M3DT1.5S.
[[nodiscard]] char* write_arrow_interval(char* out, std::int32_t months, std::int32_t days,
                                         std::int64_t nanoseconds) noexcept;

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <bit>
#include <cstring>
#include <string_view>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

// A sign and a magnitude, least significant word first on every machine.
struct ArrowWide {
    std::uint32_t words[8] = {};
    bool negative = false;
};

// Reads a two's complement number of 4, 8, 16 or 32 bytes.
CURTAIL_INLINE ArrowWide load_arrow_wide(const unsigned char* bytes, std::int64_t width) noexcept {
    ArrowWide wide;
    const auto count = static_cast<std::size_t>(width) / 4;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = std::endian::native == std::endian::little ? i : count - 1 - i;
        std::memcpy(&wide.words[i], bytes + 4 * at, 4);
    }
    wide.negative = wide.words[count - 1] >> 31U != 0;
    if (wide.negative) {
        std::uint64_t carry = 1;
        for (std::size_t i = 0; i < count; ++i) {
            carry += ~wide.words[i];
            wide.words[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32U;
        }
    }
    return wide;
}

// Divides the first `count` words by 10^9 in place, lowers `count` to the words in use and returns the remainder.
CURTAIL_INLINE std::uint32_t divide_arrow_wide(ArrowWide& wide, std::size_t& count) noexcept {
    std::uint64_t remainder = 0;
    for (std::size_t i = count; i-- > 0;) {
        const std::uint64_t dividend = remainder << 32U | wide.words[i];
        wide.words[i] = static_cast<std::uint32_t>(dividend / 1'000'000'000U);
        remainder = dividend % 1'000'000'000U;
    }
    while (count > 0 && wide.words[count - 1] == 0) --count;
    return static_cast<std::uint32_t>(remainder);
}

// Writes the digits of the magnitude without leading zeros; 0 is "0". Returns the end.
CURTAIL_INLINE char* write_arrow_digits(char* out, ArrowWide wide) noexcept {
    std::size_t count = 8;
    while (count > 0 && wide.words[count - 1] == 0) --count;
    if (count <= 2) return write_integer(out, std::uint64_t{wide.words[1]} << 32U | wide.words[0]);
    std::uint32_t groups[9];
    std::size_t used = 0;
    while (count > 0) groups[used++] = divide_arrow_wide(wide, count);
    out = write_integer(out, groups[--used]);
    while (used > 0) {
        write_digits(out, groups[--used], 9);
        out += 9;
    }
    return out;
}

CURTAIL_INLINE char* write_arrow_decimal(char* out, const unsigned char* bytes, std::int64_t width,
                                         std::int32_t scale) noexcept {
    const ArrowWide wide = load_arrow_wide(bytes, width);
    if (wide.negative) *out++ = '-';
    char* const end = write_arrow_digits(out, wide);
    const auto digits = cast_to<std::int32_t>(end - out);
    if (scale > 76 || scale < -76) {
        end[0] = 'e';
        return write_integer(end + 1, -std::int64_t{scale});
    }
    if (scale <= 0) {
        const auto zeros = static_cast<std::size_t>(*out == '0' ? 0 : -scale);
        std::memset(end, '0', zeros);
        return end + zeros;
    }
    if (digits > scale) {
        std::memmove(end - scale + 1, end - scale, static_cast<std::size_t>(scale));
        end[-scale] = '.';
        return end + 1;
    }
    const std::int32_t zeros = scale - digits;  // between the point and the first digit
    std::memmove(out + 2 + zeros, out, static_cast<std::size_t>(digits));
    std::memset(out, '0', std::size_t{2} + static_cast<std::size_t>(zeros));
    out[1] = '.';
    return out + 2 + scale;
}

CURTAIL_INLINE char* write_arrow_interval(char* out, std::int32_t months, std::int32_t days,
                                          std::int64_t nanoseconds) noexcept {
    const auto write_part = [&](std::int32_t value, std::string_view unit) {
        if (value == 0) return;
        out = write_integer(out, value);
        std::memcpy(out, unit.data(), unit.size());
        out += unit.size();
    };
    char* const begin = out;
    write_part(months, " months ");
    write_part(days, " days ");
    if (nanoseconds == 0 && out != begin) return out - 1;
    auto rest = static_cast<std::uint64_t>(nanoseconds);
    if (nanoseconds < 0) {
        *out++ = '-';
        rest = 0 - rest;
    }
    out = write_clock(out, rest, TimeUnit::nanosecond);
    while (out[-1] == '0') --out;
    return out[-1] == '.' ? out - 1 : out;
}

}  // namespace curtail::inline v0::detail
#endif
