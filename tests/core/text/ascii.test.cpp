// SPDX-License-Identifier: MIT
#include <curtail/core/text/ascii.hpp>

#include <string_view>

#include "catch.hpp"

TEST_CASE("is_digit: true for 0 to 9 and for no other byte", "[core]") {
    for (int c = -128; c < 128; ++c) {
        const bool expected = std::string_view("0123456789").find(static_cast<char>(c)) != std::string_view::npos;
        CHECK(curtail::detail::is_digit(static_cast<char>(c)) == expected);
    }
}
