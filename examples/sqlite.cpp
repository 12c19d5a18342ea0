// SPDX-License-Identifier: MIT
// SQLite: a query as a stream of rows that are never in memory, with progress on stderr. Ctrl-C leaves no file.
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include <curtail/worker.hpp>

static volatile std::sig_atomic_t interrupted = 0;

// Returns a cell of the current row. SQLite's pointers are valid until the next row, as long as curtail needs them.
static curtail::Cell cell_of(sqlite3_stmt* query, int column) {
    const int type = sqlite3_column_type(query, column);
    if (type == SQLITE_NULL) return curtail::Null{};
    if (type == SQLITE_INTEGER) return std::int64_t{sqlite3_column_int64(query, column)};
    if (type == SQLITE_FLOAT) return sqlite3_column_double(query, column);
    const void* data = type == SQLITE_BLOB ? sqlite3_column_blob(query, column) : sqlite3_column_text(query, column);
    const std::string_view bytes(static_cast<const char*>(data), std::size_t(sqlite3_column_bytes(query, column)));
    return type == SQLITE_BLOB ? curtail::Cell(curtail::Bytes{bytes}) : bytes;  // which may hold NULs
}

int main(int argc, char** argv) try {
    if (argc != 4) throw std::runtime_error("usage: sqlite DATABASE QUERY DIRECTORY");
    std::signal(SIGINT, [](int) { interrupted = 1; });
    sqlite3* database = nullptr;
    sqlite3_stmt* query = nullptr;
    const int opened = sqlite3_open(argv[1], &database);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closes_database(database, &sqlite3_close);
    if (opened != SQLITE_OK || sqlite3_prepare_v2(database, argv[2], -1, &query, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(database));
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> closes_query(query, &sqlite3_finalize);
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(query); ++i) names.emplace_back(sqlite3_column_name(query, i));
    auto rows = curtail::generate(names, [&](std::span<curtail::Cell> row) {
        const int step = sqlite3_step(query);
        if (step != SQLITE_ROW && step != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database));
        for (std::size_t i = 0; i < row.size() && step == SQLITE_ROW; ++i) row[i] = cell_of(query, static_cast<int>(i));
        return step == SQLITE_ROW;
    });
    curtail::PayloadOptions options{.stop_token = [] { return interrupted != 0; }};
    options.on_progress = [](const curtail::SplitProgress& progress) {
        std::fprintf(stderr, "%ju rows\n", static_cast<std::uintmax_t>(progress.rows_done));
    };
    auto table = curtail::with_prediction(std::move(rows), curtail::last_column);
    std::puts(curtail::ResultPayloadBuilder("sqlite", options).build(table, argv[3]).message().c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "sqlite: %s\n", error.what());
    return 1;
}
