// SPDX-License-Identifier: MIT
#pragma once
// The sink that writes a table as one CSV file and publishes it when it is complete.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/csv_field.hpp>
#include <curtail/artifact/text_buffer.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// Where a sink's bytes go: write() takes them all or throws, commit() makes them visible at once, abort() leaves
// nothing. An output may also have open(), called before the first write, and location(), the absolute path that
// readers will use.
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
};

// Writes a header line and one line a row; by default separated by commas, LF behind each, UTF-8, quotes only where
// needed. A null is nothing, the empty text is "", and a null that is its row's only field is "" too, because pandas
// takes a blank line for no row at all. The bytes are the same for any division of the rows into batches. Nothing is
// visible under the final name before finish(); abort() and destruction discard.
template <ArtifactOutput Output = AtomicFile>
class CsvSink {
  public:
    // Throws what Output's constructor throws for a path it cannot use, and UsageError (invalid_option).
    explicit CsvSink(std::string path, const CsvSinkOptions& options = {})
    requires std::constructible_from<Output, std::string, AtomicFileOptions>
        : CsvSink(Output(std::move(path), options.file), options) {}

    explicit CsvSink(Output output, const CsvSinkOptions& options = {})
    requires(!std::convertible_to<Output, std::string>)
        : fields_(options.dialect), buffer_(std::move(output)) {}

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
    // The text cells and column names before which FormulaGuard::apostrophe put its apostrophe so far.
    [[nodiscard]] std::uint64_t guarded_cells() const noexcept { return fields_.guarded(); }

    // Creates the (still unnamed) file and writes the header.
    void open(const Schema& schema) {
        expect(State::idle, "open() comes once and first");
        if constexpr (requires { buffer_.output().open(); }) buffer_.output().open();
        state_ = State::closed;  // stays so when anything below throws
        columns_ = schema.size();
        // Names of a great many columns are not kept for nothing.
        if (fields_.dialect().quote_style == QuoteStyle::none) schema_ = schema;
        if (fields_.dialect().byte_order_mark) buffer_.append("\xEF\xBB\xBF");
        if (fields_.dialect().header) write_header(schema);
        state_ = State::open;
    }

    // Writes every row of any table whose columns are those of open().
    template <Table T>
    void append(const T& batch) {
        expect(State::open, "append() comes between open() and finish()");
        state_ = State::closed;  // stays so when anything below throws: a file that lacks rows must not be published
        const CsvDialect& dialect = fields_.dialect();
        const char separator = dialect.separator;
        const bool at_file_begin = !dialect.header && rows_ == 0;
        const std::size_t columns = columns_;
        const bool places_matter = dialect.comment != '\0' || at_file_begin || columns == 1;
        const std::size_t rows = curtail::rows_of(batch);
        std::size_t written = 0;
        try {
            for (std::size_t row = 0; row < rows; ++row) {
                const std::uint64_t row_begin = buffer_.size();
                written = 0;
                curtail::visit_row(batch, row, [&](const auto& value) {
                    if (places_matter) [[unlikely]] {
                        fields_.set_place(place_of(written, at_file_begin && row == 0), columns == 1);
                    }
                    if (written != 0) buffer_.put(separator);
                    fields_.write(buffer_, value);
                    ++written;
                });
                if (written != columns) throw_ragged(written);
                if (columns == 1 && buffer_.size() == row_begin) {
                    written = 0;  // the field at fault when quotes are forbidden
                    fields_.write_blank(buffer_);
                }
                buffer_.append(dialect.line_end);
                ++rows_;
            }
        } catch (const NeedsQuotes&) {
            throw_needs_quotes(written);
        }
        fields_.set_place(FieldPlace::within_row);
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

    // Rows and columns are counted from 0. A row that is too long has fields without a name.
    [[noreturn]] void throw_needs_quotes(std::size_t column) const {
        const std::string name = column < schema_.size() ? schema_[column].name : std::string();
        throw TableError(ErrorCode::bad_cell,
                         "row " + std::to_string(rows_) + ", column " + std::to_string(column) + " '" + name + "'" +
                             std::string(needs_quotes),
                         name, rows_);
    }

    void write_header(const Schema& schema) {
        std::size_t written = 0;
        try {
            for (const ColumnSpec& column : schema.columns()) {
                fields_.set_place(place_of(written, true), schema.size() == 1);
                if (written != 0) buffer_.put(fields_.dialect().separator);
                fields_.write_name(buffer_, column.name);
                ++written;
            }
        } catch (const NeedsQuotes&) {
            throw TableError(ErrorCode::bad_cell,
                             "the name of column " + std::to_string(written) + std::string(needs_quotes),
                             schema[written].name);
        }
        fields_.set_place(FieldPlace::within_row);
        buffer_.append(fields_.dialect().line_end);
    }

    [[nodiscard]] static FieldPlace place_of(std::size_t column, bool file_begin) noexcept {
        if (column != 0) return FieldPlace::within_row;
        return file_begin ? FieldPlace::file_begin : FieldPlace::row_begin;
    }

    static constexpr std::string_view needs_quotes = " needs quotes, which the dialect forbids (QuoteStyle::none)";

    CsvFieldWriter fields_;
    TextBuffer<Output> buffer_;
    Schema schema_;  // empty but under QuoteStyle::none
    std::size_t columns_ = 0;
    State state_ = State::idle;
    std::uint64_t rows_ = 0;
};

CsvSink(std::string) -> CsvSink<AtomicFile>;
CsvSink(std::string, CsvSinkOptions) -> CsvSink<AtomicFile>;
CsvSink(const char*) -> CsvSink<AtomicFile>;
CsvSink(const char*, CsvSinkOptions) -> CsvSink<AtomicFile>;

}  // namespace curtail::inline v0
