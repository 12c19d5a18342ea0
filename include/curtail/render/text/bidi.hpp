// SPDX-License-Identifier: MIT
#pragma once
// Keeps text that is read from right to left in its place: isolates of the bidirectional algorithm, UAX #9.

#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/render/text/unicode_ranges.hpp>

namespace curtail::inline v0::detail {

// A line with text from right to left begins with `line_isolate`, so that its parts go from left to right whatever the
// direction around it is. A part with such text begins with `part_isolate` and takes the direction of its first letter,
// so that it moves nothing beside it. Both end with `end_isolate`. None of the three has a width.
inline constexpr std::string_view line_isolate = "\xE2\x81\xA6";  // U+2066, left-to-right isolate
inline constexpr std::string_view part_isolate = "\xE2\x81\xA8";  // U+2068, first strong isolate
inline constexpr std::string_view end_isolate = "\xE2\x81\xA9";   // U+2069, pop directional isolate

// Returns true if some of `text` is read from right to left: Hebrew, Arabic, and the digits of Arabic.
[[nodiscard]] CURTAIL_NOINLINE constexpr bool has_right_to_left(std::string_view text) noexcept {
    while (!text.empty()) {
        const Utf8Step step = decode_utf8(text);
        if (step.code_point >= 0x590 && in_ranges(right_to_left, step.code_point)) return true;
        text.remove_prefix(step.size);
    }
    return false;
}

// Appends a part of a line, isolated if it needs to be. Returns true then: the line needs to be isolated, too.
inline bool append_isolated(std::string& line, std::string_view part) {
    const bool isolate = has_right_to_left(part);
    if (isolate) line += part_isolate;
    line += part;
    if (isolate) line += end_isolate;
    return isolate;
}

}  // namespace curtail::inline v0::detail
