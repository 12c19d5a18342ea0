// SPDX-License-Identifier: MIT
#include <curtail/receive/json/escape.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using curtail::detail::SurrogateJoiner;

namespace {

const std::string replacement = "\xEF\xBF\xBD";

std::string utf8(std::uint32_t code_point) {
    std::string text;
    curtail::append_utf8(text, code_point);
    return text;
}

void read_digits(SurrogateJoiner& joiner, std::uint32_t unit) {
    constexpr std::string_view digits = "0123456789aBcDeF";
    joiner.begin();
    for (const unsigned shift : {12U, 8U, 4U, 0U}) {
        REQUIRE_FALSE(joiner.full());
        REQUIRE(joiner.add_digit(digits[(unit >> shift) & 0xFU]));
    }
    REQUIRE(joiner.full());
}

// Returns the text of a string that consists of these escapes.
std::string joined(const std::vector<std::uint32_t>& units) {
    SurrogateJoiner joiner;
    std::string out;
    for (const std::uint32_t unit : units) {
        read_digits(joiner, unit);
        out += joiner.take();
    }
    if (joiner.pending()) out += joiner.give_up();
    CHECK_FALSE(joiner.pending());
    return out;
}

}  // namespace

TEST_CASE("SurrogateJoiner: takes hexadecimal digits in either case, and no other byte", "[receive]") {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(static_cast<unsigned char>(byte));
        SurrogateJoiner joiner;
        joiner.begin();
        const bool digit = byte != 0 && std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos;
        INFO("byte " << byte);
        CHECK(joiner.add_digit(c) == digit);
        CHECK_FALSE(joiner.full());
    }
}

TEST_CASE("SurrogateJoiner: an escape that is not a surrogate is its own code point", "[receive]") {
    SurrogateJoiner joiner;
    bool all = true;
    for (std::uint32_t unit = 0; unit < 0x10000; ++unit) {
        if (unit == 0xD800) unit = 0xE000;
        read_digits(joiner, unit);
        all = all && joiner.take() == utf8(unit) && !joiner.pending();
    }
    CHECK(all);
    CHECK(joined({0}) == std::string(1, '\0'));
}

TEST_CASE("SurrogateJoiner: two halves make a code point above U+FFFF, from the first to the last", "[receive]") {
    CHECK(joined({0xD800, 0xDC00}) == utf8(0x10000));
    CHECK(joined({0xD800, 0xDFFF}) == utf8(0x103FF));
    CHECK(joined({0xD801, 0xDC00}) == utf8(0x10400));
    CHECK(joined({0xD83D, 0xDE00}) == "\xF0\x9F\x98\x80");
    CHECK(joined({0xDBFF, 0xDC00}) == utf8(0x10FC00));
    CHECK(joined({0xDBFF, 0xDFFF}) == "\xF4\x8F\xBF\xBF");
    CHECK(joined({0xD83D, 0xDE00, 0xD83D, 0xDE01}) == "\xF0\x9F\x98\x80\xF0\x9F\x98\x81");
}

TEST_CASE("SurrogateJoiner: a half without its other half is one replacement character", "[receive]") {
    for (const std::uint32_t high : {0xD800U, 0xDABCU, 0xDBFFU}) {
        CHECK(joined({high}) == replacement);
        CHECK(joined({high, 'A'}) == replacement + "A");
        CHECK(joined({high, high}) == replacement + replacement);
        CHECK(joined({high, 0xD83D, 0xDE00}) == replacement + "\xF0\x9F\x98\x80");
        CHECK(joined({high, 0xD7FF}) == replacement + utf8(0xD7FF));
        CHECK(joined({high, 0xE000}) == replacement + utf8(0xE000));
    }
    for (const std::uint32_t low : {0xDC00U, 0xDE00U, 0xDFFFU}) {
        CHECK(joined({low}) == replacement);
        CHECK(joined({low, 0xD83D}) == replacement + replacement);
        CHECK(joined({0xD83D, low, low}) == utf8(0x10000 + (0x3D << 10U) + (low - 0xDC00)) + replacement);
    }
}

TEST_CASE("SurrogateJoiner: a first half gives nothing yet, and can be forgotten", "[receive]") {
    SurrogateJoiner joiner;
    read_digits(joiner, 0xD83D);
    CHECK(joiner.take().empty());
    CHECK(joiner.pending());
    joiner.forget();
    CHECK_FALSE(joiner.pending());
    read_digits(joiner, 0xDE00);
    CHECK(joiner.take() == replacement);
}

TEST_CASE("SurrogateJoiner: a copy made between any two digits of a pair continues the same", "[receive]") {
    const std::string_view digits = "d83DDe00";
    for (std::size_t at = 0; at <= digits.size(); ++at) {
        SurrogateJoiner original;
        SurrogateJoiner copy;
        SurrogateJoiner* joiner = &original;
        std::string out;
        for (std::size_t i = 0; i < digits.size(); ++i) {
            if (i == at) {
                copy = original;
                joiner = &copy;
            }
            if (i % 4 == 0) joiner->begin();
            REQUIRE(joiner->add_digit(digits[i]));
            if (joiner->full()) out += joiner->take();
        }
        CHECK(out == "\xF0\x9F\x98\x80");
    }
}
