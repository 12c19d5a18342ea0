// SPDX-License-Identifier: MIT
#pragma once
// Rows of one batch formatted by several threads at once, in the order of the rows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/artifact/file/block_writer.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

// Formats the rows of `batch` from `first` on, each thread a run of rows at a time, into blocks that `writer` puts in
// order. All threads have ended when run() returns or throws. Of several rows that cannot be written the first one's
// error is thrown, for any number of threads.
template <class Output, ConcurrentTable T>
class ConcurrentRows {
  public:
    // `threads` includes the caller's; `number` is the number of the batch's row 0 in the table, `row_bytes` the length
    // of a row as far as is known.
    ConcurrentRows(BlockWriter<Output>& writer, std::size_t threads, const T& batch, std::size_t first,
                   std::uint64_t number, std::uint64_t row_bytes)
        : writer_(writer),
          threads_(threads),
          batch_(batch),
          number_(number),
          next_row_(first),
          rows_(curtail::rows_of(batch)),
          next_turn_(writer.next_turn()),
          bytes_(row_bytes) {}

    // The caller's thread calls beside() before it formats with the others. Returns the bytes formatted. `rows` counts
    // for all.
    template <class Beside>
    std::uint64_t run(CsvRowWriter& rows, Beside& beside) {
        std::vector<CsvRowWriter> writers(threads_ - 1, rows);
        std::vector<std::thread> helpers;
        helpers.reserve(writers.size());
        try {
            for (CsvRowWriter& own : writers) helpers.emplace_back([this, &own] { work(own); });
        } catch (const std::exception&) {
            // As many as there may be will do.
        }
        std::exception_ptr beside_failure;
        try {
            beside();
        } catch (...) {
            beside_failure = std::current_exception();
        }
        const std::uint64_t guarded = rows.guarded();
        work(rows);
        for (std::thread& helper : helpers) helper.join();
        if (failure_) std::rethrow_exception(failure_);
        if (beside_failure) std::rethrow_exception(beside_failure);
        for (const CsvRowWriter& own : writers) rows.count_guarded(own.guarded() - guarded);
        return bytes_done_;
    }

  private:
    struct Run {
        std::size_t first;
        std::size_t last;
        std::uint64_t turn;
    };

    // What a TextBuffer of one run empties itself into.
    struct Turn {
        BlockWriter<Output>* writer;
        std::uint64_t turn;

        void exchange(TextBlock& block) { writer->write_part(turn, block); }
    };

    void work(CsvRowWriter& rows) noexcept {
        Run run{};
        while (claim(run)) {
            try {
                TextBuffer text(Turn{&writer_, run.turn}, writer_.begin_turn(run.turn));
                rows.write_rows(text, batch_, run.first, run.last, number_);
                const std::uint64_t size = text.size();
                writer_.end_turn(run.turn, text.release());
                count(run, size);
            } catch (const typename BlockWriter<Output>::GivenUp&) {
                return;
            } catch (...) {
                fail(run.turn, std::current_exception());
                return;
            }
        }
    }

    // Runs that fill three quarters of a block, for a block that overflows has to wait for its turn; shorter ones at
    // the end, so that all threads end at about the same time.
    [[nodiscard]] bool claim(Run& run) {
        const std::scoped_lock lock(mutex_);
        if (next_row_ == rows_) return false;
        const std::uint64_t row_bytes = (std::max)(bytes_ / (std::max)(counted_, std::uint64_t{1}), std::uint64_t{1});
        const std::uint64_t most = writer_.block_capacity() / 4 * 3 / row_bytes;
        const std::uint64_t least = writer_.block_capacity() / 16 / row_bytes;
        const std::uint64_t share = (std::max)((rows_ - next_row_) / (2 * threads_), least);
        const std::uint64_t count = (std::max)((std::min)(share, most), std::uint64_t{1});
        run.first = next_row_;
        run.last = next_row_ + static_cast<std::size_t>((std::min)(count, std::uint64_t{rows_ - next_row_}));
        run.turn = next_turn_++;
        next_row_ = run.last;
        return true;
    }

    void count(const Run& run, std::uint64_t size) {
        const std::scoped_lock lock(mutex_);
        bytes_done_ += size;
        bytes_ = bytes_done_;
        counted_ += run.last - run.first;
    }

    void fail(std::uint64_t turn, std::exception_ptr failure) noexcept {
        {
            const std::scoped_lock lock(mutex_);
            next_row_ = rows_;
            if (turn < failed_turn_) {
                failed_turn_ = turn;
                failure_ = std::move(failure);
            }
        }
        writer_.give_up(turn);
    }

    BlockWriter<Output>& writer_;
    std::size_t threads_;
    const T& batch_;
    std::uint64_t number_;

    std::mutex mutex_;
    std::size_t next_row_;
    std::size_t rows_;
    std::uint64_t next_turn_;
    std::uint64_t bytes_;  // of `counted_` rows, or of one as long as none is counted
    std::uint64_t counted_ = 0;
    std::uint64_t bytes_done_ = 0;
    std::uint64_t failed_turn_ = static_cast<std::uint64_t>(-1);
    std::exception_ptr failure_;
};

}  // namespace curtail::inline v0::detail
