// SPDX-License-Identifier: MIT
#include <curtail/payload/message/assembler.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/rows.hpp>

#include "catch.hpp"

namespace {

using curtail::column;
using curtail::detail::BatchView;
using curtail::detail::PayloadAssembler;

PayloadAssembler assembler_for(const curtail::Schema& schema, const curtail::PayloadOptions& options = {}) {
    return {"job_1",
            options,
            {},
            std::make_shared<const curtail::Schema>(schema),
            curtail::detail::SinkPlace{"/data/a.csv", "csv"}};
}

// A row too short by one cell.
struct Ragged {
    curtail::Schema columns = {{"a"}, {"b"}};

    [[nodiscard]] const curtail::Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return 1; }
    template <class Visitor>
    void visit_row(std::size_t, Visitor&& visit) const {
        visit(std::int64_t{1});
    }
};

}  // namespace

TEST_CASE("PayloadAssembler: says what the slices and the artifact were", "[payload]") {
    const std::vector<int> numbers = {1, 2, 3};
    const auto table = curtail::columns(column("n", numbers));
    PayloadAssembler assembler = assembler_for(table.schema());
    assembler.begin_batch(table.schema());
    CHECK(assembler.begin_slice(2) == 2);
    for (const std::size_t first : {0U, 2U}) {
        const BatchView slice(table, first, first == 0 ? 2 : 1);
        assembler.look(slice);
        CHECK(assembler.end_slice(slice, true, 10));
    }
    assembler.end_batch();
    CHECK(assembler.rows() == 3);
    CHECK(assembler.begin_finish(10));
    const auto outcome = assembler.prepare(nullptr);
    const char* const memory = outcome->message.data();
    assembler.complete(curtail::ArtifactInfo{"/data/a.csv", "csv", 3, 8}, nullptr);
    CHECK(outcome->message.data() == memory);
    CHECK(outcome->payload.rows == 3);
    CHECK(outcome->payload.output_bytes == 8U);
    CHECK(outcome->payload.sample.size() == 3);
    CHECK(outcome->message.find("\"dataframe_rows\":3") != std::string::npos);
}

TEST_CASE("PayloadAssembler: a batch that was not ended ends the split, and so does finish", "[payload]") {
    const std::vector<int> numbers = {1};
    const auto table = curtail::columns(column("n", numbers));
    PayloadAssembler assembler = assembler_for(table.schema());
    CHECK_THROWS_AS(assembler.begin_batch({{"other"}}), curtail::TableError);
    assembler.begin_batch(table.schema());
    CHECK_THROWS_AS(assembler.begin_batch(table.schema()), curtail::UsageError);
    CHECK_THROWS_AS(assembler.begin_finish(0), curtail::UsageError);
    assembler.end_batch();
    CHECK(assembler.begin_finish(0));
    CHECK_THROWS_AS(assembler.begin_batch(table.schema()), curtail::UsageError);
}

TEST_CASE("PayloadAssembler: checks the width of rows that no sink has checked", "[payload]") {
    const Ragged table;
    const BatchView rows(table, 0, 1);
    PayloadAssembler checked = assembler_for(table.schema());
    CHECK(checked.end_slice(rows, true, 0));
    PayloadAssembler unchecked = assembler_for(table.schema());
    CHECK_THROWS_AS(unchecked.end_slice(rows, false, 0), curtail::TableError);
}

TEST_CASE("PayloadAssembler: takes a digest, and ignores what is not one", "[payload]") {
    const std::string digest(64, 'a');
    for (const std::string& said : {digest, std::string(), std::string(64, 'A'), std::string(64, '\n'),
                                    std::string(63, 'a'), std::string(100'000, 'a')}) {
        PayloadAssembler assembler = assembler_for(curtail::Schema{{"a"}});
        CHECK(assembler.begin_finish(0));
        const auto outcome = assembler.prepare(nullptr);
        const char* const memory = outcome->message.data();
        assembler.complete(curtail::ArtifactInfo{"/elsewhere", "other", 0, 8, said}, nullptr);
        CHECK(outcome->payload.output_sha256 == (said == digest ? digest : std::string()));
        CHECK(outcome->payload.output_file == "/data/a.csv");
        CHECK(outcome->payload.output_format == "csv");
        CHECK(outcome->message.data() == memory);
        CHECK(outcome->message.find("\"output_bytes\":8") != std::string::npos);
    }
}

TEST_CASE("PayloadAssembler: says that there is no file, whether that is known before or after", "[payload]") {
    const curtail::ArtifactError error(curtail::ErrorCode::no_space, "full", "/data/a.csv", "write", 28);
    std::vector<std::string> messages;
    for (const bool before : {true, false}) {
        PayloadAssembler assembler =
            assembler_for(curtail::Schema{{"a"}}, {.on_artifact_error = curtail::OnArtifactError::report});
        CHECK(assembler.begin_finish(0));
        const auto outcome = assembler.prepare(before ? &error : nullptr);
        assembler.complete({}, &error);
        CHECK(outcome->payload.artifact_error == error.what());
        CHECK(outcome->payload.output_file.empty());
        CHECK_FALSE(outcome->payload.output_bytes);
        messages.push_back(outcome->message);
    }
    CHECK(messages[0] == messages[1]);
}

TEST_CASE("PayloadAssembler: goes no further once the callback has aborted it", "[payload]") {
    const std::vector<int> numbers(1000, 1);
    const auto table = curtail::columns(column("n", numbers));
    PayloadAssembler* running = nullptr;
    const curtail::PayloadOptions options{.on_progress = [&](const curtail::SplitProgress&) {
        running->give_up();
        return true;
    }};
    PayloadAssembler appending = assembler_for(table.schema(), options);
    running = &appending;
    appending.begin_batch(table.schema());
    CHECK_THROWS_AS(appending.end_slice(BatchView(table), true, 0), curtail::UsageError);
    CHECK_THROWS_AS(appending.begin_batch(table.schema()), curtail::UsageError);
    // Nor when the source of the rows does it.
    PayloadAssembler given_up = assembler_for(table.schema());
    given_up.begin_batch(table.schema());
    given_up.give_up();
    given_up.end_batch();
    CHECK_THROWS_AS(given_up.begin_finish(0), curtail::UsageError);
    PayloadAssembler finishing = assembler_for(table.schema(), options);
    running = &finishing;
    CHECK_THROWS_AS(finishing.begin_finish(0), curtail::UsageError);
}

TEST_CASE("PayloadAssembler: passes on that the callback asks to stop", "[payload]") {
    const std::vector<int> numbers(1000, 1);
    const auto table = curtail::columns(column("n", numbers));
    std::uint64_t rows_seen = 0;
    PayloadAssembler assembler =
        assembler_for(table.schema(), {.on_progress = [&](const curtail::SplitProgress& so_far) {
                          rows_seen = so_far.rows_done;
                          return false;
                      }});
    CHECK_FALSE(assembler.end_slice(BatchView(table), true, 0));
    CHECK(rows_seen == 1000);
}
