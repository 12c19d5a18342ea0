// SPDX-License-Identifier: MIT
#include <curtail/table/cell/verbatim.hpp>

#include <cmath>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "table/described.hpp"

using curtail::Verbatim;
using curtail::detail::number_spelling;
using curtail::detail::NumberSpelling;
using Meaning = curtail::Verbatim::Meaning;

namespace {

std::string meaning_of(std::string_view text, Meaning meaning) {
    std::string out;
    curtail::detail::visit_value(Verbatim{text, meaning}, Describe{&out});
    return out;
}

}  // namespace

TEST_CASE("number_spelling: takes numbers in digits and words, and no codes with leading zeros", "[table]") {
    for (const auto* text : {"0", "-0", "7", "+7", "12.50", ".5", "5.", "-.5", "5.e3", "+1.5e3", "1E-5", "1e400"}) {
        CAPTURE(text);
        CHECK(number_spelling(text) == NumberSpelling::digits);
    }
    for (const auto* text : {"nan", "NaN", "-nan", "+NaN"}) CHECK(number_spelling(text) == NumberSpelling::nan);
    for (const auto* text : {"inf", "-Inf", "+INF", "Infinity", "-infinity"}) {
        CHECK(number_spelling(text) == NumberSpelling::infinity);
    }
    for (const auto* text :
         {"",       "+",   "-",   ".",        "-.", "007", "-007", "+00.5", "0x10", "+-3", "+ 3",   "3 ",   " 3",
          "nan(1)", "Nan", "NAN", "infinite", "na", "e5",  ".e5",  "1e",    "1e+",  "1,5", "1_000", "1.2.3"}) {
        CAPTURE(text);
        CHECK(number_spelling(text) == NumberSpelling::none);
    }
}

TEST_CASE("Verbatim: means the value that its text spells", "[table]") {
    CHECK(meaning_of("NA", Meaning::null) == "null");
    CHECK(meaning_of(" true", Meaning::boolean) == "bool true");
    CHECK(meaning_of("FALSE", Meaning::boolean) == "bool false");
    CHECK(meaning_of("NA", Meaning::text) == "text NA");
    CHECK(meaning_of("+1234567891", Meaning::number) == "decimal 1234567891");
    CHECK(meaning_of(" 0.50 ", Meaning::number) == "decimal 0.50");
    CHECK(meaning_of("+.5", Meaning::number) == "decimal 0.5");
    CHECK(meaning_of("-.5", Meaning::number) == "decimal -0.5");
    CHECK(meaning_of("5.", Meaning::number) == "decimal 5.0");
    CHECK(meaning_of("-5.E3", Meaning::number) == "decimal -5.0E3");
    CHECK(meaning_of("1E5", Meaning::number) == "decimal 1E5");
    CHECK(meaning_of("high", Meaning::number) == "text high");
    double value = 0;
    const auto take = [&](const auto& plain) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(plain)>, double>) value = plain;
    };
    curtail::detail::visit_value(Verbatim{"-Infinity", Meaning::number}, take);
    CHECK((std::isinf(value) && value < 0));
    curtail::detail::visit_value(Verbatim{"nan", Meaning::number}, take);
    CHECK(std::isnan(value));
}
