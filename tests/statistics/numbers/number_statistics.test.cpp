// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/number_statistics.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

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

TEST_CASE("numbers_at: returns the numbers at a rank and after it of any values", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    constexpr double max_double = (std::numeric_limits<double>::max)();
    constexpr int kinds = 8;
    for (const std::size_t size : {1U, 2U, 7U, 1'000U, 20'000U}) {
        for (int kind = 0; kind < kinds; ++kind) {
            INFO("kind " << kind << " of " << size << " values");
            std::vector<double> values(size);
            for (std::size_t i = 0; i < size; ++i) {
                const double uniform = std::generate_canonical<double, 53>(random);
                const double some[kinds] = {normal(random),
                                            static_cast<double>(i),
                                            0.25,
                                            i == size / 2 ? 1e300 : 1e9 + 1e-3 * uniform,
                                            uniform < 0.5 ? -max_double * uniform : max_double * uniform,
                                            std::ldexp(uniform, -1070),
                                            std::floor(3 * uniform),
                                            uniform < 0.5 ? 0.0 : -0.0};
                values[i] = some[kind];
            }
            auto sorted = values;
            std::sort(sorted.begin(), sorted.end());
            for (const std::size_t rank : {std::size_t{0}, size / 3, (size - 1) / 2, size / 2, size - 1}) {
                const auto found = curtail::detail::numbers_at(values, sorted.front(), sorted.back(), rank);
                CHECK(found == std::pair(sorted[rank], sorted[(std::min)(rank + 1, size - 1)]));
            }
        }
    }
}

TEST_CASE("NumberStatistics: describes runs of numbers as the numbers one by one, to the last bit", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> values(20'000);
    for (double& value : values) value = normal(random);
    for (const std::size_t exact : {0U, 1'500U, 50'000U}) {
        NumberStatistics numbers(exact, 20);
        for (std::span<const double> rest = values; !rest.empty();) {
            const auto run = rest.first((std::min)(rest.size(), static_cast<std::size_t>(random() % 3'000)));
            numbers.add(run);
            rest = rest.subspan(run.size());
        }
        CHECK(described(numbers) == described(gather(values, exact)));
    }
}

TEST_CASE("NumberStatistics: appends a part that has kept all its numbers to the last bit", "[statistics]") {
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

TEST_CASE("NumberStatistics: gives the number in the middle, or between the middle two, while the numbers are kept",
          "[statistics]") {
    std::vector<double> values(10'001);
    std::iota(values.begin(), values.end(), 1.0);
    CHECK(described(gather(values, 100'000)).median == 5'001.0);
    values.push_back(10'002);
    CHECK(described(gather(values, 100'000)).median == 5'001.5);
    CHECK_FALSE(described(gather(values, 100'000)).median_rank_error);
    CHECK(described(gather(values, 5'000)).median_rank_error);
}

TEST_CASE("NumberStatistics: shifts the median by infinities, which make mean, min and max absent", "[statistics]") {
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

TEST_CASE("numbers_at: zeros of both signs have one order, in whatever order they come", "[statistics]") {
    std::vector<double> values = {-0.0, 0.0, 0.0, -0.0, 1.0, -1.0, 0.0};  // sorted: -1, -0, -0, 0, 0, 0, 1
    std::sort(values.begin(), values.end(),
              [](double a, double b) { return curtail::detail::order_bits(a) < curtail::detail::order_bits(b); });
    do {
        const auto [second, third] = curtail::detail::numbers_at(values, -1.0, 1.0, 2);
        CHECK((second == 0 && std::signbit(second)));
        CHECK((third == 0 && !std::signbit(third)));
    } while (std::next_permutation(values.begin(), values.end(), [](double a, double b) {
        return curtail::detail::order_bits(a) < curtail::detail::order_bits(b);
    }));
    CHECK(curtail::detail::numbers_at(values, -1.0, 1.0, 6) == std::pair(1.0, 1.0));
}

TEST_CASE("NumberStatistics: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::detail::NumberStatistics;
    std::mt19937_64 random(test_seed());
    for (const std::size_t size : {0U, 1U, 1500U, 5000U}) {
        for (const bool residuals : {false, true}) {
            NumberStatistics numbers(2000, 20);
            for (std::size_t i = 0; i < size; ++i) {
                numbers.add(std::normal_distribution<>(0, 1)(random), residuals && i > 700 ? 0.25 : 0);
            }
            const auto described = [](const NumberStatistics& of) {
                curtail::PredictionStats stats;
                of.describe(stats, 0, 0);
                return stats;
            };
            const NumberStatistics back = check_packed(
                numbers, random(), [](auto& in) { return NumberStatistics::unpack(in, 2000, 20); },
                [&](const NumberStatistics& other) {
                    NumberStatistics merged = numbers;
                    merged.merge(other);
                    static_cast<void>(described(merged));
                });
            CHECK(described(back) == described(numbers));
            NumberStatistics twice = numbers;
            NumberStatistics merged = back;
            twice.merge(numbers);
            merged.merge(back);
            CHECK(described(merged) == described(twice));
        }
    }
}

TEST_CASE("NumberStatistics: what keeps fewer numbers has the same extremes and counts", "[statistics]") {
    using curtail::detail::NumberStatistics;
    std::mt19937_64 random(test_seed());
    NumberStatistics numbers(100'000, 20);
    for (int i = 0; i < 30'000; ++i) numbers.add(std::normal_distribution<>(5, 1)(random));
    curtail::PredictionStats exact;
    numbers.describe(exact, 0, 0);
    for (const std::size_t kept : {8192U, 1000U, 0U}) {
        numbers.keep_at_most(kept);
        CHECK(numbers.kept() <= kept);
        CHECK(numbers.count() == 30'000);
        curtail::PredictionStats stats;
        numbers.describe(stats, 0, 0);
        CHECK(stats.min == exact.min);
        CHECK(stats.max == exact.max);
        CHECK(stats.median_rank_error.has_value());
        CHECK(*stats.mean == Approx(*exact.mean).epsilon(1e-14));
        CHECK(*stats.std == Approx(*exact.std).epsilon(1e-13));
    }
}

TEST_CASE("NumberStatistics: describes counted blocks as the numbers one by one, to the last bit", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    NumberStatistics counted(3'000, 20);
    NumberStatistics expected(3'000, 20);
    int blocks_counted = 0;
    std::int64_t lowest = INT64_MAX;
    std::int64_t highest = INT64_MIN;
    for (int round = 0; round < 300; ++round) {
        // Now and then a shorter block, and one with too long a range. The middle of the others drifts.
        std::vector<std::int64_t> block(round % 50 == 7 ? 100 : counted.rest_of_block());
        const std::uint64_t range = round % 70 == 9 ? 100'000 : 600;
        for (std::int64_t& value : block) value = 40 * round + static_cast<std::int64_t>(random() % range);
        const auto [low, high] = std::minmax_element(block.begin(), block.end());
        const std::vector<double> doubles(block.begin(), block.end());
        const std::span<const std::int64_t> span(block);
        if (counted.prepare_counted(block.size()) &&
            (counted.add_counted(span) || counted.add_counted(span, *low, *high))) {
            ++blocks_counted;
            lowest = (std::min)(lowest, *low);
            highest = (std::max)(highest, *high);
        } else {
            counted.add(doubles);
        }
        for (const double value : doubles) expected.add(value);
        if (round % 100 == 50) {
            CHECK(described(counted) == described(expected));
            CHECK(counted.count() == expected.count());
        }
    }
    CHECK(blocks_counted > 250);
    REQUIRE(counted.counted().has_value());
    CHECK(counted.counted()->low == lowest);
    CHECK(counted.counted()->high == highest);
    CHECK_FALSE(expected.counted().has_value());
    CHECK(described(counted) == described(expected));
    const auto back = unpacked(packed(counted), [](auto& in) { return NumberStatistics::unpack(in, 3'000, 20); });
    CHECK(described(back) == described(expected));
    NumberStatistics merged(3'000, 20);
    merged.merge(counted);
    merged.merge(counted);
    NumberStatistics expected_merged(3'000, 20);
    expected_merged.merge(expected);
    expected_merged.merge(expected);
    CHECK(described(merged) == described(expected_merged));
}
