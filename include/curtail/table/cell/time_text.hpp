// SPDX-License-Identifier: MIT
#pragma once
// The text of dates, times, durations and bytes: the same in the file and in the message.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/calendar.hpp>

namespace curtail::inline v0::detail {

// Room that any of the write_ functions below may need, in bytes.
inline constexpr std::size_t max_time_chars = 64;

[[nodiscard]] constexpr std::int64_t units_per_second(TimeUnit unit) noexcept {
    constexpr std::int64_t units[] = {1, 1'000, 1'000'000, 1'000'000'000};
    return units[static_cast<std::size_t>(unit)];
}

// Quotient and remainder with the remainder never negative, so that a time before 1970 is a day before plus a time of
// day.
struct FloorDivision {
    std::int64_t quotient;
    std::int64_t remainder;
};
[[nodiscard]] constexpr FloorDivision divide_floor(std::int64_t value, std::int64_t by) noexcept {
    std::int64_t quotient = value / by;
    std::int64_t remainder = value % by;
    if (remainder < 0) {
        remainder += by;
        --quotient;
    }
    return {quotient, remainder};
}

// HH:MM:SS and the unit's digits: none, .mmm, .uuuuuu or .nnnnnnnnn. Hours from 100 on have as many digits as they
// need.
inline char* write_clock(char* out, std::uint64_t count, TimeUnit unit) noexcept {
    const auto per_second = static_cast<std::uint64_t>(units_per_second(unit));
    const std::uint64_t seconds = count / per_second;
    const std::uint64_t hours = seconds / 3600;
    const unsigned hour_digits = hours < 100 ? 2 : count_digits(hours);
    write_digits(out, hours, hour_digits);
    out += hour_digits;
    const auto two = [&](std::uint64_t value) {
        *out++ = ':';
        write_digits(out, value, 2);
        out += 2;
    };
    two(seconds / 60 % 60);
    two(seconds % 60);
    if (unit != TimeUnit::second) {
        const unsigned width = 3U * static_cast<unsigned>(unit);
        *out++ = '.';
        write_digits(out, count % per_second, width);
        out += width;
    }
    return out;
}

// 2004-02-29. Years beyond 0..9999 have as many digits as they need and a sign below 0.
inline char* write_date(char* out, std::int64_t days_since_1970) noexcept {
    const detail::CivilDay day = detail::civil_from_days(days_since_1970);
    auto year = static_cast<std::uint64_t>(day.year);
    if (day.year < 0) {
        *out++ = '-';
        year = 0 - year;
    }
    const unsigned width = year < 10000 ? 4 : detail::count_digits(year);
    detail::write_digits(out, year, width);
    out += width;
    *out++ = '-';
    detail::write_digits(out, day.month, 2);
    out += 2;
    *out++ = '-';
    detail::write_digits(out, day.day, 2);
    return out + 2;
}

// 01:02:03.000001: the digits by the unit. Counts outside one day are written as they are, with a sign or more hours.
inline char* write_time(char* out, TimeOfDay time) noexcept {
    auto count = static_cast<std::uint64_t>(time.count);
    if (time.count < 0) {
        *out++ = '-';
        count = 0 - count;
    }
    return detail::write_clock(out, count, time.unit);
}

// 2004-02-29 01:02:03.000, followed by +00:00 when the column has a zone, whose count is UTC.
inline char* write_timestamp(char* out, const Timestamp& stamp) noexcept {
    const auto [days, in_day] = detail::divide_floor(stamp.count, 86400 * detail::units_per_second(stamp.unit));
    out = write_date(out, days);
    *out++ = ' ';
    out = detail::write_clock(out, static_cast<std::uint64_t>(in_day), stamp.unit);
    if (!stamp.zone.empty()) {
        std::memcpy(out, "+00:00", 6);
        out += 6;
    }
    return out;
}

// pandas' text of a timedelta: "1 days 00:00:02", "-1 days +23:59:59.500".
inline char* write_duration(char* out, Duration duration) noexcept {
    const auto [days, in_day] = detail::divide_floor(duration.count, 86400 * detail::units_per_second(duration.unit));
    out = write_integer(out, days);
    std::memcpy(out, " days ", 6);
    out += 6;
    if (days < 0) *out++ = '+';
    return detail::write_clock(out, static_cast<std::uint64_t>(in_day), duration.unit);
}

// Bytes as PostgreSQL prints them, \x4a4b: unlike bare hexadecimal digits no reader takes it for a number.
[[nodiscard]] inline std::string bytes_text(Bytes bytes) {
    std::string out = "\\x";
    out.reserve(2 + 2 * bytes.data.size());
    append_hex(out, bytes.data);
    return out;
}

}  // namespace curtail::inline v0::detail
