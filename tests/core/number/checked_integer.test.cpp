// SPDX-License-Identifier: MIT
#include <curtail/core/number/checked_integer.hpp>

#include <cstdint>

#include "catch.hpp"

using curtail::detail::checked_add;
using curtail::detail::checked_multiply;

namespace {

constexpr std::int64_t unchanged = 42;

constexpr std::int64_t sum_of(std::int64_t a, std::int64_t b) {
    std::int64_t sum = unchanged;
    return checked_add(a, b, sum) ? sum : unchanged;
}

constexpr std::int64_t product_of(std::int64_t a, std::int64_t b) {
    std::int64_t product = unchanged;
    return checked_multiply(a, b, product) ? product : unchanged;
}

}  // namespace

TEST_CASE("checked_add: adds what fits, up to both ends, and nothing beyond them", "[core]") {
    static_assert(sum_of(2, 3) == 5);
    CHECK(sum_of(INT64_MAX, 0) == INT64_MAX);
    CHECK(sum_of(INT64_MAX, INT64_MIN) == -1);
    CHECK(sum_of(INT64_MIN, INT64_MAX) == -1);
    CHECK(sum_of(INT64_MAX - 1, 1) == INT64_MAX);
    CHECK(sum_of(INT64_MIN + 1, -1) == INT64_MIN);
    CHECK(sum_of(INT64_MAX, 1) == unchanged);
    CHECK(sum_of(1, INT64_MAX) == unchanged);
    CHECK(sum_of(INT64_MIN, -1) == unchanged);
    CHECK(sum_of(INT64_MIN, INT64_MIN) == unchanged);
}

TEST_CASE("checked_multiply: multiplies what fits, up to both ends, and nothing beyond them", "[core]") {
    static_assert(product_of(-2, 3) == -6);
    CHECK(product_of(INT64_MAX, 1) == INT64_MAX);
    CHECK(product_of(INT64_MIN, 1) == INT64_MIN);
    CHECK(product_of(0, INT64_MAX) == 0);
    CHECK(product_of(-1, INT64_MAX) == -INT64_MAX);
    for (const std::int64_t factor : {std::int64_t{2}, std::int64_t{60}, std::int64_t{1'000'000'000}}) {
        const std::int64_t most = INT64_MAX / factor;
        CHECK(product_of(most, factor) == most * factor);
        CHECK(product_of(-most, factor) == -most * factor);
        CHECK(product_of(most + 1, factor) == unchanged);
        CHECK(product_of(-most - 2, factor) == unchanged);
        CHECK(product_of(INT64_MIN, factor) == unchanged);
    }
    CHECK(product_of(INT64_MIN / 2, 2) == INT64_MIN);
}
