// SPDX-License-Identifier: MIT
#pragma once
// Finds which value of a stream of numbers is at which rank, to half a percent, within bounded memory.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/split_mix.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/numbers/rough_order.hpp>
#include <curtail/statistics/numbers/sort_numbers.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// A KLL sketch (Karnin, Lang, Liberty 2016) whose random choices come from a fixed sequence, so that the same values in
// the same blocks give the same answers. Level i holds sorted values, each of which represents 2^i of the stream. A
// full level keeps every other value and moves those to the next level. That moves a rank by at most a quarter of a
// percent (levels / (4 * run_size)), and by a thirtieth of a percent as a rule.
//
// Two steps save most of the sorting:
// - Sampling. From 125,000 values on, only one of each g = 2, 4, 8, … consecutive values is used, chosen at random. So
//   a rank moves by 0 on average, with a variance of g^2 / 4 at most per group, and n values move it by less than
//   sqrt(n * g) / 2. As 94,000 of the values between n and 2 n are used, that is 0.1 % of them, for any values and
//   order.
// - Thinning. The values used are put only roughly into order before one in 16 is chosen at random. Only values that
//   share a bin with the one asked for can move its rank: 32 at most of 8,192, which moves it by sqrt(n * g) / 8.
// Together the standard error is below 0.11 % of the rows (0.14 % below 16,000 rows); max_rank_error is four of these.
// Takes at most 32 KB per level, 0.6 MB for 10^9 values.
//
// merge() of two halves answers for the whole within the same error.
class QuantileSketch {
  public:
    static constexpr double max_rank_error = 0.005;
    static constexpr std::size_t block_size = 1024;

    // Takes block_size finite numbers, or fewer at the end of the stream.
    void add(std::span<const double> block) { add_block(block); }
    // Takes integers that doubles hold exactly, likewise.
    template <std::signed_integral Integer>
    void add(std::span<const Integer> block) {
        add_block(block);
    }

    void merge(const QuantileSketch& other) {
        if (&other == this) return merge(QuantileSketch(other));
        flush();
        for (std::size_t level = 0; level < other.levels_.size(); ++level) {
            insert(level, sorted(other.levels_[level].values, other.levels_[level].in_order));
        }
        insert(other.staged_level_, sorted(other.staged_, false));
        count_ += other.count_;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // Returns the values at `rank` and at `rank` + 1 of the sorted stream (from 0; the last one twice at the end), each
    // off by at most max_rank_error of count(). count() must not be 0.
    [[nodiscard]] std::pair<double, double> values_at(std::uint64_t rank) const {
        const std::vector<Run> runs = sorted_runs();
        // Halves the range of all doubles until it holds the smallest one with more than `rank` values up to it.
        std::uint64_t below = order_bits(std::numeric_limits<double>::lowest()) - 1;
        std::uint64_t at = order_bits((std::numeric_limits<double>::max)());
        while (at - below > 1) {
            const std::uint64_t between = below + (at - below) / 2;
            (weight_up_to(runs, from_order_bits(between)) > rank ? at : below) = between;
        }
        const double bound = from_order_bits(at);
        double low = std::numeric_limits<double>::lowest();
        double high = (std::numeric_limits<double>::max)();
        bool any_above = false;
        for (const Run& run : runs) {
            const std::size_t end = run.count_up_to(bound);
            if (end > 0) low = (std::max)(low, run.values[end - 1]);
            if (end == run.values.size()) continue;
            high = (std::min)(high, run.values[end]);
            any_above = true;
        }
        return {low, any_above && weight_up_to(runs, low) <= rank + 1 ? high : low};
    }

    // Keeps about `max_values` values, and at least one per level. Moves a rank by at most count() / max_values.
    void condense(std::size_t max_values) {
        flush();
        const auto kept = [&] {
            std::size_t values = 0;
            for (const Level& level : levels_) values += level.values.size();
            return values;
        };
        for (std::size_t index = 0; index < levels_.size() && kept() > max_values; ++index) {
            while (levels_[index].values.size() > 1 && kept() > max_values) compact(index);
        }
    }

    void pack(Packer& packer) const {
        packer.number(count_);
        packer.word(random_state_);
        packer.number(levels_.size());
        for (const Level& level : levels_) {
            packer.number(level.values.size());
            packer.flag(level.in_order);
            packer.number(level.compactions);
            packer.flag(level.parity != 0);
            packer.reals(level.values);
        }
        packer.number(staged_level_);
        packer.number(staged_.size());
        packer.reals(staged_);
    }
    [[nodiscard]] static QuantileSketch unpack(Unpacker& in) {
        QuantileSketch sketch;
        sketch.count_ = in.rows();
        sketch.random_state_ = in.word();
        sketch.levels_.resize(in.count(4, max_levels));
        std::uint64_t weight = 0;
        for (std::size_t index = 0; index < sketch.levels_.size(); ++index) {
            Level& level = sketch.levels_[index];
            const std::size_t size = in.size(2 * run_size - 1);
            level.in_order = in.flag();
            level.compactions = in.number();
            level.parity = in.flag() ? 1 : 0;
            level.values = in.finite(size);
            in.expect(!level.in_order || std::is_sorted(level.values.begin(), level.values.end()),
                      "values are not in order");
            in.expect(size <= sketch.count_ >> index, "values that stand for more than there were");
            weight += std::uint64_t{size} << index;
        }
        sketch.staged_level_ = static_cast<unsigned>(in.number(max_sampling_level));
        sketch.staged_ = in.finite(in.size(max_staged));
        weight += std::uint64_t{sketch.staged_.size()} << sketch.staged_level_;
        in.expect(weight == sketch.count_, "values that stand for more or fewer than there were");
        return sketch;
    }

  private:
    static constexpr std::size_t max_levels = 48;
    static constexpr std::size_t run_size = 2048;
    static constexpr std::size_t max_staged = 8192;
    static constexpr unsigned thinning_level = 4;      // one of 16
    static constexpr std::uint64_t min_used = 93'750;  // of the values between n and 2 n
    static constexpr std::uint64_t sampled_from = 125'000;
    static constexpr unsigned max_sampling_level = 10;  // a block is one group

    struct Level {
        std::vector<double> values;  // fewer than 2 * run_size
        bool in_order = true;
        std::uint64_t compactions = 0;
        std::size_t parity = 0;
    };

    // Sorted values, each of which represents `weight` values of the stream.
    struct Run {
        std::vector<double> values;
        std::uint64_t weight;

        [[nodiscard]] std::size_t count_up_to(double value) const {
            return static_cast<std::size_t>(std::upper_bound(values.begin(), values.end(), value) - values.begin());
        }
    };

    template <class Number>
    void add_block(std::span<const Number> block) {
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

    [[nodiscard]] std::vector<Run> sorted_runs() const {
        std::vector<Run> runs;
        runs.push_back({sorted(staged_, false), std::uint64_t{1} << staged_level_});
        for (std::size_t level = 0; level < levels_.size(); ++level) {
            runs.push_back({sorted(levels_[level].values, levels_[level].in_order), std::uint64_t{1} << level});
        }
        return runs;
    }

    [[nodiscard]] static std::uint64_t weight_up_to(const std::vector<Run>& runs, double value) {
        std::uint64_t weight = 0;
        for (const Run& run : runs) weight += run.weight * run.count_up_to(value);
        return weight;
    }

    [[nodiscard]] unsigned sampling_level() const noexcept {
        if (count_ < sampled_from) return 0;
        unsigned level = 1;  // sampling begins early, because all values before were used
        for (std::uint64_t n = count_ / min_used; n > 3 && level < max_sampling_level; n /= 2) ++level;
        return level;
    }

    [[nodiscard]] std::uint64_t draw() noexcept { return split_mix(random_state_ += split_mix_step); }

    // Appends one of each 2^level consecutive values to `picked`. The number of values is a multiple of 2^level.
    template <class Number>
    void pick(std::span<const Number> values, unsigned level, std::vector<double>& picked) {
        const std::size_t group = std::size_t{1} << level;
        const std::size_t before = picked.size();
        picked.resize(before + (values.size() >> level));
        auto next = picked.begin() + static_cast<std::ptrdiff_t>(before);
        std::uint64_t random = 0;
        unsigned bits_left = 0;
        for (std::size_t i = 0; i < values.size(); i += group) {
            if (bits_left < level) {
                random = draw();
                bits_left = 64;
            }
            *next++ = static_cast<double>(values[i + (cast_to<std::size_t>(random) & (group - 1))]);
            random >>= level;
            bits_left -= level;
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
            pick<double>(rest.first(thinned), thinning_level, run);
            insert(staged_level_ + thinning_level, run, false);
            rest = rest.subspan(thinned);
        }
        sort_numbers(rest, keys_);
        insert(staged_level_, rest);
        staged_.clear();
    }

    void insert(std::size_t index, std::span<const double> run, bool in_order = true) {
        if (run.empty()) return;
        while (levels_.size() <= index) levels_.emplace_back();
        Level& level = levels_[index];
        std::vector<double>& values = level.values;
        const auto before = static_cast<std::ptrdiff_t>(values.size());
        values.insert(values.end(), run.begin(), run.end());
        level.in_order = in_order && (level.in_order || before == 0);
        // Runs that are not in order are sorted later, all at once.
        if (level.in_order) std::inplace_merge(values.begin(), values.begin() + before, values.end());
        if (values.size() >= 2 * run_size) compact(index);
    }

    // Moves every other value to the next level.
    void compact(std::size_t index) {
        Level& level = levels_[index];
        if (!std::exchange(level.in_order, true)) sort_numbers(level.values, keys_);
        // Every second compaction keeps the positions that the one before it dropped, so that their errors cancel.
        level.parity = level.compactions++ % 2 == 0 ? draw() % 2 : 1 - level.parity;
        const std::size_t pairs = level.values.size() / 2;
        std::vector<double> kept(pairs);
        for (std::size_t i = 0; i < pairs; ++i) kept[i] = level.values[2 * i + level.parity];
        level.values.erase(level.values.begin(), level.values.begin() + static_cast<std::ptrdiff_t>(2 * pairs));
        insert(index + 1, kept);
    }

    std::vector<Level> levels_;
    std::vector<double> staged_;  // at most max_staged, unsorted, each for 2^staged_level_ values of the stream
    unsigned staged_level_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t random_state_ = 0;
    RoughOrder rough_order_;           // workspace, as are the keys
    std::vector<std::uint64_t> keys_;  // of sort_numbers()
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
