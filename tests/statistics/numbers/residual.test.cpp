// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/residual.hpp>

#include <cstdint>
#include <random>
#include <string>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::residual_of;

TEST_CASE("residual_of: is what the double of an integer lacks", "[statistics]") {
    CHECK(residual_of(INT64_C(9007199254740992)) == 0);
    CHECK(residual_of(INT64_C(9007199254740993)) == 1);
    CHECK(residual_of(-INT64_C(9007199254740993)) == -1);
    CHECK(residual_of(INT64_MAX) == -1);
    CHECK(residual_of(INT64_MIN) == 0);
    CHECK(residual_of(UINT64_MAX) == -1);
    CHECK(residual_of(200U) == 0);
#if defined(__SIZEOF_INT128__)
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    __extension__ using Wide = __int128;
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t value = random() >> random() % 12;
        const auto rounded = static_cast<double>(value);
        REQUIRE(static_cast<Wide>(residual_of(value)) == static_cast<Wide>(value) - static_cast<Wide>(rounded));
        const std::string digits = std::to_string(value);
        REQUIRE(residual_of(digits, rounded) == residual_of(value));
        REQUIRE(residual_of("-" + digits, -rounded) == -residual_of(value));
        const auto number = static_cast<std::int64_t>(value);
        REQUIRE(static_cast<Wide>(residual_of(number)) ==
                static_cast<Wide>(number) - static_cast<Wide>(static_cast<double>(number)));
    }
#endif
}

TEST_CASE("residual_of: takes decimals of any length", "[statistics]") {
    CHECK(residual_of("999999999999999999999", 1e21) == -1);
    CHECK(residual_of("1000000000000000000000000000007", 1e30) == -19884624838649);
    CHECK(residual_of("9007199254740993.25", 9007199254740992.0) == 1.25);
    CHECK(residual_of("0.1", 0.1) == 0);
    CHECK(residual_of("1e30", 1e30) == 0);
}
