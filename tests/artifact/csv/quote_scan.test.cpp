// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/quote_scan.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

// A copy that ends where its memory ends, so that a sanitizer sees a read beyond it.
bool both(const curtail::detail::QuoteScan& scan, std::string_view text, bool expected) {
    const std::unique_ptr<char[]> exact(new char[text.size()]);
    text.copy(exact.get(), text.size());
    const std::string_view copy(exact.get(), text.size());
    return scan.finds(copy) == expected && scan.finds_portably(copy) == expected;
}

}  // namespace

TEST_CASE("QuoteScan: finds each of the four bytes at any place of a text of any length", "[artifact]") {
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

TEST_CASE("QuoteScan: copies a whole text and tells if it is plain, with and without SSE2", "[artifact]") {
    const curtail::detail::QuoteScan scan(';', '*');
    for (std::size_t length = 0; length <= 70; ++length) {
        std::string text(length, 'x');
        for (std::size_t at = 0; at <= length; ++at) {
            for (const char c : {'y', ';', '*', '\n', '\r', '\0', '\x80'}) {
                if (at < length) text[at] = c;
                const std::unique_ptr<char[]> out(
                    new char[length]);  // exactly, so that a sanitizer sees a write beyond it
                const bool plain = !scan.finds_portably(text);
                REQUIRE(scan.copies_plain(out.get(), text) == plain);
                if (plain) REQUIRE(std::string_view(out.get(), length) == text);
                REQUIRE(scan.copies_plain_portably(out.get(), text) == plain);
                if (plain) REQUIRE(std::string_view(out.get(), length) == text);
            }
            if (at < length) text[at] = 'x';
        }
    }
}

TEST_CASE("QuoteScan: doubles every quote and changes nothing else, with and without SSE2", "[artifact]") {
    const curtail::detail::QuoteScan scan(',', '"');
    for (unsigned pattern = 0; pattern < 4096; ++pattern) {
        for (const std::size_t length : {0U, 1U, 12U, 15U, 16U, 17U, 31U, 32U, 33U, 50U}) {
            std::string text(length, 'x');
            std::string expected;
            for (std::size_t i = 0; i < length; ++i) {
                if ((pattern >> (i % 12) & 1U) != 0) text[i] = '"';
                expected += text[i];
                if (text[i] == '"') expected += '"';
            }
            const std::unique_ptr<char[]> out(new char[2 * length + 16]);
            const bool same = std::string_view(out.get(), scan.copy_doubled(out.get(), text)) == expected &&
                              std::string_view(out.get(), scan.copy_doubled_portably(out.get(), text)) == expected;
            if (!same) FAIL("pattern " << pattern << " in " << length << " bytes");
        }
    }
}
