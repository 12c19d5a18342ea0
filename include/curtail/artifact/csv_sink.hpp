// SPDX-License-Identifier: MIT
#pragma once
// The sink that writes a table as one CSV file and publishes it when it is complete.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv/concurrent_rows.hpp>
#include <curtail/artifact/csv/dictionary_fields.hpp>
#include <curtail/artifact/csv/metadata.hpp>
#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/file/block_writer.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// Where a sink's bytes go: write() takes them all or throws, commit() makes them visible at once, abort() leaves
// nothing. An output may also have open(), called before the first write, location(), the absolute path that readers
// will use, and sha256(), the digest of all bytes so far.
template <class O>
concept ArtifactOutput = std::movable<O> && requires(O& output, std::span<const char> bytes) {
    output.write(bytes);
    output.commit();
    { output.abort() }
    noexcept;
};

struct CsvSinkOptions {
    // How the file is spelled. Default: what pandas, polars, DuckDB and spreadsheets read back unchanged.
    CsvDialect dialect = {};

    // How the file is published; for an AtomicFile that the sink makes itself. Default: never over an existing file.
    AtomicFileOptions file = {};

    // How many threads format rows, 0 for one a core; more than 128 are as good as 128. With 1 no thread is ever
    // started. With more, a further one writes, from the first quarter megabyte on until finish(), abort() or the end
    // of the sink; those that format end with each append(). The bytes are the same for any number. Only a
    // ConcurrentTable is formatted by several. Default: one a core.
    std::size_t threads = 0;

    // Whether a second file, the artifact's name with -metadata.json behind it, describes the first: dialect, columns
    // and their types, rows, bytes, digest, as csv_metadata() writes them. It is published after the artifact, under
    // the same options, and so marks it as complete: after an error neither is there, and a killed run leaves an
    // artifact without it at most. A run without it does not touch the one of an earlier run. Only for outputs on
    // files. Default: false.
    bool metadata = false;
};

// Writes a header line and one line a row; by default separated by commas, LF behind each, UTF-8, quotes only where
// needed. A null is nothing, the empty text is "", and a null that is its row's only field is "" too, because pandas
// takes a blank line for no row at all. The bytes are the same for any division of the rows into batches and threads.
// Nothing is visible under the final name before finish(); abort() and destruction discard. An output may be written to
// from another thread than the caller's, but only by one at a time, and between open() and finish().
template <ArtifactOutput Output = AtomicFile>
class CsvSink {
  public:
    // Throws what Output's constructor throws for a path it cannot use, and UsageError (invalid_option).
    explicit CsvSink(std::string path, const CsvSinkOptions& options = {}) requires
        std::constructible_from<Output, std::string, AtomicFileOptions>
        : CsvSink(Output(std::move(path), options.file), options) {}

    explicit CsvSink(Output output,
                     const CsvSinkOptions& options = {}) requires(!std::convertible_to<Output, std::string>)
        : threads_(threads_of(options)),
          rows_(options.dialect, dictionary_room(threads_)),
          writer_(std::make_unique<detail::BlockWriter<Output>>(std::move(output), threads_)),
          text_(InOrder{writer_.get()}, detail::TextBlock::of(writer_->block_capacity())),
          metadata_(options.metadata) {
        if (metadata_ && !takes_sidecar) {
            throw UsageError(ErrorCode::invalid_option,
                             "metadata needs an output beside which a file can be published");
        }
    }

    [[nodiscard]] std::string location() const {
        if constexpr (requires { std::as_const(*writer_).output().location(); }) {
            if (!writer_) return {};  // moved away
            return std::string(std::as_const(*writer_).output().location());
        } else {
            return {};
        }
    }
    [[nodiscard]] std::string_view format() const noexcept { return "csv"; }
    [[nodiscard]] std::uint64_t rows_written() const noexcept { return rows_written_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return text_.size() + bytes_elsewhere_; }
    // The text cells and column names before which FormulaGuard::apostrophe put its apostrophe so far.
    [[nodiscard]] std::uint64_t guarded_cells() const noexcept { return rows_.guarded(); }

    // Creates the (still unnamed) file and writes the header.
    void open(const Schema& schema) {
        expect(State::idle, "open() comes once and first");
        if constexpr (requires { output().open(); }) output().open();
        state_ = State::closed;  // stays so when anything below throws
        if constexpr (takes_sidecar) {
            if (metadata_) {
                output().open_sidecar(detail::sidecar_suffix);
                described_ = schema;
            }
        }
        rows_.write_header(text_, schema);
        header_bytes_ = text_.size();
        state_ = State::open;
    }

    // Writes every row of any table whose columns are those of open().
    template <Table T>
    void append(const T& batch) {
        append(batch, [] {});
    }

    // The same, and calls beside() once on the calling thread: while others format, if there are any.
    template <Table T, std::invocable Beside>
    void append(const T& batch, Beside&& beside) {
        expect(State::open, "append() comes between open() and finish()");
        state_ = State::busy;  // stays so when anything below throws: a file that lacks rows must not be published
        const std::size_t rows = curtail::rows_of(batch);
        rows_.begin_batch(rows);
        if constexpr (ConcurrentTable<T>) {
            if (threads_ > 1) {
                write_rest(batch, write_until_known(batch, rows), rows, beside);
            } else {
                write_alone(batch, rows, beside);
            }
        } else {
            write_alone(batch, rows, beside);
        }
        rows_written_ += rows;
        if (state_ != State::busy) throw UsageError(ErrorCode::wrong_state, "CsvSink: abort() came during append()");
        state_ = State::open;
    }

    // Publishes the file. Throws ArtifactError; then nothing stands under the final name.
    ArtifactInfo finish() {
        expect(State::open, "finish() comes once, after open()");
        state_ = State::closed;
        const std::uint64_t bytes = bytes_written();
        writer_->finish(text_.release());
        ArtifactInfo info{location(), std::string(format()), rows_written_, bytes};
        if constexpr (requires { output().sha256(); }) info.sha256 = output().sha256();
        if constexpr (takes_sidecar) {
            if (metadata_) {
                output().commit_with_sidecar(detail::csv_metadata(described_, rows_.dialect(), info, output().name()));
                return info;
            }
        }
        output().commit();
        return info;
    }

    void abort() noexcept {
        state_ = State::closed;
        if (!writer_) return;  // moved away
        writer_->discard();
        output().abort();
    }

    // Not to be used between the first append() and finish() or abort(), for a thread may be writing to it.
    [[nodiscard]] Output& output() noexcept { return writer_->output(); }

  private:
    enum class State : std::uint8_t { idle, open, busy, closed };

    static constexpr bool takes_sidecar = requires(Output & output, std::string_view text) {
        output.open_sidecar(text);
        output.commit_with_sidecar(text);
        output.name();
    };

    struct InOrder {
        detail::BlockWriter<Output>* writer;

        void exchange(detail::TextBlock& block) { writer->write(block); }
    };

    void expect(State state, std::string_view rule) const {
        if (!writer_ || state_ != state) throw UsageError(ErrorCode::wrong_state, "CsvSink: " + std::string(rule));
    }

    [[nodiscard]] static std::size_t threads_of(const CsvSinkOptions& options) noexcept {
        const std::size_t wanted = options.threads != 0 ? options.threads : std::thread::hardware_concurrency();
        return std::clamp(wanted, std::size_t{1}, detail::BlockWriter<Output>::max_formatters);
    }

    // 8 MB for all threads, as the blocks have a bound for all.
    [[nodiscard]] static constexpr std::size_t dictionary_room(std::size_t threads) noexcept {
        return (std::min)(detail::DictionaryFields::default_room, (std::size_t{8} << 20U) / threads);
    }

    template <class T, class Beside>
    void write_alone(const T& batch, std::size_t rows, Beside& beside) {
        rows_.write_rows(text_, batch, 0, rows, rows_written_);
        beside();
    }

    // Writes rows until the length of the others can be told from them, and returns how many.
    template <class T>
    std::size_t write_until_known(const T& batch, std::size_t rows) {
        std::size_t row = 0;
        while (row < rows && bytes_written() - header_bytes_ < writer_->block_capacity()) {
            const std::size_t next = (std::min)(row + 64, rows);
            rows_.write_rows(text_, batch, row, next, rows_written_);
            row = next;
        }
        return row;
    }

    // Formats the rows from `first` on. To start a thread takes some 30 µs, in which 20 KB are formatted.
    template <class T, class Beside>
    void write_rest(const T& batch, std::size_t first, std::size_t rows, Beside& beside) {
        const std::uint64_t known = rows_written_ + first;
        const std::uint64_t row_bytes = known == 0 ? 0 : (bytes_written() - header_bytes_) / known;
        if (row_bytes * (rows - first) < 4 * std::uint64_t{writer_->block_capacity()}) {
            rows_.write_rows(text_, batch, first, rows, rows_written_);
            beside();
        } else {
            text_.drain();
            // Two blocks a thread at least: 127 threads for a megabyte would take longer to start than it to format.
            const std::uint64_t runs = row_bytes * (rows - first) / (2 * std::uint64_t{writer_->block_capacity()});
            const auto threads = static_cast<std::size_t>((std::min)(std::uint64_t{threads_}, runs));
            detail::ConcurrentRows work(*writer_, threads, batch, first, rows_written_, row_bytes);
            bytes_elsewhere_ += work.run(rows_, beside);
        }
    }

    std::size_t threads_;
    detail::CsvRowWriter rows_;
    std::unique_ptr<detail::BlockWriter<Output>> writer_;
    detail::TextBuffer<InOrder> text_;
    bool metadata_;
    Schema described_;  // empty without metadata: names of a great many columns are not kept for nothing
    State state_ = State::idle;
    std::uint64_t rows_written_ = 0;
    std::uint64_t header_bytes_ = 0;
    std::uint64_t bytes_elsewhere_ = 0;  // beside what went through text_
};

CsvSink(std::string)->CsvSink<AtomicFile>;
CsvSink(std::string, CsvSinkOptions)->CsvSink<AtomicFile>;
CsvSink(const char*)->CsvSink<AtomicFile>;
CsvSink(const char*, CsvSinkOptions)->CsvSink<AtomicFile>;

}  // namespace curtail::inline v0
