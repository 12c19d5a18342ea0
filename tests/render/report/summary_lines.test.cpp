// SPDX-License-Identifier: MIT
#include <curtail/render/report/summary_lines.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using namespace curtail::detail;
using curtail::ResultPayload;

namespace {

std::string counts(const ResultPayload& payload, std::size_t rows, const ColumnChoice& shown) {
    return counts_line(payload, SampleView(payload, 20, 40), rows, shown).text();
}

}  // namespace

TEST_CASE("title_line: says what happened to which job", "[render]") {
    CHECK(title_line(samples::customers()).text() == "Predictions ready \xC2\xB7 job job_3f2a9c11d0be");
    CHECK(title_line(samples::failed()).text() == "Job failed \xC2\xB7 job job_3f2a9c11d0be");
    CHECK(title_line(samples::saving()).text() == "Job running \xC2\xB7 job job_3f2a9c11d0be");
    CHECK(title_line({}).text() == "Result ready");
}

TEST_CASE("counts_line: says how much is shown of how much, and of predictions if they differ", "[render]") {
    ResultPayload payload = samples::customers();
    CHECK(counts(payload, 10, {2, 1, 1}) == "10 of 1,234,567 rows \xC2\xB7 3 of 3 columns + prediction");
    CHECK(counts(payload, 0, {2, 0, 0}) == "0 of 1,234,567 rows \xC2\xB7 2 of 3 columns");
    payload.prediction_columns = {"a", "b", "c"};
    CHECK(counts(payload, 1, {1, 0, 3}) == "1 of 1,234,567 rows \xC2\xB7 1 of 3 columns + 3 predictions");
    CHECK(counts(payload, 1, {1, 0, 2}) == "1 of 1,234,567 rows \xC2\xB7 1 of 3 columns + 2 of 3 predictions");
    payload.predictions_count = 99;
    CHECK(counts(payload, 1, {1, 0, 3}).ends_with(" \xC2\xB7 99 predicted"));
    payload.rows = 4;  // fewer than the message itself shows
    CHECK(counts(payload, 1, {1, 0, 3}).starts_with("1 of 10 rows"));
}

TEST_CASE("counts_line: says which rows are shown unless they are the first ones or all", "[render]") {
    ResultPayload payload = samples::customers();
    const auto said = [&](const char* strategy) {
        payload.sample_strategy = strategy;
        return counts(payload, 10, {2, 1, 1});
    };
    const std::string columns = " \xC2\xB7 3 of 3 columns + prediction";
    CHECK(said("tail") == "10 of 1,234,567 rows (the last ones)" + columns);
    CHECK(said("random") == "10 of 1,234,567 rows (a random choice)" + columns);
    CHECK(said("highest_predictions") == "10 of 1,234,567 rows (the highest predictions)" + columns);
    CHECK(said("lowest_predictions") == "10 of 1,234,567 rows (the lowest predictions)" + columns);
    CHECK(said("") == "10 of 1,234,567 rows" + columns);
    CHECK(said("\x1B[31m every third") == "10 of 1,234,567 rows" + columns);
    payload.sample_strategy = "tail";
    CHECK(counts(payload, 0, {2, 0, 0}) == "0 of 1,234,567 rows \xC2\xB7 2 of 3 columns");
    payload.rows = payload.predictions_count = 10;
    CHECK(counts(payload, 10, {2, 1, 1}) == "10 of 10 rows" + columns);
}

TEST_CASE("counts_line: a summary says nothing of what its message does not count", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::summary;
    CHECK(counts(payload, 0, {}).empty());
    payload.columns_total = 3;
    CHECK(counts(payload, 0, {}) == "3 columns");
    payload.rows = 1;
    CHECK(counts(payload, 0, {}) == "1 row \xC2\xB7 3 columns");
    payload.columns_total = 0;
    CHECK(counts(payload, 0, {}) == "1 row");
    payload.columns = {"a", "b"};
    CHECK(counts(payload, 0, {}) == "1 row \xC2\xB7 2 columns");
}

TEST_CASE("cut_line: names what the message lacks, with the size of the largest cell", "[render]") {
    ResultPayload payload = samples::churn();
    CHECK(cut_line(payload, 4).text() ==
          "Not in the message: other rows \xC2\xB7 other columns \xC2\xB7 parts of 2 cells, the largest of "
          "1.2 GB");
    payload.cells_truncated.resize(1);
    payload.cells_truncated_total = 0;
    payload.truncation = {"stats", "cells", "new\nreason"};
    CHECK(cut_line(payload, 4).text() ==
          "Not in the message: other class labels \xC2\xB7 new\xE2\x8F\x8Ereason \xC2\xB7 parts of 1 cell of "
          "1.2 GB");
    CHECK(cut_line({}, 0).text().empty());
    payload = {};
    payload.truncated = true;
    CHECK(cut_line(payload, 0).text() == "The message does not carry the whole table.");
}

TEST_CASE("cut_line: leaves missing parts to missing_line(), and says that names of parts are cut", "[render]") {
    ResultPayload payload = samples::with_missing_parts();
    CHECK(cut_line(payload, 10).text() == "Not in the message: other rows");
    payload.truncation = {"parts"};
    CHECK(cut_line(payload, 10).empty());
    payload.parts_missing.clear();
    payload.parts_missing_total = 0;
    CHECK(cut_line(payload, 10).text() == "Not in the message: names of other parts");
}

TEST_CASE("cut_line: says that a message carried every row only if all are shown, else how many are not", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::complete;
    payload.rows = 3;
    CHECK(cut_line(payload, 3).text() == "The message carried every row.");
    CHECK(cut_line(payload, 2).text() == "1 row of the table is not shown.");
    CHECK(cut_line(payload, 1).text() == "2 rows of the table are not shown.");
    CHECK(cut_line(payload, 0).text() == "3 rows of the table are not shown.");
    payload.sample = {{samples::number("1")}};  // beside three predictions
    CHECK(cut_line(payload, 3).text() == "2 rows of the table are not shown.");
    payload.sample.resize(3);
    CHECK(cut_line(payload, 3).text() == "The message carried every row.");
}

TEST_CASE("cut_line: a message without rows or without a table does not claim that it carried every row", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::complete;
    CHECK(cut_line(payload, 0).empty());
    payload.rows = 2;
    payload.columns = {"age", "city"};
    payload.columns_total = 2;
    CHECK(cut_line(payload, 2).empty());
}

TEST_CASE("cut_line: a message that names only some columns and shows none is not said to carry a table", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::complete;
    payload.rows = 2;
    payload.columns = {"age", "city"};
    payload.columns_total = 2;
    payload.truncation = {"columns"};
    CHECK(cut_line(payload, 2).text() == "The message carried a table that is not shown.");
    payload.columns_total = 5;
    CHECK(cut_line(payload, 2).empty());
    CHECK(cut_line(payload, 0).text() == "2 rows of the table are not shown.");
}

TEST_CASE("names_line: lists names and counts the rest", "[render]") {
    ResultPayload payload;
    CHECK(names_line(payload, 5, 20).empty());
    payload.columns = {"a", "", "b\n", "d"};
    CHECK(names_line(payload, 3, 20).text() == "Columns: a \xC2\xB7 \"\" \xC2\xB7 b\xE2\x8F\x8E \xC2\xB7 d");
    payload.columns_total = 1000;
    CHECK(names_line(payload, 2, 20).text() == "Columns: a \xC2\xB7 \"\" \xC2\xB7 \xE2\x80\xA6 998 more");
    CHECK(names_line(payload, 0, 20).empty());
}

TEST_CASE("counts_line: of a page it says which rows are shown, numbered from 1", "[render]") {
    ResultPayload payload = samples::page();
    const std::string columns = " \xC2\xB7 3 of 3 columns + prediction";
    CHECK(counts(payload, 10, {2, 1, 1}) ==
          "rows 9,000,001\xE2\x80\x93"
          "9,000,010 of 10,320,000" +
              columns);
    CHECK(counts(payload, 3, {2, 1, 1}) ==
          "rows 9,000,001\xE2\x80\x93"
          "9,000,003 of 10,320,000" +
              columns);
    CHECK(counts(payload, 1, {2, 1, 1}) == "row 9,000,001 of 10,320,000" + columns);
    CHECK(counts(payload, 0, {2, 0, 0}) == "0 of 10,320,000 rows \xC2\xB7 2 of 3 columns");
    payload.rows = payload.predictions_count = 9'000'010;  // the last page
    CHECK(counts(payload, 10, {2, 1, 1})
              .starts_with("rows 9,000,001\xE2\x80\x93"
                           "9,000,010 of 9,000,010 "));
    payload.sample_row_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    CHECK(counts(payload, 10, {2, 1, 1})
              .starts_with("rows 1\xE2\x80\x93"
                           "10 of 9,000,010 "));
}

TEST_CASE("counts_line: a page whose numbers are impossible is counted like any sample", "[render]") {
    const std::string counted = "10 of 10,320,000 rows \xC2\xB7 3 of 3 columns + prediction";
    const auto said = [](std::vector<std::uint64_t> numbers) {
        ResultPayload payload = samples::page();
        payload.sample_row_numbers = std::move(numbers);
        return counts(payload, 10, {2, 1, 1});
    };
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    CHECK(said({}) == counted);
    CHECK(said({1, 2, 3}) == counted);
    CHECK(said({0, 1, 2, 3, 4, 5, 6, 7, 8, 10}) == counted);
    CHECK(said({9, 8, 7, 6, 5, 4, 3, 2, 1, 0}) == counted);
    CHECK(said(std::vector<std::uint64_t>(10, 5)) == counted);
    CHECK(said(std::vector<std::uint64_t>(10, most)) == counted);
    CHECK(said({10'319'991, 10'319'992, 10'319'993, 10'319'994, 10'319'995, 10'319'996, 10'319'997, 10'319'998,
                10'319'999, 10'320'000}) == counted);
    ResultPayload all = samples::page();
    all.rows = all.predictions_count = most;
    for (std::uint64_t& number : all.sample_row_numbers) number = most - 10 + (number - 9'000'000);
    CHECK(counts(all, 10, {2, 1, 1})
              .starts_with("rows 18,446,744,073,709,551,606\xE2\x80\x93"
                           "18,446,744,073,709,551,615 of 18,446,744,073,709,551,615 "));
}

TEST_CASE("progress_bar: takes any number", "[render]") {
    CHECK(std::string_view(progress_bar(100)).ends_with("\xE2\x96\x88 100%"));
    CHECK(std::string_view(progress_bar(0)).starts_with("\xE2\x96\x91"));
    CHECK(progress_bar(-5) == std::string_view(progress_bar(0)));
    CHECK(progress_bar(1e300) == std::string_view(progress_bar(100)));
    CHECK(progress_bar(std::numeric_limits<double>::quiet_NaN()) == std::string_view(progress_bar(0)));
}
