// SPDX-License-Identifier: MIT
#include <curtail/receive/message/table_collector.hpp>

#include <curtail/receive/result_receiver.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using curtail::ResultPayload;
using curtail::SampleCell;

namespace {

ResultPayload table(const std::string& dataframe, curtail::ReceiverOptions options = {}) {
    return curtail::parse_result(
        R"({"type":"result","job_id":"j","success":true,"data":{"dataframe":)" + dataframe + "}}", options);
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    curtail::detail::escape_json(text, [&](std::string_view piece) { out += piece; });
    return out + "\"";
}

// The sample as text: a line for the columns, one for each row, '-' for a missing cell.
std::string shown(const ResultPayload& result) {
    std::string out;
    for (const std::string& column : result.columns) out += column + ";";
    for (const auto& row : result.sample) {
        out += '\n';
        CHECK(row.size() == result.columns.size());
        for (const SampleCell& cell : row) {
            out += cell.kind == SampleCell::Kind::missing ? "-"
                   : cell.kind == SampleCell::Kind::null  ? "null"
                                                          : cell.text;
            out += ';';
        }
    }
    return out;
}

}  // namespace

TEST_CASE("every layout of pandas gives the same table, also as JSON inside a text") {
    // Each as pandas 2 writes DataFrame({"age": [34, 25, 61], "city": ["Lyon", None,
    // "Nice"]}).to_json(orient=...).
    const std::string layouts[] = {
        R"([{"age":34,"city":"Lyon"},{"age":25,"city":null},{"age":61,"city":"Nice"}])",
        R"({"columns":["age","city"],"index":[0,1,2],"data":[[34,"Lyon"],[25,null],[61,"Nice"]]})",
        R"({"data":[[34,"Lyon"],[25,null],[61,"Nice"]],"index":[0,1,2],"columns":["age","city"]})",
        R"({"0":{"age":34,"city":"Lyon"},"1":{"age":25,"city":null},"2":{"age":61,"city":"Nice"}})",
        R"({"age":{"0":34,"1":25,"2":61},"city":{"0":"Lyon","1":null,"2":"Nice"}})",
        R"({"age":{"x":34,"y":25,"z":61},"city":{"x":"Lyon","y":null,"z":"Nice"}})",
        R"({"schema":{"fields":[{"name":"index","type":"integer"},{"name":"age","type":"integer"},{"name":"city","type":"string"}],
            "primaryKey":["index"],"pandas_version":"1.4.0"},
            "data":[{"index":0,"age":34,"city":"Lyon"},{"index":1,"age":25,"city":null},{"index":2,"age":61,"city":"Nice"}]})",
        R"({"age":[34,25,61],"city":["Lyon",null,"Nice"]})",
    };
    const std::string expected = "age;city;\n34;Lyon;\n25;null;\n61;Nice;";
    for (const std::string& layout : layouts) {
        for (const std::string& text : {layout, quoted(layout), quoted("  " + layout + "\n")}) {
            INFO(text);
            const ResultPayload result = table(text);
            CHECK(shown(result) == expected);
            CHECK(result.rows == 3);
            CHECK(result.columns_total == 2);
            CHECK_FALSE(result.truncated);
            const ResultPayload shorter = table(text, {.sample_rows = 2});
            CHECK(shown(shorter) == "age;city;\n34;Lyon;\n25;null;");
            CHECK(shorter.rows == 3);
            CHECK(shorter.truncation == std::vector<std::string>{"rows"});
            const ResultPayload none = table(text, {.sample_rows = 0});
            CHECK(none.sample.empty());
            CHECK(none.rows == 3);
            const ResultPayload narrow = table(text, {.max_columns = 1});
            CHECK(narrow.columns.size() <= 1);
            CHECK(narrow.rows == 3);
        }
    }
}

TEST_CASE("rows without names are numbered as pandas numbers them") {
    const ResultPayload result = table("[[1,2],[3],[4,5,6]]");
    CHECK(shown(result) == "0;1;2;\n1;2;-;\n3;-;-;\n4;5;6;");
    CHECK(result.columns_total == 3);
    CHECK(shown(table("[7,8]")) == "0;\n7;\n8;");
}

TEST_CASE("ragged records have the union of their keys, in the order in which these came") {
    const ResultPayload result = table(R"([{"a":1},{"b":2,"a":3},{},{"c":null}])");
    CHECK(shown(result) == "a;b;c;\n1;-;-;\n3;2;-;\n-;-;-;\n-;-;null;");
    CHECK(result.columns_total == 3);
    CHECK(shown(table(R"([{"a":1,"a":2}])")) == "a;\n2;");
}

TEST_CASE("column-wise rows are matched by their label") {
    CHECK(shown(table(R"({"a":{"x":1,"y":2},"b":{"y":3,"x":4},"c":{"z":5}})")) == "a;b;c;\n1;4;-;\n2;3;-;\n-;-;5;");
    CHECK(shown(table(R"({"a":{},"b":{}})")) == "a;b;");
    CHECK(table(R"({"a":{},"b":{}})").rows == 0);
    // Integer names of columns over integer rows: pandas' default layout.
    CHECK(shown(table(R"({"0":{"0":1,"1":2},"1":{"0":3,"1":4}})")) == "0;1;\n1;3;\n2;4;");
}

TEST_CASE("columns named like the parts of a layout are columns") {
    CHECK(shown(table(
              R"({"schema":{"0":1,"1":2},"data":{"0":3,"1":4},"columns":{"0":5,"1":6},"index":{"0":7,"1":8}})")) ==
          "schema;data;columns;index;\n1;3;5;7;\n2;4;6;8;");
    CHECK(shown(table(R"([{"schema":1,"data":[1],"columns":{"a":1}}])")) == "schema;data;columns;\n1;[1];{\"a\":1};");
}

TEST_CASE("cells keep their kind, nested ones as compact JSON") {
    const ResultPayload result = table(
        R"([{"a":true,"b":null,"c":-0.50e3,"d":"","e":[1, {"k" : "v\n\u00e9\"", "n":null}, [ ], { }],"f":NaN,"g":"NaN","h":false}])");
    using Kind = SampleCell::Kind;
    const std::vector<SampleCell> expected = {{Kind::boolean, "true", 0},
                                              {Kind::null, "", 0},
                                              {Kind::number, "-0.50e3", 0},
                                              {Kind::text, "", 0},
                                              {Kind::nested, "[1,{\"k\":\"v\\n\xC3\xA9\\\"\",\"n\":null},[],{}]", 0},
                                              {Kind::number, "NaN", 0},
                                              {Kind::text, "NaN", 0},
                                              {Kind::boolean, "false", 0}};
    REQUIRE(result.sample.size() == 1);
    CHECK(result.sample[0] == expected);
}

TEST_CASE("a cell that looks like a path or a message stays a cell") {
    const ResultPayload result = table(
        R"([{"p":"/etc/passwd","m":{"type":"result","success":false,"error":"no"},"s":"{\"type\":\"progress\"}"}])");
    CHECK(result.form == ResultPayload::Form::complete);
    CHECK(result.sample[0][0].text == "/etc/passwd");
    CHECK(result.sample[0][1].text == R"({"type":"result","success":false,"error":"no"})");
    CHECK(result.sample[0][2].text == R"({"type":"progress"})");
    CHECK(result.output_file.empty());
}

TEST_CASE("a text that begins like a table and is none is an error of the message, any other text a remark") {
    try {
        (void)table(quoted("[{\"a\":1},"));
        FAIL("no error");
    } catch (const curtail::MessageError& error) {
        CHECK(error.code() == curtail::ErrorCode::malformed_message);
        CHECK(error.offset() ==
              std::string(R"({"type":"result","job_id":"j","success":true,"data":{"dataframe":)").size() + 12);
    }
    CHECK_THROWS_AS(table(quoted("{\"a\":1]")), curtail::MessageError);
    const ResultPayload result = table(R"("none", "output_file":"/f.csv")");
    CHECK(result.columns.empty());
    REQUIRE(result.notes.size() == 1);
    CHECK(result.notes[0] == "dataframe has an unexpected type and was ignored");
}
