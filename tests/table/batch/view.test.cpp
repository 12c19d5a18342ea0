// SPDX-License-Identifier: MIT
#include <curtail/table/batch/view.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <curtail/table/columns.hpp>
#include <curtail/table/rows.hpp>

#include "catch.hpp"

namespace {

using curtail::Cell;
using curtail::column;
using curtail::detail::BatchView;
using curtail::detail::ColumnRun;

// The index of a cell's form, and its text where it is one: enough to tell cells apart.
std::string told(const Cell& cell) {
    std::string out = std::to_string(cell.index());
    if (const auto* text = std::get_if<std::string_view>(&cell)) out += std::string(*text);
    if (const auto* number = std::get_if<std::int64_t>(&cell)) out += ":" + std::to_string(*number);
    return out;
}

std::vector<std::string> row_of(const BatchView& view, std::size_t row, std::size_t first = 0) {
    std::vector<std::string> cells;
    view.visit_row(row, first, [&](const Cell& cell) { cells.push_back(told(cell)); });
    return cells;
}

// Returns the values of a run of the type T, or none.
template <class T>
std::span<const T> values_of(const ColumnRun& run) {
    std::span<const T> found;
    run.visit([&](const auto& values) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(values)>, std::span<const T>>) found = values;
    });
    return found;
}

std::vector<std::string> expected(std::initializer_list<Cell> cells) {
    std::vector<std::string> out;
    for (const Cell& cell : cells) out.push_back(told(cell));
    return out;
}

}  // namespace

TEST_CASE("BatchView: rows are the cells of the table, whatever its type", "[table]") {
    const std::vector<int> numbers = {1, 2, 3};
    const std::deque<std::string> texts = {"a", "b", "c"};
    const std::vector<std::optional<double>> maybe = {1.5, std::nullopt, 3.5};
    const auto table = curtail::columns(column("n", numbers), column("t", texts), column("m", maybe));
    const BatchView all(table);
    REQUIRE(all.rows() == 3);
    CHECK(row_of(all, 0) == expected({std::int64_t{1}, std::string_view("a"), 1.5}));
    CHECK(row_of(all, 1) == expected({std::int64_t{2}, std::string_view("b"), curtail::Null{}}));
    CHECK(row_of(all, 2, 1) == expected({std::string_view("c"), 3.5}));
    const BatchView some(table, 1, 2);
    CHECK(some.rows() == 2);
    CHECK(row_of(some, 0) == row_of(all, 1));
    CHECK(row_of(some.slice(1, 1), 0) == row_of(all, 2));
}

TEST_CASE("BatchView: values that stand side by side come as one span, others cell by cell", "[table]") {
    const std::vector<double> doubles = {1, 2, 3, 4};
    const std::deque<std::int64_t> integers = {5, 6, 7, 8};
    const std::vector<std::string> texts = {"a", "b", "c", "d"};
    const auto table = curtail::columns(column("d", doubles), column("i", integers), column("t", texts));
    const BatchView view(table, 1, 3);
    REQUIRE(view.has_columns());
    std::size_t runs = 0;
    view.visit_column(0, [&](const ColumnRun& run) {
        ++runs;
        const auto values = values_of<double>(run);
        CHECK(values.data() == doubles.data() + 1);
        CHECK(values.size() == 3);
    });
    CHECK(runs == 1);
    std::vector<std::string> cells;
    view.visit_column(1, [&](const ColumnRun& run) {
        for (const Cell& cell : values_of<Cell>(run)) cells.push_back(told(cell));
    });
    CHECK(cells == expected({std::int64_t{6}, std::int64_t{7}, std::int64_t{8}}));
    view.visit_column(2, [&](const ColumnRun& run) { CHECK(values_of<std::string>(run).data() == texts.data() + 1); });
}

TEST_CASE("ColumnRun: a value of any type comes as a cell", "[table]") {
    const Cell cells[] = {curtail::Null{}, curtail::Verbatim{"1", curtail::Verbatim::Meaning::number}};
    const ColumnRun run{std::span<const Cell>(cells)};
    REQUIRE(run.size() == 2);
    CHECK(std::holds_alternative<curtail::Null>(run.cell(0)));
    CHECK(std::get<curtail::Verbatim>(run.cell(1)).text == "1");
    const short shorts[] = {-7, 8};
    CHECK(std::get<std::int64_t>(ColumnRun(std::span<const short>(shorts)).cell(0)) == -7);
    const unsigned char bytes[] = {1, 255};
    CHECK(std::get<std::uint64_t>(ColumnRun(std::span<const unsigned char>(bytes)).cell(1)) == 255);
    const float floats[] = {0.5F};
    CHECK(std::get<float>(ColumnRun(std::span<const float>(floats)).cell(0)) == 0.5F);
    const bool truths[] = {false, true};
    CHECK(std::get<bool>(ColumnRun(std::span<const bool>(truths)).cell(1)));
    const std::string texts[] = {"a", "b"};
    CHECK(std::get<std::string_view>(ColumnRun(std::span<const std::string>(texts)).cell(1)).data() == texts[1].data());
}

TEST_CASE("BatchView: a table without columns says so", "[table]") {
    const std::vector<std::pair<int, std::string>> pairs = {{1, "a"}};
    const auto table = curtail::tuples(pairs, {"n", "t"});
    const BatchView view(table);
    CHECK(row_of(view, 0) == expected({std::int64_t{1}, std::string_view("a")}));
    CHECK(view.has_columns() == curtail::ColumnTable<decltype(table)>);
}

TEST_CASE("BatchView: the fault of a cell gets its column and its row in the whole table", "[table]") {
    using curtail::Date;
    const std::vector<int> numbers = {1, 2, 3, 4};
    const std::vector<std::optional<Date>> days = {Date{0}, {}, Date{INT32_MIN}, Date{INT32_MIN}};
    const auto table = curtail::columns(column("n", numbers), column("d", days));
    const curtail::detail::CellFault fault("some cell");
    try {
        BatchView(table).slice(1, 3).locate_faults(101, [&] { throw curtail::detail::CellFault(fault); });
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::bad_cell);
        CHECK(error.column() == "d");
        CHECK(error.row() == 102U);
        CHECK(std::string(error.what()).starts_with("[curtail.bad_cell] row 102, column 'd': the smallest count, "));
    }
    // A getter may give another value the second time.
    try {
        BatchView(table).slice(0, 2).locate_faults(0, [&] { throw curtail::detail::CellFault(fault); });
    } catch (const curtail::TableError& error) {
        CHECK(error.what() == std::string("[curtail.bad_cell] some cell"));
        CHECK(!error.row());
    }
}
