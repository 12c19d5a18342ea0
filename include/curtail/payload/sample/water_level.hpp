// SPDX-License-Identifier: MIT
#pragma once
// The largest common cap under which texts of given lengths fit a number of bytes, updated as texts are added.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace curtail::inline v0::detail {

// Water-filling: short texts keep their length, and the long ones share the rest evenly. Adding a text never raises the
// level, so what was kept at an earlier level is enough for every later one.
class WaterLevel {
  public:
    explicit WaterLevel(std::size_t capacity)
        : capacity_((std::min)(capacity, (std::numeric_limits<std::size_t>::max)() - slack)), level_(capacity_) {}

    // Adds a text and returns how many of its bytes to keep. Every text gets `slack` bytes beyond the level, because a
    // cut between two characters can leave up to that much of its share unused.
    std::size_t add(std::size_t length) {
        const std::size_t counted = length - (std::min)(length, slack);
        if (counted > level_) {
            ++cut_;
        } else {
            below_.push_back(counted);
            std::push_heap(below_.begin(), below_.end());
            below_sum_ += counted;
        }
        while (below_sum_ + cut_ * level_ > capacity_) {
            // The level at which the texts above it take exactly what the texts below it leave.
            const std::size_t left = capacity_ - (std::min)(capacity_, below_sum_);
            const std::size_t even = cut_ == 0 ? capacity_ : left / cut_;
            if (!below_.empty() && (even < below_.front() || cut_ == 0)) {
                level_ = (std::min)(level_, below_.front());
                below_sum_ -= below_.front();
                std::pop_heap(below_.begin(), below_.end());
                below_.pop_back();
                ++cut_;
            } else {
                level_ = even;
            }
        }
        return (std::min)(length, max_kept());
    }

    // Returns the most bytes that would be kept of a text added now.
    [[nodiscard]] std::size_t max_kept() const noexcept { return level_ + slack; }

    static constexpr std::size_t slack = 16;

  private:
    std::size_t capacity_;
    std::size_t level_;
    std::size_t cut_ = 0;             // texts longer than the level
    std::size_t below_sum_ = 0;       // of the lengths of all other texts
    std::vector<std::size_t> below_;  // their lengths, as a heap: the longest first
};

}  // namespace curtail::inline v0::detail
