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
using curtail::detail::statistics_line;

namespace {

std::string flat(const curtail::detail::Line& line) {
    std::string text;
    for (const auto& span : line) text += span.text;
    return text;
}

}  // namespace

TEST_CASE("a histogram is as high as its bins are full, and an empty bin is no bar") {
    CHECK(histogram_bars({1, 2, 3, 4, 5, 6, 7, 8}, 24) ==
          "\xE2\x96\x81\xE2\x96\x82\xE2\x96\x83\xE2\x96\x84\xE2\x96\x85\xE2\x96\x86\xE2\x96\x87\xE2\x96\x88");
    CHECK(histogram_bars({0, 1, 1'000'000}, 24) == " \xE2\x96\x81\xE2\x96\x88");
    CHECK(histogram_bars({}, 24).empty());
    CHECK(histogram_bars({0, 0}, 24).empty());
    CHECK(histogram_bars({1}, 0).empty());
    CHECK(histogram_bars({UINT64_MAX, UINT64_MAX}, 1) == "\xE2\x96\x88");
}

TEST_CASE("more bins than bars are joined in groups of one size where they divide") {
    CHECK(histogram_bars(std::vector<std::uint64_t>(64, 1), 24).size() ==
          16 * 3);  // groups of 4, not of 3 and a last of 1
    CHECK(histogram_bars({1, 1, 3, 3}, 2) == "\xE2\x96\x83\xE2\x96\x88");
    CHECK(histogram_bars(std::vector<std::uint64_t>(53, 1), 24).size() == 18 * 3);
}

TEST_CASE("the edges of a histogram are stated") {
    CHECK(curtail::detail::histogram_text({-1.5, 1234567, {1}}, 9) == "-1.5 \xE2\x96\x88 1,234,567");
    CHECK(curtail::detail::histogram_text({0, std::numeric_limits<double>::infinity(), {1}}, 9).empty());
}

TEST_CASE("the line holds what is known and nothing else") {
    PredictionStats stats;
    CHECK(flat(statistics_line("p", stats, false)) == "p over all 0 rows: no numbers");
    stats.n_rows = 1;
    stats.mean = 0.5;
    CHECK(flat(statistics_line("p", stats, false)) == "p over its 1 row: mean 0.5");
    stats.n_rows = 1'234'567;
    stats.std = 0.25;
    stats.min = 0;
    stats.max = 1;
    stats.median = 0.5;
    CHECK(flat(statistics_line("p", stats, false)) ==
          "p over all 1,234,567 rows: mean 0.5 \xC2\xB7 std 0.25 \xC2\xB7 min 0 \xC2\xB7 median 0.5 \xC2\xB7 "
          "max 1");
    stats.median_rank_error = 0.001;
    stats.n_null = 1200;
    CHECK(flat(statistics_line("p", stats, false)).find("median \xE2\x89\x88 0.5 (within 0.1% of the rows)") !=
          std::string::npos);
    CHECK(flat(statistics_line("p", stats, false)).find("1,200 empty") != std::string::npos);
    CHECK(flat(statistics_line("p", stats, true)) ==
          "p: mean 0.5 \xC2\xB7 std 0.25 \xC2\xB7 min 0 \xC2\xB7 median \xE2\x89\x88 "
          "0.5 \xC2\xB7 max 1 \xC2\xB7 1,200 empty");
}

TEST_CASE("classes are listed by their share, and those not listed are summed") {
    PredictionStats stats;
    CHECK(classes_line(stats, 3, 20).empty());
    stats.class_distribution = {{"yes", 600, 60}, {"no", 380, 38}, {"a\nb", 15, 1.5}, {"", 5, 0.5}};
    CHECK(flat(classes_line(stats, 3, 20)) ==
          "yes 60% (600) \xC2\xB7 no 38% (380) \xC2\xB7 a\xE2\x8F\x8E"
          "b 1.5% (15) \xC2\xB7 \"\" 0.5% (5)");
    CHECK(flat(classes_line(stats, 2, 2)) ==
          "y\xE2\x80\xA6 60% (600) \xC2\xB7 no 38% (380) \xC2\xB7 \xE2\x80\xA6 2 more classes (20)");
    stats.classes_total = 50;
    stats.other_count = 7;
    CHECK(flat(classes_line(stats, 2, 20)).ends_with("\xE2\x80\xA6 48 more classes (27)"));
    CHECK(classes_line(stats, 0, 20).empty());
}
