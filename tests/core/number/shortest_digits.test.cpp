// SPDX-License-Identifier: MIT
#include <curtail/core/number/shortest_digits.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <type_traits>

#include "catch.hpp"
#include "seed.hpp"

namespace {

using namespace curtail::detail;

bool same(ShortestDigits a, ShortestDigits b) {
    for (ShortestDigits* each : {&a, &b}) {
        for (; each->digits % 10 == 0; each->digits /= 10) ++each->exponent;
    }
    return a.digits == b.digits && a.exponent == b.exponent;
}

// Counts of the numbers that were compared, that split() was sure of, and that were wrong.
struct Tally {
    std::uint64_t seen = 0;
    std::uint64_t sure = 0;
    std::uint64_t wrong = 0;
};

// Compares with std::to_chars, which shares nothing with Dragonbox. Anything but finite positive numbers is passed
// over.
template <class Float, class Digits = DefaultDigits>
void compare(Tally& tally, Float value) {
    using Bits = std::conditional_t<sizeof(Float) == 4, std::uint32_t, std::uint64_t>;
    if (!std::isfinite(value) || !(value > 0)) return;
    ++tally.seen;
    const ShortestDigits expected = ToCharsDigits::of(value);
    bool right = same(Digits::of(value), expected);
    const auto bits = std::bit_cast<Bits>(value);
    if constexpr (requires { Digits::template split<Float>(bits); }) {
        if (Digits::template may_split<Float>(bits)) {
            const SplitDigits split = Digits::template split<Float>(bits);
            tally.sure += split.sure ? 1 : 0;
            if (split.sure && !same({split.tens * 10 + split.last, split.exponent}, expected)) right = false;
            constexpr std::uint64_t least = sizeof(Float) == 8 ? 100'000'000'000'000U : 100'000U;
            constexpr std::uint64_t end = sizeof(Float) == 8 ? 10'000'000'000'000'000U : 100'000'000U;
            if (split.sure && (split.tens < least || split.tens > end || split.last > 9)) right = false;
        }
    }
    if (!right && tally.wrong++ == 0) {
        INFO("number " << value << " of bits " << bits);
        CHECK(right);
    }
}

template <class Float>
void compare_neighbours(Tally& tally, Float value) {
    Float below = value;
    Float above = value;
    for (int i = 0; i < 4; ++i) {
        compare(tally, below);
        compare(tally, above);
        below = std::nextafter(below, Float{0});
        above = std::nextafter(above, std::numeric_limits<Float>::infinity());
    }
}

template <class Float>
Tally at_the_edges() {
    Tally tally;
    for (int power = -1074; power < 1024; ++power)
        compare_neighbours(tally, static_cast<Float>(std::ldexp(1.0, power)));
    for (int power = -323; power < 309; ++power) {
        compare_neighbours(tally, static_cast<Float>(std::pow(10.0, power)));
        compare_neighbours(tally, static_cast<Float>(5 * std::pow(10.0, power)));
    }
    compare_neighbours(tally, (std::numeric_limits<Float>::min)());
    compare_neighbours(tally, (std::numeric_limits<Float>::max)());
    return tally;
}

}  // namespace

TEST_CASE("split: gives the digits of std::to_chars near every power of two and of ten", "[core]") {
    CHECK(at_the_edges<double>().wrong == 0);
    CHECK(at_the_edges<float>().wrong == 0);
}

TEST_CASE("split: gives the digits of std::to_chars for ties", "[core]") {
    Tally doubles;
    Tally floats;
    for (int power = 1; power < 60; ++power) {
        for (int odd = 1; odd < 400; odd += 2) {
            for (const int whole : {0, 1, 7, 100}) compare(doubles, whole + std::ldexp(odd, -power));
            compare(floats, static_cast<float>(std::ldexp(odd, -power)));
            compare(doubles, std::ldexp(odd, power + 40));
            compare(floats, static_cast<float>(std::ldexp(odd, power)));
        }
    }
    CHECK(doubles.wrong == 0);
    CHECK(floats.wrong == 0);
}

TEST_CASE("split: gives the digits of std::to_chars for random numbers, and is nearly always sure", "[core]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Tally doubles;
    Tally shares;
    Tally cents;
    Tally floats;
    for (int i = 0; i < 200'000; ++i) {
        const std::uint64_t bits = random();
        compare(doubles, std::bit_cast<double>(bits & ~(std::uint64_t{1} << 63U)));
        compare(shares, static_cast<double>(bits >> 11U) * 0x1p-53);
        compare(cents, static_cast<double>(bits >> 40U) / 100);
        compare(floats, static_cast<float>(bits >> 40U) * 0x1p-24F);
    }
    for (const Tally& each : {doubles, shares, cents, floats}) {
        CHECK(each.wrong == 0);
        CHECK(each.seen > 190'000);
#if __has_include(<dragonbox/dragonbox.h>) && defined(__SIZEOF_INT128__)
        CHECK(each.sure > each.seen * 99 / 100);
#endif
    }
}
