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
// discard(). Other orders are a UsageError (wrong_state).
class CsvFormatter {
  public:
    virtual ~CsvFormatter() = default;
    CsvFormatter(const CsvFormatter&) = delete;
    CsvFormatter& operator=(const CsvFormatter&) = delete;

    // Throws if start() or discard() was called before.
    virtual void expect_idle() const = 0;
    // Writes the header.
    virtual void start(const Schema& schema) = 0;
    // Writes every row of the batch, and calls meanwhile() once on the calling thread: while others format, if there
    // are any.
    virtual void append(const RowSource& batch, Callback<> meanwhile) = 0;
    // Returns when the output has taken all.
    virtual void finish() = 0;
    // Drops what the output has not taken.
    virtual void discard() noexcept = 0;

    // Returns the text of the metadata file, where metadata are wanted. `seek_points` as in SeekTables.
    [[nodiscard]] virtual std::string metadata(const ArtifactInfo& info, std::string_view file_name,
                                               std::string_view seek_points) const = 0;
    // Returns the parts of that text that describe dialect and columns, and say where rows begin.
    [[nodiscard]] virtual std::string table(const ArtifactInfo& info, std::string_view seek_points) const = 0;

    [[nodiscard]] virtual std::uint64_t header_bytes() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t rows_written() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t bytes_written() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t guarded() const noexcept = 0;

  protected:
    CsvFormatter() = default;
};

// Makes a formatter for `output`, which must outlive it. Throws what check_dialect() throws. `threads` and `metadata`
// as in CsvSinkOptions.
[[nodiscard]] std::unique_ptr<CsvFormatter> make_csv_formatter(ByteOutput& output, const CsvDialect& dialect,
                                                               std::size_t threads, bool metadata);

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

class ThreadedCsvFormatter final : public CsvFormatter, private RowWatch {
  public:
    ThreadedCsvFormatter(ByteOutput& output, const CsvDialect& dialect, std::size_t threads, bool metadata)
        : metadata_(metadata),
          threads_(std::clamp(threads != 0 ? threads : std::size_t{std::thread::hardware_concurrency()}, std::size_t{1},
                              BlockWriter::max_formatters)),
          rows_(dialect, (std::min)(DictionaryFields::default_capacity, max_dictionary_bytes / threads_)),
          writer_(output, threads_),
          text_(writer_, TextBlock::of(writer_.block_capacity())) {}

    void expect_idle() const override {
        expect(Phase::idle, "a sink writes one file, so make a new one for each: open() is called once, first");
    }

    void start(const Schema& schema) override {
        expect_idle();
        phase_ = Phase::closed;  // stays so if anything below throws
        if (metadata_) {
            schema_ = schema;
            times_.emplace(schema_, ObservedTypes::Watch::times);
        }
        rows_.write_header(text_, schema);
        header_bytes_ = text_.size();
        if (metadata_) {
            index_.emplace(header_bytes_);
            watch_rows();
        }
        phase_ = Phase::open;
    }

    void append(const RowSource& batch, Callback<> meanwhile) override {
        expect(Phase::open, "append() is called between open() and finish()");
        phase_ = Phase::busy;  // stays so if anything below throws: a file that lacks rows is not published
        rows_.begin_batch(batch.rows());
        const bool concurrent = batch.concurrent() && threads_ > 1;
        write_rest(batch, concurrent ? write_until_known(batch) : 0, concurrent, meanwhile);
        if (times_) times_->add(batch.slice(0, batch.rows()));
        rows_written_ += batch.rows();
        expect(Phase::busy, "abort() was called during append()");
        phase_ = Phase::open;
    }

    void finish() override {
        expect(Phase::open, "finish() is called once, after open()");
        phase_ = Phase::closed;
        writer_.finish(text_.release());
    }

    void discard() noexcept override {
        phase_ = Phase::closed;
        writer_.discard();
    }

    [[nodiscard]] std::string metadata(const ArtifactInfo& info, std::string_view file_name,
                                       std::string_view seek_points) const override {
        return csv_metadata(seen(), rows_.dialect(), info, file_name, {index_->text(rows_written_), seek_points});
    }
    [[nodiscard]] std::string table(const ArtifactInfo& info, std::string_view seek_points) const override {
        return csv_table(seen(), rows_.dialect()) + contents_json(info, {index_->text(rows_written_), seek_points});
    }

    [[nodiscard]] std::uint64_t header_bytes() const noexcept override { return header_bytes_; }
    [[nodiscard]] std::uint64_t rows_written() const noexcept override { return rows_written_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept override { return text_.size() + bytes_elsewhere_; }
    [[nodiscard]] std::uint64_t guarded() const noexcept override { return rows_.guarded(); }

  private:
    enum class Phase : std::uint8_t { idle, open, busy, closed };

    void expect(Phase wanted, std::string_view rule) const {
        if (phase_ != wanted) throw UsageError(ErrorCode::wrong_state, "CsvSink: " + std::string(rule));
    }

    std::uint64_t row_begins(std::uint64_t row, std::uint64_t size) override {
        index_->add({row, size + bytes_elsewhere_});
        return index_->wanted() - bytes_elsewhere_;
    }
    // Adds rows that begin in `text_` from now on to the index.
    void watch_rows() {
        if (index_) text_.tell(*this, index_->wanted() - bytes_elsewhere_);
    }

    // Returns the schema with the types that the cells have shown.
    [[nodiscard]] Schema seen() const {
        std::vector<ColumnSpec> columns = schema_.columns();
        for (std::size_t i = 0; i < columns.size(); ++i) columns[i].type = times_->type(i);
        return Schema(std::move(columns), schema_.prediction_count());
    }

    // Writes rows until their average length is known; returns how many were written.
    std::size_t write_until_known(const RowSource& batch) {
        std::size_t row = 0;
        while (row < batch.rows() && bytes_written() - header_bytes_ < writer_.block_capacity()) {
            const std::size_t next = (std::min)(row + 64, batch.rows());
            rows_.write_rows(text_, batch, row, next, rows_written_);
            row = next;
        }
        return row;
    }

    // Formats the rows from `first` on. Starting a thread takes about 30 µs, in which 20 KB are formatted.
    void write_rest(const RowSource& batch, std::size_t first, bool concurrent, Callback<> meanwhile) {
        const std::uint64_t known = rows_written_ + first;
        const std::uint64_t row_bytes = known == 0 ? 0 : (bytes_written() - header_bytes_) / known;
        const std::uint64_t rest = row_bytes * (batch.rows() - first);
        if (!concurrent || rest < 4 * std::uint64_t{writer_.block_capacity()}) {
            rows_.write_rows(text_, batch, first, batch.rows(), rows_written_);
            return meanwhile();
        }
        text_.drain();
        // At least two blocks per thread: starting 127 threads for a megabyte takes longer than formatting it.
        const std::uint64_t runs = rest / (2 * std::uint64_t{writer_.block_capacity()});
        const auto helpers = static_cast<std::size_t>((std::min)(std::uint64_t{threads_}, runs));
        ConcurrentRows work(writer_, helpers, batch, first, rows_written_, row_bytes, index_ ? &*index_ : nullptr,
                            bytes_written());
        bytes_elsewhere_ += work.run(rows_, meanwhile);
        watch_rows();
    }

    // Shared by all threads, as the memory of the blocks is.
    static constexpr std::size_t max_dictionary_bytes = std::size_t{8} << 20U;

    bool metadata_;
    Schema schema_;                        // empty without metadata, because names of many columns take memory
    std::optional<ObservedTypes> times_;   // with metadata: of times whose values have their unit and zone
    std::optional<RowIndexWriter> index_;  // with metadata
    std::size_t threads_;
    CsvRowWriter rows_;
    BlockWriter writer_;
    TextBuffer text_;
    Phase phase_ = Phase::idle;
    std::uint64_t rows_written_ = 0;
    std::uint64_t header_bytes_ = 0;
    std::uint64_t bytes_elsewhere_ = 0;  // that did not go through `text_`
};

CURTAIL_INLINE std::unique_ptr<CsvFormatter> make_csv_formatter(ByteOutput& output, const CsvDialect& dialect,
                                                                std::size_t threads, bool metadata) {
    return std::make_unique<ThreadedCsvFormatter>(output, dialect, threads, metadata);
}

}  // namespace curtail::inline v0::detail

#endif
