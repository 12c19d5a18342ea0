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

TEST_CASE("is_sha256: is true for 64 lower-case digits alone", "[core]") {
    const std::string digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    CHECK(curtail::detail::is_sha256(digest));
    CHECK_FALSE(curtail::detail::is_sha256(""));
    CHECK_FALSE(curtail::detail::is_sha256(digest.substr(1)));
    CHECK_FALSE(curtail::detail::is_sha256(digest + "0"));
    for (const char other : {'A', 'g', ' ', '\0', '/', ':', '\xE9'}) {
        std::string changed = digest;
        changed.back() = other;
        CHECK_FALSE(curtail::detail::is_sha256(changed));
    }
}

TEST_CASE("hex_text: has sixteen lower-case digits for any number", "[core]") {
    CHECK(curtail::detail::hex_text(0) == "0000000000000000");
    CHECK(curtail::detail::hex_text(0x0123456789ABCDEFU) == "0123456789abcdef");
    CHECK(curtail::detail::hex_text(UINT64_MAX) == "ffffffffffffffff");
}
