// SPDX-License-Identifier: MIT
#include <curtail/receive/message/table_assembly.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/receive/message/table_collector.hpp>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::SampleRow;
using curtail::detail::TableAssembly;
using Texts = std::vector<std::string>;

namespace {

// Assembles a table with the message's list of names, which is `null` if there is none.
TableAssembly assemble(std::string_view table, std::string_view list = "null", const ReceiverOptions& options = {}) {
    return TableAssembly(collect<curtail::detail::TableCollector>(table, options),
                         collect<curtail::detail::TextListCollector>(list, options), "columns", options);
}

std::string shown(const TableAssembly& table) {
    std::string out;
    for (const std::string& column : table.columns) out += column + ";";
    for (const SampleRow& row : table.sample) {
        CHECK(row.size() == table.columns.size());
        out += '|';
        for (const SampleCell& cell : row) out += (cell.kind == SampleCell::Kind::missing ? "-" : cell.text) + ";";
    }
    return out;
}

}  // namespace

TEST_CASE("TableAssembly: columns come in the order of the list, then in that of first appearance", "[receive]") {
    CHECK(shown(assemble(R"([{"b":1,"a":2},{"d":3,"c":4}])", R"(["a","b","c"])")) == "a;b;c;d;|2;1;-;-;|-;-;4;3;");
    CHECK(shown(assemble(R"([{"b":1,"a":2}])")) == "b;a;|1;2;");
    CHECK(shown(assemble(R"([{"a":1}])", "[]")) == "a;|1;");
    CHECK(shown(assemble("null", R"(["a","b"])")) == "a;b;");
    CHECK(shown(assemble("[]")).empty());
}

TEST_CASE("TableAssembly: the message's list of names orders the columns, and each cell stays under its own name",
          "[receive]") {
    const std::string split = R"({"columns":["p","q"],"data":[[1,2]]})";
    CHECK(shown(assemble(split)) == "p;q;|1;2;");
    const TableAssembly ordered = assemble(split, R"(["q","p"])");
    CHECK(shown(ordered) == "q;p;|2;1;");
    CHECK(ordered.notes.empty());
    const TableAssembly other = assemble(split, R"(["x","q"])");
    CHECK(shown(other) == "x;q;p;|-;2;1;");
    CHECK(other.notes == Texts{R"(the rows have "p", which the list "columns" does not name)",
                               R"(the list "columns" names "x", which none of the first rows has)"});
    const TableAssembly empty = assemble(R"({"columns":["p","q"],"data":[]})", R"(["x","q"])");
    CHECK(shown(empty) == "x;q;p;");
    CHECK(empty.notes == Texts{R"(the table names "p", which the list "columns" does not name)"});
    CHECK(shown(assemble(R"({"columns":["a","a"],"data":[[1,2]]})")) == "a;a;|1;2;");
}

TEST_CASE("TableAssembly: says which names of list and rows do not agree", "[receive]") {
    const auto notes = [](const char* rows, const char* list, const ReceiverOptions& options = {}) {
        return assemble(rows, list, options).notes;
    };
    CHECK(notes(R"([{"a":1},{"b":2}])", R"(["b","a"])").empty());
    CHECK(notes(R"([{"a":1,"b":2,"c":3,"d":4}])", R"(["a"])") ==
          Texts{R"(the rows have "b" and 2 others, which the list "columns" does not name)"});
    CHECK(notes(R"([{"a":1}])", R"(["a","b","c"])") ==
          Texts{R"(the list "columns" names "b" and 1 other, which none of the first rows has)"});
    CHECK(notes(R"([{"a":1}])", "[]").size() == 1);
    CHECK(notes("[]", R"(["a"])").empty());
    // Nobody knows what is in the part of a list that was not kept.
    CHECK(notes(R"([{"a":1,"d":2}])", R"(["a","b","c","d"])", {.max_columns = 2}) ==
          Texts{R"(the list "columns" names "b", which none of the first rows has)"});
    CHECK(notes(R"([{"x":1,"y":2,"a":1}])", R"(["a"])", {.max_columns = 2}).size() == 1);
    const std::string schema = R"({"schema":{"fields":[{"name":"a"}]},"data":[{"b":1}]})";
    CHECK(notes(schema.c_str(), "null") ==
          Texts{R"(the rows have "b", which the table's list of columns does not name)",
                R"(the table's list of columns names "a", which none of the first rows has)"});
}

TEST_CASE("TableAssembly: rows without names go by position if as many are listed, else columns are numbered",
          "[receive]") {
    CHECK(shown(assemble("[[1,2],[3,4]]", R"(["a","b"])")) == "a;b;|1;2;|3;4;");
    const TableAssembly wider = assemble("[[1,2,3],[4]]", R"(["a"])");
    CHECK(shown(wider) == "0;1;2;|1;2;3;|4;-;-;");
    CHECK(wider.columns_total == 3);
    CHECK(wider.notes ==
          Texts{R"(the list "columns" names 1 column, but the rows have 3 cells; the columns are numbered)"});
    const TableAssembly narrower = assemble("[[1],[2]]", R"(["a","b"])");
    CHECK(shown(narrower) == "0;|1;|2;");
    CHECK(narrower.notes.size() == 1);
    const TableAssembly ragged = assemble("[[1],[2,3]]", R"(["a","b"])");
    CHECK(shown(ragged) == "a;b;|1;-;|2;3;");
    CHECK(ragged.notes == Texts{"the rows have from 1 to 2 cells"});
    CHECK(assemble("[[1],[2,3]]").notes == ragged.notes);
    CHECK(shown(assemble("[[],[]]")) == "||");
    // A row that is still being read has no length yet.
    CHECK(shown(assemble("[[1", R"(["a","b"])")) == "a;b;|-;-;");
    CHECK(assemble("[[1,2],[3", R"(["a","b"])").notes.empty());
}

TEST_CASE("TableAssembly: an index that has a name is not shown, and a note says so", "[receive]") {
    const std::string tight = R"({"index":["x"],"columns":["a"],"data":[[1]],"column_names":[null],"index_names":)";
    CHECK(assemble(tight + "[null]}").notes.empty());
    CHECK(assemble(tight + R"(["day"]})").notes == Texts{R"(the index of the table, "day", is not shown)"});
    const auto notes = [](const std::string& key) {
        return assemble(R"({"schema":{"fields":[{"name":"a"}],"primaryKey":[)" + json_string(key) +
                        R"(]},"data":[{"a":1,)" + json_string(key) + ":2}]}")
            .notes;
    };
    CHECK(notes("index").empty());
    CHECK(notes("level_1").empty());
    CHECK(notes("id") == Texts{R"(the index of the table, "id", is not shown)"});
}

TEST_CASE("TableAssembly: cells that only a list of names adds are bounded, too", "[receive]") {
    std::string rows = "[{}";
    std::string list = "[\"n0\"";
    for (int i = 1; i < 100; ++i) rows += ",{}", list += ",\"n" + std::to_string(i) + "\"";
    const ReceiverOptions options{.sample_rows = 100, .max_kept_bytes = 100'000};
    CHECK(assemble(rows + "]", list + "]", options).sample.size() == 100'000 / (100 * sizeof(SampleCell)));
    CHECK(assemble(rows + "]", list + "]", {.sample_rows = 100}).sample.size() == 100);
}

TEST_CASE("TableAssembly: leaves out the columns of the index, listed or not", "[receive]") {
    const std::string table =
        R"({"schema":{"fields":[{"name":"i"},{"name":"a"},{"name":"b"}],"primaryKey":["i"]},"data":[{"i":0,"a":1,"b":2}]})";
    const TableAssembly own = assemble(table);
    CHECK(shown(own) == "a;b;|1;2;");
    CHECK(own.columns_total == 2);
    const TableAssembly listed = assemble(table, R"(["b","a","i"])");
    CHECK(shown(listed) == "b;a;|2;1;");
    CHECK(listed.columns_total == 2);
    const TableAssembly without = assemble(table, R"(["b","a"])");
    CHECK(shown(without) == "b;a;|2;1;");
    CHECK(without.columns_total == 2);
}

TEST_CASE("TableAssembly: two names that were cut to the same text stay two columns", "[receive]") {
    const std::string name(20, 'n');
    const std::string first = "\"" + name + "1\"";
    const std::string second = "\"" + name + "2\"";
    const ReceiverOptions options{.max_name_bytes = 16};
    const std::string cut = std::string(13, 'n') + "\xE2\x80\xA6";
    const std::string table = "[{" + first + ":1," + second + ":2},{" + second + ":4}]";
    CHECK(shown(assemble(table, "[" + first + "," + second + "]", options)) == cut + ";" + cut + ";|1;2;|-;4;");
    CHECK(shown(assemble(table, "null", options)) == cut + ";" + cut + ";|1;2;|-;4;");
    CHECK(shown(assemble(table, "[" + first + "]", options)) == cut + ";" + cut + ";|1;2;|-;4;");
}

TEST_CASE("TableAssembly: a name that is listed twice is one column, and the other stays empty", "[receive]") {
    CHECK(shown(assemble(R"([{"a":1,"b":2}])", R"(["a","a","b"])")) == "a;a;b;|1;-;2;");
}

TEST_CASE("TableAssembly: counts columns beyond the limit and does not keep them", "[receive]") {
    const ReceiverOptions options{.max_columns = 2};
    const TableAssembly unlisted = assemble(R"([{"a":1,"b":2,"c":3,"d":4}])", "null", options);
    CHECK(shown(unlisted) == "a;b;|1;2;");
    CHECK(unlisted.columns_total == 4);
    const TableAssembly listed = assemble(R"([{"c":3,"a":1}])", R"(["a","b","c","d","e"])", options);
    CHECK(shown(listed) == "a;b;|1;-;");
    CHECK(listed.columns_total == 5);
    const TableAssembly rows = assemble("[[1,2,3,4,5,6]]", R"(["a"])", options);
    CHECK(shown(rows) == "0;1;|1;2;");
    CHECK(rows.columns_total == 6);
}

TEST_CASE("TableAssembly: a listed column whose cells were not kept is left out, and not shown as missing",
          "[receive]") {
    // Go writes the keys of records in the order of the alphabet.
    const TableAssembly sorted =
        assemble(R"([{"age":1,"city":2,"name":3}])", R"(["name","city","age"])", {.max_columns = 2});
    CHECK(shown(sorted) == "city;age;|2;1;");
    CHECK(sorted.columns_total == 3);
    CHECK(sorted.notes.empty());
    const TableAssembly split = assemble(R"({"columns":["age","city","name"],"data":[[1,2,3]]})",
                                         R"(["name","city","age"])", {.max_columns = 2});
    CHECK(shown(split) == "city;age;|2;1;");
    CHECK(split.columns_total == 3);
}

TEST_CASE("TableAssembly: the total of columns is at least that of the kept ones", "[receive]") {
    CHECK(assemble(R"([{"a":1,"b":2}])", R"(["c"])").columns_total == 3);
    CHECK(assemble("null").columns_total == 0);
    CHECK(assemble("[[1],[2]]").columns_total == 1);
}

TEST_CASE("missing_cell: has no text and no size", "[receive]") {
    CHECK(curtail::detail::missing_cell() == SampleCell{SampleCell::Kind::missing, "", 0});
}

TEST_CASE("TableAssembly: single values and objects beside the parts of a layout are not columns, and a note says so",
          "[receive]") {
    const TableAssembly one = assemble(R"({"dtypes":{"a":"int64"},"columns":["a"],"data":[[1]]})");
    CHECK(shown(one) == "a;|1;");
    CHECK(one.notes == Texts{R"(the table also has "dtypes", which is not shown)"});
    const TableAssembly more = assemble(R"({"columns":["a"],"name":"t","data":[[1]],"rows":1,"shape":null})");
    CHECK(shown(more) == "a;|1;");
    CHECK(more.notes == Texts{R"(the table also has "name" and 2 other keys, which are not shown)"});
    CHECK(assemble(R"({"columns":["a"],"name":["t"],"data":[[1]]})").columns.empty());
    CHECK(assemble(R"({"name":"t","data":[[1]]})").columns.empty());
}
