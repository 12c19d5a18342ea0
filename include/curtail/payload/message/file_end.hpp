// SPDX-License-Identifier: MIT
#pragma once
// What a message says of the file. It is known last, when the file has its name.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/payload/message/artifact_error_text.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0::detail {

// Either where the file is and how large, or why there is none. Members as in ResultPayload.
struct FileEnd {
    std::string output_file = {};
    std::string output_format = {};
    std::optional<std::uint64_t> output_bytes = {};
    std::optional<std::uint64_t> output_uncompressed_bytes = {};
    std::optional<bool> output_attachable = {};
    std::string output_sha256 = {};
    std::string artifact_error = {};
    std::optional<bool> artifact_error_permanent = {};

    void move_into(ResultPayload& payload) && noexcept {
        payload.output_file = std::move(output_file);
        payload.output_format = std::move(output_format);
        payload.output_bytes = output_bytes;
        payload.output_uncompressed_bytes = output_uncompressed_bytes;
        payload.output_attachable = output_attachable;
        payload.output_sha256 = std::move(output_sha256);
        payload.artifact_error = std::move(artifact_error);
        payload.artifact_error_permanent = artifact_error_permanent;
    }
};

// Returns the longest that a file at `location` can end in.
[[nodiscard]] inline FileEnd longest_published(std::string location, std::string format) {
    constexpr std::uint64_t many = (std::numeric_limits<std::uint64_t>::max)();
    return {.output_file = std::move(location),
            .output_format = std::move(format),
            .output_bytes = many,
            .output_uncompressed_bytes = many,
            .output_attachable = false,
            .output_sha256 = std::string(64, 'f')};
}

[[nodiscard]] inline FileEnd missing_file(const ArtifactError& error, const JsonMeter& meter) {
    return {.artifact_error = artifact_error_text(error, meter), .artifact_error_permanent = error.permanent()};
}

[[nodiscard]] inline FileEnd longest_missing() {
    return {.artifact_error = std::string(max_artifact_error_bytes, 'x'), .artifact_error_permanent = false};
}

// Replaces what longest_published() assumed by what the sink says. Allocates nothing. A digest of another form is left
// out, because its length could be any.
inline void settle(FileEnd& published, ArtifactInfo&& artifact) noexcept {
    published.output_bytes = artifact.bytes;
    published.output_uncompressed_bytes = artifact.uncompressed_bytes;
    published.output_attachable = can_attach(artifact.bytes);
    if (is_sha256(artifact.sha256)) {
        published.output_sha256 = std::move(artifact.sha256);
    } else {
        published.output_sha256.clear();
    }
}

}  // namespace curtail::inline v0::detail
