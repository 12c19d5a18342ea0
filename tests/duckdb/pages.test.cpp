// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_artifact.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/arrow.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/page/blocked_gzip.hpp"
#include "artifact/page/collected_page.hpp"
#include "catch.hpp"
#include "duckdb/duckdb_library.hpp"
#include "fault/scratch_directory.hpp"
#include "seed.hpp"
#include "table/described.hpp"

TEST_CASE("CsvArtifact: pages are the rows at DuckDB's OFFSET, plain and compressed", "[duckdb]") {
    const auto db = duck::open_database();
    if (!db) {
        WARN("skipped: no DuckDB; build the target duckdb, or set CURTAIL_DUCKDB to the path of libduckdb.so");
        return;
    }
    std::mt19937_64 random(test_seed());
    std::vector<std::int64_t> ids;
    std::vector<std::string> texts;
    for (std::int64_t i = 0; i < 100'000; ++i) {
        ids.push_back(i);
        texts.push_back(random() % 5 == 0 ? "two\nlines, \"" + std::to_string(i) + "\""
                                          : "t" + std::to_string(random()));
    }
    const ScratchDirectory dir;
    curtail::CsvSink sink(dir / "a.csv", {.metadata = true});
    const auto table = curtail::columns(curtail::column("id", ids), curtail::column("text", texts));
    sink.open(table.schema());
    sink.append(table);
    sink.finish();
    dir.put("b.csv.gz", blocked_gzip(dir.read("a.csv")));
    db->run("SET preserve_insertion_order=true");
    for (const char* const name : {"a.csv", "b.csv.gz"}) {
        const curtail::CsvArtifact artifact(dir / name);
        CHECK(artifact.had_index() == (std::string(name) == "a.csv"));
        for (int i = 0; i < 6; ++i) {
            const std::uint64_t first = i == 0 ? 99'997 : random() % 100'000;
            const std::string sql = "SELECT * FROM read_csv('" + (dir / name) +
                                    "', header=true, columns={'id': 'BIGINT', 'text': 'VARCHAR'}, quote='\"', "
                                    "parallel=false) LIMIT 5 OFFSET " +
                                    std::to_string(first);
            auto stream = curtail::arrow_stream(db->query(sql));
            const auto rows = described_stream(stream);
            const CollectedPage page = page_of(artifact, first, 5);
            REQUIRE(page.rows.size() == rows.size());
            for (std::size_t row = 0; row < rows.size(); ++row) {
                CHECK("int64 " + page.rows[row][0] == rows[row][0]);
                CHECK(page.rows[row][1] == "'" + rows[row][1].substr(5) + "'");
            }
        }
    }
}
