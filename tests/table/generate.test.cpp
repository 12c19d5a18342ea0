// SPDX-License-Identifier: MIT
#include <curtail/table/generate.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/described.hpp"
#include "table/own_point.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::generate;
using curtail::Schema;

TEST_CASE("generate: a callback that fills cells is a stream of rows", "[table]") {
    std::int64_t at = 0;
    std::string text;
    auto stream = generate(Schema{{"id", {CellKind::int64}}, {"text", {CellKind::text}}}, [&](std::span<Cell> row) {
        if (at == 3) return false;
        text = "row " + std::to_string(at);
        row[0] = at++;
        if (at != 2) row[1] = std::string_view(text);
        return true;
    });
    static_assert(curtail::TableStream<decltype(stream)>);
    CHECK(stream.schema().size() == 2);
    // The second row leaves its text alone: a cell that is not filled is null, not what it was in the row before.
    CHECK(described_stream(stream) ==
          std::vector<DescribedRow>{{"int64 0", "text row 0"}, {"int64 1", "null"}, {"int64 2", "text row 2"}});
}

TEST_CASE("generate: refuses a cell that its column's type does not have, because no page could show it", "[table]") {
    const auto fault_of = [](CellKind kind, const Cell& cell) {
        auto stream = generate(Schema{{"a", kind}}, [&](std::span<Cell> row) {
            row[0] = cell;
            return true;
        });
        try {
            curtail::visit_row(*stream.next(), 0, [](const auto&) {});
        } catch (const curtail::TableError& error) {
            CHECK(error.code() == curtail::ErrorCode::bad_cell);
            return std::string(error.what());
        }
        return std::string();
    };
    const Cell text = std::string_view("12");
    const Cell number = std::int64_t{1};
    CHECK(fault_of(CellKind::int64, text).find("the schema says int64") != std::string::npos);
    CHECK_FALSE(fault_of(CellKind::float64, true).empty());
    CHECK_FALSE(fault_of(CellKind::decimal, text).empty());
    CHECK_FALSE(fault_of(CellKind::boolean, number).empty());
    CHECK_FALSE(fault_of(CellKind::int8, curtail::Date{1}).empty());
    for (const Cell& any : {Cell(1.5), number, Cell(curtail::Decimal{"1.50"}), Cell(curtail::Null{})}) {
        for (const CellKind kind : {CellKind::int64, CellKind::float32, CellKind::decimal, CellKind::any}) {
            CHECK(fault_of(kind, any).empty());
        }
    }
    for (const CellKind kind : {CellKind::any, CellKind::text, CellKind::timestamp, CellKind::nested}) {
        CHECK(fault_of(kind, number).empty());
    }
    CHECK(fault_of(CellKind::boolean, true).empty());
    using Meaning = curtail::Verbatim::Meaning;
    CHECK(fault_of(CellKind::int64, curtail::Verbatim{"12", Meaning::number}).empty());
    CHECK_FALSE(fault_of(CellKind::int64, curtail::Verbatim{" 12", Meaning::number}).empty());
    CHECK_FALSE(fault_of(CellKind::int64, curtail::Verbatim{"NA", Meaning::null}).empty());
    CHECK_FALSE(fault_of(CellKind::boolean, curtail::Verbatim{"true", Meaning::boolean}).empty());
    CHECK_FALSE(fault_of(CellKind::boolean, curtail::Verbatim{"1", Meaning::number}).empty());
    CHECK(fault_of(CellKind::any, curtail::Verbatim{"NA", Meaning::null}).empty());
    CHECK_FALSE(fault_of(CellKind::date, Cell(std::string_view())).empty());
    CHECK(fault_of(CellKind::date, Cell(std::string_view("2024-02-29"))).empty());
}

TEST_CASE("generate: a callback that returns tuples is a stream whose columns have the tuple's types", "[table]") {
    int at = 0;
    auto stream =
        generate({"id", "score", "name"}, [&]() -> std::optional<std::tuple<int, float, std::optional<std::string>>> {
            if (at == 2) return {};
            ++at;
            return std::tuple(at, 0.5F, at == 1 ? std::optional<std::string>("a") : std::nullopt);
        });
    static_assert(curtail::TableStream<decltype(stream)>);
    CHECK(stream.schema() ==
          Schema{{"id", {CellKind::int32}}, {"score", {CellKind::float32}}, {"name", {CellKind::text}}});
    CHECK(described_stream(stream) ==
          std::vector<DescribedRow>{{"int64 1", "float32 0.5", "text a"}, {"int64 2", "float32 0.5", "null"}});
}

TEST_CASE("generate: a tuple of references is read through, and what it refers to stays as it is", "[table]") {
    std::vector<std::pair<std::string, double>> scores = {{"a", 1}, {"b", 2}, {"c", 3}};
    std::size_t at = 0;
    auto stream = generate({"name", "score"}, [&]() -> std::optional<std::tuple<std::string&, const double&>> {
        if (at == scores.size()) return {};
        auto& [name, score] = scores[at++];
        return std::tuple<std::string&, const double&>(name, score);
    });
    CHECK(stream.schema() == Schema{{"name", {CellKind::text}}, {"score", {CellKind::float64}}});
    CHECK(described_stream(stream) ==
          std::vector<DescribedRow>{{"text a", "float64 1.0"}, {"text b", "float64 2.0"}, {"text c", "float64 3.0"}});
    CHECK(scores == std::vector<std::pair<std::string, double>>{{"a", 1}, {"b", 2}, {"c", 3}});
}

TEST_CASE("generate: a callback may return arrays and types with their own tuple protocol", "[table]") {
    int left = 1;
    auto points = generate({"x", "y"}, [&] { return left-- > 0 ? std::optional(own::Point{7, 0.25F}) : std::nullopt; });
    CHECK(points.schema()[1].type.kind == CellKind::float32);
    CHECK(described_stream(points) == std::vector<DescribedRow>{{"int64 7", "float32 0.25"}});
    left = 1;
    using Pair = std::array<int, 2>;
    auto arrays = generate({"x", "y"}, [&] { return left-- > 0 ? std::optional(Pair{1, 2}) : std::nullopt; });
    const auto* batch = arrays.next();
    REQUIRE(batch != nullptr);
    CHECK(described_row(*batch, 0, 1) == DescribedRow{"int64 2"});
}

TEST_CASE("generate: a batch of either kind is a table of one row under the stream's schema", "[table]") {
    bool done = false;
    auto cells = generate(Schema{{"a"}, {"b"}}, [&](std::span<Cell> row) {
        row[0] = true;
        row[1] = 0.5;
        return !std::exchange(done, true);
    });
    const auto* batch = cells.next();
    REQUIRE(batch != nullptr);
    CHECK(batch->rows() == 1);
    CHECK(batch->schema().fits(cells.schema()));
    CHECK(described_row(*batch, 0, 1) == DescribedRow{"float64 0.5"});
    CHECK(described_row(*batch, 0, 2).empty());
    CHECK(cells.next() == nullptr);

    done = false;
    auto tuples = generate({"a", "b"}, [&] {
        return std::exchange(done, true) ? std::optional<std::tuple<bool, char>>() : std::tuple(true, 'x');
    });
    const auto* tuple_batch = tuples.next();
    REQUIRE(tuple_batch != nullptr);
    CHECK(tuple_batch->schema().fits(tuples.schema()));
    CHECK(described_row(*tuple_batch, 0, 1) == DescribedRow{"text x"});
    CHECK(tuples.next() == nullptr);
}

TEST_CASE("generate: a callback may own what cannot be copied, and the stream can be moved before it is read",
          "[table]") {
    auto count = std::make_unique<int>(2);
    auto stream = generate({"n"}, [count = std::move(count)]() -> std::optional<std::tuple<int>> {
        if (*count == 0) return {};
        return std::tuple((*count)--);
    });
    auto moved = std::move(stream);
    CHECK(described_stream(moved) == std::vector<DescribedRow>{{"int64 2"}, {"int64 1"}});
}

TEST_CASE("generate: a stream is read once", "[table]") {
    int left = 1;
    auto tuples = generate({"n"}, [&] { return left-- > 0 ? std::optional(std::tuple(left)) : std::nullopt; });
    CHECK(!tuples.begun());
    CHECK(tuples.next() != nullptr);
    CHECK(tuples.begun());
    CHECK(tuples.next() == nullptr);
    CHECK_THROWS_AS(tuples.next(), curtail::UsageError);
    auto cells = generate(curtail::Schema{{"n"}}, [](std::span<Cell>) { return false; });
    CHECK(cells.next() == nullptr);
    CHECK(cells.begun());
    CHECK_THROWS_AS(cells.next(), curtail::UsageError);
    auto failing = generate(curtail::Schema{{"n"}}, [](std::span<Cell>) -> bool { throw std::runtime_error("lost"); });
    CHECK_THROWS_AS(failing.next(), std::runtime_error);
    CHECK_THROWS_AS(failing.next(), curtail::UsageError);
}

TEST_CASE("generate: an exception of the callback passes through", "[table]") {
    auto stream = generate({"n"}, []() -> std::optional<std::tuple<int>> { throw std::runtime_error("cursor lost"); });
    CHECK_THROWS_AS(stream.next(), std::runtime_error);
}

TEST_CASE("generate: there must be as many names as the tuple has elements", "[table]") {
    try {
        auto stream = generate({"a"}, [] { return std::optional<std::tuple<int, int>>(); });
        FAIL("accepted " << stream.schema().size());
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
    }
}

TEST_CASE("generate: takes names alone for a callback that fills cells", "[table]") {
    auto stream = curtail::generate({"id", "name"}, [left = 2](std::span<curtail::Cell> row) mutable {
        row[0] = std::int64_t{left};
        row[1] = std::string_view("x");
        return left-- > 0;
    });
    CHECK(stream.schema() == curtail::Schema{"id", "name"});
    CHECK(described_row(*stream.next(), 0) == DescribedRow{"int64 2", "text x"});
    const std::vector<std::string> names = {"id"};
    auto tuples = curtail::generate(names, [] { return std::optional(std::tuple(1L)); });
    CHECK(tuples.schema()[0].type.kind != curtail::CellKind::any);
}
