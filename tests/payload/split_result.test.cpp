// SPDX-License-Identifier: MIT
#include <curtail/payload/split_result.hpp>

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace {

curtail::ResultPayload small_payload() {
    curtail::ResultPayload payload;
    payload.job_id = "job_1";
    payload.schema_version = 1;
    payload.rows = 3;
    payload.columns = {"a"};
    payload.columns_total = 1;
    payload.dtypes = {"int64"};
    payload.output_file = "/out/predictions_job_1.csv";
    return payload;
}

}  // namespace

TEST_CASE("SplitResult: says the same as message, JSON value and plain value", "[payload]") {
    const curtail::SplitResult<> result(small_payload());
    const auto message = nlohmann::ordered_json::parse(result.message());
    CHECK(message["job_id"] == "job_1");
    CHECK(message["data"] == result.data());
    CHECK(result.data()["dataframe_rows"] == result.payload().rows);
    CHECK(result.data()["output_file"] == result.payload().output_file);
}

TEST_CASE("SplitResult: keeps the JSON value in place for all copies", "[payload]") {
    curtail::SplitResult<> result(small_payload());
    const nlohmann::ordered_json* const data = &result.data();
    const curtail::SplitResult<> copy = result;
    CHECK(&copy.data() == data);
    const curtail::SplitResult<> moved = std::move(result);
    CHECK(&moved.data() == data);
    CHECK(moved.message() == copy.message());
}

TEST_CASE("SplitResult: gives the JSON value in another type", "[payload]") {
    const curtail::SplitResult<nlohmann::json> result(small_payload());
    CHECK(result.data()["dataframe_columns"] == nlohmann::json({"a"}));
}
