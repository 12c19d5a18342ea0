// SPDX-License-Identifier: MIT
#pragma once
// What a message says of the file. It is known last, when the file has its name.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0::detail {

// Says where the file is and, of all else that settle() will say, the longest it can be.
inline void say_published(ResultPayload& payload, std::string location, std::string format) {
    constexpr std::uint64_t many = (std::numeric_limits<std::uint64_t>::max)();
    payload.output_file = std::move(location);
    payload.output_format = std::move(format);
    payload.output_bytes = payload.output_uncompressed_bytes = many;
    // A table in parts is a directory, which cannot be attached.
    if (!payload.output_parts_total) payload.output_attachable = false;
    payload.output_sha256.assign(64, 'f');
    payload.artifact_error.clear();
    payload.artifact_error_permanent.reset();
}

// Replaces what say_published() assumed by what the sink says. Allocates nothing. A digest of another form is left out,
// because its length could be any.
inline void settle(ResultPayload& payload, ArtifactInfo&& artifact) noexcept {
    payload.output_bytes = artifact.bytes;
    payload.output_uncompressed_bytes = artifact.uncompressed_bytes;
    if (payload.output_attachable) payload.output_attachable = can_attach(artifact.bytes);
    if (is_sha256(artifact.sha256)) {
        payload.output_sha256 = std::move(artifact.sha256);
    } else {
        payload.output_sha256.clear();
    }
}

// The most bytes that artifact_error takes inside its quotes in the encoded message: enough for the system's reason and
// its cure, but not for a path of four thousand bytes.
inline constexpr std::size_t max_artifact_error_bytes = 512;

// Returns what the error says, in at most max_artifact_error_bytes of encoded text. A path that is too long for that is
// left out before the reason is cut, between two characters.
[[nodiscard]] inline std::string artifact_error_text(const ArtifactError& error, const JsonMeter& meter) {
    std::string text = error.what();
    const auto too_long = [&] { return meter.content(text) > max_artifact_error_bytes; };
    // As what() shows it.
    const std::string path = without_controls(error.path()) + ": ";
    if (too_long() && !error.path().empty() && text.find(path) != std::string::npos) {
        text.erase(text.find(path), path.size());
    }
    if (!too_long()) return text;
    return std::string(meter.prefix(text, max_artifact_error_bytes - ellipsis.size()).text) + std::string(ellipsis);
}

// Says why there is no file.
inline void say_missing(ResultPayload& payload, std::string why, bool permanent) {
    payload.output_file.clear();
    payload.output_format.clear();
    payload.output_bytes.reset();
    payload.output_uncompressed_bytes.reset();
    payload.output_attachable.reset();
    payload.output_sha256.clear();
    payload.artifact_error = std::move(why);
    payload.artifact_error_permanent = permanent;
}
inline void say_missing(ResultPayload& payload, const ArtifactError& error, const JsonMeter& meter) {
    say_missing(payload, artifact_error_text(error, meter), error.permanent());
}

// Says the longest that say_missing() can say.
inline void say_longest_missing(ResultPayload& payload) {
    say_missing(payload, std::string(max_artifact_error_bytes, 'x'), false);
}

}  // namespace curtail::inline v0::detail
