// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/exact_extremes.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "catch.hpp"
#include "statistics/pack_check.hpp"

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

TEST_CASE("ExactExtremes: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::Extreme;
    using curtail::detail::ExactExtremes;
    ExactExtremes whole;
    whole.add((std::numeric_limits<std::int64_t>::min)(), (std::numeric_limits<std::int64_t>::max)());
    ExactExtremes decimal;
    decimal.add("-12345678901234567890.10", -12345678901234567890.10);
    decimal.add("99999999999999999999.5", 99999999999999999999.5);
    ExactExtremes both = whole;
    both.merge(decimal);
    std::uint64_t seed = 0;
    for (const ExactExtremes& extremes : {ExactExtremes(), whole, decimal, both}) {
        const ExactExtremes back = check_packed(
            extremes, ++seed, [](auto& in) { return ExactExtremes::unpack(in); },
            [&](const ExactExtremes& other) {
                ExactExtremes merged = both;
                merged.merge(other);
            });
        for (const double value : {-9223372036854775808.0, -12345678901234567890.10}) {
            std::optional<Extreme> low[] = {value, value};
            std::optional<Extreme> high[] = {value, value};
            extremes.restore(low[0], high[0]);
            back.restore(low[1], high[1]);
            CHECK(low[0] == low[1]);
            CHECK(high[0] == high[1]);
        }
    }
    curtail::detail::Packer exponent;
    exponent.flag(false);
    exponent.flag(true);
    exponent.text("1e5");
    exponent.text("1e6");
    CHECK_THROWS_AS(unpacked(exponent.bytes(), [](auto& in) { return ExactExtremes::unpack(in); }),
                    curtail::MessageError);
}
