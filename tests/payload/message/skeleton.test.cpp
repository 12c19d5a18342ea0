// SPDX-License-Identifier: MIT
#include <curtail/payload/message/skeleton.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <curtail/payload/messages.hpp>

#include "catch.hpp"

using curtail::SampleStrategy;
using curtail::Schema;

TEST_CASE("skeleton_of: says what is known before the first row", "[payload]") {
    const Schema schema({{"a", {}}, {"p", {}}, {"q\xFF", {}}}, 2);
    const auto payload = curtail::detail::skeleton_of(schema, "job_1", SampleStrategy::tail);
    CHECK(payload.job_id == "job_1");
    CHECK(payload.schema_version == 1);
    CHECK(payload.columns_total == 1);
    CHECK(payload.columns.empty());
    CHECK(payload.sample_strategy == "tail");
    CHECK(payload.prediction_columns == std::vector<std::string>{"p", "q\xEF\xBF\xBD"});
    CHECK(payload.prediction_stats.size() == 2);
    CHECK(curtail::detail::skeleton_of(schema, "job_1", SampleStrategy::head).sample_strategy.empty());
}

TEST_CASE("largest_skeleton: is at least as long as the message of any numbers", "[payload]") {
    const Schema schema({{"a", {}}, {"p", {}}}, 1);
    const auto skeleton = curtail::detail::skeleton_of(schema, "job_1", SampleStrategy::head);
    const std::size_t largest = curtail::result_message(curtail::detail::largest_skeleton(skeleton)).size();
    auto payload = skeleton;
    payload.rows = payload.predictions_count = 18'446'744'073'709'551'615U;
    payload.prediction_stats[0].mean = payload.prediction_stats[0].std = -2.2250738585072014e-308;
    payload.prediction_stats[0].median_rank_error = 0.0012345678901234567;
    CHECK(curtail::result_message(payload).size() <= largest);
}

TEST_CASE("largest_skeleton: has room for the parts' numbers, and for those of missing ones if any may be",
          "[payload]") {
    const Schema schema({{"a", {}}, {"p", {}}}, 1);
    auto payload = curtail::detail::skeleton_of(schema, "job_1", SampleStrategy::head);
    const auto size = [](const curtail::ResultPayload& any) { return curtail::result_message(any).size(); };
    const std::size_t of_one_file = size(curtail::detail::largest_skeleton(payload));
    payload.output_parts_total = 2;
    const std::size_t of_parts = size(curtail::detail::largest_skeleton(payload));
    CHECK(of_parts > of_one_file);
    payload.parts_missing_total = 1;
    const auto largest = curtail::detail::largest_skeleton(payload);
    CHECK(size(largest) > of_parts);
    payload.output_parts_total = payload.parts_missing_total = 18'446'744'073'709'551'615U;
    payload.parts_missing.assign(32, 18'446'744'073'709'551'615U);
    payload.truncation = {"parts"};
    CHECK(size(payload) < size(largest));
    CHECK(largest.truncation.back() == "parts");
    CHECK(largest.parts_missing == payload.parts_missing);
}
