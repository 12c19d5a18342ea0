// SPDX-License-Identifier: MIT
// The acceptance list of the file's bytes: the cases that other writers get wrong or write differently, with the bytes
// that curtail writes. Each case has an identifier:
//
// Q quoting, S quote styles, N nulls, F floating-point numbers, I integers and booleans, T times, H headers and shape,
// C dialects that are refused, G the formula guard. Errors and properties are tested where they can happen:
// - E115 a full device, E116 the limit of a file's size, E122 a symlink as target, E124 two writers and one winner,
//   E125 kill -9, E127 the mode under any umask: tests/fault/real_faults.test.cpp;
// - E117 each call failing with each error, E118 signals and one-byte writes, E119 a write of nothing, E120 a failed
//   sync, E121 an existing target, E126 no unnamed files: tests/fault/scripted_faults.test.cpp;
// - E123 hostile job ids: tests/artifact/artifact_path.test.cpp;
// - P128 any threads, batches and blocks: csv_sink.test.cpp, csv/concurrent_rows.test.cpp,
//   tests/table/independence.test.cpp;
// - P129 read back by Python's csv, pandas and DuckDB: pandas_parity.py, tests/duckdb;
// - P130 all floats, 10^8 doubles: tests/core/number/number_text.test.cpp;
// - P131 memory: tests/payload/result_payload_builder.test.cpp; 10 GB: `examples/demo.sh --repeat`;
// - P132 the sidecar matches the file: pair/sidecar.test.cpp, csv/metadata.test.cpp, csvw_reader.py;
// - P133 parts: parts_directory.test.cpp, parts/; P134 an index of offsets: csv_artifact.test.cpp, index/.
//
// Not applicable: Q18 with a comment character, S39 to S41 (no quotes, escapes) and F81 (exponents always), because the
// dialect has no such options.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using namespace std::string_literals;
using curtail::Cell;
using curtail::CsvDialect;
using curtail::FormulaGuard;
using curtail::Null;
using curtail::QuoteStyle;
using curtail::TimeUnit;
using Text = std::string_view;
using Rows = std::vector<std::vector<Cell>>;

constexpr std::int64_t one = 1;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Grid {
    curtail::Schema columns;
    Rows cells;

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return cells.size(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const Cell& cell : cells[row]) visit(cell);
    }
};

std::string file_of(const std::vector<std::string>& names, const Rows& rows, const CsvDialect& dialect) {
    std::vector<curtail::ColumnSpec> specs;
    for (const std::string& name : names) specs.push_back({name});
    MemoryOutput output;
    curtail::CsvSink sink(output, {.dialect = dialect});
    sink.open(curtail::Schema(std::move(specs)));
    for (const auto& row : rows) sink.append(Grid{{}, {row}});
    sink.finish();
    return output.kept->bytes;
}

// Checks a case without its header.
void check(const char* id, const Rows& rows, const std::string& expected, CsvDialect dialect = {}) {
    INFO("case " << id);
    dialect.header = false;
    CHECK(file_of(std::vector<std::string>(rows.empty() ? 2 : rows[0].size(), "c"), rows, dialect) == expected);
}

// Checks a row of one text and a 1.
void check_text(const char* id, Text text, const std::string& expected, const CsvDialect& dialect = {}) {
    check(id, {{text, one}}, expected + dialect.separator + "1\n", dialect);
}

void check_number(const char* id, const Cell& number, const std::string& expected, const CsvDialect& dialect = {}) {
    check(id, {{number, one}}, expected + dialect.separator + "1\n", dialect);
}

void check_header(const char* id, const std::vector<std::string>& names, const std::string& expected,
                  const CsvDialect& dialect = {}) {
    INFO("case " << id);
    CHECK(file_of(names, {}, dialect) == expected);
}

void check_no_dialect(const char* id, const CsvDialect& dialect) {
    INFO("case " << id);
    MemoryOutput output;
    CHECK_THROWS_AS(curtail::CsvSink(output, {.dialect = dialect}), curtail::UsageError);
    CHECK(output.kept->write_sizes.empty());
}

// Returns a NaN with a sign or a payload.
double nan_of(std::uint64_t bits) {
    double value = 0;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

}  // namespace

TEST_CASE("CsvSink: every text on the acceptance list is quoted as it says", "[artifact]") {
    check_text("Q1", "x", "x");
    check_text("Q2", "a,b", R"("a,b")");
    check_text("Q3", "a\"b", R"("a""b")");
    check_text("Q4", "\"", R"("""")");
    check_text("Q5", "\"\"", R"("""""")");
    check_text("Q6", "\"bb\"", R"("""bb""")");
    check_text("Q7", "a\nb", "\"a\nb\"");
    check_text("Q8", "a\r\nb", "\"a\r\nb\"");
    check_text("Q9", "a\rb", "\"a\rb\"");
    check_text("Q10", "\n", "\"\n\"");
    check_text("Q11", ",", "\",\"");
    check_text("Q12", " x ", " x ");
    check_text("Q13", "\t", "\t");
    check_text("Q14", "a\\b", "a\\b");
    check_text("Q15", "'", "'");
    check_text("Q16", Text("a\0b", 3), "a\0b"s);
    for (const char* text : {"\xC3\xA9", "\xF0\x9F\x98\x80", "\xE2\x80\xA8", "\xC2\x85"}) check_text("Q17", text, text);
    check("Q18", {{"#x", "#x"}}, "#x,#x\n");
    check_text("Q19", " #x", " #x");
    const Text marked =
        "\xEF\xBB\xBF"
        "a";
    check("Q20", {{marked, marked}, {marked, one}},
          "\"\xEF\xBB\xBF"
          "a\",\xEF\xBB\xBF"
          "a\n\xEF\xBB\xBF"
          "a,1\n");
    check_text("Q21", R"({"type": "Point", "coordinates": [102.0, 0.5]})",
               R"("{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}")");
    check_text("Q22", R"(ha "ha" ha)", R"("ha ""ha"" ha")");
    check_text("Q23", "ha \n\"ha\" \nha", "\"ha \n\"\"ha\"\" \nha\"");
    check_text("Q24", "Once upon \na time", "\"Once upon \na time\"");
    check_text("Q25", "how\nare\n\"you\"?", "\"how\nare\n\"\"you\"\"?\"");
    check("Q26", {{""}, {"0*0"}, {"xyz"}}, "**\n*0**0*\nxyz\n", {.quote = '*'});
    check("Q27", {{"a;b", "a,b"}}, "\"a;b\";a,b\n", {.separator = ';'});
    check("Q28", {{"a,b", "a\tb"}}, "a,b\t\"a\tb\"\n", {.separator = '\t'});
    CHECK(file_of({"int", "s"}, {{one, "abc"}, {std::int64_t{2}, "d\nef"}}, {.line_end = curtail::LineEnd::crlf}) ==
          "int,s\r\n1,abc\r\n2,\"d\nef\"\r\n");  // Q29
    check("Q30", {{"a", "\r"}, {"b", "\n"}}, "a,\"\r\"\r\nb,\"\n\"\r\n", {.line_end = curtail::LineEnd::crlf});
    const std::string wide(50'000, 'x');
    check("Q31", {{Text(wide), Text(wide)}}, wide + "," + wide + "\n");
    // At every offset near the end of the buffer: csv_sink.test.cpp.
    for (std::size_t n = 1; n < 100; ++n) check_text("Q32", std::string(n, '"'), std::string(2 * n + 2, '"'));
    for (std::size_t at = 0; at <= 64; ++at) {
        std::string text(65, 'x');
        for (const char special : {',', '\n', '\r'}) {
            text[at] = special;
            check_text("Q33", text, "\"" + text + "\"");
        }
        text[at] = '"';
        check_text("Q33", text, "\"" + text.substr(0, at) + "\"" + text.substr(at) + "\"");
    }
}

TEST_CASE("CsvSink: every quote style on the acceptance list gives its bytes", "[artifact]") {
    check("S34", {{"a", one, "p,q"}}, "\"a\",\"1\",\"p,q\"\n", {.quote_style = QuoteStyle::all});
    check("S35", {{"a", one, "p,q"}}, "\"a\",1,\"p,q\"\n", {.quote_style = QuoteStyle::non_numeric});
    check("S36", {{Null{}, "abcd", std::int64_t{5467}, Null{}, Null{}}}, ",\"abcd\",\"5467\",,\n",
          {.quote_style = QuoteStyle::all});
    // These are Python's QUOTE_NOTNULL and QUOTE_STRINGS: neither quotes a null.
    check("S37", {{"a", "", Null{}, one}}, "\"a\",\"\",,\"1\"\n", {.quote_style = QuoteStyle::all});
    check("S38", {{"a", "", Null{}, one}}, "\"a\",\"\",,1\n", {.quote_style = QuoteStyle::non_numeric});
    check_no_dialect("S42", {.quote = '8', .quote_style = QuoteStyle::non_numeric});
}

TEST_CASE("CsvSink: every null and empty text on the acceptance list gives its bytes", "[artifact]") {
    check("N43", {{"", one}, {Null{}, one}, {"x", one}}, "\"\",1\n,1\nx,1\n");
    check("N44", {{"NA", one}, {Null{}, one}, {"\"NA\"", one}}, "\"NA\",1\nNA,1\n\"\"\"NA\"\"\",1\n",
          {.null_text = "NA"});
    for (const char* word : {"N\"A", "N,A", "N\nA"}) check_no_dialect("N45", {.null_text = word});
    check("N46", {{""}}, "\"\"\n");
    check("N47", {{Null{}}}, "\"\"\n");
    check("N48", {{""}, {""}}, "\"\"\n\"\"\n");
    check("N49", {{Null{}, Null{}}, {"", ""}}, ",\n\"\",\"\"\n");
    check("N49", {{Null{}, Null{}}, {"", ""}}, ",\n,\n", CsvDialect::pandas());
    check("N50", {{one}, {Null{}}}, "1\n\"\"\n");
    check("N50", {{one, one}, {one, Null{}}}, "1,1\n1,\n");
    check("N51", {std::vector<Cell>(8, Null{})}, ",,,,,,,\n");
    check("N52", {{Null{}}, {Null{}}, {Null{}}}, "mynull\nmynull\nmynull\n", {.null_text = "mynull"});
    check("N53", {{Null{}, true}}, ",True\n");
}

TEST_CASE("CsvSink: every double and float on the acceptance list gives its bytes", "[artifact]") {
    check_number("F54", 1.0, "1.0");
    check_number("F55", 0.1, "0.1");
    check_number("F56", 0.30000000000000004, "0.30000000000000004");
    check_number("F57", 2.0 / 3.0, "0.6666666666666666");
    check_number("F58", 100000.0, "100000.0");
    check_number("F59", 1e15, "1000000000000000.0");
    check_number("F60", 9007199254740993.0, "9007199254740992.0");
    check_number("F61", 1e16, "1e+16");
    check_number("F62", 123456789012345678.0, "1.2345678901234568e+17");
    check_number("F63", 1e22, "1e+22");
    check_number("F64", 1e23, "1e+23");
    check_number("F65", 1e-4, "0.0001");
    check_number("F66", 1e-5, "1e-05");
    check_number("F67", 1e-7, "1e-07");
    check_number("F68", 5e-324, "5e-324");
    check_number("F69", 2.2250738585072014e-308, "2.2250738585072014e-308");
    check_number("F70", 1.7976931348623157e308, "1.7976931348623157e+308");
    check_number("F71", -0.0, "-0.0");
    for (const std::uint64_t bits :
         {0x7FF8000000000000U, 0xFFF8000000000000U, 0x7FF800000000BEEFU, 0xFFF4000000000001U}) {
        check_number("F72", nan_of(bits), "NaN");
    }
    check_number("F73", infinity, "inf");
    check_number("F73", -infinity, "-inf");
    check_number("F74", 0.1F, "0.1");
    check_number("F75", 16777217.0F, "16777216.0");
    check_number("F76", 1e10F, "10000000000.0");
    check_number("F77", 3.4028235e38F, "3.4028235e+38");
    check_number("F78", 1e-45F, "1e-45");
    check_number("F79", 123456.789F, "123456.79");
    check("F80", {{3.33, 1.0}}, "3.33,1.00\n", {.float_precision = 2});
    check_number("F80", 2.2, "2", {.float_precision = 0});
    check("F82", {{123.75, 60.0, std::int64_t{9}}}, "\"123,75\",\"60,0\",9\n", {.decimal_comma = true});
    check_number("F82", 10.1, "10,1", {.separator = ';', .decimal_comma = true});
}

TEST_CASE("CsvSink: every integer, boolean and decimal on the acceptance list gives its bytes", "[artifact]") {
    check_number("I83", std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
    check_number("I83", std::numeric_limits<std::int64_t>::max(), "9223372036854775807");
    check_number("I84", std::numeric_limits<std::uint64_t>::max(), "18446744073709551615");
    const std::vector<std::int8_t> bytes{-128};
    const std::vector<std::uint8_t> unsigned_bytes{255};
    const std::vector<char> letters{'x'};
    MemoryOutput output;
    curtail::CsvSink sink(output);
    const auto table = curtail::columns(curtail::column("i8", bytes), curtail::column("u8", unsigned_bytes),
                                        curtail::column("char", letters));
    sink.open(table.schema());
    sink.append(table);
    sink.finish();
    CHECK(output.kept->bytes == "i8,u8,char\n-128,255,x\n");  // I85, I89
    for (const char* text : {"99", "100", "9999", "10000", "99999999", "100000000"}) {
        check_number("I86", std::int64_t{std::stoll(text)}, text);
    }
    check_number("I87", curtail::Decimal{"170141183460469231731687303715884105727"},
                 "170141183460469231731687303715884105727");  // the compiler's __int128: tests/table/cell.test.cpp
    check("I88", {{true, false}}, "True,False\n");
    check_number("I90", curtail::Decimal{"-0.01"}, "-0.01");
    check_number("I90", curtail::Decimal{"99999999999999999999999999999999999999"},
                 "99999999999999999999999999999999999999");
}

TEST_CASE("CsvSink: every date, time and duration on the acceptance list gives its bytes", "[artifact]") {
    using curtail::Date;
    using curtail::Duration;
    using curtail::Timestamp;
    check("T91", {{Date{-1}, Date{11016}}}, "1969-12-31,2000-02-29\n");
    check_number("T92", Timestamp{1078016523, TimeUnit::second}, "2004-02-29 01:02:03");
    check("T93",
          {{Timestamp{1078016523004, TimeUnit::millisecond}, Timestamp{1078016523004005, TimeUnit::microsecond},
            Timestamp{1078016523004005006, TimeUnit::nanosecond}, Timestamp{0, TimeUnit::millisecond}}},
          "2004-02-29 01:02:03.004,2004-02-29 01:02:03.004005,2004-02-29 01:02:03.004005006,1970-01-01 00:00:00.000\n");
    check_number("T94", Timestamp{-1, TimeUnit::nanosecond}, "1969-12-31 23:59:59.999999999");
    check_number("T95", Timestamp{0, TimeUnit::second, "UTC"}, "1970-01-01 00:00:00+00:00");
    check_number("T96", Duration{1, TimeUnit::nanosecond}, "0 days 00:00:00.000000001");
    check_number("T96", Duration{1, TimeUnit::nanosecond}, "0 days 00:00:00.000000001", CsvDialect::pandas());
    // T97, the same column in batches of any size: csv_sink.test.cpp; check() appends row by row.
    check("T97", {{Timestamp{0, TimeUnit::second}}, {Timestamp{1, TimeUnit::second}}},
          "1970-01-01 00:00:00\n1970-01-01 00:00:01\n");
}

TEST_CASE("CsvSink: every header and shape on the acceptance list gives its bytes or its error", "[artifact]") {
    check_header("H98", {"col,1", "col\"2", "col:3"}, "\"col,1\",\"col\"\"2\",col:3\n");
    check_header("H99", {"a\nb", "c"}, "\"a\nb\",c\n");
    check_header("H100", {"a", "a"}, "a,a\n");
    check_header("H101", {""}, "\"\"\n");
    check_header("H102", {"a", "b"}, "a,b\n");
    check_header("H103", {"a", "b"}, "", {.header = false});
    check_header("H104", {"a", "b"},
                 "\xEF\xBB\xBF"
                 "a,b\n",
                 {.byte_order_mark = true});
    check("H105", {{one, std::int64_t{3}}, {std::int64_t{2}, std::int64_t{4}}}, "1\t3\n2\t4\n", {.separator = '\t'});
    {
        MemoryOutput output;
        curtail::CsvSink sink(output);
        sink.open({{"a"}, {"b"}, {"c"}});
        const Grid ragged{{}, {{one}}};
        CHECK_THROWS_AS(sink.append(ragged), curtail::TableError);  // H106
        CHECK(output.kept->commits == 0);
    }
    {
        MemoryOutput output;
        curtail::CsvSink sink(output);
        sink.open({{"a"}});
        const Grid nothing{{}, {}};
        const Grid row{{}, {{one}}};
        for (const Grid* batch : {&nothing, &row, &nothing, &row, &nothing}) sink.append(*batch);  // H107
        sink.finish();
        CHECK(output.kept->bytes == "a\n1\n1\n");
    }
    const std::vector<int> numbers{1};
    const auto features = curtail::columns(curtail::column("a", numbers));
    const auto joined = curtail::with_prediction(features, curtail::column("prediction", numbers));
    CHECK(joined.schema()[1].name == "prediction");                                                           // H108
    CHECK_THROWS_AS(curtail::with_prediction(features, curtail::column("a", numbers)), curtail::TableError);  // H108
    // H109: a dictionary's values are texts where they are used; tests/table/arrow.test.cpp has real dictionaries.
    check("H109", {{"a,b", one}, {"a,b", one}}, "\"a,b\",1\n\"a,b\",1\n");
}

TEST_CASE("CsvSink: every dialect on the acceptance list that no reader could split is refused", "[artifact]") {
    check_no_dialect("C110", {.separator = '"'});
    for (const char separator : {'\r', '\n', '\0', '\xC3'}) check_no_dialect("C110", {.separator = separator});
    check_no_dialect("C110", {.quote = '\n'});
    // Separators of several bytes and batches of no rows cannot be expressed: a separator is a char, a batch any table.
}

TEST_CASE("CsvSink: every formula on the acceptance list is guarded, and nothing else", "[artifact]") {
    const CsvDialect guarded{.formula_guard = FormulaGuard::apostrophe};
    check_text("G111", "=1+2\";=1+2", R"("'=1+2"";=1+2")", guarded);
    check("G112", {{"-5", std::int64_t{-5}}}, "'-5,-5\n", guarded);
    check_text("G113", "@x", "'@x", guarded);
    check_text("G113", "+x", "'+x", guarded);
    check_text("G113", "\tx", "'\tx", guarded);
    check_text("G113", "\rx", "\"'\rx\"", guarded);
    check_text("G113", "'x", "''x", guarded);
    check_text("G113", "@x", "@x");
    check_header("G113", {"=a", "b"}, "'=a,b\n", guarded);
    for (const char* text : {"=x", "'=x", "x", "", "''", "-"}) {
        const std::string guard = curtail::detail::needs_guard(text) ? "'" : "";
        CHECK(curtail::remove_formula_guard(guard + text) == Text(text));  // G114, at length in csv_dialect.test.cpp
    }
}
