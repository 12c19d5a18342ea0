// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/background_sync.hpp>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <thread>
#include <vector>

#include "awaited.hpp"
#include "catch.hpp"

namespace {

// Syncs wait at a gate, and fail from the `failing`-th on.
struct GatedSystem {
    Awaited gate_open{1};
    Awaited begun{0};
    int failing = -1;
    std::thread::id thread;

    int sync_early(int file) {
        thread = std::this_thread::get_id();
        const int index = begun.increment();
        gate_open.wait_for_at_least(1);
        if (file != 7 || index == failing) {
            errno = EIO;
            return -1;
        }
        return 0;
    }
};

using Sync = curtail::detail::BackgroundSync<GatedSystem>;

}  // namespace

TEST_CASE("BackgroundSync: less than a window starts no thread") {
    GatedSystem system;
    Sync sync(system);
    for (std::uint64_t total = 0; total < Sync::window; total += 65'536) CHECK(sync.written(7, total) == 0);
    CHECK(sync.finish() == 0);
    CHECK(system.begun.get() == 0);
}

TEST_CASE("BackgroundSync: a full window is synced on another thread, while the writer goes on") {
    GatedSystem system;
    system.gate_open.set(0);
    Sync sync(system);
    CHECK(sync.written(7, Sync::window) == 0);
    system.begun.wait_for_at_least(1);
    for (std::uint64_t windows = 2; windows < 10; ++windows) CHECK(sync.written(7, windows * Sync::window) == 0);
    system.gate_open.set(1);
    system.begun.wait_for_at_least(2);  // one sync for all that was written meanwhile
    CHECK(sync.finish() == 0);
    CHECK(system.begun.get() == 2);
    CHECK(system.thread != std::this_thread::get_id());
}

TEST_CASE("BackgroundSync: finish() waits for the sync that runs") {
    GatedSystem system;
    system.gate_open.set(0);
    Sync sync(system);
    CHECK(sync.written(7, Sync::window) == 0);
    system.begun.wait_for_at_least(1);
    std::atomic<bool> finished = false;
    int error = -1;
    std::thread waiting([&] {
        error = sync.finish();
        finished = true;
    });
    CHECK_FALSE(finished);
    system.gate_open.set(1);
    waiting.join();
    CHECK(error == 0);
}

TEST_CASE("BackgroundSync: a failed sync is reported for ever and never repeated") {
    for (const int failing : {0, 1, 5}) {
        GatedSystem system;
        system.failing = failing;
        Sync sync(system);
        int error = 0;
        std::uint64_t total = 0;
        for (int windows = 1; windows <= failing + 1; ++windows) {
            total += Sync::window;
            error = sync.written(7, total);
            system.begun.wait_for_at_least(windows);
        }
        while (error == 0) error = sync.written(7, ++total);
        CHECK(error == EIO);
        CHECK(sync.written(7, total + 3 * Sync::window) == EIO);
        CHECK(sync.finish() == EIO);
        CHECK(sync.finish() == EIO);
        CHECK(system.begun.get() == failing + 1);
    }
}

TEST_CASE("BackgroundSync: destruction ends the thread") {
    GatedSystem system;
    {
        Sync sync(system);
        CHECK(sync.written(7, Sync::window) == 0);
    }
    CHECK(system.begun.get() <= 1);
}
