// SPDX-License-Identifier: MIT
#include <curtail/table/records.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "table/described.hpp"

namespace {

using curtail::ErrorCode;
using curtail::records;
using curtail::TableError;
using nlohmann::json;
using nlohmann::ordered_json;

using Names = std::vector<std::string>;

template <class T>
Names names_of(const T& table) {
    Names names;
    for (const curtail::ColumnSpec& column : curtail::schema_of(table).columns()) names.push_back(column.name);
    return names;
}

}  // namespace

TEST_CASE("records: each value keeps its type", "[table]") {
    const auto array = ordered_json::parse(R"([{"i":-5,"u":18446744073709551615,"f":1.0,"t":"a","b":true,"n":null},)"
                                           R"({"i":9007199254740993,"u":0,"f":-0.0,"t":"","b":false,"n":null}])");
    const auto table = records(array);
    static_assert(curtail::Table<decltype(table)>);
    CHECK(names_of(table) == Names{"i", "u", "f", "t", "b", "n"});
    CHECK(table.schema()[0].type.kind == curtail::CellKind::any);
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{
              {"int64 -5", "uint64 18446744073709551615", "float64 1.0", "text a", "bool true", "null"},
              {"uint64 9007199254740993", "uint64 0", "float64 -0.0", "text ", "bool false", "null"}});
}

TEST_CASE("records: the columns are the keys of all records in order of first appearance", "[table]") {
    const auto array =
        ordered_json::parse(R"([{"b":1,"a":2},{},{"a":3,"c":4},{"d":5,"b":6},{"c":7,"a":8,"d":9,"b":10}])");
    const auto table = records(array);
    CHECK(names_of(table) == Names{"b", "a", "c", "d"});
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"uint64 1", "uint64 2", "null", "null"},
                                                             {"null", "null", "null", "null"},
                                                             {"null", "uint64 3", "uint64 4", "null"},
                                                             {"uint64 6", "null", "null", "uint64 5"},
                                                             {"uint64 10", "uint64 8", "uint64 7", "uint64 9"}});
    const auto sorted = json::parse(R"([{"b":1,"a":2},{"c":3,"a":4}])");
    CHECK(names_of(records(sorted)) == Names{"a", "b", "c"});
}

TEST_CASE("records: with given columns ignores all other keys", "[table]") {
    const auto array = json::parse(R"([{"a":1,"b":2,"c":3},{"b":4},{"c":5,"z":6}])");
    const auto table = records(array, {"c", "a", "missing"});
    CHECK(names_of(table) == Names{"c", "a", "missing"});
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"uint64 3", "uint64 1", "null"},
                                                             {"null", "null", "null"},
                                                             {"uint64 5", "null", "null"}});
    CHECK(described_row(table, 0, 1) == DescribedRow{"uint64 1", "null"});
    CHECK(described_row(table, 0, 3).empty());
    CHECK(described_rows(records(array, {"b", "b"}))[0] == DescribedRow{"uint64 2", "uint64 2"});
}

TEST_CASE("records: arrays and objects become JSON text, bytes stay bytes", "[table]") {
    ordered_json array = ordered_json::parse(R"([{"list":[1,"é",null],"object":{"z":1,"a":[]}}])");
    array[0]["bytes"] = ordered_json::binary({0x00, 0xFF});
    array[0]["broken"] = ordered_json::array({"\xFF"});
    CHECK(described_rows(records(array)) ==
          std::vector<DescribedRow>{{"nested [1,\"\xC3\xA9\",null]", "nested {\"z\":1,\"a\":[]}",
                                     "bytes " + std::string("\x00\xFF", 2), "nested [\"\xEF\xBF\xBD\"]"}});
}

TEST_CASE("records: keeps infinities and NaN", "[table]") {
    const json array = {{{"x", std::numeric_limits<double>::infinity()}}, {{"x", std::nan("")}}};
    double seen[2] = {0, 0};
    const auto table = records(array);
    for (std::size_t row = 0; row < 2; ++row) {
        curtail::visit_row(table, row, [&](const auto& cell) {
            curtail::visit_cell(cell, [&](const auto& plain) {
                if constexpr (std::is_same_v<std::remove_cvref_t<decltype(plain)>, double>) seen[row] = plain;
            });
        });
    }
    CHECK(std::isinf(seen[0]));
    CHECK(std::isnan(seen[1]));
}

TEST_CASE("records: refuses a record that is not an object and names the row", "[table]") {
    const auto array = json::parse(R"([{"a":1},[2],{"a":3}])");
    const auto check = [](const auto& act) {
        try {
            act();
            FAIL("accepted");
        } catch (const TableError& error) {
            CHECK(error.code() == ErrorCode::malformed_input);
            CHECK(error.row() == 1U);
            CHECK(std::string(error.what()) ==
                  "[curtail.malformed_input] record 1 is of type array; each record must be an object");
        }
    };
    check([&] { static_cast<void>(records(array)); });
    const auto given = records(array, {"a"});
    CHECK(described_row(given, 0) == DescribedRow{"uint64 1"});
    check([&] { static_cast<void>(described_row(given, 1)); });
}

TEST_CASE("records: refuses JSON that is not an array", "[table]") {
    const json object = {{"a", 1}};
    try {
        static_cast<void>(records(object));
        FAIL("accepted");
    } catch (const TableError& error) {
        CHECK(error.code() == ErrorCode::malformed_input);
        CHECK(std::string(error.what()) ==
              "[curtail.malformed_input] records must be an array of objects, but this JSON is of type object");
    }
    CHECK_THROWS_AS(records(json(nullptr), {"a"}), TableError);
    CHECK(records(json::array()).rows() == 0);
    CHECK(records(json::array()).schema().size() == 0);
}

TEST_CASE("records: refers to a variable, owns a temporary, and accepts a vector of objects", "[table]") {
    json array = json::parse(R"([{"a":1}])");
    const auto view = records(array);
    array[0]["a"] = "changed";
    CHECK(described_rows(view) == std::vector<DescribedRow>{{"text changed"}});
    auto owner = records(json::parse(R"([{"a":1}])"));
    const auto moved = std::move(owner);
    CHECK(described_rows(moved) == std::vector<DescribedRow>{{"uint64 1"}});
    const std::vector<ordered_json> lines = {ordered_json::parse(R"({"b":1})"), ordered_json::parse(R"({"a":2})")};
    CHECK(described_rows(records(lines)) == std::vector<DescribedRow>{{"uint64 1", "null"}, {"null", "uint64 2"}});
    static_assert(!curtail::JsonRecords<std::vector<int>>);
    static_assert(!curtail::JsonRecords<std::string>);
}

TEST_CASE("records: a JSON type with float numbers gives float cells", "[table]") {
    using SmallJson =
        nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, float>;
    const auto array = SmallJson::parse(R"([{"x":0.1}])");
    CHECK(described_rows(records(array)) == std::vector<DescribedRow>{{"float32 0.1"}});
}

TEST_CASE("records: a key can be the prediction", "[table]") {
    const auto array = ordered_json::parse(R"([{"score":0.5,"id":1},{"id":2,"score":null}])");
    const auto table = curtail::with_prediction(records(array), "score");
    CHECK(table.schema().prediction_count() == 1);
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"uint64 1", "float64 0.5"}, {"uint64 2", "null"}});
}
