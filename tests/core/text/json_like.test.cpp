// SPDX-License-Identifier: MIT
#include <curtail/core/text/json_like.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"

TEST_CASE("JsonLike: is any nlohmann::basic_json and nothing else", "[core]") {
    using curtail::detail::JsonLike;
    using FloatJson =
        nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, float>;
    static_assert(JsonLike<nlohmann::json> && JsonLike<nlohmann::ordered_json> && JsonLike<FloatJson>);
    static_assert(!JsonLike<std::string> && !JsonLike<std::map<std::string, int>> && !JsonLike<std::vector<int>>);
}
