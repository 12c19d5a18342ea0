// SPDX-License-Identifier: MIT
#include <curtail/artifact/gzip/gzip_layout.hpp>

#include <curtail/artifact/index/row_index.hpp>

#include "artifact/gzip/inflate.hpp"
#include "catch.hpp"

TEST_CASE("gzip_end: is an empty member of blocked gzip", "[artifact]") {
    const auto members = members_of(curtail::detail::gzip_end);
    REQUIRE(members.size() == 1);
    CHECK(members[0].text.empty());
    CHECK(members[0].size == curtail::detail::gzip_end.size());
}

TEST_CASE("gzip_member_bytes: is the step of a row index", "[artifact]") {
    STATIC_REQUIRE(curtail::detail::gzip_member_bytes == curtail::detail::row_index_step);
}
