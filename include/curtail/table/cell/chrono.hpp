// SPDX-License-Identifier: MIT
#pragma once
// Recognises the types of std::chrono by their members and converts their values to the counts of cells. Does not
// include <chrono>, which takes 0.4 s to compile.

#include <concepts>
#include <cstdint>
#include <ratio>
#include <type_traits>
#include <utility>

#include <curtail/core/number/checked_integer.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/table/cell/calendar.hpp>
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/plain_form.hpp>

namespace curtail::inline v0::detail {

template <class T>
concept ChronoTimePoint = requires(const T& value) {
    typename T::clock;
    value.time_since_epoch();
};

template <class T>
concept ChronoDuration = !ChronoTimePoint<T> && requires(const T& value) {
    typename T::rep;
    typename T::period;
    { T::period::num } -> std::convertible_to<std::intmax_t>;
    value.count();
};

// std::chrono::hh_mm_ss.
template <class T>
concept ChronoTimeOfDay = requires(const T& value) {
    typename T::precision;
    value.is_negative();
    value.to_duration();
};

template <class T>
concept ChronoMonth = requires(const T& value) {
    static_cast<int>(value.year());
    static_cast<unsigned>(value.month());
    { value.ok() } -> std::same_as<bool>;
};
// year_month_day and year_month_day_last.
template <class T>
concept ChronoMonthDay = ChronoMonth<T> && requires(const T& value) {
    static_cast<unsigned>(value.day());
};
// year_month_weekday and year_month_weekday_last.
template <class T>
concept ChronoMonthWeekday = ChronoMonth<T> && requires(const T& value) {
    value.weekday().c_encoding();
};
template <class T>
concept ChronoCalendarDay = ChronoMonthDay<T> || ChronoMonthWeekday<T>;

// A clock that converts its times to those of the system clock: file_clock, utc_clock.
template <class T>
concept ConvertibleClock = requires(const T& value) {
    T::clock::to_sys(value).time_since_epoch();
};
// A clock that counts from 1970: system_clock, the only one with from_time_t(), and local_t, the only one without
// now().
template <class T>
concept UnixClock = requires {
    T::clock::from_time_t(0);
}
|| !requires {
    T::clock::now();
};

// How many of a unit a period is.
template <class Period, TimeUnit unit>
using UnitsIn = std::ratio_multiply<Period, std::ratio<units_per_second(unit)>>;

// Returns the coarsest unit of which a period is a whole number, or nanoseconds: 1/60 s is not a whole number of
// milliseconds.
template <class Period>
[[nodiscard]] constexpr TimeUnit unit_of_period() noexcept {
    if constexpr (UnitsIn<Period, TimeUnit::second>::den == 1) {
        return TimeUnit::second;
    } else if constexpr (UnitsIn<Period, TimeUnit::millisecond>::den == 1) {
        return TimeUnit::millisecond;
    } else if constexpr (UnitsIn<Period, TimeUnit::microsecond>::den == 1) {
        return TimeUnit::microsecond;
    } else {
        return TimeUnit::nanosecond;
    }
}

// Returns the unit that a std::chrono duration is written in: its own, but nanoseconds if it counts fractions.
template <class T>
[[nodiscard]] constexpr TimeUnit unit_of_duration() noexcept {
    return std::is_floating_point_v<typename T::rep> ? TimeUnit::nanosecond : unit_of_period<typename T::period>();
}

// True for a type of counts without negative ones.
template <class Rep>
inline constexpr bool is_unsigned_rep = !(Rep(-1) < Rep(0));

// Sets `count` to the count of a duration in a unit. Exact except for floating-point counts and counts finer than the
// unit, which are cut. Returns false if the count does not fit or is not a number; `count` is then unspecified.
template <TimeUnit unit, class T>
[[nodiscard]] constexpr bool to_unit(const T& duration, std::int64_t& count) {
    using Rep = typename T::rep;
    using Factor = UnitsIn<typename T::period, unit>;
    const Rep raw = duration.count();
    if constexpr (std::is_floating_point_v<Rep>) {
        if (!is_finite(static_cast<double>(raw))) return false;
        const long double scaled = static_cast<long double>(raw) * Factor::num / Factor::den;
        if (scaled < -0x1p63L || scaled >= 0x1p63L) return false;
        count = static_cast<std::int64_t>(scaled);
        return true;
    } else {
        const auto whole = static_cast<std::int64_t>(raw);
        if (static_cast<Rep>(whole) != raw) return false;
        if constexpr (is_unsigned_rep<Rep>) {
            if (whole < 0) return false;
        }
        std::int64_t rest = 0;
        return checked_multiply(whole / Factor::den, std::int64_t{Factor::num}, count) &&
               checked_multiply(whole % Factor::den, std::int64_t{Factor::num}, rest) &&
               checked_add(count, rest / Factor::den, count);
    }
}

// Returns the count of a duration in the unit of unit_of_duration(). Throws CellFault.
template <class T>
[[nodiscard]] constexpr std::int64_t count_in_unit(const T& duration) {
    std::int64_t count = 0;
    if (!to_unit<unit_of_duration<T>()>(duration, count)) throw_out_of_range("duration");
    return count;
}

// Returns the duration since 1970.
template <class T>
[[nodiscard]] constexpr auto since_1970(const T& point) {
    if constexpr (ConvertibleClock<T>) {
        return T::clock::to_sys(point).time_since_epoch();
    } else {
        return point.time_since_epoch();
    }
}
template <class T>
using UnixDuration = decltype(since_1970(std::declval<const T&>()));

// True for time points of whole days, which are dates. Those of other clocks are not, because a day of theirs need not
// begin at midnight.
template <class T>
inline constexpr bool is_whole_days =
    !ConvertibleClock<T> && std::ratio_equal_v<typename UnixDuration<T>::period, std::ratio<86400>> &&
    !std::is_floating_point_v<typename UnixDuration<T>::rep>;

// Sets `count` to the units since 1970. Returns false if they do not fit.
template <TimeUnit unit, class T>
[[nodiscard]] constexpr bool to_unix_time(const T& point, std::int64_t& count) {
    if constexpr (ConvertibleClock<T>) {
        // The clock's own conversion would overflow, so it is asked only if the sum fits.
        std::int64_t epoch = 0;
        if (!to_unit<unit>(point.time_since_epoch(), count) || !to_unit<unit>(since_1970(T{}), epoch) ||
            !checked_add(count, epoch, count)) {
            return false;
        }
    }
    return to_unit<unit>(since_1970(point), count);
}

// Returns 1 or -1 for a time point that is its type's max() or min() or beyond, else 0. The min() of a type without
// negative counts is 1970.
template <class T>
[[nodiscard]] constexpr int infinity_sign(const T& point) {
    if constexpr (std::is_floating_point_v<typename T::rep>) {
        // By its bits, because with -ffast-math no comparison tells a NaN from an infinity.
        const auto raw = static_cast<double>(point.time_since_epoch().count());
        if (is_nan(raw)) return 0;
        if (!is_finite(raw)) return order_bits(raw) > order_bits(0.0) ? 1 : -1;
    }
    if (point == (T::max)()) return 1;
    return !is_unsigned_rep<typename T::rep> && point == (T::min)() ? -1 : 0;
}

// Returns the units since 1970 of a time point. Its max() and min() are the infinite future and past. Throws CellFault.
template <TimeUnit unit, class T>
[[nodiscard]] constexpr std::int64_t timestamp_count(const T& point) {
    if (const int end = infinity_sign(point); end != 0) return end * infinite_count;
    std::int64_t count = 0;
    if (!to_unix_time<unit>(point, count) || count == infinite_count || count <= -infinite_count) {
        throw_out_of_range("time");
    }
    return count;
}

// Returns the days since 1970 of a time point of whole days. Its max() and min() are the infinite future and past.
// Throws CellFault.
template <class T>
[[nodiscard]] constexpr std::int32_t date_count(const T& point) {
    if (const int end = infinity_sign(point); end != 0) return end * infinite_days;
    std::int64_t seconds = 0;
    const bool fits = to_unit<TimeUnit::second>(point.time_since_epoch(), seconds);
    const auto count = static_cast<std::int32_t>(seconds / 86'400);
    if (!fits || count != seconds / 86'400 || count == infinite_days || count <= -infinite_days) {
        throw_out_of_range("day");
    }
    return count;
}

// Returns the days since 1970 of a date of the calendar. Throws CellFault if the calendar does not have it.
template <ChronoCalendarDay T>
[[nodiscard]] constexpr std::int32_t days_of_calendar(const T& date) {
    const auto year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month());
    if constexpr (ChronoMonthDay<T>) {
        const auto day = static_cast<unsigned>(date.day());
        if (!date.ok()) throw_no_such_day(year, month, day);
        return days_from_civil(year, month, day);
    } else {
        if (!date.ok()) throw_no_such_weekday(year, month);
        const auto weekday = static_cast<std::int32_t>(date.weekday().c_encoding());
        // Returns how many days after a day that weekday comes, 0 to 6. 1970-01-01 was a Thursday.
        const auto days_until = [&](std::int32_t day) { return (((weekday - 4 - day) % 7) + 7) % 7; };
        if constexpr (requires { date.index(); }) {
            const std::int32_t first = days_from_civil(year, month, 1);
            return first + days_until(first) + 7 * (static_cast<std::int32_t>(date.index()) - 1);
        } else {
            const std::int32_t next =
                month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, month + 1, 1);
            return next - 7 + days_until(next - 7);
        }
    }
}

}  // namespace curtail::inline v0::detail
