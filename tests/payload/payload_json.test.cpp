// SPDX-License-Identifier: MIT
#include <curtail/payload/payload_json.hpp>

#include <cmath>
#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include <curtail/core/number/number_text.hpp>
#include <curtail/payload/messages.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::payload_to_json;
using curtail::ResultPayload;
using curtail::SampleCell;
using nlohmann::json;
using nlohmann::ordered_json;
using Kind = SampleCell::Kind;

namespace {

SampleCell any_cell(table_maker::TableMaker& random) {
    switch (random.below(7)) {
        case 0: return {Kind::missing, ""};
        case 1: return {Kind::null, ""};
        case 2: return {Kind::boolean, random.one_in(2) ? "true" : "false"};
        case 3: return {Kind::number, std::to_string(random.below(UINT64_MAX))};
        case 4: {
            const double value = random.any_double();
            return {Kind::number, std::isfinite(value) ? curtail::detail::number_text(value) : "NaN"};
        }
        case 5: return {Kind::nested, random.any_text(50)};
        default: return {Kind::text, random.any_text(50)};
    }
}

ResultPayload any_payload(table_maker::TableMaker& random) {
    ResultPayload payload;
    payload.job_id = random.any_text(20);
    payload.output_file = random.any_text(40);
    if (random.one_in(5)) payload.artifact_error = random.any_text(40);
    if (random.one_in(2)) payload.output_bytes = random.below(UINT64_MAX);
    if (random.one_in(3)) payload.output_uncompressed_bytes = random.below(UINT64_MAX);
    if (random.one_in(3)) payload.output_attachable = random.one_in(2);
    if (random.one_in(3)) payload.output_parts_total = random.below(20);
    for (std::uint64_t part = random.one_in(3) ? random.below(4) : 0; part > 0; --part) {
        payload.output_parts.push_back({random.any_text(20), part, 3 * part, random.any_text(9), random.any_text(9)});
    }
    if (random.one_in(3)) payload.parts_missing = {random.below(UINT64_MAX), 3};
    const std::uint64_t columns = random.below(6);
    for (std::uint64_t i = 0; i < columns; ++i) payload.columns.push_back(std::to_string(i) + random.any_text(20));
    const std::uint64_t predictions = random.below(3);
    for (std::uint64_t i = 0; i < predictions; ++i) {
        payload.prediction_columns.push_back(random.any_text(20));
        auto& stats = payload.prediction_stats.emplace_back();
        if (random.one_in(2)) stats.mean = random.any_double();
        if (random.one_in(2)) stats.median_rank_error = 0.01;
        stats.class_counts_are_lower_bounds = random.one_in(3);
        if (random.one_in(2)) stats.histogram = curtail::Histogram{-1, 1, {random.below(UINT64_MAX), 2}};
        for (std::uint64_t label = random.below(5); label > 0; --label) {
            stats.class_distribution.push_back({std::to_string(label) + random.any_text(9), label, 12.5});
        }
    }
    for (std::uint64_t row = random.below(5); row > 0; --row) {
        payload.sample.emplace_back();
        payload.predictions_sample.emplace_back();
        for (std::uint64_t i = 0; i < columns; ++i) payload.sample.back().push_back(any_cell(random));
        for (std::uint64_t i = 0; i < predictions; ++i) payload.predictions_sample.back().push_back(any_cell(random));
    }
    return payload;
}

}  // namespace

TEST_CASE("payload_to_json: equals the parsed data of the message, order included", "[payload]") {
    const std::uint64_t seed = test_seed();
    for (std::uint64_t i = 0; i < 500; ++i) {
        INFO("seed " << seed + i);
        table_maker::TableMaker random(seed + i);
        const ResultPayload payload = any_payload(random);
        const std::string message = curtail::result_message(payload);
        REQUIRE(payload_to_json(payload) == ordered_json::parse(message)["data"]);
        REQUIRE(payload_to_json(payload).dump() == ordered_json::parse(message)["data"].dump());
        REQUIRE(payload_to_json<json>(payload) == json::parse(message)["data"]);
    }
}

TEST_CASE("payload_to_json: takes linear time for many columns", "[payload]") {
    ResultPayload payload;
    payload.sample.emplace_back();
    for (int i = 0; i < 100'000; ++i) {
        payload.columns.push_back("c" + std::to_string(i));
        payload.sample[0].push_back({Kind::number, "1"});
    }
    CHECK(payload_to_json(payload)["dataframe_sample"][0].size() == 100'000);
    CHECK(payload_to_json<json>(payload)["dataframe_sample"][0].size() == 100'000);
}
