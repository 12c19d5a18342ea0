// SPDX-License-Identifier: MIT
#include <curtail/core/number/cast_to.hpp>

#include <cstdint>
#include <type_traits>

#include "catch.hpp"

using curtail::detail::cast_to;

TEST_CASE("cast_to: is a static_cast, and nothing where the types are the same") {
    static_assert(std::is_same_v<decltype(cast_to<std::uint8_t>(300)), std::uint8_t>);
    CHECK(cast_to<std::uint8_t>(300) == 44);
    CHECK(cast_to<std::uint64_t>(-1) == UINT64_MAX);
    CHECK(cast_to<std::uint64_t>(UINT64_MAX) == UINT64_MAX);
}
