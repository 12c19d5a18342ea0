// SPDX-License-Identifier: MIT
#include <curtail/core/number/double_bits.hpp>

#include <cmath>
#include <cstddef>
#include <limits>

#include "catch.hpp"

using namespace curtail::detail;

namespace {

template <class Float>
void check_finite() {
    using Limits = std::numeric_limits<Float>;
    for (const Float value : {Float{0}, Float{-1.5}, Limits::denorm_min(), (Limits::max)(), Limits::lowest()}) {
        CHECK(is_finite(value));
    }
    for (const Float value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), -Limits::quiet_NaN()}) {
        CHECK_FALSE(is_finite(value));
    }
}

}  // namespace

TEST_CASE("is_finite: is false for infinities and NaN alone", "[core]") {
    check_finite<float>();
    check_finite<double>();
}

TEST_CASE("is_nan: is true for NaN of either sign alone", "[core]") {
    using Limits = std::numeric_limits<double>;
    CHECK(is_nan(Limits::quiet_NaN()));
    CHECK(is_nan(-Limits::quiet_NaN()));
    CHECK(is_nan(Limits::signaling_NaN()));
    for (const double value : {0.0, -0.0, (Limits::max)(), Limits::infinity(), -Limits::infinity()}) {
        CHECK_FALSE(is_nan(value));
    }
}

TEST_CASE("order_bits: orders doubles as their values, and from_order_bits gives them back", "[core]") {
    using Limits = std::numeric_limits<double>;
    const double ascending[] = {
        -Limits::infinity(), Limits::lowest(),  -1.0, -Limits::denorm_min(), -0.0, 0.0, Limits::denorm_min(), 1.0,
        (Limits::max)(),     Limits::infinity()};
    for (std::size_t i = 0; i < std::size(ascending); ++i) {
        CHECK(from_order_bits(order_bits(ascending[i])) == ascending[i]);
        CHECK(std::signbit(from_order_bits(order_bits(ascending[i]))) == std::signbit(ascending[i]));
        if (i > 0) CHECK(order_bits(ascending[i - 1]) < order_bits(ascending[i]));
    }
}
