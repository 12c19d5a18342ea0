// SPDX-License-Identifier: MIT
#pragma once
// Writes blocks of text in their order while others are still being formatted.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Owns an output and hands it blocks of text, one at a time and in order. With one formatting thread they are written
// where they are handed over. With more, a thread of the writer's own does that from the first block on, until
// finish(), discard() or destruction. Texts that are formatted side by side are ordered by their turns, which count
// from 0 without gaps. What the output throws ends the writing and is thrown from here on by every call that hands over
// or waits.
//
// Memory is bounded: blocks of block_capacity() bytes, three more than turns may be under way at once, and never more
// than 17 MB of them.
template <class Output>
class BlockWriter {
  public:
    // Beyond this many, blocks would become so short that handing them over is what takes the time.
    static constexpr std::size_t max_formatters = 128;

    // `formatters` is how many threads will format at the same time, 1..max_formatters; `most_capacity` is the most
    // bytes of one block.
    BlockWriter(Output output, std::size_t formatters, std::size_t most_capacity = TextBuffer<Output>::default_capacity)
        : output_(std::move(output)),
          threaded_(formatters > 1),
          turns_under_way_(2 * formatters),
          most_blocks_(turns_under_way_ + 3),
          capacity_((std::min)(most_capacity, (std::size_t{16} << 20U) / most_blocks_)) {
        free_.reserve(most_blocks_);
        queue_.reserve(most_blocks_);
        parked_.reserve(most_blocks_);
    }

    BlockWriter(const BlockWriter&) = delete;
    BlockWriter& operator=(const BlockWriter&) = delete;
    ~BlockWriter() { discard(); }

    // Not to be used between the first text and finish() or discard().
    [[nodiscard]] Output& output() noexcept { return output_; }
    [[nodiscard]] const Output& output() const noexcept { return output_; }

    [[nodiscard]] std::size_t block_capacity() const noexcept { return capacity_; }

    // Hands over the next text of the turn that has come. The block comes back empty.
    void write(TextBlock& block) {
        if (block.size == 0) return;
        std::unique_lock lock(mutex_);
        enqueue(block);
        block = take_empty(lock);
    }

    // The turn that comes next, when none is under way.
    [[nodiscard]] std::uint64_t next_turn() {
        const std::scoped_lock lock(mutex_);
        return turn_;
    }

    // An empty block to begin `turn` with, as soon as few enough turns are under way.
    [[nodiscard]] TextBlock begin_turn(std::uint64_t turn) {
        std::unique_lock lock(mutex_);
        wait_for(lock, turn, [&] { return turn - turn_ < turns_under_way_; });
        return take_empty(lock);
    }

    // Hands over a text of `turn` that is not its last, as soon as the turn has come. The block comes back empty.
    void write_part(std::uint64_t turn, TextBlock& block) {
        std::unique_lock lock(mutex_);
        wait_for(lock, turn, [&] { return turn == turn_; });
        enqueue(block);
        block = take_empty(lock);
    }

    // Hands over the last text of `turn`, whether the turn has come or not.
    void end_turn(std::uint64_t turn, TextBlock block) {
        const std::scoped_lock lock(mutex_);
        check_failure();
        if (turn != turn_) {
            parked_.push_back({turn, std::move(block)});
            return;
        }
        enqueue(block);
        for (++turn_;; ++turn_) {
            const auto next =
                std::find_if(parked_.begin(), parked_.end(), [&](const Parked& p) { return p.turn == turn_; });
            if (next == parked_.end()) break;
            enqueue(next->block);
            parked_.erase(next);
        }
        changed_.notify_all();
    }

    // `turn` will not end: whoever waits for a later one gets GivenUp.
    void give_up(std::uint64_t turn) noexcept {
        const std::scoped_lock lock(mutex_);
        given_up_ = (std::min)(given_up_, turn);
        changed_.notify_all();
    }

    struct GivenUp {};

    // Returns when the output has taken all, `last` included.
    void finish(TextBlock last) {
        end_thread(false);
        check_failure();
        if (last.size != 0) output_.write(last.text());
    }

    // Drops what the output has not yet taken; nothing can be handed over any more.
    void discard() noexcept { end_thread(true); }

  private:
    struct Parked {
        std::uint64_t turn;
        TextBlock block;
    };

    void check_failure() const {
        if (failure_) std::rethrow_exception(failure_);
        if (over_) throw UsageError(ErrorCode::wrong_state, "text was written after all was given up");
    }

    template <class Condition>
    void wait_for(std::unique_lock<std::mutex>& lock, std::uint64_t turn, Condition condition) {
        changed_.wait(lock, [&] { return failure_ || over_ || given_up_ < turn || condition(); });
        check_failure();
        if (given_up_ < turn) throw GivenUp();
    }

    // Never waits in vain: each turn under way holds one block and the caller of write() one more, so two at least are
    // here or with the writing thread.
    [[nodiscard]] TextBlock take_empty(std::unique_lock<std::mutex>& lock) {
        changed_.wait(lock, [&] { return failure_ || over_ || !free_.empty() || blocks_ < most_blocks_; });
        check_failure();
        if (free_.empty()) {
            TextBlock block = TextBlock::of(capacity_);
            ++blocks_;
            return block;
        }
        TextBlock block = std::move(free_.back());
        free_.pop_back();
        return block;
    }

    // The mutex is held, so blocks that are written here keep their order.
    void enqueue(TextBlock& block) {
        check_failure();
        if (threaded_ && !thread_.joinable()) start_thread();
        if (thread_.joinable()) {
            queue_.push_back(std::move(block));
            work_.notify_one();
        } else {
            write_now(block);
        }
    }

    void write_now(TextBlock& block) {
        try {
            output_.write(block.text());
        } catch (...) {
            failure_ = std::current_exception();
            changed_.notify_all();
            throw;
        }
        give_back(block);
    }

    void give_back(TextBlock& block) {
        block.size = 0;
        free_.push_back(std::move(block));
        changed_.notify_all();
    }

    // Where no further thread may be had (a limit on their number), whoever hands over a block writes it.
    void start_thread() {
        try {
            thread_ = std::thread([this] { write_queue(); });
        } catch (const std::exception&) {
            threaded_ = false;
        }
    }

    void write_queue() noexcept {
        std::unique_lock lock(mutex_);
        for (;;) {
            work_.wait(lock, [&] { return !queue_.empty() || ending_; });
            if (queue_.empty()) return;
            TextBlock block = std::move(queue_.front());
            queue_.erase(queue_.begin());
            lock.unlock();
            std::exception_ptr failure;
            try {
                output_.write(block.text());
            } catch (...) {
                failure = std::current_exception();
            }
            lock.lock();
            if (failure) {
                failure_ = failure;
                queue_.clear();
                changed_.notify_all();
                return;
            }
            give_back(block);
        }
    }

    void end_thread(bool dropping) noexcept {
        {
            const std::scoped_lock lock(mutex_);
            over_ = over_ || dropping;
            if (!thread_.joinable()) return;
            if (dropping) queue_.clear();
            ending_ = true;
            work_.notify_one();
            changed_.notify_all();
        }
        thread_.join();
    }

    Output output_;
    bool threaded_;
    std::size_t turns_under_way_;
    std::size_t most_blocks_;
    std::size_t capacity_;

    std::mutex mutex_;
    std::condition_variable work_;     // for the writing thread: a block came, or the end
    std::condition_variable changed_;  // for all others: a block became free, a turn came, or all is over
    std::vector<TextBlock> queue_;     // in order
    std::vector<TextBlock> free_;
    std::vector<Parked> parked_;  // whole texts whose turn has not come
    std::size_t blocks_ = 1;      // made so far, and the one that the caller of write() brought
    std::uint64_t turn_ = 0;
    std::uint64_t given_up_ = static_cast<std::uint64_t>(-1);
    std::exception_ptr failure_;
    bool ending_ = false;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace curtail::inline v0::detail
