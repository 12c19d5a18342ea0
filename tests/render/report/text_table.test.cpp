// SPDX-License-Identifier: MIT
#include <curtail/render/report/text_table.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "render/lines_of.hpp"
#include "render/sample_payloads.hpp"

using curtail::ResultPayload;
using curtail::detail::ColumnChoice;
using curtail::detail::sample_lines;
using curtail::detail::SampleView;

namespace {

struct LaidOut {
    std::vector<std::string> lines;
    ColumnChoice shown;
};

LaidOut laid_out(const ResultPayload& payload, std::size_t width) {
    SampleView view(payload, 20, width);
    const auto [text, shown] = sample_lines(view, view.rows(), width, 3, 20);
    return {text.empty() ? std::vector<std::string>() : lines_of(text), shown};
}

ResultPayload numbered(std::size_t columns) {
    ResultPayload payload;
    payload.columns_total = columns;
    payload.sample.emplace_back();
    for (std::size_t i = 0; i < columns; ++i) {
        payload.columns.push_back("column_" + std::to_string(i));
        payload.sample[0].push_back(samples::number(std::to_string(i)));
    }
    payload.predictions_sample = {{samples::text("yes")}};
    return payload;
}

}  // namespace

TEST_CASE("TableLayout: a table that fits is shown whole, numbers to the right", "[render]") {
    ResultPayload payload;
    payload.columns = {"id", "name"};
    payload.columns_total = 2;
    payload.sample = {{samples::number("7"), samples::text("ab")}, {samples::number("1234"), samples::text("")}};
    payload.predictions_sample = {{samples::number("0.5")}, {curtail::SampleCell{}}};
    const auto lines = laid_out(payload, 40).lines;
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "  id  name  prediction");
    CHECK(lines[2] == "   7  ab           0.5");
    CHECK(lines[3] == "1234              null");
}

TEST_CASE("TableLayout: drops the middle columns first and says how many", "[render]") {
    const LaidOut wide = laid_out(numbered(20), 56);
    CHECK(wide.lines[0] == "column_0  column_1  \xE2\x80\xA6 +17  column_19  prediction");
    CHECK(wide.lines[2] == "       0         1  \xE2\x80\xA6             19  yes       ");
    CHECK(wide.shown.front == 2);
    CHECK(wide.shown.back == 1);
    CHECK(wide.shown.predictions == 1);
}

TEST_CASE("TableLayout: counts columns that the message does not list as dropped", "[render]") {
    ResultPayload payload = numbered(2);
    payload.columns_total = 2000;
    CHECK(laid_out(payload, 60).lines[0] == "column_0  column_1  \xE2\x80\xA6 +1998  prediction");
    payload = numbered(20);
    payload.columns_total = 2000;
    const LaidOut cut = laid_out(payload, 56);
    CHECK(cut.shown.back == 0);
    CHECK(cut.lines[0] == "column_0  column_1  column_2  \xE2\x80\xA6 +1997  prediction");
}

TEST_CASE("TableLayout: drops no column if shortening shows them all", "[render]") {
    ResultPayload payload = numbered(3);
    payload.sample[0][1] = samples::text("a text that is much longer than the others");
    const LaidOut table = laid_out(payload, 40);
    CHECK(table.shown.features() == 3);
    CHECK(table.lines[2] == "       0  a text \xE2\x80\xA6         2  yes       ");
    CHECK(table.lines[0].find("prediction") != std::string::npos);
}

TEST_CASE("sample_lines: makes cards of a table in which three columns do not fit", "[render]") {
    const LaidOut cards = laid_out(numbered(30), 18);
    CHECK(cards.lines[0] == "#1");
    CHECK(cards.lines[1] == "column\xE2\x80\xA6  0");
    CHECK(cards.shown.features() == 19);
    CHECK(cards.shown.predictions == 1);
    std::size_t marks = 0;
    for (const std::string& line : cards.lines) {
        CHECK(curtail::detail::display_width(line) <= 18);
        marks += line == "\xE2\x80\xA6 +11" ? 1 : 0;
    }
    CHECK(marks == 1);
    CHECK(cards.lines.size() == 22);
    CHECK(laid_out(numbered(21), 18).shown.features() == 21);  // a cut would save nothing
}

TEST_CASE("sample_lines: no line is wider than the width", "[render]") {
    for (const auto& alphabet : samples::alphabets) {
        for (std::size_t columns = 0; columns < 9; ++columns) {
            ResultPayload payload = samples::made_of(alphabet, 3, columns);
            payload.columns_total += columns % 4 == 3 ? 1'000'000'000'000 : 0;
            for (std::size_t width = columns; width < 70; width += 5) {
                for (const std::string& line : laid_out(payload, width).lines) {
                    INFO(width << " " << line);
                    REQUIRE(curtail::detail::display_width(line) <=
                            (std::max)(width, curtail::detail::min_table_width));
                }
            }
        }
    }
}
