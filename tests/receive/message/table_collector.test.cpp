// SPDX-License-Identifier: MIT
#include <curtail/receive/message/table_collector.hpp>

#include <curtail/receive/result_receiver.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ResultPayload;
using curtail::SampleCell;

namespace {

ResultPayload table(const std::string& dataframe, curtail::ReceiverOptions options = {}) {
    return curtail::parse_result(
        R"({"type":"result","job_id":"j","success":true,"data":{"dataframe":)" + dataframe + "}}", options);
}

// Returns the sample as text: a line of columns, then a line per row, with '-' for a missing cell.
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

TEST_CASE("TableCollector: every layout that says what it is gives the same table, also inside a string", "[receive]") {
    // Each as pandas 2 writes DataFrame({"age": [34, 25, 61], "city": ["Lyon", None, "Nice"]}), by to_json() or
    // to_dict().
    const std::string layouts[] = {
        R"([{"age":34,"city":"Lyon"},{"age":25,"city":null},{"age":61,"city":"Nice"}])",
        R"({"columns":["age","city"],"index":[0,1,2],"data":[[34,"Lyon"],[25,null],[61,"Nice"]]})",
        R"({"data":[[34,"Lyon"],[25,null],[61,"Nice"]],"index":[0,1,2],"columns":["age","city"]})",
        R"({"columns":["age","city"],"data":[[34,"Lyon"],[25,null],[61,"Nice"]]})",
        R"({"index":[0,1,2],"columns":["age","city"],"data":[[34,"Lyon"],[25,null],[61,"Nice"]],
            "index_names":[null],"column_names":[null]})",
        R"({"schema":{"fields":[{"name":"index","type":"integer"},{"name":"age","type":"integer"},{"name":"city","type":"string"}],
            "primaryKey":["index"],"pandas_version":"1.4.0"},
            "data":[{"index":0,"age":34,"city":"Lyon"},{"index":1,"age":25,"city":null},{"index":2,"age":61,"city":"Nice"}]})",
    };
    const std::string expected = "age;city;\n34;Lyon;\n25;null;\n61;Nice;";
    for (const std::string& layout : layouts) {
        for (const std::string& text : {layout, json_string(layout), json_string("  " + layout + "\n")}) {
            INFO(text);
            const ResultPayload result = table(text);
            CHECK(shown(result) == expected);
            CHECK(result.rows == 3);
            CHECK(result.columns_total == 2);
            CHECK_FALSE(result.truncated);
            CHECK(result.notes.empty());
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

TEST_CASE("TableCollector: an object that may be columns or rows is described and not shown", "[receive]") {
    struct Unclear {
        const char* text;
        const char* described;
    };
    const Unclear tables[] = {
        // pandas' "columns", "index" and "list"
        {R"({"age":{"0":34,"1":25},"city":{"0":"Lyon","1":null}})",
         R"(an object of 2 keys ("age", "city") with 2 values each, which may be columns or rows)"},
        {R"({"0":{"age":34,"city":"Lyon"},"1":{"age":25,"city":null},"2":{}})",
         R"(an object of 3 keys ("0", "1", "2") with 0 to 2 values, which may be columns or rows)"},
        {R"({"age":[34,25,61],"city":["Lyon",null,"Nice"]})",
         R"(an object of 2 keys ("age", "city") with 3 values each, which may be columns or rows)"},
        {R"({"a":[1],"b":[1],"c":[1],"d":[1]})",
         R"(an object of 4 keys ("a", "b", "c", …) with 1 value each, which may be columns or rows)"},
        {R"({})", "an object of 0 keys, which may be columns or rows"},
        {R"({"a":1})", R"(an object of 1 key ("a") with 1 value, which may be columns or rows)"},
        {R"({"a":{},"b":[]})", R"(an object of 2 keys ("a", "b"), which may be columns or rows)"},
        {R"({"a name of more than thirty-two bytes":1})",
         R"(an object of 1 key ("a name of more than thirty-two b…") with 1 value, which may be columns or rows)"},
        // Parts of a layout, with other keys, or of another form.
        {R"({"data":[[1],[2]]})", R"(an object of 1 key ("data") with 2 values, which may be columns or rows)"},
        {R"({"columns":["a"]})", R"(an object of 1 key ("columns") with 1 value, which do not fit together)"},
        {R"({"schema":{"fields":[{"name":"a"}]}})", nullptr},
        {R"({"id":[1,2],"data":["x","y"],"columns":["p","q"]})",
         R"(an object of 3 keys ("id", "data", "columns") with 2 values each, which may be columns or rows)"},
        {R"({"data":["x","y"],"columns":["p","q"],"id":[1,2]})", nullptr},
        {R"({"data":["x","y"],"columns":["p","q"]})",
         R"(an object of 2 keys ("data", "columns") with 2 values each, which may be columns or rows)"},
        {R"({"index":[5,6],"data":["x","y"],"columns":["p","q"]})", nullptr},
        {R"({"data":[[1,2,3],[4,5,6]],"columns":["p","q"]})",
         R"(an object of 2 keys ("data", "columns") with 2 values each, which do not fit together)"},
        {R"({"data":[[1,2],[3]],"columns":["p","q"]})", nullptr},
        {R"({"index":[1],"data":[[1,2],[3,4]],"columns":["p","q"]})", nullptr},
        {R"({"data":[{"p":1}],"columns":["p"]})", nullptr},
        {R"({"data":[[1],{"p":1}],"columns":["p"]})", nullptr},
        {R"({"schema":{"fields":[{"name":"a"}]},"data":[[1]]})", nullptr},
        {R"({"schema":{"fields":[{"name":"a"}]},"data":[1]})", nullptr},
        {R"({"columns":["a"],"data":[[1]],"age":[1]})", nullptr},
        {R"({"age":[1],"columns":["a"],"data":[[1]]})", nullptr},
        {R"({"columns":["a","b"],"data":[1,2]})", nullptr},
        {R"({"columns":["a"],"data":[[1]],"data":{"0":1}})", nullptr},
        {R"({"columns":{"0":"a"},"data":[[1]]})", nullptr},
        {R"({"columns":["a"],"data":[[1]],"index":{"0":1}})", nullptr},
        {R"({"schema":{"0":1,"1":2},"data":[{"a":1},{"a":2}],"columns":["x","y"]})", nullptr},
        {R"({"schema":{"0":1},"data":{"0":3},"columns":{"0":5},"index":{"0":7}})",
         R"(an object of 4 keys ("schema", "data", "columns", …) with 1 value each, which may be columns or rows)"},
        // Lists that are not rows.
        {"[7,8]", "a list of 2 single values, which may be a column or a row"},
        {"[null]", "a list of 1 single value, which may be a column or a row"},
        {R"(["a","b","c"])", "a list of 3 single values, which may be a column or a row"},
        {R"([{"a":1},[2]])", "a list of 2 different things"},
        {R"([[2],{"a":1},{"a":2}])", "a list of 3 different things"},
        {R"([{"a":1},null])", "a list of 2 different things"},
    };
    for (const Unclear& unclear : tables) {
        for (const std::string& text : {std::string(unclear.text), json_string(unclear.text)}) {
            INFO(text);
            const ResultPayload result = table(text + R"(,"rows":3)");
            CHECK(shown(result).empty());
            CHECK(result.rows == 3);
            CHECK(result.columns_total == 0);
            CHECK(result.truncation == std::vector<std::string>{"rows", "columns"});
            REQUIRE(result.notes.size() == 1);
            if (unclear.described != nullptr) {
                CHECK(result.notes[0] == std::string("dataframe is ") + unclear.described + "; it is not shown");
            } else {
                CHECK(result.notes[0].starts_with("dataframe is a"));
            }
        }
    }
}

TEST_CASE("TableCollector: an object is a table once its parts say so", "[receive]") {
    const auto rows_of = [](const char* text) {
        const auto found = collect<curtail::detail::TableCollector>(text);
        CHECK_FALSE(found.whole());
        CHECK_FALSE(found.unclear());
        return found.present() ? static_cast<int>(found.rows_seen()) : -1;
    };
    CHECK(rows_of(R"({)") == -1);
    CHECK(rows_of(R"({"columns":["a"])") == -1);
    CHECK(rows_of(R"({"columns":["a"],"data":[[1],[2)") == 2);
    CHECK(rows_of(R"({"data":[[1],[2]])") == -1);
    CHECK(rows_of(R"({"data":[[1],[2]],"columns":[)") == 2);
    CHECK(rows_of(R"({"schema":{"fields":[]},"data":[{"a":1},{)") == 2);
    CHECK(collect<curtail::detail::TableCollector>(R"({"age":{)").unclear());
    CHECK(collect<curtail::detail::TableCollector>("[1,").unclear());
    CHECK_FALSE(collect<curtail::detail::TableCollector>("").unclear());
}

TEST_CASE("TableCollector: of equal keys in a layout the last wins", "[receive]") {
    CHECK(shown(table(R"({"columns":["a"],"data":[[1],[2]],"data":[[3]],"columns":["b"]})")) == "b;\n3;");
    CHECK(shown(table(R"({"schema":{"fields":[{"name":"a"}]},"data":[],"schema":{"fields":[{"name":"b"}]}})")) == "b;");
}

TEST_CASE("TableCollector: numbers columns without names as pandas does", "[receive]") {
    const ResultPayload result = table("[[1,2],[3],[4,5,6]]");
    CHECK(shown(result) == "0;1;2;\n1;2;-;\n3;-;-;\n4;5;6;");
    CHECK(result.columns_total == 3);
}

TEST_CASE("TableCollector: ragged records have the union of their keys, in order of appearance", "[receive]") {
    const ResultPayload result = table(R"([{"a":1},{"b":2,"a":3},{},{"c":null}])");
    CHECK(shown(result) == "a;b;c;\n1;-;-;\n3;2;-;\n-;-;-;\n-;-;null;");
    CHECK(result.columns_total == 3);
    CHECK(shown(table(R"([{"a":1,"a":2}])")) == "a;\n2;");
}

TEST_CASE("TableCollector: columns named like the parts of a layout are columns", "[receive]") {
    CHECK(shown(table(R"([{"schema":1,"data":[1],"columns":{"a":1}}])")) == "schema;data;columns;\n1;[1];{\"a\":1};");
}

TEST_CASE("TableCollector: cells keep their kind, nested ones as compact JSON", "[receive]") {
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

TEST_CASE("TableCollector: a cell that looks like a path or a message stays a cell", "[receive]") {
    const ResultPayload result = table(
        R"([{"p":"/etc/passwd","m":{"type":"result","success":false,"error":"no"},"s":"{\"type\":\"progress\"}"}])");
    CHECK(result.form == ResultPayload::Form::complete);
    CHECK(result.sample[0][0].text == "/etc/passwd");
    CHECK(result.sample[0][1].text == R"({"type":"result","success":false,"error":"no"})");
    CHECK(result.sample[0][2].text == R"({"type":"progress"})");
    CHECK(result.output_file.empty());
}
