// SPDX-License-Identifier: MIT
// A cursor of SQLite as a table: each cell has its own type, and pointers are valid until the next row.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>
#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

Database open_database(const char* script) {
    sqlite3* opened = nullptr;
    REQUIRE(sqlite3_open(":memory:", &opened) == SQLITE_OK);
    Database database(opened);
    REQUIRE(sqlite3_exec(opened, script, nullptr, nullptr, nullptr) == SQLITE_OK);
    return database;
}

Statement prepare(const Database& database, const char* query) {
    sqlite3_stmt* prepared = nullptr;
    REQUIRE(sqlite3_prepare_v2(database.get(), query, -1, &prepared, nullptr) == SQLITE_OK);
    return Statement(prepared);
}

curtail::Cell cell_of(sqlite3_stmt* statement, int column) {
    const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, column)); };
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: return std::int64_t{sqlite3_column_int64(statement, column)};
        case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
        case SQLITE_TEXT: {
            const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
            return std::string_view(text, size());
        }
        case SQLITE_BLOB: {
            const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
            return curtail::Bytes{std::string_view(bytes, size())};
        }
        default: return curtail::Null{};
    }
}

// Returns a query as a table, as a user would write it.
auto table_of(sqlite3_stmt* statement) {
    std::vector<curtail::ColumnSpec> columns;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) columns.push_back({sqlite3_column_name(statement, i)});
    return curtail::generate(curtail::Schema(std::move(columns)), [statement](std::span<curtail::Cell> row) {
        const int step = sqlite3_step(statement);
        if (step == SQLITE_DONE) return false;
        if (step != SQLITE_ROW) throw std::runtime_error(sqlite3_errmsg(sqlite3_db_handle(statement)));
        for (std::size_t i = 0; i < row.size(); ++i) row[i] = cell_of(statement, static_cast<int>(i));
        return true;
    });
}

}  // namespace

TEST_CASE("SQLite: each cell is written with its own type", "[holders]") {
    const Database database = open_database(
        "create table t(id integer, v, p real);"
        "insert into t values(1, 'Kyoto, Fushimi', 0.1), (9007199254740993, 2, 1), (-9223372036854775808, 2.5, null),"
        "  (4, null, -0.5), (5, '', 1e300), (6, x'00ff', 0.5), (7, 'say \"hi\"', 0.25), (8, x'', 2);");
    const Statement query = prepare(database, "select id, v as \"value\", p as prediction from t order by rowid");
    MemoryOutput output;
    const auto kept = output.kept;
    const auto result = curtail::ResultPayloadBuilder("job_1").build(
        curtail::with_prediction(table_of(query.get()), curtail::last_column), curtail::CsvSink<MemoryOutput>(output));
    CHECK(kept->bytes ==
          "id,value,prediction\n"
          "1,\"Kyoto, Fushimi\",0.1\n"
          "9007199254740993,2,1.0\n"
          "-9223372036854775808,2.5,\n"
          "4,,-0.5\n"
          "5,\"\",1e+300\n"
          "6,\\x00ff,0.5\n"
          "7,\"say \"\"hi\"\"\",0.25\n"
          "8,\\x,2.0\n");
    CHECK(kept->commits == 1);
    const auto& data = result.data();
    CHECK(data["dataframe_rows"] == 8);
    CHECK(data["dataframe_dtypes"].dump() == R"(["int64","object"])");
    CHECK(data["dataframe_sample"][1]["id"] == 9007199254740993);
    CHECK(data["prediction_stats"]["n_null"] == 1);
}

TEST_CASE("SQLite: the sample keeps rows whose memory SQLite reuses", "[holders]") {
    const Database database = open_database(
        "create table t(id integer primary key, name text, score real);"
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)"
        "  insert into t select i, 'a name long enough to live outside of any small buffer, number ' || i, i / 8.0 "
        "from n;");
    const Statement query = prepare(database, "select * from t order by id");
    MemoryOutput output;
    const auto kept = output.kept;
    const auto result = curtail::ResultPayloadBuilder("job_1").build(
        curtail::with_prediction(table_of(query.get()), curtail::last_column), curtail::CsvSink<MemoryOutput>(output));
    const auto& data = result.data();
    REQUIRE(data["dataframe_sample"].size() == 10);
    for (int i = 1; i <= 10; ++i) {
        const auto& row = data["dataframe_sample"][static_cast<std::size_t>(i - 1)];
        CHECK(row["id"] == i);
        CHECK(row["name"] == "a name long enough to live outside of any small buffer, number " + std::to_string(i));
    }
    CHECK(data["dataframe_rows"] == 20000);
    CHECK(data["truncated"] == true);
    const Statement sums = prepare(database, "select avg(score), min(score), max(score) from t");
    REQUIRE(sqlite3_step(sums.get()) == SQLITE_ROW);
    CHECK(data["prediction_stats"]["mean"].get<double>() == Approx(sqlite3_column_double(sums.get(), 0)));
    CHECK(data["prediction_stats"]["min"] == sqlite3_column_double(sums.get(), 1));
    CHECK(data["prediction_stats"]["max"] == sqlite3_column_double(sums.get(), 2));
    const std::string last = "20000,\"a name long enough to live outside of any small buffer, number 20000\",2500.0\n";
    CHECK(kept->bytes.ends_with(last));
}

TEST_CASE("SQLite: a query that fails midway publishes nothing", "[holders]") {
    const Database database =
        open_database("create table t(id integer); insert into t values(1), (2), (-9223372036854775808), (4);");
    const Statement query = prepare(database, "select id, abs(id) as magnitude from t");
    MemoryOutput output;
    const auto kept = output.kept;
    const curtail::ResultPayloadBuilder builder("job_1");
    CHECK_THROWS_AS(builder.build(table_of(query.get()), curtail::CsvSink<MemoryOutput>(std::move(output))),
                    std::runtime_error);
    CHECK(kept->commits == 0);
}

TEST_CASE("SQLite: a query without rows is a table without rows", "[holders]") {
    const Database database = open_database("create table t(id integer, score real);");
    const Statement query = prepare(database, "select * from t");
    MemoryOutput output;
    const auto kept = output.kept;
    const auto result = curtail::ResultPayloadBuilder("job_1").build(
        curtail::with_prediction(table_of(query.get()), curtail::last_column), curtail::CsvSink<MemoryOutput>(output));
    CHECK(kept->bytes == "id,score\n");
    CHECK(result.data()["predictions_count"] == 0);
}
