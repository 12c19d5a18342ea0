// SPDX-License-Identifier: MIT
#include <curtail/payload/split.hpp>

#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::column;
using curtail::CsvSink;

}  // namespace

TEST_CASE("Split: batches of any number go into one file and one message", "[payload]") {
    const std::vector<int> numbers = {1, 2, 3};
    const auto table = curtail::columns(column("n", numbers));
    const MemoryOutput memory;
    auto split = curtail::ResultPayloadBuilder("job_1").start(table.schema(), CsvSink(memory));
    split.append(table);
    split.append(table);
    CHECK(split.rows() == 6);
    const auto result = split.finish();
    CHECK(memory.kept->bytes == "n\n1\n2\n3\n1\n2\n3\n");
    CHECK(memory.kept->commits == 1);
    CHECK(result.payload().rows == 6);
    CHECK_THROWS_AS(split.append(table), curtail::UsageError);
    CHECK_THROWS_AS(static_cast<void>(split.finish()), curtail::UsageError);
}

TEST_CASE("Split: abort() and destruction publish nothing", "[payload]") {
    const std::vector<int> numbers = {1, 2, 3};
    const auto table = curtail::columns(column("n", numbers));
    const MemoryOutput aborted;
    {
        auto split = curtail::ResultPayloadBuilder("job_1").start(table.schema(), CsvSink(aborted));
        split.append(table);
        split.abort();
        CHECK_THROWS_AS(split.append(table), curtail::UsageError);
        CHECK_THROWS_AS(static_cast<void>(split.finish()), curtail::UsageError);
    }
    const MemoryOutput left;
    {
        auto split = curtail::ResultPayloadBuilder("job_1").start(table.schema(), CsvSink(left));
        split.append(table);
    }
    CHECK(aborted.kept->commits == 0);
    CHECK(aborted.kept->aborts == 1);
    CHECK(left.kept->commits == 0);
}
