// SPDX-License-Identifier: MIT
#pragma once
// Formats the batches of one table as CSV, on one thread or on several, and hands the text to an output in order.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/csv/row_source.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/core/callback/callback.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// The part of CsvSink that does not depend on its output: start(), then append() any number of times, then finish() or
// discard(). Other orders are a UsageError (wrong_state). The output must outlive it.
class CsvFormatter {
  public:
    // Throws what check_dialect() throws. `threads` and `metadata` as in CsvSinkOptions.
    CsvFormatter(ByteOutput& output, const CsvDialect& dialect, std::size_t threads, bool metadata);
    ~CsvFormatter();

    // Throws if start() or discard() was called before.
    void expect_idle() const;
    // Writes the header.
    void start(const Schema& schema);
    // Writes every row of the batch, and calls meanwhile() once on the calling thread: while others format, if there
    // are any.
    void append(const RowSource& batch, Callback<> meanwhile);
    // Returns when the output has taken all.
    void finish();
    // Drops what the output has not taken.
    void discard() noexcept;

    // Returns the text of the metadata file. Needs `metadata` in the constructor. `seek_points` as in SeekTables.
    [[nodiscard]] std::string metadata(const ArtifactInfo& info, std::string_view file_name,
                                       std::string_view seek_points = {}) const;

    // Returns the parts of that text that describe dialect and columns, and say where rows begin.
    [[nodiscard]] std::string table(const ArtifactInfo& info, std::string_view seek_points = {}) const;

    [[nodiscard]] std::uint64_t header_bytes() const noexcept;
    [[nodiscard]] std::uint64_t rows_written() const noexcept;
    [[nodiscard]] std::uint64_t bytes_written() const noexcept;
    [[nodiscard]] std::uint64_t guarded() const noexcept;

  private:
    class State;

    std::unique_ptr<State> state_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/csv/concurrent_rows.hpp>
#include <curtail/artifact/csv/metadata.hpp>
#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/artifact/file/block_writer.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/artifact/index/row_index.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/batch/observed_types.hpp>

namespace curtail::inline v0::detail {

class CsvFormatter::State final : public RowWatch {
  public:
    enum class Phase : std::uint8_t { idle, open, busy, closed };

    State(ByteOutput& output, const CsvDialect& dialect, std::size_t wanted_threads, bool has_metadata)
        : metadata(has_metadata),
          threads(std::clamp(wanted_threads != 0 ? wanted_threads : std::size_t{std::thread::hardware_concurrency()},
                             std::size_t{1}, BlockWriter::max_formatters)),
          rows(dialect, (std::min)(DictionaryFields::default_capacity, max_dictionary_bytes / threads)),
          writer(output, threads),
          text(writer, TextBlock::of(writer.block_capacity())) {}

    void expect(Phase wanted, std::string_view rule) const {
        if (phase != wanted) throw UsageError(ErrorCode::wrong_state, "CsvSink: " + std::string(rule));
    }

    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return text.size() + bytes_elsewhere; }

    std::uint64_t row_begins(std::uint64_t row, std::uint64_t size) override {
        index->add({row, size + bytes_elsewhere});
        return index->wanted() - bytes_elsewhere;
    }
    // Adds rows that begin in `text` from now on to the index.
    void watch_rows() {
        if (index) text.tell(*this, index->wanted() - bytes_elsewhere);
    }

    void append(const RowSource& batch, Callback<> meanwhile) {
        if (batch.concurrent() && threads > 1) {
            write_rest(batch, write_until_known(batch), meanwhile);
        } else {
            rows.write_rows(text, batch, 0, batch.rows(), rows_written);
            meanwhile();
        }
    }

    // Returns the schema with the types that the cells have shown.
    [[nodiscard]] Schema seen() const {
        std::vector<ColumnSpec> columns = described.columns();
        for (std::size_t i = 0; i < columns.size(); ++i) columns[i].type = times->type(i);
        return Schema(std::move(columns), described.prediction_count());
    }

    // Writes rows until their average length is known; returns how many were written.
    std::size_t write_until_known(const RowSource& batch) {
        std::size_t row = 0;
        while (row < batch.rows() && bytes_written() - header_bytes < writer.block_capacity()) {
            const std::size_t next = (std::min)(row + 64, batch.rows());
            rows.write_rows(text, batch, row, next, rows_written);
            row = next;
        }
        return row;
    }

    // Formats the rows from `first` on. Starting a thread takes about 30 µs, in which 20 KB are formatted.
    void write_rest(const RowSource& batch, std::size_t first, Callback<> meanwhile) {
        const std::uint64_t known = rows_written + first;
        const std::uint64_t row_bytes = known == 0 ? 0 : (bytes_written() - header_bytes) / known;
        const std::uint64_t rest = row_bytes * (batch.rows() - first);
        if (rest < 4 * std::uint64_t{writer.block_capacity()}) {
            rows.write_rows(text, batch, first, batch.rows(), rows_written);
            meanwhile();
        } else {
            text.drain();
            // At least two blocks per thread: starting 127 threads for a megabyte takes longer than formatting it.
            const std::uint64_t runs = rest / (2 * std::uint64_t{writer.block_capacity()});
            const auto helpers = static_cast<std::size_t>((std::min)(std::uint64_t{threads}, runs));
            ConcurrentRows work(writer, helpers, batch, first, rows_written, row_bytes, index ? &*index : nullptr,
                                bytes_written());
            bytes_elsewhere += work.run(rows, meanwhile);
            watch_rows();
        }
    }

    // Shared by all threads, as the memory of the blocks is.
    static constexpr std::size_t max_dictionary_bytes = std::size_t{8} << 20U;

    bool metadata;
    Schema described;                     // empty without metadata, because names of many columns take memory
    std::optional<ObservedTypes> times;   // with metadata: of times whose values have their unit and zone
    std::optional<RowIndexWriter> index;  // with metadata
    std::size_t threads;
    CsvRowWriter rows;
    BlockWriter writer;
    TextBuffer text;
    Phase phase = Phase::idle;
    std::uint64_t rows_written = 0;
    std::uint64_t header_bytes = 0;
    std::uint64_t bytes_elsewhere = 0;  // that did not go through `text`
};

CURTAIL_INLINE CsvFormatter::CsvFormatter(ByteOutput& output, const CsvDialect& dialect, std::size_t threads,
                                          bool metadata)
    : state_(std::make_unique<State>(output, dialect, threads, metadata)) {}
CURTAIL_INLINE CsvFormatter::~CsvFormatter() = default;

CURTAIL_INLINE void CsvFormatter::expect_idle() const {
    state_->expect(State::Phase::idle,
                   "a sink writes one file, so make a new one for each: open() is called once, first");
}

CURTAIL_INLINE void CsvFormatter::start(const Schema& schema) {
    expect_idle();
    state_->phase = State::Phase::closed;  // stays so if anything below throws
    if (state_->metadata) {
        state_->described = schema;
        state_->times.emplace(state_->described, ObservedTypes::Watch::times);
    }
    state_->rows.write_header(state_->text, schema);
    state_->header_bytes = state_->text.size();
    if (state_->metadata) {
        state_->index.emplace(state_->header_bytes);
        state_->watch_rows();
    }
    state_->phase = State::Phase::open;
}

CURTAIL_INLINE void CsvFormatter::append(const RowSource& batch, Callback<> meanwhile) {
    state_->expect(State::Phase::open, "append() is called between open() and finish()");
    state_->phase = State::Phase::busy;  // stays so if anything below throws: a file that lacks rows is not published
    state_->rows.begin_batch(batch.rows());
    state_->append(batch, meanwhile);
    if (state_->times) state_->times->add(batch.slice(0, batch.rows()));
    state_->rows_written += batch.rows();
    state_->expect(State::Phase::busy, "abort() was called during append()");
    state_->phase = State::Phase::open;
}

CURTAIL_INLINE void CsvFormatter::finish() {
    state_->expect(State::Phase::open, "finish() is called once, after open()");
    state_->phase = State::Phase::closed;
    state_->writer.finish(state_->text.release());
}

CURTAIL_INLINE void CsvFormatter::discard() noexcept {
    state_->phase = State::Phase::closed;
    state_->writer.discard();
}

CURTAIL_INLINE std::string CsvFormatter::metadata(const ArtifactInfo& info, std::string_view file_name,
                                                  std::string_view seek_points) const {
    return csv_metadata(state_->seen(), state_->rows.dialect(), info, file_name,
                        {state_->index->text(state_->rows_written), seek_points});
}
CURTAIL_INLINE std::string CsvFormatter::table(const ArtifactInfo& info, std::string_view seek_points) const {
    return csv_table(state_->seen(), state_->rows.dialect()) +
           contents_json(info, {state_->index->text(state_->rows_written), seek_points});
}
CURTAIL_INLINE std::uint64_t CsvFormatter::header_bytes() const noexcept {
    return state_->header_bytes;
}
CURTAIL_INLINE std::uint64_t CsvFormatter::rows_written() const noexcept {
    return state_->rows_written;
}
CURTAIL_INLINE std::uint64_t CsvFormatter::bytes_written() const noexcept {
    return state_->bytes_written();
}
CURTAIL_INLINE std::uint64_t CsvFormatter::guarded() const noexcept {
    return state_->rows.guarded();
}

}  // namespace curtail::inline v0::detail

#endif
