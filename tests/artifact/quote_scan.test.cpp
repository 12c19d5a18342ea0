// SPDX-License-Identifier: MIT
#include <curtail/artifact/quote_scan.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

#include "catch.hpp"

namespace {

// A copy that ends where its memory ends, so that a sanitizer sees a byte read too many.
bool both(const curtail::detail::QuoteScan& scan, std::string_view text, bool expected) {
    const std::unique_ptr<char[]> exact(new char[text.size()]);
    text.copy(exact.get(), text.size());
    const std::string_view copy(exact.get(), text.size());
    return scan.finds(copy) == expected && scan.finds_portably(copy) == expected;
}

}  // namespace

TEST_CASE("each of the four bytes is found alone, in texts of any length and at any place") {
    const curtail::detail::QuoteScan scan(';', '*');
    for (std::size_t length = 0; length <= 70; ++length) {
        std::unique_ptr<char[]> text(new char[length + 1]);
        for (std::size_t i = 0; i < length; ++i) text[i] = 'x';
        REQUIRE(both(scan, {text.get(), length}, false));
        for (std::size_t at = 0; at < length; ++at) {
            for (int code = 0; code < 256; ++code) {
                const char c = static_cast<char>(code);
                text[at] = c;
                const bool expected = c == ';' || c == '*' || c == '\n' || c == '\r';
                if (!both(scan, {text.get(), length}, expected))
                    FAIL("byte " << code << " at " << at << " of " << length);
            }
            text[at] = 'x';
        }
    }
}
