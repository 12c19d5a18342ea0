// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// A part under every fault: file and summary are always of one attempt, nothing is seen that is not committed, and the
// next attempt goes on.
#include <curtail/artifact/part_file.hpp>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>

#include "fault/in_child.hpp"
#endif

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/housekeeping.hpp>
#include <curtail/artifact/parts/parts_job.hpp>
#include <curtail/artifact/parts_directory.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::PartsDirectory;
using ScriptedPart = curtail::BasicPartFile<ScriptedSystem>;
using ScriptedJob = curtail::detail::PartsJob<ScriptedSystem>;
using Names = std::vector<std::string>;

struct Machine {
    bool has_unnamed;
    bool has_rename_exclusive;
    bool has_link;
    bool has_lock;
};
constexpr Machine machines[] = {
    {true, true, true, true}, {false, true, true, true}, {false, false, true, false}, {false, true, false, true}};

Script script_of(const Machine& machine) {
    Script script;
    script.has_unnamed = machine.has_unnamed;
    script.has_rename_exclusive = machine.has_rename_exclusive;
    script.has_link = machine.has_link;
    script.has_lock = machine.has_lock;
    return script;
}

const std::string job = "a";

// Every attempt writes other bytes, as a model does that is not deterministic.
std::string bytes_of(int attempt) {
    return "n\n" + std::to_string(attempt) + "\n";
}

void attempt_part(ScriptedPart& part, int attempt) {
    part.open();
    part.write(bytes_of(attempt));
    part.commit_part({.path = {}, .format = "csv", .rows = 1}, std::to_string(attempt));
}

void clear(const ScratchDirectory& dir) {
    for (const std::string& left : dir.names()) std::filesystem::remove_all(dir / left);
}

// Returns the attempt whose part is committed, and 0 if none is. Checks that all that is seen is of it.
int winner_of(const ScratchDirectory& dir) {
    const bool committed = std::filesystem::exists(dir / "predictions_a/.part-00000.summary");
    const bool seen = std::filesystem::exists(dir / "predictions_a/part-00000.csv");
    if (!committed) REQUIRE_FALSE(seen);
    if (!committed) return 0;
    const std::string record = dir.read("predictions_a/.part-00000.summary");
    const int winner = record.back() - '0';
    if (seen) REQUIRE(dir.read("predictions_a/part-00000.csv") == bytes_of(winner));
    return winner;
}

// Runs the part again on a machine without faults, and ends the job. Returns whose part it has.
int finish(const ScratchDirectory& dir) {
    const PartsDirectory parts(dir.path(), job, {.durability = curtail::Durability::none});
    int winner = 3;
    try {
        curtail::PartFile part = parts.file(0, 1);
        part.open();
        part.write(bytes_of(3));
        part.commit_part({.path = {}, .format = "csv", .rows = 1}, "3");
    } catch (const curtail::PartTaken& taken) {
        winner = std::stoi(taken.summary());
    }
    REQUIRE(winner_of(dir) == winner);
    REQUIRE(parts.finish(1, curtail::PartsCheck::contents).bytes == 4);
    REQUIRE(dir.read("predictions_a/part-00000.csv") == bytes_of(winner));
    // What killed attempts left is found.
    (void)curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0), curtail::LivenessCheck::age_only);
    REQUIRE(ScratchDirectory::names_in(dir / "predictions_a") ==
            Names{".part-00000.summary", ".parts", "_SUCCESS", "part-00000.csv"});
    return winner;
}

}  // namespace

TEST_CASE("PartFile: whichever call fails, the part is committed or not, and the next attempt goes on", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const bool acts : {false, true}) {
            for (const int error : {EIO, EEXIST, ENOENT, ENOSPC, EACCES, EINTR}) {
                if (&machine != &machines[0] && error != EIO) continue;
                bool injected = true;
                for (int k = 0; injected; ++k) {
                    clear(dir);
                    Script script = script_of(machine);
                    script.fail_from = k;
                    script.fail_until = k + 1;
                    script.error = error;
                    script.acts = acts;
                    bool thrown = false;
                    bool committed = false;
                    try {
                        ScriptedPart part(dir.path(), job, 0, 1, {.reserve = 1}, ScriptedSystem(&script));
                        part.limit_threads(1);
                        try {
                            attempt_part(part, 1);
                        } catch (const curtail::ArtifactError&) {
                            thrown = true;
                        }
                        committed = part.committed();
                    } catch (const curtail::ArtifactError&) {
                        thrown = true;  // construction looks for the current directory on Windows
                    }
                    injected = k < static_cast<int>(script.calls.size());
                    INFO("call " << k << " ("
                                 << script.calls[std::min<std::size_t>(script.calls.size() - 1, std::size_t(k))]
                                 << ") fails with errno " << error << ", acts " << acts << ", thrown " << thrown);
                    REQUIRE(script.open_descriptors == 0);
                    if (!thrown) REQUIRE(committed);
                    const int winner = winner_of(dir);
                    if (committed) REQUIRE(winner == 1);
                    if (!thrown) REQUIRE(std::filesystem::exists(dir / "predictions_a/part-00000.csv"));
                    REQUIRE(finish(dir) == (winner == 1 ? 1 : 3));
                }
            }
        }
    }
}

TEST_CASE("PartFile: a part that fails leaves no file, unless it is unknown whether it is committed", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        bool injected = true;
        for (int k = 0; injected; ++k) {
            clear(dir);
            Script script = script_of(machine);
            script.fail_from = k;
            script.fail_until = k + 1;
            script.error = EIO;
            bool thrown = false;
            bool committed = false;
            try {
                ScriptedPart part(dir.path(), job, 0, 1, {}, ScriptedSystem(&script));
                part.limit_threads(1);
                try {
                    attempt_part(part, 1);
                } catch (...) {
                    committed = part.committed();
                    throw;
                }
            } catch (const curtail::ArtifactError&) {
                thrown = true;
            }
            injected = k < static_cast<int>(script.calls.size());
            if (!thrown || committed) continue;
            INFO("call " << k << " (" << script.calls[std::size_t(k)] << ")");
            if (!std::filesystem::exists(dir / "predictions_a")) continue;
            for (const std::string& name : ScratchDirectory::names_in(dir / "predictions_a"))
                REQUIRE((name == ".parts" || on_wine()));  // which forgets the device of an open file that was renamed
        }
    }
}

#if !defined(_WIN32)  // for want of fork()
TEST_CASE("PartFile: killed at any moment, the next attempt goes on with what is there", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : {machines[0], machines[1]}) {
        bool killed = true;
        bool has_won = false;
        bool has_lost = false;
        for (int k = 0; killed; ++k) {
            clear(dir);
            const int status = in_child([&] {
                Script script = script_of(machine);
                script.kill_at = k;
                ScriptedPart part(dir.path(), job, 0, 1, {}, ScriptedSystem(&script));
                part.limit_threads(1);
                attempt_part(part, 1);
                return 0;
            });
            killed = status != 0;
            INFO("killed before call " << k);
            REQUIRE((status == 0 || status == 1000 + SIGKILL));
            const int winner = winner_of(dir);
            REQUIRE(finish(dir) == (winner == 1 ? 1 : 3));
            has_won = has_won || (killed && winner == 1);
            has_lost = has_lost || winner == 0;
        }
        CHECK(has_won);
        CHECK(has_lost);
    }
}

TEST_CASE("PartFile: processes that race for parts commit each once, and all go on with the same summaries",
          "[fault]") {
    constexpr int processes = 4;
    constexpr std::uint64_t count = 12;
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (int round = 0; round < 3; ++round) {
        clear(dir);
        std::vector<pid_t> children;
        for (int process = 1; process <= processes; ++process) {
            const pid_t child = ::fork();
            if (child == 0) {
                std::string seen;
                try {
                    for (std::uint64_t i = 0; i < count; ++i) {
                        const std::uint64_t number = (i + static_cast<std::uint64_t>(process)) % count;
                        curtail::PartFile part(dir.path(), job, number, count,
                                               {.durability = curtail::Durability::none});
                        try {
                            part.open();
                            part.write(bytes_of(process));
                            part.commit_part({.path = {}, .format = "csv", .rows = 1}, std::to_string(process));
                            seen += std::to_string(number) + " " + std::to_string(process) + "\n";
                        } catch (const curtail::PartTaken& taken) {
                            seen += std::to_string(number) + " " + taken.summary() + "\n";
                        }
                    }
                } catch (const std::exception& error) {
                    seen = error.what();
                }
                dir.put("seen" + std::to_string(process), seen);
                ::_exit(0);
            }
            children.push_back(child);
        }
        for (const pid_t child : children) {
            int status = 0;
            REQUIRE(::waitpid(child, &status, 0) == child);
            REQUIRE(status == 0);
        }
        const PartsDirectory parts(dir.path(), job);
        REQUIRE(parts.finish(count, curtail::PartsCheck::contents).rows == count);
        for (int process = 1; process <= processes; ++process) {
            const std::string seen = dir.read("seen" + std::to_string(process));
            INFO(seen);
            for (std::uint64_t number = 0; number < count; ++number) {
                const std::string summary = *parts.summary(number);
                REQUIRE(("\n" + seen).find("\n" + std::to_string(number) + " " + summary + "\n") != std::string::npos);
                REQUIRE(dir.read("predictions_a/" + curtail::detail::part_stem(number) + ".csv") ==
                        bytes_of(std::stoi(summary)));
            }
        }
        REQUIRE(ScratchDirectory::names_in(dir / "predictions_a").size() == 2 * count + 2);
    }
}
#endif

TEST_CASE("PartFile: housekeeping between any two of its calls takes nothing that is being written", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : {machines[0], machines[1], machines[3]}) {
        bool met = true;
        for (int k = 0; met; ++k) {
            clear(dir);
            Script script = script_of(machine);
            met = false;
            script.on_call = [&](int index) {
                if (index != k) return;
                met = true;
                (void)curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0),
                                                      curtail::LivenessCheck::age_only);
                (void)curtail::prune_artifacts(dir.path(), {.max_age = std::chrono::seconds(0)});
            };
            bool committed = false;
            std::string failure;
            ScriptedPart part(dir.path(), job, 0, 1, {}, ScriptedSystem(&script));
            part.limit_threads(1);
            try {
                attempt_part(part, 1);
                committed = true;
            } catch (const curtail::ArtifactError& error) {
                failure = error.what();  // a temporary file that had no lock at that moment
            }
            INFO("swept before call " << k << ": " << failure);
            REQUIRE(committed == part.committed());
            const bool unnamed = machine.has_unnamed && !on_windows;
            if (unnamed && script.count("lock_shared") != 0 && k > 20) REQUIRE(committed);
            if (committed && !std::filesystem::exists(dir / "predictions_a")) {
                REQUIRE(script.calls[std::size_t(k)] == "close");  // the part is done: nobody writes any more
                continue;
            }
            if (committed) REQUIRE(std::filesystem::exists(dir / "predictions_a/part-00000.csv"));
            const int winner = winner_of(dir);
            REQUIRE(winner == (committed ? 1 : 0));
            REQUIRE(finish(dir) == (committed ? 1 : 3));
        }
    }
}

TEST_CASE("PartsDirectory: whichever call fails, there is a whole manifest or none, and it can be finished",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const bool acts : {false, true}) {
            clear(dir);
            const PartsDirectory parts(dir.path(), job, {.durability = curtail::Durability::none});
            for (std::uint64_t number = 0; number < 2; ++number) {
                curtail::PartFile part = parts.file(number, 2);
                part.open();
                part.write(bytes_of(1));
                part.commit_part({.path = {}, .format = "csv", .rows = 1}, "1");
            }
            (void)parts.finish(2);
            const std::string manifest = dir.read("predictions_a/_SUCCESS");
            bool injected = true;
            for (int k = 0; injected; ++k) {
                std::filesystem::remove(dir / "predictions_a/_SUCCESS");
                Script script = script_of(machine);
                script.fail_from = k;
                script.fail_until = k + 1;
                script.error = EIO;
                script.acts = acts;
                bool thrown = false;
                try {
                    ScriptedJob finishing(ScriptedSystem(&script), dir / "predictions_a", {});
                    finishing.check(2, true);
                    (void)finishing.publish();
                } catch (const curtail::ArtifactError&) {
                    thrown = true;
                }
                injected = k < static_cast<int>(script.calls.size());
                INFO("call " << k << " ("
                             << script.calls[std::min<std::size_t>(script.calls.size() - 1, std::size_t(k))]
                             << ") fails, acts " << acts);
                REQUIRE(script.open_descriptors == 0);
                const std::string there = dir.read("predictions_a/_SUCCESS");
                REQUIRE((there == manifest || (thrown && there.empty())));
                (void)parts.finish(2);
                REQUIRE(dir.read("predictions_a/_SUCCESS") == manifest);
                (void)curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0),
                                                      curtail::LivenessCheck::age_only);
                REQUIRE(ScratchDirectory::names_in(dir / "predictions_a").size() == 6);
            }
        }
    }
}

TEST_CASE("PartsDirectory: the one file is whole or not there, whatever fails and however the kernel copies",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const PartsDirectory parts(dir.path(), job, {.durability = curtail::Durability::none});
    std::string expected = "n\n";
    for (std::uint64_t number = 0; number < 3; ++number) {
        curtail::PartFile part = parts.file(number, 3);
        part.open();
        std::string bytes = "n\n";
        for (int row = 0; row < 1000; ++row) bytes += std::to_string(number) + std::to_string(row) + "\n";
        expected += bytes.substr(2);
        part.write(bytes);
        part.describe_part(2, "\"dialect\": {}");
        part.commit_part({.path = {}, .format = "csv", .rows = 1000}, "1");
    }
    const auto join = [&](Script& script) {
        ScriptedJob joining(ScriptedSystem(&script), dir / "predictions_a", {});
        joining.check(3, false);
        return joining.concatenate({.reserve = 1}).bytes;
    };
    for (const bool copies : {true, false}) {
        Script script;
        script.has_copy = copies;
        script.max_write = 700;  // less than was asked for
        CHECK(join(script) == expected.size());
        CHECK(dir.read("predictions_a.csv") == expected);
        std::filesystem::remove(dir / "predictions_a.csv");
        for (const int error : {EIO, ENOSPC, 0}) {
            bool injected = true;
            for (int k = 0; injected; ++k) {
                Script failing;
                failing.has_copy = copies;
                failing.fail_from = k;
                failing.fail_until = k + 1;
                failing.error = error;
                bool thrown = false;
                try {
                    (void)join(failing);
                } catch (const curtail::ArtifactError&) {
                    thrown = true;
                }
                injected = k < static_cast<int>(failing.calls.size());
                INFO("call " << k << " of " << failing.calls.size() << ", errno " << error);
                REQUIRE(failing.open_descriptors == 0);
                const bool there = std::filesystem::exists(dir / "predictions_a.csv");
                if (!thrown) REQUIRE(there);
                if (there) REQUIRE(dir.read("predictions_a.csv") == expected);
                std::filesystem::remove(dir / "predictions_a.csv");
                REQUIRE(dir.names() == Names{"predictions_a"});
            }
        }
    }
}

TEST_CASE("prune_artifacts: whichever call fails, a directory of parts is whole, gone, or removed by the next sweep",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const bool acts : {false, true}) {
            bool injected = true;
            for (int k = 0; injected; ++k) {
                clear(dir);
                const PartsDirectory parts(dir.path(), job, {.durability = curtail::Durability::none});
                curtail::PartFile part = parts.file(0, 1);
                part.open();
                part.write(bytes_of(1));
                part.commit_part({.path = {}, .format = "csv", .rows = 1}, "1");
                (void)parts.finish(1);
                Script script = script_of(machine);
                script.fail_from = k;
                script.fail_until = k + 1;
                script.error = EIO;
                script.acts = acts;
                curtail::CleanupReport report;
                try {
                    report = curtail::detail::prune_artifacts(dir.path(), {.max_files = 0}, ScriptedSystem(&script));
                } catch (const curtail::ArtifactError&) {
                }
                injected = k < static_cast<int>(script.calls.size());
                INFO("call " << k << " ("
                             << script.calls[std::min<std::size_t>(script.calls.size() - 1, std::size_t(k))]
                             << ") fails, acts " << acts);
                REQUIRE(script.open_descriptors == 0);
                if (std::filesystem::exists(dir / "predictions_a")) {
                    REQUIRE(report.removed.empty());
                    REQUIRE(parts.finish(1, curtail::PartsCheck::contents).bytes == 4);
                } else {
                    REQUIRE_FALSE(
                        curtail::detail::prune_artifacts(dir.path(), {}, curtail::detail::LocalSystem()).failed.size());
                    REQUIRE((dir.names().empty() || dir.names() == Names{"predictions_a"}));
                }
            }
        }
    }
}
