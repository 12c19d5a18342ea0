// SPDX-License-Identifier: MIT
#pragma once
// What a field of an artifact means.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/page/record_reader.hpp>
#include <curtail/core/number/number_grammar.hpp>
#include <curtail/core/number/read_floating.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/verbatim.hpp>
#include <curtail/table/csv/field_meaning.hpp>
#include <curtail/table/number_of.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Makes cells of fields: by the type of the column where it is known, else by the field alone, as CsvInput does and in
// the words of the dialect. Times stay texts, as they are in the file and in the message.
class TypedFields {
  public:
    // `described` says whether somebody said what the columns are. Then one with texts of nulls is that of a CSV input,
    // whose cells kept their spelling: there a word of the dialect is a text.
    TypedFields(const CsvDialect& dialect, bool described) : dialect_(dialect), described_(described) {}

    // Returns the cell, valid as long as the field and until the next call. Takes the guard's apostrophe off the field
    // of a text. `sole` says whether the row has no other. Throws what `reader` throws if the field cannot be of its
    // column.
    [[nodiscard]] Cell read(const RecordReader& reader, FieldText& field, const ColumnSpec& column, bool sole) {
        const ColumnType& type = column.type;
        const bool whole = field.bytes == field.text.size();
        if (!field.quoted && whole && field.text == dialect_.null_text) return Null{};
        // A null that is its row's only field, unless it can be the empty text.
        const bool may_be_text =
            type.kind == CellKind::text || type.kind == CellKind::any || (type.kind == CellKind::null && type.guessed);
        if (sole && field.quoted && field.bytes == 0 && !may_be_text) return Null{};
        bool bad = false;
        Cell cell;
        switch (type.kind) {
            case CellKind::any:
            case CellKind::null: return open_cell(field, type);
            case CellKind::text:
            case CellKind::bytes: (void)remove_guard(field); return field.text;
            case CellKind::nested: return Nested{field.text};
            case CellKind::boolean:
                cell = field.text == dialect_.true_text;
                bad = field.text != dialect_.true_text && field.text != dialect_.false_text;
                break;
            case CellKind::timestamp:
            case CellKind::date:
            case CellKind::time:
            case CellKind::duration:
                cell = field.text;
                bad = field.text.empty() && !field.quoted;  // in quotes it is the empty text, which a source may have
                break;
            default:
                // No number needs more than a few hundred bytes, but a decimal can have any.
                if (!whole) return field.text;
                cell = number(field.text, type, bad);
        }
        if (bad) {
            reader.fail(concat({"this field of column ", quoted_for_error(column.name), " is not a value of type ",
                                dtype_name(type),
                                ", as the metadata or the given schema say: the file is damaged or another one"}),
                        field.offset);
        }
        return cell;
    }

  private:
    [[nodiscard]] Cell open_cell(FieldText& field, const ColumnType& type) {
        if (remove_guard(field)) return field.text;
        if (field.bytes != field.text.size()) return field.text;
        const Cell cell = csv_cell(field.text, field.quoted,
                                   [&](std::string_view text) { return is_null_text(type.null_texts.get(), text); });
        const bool is_kept = described_ && type.null_texts != nullptr;
        return is_kept || !std::holds_alternative<std::string_view>(cell) ? cell : in_words(field.text);
    }

    // Reads what is a text by itself in the words of the dialect.
    [[nodiscard]] Cell in_words(std::string_view text) {
        if (text == dialect_.true_text) return true;
        if (text == dialect_.false_text) return false;
        if (text == dialect_.nan_text && !text.empty()) return non_finite(true, false);
        const std::string_view digits = with_point(text);
        if (number_spelling(digits) == NumberSpelling::none) return text;
        return Verbatim{digits, Verbatim::Meaning::number};
    }

    // Returns a number with a point in place of its decimal comma, valid until the next call.
    [[nodiscard]] std::string_view with_point(std::string_view text) {
        if (!dialect_.decimal_comma || text.find(',') == std::string_view::npos) return text;
        room_ = text;
        std::replace(room_.begin(), room_.end(), ',', '.');
        return room_;
    }

    // Returns true if there was an apostrophe.
    [[nodiscard]] bool remove_guard(FieldText& field) const {
        const std::size_t size = field.text.size();
        field.text = without_guard(dialect_, field.text);
        field.bytes -= size - field.text.size();
        return field.text.size() != size;
    }

    [[nodiscard]] Cell number(std::string_view text, const ColumnType& type, bool& bad) {
        const bool nan = text == dialect_.nan_text;
        text = with_point(text);
        switch (type.kind) {
            case CellKind::float32:
            case CellKind::float64: {
                if (nan) break;
                if (text == infinity_text || text == "-inf") return non_finite(false, text.front() == '-');
                if (!spells_json_number(text)) break;
                if (type.kind == CellKind::float64) {
                    if (const auto real = number_from<double>(text)) return *real;
                } else if (const auto real = number_from<float>(text)) {
                    return *real;  // a double between them would be rounded twice
                }
                break;
            }
            case CellKind::decimal:
                if (spells_json_number(text)) return Decimal{text};
                break;
            default:
                if (const auto integer = number_from<std::int64_t>(text)) return *integer;
                if (const auto natural = number_from<std::uint64_t>(text)) return *natural;
                break;
        }
        if (nan) return non_finite(true, false);
        bad = number_spelling(text) == NumberSpelling::none;
        return Verbatim{text, Verbatim::Meaning::number};
    }

    CsvDialect dialect_;
    bool described_;
    std::string room_;  // of with_point()
};

}  // namespace curtail::inline v0::detail
