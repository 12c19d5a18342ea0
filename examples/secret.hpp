// SPDX-License-Identifier: MIT
#pragma once
// The one secret of a program, which no line that it prints may hold, wherever the text comes from.

#include <cstddef>
#include <string>
#include <string_view>

// Set it once, before anything is logged.
inline std::string& secret() {
    static std::string text;
    return text;
}

// Returns `text` with "***" in place of the secret. A secret of fewer than four characters stays, because it is part of
// too many words.
inline std::string without_secret(std::string_view text) {
    std::string result(text);
    if (secret().size() < 4) return result;
    for (std::size_t at = 0; (at = result.find(secret(), at)) != std::string::npos; at += 3) {
        result.replace(at, secret().size(), "***");
    }
    return result;
}
