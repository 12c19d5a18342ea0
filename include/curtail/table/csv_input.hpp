// SPDX-License-Identifier: MIT
#pragma once
// A CSV file as a stream of batches, read in constant memory through fast-cpp-csv-parser's quote policy.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/csv/byte_source.hpp>
#include <curtail/table/csv/column_guess.hpp>
#include <curtail/table/csv/field_policy.hpp>
#include <curtail/table/csv/record_reader.hpp>
#include <curtail/table/number_of.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// How CsvInput reads.
struct CsvInputOptions {
    /// The character between two fields: a comma, a semicolon, a tab or '|'. Default: comma.
    char separator = ',';

    /// The longest record, in bytes. A longer one is an error, because a quote that is never closed would otherwise
    /// read the rest of the file into memory. At least 1. Default: 16 MiB.
    std::size_t max_record_bytes = 16U << 20U;

    /// The maximum number of rows in a batch. A batch never holds more than a block of 256 KiB. At least 1. Default:
    /// 1024.
    std::size_t batch_rows = 1024;
};

/// A stream of the rows of a CSV text, read in constant memory. The first record holds the column names. The format is
/// that of RFC 4180: records end with LF or CRLF, which the last one may lack. Quoted fields may hold separators,
/// doubled quotes and line breaks, which are kept as they are. An empty field is null, "" is the empty text. A blank
/// line is a null in a table of one column and is skipped in others.
///
/// A column's type is guessed from its cells in the first 1,000 rows, or in the first block if that is less: bool
/// (exactly True and False), int64, uint64, float64, decimal (integers of more than 64 bits), else text; any if all of
/// them are null. A later cell that does not suit its column is given as text. Numbers keep their digits (Decimal)
/// where JSON can spell them so.
///
/// An input that breaks these rules throws InputError (malformed_input), which names the file, the line and the cure.
/// After an error the stream is over.
///
///     CsvInput input("features.csv");
///     while (const auto* batch = input.next()) use(*batch);
class CsvInput {
  public:
    /// Some rows of the text; a Table.
    class Batch {
      public:
        /// Returns the schema of the stream.
        [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
        /// Returns the number of rows in this batch.
        [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
        /// Returns one cell; `row` counts from the beginning of the batch.
        [[nodiscard]] const Cell& cell(std::size_t row, std::size_t column) const noexcept {
            return cells_[(first_ + row) * schema_->size() + column];
        }
        /// Calls `visit` with each cell of a row.
        template <class Visitor>
        void visit_row(std::size_t row, Visitor&& visit) const {
            visit_row_from(row, 0, visit);
        }
        /// Calls `visit` with the cells of a row from column `first` on.
        template <class Visitor>
        void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
            const Cell* const cells = &cells_[(first_ + row) * schema_->size()];
            for (std::size_t column = first; column < schema_->size(); ++column) visit(cells[column]);
        }

      private:
        friend class CsvInput;
        const Schema* schema_ = nullptr;
        std::vector<Cell> cells_;  // row by row
        std::size_t first_ = 0;
        std::size_t rows_ = 0;
    };

    /// Opens a file and reads the names and the first block. Throws InputError: unreadable_input with the system's
    /// reason, or malformed_input. Throws UsageError (invalid_option) for an option out of range.
    explicit CsvInput(const std::string& path, const CsvInputOptions& options = {})
        : CsvInput(detail::ByteSource(detail::FileReader(path)), path, options) {}

    /// Reads from a callback `std::size_t read(std::span<char>)`, which fills what it can, returns how many bytes that
    /// was, and returns 0 only at the end. Errors call the input `name`. Throws as above.
    template <detail::ReadCallback Read>
    explicit CsvInput(Read read, std::string name = "input", const CsvInputOptions& options = {})
        : CsvInput(detail::ByteSource(std::move(read)), std::move(name), options) {}

    /// Returns the names and guessed types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }

    /// Returns how many bytes of the input were read so far, for a progress display.
    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return records_.bytes_read(); }

    /// Returns the next rows, valid until the next call, or a null pointer at the end. Throws InputError
    /// (malformed_input or unreadable_input), and UsageError (wrong_state) after an error.
    [[nodiscard]] const Batch* next() {
        if (failed_) throw UsageError(ErrorCode::wrong_state, "CsvInput: next() after an error");
        batch_.schema_ = &schema_;
        batch_.first_ += batch_.rows_;
        if (batch_.first_ == ready_) {
            failed_ = true;
            batch_.first_ = 0;
            batch_.rows_ = 0;
            read_rows(options_.batch_rows, false);
            failed_ = false;
        }
        batch_.rows_ = (std::min)(ready_ - batch_.first_, options_.batch_rows);
        return batch_.rows_ != 0 ? &batch_ : nullptr;
    }

  private:
    static constexpr std::size_t rows_to_guess_from = 1000;

    // Splits a record into cells and appends them to those of the batch.
    using Split = void (CsvInput::*)(const detail::CsvRecord&);

    CsvInput(detail::ByteSource source, std::string name, const CsvInputOptions& options)
        : options_(options),
          split_(split_for(options)),
          records_(std::move(source), std::move(name), options.max_record_bytes, options.separator) {
        read_names();
        kinds_.assign(names_.size(), CellKind::text);
        read_rows(rows_to_guess_from, true);
        std::vector<detail::CsvColumnGuess> guesses(names_.size());
        each_ready_cell([&](const Cell& cell, std::size_t column) {
            if (const auto* text = std::get_if<std::string_view>(&cell)) guesses[column].see(*text);
        });
        std::vector<ColumnSpec> columns;
        columns.reserve(names_.size());
        for (std::size_t column = 0; column < names_.size(); ++column) {
            kinds_[column] = guesses[column].kind();
            columns.push_back({std::move(names_[column]), {.kind = kinds_[column], .guessed = true}});
        }
        schema_ = Schema(std::move(columns));
        each_ready_cell([&](Cell& cell, std::size_t column) {
            if (const auto* text = std::get_if<std::string_view>(&cell)) cell = detail::csv_cell(*text, kinds_[column]);
        });
    }

    [[nodiscard]] static Split split_for(const CsvInputOptions& options) {
        if (options.batch_rows == 0 || options.max_record_bytes == 0) {
            throw UsageError(ErrorCode::invalid_option, "CsvInput: batch_rows and max_record_bytes must be at least 1");
        }
        switch (options.separator) {
            case ',': return &CsvInput::split<','>;
            case ';': return &CsvInput::split<';'>;
            case '\t': return &CsvInput::split<'\t'>;
            case '|': return &CsvInput::split<'|'>;
            default:
                throw UsageError(ErrorCode::invalid_option,
                                 "CsvInput: the separator must be a comma, a semicolon, a tab or a vertical bar");
        }
    }

    void read_names() {
        detail::CsvRecord record;
        do {
            while (!records_.next(record)) {
                if (!records_.fill(true)) {
                    throw InputError(ErrorCode::malformed_input,
                                     "the input is empty; its first line must hold the column names", records_.name());
                }
            }
        } while (record.begin == record.end);
        (this->*split_)(record);
        for (const Cell& cell : batch_.cells_) {
            const auto* name = std::get_if<std::string_view>(&cell);
            names_.emplace_back(name != nullptr ? *name : std::string_view());
        }
    }

    // The first call reads a whole block, so that the guessed types do not depend on the pieces that the input comes
    // in.
    void read_rows(std::size_t max_rows, bool whole_block) {
        batch_.cells_.clear();
        ready_ = 0;
        detail::CsvRecord record;
        do {
            while (ready_ < max_rows && records_.next(record)) {
                if (record.begin != record.end) {
                    (this->*split_)(record);
                } else if (kinds_.size() == 1) {
                    batch_.cells_.emplace_back(Null{});
                } else {
                    continue;
                }
                ++ready_;
            }
        } while (ready_ == 0 && records_.fill(whole_block));
    }

    template <class Visit>
    void each_ready_cell(Visit visit) {
        const std::size_t columns = kinds_.size();
        for (std::size_t i = 0; i < batch_.cells_.size(); ++i) visit(batch_.cells_[i], i % columns);
    }

    template <char separator>
    void split(const detail::CsvRecord& record) {
        using Policy = detail::FieldPolicy<separator>;
        *record.end = '\0';
        std::uint64_t line = record.line;
        std::size_t column = 0;
        const auto fail = [&](const char* begin) {
            records_.fail({begin, static_cast<std::size_t>(record.end - begin)}, line);
        };
        for (char* at = record.begin;; ++at) {
            char* begin = at;
            try {
                at += Policy::find_next_column_end(at) - at;
            } catch (const detail::UnclosedQuote&) {
                fail(begin);
            }
            char* end = at;
            if (*at == '\0' && at != record.end) fail(begin);
            const bool quoted = *begin == '"';
            if (!record.plain) {
                if (quoted ? !is_well_quoted(begin, end) : has_quote_or_return(begin, end)) fail(begin);
                if (quoted) {
                    if (record.lines != 1) line += detail::CsvRecordReader::count(begin, end, '\n');
                    Policy::unescape(begin, end);
                }
            }
            if (!kinds_.empty() && column == kinds_.size()) fail_count(record, column + 1);
            add_cell({begin, static_cast<std::size_t>(end - begin)}, quoted, column++);
            if (at == record.end) break;
        }
        if (!kinds_.empty() && column != kinds_.size()) fail_count(record, column);
    }

    void add_cell(std::string_view text, bool quoted, std::size_t column) {
        if (text.empty() && !quoted) {
            batch_.cells_.emplace_back(Null{});
        } else {
            batch_.cells_.push_back(detail::csv_cell(text, kinds_.empty() ? CellKind::text : kinds_[column]));
        }
    }

    // Returns true for a pair of quotes around text whose own quotes come in pairs.
    [[nodiscard]] static bool is_well_quoted(const char* begin, const char* end) noexcept {
        if (end - begin < 2 || end[-1] != '"') return false;
        const char* const last = end - 1;
        for (const char* at = begin + 1; at != last;) {
            at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(last - at)));
            if (at == nullptr) break;
            if (at + 1 == last || at[1] != '"') return false;
            at += 2;
        }
        return true;
    }

    [[nodiscard]] static bool has_quote_or_return(const char* begin, const char* end) noexcept {
        for (; begin != end; ++begin) {
            if (*begin == '"' || *begin == '\r') return true;
        }
        return false;
    }

    [[noreturn]] void fail_count(const detail::CsvRecord& record, std::size_t fields) const {
        const bool more = fields > kinds_.size();
        throw InputError(ErrorCode::malformed_input,
                         "a record of " + std::string(more ? "more than " : "") +
                             std::to_string(more ? kinds_.size() : fields) + " fields where the header has " +
                             std::to_string(kinds_.size()) +
                             "; put a field that contains the separator in quotes, "
                             "write one separator less than there are columns, "
                             "and see that the option separator is the file's",
                         records_.name(), record.line);
    }

    CsvInputOptions options_;
    Split split_;
    detail::CsvRecordReader records_;
    std::vector<std::string> names_;  // until they are moved to the schema
    std::vector<CellKind> kinds_;     // empty while the header is read
    Schema schema_;
    Batch batch_;
    std::size_t ready_ = 0;  // rows in cells_, of which a batch shows some
    bool failed_ = false;
};

}  // namespace curtail::inline v0
