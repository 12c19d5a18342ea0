// SPDX-License-Identifier: MIT
#include <curtail/table/rows.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/described.hpp"

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

TEST_CASE("members, member functions and callables are the columns of a range of structs") {
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

TEST_CASE("a row of structs can be read from any column on") {
    const std::vector<Person> range = people();
    const auto table =
        rows(range, field("name", &Person::name), field("year", &Person::year), field("age", &Person::age));
    CHECK(described_row(table, 0, 1) == DescribedRow{"int64 1815", "int64 211"});
    CHECK(described_row(table, 0, 3).empty());
}

TEST_CASE("the range may be a deque, an array, a span, or hold pointers to the structs") {
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

TEST_CASE("members of a base class are columns of the derived") {
    Employee employee;
    employee.name = "d";
    employee.office = 7;
    const std::vector<Employee> range = {employee};
    CHECK(described_rows(rows(range, field("name", &Person::name), field("office", &Employee::office))) ==
          std::vector<DescribedRow>{{"text d", "uint64 7"}});
}

TEST_CASE("a variable is referred to, a temporary is owned") {
    std::vector<Person> range = people();
    const auto view = rows(range, field("name", &Person::name));
    range.pop_back();
    range[0].name = "Eve";
    CHECK(described_rows(view) == std::vector<DescribedRow>{{"text Eve"}});

    auto owner = rows(people(), field("year", &Person::year));
    const auto moved = std::move(owner);
    CHECK(described_rows(moved) == std::vector<DescribedRow>{{"int64 1815"}, {"int64 1912"}});
}

TEST_CASE("a range without elements is a table without rows, and its columns are known") {
    const std::vector<Person> none;
    const auto table = rows(none, field("weight", &Person::weight));
    CHECK(table.rows() == 0);
    CHECK(table.schema()[0].type.kind == curtail::CellKind::float64);
}

TEST_CASE("rows may be read by several threads unless a getter holds something that it could write to") {
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

TEST_CASE("a column of bits is not read through references to bits that are gone") {
    const std::vector<bool> flags{true, false, true, true};
    const auto table = rows(flags, field("flag", std::identity{}));
    CHECK_FALSE(curtail::ColumnTable<decltype(table)>);
    CHECK(described_rows(table).size() == 4);
    CHECK(
        curtail::ColumnTable<decltype(rows(std::declval<const std::vector<Person>&>(), field("name", &Person::name)))>);
}
