// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/exact_numbers.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

TEST_CASE("both answers are those that each question alone gets") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    constexpr double greatest = (std::numeric_limits<double>::max)();
    constexpr int kinds = 10;
    for (const std::size_t size : {1U, 2U, 100U, 5'000U, 20'000U}) {
        for (int kind = 0; kind < kinds; ++kind) {
            std::vector<double> values(size);
            for (std::size_t i = 0; i < size; ++i) {
                const double uniform = std::generate_canonical<double, 53>(random);
                const double some[kinds] = {normal(random),
                                            static_cast<double>(i),
                                            0.25,
                                            std::exp(9 * normal(random)),
                                            i == size / 2 ? 1e300 : uniform,
                                            uniform < 0.5 ? -greatest * uniform : greatest * uniform,
                                            std::ldexp(uniform, -1070),
                                            std::floor(3 * uniform),
                                            std::floor(21 * uniform) / 20,  // on the edges of 20 bins
                                            i < size / 2 ? 1.0 : 5.0};
                values[i] = some[kind];
            }
            auto sorted = values;
            std::sort(sorted.begin(), sorted.end());
            for (const std::size_t rank : {std::size_t{0}, (size - 1) / 2, size / 3, size - 1}) {
                for (const std::size_t bins : {1U, 3U, 20U, 512U}) {
                    INFO("kind " << kind << " of " << size << " values, rank " << rank << ", " << bins << " bins");
                    const auto both =
                        curtail::detail::describe_at_hand(values, sorted.front(), sorted.back(), rank, bins);
                    CHECK(both.at_rank == std::pair(sorted[rank], sorted[(std::min)(rank + 1, size - 1)]));
                    CHECK(both.histogram == curtail::detail::histogram_of(values, sorted.front(), sorted.back(), bins));
                }
            }
        }
    }
}
