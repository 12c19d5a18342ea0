// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/plain_rows.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <curtail/artifact/csv/field_writer.hpp>
#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/rows.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::column;
using curtail::detail::CsvFieldWriter;
using curtail::detail::PlainRowWriter;

std::string lines_of(const auto& table, std::size_t capacity = curtail::detail::TextBuffer::default_capacity) {
    PlainRowWriter writer({}, 0);
    writer.begin_batch(table.rows(), table.schema().size());
    CsvFieldWriter others({});
    return text_of([&](auto& text) { writer.write_rows(others, text, table, 0, table.rows(), 0); }, capacity);
}

}  // namespace

TEST_CASE("PlainRowWriter: writes cells that are not plain in between", "[artifact]") {
    const std::vector<double> numbers = {1.5, std::numeric_limits<double>::quiet_NaN()};
    const std::vector<std::string> texts = {"", "a\"b"};
    const std::vector<curtail::Date> dates = {{0}, {365}};
    const auto table = curtail::columns(column("n", numbers), column("t", texts), column("d", dates));
    CHECK(lines_of(table) == "1.5,\"\",1970-01-01\nNaN,\"a\"\"b\",1971-01-01\n");
}

TEST_CASE("PlainRowWriter: a buffer that is full at any place changes nothing", "[artifact]") {
    std::vector<std::string> texts;
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < 50; ++i) {
        texts.push_back(std::string(i, i % 7 == 0 ? '"' : 'x'));
        numbers.push_back(static_cast<std::int64_t>(i) * 1'000'003);
    }
    const auto table = curtail::columns(column("n", numbers), column("t", texts));
    const std::string expected = lines_of(table);
    for (std::size_t capacity = 100; capacity < 400; capacity += 7) CHECK(lines_of(table, capacity) == expected);
}

TEST_CASE("PlainRowWriter: serves the dialects whose cells are plain", "[artifact]") {
    CHECK(PlainRowWriter({}, 0).serves());
    CHECK(PlainRowWriter(curtail::CsvDialect::rfc4180(), 0).serves());
    CHECK_FALSE(PlainRowWriter(curtail::CsvDialect::excel(), 0).serves());
}
