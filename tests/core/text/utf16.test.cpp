// SPDX-License-Identifier: MIT
#include <curtail/core/text/utf16.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

using curtail::detail::from_utf16;
using curtail::detail::to_utf16;

TEST_CASE("to_utf16: every code point comes back") {
    for (std::uint32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
        std::string text;
        curtail::append_utf8(text, code_point);
        const std::u16string units = to_utf16<char16_t>(text);
        if (units.size() != (code_point < 0x10000 ? 1U : 2U) || from_utf16(std::u16string_view(units)) != text) {
            FAIL("code point " << code_point);
        }
    }
    CHECK(to_utf16<char16_t>("d\xC3\xA9\xF0\x9F\x98\x80") == u"d\u00E9\U0001F600");
}

TEST_CASE("to_utf16, from_utf16: replace ill-formed text by U+FFFD") {
    CHECK(to_utf16<char16_t>("a\xFFz") == u"a\uFFFDz");
    const char16_t halves[] = {u'a', 0xD83D, u'b', 0xDE00, 0xD83D};
    CHECK(from_utf16(std::u16string_view(halves, 5)) ==
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD\xEF\xBF\xBD");
}
