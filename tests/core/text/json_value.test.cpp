// SPDX-License-Identifier: MIT
#include <curtail/core/text/json_value.hpp>

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"

using curtail::detail::JsonValue;

TEST_CASE("JsonValue: holds for every kind of nlohmann/json, and for no other container or text", "[core]") {
    STATIC_REQUIRE(JsonValue<nlohmann::json>);
    STATIC_REQUIRE(JsonValue<nlohmann::ordered_json>);
    STATIC_REQUIRE(
        JsonValue<nlohmann::basic_json<std::map, std::vector, std::string, bool, long, unsigned long, float>>);
    STATIC_REQUIRE_FALSE(JsonValue<std::string>);
    STATIC_REQUIRE_FALSE(JsonValue<std::map<std::string, int>>);
    STATIC_REQUIRE_FALSE(JsonValue<nlohmann::json::array_t>);
    STATIC_REQUIRE_FALSE(JsonValue<int>);
}
