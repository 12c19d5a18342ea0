// SPDX-License-Identifier: MIT
#include <curtail/payload/page_options.hpp>

#include "catch.hpp"

TEST_CASE("PageOptions: show all columns by default", "[payload]") {
    CHECK(curtail::PageOptions().columns.empty());
}
