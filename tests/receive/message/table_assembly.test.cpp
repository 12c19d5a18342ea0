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

namespace {

// Assembles a table with the message's list of names, which is `null` if there is none.
TableAssembly assemble(std::string_view table, std::string_view list = "null", const ReceiverOptions& options = {}) {
    return TableAssembly(collect<curtail::detail::TableCollector>(table, options),
                         collect<curtail::detail::TextListCollector>(list, options), options.max_columns);
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

TEST_CASE("TableAssembly: the message's list of names wins over the table's own", "[receive]") {
    const std::string split = R"({"columns":["p","q"],"data":[[1,2]]})";
    CHECK(shown(assemble(split)) == "p;q;|1;2;");
    CHECK(shown(assemble(split, R"(["x","y"])")) == "x;y;|1;2;");
}

TEST_CASE("TableAssembly: rows without names go by position, and columns without a name are numbered", "[receive]") {
    CHECK(shown(assemble("[[1,2,3],[4]]", R"(["a"])")) == "a;1;2;|1;2;3;|4;-;-;");
    CHECK(shown(assemble("[[],[]]")) == "||");
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
    CHECK(shown(rows) == "a;1;|1;2;");
    CHECK(rows.columns_total == 6);
}

TEST_CASE("TableAssembly: the total of columns is at least that of the kept ones", "[receive]") {
    CHECK(assemble(R"([{"a":1,"b":2}])", R"(["c"])").columns_total == 3);
    CHECK(assemble("null").columns_total == 0);
    CHECK(assemble("[1,2]").columns_total == 1);
}

TEST_CASE("missing_cell: has no text and no size", "[receive]") {
    CHECK(curtail::detail::missing_cell() == SampleCell{SampleCell::Kind::missing, "", 0});
}
