// SPDX-License-Identifier: MIT
#pragma once
// The rows of a dialect that spells cells plainly: the loop that decides how fast a table is written.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <curtail/artifact/csv/dictionary_fields.hpp>
#include <curtail/artifact/csv/plain_fields.hpp>
#include <curtail/artifact/csv/repeated_numbers.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

class CsvFieldWriter;

// Writes any cell at `at`, which is within what `out` reserved, and returns where the next one begins.
char* write_any_field(CsvFieldWriter& writer, TextBuffer& out, char* at, const Cell& cell);

// Throws TableError (cell_count_mismatch). Rows are counted from 0.
[[noreturn]] void throw_ragged(std::uint64_t row, std::size_t cells, std::size_t columns);

// Writes rows of at least two columns, cells as PlainFields does and the few that it refuses by write_any_field(). This
// is the one part of the sink that is compiled for each type of table.
class PlainRowWriter {
  public:
    PlainRowWriter(const CsvDialect& dialect, std::size_t dictionary_capacity)
        : fields_(dialect),
          dictionaries_(dictionary_capacity),
          numbers_(dictionary_capacity / 8),
          separator_(dialect.separator) {}

    // Returns false for a dialect that needs more than PlainFields.
    [[nodiscard]] bool serves() const noexcept { return fields_.serves(); }

    // Announces a batch of `rows` rows; dictionaries are cached per batch.
    void begin_batch(std::size_t rows, std::size_t columns) noexcept {
        columns_ = columns;
        dictionaries_.begin_batch(rows, columns);
        numbers_.begin_batch(columns);
    }

    // Writes the rows [first, last) of `batch`, whose row 0 is row `number` of the whole table.
    template <Table T>
    void write_rows(CsvFieldWriter& others, TextBuffer& out, const T& batch, std::size_t first, std::size_t last,
                    std::uint64_t number) {
        for (std::size_t row = first; row < last; ++row) {
            Line line{this, &others, &out, out.reserve(PlainFields::spare)};
            curtail::visit_row(batch, row, Visitor{&line});
            if (line.written != columns_) throw_ragged(number + row, line.written, columns_);
            out.commit(fields_.end_row(line.at - 1));  // in place of the last separator
            out.end_row(number + row + 1);
        }
    }

  private:
    // A row under way. A class, because g++ must inline what is called per cell: left to itself it does not as soon as
    // two columns have one type, and keeps `at` in memory. That took 4 ns per bool instead of 1.4.
    struct Line {
        PlainRowWriter* rows;
        CsvFieldWriter* others;
        TextBuffer* out;
        char* at;
        std::size_t written = 0;

        template <class T>
        CURTAIL_ALWAYS_INLINE void take(const T& value) {
            if constexpr (CodedText<T>) {
                char* const next = rows->write_coded(at, out->reserved_end(), written, value);
                end_field(next != nullptr ? next : write_any_field(*others, *out, at, Cell(std::string_view(value))));
            } else {
                visit_cell(value, CellVisitor{this});
            }
        }

        CURTAIL_ALWAYS_INLINE void end_field(char* next) {
            *next = rows->separator_;
            at = next + 1;
            ++written;
        }
    };

    struct CellVisitor {
        Line* line;

        template <class Plain>
        CURTAIL_ALWAYS_INLINE void operator()(const Plain& cell) const {
            char* next = nullptr;
            if constexpr (std::same_as<Plain, double>) {
                next = line->rows->write_double(line->at, line->out->reserved_end(), line->written, cell);
            } else if constexpr (PlainFields::knows<Plain>) {
                next = line->rows->fields_.write(line->at, line->out->reserved_end(), cell);
            }
            if (next == nullptr) [[unlikely]]
                next = write_any_field(*line->others, *line->out, line->at, Cell(cell));
            line->end_field(next);
        }
    };

    // What a table visits a row with; the table may copy it.
    struct Visitor {
        Line* line;

        template <class T>
        CURTAIL_ALWAYS_INLINE void operator()(const T& value) const {
            line->take(value);
        }
    };

    CURTAIL_ALWAYS_INLINE char* write_double(char* at, const char* end, std::size_t column, double value) {
        if (!numbers_.tries(column)) [[likely]]
            return fields_.write(at, end, value);
        return write_repeated(at, end, column, value);
    }
    CURTAIL_NOINLINE char* write_repeated(char* at, const char* end, std::size_t column, double value) {
        constexpr std::size_t needed = RepeatedNumbers::copy_size + PlainFields::spare;
        if (!is_finite(value) || static_cast<std::size_t>(end - at) < needed) return fields_.write(at, end, value);
        if (char* const found = numbers_.find(column, at, value); found != nullptr) return found;
        char* const next = fields_.write(at, end, value);
        if (next != nullptr) numbers_.keep(value, at, static_cast<std::size_t>(next - at));
        return next;
    }

    // Returns a null pointer where there may not be enough room, or for a text that is not plain.
    template <CodedText Text>
    CURTAIL_ALWAYS_INLINE char* write_coded(char* at, const char* end, std::size_t column, const Text& text) {
        const auto* const field = dictionaries_.find(column, text);
        if (field == nullptr) return write_uncached(at, end, column, text);
        const std::size_t needed = DictionaryFields::copy_size(*field) + PlainFields::spare;
        return static_cast<std::size_t>(end - at) < needed ? nullptr : dictionaries_.copy(at, *field);
    }
    template <CodedText Text>
    CURTAIL_NOINLINE CURTAIL_FLATTEN char* write_uncached(char* at, const char* end, std::size_t column,
                                                          const Text& text) {
        char* const next = fields_.write(at, end, std::string_view(text));
        if (next != nullptr) dictionaries_.keep(column, text, {at, static_cast<std::size_t>(next - at)});
        return next;
    }

    PlainFields fields_;
    DictionaryFields dictionaries_;
    RepeatedNumbers numbers_;
    char separator_;
    std::size_t columns_ = 0;
};

}  // namespace curtail::inline v0::detail
