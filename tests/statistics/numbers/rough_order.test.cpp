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

TEST_CASE("a number's place is off by less than one in 256") {
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

TEST_CASE("the numbers at a place and behind it are those of the sorted values") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (const std::size_t size : {1U, 2U, 7U, 1'100U, 9'000U, 60'000U}) {
        for (int kind = 0; kind < kinds; ++kind) {
            INFO("kind " << kind << " of " << size << " values");
            const auto values = column(kind, random, size);
            auto sorted = values;
            std::sort(sorted.begin(), sorted.end());
            for (const std::size_t rank : {std::size_t{0}, size / 3, (size - 1) / 2, size / 2, size - 1}) {
                const auto found = curtail::detail::select_numbers(values, sorted.front(), sorted.back(), rank);
                CHECK(found == std::pair(sorted[rank], sorted[(std::min)(rank + 1, size - 1)]));
            }
        }
    }
    // The end of one bin: what stands behind is in another.
    std::vector<double> halves(4'000, 1);
    std::fill(halves.begin() + 2'000, halves.end(), 5);
    halves[3'000] = 3;
    CHECK(curtail::detail::select_numbers(halves, 1, 5, 1'999) == std::pair(1.0, 3.0));
    CHECK(curtail::detail::select_numbers(halves, 1, 5, 2'000) == std::pair(3.0, 5.0));
    CHECK(curtail::detail::select_numbers(halves, 1, 5, 3'999) == std::pair(5.0, 5.0));
}
