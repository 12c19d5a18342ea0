// SPDX-License-Identifier: MIT
#pragma once
// What a CSV file cannot say of itself, as the JSON of W3C's CSV on the Web (Metadata Vocabulary for Tabular Data).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/json_text.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// `text` with every byte that is neither a letter, a digit nor in `also` as %XX.
[[nodiscard]] inline std::string percent_encoded(std::string_view text, std::string_view also) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (word || also.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0x0FU];
        }
    }
    return out;
}

// A template, because most files that include a sink write no metadata and would compile it all the same: 0.03 s.
template <class Dialect>
class CsvMetadataWriter {
  public:
    CsvMetadataWriter(const Schema& schema, const Dialect& dialect)
        : schema_(schema), dialect_(dialect), repeated_(schema.size()) {
        std::vector<std::pair<std::string_view, std::size_t>> titles;
        titles.reserve(schema.size());
        for (std::size_t i = 0; i < schema.size(); ++i) titles.emplace_back(schema[i].name, i);
        std::sort(titles.begin(), titles.end());
        for (std::size_t i = 1; i < titles.size(); ++i) {
            if (titles[i].first == titles[i - 1].first) repeated_[titles[i].second] = 1;
        }
    }

    [[nodiscard]] std::string text(const ArtifactInfo& info, std::string_view file_name) {
        out_ = "{\n\"@context\": \"http://www.w3.org/ns/csvw\",\n\"url\": ";
        string(percent_encoded(file_name, "-._~"));
        out_ += ",\n\"schema:numberOfItems\": " + number_text(info.rows);
        out_ += ",\n\"dcat:byteSize\": " + number_text(info.bytes);
        if (!info.sha256.empty()) member(",\n", "schema:sha256", info.sha256);
        dialect();
        out_ += ",\n\"tableSchema\": {\n";
        member("", "null", dialect_.null_text);
        out_ += ",\n\"columns\": [";
        for (std::size_t i = 0; i < schema_.size(); ++i) column(i);
        return std::move(out_ += "\n]}\n}\n");
    }

  private:
    void string(std::string_view text) { append_json_string(out_, text); }

    void member(std::string_view before, std::string_view key, std::string_view value) {
        out_ += before;
        string(key);
        out_ += ": ";
        string(value);
    }

    // All of it, because some defaults of the standard are none of ours, and readers differ on others. A row never
    // begins with a line end, so that as the prefix of comments means that there are none; the standard has no other
    // way to say so, and its default is #.
    void dialect() {
        out_ += ",\n\"dialect\": {\n\"encoding\": \"utf-8\"";
        member(",\n", "delimiter", std::string_view(&dialect_.separator, 1));
        member(",\n", "quoteChar", std::string_view(&dialect_.quote, 1));
        out_ += ",\n\"doubleQuote\": ";
        out_ += dialect_.double_quote ? "true" : "false";
        out_ += ",\n\"lineTerminators\": [";
        string(dialect_.line_end);
        out_ += "],\n\"header\": ";
        out_ += dialect_.header ? "true,\n\"headerRowCount\": 1" : "false,\n\"headerRowCount\": 0";
        const bool comments = dialect_.comment != '\0';
        member(",\n", "commentPrefix",
               comments ? std::string_view(&dialect_.comment, 1) : std::string_view(dialect_.line_end));
        out_ += ",\n\"skipBlankRows\": false,\n\"skipInitialSpace\": false,\n\"trim\": false\n}";
    }

    void column(std::size_t index) {
        const ColumnSpec& spec = schema_[index];
        member(index == 0 ? "\n{" : ",\n{", "name", unique_name(spec.name, index));
        if (!spec.name.empty()) {
            const bool guarded = dialect_.formula_guard == FormulaGuard::apostrophe && needs_guard(spec.name);
            member(", ", "titles", (guarded ? "'" : "") + spec.name);  // as it stands in the file
        }
        datatype(spec.type);
        out_ += '}';
    }

    // A name as URI templates allow it, unlike any other: what makes it so stands behind a point, which no title leaves
    // bare.
    [[nodiscard]] std::string unique_name(std::string_view title, std::size_t index) const {
        std::string name = title.empty() ? "column" : percent_encoded(title, "_");
        if (name.front() == '_') name = "%5F" + name.substr(1);  // reserved by the standard
        if (title.empty() || repeated_[index] != 0) name += "." + number_text(std::uint64_t{index} + 1);
        return name;
    }

    // A column whose kind only its cells know is text: that is what can be said of every cell.
    void datatype(const ColumnType& type) {
        if (type.open()) return;
        switch (type.kind) {
            case CellKind::boolean: return booleans();
            case CellKind::int8: return plain("byte");
            case CellKind::int16: return plain("short");
            case CellKind::int32: return plain("int");
            case CellKind::int64: return plain("long");
            case CellKind::uint8: return plain("unsignedByte");
            case CellKind::uint16: return plain("unsignedShort");
            case CellKind::uint32: return plain("unsignedInt");
            case CellKind::uint64: return plain("unsignedLong");
            case CellKind::float32: return floating("float");
            case CellKind::float64: return floating("double");
            case CellKind::decimal: return real("decimal");
            case CellKind::date: return plain("date");
            case CellKind::time: return plain("time");
            case CellKind::timestamp: return timestamps(type);
            case CellKind::nested: return plain("json");
            case CellKind::text:
            case CellKind::bytes:
            case CellKind::duration:
            case CellKind::null:
            case CellKind::any: return plain("string");
        }
    }

    void plain(std::string_view base) { member(", ", "datatype", base); }

    void formatted(std::string_view base, std::string_view format) {
        member(", \"datatype\": {", "base", base);
        member(", ", "format", format);
        out_ += '}';
    }

    void booleans() {
        const std::string words = dialect_.true_text + "|" + dialect_.false_text;
        if (words.find('|') != words.rfind('|')) return plain("string");
        formatted("boolean", words);
    }

    void real(std::string_view base) {
        if (!dialect_.decimal_comma) return plain(base);
        member(", \"datatype\": {", "base", base);
        member(", \"format\": {", "decimalChar", ",");
        out_ += "}}";
    }

    // The standard takes NaN for a number and no other word; what stands for it otherwise is read as a null.
    void floating(std::string_view base) {
        real(base);
        if (dialect_.nan_text == "NaN" || dialect_.nan_text == dialect_.null_text) return;
        out_ += ", \"null\": [";
        string(dialect_.null_text);
        out_ += ", ";
        string(dialect_.nan_text);
        out_ += ']';
    }

    void timestamps(const ColumnType& type) {
        std::string format = "yyyy-MM-dd HH:mm:ss";
        if (type.unit != TimeUnit::second) {
            format += '.';
            format.append(std::size_t{3} * static_cast<std::size_t>(type.unit), 'S');
        }
        if (!type.zone.empty()) format += "xxx";
        formatted("dateTime", format);
    }

    const Schema& schema_;
    const Dialect& dialect_;
    std::vector<char> repeated_;  // whether a column before has the same title
    std::string out_;
};

// The metadata of a file in CSV: where its fields end, what its columns are called and hold, what a null is; and as
// properties of the table its rows (schema:numberOfItems), its bytes (dcat:byteSize) and, where computed, its SHA-256
// (schema:sha256). `file_name` is the file's name beside which the metadata will stand.
//
// The standard cannot say everything: it tells a null from the empty text by no quotes; infinity is INF there, so
// strict readers report such cells unless the dialect has infinity_text "INF"; it escapes by a backslash where quotes
// are not doubled, and by nothing elsewhere; and byte strings and durations, as curtail spells them, are text to it.
template <class Dialect = CsvDialect>
[[nodiscard]] std::string csv_metadata(const Schema& schema, const Dialect& dialect, const ArtifactInfo& info,
                                       std::string_view file_name) {
    return detail::CsvMetadataWriter(schema, dialect).text(info, file_name);
}

}  // namespace curtail::inline v0::detail
