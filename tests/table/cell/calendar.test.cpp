// SPDX-License-Identifier: MIT
#include <curtail/table/cell/calendar.hpp>

#include <chrono>

#include "catch.hpp"

static_assert(curtail::detail::days_from_civil(1970, 1, 1) == 0);
static_assert(curtail::detail::days_from_civil(1969, 12, 31) == -1);
static_assert(curtail::detail::days_from_civil(2000, 2, 29) == 11016);
static_assert(curtail::detail::days_from_civil(1600, 3, 1) == -135080);
static_assert(curtail::detail::days_from_civil(0, 1, 1) == -719528);
static_assert(curtail::detail::days_from_civil(-1, 12, 31) == -719529);
static_assert(curtail::detail::days_from_civil(9999, 12, 31) == 2932896);

TEST_CASE("civil_from_days and days_from_civil: agree with std::chrono for every day of 1,200 years", "[table]") {
    bool same = true;
    for (int day = -300'000; day < 140'000; ++day) {
        const std::chrono::year_month_day expected{std::chrono::sys_days(std::chrono::days(day))};
        const auto got = curtail::detail::civil_from_days(day);
        same = same && got.year == static_cast<int>(expected.year()) &&
               got.month == static_cast<unsigned>(expected.month()) &&
               got.day == static_cast<unsigned>(expected.day()) &&
               curtail::detail::days_from_civil(static_cast<int>(got.year), got.month, got.day) == day;
    }
    CHECK(same);
}
