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

// Returns false if there is no room.
bool add(IntegerCounts& counts, const Block& block) {
    const auto [low, high] = std::minmax_element(block.begin(), block.end());
    if (!counts.has_room(*low, *high)) return false;
    counts.add(block, *low, *high);
    return true;
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
    CHECK(counts.low() == -2);
    CHECK(counts.high() == 700);
    counts.clear();
    CHECK(counts.empty());
    CHECK(all(counts).empty());
    REQUIRE(add(counts, {1'000'000'000'000}));
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>{{1'000'000'000'000, 1}});
}

TEST_CASE("IntegerCounts: serves a short range, at both ends of 64 bits too", "[statistics]") {
    CHECK(IntegerCounts::serves(5, 5));
    CHECK(IntegerCounts::serves(-500, 523));
    CHECK_FALSE(IntegerCounts::serves(-500, 524));
    CHECK_FALSE(IntegerCounts::serves(INT64_MIN, INT64_MAX));
    CHECK(IntegerCounts::serves(INT64_MAX - 1023, INT64_MAX));
}

TEST_CASE("IntegerCounts: has room in a window around the first block, for what its counts can say", "[statistics]") {
    IntegerCounts counts;
    REQUIRE(add(counts, {0}));
    CHECK(counts.has_room(-1536, 2559));
    CHECK_FALSE(counts.has_room(-1537, 0));
    CHECK_FALSE(counts.has_room(0, 2560));
    CHECK_FALSE(counts.has_room(INT64_MIN, INT64_MIN));
    const Block block(IntegerCounts::max_block, 7);
    int blocks = 0;
    while (add(counts, block)) ++blocks;
    CHECK(blocks == 63);  // with the value before them 64,513
    CHECK(all(counts).back() == std::pair<std::int64_t, std::uint64_t>{7, 63 * 1024});
}

TEST_CASE("IntegerCounts: agrees with a map", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    IntegerCounts counts;
    std::map<std::int64_t, std::uint64_t> expected;
    for (int round = 0; round < 50; ++round) {
        Block block(1 + random() % IntegerCounts::max_block);
        const std::int64_t first = static_cast<std::int64_t>(random() % 3000) - 1500;
        const std::uint64_t range = 1 + random() % IntegerCounts::max_block_range;
        for (std::int64_t& value : block) value = first + static_cast<std::int64_t>(random() % range);
        if (!add(counts, block)) continue;
        for (const std::int64_t value : block) ++expected[value];
    }
    CHECK(all(counts) == std::vector<std::pair<std::int64_t, std::uint64_t>>(expected.begin(), expected.end()));
}
