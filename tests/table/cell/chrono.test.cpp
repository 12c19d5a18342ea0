// SPDX-License-Identifier: MIT
#include <curtail/table/cell/chrono.hpp>

#include <chrono>
#include <cstdint>
#include <ratio>
#include <string>

#include "catch.hpp"

namespace detail = curtail::detail;
using curtail::TimeUnit;
using SteadyTime = std::chrono::steady_clock::time_point;

namespace {

// Counts days from 11 April 1970.
struct SpringClock {
    using duration = std::chrono::days;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<SpringClock>;
    static time_point now() { return {}; }
    static std::chrono::sys_days to_sys(time_point time) {
        return std::chrono::sys_days(time.time_since_epoch() + std::chrono::days(100));
    }
};

}  // namespace

TEST_CASE("ChronoDuration: true for durations of std::chrono only, like the concepts for its other types", "[table]") {
    static_assert(detail::ChronoDuration<std::chrono::milliseconds>);
    static_assert(detail::ChronoTimePoint<std::chrono::system_clock::time_point>);
    static_assert(detail::ChronoCalendarDay<std::chrono::year_month_day>);
    static_assert(!detail::ChronoDuration<std::chrono::system_clock::time_point>);
    static_assert(!detail::ChronoTimePoint<std::chrono::seconds>);
    static_assert(!detail::ChronoDuration<std::string> && !detail::ChronoCalendarDay<int>);
    static_assert(detail::ChronoCalendarDay<std::chrono::year_month_weekday_last>);
    static_assert(detail::ChronoTimeOfDay<std::chrono::hh_mm_ss<std::chrono::seconds>>);
    static_assert(detail::UnixClock<std::chrono::system_clock::time_point> &&
                  detail::UnixClock<std::chrono::local_days> && !detail::UnixClock<SteadyTime>);
    static_assert(detail::ConvertibleClock<std::chrono::file_clock::time_point> &&
                  !detail::ConvertibleClock<SteadyTime> && !detail::ConvertibleClock<std::chrono::sys_days>);
    CHECK(detail::count_in_unit(std::chrono::hours(2)) == 7200);
}

TEST_CASE("count_in_unit: counts in the coarsest unit that is exact", "[table]") {
    CHECK(detail::unit_of_duration<std::chrono::minutes>() == TimeUnit::second);
    CHECK(detail::unit_of_duration<std::chrono::microseconds>() == TimeUnit::microsecond);
    using Tenths = std::chrono::duration<std::int64_t, std::deci>;
    CHECK(detail::unit_of_duration<Tenths>() == TimeUnit::millisecond);
    CHECK(detail::count_in_unit(Tenths(-7)) == -700);
    using Fraction = std::chrono::duration<double>;
    CHECK(detail::unit_of_duration<Fraction>() == TimeUnit::nanosecond);
    CHECK(detail::count_in_unit(Fraction(1.5)) == 1'500'000'000);
}

TEST_CASE("timestamp_count: converts the days of another clock, which are not dates", "[table]") {
    using Day = SpringClock::time_point;
    static_assert(detail::ConvertibleClock<Day> && !detail::is_whole_days<Day>);
    static_assert(detail::is_whole_days<std::chrono::sys_days> && detail::is_whole_days<std::chrono::local_days>);
    CHECK(detail::timestamp_count<TimeUnit::second>(Day(std::chrono::days(1))) == 101 * 86400);
}
