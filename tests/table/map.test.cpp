// SPDX-License-Identifier: MIT
#include <curtail/table/map.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "table/described.hpp"

namespace {

using curtail::CellKind;
using curtail::ErrorCode;
using curtail::map_columns;
using curtail::TableError;

using Names = std::vector<std::string>;

template <class T>
Names names_of(const T& table) {
    Names names;
    for (const curtail::ColumnSpec& column : curtail::schema_of(table).columns()) names.push_back(column.name);
    return names;
}

template <class Make>
std::string error_of(Make make) {
    try {
        static_cast<void>(make());
    } catch (const TableError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("map_columns: columns have the map's order and its keys as names", "[table]") {
    const std::map<std::string, std::vector<double>> map = {{"b", {3.0, 4.0}}, {"a", {1.0, 2.0}}};
    const auto table = map_columns(map);
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() == curtail::Schema{{"a", {CellKind::float64}}, {"b", {CellKind::float64}}});
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"float64 1.0", "float64 3.0"}, {"float64 2.0", "float64 4.0"}});
    const std::map<std::string, std::vector<int>, std::greater<>> backwards = {{"a", {1}}, {"b", {2}}};
    CHECK(names_of(map_columns(backwards)) == Names{"b", "a"});
}

TEST_CASE("map_columns: a list of names selects and orders the columns", "[table]") {
    const std::map<std::string, std::vector<int>> map = {{"a", {1}}, {"b", {2}}, {"c", {3}}};
    CHECK(described_rows(map_columns(map, {"c", "a"})) == std::vector<DescribedRow>{{"int64 3", "int64 1"}});
    CHECK(described_rows(map_columns(map, {"b", "b"})) == std::vector<DescribedRow>{{"int64 2", "int64 2"}});
    CHECK(map_columns(map, {}).schema().size() == 0);
    CHECK(error_of([&] {
              return map_columns(map, {"a", "z"});
          }) == "[curtail.invalid_schema] the map has no column 'z'");
}

TEST_CASE("map_columns: sorts the columns of a hashed map by name", "[table]") {
    std::unordered_map<std::string, std::vector<int>> map;
    Names sorted;
    for (char letter = 'z'; letter >= 'a'; --letter) {
        map[std::string(1, letter)] = {letter};
        sorted.insert(sorted.begin(), std::string(1, letter));
    }
    CHECK(names_of(map_columns(map)) == sorted);
    CHECK(described_row(map_columns(map), 0, 24) == DescribedRow{"int64 121", "int64 122"});
    CHECK(names_of(map_columns(map, {"q", "b"})) == Names{"q", "b"});
}

TEST_CASE("map_columns: a map to a variant of containers has columns of several types", "[table]") {
    using Column = std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>,
                                std::deque<std::optional<bool>>>;
    const std::map<std::string, Column> map = {{"id", std::vector<std::int64_t>{1, 2}},
                                               {"name", std::vector<std::string>{"a", "b"}},
                                               {"ok", std::deque<std::optional<bool>>{true, {}}},
                                               {"score", std::vector<double>{0.5, 1.5}}};
    const auto table = map_columns(map);
    CHECK(table.schema() == curtail::Schema{{"id", {CellKind::int64}},
                                            {"name", {CellKind::text}},
                                            {"ok", {CellKind::boolean}},
                                            {"score", {CellKind::float64}}});
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 1", "text a", "bool true", "float64 0.5"},
                                                             {"int64 2", "text b", "null", "float64 1.5"}});
    CHECK(described_row(table, 1, 2) == DescribedRow{"null", "float64 1.5"});
    CHECK(described_row(table, 1, 4).empty());
}

TEST_CASE("map_columns: accepts pairs in a vector, views as keys and spans as columns", "[table]") {
    const std::vector<float> a = {0.5F};
    const std::vector<float> b = {1.5F};
    const std::vector<std::pair<std::string_view, std::span<const float>>> pairs = {{"b", b}, {"a", a}};
    CHECK(names_of(map_columns(pairs)) == Names{"b", "a"});
    CHECK(described_rows(map_columns(pairs)) == std::vector<DescribedRow>{{"float32 1.5", "float32 0.5"}});
    const std::map<std::string, std::vector<bool>> bits = {{"x", {true, false}}};
    CHECK(described_rows(map_columns(bits)) == std::vector<DescribedRow>{{"bool true"}, {"bool false"}});
    static_assert(!curtail::ColumnMap<std::map<std::string, int>>);
    static_assert(!curtail::ColumnMap<std::map<int, std::vector<int>>>);
    static_assert(!curtail::ColumnMap<std::vector<int>>);
    // A text is one cell, and not a column of letters.
    static_assert(!curtail::ColumnMap<std::map<std::string, std::string>>);
    static_assert(!curtail::ColumnMap<std::map<std::string, std::variant<std::vector<int>, std::string>>>);
}

TEST_CASE("map_columns: refuses columns of unequal length and names the column", "[table]") {
    const std::map<std::string, std::vector<int>> map = {{"a", {1, 2}}, {"b", {1, 2}}, {"c", {1}}};
    try {
        static_cast<void>(map_columns(map));
        FAIL("accepted");
    } catch (const TableError& error) {
        CHECK(error.code() == ErrorCode::row_count_mismatch);
        CHECK(error.column() == "c");
        CHECK(std::string(error.what()) == "[curtail.row_count_mismatch] column 'c' has 1 rows where 'a' has 2");
    }
    CHECK(map_columns(map, {"a", "b"}).rows() == 2);  // a column that is not chosen may be of any length
    using Column = std::variant<std::vector<int>, std::vector<double>>;
    const std::map<std::string, Column> mixed = {{"a", std::vector<int>{}}, {"b", std::vector<double>{1.0}}};
    CHECK(error_of([&] { return map_columns(mixed); }) ==
          "[curtail.row_count_mismatch] column 'b' has 1 rows where 'a' has 0");
}

TEST_CASE("map_columns: refers to a variable, and owns a map that is moved in", "[table]") {
    std::map<std::string, std::vector<int>> map = {{"a", {1}}};
    const auto view = map_columns(map);
    map["a"][0] = 5;
    CHECK(described_rows(view) == std::vector<DescribedRow>{{"int64 5"}});

    // Pairs in an array move with the array, so the table must not look for them where they were.
    const auto make = [] { return map_columns(std::array<std::pair<std::string, std::vector<int>>, 1>{{{"a", {7}}}}); };
    const auto copy = [&] {
        const auto first = make();
        return first;
    }();
    CHECK(described_rows(copy) == std::vector<DescribedRow>{{"int64 7"}});
    const auto chosen = map_columns(std::move(map), {"a"});
    CHECK(described_rows(chosen) == std::vector<DescribedRow>{{"int64 5"}});
}

TEST_CASE("map_columns: accepts an empty map and empty columns", "[table]") {
    const std::map<std::string, std::vector<int>> nothing;
    CHECK(map_columns(nothing).schema().size() == 0);
    CHECK(map_columns(nothing).rows() == 0);
    const std::map<std::string, std::vector<std::string>> empty = {{"a", {}}};
    CHECK(map_columns(empty).rows() == 0);
    CHECK(map_columns(empty).schema()[0].type.kind == CellKind::text);
}
