// SPDX-License-Identifier: MIT
#include <curtail/statistics/prediction_stats.hpp>

#include <cstdint>
#include <optional>

#include "catch.hpp"

using curtail::PredictionStats;

TEST_CASE("PredictionStats: says nothing until it is filled in", "[statistics]") {
    const PredictionStats stats;
    CHECK(stats.n_rows == 0);
    CHECK_FALSE(stats.mean);
    CHECK_FALSE(stats.median_rank_error);
    CHECK_FALSE(stats.histogram);
    CHECK(stats.class_distribution.empty());
}

TEST_CASE("Extreme: keeps every digit of an integer, and those that a double needs", "[statistics]") {
    CHECK(curtail::Extreme(INT64_MIN).text() == "-9223372036854775808");
    CHECK(curtail::Extreme(UINT64_MAX).text() == "18446744073709551615");
    CHECK(curtail::Extreme(UINT64_MAX).value() == 18446744073709551616.0);
    CHECK(curtail::Extreme(3).text() == "3");
    CHECK(curtail::Extreme(3.0).text() == "3.0");
    CHECK(curtail::Extreme(1e-7).text() == "1e-07");
    CHECK(curtail::Extreme(0.5, "0.50").text() == "0.50");
    CHECK(curtail::Extreme(3) == 3.0);
    CHECK_FALSE(curtail::Extreme(3) == curtail::Extreme(3.0));
    CHECK(std::optional<curtail::Extreme>(2) == 2.0);
    CHECK_FALSE(std::optional<curtail::Extreme>() == 2.0);
}

TEST_CASE("PredictionStats: is equal to what says the same", "[statistics]") {
    PredictionStats a{.n_rows = 3, .mean = 1.5};
    a.class_distribution = {{"yes", 2, 66.7}};
    PredictionStats b = a;
    CHECK(a == b);
    b.class_distribution[0].count = 1;
    CHECK_FALSE(a == b);
}
