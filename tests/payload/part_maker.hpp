// SPDX-License-Identifier: MIT
#pragma once
// Divides tables into parts, and merges them again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/payload/part_merger.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/table.hpp>

#include "payload/null_sink.hpp"

namespace part_maker {

inline const std::string job = "job_0123456789ab";

// Makes one file of the parts, where NullSink puts a whole table.
struct OneFile {
    static constexpr bool one_file = true;

    [[nodiscard]] std::string_view location() const { return "/data/out.csv"; }
    curtail::ArtifactInfo publish(const curtail::Schema&, std::span<const curtail::PartArtifact> parts) {
        curtail::ArtifactInfo info{"/data/out.csv", "csv"};
        for (const curtail::PartArtifact& part : parts) {
            info.rows += part.artifact.rows;
            info.bytes += part.artifact.bytes;
        }
        ++published;
        return info;
    }

    int published = 0;
};

// Returns the ends of `parts` parts of so many rows; many are empty.
inline std::vector<std::size_t> division(std::size_t rows, std::size_t parts, std::mt19937_64& random) {
    std::vector<std::size_t> ends(parts - 1);
    for (std::size_t& end : ends) end = random() % (rows + 1);
    ends.push_back(rows);
    std::sort(ends.begin(), ends.end());
    return ends;
}

// Returns the summary of one part: rows [first, end) of a table, in two batches.
template <curtail::Table T>
curtail::PartSummary part_of(const T& table, std::size_t first, std::size_t end, curtail::PayloadOptions options) {
    NullSink sink;
    sink.path = "/data/predictions_" + job + "/part-" + std::to_string(options.part.number) + ".csv";
    auto split = curtail::ResultPayloadBuilder(job, options).start(curtail::schema_of(table), sink);
    const std::size_t half = first + (end - first) / 3;
    split.append(curtail::RowSlice(table, first, half - first));
    split.append(curtail::RowSlice(table, half, end - half));
    return split.finish_part();
}

template <curtail::Table T>
std::vector<std::string> parts_of(const T& table, const std::vector<std::size_t>& ends, curtail::PayloadOptions options,
                                  bool numbered) {
    std::vector<std::string> summaries;
    std::size_t first = 0;
    options.part.of = ends.size();
    for (std::size_t part = 0; part < ends.size(); ++part) {
        options.part.number = part;
        options.part.first_row = numbered ? std::optional<std::uint64_t>(first) : std::nullopt;
        summaries.push_back(part_of(table, first, ends[part], options).bytes());
        first = ends[part];
    }
    return summaries;
}

template <curtail::Table T>
curtail::SplitResult<> one_run(const T& table, const curtail::PayloadOptions& options) {
    return curtail::ResultPayloadBuilder(job, options).build(table, NullSink());
}

inline curtail::SplitResult<> merged(std::vector<std::string> summaries, const curtail::PayloadOptions& options,
                                     std::mt19937_64& random, const curtail::MergeOptions& merging = {}) {
    std::shuffle(summaries.begin(), summaries.end(), random);
    curtail::PartMerger merger(job, options, merging);
    for (const std::string& summary : summaries) merger.add(summary);
    return merger.finish(OneFile());
}

}  // namespace part_maker
