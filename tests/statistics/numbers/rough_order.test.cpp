// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/rough_order.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

namespace {

constexpr int kinds = 9;

std::vector<double> column(int kind, std::mt19937_64& random, std::size_t size) {
    std::normal_distribution<double> normal;
    constexpr double greatest = (std::numeric_limits<double>::max)();
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i) {
        const double uniform = std::generate_canonical<double, 53>(random);
        const double some[kinds] = {normal(random),
                                    static_cast<double>(i),
                                    -static_cast<double>(i),
                                    0.25,
                                    std::exp(9 * normal(random)),
                                    i == size / 2 ? 1e300 : 1e9 + 1e-3 * uniform,
                                    uniform < 0.5 ? -greatest * uniform : greatest * uniform,
                                    std::ldexp(uniform, -1070),  // some of them below the least normal double
                                    std::floor(3 * uniform)};
        values[i] = some[kind];
    }
    return values;
}

}  // namespace

TEST_CASE("RoughOrder: moves a number to less than a 256th of the run from its sorted position", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    curtail::detail::RoughOrder order;
    for (const std::size_t size : {0U, 1U, 2U, 300U, 5'000U, 8'192U, 40'000U}) {
        for (int kind = 0; kind < kinds; ++kind) {
            INFO("kind " << kind << " of " << size << " values");
            auto values = column(kind, random, size);
            auto sorted = values;
            std::sort(sorted.begin(), sorted.end());
            order.arrange(values);
            bool off = false;
            for (std::size_t i = 0; i < size; ++i) {
                const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), values[i]);
                const auto place = static_cast<std::ptrdiff_t>(i);
                const auto most = static_cast<std::ptrdiff_t>(size / curtail::detail::RoughOrder::crowd);
                off = off || place < first - sorted.begin() - most || place >= last - sorted.begin() + most;
            }
            CHECK_FALSE(off);
            std::sort(values.begin(), values.end());
            CHECK(values == sorted);  // none is lost
        }
    }
}
