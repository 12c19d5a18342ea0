// SPDX-License-Identifier: MIT
#include <curtail/table/prediction/chosen.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "table/described.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::Schema;
using curtail::with_prediction;

namespace {

// The columns' names and the rows from column `first` on, as one line each.
template <class T>
std::string names_and_rows(const T& table, std::size_t first = 0) {
    std::string out;
    for (const auto& column : curtail::schema_of(table).columns()) out += column.name + " ";
    for (std::size_t row = 0; row < curtail::rows_of(table); ++row) {
        out += "|";
        curtail::visit_row_from(table, row, first, [&](const auto& value) {
            curtail::visit_cell(value, [&](const auto& plain) {
                if constexpr (std::is_same_v<std::remove_cvref_t<decltype(plain)>, std::int64_t>)
                    out += " " + std::to_string(plain);
            });
        });
    }
    return out;
}

const std::vector<std::int64_t> a = {1, 2};
const std::vector<std::int64_t> b = {10, 20};
const std::vector<std::int64_t> c = {100, 200};

auto abc() {
    return curtail::columns(curtail::column("a", a), curtail::column("b", b), curtail::column("c", c));
}

// A table that can only be read from its first column on.
struct Plain {
    Schema columns{{"a", {CellKind::int64}}, {"b", {CellKind::int64}}, {"c", {CellKind::int64}}};
    std::unique_ptr<int> only_movable = {};

    [[nodiscard]] const Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return 2; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit(a[row]);
        visit(b[row]);
        visit(c[row]);
    }
};

// One row of the numbers 0 to 4, read from its first column on. Counts the cells that it gives.
struct Wide {
    std::size_t* given;
    Schema columns{"a", "b", "c", "d", "e"};

    [[nodiscard]] const Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return 1; }
    template <class Visitor>
    void visit_row(std::size_t, Visitor&& visit) const {
        for (std::int64_t cell = 0; cell < 5; ++cell, ++*given) visit(cell);
    }
};

}  // namespace

TEST_CASE("with_prediction: the chosen column comes last and is the prediction", "[table]") {
    const auto first = with_prediction(abc(), "a");
    CHECK(first.schema().prediction_count() == 1);
    CHECK(first.schema().feature_count() == 2);
    CHECK(first.schema()[2].type.kind == CellKind::int64);
    CHECK(names_and_rows(first) == "b c a | 10 100 1| 20 200 2");
    CHECK(names_and_rows(with_prediction(abc(), "b")) == "a c b | 1 100 10| 2 200 20");
    CHECK(names_and_rows(with_prediction(abc(), "c")) == "a b c | 1 10 100| 2 20 200");
}

TEST_CASE("with_prediction: last_column is the last column", "[table]") {
    CHECK(names_and_rows(with_prediction(abc(), curtail::last_column)) == "a b c | 1 10 100| 2 20 200");
    CHECK(with_prediction(abc(), curtail::last_column).schema().prediction_count() == 1);
}

TEST_CASE("with_prediction: takes the first of several columns with the same name", "[table]") {
    const auto twice = curtail::columns(curtail::column("x", a), curtail::column("x", b), curtail::column("y", c));
    CHECK(names_and_rows(with_prediction(twice, "x")) == "x y x | 10 100 1| 20 200 2");
}

TEST_CASE("with_prediction: reading can begin at any column, whether the table can skip or not", "[table]") {
    for (const char* name : {"a", "b", "c"}) {
        const auto skips = with_prediction(abc(), name);
        const auto plain = with_prediction(Plain(), name);
        for (std::size_t first = 0; first <= 4; ++first) {
            std::string expected = names_and_rows(skips, 0);
            CHECK(names_and_rows(skips, first) == names_and_rows(plain, first));
        }
    }
    CHECK(names_and_rows(with_prediction(abc(), "a"), 1) == "b c a | 100 1| 200 2");
    CHECK(names_and_rows(with_prediction(abc(), "a"), 2) == "b c a | 1| 2");
    CHECK(names_and_rows(with_prediction(abc(), "a"), 3) == "b c a ||");
}

TEST_CASE("with_prediction: reads a row twice for any number of predictions in the order of the table", "[table]") {
    std::size_t given = 0;
    const Wide wide{&given};
    CHECK(names_and_rows(with_prediction(wide, "a", "b", "d")) == "c e a b d | 2 4 0 1 3");
    CHECK(given == 10);
    CHECK(names_and_rows(with_prediction(wide, "b", "d", "a")) == "c e b d a | 2 4 1 3 0");
    CHECK(given == 25);
    CHECK(names_and_rows(with_prediction(wide, "a", "b", "d"), 3) == "c e a b d | 1 3");
}

TEST_CASE("with_prediction: a table given away is kept, one that stays is referred to", "[table]") {
    const Plain kept;
    CHECK(names_and_rows(with_prediction(kept, "b")) == "a c b | 1 100 10| 2 200 20");
    CHECK(names_and_rows(with_prediction(Plain(), "b")) == "a c b | 1 100 10| 2 200 20");
}

TEST_CASE("with_prediction: a single column can be the prediction", "[table]") {
    const auto only = with_prediction(curtail::columns(curtail::column("p", a)), curtail::last_column);
    CHECK(only.schema().feature_count() == 0);
    CHECK(names_and_rows(only) == "p | 1| 2");
}

TEST_CASE("with_prediction: a stream is selected from batch by batch", "[table]") {
    std::int64_t row = 0;
    auto stream = with_prediction(curtail::generate(Schema({{"a", {CellKind::int64}}, {"b", {CellKind::int64}}}),
                                                    [&row](std::span<Cell> cells) {
                                                        cells[0] = row;
                                                        cells[1] = 10 * row;
                                                        return row++ < 3;
                                                    }),
                                  "a");
    static_assert(curtail::TableStream<decltype(stream)>);
    CHECK(stream.schema().prediction_count() == 1);
    std::string all;
    while (const auto* batch = stream.next()) all += names_and_rows(*batch) + ";";
    CHECK(all == "b a | 0 0;b a | 10 1;b a | 20 2;");
}

TEST_CASE("with_prediction: batches of a stream can be read by column", "[table]") {
    struct Once {
        decltype(abc()) table = abc();
        bool done = false;

        [[nodiscard]] const Schema& schema() const { return table.schema(); }
        [[nodiscard]] const decltype(table)* next() { return std::exchange(done, true) ? nullptr : &table; }
    };
    auto stream = with_prediction(Once(), "b");
    const auto* const batch = stream.next();
    static_assert(curtail::ColumnTable<std::remove_cvref_t<decltype(*batch)>>);
    CHECK(described_rows(*batch) ==
          std::vector<DescribedRow>{{"int64 1", "int64 100", "int64 10"}, {"int64 2", "int64 200", "int64 20"}});
}

TEST_CASE("with_prediction: a last column without a name is not taken by default", "[table]") {
    for (const auto* nameless : {"", " "}) {
        const auto table =
            curtail::columns(curtail::column("a", a), curtail::column("p", b), curtail::column(nameless, c));
        CHECK(curtail::schema_of(with_prediction(table, "p"))[2].name == "p");
        try {
            static_cast<void>(with_prediction(table, curtail::last_column));
            FAIL("taken");
        } catch (const curtail::TableError& error) {
            CHECK(error.code() == curtail::ErrorCode::invalid_schema);
            CHECK(std::string(error.what()).find("has no name") != std::string::npos);
            CHECK(std::string(error.what()).find("'a', 'p', '") != std::string::npos);
        }
    }
    const auto first = curtail::columns(curtail::column("", a), curtail::column("p", b));
    CHECK(curtail::schema_of(with_prediction(first, curtail::last_column))[1].name == "p");
}

TEST_CASE("with_prediction: spaces around a name do not count where no column has the very name", "[table]") {
    const auto spaced = curtail::columns(curtail::column(" p", a), curtail::column("q", b));
    CHECK(curtail::schema_of(with_prediction(spaced, "p"))[1].name == " p");
    CHECK(curtail::schema_of(with_prediction(spaced, " q "))[1].name == "q");
    const auto both = curtail::columns(curtail::column(" p", a), curtail::column("p", b), curtail::column("q", c));
    CHECK(curtail::schema_of(with_prediction(both, "p"))[2].name == "p");
}

TEST_CASE("with_prediction: an unknown name is an error that names the known ones", "[table]") {
    try {
        (void)with_prediction(abc(), "score");
        FAIL("accepted");
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
        CHECK(error.column() == "score");
        CHECK(std::string(error.what()).find("'a', 'b', 'c'") != std::string::npos);
    }
    CHECK_THROWS_AS(with_prediction(curtail::columns(), curtail::last_column), curtail::TableError);
}

TEST_CASE("with_prediction: several columns become predictions in the order of their names", "[table]") {
    const auto both = with_prediction(abc(), "b", std::string("a"));
    CHECK(both.schema().prediction_count() == 2);
    CHECK(names_and_rows(both) == "c b a | 100 10 1| 200 20 2");
    for (const std::size_t first : {0U, 1U, 2U, 3U}) {
        INFO("from column " << first);
        CHECK(names_and_rows(both, first) == names_and_rows(with_prediction(Plain(), "b", "a"), first));
    }
    std::vector<std::int64_t> column;
    curtail::visit_column(both, 1, 0, 2, [&](const auto& values) { column.assign(values.begin(), values.end()); });
    CHECK(column == b);
    const auto all = with_prediction(abc(), "a", "b", "c");
    CHECK(all.schema().feature_count() == 0);
    CHECK(names_and_rows(all, 1) == "a b c | 10 100| 20 200");
}

TEST_CASE("with_prediction: refuses a column that is named twice", "[table]") {
    try {
        (void)with_prediction(abc(), "b", " b");
        FAIL("accepted");
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
        CHECK(error.column() == "b");
    }
}
