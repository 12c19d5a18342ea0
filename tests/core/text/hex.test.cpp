// SPDX-License-Identifier: MIT
#include <curtail/core/text/hex.hpp>

#include <cstdint>
#include <string>

#include "catch.hpp"

TEST_CASE("append_hex: appends two lower-case digits per byte", "[core]") {
    std::string text = "0x";
    curtail::detail::append_hex(text, std::string("\0\x4A\xFF", 3));
    CHECK(text == "0x004aff");
    curtail::detail::append_hex(text, "");
    CHECK(text == "0x004aff");
}

TEST_CASE("hex_text: has sixteen lower-case digits for any number", "[core]") {
    CHECK(curtail::detail::hex_text(0) == "0000000000000000");
    CHECK(curtail::detail::hex_text(0x0123456789ABCDEFU) == "0123456789abcdef");
    CHECK(curtail::detail::hex_text(UINT64_MAX) == "ffffffffffffffff");
}
