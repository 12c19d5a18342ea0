// SPDX-License-Identifier: MIT
#include <curtail/payload/result_payload.hpp>

#include <optional>
#include <type_traits>

#include "catch.hpp"

using curtail::ResultPayload;
using curtail::SampleCell;

TEST_CASE("ResultPayload: is a plain value, movable without throwing and comparable part by part", "[payload]") {
    static_assert(std::is_aggregate_v<ResultPayload>);
    static_assert(std::is_aggregate_v<SampleCell>);
    static_assert(std::is_nothrow_move_constructible_v<ResultPayload>);
    static_assert(std::is_nothrow_move_assignable_v<ResultPayload>);
    ResultPayload a;
    a.columns = {"x"};
    a.sample = {{{SampleCell::Kind::number, "1", 0}}};
    ResultPayload b = a;
    CHECK(a == b);
    b.sample[0][0].text = "2";
    CHECK_FALSE(a == b);
    b = a;
    b.prediction_stats.emplace_back().median_rank_error = 0.005;
    CHECK_FALSE(a == b);
}

TEST_CASE("ResultPayload: claims nothing by default", "[payload]") {
    const ResultPayload payload;
    CHECK(payload.form == ResultPayload::Form::bounded);
    CHECK(payload.rows == 0);
    CHECK(payload.columns_total == 0);
    CHECK_FALSE(payload.truncated);
    CHECK(payload.truncation.empty());
    CHECK_FALSE(payload.output_bytes);
    CHECK(payload.schema_version == 0);
    CHECK(curtail::PredictionStats{}.mean == std::nullopt);
}
