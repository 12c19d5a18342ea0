// SPDX-License-Identifier: MIT
#include <curtail/core/text/concat.hpp>

#include <cstdint>
#include <string>

#include "catch.hpp"

using curtail::detail::concat;
using curtail::detail::count_text;

TEST_CASE("concat: joins texts in their order, with every byte", "[core]") {
    CHECK(concat({}).empty());
    CHECK(concat({"a"}) == "a");
    CHECK(concat({"a", "", std::string("b\0c", 3), "d"}) == std::string("ab\0cd", 5));
}

TEST_CASE("count_text: has every digit", "[core]") {
    CHECK(count_text(0) == "0");
    CHECK(count_text(UINT64_MAX) == "18446744073709551615");
}
