// SPDX-License-Identifier: MIT
// Parts on a shared directory, from the rows to the one message and the one file.
#include <curtail/artifact/parts_directory.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#if __has_include(<libdeflate.h>)
#include <curtail/artifact/gzip_output.hpp>
#endif
#include <curtail/artifact/parts_artifact.hpp>
#include <curtail/payload/part_merger.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "payload/part_maker.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::PartsDirectory;
using part_maker::job;

namespace {

// Writes one part; another attempt of it may be before or beside this one.
template <curtail::Table T>
std::string write_part(const PartsDirectory& parts, const T& table, std::size_t number, std::size_t first,
                       std::size_t end, std::size_t of, const curtail::PayloadOptions& options) {
    try {
        auto split = curtail::ResultPayloadBuilder(job, options)
                         .start(curtail::schema_of(table), curtail::CsvSink(parts.file(number, of), {.threads = 1}));
        split.append(curtail::RowSlice(table, first, end - first));
        return split.finish_part().bytes();
    } catch (const curtail::PartTaken& taken) {
        return taken.summary();
    }
}

nlohmann::ordered_json without_location(const std::string& message) {
    auto json = nlohmann::ordered_json::parse(message);
    for (const char* key : {"output_file", "output_parts", "output_parts_total", "output_bytes", "output_attachable"})
        json["data"].erase(key);
    return json;
}

}  // namespace

TEST_CASE("PartsDirectory, PartMerger: any division of any table gives the message and the file of one run",
          "[payload]") {
    const std::uint64_t seed = test_seed();
    std::mt19937_64 random(seed);
    for (int round = 0; round < by_tier(60, 2'000); ++round) {
        CAPTURE(seed, round);
        const ScratchDirectory dir(ScratchDirectory::fast_parent());
        const auto table = table_maker::TableMaker(random()).table(
            {.max_rows = 40, .max_features = 6, .max_predictions = 2, .max_text = 300});
        curtail::PayloadOptions options;
        options.sample_rows = random() % 6;
        const std::vector<std::size_t> ends = part_maker::division(table.rows(), 1 + random() % 7, random);
        const PartsDirectory parts(
            dir.path(), job,
            {.header = random() % 2 == 0 ? curtail::PartHeader::every : curtail::PartHeader::first,
             .durability = curtail::Durability::none});
        curtail::PartMerger merger(job, options);
        for (std::size_t part = 0; part < ends.size(); ++part) {
            const std::size_t first = part == 0 ? 0 : ends[part - 1];
            const std::string summary = write_part(parts, table, part, first, ends[part], ends.size(), options);
            REQUIRE(write_part(parts, table, part, first, ends[part], ends.size(), options) == summary);
            REQUIRE(parts.summary(part) == summary);
            merger.add(summary);
        }
        const auto result = merger.finish(parts.as_one_file());
        std::filesystem::create_directory(dir / "one");
        const auto whole = curtail::ResultPayloadBuilder(job, options).build(table, dir / "one");
        REQUIRE(without_location(result.message()) == without_location(whole.message()));
        REQUIRE(result.payload().output_file == dir / ("predictions_" + job + ".csv"));
        REQUIRE(result.payload().output_bytes == whole.payload().output_bytes);
        REQUIRE(dir.read("predictions_" + job + ".csv") == dir.read("one/predictions_" + job + ".csv"));
        REQUIRE(parts.published()->size() == ends.size());
    }
}

TEST_CASE("PartsDirectory, PartMerger: a job goes on with the parts that are missing, and ends the same again",
          "[payload]") {
    const ScratchDirectory dir;
    const std::vector<int> numbers{1, 2, 3, 4, 5, 6};
    const auto table =
        curtail::with_prediction(curtail::columns(curtail::column("n", numbers)), curtail::column("score", numbers));
    const PartsDirectory parts(dir.path(), job);
    const curtail::PayloadOptions options;
    const auto run = [&](std::uint64_t number) {
        return write_part(parts, table, number, 2 * number, 2 * number + 2, 3, options);
    };
    const auto merge = [&] {
        curtail::PartMerger merger(job, options);
        for (std::uint64_t number = 0; number < 3; ++number) {
            if (const auto summary = parts.summary(number)) merger.add(*summary);
        }
        return merger.finish(parts).message();
    };
    (void)run(0);
    (void)run(2);
    CHECK(parts.missing(3) == std::vector<std::uint64_t>{1});
    CHECK_THROWS_AS(merge(), curtail::PartsMissing);
    CHECK_FALSE(curtail::find_artifact(dir.path(), job));
    (void)run(1);
    const std::string message = merge();
    const std::string manifest = dir.read("predictions_" + job + "/_SUCCESS");
    CHECK(merge() == message);
    CHECK(dir.read("predictions_" + job + "/_SUCCESS") == manifest);
    const auto data = nlohmann::json::parse(message)["data"];
    CHECK(data["output_file"] == dir / ("predictions_" + job));
    CHECK(data["output_parts_total"] == 3);
    CHECK(data["output_parts"][1] == nlohmann::json::parse(R"({"file": "part-00001.csv", "rows": 2, "bytes": 16})"));
    CHECK(curtail::find_artifact(dir.path(), job)->bytes == data["output_bytes"]);
}

#if __has_include(<libdeflate.h>)
TEST_CASE("PartsDirectory, PartMerger: the message of compressed parts that were joined names the file", "[payload]") {
    const ScratchDirectory dir;
    const std::vector<int> numbers{1, 2, 3, 4};
    const auto table = curtail::columns(curtail::column("n", numbers));
    const PartsDirectory parts(dir.path(), job, {.header = curtail::PartHeader::first});
    curtail::PartMerger merger(job);
    for (std::uint64_t number = 0; number < 2; ++number) {
        using Output = curtail::GzipOutput<curtail::PartFile>;
        auto split = curtail::ResultPayloadBuilder(job).start(
            table.schema(), curtail::CsvSink<Output>(Output(parts.file(number, 2)), {.threads = 1}));
        split.append(curtail::RowSlice(table, 2 * static_cast<std::size_t>(number), 2));
        merger.add(split.finish_part());
    }
    const auto result = merger.finish(parts.as_one_file());
    CHECK(result.payload().output_file == dir / ("predictions_" + job + ".csv.gz"));
    CHECK(std::filesystem::file_size(result.payload().output_file) == result.payload().output_bytes);
    CHECK(result.payload().output_uncompressed_bytes == 10U);
}
#endif

TEST_CASE("PartsDirectory, PartMerger: summaries of other parts than those that are there publish nothing",
          "[payload]") {
    const ScratchDirectory dir;
    const ScratchDirectory other;
    const std::vector<int> numbers{1, 2, 3};
    const auto table = curtail::columns(curtail::column("n", numbers));
    const PartsDirectory parts(dir.path(), job);
    (void)write_part(parts, table, 0, 0, 2, 1, {});
    curtail::PartMerger merger(job);
    merger.add(write_part(PartsDirectory(other.path(), job), table, 0, 0, 3, 1, {}));
    try {
        (void)merger.finish(parts);
        FAIL("these are not the parts");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == curtail::ErrorCode::parts_differ);
    }
    CHECK_FALSE(parts.published());
}

#if !defined(_WIN32) && !defined(__APPLE__)  // where each path is text
TEST_CASE("PartsDirectory, PartMerger, PartsArtifact: work where the path is not UTF-8, which a message shows as text",
          "[payload]") {
    const ScratchDirectory scratch;
    const std::string dir = scratch / "caf\xE9";  // in Latin-1
    const std::string shown = scratch / "caf\xEF\xBF\xBD/predictions_" + job;
    std::filesystem::create_directory(dir);
    const PartsDirectory parts(dir, job);
    const std::vector<double> values = {1, 2, 3, 4, 5};
    const auto table =
        curtail::with_prediction(curtail::columns(curtail::column("n", values)), curtail::column("score", values));
    curtail::PartMerger merger(job);
    for (std::size_t number = 0; number < 2; ++number) {
        curtail::PayloadOptions options;
        options.part.first_row = 3 * number;
        merger.add(write_part(parts, table, number, 3 * number, 3 + 2 * number, 2, options));
        CHECK(parts.summary(number));
    }
    const auto result = merger.finish(parts);
    CHECK(result.payload().output_file == shown);
    CHECK(result.payload().output_parts[1].file == "part-00001.csv");
    CHECK(curtail::find_artifact(dir, job)->path == shown);

    const curtail::PartsArtifact artifact(parts);
    CHECK(artifact.info().path == shown);
    CHECK(artifact.parts()[1].artifact.path == shown + "/part-00001.csv");
    const auto page = curtail::ResultPayloadBuilder("request").page(artifact, 2, 3);
    CHECK(page.data()["predictions_sample"].dump() == "[3.0,4.0,5.0]");
    CHECK(page.payload().output_file == shown);
    CHECK(parts.concatenate().path == shown + ".csv");
    // A part that is damaged is named as the message names it.
    std::filesystem::resize_file(dir + "/predictions_" + job + "/part-00001.csv", 5);
    try {
        static_cast<void>(curtail::ResultPayloadBuilder("request").page(curtail::PartsArtifact(parts), 4, 1));
        FAIL("showed rows of a damaged part");
    } catch (const curtail::InputError& error) {
        CHECK(error.path() == shown + "/part-00001.csv");
    }
}
#endif
