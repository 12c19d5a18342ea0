// SPDX-License-Identifier: MIT
// Splits a CSV file of features and predictions by many MPI ranks: each writes its share of the rows as a part of
// predictions_<job id>/, and rank 0 writes the one result message to stdout.
#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/parts_directory.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/part_merger.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/with_prediction.hpp>

#include "../arguments.hpp"
#include "csv_slice.hpp"

namespace {

constexpr const char* usage =
    "split INPUT.csv --job-id ID [--out DIR] [--prediction COLUMN] [--sample-rows N] [--one-file] [--replace]\n"
    "For mpirun -n RANKS: each rank writes its share of a CSV file as a part, and rank 0 prints the one message.\n"
    "  INPUT.csv     features and predictions, in a place that all ranks can read\n"
    "  --out         a directory that all ranks share, for the parts in predictions_ID/ (default: the current one)\n"
    "  --prediction  the column that holds the predictions (default: the last one)\n"
    "  --sample-rows how many rows the message shows (default: 10)\n"
    "  --one-file    also join the parts to predictions_ID.csv\n"
    "  --replace     with --one-file: in place of an older predictions_ID.csv, such as that of a run before\n"
    "Run again with the same file and number of ranks, it does the parts that are missing.";

struct World {
    int rank = 0;
    int ranks = 1;

    World() {
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    }
};

// What a rank has to say: the summary of its part, or why there is none; nothing where another rank failed first.
struct Report {
    bool failed = false;
    std::string text;
};

// Writes one part. Another attempt may have done so before: then its summary is as good.
std::string write_part(const std::string& path, const CsvSlice& slice, const std::string& prediction,
                       const curtail::ResultPayloadBuilder<>& builder, curtail::PartFile file) {
    try {
        const std::string name = path + ", from byte " + std::to_string(slice.begin);
        curtail::CsvInput input(read_slice(path, slice), name);
        const auto write = [&](auto table) {
            // One thread: there are as many ranks as cores.
            auto split = builder.start(table.schema(), curtail::CsvSink(std::move(file), {.threads = 1}));
            while (const auto* batch = table.next()) split.append(*batch);
            return split.finish_part().bytes();
        };
        return prediction.empty() ? write(curtail::with_prediction(std::move(input), curtail::last_column))
                                  : write(curtail::with_prediction(std::move(input), prediction));
    } catch (const curtail::PartTaken& taken) {
        return taken.summary();
    }
}

// Sends the reports to rank 0, which takes them one by one in the order of the ranks: so it never holds more than one,
// and their sum may be larger than an int. A rank that failed sends that; otherwise all would wait for ever.
template <class Take>
void gather(const World& world, const Report& own, Take take) {
    if (world.rank != 0) {
        MPI_Send(own.text.data(), static_cast<int>(own.text.size()), MPI_CHAR, 0, own.failed ? 1 : 0, MPI_COMM_WORLD);
        return;
    }
    take(0, own);
    for (int from = 1; from < world.ranks; ++from) {
        MPI_Status status;
        int size = 0;
        MPI_Probe(from, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        MPI_Get_count(&status, MPI_CHAR, &size);
        Report report{status.MPI_TAG == 1, std::string(static_cast<std::size_t>(size), '\0')};
        MPI_Recv(report.text.data(), size, MPI_CHAR, from, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        take(from, report);
    }
}

// Merges what the ranks report, and returns the message.
class Gathered {
  public:
    Gathered(std::string job_id, const curtail::PayloadOptions& options)
        : job_id_(std::move(job_id)), merger_(job_id_, options) {}

    void add(int rank, const Report& report) {
        try {
            if (!report.failed) return merger_.add(report.text);
            if (!report.text.empty()) fail("rank " + std::to_string(rank) + ": " + report.text);
        } catch (const curtail::Error& error) {
            fail(error.what());
        }
    }

    // Returns the failure message if anything failed: no message says success while a part is missing.
    std::string finish(const curtail::PartsDirectory& parts, bool one_file, curtail::OnExists on_exists) {
        try {
            if (failures_ == 0 && one_file) {
                return merger_.finish(parts.as_one_file({.on_exists = on_exists})).message();
            }
            if (failures_ == 0) return merger_.finish(parts).message();
        } catch (const curtail::Error& error) {
            fail(error.what());
        }
        constexpr OwnWords own_words[] = {{"set on_exists to replace", "give --replace"},
                                          {"name the column that is,", "name the column that is by --prediction,"}};
        const std::string text = in_own_words(std::to_string(failures_) + " failed; " + first_, own_words);
        return curtail::failure_message(job_id_, in_own_words(text, words_without_options));
    }

    [[nodiscard]] bool failed() const noexcept { return failures_ != 0; }

  private:
    void fail(const std::string& text) {
        if (failures_++ == 0) first_ = text;
    }

    std::string job_id_;
    curtail::PartMerger<> merger_;
    std::uint64_t failures_ = 0;
    std::string first_;
};

int split(int argc, char** argv) {
    const World world;
    const Arguments arguments(argc, argv, {"--job-id", "--out", "--prediction", "--sample-rows"}, 1, {},
                              {"--one-file", "--replace"});
    const std::string& path = arguments.positional(0);
    const std::string job_id = arguments.required("--job-id");
    if (arguments.has("--replace") && !arguments.has("--one-file")) {
        throw UsageMistake("--replace belongs to --one-file: parts that are there stay");
    }
    curtail::PayloadOptions options;
    options.sample_rows = arguments.number("--sample-rows", options.sample_rows);
    const curtail::PartsDirectory parts(arguments.get("--out", "."), job_id);

    Report own;
    try {
        const CsvSlice slice = divide_csv(path, world.rank, world.ranks);
        // The merger compares it with the parts before: parts of an earlier run may be of another file.
        curtail::PayloadOptions of_part = options;
        of_part.part.first_row = slice.first_row;
        own.text =
            write_part(path, slice, arguments.get("--prediction", ""), curtail::ResultPayloadBuilder(job_id, of_part),
                       parts.file(static_cast<std::uint64_t>(world.rank), static_cast<std::uint64_t>(world.ranks)));
    } catch (const OtherRankFailed&) {
        own.failed = true;
    } catch (const std::exception& error) {
        own = {true, error.what()};
    }

    std::optional<Gathered> gathered;
    if (world.rank == 0) gathered.emplace(job_id, options);
    gather(world, own, [&](int rank, const Report& report) { gathered->add(rank, report); });
    if (!gathered) return 0;
    const auto on_exists = arguments.has("--replace") ? curtail::OnExists::replace : curtail::OnExists::error;
    print_line(gathered->finish(parts, arguments.has("--one-file"), on_exists));
    return gathered->failed() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    MPI_Init(&argc, &argv);
    const int code = run_program("split", usage, argc, argv, split);
    MPI_Finalize();
    return code;
}
