// SPDX-License-Identifier: MIT
#pragma once
// Detects that a CSV text has another separator than the one it is read with.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include <curtail/core/text/ascii.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::string_view csv_separators = ",;\t|";
// These, and others that occur in files but are not read: the byte 0x01 of Hive, and ASCII's information separators.
inline constexpr std::string_view known_separators = ",;\t|^~:\x01\x1C\x1D\x1E\x1F";

// Returns true for a separator that CsvInput reads.
[[nodiscard]] constexpr bool is_csv_separator(char separator) noexcept {
    return csv_separators.find(separator) != std::string_view::npos;
}

// Returns the name of a known separator, for a person.
[[nodiscard]] constexpr std::string_view separator_name(char separator) noexcept {
    constexpr std::string_view names[] = {"a comma",       "a semicolon",   "a tab",         "a vertical bar",
                                          "a caret",       "a tilde",       "a colon",       "the byte 0x01",
                                          "the byte 0x1C", "the byte 0x1D", "the byte 0x1E", "the byte 0x1F"};
    return names[known_separators.find(separator)];
}

// Returns the separator that a first line like Excel's "sep=;" names, or NUL for any other line.
[[nodiscard]] constexpr char separator_hint(std::string_view line) noexcept {
    if (line.size() == 7 && line.front() == '"' && line.back() == '"') line = line.substr(1, 5);
    return line.size() == 5 && begins_in_any_case(line, "sep=") ? line.back() : '\0';
}

// Returns true for the first line of an HTML or XML document.
[[nodiscard]] constexpr bool looks_like_markup(std::string_view line) noexcept {
    return line.starts_with("<?xml") || begins_in_any_case(line, "<!doctype") || begins_in_any_case(line, "<html") ||
           begins_in_any_case(line, "<table");
}

// Reads header and first rows as lines. Another separator is evident if the header is a single name in which it occurs
// outside quotes, and if it occurs as often in each row. One that CsvInput cannot read is evident only after a row,
// because a name may contain it.
class SeparatorEvidence {
  public:
    void see_header(std::string_view line, char separator) noexcept {
        if (count(line, separator) != 0) return;
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] = count(line, known_separators[i]);
    }
    void see_row(std::string_view line) noexcept {
        rows_seen_ = true;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            if (counts_[i] != 0 && count(line, known_separators[i]) != counts_[i]) counts_[i] = 0;
        }
    }

    // Returns the evident separator, or NUL.
    [[nodiscard]] char other() const noexcept {
        const auto* const most = std::max_element(counts_.begin(), counts_.end());
        const char separator = known_separators[static_cast<std::size_t>(most - counts_.begin())];
        return *most != 0 && (rows_seen_ || is_csv_separator(separator)) ? separator : '\0';
    }

  private:
    [[nodiscard]] static std::size_t count(std::string_view line, char separator) noexcept {
        std::size_t found = 0;
        bool quoted = false;
        for (const char c : line) {
            if (c == '"') quoted = !quoted;
            found += static_cast<std::size_t>(c == separator && !quoted);
        }
        return found;
    }

    std::array<std::size_t, known_separators.size()> counts_{};  // in the header; 0 once a row differs
    bool rows_seen_ = false;
};

}  // namespace curtail::inline v0::detail
