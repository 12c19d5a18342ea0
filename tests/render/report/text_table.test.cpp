// SPDX-License-Identifier: MIT
#include <curtail/render/report/text_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "render/lines_of.hpp"
#include "render/sample_payloads.hpp"
#include "seed.hpp"

using curtail::ResultPayload;
using curtail::detail::ColumnChoice;
using curtail::detail::Field;
using curtail::detail::SampleView;
using curtail::detail::TableLayout;

namespace {

struct LaidOut {
    std::vector<std::string> lines;
    ColumnChoice shown;
};

LaidOut laid_out(const ResultPayload& payload, std::size_t width) {
    SampleView view(payload, 20, width);
    const TableLayout layout(view, view.rows(), width);
    return {lines_of(layout.text()), layout.shown()};
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

// Returns a payload with one row per list and the names.
ResultPayload table(const std::vector<std::string>& names, const std::vector<std::vector<curtail::SampleCell>>& rows) {
    ResultPayload payload;
    payload.columns = names;
    payload.columns_total = names.size();
    payload.sample = rows;
    return payload;
}

}  // namespace

TEST_CASE("TableLayout: a table that fits is shown whole, numbers to the right", "[render]") {
    ResultPayload payload = table(
        {"id", "name"}, {{samples::number("7"), samples::text("ab")}, {samples::number("1234"), samples::text("")}});
    payload.predictions_sample = {{samples::number("0.5")}, {curtail::SampleCell{}}};
    const auto lines = laid_out(payload, 40).lines;
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "  id  name  prediction");
    CHECK(lines[2] == "   7  ab           0.5");
    CHECK(lines[3] == "1234              null");
}

TEST_CASE("TableLayout: the points of numbers are aligned", "[render]") {
    const auto lines = laid_out(table({"x", "y"}, {{samples::number("31000.5"), samples::number("7")},
                                                   {samples::number("-2.125"), samples::number("NaN")},
                                                   {curtail::SampleCell{}, samples::number("12.5")}}),
                                40)
                           .lines;
    CHECK(lines[2] == "31000.5     7  ");
    CHECK(lines[3] == "   -2.125   NaN");
    CHECK(lines[4] == "     null  12.5");
}

TEST_CASE("TableLayout: digits behind the sixth are rounded away before anything else is cut", "[render]") {
    const auto payload = table({"amount_eur", "probability"},
                               {{samples::number("200697.20114029152"), samples::number("0.07309160710264946")},
                                {samples::number("95983.76353307313"), samples::number("0.9999999")}});
    const auto lines = laid_out(payload, 100).lines;
    CHECK(lines[0] == "amount_eur  probability");
    CHECK(lines[2] == "  200697      0.0730916");
    CHECK(lines[3] == "   95983.8    1.000000 ");
}

TEST_CASE("TableLayout: money keeps its cents where there is room, and never loses a digit before the point",
          "[render]") {
    const auto payload = table({"region", "revenue_eur", "cost_eur", "forecast_eur"},
                               {{samples::text("North"), samples::number("1234567.89"), samples::number("987654.32"),
                                 samples::number("1310022.512345")},
                                {samples::text("South"), samples::number("12345678.9"), samples::number("9876543.21"),
                                 samples::number("13100225.752345")},
                                {samples::text("East"), samples::number("-1234567.89"), samples::number("-987654.32"),
                                 samples::number("-1310022.512345")}});
    const auto wide = laid_out(payload, 100).lines;
    CHECK(wide[2] == "North    1234567.89   987654.32       1310023");
    CHECK(wide[3] == "South   12345678.9   9876543.21      13100226");
    const auto narrow = laid_out(payload, 40).lines;
    CHECK(narrow[0] == "        revenue_    cost_  forecast_");
    CHECK(narrow[1] == "region       eur      eur        eur");
    CHECK(narrow[3] == "North    1234568   987654    1310023");
    CHECK(narrow[4] == "South   12345679  9876543   13100226");
    CHECK(narrow[5] == "East    -1234568  -987654   -1310023");
}

TEST_CASE("TableLayout: headings take two lines before a text is cut below 24 cells", "[render]") {
    const auto payload = table({"total_rooms", "median_house_value"},
                               {{samples::number("1"), samples::text("a text of some thirty characters")}});
    CHECK(laid_out(payload, 45).lines[0] == "total_rooms  median_house_value              ");
    const auto lines = laid_out(payload, 32).lines;
    CHECK(lines[0] == "total_                          ");
    CHECK(lines[1] == " rooms  median_house_value      ");
    CHECK(lines[3] == "     1  a text of some thirty c\xE2\x80\xA6");
}

TEST_CASE("TableLayout: a time loses only what is behind the parts in which two differ", "[render]") {
    const auto payload =
        table({"t", "text"}, {{samples::text("2024-03-01 08:15:30.123456"), samples::text("some words, long")},
                              {samples::text("2024-03-01 08:15:37.123456"), samples::text("other words, long")}});
    const auto lines = laid_out(payload, 34).lines;
    CHECK(lines[2] == "2024-03-01 08:15:30\xE2\x80\xA6  some words,\xE2\x80\xA6");
    CHECK(lines[3] == "2024-03-01 08:15:37\xE2\x80\xA6  other words\xE2\x80\xA6");
}

TEST_CASE("TableLayout: an id is shown whole, on several lines if it is long, or left out", "[render]") {
    const std::string uuid = "a0e5f5d5-1b2c-4d3e-8f90-9b75d7c2827c";
    const auto payload = table({"uuid", "n"}, {{samples::text(uuid), samples::number("7252735673295632002")}});
    const auto lines = laid_out(payload, 44).lines;
    CHECK(lines[2] == "a0e5f5d5-1b2c-4d3e-      7252735673295632002");
    CHECK(lines[3] == "8f90-9b75d7c2827c                           ");
    CHECK(laid_out(payload, 30).shown.columns() == 0);
}

TEST_CASE("TableLayout: texts that differ still differ when they are cut", "[render]") {
    for (const auto& [first, second] : std::vector<std::pair<std::string, std::string>>{
             {"the same words at the beginning of both, then one", "the same words at the beginning of both, then two"},
             {"/data/jobs/customers/north/file a.csv", "/data/jobs/customers/south/file a.csv"},
             {std::string(400, 'x') + "a", std::string(400, 'x') + "b"},
             {std::string(400, 'x') + "a" + std::string(400, 'y'),
              std::string(400, 'x') + "b" + std::string(400, 'y')}}) {
        for (std::size_t width = 20; width < 60; width += 5) {
            const auto payload = table({"n", "text"}, {{samples::number("1"), samples::text(first)},
                                                       {samples::number("1"), samples::text(second)}});
            const LaidOut table = laid_out(payload, width);
            if (table.shown.columns() < 2) continue;
            INFO(table.lines[2] << "\n" << table.lines[3]);
            CHECK(table.lines[2] != table.lines[3]);
        }
    }
}

TEST_CASE("TableLayout: drops the middle columns and says how many", "[render]") {
    const LaidOut table = laid_out(numbered(20), 56);
    CHECK(table.lines[0] == "column_  column_  column_         column_            ");
    CHECK(table.lines[1] == "      0        1        2  \xE2\x80\xA6 +16       19  prediction");
    CHECK(table.lines[3] == "      0        1        2  \xE2\x80\xA6           19  yes       ");
    CHECK(table.shown.front == 3);
    CHECK(table.shown.back == 1);
    CHECK(table.shown.predictions == 1);
}

TEST_CASE("TableLayout: counts columns that the message does not list as dropped", "[render]") {
    ResultPayload payload = numbered(2);
    payload.columns_total = 2000;
    CHECK(laid_out(payload, 60).lines[0] == "column_0  column_1  \xE2\x80\xA6 +1998  prediction");
    payload = numbered(20);
    payload.columns_total = 2000;
    const LaidOut cut = laid_out(payload, 56);
    CHECK(cut.shown.back == 0);
}

TEST_CASE("append_record: fields are as many lines as the tallest, a heading ends on the last one", "[render]") {
    std::string text;
    const std::vector<Field> fields = {{{"a"}, 3}, {{"one", "two"}, 4, true}};
    curtail::detail::append_record(text, fields, true);
    CHECK(text == "      one\na     two");
    text.clear();
    curtail::detail::append_record(text, fields);
    CHECK(text == "a     one\n      two");
}

TEST_CASE("TableLayout: no digit of an integer is lost, and a fraction is what rounding makes of it", "[render]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 300; ++round) {
        const std::size_t columns = 1 + random() % 9;
        ResultPayload payload;
        payload.columns_total = columns;
        std::vector<std::string> integers = {"\xE2\x80\xA6"};
        std::vector<double> fractions;
        for (std::size_t c = 0; c < columns; ++c) payload.columns.push_back("name of column " + std::to_string(c));
        for (int row = 0; row < 4; ++row) {
            payload.sample.emplace_back();
            for (std::size_t c = 0; c < columns; ++c) {
                if (c % 2 == 0) {
                    const std::uint64_t value = random() >> (random() % 64);
                    integers.push_back((random() % 2 == 0 ? "-" : "") + std::to_string(value));
                    payload.sample.back().push_back(samples::number(integers.back()));
                } else {
                    char text[64];
                    const double size =
                        std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 80) - 93);
                    std::snprintf(text, sizeof text, random() % 2 == 0 ? "%.17g" : "%.3f", size);
                    fractions.push_back(std::strtod(text, nullptr));
                    integers.emplace_back(text);
                    payload.sample.back().push_back(samples::number(text));
                }
            }
        }
        for (std::size_t width = 12; width < 130; width += 17) {
            const LaidOut table = laid_out(payload, width);
            for (std::size_t i = table.lines.size() - 4; i < table.lines.size(); ++i) {
                std::istringstream words(table.lines[i]);
                for (std::string word; words >> word;) {
                    if (std::find(integers.begin(), integers.end(), word) != integers.end()) continue;
                    const double shown = std::strtod(word.c_str(), nullptr);
                    INFO(word << " in " << table.lines[i]);
                    REQUIRE(std::any_of(fractions.begin(), fractions.end(), [&](double value) {
                        return std::abs(shown - value) <= 0.501 * std::pow(10, std::floor(std::log10(value)) - 3);
                    }));
                }
            }
        }
    }
}
