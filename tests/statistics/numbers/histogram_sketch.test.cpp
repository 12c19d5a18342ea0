// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/histogram_sketch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include <curtail/statistics/numbers/integer_counts.hpp>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

namespace {

using Counts = std::vector<std::uint64_t>;

curtail::detail::HistogramSketch sketch_of(std::span<const double> values, std::size_t block = 1000) {
    curtail::detail::HistogramSketch sketch;
    while (!values.empty()) {
        const auto part = values.first((std::min)(block, values.size()));
        const auto [low, high] = std::minmax_element(part.begin(), part.end());
        sketch.add(part, *low, *high);
        values = values.subspan(part.size());
    }
    return sketch;
}

// Returns true if each inner edge divides the values where the histogram says, or up to 1/1024 of the range above.
bool divides(const curtail::Histogram& histogram, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const long double range = static_cast<long double>(histogram.high) - histogram.low;
    const long double digits = 4e-16L * (std::abs(static_cast<long double>(histogram.low)) + range);  // of a double
    std::uint64_t below = 0;
    for (std::size_t bin = 0; bin + 1 < histogram.counts.size(); ++bin) {
        below += histogram.counts[bin];
        const long double edge = histogram.low + range * static_cast<long double>(bin + 1) /
                                                     static_cast<long double>(histogram.counts.size());
        const auto count_below = [&](long double limit) {
            return static_cast<std::uint64_t>(std::lower_bound(values.begin(), values.end(), limit) - values.begin());
        };
        if (below < count_below(edge - digits) || below > count_below(edge + range / 1024 + digits)) return false;
    }
    return below + histogram.counts.back() == values.size();
}

}  // namespace

TEST_CASE("histogram_of: counts as numpy.histogram does", "[statistics]") {
    // numpy.histogram([1, 2, 2.5, 3, 4, 9], bins=4): 3, 2, 0, 1 between the edges 1, 3, 5, 7, 9
    const std::vector<double> few{1, 2, 2.5, 3, 4, 9};
    CHECK(curtail::detail::histogram_of(few, 1, 9, 4) == curtail::Histogram{1, 9, {3, 2, 0, 1}});
    // numpy.histogram([i / 10 for i in range(11)], bins=10): 0.3 lies below the double that is the edge
    std::vector<double> tenths;
    for (int i = 0; i <= 10; ++i) tenths.push_back(i / 10.0);
    CHECK(curtail::detail::histogram_of(tenths, 0, 1, 10).counts == Counts{1, 1, 2, 0, 1, 2, 1, 0, 1, 2});
    CHECK(curtail::detail::histogram_of(std::vector<double>{2, 2}, 2, 2, 5) == curtail::Histogram{2, 2, {2}});
}

TEST_CASE("HistogramSketch: counts a range beyond a double's and one too narrow to divide", "[statistics]") {
    constexpr double greatest = (std::numeric_limits<double>::max)();
    constexpr double least = std::numeric_limits<double>::denorm_min();
    CHECK(curtail::detail::histogram_of(std::vector<double>{-greatest, 0, greatest}, -greatest, greatest, 4).counts ==
          Counts{1, 0, 1, 1});
    CHECK(curtail::detail::histogram_of(std::vector<double>{0, least}, 0, least, 4).counts == Counts{2});
    const std::vector<double> wide{-greatest, -1, 0, 1, greatest};
    const auto histogram = sketch_of(wide, 1).result(20);
    CHECK(std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::uint64_t{0}) == 5);
    CHECK(histogram.low == -greatest);
    CHECK(histogram.high == greatest);
    const std::vector<double> tiny{-least, 0, least, 1e-310, -1e-320, 1e300, -1e-300};
    CHECK(sketch_of(tiny, 1).result(20).counts.front() == 6);
}

TEST_CASE("HistogramSketch: has as many bins as asked for, from the least value to the greatest", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<std::vector<double>> columns(6, std::vector<double>(50'000));
    for (std::size_t i = 0; i < 50'000; ++i) {
        columns[0][i] = normal(random);
        columns[1][i] = static_cast<double>(i);
        columns[2][i] = 1000 - static_cast<double>(i);
        columns[3][i] = 1e9 + 1e-3 * normal(random);
        columns[4][i] = std::exp(6 * normal(random));
        columns[5][i] = i == 40'000 ? 1e12 : normal(random);
    }
    for (const auto& values : columns) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        for (const std::size_t bins : {1U, 3U, 20U, 512U}) {
            const auto histogram = sketch_of(values).result(bins);
            CHECK(divides(histogram, values));
            CHECK(histogram.counts.size() == bins);
            CHECK(histogram.low == *low);
            CHECK(histogram.high == *high);
            CHECK(histogram.counts.front() > 0);
        }
    }
}

TEST_CASE("HistogramSketch: counts integers as exactly as it does in memory", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (const int range : {2, 7, 20, 100, 500}) {
        std::vector<double> values(5'000);
        for (double& value : values) value = static_cast<double>(random() % static_cast<unsigned>(range)) - 3;
        values[0] = -3;
        values[1] = range - 4;
        for (const std::size_t bins : {1U, 5U, 20U}) {
            CHECK(sketch_of(values).result(bins) == curtail::detail::histogram_of(values, -3, range - 4, bins));
        }
    }
}

TEST_CASE("HistogramSketch: gives the same counts for any order and division", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (int round = 0; round < 20; ++round) {
        std::vector<double> values(1 + random() % 5000);
        for (double& value : values) value = std::exp(4 * normal(random)) - 3;
        const auto whole = sketch_of(values).result(20);
        std::shuffle(values.begin(), values.end(), random);
        CHECK(sketch_of(values, 1 + random() % 700).result(20) == whole);
        const std::span<const double> all = values;
        const std::size_t cut = random() % all.size();
        auto left = sketch_of(all.first(cut));
        left.merge(sketch_of(all.subspan(cut)));
        CHECK(left.result(20) == whole);
        auto right = sketch_of(all.subspan(cut));
        right.merge(sketch_of(all.first(cut)));
        CHECK(right.result(20) == whole);
    }
}

TEST_CASE("HistogramSketch: gives one bin for one value and none for nothing", "[statistics]") {
    CHECK(sketch_of(std::vector<double>{0.1, 0.1, 0.1}, 2).result(20) == curtail::Histogram{0.1, 0.1, {3}});
    CHECK(sketch_of({}).result(20) == curtail::Histogram{});
}

TEST_CASE("HistogramSketch: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::detail::HistogramSketch;
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 6; ++round) {
        HistogramSketch sketch;
        std::vector<double> values(random() % 300);
        const double scale = std::exp2(static_cast<double>(random() % 2000) - 1000);
        for (double& value : values) value = std::normal_distribution<>(0, 1)(random) * scale;
        for (const double value : values) sketch.add(std::vector<double>{value}, value, value);
        const HistogramSketch back = check_packed(
            sketch, random(), [](auto& in) { return HistogramSketch::unpack(in); },
            [&](const HistogramSketch& other) {
                HistogramSketch merged = sketch;
                merged.merge(other);
                static_cast<void>(merged.result(20));
                merged = other;
                merged.merge(sketch);
            });
        CHECK(back.count() == values.size());
        CHECK(back.result(20) == sketch.result(20));
        HistogramSketch twice = sketch;
        HistogramSketch merged = back;
        twice.merge(sketch);
        merged.merge(back);
        CHECK(merged.result(512) == twice.result(512));
        CHECK(packed(sketch).size() <= HistogramSketch::max_packed_bytes);
    }
}

TEST_CASE("HistogramSketch: takes counted integers as it takes them one by one", "[statistics]") {
    curtail::detail::IntegerCounts counts;
    std::vector<double> values;
    for (const std::vector<std::int64_t>& block : {std::vector<std::int64_t>{-7, 0, 3, 3, 900}, {1'200}, {0, 0}}) {
        const auto [low, high] = std::minmax_element(block.begin(), block.end());
        if (counts.empty()) counts.begin(*low, *high);
        CHECK(counts.add(std::span<const std::int64_t>(block)));
        values.insert(values.end(), block.begin(), block.end());
    }
    curtail::detail::HistogramSketch counted;
    counted.add(counts);
    CHECK(counted.count() == values.size());
    CHECK(counted.result(20).counts == sketch_of(values).result(20).counts);
    counted.add(curtail::detail::IntegerCounts());
    CHECK(counted.count() == values.size());
}
