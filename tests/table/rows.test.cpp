// SPDX-License-Identifier: MIT
#include <curtail/table/rows.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "table/described.hpp"
#include "table/own_point.hpp"

namespace {

using curtail::field;
using curtail::rows;

struct Person {
    std::string name;
    int year = 0;
    std::optional<double> weight;

    int age() const { return 2026 - year; }
    const std::string& tag() const noexcept { return name; }
};

struct Employee : Person {
    std::uint16_t office = 0;
};

std::vector<Person> people() {
    return {{"Ada", 1815, 60.5}, {"Alan", 1912, {}}};
}

}  // namespace

namespace {

using curtail::CellKind;
using curtail::tuples;

using Result = std::tuple<std::int64_t, std::string, std::optional<float>>;

std::vector<Result> results() {
    return {{1, "a", 0.5F}, {2, "b", {}}};
}

}  // namespace

TEST_CASE("rows: members, member functions and callables are the columns of a range of structs", "[table]") {
    const std::vector<Person> range = people();
    const auto table = rows(range, field("name", &Person::name), field("age", &Person::age), field("tag", &Person::tag),
                            field("weight", &Person::weight),
                            field("initial", [](const Person& person) { return person.name.substr(0, 1); }));
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() == curtail::Schema{{"name", {curtail::CellKind::text}},
                                            {"age", {curtail::CellKind::int32}},
                                            {"tag", {curtail::CellKind::text}},
                                            {"weight", {curtail::CellKind::float64}},
                                            {"initial", {curtail::CellKind::text}}});
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"text Ada", "int64 211", "text Ada", "float64 60.5", "text A"},
                                    {"text Alan", "int64 114", "text Alan", "null", "text A"}});
}

TEST_CASE("rows: a row can be read from any column on", "[table]") {
    const std::vector<Person> range = people();
    const auto table =
        rows(range, field("name", &Person::name), field("year", &Person::year), field("age", &Person::age));
    CHECK(described_row(table, 0, 1) == DescribedRow{"int64 1815", "int64 211"});
    CHECK(described_row(table, 0, 3).empty());
}

TEST_CASE("rows: the range may be a deque, an array, a span, or hold pointers to the structs", "[table]") {
    const std::deque<Person> deque = {{"a", 1, {}}};
    CHECK(described_rows(rows(deque, field("name", &Person::name))) == std::vector<DescribedRow>{{"text a"}});
    const Person plain[] = {{"b", 1, {}}};
    CHECK(described_rows(rows(plain, field("name", &Person::name))) == std::vector<DescribedRow>{{"text b"}});
    CHECK(described_rows(rows(std::span<const Person>(plain), field("name", &Person::name))) ==
          std::vector<DescribedRow>{{"text b"}});
    std::vector<std::unique_ptr<Person>> pointers;
    pointers.push_back(std::make_unique<Person>(Person{"c", 2000, {}}));
    CHECK(described_rows(rows(pointers, field("name", &Person::name), field("age", &Person::age))) ==
          std::vector<DescribedRow>{{"text c", "int64 26"}});
}

TEST_CASE("rows: members of a base class are columns of the derived", "[table]") {
    Employee employee;
    employee.name = "d";
    employee.office = 7;
    const std::vector<Employee> range = {employee};
    CHECK(described_rows(rows(range, field("name", &Person::name), field("office", &Employee::office))) ==
          std::vector<DescribedRow>{{"text d", "uint64 7"}});
}

TEST_CASE("rows: a variable is referred to, a temporary is owned", "[table]") {
    std::vector<Person> range = people();
    const auto view = rows(range, field("name", &Person::name));
    range.pop_back();
    range[0].name = "Eve";
    CHECK(described_rows(view) == std::vector<DescribedRow>{{"text Eve"}});

    auto owner = rows(people(), field("year", &Person::year));
    const auto moved = std::move(owner);
    CHECK(described_rows(moved) == std::vector<DescribedRow>{{"int64 1815"}, {"int64 1912"}});
}

TEST_CASE("rows: a range without elements is a table without rows, and its columns are known", "[table]") {
    const std::vector<Person> none;
    const auto table = rows(none, field("weight", &Person::weight));
    CHECK(table.rows() == 0);
    CHECK(table.schema()[0].type.kind == curtail::CellKind::float64);
}

TEST_CASE("rows: rows may be read by several threads unless a getter holds something that it could write to",
          "[table]") {
    struct Point {
        int x = 0;
        [[nodiscard]] int y() const { return x; }
    };
    const std::vector<Point> points(1);
    int calls = 0;
    const auto by_member = curtail::rows(points, curtail::field("x", &Point::x), curtail::field("y", &Point::y));
    const auto by_function = curtail::rows(points, curtail::field("x", [](const Point& point) { return point.x; }));
    const auto counting = curtail::rows(points, curtail::field("x", [&calls](const Point& point) {
                                            ++calls;
                                            return point.x;
                                        }));
    CHECK(curtail::ConcurrentTable<decltype(by_member)>);
    CHECK(curtail::ConcurrentTable<decltype(by_function)>);
    CHECK_FALSE(curtail::ConcurrentTable<decltype(counting)>);
}

TEST_CASE("rows: a column of bits is not read through references to bits that are gone", "[table]") {
    const std::vector<bool> flags{true, false, true, true};
    const auto table = rows(flags, field("flag", std::identity{}));
    CHECK_FALSE(curtail::ColumnTable<decltype(table)>);
    CHECK(described_rows(table).size() == 4);
    CHECK(
        curtail::ColumnTable<decltype(rows(std::declval<const std::vector<Person>&>(), field("name", &Person::name)))>);
}

TEST_CASE("tuples: the elements are the cells of rows, with their types", "[table]") {
    const std::vector<Result> range = results();
    const auto table = tuples(range, {"id", "tag", "score"});
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() ==
          curtail::Schema{{"id", {CellKind::int64}}, {"tag", {CellKind::text}}, {"score", {CellKind::float32}}});
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"int64 1", "text a", "float32 0.5"}, {"int64 2", "text b", "null"}});
}

TEST_CASE("tuples: takes pairs, arrays and types with their own tuple protocol", "[table]") {
    const std::vector<std::pair<std::string, double>> pairs = {{"a", 1.5}};
    CHECK(described_rows(tuples(pairs, {"k", "v"})) == std::vector<DescribedRow>{{"text a", "float64 1.5"}});
    const std::vector<std::array<std::int16_t, 3>> arrays = {{1, 2, 3}, {4, 5, 6}};
    const auto table = tuples(arrays, {"a", "b", "c"});
    CHECK(table.schema()[2].type.kind == CellKind::int16);
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"int64 1", "int64 2", "int64 3"}, {"int64 4", "int64 5", "int64 6"}});
    const std::vector<own::Point> points = {{1, 0.25F}};
    const auto own_table = tuples(points, {"x", "y"});
    CHECK(own_table.schema()[1].type.kind == CellKind::float32);
    CHECK(described_rows(own_table) == std::vector<DescribedRow>{{"int64 1", "float32 0.25"}});
}

TEST_CASE("tuples: arrays of a thousand elements are rows of a thousand cells", "[table]") {
    std::vector<std::array<float, 1000>> range(2);
    std::iota(range[1].begin(), range[1].end(), 0.0F);
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i) names.push_back(std::to_string(i));
    const auto table = tuples(range, names);
    CHECK(table.schema().size() == 1000);
    CHECK(described_row(table, 1, 998) == DescribedRow{"float32 998.0", "float32 999.0"});
}

TEST_CASE("tuples: a row can be read from any column on", "[table]") {
    const std::vector<Result> range = results();
    const auto table = tuples(range, {"id", "tag", "score"});
    CHECK(described_row(table, 0, 1) == DescribedRow{"text a", "float32 0.5"});
    CHECK(described_row(table, 0, 3).empty());
    const std::array<std::array<int, 2>, 1> arrays = {{{1, 2}}};
    CHECK(described_row(tuples(arrays, {"a", "b"}), 0, 1) == DescribedRow{"int64 2"});
    CHECK(described_row(tuples(arrays, {"a", "b"}), 0, 2).empty());
}

TEST_CASE("tuples: takes a deque, an array or a span, and refuses a range without indices at compile time", "[table]") {
    const std::deque<std::pair<int, int>> deque = {{1, 2}};
    CHECK(tuples(deque, {"a", "b"}).rows() == 1);
    const std::pair<int, int> plain[] = {{1, 2}, {3, 4}};
    CHECK(tuples(plain, {"a", "b"}).rows() == 2);
    CHECK(tuples(std::span(plain), {"a", "b"}).rows() == 2);
    static_assert(!curtail::TupleRange<std::list<std::pair<int, int>>>);
    static_assert(!curtail::TupleRange<std::set<std::pair<int, int>>>);
    static_assert(!curtail::TupleRange<std::vector<int>>);
}

TEST_CASE("tuples: references are read through", "[table]") {
    int number = 1;
    std::string text = "a";
    const std::vector<std::tuple<int&, const std::string&>> range = {std::tie(number, text)};
    const auto table = tuples(range, {"n", "t"});
    CHECK(table.schema() == curtail::Schema{{"n", {CellKind::int32}}, {"t", {CellKind::text}}});
    number = 2;
    text = "b";
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 2", "text b"}});
}

TEST_CASE("tuples: refers to a variable, and owns a temporary", "[table]") {
    std::vector<Result> range = results();
    const auto view = tuples(range, {"id", "tag", "score"});
    range.pop_back();
    std::get<0>(range[0]) = 7;
    CHECK(described_rows(view) == std::vector<DescribedRow>{{"int64 7", "text a", "float32 0.5"}});
    auto owner = tuples(results(), {"id", "tag", "score"});
    const auto moved = std::move(owner);
    CHECK(moved.rows() == 2);
    CHECK(described_row(moved, 1) == DescribedRow{"int64 2", "text b", "null"});
}

TEST_CASE("tuples: a wrong number of names is an error", "[table]") {
    const std::vector<std::pair<int, int>> range;
    try {
        static_cast<void>(tuples(range, {"only one"}));
        FAIL("accepted");
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
        CHECK(std::string(error.what()) == "[curtail.invalid_schema] 1 names for rows of 2 cells");
    }
    const std::vector<std::array<int, 2>> arrays;
    CHECK_THROWS_AS(tuples(arrays, {"a", "b", "c"}), curtail::TableError);
}

TEST_CASE("tuples: may be the features and the predictions of a join", "[table]") {
    const std::vector<std::pair<int, std::string>> features = {{1, "a"}};
    const std::vector<std::array<double, 2>> scores = {{0.25, 0.75}};
    const auto table = curtail::with_prediction(tuples(features, {"id", "tag"}), tuples(scores, {"no", "yes"}));
    CHECK(table.schema().prediction_count() == 2);
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 1", "text a", "float64 0.25", "float64 0.75"}});
    CHECK(described_row(table, 0, 3) == DescribedRow{"float64 0.75"});
}
