// SPDX-License-Identifier: MIT
#pragma once
// The text of dates, times, durations and bytes: the same in the file and in the message.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/calendar.hpp>
#include <curtail/table/cell/domain.hpp>

namespace curtail::inline v0::detail {

template <class T>
concept TimeForm = is_one_of<T, Timestamp, Date, TimeOfDay, Duration>;

// The size of the buffer of each write_ function below. Each returns the end of what it wrote.
inline constexpr std::size_t max_time_chars = 64;

// A quotient and a remainder that is never negative, so that a time before 1970 is an earlier day plus a time of day.
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

// Writes HH:MM:SS and the unit's digits: none, .mmm, .uuuuuu or .nnnnnnnnn. Hours from 100 on have all their digits.
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

// Writes "infinity", or "-infinity" for the past, as databases do.
inline char* write_infinity(char* out, bool past) noexcept {
    constexpr std::string_view text = "-infinity";
    const std::string_view written = text.substr(past ? 0 : 1);
    std::memcpy(out, written.data(), written.size());
    return out + written.size();
}

// Writes 2004-02-29. Years beyond 0..9999 have all their digits, and a sign below 0.
inline char* write_civil_day(char* out, std::int64_t days_since_1970) noexcept {
    const CivilDay day = civil_from_days(days_since_1970);
    auto year = static_cast<std::uint64_t>(day.year);
    if (day.year < 0) {
        *out++ = '-';
        year = 0 - year;
    }
    const unsigned width = year < 10000 ? 4 : count_digits(year);
    write_digits(out, year, width);
    out += width;
    *out++ = '-';
    write_digits(out, day.month, 2);
    out += 2;
    *out++ = '-';
    write_digits(out, day.day, 2);
    return out + 2;
}

// Writes a day, or infinity.
inline char* write_time(char* out, Date date) noexcept {
    const bool infinite = date.days == infinite_days || date.days == -infinite_days;
    return infinite ? write_infinity(out, date.days < 0) : write_civil_day(out, date.days);
}

// Writes 01:02:03.000001 with the digits of the unit.
inline char* write_time(char* out, TimeOfDay time) noexcept {
    return write_clock(out, static_cast<std::uint64_t>(time.count), time.unit);
}

// Writes 2004-02-29 01:02:03.000, and +00:00 after it if the column has a zone, because its count is UTC; or infinity.
inline char* write_time(char* out, const Timestamp& stamp) noexcept {
    if (stamp.count == infinite_count || stamp.count == -infinite_count) return write_infinity(out, stamp.count < 0);
    const auto [days, in_day] = divide_floor(stamp.count, 86400 * units_per_second(stamp.unit));
    out = write_civil_day(out, days);
    *out++ = ' ';
    out = write_clock(out, static_cast<std::uint64_t>(in_day), stamp.unit);
    if (!stamp.zone.empty()) {
        std::memcpy(out, "+00:00", 6);
        out += 6;
    }
    return out;
}

// Writes a duration as pandas writes a timedelta: "1 days 00:00:02", "-1 days +23:59:59.500".
inline char* write_time(char* out, Duration duration) noexcept {
    const auto [days, in_day] = divide_floor(duration.count, 86400 * units_per_second(duration.unit));
    out = write_integer(out, days);
    std::memcpy(out, " days ", 6);
    out += 6;
    if (days < 0) *out++ = '+';
    return write_clock(out, static_cast<std::uint64_t>(in_day), duration.unit);
}

// The text of a date, a time or a duration.
class TimeText {
  public:
    template <TimeForm Time>
    explicit TimeText(const Time& value) noexcept : size_(static_cast<std::size_t>(write_time(text_, value) - text_)) {}

    operator std::string_view() const noexcept { return {text_, size_}; }

  private:
    char text_[max_time_chars];
    std::size_t size_;
};

// Returns bytes as PostgreSQL prints them, \x4a4b. Unlike bare hexadecimal digits it never looks like a number.
[[nodiscard]] inline std::string bytes_text(Bytes bytes) {
    std::string out = "\\x";
    out.reserve(2 + 2 * bytes.data.size());
    append_hex(out, bytes.data);
    return out;
}

}  // namespace curtail::inline v0::detail
