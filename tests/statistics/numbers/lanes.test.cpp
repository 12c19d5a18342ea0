// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/lanes.hpp>

#include <cstddef>
#include <vector>

#include "catch.hpp"

using namespace curtail::detail;

TEST_CASE("visit_in_lanes: visits every value in order, the last ones in lane 0", "[statistics]") {
    std::vector<double> visited;
    std::vector<std::size_t> used;
    visit_in_lanes(std::vector<double>{1, 2, 3, 4, 5, 6}, [&](std::size_t lane, double value) {
        used.push_back(lane);
        visited.push_back(value);
    });
    CHECK(visited == std::vector<double>{1, 2, 3, 4, 5, 6});
    CHECK(used == std::vector<std::size_t>{0, 1, 2, 3, 0, 0});
}

TEST_CASE("extremes_of: finds minimum and maximum in every lane", "[statistics]") {
    for (std::size_t size = 1; size < 10; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::vector<double> values(size, 1);
            values[at] = -3;
            values[(at + 1) % size] = 7;
            CHECK(extremes_of(values).low() == (size == 1 ? 7 : -3));
            CHECK(extremes_of(values).high() == 7);
        }
    }
}
