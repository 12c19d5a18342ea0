// SPDX-License-Identifier: MIT
// Splits a CSV file of features and predictions: writes all of it to predictions_<job id>.csv and the result message to
// stdout.
#include <csignal>
#include <string>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/select_prediction.hpp>

#include "arguments.hpp"

namespace {

constexpr const char* usage =
    "split INPUT.csv --job-id ID [--out DIR] [--prediction COLUMN] [--sample-rows N] [--max-bytes N]\n"
    "  --out         where predictions_ID.csv is published (default: the current directory)\n"
    "  --prediction  the column that holds the predictions (default: the last one)\n"
    "  --sample-rows how many rows the message shows (default: 10)\n"
    "  --max-bytes   the message is smaller than this (default: 1000000)";

int split(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--job-id", "--out", "--prediction", "--sample-rows", "--max-bytes"}, 1);
    const std::string job_id = arguments.required("--job-id");
    curtail::PayloadOptions options;
    options.sample_rows = arguments.number("--sample-rows", options.sample_rows);
    options.max_bytes = arguments.number("--max-bytes", options.max_bytes);

    curtail::CsvSink sink(curtail::artifact_path(arguments.get("--out", "."), job_id));
    auto table =
        curtail::select_prediction(curtail::CsvInput(arguments.positional(0)), arguments.get("--prediction", ""));
    const auto result = curtail::ResultPayloadBuilder(job_id, options).build(table, std::move(sink));
    print_line(result.message());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);  // so that a file over the size limit is an error, not the end of the process
#endif
    return run_program("split", usage, argc, argv, split);
}
