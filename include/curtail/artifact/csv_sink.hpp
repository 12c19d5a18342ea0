// SPDX-License-Identifier: MIT
#pragma once
// The sink that writes a table as one CSV file and publishes it when it is complete.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/csv_field.hpp>
#include <curtail/artifact/text_buffer.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// Where a sink's bytes go: write() takes them all or throws, commit() makes them visible at once, abort() leaves nothing.
// An output may also have open(), called before the first write, and location(), the absolute path that readers will use.
template <class O>
concept ArtifactOutput = std::movable<O> && requires(O& output, std::span<const char> bytes) {
    output.write(bytes);
    output.commit();
    { output.abort() } noexcept;
};

struct CsvSinkOptions {
    // How the file is spelled. Default: what pandas, polars, DuckDB and spreadsheets read back unchanged.
    CsvDialect dialect = {};

    // How the file is published; for an AtomicFile that the sink makes itself. Default: never over an existing file.
    AtomicFileOptions file = {};
};

// Writes a header line and one line a row: separated by commas, LF behind each, UTF-8, quotes only where needed.
// A null is nothing, the empty text is "", and a null that is its row's only field is "" too, because pandas takes a
// blank line for no row at all. The bytes are the same for any division of the rows into batches. Nothing is visible
// under the final name before finish(); abort() and destruction discard.
template <ArtifactOutput Output = AtomicFile>
class CsvSink {
  public:
    // Throws what Output's constructor throws for a path it cannot use, and UsageError (invalid_option).
    explicit CsvSink(std::string path, const CsvSinkOptions& options = {})
    requires std::constructible_from<Output, std::string, AtomicFileOptions>
        : CsvSink(Output(std::move(path), options.file), options) {}

    explicit CsvSink(Output output, const CsvSinkOptions& options = {})
    requires(!std::convertible_to<Output, std::string>)
        : dialect_(options.dialect), buffer_(std::move(output)) {
        check_dialect(dialect_);
    }

    [[nodiscard]] std::string location() const {
        if constexpr (requires { buffer_.output().location(); }) {
            return std::string(buffer_.output().location());
        } else {
            return {};
        }
    }
    [[nodiscard]] std::string_view format() const noexcept { return "csv"; }
    [[nodiscard]] std::uint64_t rows_written() const noexcept { return rows_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return buffer_.size(); }

    // Creates the (still unnamed) file and writes the header.
    void open(const Schema& schema) {
        expect(State::idle, "open() comes once and first");
        if constexpr (requires { buffer_.output().open(); }) buffer_.output().open();
        state_ = State::open;
        columns_ = schema.size();
        if (!dialect_.header) return;
        CsvFieldWriter<Output> fields(buffer_, dialect_);
        bool first = true;
        for (const ColumnSpec& column : schema.columns()) {
            if (!first) buffer_.put(dialect_.separator);
            if (first && starts_with_byte_order_mark(column.name)) {
                fields.write_quoted(column.name);
            } else if (columns_ == 1 || !column.name.empty()) {
                fields.write_text(column.name);
            }
            first = false;
        }
        buffer_.append(dialect_.line_end);
    }

    // Writes every row of any table whose columns are those of open().
    template <Table T>
    void append(const T& batch) {
        expect(State::open, "append() comes between open() and finish()");
        state_ = State::closed;  // stays so when anything below throws: a file that lacks rows must not be published
        const std::size_t rows = curtail::rows_of(batch);
        CsvFieldWriter<Output> fields(buffer_, dialect_);
        for (std::size_t row = 0; row < rows; ++row) {
            const std::uint64_t row_begin = buffer_.size();
            std::size_t written = 0;
            curtail::visit_row(batch, row, [&](const auto& value) {
                if (written != 0) {
                    buffer_.put(dialect_.separator);
                } else if (row_begin == 0) [[unlikely]] {
                    if (write_behind_byte_order_mark(fields, value)) {
                        ++written;
                        return;
                    }
                }
                ++written;
                fields.write(value);
            });
            if (written != columns_) throw_ragged(written);
            if (columns_ == 1 && buffer_.size() == row_begin) buffer_.append("\"\"");
            buffer_.append(dialect_.line_end);
            ++rows_;
        }
        state_ = State::open;
    }

    // Publishes the file. Throws ArtifactError; then nothing stands under the final name.
    ArtifactInfo finish() {
        expect(State::open, "finish() comes once, after open()");
        state_ = State::closed;
        buffer_.drain();
        buffer_.output().commit();
        return {location(), std::string(format()), rows_, buffer_.size()};
    }

    void abort() noexcept {
        state_ = State::closed;
        buffer_.output().abort();
    }

    [[nodiscard]] Output& output() noexcept { return buffer_.output(); }

  private:
    enum class State : std::uint8_t { idle, open, closed };

    void expect(State state, std::string_view rule) const {
        if (state_ != state) throw UsageError(ErrorCode::wrong_state, "CsvSink: " + std::string(rule));
    }

    [[noreturn]] void throw_ragged(std::size_t written) const {
        throw TableError(ErrorCode::row_count_mismatch,
                         "row " + std::to_string(rows_) + " has " + std::to_string(written) +
                             " cells where the header has " + std::to_string(columns_),
                         {}, rows_);
    }

    [[nodiscard]] static bool starts_with_byte_order_mark(std::string_view text) noexcept {
        return text.starts_with("\xEF\xBB\xBF");
    }

    // At the very start of a file without a header readers would swallow a byte order mark that is data; in quotes it
    // stays. True when the cell was written so.
    template <class T>
    static bool write_behind_byte_order_mark(CsvFieldWriter<Output>& fields, const T& value) {
        bool done = false;
        curtail::visit_cell(value, [&](const auto& cell) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(cell)>, std::string_view>) {
                if (starts_with_byte_order_mark(cell)) {
                    fields.write_quoted(cell);
                    done = true;
                }
            }
        });
        return done;
    }

    CsvDialect dialect_;
    TextBuffer<Output> buffer_;
    State state_ = State::idle;
    std::size_t columns_ = 0;
    std::uint64_t rows_ = 0;
};

CsvSink(std::string) -> CsvSink<AtomicFile>;
CsvSink(std::string, CsvSinkOptions) -> CsvSink<AtomicFile>;
CsvSink(const char*) -> CsvSink<AtomicFile>;
CsvSink(const char*, CsvSinkOptions) -> CsvSink<AtomicFile>;

}  // namespace curtail::inline v0
