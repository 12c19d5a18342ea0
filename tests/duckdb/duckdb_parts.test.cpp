// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts_directory.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/arrow.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "duckdb/duckdb_library.hpp"
#include "fault/scratch_directory.hpp"
#include "table/described.hpp"

TEST_CASE("DuckDB: reads a directory of parts by their glob, and nothing that is not committed", "[duckdb]") {
    auto db = duck::open_database();
    if (!db) {
        WARN("skipped: no DuckDB; build the target duckdb, or set CURTAIL_DUCKDB to the path of libduckdb.so");
        return;
    }
    const ScratchDirectory dir;
    const curtail::PartsDirectory parts(dir.path(), "a");
    for (std::uint64_t number = 0; number < 4; ++number) {
        const std::vector<std::int64_t> numbers(static_cast<std::size_t>(number), 100);
        const auto table = curtail::columns(curtail::column("n", numbers));
        curtail::CsvSink sink(parts.file(number, 5));
        sink.open(table.schema());
        sink.append(table);
        (void)sink.finish();
    }
    curtail::PartFile attempt = parts.file(4, 5);
    attempt.open();
    const std::string text = "n\n1";
    attempt.write(text);
    auto stream = curtail::arrow_stream(
        db->query("SELECT count(*), sum(n)::BIGINT FROM read_csv('" + parts.location() + "/part-*.csv')"));
    const std::vector<DescribedRow> rows = described_stream(stream);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0] == DescribedRow{"int64 6", "int64 600"});
}
