// SPDX-License-Identifier: MIT
#include <curtail/artifact/housekeeping/parts_sweeper.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/find_artifact.hpp>
#include <curtail/artifact/housekeeping.hpp>
#include <curtail/artifact/parts_directory.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"

using curtail::CleanupReport;
using curtail::LivenessCheck;
using curtail::PartsDirectory;
using curtail::prune_artifacts;
using curtail::remove_stale_artifacts;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Names = std::vector<std::string>;

namespace {

constexpr int hour = 3600;

void set_age(const std::string& path, int age_seconds) {
    const std::time_t then = std::time(nullptr) - age_seconds;
    const struct timespec times[2] = {{then, 0}, {then, 0}};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0);
}

// Makes a job of two parts; gives all its files this age.
void put_job(const ScratchDirectory& dir, const std::string& job, int age_seconds, bool finished = true) {
    const PartsDirectory parts(dir.path(), job, {.durability = curtail::Durability::none});
    for (std::uint64_t number = 0; number < 2; ++number) {
        curtail::PartFile part = parts.file(number, 2);
        part.open();
        part.write(std::string_view("n\n1\n"));
        part.commit_part({}, "summary");
    }
    if (finished) (void)parts.finish(2);
    for (const std::string& name : ScratchDirectory::names_in(parts.location()))
        set_age(parts.location() + "/" + name, age_seconds);
}

std::uint64_t bytes_in(const std::string& path) {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(path)) bytes += entry.file_size();
    return bytes;
}

// Returns the id of a process that has ended.
std::string dead_process() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return std::to_string(child);
}

}  // namespace

TEST_CASE("parts_name_before: knows the names of directories that were set aside, and no others", "[artifact]") {
    using curtail::detail::parts_name_before;
    CHECK(parts_name_before(".predictions_a.12-0123456789abcdef.old") == "predictions_a");
    for (const std::string_view name :
         {"", "predictions_a", ".predictions_a.12-0123456789abcdef.tmp", ".x.12-0123456789abcdef.old"}) {
        CHECK(parts_name_before(name).empty());
    }
}

TEST_CASE("prune_artifacts: a directory of parts is one artifact, as old as its manifest", "[artifact]") {
    const ScratchDirectory dir;
    put_job(dir, "old", 3 * hour);
    put_job(dir, "new", hour);
    dir.put("predictions_file.csv", "x");
    set_age(dir / "predictions_file.csv", 2 * hour);
    const std::uint64_t bytes = bytes_in(dir / "predictions_old");
    CHECK(prune_artifacts(dir.path(), {}).removed.empty());
    CHECK(prune_artifacts(dir.path(), {.max_files = 3}).removed.empty());
    const CleanupReport report = prune_artifacts(dir.path(), {.max_files = 2});
    CHECK(report.removed == Names{"predictions_old"});
    CHECK(report.failed.empty());
    CHECK(report.bytes == bytes);
    CHECK(dir.names() == Names{"predictions_file.csv", "predictions_new"});
    CHECK(prune_artifacts(dir.path(), {.max_age = minutes(90)}).removed == Names{"predictions_file.csv"});
    CHECK(prune_artifacts(dir.path(), {.max_total_bytes = bytes_in(dir / "predictions_new")}).removed.empty());
    CHECK(curtail::find_artifact(dir.path(), "new"));
    CHECK(prune_artifacts(dir.path(), {.max_total_bytes = 20}).removed == Names{"predictions_new"});
    CHECK(dir.names().empty());
}

TEST_CASE("prune_artifacts: a job under way is not counted, and goes when nothing in it has changed for long enough",
          "[artifact]") {
    const ScratchDirectory dir;
    put_job(dir, "a", 3 * hour, false);
    CHECK(prune_artifacts(dir.path(), {.max_total_bytes = 0, .max_files = 0}).removed.empty());
    CHECK(prune_artifacts(dir.path(), {.max_age = hours(4)}).removed.empty());
    set_age(dir / "predictions_a/part-00001.csv", hour);
    CHECK(prune_artifacts(dir.path(), {.max_age = hours(2)}).removed.empty());
    CHECK(prune_artifacts(dir.path(), {.max_age = minutes(30)}).removed == Names{"predictions_a"});
    CHECK(dir.names().empty());
}

TEST_CASE("prune_artifacts: never removes a directory in which a part is being written", "[artifact]") {
    const ScratchDirectory dir;
    put_job(dir, "a", hour, false);
    curtail::PartFile part(dir.path(), "b", 0, 2);
    part.open();
    for (const char* name : {"predictions_b/.parts", "predictions_b"}) set_age(dir / name, hour);
    const CleanupReport report = prune_artifacts(dir.path(), {.max_age = seconds(1)});
    CHECK(report.removed == Names{"predictions_a"});
    CHECK(report.failed.empty());
    part.write(std::string_view("x"));
    part.commit_part({}, "summary");
    CHECK(PartsDirectory(dir.path(), "b").missing(2) == std::vector<std::uint64_t>{1});
    for (const std::string& name : ScratchDirectory::names_in(dir / "predictions_b")) {
        set_age(dir / ("predictions_b/" + name), hour);
    }
    CHECK(prune_artifacts(dir.path(), {.max_age = seconds(1)}).removed == Names{"predictions_b"});
    // The job can be run again.
    PartsDirectory(dir.path(), "b").file(0, 3).open();
}

TEST_CASE("prune_artifacts: leaves directories alone that hold anything else", "[artifact]") {
    const ScratchDirectory dir;
    for (const char* name : {"notes.txt", "part-0.parquet", ".part-00000.crc", "part-00000.csv-metadata.json"}) {
        put_job(dir, "a", hour);
        dir.put("predictions_a/" + std::string(name), "x");
        CHECK(prune_artifacts(dir.path(), {.max_age = seconds(1), .max_files = 0}).removed.empty());
        CHECK(ScratchDirectory::names_in(dir / "predictions_a").size() == 7);
        std::filesystem::remove_all(dir / "predictions_a");
    }
    put_job(dir, "a", hour);
    std::filesystem::create_directory(dir / "predictions_a/part-00007.csv");
    std::filesystem::create_directory_symlink("predictions_a", dir / "predictions_link");
    std::filesystem::create_directory(dir / "predictions_empty");
    set_age(dir / "predictions_empty", hour);
    CHECK(prune_artifacts(dir.path(), {.max_age = seconds(1), .max_files = 0}).removed.empty());
}

TEST_CASE("prune_artifacts, remove_stale_artifacts: go on with what a killed sweep has set aside", "[artifact]") {
    const ScratchDirectory dir;
    for (const bool prune : {false, true}) {
        const auto sweep = [&] {
            return prune ? prune_artifacts(dir.path(), {}) : remove_stale_artifacts(dir.path(), hours(1));
        };
        put_job(dir, "a", 0);
        std::filesystem::rename(dir / "predictions_a", dir / ".predictions_a.12-0123456789abcdef.old");
        CHECK(sweep().removed.empty());
        CHECK(dir.names() == Names{"predictions_a"});
        CHECK(PartsDirectory(dir.path(), "a").finish(2).bytes == 8);
        // Its manifest is gone: so it was to be removed.
        std::filesystem::rename(dir / "predictions_a", dir / ".predictions_a.12-0123456789abcdef.old");
        std::filesystem::remove(dir / ".predictions_a.12-0123456789abcdef.old/_SUCCESS");
        CHECK(sweep().removed == Names{"predictions_a"});
        CHECK(dir.names().empty());
    }
}

TEST_CASE("remove_stale_artifacts: finds abandoned attempts, and keeps those under way", "[artifact]") {
    const ScratchDirectory dir;
    put_job(dir, "a", hour, false);
    const std::string dead = "predictions_a/.part-00001." + dead_process() + "-0123456789abcdef.tmp";
    const std::string living = "predictions_a/.part-00001." + std::to_string(::getpid()) + "-0123456789abcdef.tmp";
    const std::string young = "predictions_a/.part-00001." + dead_process() + "-1123456789abcdef.tmp";
    const std::string mark = "predictions_a/.parts." + dead_process() + "-1123456789abcdef.tmp";
    for (const std::string& name : {dead, living, young, mark}) dir.put(name, "12345");
    for (const std::string& name : {dead, living, mark}) set_age(dir / name, hour);
    CleanupReport report = remove_stale_artifacts(dir.path(), seconds(60));
    CHECK(report.removed.size() == 2);
    CHECK(report.bytes == 10);
    CHECK_FALSE(std::filesystem::exists(dir / dead));
    CHECK_FALSE(std::filesystem::exists(dir / mark));
    const int file = ::open((dir / living).c_str(), O_WRONLY);
    REQUIRE(::flock(file, LOCK_EX | LOCK_NB) == 0);
    CHECK(remove_stale_artifacts(dir.path(), seconds(60), LivenessCheck::age_only).removed.empty());
    ::close(file);
    CHECK(remove_stale_artifacts(dir.path(), seconds(60), LivenessCheck::age_only).removed == Names{living});
    CHECK(std::filesystem::exists(dir / young));
    CHECK(PartsDirectory(dir.path(), "a").finish(2).bytes == 8);
}
