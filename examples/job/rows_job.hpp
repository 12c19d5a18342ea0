// SPDX-License-Identifier: MIT
#pragma once
// Reads a bot's request for rows of an earlier job, and makes the message with them.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/csv_artifact.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/artifact/parts_artifact.hpp>
#include <curtail/artifact/parts_directory.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/payload/page_options.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload_builder.hpp>

#include <nlohmann/json.hpp>

#include "../conversation.hpp"
#include "predict_job.hpp"

// {type:"job", job_id, action:"rows", params:{job, first, count, columns?}}.
struct RowsJob {
    std::string job_id;  // of the request, and of its answer
    std::string job;     // whose rows
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::vector<std::string> columns = {};  // empty: all
};

// Returns what `message` asks for. Throws std::runtime_error that says what is wrong, and UsageError for an invalid job
// id.
inline RowsJob parse_rows_job(const nlohmann::json& message) {
    const auto refuse = [](const std::string& why) { throw std::runtime_error("malformed request for rows: " + why); };
    RowsJob job;
    job.job_id = job_id_of(message);
    curtail::check_job_id(job.job_id);
    if (!message.contains("params") || !message["params"].is_object()) refuse("it needs an object \"params\"");
    const nlohmann::json& params = message["params"];
    if (!params.contains("job") || !params["job"].is_string()) refuse("it needs a string \"job\"");
    job.job = params["job"].get<std::string>();
    curtail::check_job_id(job.job);
    const auto number = [&](const char* key) {
        if (!params.contains(key) || !params[key].is_number_unsigned()) {
            refuse("\"" + std::string(key) + "\" must be a whole number, and not negative");
        }
        return params[key].get<std::uint64_t>();
    };
    job.first = number("first");
    job.count = number("count");
    if (job.count == 0 || job.count > max_page_rows) {
        refuse("\"count\" must be 1 to " + std::to_string(max_page_rows));
    }
    const nlohmann::json columns = params.value("columns", nlohmann::json());
    if (!columns.is_null() && !columns.is_array()) refuse("\"columns\" must be an array of column names");
    for (const nlohmann::json& column : columns) {
        if (!column.is_string()) refuse("\"columns\" must be an array of column names");
        job.columns.push_back(column.get<std::string>());
    }
    return job;
}

// Returns the message with rows of a job whose file, or directory of parts, is in `directory`: found by its id alone,
// so that no text of a message is ever a path. Throws if there is no such file or no such column, and what CsvArtifact
// throws.
inline JobOutcome run_rows_job(const RowsJob& job, const std::string& directory,
                               const curtail::PayloadOptions& options = {}) {
    const auto answer = [&](const auto& artifact) -> JobOutcome {
        const auto page = curtail::ResultPayloadBuilder(job.job_id, options)
                              .page(artifact, job.first, job.count, {.columns = job.columns});
        return {.message = page.message(), .rows = page.payload().rows, .file_bytes = artifact.info().bytes};
    };
    const auto kind_of = [](const std::string& path) {
        std::error_code ignored;
        return std::filesystem::symlink_status(std::u8string(path.begin(), path.end()), ignored).type();
    };
    // Not by find_artifact(): of a copied file that compares the checksum, as CsvArtifact does, and reading it once is
    // enough.
    const std::string plain = curtail::artifact_path(directory, job.job);
    const std::string parts = plain.substr(0, plain.size() - std::string_view(".csv").size());
    const bool has_parts = kind_of(parts) == std::filesystem::file_type::directory;
    const bool all_there = has_parts && kind_of(parts + "/_SUCCESS") == std::filesystem::file_type::regular;
    const auto is_described = [&](const std::string& path) {
        return kind_of(path) == std::filesystem::file_type::regular &&
               kind_of(path + "-metadata.json") == std::filesystem::file_type::regular;
    };
    if (is_described(plain) && is_described(plain + ".gz")) {  // by two runs, whose tables may differ
        throw std::runtime_error("job " + job.job + " has two results here, predictions_" + job.job +
                                 ".csv and the same with .gz: remove the one that no longer counts");
    }
    for (const std::string& path : {plain, plain + ".gz"}) {
        if (kind_of(path) != std::filesystem::file_type::regular) continue;
        // A file that was joined of parts has no metadata, and their manifest says how they are spelled.
        const bool joined = all_there && kind_of(path + "-metadata.json") == std::filesystem::file_type::not_found;
        if (!joined) return answer(curtail::CsvArtifact(path));
    }
    if (has_parts) {
        if (!all_there) throw std::runtime_error("job " + job.job + " is not finished: parts of it are missing");
        return answer(curtail::PartsArtifact(curtail::PartsDirectory(directory, job.job)));
    }
    (void)curtail::find_artifact(plain);  // throws if the directory cannot be looked into
    throw std::runtime_error("there is no file of job " + job.job + " here");
}
