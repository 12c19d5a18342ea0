// SPDX-License-Identifier: MIT
#pragma once
// The result of a job that was done before, from its file alone: nothing is predicted again.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/table.hpp>
#include <curtail/table/with_prediction.hpp>

#include "counted_input.hpp"
#include "predict_job.hpp"

// An ArtifactSink whose file is there: counts the rows that were read from it, and writes nothing.
class FoundFile {
  public:
    explicit FoundFile(const std::string& path)
        : path_(curtail::AtomicFile(path).location()), bytes_(std::filesystem::file_size(path)) {}

    [[nodiscard]] std::string_view location() const noexcept { return path_; }
    [[nodiscard]] std::string_view format() const noexcept { return "csv"; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return bytes_; }
    void open(const curtail::Schema&) noexcept {}
    template <curtail::Table T>
    void append(const T& batch) {
        rows_ += curtail::rows_of(batch);
    }
    [[nodiscard]] curtail::ArtifactInfo finish() const { return {path_, format().data(), rows_, bytes_}; }
    void abort() noexcept {}

  private:
    std::string path_;
    std::uint64_t bytes_;
    std::uint64_t rows_ = 0;
};

// Returns nothing if there is no file, or one without predictions, which this worker did not write. A file has its name
// only if it is complete, so there is nothing else to check.
inline std::optional<JobOutcome> find_result(const PredictJob& job, const PredictOptions& options,
                                             const JobReport& report) {
    const std::string path = curtail::artifact_path(options.out_directory, job.job_id);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return {};
    std::optional<curtail::CsvInput> input;
    try {
        input.emplace(path);
    } catch (const curtail::InputError&) {
        return {};
    }
    const curtail::Schema& columns = input->schema();
    if (columns[columns.size() - 1].name != PredictedRows::prediction_name) return {};
    std::uint64_t bytes_read = 0;
    auto rows = curtail::with_prediction(CountedInput(*std::move(input), bytes_read), curtail::last_column);
    FoundFile file(path);
    const std::uint64_t bytes = file.bytes_written();
    return split_rows(
        job, options, rows, std::move(file), bytes, [&] { return bytes_read; }, report);
}
