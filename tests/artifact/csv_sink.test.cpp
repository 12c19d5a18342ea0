// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_sink.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/rows.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "seed.hpp"

namespace {

using namespace std::string_literals;
using curtail::Cell;
using curtail::CellKind;
using curtail::column;
using curtail::columns;
using curtail::CsvSink;
using curtail::CsvSinkOptions;
using curtail::ErrorCode;
using curtail::Null;
using curtail::QuoteStyle;
using curtail::Schema;
using Text = std::string_view;

// Rows of cells as they come, of any length each.
struct Grid {
    Schema columns;
    std::vector<std::vector<Cell>> cells;

    const Schema& schema() const { return columns; }
    std::size_t rows() const { return cells.size(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const Cell& cell : cells[row]) visit(cell);
    }
};

// The whole file that a table becomes, in batches of at most `batch_rows`.
template <curtail::Table T>
std::string file_of(const T& table, const CsvSinkOptions& options = {},
                    std::size_t batch_rows = std::numeric_limits<std::size_t>::max()) {
    MemoryOutput output;
    CsvSink sink(output, options);
    sink.open(curtail::schema_of(table));
    const std::size_t rows = curtail::rows_of(table);
    for (std::size_t first = 0; first < rows;) {
        const std::size_t count = (std::min)(batch_rows, rows - first);
        sink.append(curtail::RowSlice(table, first, count));
        first += count;
    }
    const curtail::ArtifactInfo info = sink.finish();
    CHECK(info.rows == rows);
    CHECK(info.bytes == output.kept->bytes.size());
    CHECK(info.format == "csv");
    CHECK(output.kept->commits == 1);
    return output.kept->bytes;
}

const curtail::CsvDialect no_header = {.header = false};

std::string lines_of(std::vector<std::vector<Cell>> cells) {
    const std::size_t width = cells.empty() ? 0 : cells[0].size();
    return file_of(Grid{Schema(std::vector<curtail::ColumnSpec>(width, {"c"})), std::move(cells)},
                   {.dialect = no_header});
}

std::string header_of(std::vector<std::string> names) {
    std::vector<curtail::ColumnSpec> specs;
    for (std::string& name : names) specs.push_back({std::move(name)});
    return file_of(Grid{Schema(std::move(specs)), {}});
}

// A reader of its own, after RFC 4180: rows of fields, where a field that is nothing is not text at all.
std::vector<std::vector<std::optional<std::string>>> read_csv(std::string_view text) {
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::size_t at = 0;
    while (at < text.size()) {
        rows.emplace_back();
        for (bool more = true; more;) {
            std::optional<std::string> field;
            if (text[at] == '"') {
                field.emplace();
                for (++at; text[at] != '"' || text.substr(at).starts_with("\"\""); ++at) {
                    if (text[at] == '"') ++at;
                    *field += text[at];
                }
                ++at;
            } else {
                const std::size_t end = text.find_first_of(",\n", at);
                if (end > at) field.emplace(text.substr(at, end - at));
                at = end;
            }
            rows.back().push_back(std::move(field));
            more = text.at(at++) == ',';
        }
    }
    return rows;
}

template <class Function>
std::optional<ErrorCode> code_thrown_by(Function&& function) {
    try {
        function();
        return {};
    } catch (const curtail::Error& error) {
        return error.code();
    }
}

}  // namespace

TEST_CASE("CsvSink: writes a header line and one line per row, predictions last") {
    const std::vector<int> ages = {22, 38};
    const std::vector<std::string> cities = {"Bern", "Genève, CH"};
    const std::vector<double> scores = {0.25, 1};
    const auto table =
        curtail::with_prediction(columns(column("age", ages), column("city", cities)), column("prediction", scores));
    CHECK(file_of(table) == "age,city,prediction\n22,Bern,0.25\n38,\"Genève, CH\",1.0\n");
}

TEST_CASE("CsvSink: writes every kind of cell, byte for byte") {
    using curtail::TimeUnit;
    const Grid grid{
        {{"null"},
         {"bool"},
         {"int"},
         {"uint"},
         {"float"},
         {"double"},
         {"decimal"},
         {"text"},
         {"bytes"},
         {"stamp"},
         {"date"},
         {"time"},
         {"duration"},
         {"nested"}},
        {{Null{}, true, std::int64_t{-1}, std::uint64_t{18446744073709551615U}, 0.1F, 1e16, curtail::Decimal{"-0.01"},
          Text("a\"b"), curtail::Bytes{"J"}, curtail::Timestamp{1078016523000, TimeUnit::millisecond, "UTC"},
          curtail::Date{12477}, curtail::TimeOfDay{3723, TimeUnit::second}, curtail::Duration{1, TimeUnit::nanosecond},
          curtail::Nested{"[1,2]"}}}};
    CHECK(file_of(grid) ==
          "null,bool,int,uint,float,double,decimal,text,bytes,stamp,date,time,duration,nested\n"
          ",True,-1,18446744073709551615,0.1,1e+16,-0.01,\"a\"\"b\",\\x4a,2004-02-29 01:02:03.000+00:00,2004-02-29,"
          "01:02:03,0 days 00:00:00.000000001,\"[1,2]\"\n");
}

TEST_CASE("CsvSink: nulls and empty texts differ, and no row is a blank line") {
    // Cases N43 and N46 to N51 of the acceptance list.
    CHECK(lines_of({{Text(""), std::int64_t{1}}, {Null{}, std::int64_t{1}}, {Text("x"), std::int64_t{1}}}) ==
          "\"\",1\n,1\nx,1\n");
    CHECK(lines_of({{Text("")}}) == "\"\"\n");
    CHECK(lines_of({{Null{}}}) == "\"\"\n");
    CHECK(lines_of({{Text("")}, {Text("")}}) == "\"\"\n\"\"\n");
    CHECK(lines_of({{Null{}, Null{}}}) == ",\n");
    CHECK(lines_of({{Text(""), Text("")}}) == "\"\",\"\"\n");
    CHECK(lines_of({{std::int64_t{1}}, {Null{}}}) == "1\n\"\"\n");
    CHECK(lines_of({{std::int64_t{1}, std::int64_t{1}}, {std::int64_t{1}, Null{}}}) == "1,1\n1,\n");
    CHECK(lines_of({std::vector<Cell>(8, Null{})}) == ",,,,,,,\n");
    const std::vector<std::optional<bool>> sole = {{}, true};
    CHECK(file_of(columns(column("a", sole))) == "a\n\"\"\nTrue\n");
}

TEST_CASE("CsvSink: quotes header names like any text") {
    // Cases H98 to H102.
    CHECK(header_of({"col,1", "col\"2", "col:3"}) == "\"col,1\",\"col\"\"2\",col:3\n");
    CHECK(header_of({"a\nb", "c\rd"}) == "\"a\nb\",\"c\rd\"\n");
    CHECK(header_of({"a", "a"}) == "a,a\n");
    CHECK(header_of({""}) == "\"\"\n");
    CHECK(header_of({"", "b"}) == ",b\n");
    CHECK(header_of({"a", ""}) == "a,\n");
    CHECK(header_of({"a", "b"}) == "a,b\n");
}

TEST_CASE("CsvSink: without header and rows the file is empty") {
    CHECK(file_of(Grid{{{"a"}}, {}}, {.dialect = no_header}).empty());
    CHECK(file_of(Grid{{{"a"}, {"b"}}, {}}) == "a,b\n");
}

TEST_CASE("CsvSink: quotes a byte order mark that is data at the start of the file, and nowhere else") {
    const std::string bom = "\xEF\xBB\xBF";
    CHECK(header_of({bom + "a", "b"}) == "\"" + bom + "a\",b\n");
    CHECK(header_of({"a", bom + "b"}) == "a," + bom + "b\n");
    const std::string marked = bom + "a";
    CHECK(lines_of({{Text(marked), Text(marked)}, {Text(marked), Text(marked)}}) ==
          "\"" + marked + "\"," + marked + "\n" + marked + "," + marked + "\n");
    CHECK(lines_of({{Text(bom + "a\"b")}}) == "\"" + bom + "a\"\"b\"\n");
    CHECK(lines_of({{Null{}, Text(marked)}}) == "," + marked + "\n");
    CHECK(file_of(Grid{{{"a"}}, {{Text(marked)}}}) == "a\n" + marked + "\n");
    const std::vector<std::optional<std::string>> first = {marked};
    CHECK(file_of(columns(column("a", first)), {.dialect = no_header}) == "\"" + marked + "\"\n");
}

TEST_CASE("CsvSink: separator and line end are options, and line ends inside a field stay as they are") {
    const Grid grid{{{"int"}, {"s"}}, {{std::int64_t{1}, Text("abc")}, {std::int64_t{2}, Text("d\nef")}}};
    CHECK(file_of(grid, {.dialect = {.line_end = curtail::LineEnd::crlf}}) == "int,s\r\n1,abc\r\n2,\"d\nef\"\r\n");
    const Grid numbers{{{"a"}, {"b"}}, {{std::int64_t{1}, std::int64_t{3}}, {std::int64_t{2}, std::int64_t{4}}}};
    CHECK(file_of(numbers, {.dialect = {.separator = '\t', .header = false}}) == "1\t3\n2\t4\n");
    CHECK(file_of(Grid{{{"a"}, {"b;c"}}, {{Text("a,b"), Text("a;b")}}}, {.dialect = {.separator = ';'}}) ==
          "a;\"b;c\"\na,b;\"a;b\"\n");
}

TEST_CASE("CsvSink: writes a byte order mark before the header, or before the rows if there is no header") {
    // Case H104.
    const std::string bom = "\xEF\xBB\xBF";
    const Grid grid{{{"a"}, {"b"}}, {{std::int64_t{1}, std::int64_t{2}}}};
    CHECK(file_of(grid, {.dialect = {.byte_order_mark = true}}) == bom + "a,b\n1,2\n");
    CHECK(file_of(grid, {.dialect = {.header = false, .byte_order_mark = true}}) == bom + "1,2\n");
    const std::string marked = bom + "x";
    CHECK(file_of(Grid{{{marked}}, {{Text(marked)}}}, {.dialect = {.byte_order_mark = true}}) ==
          bom + "\"" + marked + "\"\n" + marked + "\n");
}

TEST_CASE("CsvSink: a row whose only field is empty is not a blank line, in any dialect") {
    const Grid null{{{"a"}}, {{Null{}}}};
    const Grid empty{{{"a"}}, {{Text("")}}};
    const Grid nan{{{"a"}}, {{std::numeric_limits<double>::quiet_NaN()}}};
    CHECK(file_of(null, {.dialect = {.quote = '*'}}) == "a\n**\n");
    CHECK(file_of(null, {.dialect = {.null_text = "NA"}}) == "a\nNA\n");
    for (const Grid* grid : {&null, &empty, &nan}) {
        CHECK(file_of(*grid, {.dialect = curtail::CsvDialect::pandas()}) == "a\n\"\"\n");
    }
    // pandas drops lines of spaces and tabs as well.
    const Grid space{{{" "}}, {{Text(" \t")}, {Text(" x")}}};
    CHECK(file_of(space) == "\" \"\n\" \t\"\n x\n");
    CHECK(file_of(space, {.dialect = curtail::CsvDialect::pandas()}) == " \n \t\n x\n");
    CHECK(lines_of({{Text(" "), Text(" ")}}) == " , \n");
}

TEST_CASE("CsvSink: each quote style writes the same rows with its own quotes") {
    // Cases S34 to S37 as whole files.
    using curtail::QuoteStyle;
    const Grid grid{{{"s"}, {"n"}, {""}}, {{Text("a"), std::int64_t{1}, Text("p,q")}, {Text(""), Null{}, Null{}}}};
    CHECK(file_of(grid) == "s,n,\na,1,\"p,q\"\n\"\",,\n");
    CHECK(file_of(grid, {.dialect = {.quote_style = QuoteStyle::all}}) ==
          "\"s\",\"n\",\"\"\n\"a\",\"1\",\"p,q\"\n\"\",,\n");
    CHECK(file_of(grid, {.dialect = {.quote_style = QuoteStyle::non_numeric}}) ==
          "\"s\",\"n\",\"\"\n\"a\",1,\"p,q\"\n\"\",,\n");
}

TEST_CASE("CsvSink: counts guarded cells and names") {
    const Grid grid{{{"=a"}, {"b"}}, {{Text("-x"), std::int64_t{-1}}, {Text("'"), Text("y")}, {Null{}, Text("")}}};
    MemoryOutput output;
    CsvSink sink(output, {.dialect = {.formula_guard = curtail::FormulaGuard::apostrophe}});
    sink.open(grid.columns);
    CHECK(sink.guarded_cells() == 1);
    sink.append(grid);
    CHECK(sink.guarded_cells() == 3);
    sink.finish();
    CHECK(output.kept->bytes == "'=a,b\n'-x,-1\n'',y\n,\"\"\n");

    CHECK(file_of(grid, {.dialect = curtail::CsvDialect::excel()}) ==
          "\xEF\xBB\xBF'=a,b\r\n'-x,-1\r\n'',y\r\n,\"\"\r\n");
}

TEST_CASE("CsvSink: what is special at the beginning of the file is not special in the next batch") {
    const std::string marked = "\xEF\xBB\xBFx";
    const Grid grid{{{"a"}}, {{Text(marked)}, {Text(marked)}}};
    const std::string expected = "\"" + marked + "\"\n" + marked + "\n";
    for (const std::size_t batch_rows : {1U, 2U}) CHECK(file_of(grid, {.dialect = no_header}, batch_rows) == expected);
}

TEST_CASE("CsvSink: refuses a dialect that cannot work before there is a file") {
    MemoryOutput output;
    CHECK(code_thrown_by([&] { CsvSink(output, {.dialect = {.separator = '"'}}); }) == ErrorCode::invalid_option);
    CHECK(output.kept->write_sizes.empty());
}

TEST_CASE("CsvSink: the same rows give the same bytes in batches of any size") {
    // Cases T97 and H107 as well: times do not depend on the batch, and empty batches change nothing.
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Grid grid{{{"id"}, {"x"}, {"s"}, {"t"}}, {}};
    const std::string texts[] = {"a", "", "b,c", "d\"e", "f\ng", "\xF0\x9F\x98\x80"};
    for (int row = 0; row < 2500; ++row) {
        grid.cells.push_back(
            {std::int64_t{row}, random() % 5 == 0 ? Cell(Null{}) : Cell(static_cast<double>(random()) / 1e9),
             Text(texts[random() % 6]),
             curtail::Timestamp{static_cast<std::int64_t>(random() % 3) * 1000, curtail::TimeUnit::millisecond}});
    }
    const std::string whole = file_of(grid);
    for (const std::size_t batch_rows : {1U, 2U, 7U, 1000U}) CHECK(file_of(grid, {}, batch_rows) == whole);

    MemoryOutput output;
    CsvSink sink(output);
    sink.open(grid.columns);
    const curtail::RowSlice nothing(grid, 0, 0);
    sink.append(nothing);
    sink.append(curtail::RowSlice(grid, 0, 1200));
    sink.append(nothing);
    sink.append(curtail::RowSlice(grid, 1200, 1300));
    sink.append(nothing);
    CHECK(sink.rows_written() == 2500);
    CHECK(sink.bytes_written() == whole.size());
    sink.finish();
    CHECK(output.kept->bytes == whole);
}

TEST_CASE("CsvSink: a stream of single rows gives the same bytes as the table") {
    const std::vector<int> ids = {1, 2, 3};
    const std::vector<double> scores = {0.5, 1.5, 2.5};
    const auto table = curtail::with_prediction(columns(column("id", ids)), column("p", scores));

    std::size_t at = 0;
    auto stream = curtail::with_prediction(
        curtail::generate({"id"},
                          [&]() -> std::optional<std::tuple<int>> {
                              return at < 3 ? std::optional(std::tuple(ids[at++])) : std::nullopt;
                          }),
        curtail::generate({"p"}, [&, row = std::size_t{0}]() mutable -> std::optional<std::tuple<double>> {
            return row < 3 ? std::optional(std::tuple(scores[row++])) : std::nullopt;
        }));
    MemoryOutput output;
    CsvSink sink(output);
    sink.open(stream.schema());
    while (const auto* batch = stream.next()) sink.append(*batch);
    sink.finish();
    CHECK(output.kept->bytes == file_of(table));
}

namespace {

// Numbers and texts that take some 4 MB as CSV.
struct Large {
    std::vector<double> numbers = std::vector<double>(60'000);
    std::vector<std::string> texts = std::vector<std::string>(60'000);

    explicit Large(std::uint64_t seed) {
        std::mt19937_64 random(seed);
        for (double& number : numbers) number = static_cast<double>(random() >> 11U) * 0x1p-53;
        for (std::string& text : texts) {
            text.assign(random() % 100, 'x');
            if (random() % 3 == 0) text += "\"";
        }
        texts[30'000].assign(2'000'000, ',');
    }
    [[nodiscard]] auto table() const {
        return curtail::columns(curtail::column("number", numbers), curtail::column("text", texts));
    }
};

// The same rows without the word that they may be read by several threads.
template <class T>
struct OneReader {
    const T& table;
    std::thread::id reader = std::this_thread::get_id();

    [[nodiscard]] const Schema& schema() const noexcept { return table.schema(); }
    [[nodiscard]] std::size_t rows() const noexcept { return table.rows(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        if (std::this_thread::get_id() != reader) throw std::logic_error("read by another thread");
        curtail::visit_row(table, row, visit);
    }
};

}  // namespace

TEST_CASE("CsvSink: a table of several megabytes gives the same file for any number of threads and any batches") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    const Large large(seed);
    const auto table = large.table();
    const std::string expected = file_of(table, {.threads = 1});
    REQUIRE(expected.size() > 4'000'000);
    for (const std::size_t threads : {0U, 2U, 3U, 16U, 1000U}) {
        INFO(threads << " threads");
        const bool same = file_of(table, {.threads = threads}) == expected;
        CHECK(same);
        const bool same_by_one = file_of(OneReader<decltype(table)>{table}, {.threads = threads}) == expected;
        CHECK(same_by_one);
        MemoryOutput output;
        CsvSink sink(output, {.threads = threads});
        sink.open(table.schema());
        int beside = 0;
        for (std::size_t first = 0, size = 1; first < table.rows(); first += size, size = 3 * size + 1) {
            sink.append(curtail::RowSlice(table, first, (std::min)(size, table.rows() - first)), [&] { ++beside; });
        }
        const std::uint64_t before_finish = sink.bytes_written();
        const curtail::ArtifactInfo info = sink.finish();
        const bool same_in_batches = output.kept->bytes == expected;
        CHECK(same_in_batches);
        CHECK(beside == 11);
        CHECK(before_finish == expected.size());
        CHECK(info.bytes == expected.size());
        CHECK(info.rows == table.rows());
    }
}

TEST_CASE("CsvSink: with one thread none is started, also none of the file's, which has one of its own otherwise") {
    const ScratchDirectory dir;
    const Large large(1);
    const auto table = large.table();
    const std::size_t before = threads_now();
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}}) {
        CsvSink sink(dir / ("a" + std::to_string(threads) + ".csv"), {.threads = threads});
        sink.open(table.schema());
        for (int i = 0; i < 4; ++i) sink.append(table);
        CHECK(threads_now() == before + (threads == 1 ? 0 : 2));
        (void)sink.finish();
        CHECK(threads_now() == before);
    }
}

TEST_CASE("CsvSink: only the writing thread outlives append(), and no thread outlives the sink") {
    const Large large(1);
    const auto table = large.table();
    const std::size_t before = threads_now();
    {
        CsvSink sink(MemoryOutput(), {.threads = 4});
        sink.open(table.schema());
        sink.append(curtail::RowSlice(table, 0, 1000));
        CHECK(threads_now() == before);  // too little to be worth a thread
        sink.append(table);
        CHECK(threads_now() == before + 1);
        static_cast<void>(sink.finish());
        CHECK(threads_now() == before);
    }
    {
        CsvSink sink(MemoryOutput(), {.threads = 4});
        sink.open(table.schema());
        sink.append(table);
        sink.abort();
        CHECK(threads_now() == before);
    }
    {
        CsvSink sink(MemoryOutput(), {.threads = 4});
        sink.open(table.schema());
        sink.append(table);
    }
    CHECK(threads_now() == before);
}

TEST_CASE("CsvSink: a failure on any thread ends the sink, and nothing is committed") {
    const Large large(2);
    const auto table = large.table();
    for (const std::size_t threads : {1U, 2U, 5U}) {
        INFO(threads << " threads");
        for (const std::size_t at : {0U, 1U, 7U}) {
            MemoryOutput output;
            output.kept->fail_at_write = at;
            CsvSink sink(output, {.threads = threads});
            sink.open(table.schema());
            const auto write_all = [&] {
                sink.append(table);
                static_cast<void>(sink.finish());
            };
            CHECK_THROWS_AS(write_all(), std::runtime_error);
            CHECK_THROWS_AS(sink.append(table), curtail::UsageError);
            CHECK(output.kept->commits == 0);
        }
    }
}

TEST_CASE("CsvSink: abort() in the middle of append() ends it, and nothing can be published") {
    const Large large(4);
    const auto table = large.table();
    for (const std::size_t threads : {1U, 4U}) {
        MemoryOutput output;
        CsvSink sink(output, {.threads = threads});
        sink.open(table.schema());
        CHECK(code_thrown_by([&] { sink.append(table, [&] { sink.abort(); }); }) == ErrorCode::wrong_state);
        CHECK(code_thrown_by([&] { sink.finish(); }) == ErrorCode::wrong_state);
        CHECK(output.kept->commits == 0);
    }
}

TEST_CASE("CsvSink: a moved-from sink can be aborted, and refuses all else") {
    MemoryOutput output;
    CsvSink first(output);
    CsvSink second(std::move(first));
    first.abort();
    CHECK(first.location().empty());
    CHECK(code_thrown_by([&] { first.open({{"a"}}); }) == ErrorCode::wrong_state);
    CHECK(output.kept->aborts == 0);
    second.open({{"a"}});
    static_cast<void>(second.finish());
    CHECK(output.kept->commits == 1);
}

TEST_CASE("CsvSink: can be moved between batches while it writes on another thread") {
    const Large large(3);
    const auto table = large.table();
    MemoryOutput output;
    CsvSink first(output, {.threads = 3});
    first.open(table.schema());
    first.append(curtail::RowSlice(table, 0, 40'000));
    CsvSink second(std::move(first));
    second.append(curtail::RowSlice(table, 40'000, table.rows() - 40'000));
    static_cast<void>(second.finish());
    const bool same = output.kept->bytes == file_of(table, {.threads = 1});
    CHECK(same);
}

TEST_CASE("CsvSink: writes rows of structs like columns") {
    struct Passenger {
        std::string name;
        std::optional<float> fare;
    };
    const std::vector<Passenger> passengers = {{"Braund, Mr. Owen", 7.25F}, {"Allen", {}}};
    CHECK(file_of(curtail::rows(passengers, curtail::field("name", &Passenger::name),
                                curtail::field("fare", &Passenger::fare))) ==
          "name,fare\n\"Braund, Mr. Owen\",7.25\nAllen,\n");
}

TEST_CASE("CsvSink: writes fields longer than any buffer whole") {
    // Case Q31.
    const std::string big(50'000, 'x');
    CHECK(lines_of({{Text(big), Text(big)}}) == big + "," + big + "\n");
    const std::string huge(3'000'000, 'y');
    CHECK(lines_of({{Text(huge), Text(huge + ",")}}) == huge + ",\"" + huge + ",\"\n");
}

TEST_CASE("CsvSink: a field is the same at every place near the end of the buffer") {
    // Cases Q32 and Q33.
    constexpr std::size_t capacity = curtail::detail::TextBuffer::default_capacity;
    const std::string quotes(20, '"');
    const std::string doubled(42, '"');
    for (std::size_t before = capacity - 130; before <= capacity + 2; ++before) {
        const std::string padding(before, 'x');
        const std::string got = lines_of({{Text(padding), Text(quotes), -1.7976931348623157e308,
                                           curtail::Timestamp{-1, curtail::TimeUnit::nanosecond, "UTC"}, Null{}}});
        const bool same =
            got == padding + "," + doubled + ",-1.7976931348623157e+308,1969-12-31 23:59:59.999999999+00:00,\n";
        REQUIRE(same);
    }
}

TEST_CASE("CsvSink: what is read back is what was written, nulls and empty texts included") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    constexpr std::string_view alphabet = "ab,\"\r\n ;'\\\xC3\xA9";
    for (int round = 0; round < 200; ++round) {
        const std::size_t width = 1 + random() % 5;
        std::vector<std::vector<std::optional<std::string>>> texts(random() % 20);
        Grid grid{Schema(std::vector<curtail::ColumnSpec>(width, {"c"})), {}};
        for (auto& row : texts) {
            for (std::size_t i = 0; i < width; ++i) {
                row.emplace_back();
                if (random() % 4 == 0) continue;
                row.back().emplace(random() % 6, '\0');
                for (char& c : *row.back()) c = alphabet[random() % alphabet.size()];
            }
            grid.cells.emplace_back();
            for (const auto& text : row) grid.cells.back().push_back(text ? Cell(Text(*text)) : Cell(Null{}));
            if (width == 1 && !row[0]) row[0] = "";  // the one place where a null is written as the empty text
        }
        REQUIRE(read_csv(file_of(grid, {.dialect = no_header})) == texts);
    }
}

TEST_CASE("CsvSink: a row with more or fewer cells than the header is an error that names the row") {
    // Case H106.
    for (const std::size_t width : {0U, 1U, 2U, 4U}) {
        MemoryOutput output;
        CsvSink sink(output);
        sink.open({{"a"}, {"b"}, {"c"}});
        const Grid good{{}, {{true, true, true}}};
        sink.append(good);
        const Grid ragged{{}, {std::vector<Cell>(width, true)}};
        try {
            sink.append(ragged);
            FAIL("accepted " << width << " cells");
        } catch (const curtail::TableError& error) {
            CHECK(error.code() == ErrorCode::cell_count_mismatch);
            CHECK(error.row() == 1U);
            CHECK(std::string(error.what()).find(std::to_string(width) + " cells where the header has 3") !=
                  std::string::npos);
        }
        CHECK(output.kept->commits == 0);
    }
}

TEST_CASE("CsvSink: refuses calls out of order") {
    const Grid grid{{{"a"}}, {{true}}};
    const auto wrong = [](auto&& call) { return code_thrown_by(call) == ErrorCode::wrong_state; };
    MemoryOutput output;
    CsvSink sink(output);
    CHECK(wrong([&] { sink.append(grid); }));
    CHECK(wrong([&] { sink.finish(); }));
    sink.open(grid.columns);
    CHECK(wrong([&] { sink.open(grid.columns); }));
    sink.append(grid);
    sink.finish();
    CHECK(wrong([&] { sink.append(grid); }));
    CHECK(wrong([&] { sink.finish(); }));
    CHECK(wrong([&] { sink.open(grid.columns); }));
    CHECK(output.kept->commits == 1);
    CHECK(output.kept->bytes == "a\nTrue\n");
}

TEST_CASE("CsvSink: publishes nothing if it is aborted, or destroyed before finish()") {
    const Grid grid{{{"a"}}, {{true}}};
    MemoryOutput output;
    {
        CsvSink sink(output);
        sink.open(grid.columns);
        sink.append(grid);
    }
    CHECK(output.kept->commits == 0);

    CsvSink sink(output);
    sink.open(grid.columns);
    sink.append(grid);
    sink.abort();
    CHECK(output.kept->aborts == 1);
    CHECK(code_thrown_by([&] { sink.append(grid); }) == ErrorCode::wrong_state);
    CHECK(code_thrown_by([&] { sink.finish(); }) == ErrorCode::wrong_state);
    CHECK(output.kept->commits == 0);
}

TEST_CASE("CsvSink: does not try a failed commit again") {
    MemoryOutput output;
    output.kept->fail_at_commit = true;
    CsvSink sink(output);
    sink.open({{"a"}});
    CHECK_THROWS_AS(sink.finish(), std::runtime_error);
    output.kept->fail_at_commit = false;
    CHECK(code_thrown_by([&] { sink.finish(); }) == ErrorCode::wrong_state);
    CHECK(output.kept->commits == 0);
}

TEST_CASE("CsvSink: publishes nothing after a failed append()") {
    const Grid grid{{{"a"}}, {{true}}};
    SECTION("a ragged row") {
        MemoryOutput output;
        CsvSink sink(output);
        sink.open(grid.columns);
        const Grid ragged{{}, {{true, true}}};
        CHECK_THROWS_AS(sink.append(ragged), curtail::TableError);
        CHECK(code_thrown_by([&] { sink.finish(); }) == ErrorCode::wrong_state);
        CHECK(output.kept->commits == 0);
    }
    SECTION("a write that failed") {
        MemoryOutput output;
        output.kept->fail_at_write = 0;
        CsvSink sink(output, {.threads = 1});  // with more it would show in a later call
        sink.open(grid.columns);
        const std::string big(1'000'000, 'x');
        const Grid wide{grid.columns, {{Text(big)}}};
        CHECK_THROWS_AS(sink.append(wide), std::runtime_error);
        CHECK(code_thrown_by([&] { sink.finish(); }) == ErrorCode::wrong_state);
        CHECK(output.kept->commits == 0);
    }
    SECTION("a source that threw in the middle of a row") {
        MemoryOutput output;
        CsvSink sink(output);
        auto stream = curtail::rows(std::vector<int>{1},
                                    curtail::field("a", [](int) -> int { throw std::runtime_error("source"); }));
        sink.open(grid.columns);
        CHECK_THROWS_AS(sink.append(stream), std::runtime_error);
        CHECK(code_thrown_by([&] { sink.finish(); }) == ErrorCode::wrong_state);
        CHECK(output.kept->commits == 0);
    }
}

TEST_CASE("CsvSink: calls open() and location() of an output that has them") {
    struct Placed : MemoryOutput {
        int* opened;
        std::string location() const { return "/there.csv"; }
        void open() { ++*opened; }
    };
    int opened = 0;
    CsvSink sink(Placed{{}, &opened});
    CHECK(sink.location() == "/there.csv");
    CHECK(opened == 0);
    sink.open({{"a"}});
    CHECK(opened == 1);
    CHECK(sink.finish().path == "/there.csv");
}

TEST_CASE("CsvSink: by default the bytes go to a file, which appears when it is complete") {
    const ScratchDirectory dir;
    const std::string path = dir / "out.csv";
    const std::vector<int> values = {1, 2};
    const auto table = columns(column("a", values));
    {
        CsvSink sink(path);
        static_assert(std::is_same_v<decltype(sink), CsvSink<curtail::AtomicFile>>);
        CHECK(sink.location() == path);
        sink.open(table.schema());
        sink.append(table);
        CHECK_FALSE(std::filesystem::exists(path));
        const curtail::ArtifactInfo info = sink.finish();
        CHECK(info.path == path);
        CHECK(info.bytes == 6);
        CHECK(std::filesystem::file_size(path) == 6);
    }
    CHECK(dir.read("out.csv") == "a\n1\n2\n");
    {
        CsvSink forgotten(dir / "other.csv", CsvSinkOptions{.dialect = {.separator = ';'}});
        forgotten.open(table.schema());
        forgotten.append(table);
    }
    CHECK(dir.names() == std::vector<std::string>{"out.csv"});
}

namespace {

// A part that another attempt may have published before.
struct PartOutput : MemoryOutput {
    std::string summary;
    std::string taken_by;

    curtail::PartPlace part() const { return {.number = 3, .of = 12}; }
    void commit_part(const curtail::ArtifactInfo& info, std::string_view text) {
        if (!taken_by.empty()) throw curtail::PartTaken(3, info.path, taken_by);
        summary = std::string(text) + " of " + std::to_string(info.bytes) + " bytes, commits " +
                  std::to_string(kept->commits);
    }
};

}  // namespace

TEST_CASE("CsvSink: gives a part's output the summary of its file before anything is published", "[artifact]") {
    const std::vector<int> ages{34, 58};
    const auto table = columns(column("age", ages));
    CsvSink sink{PartOutput()};
    CHECK(sink.part() == curtail::PartPlace{.number = 3, .of = 12});
    sink.open(table.schema());
    sink.append(table);
    sink.finish_part([](const curtail::ArtifactInfo& info) {
        CHECK(info.rows == 2);
        return "summary"s;
    });
    CHECK(sink.output().summary == "summary of 10 bytes, commits 0");
}

TEST_CASE("CsvSink: publishes no part whose summary fails or that another attempt has published", "[artifact]") {
    const std::vector<int> ages{34, 58};
    const auto table = columns(column("age", ages));
    CsvSink failing{PartOutput()};
    failing.open(table.schema());
    failing.append(table);
    CHECK_THROWS_AS(
        failing.finish_part([](const curtail::ArtifactInfo&) -> std::string { throw std::runtime_error("no"); }),
        std::runtime_error);
    CHECK(failing.output().summary.empty());

    PartOutput late;
    late.taken_by = "theirs";
    CsvSink sink(std::move(late));
    sink.open(table.schema());
    CHECK_THROWS_AS(sink.finish_part([](const curtail::ArtifactInfo&) { return "mine"s; }), curtail::PartTaken);
    CHECK(sink.output().summary.empty());
}
