// SPDX-License-Identifier: MIT
#pragma once
// Dates and times by shape: std::chrono's types are told by their members, so that <chrono> need not be included.

#include <concepts>
#include <cstdint>
#include <ratio>
#include <type_traits>

#include <curtail/table/time_unit.hpp>

namespace curtail::inline v0::detail {

// std::chrono by shape, again to spare everyone <chrono> (0.4 s a translation unit).
template <class T>
concept ChronoDuration = requires(const T& value) {
    typename T::rep;
    typename T::period;
    { T::period::num } -> std::convertible_to<std::intmax_t>;
    value.count();
}
&&!requires(const T& value) {
    value.time_since_epoch();
};

template <class T>
concept ChronoTimePoint = requires(const T& value) {
    typename T::clock;
    value.time_since_epoch();
};

template <class T>
concept ChronoCalendarDay = requires(const T& value) {
    static_cast<int>(value.year());
    static_cast<unsigned>(value.month());
    static_cast<unsigned>(value.day());
    value.ok();
};

template <class Period>
[[nodiscard]] constexpr TimeUnit unit_of_period() noexcept {
    if constexpr (std::ratio_greater_equal_v<Period, std::ratio<1>>) {
        return TimeUnit::second;
    } else if constexpr (std::ratio_greater_equal_v<Period, std::milli>) {
        return TimeUnit::millisecond;
    } else if constexpr (std::ratio_greater_equal_v<Period, std::micro>) {
        return TimeUnit::microsecond;
    } else {
        return TimeUnit::nanosecond;
    }
}

// The unit a std::chrono duration is written in: its own, but nanoseconds where it counts fractions.
template <class T>
[[nodiscard]] constexpr TimeUnit unit_of_duration() noexcept {
    return std::is_floating_point_v<typename T::rep> ? TimeUnit::nanosecond : unit_of_period<typename T::period>();
}

// A chrono count in the unit of unit_of_duration(). The unit is never coarser than the period, so nothing is lost but
// what a floating-point or a finer-than-nanosecond count cannot keep.
template <class T>
[[nodiscard]] constexpr std::int64_t count_in_unit(const T& duration) noexcept {
    using Period = typename T::period;
    constexpr TimeUnit unit = unit_of_duration<T>();
    using Unit = std::conditional_t<
        unit == TimeUnit::second, std::ratio<1>,
        std::conditional_t<unit == TimeUnit::millisecond, std::milli,
                           std::conditional_t<unit == TimeUnit::microsecond, std::micro, std::nano>>>;
    using Factor = std::ratio_divide<Period, Unit>;
    if constexpr (std::is_floating_point_v<typename T::rep>) {
        return static_cast<std::int64_t>(static_cast<long double>(duration.count()) * Factor::num / Factor::den);
    } else {
        return static_cast<std::int64_t>(duration.count()) * Factor::num / Factor::den;
    }
}

}  // namespace curtail::inline v0::detail
