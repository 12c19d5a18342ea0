// SPDX-License-Identifier: MIT
#include <curtail/table/plain_form.hpp>

#include <string>
#include <string_view>

#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>

#include "catch.hpp"

using curtail::TimeUnit;

TEST_CASE("TimeUnit: decides how many digits follow the second", "[table]") {
    const auto text = [](TimeUnit unit) {
        return std::string(std::string_view(curtail::detail::TimeText(curtail::Timestamp{0, unit})));
    };
    CHECK(text(TimeUnit::second) == "1970-01-01 00:00:00");
    CHECK(text(TimeUnit::millisecond) == "1970-01-01 00:00:00.000");
    CHECK(text(TimeUnit::microsecond) == "1970-01-01 00:00:00.000000");
    CHECK(text(TimeUnit::nanosecond) == "1970-01-01 00:00:00.000000000");
}
