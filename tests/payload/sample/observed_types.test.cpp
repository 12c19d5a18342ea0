// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/observed_types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

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

}  // namespace

TEST_CASE("ObservedTypes: names a column of one kind by that kind, nulls or not", "[payload]") {
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

TEST_CASE("ObservedTypes: names numbers of several kinds by the kind that holds them all", "[payload]") {
    CHECK(seen({std::int64_t{1}, 1.5}) == "float64");
    CHECK(seen({std::int64_t{1}, std::uint64_t{UINT64_MAX}}) == "uint64");
    CHECK(seen({std::int64_t{-1}, std::uint64_t{UINT64_MAX}}) == "decimal");
    CHECK(seen({Decimal{"18446744073709551616"}, 1.5}) == "decimal");
}

TEST_CASE("ObservedTypes: names a mixture object", "[payload]") {
    CHECK(seen({std::int64_t{1}, std::string_view("x")}) == "object");
    CHECK(seen({true, std::int64_t{1}}) == "object");
    CHECK(seen({curtail::Date{0}, curtail::Timestamp{0, TimeUnit::second}}) == "object");
}

TEST_CASE("ObservedTypes: does not look at columns of declared types", "[payload]") {
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

TEST_CASE("ObservedTypes: gives the same names in batches of any size", "[payload]") {
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
