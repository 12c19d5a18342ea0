// SPDX-License-Identifier: MIT
#pragma once
// A text as its lines.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

inline std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (true) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}
