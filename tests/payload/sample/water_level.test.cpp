// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/water_level.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::detail::WaterLevel;

namespace {

// Returns the largest cap under which all texts fit, found by trying.
std::size_t largest_cap(const std::vector<std::size_t>& lengths, std::size_t room) {
    const auto sum = [&](std::size_t cap) {
        std::size_t total = 0;
        for (const std::size_t length : lengths) total += (std::min)(length, cap);
        return total;
    };
    std::size_t low = 0;
    std::size_t high = room + 1;
    while (high - low > 1) {
        const std::size_t middle = low + (high - low) / 2;
        (sum(middle) <= room ? low : high) = middle;
    }
    return low;
}

}  // namespace

TEST_CASE("WaterLevel: keeps what fits whole", "[payload]") {
    WaterLevel level(1000);
    for (int i = 0; i < 10; ++i) CHECK(level.add(100) == 100);
}

TEST_CASE("WaterLevel: keeps as much of a single long text as fits", "[payload]") {
    WaterLevel level(1000);
    CHECK(level.add(1'000'000'000) == 1000 + WaterLevel::slack);
    CHECK(level.add(5) == 5);
    WaterLevel none(0);
    CHECK(none.add(100) == WaterLevel::slack);
    CHECK(none.add(0) == 0);
    CHECK(none.add((std::numeric_limits<std::size_t>::max)() / 2) == WaterLevel::slack);
    // The largest budget, which callers give who want no limit.
    for (std::size_t less = 0; less < 2 * WaterLevel::slack; ++less) {
        WaterLevel most((std::numeric_limits<std::size_t>::max)() - less);
        CHECK(most.max_kept() > std::size_t{1'000'000});
        CHECK(most.add(1000) == 1000);
    }
}

TEST_CASE("WaterLevel: keeps at least what any later cap shows, and a bounded sum", "[payload]") {
    const std::uint64_t seed = test_seed();
    for (std::uint64_t i = 0; i < 500; ++i) {
        INFO("seed " << seed + i);
        table_maker::TableMaker random(seed + i);
        const std::size_t room = random.spread(1, 100'000);
        WaterLevel level(room);
        std::vector<std::size_t> lengths;
        std::vector<std::size_t> kept;
        const std::size_t count = 1 + random.below(60);
        for (std::size_t text = 0; text < count; ++text) {
            const std::size_t length = random.one_in(5) ? random.below(10 * room + 1) : random.spread(1, room + 1);
            lengths.push_back(length);
            kept.push_back(level.add(length));
            // After each text, because the sample may end there. A cut between two characters leaves up to 9 bytes
            // unused.
            const std::size_t cap = largest_cap(lengths, room);
            for (std::size_t k = 0; k < kept.size(); ++k) REQUIRE(kept[k] >= (std::min)(lengths[k], cap + 9));
        }
        // The k-th text can have no more than a k-th of the bytes: a harmonic sum.
        std::size_t sum = 0;
        double bound = 0;
        for (std::size_t k = 0; k < count; ++k) {
            sum += kept[k];
            bound += static_cast<double>(room) / static_cast<double>(k + 1) + 2 * WaterLevel::slack;
        }
        REQUIRE(static_cast<double>(sum) <= bound + static_cast<double>(room));
    }
}
