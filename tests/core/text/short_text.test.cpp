// SPDX-License-Identifier: MIT
#include <curtail/core/text/short_text.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "catch.hpp"

using curtail::detail::count_text;
using curtail::detail::ShortText;

TEST_CASE("ShortText: holds pieces in their order, and leaves out one that does not fit", "[core]") {
    CHECK(ShortText().empty());
    CHECK(ShortText{"a", "", "b"} == "ab");
    const std::string full(ShortText::capacity, 'x');
    ShortText text{full, "y"};
    text.add("z");
    CHECK(text == std::string_view(full));
    static_assert(std::is_trivially_destructible_v<ShortText>);
}

TEST_CASE("count_text: has every digit", "[core]") {
    CHECK(count_text(0) == "0");
    CHECK(count_text(10) == "10");
    CHECK(count_text(UINT64_MAX) == "18446744073709551615");
}
