// SPDX-License-Identifier: MIT
#include <curtail/core/utf8.hpp>

#include <cstddef>
#include <string>

#include "catch.hpp"

TEST_CASE("decode_utf8: steps over well-formed characters", "[core]") {
    CHECK(curtail::decode_utf8("a").code_point == 'a');
    CHECK(curtail::decode_utf8("\xC3\xA9").code_point == 0xE9);
    CHECK(curtail::decode_utf8("\xE2\x80\xA6").code_point == 0x2026);
    CHECK(curtail::decode_utf8("\xF0\x9F\x98\x80").code_point == 0x1F600);
    CHECK(curtail::decode_utf8("\xF0\x9F\x98\x80").size == 4);
}

TEST_CASE("append_utf8: decode_utf8() reads back every scalar value", "[core]") {
    bool same = true;
    for (std::uint32_t code_point = 0; code_point < 0x110000; ++code_point) {
        if (code_point >= 0xD800 && code_point < 0xE000) continue;
        std::string text;
        curtail::append_utf8(text, code_point);
        const auto step = curtail::decode_utf8(text);
        same = same && step.valid && step.size == text.size() && step.code_point == code_point;
    }
    CHECK(same);
}

TEST_CASE("to_valid_utf8: replaces each maximal subpart by one U+FFFD, as Python's errors='replace' does", "[core]") {
    // Expected by Python: bytes.decode('utf-8', 'replace'), and Unicode 15 table 3-11.
    const std::string r = "\xEF\xBF\xBD";
    CHECK(curtail::to_valid_utf8("\xFF") == r);
    CHECK(curtail::to_valid_utf8("\x80\x80") == r + r);
    CHECK(curtail::to_valid_utf8("\xC0\xAF") == r + r);
    CHECK(curtail::to_valid_utf8("\xE0\x80\xBF") == r + r + r);
    CHECK(curtail::to_valid_utf8("\xED\xA0\x80") == r + r + r);
    CHECK(curtail::to_valid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") == r + r + r + r + r + "A" + r + r + "B");
    CHECK(curtail::to_valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == r + r + r + r + "A");
    CHECK(curtail::to_valid_utf8("ok \xC3") == "ok " + r);
    CHECK(curtail::is_utf8("na\xC3\xAFve"));
    CHECK_FALSE(curtail::is_utf8("\xC3"));
}

TEST_CASE("to_valid_utf8: finds what is not UTF-8 at any place among ASCII", "[core]") {
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string text(size, 'a');
        CHECK(curtail::to_valid_utf8(text) == text);
        CHECK(curtail::to_valid_utf8(text + "\xC3\xA9" + text) == text + "\xC3\xA9" + text);
        for (std::size_t at = 0; at < size; ++at) {
            std::string broken = text;
            broken[at] = '\xFF';
            CHECK(curtail::to_valid_utf8(broken) ==
                  text.substr(0, at) + "\xEF\xBF\xBD" + text.substr(0, size - at - 1));
        }
    }
}

TEST_CASE("find_non_ascii: stops at the first byte that is not ASCII, in any length", "[core]") {
    for (std::size_t size = 0; size < 40; ++size) {
        std::string text(size, 'a');
        const char* const end = text.data() + size;
        CHECK(curtail::detail::find_non_ascii(text.data(), end) == end);
        for (std::size_t at = 0; at < size; ++at) {
            for (const char c : {'\0', '\x7F', '\x80', '\xFF'}) {
                text[at] = c;
                const bool ascii = c == '\0' || c == '\x7F';
                CHECK(curtail::detail::find_non_ascii(text.data(), end) == (ascii ? end : text.data() + at));
            }
            text[at] = 'a';
        }
    }
}

TEST_CASE("utf8_prefix: never ends inside a character", "[core]") {
    const std::string text = "a\xF0\x9F\x98\x80z";
    CHECK(curtail::utf8_prefix(text, 9) == text);
    CHECK(curtail::utf8_prefix(text, 5) == "a\xF0\x9F\x98\x80");
    for (std::size_t bytes : {1U, 2U, 3U, 4U}) CHECK(curtail::utf8_prefix(text, bytes) == "a");
    CHECK(curtail::utf8_prefix(text, 0).empty());
    CHECK(curtail::utf8_prefix(std::string(10, '\x80'), 7).size() == 7);
}
