// SPDX-License-Identifier: MIT
#include <curtail/core/number/number_grammar.hpp>

#include "catch.hpp"

using curtail::detail::spells_json_number;

TEST_CASE("spells_json_number: follows JSON's grammar exactly", "[core]") {
    for (const auto* text : {"0", "-0", "7", "-12", "18446744073709551616", "0.5", "-0.0", "1e5", "1E+5", "0e0",
                             "12.50", "1.5e-300", "1e999"}) {
        CAPTURE(text);
        CHECK(spells_json_number(text));
    }
    for (const auto* text : {"", "-", "+1", "01", "-01", "00", "007", ".5", "5.", "1.e5", "1e", "1e+", "0x1", "1 ",
                             " 1", "NaN", "1_000", "1,5", "--1"}) {
        CAPTURE(text);
        CHECK_FALSE(spells_json_number(text));
    }
}
