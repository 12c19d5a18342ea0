// SPDX-License-Identifier: MIT
#include <curtail/table/plain_form.hpp>

#include <string>

#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>

#include "catch.hpp"

using curtail::TimeUnit;

TEST_CASE("TimeUnit: decides how many digits follow the second", "[table]") {
    const auto text = [](TimeUnit unit) {
        char out[curtail::detail::max_time_chars];
        return std::string(out, curtail::detail::write_timestamp(out, {0, unit}));
    };
    CHECK(text(TimeUnit::second) == "1970-01-01 00:00:00");
    CHECK(text(TimeUnit::millisecond) == "1970-01-01 00:00:00.000");
    CHECK(text(TimeUnit::microsecond) == "1970-01-01 00:00:00.000000");
    CHECK(text(TimeUnit::nanosecond) == "1970-01-01 00:00:00.000000000");
}
