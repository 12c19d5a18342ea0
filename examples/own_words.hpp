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

// Those of a program that has none of the library's options for its input and its file.
inline constexpr OwnWords words_without_options[] = {
    {"If an earlier attempt of this job published it, find_artifact() returns it. Otherwise use", "Use"},
    {", remove the file, or set on_exists to replace", " or remove the file"},
    {"set on_exists to replace, or choose", "choose"},
    {"Set mode to 0, which leaves the permissions to the file system, or choose", "Choose"},
    {"Set durability to none, or choose", "Choose"},
    {", or set require_utf8 to false", ""},
    {", or raise max_record_bytes", ""},
    {", and see that the option separator is the file's", ""},
    {"set the option separator to that", "write it with commas"},
    {"set the option separator to it", "write it with commas"},
    {"give the dialect to read it without them", "run the job again"},
    {"give the dialect to read the file without them", "run the job again"},
    {"give the dialect of the file, or its line_end", "run the job again"},
    {"give the dialect of the file", "run the job again"},
};

// Returns `text` with the program's words in place of the first occurrence of each of the library's.
inline std::string in_own_words(std::string text, std::span<const OwnWords> list) {
    for (const OwnWords& words : list) {
        const std::size_t at = text.find(words.theirs);
        if (at != std::string::npos) text.replace(at, words.theirs.size(), words.ours);
    }
    return text;
}
