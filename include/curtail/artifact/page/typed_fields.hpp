// SPDX-License-Identifier: MIT
#pragma once
// What a field of an artifact means.

#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/page/record_reader.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/csv/field_meaning.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Makes cells of fields: by the type of the column where it is known, else by the field alone, as CsvInput does. Times
// stay texts, as they are in the file and in the message.
class TypedFields {
  public:
    explicit TypedFields(const CsvDialect& dialect) : dialect_(dialect) {}

    // Returns the cell, valid as long as the field and until the next call. Takes the guard's apostrophe off the field
    // of a text. `sole` says whether the row has no other. Throws what `reader` throws if the field cannot be of its
    // column.
    [[nodiscard]] Cell read(const RecordReader& reader, FieldText& field, const ColumnSpec& column, bool sole);

  private:
    [[nodiscard]] Cell open_cell(FieldText& field, const ColumnType& type) const;
    [[nodiscard]] bool remove_guard(FieldText& field) const;
    [[nodiscard]] Cell number(std::string_view text, const ColumnType& type, bool& bad);

    CsvDialect dialect_;
    std::string room_;  // for a number with a point in place of its decimal comma
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <charconv>
#include <system_error>

#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/number_grammar.hpp>
#include <curtail/core/number/read_double.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/table/cell/verbatim.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Returns true if there was an apostrophe.
CURTAIL_INLINE bool TypedFields::remove_guard(FieldText& field) const {
    if (dialect_.formula_guard != FormulaGuard::apostrophe || !field.text.starts_with('\'')) return false;
    field.text = remove_formula_guard(field.text);
    --field.bytes;
    return true;
}

CURTAIL_INLINE Cell TypedFields::open_cell(FieldText& field, const ColumnType& type) const {
    if (remove_guard(field)) return field.text;
    if (field.bytes != field.text.size()) return field.text;
    return csv_cell(field.text, field.quoted, FewNullTexts(type.null_texts.get()));
}

// Returns true if all of `text` is a number of this type.
template <class Number>
[[nodiscard]] bool read_whole(std::string_view text, Number& value) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end;
}

CURTAIL_INLINE Cell TypedFields::number(std::string_view text, const ColumnType& type, bool& bad) {
    if (dialect_.decimal_comma && text.find(',') != std::string_view::npos) {
        room_ = text;
        std::replace(room_.begin(), room_.end(), ',', '.');
        text = room_;
    }
    std::int64_t integer = 0;
    std::uint64_t natural = 0;
    double real = 0;
    switch (type.kind) {
        case CellKind::float32:
        case CellKind::float64: {
            if (text == dialect_.nan_text) return non_finite(true, false);
            if (text == infinity_text || text == "-inf") return non_finite(false, text.front() == '-');
            const auto [stop, error] = read_double(text.data(), text.data() + text.size(), real);
            const bool read = error == std::errc() && stop == text.data() + text.size();
            if (read && json_number_of(text) != JsonNumber::none) {
                return type.kind == CellKind::float32 ? Cell(to_float(real)) : Cell(real);
            }
            break;
        }
        case CellKind::decimal:
            if (json_number_of(text) != JsonNumber::none) return Decimal{text};
            break;
        default:
            if (read_whole(text, integer)) return integer;
            if (read_whole(text, natural)) return natural;
            break;
    }
    bad = number_spelling(text) == NumberSpelling::none;
    return Verbatim{text, Verbatim::Meaning::number};
}

CURTAIL_INLINE Cell TypedFields::read(const RecordReader& reader, FieldText& field, const ColumnSpec& column,
                                      bool sole) {
    const ColumnType& type = column.type;
    const bool whole = field.bytes == field.text.size();
    if (!field.quoted && whole && field.text == dialect_.null_text) return Null{};
    // A null that is its row's only field, unless it can be the empty text.
    const bool may_be_text =
        type.kind == CellKind::text || type.kind == CellKind::any || (type.kind == CellKind::null && type.guessed);
    if (sole && field.quoted && field.bytes == 0 && !may_be_text) return Null{};
    bool bad = false;
    switch (type.kind) {
        case CellKind::any:
        case CellKind::null: return open_cell(field, type);
        case CellKind::text:
        case CellKind::bytes: (void)remove_guard(field); return field.text;
        case CellKind::nested: return Nested{field.text};
        default: break;
    }
    Cell cell;
    switch (type.kind) {
        case CellKind::boolean:
            cell = field.text == dialect_.true_text;
            bad = field.text != dialect_.true_text && field.text != dialect_.false_text;
            break;
        case CellKind::timestamp:
        case CellKind::date:
        case CellKind::time:
        case CellKind::duration:
            cell = field.text;
            bad = field.text.empty();
            break;
        default:
            // No number needs more than a few hundred bytes, but a decimal can have any.
            if (!whole) return field.text;
            cell = number(field.text, type, bad);
    }
    if (bad) {
        reader.fail(concat({"this field of column ", quoted_for_error(column.name), " is not a value of type ",
                            dtype_name(type),
                            ", which the metadata say it is: the file is damaged, or not the one that they describe"}),
                    field.offset);
    }
    return cell;
}

}  // namespace curtail::inline v0::detail
#endif
