// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/file/background_sync.hpp>
#include <curtail/artifact/system/local_system.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"
#include "seed.hpp"

namespace {

using curtail::Durability;
using ScriptedFile = curtail::BasicAtomicFile<ScriptedSystem>;

constexpr std::size_t window = curtail::detail::BackgroundSync<ScriptedSystem>::window;

struct Outcome {
    std::optional<curtail::ErrorCode> error;
    std::vector<std::string> names;
    std::size_t size = 0;
};

// Writes `windows` windows and a half.
Outcome run(Script& script, Durability durability, std::size_t threads, int windows = 3) {
    static const std::string piece(window / 2, 'x');
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Outcome outcome;
    {
        ScriptedFile file(dir / "a.csv", {.durability = durability}, ScriptedSystem(&script));
        file.limit_threads(threads);
        try {
            file.open();
            for (int i = 0; i < 2 * windows + 1; ++i) file.write(piece);
            file.commit();
        } catch (const curtail::ArtifactError& error) {
            outcome.error = error.code();
        }
    }
    outcome.names = dir.names();
    if (!outcome.names.empty()) outcome.size = dir.read(outcome.names.front()).size();
    return outcome;
}

bool is_sync(std::string_view call) {
    return call == "sync_early" || call == "end_sync" || call == "sync_data" || call == "sync_all";
}

}  // namespace

TEST_CASE("AtomicFile: syncs in the background unless it may not start a thread or need not sync", "[fault]") {
    struct Case {
        Durability durability;
        std::size_t threads;
        bool early;
        std::string_view last;
    };
    const Case cases[] = {{Durability::none, 0, false, ""},         {Durability::data, 1, false, "sync_data"},
                          {Durability::data, 0, true, "sync_data"}, {Durability::data, 4, true, "sync_data"},
                          {Durability::full, 2, true, "sync_all"},  {Durability::full, 1, false, "sync_all"}};
    for (const Case& each : cases) {
        Script script;
        const Outcome outcome = run(script, each.durability, each.threads);
        CHECK_FALSE(outcome.error);
        CHECK(outcome.size == 7 * (window / 2));
        const int early = script.count("sync_early");
        CHECK((early >= 1 && early <= 3) == each.early);
        const bool by_kernel = !each.early && each.durability != Durability::none;
        CHECK(script.count("start_writeback") == 0);
        CHECK(script.count("start_sync") == (by_kernel ? 2 : 0));
        // The file as a whole is synced last, before it gets its name.
        CHECK(script.count("sync_data") + script.count("sync_all") == (each.last.empty() ? 0 : 1));
        if (!each.last.empty()) {
            const auto last = std::find(script.calls.begin(), script.calls.end(), each.last);
            CHECK(std::find(last, script.calls.end(), "link_unnamed") != script.calls.end());
            CHECK(std::find(last, script.calls.end(), "sync_early") == script.calls.end());
            CHECK(std::find(last, script.calls.end(), "end_sync") == script.calls.end());
        }
        CHECK(script.open_queues == 0);
    }
}

TEST_CASE("AtomicFile: a sync that fails in the background ends the run, and none is tried again", "[fault]") {
    for (const std::size_t threads : {0U, 1U}) {
        for (const int error : {EIO, ENOSPC, EINTR}) {
            for (int k = 0;; ++k) {
                Script script;
                script.error = error;
                int syncs = 0;
                // The k-th sync fails, whichever call it is by then.
                script.on_call = [&](int index) {
                    const std::scoped_lock lock(*script.mutex);
                    if (is_sync(script.calls[static_cast<std::size_t>(index)]) && syncs++ == k) {
                        script.fail_from = index;
                        script.fail_until = index + 1;
                    }
                };
                const Outcome outcome = run(script, Durability::data, threads);
                INFO("sync " << k << " fails with errno " << error << ", threads: " << threads);
                CHECK(script.open_queues == 0);
                CHECK(script.open_descriptors == 0);
                if (syncs <= k) {
                    CHECK_FALSE(outcome.error);
                    CHECK(k >= 2);
                    break;
                }
                REQUIRE(outcome.error ==
                        (error == ENOSPC ? curtail::ErrorCode::no_space : curtail::ErrorCode::io_failed));
                CHECK(syncs == k + 1);
                CHECK(outcome.names.empty());
            }
        }
    }
}

TEST_CASE("AtomicFile: whichever call fails beside the background's syncs, the file is whole or absent", "[fault]") {
    std::uint64_t part = 0;
    for (const std::size_t threads : {0U, 1U}) {
        for (const int error : {EIO, ENOSPC}) {
            const Sweep sweep = sweep_of(part++);
            bool injected = true;
            for (int k = sweep.first; injected; k += sweep.step) {
                Script script;
                script.error = error;
                script.fail_from = k;
                script.fail_until = k + 1;
                const Outcome outcome = run(script, Durability::data, threads);
                injected = k < static_cast<int>(script.calls.size());
                INFO("call " << k << " fails with errno " << error << ", threads: " << threads);
                REQUIRE(script.open_descriptors == 0);
                REQUIRE(script.open_queues == 0);
                if (!outcome.names.empty()) {
                    CHECK(outcome.names == std::vector<std::string>{"a.csv"});
                    CHECK(outcome.size == 7 * (window / 2));
                } else {
                    CHECK(outcome.error);
                }
            }
        }
    }
}

TEST_CASE("AtomicFile: without a thread, a file is synced by the kernel, one sync after the other", "[fault]") {
    Script script;
    CHECK_FALSE(run(script, Durability::data, 1, 8).error);
    CHECK(script.count("start_writeback") == 0);
    // The first one after a window, each next one a window and a half later, because the script says at a window's
    // end that the sync before is under way.
    CHECK(script.count("start_sync") == 6);
    CHECK(script.count("end_sync") == 11);
    CHECK(script.open_queues == 0);
}

TEST_CASE("AtomicFile: without a thread, a kernel that refuses to sync is asked for writeback", "[fault]") {
    Script script;
    script.only = "start_sync";
    script.error = ENOSYS;
    const Outcome outcome = run(script, Durability::data, 1, 8);
    CHECK_FALSE(outcome.error);
    CHECK(outcome.size == 17 * (window / 2));
    CHECK(script.count("start_sync") == 1);
    CHECK(script.count("start_writeback") == 8);
    CHECK(script.open_queues == 0);
}

#if !defined(_WIN32)  // for want of fork()
namespace {

// Writes a window, forks, and in the child gives the file up.
void check_fork(std::size_t threads) {
    const ScratchDirectory dir;
    auto file = std::make_unique<curtail::AtomicFile>(dir / "a.csv", curtail::AtomicFileOptions{});
    file->limit_threads(threads);
    file->open();
    const std::string piece(window + 1, 'x');
    file->write(piece);
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(300);
        file.reset();
        ::_exit(0);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    file->write(piece);
    file->commit();
    CHECK(dir.read("a.csv").size() == 2 * piece.size());
}

}  // namespace

TEST_CASE("AtomicFile: a forked child gives up a file that is synced in the background, and its parent goes on",
          "[fault]") {
    for (const std::size_t threads : {0U, 1U}) check_fork(threads);
}
#endif
