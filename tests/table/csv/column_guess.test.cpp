// SPDX-License-Identifier: MIT
#include <curtail/table/csv/column_guess.hpp>

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "catch.hpp"

using curtail::Cell;
using curtail::CellKind;

namespace {

CellKind kind_of(std::initializer_list<std::string_view> texts) {
    curtail::detail::CsvColumnGuess guess;
    for (const std::string_view text : texts) guess.see(text);
    return guess.kind();
}

}  // namespace

TEST_CASE("CsvColumnGuess: a column's kind is what all its cells have in common", "[table]") {
    CHECK(kind_of({}) == CellKind::any);
    CHECK(kind_of({"1", "-2", "9223372036854775807"}) == CellKind::int64);
    CHECK(kind_of({"1", "9223372036854775808"}) == CellKind::uint64);
    CHECK(kind_of({"-1", "9223372036854775808"}) == CellKind::decimal);
    CHECK(kind_of({"18446744073709551616"}) == CellKind::decimal);
    CHECK(kind_of({"1", "2.5"}) == CellKind::float64);
    CHECK(kind_of({"1", "nan"}) == CellKind::float64);
    CHECK(kind_of({"+3"}) == CellKind::float64);
    CHECK(kind_of({"1", "x"}) == CellKind::text);
    CHECK(kind_of({"x", "1"}) == CellKind::text);
    CHECK(kind_of({"007"}) == CellKind::text);
    CHECK(kind_of({""}) == CellKind::text);
    CHECK(kind_of({"True", "False"}) == CellKind::boolean);
    CHECK(kind_of({"True", "true"}) == CellKind::text);
    CHECK(kind_of({"True", "1"}) == CellKind::text);
}

TEST_CASE("csv_cell: a cell has the kind of its column, or is text", "[table]") {
    const auto holds = [](const Cell& cell, std::string_view digits) {
        const auto* decimal = std::get_if<curtail::Decimal>(&cell);
        return decimal != nullptr && decimal->digits == digits;
    };
    CHECK(holds(curtail::detail::csv_cell("1.50", CellKind::float64), "1.50"));
    CHECK(holds(curtail::detail::csv_cell("1.50", CellKind::int64), "1.50"));
    CHECK(holds(curtail::detail::csv_cell("123456789012345678901", CellKind::int64), "123456789012345678901"));
    CHECK(std::get<double>(curtail::detail::csv_cell(".5", CellKind::int64)) == 0.5);
    CHECK(std::isnan(std::get<double>(curtail::detail::csv_cell("NaN", CellKind::float64))));
    CHECK(std::get<std::string_view>(curtail::detail::csv_cell("n/a", CellKind::int64)) == "n/a");
    CHECK(std::get<std::string_view>(curtail::detail::csv_cell("007", CellKind::int64)) == "007");
    CHECK(std::get<std::string_view>(curtail::detail::csv_cell("1", CellKind::text)) == "1");
    CHECK(std::get<bool>(curtail::detail::csv_cell("True", CellKind::boolean)));
    CHECK(std::get<std::string_view>(curtail::detail::csv_cell("1", CellKind::boolean)) == "1");
    CHECK(holds(curtail::detail::csv_cell("1", CellKind::any), "1"));
    CHECK_FALSE(std::get<bool>(curtail::detail::csv_cell("False", CellKind::any)));
    CHECK(std::get<std::string_view>(curtail::detail::csv_cell("x", CellKind::any)) == "x");
}
