// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/background_sync.hpp>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "catch.hpp"

namespace {

// Syncs wait at a gate, and fail from the `failing`-th on.
struct GatedSystem {
    std::atomic<bool> gate_open{true};
    std::atomic<int> begun{0};
    int failing = -1;
    std::thread::id thread;

    int sync_early(int file) {
        thread = std::this_thread::get_id();
        const int index = begun++;
        begun.notify_all();
        gate_open.wait(false);
        if (file != 7 || index == failing) {
            errno = EIO;
            return -1;
        }
        return 0;
    }
};

using Sync = curtail::detail::BackgroundSync<GatedSystem>;

void wait_for(const std::atomic<int>& value, int wanted) {
    for (int now = value; now < wanted; now = value) value.wait(now);
}

}  // namespace

TEST_CASE("BackgroundSync: less than a window starts no thread") {
    GatedSystem system;
    Sync sync(system);
    for (std::uint64_t total = 0; total < Sync::window; total += 65'536) CHECK(sync.written(7, total) == 0);
    CHECK(sync.finish() == 0);
    CHECK(system.begun == 0);
}

TEST_CASE("BackgroundSync: a full window is synced on another thread, while the writer goes on") {
    GatedSystem system;
    system.gate_open = false;
    Sync sync(system);
    CHECK(sync.written(7, Sync::window) == 0);
    wait_for(system.begun, 1);
    for (std::uint64_t windows = 2; windows < 10; ++windows) CHECK(sync.written(7, windows * Sync::window) == 0);
    system.gate_open = true;
    system.gate_open.notify_all();
    wait_for(system.begun, 2);  // one sync for all that was written meanwhile
    CHECK(sync.finish() == 0);
    CHECK(system.begun == 2);
    CHECK(system.thread != std::this_thread::get_id());
}

TEST_CASE("BackgroundSync: finish() waits for the sync that runs") {
    GatedSystem system;
    system.gate_open = false;
    Sync sync(system);
    CHECK(sync.written(7, Sync::window) == 0);
    wait_for(system.begun, 1);
    std::atomic<bool> finished = false;
    int error = -1;
    std::thread waiting([&] {
        error = sync.finish();
        finished = true;
    });
    CHECK_FALSE(finished);
    system.gate_open = true;
    system.gate_open.notify_all();
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
            wait_for(system.begun, windows);
        }
        while (error == 0) error = sync.written(7, ++total);
        CHECK(error == EIO);
        CHECK(sync.written(7, total + 3 * Sync::window) == EIO);
        CHECK(sync.finish() == EIO);
        CHECK(sync.finish() == EIO);
        CHECK(system.begun == failing + 1);
    }
}

TEST_CASE("BackgroundSync: destruction ends the thread") {
    GatedSystem system;
    {
        Sync sync(system);
        CHECK(sync.written(7, Sync::window) == 0);
    }
    CHECK(system.begun <= 1);
}
