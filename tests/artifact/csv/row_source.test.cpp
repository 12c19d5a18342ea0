// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/row_source.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <curtail/artifact/csv/field_writer.hpp>
#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::column;
using curtail::detail::RowSource;

// A table that does not say that several threads may read it.
struct Single {
    curtail::Schema columns = {{"a"}, {"b"}};

    [[nodiscard]] const curtail::Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return 2; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit(row);
        visit(row + 1);
    }
};

// A table whose last row has too few cells.
struct Ragged {
    curtail::Schema columns = {{"a"}, {"b"}};
    std::vector<std::vector<int>> cells = {{1, 2}, {3, 4}, {5, 6}, {7}};

    [[nodiscard]] const curtail::Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return cells.size(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const int cell : cells[row]) visit(cell);
    }
};

}  // namespace

TEST_CASE("RowSource: knows the rows of its table and whether several threads may read it", "[artifact]") {
    const std::vector<int> numbers = {1, 2, 3};
    const auto table = curtail::columns(column("a", numbers), column("b", numbers));
    CHECK(RowSource(table).rows() == 3);
    CHECK(RowSource(table).concurrent());
    CHECK(RowSource(table).slice(1, 2).rows() == 2);
    const Single single;
    CHECK(RowSource(single).rows() == 2);
    CHECK_FALSE(RowSource(single).concurrent());
}

TEST_CASE("RowSource: writes plain rows of any table", "[artifact]") {
    const Single single;
    const RowSource source(single);
    curtail::detail::PlainRowWriter plain({}, 0);
    plain.begin_batch(2, 2);
    curtail::detail::CsvFieldWriter others({});
    CHECK(text_of([&](auto& text) { source.write_plain(plain, others, text, 0, 2, 0); }) == "0,1\n1,2\n");
}

TEST_CASE("RowSource: reads the table of a slice, and counts rows from the beginning of the slice", "[artifact]") {
    const Ragged table;
    const curtail::RowSlice slice(table, 1, 3);
    const RowSource source(slice);
    CHECK(source.rows() == 3);
    curtail::detail::PlainRowWriter plain({}, 0);
    plain.begin_batch(2, 2);
    curtail::detail::CsvFieldWriter others({});
    CHECK(text_of([&](auto& text) { source.write_plain(plain, others, text, 0, 2, 0); }) == "3,4\n5,6\n");
    try {
        text_of([&](auto& text) { source.write_plain(plain, others, text, 1, 3, 1'000); });
        FAIL("a row of one cell was written");
    } catch (const curtail::TableError& error) {
        CHECK(error.row() == 1'002);
    }
}
