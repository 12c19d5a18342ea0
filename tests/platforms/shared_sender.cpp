// SPDX-License-Identifier: MIT
// A shared library that shows one function: the message of a split, or the error of one that cannot be.
#include <string>
#include <vector>

#include <curtail/worker.hpp>

__attribute__((visibility("default"))) std::string send(const std::string& dir, const std::string& job_id);
std::string send(const std::string& dir, const std::string& job_id) {
    const std::vector<double> scores{0.5, 0.25};
    const auto table = curtail::columns(curtail::column("score", scores));
    const curtail::CsvSinkOptions options = {.file = {.on_exists = curtail::OnExists::replace}};
    return curtail::ResultPayloadBuilder(job_id)
        .build(curtail::with_prediction(table, "score"), curtail::CsvSink(curtail::artifact_path(dir, job_id), options))
        .message();
}
