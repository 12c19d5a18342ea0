// SPDX-License-Identifier: MIT
#include <curtail/table/csv/field_meaning.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catch.hpp"

using curtail::Cell;
using Meaning = curtail::Verbatim::Meaning;

namespace {

// Returns true if the field is a cell of that meaning that has the same text.
bool means(Meaning meaning, std::string_view text, bool quoted = false) {
    const Cell cell = curtail::detail::csv_cell(text, quoted, curtail::detail::NullTexts({"NA", "-"}));
    const auto* verbatim = std::get_if<curtail::Verbatim>(&cell);
    return verbatim != nullptr && verbatim->meaning == meaning && verbatim->text == text;
}

bool is_text(std::string_view text, bool quoted = false) {
    const Cell cell = curtail::detail::csv_cell(text, quoted, curtail::detail::NullTexts({"NA", "-"}));
    const auto* held = std::get_if<std::string_view>(&cell);
    return held != nullptr && *held == text;
}

}  // namespace

TEST_CASE("csv_cell: a field is a null, a bool, a number or text, and keeps its text", "[table]") {
    for (const auto* text : {"NA", "-", " NA", " "}) CHECK(means(Meaning::null, text));
    for (const auto* text : {"NA", "-", " NA", " "}) CHECK(means(Meaning::text, text, true));
    for (const auto* text : {"true", "FALSE ", "\tTrue"})
        CHECK((means(Meaning::boolean, text) && means(Meaning::boolean, text, true)));
    for (const auto* text : {"1.50", "+3", ".5", "1E5", "inf", " 1"})
        CHECK((means(Meaning::number, text) && means(Meaning::number, text, true)));
    for (const auto* text : {"007", "x", "na", "1 2", "Nan"}) CHECK((is_text(text) && is_text(text, true)));
    CHECK(is_text("", true));
    CHECK(std::holds_alternative<curtail::Null>(
        curtail::detail::csv_cell("", false, curtail::detail::NullTexts(std::vector<std::string>{}))));
}

TEST_CASE("NullTexts: tell texts of equal length and beginning apart", "[table]") {
    const curtail::detail::NullTexts nulls({"ab", "ac ", std::string(70, 'x')});
    CHECK(nulls("ab"));
    CHECK(nulls("ac"));
    CHECK_FALSE(nulls("ad"));
    CHECK_FALSE(nulls("a"));
    CHECK_FALSE(nulls(std::string(69, 'x')));
    CHECK(nulls(std::string(70, 'x')));
    CHECK_FALSE(nulls(std::string(71, 'x')));
    CHECK(nulls(""));
}

TEST_CASE("is_null_text: takes the same texts for nulls", "[table]") {
    const std::vector<std::string> texts = {"ab", " ac ", "", std::string(70, 'x')};
    const curtail::detail::NullTexts all(texts);
    for (const std::string& text : {std::string("ab"), std::string("ac"), std::string("a"), std::string("abc"),
                                    std::string(), std::string(70, 'x'), std::string(69, 'x')}) {
        CHECK(curtail::detail::is_null_text(&texts, text) == all(text));
    }
    CHECK(curtail::detail::is_null_text(nullptr, ""));
    CHECK_FALSE(curtail::detail::is_null_text(nullptr, "NA"));
}
