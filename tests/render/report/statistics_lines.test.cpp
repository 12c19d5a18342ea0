// SPDX-License-Identifier: MIT
#include <curtail/render/report/statistics_lines.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"

using curtail::PredictionStats;
using curtail::detail::classes_line;
using curtail::detail::histogram_bars;
using curtail::detail::histogram_text;
using curtail::detail::is_binary;
using curtail::detail::statistics_line;

namespace {

std::string line(const char* name, const PredictionStats& stats) {
    return statistics_line(name, stats, {}).text();
}

}  // namespace

TEST_CASE("histogram_bars: are as high as their bins are full; an empty bin is a space", "[render]") {
    CHECK(histogram_bars({1, 2, 3, 4, 5, 6, 7, 8}, 24) ==
          "\xE2\x96\x81\xE2\x96\x82\xE2\x96\x83\xE2\x96\x84\xE2\x96\x85\xE2\x96\x86\xE2\x96\x87\xE2\x96\x88");
    CHECK(histogram_bars({0, 1, 1'000'000}, 24) == " \xE2\x96\x81\xE2\x96\x88");
    CHECK(histogram_bars({}, 24).empty());
    CHECK(histogram_bars({0, 0}, 24).empty());
    CHECK(histogram_bars({1}, 0).empty());
    CHECK(histogram_bars({UINT64_MAX, UINT64_MAX}, 1) == "\xE2\x96\x88");
}

TEST_CASE("histogram_bars: joins bins in groups of one size if one divides their number", "[render]") {
    CHECK(histogram_bars(std::vector<std::uint64_t>(64, 1), 24).size() ==
          16 * 3);  // groups of 4, not of 3 and a last of 1
    CHECK(histogram_bars({1, 1, 3, 3}, 2) == "\xE2\x96\x83\xE2\x96\x88");
    CHECK(histogram_bars(std::vector<std::uint64_t>(53, 1), 24).size() == 18 * 3);
}

TEST_CASE("histogram_text: ends in the smallest and the largest number", "[render]") {
    PredictionStats stats;
    CHECK(histogram_text(stats, 9).empty());
    stats.histogram = curtail::Histogram{-1.5, 1234567, {1}};
    CHECK(histogram_text(stats, 9) == "-1.5 \xE2\x96\x88 1,234,567");
    stats.histogram = curtail::Histogram{0, 100, {0, 0, 5, 0, 10, 0}};
    CHECK(histogram_text(stats, 9) == "0   \xE2\x96\x84 \xE2\x96\x88  100");
    stats.min = 34;
    stats.max = 83.25;
    CHECK(histogram_text(stats, 9) == "34 \xE2\x96\x84 \xE2\x96\x88 83.25");
    stats.histogram = curtail::Histogram{0, 1, {0, 0}};
    CHECK(histogram_text(stats, 9).empty());
    stats.min = std::numeric_limits<double>::infinity();
    stats.histogram = curtail::Histogram{0, 1, {1}};
    CHECK(histogram_text(stats, 9).empty());
}

TEST_CASE("statistics_line: binary predictions are two classes and have no mean", "[render]") {
    PredictionStats stats;
    stats.n_rows = 1000;
    stats.mean = 0.3;
    stats.min = stats.median = 0;
    stats.max = 1;
    stats.std = 0.45;
    stats.class_distribution = {{"0", 700, 70}, {"1", 300, 30}};
    stats.classes_total = 2;
    CHECK(line("churn", stats) == "churn over all 1,000 rows: 0: 70% (700) \xC2\xB7 1: 30% (300)");
    CHECK(classes_line(stats, 6, 40).empty());
    stats.class_distribution = {{"False", 700, 70}, {"True", 299, 29.9}};
    stats.n_null = 1;
    CHECK(line("churn", stats) ==
          "churn over all 1,000 rows: False 70% (700) \xC2\xB7 True 29.9% (299) \xC2\xB7 1 empty");
    stats.class_distribution = {{"1", 700, 70}, {"2", 300, 30}};
    CHECK(is_binary(stats));
    stats.class_distribution = {{"1", 1000, 100}};
    stats.classes_total = 1;
    CHECK(is_binary(stats));
    stats.classes_total = 3;  // more than are listed
    CHECK_FALSE(is_binary(stats));
    stats.n_rows = 2;  // two numbers are not classes
    stats.n_null = 0;
    stats.class_distribution = {{"52000", 1, 50}, {"61000", 1, 50}};
    stats.classes_total = 2;
    CHECK_FALSE(is_binary(stats));
    CHECK(line("pay", stats).find("mean 0.3") != std::string::npos);
    stats.mean.reset();  // two labels
    CHECK(is_binary(stats));
    CHECK_FALSE(is_binary(PredictionStats{}));
}

TEST_CASE("statistics_line: numbers of the column have the scale of its decimals", "[render]") {
    PredictionStats stats;
    stats.n_rows = 20;
    stats.mean = 10.0 / 3;
    stats.min = 0;
    stats.median = 12.5;
    stats.max = 1234567.5;
    CHECK(statistics_line("price", stats, {.decimals = 3}).text() ==
          "price over all 20 rows: mean 3.33333 \xC2\xB7 min 0.000 \xC2\xB7 median 12.500 \xC2\xB7 max 1,234,567.500");
}

TEST_CASE("statistics_line: has what is known and nothing else", "[render]") {
    PredictionStats stats;
    CHECK(line("p", stats) == "p over all 0 rows: no numbers");
    CHECK(line("p", {.std = 0.5}) == "p: std 0.5");
    CHECK(line("p", {.median = 0.5}) == "p: median 0.5");
    CHECK(line("p", {.n_null = 3}) == "p: 3 empty");
    CHECK(line("p", {.n_rows = 5, .histogram = curtail::Histogram{0, 2.5, {1, 4}}}) ==
          "p over all 5 rows: from 0 to 2.5");
    stats.mean = 0.5;
    CHECK(line("p", stats) == "p: mean 0.5");
    stats.n_rows = 1;
    stats.mean = 0.5;
    CHECK(line("p", stats) == "p over its 1 row: mean 0.5");
    stats.n_rows = 1'234'567;
    stats.std = 0.25;
    stats.min = 0;
    stats.max = 1;
    stats.median = 0.5;
    CHECK(line("p", stats) ==
          "p over all 1,234,567 rows: mean 0.5 \xC2\xB7 std 0.25 \xC2\xB7 min 0 \xC2\xB7 median 0.5 \xC2\xB7 "
          "max 1");
    stats.median_rank_error = 0.001;
    stats.n_null = 1200;
    CHECK(line("p", stats).find("median \xE2\x89\x88 0.5 (within 0.1% of the rows)") != std::string::npos);
    CHECK(line("p", stats).find("1,200 empty") != std::string::npos);
    CHECK(statistics_line("p", stats, {.rows = false, .brief = true}).text() ==
          "p: mean 0.5 \xC2\xB7 std 0.25 \xC2\xB7 min 0 \xC2\xB7 median \xE2\x89\x88 "
          "0.5 \xC2\xB7 max 1 \xC2\xB7 1,200 empty");
}

TEST_CASE("statistics_line: shows integer extremes with all of their digits", "[render]") {
    PredictionStats stats;
    stats.n_rows = 2;
    stats.min = INT64_C(-9007199254740993);
    stats.max = curtail::Extreme(1.7e38, "170141183460469231731687303715884105727");
    CHECK(statistics_line("p", stats, {.rows = false}).text() ==
          "p: min -9,007,199,254,740,993 \xC2\xB7 max 170,141,183,460,469,231,731,687,303,715,884,105,727");
}

TEST_CASE("statistics_line: does not call some rows of the table all rows", "[render]") {
    PredictionStats stats;
    stats.n_rows = 1000;
    CHECK(statistics_line("p", stats, {.all = false}).text() == "p over 1,000 rows: no numbers");
    stats.n_rows = 1;
    CHECK(statistics_line("p", stats, {.all = false}).text() == "p over 1 row: no numbers");
}

TEST_CASE("classes_line: says of lower bounds that they are", "[render]") {
    PredictionStats stats;
    stats.n_rows = 1000;
    stats.class_counts_are_lower_bounds = true;
    CHECK(classes_line(stats, 3, 20).empty());
    stats.class_distribution = {{"yes", 600, 60}, {"no", 380, 38}};
    stats.classes_total = 2;
    CHECK(classes_line(stats, 3, 20).text() == "at least: yes 60% (600) \xC2\xB7 no 38% (380)");
    CHECK_FALSE(is_binary(stats));
    stats.classes_total = 20'013;
    stats.other_count = 20;
    CHECK(classes_line(stats, 3, 20).text() ==
          "at least: yes 60% (600) \xC2\xB7 no 38% (380) \xC2\xB7 \xE2\x80\xA6 20,011 more classes (at most 20)");
    CHECK(line("p", stats) == "p over all 1,000 rows: about 20,013 classes");
}

TEST_CASE("classes_line: lists the largest classes and sums up the others", "[render]") {
    PredictionStats stats;
    CHECK(classes_line(stats, 3, 20).empty());
    stats.class_distribution = {{"yes", 600, 60}, {"no", 380, 38}, {"a\nb", 15, 1.5}, {"", 5, 0.5}};
    CHECK(classes_line(stats, 3, 20).text() ==
          "yes 60% (600) \xC2\xB7 no 38% (380) \xC2\xB7 a\xE2\x8F\x8E"
          "b 1.5% (15) \xC2\xB7 \"\" 0.5% (5)");
    CHECK(classes_line(stats, 2, 2).text() ==
          "\xE2\x80\xA6s 60% (600) \xC2\xB7 no 38% (380) \xC2\xB7 \xE2\x80\xA6 2 more classes (20)");
    stats.classes_total = 50;
    stats.other_count = 7;
    CHECK(classes_line(stats, 2, 20).text().ends_with("\xE2\x80\xA6 48 more classes (27)"));
    CHECK(classes_line(stats, 0, 20).empty());
}
