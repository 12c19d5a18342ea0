// SPDX-License-Identifier: MIT
// Splits a CSV file of features and predictions: writes all of it to predictions_<job id>.csv and the result message to
// stdout.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/csv_sink.hpp>
#ifdef EXAMPLES_WITH_GZIP
#include <curtail/artifact/gzip_output.hpp>
#endif
#include <curtail/core/error.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/with_prediction.hpp>

#ifndef _WIN32
#include <poll.h>
#include <unistd.h>
#endif

#include "arguments.hpp"
#include "job/counted_input.hpp"
#include "log.hpp"
#include "progress_bar.hpp"
#include "standard_input.hpp"
#include "stop_signal.hpp"

namespace {

constexpr const char* usage =
    "split INPUT.csv --job-id ID [--out DIR] [--prediction COLUMN] [--sample-rows N] [--max-bytes N]\n"
    "       [--separator C] [--null TEXT]... [--replace] [--mode OCTAL] [--gzip]\n"
    "Writes all of a CSV file to DIR/predictions_ID.csv, and a result message of bounded size to the standard output.\n"
    "  INPUT.csv     features and predictions; - is the standard input\n"
    "  --job-id      the job that the message answers: 1 to 128 of A-Z a-z 0-9 . _ -\n"
    "  --out         where predictions_ID.csv is published (default: the current directory)\n"
    "  --prediction  the column that holds the predictions (default: the last one)\n"
    "  --sample-rows how many rows the message shows (default: 10)\n"
    "  --max-bytes   the message is smaller than this (default: 1000000)\n"
    "  --separator   between the fields of the input: , ; | or tab (default: ,). The file has commas\n"
    "  --null        a text of the input that means null, as an empty field does; may be given more than once\n"
    "                (default: those of pandas, such as NA and null)\n"
    "  --replace     replace a predictions_ID.csv that is there (default: an error)\n"
    "  --mode        permissions of the file (default: 600; 0: those that the umask leaves)\n"
    "  --gzip        compress the file, predictions_ID.csv.gz\n"
    "exit code: 0 if file and message are whole; 1 if something failed, as the standard error says; 2 for a wrong\n"
    "command; 128 and the signal's number if one stopped it";

constexpr OwnWords own_words[] = {
    {"set on_exists to replace", "give --replace"},
    {"Set mode to 0", "Give --mode 0"},
    {"set the option separator to", "set --separator to"},
    {"the option separator", "--separator"},
    {"name the column that is,", "name the column that is by --prediction,"},
};

char separator_named(const std::string& text) {
    if (text == "tab" || text == "\\t") return '\t';
    if (text == "," || text == ";" || text == "|" || text == "\t") return text.front();
    throw UsageMistake("--separator must be , ; | or the word tab, not '" + text + "'");
}

// Waits for input a tenth of a second at a time, so that a signal is noticed whenever it comes.
std::size_t read_until_stopped(std::span<char> buffer) {
#ifndef _WIN32  // where pipes cannot be waited for; a second Ctrl+C ends the process
    pollfd waiting{STDIN_FILENO, POLLIN, 0};
    while (stop_signal() == 0 && poll(&waiting, 1, 100) == 0) continue;
#endif
    if (stop_signal() != 0) throw curtail::Cancelled(0);
    return read_standard_input(buffer);
}

curtail::CsvInput open_input(const std::string& path, const curtail::CsvInputOptions& options) {
    if (path == "-") return curtail::CsvInput(read_until_stopped, "the standard input", options);
    return curtail::CsvInput(path, options);
}

template <class Table>
auto publish(const curtail::ResultPayloadBuilder<>& builder, Table& table, const std::string& path,
             const curtail::CsvSinkOptions& options, bool compressed) {
#ifdef EXAMPLES_WITH_GZIP
    if (compressed) return builder.build(table, curtail::CsvSink<curtail::GzipFile>(path + ".gz", options));
#else
    if (compressed) throw UsageMistake("this split was built without --gzip, which needs libdeflate");
#endif
    return builder.build(table, curtail::CsvSink(path, options));
}

int split(int argc, char** argv) {
    const Arguments arguments(
        argc, argv, {"--job-id", "--out", "--prediction", "--sample-rows", "--max-bytes", "--separator", "--mode"}, 1,
        {"--null"}, {"--replace", "--gzip"});
    const std::string& path = arguments.positional(0);
    const std::string job_id = arguments.required("--job-id");
    curtail::CsvInputOptions input_options;
    input_options.separator = separator_named(arguments.get("--separator", ","));
    if (arguments.has("--null")) input_options.null_texts = arguments.all("--null");
    curtail::AtomicFileOptions file_options;
    if (arguments.has("--replace")) file_options.on_exists = curtail::OnExists::replace;
    file_options.mode = arguments.mode("--mode", file_options.mode);

    Log log(called_name(argv[0], "split"));
    ProgressBar bar(log, job_id);
    std::uint64_t bytes_read = 0;
    std::error_code no_size;  // a pipe has none
    const std::filesystem::path file(path == "-" ? std::u8string() : std::u8string(path.begin(), path.end()));
    const std::uintmax_t size = std::filesystem::file_size(file, no_size);
    curtail::PayloadOptions options;
    options.sample_rows = arguments.number("--sample-rows", options.sample_rows);
    options.max_bytes = arguments.number("--max-bytes", options.max_bytes);
    options.progress_interval = std::chrono::milliseconds(100);
    options.on_progress = [&](const curtail::SplitProgress& progress) {
        bar.show({percent_of(bytes_read, no_size ? 0 : size), progress.rows_done,
                  std::chrono::duration<double>(progress.elapsed).count()});
        return stop_signal() == 0;
    };

    const std::string output = curtail::artifact_path(arguments.get("--out", "."), job_id);
    CountedInput input(open_input(path, input_options), bytes_read);
    const curtail::ResultPayloadBuilder builder(job_id, options);
    const auto split_to_output = [&](auto table) {
        return publish(builder, table, output, {.file = file_options, .metadata = true}, arguments.has("--gzip"));
    };
    const auto result =
        arguments.has("--prediction")
            ? split_to_output(curtail::with_prediction(std::move(input), arguments.required("--prediction")))
            : split_to_output(curtail::with_prediction(std::move(input), curtail::last_column));
    log.status("");
    try {
        print_line(result.message());
    } catch (const std::system_error& error) {
        throw std::runtime_error(std::string(error.what()) + "; the file is complete: " + result.payload().output_file +
                                 "; to get its message, run split again with --replace");
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN);  // so that a reader that went away is an error that names the file
#endif
    catch_stop_signals();
    const int code = run_program("split", usage, argc, argv, split, own_words);
    return code != 0 && stop_signal() != 0 ? 128 + stop_signal() : code;
}
