// SPDX-License-Identifier: MIT
#include <curtail/render/text/human_units.hpp>

#include <cstdint>
#include <limits>

#include "catch.hpp"

TEST_CASE("human_count: groups digits by thousands", "[render]") {
    CHECK(curtail::detail::human_count(0) == "0");
    CHECK(curtail::detail::human_count(999) == "999");
    CHECK(curtail::detail::human_count(1000) == "1,000");
    CHECK(curtail::detail::human_count(1234567) == "1,234,567");
    CHECK(curtail::detail::human_count(UINT64_MAX) == "18,446,744,073,709,551,615");
    CHECK(curtail::detail::human_count(1, "row") == "1 row");
    CHECK(curtail::detail::human_count(1200, "row") == "1,200 rows");
}

TEST_CASE("human_bytes: counts in powers of 1000 and never shows 1000 of a unit", "[render]") {
    CHECK(curtail::detail::human_bytes(0) == "0 B");
    CHECK(curtail::detail::human_bytes(999) == "999 B");
    CHECK(curtail::detail::human_bytes(1000) == "1.0 kB");
    CHECK(curtail::detail::human_bytes(9949) == "9.9 kB");
    CHECK(curtail::detail::human_bytes(9950) == "10 kB");
    CHECK(curtail::detail::human_bytes(999'499) == "999 kB");
    CHECK(curtail::detail::human_bytes(999'500) == "1.0 MB");
    CHECK(curtail::detail::human_bytes(50'000'000) == "50 MB");
    CHECK(curtail::detail::human_bytes(1'234'567'890) == "1.2 GB");
    CHECK(curtail::detail::human_bytes(UINT64_MAX) == "18 EB");
}

TEST_CASE("human_number: has six significant digits, and an exponent only if a person would write one", "[render]") {
    CHECK(curtail::detail::human_number(0.0) == "0");
    CHECK(curtail::detail::human_number(-0.0) == "0");
    CHECK(curtail::detail::human_number(0.5) == "0.5");
    CHECK(curtail::detail::human_number(-12.5) == "-12.5");
    CHECK(curtail::detail::human_number(1.0 / 3) == "0.333333");
    CHECK(curtail::detail::human_number(52000.5) == "52,000.5");
    CHECK(curtail::detail::human_number(999'999.4) == "999,999");
    CHECK(curtail::detail::human_number(999'999.6) == "1,000,000");
    CHECK(curtail::detail::human_number(-1234567.8) == "-1,234,568");
    CHECK(curtail::detail::human_number(1.2e-7) == "1.2e-07");
    CHECK(curtail::detail::human_number(1e300) == "1e+300");
    CHECK(curtail::detail::human_number(12.5, 2) == "12.50");
    CHECK(curtail::detail::human_number(0, 2) == "0.00");
    CHECK(curtail::detail::human_number(-1234567.5, 2) == "-1,234,567.50");
    CHECK(curtail::detail::human_number(1e300, 2) == "1e+300");
    CHECK(curtail::detail::human_number(std::numeric_limits<double>::quiet_NaN()) == "NaN");
    CHECK(curtail::detail::human_number(-std::numeric_limits<double>::infinity()) == "-\xE2\x88\x9E");
}

TEST_CASE("human_percent: never shows a share above 0 as 0%, nor one below 100 as 100%", "[render]") {
    CHECK(curtail::detail::human_percent(0) == "0%");
    CHECK(curtail::detail::human_percent(0.01) == "<0.1%");
    CHECK(curtail::detail::human_percent(49.64) == "49.6%");
    CHECK(curtail::detail::human_percent(60) == "60%");
    CHECK(curtail::detail::human_percent(99.96) == ">99.9%");
    CHECK(curtail::detail::human_percent(100) == "100%");
    CHECK(curtail::detail::human_percent(std::numeric_limits<double>::quiet_NaN()) == "?%");
}
