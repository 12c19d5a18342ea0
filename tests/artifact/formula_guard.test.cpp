// SPDX-License-Identifier: MIT
#include <curtail/artifact/formula_guard.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

TEST_CASE("text that a spreadsheet may run needs a guard, and so does text that looks guarded") {
    for (const char first : {'=', '+', '-', '@', '\t', '\r', '\n', '\0', '\''}) {
        INFO("first character " << static_cast<int>(first));
        CHECK(curtail::detail::needs_guard(std::string(1, first)));
        CHECK(curtail::detail::needs_guard(std::string(1, first) + "x"));
        CHECK_FALSE(curtail::detail::needs_guard(std::string("x") + first));
    }
    CHECK_FALSE(curtail::detail::needs_guard(""));
    CHECK_FALSE(curtail::detail::needs_guard("1"));
    CHECK_FALSE(curtail::detail::needs_guard(" =1"));
    CHECK_FALSE(curtail::detail::needs_guard("\xC3\xA9"));
}

TEST_CASE("what was guarded comes back, and what was not stays") {
    // Case G114, for every text of up to two characters.
    for (int length = 0; length <= 2; ++length) {
        for (int code = 0; code < (length == 0 ? 1 : length == 1 ? 256 : 65536); ++code) {
            std::string text;
            if (length > 0) text += static_cast<char>(code & 0xFF);
            if (length > 1) text += static_cast<char>(code >> 8);
            const std::string in_file = curtail::detail::needs_guard(text) ? "'" + text : text;
            REQUIRE(curtail::unguard(in_file) == text);
        }
    }
}
