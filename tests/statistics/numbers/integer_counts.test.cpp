// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/integer_counts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::IntegerCounts;

namespace {

using Block = std::vector<std::int64_t>;

// Begins with the first block. Returns false if the block is not counted.
template <class Integer>
bool add(IntegerCounts& counts, const std::vector<Integer>& block) {
    const auto [low, high] = std::minmax_element(block.begin(), block.end());
    if (counts.empty()) counts.begin(*low, *high);
    return counts.add(std::span<const Integer>(block));
}
bool add(IntegerCounts& counts, const Block& block) {
    return add<std::int64_t>(counts, block);
}

std::vector<std::pair<std::int64_t, std::uint64_t>> all(const IntegerCounts& counts) {
    std::vector<std::pair<std::int64_t, std::uint64_t>> visited;
    counts.visit([&](std::int64_t value, std::uint64_t times) { visited.emplace_back(value, times); });
    return visited;
}

}  // namespace

TEST_CASE("IntegerCounts: says how often each integer came, in order", "[statistics]") {
    IntegerCounts counts;
    CHECK(counts.empty());
    CHECK(all(counts).empty());
    REQUIRE(add(counts, {3, -2, 3, 3, 700}));
    REQUIRE(add(counts, {-2}));
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>{{-2, 2}, {3, 3}, {700, 1}});
    CHECK(counts.size() == 6);
    CHECK(counts.range().low == -2);
    CHECK(counts.range().high == 700);
    counts.begin(1'000'000'000'000, 1'000'000'000'000);
    CHECK(counts.empty());
    CHECK(all(counts).empty());
    REQUIRE(add(counts, {1'000'000'000'000}));
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>{{1'000'000'000'000, 1}});
}

TEST_CASE("IntegerCounts: serves a short range that doubles hold exactly", "[statistics]") {
    constexpr std::int64_t limit = (std::int64_t{1} << 53) - 4096;
    CHECK(IntegerCounts::serves(5, 5));
    CHECK(IntegerCounts::serves(-500, 523));
    CHECK_FALSE(IntegerCounts::serves(-500, 524));
    CHECK_FALSE(IntegerCounts::serves(INT64_MIN, INT64_MAX));
    CHECK_FALSE(IntegerCounts::serves(INT64_MIN, INT64_MIN));
    CHECK_FALSE(IntegerCounts::serves(INT64_MAX, INT64_MAX));
    CHECK(IntegerCounts::serves(limit - 1023, limit));
    CHECK_FALSE(IntegerCounts::serves(limit - 1023, limit + 1));
    CHECK(IntegerCounts::serves(-limit, -limit));
    CHECK_FALSE(IntegerCounts::serves(-limit - 1, -limit));
}

TEST_CASE("IntegerCounts: has room in a window around the first block, for what its counts can say", "[statistics]") {
    IntegerCounts counts;
    CHECK_FALSE(counts.add(std::span<const std::int64_t>(Block{0})));
    REQUIRE(add(counts, {0}));
    // What is outside is first, last or between others: nothing of the block is counted.
    for (const std::int64_t outside : {std::int64_t{-1537}, std::int64_t{2560}, INT64_MIN, INT64_MAX}) {
        CHECK_FALSE(add(counts, {outside}));
        CHECK_FALSE(add(counts, {1, outside}));
        CHECK_FALSE(add(counts, {1, 2, outside, 3}));
    }
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>{{0, 1}});
    REQUIRE(add(counts, {-1536, 2559}));
    CHECK(counts.range().low == -1536);
    CHECK(counts.range().high == 2559);
    counts.begin(0, 0);
    REQUIRE(add(counts, {0}));
    const Block block(1'024, 7);
    int blocks = 0;
    while (add(counts, block)) ++blocks;
    CHECK(blocks == 63);  // with the value before them 64,513
    CHECK(all(counts).back() == std::pair<std::int64_t, std::uint64_t>{7, 63 * 1024});
}

TEST_CASE("IntegerCounts: takes integers at the ends of 32 bits for what they are", "[statistics]") {
    IntegerCounts counts;
    REQUIRE(add<std::int32_t>(counts, {INT32_MIN, INT32_MIN + 1}));
    // Modulo 2^32 these are in the window.
    CHECK_FALSE(add<std::int32_t>(counts, {INT32_MIN, INT32_MAX, INT32_MIN}));
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>{{INT32_MIN, 1}, {INT32_MIN + 1, 1}});
}

TEST_CASE("IntegerCounts: agrees with a map", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    IntegerCounts counts;
    std::map<std::int64_t, std::uint64_t> expected;
    for (int round = 0; round < 50; ++round) {
        Block block(1 + random() % 1'024);
        const std::int64_t first = static_cast<std::int64_t>(random() % 3000) - 1500;
        const std::uint64_t range = 1 + random() % IntegerCounts::max_block_range;
        for (std::int64_t& value : block) value = first + static_cast<std::int64_t>(random() % range);
        if (!add(counts, block)) continue;
        for (const std::int64_t value : block) ++expected[value];
    }
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>(expected.begin(), expected.end()));
}
