// SPDX-License-Identifier: MIT
#include <curtail/core/text/json_escape.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

std::string json_string(std::string_view text) {
    std::string out;
    curtail::detail::append_json_string(out, text);
    return out;
}

}  // namespace

TEST_CASE("append_json_string: the string reads back as the same text", "[core]") {
    CHECK(json_string("") == R"("")");
    CHECK(json_string("a\"b\\c") == R"("a\"b\\c")");
    CHECK(json_string("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    CHECK(json_string(std::string_view("\0\x1F", 2)) == "\"\\u0000\\u001f\"");
    CHECK(json_string("\x7F/") == "\"\x7F/\"");
    CHECK(json_string("gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80") == "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"");
}

TEST_CASE("append_json_string: ill-formed UTF-8 becomes U+FFFD, because JSON cannot hold it", "[core]") {
    CHECK(json_string("a\xFF\xC3") == "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("append_json_escape: uses the short escape where JSON has one", "[core]") {
    std::string out;
    for (const char c : {'"', '\\', '\n', '\0', '\x1A'}) curtail::detail::append_json_escape(out, c);
    CHECK(out == R"(\"\\\n\u0000\u001a)");
}

TEST_CASE("unescaped: knows the eight escapes without digits, and no other byte", "[core]") {
    const std::string_view letters = "\"\\/bfnrt";
    const std::string_view meant = "\"\\/\b\f\n\r\t";
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(static_cast<unsigned char>(byte));
        const std::size_t at = letters.find(c);
        CHECK(curtail::detail::unescaped(c) == (at == std::string_view::npos ? '\0' : meant[at]));
    }
}
