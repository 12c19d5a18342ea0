// SPDX-License-Identifier: MIT
#include <curtail/table/rows.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
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

namespace own {

// A type with the tuple protocol of its own.
struct Point {
    int x = 0;
    float y = 0;
};
template <std::size_t I>
decltype(auto) get(const Point& point) {
    if constexpr (I == 0) {
        return point.x;
    } else {
        return point.y;
    }
}

}  // namespace own

template <>
struct std::tuple_size<own::Point> : std::integral_constant<std::size_t, 2> {};
template <>
struct std::tuple_element<0, own::Point> {
    using type = int;
};
template <>
struct std::tuple_element<1, own::Point> {
    using type = float;
};

namespace {

using curtail::CellKind;
using curtail::tuples;

using Result = std::tuple<std::int64_t, std::string, std::optional<float>>;

std::vector<Result> results() {
    return {{1, "a", 0.5F}, {2, "b", {}}};
}

}  // namespace

TEST_CASE("the elements of tuples are the cells of rows, with their types") {
    const std::vector<Result> range = results();
    const auto table = tuples(range, {"id", "tag", "score"});
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() ==
          curtail::Schema{{"id", {CellKind::int64}}, {"tag", {CellKind::text}}, {"score", {CellKind::float32}}});
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"int64 1", "text a", "float32 0.5"}, {"int64 2", "text b", "null"}});
}

TEST_CASE("pairs, arrays and types with a tuple protocol of their own are tuples") {
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

TEST_CASE("arrays of a thousand elements are rows of a thousand cells") {
    std::vector<std::array<float, 1000>> range(2);
    std::iota(range[1].begin(), range[1].end(), 0.0F);
    std::vector<std::string> names;
    for (int i = 0; i < 1000; ++i) names.push_back(std::to_string(i));
    const auto table = tuples(range, names);
    CHECK(table.schema().size() == 1000);
    CHECK(described_row(table, 1, 998) == DescribedRow{"float32 998.0", "float32 999.0"});
}

TEST_CASE("a row of tuples can be read from any column on") {
    const std::vector<Result> range = results();
    const auto table = tuples(range, {"id", "tag", "score"});
    CHECK(described_row(table, 0, 1) == DescribedRow{"text a", "float32 0.5"});
    CHECK(described_row(table, 0, 3).empty());
    const std::array<std::array<int, 2>, 1> arrays = {{{1, 2}}};
    CHECK(described_row(tuples(arrays, {"a", "b"}), 0, 1) == DescribedRow{"int64 2"});
    CHECK(described_row(tuples(arrays, {"a", "b"}), 0, 2).empty());
}

TEST_CASE("the range may be a deque, an array, a span; what has no row numbers is refused at compile time") {
    const std::deque<std::pair<int, int>> deque = {{1, 2}};
    CHECK(tuples(deque, {"a", "b"}).rows() == 1);
    const std::pair<int, int> plain[] = {{1, 2}, {3, 4}};
    CHECK(tuples(plain, {"a", "b"}).rows() == 2);
    CHECK(tuples(std::span(plain), {"a", "b"}).rows() == 2);
    static_assert(!curtail::TupleRange<std::list<std::pair<int, int>>>);
    static_assert(!curtail::TupleRange<std::set<std::pair<int, int>>>);
    static_assert(!curtail::TupleRange<std::vector<int>>);
}

TEST_CASE("tuples of references look at what they refer to") {
    int number = 1;
    std::string text = "a";
    const std::vector<std::tuple<int&, const std::string&>> range = {std::tie(number, text)};
    const auto table = tuples(range, {"n", "t"});
    CHECK(table.schema() == curtail::Schema{{"n", {CellKind::int32}}, {"t", {CellKind::text}}});
    number = 2;
    text = "b";
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 2", "text b"}});
}

TEST_CASE("a range passed as a variable is referred to, a temporary is owned") {
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

TEST_CASE("a wrong number of names for tuples is an error") {
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

TEST_CASE("tuples may be the features and the predictions of a join") {
    const std::vector<std::pair<int, std::string>> features = {{1, "a"}};
    const std::vector<std::array<double, 2>> scores = {{0.25, 0.75}};
    const auto table = curtail::with_prediction(tuples(features, {"id", "tag"}), tuples(scores, {"no", "yes"}));
    CHECK(table.schema().prediction_count() == 2);
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 1", "text a", "float64 0.25", "float64 0.75"}});
    CHECK(described_row(table, 0, 3) == DescribedRow{"float64 0.75"});
}
