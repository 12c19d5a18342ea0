// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/moments.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include <curtail/statistics/numbers/integer_counts.hpp>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

namespace {

curtail::detail::Moments moments_of(std::span<const double> values, std::size_t block = 1024) {
    curtail::detail::Moments moments;
    for (; !values.empty(); values = values.subspan((std::min)(block, values.size()))) {
        moments.add(values.first((std::min)(block, values.size())));
    }
    return moments;
}

struct Naive {
    long double mean = 0;
    long double deviation = 0;
};

// Computes in two passes, in long double.
Naive naive(std::span<const double> values) {
    Naive result;
    const auto count = static_cast<long double>(values.size());
    for (const double value : values) result.mean += static_cast<long double>(value) / count;
    long double off = 0;
    long double squares = 0;
    for (const double value : values) {
        const long double deviation = static_cast<long double>(value) - result.mean;
        off += deviation;
        squares += deviation * deviation;
    }
    result.mean += off / count;
    result.deviation = std::sqrt((squares - off * off / count) / (count - 1));
    return result;
}

bool near_to(double value, long double expected, long double scale) {
    return std::abs(static_cast<long double>(value) - expected) <= 1e-12L * scale;
}

// Compares the mean on the scale of the values: no sum has more digits if the mean is the small difference of large
// values.
bool agrees(const curtail::detail::Moments& moments, std::span<const double> values) {
    const Naive expected = naive(values);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return moments.count() == values.size() && moments.low() == *low && moments.high() == *high &&
           near_to(moments.mean(), expected.mean, std::abs(expected.mean) + expected.deviation) &&
           near_to(moments.standard_deviation(), expected.deviation, expected.deviation);
}

}  // namespace

TEST_CASE("Moments: agree with two passes in long double, to 12 digits", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (const std::size_t size : {2U, 3U, 5U, 1000U, 1024U, 1025U, 100'000U}) {
        std::vector<double> spread(size), close(size), steep(size), outlier(size), trend(size);
        for (std::size_t i = 0; i < size; ++i) {
            spread[i] = normal(random);
            close[i] = 1e9 + 1e-3 * normal(random);
            steep[i] = std::exp(5 * normal(random));
            outlier[i] = i == 0 ? 1e9 : normal(random);
            trend[i] = static_cast<double>(i) + normal(random);
        }
        for (const auto& values : {spread, close, steep, outlier, trend}) {
            CHECK(agrees(moments_of(values), values));
            CHECK(agrees(moments_of(values, 7), values));
        }
    }
}

TEST_CASE("Moments: merge parts to the whole in any grouping", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(1e9, 1e-3);
    for (int round = 0; round < 20; ++round) {
        std::vector<double> values(3 + random() % 20'000);
        for (double& value : values) value = normal(random);
        const std::span<const double> all = values;
        const std::size_t one = random() % all.size();
        const std::size_t two = one + random() % (all.size() - one);
        const auto a = moments_of(all.first(one));
        const auto b = moments_of(all.subspan(one, two - one));
        const auto c = moments_of(all.subspan(two));
        auto left = a;
        left.merge(b);
        left.merge(c);
        auto right = b;
        right.merge(c);
        auto whole = a;
        whole.merge(right);
        CHECK(agrees(left, all));
        CHECK(agrees(whole, all));
    }
}

TEST_CASE("Moments: any division and order of the blocks gives the same bits", "[statistics]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 60; ++round) {
        std::vector<double> values(10 + random() % 30'000);
        const double mean = round % 3 == 0 ? 1e9 : round % 3 == 1 ? 0 : 1;
        for (double& value : values) {
            value = round % 2 == 0 ? std::normal_distribution<double>(mean, 1)(random)
                                   : mean + std::exp(3 * std::normal_distribution<double>()(random));
        }
        const auto whole = moments_of(values);
        std::vector<curtail::detail::Moments> parts;
        for (std::span<const double> left = values; !left.empty();) {
            const std::size_t size = (std::min)(left.size(), static_cast<std::size_t>(1 + random() % 5'000));
            parts.push_back(moments_of(left.first(size), 1 + random() % 1024));
            left = left.subspan(size);
        }
        std::shuffle(parts.begin(), parts.end(), random);
        curtail::detail::Moments merged;
        for (const auto& part : parts) merged.merge(part);
        CHECK(merged.mean() == whole.mean());
        CHECK(merged.standard_deviation() == whole.standard_deviation());
    }
}

TEST_CASE("Moments: a result in the middle of two doubles is the even one, however the numbers are divided",
          "[statistics]") {
    std::vector<double> means(1000);  // whose mean is 2^52 + 1.5
    for (std::size_t i = 0; i < means.size(); ++i) means[i] = 0x1p52 + 1 + static_cast<double>(i % 2);
    std::vector<double> deviations(106);  // the sum of whose squares has 54 bits
    for (std::size_t i = 0; i < deviations.size(); ++i) deviations[i] = 10'000'411.0 * static_cast<double>(i % 3);
    for (std::size_t block = 1; block < 100; ++block) {
        INFO("blocks of " << block);
        CHECK(moments_of(means, block).mean() == 0x1p52 + 2);
        CHECK(moments_of(deviations, block).standard_deviation() == moments_of(deviations).standard_deviation());
    }
}

TEST_CASE("Moments: keep 12 digits of numbers near the ends of what a double can be", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (const int exponent : {-500, -480, -400, 400, 470, 480}) {
        std::vector<double> values(2000);
        for (double& value : values) value = std::ldexp(normal(random), exponent);
        values[7] = 0;
        INFO("times 2^" << exponent);
        CHECK(agrees(moments_of(values), values));
    }
    std::vector<double> tiny(1000);
    for (double& value : tiny) value = static_cast<double>(1 + random() % 5) * 5e-324;
    CHECK(moments_of(tiny).low() == 5e-324);
    CHECK(std::isfinite(moments_of(tiny).mean()));
    std::vector<double> large(1000);
    for (double& value : large) value = std::ldexp(normal(random), 1000);
    const auto moments = moments_of(large);
    CHECK(near_to(moments.mean(), naive(large).mean, std::ldexp(1.0L, 1000)));
    CHECK_FALSE(std::isfinite(moments.standard_deviation()));
}

TEST_CASE("Moments: blocks of the largest numbers have a mean as long as their sum is a double", "[statistics]") {
    std::vector<double> values(5000, 1.5);
    values[3000] = (std::numeric_limits<double>::max)();  // as some mark a missing number
    CHECK(near_to(moments_of(values).mean(), naive(values).mean, naive(values).mean));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = (i % 3 == 0 ? -1e301 : 1e300) * static_cast<double>(i % 2000);
    CHECK(near_to(moments_of(values).mean(), naive(values).mean, 1e304L));
    CHECK_FALSE(std::isfinite(moments_of(values).standard_deviation()));
}

TEST_CASE("Moments: blocks whose difference is beyond a double have a mean", "[statistics]") {
    constexpr double largest = (std::numeric_limits<double>::max)();
    std::vector<double> values(4096, largest);
    for (std::size_t i = 0; i < 3072; ++i) values[i] = -largest;
    CHECK(moments_of(values).mean() == -largest / 2);
    CHECK_FALSE(std::isfinite(moments_of(values).standard_deviation()));
    std::reverse(values.begin(), values.end());
    CHECK(moments_of(values).mean() == -largest / 2);
    CHECK(moments_of(std::vector<double>{largest, -largest, 3}, 1).mean() == 1);
}

TEST_CASE("Moments: an outlier does not take the digits of the others", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (const double outlier : {1e3, 1e6, 1e12, 1e18, 1e40}) {
        std::vector<double> values(1024);
        for (double& value : values) value = normal(random);
        const auto at = random() % values.size();
        values[at] = outlier;
        values[(at + 1) % values.size()] = -outlier;
        INFO("outlier " << outlier);
        const Naive expected = naive(values);
        CHECK(near_to(moments_of(values).standard_deviation(), expected.deviation, expected.deviation));
        // The outliers cancel each other, so the mean is that of the others.
        values[at] = 0;
        values[(at + 1) % values.size()] = 0;
        const auto others = naive(values).mean;
        values[at] = outlier;
        values[(at + 1) % values.size()] = -outlier;
        if (outlier < 1e13) CHECK(near_to(moments_of(values).mean(), others, 1e-2L));
    }
}

TEST_CASE("Moments: give the same for blocks of any size", "[statistics]") {
    std::mt19937_64 random(test_seed());
    std::vector<double> values(100'003);
    for (double& value : values) value = std::exp(std::normal_distribution<double>()(random));
    CHECK(moments_of(values, 4096).mean() == moments_of(values).mean());
    CHECK(moments_of(values, 4096).standard_deviation() == moments_of(values).standard_deviation());
}

TEST_CASE("Moments: give equal values exactly their mean and no deviation", "[statistics]") {
    const auto moments = moments_of(std::vector<double>(12'345, 0.1));
    CHECK(moments.mean() == 0.1);
    CHECK(moments.standard_deviation() == 0);
    CHECK(moments.low() == 0.1);
    CHECK(moments.high() == 0.1);
}

TEST_CASE("Moments: count what there is to compute from", "[statistics]") {
    CHECK(curtail::detail::Moments().count() == 0);
    const auto one = moments_of(std::vector<double>{2.5});
    CHECK(one.mean() == 2.5);
    CHECK(one.count() == 1);
}

TEST_CASE("Moments: give a mean that is not finite if the sum is beyond a double, as pandas does", "[statistics]") {
    const auto moments = moments_of(std::vector<double>{1e308, 1.5e308, 1.7e308});
    CHECK_FALSE(std::isfinite(moments.mean()));
    CHECK(moments.high() == 1.7e308);
}

TEST_CASE("Moments: takes numbers in two parts, and loses neither", "[statistics]") {
    // 1.7e18 + 0 .. 999, whose doubles are 256 apart.
    std::vector<double> values(1000);
    std::vector<double> residuals(1000);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = 1.7e18;
        residuals[i] = static_cast<double>(i);
    }
    curtail::detail::Moments moments;
    moments.add(values, residuals);
    CHECK(near_to(moments.standard_deviation(), std::sqrt(1000.0 / 999 * 999'999 / 12), 289));
    curtail::detail::Moments halves;
    const std::span<const double> all(values);
    const std::span<const double> rest(residuals);
    for (const std::size_t at : {0U, 500U}) halves.add(all.subspan(at, 500), rest.subspan(at, 500));
    CHECK(near_to(halves.standard_deviation(), moments.standard_deviation(), 289));
    CHECK(moments.mean() == 1.7e18 + 499.5);
}

TEST_CASE("Moments: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::detail::Moments;
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 20; ++round) {
        std::vector<double> values(random() % 50);
        for (double& value : values) value = std::normal_distribution<>(1e6, 1)(random);
        Moments moments;
        moments.add(values);
        const Moments back = check_packed(
            moments, random(), [](auto& in) { return Moments::unpack(in); },
            [](const Moments& other) { static_cast<void>(other.count() > 1 ? other.standard_deviation() : 0); });
        CHECK(back.count() == moments.count());
        if (values.empty()) continue;
        CHECK(back.mean() == moments.mean());
        CHECK(back.low() == moments.low());
        CHECK(back.high() == moments.high());
    }
}

TEST_CASE("Moments: take counted integers as they take them one by one, to the last bit", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (const std::int64_t first : {std::int64_t{0}, std::int64_t{-1'000}, std::int64_t{9'007'199'254'735'000}}) {
        for (const std::uint64_t range : {1U, 2U, 90U, 990U}) {
            INFO("range of " << range << " from " << first);
            curtail::detail::IntegerCounts counts;
            std::vector<double> doubles;
            for (int blocks = 0; blocks < 60; ++blocks) {
                std::vector<std::int64_t> block(1024);
                for (std::int64_t& value : block) value = first + static_cast<std::int64_t>(random() % range);
                const auto [low, high] = std::minmax_element(block.begin(), block.end());
                if (counts.empty()) counts.begin(*low, *high);
                REQUIRE(counts.add(std::span<const std::int64_t>(block)));
                doubles.insert(doubles.end(), block.begin(), block.end());
            }
            curtail::detail::Moments counted;
            counted.add(counts);
            const curtail::detail::Moments expected = moments_of(doubles);
            CHECK(counted.count() == expected.count());
            CHECK(counted.mean() == expected.mean());
            CHECK(counted.standard_deviation() == expected.standard_deviation());
            CHECK(counted.low() == expected.low());
            CHECK(counted.high() == expected.high());
        }
    }
    curtail::detail::Moments none;
    none.add(curtail::detail::IntegerCounts());
    CHECK(none.count() == 0);
}
