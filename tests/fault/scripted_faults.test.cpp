// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

#include <curtail/artifact/atomic_file.hpp>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/housekeeping.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using ScriptedFile = curtail::BasicAtomicFile<ScriptedSystem>;

constexpr std::string_view name = "predictions_job_1.csv";
constexpr std::string_view old_bytes = "the old file\n";
const std::string new_bytes = "a,prediction\n1,0.5\n2,0.25\n";

struct Outcome {
    std::optional<curtail::ArtifactError> error;
    bool published = false;
};

Outcome run(const ScratchDirectory& dir, Script& script, curtail::AtomicFileOptions options) {
    ScriptedFile file(dir / name, options, ScriptedSystem(&script));
    Outcome outcome;
    try {
        file.open();
        file.write(std::string_view(new_bytes).substr(0, 13));
        file.write(std::string_view(new_bytes).substr(13, 1));
        file.write(std::string_view(new_bytes).substr(14));
        file.commit();
    } catch (const curtail::ArtifactError& error) {
        outcome.error = error;
    }
    outcome.published = file.published();
    return outcome;
}

struct Machine {
    std::string_view what;
    bool has_unnamed;
    bool has_rename_exclusive;
};

constexpr Machine machines[] = {
    {"unnamed files", true, true},
    {"no unnamed files", false, true},
#if !defined(_WIN32)  // which always has the rename, and keeps the name of a link while the file is open
    {"neither unnamed files nor an exclusive rename", false, false},
#endif
};

#if defined(EDQUOT)
constexpr int quota = EDQUOT;
#else
constexpr int quota = ENOSPC;
#endif

curtail::ErrorCode expected_code(int error) {
    switch (error) {
        case ENOSPC:
#if defined(EDQUOT)
        case EDQUOT:
#endif
        case EFBIG: return curtail::ErrorCode::no_space;
        case EACCES:
        case EPERM:
        case EROFS: return curtail::ErrorCode::no_permission;
        case ENOENT:
        case ENOTDIR: return curtail::ErrorCode::no_directory;
        case EEXIST: return curtail::ErrorCode::artifact_exists;
        default: return curtail::ErrorCode::io_failed;
    }
}

}  // namespace

TEST_CASE("AtomicFile: whichever call fails, the file is complete under its name or absent, and no temporary is left",
          "[fault]") {
    using curtail::Durability;
    using curtail::OnExists;
    std::vector<std::pair<int, bool>> faults;
    for (const int error :
         {ENOSPC, EIO, quota, EINTR, EFBIG, EACCES, EPERM, EROFS, ENOENT, EMFILE, ENOMEM, EINVAL, ENOSYS, EEXIST, 0}) {
        faults.emplace_back(error, false);
    }
    for (const int error : {EIO, EEXIST, ENOENT, EINTR}) faults.emplace_back(error, true);
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    int runs = 0;
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            for (const Durability durability : {Durability::none, Durability::data, Durability::full}) {
                for (const std::uint64_t reserve : {std::uint64_t{0}, std::uint64_t{4096}}) {
                    for (const auto& [error, acts] : faults) {
                        bool injected = true;
                        for (int k = 0; injected; ++k, ++runs) {
                            Script script;
                            script.acts = acts;
                            script.has_unnamed = machine.has_unnamed;
                            script.has_rename_exclusive = machine.has_rename_exclusive;
                            script.fail_from = k;
                            script.fail_until = k + 1;
                            script.error = error;
                            if (on_exists == OnExists::replace) dir.put(name, old_bytes);
                            const Outcome outcome = run(
                                dir, script, {.on_exists = on_exists, .durability = durability, .reserve = reserve});
                            injected = k < static_cast<int>(script.calls.size());
                            const std::string call(injected ? script.calls[static_cast<std::size_t>(k)] : "none");
                            const std::string found = dir.read(name);
                            const std::vector<std::string> names = dir.names();
                            INFO(machine.what << ", call " << k << " (" << call << ") fails with errno " << error
                                              << (acts ? " after its work" : "") << ", replace "
                                              << (on_exists == OnExists::replace) << ", durability "
                                              << static_cast<int>(durability) << ", reserve " << reserve);
                            REQUIRE(script.open_descriptors == 0);
                            // Only the final name may exist.
                            if (acts && call == "open_exclusive" && error == EEXIST) {
                                for (const std::string& left : names) {
                                    if (left != name) std::filesystem::remove(dir / left);
                                }
                            } else if (outcome.published || on_exists == OnExists::replace) {
                                REQUIRE(names == std::vector<std::string>{std::string(name)});
                            } else {
                                REQUIRE(names.empty());
                            }
                            if (outcome.published) REQUIRE(found == new_bytes);
                            if (!outcome.published && on_exists == OnExists::replace) REQUIRE(found == old_bytes);
                            // There is one sync, failed or not.
                            REQUIRE(script.count("sync_data") + script.count("sync_all") <= 1);
                            REQUIRE(script.count("sync_directory") <= 1);
                            // What was not published is not there, whatever a call said.
                            if (on_exists == OnExists::error) REQUIRE(outcome.published == (found == new_bytes));
                            if (acts && (call == "link_unnamed" || call == "rename_exclusive" || call == "rename" ||
                                         call == "link")) {
                                REQUIRE_FALSE(outcome.error);
                            }
                            // A published file is an error only if it replaced another and may not be on the disk.
                            if (outcome.error && outcome.published) REQUIRE(on_exists == OnExists::replace);
                            if (outcome.error) {
                                REQUIRE(injected);
                                REQUIRE(outcome.error->path() == dir / name);
                                REQUIRE_FALSE(outcome.error->operation().empty());
                                if (error == 0 && call != "write") continue;  // no such answer
                                REQUIRE(outcome.error->system_error() == error);
                                REQUIRE(outcome.error->code() == expected_code(error));
                            } else {
                                REQUIRE(outcome.published);
                            }
                            if (outcome.published) std::filesystem::remove(dir / name);
                        }
                    }
                }
            }
        }
    }
    CHECK(runs > 5000);
}

TEST_CASE("AtomicFile: when every call fails from some point on, no incomplete file has the final name", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const int error : {ENOSPC, EIO, EACCES}) {
            std::size_t calls = SIZE_MAX;
            for (int k = 0; static_cast<std::size_t>(k) < calls; ++k) {
                Script script;
                script.has_unnamed = machine.has_unnamed;
                script.has_rename_exclusive = machine.has_rename_exclusive;
                script.fail_from = k;
                script.fail_until = 1'000'000;
                script.error = error;
                const Outcome outcome = run(dir, script, {});
                calls = script.calls.size();
                INFO(machine.what << ", from call " << k << " on, errno " << error);
                REQUIRE(script.open_descriptors == 0);
                if (std::filesystem::exists(dir / name)) REQUIRE(dir.read(name) == new_bytes);
                REQUIRE(std::filesystem::exists(dir / name) == outcome.published);
                for (const std::string& left : dir.names()) std::filesystem::remove(dir / left);
            }
        }
    }
}

#if !defined(_WIN32)  // for want of fork()
TEST_CASE(
    "AtomicFile: a process killed before any call leaves the complete file or none, and the rest can be cleaned up",
    "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const curtail::OnExists on_exists : {curtail::OnExists::error, curtail::OnExists::replace}) {
            bool killed = true;
            bool seen_absent = false;
            for (int k = 0; killed; ++k) {
                Script script;
                script.has_unnamed = machine.has_unnamed;
                script.has_rename_exclusive = machine.has_rename_exclusive;
                script.kill_at = k;
                if (on_exists == curtail::OnExists::replace) dir.put(name, old_bytes);
                const pid_t child = ::fork();
                if (child == 0) ::_exit(run(dir, script, {.on_exists = on_exists}).error ? 1 : 0);
                int status = 0;
                REQUIRE(::waitpid(child, &status, 0) == child);
                killed = WIFSIGNALED(status);
                INFO(machine.what << ", killed before call " << k);
                const curtail::CleanupReport swept =
                    curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0));
                REQUIRE(swept.removed.size() <= 2);  // a temporary name is tried out by a link to another
                const std::string found = dir.read(name);
                if (on_exists == curtail::OnExists::replace) REQUIRE((found == old_bytes || found == new_bytes));
                if (on_exists == curtail::OnExists::error) REQUIRE((found.empty() || found == new_bytes));
                if (!killed) REQUIRE(found == new_bytes);
                seen_absent = seen_absent || found != new_bytes;
                for (const std::string& left : dir.names()) {
                    REQUIRE(left == name);
                    std::filesystem::remove(dir / left);
                }
            }
            CHECK(seen_absent);
        }
    }
}
#endif

TEST_CASE("AtomicFile: signals and one-byte writes change nothing in the file", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const std::size_t max_write : {std::size_t{1}, std::size_t{7}}) {
            for (const bool storm : {false, true}) {
                Script script;
                script.has_unnamed = machine.has_unnamed;
                script.has_rename_exclusive = machine.has_rename_exclusive;
                script.max_write = max_write;
                script.storm = storm;
                const Outcome outcome = run(dir, script, {});
                CHECK_FALSE(outcome.error);
                CHECK(dir.read(name) == new_bytes);
                CHECK(script.count("write") >= static_cast<int>(new_bytes.size() / max_write));
                std::filesystem::remove(dir / name);
            }
        }
    }
}

TEST_CASE("AtomicFile: a write that takes nothing is an error, not an endless loop", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    script.only = "write";
    script.error = 0;
    const Outcome outcome = run(dir, script, {});
    REQUIRE(outcome.error);
    CHECK(outcome.error->code() == curtail::ErrorCode::io_failed);
    CHECK(outcome.error->operation() == "write");
    CHECK(outcome.error->system_error() == 0);
    CHECK(script.count("write") == 1);
    CHECK(dir.names().empty());
}

TEST_CASE("AtomicFile: does not repeat a failed sync and publishes nothing", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const int error : {EIO, ENOSPC, quota, EINTR}) {
            Script script;
            script.has_unnamed = machine.has_unnamed;
            script.has_rename_exclusive = machine.has_rename_exclusive;
            script.only = "sync_data";
            script.error = error;
            const Outcome outcome = run(dir, script, {});
            REQUIRE(outcome.error);
            CHECK(outcome.error->operation() == "sync");
            CHECK(outcome.error->system_error() == error);
            CHECK(script.count("sync_data") == 1);
            CHECK(script.count("link_unnamed") + script.count("rename_exclusive") + script.count("link") == 1);
            CHECK(dir.names().empty());
        }
    }
}

TEST_CASE("AtomicFile: if the directory cannot be synced, the file is taken back, or stays where it replaced another",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    script.only = "sync_directory";
    script.error = EIO;
    const Outcome outcome = run(dir, script, {});
    REQUIRE(outcome.error);
    CHECK_FALSE(outcome.published);
    CHECK(outcome.error->operation() == "sync directory");
    CHECK(std::string(outcome.error->what()).find("nothing was published") != std::string::npos);
    CHECK(dir.names().empty());
    CHECK(script.count("sync_directory") == 1);

    dir.put(name, old_bytes);
    const Outcome replacing = run(dir, script, {.on_exists = curtail::OnExists::replace});
    REQUIRE(replacing.error);
    CHECK(replacing.published);
    CHECK(std::string(replacing.error->what()).find("the complete file is in place") != std::string::npos);
    CHECK(dir.read(name) == new_bytes);
}

TEST_CASE("AtomicFile: if it cannot be found out whether a call acted, the error says so", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const bool acts : {false, true}) {
        Script script;
        script.error = EIO;
        script.acts = acts;
        script.on_call = [&](int index) {
            // The last naming call, and the look at what it did.
            if (script.calls.back() != "link_unnamed" || script.count("link_unnamed") != 2) return;
            script.fail_from = index;
            script.fail_until = index + 2;
        };
        const Outcome outcome = run(dir, script, {});
        REQUIRE(outcome.error);
        CHECK(std::string(outcome.error->what()).find("could not be found out") != std::string::npos);
        CHECK(dir.read(name) == (acts ? new_bytes : ""));
        std::filesystem::remove(dir / name);
    }
}

TEST_CASE("AtomicFile: a file system that cannot sync directories is not a reason to fail", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    script.only = "sync_directory";
    script.error = EINVAL;
    CHECK_FALSE(run(dir, script, {}).error);
    CHECK(dir.read(name) == new_bytes);
}

TEST_CASE("AtomicFile: each fallback is taken where the file system lacks the better way", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script unnamed;
    CHECK_FALSE(run(dir, unnamed, {}).error);
    CHECK(unnamed.count("link_unnamed") == 2);  // one of them tries
    CHECK(unnamed.count("open_exclusive") == 0);
    std::filesystem::remove(dir / name);

    Script named;
    named.has_unnamed = false;
    CHECK_FALSE(run(dir, named, {}).error);
    CHECK(named.count("open_exclusive") == 1);
    CHECK(named.count("rename_exclusive") == 2);
    CHECK(named.count("link") == 0);
    std::filesystem::remove(dir / name);

    Script linked;
    linked.has_unnamed = false;
    linked.has_rename_exclusive = false;
    CHECK_FALSE(run(dir, linked, {}).error);
    CHECK(linked.count("link") == 2);
    CHECK(linked.count("remove") == 2);
    std::filesystem::remove(dir / name);

    Script nothing;
    nothing.has_unnamed = false;
    nothing.has_rename_exclusive = false;
    nothing.has_link = false;
    const Outcome outcome = run(dir, nothing, {});
    REQUIRE(outcome.error);
    CHECK(outcome.error->code() == curtail::ErrorCode::io_failed);
    CHECK(std::string(outcome.error->what()).find("set on_exists to replace") != std::string::npos);
    CHECK(nothing.count("write") == 0);
    CHECK(dir.names().empty());
    CHECK_FALSE(run(dir, nothing, {.on_exists = curtail::OnExists::replace}).error);
    CHECK(dir.read(name) == new_bytes);
}

TEST_CASE("AtomicFile: what a directory refuses is done in another way, or refused before the first byte", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const curtail::OnExists on_exists : {curtail::OnExists::error, curtail::OnExists::replace}) {
        for (const bool has_unnamed : {true, false}) {
            for (const std::string_view call :
                 {"open_directory", "look_up", "open_unnamed", "open_exclusive", "link_unnamed", "link", "rename",
                  "rename_exclusive", "lock", "check_mode", "set_mode", "check_replaceable", "remove", "describe"}) {
                for (const int error : {EPERM, EACCES, ENOSYS, ENOTSUP, EROFS, EINVAL}) {
                    Script script;
                    script.has_unnamed = has_unnamed;
                    script.only = call;
                    script.error = error;
                    if (on_exists == curtail::OnExists::replace) dir.put(name, old_bytes);
                    const Outcome outcome = run(dir, script, {.on_exists = on_exists, .mode = 0644});
                    INFO(call << " always fails with errno " << error << ", unnamed " << has_unnamed << ", replace "
                              << (on_exists == curtail::OnExists::replace));
                    CHECK(outcome.published == !outcome.error);
                    if (outcome.error) CHECK(script.count("write") == 0);
                    if (!outcome.error) CHECK(dir.read(name) == new_bytes);
                    for (const std::string& left : dir.names()) std::filesystem::remove(dir / left);
                }
            }
        }
    }
}

TEST_CASE("AtomicFile: durability says which syncs are made", "[fault]") {
    using curtail::Durability;
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Durability durability : {Durability::none, Durability::data, Durability::full}) {
        Script script;
        CHECK_FALSE(run(dir, script, {.durability = durability}).error);
        CHECK(script.count("sync_data") == (durability == Durability::data ? 1 : 0));
        CHECK(script.count("sync_all") == (durability == Durability::full ? 1 : 0));
        CHECK(script.count("sync_directory") == (durability == Durability::none ? 0 : 1));
        std::filesystem::remove(dir / name);
    }
}

TEST_CASE("AtomicFile: a relative path in a removed directory is an error at construction", "[fault]") {
    Script script;
    script.only = "current_directory";
    script.error = ENOENT;
    try {
        const ScriptedFile file("relative.csv", {}, ScriptedSystem(&script));
        FAIL("no error");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == curtail::ErrorCode::no_directory);
        CHECK(error.operation() == "find current directory");
    }
}
