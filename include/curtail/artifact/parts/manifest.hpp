// SPDX-License-Identifier: MIT
#pragma once
// The text that says that all parts of a job are there, and what each of them is.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/parts/part_record.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

struct ArtifactDescription;

// A part, and what the description of its table says beyond the first one's.
struct ListedPart {
    PartRecord record;
    std::string table;
};

// Returns true if both tables have columns of the same names.
[[nodiscard]] bool same_names(const Schema& a, const Schema& b) noexcept;

// Returns true if rows of a table that is described by `part` can follow rows of that of `first`: names and spelling
// are the same. Types may differ.
[[nodiscard]] bool can_follow(const ArtifactDescription& part, const ArtifactDescription& first);

// Returns what the description `table` of a part says beyond that of the first part: all of it, or its dialect alone
// where the columns are the same. A part without a header differs in its dialect, and a table can have many columns.
[[nodiscard]] std::string_view own_description(std::string_view first, std::string_view table) noexcept;

// Returns a table group of W3C's CSV on the Web: the rows and bytes of all parts, and for each part its file, rows,
// bytes, digest, checksum and attempt. Dialect and columns are those of the first part, where a part does not have its
// own. The last member is the checksum of the text before it. The same parts give the same text.
[[nodiscard]] std::string manifest_text(std::span<const ListedPart> parts);

// What a manifest says.
struct Manifest {
    ArtifactInfo whole;
    std::vector<PartArtifact> parts;
    std::vector<std::uint64_t> contents = {};  // the checksum of each part's file
    std::vector<std::string> own = {};         // what each part says of its table: a JSON object; empty: nothing
};

// Reads a manifest of the directory `location`. Returns nothing for other texts, and for one that was cut off or
// changed.
[[nodiscard]] std::optional<Manifest> read_manifest(std::string_view text, std::string_view location);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <tuple>
#include <utility>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/page/description_reader.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/parts/fact_reader.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::string_view manifest_begin = "{\n\"@context\": \"http://www.w3.org/ns/csvw\"";
inline constexpr std::string_view rows_key = "\"schema:numberOfItems\": ";
inline constexpr std::string_view bytes_key = "\"dcat:byteSize\": ";
inline constexpr std::string_view plain_key = "\"schema:contentSize\": ";
inline constexpr std::string_view digest_key = "\"schema:sha256\": \"";
inline constexpr std::string_view content_key = "\"schema:identifier\": \"xxh64 ";
inline constexpr std::string_view tables_key = ",\n\"tables\": [";
inline constexpr std::string_view table_begin = "\n{\"url\": \"";
inline constexpr std::string_view tables_end = "\n]";

CURTAIL_INLINE bool same_names(const Schema& a, const Schema& b) noexcept {
    const auto same_name = [](const ColumnSpec& one, const ColumnSpec& other) { return one.name == other.name; };
    return std::equal(a.columns().begin(), a.columns().end(), b.columns().begin(), b.columns().end(), same_name);
}

CURTAIL_INLINE bool can_follow(const ArtifactDescription& part, const ArtifactDescription& first) {
    const auto spelling = [](const CsvDialect& dialect) {
        return std::tie(dialect.separator, dialect.quote, dialect.line_end, dialect.null_text, dialect.true_text,
                        dialect.false_text, dialect.nan_text, dialect.decimal_comma, dialect.formula_guard);
    };
    return spelling(part.dialect) == spelling(first.dialect) && same_names(part.schema, first.schema);
}

CURTAIL_INLINE std::string_view own_description(std::string_view first, std::string_view table) noexcept {
    const auto columns = [](std::string_view text) {
        return text.substr((std::min)(text.find(",\n\"tableSchema\": "), text.size()));
    };
    const std::string_view common = columns(table);
    if (common.empty() || common != columns(first)) return table;
    return table.substr(0, table.size() - common.size());
}

[[nodiscard]] CURTAIL_INLINE std::string listed_text(const ListedPart& part, bool compressed) {
    const PartRecord& record = part.record;
    std::string_view attempt = record.attempt;
    attempt.remove_prefix(attempt.find('.', 1) + 1);
    attempt.remove_suffix(attempt_ending.size());
    std::string out = concat({table_begin, record.file, "\", ", rows_key, std::to_string(record.rows), ", ", bytes_key,
                              std::to_string(record.bytes)});
    if (compressed) out += concat({", ", plain_key, std::to_string(record.plain)});
    if (!record.sha256.empty()) out += concat({", ", digest_key, record.sha256, "\""});
    out += concat({", ", content_key, hex_text(record.content), ", attempt ", attempt, "\""});
    if (!part.table.empty()) out += concat({",\n", part.table});
    return out + '}';
}

CURTAIL_INLINE std::string manifest_text(std::span<const ListedPart> parts) {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t plain = 0;
    for (const ListedPart& part : parts) {
        rows += part.record.rows;
        bytes += part.record.bytes;
        plain += part.record.plain;
    }
    const bool compressed = !parts.empty() && is_compressed(parts.front().record);
    std::string out =
        concat({manifest_begin, ",\n", rows_key, std::to_string(rows), ",\n", bytes_key, std::to_string(bytes)});
    if (compressed) out += concat({",\n", plain_key, std::to_string(plain)});
    if (!parts.empty() && !parts.front().table.empty()) out += concat({",\n", parts.front().table});
    out += tables_key;
    for (const ListedPart& part : parts) {
        if (&part != &parts.front()) out += ',';
        out += listed_text(&part == &parts.front() ? ListedPart{part.record, {}} : part, compressed);
    }
    return with_checksum(concat({out, tables_end, ","})) + "\n}\n";
}

CURTAIL_INLINE std::optional<Manifest> read_manifest(std::string_view text, std::string_view location) {
    if (!text.starts_with(manifest_begin) || !text.ends_with("\n}\n") || !is_unchanged(text)) return {};
    const std::string_view behind = text.substr((std::min)(text.rfind(tables_end), text.size()));
    const bool ends = behind == concat({tables_end, "\n}\n"});
    if (!ends && !behind.starts_with(concat({tables_end, ",", checksum_key}))) return {};
    const std::size_t begin = text.find(tables_key);
    if (begin == std::string_view::npos) return {};
    FactReader in(text.substr(begin + tables_key.size()));
    Manifest out;
    for (std::uint64_t number = 0;; ++number) {
        const std::string_view file = in.until(table_begin, '"');
        in.word(", ");
        PartArtifact part{number, {concat({location, "/", file}), "csv", in.number(rows_key, ','), 0}};
        in.word(" ");
        part.artifact.bytes = in.number(bytes_key, ',');
        in.word(" ");
        if (file.ends_with(".gz")) {
            part.artifact.format = "csv.gz";
            part.artifact.uncompressed_bytes = in.number(plain_key, ',');
            in.word(" ");
        }
        if (in.rest().starts_with(digest_key)) {
            part.artifact.sha256 = in.until(digest_key, '"');
            in.word(", ");
        }
        out.contents.push_back(in.hash(content_key, ','));
        if (in.failed() || number_of_part_file(file) != number) return {};
        out.parts.push_back(std::move(part));
        // No line inside of the description of a table begins like this, and no text has a line end.
        const std::string_view rest = in.rest();
        const std::size_t next = rest.find(table_begin);
        const std::string_view facts =
            next == std::string_view::npos ? rest.substr(0, rest.rfind(tables_end)) : rest.substr(0, next - 1);
        const std::size_t own = (std::min)(facts.find('\n'), facts.size());
        out.own.push_back(own == facts.size() ? std::string() : concat({"{", facts.substr(own)}));
        if (next == std::string_view::npos) break;
        in = FactReader(rest.substr(next));
    }
    out.whole = sum_of(out.parts, std::string(location));
    return out;
}

}  // namespace curtail::inline v0::detail
#endif
