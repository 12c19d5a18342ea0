// SPDX-License-Identifier: MIT
#include <curtail/statistics/column/column_statistics.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

using curtail::Cell;
using curtail::detail::ColumnBounds;
using curtail::detail::ColumnStatistics;

TEST_CASE("ColumnStatistics: leaves out what is not finite at any place of a block", "[statistics]") {
    using Limits = std::numeric_limits<double>;
    for (const std::size_t at : {0U, 1U, 500U, 1'023U, 1'024U, 2'047U}) {
        std::vector<double> values(2'048, 0.5);
        values[at] = -Limits::quiet_NaN();
        values[2'047 - at] = -Limits::infinity();
        values[(at + 700) % 2'048] = Limits::infinity();
        ColumnStatistics column({});
        column.add(std::span<const double>(values));
        ColumnStatistics one_by_one({});
        for (const double value : values) one_by_one.add(Cell(value));
        const curtail::PredictionStats stats = column.result();
        CHECK(stats == one_by_one.result());
        CHECK(stats.n_null == 1);
        CHECK(stats.histogram == curtail::Histogram{0.5, 0.5, {2'045}});
        CHECK(stats.median == 0.5);
        CHECK_FALSE(stats.min);
    }
}

TEMPLATE_TEST_CASE("ColumnStatistics: describe blocks of integers as the integers one by one", "[statistics]",
                   std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t, std::int64_t,
                   std::uint64_t, long, long long) {
    using Wide = std::conditional_t<std::is_signed_v<TestType>, std::int64_t, std::uint64_t>;
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    ColumnStatistics blocks({.exact_median_values = 2'000});
    ColumnStatistics one_by_one({.exact_median_values = 2'000});
    std::vector<TestType> values;
    for (int round = 0; round < 40; ++round) {
        // Most blocks are near each other and counted. Some range over the type, some are short.
        const std::uint64_t range = round % 9 == 5 ? 0 : 100;
        values.resize(round % 11 == 7 ? 300 : 1'024);
        for (TestType& value : values) {
            value = static_cast<TestType>(range == 0 ? random() : random() % range);
            one_by_one.add(Cell(static_cast<Wide>(value)));
        }
        blocks.add(std::span<const TestType>(values));
        if (round % 13 != 12) continue;
        CHECK(blocks.result() == one_by_one.result());
        const ColumnStatistics back = unpacked(
            packed(blocks), [](auto& in) { return ColumnStatistics::unpack(in, {.exact_median_values = 2'000}); });
        CHECK(back.result() == one_by_one.result());
        ColumnStatistics merged({.exact_median_values = 2'000});
        merged.merge(back);
        CHECK(merged.result().min == one_by_one.result().min);
        CHECK(merged.result().max == one_by_one.result().max);
    }
}

namespace {

// Rows of every kind, or of one.
void fill(ColumnStatistics& column, std::mt19937_64& random, std::size_t rows, unsigned kinds) {
    const std::string decimals[] = {"1.50", "-99999999999999999999999.25", "18446744073709551616"};
    std::string text;
    for (std::size_t i = 0; i < rows; ++i) {
        switch (random() % kinds) {
            case 0: column.add(Cell(std::normal_distribution<>(0, 1e3)(random))); break;
            case 1: column.add(Cell(static_cast<std::int64_t>(random()) >> random() % 64)); break;
            case 2: column.add(Cell(random() % 2 == 0)); break;
            case 3: column.add(Cell(curtail::Null())); break;
            case 4: column.add(Cell(curtail::Decimal{decimals[random() % 3]})); break;
            case 5: column.add(Cell(std::numeric_limits<double>::infinity())); break;
            case 6: column.add(Cell(random() | std::uint64_t{1} << 63U)); break;
            default:
                text.assign(random() % 8 == 0 ? 300 : 3, static_cast<char>('a' + random() % 26));
                column.add(Cell(std::string_view(text)));
        }
    }
}

}  // namespace

TEST_CASE("ColumnStatistics: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    std::mt19937_64 random(test_seed());
    const curtail::StatisticsOptions options{.exact_median_values = 2000, .max_classes = 20, .max_number_classes = 10};
    for (const std::size_t rows : {0U, 10U, 3000U}) {
        for (const unsigned kinds : {1U, 2U, 3U, 8U}) {
            ColumnStatistics column(options);
            fill(column, random, rows, kinds);
            const ColumnStatistics back = check_packed(
                column, random(), [&](auto& in) { return ColumnStatistics::unpack(in, options); },
                [&](const ColumnStatistics& other) {
                    ColumnStatistics merged = column;
                    merged.merge(other);
                    static_cast<void>(merged.result());
                });
            CHECK(back.result() == column.result());
            ColumnStatistics twice = column;
            ColumnStatistics merged = back;
            twice.merge(column);
            merged.merge(back);
            CHECK(merged.result() == twice.result());
        }
    }
}

TEST_CASE("ColumnStatistics: becomes as small as it promises, and keeps counts and extremes", "[statistics]") {
    std::mt19937_64 random(test_seed());
    for (const unsigned kinds : {1U, 2U, 8U}) {
        ColumnStatistics column({});
        fill(column, random, 60'000, kinds);
        const curtail::PredictionStats exact = column.result();
        column.keep_at_most(ColumnStatistics::smallest_bounds);
        CHECK(packed(column).size() <= ColumnStatistics::smallest_pack({}));
        const curtail::PredictionStats small = column.result();
        CHECK(small.n_rows == exact.n_rows);
        CHECK(small.n_null == exact.n_null);
        CHECK(small.min == exact.min);
        CHECK(small.max == exact.max);
        CHECK(small.mean.has_value() == exact.mean.has_value());
        CHECK(small.class_counts_are_lower_bounds == (kinds == 8));
    }
}

namespace {

ColumnStatistics numbers(std::size_t count) {
    std::mt19937_64 random(test_seed());
    ColumnStatistics column({});
    for (std::size_t i = 0; i < count; ++i) column.add(Cell(std::normal_distribution<>(0, 1)(random)));
    return column;
}

ColumnStatistics labels(std::size_t count) {
    ColumnStatistics column({});
    for (std::size_t i = 0; i < count; ++i) column.add(Cell(std::string_view("label " + std::to_string(i % 700))));
    return column;
}

}  // namespace

TEST_CASE("ColumnBounds: give up nothing where nothing is bounded", "[statistics]") {
    for (ColumnStatistics column : {numbers(20'000), labels(5'000)}) {
        const std::string before = packed(column);
        column.keep_at_most({});
        CHECK(packed(column) == before);
    }
}

TEST_CASE("ColumnBounds: each bounds what it names, and counts, extremes and moments stay exact", "[statistics]") {
    const ColumnStatistics whole = numbers(20'000);
    for (const ColumnBounds bounds : {ColumnBounds{.numbers = 1'024}, {.ranked = 64}, {.labels = 1}}) {
        ColumnStatistics column = whole;
        column.keep_at_most(bounds);
        CHECK(column.kept_numbers() <= bounds.numbers);
        CHECK(packed(column).size() <= packed(whole).size());
        const auto before = whole.result();
        const auto after = column.result();
        CHECK(after.n_rows == before.n_rows);
        CHECK(after.n_null == before.n_null);
        CHECK(after.min == before.min);
        CHECK(after.max == before.max);
        CHECK(after.mean == before.mean);
        CHECK(after.std == before.std);
    }
    ColumnStatistics few = labels(5'000);
    few.keep_at_most({.labels = 100});
    CHECK(few.kept_labels() <= 100);
    CHECK(few.result().n_rows == 5'000);
    CHECK(few.result().class_distribution == labels(5'000).result().class_distribution);  // the most frequent ones
    few.add(Cell(std::string_view("label 699")));                                         // was counted and forgotten
    few.keep_at_most({.labels = 0});
    CHECK(few.kept_labels() == 0);
    CHECK(few.result().n_rows == 5'001);
}
