// SPDX-License-Identifier: MIT
#pragma once
// Brings a file to the disk while it is still being written.

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

namespace curtail::inline v0::detail {

// Syncs a file on a thread of its own, each time that `window` more bytes were written, so that little is left to do
// for the sync before publishing. The writing thread only counts: while one sync runs, it goes on. The thread is
// started by the first full window, so a small file needs none. If the system refuses a thread, nothing is synced here.
//
// A sync that fails ends the thread, and is never repeated. The system must outlive the object.
template <class System>
class BackgroundSync {
  public:
    // Syncs of 8 MiB overlap well and are rare: 600 MB take about 75.
    static constexpr std::uint64_t window = std::uint64_t{8} << 20U;

    explicit BackgroundSync(System& system) : system_(system) {}
    BackgroundSync(const BackgroundSync&) = delete;
    BackgroundSync& operator=(const BackgroundSync&) = delete;
    ~BackgroundSync() {
        (void)finish();
        // A forked child does not have the thread. To wait for it, to detach it or to destroy the condition variable
        // that it waited for is undefined there, so what they shared is left alone.
        if (forgotten_) (void)shared_.release();
    }

    // Says that `file`, the same in each call, now holds `total` bytes. Returns 0, or the errno of a sync that failed.
    int written(int file, std::uint64_t total) {
        if (total - requested_ < window) return error_.load(std::memory_order_relaxed);
        const std::scoped_lock lock(mutex_);
        requested_ = total;
        if (!thread_.joinable() && !refused_) start(file);
        changed_.notify_one();
        return error_.load(std::memory_order_relaxed);
    }

    // Waits for the sync that runs, if any, and ends the thread; before it, the file must not be closed. Returns 0, or
    // the errno of a sync that failed.
    int finish() noexcept {
        if (forgotten_) return error_;
        {
            const std::scoped_lock lock(mutex_);
            if (!thread_.joinable()) return error_;
            ending_ = true;
            changed_.notify_one();
        }
        thread_.join();
        return error_;
    }

    // Lets go of the thread without waiting, in a forked child, which does not have it. Then only finish() and
    // destruction may come.
    void forget() noexcept { forgotten_ = thread_.joinable(); }

  private:
    void start(int file) noexcept {
        try {
            thread_ = std::thread([this, file] { run(file); });
        } catch (const std::exception&) {
            refused_ = true;
        }
    }

    void run(int file) noexcept {
        std::unique_lock lock(mutex_);
        for (std::uint64_t synced = 0;;) {
            changed_.wait(lock, [&] { return ending_ || requested_ != synced; });
            if (ending_) return;
            synced = requested_;
            lock.unlock();
            const int error = system_.sync_early(file) < 0 ? errno : 0;
            lock.lock();
            if (error != 0) {
                error_ = error;
                return;
            }
        }
    }

    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::thread thread;
    };

    System& system_;
    std::unique_ptr<Shared> shared_ = std::make_unique<Shared>();
    std::mutex& mutex_ = shared_->mutex;
    std::condition_variable& changed_ = shared_->changed;  // a window is full, or the end
    std::uint64_t requested_ = 0;                          // bytes written when the latest window was full
    bool ending_ = false;
    bool refused_ = false;
    bool forgotten_ = false;
    std::atomic<int> error_ = 0;
    std::thread& thread_ = shared_->thread;
};

}  // namespace curtail::inline v0::detail
