// SPDX-License-Identifier: MIT
#include <curtail/core/number/split_mix.hpp>

#include "catch.hpp"

TEST_CASE("split_mix: gives the numbers of the reference implementation", "[core]") {
    using curtail::detail::split_mix;
    using curtail::detail::split_mix_step;
    // https://prng.di.unimi.it/splitmix64.c with the state 1234567
    CHECK(split_mix(1234567 + split_mix_step) == 6457827717110365317U);
    CHECK(split_mix(1234567 + 2 * split_mix_step) == 3203168211198807973U);
    CHECK(split_mix(1234567 + 3 * split_mix_step) == 9817491932198370423U);
}
