// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/styled_float.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>
#include <string>

#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::FloatStyle;

template <class Float>
std::string styled(Float value, FloatStyle style, std::optional<int> precision = {}) {
    char text[curtail::detail::max_styled_float_chars];
    return {text, curtail::detail::write_styled_float(text, value, style, precision)};
}

std::string printed(const char* format, int precision, double value) {
    char text[600];
    const int size = std::snprintf(text, sizeof text, format, precision, value);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("the scientific styles have the shortest digits of the number's own width") {
    CHECK(styled(3141.592653589793, FloatStyle::scientific) == "3.141592653589793e+03");
    CHECK(styled(3141.592653589793, FloatStyle::short_scientific) == "3.141592653589793e3");
    CHECK(styled(0.1F, FloatStyle::scientific) == "1e-01");
    CHECK(styled(0.1F, FloatStyle::short_scientific) == "1e-1");
    CHECK(styled(1.0, FloatStyle::short_scientific) == "1e0");
    CHECK(styled(0.0, FloatStyle::short_scientific) == "0e0");
    CHECK(styled(-0.0, FloatStyle::scientific) == "-0e+00");
    CHECK(styled(1e10, FloatStyle::short_scientific) == "1e10");
    CHECK(styled(-2.5e-7, FloatStyle::short_scientific) == "-2.5e-7");
    CHECK(styled(1e300, FloatStyle::short_scientific) == "1e300");
    CHECK(styled(5e-324, FloatStyle::short_scientific) == "5e-324");
    CHECK(styled(std::numeric_limits<double>::max(), FloatStyle::scientific) == "1.7976931348623157e+308");
}

TEST_CASE("Python's repr is the style of no wishes, and fixed digits have no exponent") {
    CHECK(styled(1e16, FloatStyle::repr) == "1e+16");
    CHECK(styled(0.1F, FloatStyle::repr) == "0.1");
    CHECK(styled(1e16, FloatStyle::repr, 1) == "10000000000000000.0");
    CHECK(styled(3141.59, FloatStyle::short_scientific, 2) == "3.14e3");
    CHECK(styled(2.0, FloatStyle::short_scientific, 0) == "2e0");
}

TEST_CASE("with a precision the text is printf's, and without one it reads back to the same bits") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 20'000; ++round) {
        const auto value = std::bit_cast<double>(random());
        if (!std::isfinite(value)) continue;
        const int precision = static_cast<int>(random() % 101);
        REQUIRE(styled(value, FloatStyle::repr, precision) == printed("%.*f", precision, value));
        REQUIRE(styled(value, FloatStyle::scientific, precision) == printed("%.*e", precision, value));
        const std::string brief = styled(value, FloatStyle::short_scientific);
        REQUIRE(std::strtod(brief.c_str(), nullptr) == value);
        REQUIRE(std::strtod(styled(value, FloatStyle::scientific).c_str(), nullptr) == value);
        REQUIRE(brief.find("e0") == (std::abs(value) >= 1 && std::abs(value) < 10 ? brief.size() - 2 : brief.npos));
        REQUIRE(brief.find('+') == brief.npos);
    }
}
