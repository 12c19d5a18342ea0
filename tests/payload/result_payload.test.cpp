// SPDX-License-Identifier: MIT
#include <curtail/payload/result_payload.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
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

namespace {

SampleCell number(const char* text) {
    return {SampleCell::Kind::number, text, 0};
}

}  // namespace

TEST_CASE("SampleCell: as_double() is the nearest double of a number, and of nothing else", "[payload]") {
    CHECK(number("0.1").as_double() == 0.1);
    CHECK(number("-1.5e3").as_double() == -1500.0);
    CHECK(number("9007199254740993").as_double() == 9007199254740992.0);
    CHECK(number("Infinity").as_double() == std::numeric_limits<double>::infinity());
    CHECK(number("-Infinity").as_double() == -std::numeric_limits<double>::infinity());
    const std::optional<double> nan = number("NaN").as_double();
    CHECK((nan && *nan != *nan));
    for (const char* none : {"1e400", "1e-400", "12\xE2\x80\xA6", "", "1 "}) CHECK_FALSE(number(none).as_double());
    using Kind = SampleCell::Kind;
    for (const SampleCell& other : {SampleCell{Kind::text, "1", 0}, SampleCell{Kind::boolean, "true", 0}, SampleCell(),
                                    SampleCell{Kind::missing, "", 0}, SampleCell{Kind::nested, "[1]", 0}}) {
        CHECK_FALSE(other.as_double());
        CHECK_FALSE(other.as_int64());
    }
}

TEST_CASE("SampleCell: as_int64() is exact or absent", "[payload]") {
    CHECK(number("0").as_int64() == 0);
    CHECK(number("-0").as_int64() == 0);
    CHECK(number("9223372036854775807").as_int64() == INT64_MAX);
    CHECK(number("-9223372036854775808").as_int64() == INT64_MIN);
    CHECK(number("9223372036854775807.000").as_int64() == INT64_MAX);
    CHECK(number("922337203685477580.7e1").as_int64() == INT64_MAX);
    CHECK(number("12.0").as_int64() == 12);
    CHECK(number("-1.2e1").as_int64() == -12);
    CHECK(number("1200e-2").as_int64() == 12);
    CHECK(number("0.012E+3").as_int64() == 12);
    CHECK(number("0e999999999999").as_int64() == 0);
    CHECK(number("0.000e-5").as_int64() == 0);
    CHECK(number("1e18").as_int64() == 1'000'000'000'000'000'000);
    for (const char* none :
         {"9223372036854775808", "-9223372036854775809", "1e19", "1.5", "9007199254740993.5", "12e-1", "0.1", "1e-5",
          "1e999999999999", "1e-999999999999", "9007199254740991.9999999999999999", "NaN", "Infinity", "-Infinity",
          "12\xE2\x80\xA6", ""}) {
        INFO(none);
        CHECK_FALSE(number(none).as_int64());
    }
}

TEST_CASE("ResultPayload: a row is walked by name, its predictions after its cells", "[payload]") {
    ResultPayload payload;
    payload.columns = {"age", "city"};
    payload.sample = {{number("34"), {SampleCell::Kind::text, "Oslo", 0}}, {number("58"), {}}};
    payload.prediction_columns = {"age"};
    payload.predictions_sample = {{number("0.5")}, {number("0.25")}, {number("1")}};
    REQUIRE(payload.rows_shown() == 3);
    std::string walk;
    for (std::size_t i = 0; i < payload.rows_shown() + 1; ++i) {
        for (const auto& [column, cell, prediction] : payload.row(i)) {
            walk += std::string(column) + (prediction ? "!" : "=") + cell.text + " ";
        }
        walk += "| ";
    }
    CHECK(walk == "age=34 city=Oslo age!0.5 | age=58 city= age!0.25 | age!1 | | ");
    CHECK(&payload.row(0)[0].cell == &payload.sample[0][0]);
    CHECK(ResultPayload().rows_shown() == 0);
    // A payload that somebody filled by hand may have rows of other lengths.
    payload.sample[0].push_back(number("1"));
    payload.predictions_sample[0].clear();
    CHECK(payload.row(0).size() == 2);
}
