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

#include <curtail/artifact/csv/row_source.hpp>
#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/artifact/file/block_writer.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/artifact/index/row_index.hpp>
#include <curtail/core/callback/callback.hpp>

namespace curtail::inline v0::detail {

// Formats the rows of `batch` from `first` on, each thread a run of rows at a time, into blocks that `writer` puts in
// order. All threads have ended when run() returns or throws. If several rows cannot be written, the error of the first
// one is thrown, for any number of threads.
class ConcurrentRows {
  public:
    // `threads` includes the caller's; `number` is the number of the batch's row 0 in the table; `row_bytes` is the
    // average length of a row, as far as it is known. `index`, if there is one, learns where rows begin; `offset` is
    // where the first one does.
    ConcurrentRows(BlockWriter& writer, std::size_t threads, const RowSource& batch, std::size_t first,
                   std::uint64_t number, std::uint64_t row_bytes, RowIndexWriter* index, std::uint64_t offset)
        : writer_(writer),
          threads_(threads),
          batch_(batch),
          number_(number),
          index_(index),
          next_row_(first),
          next_turn_(writer.next_turn()),
          bytes_(row_bytes),
          indexed_turn_(next_turn_),
          indexed_bytes_(offset) {}

    // Calls meanwhile() on the caller's thread, which then formats with the others. Returns the number of bytes
    // formatted; `rows` counts guarded cells for all threads.
    std::uint64_t run(CsvRowWriter& rows, Callback<> meanwhile) {
        std::vector<CsvRowWriter> copies(threads_ - 1, rows);
        std::vector<std::thread> helpers;
        helpers.reserve(copies.size());
        try {
            for (CsvRowWriter& copy : copies) helpers.emplace_back([this, &copy] { work(copy); });
        } catch (const std::exception&) {
            // The system refuses a further thread: those that were started are enough.
        }
        std::exception_ptr meanwhile_failure;
        try {
            meanwhile();
        } catch (...) {
            meanwhile_failure = std::current_exception();
        }
        const std::uint64_t guarded = rows.guarded();
        work(rows);
        for (std::thread& helper : helpers) helper.join();
        if (failure_) std::rethrow_exception(failure_);
        if (meanwhile_failure) std::rethrow_exception(meanwhile_failure);
        for (const CsvRowWriter& copy : copies) rows.count_guarded(copy.guarded() - guarded);
        return bytes_done_;
    }

  private:
    struct Run {
        std::size_t first;
        std::size_t last;
        std::uint64_t turn;
    };

    // The ends of the rows of a run, counted from its beginning, because its place in the file is not known yet.
    struct RowEnds final : RowWatch {
        std::uint64_t row_begins(std::uint64_t /*row*/, std::uint64_t size) override {
            ends.push_back(size);
            return 0;
        }

        std::vector<std::uint64_t> ends;
    };
    struct WrittenRun {
        Run run;
        std::uint64_t size;
        std::vector<std::uint64_t> ends;
    };

    // Takes the full blocks of one run.
    struct Turn final : BlockSink {
        Turn(BlockWriter& to, std::uint64_t number) : writer(to), turn(number) {}
        void exchange(TextBlock& block) override { writer.write_part(turn, block); }

        BlockWriter& writer;
        std::uint64_t turn;
    };

    void work(CsvRowWriter& rows) noexcept {
        Run run{};
        while (claim(run)) {
            try {
                Turn turn(writer_, run.turn);
                TextBuffer text(turn, writer_.begin_turn(run.turn));
                RowEnds rows_of_run;
                if (index_ != nullptr) text.tell(rows_of_run, 0);
                rows.write_rows(text, batch_, run.first, run.last, number_);
                const std::uint64_t size = text.size();
                writer_.end_turn(run.turn, text.release());
                count(run, size);
                if (index_ != nullptr) index({run, size, std::move(rows_of_run.ends)});
            } catch (const BlockWriter::GivenUp&) {
                return;
            } catch (...) {
                fail(run.turn, std::current_exception());
                return;
            }
        }
    }

    // Claims a run that fills three quarters of a block, because a block that overflows has to wait for its turn. Runs
    // get shorter at the end, so that all threads end at about the same time.
    [[nodiscard]] bool claim(Run& run) {
        const std::scoped_lock lock(mutex_);
        const std::size_t rows = batch_.rows();
        if (next_row_ == rows) return false;
        const std::uint64_t row_bytes = (std::max)(bytes_ / (std::max)(counted_, std::uint64_t{1}), std::uint64_t{1});
        const std::uint64_t max_rows = writer_.block_capacity() / 4 * 3 / row_bytes;
        const std::uint64_t min_rows = writer_.block_capacity() / 16 / row_bytes;
        const std::uint64_t share = (std::max)(std::uint64_t{rows - next_row_} / (2 * threads_), min_rows);
        const std::uint64_t count = (std::max)((std::min)(share, max_rows), std::uint64_t{1});
        run.first = next_row_;
        run.last = next_row_ + static_cast<std::size_t>((std::min)(count, std::uint64_t{rows - next_row_}));
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

    // Passes the rows of a run on to the index once all runs before it are there, which are never many.
    void index(WrittenRun run) {
        const std::scoped_lock lock(mutex_);
        written_.push_back(std::move(run));
        for (auto next = written_.begin(); next != written_.end();) {
            if (next->run.turn != indexed_turn_) {
                ++next;
                continue;
            }
            index_->add_run(number_ + next->run.first, indexed_bytes_, next->ends);
            indexed_bytes_ += next->size;
            ++indexed_turn_;
            written_.erase(next);
            next = written_.begin();
        }
    }

    void fail(std::uint64_t turn, std::exception_ptr failure) noexcept {
        {
            const std::scoped_lock lock(mutex_);
            next_row_ = batch_.rows();
            if (turn < failed_turn_) {
                failed_turn_ = turn;
                failure_ = std::move(failure);
            }
        }
        writer_.give_up(turn);
    }

    BlockWriter& writer_;
    std::size_t threads_;
    const RowSource& batch_;
    std::uint64_t number_;
    RowIndexWriter* index_;

    std::mutex mutex_;
    std::size_t next_row_;
    std::uint64_t next_turn_;
    std::uint64_t bytes_;  // of `counted_` rows, or of one row until one is counted
    std::uint64_t counted_ = 0;
    std::uint64_t bytes_done_ = 0;
    std::uint64_t failed_turn_ = static_cast<std::uint64_t>(-1);
    std::exception_ptr failure_;
    std::vector<WrittenRun> written_;  // whose place in the file is not known yet
    std::uint64_t indexed_turn_;
    std::uint64_t indexed_bytes_;  // where that turn begins
};

}  // namespace curtail::inline v0::detail
