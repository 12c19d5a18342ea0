// SPDX-License-Identifier: MIT
#include <curtail/payload/split.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
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

TEST_CASE("Split: has a name, and goes on where it is moved", "[payload]") {
    using Named = curtail::Split<CsvSink<MemoryOutput>>;
    static_assert(!std::is_copy_constructible_v<Named>);
    static_assert(std::is_nothrow_move_constructible_v<Named> && std::is_nothrow_move_assignable_v<Named>);
    const std::vector<int> numbers = {1, 2, 3};
    const auto table = curtail::columns(column("n", numbers));
    const MemoryOutput memory;
    const auto begin = [&]() -> Named {
        Named split =
            curtail::ResultPayloadBuilder("job_1").start({{"n", {curtail::CellKind::int32}}}, CsvSink(memory));
        split.append(table);
        return split;
    };
    struct Job {
        std::optional<Named> split;
    };
    std::vector<Job> jobs;
    jobs.emplace_back().split = begin();
    jobs.resize(20);  // moves it again
    jobs.front().split->append(table);
    Named split = std::move(*jobs.front().split);
    split.append(table);
    CHECK(split.rows() == 9);
    CHECK(split.finish().payload().rows == 9);
    CHECK(memory.kept->bytes == "n\n1\n2\n3\n1\n2\n3\n1\n2\n3\n");
    CHECK(memory.kept->commits == 1);
}

TEST_CASE("Split: one that was moved away says so and publishes nothing", "[payload]") {
    const std::vector<int> numbers = {1, 2, 3};
    const auto table = curtail::columns(column("n", numbers));
    const MemoryOutput first;
    const MemoryOutput second;
    const curtail::ResultPayloadBuilder builder("job_1");
    auto split = builder.start(table.schema(), CsvSink(first));
    split.append(table);
    auto other = std::move(split);
    const auto moved_away = [](auto&& call) {
        try {
            call();
            FAIL("accepted");
        } catch (const curtail::UsageError& error) {
            CHECK(error.code() == curtail::ErrorCode::wrong_state);
            CHECK(std::string(error.what()).find("moved away") != std::string::npos);
        }
    };
    moved_away([&] { split.append(table); });
    moved_away([&] { static_cast<void>(split.finish()); });
    CHECK(split.rows() == 0);
    split.abort();
    // Assigned to, it discards what it had and goes on with the new one.
    other = builder.start(table.schema(), CsvSink(second));
    CHECK(first.kept->commits == 0);
    CHECK(other.rows() == 0);
    other.append(table);
    static_cast<void>(other.finish());
    CHECK(first.kept->commits == 0);
    CHECK(second.kept->bytes == "n\n1\n2\n3\n");
    CHECK(second.kept->commits == 1);
}
