// SPDX-License-Identifier: MIT
#include <curtail/artifact/index/number_text_list.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::append_vlq;
using curtail::detail::take_vlq;

TEST_CASE("append_vlq: takes one character for each five bits", "[artifact]") {
    std::string text;
    for (const std::uint64_t value : {0U, 1U, 31U, 32U, 1023U, 1024U}) {
        append_vlq(text, value);
        text += ' ';
    }
    CHECK(text == "A B f gB /f ggB ");
}

TEST_CASE("take_vlq: reads back every number", "[artifact]") {
    std::mt19937_64 random(test_seed());
    std::vector<std::uint64_t> values = {0, 31, 32, UINT64_MAX, UINT64_MAX - 1};
    for (int i = 0; i < 1000; ++i) values.push_back(random() >> random() % 64);
    std::string text;
    for (const std::uint64_t value : values) append_vlq(text, value);
    std::string_view rest = text;
    for (const std::uint64_t value : values) REQUIRE(take_vlq(rest) == value);
    CHECK(rest.empty());
}

TEST_CASE("take_vlq: refuses what is not a number of 64 bits", "[artifact]") {
    for (const char* const text : {"", "g", "gg", "-", "=", "\"", "//////////////B", "////////////f"}) {
        std::string_view rest = text;
        CHECK_FALSE(take_vlq(rest));
    }
    std::string_view largest = "////////////P";
    CHECK(take_vlq(largest) == UINT64_MAX);
}
