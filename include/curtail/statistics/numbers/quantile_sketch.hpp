// SPDX-License-Identifier: MIT
#pragma once
// Ranks of a stream of numbers within bounded memory: which value stands at which place, to half a percent.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <curtail/statistics/numbers/rough_order.hpp>
#include <curtail/statistics/numbers/sort_numbers.hpp>

namespace curtail::inline v0::detail {

// A KLL sketch (Karnin, Lang, Liberty 2016) whose choices come from a fixed sequence: the same values in the
// same blocks give the same answers. Level i holds sorted values that stand for 2^i of the stream; a full
// level keeps every other value and hands those up. That moves a rank by at most a quarter of a percent
// (levels / (4 * run_size)), by a thirtieth of one as a rule.
//
// Values come to a level in two ways that cost less than to sort them all. From 125,000 on only one of each 2,
// 4, 8, ... consecutive ones is looked at, chosen at random: of g values one moves a rank by 0 on average, with a
// variance of g^2 / 4 at most, so all n values move it by less than sqrt(n * g) / 2. As 94,000 are looked at
// between n and 2 n, that is 0.1 % of them, for any order and any values. And what is looked at is put only
// roughly into order, of which one in 16 is chosen at random: only those that share a bin with the value asked
// for can move its rank, 32 at most in 8,192 (by sqrt(n * g) / 8). Together the standard error is below 0.11 % of
// the rows (0.14 % where they are fewer than 16,000), and max_rank_error four of them. At most 32 KB a level,
// 0.6 MB for 10^9 values.
//
// merge() of two halves answers for the whole within the same error.
//
// `Order` brings what is looked at nearly into order. A template, because most files that include this ask for no
// statistics and would compile them all the same: 0.12 s with those that use the sketch.
template <class Order>
class BasicQuantileSketch {
  public:
    static constexpr double max_rank_error = 0.005;
    static constexpr std::size_t block_size = 1024;

    // Takes block_size finite numbers, or fewer at the end of the stream.
    void add(std::span<const double> block) {
        const unsigned level = block.size() == block_size ? sampling_level() : 0;
        if (level != staged_level_ || staged_.size() + block.size() > max_staged) flush();
        staged_level_ = level;
        if (level == 0) {
            staged_.insert(staged_.end(), block.begin(), block.end());
        } else {
            pick(block, level, staged_);
        }
        count_ += block.size();
    }

    void merge(const BasicQuantileSketch& other) {
        if (&other == this) return merge(BasicQuantileSketch(other));
        flush();
        for (std::size_t level = 0; level < other.levels_.size(); ++level) {
            insert(level, sorted(other.levels_[level].values, other.levels_[level].in_order));
        }
        insert(other.staged_level_, sorted(other.staged_, false));
        count_ += other.count_;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // The values that stand at `rank` and at `rank` + 1 of the sorted stream (counted from 0; the last one
    // twice at the end), each off by at most max_rank_error of count(). count() must not be 0.
    [[nodiscard]] std::pair<double, double> values_at(std::uint64_t rank) const {
        std::vector<std::pair<std::vector<double>, std::uint64_t>> runs;
        runs.emplace_back(sorted(staged_, false), std::uint64_t{1} << staged_level_);
        for (std::size_t level = 0; level < levels_.size(); ++level) {
            runs.emplace_back(sorted(levels_[level].values, levels_[level].in_order), std::uint64_t{1} << level);
        }
        const auto up_to = [](std::span<const double> run, double value) {
            return std::upper_bound(run.begin(), run.end(), value) - run.begin();
        };
        const auto weight_up_to = [&](double value) {
            std::uint64_t weight = 0;
            for (const auto& [run, each] : runs) weight += each * static_cast<std::uint64_t>(up_to(run, value));
            return weight;
        };
        // The least number that has more than `rank` up to it, found by halving between the bits of all numbers.
        std::uint64_t below = detail::ordered_bits(-(std::numeric_limits<double>::max)()) - 1;
        std::uint64_t at = detail::ordered_bits((std::numeric_limits<double>::max)());
        while (at - below > 1) {
            const std::uint64_t between = below + (at - below) / 2;
            (weight_up_to(detail::from_ordered_bits(between)) > rank ? at : below) = between;
        }
        const double bound = detail::from_ordered_bits(at);
        constexpr double infinity = std::numeric_limits<double>::infinity();
        double low = -infinity;
        double high = infinity;
        for (const auto& [run, each] : runs) {
            const auto end = static_cast<std::size_t>(up_to(run, bound));
            if (end > 0) low = (std::max)(low, run[end - 1]);
            if (end < run.size()) high = (std::min)(high, run[end]);
        }
        return {low, weight_up_to(low) <= rank + 1 && high < infinity ? high : low};
    }

  private:
    static constexpr std::size_t run_size = 2048;
    static constexpr std::size_t max_staged = 8192;
    static constexpr unsigned thinning_level = 4;       // one of 16
    static constexpr std::uint64_t looked_at = 93'750;  // between n and 2 n
    static constexpr std::uint64_t sampled_from = 125'000;
    static constexpr unsigned max_sampling_level = 10;  // a block is one group

    struct Level {
        std::vector<double> values;  // fewer than 2 * run_size
        bool in_order = true;
        std::uint64_t compactions = 0;
        std::size_t parity = 0;
    };

    [[nodiscard]] unsigned sampling_level() const noexcept {
        if (count_ < sampled_from) return 0;
        unsigned level = 1;  // sooner than it would be its turn: all that came before were looked at
        for (std::uint64_t n = count_ / looked_at; n > 3 && level < max_sampling_level; n /= 2) ++level;
        return level;
    }

    // SplitMix64 (Steele, Lea, Flood 2014) from a fixed seed.
    [[nodiscard]] std::uint64_t draw() noexcept {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    // One of each 2^level consecutive values, whose number is a multiple of that.
    void pick(std::span<const double> values, unsigned level, std::vector<double>& picked) {
        const std::size_t group = std::size_t{1} << level;
        std::uint64_t random = 0;
        unsigned left = 0;  // random bits
        for (std::size_t i = 0; i < values.size(); i += group) {
            if (left < level) {
                random = draw();
                left = 64;
            }
            picked.push_back(values[i + (random & (group - 1))]);
            random >>= level;
            left -= level;
        }
    }

    [[nodiscard]] static std::vector<double> sorted(std::vector<double> values, bool in_order) {
        std::vector<std::uint64_t> keys;
        if (!in_order) sort_numbers(values, keys);
        return values;
    }

    void flush() {
        std::span<double> rest = staged_;
        if (rest.size() >= max_staged / 4) {
            rough_order_.arrange(rest);
            const std::size_t thinned = rest.size() >> thinning_level << thinning_level;
            std::vector<double> run;
            run.reserve(thinned >> thinning_level);
            pick(rest.first(thinned), thinning_level, run);
            insert(staged_level_ + thinning_level, run, false);
            rest = rest.subspan(thinned);
        }
        sort_numbers(rest, keys_);
        insert(staged_level_, rest);
        staged_.clear();
    }

    void insert(std::size_t level, std::span<const double> run, bool in_order = true) {
        if (run.empty()) return;
        while (levels_.size() <= level) levels_.emplace_back();
        Level& here = levels_[level];
        // Runs that are short beside what is there are put into order with it, once and not with each.
        if (here.values.empty() || !in_order || !here.in_order) {
            here.in_order = here.values.empty() && in_order;
            here.values.insert(here.values.end(), run.begin(), run.end());
        } else {
            std::vector<double> merged(here.values.size() + run.size());
            merge_numbers(here.values, run, merged.data());
            here.values = std::move(merged);
        }
        if (here.values.size() < 2 * run_size) return;

        if (!std::exchange(here.in_order, true)) sort_numbers(here.values, keys_);
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
    Order rough_order_;
    std::vector<std::uint64_t> keys_;  // sort_numbers' room
    std::vector<double> staged_;       // at most max_staged, unsorted, standing for 2^staged_level_ each
    unsigned staged_level_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t state_ = 0;
};

using QuantileSketch = BasicQuantileSketch<RoughOrder>;

}  // namespace curtail::inline v0::detail
