// SPDX-License-Identifier: MIT
#pragma once
// Header and rows of a table as lines of CSV.

#include <cstddef>
#include <cstdint>
#include <string>

#include <curtail/artifact/csv/field_writer.hpp>
#include <curtail/artifact/csv/plain_rows.hpp>
#include <curtail/artifact/csv/row_source.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE char* write_any_field(CsvFieldWriter& writer, TextBuffer& out, char* at, const Cell& cell) {
    out.commit(at);
    writer.write(out, cell);
    return out.reserve(PlainFields::spare);
}

CURTAIL_INLINE void throw_ragged(std::uint64_t row, std::size_t cells, std::size_t columns) {
    throw TableError(ErrorCode::cell_count_mismatch,
                     "row " + std::to_string(row) + " has " + std::to_string(cells) + " cells where the header has " +
                         std::to_string(columns),
                     {}, row);
}

// Writes the lines of one table. The bytes of a row depend only on the row and its number, so copies of a writer may
// write rows at the same time, each into a text of its own.
class CsvRowWriter {
  public:
    // Caches at most `dictionary_capacity` bytes of dictionary values. Throws what check_dialect() throws.
    explicit CsvRowWriter(const CsvDialect& dialect,
                          std::size_t dictionary_capacity = DictionaryFields::default_capacity)
        : fields_(dialect), plain_(dialect, dictionary_capacity) {}

    [[nodiscard]] const CsvDialect& dialect() const noexcept { return fields_.dialect(); }
    // Returns the number of text cells and column names that FormulaGuard::apostrophe changed so far.
    [[nodiscard]] std::uint64_t guarded() const noexcept { return fields_.guarded() + guarded_by_copies_; }
    // Counts what a copy guarded.
    void count_guarded(std::uint64_t cells) noexcept { guarded_by_copies_ += cells; }

    // Writes what the dialect has before the rows; called once, first.
    void write_header(TextBuffer& out, const Schema& schema) {
        columns_ = schema.size();
        fields_.set_sole(columns_ == 1);
        begin_batch(0);
        if (dialect().byte_order_mark) out.append("\xEF\xBB\xBF");
        if (!dialect().header) return;
        std::size_t written = 0;
        for (const ColumnSpec& column : schema.columns()) {
            fields_.set_file_begins(written == 0);
            if (written != 0) out.put(dialect().separator);
            fields_.write_name(out, column.name);
            ++written;
        }
        fields_.set_file_begins(false);
        out.append(text_of(dialect().line_end));
    }

    // Announces a batch of `rows` rows.
    void begin_batch(std::size_t rows) noexcept { plain_.begin_batch(rows, columns_); }

    // Writes the rows [first, last) of a batch, whose row 0 is row `number` of the whole table, counted from 0. Throws
    // TableError (cell_count_mismatch, bad_cell), and what the batch throws.
    void write_rows(TextBuffer& out, const RowSource& batch, std::size_t first, std::size_t last,
                    std::uint64_t number) {
        const BatchView rows = batch.slice(first, last - first);
        rows.locate_faults(number + first, [&] {
            const bool plain = plain_.serves() && columns_ > 1;
            std::size_t plain_from = plain ? first : last;
            if (plain_from != last && begins_file(number + first)) ++plain_from;
            if (plain_from != first) write_cells(out, rows.slice(0, plain_from - first), number + first);
            if (plain_from != last) batch.write_plain(plain_, fields_, out, plain_from, last, number);
        });
    }

  private:
    // Writes rows in which the place of a cell matters, or whose dialect is not plain.
    void write_cells(TextBuffer& out, const BatchView& rows, std::uint64_t number) {
        for (std::size_t row = 0; row < rows.rows(); ++row, ++number) {
            const std::uint64_t row_begin = out.size();
            std::size_t written = 0;
            rows.visit_row(row, 0, [&](const Cell& cell) {
                fields_.set_file_begins(written == 0 && begins_file(number));
                if (written != 0) out.put(dialect().separator);
                fields_.write(out, cell);
                ++written;
            });
            if (written != columns_) throw_ragged(number, written, columns_);
            if (columns_ == 1 && out.size() == row_begin) fields_.write_blank(out);
            out.append(text_of(dialect().line_end));
            out.end_row(number + 1);
        }
    }

    // Returns true for the row before which the file has nothing but perhaps a byte order mark.
    [[nodiscard]] bool begins_file(std::uint64_t row) const noexcept { return !dialect().header && row == 0; }

    CsvFieldWriter fields_;
    PlainRowWriter plain_;
    std::size_t columns_ = 0;
    std::uint64_t guarded_by_copies_ = 0;
};

}  // namespace curtail::inline v0::detail
