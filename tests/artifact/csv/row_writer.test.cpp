// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/row_writer.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::column;
using curtail::detail::CsvRowWriter;
using curtail::detail::TextBuffer;

template <class Write>
std::string written(Write write) {
    MemoryOutput output;
    TextBuffer<MemoryOutput> text(output);
    write(text);
    text.drain();
    return output.kept->bytes;
}

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

}  // namespace

TEST_CASE("a table may copy what it visits a row with") {
    const CopyingTable table{{{1, 2.5}, {3.25, -4}}};
    CsvRowWriter rows({});
    CHECK(written([&](auto& text) { rows.write_header(text, table.schema()); }) == "a,b\n");
    CHECK(written([&](auto& text) { rows.write_rows(text, table, 0, 2, 0); }) == "1.0,2.5\n3.25,-4.0\n");
}

TEST_CASE("a run of rows is written as it stands in the whole table") {
    const std::vector<int> numbers = {1, 2, 3, 4};
    const std::vector<std::string> texts = {"a", "", "c,c", "d"};
    const auto table = curtail::columns(column("n", numbers), column("t", texts));
    CsvRowWriter rows({});
    CHECK(written([&](auto& text) { rows.write_header(text, table.schema()); }) == "n,t\n");
    CHECK(written([&](auto& text) { rows.write_rows(text, table, 1, 3, 0); }) == "2,\"\"\n3,\"c,c\"\n");
    CHECK(written([&](auto& text) { rows.write_rows(text, table, 4, 4, 0); }).empty());
}

TEST_CASE("copies write apart from each other what one writes alone") {
    const std::vector<std::string> texts = {"=a", "-b", "c", "+d"};
    const auto table = curtail::columns(column("t", texts));
    CsvRowWriter one({.formula_guard = curtail::FormulaGuard::apostrophe});
    static_cast<void>(written([&](auto& text) { one.write_header(text, table.schema()); }));
    CsvRowWriter other = one;
    const std::string begin = written([&](auto& text) { one.write_rows(text, table, 0, 2, 0); });
    const std::string end = written([&](auto& text) { other.write_rows(text, table, 2, 4, 0); });
    CHECK(begin + end == "'=a\n'-b\nc\n'+d\n");
    CHECK(one.guarded() == 2);
    one.count_guarded(other.guarded());
    CHECK(one.guarded() == 3);
}

TEST_CASE("only the first row of the whole table stands at the beginning of a file without a header") {
    const std::vector<std::string> texts = {"\xEF\xBB\xBF", "\xEF\xBB\xBF"};
    const std::vector<int> numbers = {1, 2};
    const auto table = curtail::columns(column("t", texts), column("n", numbers));
    CsvRowWriter rows({.header = false});
    CHECK(written([&](auto& text) { rows.write_header(text, table.schema()); }).empty());
    CHECK(written([&](auto& text) { rows.write_rows(text, table, 0, 2, 0); }) ==
          "\"\xEF\xBB\xBF\",1\n\xEF\xBB\xBF,2\n");
    CHECK(written([&](auto& text) { rows.write_rows(text, table, 0, 1, 2); }) == "\xEF\xBB\xBF,1\n");
}
