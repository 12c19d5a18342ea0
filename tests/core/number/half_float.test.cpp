// SPDX-License-Identifier: MIT
#include <curtail/core/number/half_float.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

#include "catch.hpp"

using curtail::detail::float_of_bfloat;
using curtail::detail::float_of_half;

TEST_CASE("float_of_half: every half has the value that IEEE 754 gives it", "[core]") {
    for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
        const auto exponent = static_cast<int>(bits >> 10U & 31U);
        const auto fraction = static_cast<double>(bits & 1023U);
        const float value = float_of_half(static_cast<std::uint16_t>(bits));
        INFO(bits);
        REQUIRE(std::signbit(value) == (bits >> 15U != 0));
        if (exponent == 31) {
            REQUIRE((fraction == 0 ? std::isinf(value) : std::isnan(value)));
        } else if (exponent == 0) {
            REQUIRE(std::fabs(value) == std::ldexp(fraction, -24));
        } else {
            REQUIRE(std::fabs(value) == std::ldexp(1024 + fraction, exponent - 25));
        }
    }
}

TEST_CASE("float_of_bfloat: the bits are the upper half of a float", "[core]") {
    CHECK(float_of_bfloat(0x3F80) == 1.0F);
    CHECK(float_of_bfloat(0xBF00) == -0.5F);
    CHECK(float_of_bfloat(0x3DCD) == 0.100097656F);
    CHECK(float_of_bfloat(0x0001) == std::ldexp(1.0F, -133));
    CHECK(std::signbit(float_of_bfloat(0x8000)));
    CHECK(float_of_bfloat(0xFF80) == -std::numeric_limits<float>::infinity());
    CHECK(std::isnan(float_of_bfloat(0x7FC0)));
}
