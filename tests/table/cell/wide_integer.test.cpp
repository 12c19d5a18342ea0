// SPDX-License-Identifier: MIT
#include <curtail/table/cell/wide_integer.hpp>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "catch.hpp"
#include "seed.hpp"

#ifdef __SIZEOF_INT128__
namespace {

using curtail::detail::Int128;
using curtail::detail::UnsignedInt128;

template <class T>
std::string text_of(T value) {
    return std::string(curtail::detail::WideIntegerText(value).digits());
}

}  // namespace

TEST_CASE("WideIntegerText: the edges of 128 bits are exact", "[table]") {
    CHECK(text_of(Int128{0}) == "0");
    CHECK(text_of(Int128{-1}) == "-1");
    CHECK(text_of(UnsignedInt128{10}) == "10");
    const Int128 half = static_cast<Int128>(1) << 126U;
    CHECK(text_of(half - 1 + half) == "170141183460469231731687303715884105727");
    CHECK(text_of(-half - half) == "-170141183460469231731687303715884105728");
    CHECK(text_of(~UnsignedInt128{0}) == "340282366920938463463374607431768211455");
}

TEST_CASE("WideIntegerText: a wide integer reads back, whatever its size", "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 20'000; ++round) {
        const UnsignedInt128 bits = (static_cast<UnsignedInt128>(random()) << 64U | random()) >> random() % 128;
        UnsignedInt128 back = 0;
        for (const char c : text_of(bits)) back = back * 10 + static_cast<unsigned>(c - '0');
        REQUIRE((back == bits));
        const auto number = static_cast<Int128>(bits);
        const std::string text = text_of(number);
        REQUIRE((text.front() == '-') == (number < 0));
        back = 0;
        for (const char c : text.substr(number < 0 ? 1 : 0)) back = back * 10 + static_cast<unsigned>(c - '0');
        REQUIRE(((number < 0 ? 0 - back : back) == bits));
    }
}
#endif
