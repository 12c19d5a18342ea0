// SPDX-License-Identifier: MIT
#include <curtail/table/batch/observed_types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <curtail/table/columns.hpp>
#include <curtail/table/prediction/joined.hpp>
#include <curtail/table/rows.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::Decimal;
using curtail::Null;
using curtail::Schema;
using curtail::TimeUnit;
using curtail::detail::ObservedTypes;
using table_maker::MadeTable;

namespace {

std::string seen(const std::vector<Cell>& cells) {
    MadeTable table;
    table.columns = Schema({{"a", {CellKind::any}}});
    for (const Cell& cell : cells) table.add_row({cell});
    ObservedTypes types(table.columns);
    types.add(table);
    return types.dtype(0);
}

// One row of open columns, read by rows alone. Counts the cells that it gives.
struct CountedRow {
    Schema columns;
    std::size_t* given;

    const Schema& schema() const { return columns; }
    std::size_t rows() const { return 1; }
    template <class Visitor>
    void visit_row_from(std::size_t, std::size_t first, Visitor&& visit) const {
        for (std::size_t column = first; column < columns.size(); ++column, ++*given) visit(std::int64_t{1});
    }
};

}  // namespace

TEST_CASE("ObservedTypes: names a column of one kind by that kind, nulls or not", "[table]") {
    const std::pair<Cell, std::string> kinds[] = {
        {true, "bool"},
        {std::int64_t{-1}, "int64"},
        {std::int64_t{INT64_MAX}, "int64"},
        {std::uint64_t{1}, "int64"},
        {std::uint64_t{UINT64_MAX}, "uint64"},
        {1.5F, "float64"},
        {1.5, "float64"},
        {Decimal{"12"}, "int64"},
        {Decimal{"-9223372036854775808"}, "int64"},
        {Decimal{"-9223372036854775809"}, "decimal"},
        {Decimal{"9223372036854775807"}, "int64"},
        {Decimal{"9223372036854775808"}, "uint64"},
        {Decimal{"18446744073709551615"}, "uint64"},
        {Decimal{"18446744073709551616"}, "decimal"},
        {Decimal{"1.5"}, "float64"},
        {Decimal{"1e5"}, "float64"},
        {std::string_view("text"), "string"},
        {curtail::Bytes{"x"}, "bytes"},
        {curtail::Timestamp{0, TimeUnit::millisecond}, "datetime64[ms]"},
        {curtail::Timestamp{0, TimeUnit::nanosecond, "UTC"}, "datetime64[ns, UTC]"},
        {curtail::Date{0}, "date"},
        {curtail::TimeOfDay{0, TimeUnit::second}, "time"},
        {curtail::Duration{0, TimeUnit::second}, "timedelta64[s]"},
        {curtail::Nested{"[]"}, "nested"},
    };
    for (const auto& [cell, name] : kinds) {
        CHECK(seen({cell}) == name);
        CHECK(seen({Null{}, cell, Null{}}) == name);
    }
    const auto verbatim = [](std::string_view text) {
        return curtail::Verbatim{text, curtail::Verbatim::Meaning::number};
    };
    CHECK(seen({verbatim("+1234567891"), curtail::Verbatim{"NA", curtail::Verbatim::Meaning::null}}) == "int64");
    CHECK(seen({verbatim(" 1"), verbatim(".5")}) == "float64");
    CHECK(seen({verbatim("inf")}) == "float64");
    CHECK(seen({curtail::Verbatim{"true", curtail::Verbatim::Meaning::boolean}}) == "bool");
    CHECK(seen({}) == "null");
    CHECK(seen({Null{}}) == "null");
}

TEST_CASE("ObservedTypes: names numbers of several kinds by the kind that holds them all", "[table]") {
    CHECK(seen({std::int64_t{1}, 1.5}) == "float64");
    CHECK(seen({std::int64_t{1}, std::uint64_t{UINT64_MAX}}) == "uint64");
    CHECK(seen({std::int64_t{-1}, std::uint64_t{UINT64_MAX}}) == "decimal");
    CHECK(seen({Decimal{"18446744073709551616"}, 1.5}) == "decimal");
}

TEST_CASE("ObservedTypes: names a mixture object", "[table]") {
    CHECK(seen({std::int64_t{1}, std::string_view("x")}) == "object");
    CHECK(seen({true, std::int64_t{1}}) == "object");
    CHECK(seen({curtail::Date{0}, curtail::Timestamp{0, TimeUnit::second}}) == "object");
}

TEST_CASE("ObservedTypes: does not look at columns of declared types", "[table]") {
    MadeTable table;
    table.columns = Schema({{"a", {CellKind::int8}},
                            {"b", {CellKind::any}},
                            {"c", {CellKind::timestamp, TimeUnit::second, "Europe/Berlin"}}});
    table.add_row({std::string_view("text"), std::string_view("text"), Null{}});
    ObservedTypes types(table.columns);
    types.add(table);
    CHECK(types.dtype(0) == "int8");
    CHECK(types.dtype(1) == "string");
    CHECK(types.dtype(2) == "datetime64[s, Europe/Berlin]");
}

TEST_CASE("ObservedTypes: gives the same names in batches of any size", "[table]") {
    const std::uint64_t seed = test_seed();
    for (std::uint64_t i = 0; i < 200; ++i) {
        INFO("seed " << seed + i);
        table_maker::TableMaker random(seed + i);
        MadeTable table;
        table.columns = Schema({{"a", {}}, {"b", {}}});
        for (std::uint64_t row = random.below(12); row > 0; --row) {
            const auto cell = [&] { return random.cell(table, random.any_kind(), 10); };
            table.add_row({cell(), cell()});
        }
        ObservedTypes whole(table.columns);
        whole.add(table);
        ObservedTypes parts(table.columns);
        for (std::size_t row = 0; row < table.rows();) {
            const std::size_t count = random.below((std::min)(table.rows() - row, std::size_t{4}) + 1);
            parts.add(curtail::RowSlice<MadeTable>(table, row, count));
            row += count;
        }
        REQUIRE(parts.dtype(0) == whole.dtype(0));
        REQUIRE(parts.dtype(1) == whole.dtype(1));
    }
}

TEST_CASE("ObservedTypes: takes unit and zone of times from the values, by rows and by columns", "[table]") {
    using curtail::Timestamp;
    const std::vector<Timestamp> stamps = {{0, TimeUnit::second, "Europe/Berlin"},
                                           {1, TimeUnit::second, "Europe/Berlin"}};
    const std::vector<std::optional<curtail::Duration>> durations = {{}, curtail::Duration{1, TimeUnit::nanosecond}};
    const std::vector<int> numbers = {1, 2};
    const auto table =
        curtail::columns(curtail::column("n", numbers), curtail::column("t", stamps), curtail::column("d", durations));
    ObservedTypes types(table.schema());
    types.add(table);
    CHECK(types.dtype(0) == "int32");
    CHECK(types.dtype(1) == "datetime64[s, Europe/Berlin]");
    CHECK(types.dtype(2) == "timedelta64[ns]");
    const auto by_rows = curtail::tuples(std::vector{std::pair(stamps[0], durations[1])}, {"t", "d"});
    ObservedTypes same(by_rows.schema());
    same.add(by_rows);
    CHECK(same.dtype(0) == "datetime64[s, Europe/Berlin]");
    CHECK(same.dtype(1) == "timedelta64[ns]");
    ObservedTypes nothing(table.schema());
    CHECK(nothing.dtype(1) == "datetime64[us]");
}

TEST_CASE("ObservedTypes: times of several units or zones are a mixture", "[table]") {
    using curtail::Timestamp;
    CHECK(seen({Timestamp{0, TimeUnit::second}, Timestamp{0, TimeUnit::millisecond}}) == "object");
    CHECK(seen({Timestamp{0, TimeUnit::second}, Timestamp{0, TimeUnit::second, "UTC"}}) == "object");
    CHECK(seen({Timestamp{0, TimeUnit::second, "UTC"}, Timestamp{0, TimeUnit::second, "UTC"}}) == "datetime64[s, UTC]");
}

TEST_CASE("ObservedTypes: may watch times alone", "[table]") {
    MadeTable table;
    table.columns = Schema({{"a", {}}, {"b", {.kind = CellKind::timestamp, .guessed = true}}});
    table.add_row({true, curtail::Timestamp{0, TimeUnit::millisecond}});
    ObservedTypes types(table.columns, ObservedTypes::Watch::times);
    types.add(table);
    CHECK(types.type(0) == curtail::ColumnType{});
    CHECK(types.type(1) == curtail::ColumnType{CellKind::timestamp, TimeUnit::millisecond});
}

TEST_CASE("ObservedTypes: reads a row once, not once per column, where a table of rows has a column beside it",
          "[table]") {
    std::size_t given = 0;
    const Schema open(std::vector<curtail::ColumnSpec>(100, curtail::ColumnSpec("a")));
    const auto scores = curtail::columns(curtail::column("p", {0.5}));
    std::vector<curtail::ColumnSpec> both = open.columns();
    both.push_back(scores.schema()[0]);
    const curtail::detail::JoinedTable<CountedRow, decltype(scores)&> table({open, &given}, scores, Schema(both, 1));
    ObservedTypes types(table.schema());
    types.add(table);
    CHECK(types.dtype(99) == "int64");
    CHECK(given == 100);
}
