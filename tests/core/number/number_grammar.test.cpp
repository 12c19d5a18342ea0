// SPDX-License-Identifier: MIT
#include <curtail/core/number/number_grammar.hpp>

#include "catch.hpp"

using curtail::detail::json_number_of;
using curtail::detail::JsonNumber;

TEST_CASE("json_number_of: follows JSON's grammar exactly", "[core]") {
    for (const auto* text : {"0", "-0", "7", "-12", "18446744073709551616"}) {
        CAPTURE(text);
        CHECK(json_number_of(text) == JsonNumber::integer);
    }
    for (const auto* text : {"0.5", "-0.0", "1e5", "1E+5", "0e0", "12.50", "1.5e-300", "1e999"}) {
        CAPTURE(text);
        CHECK(json_number_of(text) == JsonNumber::real);
    }
    for (const auto* text : {"", "-", "+1", "01", "-01", "00", "007", ".5", "5.", "1.e5", "1e", "1e+", "0x1", "1 ",
                             " 1", "NaN", "1_000", "1,5", "--1"}) {
        CAPTURE(text);
        CHECK(json_number_of(text) == JsonNumber::none);
    }
}
