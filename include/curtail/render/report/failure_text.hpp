// SPDX-License-Identifier: MIT
#pragma once
// The text of a failure as a person reads it.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/text/ascii.hpp>
#include <curtail/render/safe_text.hpp>

namespace curtail::inline v0::detail {

// Takes `word`, which is in lower case, from the front of `text`, whatever its case and with the punctuation before it.
// Returns false if something else is there.
[[nodiscard]] inline bool take_word(std::string_view& text, std::string_view word) {
    const auto begin = std::find_if(text.begin(), text.end(), is_letter_or_digit);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    if (!begins_in_any_case(text, word)) return false;
    text.remove_prefix(word.size());
    return true;
}

// Returns true for the answer of a worker that is too old to know the action "rows": "Unknown action: rows", in any
// case, with or without quotes, and whatever the worker puts before and behind it. What follows "rows" without quotes
// or punctuation is part of another name.
[[nodiscard]] inline bool is_unknown_rows(std::string_view error) {
    for (std::size_t at = 0; at < error.size(); ++at) {
        std::string_view rest = error.substr(at);
        if (is_letter_or_digit(rest.front()) && take_word(rest, "unknown") && take_word(rest, "action") &&
            take_word(rest, "rows")) {
            const bool named = rest.starts_with('-') || rest.starts_with('_');
            rest.remove_prefix((std::min)(rest.find_first_not_of(' '), rest.size()));
            if (!named && (rest.empty() || !is_letter_or_digit(rest.front()))) return true;
        }
    }
    return false;
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
