// SPDX-License-Identifier: MIT
#include <curtail/core/compiled/linkage.hpp>

#include <string>

#include "catch.hpp"

#define CURTAIL_TEXT_OF(...) #__VA_ARGS__
#define CURTAIL_TEXT(...) CURTAIL_TEXT_OF(__VA_ARGS__)

TEST_CASE("linkage: definitions are inline unless a file is compiled for curtail::compiled", "[core]") {
#ifdef CURTAIL_COMPILED
    CHECK(CURTAIL_DEFINITIONS == 0);
#else
    CHECK(CURTAIL_DEFINITIONS == 1);
#endif
    CHECK(std::string(CURTAIL_TEXT(CURTAIL_INLINE)) == "inline");
}
