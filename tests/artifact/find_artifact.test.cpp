// SPDX-License-Identifier: MIT
#include <curtail/artifact/find_artifact.hpp>

#include <filesystem>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

using curtail::ErrorCode;
using curtail::find_artifact;

TEST_CASE("find_artifact: finds the artifact of a job, or nothing if it is missing", "[artifact]") {
    const ScratchDirectory dir;
    CHECK_FALSE(find_artifact(dir.path(), "a"));
    dir.put("predictions_a.csv", "x\n1\n");
    const auto found = find_artifact(dir.path(), "a");
    REQUIRE(found);
    CHECK(found->path == dir / "predictions_a.csv");
    CHECK(found->bytes == 4);
    CHECK_FALSE(found->metadata);
    CHECK(find_artifact(std::filesystem::path(dir.path()), "a")->path == found->path);
    CHECK(find_artifact(dir / "predictions_a.csv")->bytes == 4);
    CHECK_FALSE(find_artifact(dir.path(), "b"));
    CHECK_FALSE(find_artifact(dir / "missing", "a"));
    CHECK_FALSE(find_artifact(dir / "predictions_a.csv", "a"));
}

TEST_CASE("find_artifact: finds a compressed artifact where there is no plain one", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("predictions_a.csv.gz", "12345");
    CHECK(find_artifact(dir.path(), "a")->path == dir / "predictions_a.csv.gz");
    dir.put("predictions_a.csv", "x\n1\n");
    CHECK(find_artifact(std::filesystem::path(dir.path()), "a")->path == dir / "predictions_a.csv");
}

TEST_CASE("find_artifact: takes no directory, link or other metadata for an artifact", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "x");
    std::filesystem::create_directory(dir / "predictions_a.csv");
    REQUIRE((make_link("file", dir / "predictions_b.csv") || on_windows));
    dir.put("predictions_c.csv-metadata.json", "{}");
    REQUIRE((make_pipe(dir / "predictions_d.csv") || on_windows));
    for (const char* job : {"a", "b", "c", "d"}) CHECK_FALSE(find_artifact(dir.path(), job));
    dir.put("predictions_c.csv", "x");
    CHECK_FALSE(find_artifact(dir.path(), "c")->metadata);
    REQUIRE((make_pipe(dir / "predictions_file.csv-metadata.json") || on_windows));
    dir.put("predictions_file.csv", "x");
    CHECK_FALSE(find_artifact(dir.path(), "file")->metadata);
}

TEST_CASE("find_artifact: gives absolute paths as valid UTF-8", "[artifact]") {
    const ScratchDirectory dir;
    const std::filesystem::path before = std::filesystem::current_path();
    dir.put("predictions_a.csv", "x");
    std::filesystem::current_path(dir.path());
    const std::string here = std::filesystem::current_path().generic_string();
    const auto found = find_artifact(".", "a");
    std::filesystem::current_path(before);
    REQUIRE(found);
    CHECK(found->path == here + "/predictions_a.csv");
    if (on_windows) return;  // where names are UTF-16
    std::error_code refused;
    std::filesystem::create_directory(dir / "caf\xE9", refused);
    if (refused) return;  // some file systems take UTF-8 only
    dir.put("caf\xE9/predictions_a.csv", "x");
    CHECK(find_artifact(dir / "caf\xE9", "a")->path == dir / "caf\xEF\xBF\xBD/predictions_a.csv");
}

TEST_CASE("find_artifact: refuses what artifact_path() refuses", "[artifact]") {
    for (const std::string_view id : {"", "../x", "a/b", "con"}) {
        try {
            (void)find_artifact("/tmp", id);
            FAIL("no error");
        } catch (const curtail::UsageError& error) {
            CHECK(error.code() == ErrorCode::invalid_job_id);
        }
    }
    CHECK_THROWS_AS(find_artifact("", "a"), curtail::UsageError);
    CHECK_THROWS_AS(find_artifact(std::string_view("/a\0b", 4)), curtail::UsageError);
}
