// SPDX-License-Identifier: MIT
#pragma once
// Reads a bot's job message, predicts every row of the job's file, and makes the result message.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/result_payload_builder.hpp>

#include <nlohmann/json.hpp>

#include "../progress_bar.hpp"
#include "linear_model.hpp"
#include "predicted_rows.hpp"

// {type:"job", job_id, action:"predict", params:{model_id, file_path, feature_columns}}. The model_id is ignored: it is
// the bot's own name for the model.
struct PredictJob {
    std::string job_id;
    std::string file_path;
    std::vector<std::string> feature_columns;  // empty: those that the model names
};

// Returns the job id of a message, which may be malformed, to be sent back: at most 128 bytes, as curtail allows.
inline std::string job_id_of(const nlohmann::json& message) {
    if (!message.is_object() || !message.contains("job_id") || !message["job_id"].is_string()) return {};
    return std::string(curtail::utf8_prefix(message["job_id"].get_ref<const std::string&>(), 128));
}

// Returns the job id in a text that is not JSON, so that a bot that waits for its id gets an answer; empty if there is
// none.
inline std::string job_id_in(std::string_view text) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    constexpr std::string_view key = "\"job_id\"";
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + key.size());
    text.remove_prefix((std::min)(text.find_first_not_of(" :"), text.size()));
    if (!text.starts_with('"')) return {};
    text.remove_prefix(1);
    const std::size_t end = text.find_first_not_of(allowed);
    if (end == std::string_view::npos || text[end] != '"' || end > 128) return {};
    return std::string(text.substr(0, end));
}

// Returns the job that `message` asks for. Throws std::runtime_error that says what is missing.
inline PredictJob parse_predict_job(const nlohmann::json& message) {
    const auto refuse = [](const std::string& why) { throw std::runtime_error("malformed job: " + why); };
    const auto text = [&](const nlohmann::json& object, const char* key) -> const std::string& {
        if (!object.contains(key) || !object[key].is_string()) refuse("it needs a string \"" + std::string(key) + "\"");
        return object[key].get_ref<const std::string&>();
    };
    if (!message.is_object()) refuse("it is not a JSON object");
    PredictJob job;
    job.job_id = text(message, "job_id");
    curtail::check_job_id(job.job_id);
    const std::string& action = text(message, "action");
    if (action != "predict") {
        throw std::runtime_error("unknown action '" + std::string(curtail::utf8_prefix(action, 100)) +
                                 "': this worker knows predict and rows");
    }
    if (!message.contains("params") || !message["params"].is_object()) refuse("it needs an object \"params\"");
    const nlohmann::json& params = message["params"];
    job.file_path = text(params, "file_path");
    if (job.file_path.empty() || job.file_path.find('\0') != std::string::npos) {
        refuse("\"file_path\" is empty or holds a NUL byte");
    }
    const nlohmann::json columns = params.value("feature_columns", nlohmann::json());
    if (!columns.is_null() && !columns.is_array()) refuse("\"feature_columns\" must be an array of column names");
    for (const nlohmann::json& column : columns) {
        if (!column.is_string()) refuse("\"feature_columns\" must be an array of column names");
        job.feature_columns.push_back(column.get<std::string>());
    }
    return job;
}

// Throws std::runtime_error unless the job's columns are those that the model was fitted to, in any order.
inline void check_feature_columns(const LinearModel& model, const std::vector<std::string>& columns) {
    if (columns.empty()) return;
    const auto has = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const std::string& feature : model.features) {
        if (!has(columns, feature))
            throw std::runtime_error("the model needs '" + feature + "', which is not among feature_columns");
    }
    for (const std::string& column : columns) {
        if (!has(model.features, column)) throw std::runtime_error("the model has no feature '" + column + "'");
    }
}

// What a worker does with each of its jobs.
struct PredictOptions {
    std::string model;
    std::string out_directory;
    std::size_t repeat = 1;  // how often an input is read
    curtail::OnArtifactError on_artifact_error = curtail::OnArtifactError::throw_error;
};

// The result of a finished job.
struct JobOutcome {
    std::string message = {};
    std::string file = {};  // empty if there is none
    std::uint64_t rows = 0;
    std::uint64_t file_bytes = 0;
    std::string no_file = {};  // why there is no file, if the message is an answer without one
};

// Called about 20 times per second. If it returns false, the job ends with curtail::Cancelled.
using JobReport = std::function<bool(const JobProgress&)>;

// Splits a stream of rows into `sink`. `bytes_read()` says how much of the `bytes_total` was read; 0 is unknown.
template <class Rows, class Sink, class BytesRead>
JobOutcome split_rows(const PredictJob& job, const PredictOptions& options, Rows& rows, Sink sink,
                      std::uint64_t bytes_total, BytesRead bytes_read, const JobReport& report) {
    curtail::PayloadOptions payload_options;
    payload_options.on_artifact_error = options.on_artifact_error;
    payload_options.progress_interval = std::chrono::milliseconds(50);
    payload_options.on_progress = [&](const curtail::SplitProgress& split) {
        return report({.percent = percent_of(bytes_read(), bytes_total),
                       .rows = split.rows_done,
                       .seconds = std::chrono::duration<double>(split.elapsed).count()});
    };
    const auto result = curtail::ResultPayloadBuilder(job.job_id, payload_options).build(rows, std::move(sink));
    const curtail::ResultPayload& payload = result.payload();
    return {result.message(), payload.output_file, payload.rows, payload.output_bytes.value_or(0),
            payload.artifact_error};
}

// Predicts every row of the job's file into predictions_<job id>.csv. Throws if anything fails; then there is no file.
// If only the file cannot be written, the options decide.
inline JobOutcome run_predict_job(const PredictJob& job, const PredictOptions& options, const JobReport& report) {
    LinearModel model = load_linear_model(options.model);
    check_feature_columns(model, job.feature_columns);
    std::error_code no_size;
    const auto status = std::filesystem::status(job.file_path, no_size);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        // A pipe may keep its reader waiting for ever, where nothing can cancel the job.
        throw std::runtime_error(job.file_path + " is not a regular file");
    }
    PredictedRows rows(job.file_path, std::move(model), options.repeat);
    const std::uintmax_t size = std::filesystem::file_size(job.file_path, no_size);
    return split_rows(
        job, options, rows,
        curtail::CsvSink(curtail::artifact_path(options.out_directory, job.job_id), {.metadata = true}),
        no_size ? 0 : size * options.repeat, [&] { return rows.bytes_read(); }, report);
}
