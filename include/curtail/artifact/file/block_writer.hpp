// SPDX-License-Identifier: MIT
#pragma once
// Writes blocks of text in their order while others are still being formatted.

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Hands an output, which must outlive it, blocks of text, one at a time and in order. With one formatting thread they
// are written by the caller. With more, a thread of the writer's own writes them from the first block on, until
// finish(), discard() or destruction. Texts that are formatted at the same time are ordered by their turns, which count
// from 0 without gaps. What the output throws ends the writing, and every later call that hands over or waits throws
// it.
//
// A forked child has neither that thread nor those that held the mutex or waited. So nothing waits there: discard() and
// destruction return at once, and calls that hand over a block or wait throw UsageError.
//
// Memory is bounded: blocks of block_capacity() bytes, three more than turns may be under way at once, and never more
// than 17 MB of them. Four invariants hold under the mutex:
//   - turn_ is the lowest turn that has not ended; only its text may enter queue_;
//   - parked_ holds whole texts of later turns, fewer than turns_under_way_;
//   - each block is in free_, queue_ or parked_, or with the thread that formats or writes it; block_count_ counts all;
//   - after failure_ or over_ is set nothing enters queue_.
class BlockWriter final : public BlockSink {
  public:
    // With more threads blocks would become so short that handing them over takes most of the time.
    static constexpr std::size_t max_formatters = 128;

    // `formatters` is the number of threads that format at the same time, 1..max_formatters; `max_capacity` is the
    // largest size of one block in bytes.
    BlockWriter(ByteOutput& output, std::size_t formatters, std::size_t max_capacity = TextBuffer::default_capacity)
        : output_(output),
          threaded_(formatters > 1),
          turns_under_way_(2 * formatters),
          max_blocks_(turns_under_way_ + 3),
          capacity_((std::min)(max_capacity, (std::size_t{16} << 20U) / max_blocks_)) {
        free_.reserve(max_blocks_);
        queue_.reserve(max_blocks_);
        parked_.reserve(max_blocks_);
    }

    BlockWriter(const BlockWriter&) = delete;
    BlockWriter& operator=(const BlockWriter&) = delete;
    ~BlockWriter() {
        discard();
        // A forked child has none of the threads. To wait for one, to detach it or to destroy the condition variable
        // that it waited for is undefined there, so what they shared is left alone.
        if (forked()) (void)shared_.release();
    }

    [[nodiscard]] std::size_t block_capacity() const noexcept { return capacity_; }

    // Hands over the next text of the current turn.
    void exchange(TextBlock& block) override {
        if (block.size == 0) return;
        check_process();
        std::unique_lock lock(mutex_);
        enqueue(block);
        block = take_empty(lock);
    }

    // Returns the turn that comes next, when none is under way.
    [[nodiscard]] std::uint64_t next_turn() {
        check_process();
        const std::scoped_lock lock(mutex_);
        return turn_;
    }

    // Returns an empty block to begin `turn` with, as soon as few enough turns are under way.
    [[nodiscard]] TextBlock begin_turn(std::uint64_t turn) {
        std::unique_lock lock(mutex_);
        wait_for(lock, turn, [&] { return turn - turn_ < turns_under_way_; });
        return take_empty(lock);
    }

    // Waits until it is `turn`, and hands over a text of it that is not its last.
    void write_part(std::uint64_t turn, TextBlock& block) {
        std::unique_lock lock(mutex_);
        wait_for(lock, turn, [&] { return turn == turn_; });
        enqueue(block);
        block = take_empty(lock);
    }

    // Hands over the last text of `turn`, which may not have come yet.
    void end_turn(std::uint64_t turn, TextBlock block) {
        const std::scoped_lock lock(mutex_);
        check_failure();
        if (turn != turn_) {
            parked_.push_back({turn, std::move(block)});
            return;
        }
        enqueue(block);
        for (++turn_; const auto next = parked_of(turn_); ++turn_) {
            enqueue(next->block);
            parked_.erase(parked_.begin() + (next - parked_.data()));
        }
        changed_.notify_all();
    }

    // Says that `turn` will not end: calls that wait for a later turn throw GivenUp.
    void give_up(std::uint64_t turn) noexcept {
        const std::scoped_lock lock(mutex_);
        given_up_ = (std::min)(given_up_, turn);
        changed_.notify_all();
    }

    struct GivenUp {};

    // Returns when the output has taken everything, `last` included.
    void finish(TextBlock last) {
        check_process();
        end_thread(false);
        check_failure();
        if (last.size != 0) output_.write(last.text());
    }

    // Drops what the output has not taken yet; afterwards nothing can be handed over.
    void discard() noexcept { end_thread(true); }

  private:
    struct Parked {
        std::uint64_t turn;
        TextBlock block;
    };

    [[nodiscard]] Parked* parked_of(std::uint64_t turn) noexcept {
        for (Parked& parked : parked_) {
            if (parked.turn == turn) return &parked;
        }
        return nullptr;
    }

    // Returns true in a child of the process whose thread writes.
    [[nodiscard]] bool forked() const noexcept {
        const std::int64_t process = process_;
        return process != 0 && process != current_process();
    }

    void check_process() const {
        if (forked()) throw UsageError(ErrorCode::wrong_state, "a forked child cannot go on with its parent's file");
    }

    void check_failure() const {
        if (failure_) std::rethrow_exception(failure_);
        if (over_) throw UsageError(ErrorCode::wrong_state, "write() after discard()");
    }

    template <class Condition>
    void wait_for(std::unique_lock<std::mutex>& lock, std::uint64_t turn, Condition condition) {
        changed_.wait(lock, [&] { return failure_ || over_ || given_up_ < turn || condition(); });
        check_failure();
        if (given_up_ < turn) throw GivenUp();
    }

    // Returns an empty block, as soon as there is one. Cannot deadlock: each turn under way holds one block and the
    // caller of exchange() one more, so at least two are free or with the writing thread.
    [[nodiscard]] TextBlock take_empty(std::unique_lock<std::mutex>& lock) {
        changed_.wait(lock, [&] { return failure_ || over_ || !free_.empty() || block_count_ < max_blocks_; });
        check_failure();
        if (free_.empty()) {
            TextBlock block = TextBlock::of(capacity_);
            ++block_count_;
            return block;
        }
        TextBlock block = std::move(free_.back());
        free_.pop_back();
        return block;
    }

    // Queues a block for the writing thread, or writes it if there is none. The caller holds the mutex, so the order is
    // kept.
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

    // Starts the writing thread. If the system refuses it, a caller writes each block that it hands over.
    void start_thread() {
        try {
            thread_ = std::thread([this] { write_queue(); });
            process_ = current_process();
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
        if (forked()) return;
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

    ByteOutput& output_;
    bool threaded_;
    std::size_t turns_under_way_;
    std::size_t max_blocks_;
    std::size_t capacity_;

    struct Shared {
        std::mutex mutex;
        std::condition_variable work;     // for the writing thread: a block came, or the end
        std::condition_variable changed;  // for all others: a block became free, a turn came, or the end
        std::thread thread;               // the one that writes
    };
    std::unique_ptr<Shared> shared_ = std::make_unique<Shared>();
    std::mutex& mutex_ = shared_->mutex;
    std::condition_variable& work_ = shared_->work;
    std::condition_variable& changed_ = shared_->changed;
    std::vector<TextBlock> queue_;  // in order
    std::vector<TextBlock> free_;
    std::vector<Parked> parked_;
    std::size_t block_count_ = 1;  // made so far, and the one that the caller of exchange() brought
    std::uint64_t turn_ = 0;
    std::uint64_t given_up_ = static_cast<std::uint64_t>(-1);
    std::exception_ptr failure_;
    bool ending_ = false;
    bool over_ = false;
    std::thread& thread_ = shared_->thread;
    std::atomic<std::int64_t> process_ = 0;  // that of thread_; 0 if it was never started
};

}  // namespace curtail::inline v0::detail
