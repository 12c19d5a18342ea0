// SPDX-License-Identifier: MIT
// With JSON_DIAGNOSTICS every value of nlohmann/json knows who holds it, and asserts that it does.
#define JSON_DIAGNOSTICS 1
#undef NDEBUG
#include <cassert>

#include <nlohmann/json.hpp>

#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/result_payload.hpp>

int main() {
    curtail::ResultPayload payload;
    payload.job_id = "job_1";
    payload.columns = {"a", "b"};
    payload.columns_total = 2;
    payload.dtypes = {"int64", "string"};
    payload.prediction_columns = {"p"};
    payload.prediction_stats.resize(1);
    payload.sample.resize(20);
    for (auto& row : payload.sample)
        row = {{curtail::SampleCell::Kind::number, "1", 0}, {curtail::SampleCell::Kind::text, "x", 0}};
    payload.predictions_sample.resize(20);
    for (auto& row : payload.predictions_sample) row = {{curtail::SampleCell::Kind::number, "0.5", 0}};
    const auto ordered = curtail::payload_to_json<nlohmann::ordered_json>(payload);
    const auto sorted = curtail::payload_to_json<nlohmann::json>(payload);
    const nlohmann::json copy = sorted;
    assert(nlohmann::json::parse(ordered.dump()) == copy);
    return ordered["dataframe_sample"].size() == 20 ? 0 : 1;
}
