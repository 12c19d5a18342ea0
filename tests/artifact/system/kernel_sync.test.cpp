// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/kernel_sync.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <curtail/artifact/system/system_call.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

using curtail::detail::KernelSync;
using curtail::detail::SyncQueue;

namespace {

// Returns true if errno says that the system, or a container, has no such syncs.
bool is_refused() {
    return curtail::detail::is_unsupported(errno) || errno == EPERM || errno == EACCES || errno == EAGAIN;
}

class OpenFile {
  public:
    explicit OpenFile(const std::string& path)
        : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() { ::close(descriptor_); }
    operator int() const noexcept { return descriptor_; }

  private:
    int descriptor_;
};

}  // namespace

TEST_CASE("KernelSync: syncs a file one time after the other, without a thread", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenFile file(scratch / "a");
    const std::size_t threads = threads_now();
    SyncQueue queue;
    for (int round = 0; round < 3; ++round) {
        REQUIRE(::write(file, "abc", 3) == 3);
        if (KernelSync::start_sync(file, queue) != 0) {
            CHECK(is_refused());
            return;
        }
        CHECK(threads_now() == threads);
        if (round == 1) {
            int done = 1;
            while (done == 1) done = KernelSync::end_sync(queue, false);
            CHECK(done == 0);
        } else {
            CHECK(KernelSync::end_sync(queue, true) == 0);
        }
    }
    CHECK(KernelSync::end_sync(queue, false) == 1);  // none is there that could have ended
    KernelSync::close_queue(queue);
    CHECK(queue.id == 0);
}

TEST_CASE("KernelSync: what cannot be synced fails, by its start or by its end", "[artifact]") {
    SyncQueue queue;
    CHECK(KernelSync::start_sync(-1, queue) == -1);
    CHECK((errno == EBADF || is_refused()));
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    if (KernelSync::start_sync(ends[1], queue) == 0) CHECK(KernelSync::end_sync(queue, true) == -1);
    CHECK((errno == EINVAL || is_refused()));
    ::close(ends[0]);
    ::close(ends[1]);
    KernelSync::close_queue(queue);
    CHECK(KernelSync::end_sync(queue, true) == -1);
}

TEST_CASE("KernelSync: a queue is closed while a sync is under way", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenFile file(scratch / "a");
    SyncQueue queue;
    REQUIRE(::write(file, "abc", 3) == 3);
    if (KernelSync::start_sync(file, queue) != 0) CHECK(is_refused());
    KernelSync::close_queue(queue);
    CHECK(queue.id == 0);
}

TEST_CASE("KernelSync: a forked child cannot use the queue of its parent, and does it no harm", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenFile file(scratch / "a");
    SyncQueue queue;
    if (KernelSync::start_sync(file, queue) != 0) {
        CHECK(is_refused());
        return;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const bool refused = KernelSync::end_sync(queue, true) == -1 && KernelSync::start_sync(file, queue) == -1;
        KernelSync::close_queue(queue);
        ::_exit(refused ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(KernelSync::end_sync(queue, true) == 0);
    KernelSync::close_queue(queue);
}

TEST_CASE("KernelSync: an idle queue is kept for the next file, and a forked child makes its own", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenFile file(scratch / "a");
    SyncQueue first;
    SyncQueue second;
    const auto syncs = [&](SyncQueue& queue) {
        return KernelSync::start_sync(file, queue) == 0 && KernelSync::end_sync(queue, true) == 0;
    };
    if (!syncs(first) || !syncs(second)) {
        CHECK(is_refused());
        return;
    }
    CHECK(first.id != second.id);
    const std::uint64_t kept = first.id;
    KernelSync::close_queue(first);
    KernelSync::close_queue(second);  // one is enough
    CHECK(second.id == 0);

    const pid_t child = ::fork();
    if (child == 0) ::_exit(syncs(first) ? 0 : 1);
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);

    REQUIRE(syncs(first));
    CHECK(first.id == kept);
    REQUIRE(syncs(second));
    CHECK(second.id != kept);
    KernelSync::close_queue(second);
    KernelSync::close_queue(first);
}

TEST_CASE("KernelSync: a queue whose sync is under way is not kept", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenFile file(scratch / "a");
    SyncQueue queue;
    if (KernelSync::start_sync(file, queue) != 0 || KernelSync::end_sync(queue, true) != 0 ||
        KernelSync::start_sync(file, queue) != 0) {
        CHECK(is_refused());
        return;
    }
    KernelSync::close_queue(queue);
    // What the next file gets has nothing left of that sync.
    REQUIRE(KernelSync::start_sync(file, queue) == 0);
    REQUIRE(KernelSync::end_sync(queue, true) == 0);
    CHECK(KernelSync::end_sync(queue, false) == 1);
    KernelSync::close_queue(queue);
}

TEST_CASE("KernelSync: files on several threads do not get each other's queue", "[artifact]") {
    const ScratchDirectory scratch;
    std::atomic<int> wrong = 0;
    const auto write_files = [&](int number) {
        const OpenFile file(scratch / std::to_string(number));
        for (int round = 0; round < 10; ++round) {
            SyncQueue queue;
            if (::write(file, "abc", 3) != 3) ++wrong;
            if (KernelSync::start_sync(file, queue) == 0) {
                if (KernelSync::end_sync(queue, true) != 0 || KernelSync::end_sync(queue, false) != 1) ++wrong;
            } else if (!is_refused()) {
                ++wrong;
            }
            KernelSync::close_queue(queue);
        }
    };
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) threads.emplace_back(write_files, number);
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
}
