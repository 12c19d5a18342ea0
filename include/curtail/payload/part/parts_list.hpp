// SPDX-License-Identifier: MIT
#pragma once
// What a message says of its parts: where they are, how many, and which are missing.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/number_list.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0::detail {

// Returns the directory of a path. Only a root ends in a separator.
[[nodiscard]] inline std::string_view directory_of(std::string_view path) noexcept {
    const std::size_t end = path.find_last_of("/\\");
    if (end == std::string_view::npos) return {};
    return path.substr(0, end == 0 ? 1 : end);
}

// Returns the directory that all parts are in, or the path of the first part if there is none.
[[nodiscard]] inline std::string common_location(std::span<const PartArtifact> parts) {
    if (parts.empty()) return {};
    const std::string& first = parts.front().artifact.path;
    const std::string_view directory = directory_of(first);
    const bool common = !directory.empty() && std::all_of(parts.begin(), parts.end(), [&](const PartArtifact& part) {
        return directory_of(part.artifact.path) == directory;
    });
    return common ? std::string(directory) : first;
}

// Returns the parts as a message lists them: by their names in `directory`, and on their hosts by their paths.
[[nodiscard]] inline std::vector<OutputPart> listed_parts(std::span<const PartArtifact> parts,
                                                          const std::vector<std::string>& hosts,
                                                          std::string_view directory) {
    std::vector<OutputPart> listed;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const ArtifactInfo& artifact = parts[i].artifact;
        std::string_view file = artifact.path;
        if (hosts[i].empty() && directory_of(file) == directory) file.remove_prefix(file.find_last_of("/\\") + 1);
        listed.push_back({std::string(file), artifact.rows, artifact.bytes, artifact.sha256, hosts[i]});
    }
    return listed;
}

// Returns a remark for people. `numbers` are the first of `count` missing ones.
[[nodiscard]] inline std::string missing_note(const std::vector<std::uint64_t>& numbers, std::uint64_t count,
                                              std::uint64_t of) {
    return concat({std::to_string(count), " of ", std::to_string(of),
                   " parts are missing: ", number_list(numbers, numbers.size(), count),
                   ". Rows, sample and statistics are those of the parts that are there."});
}

}  // namespace curtail::inline v0::detail
