// SPDX-License-Identifier: MIT
// XGBoost: features as a matrix of floats and a probability per class, read where they are, and the class itself.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include <xgboost/c_api.h>

#include <curtail/worker.hpp>

namespace {

void check(int code) {
    if (code != 0) throw std::runtime_error(XGBGetLastError());
}

}  // namespace

int main(int argc, char** argv) try {
    constexpr std::size_t rows = 300, columns = 2, classes = 3;
    std::vector<float> features;
    std::vector<float> labels;
    for (std::size_t row = 0; row < rows; ++row) {
        features.insert(features.end(), {static_cast<float>(row % 30), static_cast<float>(row)});
        labels.push_back(static_cast<float>(row % 30 / 10));
    }
    DMatrixHandle data = nullptr;
    BoosterHandle booster = nullptr;
    check(XGDMatrixCreateFromMat(features.data(), rows, columns, -1, &data));
    check(XGDMatrixSetFloatInfo(data, "label", labels.data(), rows));
    check(XGBoosterCreate(&data, 1, &booster));
    check(XGBoosterSetParam(booster, "objective", "multi:softprob"));
    check(XGBoosterSetParam(booster, "num_class", "3"));
    check(XGBoosterSetParam(booster, "nthread", "1"));
    for (int round = 0; round < 5; ++round) check(XGBoosterUpdateOneIter(booster, round, data));
    bst_ulong size = 0;
    const float* probabilities = nullptr;  // memory of the booster, valid until its next prediction
    check(XGBoosterPredict(booster, data, 0, 0, 0, &size, &probabilities));

    std::vector<std::ptrdiff_t> best(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const float* const first = probabilities + row * classes;
        best[row] = std::max_element(first, first + classes) - first;
    }
    const auto table = curtail::with_prediction(
        curtail::row_major(features.data(), rows, columns, {"dose", "patient"}),
        curtail::row_major(probabilities, rows, classes, {"low", "medium", "high"}), curtail::column("class", best));
    const auto result = curtail::ResultPayloadBuilder("xgboost").build(table, argc > 1 ? argv[1] : ".");
    std::puts(result.message().c_str());
    check(XGBoosterFree(booster));
    check(XGDMatrixFree(data));
} catch (const std::exception& error) {
    std::fprintf(stderr, "xgboost: %s\n", error.what());
    return 1;
}
