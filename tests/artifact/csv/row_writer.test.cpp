// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/row_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::column;
using curtail::detail::CsvRowWriter;
using curtail::detail::RowSource;
using curtail::detail::TextBuffer;

// Hands its visitor on by value, as std::for_each does.
struct CopyingTable {
    std::vector<std::vector<double>> cells;

    [[nodiscard]] static curtail::Schema schema() {
        return curtail::Schema({{"a", {curtail::CellKind::float64}}, {"b", {curtail::CellKind::float64}}});
    }
    [[nodiscard]] std::size_t rows() const { return cells.size(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor visit) const {
        std::for_each(cells[row].begin(), cells[row].end(), visit);
    }
};

// The second row lacks a cell.
struct Ragged {
    curtail::Schema columns = {{"a"}, {"b"}};

    [[nodiscard]] const curtail::Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return 3; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (std::size_t i = row == 1 ? 1 : 0; i < 2; ++i) visit(std::int64_t{1});
    }
};

}  // namespace

TEST_CASE("CsvRowWriter: a table may copy the visitor of a row") {
    const CopyingTable table{{{1, 2.5}, {3.25, -4}}};
    CsvRowWriter rows({});
    CHECK(text_of([&](TextBuffer& text) { rows.write_header(text, table.schema()); }) == "a,b\n");
    CHECK(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 0, 2, 0); }) ==
          "1.0,2.5\n3.25,-4.0\n");
}

TEST_CASE("CsvRowWriter: writes a run of rows as in the whole table") {
    const std::vector<int> numbers = {1, 2, 3, 4};
    const std::vector<std::string> texts = {"a", "", "c,c", "d"};
    const auto table = curtail::columns(column("n", numbers), column("t", texts));
    CsvRowWriter rows({});
    CHECK(text_of([&](TextBuffer& text) { rows.write_header(text, table.schema()); }) == "n,t\n");
    CHECK(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 1, 3, 0); }) ==
          "2,\"\"\n3,\"c,c\"\n");
    CHECK(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 4, 4, 0); }).empty());
}

TEST_CASE("CsvRowWriter: copies write what one writer would") {
    const std::vector<std::string> texts = {"=a", "-b", "c", "+d"};
    const auto table = curtail::columns(column("t", texts));
    CsvRowWriter one({.formula_guard = curtail::FormulaGuard::apostrophe});
    static_cast<void>(text_of([&](TextBuffer& text) { one.write_header(text, table.schema()); }));
    CsvRowWriter other = one;
    const std::string begin = text_of([&](TextBuffer& text) { one.write_rows(text, RowSource(table), 0, 2, 0); });
    const std::string end = text_of([&](TextBuffer& text) { other.write_rows(text, RowSource(table), 2, 4, 0); });
    CHECK(begin + end == "'=a\n'-b\nc\n'+d\n");
    CHECK(one.guarded() == 2);
    one.count_guarded(other.guarded());
    CHECK(one.guarded() == 3);
}

TEST_CASE("CsvRowWriter: a row of the wrong width is named by its number in the whole table") {
    for (const curtail::CsvDialect& dialect : {curtail::CsvDialect(), curtail::CsvDialect::excel()}) {
        const Ragged table;
        CsvRowWriter rows(dialect);
        static_cast<void>(text_of([&](TextBuffer& text) { rows.write_header(text, table.schema()); }));
        rows.begin_batch(3);
        try {
            static_cast<void>(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 0, 3, 1000); }));
            FAIL("a row of one cell was written under two columns");
        } catch (const curtail::TableError& error) {
            CHECK(error.code() == curtail::ErrorCode::cell_count_mismatch);
            CHECK(error.row() == 1001U);
        }
    }
}

TEST_CASE("CsvRowWriter: without a header only the first row of the whole table begins the file") {
    const std::vector<std::string> texts = {"\xEF\xBB\xBF", "\xEF\xBB\xBF"};
    const std::vector<int> numbers = {1, 2};
    const auto table = curtail::columns(column("t", texts), column("n", numbers));
    CsvRowWriter rows({.header = false});
    CHECK(text_of([&](TextBuffer& text) { rows.write_header(text, table.schema()); }).empty());
    CHECK(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 0, 2, 0); }) ==
          "\"\xEF\xBB\xBF\",1\n\xEF\xBB\xBF,2\n");
    CHECK(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 0, 1, 2); }) == "\xEF\xBB\xBF,1\n");
}

TEST_CASE("CsvRowWriter: refuses a cell outside of its type's domain and names column and row, in every dialect") {
    using curtail::TimeOfDay;
    const std::vector<TimeOfDay> times = {{0, curtail::TimeUnit::second}, {86'401, curtail::TimeUnit::second}};
    const std::vector<int> numbers = {1, 2};
    const auto check = [](const auto& table, const curtail::CsvDialect& dialect) {
        CsvRowWriter rows(dialect);
        static_cast<void>(text_of([&](TextBuffer& text) { rows.write_header(text, table.schema()); }));
        try {
            static_cast<void>(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 0, 2, 40); }));
            FAIL("written");
        } catch (const curtail::TableError& error) {
            CHECK(error.code() == curtail::ErrorCode::bad_cell);
            CHECK(error.column() == "t");
            CHECK(error.row() == 41U);
        }
    };
    for (const auto& dialect : {curtail::CsvDialect{}, curtail::CsvDialect::pandas(), curtail::CsvDialect::excel()}) {
        check(curtail::columns(column("t", times)), dialect);
        check(curtail::columns(column("n", numbers), column("t", times)), dialect);
    }
}

TEST_CASE("CsvRowWriter: writes infinite times as words, in quotes where the dialect quotes words") {
    const std::vector<curtail::Date> days = {{INT32_MAX}, {-INT32_MAX}};
    const auto table = curtail::columns(column("d", days), column("e", days));
    for (const bool quotes : {false, true}) {
        CsvRowWriter rows({.quote_style = quotes ? curtail::QuoteStyle::all : curtail::QuoteStyle::minimal});
        static_cast<void>(text_of([&](TextBuffer& text) { rows.write_header(text, table.schema()); }));
        CHECK(text_of([&](TextBuffer& text) { rows.write_rows(text, RowSource(table), 0, 2, 0); }) ==
              (quotes ? "\"infinity\",\"infinity\"\n\"-infinity\",\"-infinity\"\n"
                      : "infinity,infinity\n-infinity,-infinity\n"));
    }
}
