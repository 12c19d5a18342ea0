// SPDX-License-Identifier: MIT
#pragma once
// Errors of the library name the options of the library. A program that has others names its own in their place.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// Words in the library's errors, and what a program says instead.
struct OwnWords {
    std::string_view theirs;
    std::string_view ours;
};

// Returns `text` with the program's words in place of the first occurrence of each of the library's.
inline std::string in_own_words(std::string text, std::span<const OwnWords> list) {
    for (const OwnWords& words : list) {
        const std::size_t at = text.find(words.theirs);
        if (at != std::string::npos) text.replace(at, words.theirs.size(), words.ours);
    }
    return text;
}
