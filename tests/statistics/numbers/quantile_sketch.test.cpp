// SPDX-License-Identifier: MIT
#include <curtail/statistics/numbers/quantile_sketch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

namespace {

void feed(curtail::detail::QuantileSketch& sketch, std::span<const double> values) {
    while (!values.empty()) {
        const auto block = values.first((std::min)(curtail::detail::QuantileSketch::block_size, values.size()));
        sketch.add(block);
        values = values.subspan(block.size());
    }
}

// Returns how far the ranks of `value` are from `rank`, as a share of all.
double rank_error(const std::vector<double>& sorted, double value, std::size_t rank) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    if (first == last) return 1;  // not even one of the values
    const auto low = static_cast<double>(first - sorted.begin());
    const auto high = static_cast<double>(last - sorted.begin()) - 1;
    const auto wanted = static_cast<double>(rank);
    return (std::max)({low - wanted, wanted - high, 0.0}) / static_cast<double>(sorted.size());
}

double worst_error(const curtail::detail::QuantileSketch& sketch, std::vector<double> values) {
    std::sort(values.begin(), values.end());
    double worst = 0;
    for (const std::size_t percent : {1U, 25U, 50U, 99U}) {
        const std::size_t rank = (values.size() - 1) * percent / 100;
        const auto [at, after] = sketch.values_at(rank);
        worst = (std::max)(worst, rank_error(values, at, rank));
        worst = (std::max)(worst, rank_error(values, after, (std::min)(rank + 1, values.size() - 1)));
    }
    return worst;
}

constexpr int kinds = 8;

std::vector<double> column(int kind, std::mt19937_64& random, std::size_t size) {
    std::normal_distribution<double> normal;
    std::vector<double> values(size);
    for (std::size_t i = 0; i < size; ++i) {
        const auto place = static_cast<double>(i);
        const double uniform = std::generate_canonical<double, 53>(random);
        switch (kind) {
            case 0: values[i] = normal(random); break;
            case 1: values[i] = place; break;
            case 2: values[i] = -place; break;
            case 3: values[i] = 7; break;
            case 4: values[i] = std::floor(1 / (1e-4 + uniform)); break;  // zipf: half of the values are 1
            case 5: values[i] = i % 2 == 0 ? place : -place; break;       // from the middle outwards
            case 6: values[i] = static_cast<double>(i % 1000); break;     // a period near the block's
            default: values[i] = i < size / 2 ? 1e9 + 1e-3 * uniform : -1e300 * uniform;  // a drift
        }
    }
    return values;
}

}  // namespace

TEST_CASE("QuantileSketch: finds every rank to half a percent, whatever the order", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const auto within = [&](int kind, std::size_t size) {
        INFO("kind " << kind << " of " << size << " values");
        const auto values = column(kind, random, size);
        curtail::detail::QuantileSketch sketch;
        feed(sketch, values);
        CHECK(sketch.count() == size);
        CHECK(worst_error(sketch, values) <= curtail::detail::QuantileSketch::max_rank_error);
    };
    for (int kind = 0; kind < kinds; ++kind) within(kind, 40'000);
    within(0, 520'000);  // values are sampled from 125,000 on
}

TEST_CASE("QuantileSketch: is not misled by a period that fits the groups of sampled values", "[statistics][heavy]") {
    for (const std::size_t period : {2U, 4U, 16U, 1'024U, 8'192U}) {
        std::vector<double> values(450'000);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % period);
        curtail::detail::QuantileSketch sketch;
        feed(sketch, values);
        INFO("period " << period);
        CHECK(worst_error(sketch, values) <= curtail::detail::QuantileSketch::max_rank_error);
    }
}

TEST_CASE("QuantileSketch: finds the median to a tenth of a percent of the rows as a rule", "[statistics][heavy]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    constexpr int streams = 16;
    double squares = 0;
    for (int stream = 0; stream < streams; ++stream) {
        const auto values = column(stream % 2 == 0 ? 0 : 4, random, 250'000);
        curtail::detail::QuantileSketch sketch;
        feed(sketch, values);
        const double median = sketch.values_at(values.size() / 2).first;
        double below = 0;
        double equal = 0;
        for (const double value : values) {
            below += value < median ? 1 : 0;
            equal += value == median ? 1 : 0;
        }
        const double middle = static_cast<double>(values.size()) / 2;
        const double error = (std::max)({below - middle, middle - below - equal, 0.0}) / (2 * middle);
        squares += error * error;
    }
    CHECK(std::sqrt(squares / streams) <= 0.0018);  // above 0.0011 by chance, above this once in 100,000 runs
}

TEST_CASE("QuantileSketch: merges parts to the whole within the same error", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int kind = 0; kind < kinds; ++kind) {
        const auto values = column(kind, random, 30'000);
        const std::span<const double> all = values;
        const std::size_t one = random() % all.size();
        const std::size_t two = one + random() % (all.size() - one);
        curtail::detail::QuantileSketch parts[3];
        feed(parts[0], all.first(one));
        feed(parts[1], all.subspan(one, two - one));
        feed(parts[2], all.subspan(two));
        parts[1].merge(parts[2]);
        parts[0].merge(parts[1]);
        CHECK(parts[0].count() == values.size());
        CHECK(worst_error(parts[0], values) <= curtail::detail::QuantileSketch::max_rank_error);
    }
}

TEST_CASE("QuantileSketch: merges many small parts within the same error", "[statistics]") {
    std::vector<double> values(50'000);
    std::mt19937_64 random(1);
    for (double& value : values) value = static_cast<double>(random() % 1'000'000);
    curtail::detail::QuantileSketch whole;
    for (std::size_t i = 0; i < values.size(); i += 100) {
        curtail::detail::QuantileSketch part;
        part.add(std::span<const double>(values).subspan(i, 100));
        whole.merge(part);
    }
    CHECK(whole.count() == values.size());
    CHECK(worst_error(whole, values) <= curtail::detail::QuantileSketch::max_rank_error);
}

TEST_CASE("QuantileSketch: answers exactly what fits one level, and repeats the last value at the end",
          "[statistics]") {
    curtail::detail::QuantileSketch sketch;
    sketch.add(std::vector<double>{5, 1, 3});
    CHECK(sketch.values_at(0) == std::pair(1.0, 3.0));
    CHECK(sketch.values_at(1) == std::pair(3.0, 5.0));
    CHECK(sketch.values_at(2) == std::pair(5.0, 5.0));
    sketch.merge(sketch);
    CHECK(sketch.count() == 6);
    CHECK(sketch.values_at(1) == std::pair(1.0, 3.0));
}

TEST_CASE("QuantileSketch: gives the same answers for the same values", "[statistics]") {
    std::mt19937_64 random(7);
    std::vector<double> values(510'000);
    for (double& value : values) value = static_cast<double>(random());
    curtail::detail::QuantileSketch a;
    curtail::detail::QuantileSketch b;
    feed(a, values);
    feed(b, values);
    for (std::uint64_t rank = 0; rank < values.size(); rank += 250'000) CHECK(a.values_at(rank) == b.values_at(rank));
}

namespace {

curtail::detail::QuantileSketch sketch_of(const std::vector<double>& values) {
    curtail::detail::QuantileSketch sketch;
    for (std::size_t at = 0; at < values.size(); at += 1024) {
        sketch.add(std::span(values).subspan(at, (std::min)(values.size() - at, std::size_t{1024})));
    }
    return sketch;
}

}  // namespace

TEST_CASE("QuantileSketch: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::detail::QuantileSketch;
    std::mt19937_64 random(test_seed());
    for (const std::size_t size : {0U, 1U, 5000U, 300'000U}) {
        std::vector<double> values(size);
        for (double& value : values) value = std::normal_distribution<>(0, 1)(random);
        const QuantileSketch sketch = sketch_of(values);
        const QuantileSketch back = check_packed(
            sketch, random(), [](auto& in) { return QuantileSketch::unpack(in); },
            [&](const QuantileSketch& other) {
                QuantileSketch merged = sketch;
                merged.merge(other);
                if (merged.count() != 0) static_cast<void>(merged.values_at(merged.count() / 2));
            });
        if (size == 0) continue;
        QuantileSketch a = sketch;
        QuantileSketch b = back;
        a.merge(sketch);
        b.merge(back);
        for (const std::uint64_t rank : {std::uint64_t{0}, a.count() / 3, a.count() - 1}) {
            CHECK(a.values_at(rank) == b.values_at(rank));
        }
    }
}

TEST_CASE("QuantileSketch: keeps its promise when it is condensed", "[statistics]") {
    std::mt19937_64 random(test_seed());
    std::vector<double> values(400'000);
    for (double& value : values) value = static_cast<double>(random() >> 11U);
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    curtail::detail::QuantileSketch sketch = sketch_of(values);
    const std::size_t whole = packed(sketch).size();
    for (const std::size_t kept : {4096U, 1024U, 512U}) {
        sketch.condense(kept);
        CHECK(packed(sketch).size() < (std::min)(whole, (kept + 100) * 8));
        CHECK(sketch.count() == values.size());
        for (int percent = 0; percent < 100; percent += 10) {
            const std::uint64_t rank = values.size() * static_cast<std::uint64_t>(percent) / 100;
            const double found = sketch.values_at(rank).first;
            const auto at = std::lower_bound(sorted.begin(), sorted.end(), found) - sorted.begin();
            const double off =
                (static_cast<double>(at) - static_cast<double>(rank)) / static_cast<double>(values.size());
            CHECK(std::abs(off) <= curtail::detail::QuantileSketch::max_rank_error);
        }
    }
}
