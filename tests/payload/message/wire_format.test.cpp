// SPDX-License-Identifier: MIT
#include <curtail/payload/message/wire_format.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/payload/messages.hpp>

#include "catch.hpp"
#include "payload/message_model.hpp"

using curtail::ResultPayload;
using curtail::SampleCell;
using nlohmann::ordered_json;
using Kind = SampleCell::Kind;

namespace {

std::string text_of(const ResultPayload& payload) {
    curtail::detail::JsonTextWriter out;
    curtail::detail::write_data(out, payload);
    return out.take();
}
ordered_json data_of(const ResultPayload& payload) {
    return ordered_json::parse(text_of(payload));
}

std::vector<std::string> keys(const ordered_json& object) {
    std::vector<std::string> names;
    for (const auto& member : object.items()) names.push_back(member.key());
    return names;
}

ResultPayload with_predictions(std::size_t count) {
    ResultPayload payload;
    payload.columns = {"z", "a"};
    payload.sample = {{{Kind::number, "1"}, {Kind::text, "x"}}};
    payload.predictions_sample.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
        payload.prediction_columns.push_back("p" + std::to_string(i));
        payload.predictions_sample[0].push_back({Kind::number, std::to_string(i)});
        payload.prediction_stats.emplace_back().n_rows = i;
    }
    return payload;
}

}  // namespace

TEST_CASE("write_data: writes the keys in the order of the format", "[payload]") {
    CHECK(keys(data_of(with_predictions(1))) ==
          std::vector<std::string>{"predictions_sample", "predictions_count", "dataframe_sample", "dataframe_rows",
                                   "dataframe_columns", "output_file", "schema_version", "truncated", "truncation",
                                   "dataframe_dtypes", "dataframe_columns_total", "cells_truncated",
                                   "cells_truncated_total", "prediction_column", "prediction_stats", "output_format",
                                   "output_bytes"});
}

TEST_CASE("write_data: writes one prediction as a value, several as an array", "[payload]") {
    const auto one = data_of(with_predictions(1));
    CHECK(one["predictions_sample"].dump() == "[0]");
    CHECK(one["prediction_column"] == "p0");
    CHECK(one["prediction_stats"].is_object());
    const auto two = data_of(with_predictions(2));
    CHECK(two["predictions_sample"].dump() == "[[0,1]]");
    CHECK(two["prediction_column"].dump() == R"(["p0","p1"])");
    CHECK(two["prediction_stats"][1]["n_rows"] == 1);
    const auto none = data_of(with_predictions(0));
    CHECK_FALSE(none.contains("prediction_column"));
    CHECK_FALSE(none.contains("prediction_stats"));
}

TEST_CASE("write_predictions: writes no statistics where none are known", "[payload]") {
    for (const std::size_t columns : {1U, 2U}) {
        ResultPayload payload = with_predictions(columns);
        payload.prediction_stats.clear();
        CHECK(data_of(payload).contains("prediction_column"));
        CHECK_FALSE(data_of(payload).contains("prediction_stats"));
    }
}

TEST_CASE("write_row: writes an object in column order", "[payload]") {
    CHECK(data_of(with_predictions(1))["dataframe_sample"].dump() == R"([{"z":1,"a":"x"}])");
}

TEST_CASE("write_cell: keeps the digits of numbers, and writes null for what is not a number in JSON", "[payload]") {
    ResultPayload payload;
    payload.columns = {"a"};
    for (const char* number : {"9007199254740993", "18446744073709551615", "-9223372036854775808", "0.1", "-0.0",
                               "1e+16", "1e400", "not a number", "NaN", "Infinity", "-Infinity"}) {
        payload.sample.push_back({{Kind::number, number}});
    }
    payload.sample.push_back({{Kind::null, ""}});
    payload.sample.push_back({{Kind::missing, ""}});
    payload.sample.push_back({{Kind::boolean, "true"}});
    payload.sample.push_back({{Kind::boolean, "false"}});
    payload.sample.push_back({{Kind::text, "true"}});
    CHECK(
        text_of(payload).find(
            R"("dataframe_sample":[{"a":9007199254740993},{"a":18446744073709551615},{"a":-9223372036854775808},{"a":0.1},{"a":-0.0},{"a":1e+16},)"
            R"({"a":null},{"a":null},{"a":null},{"a":null},{"a":null},{"a":null},{},{"a":true},{"a":false},{"a":"true"}],)") !=
        std::string::npos);
}

TEST_CASE("write_stats: writes null for what could not be computed", "[payload]") {
    ResultPayload payload = with_predictions(1);
    curtail::PredictionStats& stats = payload.prediction_stats[0];
    stats.mean = std::numeric_limits<double>::infinity();
    const auto plain = data_of(payload)["prediction_stats"];
    CHECK(keys(plain) == std::vector<std::string>{"n_rows", "n_null", "mean", "std", "min", "max", "median"});
    CHECK(plain.dump() == R"({"n_rows":0,"n_null":0,"mean":null,"std":null,"min":null,"max":null,"median":null})");
    stats.median = 2.5;
    stats.median_rank_error = 0.005;
    stats.histogram = curtail::Histogram{0, 1, {3, 4}};
    stats.class_distribution = {{"b", 3, 75.0}, {"a", 1, 25.0}};
    stats.classes_total = 2;
    const auto full = data_of(payload)["prediction_stats"];
    CHECK(full["median_is_estimate"] == true);
    CHECK(full["median_rank_error"] == 0.005);
    CHECK(full["histogram"].dump() == R"({"low":0.0,"high":1.0,"counts":[3,4]})");
    CHECK(full["class_distribution"].dump() ==
          R"({"b":{"count":3,"percentage":75.0},"a":{"count":1,"percentage":25.0}})");
    CHECK(full["classes_total"] == 2);
    CHECK(full["other_count"] == 0);
}

TEST_CASE("write_stats: writes integer extremes and the ends of their histogram with every digit", "[payload]") {
    ResultPayload payload = with_predictions(1);
    curtail::PredictionStats& stats = payload.prediction_stats[0];
    stats.min = INT64_C(-9007199254740993);
    stats.max = UINT64_MAX;
    stats.histogram = curtail::Histogram{-9007199254740992.0, 18446744073709551616.0, {1, 1}};
    const auto data = data_of(payload)["prediction_stats"];
    CHECK(data["min"].dump() == "-9007199254740993");
    CHECK(data["max"].dump() == "18446744073709551615");
    CHECK(data["histogram"]["low"].dump() == "-9007199254740993");
    CHECK(data["histogram"]["high"].dump() == "18446744073709551615");
}

TEST_CASE("write_data: writes an unknown file size as null, and cut cells as objects", "[payload]") {
    ResultPayload payload;
    CHECK(data_of(payload)["output_bytes"].is_null());
    payload.output_bytes = 0;
    payload.cells_truncated = {{3, "text", 2'000'000}};
    payload.cells_truncated_total = 17;
    const auto data = data_of(payload);
    CHECK(data["output_bytes"] == 0);
    CHECK(data["cells_truncated"].dump() == R"([{"row":3,"column":"text","bytes":2000000}])");
    CHECK(data["cells_truncated_total"] == 17);
}

TEST_CASE("write_data: writes null and the reason for a file that could not be written", "[payload]") {
    ResultPayload payload;
    payload.output_file = "/data/out.csv";
    CHECK(data_of(payload)["output_file"] == "/data/out.csv");
    CHECK_FALSE(data_of(payload).contains("artifact_error"));
    payload.artifact_error = "no space left on the device";
    CHECK(data_of(payload)["output_file"].is_null());
    CHECK(data_of(payload)["artifact_error"] == "no space left on the device");
    CHECK_FALSE(data_of(payload).contains("artifact_error_permanent"));
    payload.artifact_error_permanent = false;
    CHECK(data_of(payload)["artifact_error_permanent"] == false);
}

TEST_CASE("write_data: writes the digest after the size, if there is one", "[payload]") {
    ResultPayload payload;
    CHECK_FALSE(data_of(payload).contains("output_sha256"));
    payload.output_bytes = 3;
    payload.output_sha256 = std::string(64, 'a');
    CHECK(text_of(payload).ends_with(R"("output_bytes":3,"output_sha256":")" + std::string(64, 'a') + "\"}"));
}

TEST_CASE("write_data: says of a file what compression made of it and whether it can be attached", "[payload]") {
    ResultPayload payload;
    CHECK_FALSE(data_of(payload).contains("output_uncompressed_bytes"));
    CHECK_FALSE(data_of(payload).contains("output_attachable"));
    payload.output_bytes = 3;
    payload.output_uncompressed_bytes = 18446744073709551615U;
    payload.output_attachable = false;
    payload.output_sha256 = "ab";
    CHECK(text_of(payload).ends_with(
        R"("output_bytes":3,"output_uncompressed_bytes":18446744073709551615,"output_attachable":false,"output_sha256":"ab"})"));
    payload.output_attachable = true;
    CHECK(data_of(payload)["output_attachable"] == true);
}

TEST_CASE("write_data: lists the parts of a table in parts, and those that are missing", "[payload]") {
    ResultPayload payload;
    for (const char* key : {"output_parts", "output_parts_total", "parts_missing", "parts_missing_total"}) {
        CHECK_FALSE(data_of(payload).contains(key));
    }
    payload.output_parts_total = 0;
    CHECK(text_of(payload).ends_with(R"("output_bytes":null,"output_parts":[],"output_parts_total":0})"));
    payload.output_parts = {{"part-00000.csv", 5, 80, {}, {}},
                            {"/scratch/p.csv", 6, 90, std::string(3, 'a'), "node-\"1"}};
    payload.output_parts_total = 12;
    payload.parts_missing = {3, 7};
    payload.parts_missing_total = 40;
    payload.artifact_error = "why";
    const std::string text = text_of(payload);
    INFO(text);
    CHECK(text.ends_with(
        R"("output_bytes":null,"output_parts":[{"file":"part-00000.csv","rows":5,"bytes":80},)"
        R"({"file":"/scratch/p.csv","rows":6,"bytes":90,"sha256":"aaa","host":"node-\"1"}],"output_parts_total":12,)"
        R"("parts_missing":[3,7],"parts_missing_total":40,"artifact_error":"why"})"));
}

TEST_CASE("write_data: a total is never less than what is listed", "[payload]") {
    ResultPayload payload;
    payload.output_parts.resize(2);
    payload.parts_missing = {3, 7};
    CHECK(data_of(payload)["output_parts_total"] == 2);
    CHECK(data_of(payload)["parts_missing_total"] == 2);
    payload.parts_missing.clear();
    payload.parts_missing_total = 5;
    CHECK(data_of(payload)["parts_missing"].dump() == "[]");
    CHECK(data_of(payload)["parts_missing_total"] == 5);
}

TEST_CASE("write_stats: says that counts are lower bounds, and nothing where they are exact", "[payload]") {
    ResultPayload payload = with_predictions(1);
    payload.prediction_stats[0].class_distribution = {{"b", 3, 75.0}};
    CHECK_FALSE(data_of(payload)["prediction_stats"].contains("class_counts_are_lower_bounds"));
    payload.prediction_stats[0].class_counts_are_lower_bounds = true;
    const auto stats = data_of(payload)["prediction_stats"];
    CHECK(stats["class_counts_are_lower_bounds"] == true);
    CHECK(keys(stats).back() == "class_counts_are_lower_bounds");
}

TEST_CASE("write_data: numbers the rows of a sample that is not the head, after all other keys", "[payload]") {
    ResultPayload payload = with_predictions(1);
    CHECK_FALSE(data_of(payload).contains("sample_strategy"));
    CHECK_FALSE(data_of(payload).contains("sample_row_numbers"));
    payload.sample_strategy = "tail";
    payload.sample_row_numbers = {18446744073709551615U};
    const std::string text = text_of(payload);
    CHECK(
        text.ends_with(R"("output_bytes":null,"sample_strategy":"tail","sample_row_numbers":[18446744073709551615]})"));
    payload.sample_row_numbers.clear();
    CHECK(data_of(payload)["sample_row_numbers"].dump() == "[]");
}

TEST_CASE("write_data: replaces what is not UTF-8 everywhere", "[payload]") {
    ResultPayload payload = with_predictions(1);
    payload.job_id = payload.output_file = payload.output_format = payload.columns[0] = "\xFF";
    payload.sample[0][1].text = "a\x80";
    const std::string message = curtail::result_message(payload);
    CHECK(message_model::StrictReader::accepts(message));
    CHECK(data_of(payload)["dataframe_sample"].dump() == "[{\"\xEF\xBF\xBD\":1,\"a\":\"a\xEF\xBF\xBD\"}]");
}
