// SPDX-License-Identifier: MIT
#include <curtail/core/text/byte_scan.hpp>

#include <string>

#include "catch.hpp"

namespace detail = curtail::detail;

TEST_CASE("find_string_stop, find_non_digit: stop at the first byte that matters, in any length", "[core]") {
    for (std::size_t size = 0; size < 70; ++size) {
        const std::string plain(size, 'a');
        const std::string digits(size, '7');
        const char* const end = plain.data() + size;
        CHECK(detail::find_string_stop(plain.data(), end) == end);
        CHECK(detail::find_non_digit(digits.data(), digits.data() + size) == digits.data() + size);
        for (std::size_t at = 0; at < size; ++at) {
            bool all = true;
            for (int byte = 0; byte < 256; ++byte) {
                const char c = static_cast<char>(static_cast<unsigned char>(byte));
                std::string text = plain;
                text[at] = c;
                const auto expected = [&](bool stops) { return text.data() + (stops ? at : size); };
                all = all && detail::find_string_stop(text.data(), text.data() + size) ==
                                 expected(byte < 0x20 || c == '"' || c == '\\');
                std::string number = digits;
                number[at] = c;
                all = all && detail::find_non_digit(number.data(), number.data() + size) ==
                                 number.data() + (byte >= '0' && byte <= '9' ? size : at);
            }
            CHECK(all);
        }
    }
}

TEST_CASE("find_non_space: skips the white space of JSON and nothing else", "[core]") {
    const std::string text = " \t\r\n\v";
    CHECK(detail::find_non_space(text.data(), text.data() + text.size()) == text.data() + 4);
}
