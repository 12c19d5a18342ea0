// SPDX-License-Identifier: MIT
#include <curtail/core/text/hex.hpp>

#include <string>

#include "catch.hpp"

TEST_CASE("append_hex: appends two lower-case digits per byte", "[core]") {
    std::string text = "0x";
    curtail::detail::append_hex(text, std::string("\0\x4A\xFF", 3));
    CHECK(text == "0x004aff");
    curtail::detail::append_hex(text, "");
    CHECK(text == "0x004aff");
}
