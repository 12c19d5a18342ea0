// SPDX-License-Identifier: MIT
#pragma once
// Header and rows of a table as lines of CSV.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/artifact/csv/dictionary_fields.hpp>
#include <curtail/artifact/csv/field_writer.hpp>
#include <curtail/artifact/csv/plain_fields.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

// Writes the lines of one table. The bytes of a row depend on nothing but the row and its number, so copies of a writer
// may write rows apart from each other, each into a text of its own.
class CsvRowWriter {
  public:
    // Keeps at most `dictionary_room` bytes of what dictionaries are spelled like. Throws what check_dialect() throws.
    explicit CsvRowWriter(const CsvDialect& dialect,
                          std::size_t dictionary_room = detail::DictionaryFields::default_room)
        : fields_(dialect), plain_(dialect), dictionaries_(dictionary_room) {}

    [[nodiscard]] const CsvDialect& dialect() const noexcept { return fields_.dialect(); }
    // The text cells and column names before which FormulaGuard::apostrophe put its apostrophe so far.
    [[nodiscard]] std::uint64_t guarded() const noexcept { return fields_.guarded() + guarded_elsewhere_; }
    // Counts what a copy guarded.
    void count_guarded(std::uint64_t cells) noexcept { guarded_elsewhere_ += cells; }

    // Comes once and first: what the dialect puts before the rows.
    template <class Buffer>
    void write_header(Buffer& out, const Schema& schema) {
        columns_ = schema.size();
        if (dialect().byte_order_mark) out.append("\xEF\xBB\xBF");
        if (!dialect().header) return;
        std::size_t written = 0;
        for (const ColumnSpec& column : schema.columns()) {
            fields_.set_place(place_of(written, true), columns_ == 1);
            if (written != 0) out.put(dialect().separator);
            fields_.write_name(out, column.name);
            ++written;
        }
        fields_.set_place(FieldPlace::within_row);
        out.append(text_of(dialect().line_end));
    }

    // Says that the next rows are those of another batch, which has so many. Where it does, texts of a dictionary are
    // spelled once a batch and writer; where it never does, each time.
    void begin_batch(std::size_t rows) noexcept { dictionaries_.begin_batch(rows, columns_); }

    // Writes the rows [first, last) of `batch`, whose row 0 is row `number` of the whole table, counted from 0.
    template <class Buffer, Table T>
    void write_rows(Buffer& out, const T& batch, std::size_t first, std::size_t last, std::uint64_t number) {
        const bool before_first = !dialect().header && number == 0;
        const bool places_matter = before_first || columns_ <= 1;
        if (plain_.serves() && !places_matter) {
            for (std::size_t row = first; row < last; ++row) write_plain_row(out, batch, row, number);
            return;
        }
        std::size_t written = 0;
        for (std::size_t row = first; row < last; ++row) {
            const std::uint64_t row_begin = out.size();
            written = 0;
            curtail::visit_row(batch, row, [&](const auto& value) {
                if (places_matter) [[unlikely]] {
                    fields_.set_place(place_of(written, before_first && row == 0), columns_ == 1);
                }
                if (written != 0) out.put(dialect().separator);
                write_field(out, written, value, places_matter && written == 0);
                ++written;
            });
            if (written != columns_) throw_ragged(number + row, written);
            if (columns_ == 1 && out.size() == row_begin) fields_.write_blank(out);
            out.append(text_of(dialect().line_end));
        }
        fields_.set_place(FieldPlace::within_row);
    }

  private:
    // Writes fields, a separator behind each. A class, because what is called for each cell must be inlined: left to
    // itself, g++ does not as soon as two columns have one type, and keeps `at` in memory (4 ns a bool instead of 1.4).
    template <class Buffer>
    struct PlainRow {
        CsvRowWriter* writer;
        Buffer* out;
        char* at;
        std::size_t written = 0;

        template <class T>
        [[gnu::always_inline]] void take(const T& value) {
            char* next = nullptr;
            if constexpr (CodedText<T>) {
                next = writer->write_plain(at, out->reserved_end(), written, value);
            } else {
                visit_cell(value, Cell{&writer->plain_, at, out->reserved_end(), &next});
            }
            if (next == nullptr) [[unlikely]]
                next = writer->write_other(*out, at, written, value);
            *next = writer->dialect().separator;
            at = next + 1;
            ++written;
        }

        // What a table visits a row with; it may copy that.
        struct Visitor {
            PlainRow* row;

            template <class T>
            [[gnu::always_inline]] void operator()(const T& value) const {
                row->take(value);
            }
        };

        struct Cell {
            const detail::PlainFields* plain;
            char* at;
            const char* end;
            char** next;

            template <class T>
            [[gnu::always_inline]] void operator()(const T& cell) const {
                *next = plain->write(at, end, cell);
            }
        };
    };

    // A row of two columns or more: its last separator gives way to the line end.
    template <class Buffer, class T>
    void write_plain_row(Buffer& out, const T& batch, std::size_t row, std::uint64_t number) {
        PlainRow<Buffer> line{this, &out, out.reserve(detail::PlainFields::spare)};
        curtail::visit_row(batch, row, typename PlainRow<Buffer>::Visitor{&line});
        if (line.written != columns_) throw_ragged(number + row, line.written);
        out.commit(plain_.end_row(line.at - 1));
    }

    // What PlainFields leaves; returns where the next field begins.
    template <class Buffer, class Value>
    [[gnu::noinline]] char* write_other(Buffer& out, char* at, std::size_t column, const Value& value) {
        out.commit(at);
        write_field(out, column, value, false);
        return out.reserve(detail::PlainFields::spare);
    }

    // Any cell; a text of a dictionary by what is kept, unless it stands where some texts are special.
    template <class Buffer, class Value>
    void write_field(Buffer& out, std::size_t column, const Value& value, bool special_place) {
        if constexpr (CodedText<Value>) {
            if (!special_place && write_kept(out, column, value)) return;
        }
        fields_.write(out, value);
    }

    template <class Buffer, CodedText Text>
    bool write_kept(Buffer& out, std::size_t column, const Text& text) {
        const auto* field = dictionaries_.find(column, text);
        if (field != nullptr) {
            guarded_elsewhere_ += field->guarded;
        } else {
            field = dictionaries_.keep(column, text, fields_);
            if (field == nullptr) return false;
        }
        if (char* const end = copy(out.reserve(1), out.reserved_end(), *field)) {
            out.commit(end);
        } else {
            out.append(dictionaries_.text(*field));
        }
        return true;
    }

    // A text of a dictionary, as PlainFields writes it.
    template <CodedText Text>
    [[gnu::always_inline]] char* write_plain(char* at, const char* end, std::size_t column, const Text& text) {
        const auto* const field = dictionaries_.find(column, text);
        return field != nullptr ? copy(at, end, *field) : write_plain_once(at, end, column, text);
    }
    // Flat, because a dictionary that is not kept comes here for each cell (calls took a tenth of its time).
    template <CodedText Text>
    [[gnu::noinline, gnu::flatten]] char* write_plain_once(char* at, const char* end, std::size_t column,
                                                           const Text& text) {
        char* const next = plain_.write(at, end, std::string_view(text));
        if (next != nullptr) dictionaries_.keep(column, text, {at, static_cast<std::size_t>(next - at)});
        return next;
    }

    // Returns a null pointer where there may be no room for it.
    [[nodiscard]] char* copy(char* at, const char* end, const detail::DictionaryFields::Field& field) const noexcept {
        const std::size_t needed = detail::DictionaryFields::copy_size(field) + detail::PlainFields::spare;
        return static_cast<std::size_t>(end - at) < needed ? nullptr : dictionaries_.copy(at, field);
    }

    [[noreturn]] void throw_ragged(std::uint64_t row, std::size_t written) const {
        throw TableError(ErrorCode::cell_count_mismatch,
                         "row " + std::to_string(row) + " has " + std::to_string(written) +
                             " cells where the header has " + std::to_string(columns_),
                         {}, row);
    }

    [[nodiscard]] static FieldPlace place_of(std::size_t column, bool file_begin) noexcept {
        if (column != 0) return FieldPlace::within_row;
        return file_begin ? FieldPlace::file_begin : FieldPlace::row_begin;
    }

    CsvFieldWriter fields_;
    detail::PlainFields plain_;
    detail::DictionaryFields dictionaries_;
    std::size_t columns_ = 0;
    std::uint64_t guarded_elsewhere_ = 0;
};

}  // namespace curtail::inline v0::detail
