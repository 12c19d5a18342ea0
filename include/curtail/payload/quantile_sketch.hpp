// SPDX-License-Identifier: MIT
#pragma once
// Ranks of a stream of numbers within bounded memory: which value stands at which place, to half a percent.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <curtail/payload/sort_numbers.hpp>

namespace curtail::inline v0 {

// A KLL sketch (Karnin, Lang, Liberty 2016) whose choices come from a fixed sequence: the same values in the
// same blocks give the same answers. Level i holds sorted values that stand for 2^i of the stream; a full
// level keeps every other value and hands those up. That moves a rank by at most a quarter of a percent
// (levels / (4 * run_size)). From half a million values on only one of each 2, 4, 8, ... is looked at, chosen
// so that its standard error stays below a tenth of a percent. Together: max_rank_error. At most 32 KB a
// level, 0.6 MB for 10^9 values.
//
// merge() of two halves answers for the whole within the same error.
class QuantileSketch {
  public:
    static constexpr double max_rank_error = 0.005;
    static constexpr std::size_t block_size = 1024;

    // Takes block_size finite numbers, or fewer at the end of the stream.
    void add(std::span<const double> block) {
        const unsigned level = block.size() == block_size ? sampling_level() : 0;
        if (level != staged_level_ || staged_.size() + block.size() > 2 * run_size) flush();
        staged_level_ = level;
        if (level == 0) {
            staged_.insert(staged_.end(), block.begin(), block.end());
        } else {
            const std::size_t group = std::size_t{1} << level;
            for (std::size_t i = 0; i < block.size(); i += group) {
                staged_.push_back(block[i + draw() % group]);
            }
        }
        count_ += block.size();
    }

    void merge(const QuantileSketch& other) {
        if (&other == this) return merge(QuantileSketch(other));
        flush();
        for (std::size_t level = 0; level < other.levels_.size(); ++level) {
            insert(level, other.levels_[level].values);
        }
        auto staged = other.staged_;
        std::sort(staged.begin(), staged.end());
        insert(other.staged_level_, staged);
        count_ += other.count_;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // The values that stand at `rank` and at `rank` + 1 of the sorted stream (counted from 0; the last one
    // twice at the end), each off by at most max_rank_error of count(). count() must not be 0.
    [[nodiscard]] std::pair<double, double> values_at(std::uint64_t rank) const {
        std::vector<std::pair<double, std::uint64_t>> weighted;
        for (std::size_t level = 0; level < levels_.size(); ++level) {
            const std::uint64_t weight = std::uint64_t{1} << level;
            for (const double value : levels_[level].values) weighted.emplace_back(value, weight);
        }
        for (const double value : staged_) weighted.emplace_back(value, std::uint64_t{1} << staged_level_);
        std::sort(weighted.begin(), weighted.end());
        std::uint64_t passed = 0;
        std::size_t at = 0;
        for (; at + 1 < weighted.size() && passed + weighted[at].second <= rank; ++at)
            passed += weighted[at].second;
        const bool ends = passed + weighted[at].second <= rank + 1 && at + 1 < weighted.size();
        return {weighted[at].first, weighted[ends ? at + 1 : at].first};
    }

  private:
    static constexpr std::size_t run_size = 2048;
    static constexpr std::uint64_t sampled_from = 500'000;
    static constexpr unsigned max_sampling_level = 10;  // a block is one group

    struct Level {
        std::vector<double> values;  // sorted, fewer than 2 * run_size
        std::uint64_t compactions = 0;
        std::size_t parity = 0;
    };

    // One of 2^level is looked at so that the variance, count * 2^level / 4 at most, is below (count /
    // 1000)^2.
    [[nodiscard]] unsigned sampling_level() const noexcept {
        unsigned level = 0;
        for (std::uint64_t n = count_ / (sampled_from / 2); n > 1 && level < max_sampling_level; n /= 2)
            ++level;
        return level;
    }

    // SplitMix64 (Steele, Lea, Flood 2014) from a fixed seed.
    [[nodiscard]] std::uint64_t draw() noexcept {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    void flush() {
        sort_numbers(staged_, keys_);
        insert(staged_level_, staged_);
        staged_.clear();
    }

    // `run` is sorted.
    void insert(std::size_t level, std::span<const double> run) {
        if (run.empty()) return;
        while (levels_.size() <= level) levels_.emplace_back();
        Level& here = levels_[level];
        std::vector<double> merged(here.values.size() + run.size());
        merge_numbers(here.values, run, merged.data());
        here.values = std::move(merged);
        if (here.values.size() < 2 * run_size) return;

        // Every second compaction keeps the places that the one before it dropped, so that their errors
        // cancel.
        here.parity = here.compactions++ % 2 == 0 ? draw() % 2 : 1 - here.parity;
        const std::size_t pairs = here.values.size() / 2;
        std::vector<double> kept(pairs);
        for (std::size_t i = 0; i < pairs; ++i) kept[i] = here.values[2 * i + here.parity];
        here.values.erase(here.values.begin(), here.values.begin() + static_cast<std::ptrdiff_t>(2 * pairs));
        insert(level + 1, kept);
    }

    std::vector<Level> levels_;
    std::vector<std::uint64_t> keys_;  // sort_numbers' room
    std::vector<double> staged_;       // at most 2 * run_size, unsorted, standing for 2^staged_level_ each
    unsigned staged_level_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t state_ = 0;
};

}  // namespace curtail::inline v0
