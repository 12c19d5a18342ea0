// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

std::string compact(std::string_view text);

std::string compact(std::string_view text) {
    return nlohmann::json::parse(text).dump();
}
