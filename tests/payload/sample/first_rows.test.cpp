// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/first_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "payload/message_model.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::SampleCell;
using curtail::Schema;
using curtail::detail::FirstRows;
using curtail::detail::KeptCell;
using table_maker::MadeTable;

namespace {

constexpr std::size_t megabyte = 1'000'000;

MadeTable one_row(std::vector<Cell> cells) {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (std::size_t i = 0; i < cells.size(); ++i) columns.push_back({"c" + std::to_string(i), {}});
    table.columns = Schema(std::move(columns));
    table.add_row(std::move(cells));
    return table;
}

std::vector<std::string> names_of(const std::vector<std::string>& originals) {
    std::vector<curtail::ColumnSpec> columns;
    for (const std::string& name : originals) columns.push_back({name, {}});
    return FirstRows(Schema(std::move(columns)), 1, megabyte).names();
}

std::size_t kept_bytes(const FirstRows& sample) {
    std::size_t sum = 0;
    for (const auto& row : sample.rows()) {
        for (const KeptCell& cell : row) sum += cell.text.size() + sizeof cell;
    }
    return sum;
}

}  // namespace

TEST_CASE("FirstRows: keeps every kind of cell as the message shows it", "[payload]") {
    using Kind = SampleCell::Kind;
    const auto kept = [](Cell cell) {
        FirstRows sample(Schema({{"a", {}}}), 1, megabyte);
        sample.offer(one_row({cell}));
        return sample.rows().at(0).at(0);
    };
    const auto is = [&](Cell cell, Kind kind, const std::string& text) {
        const KeptCell found = kept(cell);
        INFO(found.text);
        CHECK(found.kind == kind);
        CHECK(found.text == text);
        CHECK(found.whole);
    };
    is(curtail::Null{}, Kind::null, "null");
    is(true, Kind::boolean, "true");
    is(false, Kind::boolean, "false");
    is(std::int64_t{INT64_MIN}, Kind::number, "-9223372036854775808");
    is(std::uint64_t{UINT64_MAX}, Kind::number, "18446744073709551615");
    is(0.1F, Kind::number, "0.1");
    is(1.0, Kind::number, "1.0");
    is(-0.0, Kind::number, "-0.0");
    is(std::numeric_limits<double>::quiet_NaN(), Kind::null, "null");
    is(-std::numeric_limits<float>::infinity(), Kind::null, "null");
    is(curtail::Decimal{"1.50"}, Kind::number, "1.50");
    is(curtail::Decimal{"0.12345678901234567890"}, Kind::text, "0.12345678901234567890");
    is(std::string_view("text"), Kind::text, "text");
    is(std::string_view("a\xFFz"), Kind::text, "a\xEF\xBF\xBDz");
    is(curtail::Bytes{"\x01\xFF"}, Kind::text, "\\x01ff");
    is(curtail::Nested{"{\"a\":1}"}, Kind::text, "{\"a\":1}");
    is(curtail::Timestamp{1, curtail::TimeUnit::second, "UTC"}, Kind::text, "1970-01-01 00:00:01+00:00");
    is(curtail::Date{0}, Kind::text, "1970-01-01");
    is(curtail::TimeOfDay{1, curtail::TimeUnit::millisecond}, Kind::text, "00:00:00.001");
    is(curtail::Duration{-1, curtail::TimeUnit::second}, Kind::text, "-1 days +23:59:59");
    using Meaning = curtail::Verbatim::Meaning;
    is(curtail::Verbatim{"NA", Meaning::null}, Kind::null, "null");
    is(curtail::Verbatim{"true", Meaning::boolean}, Kind::boolean, "true");
    is(curtail::Verbatim{"+1234567891", Meaning::number}, Kind::number, "1234567891");
    is(curtail::Verbatim{" .5", Meaning::number}, Kind::number, "0.5");
    is(curtail::Verbatim{"nan", Meaning::number}, Kind::null, "null");
    is(curtail::Verbatim{"-Inf", Meaning::number}, Kind::null, "null");
    is(curtail::Verbatim{"NA", Meaning::text}, Kind::text, "NA");
    CHECK(kept(curtail::Bytes{"\x01\xFF"}).bytes == 6);
}

TEST_CASE("FirstRows: numbers repeated names as pandas does, after replacing what is not UTF-8", "[payload]") {
    CHECK(names_of({"a", "a", "a"}) == std::vector<std::string>{"a", "a.1", "a.2"});
    CHECK(names_of({"a", "a.1", "a"}) == std::vector<std::string>{"a", "a.1", "a.2"});
    CHECK(names_of({"a", "a", "a.1"}) == std::vector<std::string>{"a", "a.1", "a.1.1"});
    CHECK(names_of({"", "", "b"}) == std::vector<std::string>{"", ".1", "b"});
    CHECK(names_of({"\xFF", "\xFE"}) == std::vector<std::string>{"\xEF\xBF\xBD", "\xEF\xBF\xBD.1"});
}

TEST_CASE("FirstRows: numbers many columns of one name in linear time", "[payload]") {
    const auto names = names_of(std::vector<std::string>(50'000, "same"));
    CHECK(names.size() > 40'000);
    CHECK(names.back() == "same." + std::to_string(names.size() - 1));
}

TEST_CASE("FirstRows: keeps the first rows in batches of any size", "[payload]") {
    MadeTable table;
    table.columns = Schema({{"a", {CellKind::int64}}, {"p", {CellKind::int64}}}, 1);
    for (std::int64_t row = 0; row < 20; ++row) table.add_row({row, 2 * row});
    for (std::size_t batch : {std::size_t{1}, std::size_t{3}, std::size_t{7}, std::size_t{100}}) {
        FirstRows sample(table.columns, 10, megabyte);
        for (std::size_t first = 0; first < table.rows(); first += batch) {
            sample.offer(curtail::RowSlice<MadeTable>(table, first, (std::min)(batch, table.rows() - first)));
        }
        REQUIRE(sample.rows().size() == 10);
        REQUIRE(sample.predictions().size() == 10);
        CHECK(sample.rows()[9][0].text == "9");
        CHECK(sample.predictions()[9][0].text == "18");
    }
    FirstRows none(table.columns, 0, megabyte);
    none.offer(table);
    CHECK(none.rows().empty());
    CHECK(none.names() == std::vector<std::string>{"a"});
}

TEST_CASE("FirstRows: keeps only a part of a fat cell, and its whole size", "[payload]") {
    const std::string fat(64'000'000, 'x');
    FirstRows sample(Schema({{"a", {}}, {"b", {}}}), 10, megabyte);
    for (int row = 0; row < 10; ++row) sample.offer(one_row({std::string_view(fat), curtail::Bytes{fat}}));
    REQUIRE(sample.rows().size() == 10);
    CHECK(sample.rows()[0][0].bytes == 64'000'000);
    CHECK(sample.rows()[0][1].bytes == 128'000'002);
    CHECK_FALSE(sample.rows()[0][0].whole);
    CHECK_FALSE(sample.rows()[9][1].whole);
    CHECK(kept_bytes(sample) < 4'000'000);
}

TEST_CASE("FirstRows: keeps only what could fit of very wide rows", "[payload]") {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < 100'000; ++i) {
        columns.push_back({"column_" + std::to_string(i), {CellKind::int64}});
        cells.emplace_back(std::int64_t{1});
    }
    table.columns = Schema(std::move(columns));
    for (int row = 0; row < 10; ++row) table.add_row(cells);
    FirstRows sample(table.columns, 10, megabyte);
    sample.offer(table);
    REQUIRE(sample.rows().size() >= 1);
    // A column costs its name in the list and in the row, its type, and its value.
    CHECK(sample.rows()[0].size() > 20'000);
    CHECK(sample.rows()[0].size() < 30'000);
    for (std::size_t row = 1; row < sample.rows().size(); ++row)
        CHECK(sample.rows()[row].size() <= sample.rows()[row - 1].size());
    CHECK(kept_bytes(sample) < 8'000'000);
}

TEST_CASE("FirstRows: keeps later rows if a column cannot be shown in them", "[payload]") {
    // The second name fits into the first row, but not into a message. The next rows must still be kept.
    MadeTable table;
    table.columns = Schema({{"a", {CellKind::int64}}, {std::string(480, 'n'), {CellKind::int64}}}, 0);
    for (std::int64_t row = 0; row < 10; ++row) table.add_row({row, row});
    FirstRows sample(table.columns, 10, 1000);
    sample.offer(table);
    REQUIRE(sample.rows().size() == 10);
    CHECK(sample.rows()[0].size() == 2);
    CHECK(sample.rows()[1].size() == 1);
    CHECK(sample.rows()[9][0].text == "9");
}

TEST_CASE("FirstRows: keeps a row as if no rows came after it, and again after take()", "[payload]") {
    table_maker::TableMaker random(test_seed());
    for (int i = 0; i < 50; ++i) {
        const MadeTable table = random.table({.max_rows = 30, .max_features = 20, .max_text = 500});
        const std::size_t max_bytes = random.spread(50, 10'000);
        FirstRows all(table.columns, table.rows() + 1, max_bytes);
        all.offer(table);
        for (const std::size_t count : {1U, 2U, 5U, 10U}) {
            FirstRows few(table.columns, count, max_bytes);
            for (int again = 0; again < 2; ++again) {
                few.offer(table);
                REQUIRE(few.rows().size() == (std::min)(all.rows().size(), std::size_t{count}));
                for (std::size_t row = 0; row < few.rows().size(); ++row) {
                    REQUIRE(few.rows()[row] == all.rows()[row]);
                    REQUIRE(few.predictions()[row] == all.predictions()[row]);
                }
                CHECK(few.take().size() == (std::min)(all.rows().size(), std::size_t{count}));
                CHECK(few.rows().empty());
            }
        }
    }
}

TEST_CASE("FirstRows: cuts no number and no time, whatever the other cells hold", "[payload]") {
    const std::string digits = "0." + std::string(77, '7');
    const std::string fat(100'000, 'x');
    std::vector<Cell> cells;
    for (int i = 0; i < 100; ++i) {
        cells.emplace_back(std::string_view(fat));
        cells.emplace_back(curtail::Decimal{digits});
    }
    const MadeTable table = one_row(cells);
    for (std::size_t max_bytes = 8000; max_bytes < 40'000; max_bytes += 500) {
        FirstRows sample(table.columns, 10, max_bytes);
        sample.offer(table);
        for (const KeptCell& cell : sample.rows().at(0)) REQUIRE((cell.text[0] == 'x' || cell.text == digits));
    }
}

TEST_CASE("FirstRows: ends the names at one that is too long for any message", "[payload]") {
    FirstRows sample(Schema({{"a", {}}, {std::string(10'000'000, 'n'), {}}, {"b", {}}}), 10, megabyte);
    sample.offer(one_row({std::int64_t{1}, std::int64_t{2}, std::int64_t{3}}));
    CHECK(sample.names() == std::vector<std::string>{"a"});
    REQUIRE(sample.rows().size() == 1);
    CHECK(sample.rows()[0].size() == 1);
}
