// SPDX-License-Identifier: MIT
#pragma once
// What is committed with a part: which attempt's file it is, its facts, and the bytes that the worker gave with it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/job_id.hpp>

namespace curtail::inline v0::detail {

// A record is a head of one line per fact, then its texts:
//
//     curtail part 1
//     part 3 of 12
//     attempt .part-00003.4711-0123456789abcdef.tmp
//     file part-00003.csv
//     rows 1000
//     bytes 65536
//     plain 65536
//     header 17
//     content 44bc2cf5ad770999
//     sha256 -
//     table 420 9b1deb4d3b7d4bad
//     index 720 8c7dd922ad47494f
//     summary 98304 0242ac1300030242
//     head 6c62272e07bb0142
//
// The last line is the XXH64 of those before it; those of the texts follow their sizes. So the facts of ten thousand
// parts are read without their summaries, and no byte is taken that is not the one that was committed. A part whose
// sink does not say where its rows begin has no line for the index.
struct PartRecord {
    std::uint64_t number = 0;
    std::uint64_t of = 0;
    std::string attempt;  // the hidden name of the file before it has its own
    std::string file;     // the name of the part
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t plain = 0;       // the bytes before any compression
    std::uint64_t header = 0;      // the bytes before the first row, before any compression
    std::uint64_t content = 0;     // the XXH64 of the file
    std::string sha256;            // empty if it was not computed
    std::uint64_t table_size = 0;  // dialect and columns, as in a metadata file
    std::uint64_t table_hash = 0;
    std::uint64_t index_size = 0;  // where rows begin, and which file this is said of; as in a metadata file
    std::uint64_t index_hash = 0;
    std::uint64_t summary_size = 0;
    std::uint64_t summary_hash = 0;

    friend bool operator==(const PartRecord&, const PartRecord&) = default;
};

// Returns true if the file of the part is compressed.
[[nodiscard]] inline bool is_compressed(const PartRecord& record) noexcept {
    return !record.file.ends_with(artifact_suffix);
}

// No head is longer: two names, a digest and a few numbers.
inline constexpr std::uint64_t max_record_head = 1024;
// No record is longer, and no header line.
inline constexpr std::uint64_t max_record = std::uint64_t{64} << 20U;
// No part has more rows or bytes, so that those of all parts can be added.
inline constexpr std::uint64_t max_part_count = std::uint64_t{1} << 46U;

// Returns the bytes of a record. Computes the sizes and hashes of the texts, and ignores those in `record`.
[[nodiscard]] std::string packed_record(const PartRecord& record, std::string_view table, std::string_view summary,
                                        std::string_view index = {});

// A record, and where its texts begin.
struct RecordHead {
    PartRecord record;
    std::uint64_t size = 0;
};

// Returns the head at the beginning of `bytes`; nothing for any other or damaged bytes. A record that is returned names
// files of its part alone, in the directory that it is in.
[[nodiscard]] std::optional<RecordHead> read_record_head(std::string_view bytes);

// The texts of a record.
struct RecordTexts {
    std::string_view table;
    std::string_view index;
    std::string_view summary;
};

// Returns the texts of a whole record; nothing if they are not what its head says.
[[nodiscard]] std::optional<RecordTexts> read_record_texts(const RecordHead& head, std::string_view bytes);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <cstddef>
#include <utility>

#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/artifact/parts/fact_reader.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE std::string packed_record(const PartRecord& record, std::string_view table, std::string_view summary,
                                         std::string_view index) {
    std::string out = "curtail part 1\n";
    const auto fact = [&](std::string_view name, std::string_view value) { out += concat({name, " ", value, "\n"}); };
    const auto number = [&](std::string_view name, std::uint64_t value) { fact(name, std::to_string(value)); };
    const auto text = [&](std::string_view name, std::string_view value) {
        fact(name, concat({std::to_string(value.size()), " ", hex_text(content_hash(value))}));
    };
    fact("part", concat({std::to_string(record.number), " of ", std::to_string(record.of)}));
    fact("attempt", record.attempt);
    fact("file", record.file);
    number("rows", record.rows);
    number("bytes", record.bytes);
    number("plain", record.plain);
    number("header", record.header);
    fact("content", hex_text(record.content));
    fact("sha256", record.sha256.empty() ? "-" : record.sha256);
    text("table", table);
    if (!index.empty()) text("index", index);
    text("summary", summary);
    out += concat({"head ", hex_text(content_hash(out)), "\n"});
    out.reserve(out.size() + table.size() + index.size() + summary.size());
    out += table;
    out += index;
    out += summary;
    return out;
}

CURTAIL_INLINE std::optional<RecordHead> read_record_head(std::string_view bytes) {
    FactReader in(bytes.substr(0, max_record_head));
    PartRecord record;
    record.number = in.number("curtail part 1\npart ", ' ');
    record.of = in.number("of ", '\n');
    record.attempt = in.until("attempt ", '\n');
    record.file = in.until("file ", '\n');
    record.rows = in.number("rows ", '\n');
    record.bytes = in.number("bytes ", '\n');
    record.plain = in.number("plain ", '\n');
    record.header = in.number("header ", '\n');
    record.content = in.hash("content ", '\n');
    record.sha256 = in.until("sha256 ", '\n');
    record.table_size = in.number("table ", ' ');
    record.table_hash = in.hash("", '\n');
    if (in.rest().starts_with("index ")) {
        record.index_size = in.number("index ", ' ');
        record.index_hash = in.hash("", '\n');
    }
    record.summary_size = in.number("summary ", ' ');
    record.summary_hash = in.hash("", '\n');
    const auto facts = static_cast<std::size_t>(in.rest().data() - bytes.data());
    const std::uint64_t head = in.hash("head ", '\n');
    if (in.failed() || head != content_hash(bytes.substr(0, facts))) return {};
    if (record.sha256 == "-") record.sha256.clear();
    const bool can_be_added = (std::max)({record.rows, record.bytes, record.plain}) <= max_part_count &&
                              record.header <= (std::min)(record.plain, max_record);
    const bool known_digest = record.sha256.empty() || is_sha256(record.sha256);
    if (!can_be_added || !known_digest || record.of > part_count_limit || record.number >= record.of ||
        number_of_attempt(record.attempt) != record.number || number_of_part_file(record.file) != record.number) {
        return {};
    }
    return RecordHead{std::move(record), static_cast<std::uint64_t>(in.rest().data() - bytes.data())};
}

CURTAIL_INLINE std::optional<RecordTexts> read_record_texts(const RecordHead& head, std::string_view bytes) {
    const PartRecord& record = head.record;
    if (bytes.size() < head.size) return {};
    bytes.remove_prefix(static_cast<std::size_t>(head.size));
    const auto take = [&](std::uint64_t size) {
        const std::string_view text = bytes.substr(0, static_cast<std::size_t>((std::min)(size, max_record)));
        bytes.remove_prefix(text.size());
        return text;
    };
    const auto is = [](std::string_view text, std::uint64_t size, std::uint64_t hash) {
        return text.size() == size && content_hash(text) == hash;
    };
    RecordTexts texts;
    texts.table = take(record.table_size);
    texts.index = take(record.index_size);
    texts.summary = bytes;
    const bool indexed = record.index_size == 0 || is(texts.index, record.index_size, record.index_hash);
    const bool whole = indexed && is(texts.table, record.table_size, record.table_hash) &&
                       is(texts.summary, record.summary_size, record.summary_hash);
    return whole ? std::optional(texts) : std::nullopt;
}

}  // namespace curtail::inline v0::detail
#endif
