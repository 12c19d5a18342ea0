// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/queued_sync.hpp>

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

// Says what it is asked to do. A sync is under way until `done` is set.
struct TalkingSystem {
    using Queue = curtail::detail::SyncQueue;

    int start_writeback(int, std::uint64_t offset, std::uint64_t bytes) {
        calls.push_back("writeback " + std::to_string(offset >> 20U) + " " + std::to_string(bytes >> 20U));
        return -1;  // which nobody minds
    }
    int start_sync(int file, Queue& queue) {
        calls.push_back("sync " + std::to_string(file));
        queue.id = 5;
        return refuses ? -1 : 0;
    }
    int end_sync(Queue& queue, bool wait) {
        REQUIRE(queue.id == 5);
        if (wait) calls.emplace_back("wait");
        if (!wait && !done) return 1;
        errno = EIO;
        return fails ? -1 : 0;
    }
    void close_queue(Queue& queue) {
        if (queue.id != 0) calls.emplace_back("close");
        queue.id = 0;
    }

    bool refuses = false;
    bool done = true;
    bool fails = false;
    std::vector<std::string> calls;
};

using Sync = curtail::detail::QueuedSync<TalkingSystem>;
using Calls = std::vector<std::string>;

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

}  // namespace

TEST_CASE("QueuedSync: less than a window asks for nothing") {
    TalkingSystem system;
    Sync sync(system);
    for (std::uint64_t total = 0; total < Sync::window; total += 65'536) CHECK(sync.written(7, total) == 0);
    CHECK(sync.finish() == 0);
    CHECK(system.calls.empty());
}

TEST_CASE("QueuedSync: asks for one sync after the other") {
    TalkingSystem system;
    Sync sync(system);
    for (std::uint64_t total = mib; total <= 36 * mib; total += mib) {
        system.done = total >= 21 * mib;  // the first sync takes 13 MiB of time
        CHECK(sync.written(7, total) == 0);
    }
    CHECK(system.calls == Calls{"sync 7", "sync 7", "sync 7"});
    system.calls.clear();
    CHECK(sync.finish() == 0);
    CHECK(sync.finish() == 0);
    CHECK(system.calls == Calls{"wait", "close"});
}

TEST_CASE("QueuedSync: goes on with writeback where the kernel does not sync") {
    TalkingSystem system;
    system.refuses = true;
    Sync sync(system);
    for (std::uint64_t total = 0; total <= 24 * mib; total += 8 * mib) CHECK(sync.written(7, total) == 0);
    CHECK(system.calls == Calls{"sync 7", "writeback 0 8", "writeback 8 8", "writeback 16 8"});
    CHECK(sync.finish() == 0);
}

TEST_CASE("QueuedSync: a failed sync is reported for ever and never repeated") {
    for (const bool at_end : {false, true}) {
        TalkingSystem system;
        Sync sync(system);
        CHECK(sync.written(7, 32 * mib) == 0);
        system.fails = true;
        if (!at_end) CHECK(sync.written(7, 40 * mib) == EIO);
        CHECK(sync.finish() == EIO);
        CHECK(sync.written(7, 80 * mib) == EIO);
        CHECK(sync.finish() == EIO);
        CHECK(system.calls == (at_end ? Calls{"sync 7", "wait", "close"} : Calls{"sync 7", "close"}));
    }
}

TEST_CASE("QueuedSync: a forked child lets go without waiting") {
    TalkingSystem system;
    {
        Sync sync(system);
        CHECK(sync.written(7, 32 * mib) == 0);
        sync.forget();
    }
    CHECK(system.calls == Calls{"sync 7"});
}
