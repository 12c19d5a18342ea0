// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/double_double.hpp>

#include <cmath>
#include <cstdint>
#include <random>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::DoubleDouble;

TEST_CASE("DoubleDouble: sums and products are exact", "[statistics]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 10'000; ++round) {
        // Integers below 2^32, whose products a double may not hold.
        const std::uint64_t a = random() >> (32 + random() % 30);
        const std::uint64_t b = random() >> (32 + random() % 30);
        const DoubleDouble product = DoubleDouble::product(static_cast<double>(a), static_cast<double>(b));
        CHECK(static_cast<std::uint64_t>(product.high) +
                  static_cast<std::uint64_t>(static_cast<std::int64_t>(product.low)) ==
              a * b);  // modulo 2^64
        const DoubleDouble sum = DoubleDouble::sum(static_cast<double>(a), std::ldexp(static_cast<double>(b), -30));
        CHECK(sum.high + sum.low == sum.high);
        CHECK((sum.high - static_cast<double>(a)) + sum.low == std::ldexp(static_cast<double>(b), -30));
    }
}

TEST_CASE("DoubleDouble: keeps thirty digits", "[statistics]") {
    const DoubleDouble third = DoubleDouble{1} / 3;
    const DoubleDouble rest = third * DoubleDouble{3} - DoubleDouble{1};
    CHECK(std::abs(rest.value()) < 1e-31);
    DoubleDouble sum;
    for (int i = 0; i < 1000; ++i) sum = sum + third;
    CHECK(std::abs((sum - DoubleDouble{1000} / 3).value()) < 1e-27);
}
