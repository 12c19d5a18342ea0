// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// Housekeeping under every fault, and with a run that publishes between any two of its calls.
#include <curtail/artifact/housekeeping.hpp>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"
#include "seed.hpp"

namespace {

using curtail::CleanupReport;

struct Machine {
    bool has_rename_exclusive;
    bool has_link;
};
constexpr Machine machines[] = {{true, true}, {false, true}, {false, false}};

Script script_of(const Machine& machine) {
    Script script;
    script.has_rename_exclusive = machine.has_rename_exclusive;
    script.has_link = machine.has_link;
    return script;
}

void put_aged(const ScratchDirectory& dir, std::string_view name, std::int64_t seconds) {
    dir.put(name, "old");
    REQUIRE(set_modified(dir / name, seconds));
}

// Two old artifacts, of which the limits allow one.
void put_old(const ScratchDirectory& dir) {
    for (const std::string& left : dir.names()) std::filesystem::remove(dir / left);
    put_aged(dir, "predictions_a.csv", 1000);
    put_aged(dir, "predictions_a.csv-metadata.json", 1000);
    put_aged(dir, "predictions_b.csv", 2000);
}

CleanupReport prune(const ScratchDirectory& dir, Script& script) {
    return curtail::detail::prune_artifacts(dir.path(), {.max_files = 1}, ScriptedSystem(&script));
}

// Publishes a new result under the old one's names.
void publish(const ScratchDirectory& dir) {
    for (const char* name : {"predictions_a.csv-metadata.json", "predictions_a.csv"}) {
        dir.put("new", "new");
        std::filesystem::rename(dir / "new", dir / name);
    }
}

bool is_removed(const CleanupReport& report, std::string_view name) {
    return std::find(report.removed.begin(), report.removed.end(), name) != report.removed.end();
}

bool has(const ScratchDirectory& dir, std::string_view name) {
    return std::filesystem::exists(dir / name);
}

}  // namespace

TEST_CASE("prune_artifacts: a result that is published between any two of its calls stays", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        bool met = true;
        for (int k = 0; met; ++k) {
            put_old(dir);
            Script script = script_of(machine);
            met = false;
            script.on_call = [&](int index) {
                if (index != k) return;
                met = true;
                publish(dir);
            };
            const CleanupReport report = prune(dir, script);
            INFO("published before call " << k << (met ? "" : ", which never came"));
            CHECK(report.failed.empty());
            if (met) REQUIRE(dir.read("predictions_a.csv") == "new");
            if (met) REQUIRE(dir.read("predictions_a.csv-metadata.json") == "new");
            if (!met) CHECK(report.removed.size() == 2);
            REQUIRE(has(dir, "predictions_b.csv") == !is_removed(report, "predictions_b.csv"));
            for (const std::string& name : dir.names()) REQUIRE(name.front() == 'p');
            REQUIRE(script.open_descriptors == 0);
        }
    }
}

#if !defined(_WIN32)  // for want of fork()
TEST_CASE("prune_artifacts: killed at any moment, it has lost nothing that was published meanwhile", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    std::uint64_t part = 0;
    for (const Machine& machine : machines) {
        const Sweep sweep = sweep_of(part++);
        bool killed = true;
        for (int k = sweep.first; killed; k += sweep.step) {
            for (int published = 0; published <= k; ++published) {
                put_old(dir);
                const pid_t child = ::fork();
                if (child == 0) {
                    Script script = script_of(machine);
                    script.kill_at = k;
                    bool met = false;
                    script.on_call = [&](int index) {
                        if (index != published) return;
                        met = true;
                        publish(dir);
                    };
                    (void)prune(dir, script);
                    ::_exit(met ? 0 : 1);
                }
                int status = 0;
                REQUIRE(::waitpid(child, &status, 0) == child);
                killed = WIFSIGNALED(status);
                INFO("published before call " << published << ", killed before call " << k);
                Script next = script_of(machine);
                (void)curtail::detail::prune_artifacts(dir.path(), {}, ScriptedSystem(&next));
                for (const std::string& name : dir.names()) REQUIRE(name.front() == 'p');
                // Killed, or at its end, before it was published.
                if (published == k || (WIFEXITED(status) && WEXITSTATUS(status) == 1)) continue;
                REQUIRE(dir.read("predictions_a.csv") == "new");
                REQUIRE(dir.read("predictions_a.csv-metadata.json") == "new");
            }
        }
    }
}
#endif

TEST_CASE("prune_artifacts: whichever call fails, what is not reported as removed is there", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const bool acts : {false, true}) {
            for (const int error : {EIO, EPERM, ENOENT}) {
                bool injected = true;
                for (int k = 0; injected; ++k) {
                    put_old(dir);
                    Script script = script_of(machine);
                    script.fail_from = k;
                    script.fail_until = k + 1;
                    script.error = error;
                    script.acts = acts;
                    CleanupReport report;
                    try {
                        report = prune(dir, script);
                    } catch (const curtail::ArtifactError&) {
                    }
                    injected = k < static_cast<int>(script.calls.size());
                    INFO("call " << k << " ("
                                 << script.calls[std::min<std::size_t>(script.calls.size() - 1, std::size_t(k))]
                                 << ") fails with errno " << error << ", acts " << acts);
                    (void)curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0));
                    for (const char* name :
                         {"predictions_a.csv", "predictions_a.csv-metadata.json", "predictions_b.csv"}) {
                        REQUIRE(has(dir, name) != is_removed(report, name));
                    }
                    for (const std::string& name : dir.names()) REQUIRE(name.front() == 'p');
                    REQUIRE(script.open_descriptors == 0);
                }
            }
        }
    }
}
