// SPDX-License-Identifier: MIT
#include <curtail/receive/message/stats_collector.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ClassCount;
using curtail::Histogram;
using curtail::PredictionStats;
using curtail::ReceiverOptions;
using curtail::detail::StatsCollector;

namespace {

StatsCollector collect(std::string_view text, const ReceiverOptions& options = {}) {
    return ::collect<StatsCollector>(text, options);
}

PredictionStats stats_of(const std::string& members, const ReceiverOptions& options = {}) {
    const StatsCollector found = collect("{" + members + "}", options);
    REQUIRE(found.stats().size() == 1);
    return found.stats().front();
}

std::string counts_of(std::size_t bins) {
    std::string text = R"("histogram":{"low":0,"high":1,"counts":[)";
    for (std::size_t i = 0; i < bins; ++i) text += (i == 0 ? "" : ",") + std::to_string(i);
    return text + "]}";
}

}  // namespace

TEST_CASE("StatsCollector: each key goes to the member of its name, in any order", "[receive]") {
    const PredictionStats stats = stats_of(
        R"("other_count":11,"classes_total":12,"median_rank_error":0.25,"median":5,"max":4,"min":-3,"std":2,"mean":1.5,
           "n_null":7,"n_rows":18446744073709551615)");
    PredictionStats expected;
    expected.n_rows = UINT64_MAX;
    expected.n_null = 7;
    expected.mean = 1.5;
    expected.std = 2;
    expected.min = -3;
    expected.max = 4;
    expected.median = 5;
    expected.median_rank_error = 0.25;
    expected.classes_total = 12;
    expected.other_count = 11;
    CHECK(stats == expected);
    CHECK(stats_of(R"("n_rows":0)") == PredictionStats());
    expected = PredictionStats();
    expected.class_counts_are_lower_bounds = true;
    CHECK(stats_of(R"("class_counts_are_lower_bounds":true)") == expected);
    for (const char* other : {"false", "null", "1", "\"true\"", "[true]"}) {
        CHECK(stats_of(std::string(R"("class_counts_are_lower_bounds":)") + other) == PredictionStats());
    }
}

TEST_CASE("StatsCollector: extremes keep their digits", "[receive]") {
    const PredictionStats whole = stats_of(R"("min":-9007199254740993,"max":170141183460469231731687303715884105727)");
    CHECK(whole.min == curtail::Extreme(INT64_C(-9007199254740993)));
    REQUIRE(whole.max);
    CHECK(whole.max->text() == "170141183460469231731687303715884105727");
    CHECK(whole.max->value() == 170141183460469231731687303715884105727.0);
    const PredictionStats real = stats_of(R"("min":0.50,"max":1e5)");
    CHECK(real.min == curtail::Extreme(0.5, "0.50"));
    CHECK(real.max == 1e5);
    // Digits that are no number of JSON are not passed on as one.
    const PredictionStats texts = stats_of(R"("min":"007","max":".5")");
    CHECK(texts.min == curtail::Extreme(7.0));
    CHECK(texts.max == curtail::Extreme(0.5));
    const PredictionStats wide = stats_of(R"("min":null,"max":)" + std::string(60, '9'));
    CHECK_FALSE(wide.min);
    CHECK(wide.max == curtail::Extreme(1e60));
    CHECK_FALSE(stats_of(R"("max":1e999)").max);
    CHECK_FALSE(stats_of(R"("max":NaN)").max);
}

TEST_CASE("StatsCollector: statistics are one object or one for each prediction column", "[receive]") {
    CHECK(collect(R"({"mean":1})").stats().size() == 1);
    const StatsCollector list = collect(R"([{"mean":1},{},{"mean":3}])");
    REQUIRE(list.stats().size() == 3);
    CHECK(list.stats()[0].mean == 1.0);
    CHECK_FALSE(list.stats()[1].mean.has_value());
    CHECK(list.stats()[2].mean == 3.0);
    for (const char* other : {"7", "null", "\"{}\"", "true", "[]"}) CHECK(collect(other).stats().empty());
    CHECK(collect("[{\"mean\":1,").stats().at(0).mean == 1.0);
}

TEST_CASE("StatsCollector: ignores unknown members and members of the wrong type", "[receive]") {
    const PredictionStats stats = stats_of(
        R"("mean":"x","std":[2],"min":{"mean":3},"max":true,"median":null,"n_rows":-1,"n_null":1.5,"histogram":[1],
           "class_distribution":[{"a":1}],"skew":9,"quantiles":{"mean":8,"histogram":{"low":1}},"Mean":7,"n_rows ":6)");
    CHECK(stats == PredictionStats());
    CHECK(stats_of(R"("mean":NaN,"max":Infinity,"min":1e999)") == PredictionStats());
    const PredictionStats histogram =
        stats_of(R"("histogram":{"low":"0","high":2,"counts":[1,"3",2.0],"edges":[0,1],"bins":{"counts":[9]}})");
    CHECK(histogram.histogram == Histogram{0, 2, {1, 3, 2}});
}

TEST_CASE("StatsCollector: leaves out a histogram of which something is not known", "[receive]") {
    for (const char* members :
         {R"("counts":[1,2])", R"("low":0,"counts":[1,2])", R"("low":"0x","high":2,"counts":[1,2])",
          R"("low":0,"high":1e400,"counts":[1,2])", R"("low":0,"high":null,"counts":[1,2])",
          R"("low":2,"high":1,"counts":[1,2])", R"("low":0,"high":1,"counts":[1,"x"])",
          R"("low":0,"high":1,"counts":[-1])", R"("low":0,"high":1,"counts":[0.5])"}) {
        INFO(members);
        const PredictionStats stats = stats_of(R"("mean":1,"histogram":{)" + std::string(members) + "}");
        CHECK_FALSE(stats.histogram.has_value());
        CHECK(stats.mean == 1.0);
    }
}

TEST_CASE("StatsCollector: a percentage is that of its count, and every label has a count", "[receive]") {
    for (const char* classes : {R"({"x":9,"y":1})", R"({"x":{"count":9},"y":{"count":1}})",
                                R"({"x":{"count":9,"percentage":90},"y":{"percentage":10.04,"count":1}})",
                                R"({"x":{"count":9,"percentage":0.9},"y":{"count":1,"percentage":-5}})",
                                R"({"x":{"count":9,"percentage":900},"y":{"count":1,"percentage":"?"}})"}) {
        INFO(classes);
        const PredictionStats stats =
            stats_of(R"("n_rows":12,"n_null":2,"class_distribution":)" + std::string(classes));
        REQUIRE(stats.class_distribution.size() == 2);
        CHECK(stats.class_distribution[0] == ClassCount{"x", 9, 90});
        CHECK(stats.class_distribution[1].percentage - 10 < 0.05);
        CHECK(stats.class_distribution[1].percentage >= 10);
    }
    const PredictionStats bounds = stats_of(
        R"("n_rows":100,"class_counts_are_lower_bounds":true,"class_distribution":{"x":{"count":5,"percentage":62.5},
                    "y":{"count":5,"percentage":3},"z":{"count":5,"percentage":101}})");
    CHECK(bounds.class_distribution == std::vector<ClassCount>{{"x", 5, 62.5}, {"y", 5, 5}, {"z", 5, 5}});
    const StatsCollector found = collect(R"({"class_distribution":{"x":{"percentage":80},"y":0.5,"z":{},"w":0}})");
    CHECK(found.stats().at(0).class_distribution == std::vector<ClassCount>{{"w", 0, 0}});
    CHECK(found.stats().at(0).classes_total == 4);
    CHECK(found.dropped_labels());
}

TEST_CASE("StatsCollector: of equal keys the last wins", "[receive]") {
    CHECK(stats_of(R"("mean":1,"mean":2)").mean == 2.0);
    CHECK_FALSE(stats_of(R"("mean":1,"mean":null)").mean.has_value());
    CHECK(stats_of(R"("histogram":{"low":1,"high":2,"counts":[1,2]},"histogram":{"low":3,"high":5,"counts":[3]})")
              .histogram == Histogram{3, 5, {3}});
    CHECK_FALSE(
        stats_of(R"("histogram":{"low":1,"high":2,"counts":[1]},"histogram":{"high":5,"counts":[3]})").histogram);
    const PredictionStats stats =
        stats_of(R"("class_distribution":{"a":1,"b":2,"c":3},"class_distribution":{"d":{"count":4,"count":5}})",
                 {.max_classes = 1});
    CHECK(stats.class_distribution == std::vector<ClassCount>{{"d", 5, 100}});
    CHECK(stats.classes_total == 1);
    CHECK(stats.other_count == 0);
}

TEST_CASE("StatsCollector: a class is a count alone, or an object with count and percentage", "[receive]") {
    const PredictionStats stats = stats_of(
        R"("n_rows":16,"class_distribution":{"a":3,"b":{"percentage":12.5,"count":2},"":{"count":1,"rank":[1]},"count":4,"x":true,"y":null,
           "z":[6],"\ud83d\ude00":{}})");
    CHECK(stats.class_distribution ==
          std::vector<ClassCount>{{"a", 3, 18.75}, {"b", 2, 12.5}, {"", 1, 6.25}, {"count", 4, 25}});
    CHECK(stats.classes_total == 5);
    CHECK(stats.other_count == 0);
}

TEST_CASE("StatsCollector: adds labels beyond the limit to those not listed, in any order", "[receive]") {
    for (const char* members :
         {R"("other_count":5,"class_distribution":{"a":4,"b":{"count":3,"percentage":9},"c":2})",
          R"("class_distribution":{"a":4,"b":{"count":3,"percentage":9},"c":2},"other_count":5)"}) {
        const StatsCollector found = collect("{" + std::string(members) + "}", {.max_classes = 1});
        const PredictionStats& stats = found.stats().at(0);
        CHECK(found.dropped_labels());
        CHECK(stats.class_distribution == std::vector<ClassCount>{{"a", 4, 400.0 / 14}});
        CHECK(stats.classes_total == 3);
        CHECK(stats.other_count == 10);
    }
    CHECK(stats_of(R"("class_distribution":{"a":1,"b":2},"classes_total":70)", {.max_classes = 1}).classes_total == 70);
    CHECK(stats_of(R"("class_distribution":{"a":1,"b":2})", {.max_classes = 0}).other_count == 3);
    CHECK_FALSE(collect(R"({"class_distribution":{"a":1,"b":2}})", {.max_classes = 2}).dropped_labels());
    // Each column has its own.
    const StatsCollector two =
        collect(R"([{"class_distribution":{"a":1,"b":2}},{"class_distribution":{"c":7}}])", {.max_classes = 1});
    CHECK(two.stats().at(0).other_count == 2);
    CHECK(two.stats().at(1).other_count == 0);
    CHECK(two.stats().at(1).classes_total == 1);
}

TEST_CASE("StatsCollector: a label is kept as long as a name", "[receive]") {
    const std::string label(24, 'n');
    const PredictionStats stats =
        stats_of("\"class_distribution\":{\"" + label + "n\":1,\"" + label + "\":2}", {.max_name_bytes = 24});
    REQUIRE(stats.class_distribution.size() == 2);
    CHECK(stats.class_distribution[0].label == label.substr(0, 21) + "\xE2\x80\xA6");
    CHECK(stats.class_distribution[1].label == label);
}

TEST_CASE("StatsCollector: leaves out a histogram of more than 1024 bins", "[receive]") {
    const PredictionStats most = stats_of(counts_of(1024) + R"(,"mean":1)");
    REQUIRE(most.histogram.has_value());
    CHECK(most.histogram->counts.size() == 1024);
    CHECK(most.histogram->counts.back() == 1023);
    const PredictionStats more = stats_of(counts_of(1025) + R"(,"mean":1)");
    CHECK_FALSE(more.histogram.has_value());
    CHECK(more.mean == 1.0);
    const StatsCollector next = collect("[{" + counts_of(5000) + "},{" + counts_of(3) + "}]");
    CHECK_FALSE(next.stats().at(0).histogram.has_value());
    CHECK(next.stats().at(1).histogram == Histogram{0, 1, {0, 1, 2}});
}

TEST_CASE("StatsCollector: keeps statistics of as many columns as max_columns", "[receive]") {
    std::string text = "[{}";
    for (int i = 1; i < 2000; ++i) text += ",{\"mean\":" + std::to_string(i) + "}";
    const StatsCollector found = collect(text + "]", {.max_columns = 3});
    REQUIRE(found.stats().size() == 3);
    CHECK(found.stats()[2].mean == 2.0);
}

TEST_CASE("StatsCollector: an estimate without an error may be off by all rows, column by column", "[receive]") {
    const StatsCollector found = collect(
        R"([{"median_is_estimate":true,"median":1},{"median":2},{"median_is_estimate":true,"median_rank_error":0.01},
            {"median_is_estimate":false}])");
    REQUIRE(found.stats().size() == 4);
    CHECK(found.stats()[0].median_rank_error == 1.0);
    CHECK_FALSE(found.stats()[1].median_rank_error.has_value());
    CHECK(found.stats()[2].median_rank_error == 0.01);
    CHECK_FALSE(found.stats()[3].median_rank_error.has_value());
}

TEST_CASE("StatsCollector: an object without members says nothing, but keeps its place among others", "[receive]") {
    CHECK(collect("{}").stats().empty());
    CHECK(collect(R"([{},{"n_rows":7}])").stats() ==
          std::vector<PredictionStats>{PredictionStats(), stats_of(R"("n_rows":7)")});
    CHECK(collect(R"({"unknown":1})").stats().size() == 1);
}
