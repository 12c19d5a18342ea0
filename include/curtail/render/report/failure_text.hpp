// SPDX-License-Identifier: MIT
#pragma once
// The text of a failure as a person reads it.

#include <algorithm>
#include <string>
#include <string_view>

#include <curtail/render/safe_text.hpp>

namespace curtail::inline v0::detail {

// Returns true for the answer of a worker that is too old to know the action "rows": "Unknown action: rows", in any
// case, with or without quotes, at the end of whatever the worker puts before it.
[[nodiscard]] inline bool is_unknown_rows(std::string_view error) {
    std::string text;
    for (const char c : error.substr(error.size() - (std::min)(error.size(), std::string_view::size_type{64}))) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) text += lower;
    }
    return text.ends_with("unknownactionrows");
}

// Returns the error as safe lines, without line ends behind the last.
[[nodiscard]] inline std::string failure_lines(std::string_view error) {
    while (error.ends_with('\n') || error.ends_with('\r')) error.remove_suffix(1);
    if (error.empty()) return "The worker gave no reason.";
    std::string text = safe_lines(error);
    if (is_unknown_rows(error)) text.insert(0, "This worker is too old to show rows of an earlier job. It answered:\n");
    return text;
}

}  // namespace curtail::inline v0::detail
