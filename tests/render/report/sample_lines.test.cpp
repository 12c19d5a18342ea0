// SPDX-License-Identifier: MIT
#include <curtail/render/report/sample_lines.hpp>

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

LaidOut laid_out(const ResultPayload& payload, std::size_t width, bool narrow = true) {
    SampleView view(payload, 20, width);
    const auto [text, shown] = sample_lines(view, view.rows(), width, narrow, 20);
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

TEST_CASE("sample_lines: makes cards of a small table of which less than half fits", "[render]") {
    const LaidOut cards = laid_out(numbered(21), 18);
    CHECK(cards.lines[0] == "#1");
    CHECK(cards.lines[1] == "column_  0");
    CHECK(cards.lines[2] == "0");
    CHECK(cards.shown.features() == 21);
    CHECK(cards.shown.predictions == 1);
    for (const std::string& line : cards.lines) CHECK(curtail::detail::display_width(line) <= 18);
    CHECK(laid_out(numbered(21), 18, false).shown.columns() < 4);
    CHECK(laid_out(numbered(30), 30).lines[0].find('#') == std::string::npos);  // cards would not be complete
}

TEST_CASE("sample_lines: a card shows a long value on several lines, and never cuts an id or a number", "[render]") {
    ResultPayload payload;
    payload.columns = {"transaction", "uuid", "created_at", "review", "is_fraud_probability"};
    payload.columns_total = 5;
    payload.sample = {{samples::number("5606394622302311"), samples::text("a0e5f5d5-1b2c-4d3e-8f90-9b75d7c2827c"),
                       samples::text("2024-03-01 08:15:30.123456"),
                       samples::text("The product arrived late and the box was damaged, but support answered within an "
                                     "hour and sent a new one, so in the end I am happy with it."),
                       samples::number("0.07309160710264946")}};
    CHECK(laid_out(payload, 40).lines ==
          std::vector<std::string>{
              "#1", "transaction         5606394622302311", "uuid                a0e5f5d5-1b2c-4d3e-",
              "                    8f90-9b75d7c2827c", "created_at          2024-03-01 08:15:30.",
              "                    123456", "review              The product arrived",
              "                    late and the box was", "                    damaged, but suppor\xE2\x80\xA6",
              "is_fraud_           0.0730916", "probability"});
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

TEST_CASE("sample_lines: the cards of a page have the numbers of their rows", "[render]") {
    ResultPayload payload = samples::page();
    CHECK(laid_out(payload, 20).lines[0] == "#9,000,001");
    CHECK(laid_out(payload, 20).lines[7] == "#9,000,002");
    payload.rows = 5;  // the numbers cannot be
    CHECK(laid_out(payload, 20).lines[0] == "#1");
    payload.rows = payload.sample_row_numbers[0] = 18'446'744'073'709'551'615U;
    CHECK(laid_out(payload, 20).lines[0] == "#1");
    --payload.sample_row_numbers[0];
    CHECK(curtail::detail::display_width(laid_out(payload, 12).lines[0]) <= 12);
    payload = samples::page();
    payload.sample_strategy = "tail";
    CHECK(laid_out(payload, 20).lines[0] == "#1");
}
