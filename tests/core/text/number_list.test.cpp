// SPDX-License-Identifier: MIT
#include <curtail/core/text/number_list.hpp>

#include "catch.hpp"

TEST_CASE("number_list: lists some and counts the others", "[core]") {
    using curtail::detail::number_list;
    CHECK(number_list({3}, 32, 1) == "3");
    CHECK(number_list({3, 5}, 32, 2) == "3, 5");
    CHECK(number_list({3, 5}, 32, 4) == "3, 5 and 2 more");
    CHECK(number_list({3, 5, 7}, 2, 3) == "3, 5 and 1 more");
}
