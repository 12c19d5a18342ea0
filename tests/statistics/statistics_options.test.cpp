// SPDX-License-Identifier: MIT
#include <curtail/statistics/statistics_options.hpp>

#include "catch.hpp"

using curtail::StatisticsOptions;

TEST_CASE("StatisticsOptions: defaults are those that are documented", "[statistics]") {
    const StatisticsOptions options;
    CHECK(options.exact_median_values == 100'000);
    CHECK(options.max_classes == 1'000);
    CHECK(options.max_number_classes == 50);
    CHECK(options.listed_classes == 50);
    CHECK(options.histogram_bins == 20);
    CHECK_FALSE(options == StatisticsOptions{.histogram_bins = 0});
}
