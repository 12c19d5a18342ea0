// SPDX-License-Identifier: MIT
#pragma once
// Syncs that the kernel makes while the process goes on, without a thread of the process.

#if !defined(_WIN32)

#include <time.h>
#include <unistd.h>
#if defined(__linux__) && __has_include(<linux/aio_abi.h>)
#include <linux/aio_abi.h>
#include <sys/syscall.h>
#endif

#include <atomic>
#include <cerrno>
#include <cstdint>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

// Keeps a queue that a file has done with for the next one, because to close one takes 35 ms: Linux then waits for all
// of its processors (RCU). The end of the process waits for that too, so a process that writes one file gains nothing.
class SpareQueue {
  public:
    // Returns 0 if there is none. A forked child does not have its parent's.
    [[nodiscard]] static std::uint64_t take() noexcept {
        const bool ours = owner == ::getpid();
        const std::uintptr_t id = spare.exchange(0);
        return ours ? id : 0;
    }
    // Returns false if there is one already. `id` must not be 0, and no sync of the queue under way.
    [[nodiscard]] static bool keep(std::uint64_t id) noexcept {
        owner = ::getpid();
        std::uintptr_t none = 0;
        return spare.compare_exchange_strong(none, cast_to<std::uintptr_t>(id));
    }

  private:
    static inline std::atomic<std::uintptr_t> spare = 0;  // an unsigned long of the kernel
    static inline std::atomic<::pid_t> owner = 0;
};

// The calls of PosixSystem for it, by Linux's own asynchronous I/O, which syncs since Linux 4.18 and can be forbidden
// by a container. Other systems lack it: there, aio_fsync() starts threads. The code asks for io_getevents,
// because that is the call that some new systems of 32 bits lack.
struct KernelSync {
    // Begins what sync_data() does. A queue has one sync at a time.
    static int start_sync([[maybe_unused]] int file, [[maybe_unused]] SyncQueue& queue) noexcept {
#if defined(SYS_io_getevents) && __has_include(<linux/aio_abi.h>)
        if (queue.id == 0) queue.id = SpareQueue::take();
        auto context = cast_to<::aio_context_t>(queue.id);
        if (context == 0 && ::syscall(SYS_io_setup, 1, &context) < 0) return -1;
        queue.id = context;
        ::iocb request = {};
        request.aio_lio_opcode = IOCB_CMD_FDSYNC;
        request.aio_fildes = cast_to<std::uint32_t>(file);
        ::iocb* requests[] = {&request};
        queue.busy = true;  // after a failure, too: such a queue is not for the next file
        return ::syscall(SYS_io_submit, context, 1, requests) == 1 ? 0 : -1;
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    // Returns 0 once the sync that was started has succeeded, 1 if it is still under way, unless it is to `wait`.
    static int end_sync([[maybe_unused]] SyncQueue& queue, [[maybe_unused]] bool wait) noexcept {
#if defined(SYS_io_getevents) && __has_include(<linux/aio_abi.h>)
        ::io_event event = {};
        struct timespec at_once = {};
        long ended = 0;
        do {
            ended = ::syscall(SYS_io_getevents, cast_to<::aio_context_t>(queue.id), wait ? 1 : 0, 1, &event,
                              wait ? nullptr : &at_once);
        } while (ended < 0 && errno == EINTR);
        if (ended < 0) return -1;
        if (ended == 0) return 1;
        queue.busy = false;
        if (event.res >= 0) return 0;
        errno = cast_to<int>(-event.res);
#else
        errno = ENOSYS;
#endif
        return -1;
    }

    // Waits for the sync that is under way, if any. A forked child must not call it with a queue of its parent.
    static void close_queue(SyncQueue& queue) noexcept {
#if defined(SYS_io_getevents) && __has_include(<linux/aio_abi.h>)
        if (queue.id != 0 && (queue.busy || !SpareQueue::keep(queue.id))) {
            ::syscall(SYS_io_destroy, cast_to<::aio_context_t>(queue.id));
        }
#endif
        queue = {};
    }
};

}  // namespace curtail::inline v0::detail

#endif
