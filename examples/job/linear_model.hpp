// SPDX-License-Identifier: MIT
#pragma once
// A linear model in a JSON file: intercept + sum of coefficient * feature.

#include <cmath>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

struct LinearModel {
    std::vector<std::string> features;
    std::vector<double> coefficients;  // parallel to features
    double intercept = 0;
};

// Reads a model. Throws std::runtime_error that names the file and what is wrong with it.
inline LinearModel load_linear_model(const std::string& path) {
    const auto refuse = [&](const std::string& why) { throw std::runtime_error("the model " + path + " " + why); };
    std::ifstream file(path, std::ios::binary);
    if (!file) refuse("cannot be opened");
    const nlohmann::json json = nlohmann::json::parse(file, nullptr, false);
    if (file.bad()) refuse("cannot be read");
    if (!json.is_object()) refuse("is not a JSON object");
    const auto numbers = [](const nlohmann::json& list) {
        if (!list.is_array()) return false;
        for (const nlohmann::json& value : list) {
            if (!value.is_number() || !std::isfinite(value.get<double>())) return false;
        }
        return true;
    };
    const nlohmann::json none;
    const auto member = [&](const char* key) -> const nlohmann::json& { return json.contains(key) ? json[key] : none; };
    LinearModel model;
    if (!numbers(nlohmann::json::array({member("intercept")}))) refuse("needs a number \"intercept\"");
    if (!numbers(member("coefficients"))) refuse("needs an array of numbers \"coefficients\"");
    if (!member("features").is_array()) refuse("needs an array of column names \"features\"");
    model.intercept = member("intercept").get<double>();
    model.coefficients = member("coefficients").get<std::vector<double>>();
    for (const nlohmann::json& name : member("features")) {
        if (!name.is_string()) refuse("has a feature whose name is not a string");
        model.features.push_back(name.get<std::string>());
    }
    if (model.features.empty()) refuse("has no features");
    if (model.features.size() != model.coefficients.size()) {
        refuse("has " + std::to_string(model.features.size()) + " features and " +
               std::to_string(model.coefficients.size()) + " coefficients");
    }
    return model;
}
