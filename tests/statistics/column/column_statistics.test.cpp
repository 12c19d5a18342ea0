// SPDX-License-Identifier: MIT
#include <curtail/statistics/column/column_statistics.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "catch.hpp"

using curtail::Cell;
using curtail::detail::ColumnStatistics;

TEST_CASE("ColumnStatistics: sorts out what is not finite wherever it stands in a block", "[statistics]") {
    using Limits = std::numeric_limits<double>;
    for (const std::size_t at : {0U, 1U, 500U, 1'023U, 1'024U, 2'047U}) {
        std::vector<double> values(2'048, 0.5);
        values[at] = -Limits::quiet_NaN();
        values[2'047 - at] = -Limits::infinity();
        values[(at + 700) % 2'048] = Limits::infinity();
        ColumnStatistics column({});
        column.add(std::span<const double>(values));
        ColumnStatistics one_by_one({});
        for (const double value : values) one_by_one.add(Cell(value));
        const curtail::PredictionStats stats = column.result();
        CHECK(stats == one_by_one.result());
        CHECK(stats.n_null == 1);
        CHECK(stats.histogram == curtail::Histogram{0.5, 0.5, {2'045}});
        CHECK(stats.median == 0.5);
        CHECK_FALSE(stats.min);
    }
}
