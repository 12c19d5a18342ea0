// SPDX-License-Identifier: MIT
#include <curtail/core/number/is_finite.hpp>

#include <limits>

#include "catch.hpp"

TEST_CASE("is_finite: false for NaN and the infinities alone", "[core]") {
    using curtail::detail::is_finite;
    const auto check = [](auto zero) {
        using Limits = std::numeric_limits<decltype(zero)>;
        for (const auto value : {zero, -zero, Limits::denorm_min(), Limits::max(), Limits::lowest()}) {
            CHECK(is_finite(value));
        }
        for (const auto value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), -Limits::quiet_NaN()}) {
            CHECK_FALSE(is_finite(value));
        }
    };
    check(0.0);
    check(0.0F);
}
