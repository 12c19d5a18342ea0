// SPDX-License-Identifier: MIT
#include <curtail/render/report/column_form.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"

using curtail::detail::ColumnForm;
using curtail::detail::ColumnTexts;
using curtail::detail::Fullness;
using curtail::detail::ShownColumn;
using curtail::detail::TextCut;

namespace {

ShownColumn column(const std::string& name, ShownColumn::Kind kind, const std::vector<std::string>& cells) {
    return {name, kind, 0, cells, cells, cells};
}

}  // namespace

TEST_CASE("ColumnTexts: finds the cut that keeps texts apart", "[render]") {
    const std::vector<std::string> ends = {"the same beginning, one", "the same beginning, two"};
    const ColumnTexts texts(ends, 2);
    CHECK(texts.width() == 23);
    CHECK(texts.least_width() == 8);
    CHECK(texts.best_cut(8) == TextCut::middle);
    CHECK(texts.cut(0, 8, TextCut::middle) == "the\xE2\x80\xA6 one");
    const std::vector<std::string> middles = {"/data/customers/north/list a.csv", "/data/customers/south/list a.csv"};
    const ColumnTexts paths(middles, 2);
    CHECK(paths.best_cut(10) == TextCut::shared_beginning);
    CHECK(paths.cut(1, 10, TextCut::shared_beginning) == "\xE2\x80\xA6south/li\xE2\x80\xA6");
    CHECK(paths.cut(1, 99, TextCut::shared_beginning) == middles[1]);
    const std::vector<std::string> begins = {"one and the rest of it", "two and the rest of it"};
    CHECK(ColumnTexts(begins, 2).best_cut(8) == TextCut::end);
    CHECK(ColumnTexts(begins, 1).least_width() == 8);
}

TEST_CASE("ColumnTexts: cut texts that differ are not all equal, at any width from the least one on", "[render]") {
    const std::vector<std::vector<std::string>> columns = {
        {std::string(90, 'x') + "a", std::string(90, 'x') + "b", "x"},
        {std::string(30, 'x') + "a" + std::string(30, 'y'), std::string(30, 'x') + "b" + std::string(30, 'y')},
        {"\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE5\x8D\x83\xE4\xBB\xA3\xE7\x94\xB0\xE5\x8C\xBA",
         "\xE6\x9D\xB1\xE4\xBA\xAC\xE9\x83\xBD\xE5\x8D\x83\xE4\xBB\xA3\xE7\x94\xB0\xE5\xB8\x82"},
        {"e\xCC\x81" + std::string(20, 'z'), "e\xCC\x80" + std::string(20, 'z')}};
    for (const auto& cells : columns) {
        const ColumnTexts texts(cells, cells.size());
        for (std::size_t width = texts.least_width(); width <= texts.width(); ++width) {
            const TextCut cut = texts.best_cut(width);
            INFO(texts.cut(0, width, cut) << " / " << texts.cut(1, width, cut));
            CHECK(texts.cut(0, width, cut) != texts.cut(1, width, cut));
            CHECK(curtail::detail::display_width(texts.cut(0, width, cut)) <= width);
        }
    }
}

TEST_CASE("ColumnForm: numbers and short texts are always whole, long texts and ids get narrower last", "[render]") {
    const ShownColumn number = column("n", ShownColumn::Kind::number, {"7252735673295632002"});
    const ShownColumn word = column("w", ShownColumn::Kind::text, {"word"});
    const ShownColumn id = column("i", ShownColumn::Kind::id, {"a0e5f5d5-1b2c-4d3e-8f90-9b75d7c2827c"});
    const ShownColumn text = column("t", ShownColumn::Kind::text, {std::string(50, 'a'), std::string(50, 'b')});
    const ShownColumn time = column("t", ShownColumn::Kind::time, {"2024-03-01 08:15:30.1", "2024-03-01 08:16:30.1"});
    const ShownColumn moment = column("t", ShownColumn::Kind::time, {"2024-03-01 08:15:30.123"});
    CHECK(ColumnForm(moment, 1).min_width(Fullness::cut) == 17);
    for (int i = 0; i <= static_cast<int>(Fullness::folded); ++i) {
        const auto fullness = static_cast<Fullness>(i);
        CHECK(ColumnForm(number, 1).min_width(fullness) == 19);
        CHECK(ColumnForm(word, 1).min_width(fullness) == 4);
        CHECK(ColumnForm(id, 1).min_width(fullness) == (fullness < Fullness::folded ? 36U : 19U));
        const std::size_t least = fullness < Fullness::clipped ? 50U : fullness < Fullness::cut ? 24U : 8U;
        CHECK(ColumnForm(text, 2).min_width(fullness) == least);
        CHECK(ColumnForm(time, 2).min_width(fullness) == (fullness < Fullness::cut ? 21U : 17U));
    }
}

TEST_CASE("ColumnForm: no id is cut, wherever it can be broken", "[render]") {
    std::string wide;  // 30 cells, of which no line holds exactly half
    for (int i = 0; i < 14; ++i) wide += "\xE6\x9D\xB1";
    wide += "12";
    for (const std::string& text : {std::string("abcdefghijk-1bcdefghijklmnopqrstuvwxyz01"), wide,
                                    std::string("a-0123456789012345678901234567890123456789"),
                                    std::string("+49_30_1234567890123456789012345678901234")}) {
        const ShownColumn id = column("i", ShownColumn::Kind::id, {text});
        const ColumnForm form(id, 1);
        for (std::size_t width = form.min_width(Fullness::folded); width < text.size(); ++width) {
            std::string joined;
            for (const std::string& line : form.cell(0, width, Fullness::folded, form.cut(width))) {
                CHECK(curtail::detail::display_width(line) <= width);
                joined += line;
            }
            CHECK(joined == text);
        }
    }
}

TEST_CASE("ColumnForm: a heading is whole, then on two lines, then cut", "[render]") {
    const ShownColumn shown = column("overall_quality", ShownColumn::Kind::number, {"9"});
    const ColumnForm form(shown, 1);
    CHECK(form.min_width(Fullness::even) == 15);
    CHECK(form.min_width(Fullness::stacked) == 8);
    CHECK(form.min_width(Fullness::short_headings) == 4);
    CHECK(form.heading(8) == std::vector<std::string>{"overall_", "quality"});
    CHECK(form.heading(5) == std::vector<std::string>{"overa", "ll\xE2\x80\xA6ty"});
    const ShownColumn word = column("prediction", ShownColumn::Kind::number, {"9"});
    for (std::size_t width = 5; width < 10; ++width) {
        CHECK(ColumnForm(word, 1).heading(width) == std::vector<std::string>{"predi", "ction"});
    }
    CHECK(form.heading(4) == std::vector<std::string>{"ove\xE2\x80\xA6"});
}
