// SPDX-License-Identifier: MIT
#include <curtail/statistics/column/column_bounds.hpp>

#include <cstddef>
#include <random>
#include <string>

#include <curtail/core/pack/packer.hpp>
#include <curtail/statistics/column/column_statistics.hpp>

#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::Cell;
using curtail::detail::ColumnBounds;
using curtail::detail::ColumnStatistics;

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

std::string packed(const ColumnStatistics& column) {
    curtail::detail::Packer packer;
    column.pack(packer);
    return packer.take();
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
