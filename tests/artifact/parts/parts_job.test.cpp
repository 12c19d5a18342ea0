// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/parts_job.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/parts/part_attempt.hpp>

#include "catch.hpp"
#include "error_code.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::ErrorCode;
using curtail::PartArtifact;
using curtail::PartsOptions;
using Attempt = curtail::detail::PartAttempt<ScriptedSystem>;
using Job = curtail::detail::PartsJob<ScriptedSystem>;
using Numbers = std::vector<std::uint64_t>;

// A machine with a directory of parts on it, and jobs that look at that.
struct Parts {
    ScratchDirectory dir{ScratchDirectory::fast_parent()};
    Script script;
    std::string path = dir / "p";

    [[nodiscard]] Job job() { return Job(ScriptedSystem(&script), path, {}); }
    // Commits a part: its number, a line end, its number again.
    void commit(std::uint64_t number, std::uint64_t of, std::string_view header = "", std::string_view table = "",
                std::string_view compression = "") {
        Attempt attempt(ScriptedSystem(&script), path, number, of, {});
        attempt.name_file(compression);
        attempt.limit_threads(1);
        attempt.open();
        const std::string bytes = std::string(header) + std::to_string(number) + "\n" + std::to_string(number) + "\n";
        attempt.write(std::span<const char>(bytes));
        attempt.describe(header.size(), std::string(table));
        curtail::ArtifactInfo info{.path = {}, .format = {}, .rows = 2};
        if (!compression.empty()) info.uncompressed_bytes = 100;
        attempt.commit(info, "summary of " + std::to_string(number));
    }
    void commit_all(std::uint64_t of, std::string_view header = "") {
        for (std::uint64_t number = 0; number < of; ++number) commit(number, of, header);
    }
    [[nodiscard]] std::string file(std::uint64_t number) const {
        return path + "/" + curtail::detail::part_stem(number) + ".csv";
    }
};

template <class Call>
curtail::PartsMissing missing_in(Call call) {
    try {
        call();
    } catch (const curtail::PartsMissing& error) {
        return error;
    }
    throw std::runtime_error("nothing is missing");
}

}  // namespace

TEST_CASE("PartsJob: says which parts are missing, in whatever order they came, and creates nothing", "[artifact]") {
    Parts parts;
    CHECK(parts.job().missing(4) == Numbers{0, 1, 2, 3});
    CHECK(parts.dir.names().empty());
    for (const std::uint64_t number : {3U, 0U}) parts.commit(number, 4);
    CHECK(parts.job().missing(4) == Numbers{1, 2});
    for (const std::uint64_t number : {2U, 1U}) parts.commit(number, 4);
    CHECK(parts.job().missing(4).empty());
    CHECK(code_of([&] { return parts.job().missing(5); }) == ErrorCode::parts_differ);
    CHECK(code_of([&] { return parts.job().missing(0); }) == ErrorCode::invalid_option);
    CHECK(code_of([&] { return parts.job().missing(100'001); }) == ErrorCode::invalid_option);
    CHECK(parts.job().summary(2) == "summary of 2");
    CHECK_FALSE(parts.job().summary(4));
    CHECK(parts.job().number_of_parts() == 4);
    CHECK(parts.script.open_descriptors == 0);
}

TEST_CASE("PartsJob: names the first missing parts and counts all", "[artifact]") {
    Parts parts;
    CHECK(missing_in([&] { return parts.job().number_of_parts(); }).count() == 1);
    CHECK(missing_in([&] { parts.job().check(100'000, false); }).count() == 100'000);
    parts.commit(1, 100);
    const auto missing = missing_in([&] { parts.job().check(100, false); });
    CHECK(missing.count() == 99);
    CHECK(missing.of() == 100);
    REQUIRE(missing.numbers().size() == curtail::PartsMissing::listed);
    CHECK(missing.numbers()[0] == 0);
    CHECK(missing.numbers()[1] == 2);
}

TEST_CASE("PartsJob: a file that is shorter, longer or another one than was committed stops it", "[artifact]") {
    Parts parts;
    parts.commit_all(2);
    const auto refusal = [&](bool contents) { return code_of([&] { parts.job().check(2, contents); }); };
    CHECK_FALSE(refusal(true));
    for (const std::string_view bytes : {"", "1\n1", "1\n1\n1\n"}) {
        parts.dir.put("p/part-00001.csv", bytes);
        CHECK(refusal(false) == ErrorCode::part_damaged);
    }
    parts.dir.put("p/part-00001.csv", "1\n2\n");
    CHECK_FALSE(refusal(false));  // sizes alone do not show it
    CHECK(refusal(true) == ErrorCode::part_damaged);
    std::filesystem::remove(parts.file(1));
    CHECK(refusal(false) == ErrorCode::part_damaged);
    std::filesystem::create_directory(parts.file(1));
    CHECK(refusal(false) == ErrorCode::part_damaged);
    CHECK(parts.script.open_descriptors == 0);
}

TEST_CASE("PartsJob: a record that was cut off stops it, and one that was changed if contents are compared",
          "[artifact]") {
    Parts parts;
    parts.commit_all(2);
    const auto refusal = [&](bool contents) { return code_of([&] { parts.job().check(2, contents); }); };
    const std::string record = parts.dir.read("p/.part-00001.summary");
    parts.dir.put("p/.part-00001.summary", record.substr(0, record.size() - 1));
    CHECK(refusal(false) == ErrorCode::part_damaged);
    parts.dir.put("p/.part-00001.summary", record.substr(0, record.size() - 1) + "x");
    CHECK_FALSE(refusal(false));
    CHECK(refusal(true) == ErrorCode::part_damaged);
    parts.dir.put("p/.part-00001.summary", record);
    CHECK_FALSE(refusal(true));
}

TEST_CASE("PartsJob: publishes only if the merged parts are those in the directory, all of them and in order",
          "[artifact]") {
    Parts parts;
    parts.commit_all(2);
    Job job = parts.job();
    job.check(2, false);
    const std::vector<PartArtifact> same = job.artifacts();
    REQUIRE(same.size() == 2);
    CHECK(same[1].artifact.path == parts.file(1));
    CHECK(same[1].artifact.format == "csv");
    CHECK(same[1].artifact.rows == 2);
    CHECK(same[1].artifact.bytes == 4);
    CHECK_FALSE(same[1].artifact.uncompressed_bytes);
    CHECK_NOTHROW(job.compare(same));
    const auto refused = [&](auto change) {
        std::vector<PartArtifact> other = same;
        change(other);
        return code_of([&] { job.compare(other); }) == ErrorCode::parts_differ;
    };
    CHECK(refused([](auto& other) { other[1].artifact.rows = 3; }));
    CHECK(refused([](auto& other) { other[0].artifact.bytes = 5; }));
    CHECK(refused([](auto& other) { other[0].artifact.sha256.assign(64, 'a'); }));
    CHECK(refused([](auto& other) { std::swap(other[0], other[1]); }));
    CHECK_FALSE(refused([](auto& other) { other[0].artifact.path = "elsewhere"; }));  // as seen from another machine
}

TEST_CASE("PartsJob: the manifest is published once, and never over another one", "[artifact]") {
    Parts parts;
    parts.commit_all(3);
    CHECK_FALSE(parts.job().manifest());
    Job job = parts.job();
    job.check(3, false);
    const curtail::ArtifactInfo whole = job.publish();
    CHECK(whole.path == parts.path);
    CHECK(whole.rows == 6);
    CHECK(whole.bytes == 12);
    const auto manifest = parts.job().manifest();
    REQUIRE(manifest);
    CHECK(job.publish().bytes == 12);
    CHECK(parts.job().manifest() == manifest);
    for (const std::string& other : {std::string(), manifest->substr(1), *manifest + "x"}) {
        parts.dir.put("p/_SUCCESS", other);
        CHECK(code_of([&] { job.publish(); }) == ErrorCode::parts_differ);
        CHECK(parts.dir.read("p/_SUCCESS") == other);
    }
}

TEST_CASE("PartsJob: joins the parts in order with one header, and refuses another header", "[artifact]") {
    Parts parts;
    parts.commit_all(3, "n\n");
    Job job = parts.job();
    job.check(3, false);
    const curtail::ArtifactInfo whole = job.concatenate({});
    CHECK(whole.path == parts.path + ".csv");
    CHECK(whole.rows == 6);
    CHECK(parts.dir.read("p.csv") == "n\n0\n0\n1\n1\n2\n2\n");
    CHECK(whole.bytes == parts.dir.read("p.csv").size());
    std::filesystem::remove(parts.path + ".csv");
    // What was checked and has changed since is found while it is joined.
    parts.dir.put("p/part-00001.csv", "m\n1\n1\n");
    CHECK(code_of([&] { job.concatenate({}); }) == ErrorCode::parts_differ);
    CHECK(parts.dir.names() == std::vector<std::string>{"p"});
}

TEST_CASE("PartsJob: publishes no file of parts that are cut off, however the kernel copies", "[artifact]") {
    for (const bool has_copy : {true, false}) {
        Parts parts;
        parts.script.has_copy = has_copy;
        parts.commit_all(2, "n\n");
        Job job = parts.job();
        job.check(2, true);
        for (const std::string_view cut : {"", "n", "n\n", "n\n1\n1"}) {
            parts.dir.put("p/part-00001.csv", cut);
            CHECK(code_of([&] { job.concatenate({}); }) == ErrorCode::part_damaged);
            CHECK(parts.dir.names() == std::vector<std::string>{"p"});
        }
        parts.dir.put("p/part-00001.csv", "n\n1\n1\n and more that nobody has committed");
        CHECK(job.concatenate({}).bytes == 10);
        CHECK(parts.dir.read("p.csv") == "n\n0\n0\n1\n1\n");
        CHECK(parts.script.open_descriptors == 2);  // the directory and its mark, while there is the job
    }
}

TEST_CASE("PartsJob: joins compressed parts only where one header is enough", "[artifact]") {
    Parts parts;
    parts.commit(0, 2, "n\n", "", "gz");
    parts.commit(1, 2, "", "", "gz");
    CHECK(parts.job().compressed());
    Job job = parts.job();
    job.check(2, false);
    CHECK(job.artifacts()[1].artifact.format == "csv.gz");
    CHECK(job.artifacts()[1].artifact.uncompressed_bytes == 100U);
    CHECK(job.concatenate({}).path == parts.path + ".csv.gz");
    CHECK(parts.dir.read("p.csv.gz") == "n\n0\n0\n1\n1\n");

    Parts headed;
    headed.commit(0, 2, "n\n", "", "gz");
    headed.commit(1, 2, "n\n", "", "gz");
    Job other = headed.job();
    other.check(2, false);
    CHECK(code_of([&] { other.concatenate({}); }) == ErrorCode::invalid_option);
    CHECK(headed.dir.names() == std::vector<std::string>{"p"});
}

TEST_CASE("PartsJob: parts of which some are compressed are not of one job", "[artifact]") {
    Parts parts;
    parts.commit(0, 2);
    parts.commit(1, 2, "", "", "gz");
    CHECK_FALSE(parts.job().compressed());
    CHECK(code_of([&] { parts.job().check(2, false); }) == ErrorCode::parts_differ);
}

TEST_CASE("PartsJob: the manifest describes each table that is not the first one's", "[artifact]") {
    Parts parts;
    parts.commit(0, 3, "", "\"t\": 0");
    parts.commit(1, 3, "", "\"t\": 0");
    parts.commit(2, 3, "", "\"t\": 2");
    Job job = parts.job();
    job.check(3, false);
    job.publish();
    const std::string manifest = *parts.job().manifest();
    CHECK(manifest.find("\"t\": 0") != std::string::npos);
    CHECK(manifest.find("\"t\": 0") == manifest.rfind("\"t\": 0"));
    CHECK(manifest.find("\"t\": 2") != std::string::npos);
}
