// SPDX-License-Identifier: MIT
#include <curtail/core/text/find_text.hpp>

#include <string>
#include <vector>

#include "catch.hpp"

using curtail::detail::find_text;
using curtail::detail::has_text;

TEST_CASE("find_text: gives the first that is equal, or the number of all", "[core]") {
    const std::vector<std::string> texts{"a", "", "b", "a"};
    CHECK(find_text(texts, "a") == 0);
    CHECK(find_text(texts, "") == 1);
    CHECK(find_text(texts, "b") == 2);
    CHECK(find_text(texts, "c") == 4);
    CHECK(has_text(texts, "b"));
    CHECK_FALSE(has_text(texts, "ab"));
    CHECK_FALSE(has_text({}, ""));
}
