// SPDX-License-Identifier: MIT
#pragma once
// A stream of bytes as blocked gzip, compressed on several threads.

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/file/block_writer.hpp>
#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/artifact/gzip/gzip_member.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Cuts a stream into members, one for every gzip_member_bytes bytes, so the result is the same for any number of
// threads and any pieces. The output must outlive it. With one thread the caller compresses. With more, threads of the
// stream's own do, from the first full member on, and one further thread writes, until finish(), discard() or
// destruction. What fails ends the stream, and later calls throw the same. At most two members per thread wait to be
// compressed.
class GzipStream {
  public:
    // The writer's blocks hold a whole member for up to 126 threads.
    static constexpr std::size_t max_threads = 64;

    // `level` is 1 to 12, `threads` 1 to max_threads. Throws std::bad_alloc.
    GzipStream(ByteOutput& output, int level, std::size_t threads)
        : level_(level),
          threads_(threads),
          threaded_(threads > 1),
          writer_(output, threads, max_gzip_member),
          compressor_(level),
          input_(TextBlock::of(gzip_member_bytes)) {
        waiting_.reserve(2 * threads);
        workers_.reserve(threads);
    }
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;
    ~GzipStream() {
        discard();
        // A forked child has none of the threads. To wait for one, to detach it or to destroy the condition variable
        // that it waited for is undefined there, so what they shared is left alone.
        if (forked()) (void)shared_.release();
    }

    void write(std::span<const char> bytes) {
        expect_parent();
        while (!bytes.empty()) {
            const std::size_t size = (std::min)(bytes.size(), input_.capacity - input_.size);
            std::memcpy(input_.memory.get() + input_.size, bytes.data(), size);
            input_.size += size;
            bytes = bytes.subspan(size);
            if (input_.size == input_.capacity) pass_on();
        }
    }

    // Returns when the output has the whole stream. To be called once.
    void finish() {
        expect_parent();
        if (input_.size != 0) pass_on();
        end_workers();
        if (failure_) std::rethrow_exception(failure_);
        TextBlock end = TextBlock::of(gzip_end.size());
        end.size = gzip_end.copy(end.memory.get(), end.capacity);
        writer_.finish(std::move(end));
    }

    // Drops what the output has not taken.
    void discard() noexcept {
        writer_.discard();
        if (forked()) return;
        {
            const std::scoped_lock lock(mutex_);
            waiting_.clear();
        }
        end_workers();
    }

  private:
    struct Piece {
        std::uint64_t turn = 0;
        TextBlock bytes;
    };

    [[nodiscard]] bool forked() const noexcept { return process_ != 0 && process_ != current_process(); }

    void expect_parent() const {
        if (forked()) throw UsageError(ErrorCode::wrong_state, "a forked child cannot go on with its parent's file");
    }

    // Hands the input over to be compressed, and leaves an empty one.
    void pass_on() {
        if (threaded_ && workers_.empty()) start_workers();
        if (!threaded_) {
            if (failure_) std::rethrow_exception(failure_);
            try {
                compress(compressor_, turn_, input_);
            } catch (...) {
                fail(turn_);
                throw;
            }
            ++turn_;
            input_.size = 0;
            return;
        }
        TextBlock next = TextBlock::of(gzip_member_bytes);
        std::unique_lock lock(mutex_);
        room_.wait(lock, [&] { return failure_ || waiting_.size() < 2 * threads_; });
        if (failure_) std::rethrow_exception(failure_);
        waiting_.push_back({turn_++, std::exchange(input_, std::move(next))});
        work_.notify_one();
    }

    void compress(GzipCompressor& compressor, std::uint64_t turn, const TextBlock& bytes) {
        TextBlock member = writer_.begin_turn(turn);
        member.size = compressor.compress(bytes.text(), member.memory.get());
        writer_.end_turn(turn, std::move(member));
    }

    // Starts the threads that compress. If the system refuses all of them, the caller compresses.
    void start_workers() {
        process_ = current_process();
        try {
            while (workers_.size() < threads_) workers_.emplace_back([this] { work(); });
        } catch (const std::exception&) {
            threaded_ = !workers_.empty();
        }
    }

    void work() noexcept {
        Piece piece;
        try {
            GzipCompressor compressor(level_);
            while (take(piece)) compress(compressor, piece.turn, piece.bytes);
        } catch (const BlockWriter::GivenUp&) {
            // Another worker has the error.
        } catch (...) {
            fail(piece.turn);
        }
    }

    [[nodiscard]] bool take(Piece& piece) {
        std::unique_lock lock(mutex_);
        work_.wait(lock, [&] { return ending_ || failure_ || !waiting_.empty(); });
        if (failure_ || waiting_.empty()) return false;
        piece = std::move(waiting_.front());
        waiting_.erase(waiting_.begin());
        room_.notify_one();
        return true;
    }

    void fail(std::uint64_t turn) noexcept {
        writer_.give_up(turn);
        const std::scoped_lock lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        room_.notify_all();
        work_.notify_all();
    }

    void end_workers() noexcept {
        {
            const std::scoped_lock lock(mutex_);
            ending_ = true;
            work_.notify_all();
        }
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
    }

    int level_;
    std::size_t threads_;
    bool threaded_;  // false once the system refused all threads
    BlockWriter writer_;
    GzipCompressor compressor_;  // the caller's
    TextBlock input_;
    std::uint64_t turn_ = 0;  // of the next member

    struct Shared {
        std::mutex mutex;
        std::condition_variable work;  // for the workers: a piece came, or the end
        std::condition_variable room;  // for the caller: a piece was taken
        std::vector<std::thread> workers;
    };

    std::int64_t process_ = 0;  // that of the workers; 0 if there never were any
    std::unique_ptr<Shared> shared_ = std::make_unique<Shared>();
    std::mutex& mutex_ = shared_->mutex;
    std::condition_variable& work_ = shared_->work;
    std::condition_variable& room_ = shared_->room;
    std::vector<Piece> waiting_;  // in order
    std::exception_ptr failure_;
    bool ending_ = false;
    std::vector<std::thread>& workers_ = shared_->workers;
};

}  // namespace curtail::inline v0::detail
