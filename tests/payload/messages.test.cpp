// SPDX-License-Identifier: MIT
#include <curtail/payload/messages.hpp>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include <curtail/core/utf8.hpp>

#include "catch.hpp"
#include "payload/message_model.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::failure_message;
using curtail::progress_message;
using message_model::StrictReader;
using nlohmann::ordered_json;

namespace {

const std::string job = "job_0123456789ab";

// Golden messages: files of tests/golden/messages. With CURTAIL_WRITE_GOLDEN set they are written instead.
std::string golden(const std::string& name, const std::string& message) {
    const std::string path = std::string(CURTAIL_SOURCE_DIR) + "/tests/golden/messages/" + name;
    if (std::getenv("CURTAIL_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << message << '\n';
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

curtail::ResultPayload two_rows() {
    using curtail::SampleCell;
    using Kind = SampleCell::Kind;
    curtail::ResultPayload payload;
    payload.job_id = job;
    payload.columns = {"id", "price", "caf\xC3\xA9", "when"};
    payload.dtypes = {"int64", "float64", "string", "datetime64[us]"};
    payload.columns_total = 5;
    payload.rows = 1'234'567;
    payload.sample = {{{Kind::number, "9007199254740993"},
                       {Kind::number, "0.1"},
                       {Kind::text, "a \"quoted\"\nline"},
                       {Kind::text, "2004-02-29 01:02:03.000000"}},
                      {{Kind::number, "-1"},
                       {Kind::null, ""},
                       {Kind::text, "\xF0\x9F\x98\x80\xE2\x80\xA6", 2'000'000},
                       {Kind::null, ""}}};
    payload.prediction_columns = {"prediction"};
    payload.predictions_sample = {{{Kind::number, "1"}}, {{Kind::number, "0"}}};
    payload.predictions_count = 1'234'567;
    curtail::PredictionStats stats;
    stats.n_rows = 1'234'567;
    stats.n_null = 1;
    stats.mean = 0.25;
    stats.std = 0.433;
    stats.min = 0.0;
    stats.max = 1.0;
    stats.median = 0;
    stats.median_rank_error = 0.005;
    stats.histogram = curtail::Histogram{0, 1, {925'925, 308'641}};
    stats.class_distribution = {{"0", 925'925, 75.0}, {"1", 308'641, 25.0}};
    stats.classes_total = 2;
    payload.prediction_stats = {stats};
    payload.output_file = "/data/predictions_job_0123456789ab.csv";
    payload.output_format = "csv";
    payload.output_bytes = 48'271'903;
    payload.output_attachable = true;
    payload.schema_version = 1;
    payload.truncated = true;
    payload.truncation = {"rows", "cells", "columns"};
    payload.cells_truncated = {{1, "caf\xC3\xA9", 2'000'000}};
    payload.cells_truncated_total = 1;
    return payload;
}

}  // namespace

TEST_CASE("messages: match the golden files byte for byte", "[payload]") {
    const std::string result = curtail::result_message(two_rows());
    CHECK(golden("result.json", result) == result);
    const std::string failure = failure_message(job, "[curtail.no_space] /data/out.csv: \"disk full\"\nat row 17");
    CHECK(golden("failure.json", failure) == failure);
    const std::string progress = progress_message(job, 45, "45,000 rows \xE2\x80\x93 12 MB");
    CHECK(golden("progress.json", progress) == progress);
}

TEST_CASE("messages: write their fields in the order of the format", "[payload]") {
    const auto keys = [](const std::string& message) {
        const auto parsed = ordered_json::parse(message);
        std::string names;
        for (const auto& member : parsed.items()) names += member.key() + " ";
        return names;
    };
    CHECK(keys(failure_message(job, "why")) == "type job_id success error ");
    CHECK(keys(progress_message(job, 1, "text")) == "type job_id status progress message ");
    CHECK(keys(curtail::result_message(two_rows())) == "type job_id success data ");
}

TEST_CASE("failure_message: has an error text, cut to 16 KiB between two characters", "[payload]") {
    const auto error_of = [](const std::string& text) {
        const std::string message = failure_message(job, text);
        REQUIRE(StrictReader::accepts(message));
        const auto parsed = ordered_json::parse(message);
        CHECK(parsed["type"] == "result");
        CHECK(parsed["success"] == false);
        return parsed["error"].get<std::string>();
    };
    CHECK_FALSE(error_of("").empty());
    CHECK(error_of("disk full") == "disk full");
    CHECK(error_of(std::string(16 * 1024, 'x')) == std::string(16 * 1024, 'x'));
    CHECK(error_of(std::string(16 * 1024 + 1, 'x')) == std::string(16 * 1024 - 3, 'x') + "\xE2\x80\xA6");
    const std::string mark = "\xE2\x80\xA6";
    const std::string pieces[] = {"\xF0\x9F\x98\x80", "\xE4\xB8\xAD",      "\xC3\xA9", "\xFF", "\x80",
                                  "\xF0\x9F\x98",     std::string(1, '\0')};
    for (const std::string& piece : pieces) {
        for (std::size_t before = 0; before < 5; ++before) {
            std::string text(before, 'a');
            while (text.size() < 40'000) text += piece;
            const std::string error = error_of(text);
            CHECK(error.size() <= curtail::max_error_bytes);
            CHECK(error.size() > curtail::max_error_bytes - 8);
            CHECK(curtail::is_utf8(error));
            CHECK(error.ends_with(mark));
            CHECK(message_model::valid(text).starts_with(error.substr(0, error.size() - mark.size())));
        }
    }
    // A byte that is not UTF-8 becomes three, so the text is cut although the original was short enough.
    CHECK(error_of(std::string(10'000, '\xFF')).size() <= curtail::max_error_bytes);
}

TEST_CASE("messages: are bounded in every text that they are given", "[payload]") {
    for (const std::string piece : {"x", "\"", "\x01", "\xFF", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF0\x9F"}) {
        std::string many;
        while (many.size() < 3'000'000) many += piece;
        const std::string failure = failure_message(many, many);
        CHECK(failure.size() < 120'000);
        CHECK(StrictReader::accepts(failure));
        const std::string progress = progress_message(many, 1, many, many);
        CHECK(progress.size() < 220'000);
        CHECK(StrictReader::accepts(progress));
        for (const std::string& message : {failure, progress}) {
            const auto id = ordered_json::parse(message)["job_id"].get<std::string>();
            CHECK(id.size() <= curtail::max_echoed_job_id_bytes);
            CHECK(id.ends_with("\xE2\x80\xA6"));
        }
        CHECK(ordered_json::parse(progress)["status"].get<std::string>().size() <= curtail::max_error_bytes);
        CHECK(ordered_json::parse(progress)["message"].get<std::string>().size() <= curtail::max_error_bytes);
    }
}

TEST_CASE("failure_message: gives a bot back the id that it sent, also one that is not a job id", "[payload]") {
    for (const std::string& id :
         {std::string(), std::string("../x y"), std::string(129, 'a'), std::string(1024, 'a')}) {
        CHECK(ordered_json::parse(failure_message(id, "why"))["job_id"] == id);
        CHECK(ordered_json::parse(progress_message(id, 1, ""))["job_id"] == id);
    }
    // An id that was cut is not the id of a job.
    CHECK(ordered_json::parse(failure_message(std::string(1025, 'a'), "why"))["job_id"] ==
          std::string(1021, 'a') + "\xE2\x80\xA6");
}

TEST_CASE("progress_message: cuts progress to 0..100", "[payload]") {
    const auto percent = [](double value) {
        return ordered_json::parse(progress_message(job, value, ""))["progress"].get<int>();
    };
    CHECK(percent(0) == 0);
    CHECK(percent(99.99) == 99);
    CHECK(percent(100) == 100);
    CHECK(percent(-5) == 0);
    CHECK(percent(1e300) == 100);
    CHECK(percent(std::numeric_limits<double>::infinity()) == 100);
    CHECK(percent(-std::numeric_limits<double>::infinity()) == 0);
    CHECK(percent(std::numeric_limits<double>::quiet_NaN()) == 0);
    CHECK(ordered_json::parse(progress_message(job, 3, "", "reading"))["status"] == "reading");
}

TEST_CASE("messages: are strict JSON for random texts", "[payload]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    table_maker::TableMaker random(seed);
    for (int i = 0; i < 300; ++i) {
        const std::string id = random.any_text(100);
        const std::string text = random.any_text(50'000);
        REQUIRE(StrictReader::accepts(failure_message(id, text)));
        REQUIRE(StrictReader::accepts(progress_message(id, 50, text, id)));
        REQUIRE(ordered_json::parse(progress_message(id, 50, text))["message"].get<std::string>().size() <=
                curtail::max_error_bytes);
        curtail::ResultPayload payload;
        payload.job_id = id;
        payload.output_file = text;
        REQUIRE(StrictReader::accepts(curtail::result_message(payload)));
        REQUIRE(StrictReader::accepts(curtail::message_text(ordered_json{{id, text}})));
    }
}
