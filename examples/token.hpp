// SPDX-License-Identifier: MIT
#pragma once
// The token that a worker and its bot share, from where other users of the machine cannot see it.

#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include <curtail/core/utf8.hpp>

#include "arguments.hpp"
#include "secret.hpp"

// For the usage texts.
inline constexpr const char* token_usage =
    "  --token-file  the file that holds the token. Without it the token is that of the environment, CURTAIL_TOKEN. "
    "The\n"
    "                option --token works too, but every user of the machine can read it in the list of processes\n";

inline std::string read_token_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string token(4097, '\0');
    file.read(token.data(), 4097);
    if (file.gcount() == 0) throw std::runtime_error("the token file " + path + " is empty or cannot be read");
    if (file.gcount() == 4097) throw std::runtime_error("the token file " + path + " has more than 4096 bytes");
    token.resize(static_cast<std::size_t>(file.gcount()));
    while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
    return token;
}

// Returns the token, which from now on is the program's secret(). Throws UsageMistake if there is none.
inline std::string read_token(const Arguments& arguments) {
    const std::optional<std::string> given = arguments.find("--token");
    const std::optional<std::string> file = arguments.find("--token-file");
    if (given && file) throw UsageMistake("--token and --token-file are both given");
    const char* const environment = std::getenv("CURTAIL_TOKEN");
    if (!given && !file && environment == nullptr) {
        throw UsageMistake("there is no token: set CURTAIL_TOKEN, or name a file with --token-file");
    }
    const std::string token = file ? read_token_file(*file) : given ? *given : std::string(environment);
    if (token.empty()) throw UsageMistake("the token is empty");
    if (!curtail::is_utf8(token)) throw UsageMistake("the token is not UTF-8, as a JSON message must be");
    secret() = token;
    return token;
}
