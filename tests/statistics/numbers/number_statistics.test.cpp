// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/number_statistics.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::PredictionStats;
using curtail::detail::NumberStatistics;

namespace {

PredictionStats described(const NumberStatistics& numbers) {
    PredictionStats stats;
    numbers.describe(stats, 0, 0);
    return stats;
}

NumberStatistics gather(std::span<const double> values, std::size_t exact) {
    NumberStatistics numbers(exact, 20);
    for (const double value : values) numbers.add(value);
    return numbers;
}

}  // namespace

TEST_CASE("numbers written into the room are those added one by one, to the last bit") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> values(20'000);
    for (double& value : values) value = normal(random);
    for (const std::size_t exact : {0U, 1'500U, 50'000U}) {
        NumberStatistics numbers(exact, 20);
        for (std::size_t at = 0; at < values.size();) {
            const std::span<double> room = numbers.room();
            REQUIRE(!room.empty());
            std::size_t count = 0;
            const std::size_t wanted = random() % 700;
            while (count < wanted && count < room.size() && at < values.size()) room[count++] = values[at++];
            numbers.commit(count);
        }
        CHECK(described(numbers) == described(gather(values, exact)));
    }
}

TEST_CASE("a part that has kept all of its numbers is appended to the last bit") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::vector<double> values(12'000);
    for (double& value : values) value = std::generate_canonical<double, 53>(random);
    for (const std::size_t exact : {3'000U, 50'000U}) {
        NumberStatistics numbers(exact, 20);
        for (std::size_t at = 0; at < values.size(); at += 3'000) {
            numbers.merge(gather(std::span(values).subspan(at, 3'000), exact));
        }
        CHECK(described(numbers) == described(gather(values, exact)));
    }
}

TEST_CASE("a median is the number in the middle, or between the two, while the numbers are kept") {
    std::vector<double> values(10'001);
    std::iota(values.begin(), values.end(), 1.0);
    CHECK(described(gather(values, 100'000)).median == 5'001.0);
    values.push_back(10'002);
    CHECK(described(gather(values, 100'000)).median == 5'001.5);
    CHECK_FALSE(described(gather(values, 100'000)).median_rank_error);
    CHECK(described(gather(values, 5'000)).median_rank_error);
}

TEST_CASE("infinities shift the median and take mean, min and max away") {
    const auto numbers = gather(std::vector<double>{1, 2, 3}, 10);
    PredictionStats stats;
    numbers.describe(stats, 0, 2);
    CHECK(stats.median == 3.0);
    CHECK(stats.min == 1.0);
    CHECK_FALSE(stats.max);
    CHECK_FALSE(stats.mean);
    PredictionStats none;
    numbers.describe(none, 9, 0);
    CHECK_FALSE(none.median);
    CHECK_FALSE(none.min);
    CHECK(none.max == 3.0);
    CHECK(described(NumberStatistics(10, 20)) == PredictionStats{});
}
