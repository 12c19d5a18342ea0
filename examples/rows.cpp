// SPDX-License-Identifier: MIT
// Prints the message with some rows of an earlier job, from its file.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "job/rows_job.hpp"

namespace {

constexpr const char* usage =
    "rows DIR JOB_ID FIRST COUNT [--columns NAME,NAME]... [--column NAME]... [--max-bytes N]\n"
    "Prints the message with some rows of an earlier job, from the file that the job published.\n"
    "  DIR           where split or worker has published predictions_JOB_ID.csv or predictions_JOB_ID.csv.gz, or\n"
    "                workers the parts of a job in predictions_JOB_ID\n"
    "  FIRST         the number of the first row, from 0\n"
    "  COUNT         how many rows, 1 to 100; fewer are shown where not so many come or fit\n"
    "  --columns     the columns to show, in this order (default: all); predictions are always shown\n"
    "  --column      one column, whose name may hold a comma\n"
    "  --max-bytes   the message is smaller than this (default: 1000000)";

std::uint64_t number(const std::string& name, const std::string& text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw UsageMistake(name + " must be a whole number, and not negative, not '" + text + "'");
    }
    return value;
}

int rows(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--max-bytes"}, 4, {"--columns", "--column"});
    RowsJob job{.job_id = arguments.positional(1), .job = arguments.positional(1)};
    job.first = number("FIRST", arguments.positional(2));
    job.count = number("COUNT", arguments.positional(3));
    if (job.count == 0 || job.count > max_page_rows) throw UsageMistake("COUNT must be 1 to 100");
    for (const std::string& names : arguments.all("--columns")) {
        for (std::size_t begin = 0; begin <= names.size();) {
            const std::size_t end = (std::min)(names.find(',', begin), names.size());
            job.columns.push_back(names.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    for (const std::string& name : arguments.all("--column")) job.columns.push_back(name);
    curtail::PayloadOptions options;
    options.max_bytes = arguments.number("--max-bytes", options.max_bytes);
    print_line(run_rows_job(job, arguments.positional(0), options).message);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return run_program("rows", usage, argc, argv, rows);
}
