// SPDX-License-Identifier: MIT
#pragma once
// Days since 1970 and dates of the proleptic Gregorian calendar, each from the other.

#include <cstdint>

#include <curtail/core/compiled/linkage.hpp>

// Both conversions are from Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
namespace curtail::inline v0::detail {

// Returns the days since 1970-01-01.
[[nodiscard]] constexpr std::int32_t days_from_civil(int year, unsigned month, unsigned day) noexcept {
    year -= month <= 2 ? 1 : 0;
    const int era = (year >= 0 ? year : year - 399) / 400;
    const auto year_of_era = static_cast<unsigned>(year - era * 400);
    const unsigned day_of_year = (153U * (month > 2 ? month - 3 : month + 9) + 2U) / 5U + day - 1U;
    const unsigned day_of_era = year_of_era * 365U + year_of_era / 4U - year_of_era / 100U + day_of_year;
    return era * 146097 + static_cast<std::int32_t>(day_of_era) - 719468;
}

struct CivilDay {
    std::int64_t year;
    unsigned month;
    unsigned day;
};

// Returns the date `days` days after 1970-01-01.
[[nodiscard]] constexpr CivilDay civil_from_days(std::int64_t days) noexcept {
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const auto day_of_era = static_cast<unsigned>(days - era * 146097);
    const unsigned year_of_era = (day_of_era - day_of_era / 1460U + day_of_era / 36524U - day_of_era / 146096U) / 365U;
    const unsigned day_of_year = day_of_era - (365U * year_of_era + year_of_era / 4U - year_of_era / 100U);
    const unsigned month_from_march = (5U * day_of_year + 2U) / 153U;
    const unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
            day_of_year - (153U * month_from_march + 2U) / 5U + 1U};
}

}  // namespace curtail::inline v0::detail
