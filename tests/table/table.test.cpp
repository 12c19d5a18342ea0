// SPDX-License-Identifier: MIT
#include <curtail/table/table.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "table/described.hpp"

namespace foreign {

struct Frame {
    std::vector<std::int64_t> ids;
    std::vector<std::string> names;
};

// The smallest table: member functions of curtail's names, no adapter.
struct Counter {
    curtail::Schema columns = {{"n", {curtail::CellKind::uint64}}, {"square", {curtail::CellKind::uint64}}};
    std::size_t count = 3;

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return count; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit(row);
        visit(row * row);
    }
};

// A table that can skip cells.
struct Skipping {
    curtail::Schema columns = {"n", "square"};

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return 3; }
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        if (first < 1) visit(row);
        if (first < 2) visit(row * row);
    }
};

// Says that several threads may read it.
struct Shared : Counter {
    static constexpr bool concurrent_reads = true;
};

struct NoTable {
    std::size_t rows() const { return 0; }
};

struct Stream {
    Counter counter = {};
    bool done = false;

    const curtail::Schema& schema() const { return counter.columns; }
    const Counter* next() {
        if (done) return nullptr;
        done = true;
        return &counter;
    }
};

}  // namespace foreign

// A table type whose library has functions of curtail's names, which argument-dependent lookup must not find.
namespace namesake {

struct Frame {
    curtail::Schema columns = {{"n", {curtail::CellKind::boolean}}};

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return 1; }
    template <class Visitor>
    void visit_row(std::size_t, Visitor&& visit) const {
        visit(true);
    }
};

inline int rows_of(const Frame&) {
    return -1;
}
inline int schema_of(const Frame&) {
    return -1;
}

}  // namespace namesake

template <>
struct curtail::table_adapter<foreign::Frame> {
    static Schema schema(const foreign::Frame&) { return {{"id", {CellKind::int64}}, {"name", {CellKind::text}}}; }
    static std::size_t rows(const foreign::Frame& frame) { return frame.ids.size(); }
    template <class Visitor>
    static void visit_row(const foreign::Frame& frame, std::size_t row, Visitor&& visit) {
        visit(frame.ids[row]);
        visit(frame.names[row]);
    }
};

static_assert(curtail::Table<foreign::Frame> && curtail::Table<const foreign::Frame&>);
static_assert(curtail::Table<foreign::Counter> && curtail::Table<curtail::RowSlice<foreign::Frame>>);
static_assert(curtail::Table<curtail::AnyTable>);
static_assert(!curtail::Table<foreign::NoTable> && !curtail::Table<int> && !curtail::Table<std::vector<int>>);
static_assert(curtail::TableStream<foreign::Stream> && !curtail::TableStream<foreign::Counter>);
static_assert(!curtail::Table<foreign::Stream>);
// A table is read from several threads only if it says that it may be.
static_assert(curtail::ConcurrentTable<foreign::Shared> && curtail::ConcurrentTable<const foreign::Shared&>);
static_assert(!curtail::ConcurrentTable<foreign::Counter> && !curtail::ConcurrentTable<foreign::Frame>);
static_assert(curtail::ConcurrentTable<curtail::RowSlice<foreign::Shared>>);
static_assert(!curtail::ConcurrentTable<curtail::RowSlice<foreign::Frame>>);
static_assert(!curtail::ConcurrentTable<int>);

TEST_CASE("Table: a foreign type is a table through its adapter", "[table]") {
    const foreign::Frame frame{{1, 2}, {"a", "b"}};
    CHECK(curtail::rows_of(frame) == 2);
    CHECK(curtail::schema_of(frame).size() == 2);
    CHECK(curtail::schema_of(frame)[1].name == "name");
    CHECK(described_rows(frame) == std::vector<DescribedRow>{{"int64 1", "text a"}, {"int64 2", "text b"}});
}

TEST_CASE("Table: a type with the right member functions is a table without an adapter", "[table]") {
    const foreign::Counter counter;
    CHECK(curtail::rows_of(counter) == 3);
    CHECK(described_row(counter, 2) == DescribedRow{"uint64 2", "uint64 4"});
    CHECK(described_rows(foreign::Skipping()) ==
          std::vector<DescribedRow>{{"uint64 0", "uint64 0"}, {"uint64 1", "uint64 1"}, {"uint64 2", "uint64 4"}});
}

TEST_CASE("Table: a row can be read from any column on, also where the table cannot skip", "[table]") {
    const foreign::Frame frame{{1, 2}, {"a", "b"}};
    CHECK(described_row(frame, 1, 0) == DescribedRow{"int64 2", "text b"});
    CHECK(described_row(frame, 1, 1) == DescribedRow{"text b"});
    CHECK(described_row(frame, 1, 2).empty());
}

TEST_CASE("RowSlice: is a table of some rows of a table", "[table]") {
    const foreign::Counter counter;
    const curtail::RowSlice slice(counter, 1, 2);
    CHECK(&slice.table() == &counter);
    CHECK(slice.first() == 1);
    CHECK(slice.rows() == 2);
    CHECK(slice.schema() == counter.columns);
    CHECK(described_rows(slice) == std::vector<DescribedRow>{{"uint64 1", "uint64 1"}, {"uint64 2", "uint64 4"}});
    CHECK(described_row(slice, 1, 1) == DescribedRow{"uint64 4"});
    const curtail::RowSlice slice_of_slice(slice, 1, 1);
    CHECK(described_rows(slice_of_slice) == std::vector<DescribedRow>{{"uint64 2", "uint64 4"}});
    CHECK(described_rows(curtail::RowSlice(counter, 3, 0)).empty());

    const foreign::Frame frame{{1, 2}, {"a", "b"}};  // whose adapter returns the schema by value
    CHECK(curtail::RowSlice(frame, 1, 1).schema()[0].name == "id");
}

TEST_CASE("Table: functions of another library with curtail's names are not called", "[table]") {
    CHECK(curtail::Table<curtail::RowSlice<namesake::Frame>>);
}

TEST_CASE("check_fits: names the column that differs and how", "[table]") {
    using curtail::CellKind;
    using curtail::ErrorCode;
    using curtail::Schema;
    using curtail::TableError;
    const Schema header({{"a", {CellKind::int64}}, {"p", {CellKind::float64}}}, 1);
    CHECK_NOTHROW(curtail::check_fits(header, header));

    const auto refused = [&](const Schema& batch, const std::string& column, const std::string& words) {
        try {
            curtail::check_fits(header, batch);
            return false;
        } catch (const TableError& error) {
            INFO(error.what());
            CHECK(std::string(error.what()).find(words) != std::string::npos);
            return error.code() == ErrorCode::invalid_schema && error.column() == column;
        }
    };
    CHECK(refused(Schema({{"a", {CellKind::int64}}}, 0), "", "1 columns and 0 predictions"));
    CHECK(
        refused(Schema({{"a", {CellKind::int64}}, {"p", {CellKind::float64}}}, 0), "", "2 columns and 0 predictions"));
    CHECK(refused(Schema({{"a", {CellKind::int64}}, {"q", {CellKind::float64}}}, 1), "q", "'q' (float64)"));
    CHECK(refused(Schema({{"a", {CellKind::text}}, {"p", {CellKind::float64}}}, 1), "a", "'a' (string)"));
    CHECK(refused(Schema({{"a", {CellKind::text}}, {"p", {CellKind::float64}}}, 1), "a", "name the batch's type"));
    CHECK(refused(Schema({{"a", {CellKind::int64}}, {"p", {CellKind::float64}}}, 0), "",
                  "with_prediction(batch, last_column)"));
    CHECK(refused(Schema({{"a", {CellKind::int64}}, {"p", {CellKind::float64}}}, 2), "",
                  "Schema({\"id\", \"score\"}, 1)"));
}

TEST_CASE("check_fits: a column of unknown type takes batches of any type, and of no other name", "[table]") {
    using curtail::CellKind;
    using curtail::Schema;
    const Schema header({"a", {"p", {CellKind::float64}}}, 1);
    for (const CellKind kind : {CellKind::any, CellKind::int64, CellKind::text, CellKind::timestamp}) {
        CHECK_NOTHROW(curtail::check_fits(header, Schema({{"a", kind}, {"p", CellKind::float64}}, 1)));
    }
    CHECK_THROWS_AS(curtail::check_fits(header, Schema({{"b", CellKind::int64}, {"p", CellKind::float64}}, 1)),
                    curtail::TableError);
    CHECK_THROWS_AS(curtail::check_fits(header, Schema({{"a", CellKind::int64}, {"p", CellKind::int64}}, 1)),
                    curtail::TableError);
    CHECK_THROWS_AS(curtail::check_fits(Schema({{"a", CellKind::int64}}, 0), Schema({"a"}, 0)), curtail::TableError);
}

TEST_CASE("check_fits: cells may decide on the type only if the header says so", "[table]") {
    using curtail::CellKind;
    using curtail::ColumnType;
    using curtail::Schema;
    const auto times = [](bool guessed, CellKind other) {
        return Schema({{"t", ColumnType{.kind = CellKind::timestamp, .guessed = guessed}}, {"n", other}}, 0);
    };
    for (const CellKind other : {CellKind::int64, CellKind::any}) {
        CHECK_THROWS_AS(curtail::check_fits(times(false, other), times(true, CellKind::int64)), curtail::TableError);
        CHECK_NOTHROW(curtail::check_fits(times(true, other), times(false, CellKind::int64)));
        CHECK_NOTHROW(curtail::check_fits(times(true, other), times(true, CellKind::int64)));
    }
    const Schema seconds({{"t", {CellKind::timestamp, curtail::TimeUnit::second}}, {"n", CellKind::int64}}, 0);
    CHECK_NOTHROW(curtail::check_fits(times(true, CellKind::int64), seconds));
    CHECK_THROWS_AS(
        curtail::check_fits(times(true, CellKind::int64), Schema{{"t", CellKind::text}, {"n", CellKind::int64}}),
        curtail::TableError);
}
