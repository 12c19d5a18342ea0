// SPDX-License-Identifier: MIT
#include <curtail/core/text/quoted_text.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

TEST_CASE("quoted_for_error: shows any bytes in printable ASCII, and at most 64 of them", "[core]") {
    using curtail::detail::quoted_for_error;
    CHECK(quoted_for_error("") == "\"\"");
    CHECK(quoted_for_error("job_1") == "\"job_1\"");
    CHECK(quoted_for_error("a\"b\\\n\xFF") == R"("a\x22b\x5c\x0a\xff")");
    CHECK(quoted_for_error(std::string(64, 'a')) == "\"" + std::string(64, 'a') + "\"");
    CHECK(quoted_for_error(std::string(65, 'a')) == "\"" + std::string(64, 'a') + "...\"");
}

TEST_CASE("without_controls: shows control characters and bytes that are not UTF-8, and leaves the rest", "[core]") {
    using curtail::detail::without_controls;
    CHECK(without_controls("") == "");
    CHECK(without_controls("a\\b \"caf\xC3\xA9\" \xC2\xA0") == "a\\b \"caf\xC3\xA9\" \xC2\xA0");
    CHECK(without_controls(std::string_view("\0\t\n\x1F~\x7F", 6)) == "\\x00\\x09\\x0a\\x1f~\\x7f");
    CHECK(without_controls("\xC2\x80\xC2\x9B[31m\xC2\x9F") == "\\xc2\\x80\\xc2\\x9b[31m\\xc2\\x9f");
    CHECK(without_controls("\xC2") == "\\xc2");
    CHECK(without_controls("n\xE4;\xE2\x82\x1B\xED\xA0\x80\xE2\x82\xAC") ==
          "n\\xe4;\\xe2\\x82\\x1b\\xed\\xa0\\x80\xE2\x82\xAC");
}
