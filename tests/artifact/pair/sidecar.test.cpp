// SPDX-License-Identifier: MIT
#include <curtail/artifact/pair/sidecar.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_artifact.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/artifact/housekeeping.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "error_code.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::ArtifactError;
using curtail::CsvSink;
using curtail::ErrorCode;
using curtail::OnExists;

constexpr std::string_view data = "predictions_job_1.csv";
constexpr std::string_view mark = "predictions_job_1.csv-metadata.json";

const std::vector<int> numbers = {1, 2, 3};
const auto table = curtail::columns(curtail::column("n", numbers));

curtail::ArtifactInfo publish(const ScratchDirectory& dir, OnExists on_exists = OnExists::error, bool metadata = true) {
    CsvSink sink(dir / data, {.file = {.on_exists = on_exists}, .metadata = metadata});
    sink.open(table.schema());
    sink.append(table);
    return sink.finish();
}

auto refusal(const ScratchDirectory& dir, OnExists on_exists = OnExists::error) {
    return code_of([&] { publish(dir, on_exists); });
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("CsvSink with metadata: publishes a private sidecar that describes the artifact", "[artifact]") {
    const ScratchDirectory dir;
    const curtail::ArtifactInfo info = publish(dir);
    CHECK(dir.names() == Names{std::string(data), std::string(mark)});
    const auto json = nlohmann::json::parse(dir.read(mark));
    CHECK(json["url"] == data);
    CHECK(json["schema:numberOfItems"] == 3);
    CHECK(json["dcat:byteSize"] == dir.read(data).size());
    CHECK(info.bytes == dir.read(data).size());
    CHECK(info.path == dir / data);
    CHECK(mode_of(dir / mark) == 0600U);
}

TEST_CASE("CsvSink with metadata: is off by default", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir, OnExists::error, false);
    CHECK(dir.names() == Names{std::string(data)});
}

TEST_CASE("CsvSink with metadata: a taken name of either file is an error at open(), and both are replaced together",
          "[artifact]") {
    const ScratchDirectory dir;
    dir.put(mark, "mine");
    CHECK(refusal(dir) == ErrorCode::artifact_exists);
    CHECK(dir.names() == Names{std::string(mark)});
    CHECK(dir.read(mark) == "mine");
    dir.put(data, "old");
    publish(dir, OnExists::replace);
    CHECK(dir.read(data) == "n\n1\n2\n3\n");
    CHECK(nlohmann::json::parse(dir.read(mark))["dcat:byteSize"] == 8);
    CHECK(refusal(dir) == ErrorCode::artifact_exists);
}

TEST_CASE("CsvSink with metadata: a directory under the sidecar's name is an error before the artifact has its own",
          "[artifact]") {
    const ScratchDirectory dir;
    REQUIRE(std::filesystem::create_directory(dir / mark));
    for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
        CHECK(
            (refusal(dir, on_exists) == ErrorCode::artifact_exists || refusal(dir, on_exists) == ErrorCode::io_failed));
        CHECK(dir.names() == Names{std::string(mark)});
    }
}

TEST_CASE("CsvSink with metadata: a name that is too long with the sidecar's suffix is an error before there is a file",
          "[artifact]") {
    const ScratchDirectory dir;
    CsvSink sink(dir / (std::string(245, 'x') + ".csv"), {.metadata = true});
    CHECK_THROWS_AS(sink.open(table.schema()), ArtifactError);
    sink.abort();
    CHECK(dir.names().empty());
}

TEST_CASE("CsvSink with metadata: abort() and destruction leave neither file", "[artifact]") {
    const ScratchDirectory dir;
    {
        CsvSink sink(dir / data, {.metadata = true});
        sink.open(table.schema());
        sink.append(table);
        sink.abort();
        CHECK(dir.names().empty());
        CsvSink destroyed(dir / data, {.metadata = true});
        destroyed.open(table.schema());
        CsvSink moved = std::move(destroyed);
        moved.append(table);
    }
    CHECK(dir.names().empty());
}

TEST_CASE("CsvSink with metadata: refuses an output that is not a file", "[artifact]") {
    CHECK_THROWS_AS(CsvSink(MemoryOutput(), {.metadata = true}), curtail::UsageError);
    CsvSink sink(MemoryOutput{});
    sink.open(table.schema());
    sink.append(table);
    CHECK(sink.finish().bytes == 8);
}

TEST_CASE("CsvSink with metadata: prune_artifacts removes the sidecar with its artifact", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir);
    const curtail::CleanupReport swept = curtail::prune_artifacts(dir.path(), {.max_files = 0});
    CHECK(swept.removed == Names{std::string(mark), std::string(data)});
    CHECK(dir.names().empty());
}

TEST_CASE("CsvSink without metadata: what replaces an artifact removes its metadata, and nobody else's", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir);
    publish(dir, OnExists::replace, false);
    CHECK(dir.names() == Names{std::string(data)});
    CHECK_FALSE(curtail::find_artifact(dir / data)->metadata);
    dir.put(mark, "mine");
    publish(dir, OnExists::replace, false);
    CHECK(dir.read(mark) == "mine");
}

TEST_CASE("CsvSink without metadata: removes the metadata of a file that is gone, and nobody else's", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir);
    std::filesystem::remove(dir / data);
    publish(dir, OnExists::error, false);
    CHECK(dir.names() == Names{std::string(data)});
    CHECK(curtail::CsvArtifact(dir / data).rows() == 3);
    for (const std::string& others : {std::string("mine"), std::string("{}\n")}) {
        std::filesystem::remove(dir / data);
        dir.put(mark, others);
        publish(dir, OnExists::error, false);
        CHECK(dir.read(mark) == others);
    }
}

TEST_CASE("CsvSink without metadata: leaves a pair as it is where the name is taken", "[artifact]") {
    const ScratchDirectory dir;
    CsvSink late(dir / data);
    late.open(table.schema());
    publish(dir);
    const std::string description = dir.read(mark);
    CHECK(code_of([&] { late.finish(); }) == ErrorCode::artifact_exists);
    CHECK(dir.read(mark) == description);
    CHECK(curtail::find_artifact(dir / data)->metadata);
}
