// SPDX-License-Identifier: MIT
#include <curtail/core/text/concat.hpp>

#include <string>

#include "catch.hpp"

using curtail::detail::concat;

TEST_CASE("concat: joins texts in their order, with every byte", "[core]") {
    CHECK(concat({}).empty());
    CHECK(concat({"a"}) == "a");
    CHECK(concat({"a", "", std::string("b\0c", 3), "d"}) == std::string("ab\0cd", 5));
}
