// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/fact_reader.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

using curtail::detail::FactReader;

TEST_CASE("FactReader: takes words, numbers and hashes in turn", "[artifact]") {
    FactReader in("rows 18446744073709551609\nhash 0123456789abcdef rest");
    CHECK(in.number("rows ", '\n') == 18'446'744'073'709'551'609U);
    CHECK(in.hash("hash ", ' ') == 0x0123'4567'89AB'CDEFU);
    CHECK(in.rest() == "rest");
    CHECK_FALSE(in.failed());
    CHECK(in.until("", '\n').empty());
    CHECK(in.failed());
}

TEST_CASE("FactReader: takes nothing that is not written as it would be written", "[artifact]") {
    for (const std::string_view text :
         {"", "\n", "-1\n", "+1\n", "01\n", " 1\n", "1 \n", "1", "1x\n", "18446744073709551616\n",
          "184467440737095516150\n", "99999999999999999999999999\n"}) {
        INFO(text);
        FactReader in(text);
        CHECK(in.number("", '\n') == 0);
        CHECK(in.failed());
    }
    for (const std::string_view text : {"", "\n", "0123456789abcde\n", "0123456789abcdef0\n", "0123456789ABCDEF\n"}) {
        INFO(text);
        FactReader in(text);
        (void)in.hash("", '\n');
        CHECK(in.failed());
    }
    FactReader in("abc");
    in.word("abd");
    in.word("abc");
    CHECK(in.failed());
}
