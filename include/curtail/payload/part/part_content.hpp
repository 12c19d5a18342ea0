// SPDX-License-Identifier: MIT
#pragma once
// What a summary says of one part of a table, as bytes and as checked values.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/payload/part/part_head.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/sample/pack_row.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/batch/seen_type.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

struct PartColumn {
    std::string name;
    SeenType type;

    void pack(Packer& packer) const {
        packer.text(name);
        type.pack(packer);
    }
};

struct PartContent {
    PartHead head;
    std::optional<std::uint64_t> first_row;
    PayloadOptions options;  // those that decide what the message shows; the others are not packed

    std::uint64_t features_total = 0;
    std::uint64_t names_hash = 0;      // of the names of all columns
    std::vector<PartColumn> features;  // as many as a message could show
    std::vector<PartColumn> predictions;

    std::vector<RankedRow> sample;     // the best rows first
    std::optional<RowPlace> left_out;  // the best row that is not in it because it, or the summary, had no room
    std::vector<PredictionStatistics> statistics;

    std::uint64_t checksum = 0;  // of the bytes it was unpacked from

    // Returns the listed columns without their types.
    [[nodiscard]] Schema names() const;
    // Packs everything but the head.
    void pack(Packer& packer) const;
};

// Returns a number that differs for schemas that differ in names or in the number of predictions.
[[nodiscard]] std::uint64_t hash_of_names(const Schema& schema) noexcept;

// Makes the bytes of a summary, again and again for other heads.
class PartWriter {
  public:
    // Allocates for the longest head.
    PartWriter(const PartHead& longest, const PartContent& content);

    [[nodiscard]] std::size_t size() const noexcept { return sealed_.size(); }
    // Allocates nothing, unless `head` is longer than what the constructor took for the longest.
    void write(const PartHead& head);
    [[nodiscard]] std::string take() noexcept { return sealed_.take(); }
    [[nodiscard]] const std::string& bytes() const noexcept { return sealed_.bytes(); }

  private:
    Packer head_;
    Packer content_;
    Packer sealed_;
};

// Returns what a summary says. Throws PayloadTooLarge from `max_bytes` bytes on, MessageError unless they are a
// summary, and PartsDiffer if the part was made with other options than `expected`, as far as they decide what the
// message shows.
[[nodiscard]] PartContent unpack_part(std::string_view bytes, std::size_t max_bytes, const PayloadOptions& expected);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/number/split_mix.hpp>
#include <curtail/core/pack/sealed.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/statistics/column/column_statistics.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::string_view part_mark = "curtail part\n";
inline constexpr std::uint64_t part_version = 1;

CURTAIL_INLINE std::uint64_t hash_of_names(const Schema& schema) noexcept {
    std::uint64_t hash = split_mix(schema.prediction_count());
    for (const ColumnSpec& column : schema.columns()) hash = split_mix(hash + checksum_of(column.name));
    return hash;
}

CURTAIL_INLINE void PartHead::pack(Packer& packer) const {
    packer.text(artifact.path);
    packer.text(artifact.format);
    packer.number(artifact.rows);
    packer.number(artifact.bytes);
    packer.text(artifact.sha256);
    packer.flag(artifact.uncompressed_bytes.has_value());
    if (artifact.uncompressed_bytes) packer.number(*artifact.uncompressed_bytes);
    packer.text(host);
    packer.text(job_id);
    packer.number(place.number);
    packer.number(place.of);
}

[[nodiscard]] inline PartHead unpack_head(Unpacker& in) {
    PartHead head;
    ArtifactInfo& artifact = head.artifact;
    artifact.path = in.text();
    artifact.format = in.text(64);
    artifact.rows = in.rows();
    artifact.bytes = in.rows();
    artifact.sha256 = in.text(64);
    in.expect(artifact.sha256.empty() || is_sha256(artifact.sha256), "a digest that is none");
    if (in.flag()) artifact.uncompressed_bytes = in.rows();
    head.host = in.text(255);
    in.expect(is_utf8(artifact.path) && is_utf8(artifact.format) && is_utf8(head.host), "a path that is not UTF-8");
    head.job_id = in.text(128);
    in.expect(is_job_id(head.job_id), "a job id that is none");
    head.place.number = in.rows();
    head.place.of = in.rows();
    in.expect(head.place.number < head.place.of, "a part beyond the last");
    return head;
}

// Calls `use(name, value)` for each option that decides what the message shows.
template <class Use>
void each_option(const PayloadOptions& options, Use use) {
    use("sample_rows", options.sample_rows);
    use("sample_strategy", static_cast<std::uint64_t>(options.sample_strategy));
    use("sample_seed", options.sample_seed);
    use("max_bytes", options.max_bytes);
    use("encoding", static_cast<std::uint64_t>(options.encoding));
    const StatisticsOptions& statistics = options.statistics;
    use("exact_median_values", statistics.exact_median_values);
    use("max_classes", statistics.max_classes);
    use("max_number_classes", statistics.max_number_classes);
    use("listed_classes", statistics.listed_classes);
    use("histogram_bins", statistics.histogram_bins);
}

// Reads the options of a part. Throws PartsDiffer for other ones than `expected`.
inline void unpack_options(Unpacker& in, const PayloadOptions& expected, std::uint64_t part) {
    each_option(expected, [&](std::string_view name, std::uint64_t value) {
        const std::uint64_t found = in.number();
        if (found == value) return;
        throw PartsDiffer(part, concat({"was made with another ", name, " than the merger has: ", std::to_string(found),
                                        " instead of ", std::to_string(value), "; give all the same options"}));
    });
}

inline void pack_columns(Packer& packer, const std::vector<PartColumn>& columns) {
    packer.number(columns.size());
    for (const PartColumn& column : columns) column.pack(packer);
}

[[nodiscard]] inline std::vector<PartColumn> unpack_columns(Unpacker& in) {
    std::vector<PartColumn> columns;
    for (std::size_t left = in.count(3); left > 0; --left) {
        columns.push_back({std::string(in.text()), SeenType::unpack(in)});
    }
    return columns;
}

CURTAIL_INLINE Schema PartContent::names() const {
    std::vector<ColumnSpec> columns;
    for (const auto* const listed : {&features, &predictions}) {
        for (const PartColumn& column : *listed) columns.push_back({column.name});
    }
    return Schema(std::move(columns), predictions.size());
}

CURTAIL_INLINE void PartContent::pack(Packer& packer) const {
    each_option(options, [&](std::string_view, std::uint64_t value) { packer.number(value); });
    packer.flag(first_row.has_value());
    if (first_row) packer.number(*first_row);
    packer.number(features_total);
    packer.word(names_hash);
    pack_columns(packer, features);
    pack_columns(packer, predictions);
    packer.number(sample.size());
    for (const RankedRow& row : sample) pack_row(packer, row);
    packer.flag(left_out.has_value());
    if (left_out) {
        packer.word(left_out->rank);
        packer.number(left_out->number);
    }
    for (const PredictionStatistics& column : statistics) column.column().pack(packer);
}

CURTAIL_INLINE PartWriter::PartWriter(const PartHead& longest, const PartContent& content) {
    content.pack(content_);
    write(longest);
}

CURTAIL_INLINE void PartWriter::write(const PartHead& head) {
    head_.clear();
    head.pack(head_);
    seal(sealed_, part_mark, part_version, head_.bytes(), content_.bytes());
}

CURTAIL_INLINE PartHead unpack_part_head(std::string_view bytes) {
    Unsealed unsealed = unseal(part_mark, part_version, bytes);
    return unpack_head(unsealed.body);
}

CURTAIL_INLINE PartContent unpack_part(std::string_view bytes, std::size_t max_bytes, const PayloadOptions& expected) {
    if (bytes.size() >= max_bytes) throw PayloadTooLarge(bytes.size(), max_bytes);
    Unsealed unsealed = unseal(part_mark, part_version, bytes);
    Unpacker& in = unsealed.body;
    PartContent part;
    part.checksum = unsealed.checksum;
    part.head = unpack_head(in);
    unpack_options(in, expected, part.head.place.number);
    part.options = expected;
    const std::uint64_t rows = part.head.artifact.rows;
    if (in.flag()) part.first_row = in.rows();
    part.features_total = in.rows();
    part.names_hash = in.word();
    part.features = unpack_columns(in);
    in.expect(part.features.size() <= part.features_total, "more columns than there are");
    part.predictions = unpack_columns(in);
    const std::size_t kept = in.count(10, expected.sample_rows);
    in.expect(kept <= rows, "more rows than there are");
    for (std::size_t i = 0; i < kept; ++i) {
        part.sample.push_back(unpack_row(in, part.features.size(), part.predictions.size()));
        in.expect(part.sample.back().number < rows, "a row beyond the last");
    }
    if (in.flag()) {
        const std::uint64_t rank = in.word();
        part.left_out = RowPlace{rank, in.rows()};
        in.expect(part.left_out->number < rows, "a row beyond the last");
    }
    if (expected.sample_strategy == SampleStrategy::head) {
        for (std::size_t i = 0; i < kept; ++i)
            in.expect(part.sample[i].number == i, "first rows that are not the first");
        in.expect(part.left_out || kept == (std::min)(std::uint64_t{expected.sample_rows}, rows), "rows are left out");
    }
    for (std::size_t i = 0; i < part.predictions.size(); ++i) {
        part.statistics.emplace_back(ColumnStatistics::unpack(in, expected.statistics));
        in.expect(part.statistics.back().column().rows() == rows, "counts that disagree");
    }
    in.expect_end();
    return part;
}

}  // namespace curtail::inline v0::detail

#endif
