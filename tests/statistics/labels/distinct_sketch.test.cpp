// SPDX-License-Identifier: MIT
#include <curtail/statistics/labels/distinct_sketch.hpp>

#include <cmath>
#include <cstdint>
#include <random>

#include "catch.hpp"
#include "statistics/pack_check.hpp"

TEST_CASE("DistinctSketch: estimates distinct hashes to a few percent, however often each comes", "[statistics]") {
    std::mt19937_64 random(20261122);
    curtail::detail::DistinctSketch sketch;
    CHECK(sketch.empty());
    CHECK(sketch.estimate() == 0);
    std::uint64_t distinct = 0;
    for (const std::uint64_t goal : {1U, 10U, 100U, 1'000U, 5'000U, 20'000U, 100'000U, 400'000U}) {
        for (; distinct < goal; ++distinct) {
            const std::uint64_t hash = random();
            sketch.add(hash);
            sketch.add(hash);
        }
        const auto estimate = static_cast<double>(sketch.estimate());
        CHECK(std::abs(estimate - static_cast<double>(goal)) <= 0.05 * static_cast<double>(goal));
    }
}

TEST_CASE("DistinctSketch: merges halves to exactly the whole", "[statistics]") {
    std::mt19937_64 random(1);
    curtail::detail::DistinctSketch whole;
    curtail::detail::DistinctSketch halves[2];
    for (int i = 0; i < 30'000; ++i) {
        const std::uint64_t hash = random();
        whole.add(hash);
        halves[i % 2].add(hash);
        if (i % 3 == 0) halves[(i + 1) % 2].add(hash);
    }
    halves[0].merge(halves[1]);
    CHECK(halves[0].estimate() == whole.estimate());
    curtail::detail::DistinctSketch none;
    none.merge(curtail::detail::DistinctSketch());
    CHECK(none.empty());
    none.merge(whole);
    CHECK(none.estimate() == whole.estimate());
}

TEST_CASE("DistinctSketch: counts a hash of zeros", "[statistics]") {
    curtail::detail::DistinctSketch sketch;
    sketch.add(0);
    CHECK(sketch.estimate() == 1);
}

TEST_CASE("DistinctSketch: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::detail::DistinctSketch;
    DistinctSketch sketch;
    for (const bool filled : {false, true}) {
        for (std::uint64_t i = 0; filled && i < 10'000; ++i) sketch.add(i * 0x9E3779B97F4A7C15U);
        const DistinctSketch back = check_packed(
            sketch, 1, [](auto& in) { return DistinctSketch::unpack(in); },
            [](const DistinctSketch& other) { static_cast<void>(other.estimate()); });
        CHECK(back.estimate() == sketch.estimate());
    }
}
