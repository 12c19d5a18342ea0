// SPDX-License-Identifier: MIT
#pragma once
// A CSV file as a stream of batches, read in constant memory through fast-cpp-csv-parser's quote policy.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/csv/byte_source.hpp>
#include <curtail/table/csv/field_meaning.hpp>
#include <curtail/table/csv/field_policy.hpp>
#include <curtail/table/csv/record_reader.hpp>
#include <curtail/table/csv/separator_evidence.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// How CsvInput reads.
struct CsvInputOptions {
    /// The character between two fields: a comma, a semicolon, a tab or '|'. Default: comma.
    char separator = ',';

    /// The longest record, in bytes. A longer one is an error, because a quote that is never closed would otherwise
    /// read the rest of the file into memory. At least 1. Default: 16 MiB.
    std::size_t max_record_bytes = 16U << 20U;

    /// The maximum number of rows in a batch. A batch never holds more than one block of the input: 256 KiB, or up to
    /// four times the longest record. At least 1. Default: 1024.
    std::size_t batch_rows = 1024;

    /// The texts of a null, besides the empty field. Spaces and tabs around them do not count; capital and small
    /// letters do. A text in quotes is never a null. A null keeps its text in the artifact, and is null in message and
    /// statistics. Default: those of pandas 1.5.3 (read_csv's na_values), such as NA, NaN and null, so that pandas
    /// counts the same; an empty list leaves only the empty field.
    std::vector<std::string> null_texts = detail::pandas_null_texts();

    /// Refuses text that is not UTF-8, as pandas, polars and DuckDB do, so that readers of the artifact do not have to.
    /// If false, its bytes are passed on as they are, and the message shows U+FFFD in their place. Default: true.
    bool require_utf8 = true;
};

/// A stream of the rows of a CSV text, read in constant memory. The first record holds the column names. The format is
/// that of RFC 4180: records end with LF or CRLF, which the last one may lack. Quoted fields may hold separators,
/// doubled quotes and line breaks, which are kept as they are. An empty field is null, "" is the empty text. A blank
/// line is a null in a table of one column and is skipped in others.
///
/// Each cell means what its own text says, whatever its column holds, so that no order of the rows changes a result: a
/// null (`null_texts`), a bool (pandas' True, TRUE, true, False, FALSE, false), a number (as read_number() reads it),
/// else text. Spaces and tabs around the first three do not count; nor do quotes around a bool or a number. The
/// artifact has every cell with the text that it has here, also where another dialect would spell such a value
/// differently; message and statistics have what it means.
///
/// A first line that names the separator, such as Excel's "sep=;", is skipped if that is `separator`. It is an error if
/// it names another one, or if header and rows show that another one is the file's.
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
        /// Returns the cell in `row` and `column`; `row` counts from the beginning of the batch.
        [[nodiscard]] const Cell& cell(std::size_t row, std::size_t column) const noexcept {
            return cells_[(first_ + row) * schema_->size() + column];
        }
        /// Calls `visit` with each cell of a row from column `first` on.
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

    /// Opens the file `path` and reads the names and the first block. Throws InputError: unreadable_input with the
    /// system's reason, or malformed_input. Throws UsageError (invalid_option) for an option out of range.
    explicit CsvInput(const std::string& path, const CsvInputOptions& options = {})
        : CsvInput(detail::ByteSource(detail::FileReader(path)), path, options) {}

    /// Reads from a callback `std::size_t read(std::span<char>)`, which fills what it can, returns how many bytes that
    /// was, and returns 0 only at the end. It throws if it cannot read; more than the span holds, such as a -1, is
    /// refused with InputError (unreadable_input). Errors call the input `name`. Throws as above.
    template <detail::ReadCallback Read>
    explicit CsvInput(Read read, std::string name = "input", const CsvInputOptions& options = {})
        : CsvInput(detail::ByteSource(std::move(read)), std::move(name), options) {}

    /// Returns the names of the columns. Their types are open, because only the cells show them.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }

    /// Returns how many bytes of the input were read so far, for a progress display.
    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return records_.bytes_read(); }

    /// Returns true once next() was called: the rows that are left are not all of them.
    [[nodiscard]] bool begun() const noexcept { return reading_.begun(); }

    /// Returns the next rows, valid until the next call, or a null pointer at the end. Throws InputError
    /// (malformed_input or unreadable_input), and UsageError (wrong_state) in a call after the end or an error.
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        batch_.schema_ = &schema_;
        batch_.first_ += batch_.rows_;
        if (batch_.first_ == ready_) {
            batch_.first_ = 0;
            batch_.rows_ = 0;
            read_rows(options_.batch_rows, false);
        }
        batch_.rows_ = (std::min)(ready_ - batch_.first_, options_.batch_rows);
        return reading_.end(batch_.rows_ != 0 ? &batch_ : nullptr);
    }

  private:
    static constexpr std::size_t first_rows = 1000;

    // Splits a record into cells and appends them to those of the batch.
    using Split = void (CsvInput::*)(const detail::CsvRecord&);

    CsvInput(detail::ByteSource source, std::string name, const CsvInputOptions& options)
        : options_(options),
          nulls_(options.null_texts),
          split_(split_for(options)),
          records_(std::move(source), std::move(name), options.max_record_bytes, options.separator,
                   options.require_utf8) {
        read_names();
        read_rows(first_rows, true);
        expect_separator();
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

    // Finds the record with the names, which is the first that is not blank.
    void read_names() {
        detail::CsvRecord record;
        for (bool first = true;;) {
            while (!records_.next(record)) {
                if (records_.fill(true)) continue;
                records_.fail_input("the input is empty; its first line must hold the column names", 0);
            }
            if (record.begin == record.end) continue;
            const char hint = std::exchange(first, false) ? detail::separator_hint(record.text()) : '\0';
            if (hint == '\0') break;
            if (hint != options_.separator) fail_hint(hint);
        }
        if (detail::looks_like_markup(record.text())) {
            records_.fail_input("this is HTML or XML; save the table as CSV", record.line);
        }
        evidence_.see_header(record.text(), options_.separator);
        (this->*split_)(record);
        std::vector<ColumnSpec> columns;
        columns.reserve(batch_.cells_.size());
        const ColumnType type{.null_texts = std::make_shared<const std::vector<std::string>>(options_.null_texts)};
        for (const Cell& cell : batch_.cells_) {
            columns.push_back({std::string(std::get<std::string_view>(cell)), type});
        }
        schema_ = Schema(std::move(columns));
    }

    // The first call reads a whole block, so that what it finds does not depend on the pieces that the input comes in.
    void read_rows(std::size_t max_rows, bool first) {
        batch_.cells_.clear();
        ready_ = 0;
        detail::CsvRecord record;
        do {
            while (ready_ < max_rows && records_.next(record)) {
                if (record.begin != record.end) {
                    if (first) evidence_.see_row(record.text());
                    (this->*split_)(record);
                } else if (schema_.size() == 1) {
                    batch_.cells_.emplace_back(Null{});
                } else {
                    continue;
                }
                ++ready_;
            }
        } while (ready_ == 0 && records_.fill(first));
    }

    template <char separator>
    void split(const detail::CsvRecord& record) {
        using Policy = detail::FieldPolicy<separator>;
        *record.end = '\0';
        std::uint64_t line = record.line;
        std::size_t column = 0;
        const auto fail = [&](const char* begin) {
            expect_separator();
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
            if (schema_.size() != 0 && column == schema_.size()) fail_count(record, column + 1);
            const std::string_view text(begin, static_cast<std::size_t>(end - begin));
            batch_.cells_.push_back(schema_.size() == 0 ? Cell(text) : detail::csv_cell(text, quoted, nulls_));
            ++column;
            if (at == record.end) break;
        }
        if (schema_.size() != 0 && column != schema_.size()) fail_count(record, column);
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
        expect_separator();
        const bool more = fields > schema_.size();
        records_.fail_input("a record of " + std::string(more ? "more than " : "") +
                                std::to_string(more ? schema_.size() : fields) + " fields where the header has " +
                                std::to_string(schema_.size()) +
                                "; put a field that contains the separator in quotes, "
                                "write one separator less than there are columns, "
                                "and see that the option separator is the file's",
                            record.line);
    }

    // Throws InputError if another separator is evident.
    void expect_separator() const {
        const char other = evidence_.other();
        if (other == '\0') return;
        records_.fail_input("read with " + std::string(detail::separator_name(options_.separator)) +
                                " between fields, the header is a single field, and it has " +
                                std::string(detail::separator_name(other)) + " in it as each row has: " +
                                (detail::is_csv_separator(other)
                                     ? "set the option separator to that"
                                     : "write the file with a comma, a semicolon, a tab or a vertical bar instead") +
                                ", or put the name in quotes if this is a table of one column",
                            1);
    }

    [[noreturn]] void fail_hint(char hint) const {
        records_.fail_input(
            detail::is_csv_separator(hint)
                ? "the first line says that the separator is " + std::string(detail::separator_name(hint)) +
                      ": set the option separator to it"
                : "the first line names a separator that is not a comma, semicolon, tab or vertical bar; "
                  "write the file with one of these",
            1);
    }

    CsvInputOptions options_;
    detail::NullTexts nulls_;
    Split split_;
    detail::CsvRecordReader records_;
    detail::SeparatorEvidence evidence_;  // of the first rows
    Schema schema_;                       // empty while the header is read
    Batch batch_;
    std::size_t ready_ = 0;  // rows in cells_, of which a batch shows some
    detail::OneReading reading_;
};

}  // namespace curtail::inline v0
