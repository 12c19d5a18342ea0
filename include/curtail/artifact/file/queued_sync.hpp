// SPDX-License-Identifier: MIT
#pragma once
// Brings a file to the disk while it is still being written, without a thread.

#include <cerrno>
#include <cstdint>

#include <curtail/artifact/file/background_sync.hpp>
#include <curtail/artifact/system/file_entry.hpp>

namespace curtail::inline v0::detail {

// Does the work of BackgroundSync where no thread may be started: the kernel syncs the file after each `window`. Where
// it does not, asks for the writeback of each window. That leaves most of the work to the last sync where the disk has
// a large cache, as on a virtual machine: a split of 110 MB on one thread took 0.171 s with writeback, 0.137 s with
// these syncs, and 0.121 s where nothing is synced at all.
//
// A sync that fails ends it, and is never repeated. The system must outlive the object.
template <class System>
class QueuedSync {
  public:
    static constexpr std::uint64_t window = BackgroundSync<System>::window;

    explicit QueuedSync(System& system) : system_(system) {}
    QueuedSync(const QueuedSync&) = delete;
    QueuedSync& operator=(const QueuedSync&) = delete;
    ~QueuedSync() { (void)finish(); }

    // Says that `file`, the same in each call, now holds `total` bytes. Returns 0, or the errno of a sync that failed.
    int written(int file, std::uint64_t total) noexcept {
        if (error_ != 0 || total - requested_ < window) return error_;
        end(false);
        if (error_ != 0 || under_way_) return error_;
        under_way_ = !refused_ && system_.start_sync(file, queue_) == 0;
        refused_ = !under_way_;
        if (refused_) (void)system_.start_writeback(file, requested_, total - requested_);
        requested_ = total;
        return 0;
    }

    // Waits for the sync that is under way, if any; before it, the file must not be closed. Returns 0, or the errno of
    // a sync that failed.
    int finish() noexcept {
        end(true);
        system_.close_queue(queue_);
        return error_;
    }

    // Lets go of the queue without waiting, in a forked child, which does not have it.
    void forget() noexcept {
        under_way_ = false;
        queue_ = {};
    }

  private:
    void end(bool wait) noexcept {
        if (!under_way_) return;
        const int done = system_.end_sync(queue_, wait);
        under_way_ = done > 0;
        if (done < 0) error_ = errno;
    }

    System& system_;
    SyncQueue queue_;
    std::uint64_t requested_ = 0;  // bytes written when the latest writeback or sync was begun
    bool under_way_ = false;
    bool refused_ = false;  // the kernel makes no such syncs
    int error_ = 0;
};

}  // namespace curtail::inline v0::detail
