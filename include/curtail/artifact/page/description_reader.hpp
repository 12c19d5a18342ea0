// SPDX-License-Identifier: MIT
#pragma once
// Reads the metadata that csv_metadata() writes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/index/number_text_list.hpp>
#include <curtail/artifact/index/row_index.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/text/json_cursor.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// The most columns of a file that is read: they are kept in memory, and each byte of a file can be a column.
inline constexpr std::size_t max_artifact_columns = 1'000'000;

// What the metadata say of an artifact.
struct ArtifactDescription {
    CsvDialect dialect;
    Schema schema;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::string sha256;
    std::optional<std::uint64_t> uncompressed_bytes;
    std::optional<RowIndex> index;
    std::vector<std::uint64_t> seek_points;
};

// Returns the type that has this name in a message, or an open one.
[[nodiscard]] inline ColumnType type_named(std::string_view dtype) {
    for (auto kind = static_cast<int>(CellKind::any); kind <= static_cast<int>(CellKind::nested); ++kind) {
        ColumnType type{.kind = static_cast<CellKind>(kind)};
        const bool timed = type.kind == CellKind::timestamp || type.kind == CellKind::duration;
        if (!timed && dtype_name(type) == dtype) return type;
        for (int unit = 0; timed && unit < 4; ++unit) {
            type.unit = static_cast<TimeUnit>(unit);
            const std::string name = dtype_name(type);
            if (name == dtype) return type;
            // datetime64[us, UTC]
            const std::string zoned = name.substr(0, name.size() - 1) + ", ";
            if (type.kind != CellKind::timestamp || !dtype.starts_with(zoned) || !dtype.ends_with(']')) continue;
            type.zone = dtype.substr(zoned.size(), dtype.size() - zoned.size() - 1);
            return type;
        }
    }
    return {};
}

class DescriptionReader {
  public:
    explicit DescriptionReader(std::string_view text) : json_(text) {}

    // Throws JsonFault and curtail::Error.
    [[nodiscard]] std::optional<ArtifactDescription> read() {
        json_.object([&](const std::string& key) { member(key); });
        json_.end();
        out_.dialect.nulls_apart = false;  // a rule for the writer
        check_dialect(out_.dialect);
        if (predictions_ > columns_.size() || columns_.size() > max_artifact_columns) return {};
        for (ColumnSpec& column : columns_) column.name = std::string(without_guard(out_.dialect, column.name));
        out_.schema = Schema(std::move(columns_), cast_to<std::size_t>(predictions_));
        if (has_index_) {
            out_.index.emplace(std::string(row_starts_), out_.rows, out_.uncompressed_bytes.value_or(out_.bytes));
            if (!read_seek_points()) return {};
        }
        return std::move(out_);
    }

  private:
    void member(const std::string& key) {
        if (key == "schema:numberOfItems") {
            out_.rows = json_.number();
        } else if (key == "dcat:byteSize") {
            out_.bytes = json_.number();
        } else if (key == "schema:sha256") {
            out_.sha256 = json_.string();
        } else if (key == "dialect") {
            json_.object([&](const std::string& name) { dialect_member(name); });
        } else if (key == "tableSchema") {
            json_.object([&](const std::string& name) { schema_member(name); });
        } else if (key == "schema:additionalProperty" || key == "dc:tableOfContents") {
            json_.array([&] { property(); });
        } else {
            json_.skip();
        }
    }

    void dialect_member(const std::string& name) {
        if (name == "delimiter") {
            out_.dialect.separator = mark();
        } else if (name == "quoteChar") {
            out_.dialect.quote = mark();
        } else if (name == "header") {
            out_.dialect.header = json_.boolean();
        } else if (name == "lineTerminators") {
            json_.array([&] { out_.dialect.line_end = json_.string() == "\r\n" ? LineEnd::crlf : LineEnd::lf; });
        } else {
            json_.skip();
        }
    }

    // Returns a character; NUL, which no dialect has, for any other text.
    [[nodiscard]] char mark() {
        const std::string text = json_.string();
        return text.size() == 1 ? text.front() : '\0';
    }

    void schema_member(const std::string& name) {
        if (name == "null") {
            nulls_ = nulls(out_.dialect.null_text);
        } else if (name == "columns") {
            json_.array([&] {
                if (columns_.size() > max_artifact_columns) return json_.skip();
                columns_.push_back(column());
            });
        } else {
            json_.skip();
        }
    }

    [[nodiscard]] ColumnSpec column() {
        ColumnSpec column;
        auto texts = nulls_;
        json_.object([&](const std::string& key) {
            if (key == "titles") {
                column.name = json_.string();
            } else if (key == "schema:additionalType") {
                column.type = type_named(json_.string());
            } else if (key == "null") {
                std::string text;
                texts = nulls(text);
            } else {
                json_.skip();
            }
        });
        if (column.type.open()) column.type.null_texts = std::move(texts);
        return column;
    }

    // Reads the texts of nulls: first the writer's own, which goes to `text`, then those that its input had.
    [[nodiscard]] std::shared_ptr<const std::vector<std::string>> nulls(std::string& text) {
        if (json_.next() == '"') {
            text = json_.string();
            return nullptr;
        }
        std::vector<std::string> texts;
        json_.array([&] { texts.push_back(json_.string()); });
        if (texts.empty()) return nullptr;
        text = std::move(texts.front());
        texts.erase(texts.begin());
        return std::make_shared<const std::vector<std::string>>(std::move(texts));
    }

    void property() {
        std::string name;
        json_.object([&](const std::string& key) {
            if (key == "schema:name") {
                name = json_.string();
            } else if (key == "schema:value") {
                property_value(name);
            } else {
                json_.skip();
            }
        });
    }

    void property_value(std::string_view name) {
        if (name == "predictions") {
            predictions_ = json_.number();
        } else if (name == "trueText") {
            out_.dialect.true_text = json_.string();
        } else if (name == "falseText") {
            out_.dialect.false_text = json_.string();
        } else if (name == "nanText") {
            out_.dialect.nan_text = json_.string();
        } else if (name == "decimalComma") {
            out_.dialect.decimal_comma = json_.boolean();
        } else if (name == "formulaGuard") {
            out_.dialect.formula_guard = json_.boolean() ? FormulaGuard::apostrophe : FormulaGuard::off;
        } else if (name == "uncompressedBytes") {
            out_.uncompressed_bytes = json_.number();
        } else if (name == "seekPoints") {
            seek_points_ = json_.plain_string();
        } else if (name == "rowStarts") {
            row_starts_ = json_.plain_string();
            has_index_ = true;
        } else {
            json_.skip();
        }
    }

    [[nodiscard]] bool read_seek_points() {
        std::uint64_t offset = 0;
        while (!seek_points_.empty()) {
            const auto further = take_vlq(seek_points_);
            if (!further || *further >= out_.bytes - offset || (*further == 0) != out_.seek_points.empty())
                return false;
            out_.seek_points.push_back(offset += *further);
        }
        return true;
    }

    JsonCursor json_;
    ArtifactDescription out_;
    std::vector<ColumnSpec> columns_;
    std::shared_ptr<const std::vector<std::string>> nulls_;  // of columns that have none of their own
    std::uint64_t predictions_ = 0;
    bool has_index_ = false;
    std::string_view row_starts_;
    std::string_view seek_points_;
};

// Returns what `text` says, or nothing if it is not such a text.
[[nodiscard]] inline std::optional<ArtifactDescription> read_description_text(std::string_view text) {
    try {
        return DescriptionReader(text).read();
    } catch (const JsonFault&) {
        return {};
    } catch (const Error&) {  // no dialect or no schema
        return {};
    }
}

}  // namespace curtail::inline v0::detail
