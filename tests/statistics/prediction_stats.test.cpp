// SPDX-License-Identifier: MIT
#include <curtail/statistics/prediction_stats.hpp>

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

TEST_CASE("PredictionStats: is equal to what says the same", "[statistics]") {
    PredictionStats a{.n_rows = 3, .mean = 1.5};
    a.class_distribution = {{"yes", 2, 66.7}};
    PredictionStats b = a;
    CHECK(a == b);
    b.class_distribution[0].count = 1;
    CHECK_FALSE(a == b);
}
