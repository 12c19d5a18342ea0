// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/sort_numbers.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

namespace {

bool sorts(std::vector<double> values) {
    auto expected = values;
    std::sort(expected.begin(), expected.end());
    std::vector<std::uint64_t> keys;
    curtail::detail::sort_numbers(values, keys);
    return values == expected;
}

}  // namespace

TEST_CASE("sort_numbers: sorts any numbers as std::sort does", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (const std::size_t size : {0U, 1U, 2U, 63U, 64U, 65U, 1000U, 4096U}) {
        std::vector<double> spread(size), steep(size), fine(size), few(size), up(size), down(size), outlier(size);
        for (std::size_t i = 0; i < size; ++i) {
            spread[i] = normal(random);
            steep[i] = std::exp(100 * normal(random)) * (random() % 2 == 0 ? 1 : -1);
            fine[i] = 1e9 + 1e-3 * normal(random);
            few[i] = static_cast<double>(random() % 3) - 1;
            up[i] = static_cast<double>(i);
            down[i] = -static_cast<double>(i);
            outlier[i] = i == size / 2 ? -1e300 : 1 + static_cast<double>(random() % 1000) * 1e-16;
        }
        for (const auto& values : {spread, steep, fine, few, up, down, outlier}) CHECK(sorts(values));
    }
    using Limits = std::numeric_limits<double>;
    std::vector<double> extremes;
    for (int i = 0; i < 40; ++i) {
        for (const double value :
             {0.0, -0.0, Limits::denorm_min(), -Limits::denorm_min(), (Limits::max)(), Limits::lowest()}) {
            extremes.push_back(value);
        }
    }
    CHECK(sorts(extremes));
}
