// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/lanes.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace curtail::detail;

namespace {

std::pair<double, double> both(Lanes lanes) {
    return {lanes.first(), lanes.second()};
}

}  // namespace

TEST_CASE("Lanes: compute in each lane what a double gives", "[statistics]") {
    const double values[] = {0.1, -3e300};
    const Lanes loaded = Lanes::load(values);
    const Lanes other(0.7, 5);
    CHECK(both(loaded) == std::pair(0.1, -3e300));
    CHECK(both(loaded + other) == std::pair(0.1 + 0.7, -3e300 + 5));
    CHECK(both(loaded - other) == std::pair(0.1 - 0.7, -3e300 - 5));
    CHECK(both(loaded * other) == std::pair(0.1 * 0.7, -3e300 * 5));
    CHECK(both(Lanes::min_of(loaded, other)) == std::pair(0.1, -3e300));
    CHECK(both(Lanes::max_of(loaded, other)) == std::pair(0.7, 5.0));
}

TEST_CASE("Lanes: of equal numbers, the first one is minimum and maximum", "[statistics]") {
    const Lanes plus(0.0, 0.0);
    const Lanes minus(-0.0, -0.0);
    CHECK_FALSE(std::signbit(Lanes::min_of(plus, minus).first()));
    CHECK(std::signbit(Lanes::min_of(minus, plus).second()));
    CHECK_FALSE(std::signbit(Lanes::max_of(plus, minus).first()));
    CHECK(std::signbit(Lanes::max_of(minus, plus).second()));
}

TEST_CASE("visit_in_lanes: visits every value in order, the last one with another number", "[statistics]") {
    for (const std::size_t size : {0U, 1U, 2U, 5U, 6U}) {
        std::vector<double> values(size);
        for (std::size_t i = 0; i < size; ++i) values[i] = static_cast<double>(i);
        std::vector<double> visited;
        visit_in_lanes(values, 99, [&](Lanes two) {
            visited.push_back(two.first());
            visited.push_back(two.second());
        });
        if (size % 2 == 1) values.push_back(99);
        CHECK(visited == values);
    }
}

TEST_CASE("Extent: finds sum, minimum and maximum, wherever they stand", "[statistics]") {
    for (std::size_t size = 1; size < 14; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            std::vector<double> values(size, 1);
            values[at] = -3;
            values[(at + 1) % size] = 7;
            const Extent extent(values);
            CHECK(extent.low() == (size == 1 ? 7 : -3));
            CHECK(extent.high() == 7);
            CHECK(extent.sum() == (size == 1 ? 7.0 : static_cast<double>(size) + 2));
        }
    }
}
