// SPDX-License-Identifier: MIT
#pragma once
// The text of an ArtifactError as the message has it.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_meter.hpp>

namespace curtail::inline v0::detail {

// The most bytes that artifact_error takes inside its quotes in the encoded message: enough for the system's reason and
// its cure, but not for a path of four thousand bytes.
inline constexpr std::size_t max_artifact_error_bytes = 512;

// Returns what the error says, in at most max_artifact_error_bytes of encoded text. A path that is too long for that is
// left out before the reason is cut, between two characters.
[[nodiscard]] inline std::string artifact_error_text(const ArtifactError& error, const JsonMeter& meter) {
    std::string text = error.what();
    const auto too_long = [&] { return meter.content(to_valid_utf8(text)) > max_artifact_error_bytes; };
    if (const std::string path = error.path() + ": "; too_long() && text.find(path) != std::string::npos) {
        text.erase(text.find(path), path.size());
    }
    const bool cut = too_long();
    text = to_valid_utf8(text);
    if (!cut) return text;
    return std::string(meter.prefix(text, max_artifact_error_bytes - ellipsis.size()).text) + std::string(ellipsis);
}

}  // namespace curtail::inline v0::detail
