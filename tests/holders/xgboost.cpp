// SPDX-License-Identifier: MIT
// The C API of XGBoost: the features of a booster and its predictions, joined in place.
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <xgboost/c_api.h>
#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

constexpr std::size_t rows = 500;
constexpr std::size_t features = 4;
const std::vector<std::string> feature_names = {"age", "income", "height", "weight"};

void expect_success(int code) {
    INFO(XGBGetLastError());
    REQUIRE(code == 0);
}

// A booster that was trained on random features with gaps.
class Model {
  public:
    Model(const char* objective, std::size_t classes) {
        std::mt19937 random(20261122);
        std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
        std::vector<float> labels;
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t i = 0; i < features; ++i) {
                matrix.push_back(random() % 10 == 0 ? std::numeric_limits<float>::quiet_NaN() : uniform(random));
            }
            const float signal = std::isnan(matrix[row * features]) ? 0.0F : matrix[row * features] + 1.0F;
            labels.push_back(std::floor(signal / 2.0F * static_cast<float>(classes)));
        }
        expect_success(
            XGDMatrixCreateFromMat(matrix.data(), rows, features, std::numeric_limits<float>::quiet_NaN(), &data_));
        expect_success(XGDMatrixSetFloatInfo(data_, "label", labels.data(), labels.size()));
        expect_success(XGBoosterCreate(&data_, 1, &booster_));
        set("objective", objective);
        set("nthread", "1");
        set("max_depth", "3");
        set("verbosity", "0");
        if (classes > 2) set("num_class", std::to_string(classes).c_str());
        for (int round = 0; round < 5; ++round) expect_success(XGBoosterUpdateOneIter(booster_, round, data_));
    }
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    ~Model() {
        XGBoosterFree(booster_);
        XGDMatrixFree(data_);
    }

    struct Predictions {
        const float* values = nullptr;
        std::vector<std::size_t> shape;
    };
    // Returns memory of the booster, which is valid until its next prediction.
    Predictions predict() {
        const char* const config =
            R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true})";
        const bst_ulong* shape = nullptr;
        bst_ulong dimensions = 0;
        Predictions out;
        expect_success(XGBoosterPredictFromDMatrix(booster_, data_, config, &shape, &dimensions, &out.values));
        out.shape.assign(shape, shape + dimensions);
        return out;
    }

    std::vector<float> matrix;

  private:
    void set(const char* name, const char* value) { expect_success(XGBoosterSetParam(booster_, name, value)); }

    DMatrixHandle data_ = nullptr;
    BoosterHandle booster_ = nullptr;
};

// Returns the fields of each line of a file without quotes.
std::vector<std::vector<std::string>> fields_of(std::string_view file) {
    std::vector<std::vector<std::string>> lines(1, std::vector<std::string>(1));
    for (const char c : file) {
        if (c == '\n') {
            lines.emplace_back(1);
        } else if (c == ',') {
            lines.back().emplace_back();
        } else {
            lines.back().back() += c;
        }
    }
    lines.pop_back();
    return lines;
}

bool same_bits(const std::string& field, float value) {
    if (field.empty()) return std::isnan(value);
    float read = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), read);
    return error == std::errc() && end == field.data() + field.size() && std::memcmp(&read, &value, sizeof value) == 0;
}

}  // namespace

TEST_CASE("XGBoost: features and predictions are written to the last bit", "[holders]") {
    Model model("binary:logistic", 2);
    const auto predictions = model.predict();
    REQUIRE(predictions.shape == std::vector<std::size_t>{rows, 1});
    const std::span<const float> scores(predictions.values, rows);

    MemoryOutput output;
    const auto kept = output.kept;
    const auto table = curtail::with_prediction(
        curtail::row_major(model.matrix.data(), rows, features, feature_names, {.nan_as_null = true}),
        curtail::column("prediction", scores));
    const auto result = curtail::ResultPayloadBuilder("job_1").build(table, curtail::CsvSink<MemoryOutput>(output));

    const auto lines = fields_of(kept->bytes);
    REQUIRE(lines.size() == rows + 1);
    CHECK(lines[0] == std::vector<std::string>{"age", "income", "height", "weight", "prediction"});
    bool same = true;
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        REQUIRE(lines[row + 1].size() == features + 1);
        for (std::size_t i = 0; i < features; ++i)
            same = same && same_bits(lines[row + 1][i], model.matrix[row * features + i]);
        same = same && same_bits(lines[row + 1][features], scores[row]);
        sum += static_cast<double>(scores[row]);
    }
    CHECK(same);
    const auto& data = result.data();
    CHECK(data["predictions_count"] == rows);
    CHECK(data["dataframe_dtypes"][0] == "float32");
    CHECK(data["prediction_stats"]["mean"].get<double>() == Approx(sum / static_cast<double>(rows)));
    CHECK(data["predictions_sample"][0].get<float>() == scores[0]);
    CHECK(data["prediction_stats"]["min"].get<double>() < 0.4);  // not all scores are alike
    CHECK(data["prediction_stats"]["max"].get<double>() > 0.6);
}

TEST_CASE("XGBoost: the scores of several classes are several prediction columns", "[holders]") {
    Model model("multi:softprob", 3);
    const auto predictions = model.predict();
    REQUIRE(predictions.shape == std::vector<std::size_t>{rows, 3});

    MemoryOutput output;
    const auto kept = output.kept;
    const auto table = curtail::with_prediction(
        curtail::matrix(model.matrix, feature_names),
        curtail::row_major(predictions.values, predictions.shape[0], predictions.shape[1], {"low", "middle", "high"}));
    const auto result = curtail::ResultPayloadBuilder("job_1").build(table, curtail::CsvSink<MemoryOutput>(output));
    const auto lines = fields_of(kept->bytes);
    REQUIRE(lines.size() == rows + 1);
    bool same = true;
    bool has_gap = false;
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < 3; ++i) {
            same = same && same_bits(lines[row + 1][features + i], predictions.values[row * 3 + i]);
        }
        for (std::size_t i = 0; i < features; ++i) has_gap = has_gap || lines[row + 1][i] == "NaN";
    }
    CHECK(same);
    CHECK(has_gap);
    CHECK(result.data()["prediction_column"].dump() == R"(["low","middle","high"])");
    CHECK(result.data()["predictions_sample"][0].size() == 3);
}
