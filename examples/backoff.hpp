// SPDX-License-Identifier: MIT
#pragma once
// How long to wait before connecting again.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <random>

// Pauses that double, each shortened by a random part of up to a half, so that workers that lost one bot do not all
// come back at the same moment.
class Backoff {
  public:
    explicit Backoff(std::size_t attempts) : attempts_(attempts) {}

    // Returns the next pause, or nothing after `attempts` of them.
    [[nodiscard]] std::optional<std::chrono::milliseconds> next() {
        if (used_ == attempts_) return {};
        const double longest = (std::min)(first_ * static_cast<double>(1U << (std::min)(used_, std::size_t{10})), 30.0);
        ++used_;
        const double seconds = std::uniform_real_distribution<double>(longest / 2, longest)(random_);
        return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
    }

    [[nodiscard]] std::size_t used() const noexcept { return used_; }

    // Begins anew, after a connection that was of use.
    void reset() noexcept { used_ = 0; }

  private:
    static constexpr double first_ = 0.5;  // seconds

    std::size_t attempts_;
    std::size_t used_ = 0;
    std::mt19937 random_{std::random_device{}()};
};
