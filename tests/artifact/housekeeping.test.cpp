// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

#include <curtail/artifact/housekeeping.hpp>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/atomic_file.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

using curtail::CleanupReport;
using curtail::LivenessCheck;
using curtail::prune_artifacts;
using curtail::remove_stale_artifacts;
using curtail::detail::LocalSystem;

namespace {

constexpr std::int64_t hour = 3600;

void put_aged(const ScratchDirectory& dir, std::string_view name, std::int64_t age_seconds,
              std::string_view bytes = "x") {
    dir.put(name, bytes);
    REQUIRE(set_modified(dir / name, LocalSystem::now().seconds - age_seconds));
}

std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("remove_stale_artifacts: removes the old temporary file of a dead process", "[artifact]") {
    const ScratchDirectory dir;
    const std::string name = ".predictions_job_1." + std::to_string(dead_process()) + "-0123456789abcdef.tmp";
    put_aged(dir, name, hour, "12345");
    CHECK(remove_stale_artifacts(dir.path(), std::chrono::seconds(2 * hour)).removed.empty());
    const CleanupReport swept = remove_stale_artifacts(dir.path(), std::chrono::seconds(hour / 2));
    CHECK(swept.removed == std::vector<std::string>{name});
    CHECK(swept.bytes == 5);
    CHECK(swept.failed.empty());
    CHECK(dir.names().empty());
}

TEST_CASE("remove_stale_artifacts: keeps the temporary file of a living process, unless only the age counts",
          "[artifact]") {
    const ScratchDirectory dir;
    put_aged(dir, ".predictions_job_1." + std::to_string(LocalSystem::process_id()) + "-0123456789abcdef.tmp", hour);
    put_aged(dir,
             on_windows ? ".predictions_job_2." + std::to_string(LocalSystem::process_id()) + "-0123456789abcdef.tmp"
                        : ".predictions_job_2.1-0123456789abcdef.tmp",
             hour);
    CHECK(remove_stale_artifacts(dir.path(), std::chrono::seconds(1)).removed.empty());
    CHECK(remove_stale_artifacts(dir.path(), std::chrono::seconds(1), LivenessCheck::age_only).removed.size() == 2);
    CHECK(dir.names().empty());
}

TEST_CASE("remove_stale_artifacts: touches only temporary files of artifacts", "[artifact]") {
    const ScratchDirectory dir;
    const std::string pid = std::to_string(dead_process());
    const std::vector<std::string> bystanders = {
        "predictions_job_1.csv",
        "predictions_job_1." + pid + "-0123456789abcdef.tmp",    // not hidden
        ".predictions_job_1." + pid + "-0123456789abcde.tmp",    // 15 digits
        ".predictions_job_1." + pid + "-0123456789abcdef0.tmp",  // 17
#if !defined(_WIN32)                                             // where that is the same name
        ".predictions_job_1." + pid + "-0123456789ABCDEF.tmp",   // not our digits
#endif
        ".predictions_job_1." + pid + "_0123456789abcdef.tmp",  // no dash
        ".predictions_job_1." + pid + "-0123456789abcdef.tmp~",
        ".predictions_job_1." + pid + "-0123456789abcdef",
        ".predictions_job_1.0" + pid + "-0123456789abcdef.tmp",  // a leading zero
        ".predictions_job_1.x" + pid + "-0123456789abcdef.tmp",
        ".predictions_job_1.99999999999-0123456789abcdef.tmp",  // no process number
        ".predictions_job_1.4294967296-0123456789abcdef.tmp",
        ".predictions_job_1-0123456789abcdef.tmp",
        ".predictions_." + pid + "-0123456789abcdef.tmp",    // no job id
        ".predictions_.x." + pid + "-0123456789abcdef.tmp",  // none that is allowed
        ".predictions_a b." + pid + "-0123456789abcdef.tmp",
        ".predictions_con." + pid + "-0123456789abcdef.tmp",
        ".other_job_1." + pid + "-0123456789abcdef.tmp",
        ".tmp",
        "-.tmp",
        "notes.txt",
    };
    for (const std::string& name : bystanders) put_aged(dir, name, 1000 * hour);
    const std::string right = ".predictions_job_1." + pid + "-0123456789abcdef.tmp";
    const std::string sidecar = ".predictions_job_1.csv-metadata.json." + pid + "-0123456789abcdef.tmp";
    put_aged(dir, right, 1000 * hour);
    put_aged(dir, sidecar, 1000 * hour);
    CHECK(sorted(remove_stale_artifacts(dir.path(), std::chrono::seconds(1), LivenessCheck::age_only).removed) ==
          sorted({right, sidecar}));
    CHECK(dir.names() == sorted(bystanders));
}

TEST_CASE("remove_stale_artifacts: keeps links and directories of such names, and the target of a link", "[artifact]") {
    const ScratchDirectory dir;
    const std::string pid = std::to_string(dead_process());
    put_aged(dir, "victim", 1000 * hour);
    REQUIRE((make_link("victim", dir / (".predictions_a." + pid + "-0123456789abcdef.tmp")) || on_windows));
    std::filesystem::create_directory(dir / (".predictions_b." + pid + "-0123456789abcdef.tmp"));
    const std::vector<std::string> before = dir.names();
    REQUIRE((before.size() == 3 || on_windows));
    CHECK(remove_stale_artifacts(dir.path(), std::chrono::seconds(0), LivenessCheck::age_only).removed.empty());
    CHECK(dir.names() == before);
}

#if !defined(_WIN32)  // for want of fork()
TEST_CASE("remove_stale_artifacts: recognises what a killed writer leaves, also with the longest job id",
          "[artifact]") {
    struct NamedSystem : LocalSystem {
        static int open_unnamed(int) noexcept {
            errno = EOPNOTSUPP;
            return -1;
        }
    };
    const ScratchDirectory dir;
    const pid_t child = ::fork();
    if (child == 0) {
        curtail::BasicAtomicFile<NamedSystem> first(curtail::artifact_path(dir.path(), "a.b-c"));
        curtail::BasicAtomicFile<NamedSystem> second(curtail::artifact_path(dir.path(), std::string(128, 'x')));
        curtail::BasicAtomicFile<NamedSystem> sidecar(curtail::artifact_path(dir.path(), std::string(128, 'y')) +
                                                      "-metadata.json");
        curtail::BasicAtomicFile<NamedSystem> compressed(curtail::artifact_path(dir.path(), std::string(128, 'z')) +
                                                         ".gz");
        first.open();
        second.open();
        sidecar.open();
        compressed.open();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(dir.names().size() == 4);
    CHECK(remove_stale_artifacts(dir.path(), std::chrono::seconds(0)).removed.size() == 4);
    CHECK(dir.names().empty());
}
#endif

TEST_CASE("remove_stale_artifacts: keeps the temporary files of a run that lives, however old they are", "[artifact]") {
    struct NamedSystem : LocalSystem {
        static int open_unnamed(int) noexcept {
            errno = EOPNOTSUPP;
            return -1;
        }
        // As in a container, where every worker is process 1, and the sweeper's is another container.
        static std::int64_t process_id() noexcept { return 1; }
        static bool process_is_alive(std::int64_t) noexcept { return false; }
    };
    const ScratchDirectory dir;
    const auto make_old = [&] {
        for (const std::string& name : dir.names()) {
            REQUIRE(set_modified(dir / name, 1));
        }
    };
    for (const auto on_exists : {curtail::OnExists::error, curtail::OnExists::replace}) {
        curtail::BasicAtomicFile<NamedSystem> file(curtail::artifact_path(dir.path(), "slow"),
                                                   {.on_exists = on_exists});
        file.open();
        file.open_sidecar("-metadata.json");
        file.write(std::string_view("x\n"));
        const std::size_t temporaries = dir.names().size();
        REQUIRE(temporaries >= 2);
        make_old();
        for (const LivenessCheck check : {LivenessCheck::age_only, LivenessCheck::by_pid}) {
            CHECK(curtail::detail::remove_stale_artifacts(dir.path(), 0, check, NamedSystem()).removed.empty());
        }
        CHECK(dir.names().size() == temporaries);
        file.commit_with_sidecar("{}");
        CHECK(dir.names().size() == 2);
        for (const std::string& name : dir.names()) std::filesystem::remove(dir / name);
    }
#if !defined(_WIN32)
    // Killed, the same files are nobody's.
    const pid_t child = ::fork();
    if (child == 0) {
        curtail::BasicAtomicFile<NamedSystem> file(curtail::artifact_path(dir.path(), "slow"));
        file.open();
        file.open_sidecar("-metadata.json");
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(dir.names().size() == 2);
    CHECK(remove_stale_artifacts(dir.path(), std::chrono::seconds(0), LivenessCheck::age_only).removed.size() == 2);
    CHECK(dir.names().empty());
#endif
}

TEST_CASE("remove_stale_artifacts: goes by age and process where there are no locks", "[artifact]") {
    struct NoLocks : LocalSystem {
        static int lock(int, int) noexcept {
            errno = ENOLCK;
            return -1;
        }
    };
    struct NotOurs : LocalSystem {
        static int open_to_lock(int, const char*) noexcept {
            errno = EACCES;
            return -1;
        }
    };
    const ScratchDirectory dir;
    const std::string name = ".predictions_job_1." + std::to_string(dead_process()) + "-0123456789abcdef.tmp";
    put_aged(dir, name, hour);
    const auto by_pid = LivenessCheck::by_pid;
    CHECK(curtail::detail::remove_stale_artifacts(dir.path(), 2 * hour, by_pid, NoLocks()).removed.empty());
    CHECK(curtail::detail::remove_stale_artifacts(dir.path(), 1, by_pid, NoLocks()).removed.size() == 1);
    put_aged(dir, name, hour);
    CHECK(curtail::detail::remove_stale_artifacts(dir.path(), 1, by_pid, NotOurs()).removed.size() == 1);
}

TEST_CASE("prune_artifacts: removes nothing without a limit", "[artifact]") {
    const ScratchDirectory dir;
    put_aged(dir, "predictions_a.csv", 1000 * hour);
    CHECK(prune_artifacts(dir.path(), {}).removed.empty());
    CHECK(dir.names().size() == 1);
}

TEST_CASE("prune_artifacts: removes artifacts older than the limit, each after its sidecar", "[artifact]") {
    const ScratchDirectory dir;
    put_aged(dir, "predictions_old.csv", 3 * hour, "123");
    put_aged(dir, "predictions_old.csv-metadata.json", 3 * hour, "12");
    put_aged(dir, "predictions_older.csv", 4 * hour, "1");
    put_aged(dir, "predictions_young.csv", hour, "1");
    put_aged(dir, "predictions_young.csv-metadata.json", 9 * hour, "1");
    const CleanupReport swept = prune_artifacts(dir.path(), {.max_age = std::chrono::seconds(2 * hour)});
    CHECK(swept.removed == std::vector<std::string>{"predictions_older.csv", "predictions_old.csv-metadata.json",
                                                    "predictions_old.csv"});
    CHECK(swept.bytes == 6);
    CHECK(dir.names() == std::vector<std::string>{"predictions_young.csv", "predictions_young.csv-metadata.json"});
}

TEST_CASE("prune_artifacts: removes the oldest until number and bytes keep their limits", "[artifact]") {
    const ScratchDirectory dir;
    const std::string block(1000, 'x');
    for (int i = 0; i < 10; ++i) put_aged(dir, "predictions_" + std::to_string(i) + ".csv", (10 - i) * hour, block);
    CHECK(prune_artifacts(dir.path(), {.max_files = 8}).removed ==
          std::vector<std::string>{"predictions_0.csv", "predictions_1.csv"});
    CHECK(prune_artifacts(dir.path(), {.max_total_bytes = 5999}).removed ==
          std::vector<std::string>{"predictions_2.csv", "predictions_3.csv", "predictions_4.csv"});
    CHECK(prune_artifacts(dir.path(), {.max_total_bytes = 5000, .max_files = 5}).removed.empty());
    CHECK(prune_artifacts(dir.path(),
                          {.max_age = std::chrono::seconds(9 * hour / 2), .max_total_bytes = 9000, .max_files = 4})
              .removed == std::vector<std::string>{"predictions_5.csv"});
    CHECK(dir.names().size() == 4);
    CHECK(prune_artifacts(dir.path(), {.max_files = 0}).removed.size() == 4);
    CHECK(dir.names().empty());
}

TEST_CASE("prune_artifacts: takes files of any time, also before 1970", "[artifact]") {
    const ScratchDirectory dir;
    const auto put = [&](std::string_view name, std::int64_t seconds) {
        dir.put(name, "x");
        REQUIRE(set_modified(dir / name, seconds, 7));
    };
    put("predictions_1600.csv", -11'676'096'000);  // where the file system keeps such times
    put("predictions_1969.csv", -1);
    put("predictions_2001.csv", 1'000'000'000);
    put("predictions_2400.csv", 13'569'465'600);
    CHECK(prune_artifacts(dir.path(), {.max_age = std::chrono::seconds(10'000'000'000)}).removed.size() <= 1);
    CHECK(dir.names().back() == "predictions_2400.csv");
    prune_artifacts(dir.path(), {.max_files = 3});
    CHECK(dir.names() ==
          std::vector<std::string>{"predictions_1969.csv", "predictions_2001.csv", "predictions_2400.csv"});
    CHECK(prune_artifacts(dir.path(), {.max_age = std::chrono::seconds(0)}).removed.size() == 2);
    CHECK(dir.names() == std::vector<std::string>{"predictions_2400.csv"});
}

TEST_CASE("prune_artifacts: touches only complete artifacts", "[artifact]") {
    const ScratchDirectory dir;
    const std::vector<std::string> bystanders = {
        "predictions_.csv",
        "predictions_a.CSV",
        "Predictions_a.csv",
        "predictions_a.csv.bak",
        "predictions_a b.csv",
        "predictions_a.json",
        "xpredictions_a.csv",
        "predictions_.a.csv",
        "predictions_a..csv",
        "predictions_nul.csv",
        "predictions_",
        "predictions.csv",
        "data.csv",
        ".predictions_a.csv",
#if !defined(_WIN32)  // where names are UTF-16
        "predictions_\xFF.csv",
#endif
        "predictions_a.csv-metadata.json",  // its artifact is gone or yet to come
        ".predictions_a.1-0123456789abcdef.tmp",
    };
    for (const std::string& name : bystanders) put_aged(dir, name, 1000 * hour);
    REQUIRE((make_link("data.csv", dir / "predictions_link.csv") || on_windows));
    std::filesystem::create_directory(dir / "predictions_directory.csv");
    const std::size_t before = dir.names().size();
    curtail::AtomicFile being_written(curtail::artifact_path(dir.path(), "new"));
    being_written.open();
    CHECK(prune_artifacts(dir.path(), {.max_age = std::chrono::seconds(0), .max_total_bytes = 0, .max_files = 0})
              .removed.empty());
    being_written.write(std::string_view("x\n"));
    being_written.commit();
    CHECK(dir.names().size() == before + 1);
    CHECK(dir.read("predictions_new.csv") == "x\n");
}

TEST_CASE("prune_artifacts: keeps a file that took an old one's place in between", "[artifact]") {
    // Every look-up after the first finds another file of the same name.
    struct Replaced : LocalSystem {
        std::uint64_t looks = 0;
        int look_up(int dir, const char* name, curtail::detail::FileEntry& entry) noexcept {
            const int result = LocalSystem::look_up(dir, name, entry);
            entry.inode += looks++;
            return result;
        }
    };
    const ScratchDirectory dir;
    put_aged(dir, "predictions_a.csv", hour);
    const CleanupReport swept = curtail::detail::prune_artifacts(dir.path(), {.max_files = 0}, Replaced());
    CHECK(swept.removed.empty());
    CHECK(swept.failed.empty());
    CHECK(dir.names().size() == 1);
}

TEST_CASE("prune_artifacts: reports a refused removal, goes on, and keeps an artifact whose sidecar stays",
          "[artifact]") {
    struct Refusing : LocalSystem {
        static int remove(int dir, const char* name) noexcept {
            if (std::string_view(name).find("-metadata.json") == std::string_view::npos) {
                return LocalSystem::remove(dir, name);
            }
            errno = EPERM;
            return -1;
        }
    };
    const ScratchDirectory dir;
    put_aged(dir, "predictions_a.csv", 2 * hour);
    put_aged(dir, "predictions_a.csv-metadata.json", 2 * hour);
    put_aged(dir, "predictions_b.csv", hour);
    const CleanupReport swept = curtail::detail::prune_artifacts(dir.path(), {.max_files = 0}, Refusing());
    CHECK(swept.removed == std::vector<std::string>{"predictions_b.csv"});
    CHECK(swept.failed == std::vector<std::string>{"predictions_a.csv-metadata.json"});
    CHECK(dir.names() == std::vector<std::string>{"predictions_a.csv", "predictions_a.csv-metadata.json"});
}

TEST_CASE("prune_artifacts: throws no_directory if the directory cannot be read", "[artifact]") {
    const ScratchDirectory dir;
    try {
        (void)remove_stale_artifacts(dir / "missing", std::chrono::seconds(0));
        FAIL("no error");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == curtail::ErrorCode::no_directory);
        CHECK(error.path() == dir / "missing");
    }
    CHECK_THROWS_AS(prune_artifacts(dir / "missing", {.max_files = 0}), curtail::ArtifactError);
#if !defined(_WIN32)  // where a path is UTF-16
    CHECK(prune_artifacts(std::filesystem::path(dir.path()), {.max_files = 0}).removed.empty());
#endif
}
