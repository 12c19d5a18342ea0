// SPDX-License-Identifier: MIT
#pragma once
// The largest common cap under which texts of given lengths fit a given room, kept up to date as texts are added.

#include <algorithm>
#include <cstddef>
#include <vector>

namespace curtail::inline v0::detail {

// Water-filling: short texts keep their length, the long ones share what is left evenly. The level only ever sinks as
// texts are added, so what was kept at the level of its time is enough at any later one.
class WaterLevel {
  public:
    explicit WaterLevel(std::size_t room) : room_(room), level_(room) {}

    // Adds a text and says how many bytes of it to keep. Every text gets `slack` bytes beyond the level, because a cut
    // between two characters can leave up to that much of its share unused.
    std::size_t add(std::size_t length) {
        const std::size_t counted = length - (std::min)(length, slack);
        if (counted > level_) {
            ++cut_;
        } else {
            below_.push_back(counted);
            std::push_heap(below_.begin(), below_.end());
            below_sum_ += counted;
        }
        while (below_sum_ + cut_ * level_ > room_) {
            // The level at which the texts above it take exactly what the texts below it leave.
            const std::size_t left = room_ - (std::min)(room_, below_sum_);
            const std::size_t even = cut_ == 0 ? room_ : left / cut_;
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
        return (std::min)(length, level_ + slack);
    }

    // The most that is kept of any text added now.
    [[nodiscard]] std::size_t most() const noexcept { return level_ + slack; }

    static constexpr std::size_t slack = 16;

  private:
    std::size_t room_;
    std::size_t level_;
    std::size_t cut_ = 0;             // texts longer than the level
    std::size_t below_sum_ = 0;       // of the lengths that are not
    std::vector<std::size_t> below_;  // a heap: the longest of them first
};

}  // namespace curtail::inline v0::detail
