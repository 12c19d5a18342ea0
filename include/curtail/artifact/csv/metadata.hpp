// SPDX-License-Identifier: MIT
#pragma once
// Describes a CSV file in the JSON of W3C's CSV on the Web (Metadata Vocabulary for Tabular Data).

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/text/ascii.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/json_escape.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// How a reader gets to a row without reading what is before it, as texts; empty where they are not known.
struct SeekTables {
    std::string_view row_starts = {};   // by RowIndexWriter
    std::string_view seek_points = {};  // of a compressed file, by append_vlq(): where it keeps each 16th member
};

[[nodiscard]] inline std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

// Returns `text` with every byte that is not a letter, a digit or one of `also` as %XX.
[[nodiscard]] inline std::string percent_encoded(std::string_view text, std::string_view also) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_letter_or_digit(c) || also.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4U], digits[byte & 0x0FU]};
        }
    }
    return out;
}

// Returns the dialect in full, because some defaults of the standard differ from ours and readers differ on others. The
// standard cannot say that there are no comments, and its default is that # begins them; so the line end, with which no
// row begins, is named as what begins them.
[[nodiscard]] inline std::string dialect_json(const CsvDialect& dialect) {
    const std::string line_end = json_string(text_of(dialect.line_end));
    return concat({"{\n\"encoding\": \"utf-8\",\n\"delimiter\": ", json_string({&dialect.separator, 1}),
                   ",\n\"quoteChar\": ", json_string({&dialect.quote, 1}),
                   ",\n\"doubleQuote\": true,\n\"lineTerminators\": [", line_end, "],\n\"header\": ",
                   dialect.header ? "true,\n\"headerRowCount\": 1" : "false,\n\"headerRowCount\": 0",
                   ",\n\"commentPrefix\": ", line_end,
                   ",\n\"skipBlankRows\": false,\n\"skipInitialSpace\": false,\n\"trim\": false\n}"});
}

[[nodiscard]] inline std::string formatted_json(std::string_view base, std::string_view format) {
    return concat({"{\"base\": ", json_string(base), ", \"format\": ", json_string(format), "}"});
}

[[nodiscard]] inline std::string boolean_json(const CsvDialect& dialect) {
    const std::string words = concat({dialect.true_text, "|", dialect.false_text});
    if (words.find('|') != words.rfind('|')) return "\"string\"";
    return formatted_json("boolean", words);
}

[[nodiscard]] inline std::string real_json(std::string_view base, const CsvDialect& dialect) {
    if (!dialect.decimal_comma) return json_string(base);
    return concat({"{\"base\": ", json_string(base), ", \"format\": {\"decimalChar\": \",\"}}"});
}

[[nodiscard]] inline std::string timestamp_json(const ColumnType& type) {
    std::string format = "yyyy-MM-dd HH:mm:ss";
    if (type.unit != TimeUnit::second) {
        format += '.';
        format.append(std::size_t{3} * static_cast<std::size_t>(type.unit), 'S');
    }
    if (!type.zone.empty()) format += "xxx";
    return formatted_json("dateTime", format);
}

[[nodiscard]] inline std::string datatype_json(const ColumnType& type, const CsvDialect& dialect) {
    switch (type.kind) {
        case CellKind::boolean: return boolean_json(dialect);
        case CellKind::int8: return "\"byte\"";
        case CellKind::int16: return "\"short\"";
        case CellKind::int32: return "\"int\"";
        case CellKind::int64: return "\"long\"";
        case CellKind::uint8: return "\"unsignedByte\"";
        case CellKind::uint16: return "\"unsignedShort\"";
        case CellKind::uint32: return "\"unsignedInt\"";
        case CellKind::uint64: return "\"unsignedLong\"";
        case CellKind::float32: return real_json("float", dialect);
        case CellKind::float64: return real_json("double", dialect);
        case CellKind::decimal: return real_json("decimal", dialect);
        case CellKind::date: return "\"date\"";
        case CellKind::time: return "\"time\"";
        case CellKind::timestamp: return timestamp_json(type);
        case CellKind::nested: return "\"json\"";
        default: return "\"string\"";
    }
}

// Returns a name that URI templates allow. `unique` says whether no column before has this title. If it is not, the
// column's number follows behind a point, which no encoded title contains.
[[nodiscard]] inline std::string column_name(std::string_view title, std::size_t index, bool unique) {
    std::string name = title.empty() ? "column" : percent_encoded(title, "_");
    if (name.front() == '_') name.replace(0, 1, "%5F");  // a leading _ is reserved by the standard
    if (title.empty() || !unique) name += "." + number_text(std::uint64_t{index} + 1);
    return name;
}

// Returns what means null in a column, or in the table for a null pointer: the writer's text alone. The column of a CSV
// input has a list of it and the input's texts, also where these are none: by the list a reader knows such a column.
[[nodiscard]] inline std::string nulls_json(const CsvDialect& dialect, const std::vector<std::string>* texts) {
    if (texts == nullptr) return json_string(dialect.null_text);
    std::string list = "[" + json_string(dialect.null_text);
    for (const std::string& text : *texts) list += ", " + json_string(text);
    return list += ']';
}

// Returns the texts of a column whose type is open; null if there are none.
[[nodiscard]] inline const std::vector<std::string>* null_texts_of(const ColumnType& type) noexcept {
    return type.open() ? type.null_texts.get() : nullptr;
}

// `nulls` are those of the table, which hold for a column that does not say otherwise.
[[nodiscard]] inline std::string column_json(const ColumnSpec& column, std::string_view name, const CsvDialect& dialect,
                                             const std::vector<std::string>* nulls) {
    const std::vector<std::string>* const own = null_texts_of(column.type);
    std::string out = "{\"name\": " + json_string(name);
    if (!column.name.empty()) {
        const bool guarded = dialect.formula_guard == FormulaGuard::apostrophe && needs_guard(column.name);
        out += ", \"titles\": " + json_string(concat({guarded ? "'" : "", column.name}));  // as it is in the file
    }
    const bool floating = column.type.kind == CellKind::float32 || column.type.kind == CellKind::float64;
    // CSV on the Web has one word for NaN. A dialect's other word is listed among the nulls, so that its readers can
    // read the numbers.
    if (!column.type.open() && floating && dialect.nan_text != "NaN" && dialect.nan_text != dialect.null_text) {
        out += concat({", \"null\": [", json_string(dialect.null_text), ", ", json_string(dialect.nan_text), "]"});
    } else if (own != nulls && nulls_json(dialect, own) != nulls_json(dialect, nulls)) {
        out += ", \"null\": " + nulls_json(dialect, own);
    }
    // The type of an open column is known cell by cell only; then nothing is said, which means text.
    if (!column.type.open()) {
        out += ", \"datatype\": " + datatype_json(column.type, dialect);
        out += ", \"schema:additionalType\": " + json_string(dtype_name(column.type));
    }
    return out += '}';
}

// A list of names and values under one key, as schema.org has it; nothing for an empty list.
class PropertyList {
  public:
    void say(bool differs, std::string_view name, std::string_view json) {
        if (!differs) return;
        out_ += concat({out_.empty() ? "" : ",", "\n{\"schema:name\": \"", name, "\", \"schema:value\": ", json, "}"});
    }
    // Returns the list behind `begin`, which opens it.
    [[nodiscard]] std::string after(std::string_view begin) const {
        return out_.empty() ? out_ : concat({begin, out_, "\n]"});
    }

  private:
    std::string out_;
};

// Returns what only CsvArtifact reads of the table.
[[nodiscard]] inline std::string properties_json(const Schema& schema, const CsvDialect& dialect) {
    const CsvDialect usual;
    PropertyList list;
    list.say(schema.prediction_count() != 0, "predictions", number_text(std::uint64_t{schema.prediction_count()}));
    list.say(dialect.true_text != usual.true_text, "trueText", json_string(dialect.true_text));
    list.say(dialect.false_text != usual.false_text, "falseText", json_string(dialect.false_text));
    list.say(dialect.nan_text != usual.nan_text, "nanText", json_string(dialect.nan_text));
    list.say(dialect.decimal_comma, "decimalComma", "true");
    list.say(dialect.formula_guard != usual.formula_guard, "formulaGuard", "true");
    return list.after(",\n\"schema:additionalProperty\": [");
}

inline constexpr std::string_view contents_begin = ",\n\"dc:tableOfContents\": [";

// Returns the member that says where rows are, with the comma before it; nothing if nothing is known. No other text of
// the metadata begins as it does.
[[nodiscard]] inline std::string contents_json(const ArtifactInfo& info, const SeekTables& seek) {
    PropertyList list;
    if (info.uncompressed_bytes) list.say(true, "uncompressedBytes", number_text(*info.uncompressed_bytes));
    list.say(!seek.seek_points.empty(), "seekPoints", json_string(seek.seek_points));
    list.say(!seek.row_starts.empty(), "rowStarts", json_string(seek.row_starts));
    return list.after(contents_begin);
}

// Returns the members of the metadata that are of the table, without braces.
[[nodiscard]] inline std::string csv_table(const Schema& schema, const CsvDialect& dialect) {
    std::set<std::string_view> titles;
    std::string columns;
    const std::vector<std::string>* nulls = nullptr;
    for (std::size_t i = 0; i < schema.size() && nulls == nullptr; ++i) nulls = null_texts_of(schema[i].type);
    for (std::size_t i = 0; i < schema.size(); ++i) {
        const std::string name = column_name(schema[i].name, i, titles.insert(schema[i].name).second);
        columns += i == 0 ? "\n" : ",\n";
        columns += column_json(schema[i], name, dialect, nulls);
    }
    return concat({"\"dialect\": ", dialect_json(dialect), ",\n\"tableSchema\": {\n\"null\": ",
                   nulls_json(dialect, nulls), ",\n\"columns\": [", columns, "\n]}", properties_json(schema, dialect)});
}

// Returns the metadata of a CSV file: its dialect, the names and types of its columns, the text of a null; and as
// properties of the table its rows (schema:numberOfItems), its bytes (dcat:byteSize) and its SHA-256, if known
// (schema:sha256). `file_name` is the name of the file, beside which the metadata will be.
//
// The standard cannot say everything. It does not tell a null from the empty text by quotes. It spells infinity INF, so
// strict readers report such cells. And byte strings and durations are text to it. What CsvArtifact needs besides is in
// annotations: schema:additionalProperty and dc:tableOfContents of the table, lists of names and values, which have a
// value where it differs from the default; and schema:additionalType of a column, the name that the message has for its
// type.
[[nodiscard]] inline std::string csv_metadata(const Schema& schema, const CsvDialect& dialect, const ArtifactInfo& info,
                                              std::string_view file_name, const SeekTables& seek = {}) {
    std::string digest;
    if (!info.sha256.empty()) digest = ",\n\"schema:sha256\": " + json_string(info.sha256);
    return concat(
        {"{\n\"@context\": \"http://www.w3.org/ns/csvw\",\n\"url\": ", json_string(percent_encoded(file_name, "-._~")),
         ",\n\"schema:numberOfItems\": ", number_text(info.rows), ",\n\"dcat:byteSize\": ", number_text(info.bytes),
         digest, ",\n", csv_table(schema, dialect), contents_json(info, seek), "\n}\n"});
}

}  // namespace curtail::inline v0::detail
