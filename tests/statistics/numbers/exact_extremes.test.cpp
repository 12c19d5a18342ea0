// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/exact_extremes.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "catch.hpp"

using curtail::Extreme;
using curtail::detail::compare_digits;
using curtail::detail::ExactExtremes;

TEST_CASE("compare_digits: orders decimals of any length by their value", "[statistics]") {
    const char* const ascending[] = {
        "-18446744073709551617",   "-12.5", "-12.49", "-2", "-0.10", "0", "0.09", "0.1", "0.11", "1", "1.05", "9", "10",
        "10.000000000000000000001"};
    for (const char* const& a : ascending) {
        for (const char* const& b : ascending) CHECK(compare_digits(a, b) == (&a < &b ? -1 : &a > &b ? 1 : 0));
    }
    CHECK(compare_digits("0", "-0.00") == 0);
    CHECK(compare_digits("1.50", "1.5") == 0);
    CHECK(compare_digits("-3", "-3.0") == 0);
}

TEST_CASE("ExactExtremes: restores what was rounded, and nothing else", "[statistics]") {
    ExactExtremes extremes;
    std::optional<Extreme> low = 1.0;
    std::optional<Extreme> high = 18446744073709551616.0;
    extremes.restore(low, high);
    CHECK(low == Extreme(1.0));
    extremes.add(INT64_C(1), INT64_C(5));
    extremes.add(UINT64_C(7), UINT64_MAX);
    extremes.add("0.5e1", 5.0);
    extremes.restore(low, high);
    CHECK(low == Extreme(1));
    CHECK(high == Extreme(UINT64_MAX));
    low = 0.5;
    high.reset();
    extremes.restore(low, high);
    CHECK(low == Extreme(0.5));
    CHECK_FALSE(high);
    ExactExtremes other;
    other.add("0.50", 0.5);
    extremes.merge(other);
    extremes.restore(low, high);
    CHECK(low == Extreme(0.5, "0.50"));
}
