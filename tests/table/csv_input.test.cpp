// SPDX-License-Identifier: MIT
#include <curtail/table/csv_input.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "table/csv_of.hpp"

using curtail::CsvInput;
using curtail::CsvInputOptions;
using namespace std::string_literals;

static_assert(curtail::TableStream<CsvInput>);
static_assert(curtail::Table<CsvInput::Batch>);
static_assert(std::is_nothrow_move_constructible_v<CsvInput>);

namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

struct TextReader {
    std::string text;
    std::size_t step;
    std::size_t at = 0;

    std::size_t operator()(std::span<char> room) {
        const std::size_t size = (std::min)({room.size(), step, text.size() - at});
        std::memcpy(room.data(), text.data() + at, size);
        at += size;
        return size;
    }
};

CsvInput input_of(std::string text, CsvInputOptions options = {}, std::size_t step = 1U << 20U) {
    return CsvInput(TextReader{std::move(text), step}, "text", options);
}

// A cell as a word that shows its meaning and its text: null, null:NA, b:True, n:1.50, t:text, q:NA (in quotes).
std::string shown(const curtail::Cell& cell) {
    if (std::holds_alternative<curtail::Null>(cell)) return "null";
    if (const auto* text = std::get_if<std::string_view>(&cell)) return "t:" + std::string(*text);
    const auto* verbatim = std::get_if<curtail::Verbatim>(&cell);
    if (verbatim == nullptr) return "unexpected";
    constexpr const char* meanings[] = {"null:", "b:", "n:", "q:"};
    return meanings[static_cast<std::size_t>(verbatim->meaning)] + std::string(verbatim->text);
}

Rows rows_of_input(CsvInput& input) {
    Rows rows;
    while (const auto* batch = input.next()) {
        REQUIRE(batch->rows() != 0);
        REQUIRE(batch->schema() == input.schema());
        for (std::size_t row = 0; row < batch->rows(); ++row) {
            rows.emplace_back();
            std::size_t column = 0;
            curtail::visit_row(*batch, row, [&](const curtail::Cell& cell) {
                REQUIRE(&cell == &batch->cell(row, column++));
                rows.back().push_back(shown(cell));
            });
            REQUIRE(column == input.schema().size());
        }
    }
    REQUIRE_THROWS_AS(input.next(), curtail::UsageError);
    return rows;
}

Rows rows_of_text(std::string text, CsvInputOptions options = {}, std::size_t step = 1U << 20U) {
    CsvInput input = input_of(std::move(text), options, step);
    return rows_of_input(input);
}

void check_error(const std::string& text, std::uint64_t line, const std::string& part, CsvInputOptions options = {}) {
    CAPTURE(text.substr(0, 200));
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{1} << 20U}) {
        try {
            rows_of_text(text, options, step);
            FAIL_CHECK("read without an error");
        } catch (const curtail::InputError& error) {
            CHECK(error.code() == curtail::ErrorCode::malformed_input);
            CHECK(error.permanent());
            CHECK(error.path() == "text");
            CHECK(error.line() == line);
            INFO(error.what());
            CHECK(std::string(error.what()).find(part) != std::string::npos);
        }
    }
}

}  // namespace

TEST_CASE("CsvInput: names, nulls, empty texts and numbers come out as they are in the file", "[table]") {
    const Rows rows = rows_of_text("name,n,x,code,ok\n\"a,b\",1,0.50,007,True\n,,,,\n\"\",-2,1e5,012,False\n");
    CHECK(rows == Rows{{"t:a,b", "n:1", "n:0.50", "t:007", "b:True"},
                       {"null", "null", "null", "null", "null"},
                       {"t:", "n:-2", "n:1e5", "t:012", "b:False"}});
}

TEST_CASE("CsvInput: the schema leaves the types open, because only the cells show them", "[table]") {
    const CsvInput input = input_of("a,b\n1,x\n");
    REQUIRE(input.schema().size() == 2);
    CHECK(input.schema()[0].type.open());
    CHECK(input.schema().prediction_count() == 0);
}

TEST_CASE("CsvInput: a cell means what its own text says, whatever its row and column hold", "[table]") {
    const Row values = {"1", "n/a", "2.5", "+3", "true", "word", "123456789012345678901234567890", "-inf", "007"};
    Row expected = {"n:1",    "null:n/a", "n:2.5", "n:+3", "b:true", "t:word", "n:123456789012345678901234567890",
                    "n:-inf", "t:007"};
    std::string before;
    Rows rows_before;
    for (int i = 0; i < 3000; ++i) {
        before += "1\n";
        rows_before.push_back({"n:1"});
    }
    std::string text;
    Rows rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
        text += values[i] + "\n";
        rows.push_back({expected[i]});
    }
    CHECK(rows_of_text("x\n" + text) == rows);
    rows_before.insert(rows_before.end(), rows.begin(), rows.end());
    CHECK(rows_of_text("x\n" + before + text) == rows_before);
}

TEST_CASE("CsvInput: every spelling of a number keeps its text", "[table]") {
    for (const std::string text :
         {".5", "5.", "+3", "NaN", "-inf", "Infinity", "1E5", "0.50", "-0", "+1234567891", "1e400", "+.5e-3", "INF"}) {
        CAPTURE(text);
        CHECK(rows_of_text("x\n" + text + "\n", {.null_texts = {}}) == Rows{{"n:" + text}});
    }
    for (const std::string text : {"Nan", "NAN", "00.5", "007", "1_000", "0x1F", "1,5", "2D3", "--1", "+", "."}) {
        CAPTURE(text);
        CHECK(rows_of_text("x|y\n" + text + "|1\n", {.separator = '|'}) == Rows{{"t:" + text, "n:1"}});
    }
}

TEST_CASE("CsvInput: the texts of a null are those of pandas 1.5.3, unless the options name others", "[table]") {
    // sorted(pandas._libs.parsers.STR_NA_VALUES)
    for (const std::string text : {"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
                                   "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null"}) {
        CAPTURE(text);
        CHECK(rows_of_text("x,y\n" + text + ",\n") == Rows{{"null:" + text, "null"}});
        CHECK(rows_of_text("x,y\n " + text + "\t,1\n") == Rows{{"null: " + text + "\t", "n:1"}});
        CHECK(rows_of_text("x,y\n\"" + text + "\",1\n") == Rows{{"q:" + text, "n:1"}});
    }
    CHECK(CsvInputOptions().null_texts.size() == 17);
    for (const std::string text : {"None", "Na", "NaN1", "Null", "na", "-", "?", "missing"}) {
        CAPTURE(text);
        CHECK(rows_of_text("x,y\n" + text + ",1\n") == Rows{{"t:" + text, "n:1"}});
    }
    CHECK(rows_of_text("x\n-\nNA\n \n999\n-1\n", {.null_texts = {"-", "999"}}) ==
          Rows{{"null:-"}, {"t:NA"}, {"null: "}, {"null:999"}, {"n:-1"}});
    CHECK(rows_of_text("x\nNA\nnan\n", {.null_texts = {}}) == Rows{{"t:NA"}, {"n:nan"}});
    const std::string long_text(100, 'n');
    CHECK(rows_of_text("x\n" + long_text + "\n" + long_text + "n\n", {.null_texts = {"", long_text}}) ==
          Rows{{"null:" + long_text}, {"t:" + long_text + "n"}});
}

TEST_CASE("CsvInput: spaces around a null, a bool or a number do not make it text", "[table]") {
    CHECK(rows_of_text("id, prediction\n1, 0.5\n2,\t-1 \n 3 , \n4, true\n5, NA\n6, a b \n") ==
          Rows{{"n:1", "n: 0.5"},
               {"n:2", "n:\t-1 "},
               {"n: 3 ", "null: "},
               {"n:4", "b: true"},
               {"n:5", "null: NA"},
               {"n:6", "t: a b "}});
    CHECK(input_of("id, prediction\n").schema()[1].name == " prediction");
    CHECK(rows_of_text("a,b\n\" \",\" 1\"\n") == Rows{{"q: ", "n: 1"}});
}

TEST_CASE("CsvInput: takes pandas' spellings of a bool", "[table]") {
    CHECK(rows_of_text("x\nTrue\nTRUE\ntrue\nFalse\nFALSE\nfalse\ntRue\nyes\n\"true\"\n") == Rows{{"b:True"},
                                                                                                  {"b:TRUE"},
                                                                                                  {"b:true"},
                                                                                                  {"b:False"},
                                                                                                  {"b:FALSE"},
                                                                                                  {"b:false"},
                                                                                                  {"t:tRue"},
                                                                                                  {"t:yes"},
                                                                                                  {"b:true"}});
}

TEST_CASE("CsvInput: another separator that header and rows show is an error that names it", "[table]") {
    check_error("a;b;prediction\n1;2;0.5\n3;4;0.75\n", 1, "a semicolon");
    check_error("a;b;prediction\n1;2;0,5\n3;4;0,75\n", 1, "a semicolon");
    check_error("a\tb\r\n1\t2\r\n", 1, "a tab");
    check_error("a|b\n1|\"x|y\"\n", 1, "a vertical bar");
    check_error("\n\na|b\n", 1, "a vertical bar");
    check_error("a,b;c\n1,2;3\n", 1, "a comma", {.separator = '|'});
    std::string long_text = "a;b\n";
    for (int i = 0; i < 5000; ++i) long_text += "1;2\n";
    check_error(long_text, 1, "set the option separator");
    CHECK(rows_of_text("\"a;b\"\n1;2\n") == Rows{{"t:1;2"}});
    CHECK(rows_of_text("a;b\n1\n2;3\n") == Rows{{"n:1"}, {"t:2;3"}});
    CHECK(rows_of_text("a|b,c\n1|2,3\n") == Rows{{"t:1|2", "n:3"}});
}

TEST_CASE("CsvInput: a first line that names the separator is not a header", "[table]") {
    CHECK(rows_of_text("sep=,\na,b\n1,2\n") == Rows{{"n:1", "n:2"}});
    CHECK(rows_of_text("\xEF\xBB\xBF\"SEP=;\"\r\na;b\r\n1;2\r\n", {.separator = ';'}) == Rows{{"n:1", "n:2"}});
    check_error("sep=;\na;b\n1;2\n", 1, "the separator is a semicolon");
    check_error("sep=\t\na\tb\n1\t2\n", 1, "the separator is a tab");
    check_error("sep=,\na,b\n1,2\n", 1, "the separator is a comma", {.separator = ';'});
    check_error("sep=:\na:b\n1:2\n", 1, "not a comma, semicolon");
    CHECK(rows_of_text("sep=\n1\n") == Rows{{"n:1"}});
    CHECK(rows_of_text("a\nsep=;\n") == Rows{{"t:sep=;"}});
    check_error("sep=,\n", 0, "column names");
}

TEST_CASE("CsvInput: text that is not UTF-8 is refused on its line, unless it is asked for", "[table]") {
    check_error("city,p\nM\xFCnchen,1\n", 2, "0xfc");
    check_error("city,p\nLima,1\n\"\n\xC3\",1\n", 4, "iconv");
    check_error("caf\xE9\n1\n", 1, "require_utf8");
    std::string late = "city\n";
    for (int i = 0; i < 60'000; ++i) late += "Z\xC3\xBCrich\n";
    check_error(late + "\xF0\x9F\x98\n", 60'002, "UTF-8");
    CHECK(rows_of_text("city\nM\xFCnchen\n", {.require_utf8 = false}) == Rows{{"t:M\xFCnchen"}});
    CHECK(rows_of_text("city\nZ\xC3\xBCrich\n") == Rows{{"t:Z\xC3\xBCrich"}});
}

TEST_CASE("CsvInput: documents of other kinds are refused by name", "[table]") {
    check_error("<!DOCTYPE html>\n<html></html>\n", 1, "HTML");
    check_error("\n<?xml version='1.0'?>\n<a/>\n", 2, "XML");
    check_error("<table border=\"1\">\n", 1, "HTML");
    check_error("\xEF\xBB\xBF[{\"a\":1}]\n", 1, "JSON");
    CHECK(rows_of_text("<id>\n1\n") == Rows{{"n:1"}});
}

TEST_CASE("CsvInput: a line break inside quotes belongs to the cell", "[table]") {
    const std::string text = "a,b\r\n\"x\r\ny\",\"1\n\n2\"\r\n\"\r\",\"\"\"\"\r\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        CHECK(rows_of_text(text, {}, step) == Rows{{"t:x\r\ny", "t:1\n\n2"}, {"t:\r", "t:\""}});
    }
}

TEST_CASE("CsvInput: line ends may be LF, CRLF, mixed, and missing at the end", "[table]") {
    const Rows expected = {{"t:x", "n:1"}, {"t:y", "n:2"}};
    for (const auto* text : {"a,b\nx,1\ny,2\n", "a,b\r\nx,1\r\ny,2\r\n", "a,b\nx,1\r\ny,2", "a,b\r\nx,1\ny,2",
                             "\n\r\na,b\n\nx,1\n\r\ny,2\n\n"}) {
        CAPTURE(text);
        CHECK(rows_of_text(text) == expected);
    }
}

TEST_CASE("CsvInput: a blank line is a null in a table of one column", "[table]") {
    CHECK(rows_of_text("a\nx\n\n\"\"\ny\n") == Rows{{"t:x"}, {"null"}, {"t:"}, {"t:y"}});
}

TEST_CASE("CsvInput: names may be quoted, repeated, empty, and behind a byte order mark", "[table]") {
    const CsvInput input = input_of("\xEF\xBB\xBF\"a\"\"\nb\",x,x,\n1,2,3,4\n");
    REQUIRE(input.schema().size() == 4);
    CHECK(input.schema()[0].name == "a\"\nb");
    CHECK(input.schema()[1].name == "x");
    CHECK(input.schema()[2].name == "x");
    CHECK(input.schema()[3].name.empty());
}

TEST_CASE("CsvInput: a header alone is a table of no rows", "[table]") {
    CHECK(rows_of_text("a,b").empty());
    CHECK(rows_of_text("a,b\r\n").empty());
}

TEST_CASE("CsvInput: each separator works, and the others are text under it", "[table]") {
    const std::string others = ",;\t|";
    for (const char separator : others) {
        std::string text = "a"s + separator + "b\n";
        std::string rest;
        for (const char c : others) {
            if (c != separator) rest += c;
        }
        text += rest + separator + "\"" + separator + "\"\n";
        CHECK(rows_of_text(text, {.separator = separator}) ==
              Rows{{"t:" + rest, (separator == '\t' ? "q:"s : "t:"s) + separator}});
    }
}

TEST_CASE("CsvInput: refuses options out of range", "[table]") {
    CHECK_THROWS_AS(input_of("a\n", {.separator = '"'}), curtail::UsageError);
    CHECK_THROWS_AS(input_of("a\n", {.separator = 'x'}), curtail::UsageError);
    CHECK_THROWS_AS(input_of("a\n", {.batch_rows = 0}), curtail::UsageError);
    CHECK_THROWS_AS(input_of("a\n", {.max_record_bytes = 0}), curtail::UsageError);
}

TEST_CASE("CsvInput: an error names the file, the line and the cure", "[table]") {
    check_error("", 0, "column names");
    check_error("\n\n", 0, "column names");
    check_error("\xEF\xBB\xBF", 0, "column names");
    check_error("a,b\n1\n", 2, "1 fields where the header has 2");
    check_error("a,b\n\n1,2\n1,2,3\n", 4, "more than 2 fields");
    check_error("a,b\n\"1\n2\",3\n4\n", 4, "1 fields");
    check_error("a,b\n1,2\n\"x\"y,2\n", 3, "closing quote");
    check_error("a,b\n\"x\" ,2\n", 2, "closing quote");
    check_error("a,b\n\"x\"\"y\"\"z\"w\"\",2\n", 2, "closing quote");
    check_error("a,b\n\"p\n\"\"q\"\"\n\",\"x\"y\n", 4, "closing quote");
    check_error("a,b\n5\" pipe,2\n3,4\n", 2, "does not begin with one");
    check_error("a,b\n5\" pipe,2\n\"3\",4\n", 2, "does not begin with one");
    check_error("a,b\n1,2\n\"x,2\n3,4\n", 3, "never closed");
    check_error("a,b\n\"x\n\",\"2\n3,4\n", 3, "never closed");
    check_error("a\rb\r", 1, "carriage return");
    check_error("a,b\r\n1,2\r", 2, "carriage return");
    check_error("a,b\n1\r,2\n", 2, "carriage return");
    check_error("a,b\n\"1\"\r,2\n", 2, "carriage return");
    check_error("a,b\n1,\"2\"\r\r\n", 2, "carriage return");
    check_error("a,b\n1,2\n\0,2\n"s, 3, "NUL");
    check_error("a,b\n1,2\n1,2\0"s, 3, "NUL");
    check_error("a,b\n1,\"2\0\"\n"s, 2, "NUL");
    check_error("a\0,\0b\0\n\0"s, 1, "NUL");
    check_error("\xFF\xFE"s + "a\0"s, 1, "UTF-16");
    check_error("\x1F\x8B\x08\0\0\0\0\0"s, 1, "this is gzip; decompress it first");
    check_error("PK\x03\x04\x14\0\x06\0"s, 1, "save the table as CSV");
    check_error("[{\"a\":1},{\"a\":2}]\n", 1, "this is JSON");
    check_error("a,b\n\"1\n2\n3\n4\n5\n6\n7\n8\n9,\n", 2, "max_record_bytes", {.max_record_bytes = 10});
    check_error("a,b\n12345678901,2\n", 2, "max_record_bytes", {.max_record_bytes = 10});
    check_error("a,b\n1\" 4567890\n1234\n", 2, "does not begin with one", {.max_record_bytes = 10});
}

TEST_CASE("CsvInput: after an error the stream is over", "[table]") {
    std::string text = "a,b\n";
    for (int i = 0; i < 2000; ++i) text += "1,2\n";
    CsvInput input = input_of(text + "1\n1,2\n");
    CHECK_THROWS_AS(rows_of_input(input), curtail::InputError);
    CHECK_THROWS_AS(input.next(), curtail::UsageError);
}

TEST_CASE("CsvInput: batches hold no more rows than asked for, and any size gives the same rows", "[table]") {
    std::string text = "i,t\n";
    for (int i = 0; i < 2500; ++i) text += std::to_string(i) + ",\"a\nb\"\n";
    const Rows expected = rows_of_text(text);
    REQUIRE(expected.size() == 2500);
    for (const std::size_t batch_rows : {1U, 7U, 999U, 1000U, 1001U, 5000U}) {
        CsvInput input = input_of(text, {.batch_rows = batch_rows}, 1000);
        std::size_t rows = 0;
        while (const auto* batch = input.next()) {
            REQUIRE(batch->rows() <= batch_rows);
            for (std::size_t row = 0; row < batch->rows(); ++row) {
                REQUIRE(shown(batch->cell(row, 0)) == expected[rows][0]);
                REQUIRE(shown(batch->cell(row, 1)) == expected[rows][1]);
                ++rows;
            }
        }
        CHECK(rows == 2500);
    }
}

TEST_CASE("CsvInput: a stream that was moved goes on where it was, and only there", "[table]") {
    std::string text = "i\n";
    for (int i = 0; i < 3000; ++i) text += std::to_string(i) + "\n";
    CsvInput first = input_of(text);
    const std::size_t before = first.next()->rows();
    CsvInput second = std::move(first);
    CHECK_THROWS_AS(first.next(), curtail::UsageError);  // not the rows of the other
    CHECK(rows_of_input(second).size() == 3000 - before);
}

TEST_CASE("CsvInput: visit_row_from() skips the first cells", "[table]") {
    CsvInput input = input_of("a,b,c\n1,2,3\n");
    const auto* batch = input.next();
    REQUIRE(batch != nullptr);
    Row seen;
    curtail::visit_row_from(*batch, 0, 1, [&](const curtail::Cell& cell) { seen.push_back(shown(cell)); });
    CHECK(seen == Row{"n:2", "n:3"});
}

TEST_CASE("CsvInput: a file is read from its path, and a missing one is an error", "[table]") {
    const auto path =
        std::filesystem::temp_directory_path() / ("curtail_csv_input_" + std::to_string(std::random_device{}()));
    std::ofstream(path, std::ios::binary) << "a,b\nx,1\n";
    {
        CsvInput input(path.string());
        CHECK(rows_of_input(input) == Rows{{"t:x", "n:1"}});
        CHECK(input.bytes_read() == 8);
    }
    std::filesystem::remove(path);
    try {
        CsvInput input(path.string());
        FAIL("opened");
    } catch (const curtail::InputError& error) {
        CHECK(error.code() == curtail::ErrorCode::unreadable_input);
        CHECK(error.path() == path.string());
    }
}

namespace {

// A strict reader of its own, one character at a time: fields with whether they were quoted, or nothing for a
// text that must be refused.
struct PlainField {
    std::string text;
    bool quoted = false;
};

std::optional<std::vector<std::vector<PlainField>>> read_plainly(const std::string& text) {
    std::vector<std::vector<PlainField>> records;
    std::size_t at = 0;
    const auto at_line_end = [&] { return at == text.size() || text[at] == '\n' || text.compare(at, 2, "\r\n") == 0; };
    while (at < text.size()) {
        records.emplace_back();
        for (;;) {
            PlainField field;
            if (at < text.size() && text[at] == '"') {
                field.quoted = true;
                ++at;
                for (;;) {
                    if (at == text.size() || text[at] == '\0') return {};
                    if (text[at] != '"') {
                        field.text += text[at++];
                    } else if (at + 1 < text.size() && text[at + 1] == '"') {
                        field.text += '"';
                        at += 2;
                    } else {
                        ++at;
                        break;
                    }
                }
                if (!at_line_end() && text[at] != ',') return {};
            } else {
                while (!at_line_end() && text[at] != ',') {
                    if (text[at] == '"' || text[at] == '\r' || text[at] == '\0') return {};
                    field.text += text[at++];
                }
            }
            records.back().push_back(field);
            if (at_line_end()) break;
            ++at;
        }
        if (at < text.size()) at += text[at] == '\r' ? 2 : 1;
    }
    return records;
}

// Returns what CsvInput should make of it: rows as text, or nothing.
std::optional<Rows> expect_rows(const std::string& text) {
    const auto records = read_plainly(text);
    if (!records) return {};
    const auto is_blank = [](const std::vector<PlainField>& record) {
        return record.size() == 1 && record[0].text.empty() && !record[0].quoted;
    };
    Rows rows;
    std::size_t columns = 0;
    for (const auto& record : *records) {
        if (is_blank(record)) {
            if (columns == 1) rows.push_back({"null"});
            continue;
        }
        if (columns == 0) {
            columns = record.size();
            continue;
        }
        if (record.size() != columns) return {};
        rows.emplace_back();
        for (const PlainField& field : record) {
            rows.back().push_back(field.text.empty() && !field.quoted ? "null" : "t:" + field.text);
        }
    }
    if (columns == 0) return {};
    return rows;
}

}  // namespace

TEST_CASE("CsvInput: reads or refuses any text as a reader of single characters does", "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::string alphabet = "aa,,\"\"\"\n\n\rb";
    std::size_t read = 0;
    std::size_t refused = 0;
    for (int round = 0; round < by_tier(3'000, 60'000); ++round) {
        std::string text;
        if (random() % 2 == 0) {  // fields that are mostly sound, then a few random ones
            const std::size_t columns = 1 + random() % 3;
            const std::size_t count = random() % 5;
            for (std::size_t row = 0; row <= count; ++row) {
                for (std::size_t column = 0; column < columns; ++column) {
                    const char* const fields[] = {"a", "", "\"\"", "\"a\"\"b\"", "\"x\ny\"", "\"\r\n\"", "\",\"", "bc"};
                    text += (column != 0 ? "," : "") + std::string(fields[random() % 8]);
                }
                text += random() % 3 == 0 ? "\r\n" : "\n";
            }
            if (random() % 4 == 0) text[random() % text.size()] = alphabet[random() % alphabet.size()];
        } else {
            for (std::size_t length = random() % 24; length > 0; --length) text += alphabet[random() % alphabet.size()];
        }
        const std::optional<Rows> expected = expect_rows(text);
        std::optional<Rows> actual;
        try {
            actual = rows_of_text(text, {.batch_rows = 1 + random() % 4}, 1 + random() % 8);
        } catch (const curtail::InputError& error) {
            REQUIRE_FALSE(std::string_view(error.what()).ends_with(": "));  // never without a reason
        }
        ++(expected ? read : refused);
        if (actual != expected) {
            INFO("text " << Catch::Detail::stringify(text) << " was " << (actual ? "read" : "refused"));
            REQUIRE(actual == expected);
        }
    }
    CHECK(read > 250);
    CHECK(refused > 250);
}

TEST_CASE("CsvInput: the artifact has every cell with its text, and reads as the input does", "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    // As the default dialect quotes them, so that the artifact must be the input, byte for byte.
    const std::vector<std::string> fields = {"+1234567891",
                                             "+12345678901234567891",
                                             "Nan",
                                             "NaN",
                                             "Inf",
                                             "inf",
                                             "-Infinity",
                                             "1E5",
                                             "00.5",
                                             "0.50",
                                             ".5",
                                             "5.",
                                             "-0",
                                             "007",
                                             "True",
                                             "true",
                                             "FALSE",
                                             "NA",
                                             "\"NA\"",
                                             "null",
                                             "\"n/a\"",
                                             "",
                                             "\"\"",
                                             " 1",
                                             "1 ",
                                             " ",
                                             "\" \"",
                                             " x",
                                             "x",
                                             "1e400",
                                             "123456789012345678901234567890",
                                             "0.1234567890123456789",
                                             "\"a,b\"",
                                             "\"\"\"\"",
                                             "=1+1",
                                             "2024-02-30",
                                             "\xC3\xA9"};
    for (int round = 0; round < 200; ++round) {
        const std::size_t columns = 2 + random() % 4;
        std::string text;
        for (std::size_t column = 0; column < columns; ++column) text += (column == 0 ? "" : ",") + std::string(" c");
        text += '\n';
        for (std::size_t row = random() % 3 == 0 ? 1'500 : random() % 20; row > 0; --row) {
            for (std::size_t column = 0; column < columns; ++column) {
                text += (column == 0 ? "" : ",") + fields[random() % fields.size()];
            }
            text += '\n';
        }
        REQUIRE(csv_of(input_of(text)) == text);
    }
    // In another dialect the text of a cell may need quotes, and is the same.
    std::string text = "a\tb\n";
    for (const std::string& field : fields) text += field + "\t1\n";
    MemoryOutput output;
    const auto kept = output.kept;
    curtail::CsvSink sink(std::move(output), {.dialect = {.separator = ';',
                                                          .quote_style = curtail::QuoteStyle::non_numeric,
                                                          .line_end = curtail::LineEnd::crlf,
                                                          .float_precision = 1,
                                                          .decimal_comma = true}});
    CsvInput input = input_of(text, {.separator = '\t'});
    sink.open(input.schema());
    while (const auto* batch = input.next()) sink.append(*batch);
    sink.finish();
    CHECK(rows_of_text(kept->bytes, {.separator = ';'}) == rows_of_text(text, {.separator = '\t'}));
}

TEST_CASE("CsvInput: long random cells survive blocks of any size", "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::string alphabet = "ab,\"\n\r \xC3\xA9";
    std::string text = "p,q\n";
    Rows expected;
    while (text.size() < 1'500'000) {
        Row row;
        for (int column = 0; column < 2; ++column) {
            const std::size_t length = random() % 50 == 0 ? random() % 400'000 : random() % 40;
            std::string cell = "x";
            for (std::size_t i = 0; i < length; ++i) cell += alphabet[random() % alphabet.size()];
            row.push_back("t:" + cell);
            std::string quoted = "\"";
            for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
            text += quoted + (column == 0 ? "\"," : "\"\r\n");
        }
        expected.push_back(row);
    }
    for (const std::size_t step : {4'096U, 65'521U, 10'000'000U}) {
        INFO("step " << step);
        CHECK((rows_of_text(text, {.require_utf8 = false}, step) == expected));
    }
}
