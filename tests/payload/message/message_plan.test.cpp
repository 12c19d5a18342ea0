// SPDX-License-Identifier: MIT
#include <curtail/payload/message/message_plan.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <curtail/payload/messages.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"

using curtail::column;
using curtail::columns;
using curtail::PayloadOptions;
using curtail::detail::Findings;
using curtail::detail::MessagePlan;

namespace {

struct Table {
    std::vector<double> values = {1, 2, 3};
    curtail::Schema schema =
        curtail::Schema({{"n", {curtail::CellKind::float64}}, {"p", {curtail::CellKind::float64}}}, 1);

    [[nodiscard]] Findings found(const PayloadOptions& options) const {
        Findings findings(schema, options, options.max_bytes);
        const auto table = curtail::with_prediction(columns(column("n", values)), column("p", values));
        findings.sample.offer(curtail::detail::BatchView(table));
        findings.statistics[0].add_all(values);
        findings.rows = values.size();
        return findings;
    }
    [[nodiscard]] curtail::ResultPayload skeleton() const {
        return curtail::detail::skeleton_of(schema, "job_1", curtail::SampleStrategy::head);
    }
};

}  // namespace

TEST_CASE("MessagePlan: makes the message before the file has its name, and then in the same memory", "[payload]") {
    const Table table;
    const PayloadOptions options{.on_artifact_error = curtail::OnArtifactError::report};
    MessagePlan plan(options, table.skeleton(), "/data/a.csv", "csv");
    Findings found = table.found(options);
    const auto outcome = plan.prepare(found, {"float64"}, nullptr);
    const char* const memory = outcome->message.data();
    plan.complete(curtail::ArtifactInfo{"/data/a.csv", "csv", 3, 12}, nullptr);
    CHECK(outcome->message.data() == memory);
    CHECK(outcome->message == curtail::result_message(outcome->payload));
    CHECK(outcome->payload.rows == 3);
    CHECK(outcome->payload.predictions_count == 3);
    CHECK(outcome->payload.prediction_stats[0].mean == 2.0);
    CHECK(outcome->payload.sample.size() == 3);
    CHECK(outcome->payload.output_bytes == 12U);
    CHECK(outcome->payload.output_attachable == true);
}

TEST_CASE("MessagePlan: a table in parts is listed, and cannot be attached", "[payload]") {
    const Table table;
    const PayloadOptions options;
    curtail::ResultPayload skeleton = table.skeleton();
    skeleton.output_parts_total = 1;
    MessagePlan plan(options, std::move(skeleton), "/data/job", "csv");
    plan.list_parts({{"part-0.csv", 3, 12, "", ""}});
    Findings found = table.found(options);
    const auto outcome = plan.prepare(found, {"float64"}, nullptr);
    plan.complete(curtail::ArtifactInfo{"/data/job", "csv", 3, 12}, nullptr);
    CHECK(outcome->payload.output_parts.size() == 1);
    CHECK_FALSE(outcome->payload.output_attachable);
    CHECK(outcome->message.find("output_attachable") == std::string::npos);
}

TEST_CASE("MessagePlan: refuses a budget below the least message before a row is read", "[payload]") {
    const Table table;
    PayloadOptions options{.max_bytes = 500};
    try {
        const MessagePlan plan(options, table.skeleton(), "/data/a.csv", "csv");
        FAIL("took a budget of 500 bytes");
    } catch (const curtail::BudgetTooSmall& error) {
        options.max_bytes = error.needed();
        CHECK_NOTHROW(MessagePlan(options, table.skeleton(), "/data/a.csv", "csv"));
        options.max_bytes = error.needed() - 1;
        CHECK_THROWS_AS(MessagePlan(options, table.skeleton(), "/data/a.csv", "csv"), curtail::BudgetTooSmall);
    }
}
