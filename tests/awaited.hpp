// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>

// A number that threads of a test wait for. std::atomic::wait() of libstdc++ 12 may sleep for ever where a system has
// no futex, as on Windows: it misses what is notified between its look at the value and its sleep.
class Awaited {
  public:
    explicit Awaited(int value) : value_(value) {}

    void set(int value) {
        const std::scoped_lock lock(mutex_);
        value_ = value;
        changed_.notify_all();
    }
    // Adds one. Returns the number before.
    int increment() {
        const std::scoped_lock lock(mutex_);
        changed_.notify_all();
        return value_++;
    }
    [[nodiscard]] int get() const {
        const std::scoped_lock lock(mutex_);
        return value_;
    }
    void wait_for_at_least(int wanted) const {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return value_ >= wanted; });
    }

  private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    int value_;
};
