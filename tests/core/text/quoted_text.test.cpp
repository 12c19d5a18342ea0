// SPDX-License-Identifier: MIT
#include <curtail/core/text/quoted_text.hpp>

#include <string>

#include "catch.hpp"

TEST_CASE("quoted_for_error: shows any bytes in printable ASCII, and at most 64 of them", "[core]") {
    using curtail::detail::quoted_for_error;
    CHECK(quoted_for_error("") == "\"\"");
    CHECK(quoted_for_error("job_1") == "\"job_1\"");
    CHECK(quoted_for_error("a\"b\\\n\xFF") == R"("a\x22b\x5c\x0a\xff")");
    CHECK(quoted_for_error(std::string(64, 'a')) == "\"" + std::string(64, 'a') + "\"");
    CHECK(quoted_for_error(std::string(65, 'a')) == "\"" + std::string(64, 'a') + "...\"");
}
