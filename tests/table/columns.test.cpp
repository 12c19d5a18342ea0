// SPDX-License-Identifier: MIT
#include <curtail/table/columns.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/described.hpp"

using curtail::column;
using curtail::columns;

static_assert(curtail::ColumnValues<std::vector<int>> && curtail::ColumnValues<std::vector<bool>> &&
              curtail::ColumnValues<std::deque<int>> && curtail::ColumnValues<std::array<int, 2>> &&
              curtail::ColumnValues<std::span<const int>> && curtail::ColumnValues<int (&)[2]> &&
              curtail::ColumnValues<const std::string&>);
static_assert(!curtail::ColumnValues<int> && !curtail::ColumnValues<std::list<int>>);
static_assert(curtail::Table<decltype(columns(column("a", std::declval<std::vector<int>&>())))>);

TEST_CASE("columns: columns of different containers stand side by side", "[table]") {
    const std::vector<double> in_vector = {0.5, 1.5};
    const std::deque<std::string> in_deque = {"a", "b"};
    const std::array<std::int16_t, 2> in_std_array = {-1, -2};
    const bool in_plain_array[] = {true, false};
    std::uint8_t behind_span[] = {7, 8, 9};
    const std::span<std::uint8_t> in_span(behind_span, 2);
    const std::vector<bool> in_bits = {false, true};

    const auto table = columns(column("v", in_vector), column("d", in_deque), column("a", in_std_array),
                               column("c", in_plain_array), column("s", in_span), column("b", in_bits));

    CHECK(table.rows() == 2);
    CHECK(table.schema() == curtail::Schema{{"v", {curtail::CellKind::float64}},
                                            {"d", {curtail::CellKind::text}},
                                            {"a", {curtail::CellKind::int16}},
                                            {"c", {curtail::CellKind::boolean}},
                                            {"s", {curtail::CellKind::uint8}},
                                            {"b", {curtail::CellKind::boolean}}});
    CHECK(table.schema().prediction_count() == 0);
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"float64 0.5", "text a", "int64 -1", "bool true", "uint64 7", "bool false"},
                                    {"float64 1.5", "text b", "int64 -2", "bool false", "uint64 8", "bool true"}});
}

TEST_CASE("columns: a variable is referred to, not copied", "[table]") {
    std::vector<int> values = {1, 2};
    const auto table = columns(column("a", values));
    values[1] = 9;
    CHECK(described_row(table, 1) == DescribedRow{"int64 9"});
}

TEST_CASE("columns: a temporary is owned, and moves with the table", "[table]") {
    auto table = columns(column("a", std::vector<std::string>{"a", "b"}), column("n", std::array{1, 2}));
    const auto moved = std::move(table);
    CHECK(described_rows(moved) == std::vector<DescribedRow>{{"text a", "int64 1"}, {"text b", "int64 2"}});

    std::vector<std::int64_t> given = {3};
    const auto owner = columns(column("n", std::move(given)));
    given = {4};
    CHECK(described_rows(owner) == std::vector<DescribedRow>{{"int64 3"}});
}

TEST_CASE("columns: elements that cannot be copied are read where they are", "[table]") {
    std::vector<std::unique_ptr<int>> pointers;
    pointers.push_back(std::make_unique<int>(5));
    pointers.push_back(nullptr);
    CHECK(described_rows(columns(column("p", pointers))) == std::vector<DescribedRow>{{"int64 5"}, {"null"}});
    const auto owner = columns(column("p", std::move(pointers)));
    CHECK(described_rows(owner) == std::vector<DescribedRow>{{"int64 5"}, {"null"}});
}

TEST_CASE("columns: holds a span by value, so that the variable may end", "[table]") {
    const std::vector<int> values = {1};
    std::span<const int> span(values);
    const auto named = column("a", span);
    CHECK_FALSE(std::is_reference_v<decltype(named.values)>);
}

TEST_CASE("columns: a row of columns can be read from any column on", "[table]") {
    const std::vector<int> a = {1};
    const std::vector<int> b = {2};
    const std::vector<int> c = {3};
    const auto table = columns(column("a", a), column("b", b), column("c", c));
    CHECK(described_row(table, 0, 0) == DescribedRow{"int64 1", "int64 2", "int64 3"});
    CHECK(described_row(table, 0, 1) == DescribedRow{"int64 2", "int64 3"});
    CHECK(described_row(table, 0, 3).empty());
}

TEST_CASE("columns: columns of unequal length are an error that names the column", "[table]") {
    const std::vector<int> two = {1, 2};
    const std::vector<int> three = {1, 2, 3};
    try {
        const auto table = columns(column("a", two), column("b", two), column("c", three));
        FAIL("accepted " << table.rows() << " rows");
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::row_count_mismatch);
        CHECK(error.column() == "c");
        CHECK(std::string(error.what()) == "[curtail.row_count_mismatch] column 'c' has 3 rows where 'a' has 2");
    }
    const std::vector<int> none;
    CHECK_THROWS_AS(columns(column("a", none), column("b", two)), curtail::TableError);
}

TEST_CASE("columns: a table may have no rows or no columns", "[table]") {
    const std::vector<double> none;
    const auto empty = columns(column("a", none));
    CHECK(empty.rows() == 0);
    CHECK(empty.schema()[0].type.kind == curtail::CellKind::float64);
    const auto nothing = columns();
    CHECK(nothing.rows() == 0);
    CHECK(nothing.schema().size() == 0);
}

TEST_CASE("column: owns values that are given in braces", "[table]") {
    const auto table = columns(column("n", {1, 2}), column("t", {"x", "y"}));
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 1", "text x"}, {"int64 2", "text y"}});
}

TEST_CASE("columns: letters are texts", "[table]") {
    const std::vector<char> letters = {'a', 'b'};
    CHECK(described_rows(columns(column("l", letters))) == std::vector<DescribedRow>{{"text a"}, {"text b"}});
}

TEST_CASE("columns: names are kept as given, doubled and empty ones too", "[table]") {
    const std::vector<int> values = {1};
    const auto table = columns(column("a", values), column("a", values), column("", values));
    CHECK(table.schema()[1].name == "a");
    CHECK(table.schema()[2].name.empty());
}

TEST_CASE("columns: columns may be read by several threads when their elements are stored somewhere", "[table]") {
    const std::vector<int> numbers;
    const std::vector<bool> flags;
    const std::deque<std::string> texts;
    const auto stored = columns(column("n", numbers), column("f", flags), column("t", texts),
                                column("s", std::span<const int>(numbers)));
    CHECK(curtail::ConcurrentTable<decltype(stored)>);
    // Makes its elements on access, and may write to itself then.
    struct Made {
        struct Iterator {
            int operator[](std::ptrdiff_t) const { return 1; }
        };
        [[nodiscard]] std::size_t size() const { return 0; }
        [[nodiscard]] Iterator begin() const { return {}; }
    };
    const auto made = columns(column("n", numbers), column("m", Made()));
    CHECK_FALSE(curtail::ConcurrentTable<decltype(made)>);
}
