// SPDX-License-Identifier: MIT
#include <curtail/statistics/prediction_statistics.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>

#include "catch.hpp"
#include "seed.hpp"

using curtail::PredictionStatistics;
using curtail::PredictionStats;
using curtail::StatisticsOptions;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class Range>
PredictionStatistics gather(const Range& values, const StatisticsOptions& options = {}) {
    PredictionStatistics statistics(options);
    for (const auto& value : values) statistics.add(value);
    return statistics;
}

template <class T>
PredictionStats stats_of(std::initializer_list<T> values) {
    return gather(values).result();
}

bool close(const std::optional<double>& value, double expected, double scale) {
    return value && std::abs(*value - expected) <= 1e-12 * scale;
}

bool close(const std::optional<double>& value, const std::optional<double>& expected) {
    return value.has_value() == expected.has_value() && (!value || close(value, *expected, std::abs(*expected)));
}

std::uint64_t counted(const PredictionStats& stats) {
    return std::accumulate(stats.histogram->counts.begin(), stats.histogram->counts.end(), std::uint64_t{0});
}

// Returns true if the shares of rows below and not above the median are one half, to half a percent.
bool is_median(const std::vector<double>& values, double median) {
    const auto size = static_cast<double>(values.size());
    const auto below = std::count_if(values.begin(), values.end(), [&](double value) { return value < median; });
    const auto up_to = std::count_if(values.begin(), values.end(), [&](double value) { return value <= median; });
    return static_cast<double>(below) / size <= 0.505 && static_cast<double>(up_to) / size >= 0.495;
}

}  // namespace

TEST_CASE("PredictionStatistics: describes numbers as pandas does", "[statistics]") {
    // pandas 1.5.3: s = pd.Series([3, 1.5, nan, -2, 8.25, None, 0.1]); s.mean(), s.std(), s.min(), s.max(),
    // s.median()
    const auto stats = stats_of<std::optional<double>>({3, 1.5, not_a_number, -2, 8.25, std::nullopt, 0.1});
    CHECK(stats.n_rows == 7);
    CHECK(stats.n_null == 2);
    CHECK(close(stats.mean, 2.17, 2));
    CHECK(close(stats.std, 3.8658116870846153, 3));
    CHECK(stats.min == -2.0);
    CHECK(stats.max == 8.25);
    CHECK(stats.median == 1.5);
    CHECK_FALSE(stats.median_rank_error);
    CHECK(stats.class_distribution.empty());
    CHECK(stats.classes_total == 0);
    CHECK(stats.other_count == 0);
    REQUIRE(stats.histogram);
    CHECK(stats.histogram->counts.size() == 20);
    CHECK(counted(stats) == 5);
    // The mean of the middle two if the number of values is even, as in pandas.
    CHECK(stats_of({4, 1, 3, 2}).median == 2.5);
    CHECK(stats_of({1.5e308, 1.7e308}).median == 1.6e308);
}

TEST_CASE("PredictionStatistics: leaves out what no rows, only nulls or one value cannot give", "[statistics]") {
    const auto none = PredictionStatistics().result();
    CHECK(none == PredictionStats{});
    const auto nulls = stats_of({not_a_number, not_a_number});
    CHECK(nulls.n_rows == 2);
    CHECK(nulls.n_null == 2);
    CHECK_FALSE(nulls.mean);
    CHECK_FALSE(nulls.median);
    CHECK_FALSE(nulls.histogram);
    CHECK(nulls.class_distribution.empty());
    const auto one = stats_of({2.5});
    CHECK(one.mean == 2.5);
    CHECK(one.median == 2.5);
    CHECK_FALSE(one.std);
    CHECK(one.histogram == curtail::Histogram{2.5, 2.5, {1}});
}

TEST_CASE("PredictionStatistics: counts infinities as numbers and leaves out what they make infinite", "[statistics]") {
    const auto plus = stats_of({1.0, 2.0, infinity});
    CHECK(plus.n_null == 0);
    CHECK_FALSE(plus.mean);
    CHECK_FALSE(plus.std);
    CHECK(plus.min == 1.0);
    CHECK_FALSE(plus.max);
    CHECK(plus.median == 2.0);
    CHECK(counted(plus) == 2);
    CHECK(plus.class_distribution.empty());
    const auto both = stats_of({-infinity, 5.0, 7.0, -infinity, infinity});
    CHECK_FALSE(both.min);
    CHECK(both.median == 5.0);
    CHECK_FALSE(stats_of({infinity, infinity, 1.0}).median);
    CHECK_FALSE(stats_of({-infinity, 1.0}).median);
    CHECK(stats_of({infinity}).n_rows == 1);
    CHECK_FALSE(stats_of({infinity}).histogram);
}

TEST_CASE("PredictionStatistics: lists labels of every kind by the text that they have in the file", "[statistics]") {
    using Classes = std::vector<curtail::ClassCount>;
    const auto text = stats_of<std::optional<std::string>>({"spam", "ham", std::nullopt, "spam", ""});
    CHECK(text.class_distribution == Classes{{"spam", 2, 50}, {"", 1, 25}, {"ham", 1, 25}});
    CHECK(text.n_null == 1);
    CHECK(text.classes_total == 3);
    CHECK(text.other_count == 0);
    CHECK_FALSE(text.mean);
    const auto bools = stats_of({true, false, true, true});
    CHECK(bools.class_distribution == Classes{{"True", 3, 75}, {"False", 1, 25}});
    CHECK_FALSE(bools.mean);  // a share of True is what the distribution says
    CHECK(stats_of({0.0, 1.0, -0.0, not_a_number}).class_distribution.size() == 2);
    CHECK(stats_of({0.0, 1.0, -0.0, not_a_number}).class_distribution[0].label == "0.0");
    CHECK(stats_of({1, 0, 1}).class_distribution == Classes{{"1", 2, 200.0 / 3}, {"0", 1, 100 / 3.0}});
    CHECK(close(stats_of({1, 0, 1}).mean, 2.0 / 3, 1));
    CHECK(stats_of({1.0F, 1.5F}).class_distribution.empty());
    CHECK(stats_of({0.1F, 0.3F}).median == (static_cast<double>(0.1F) + static_cast<double>(0.3F)) / 2);

    PredictionStatistics mixed;
    mixed.add(curtail::Date{0});
    mixed.add(curtail::Timestamp{0, curtail::TimeUnit::second, "UTC"});
    mixed.add(curtail::TimeOfDay{61, curtail::TimeUnit::second});
    mixed.add(curtail::Duration{1, curtail::TimeUnit::second});
    mixed.add(curtail::Bytes{"ab"});
    mixed.add(curtail::Nested{"[1]"});
    mixed.add(curtail::Cell{true});
    mixed.add(curtail::Cell{std::string_view("7")});
    mixed.add(curtail::Cell{std::uint64_t{7}});
    mixed.add(0.5F);
    std::vector<std::string> labels;
    for (const auto& one : mixed.result().class_distribution) labels.push_back(one.label);
    CHECK(labels == std::vector<std::string>{"0 days 00:00:01", "00:01:01", "1970-01-01", "1970-01-01 00:00:00+00:00",
                                             "7", "True", "[1]", "\\x6162"});
    CHECK(mixed.result().other_count == 2);  // the numbers, which 0.5 made no classes
    CHECK(mixed.result().mean == 3.75);
}

TEST_CASE("PredictionStatistics: takes whole numbers for classes while at most fifty are distinct", "[statistics]") {
    std::vector<int> values;
    for (int i = 0; i < 500; ++i) values.push_back(i % 50);
    const auto fifty = gather(values).result();
    CHECK(fifty.class_distribution.size() == 50);
    CHECK(fifty.class_distribution[1] == curtail::ClassCount{"1", 10, 2});
    values.push_back(50);
    CHECK(gather(values).result().class_distribution.empty());
    CHECK(gather(values).result().mean.has_value());
    CHECK(gather(std::vector<int>{1, 2}, {.max_number_classes = 0}).result().class_distribution.empty());
}

TEST_CASE("PredictionStatistics: bounds the list of labels and counts what it leaves out", "[statistics]") {
    PredictionStatistics statistics({.listed_classes = 3});
    for (int i = 0; i < 10; ++i) {
        for (int j = 0; j <= i; ++j) statistics.add("class " + std::to_string(i));
    }
    const auto stats = statistics.result();
    CHECK(stats.class_distribution.size() == 3);
    CHECK(stats.class_distribution[0].label == "class 9");
    CHECK(stats.classes_total == 10);
    CHECK(stats.other_count == 55 - 10 - 9 - 8);

    PredictionStatistics many;
    for (int i = 0; i < 30'000; ++i) many.add(i % 4 == 0 ? "frequent" : "row " + std::to_string(i));
    CHECK(many.result().class_distribution[0] == curtail::ClassCount{"frequent", 7'500, 25});
    CHECK(many.result().class_distribution.size() == 50);
    CHECK(many.result().classes_total > 21'000);
    std::uint64_t rows = many.result().other_count;
    for (const auto& one : many.result().class_distribution) rows += one.count;
    CHECK(rows == 30'000);
}

TEST_CASE("PredictionStatistics: takes decimals for numbers, and for labels as well while they are whole",
          "[statistics]") {
    using curtail::Decimal;
    const auto money = stats_of({Decimal{"1.10"}, Decimal{"-2.30"}, Decimal{"1e2"}});
    CHECK(close(money.mean, 98.8 / 3, 30));
    CHECK(money.class_distribution.empty());
    CHECK(stats_of({Decimal{"3"}, Decimal{"-4"}, Decimal{"3"}}).class_distribution[0].label == "3");
    const auto distant = stats_of({Decimal{"1e400"}, Decimal{"1e-400"}, Decimal{"2"}});
    CHECK_FALSE(distant.max);
    CHECK(distant.min == 0.0);
    CHECK(stats_of({Decimal{"12345678901234567890123"}}).max == 12345678901234567890123.0);
    CHECK_THROWS_AS(stats_of({Decimal{"no number"}}), curtail::TableError);
}

TEST_CASE("PredictionStatistics: counts a decimal beyond a double's range as infinity or zero by its size",
          "[statistics]") {
    const std::string zeros(400, '0');
    const auto stats_with_two = [](const std::string& digits) {
        PredictionStatistics statistics;
        statistics.add(curtail::Decimal{digits});
        statistics.add(2.0);
        return statistics.result();
    };
    for (const std::string& great : {"1" + zeros + "e-10", std::string("1e400")}) {
        CHECK(stats_with_two(great).min == 2.0);
        CHECK_FALSE(stats_with_two(great).max);
        CHECK_FALSE(stats_with_two(great).mean);
    }
    CHECK(stats_with_two("-1e400").max == 2.0);
    CHECK_FALSE(stats_with_two("-1e400").min);
    for (const std::string& small : {"0." + zeros + "1e+5", "0." + zeros + "1"}) {
        CHECK(stats_with_two(small).min == 0.0);
        CHECK(stats_with_two(small).max == 2.0);
        CHECK(stats_with_two(small).mean == 1.0);
    }
}

TEST_CASE("PredictionStatistics: bounds the label of large bytes", "[statistics]") {
    const std::string one(5'000'000, 'a');
    const std::string two = one.substr(1) + "b";
    const auto stats = stats_of({curtail::Bytes{one}, curtail::Bytes{two}, curtail::Bytes{one}});
    REQUIRE(stats.class_distribution.size() == 2);
    CHECK(stats.class_distribution[0].count == 2);
    CHECK(stats.class_distribution[0].label.size() <= 256);
    CHECK(stats.class_distribution[0].label.substr(0, 6) == "\\x6161");
}

TEST_CASE("PredictionStatistics: estimates the median of more values than are kept, and counts exactly",
          "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> values(60'000);
    for (int kind = 0; kind < 5; ++kind) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto place = static_cast<double>(i) + 0.5;
            const double kinds[] = {normal(random), place, -place, 0.25, std::exp(5 * normal(random))};
            values[i] = kinds[kind];
        }
        const auto stats = gather(values, {.exact_median_values = 10'000}).result();
        REQUIRE(stats.median);
        CHECK(is_median(values, *stats.median));
        CHECK(stats.median_rank_error == 0.005);
        CHECK(counted(stats) == values.size());
        CHECK(stats.histogram->low == stats.min->value());
        CHECK(stats.histogram->high == stats.max->value());
        const auto exact = gather(values).result();
        CHECK(exact.mean == stats.mean);  // the same blocks: the same bits
        CHECK(exact.std == stats.std);
    }
    auto with_infinities = gather(values, {.exact_median_values = 10'000});
    for (int i = 0; i < 70'000; ++i) with_infinities.add(infinity);
    CHECK_FALSE(with_infinities.result().median);
    for (int i = 0; i < 70'000; ++i) with_infinities.add(-infinity);
    CHECK(is_median(values, *with_infinities.result().median));
}

namespace {

// Returns true if a column given at once, or in pieces, is described as its values one by one, to the last bit.
template <class Values>
bool same_at_once(const Values& values, const StatisticsOptions& options, std::mt19937_64& random) {
    PredictionStatistics at_once(options);
    at_once.add_all(values);
    bool same = at_once.result() == gather(values, options).result();
    if constexpr (requires { std::span(values.data(), values.size()); }) {
        PredictionStatistics pieces(options);
        for (std::size_t at = 0; at < values.size();) {
            const std::size_t count = (std::min)(static_cast<std::size_t>(1 + random() % 5'000), values.size() - at);
            pieces.add_all(std::span(values.data() + at, count));
            at += count;
        }
        same = same && pieces.result() == at_once.result();
    }
    return same;
}

}  // namespace

TEST_CASE("PredictionStatistics: describes a column as its values one by one", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (const std::size_t size : {0U, 1U, 5U, 1'024U, 30'000U}) {
        INFO(size << " values");
        std::vector<double> reals(size), holes(size), labels(size);
        std::vector<float> floats(size);
        std::vector<int> wholes(size), classes(size);
        std::vector<std::uint8_t> bytes(size);
        std::vector<std::int64_t> great(size);
        std::vector<bool> bools(size);
        std::vector<std::optional<double>> optionals(size);
        std::vector<std::string> texts(size);
        std::deque<double> apart(size);
        for (std::size_t i = 0; i < size; ++i) {
            reals[i] = apart[i] = normal(random);
            floats[i] = static_cast<float>(reals[i]);
            const auto kind = random() % 100;
            holes[i] = kind < 10 ? not_a_number : kind == 10 ? infinity : kind == 11 ? -infinity : reals[i];
            labels[i] = i % 7 == 0 ? not_a_number : static_cast<double>(random() % 3);
            wholes[i] = static_cast<int>(random() % 3'000) - 100;
            classes[i] = static_cast<int>(random() % 3) - 1;
            bytes[i] = static_cast<std::uint8_t>(random() % 50);
            great[i] = static_cast<std::int64_t>(random());
            bools[i] = random() % 2 == 0;
            if (kind > 20) optionals[i] = reals[i];
            texts[i] = "label " + std::to_string(kind);
        }
        const std::vector<std::string_view> views(texts.begin(), texts.end());
        const std::vector<long long> longs(great.begin(), great.end());
        const std::vector<unsigned long long> unsigneds(great.begin(), great.end());
        const std::vector<short> shorts(classes.begin(), classes.end());
        for (const std::size_t exact : {0U, 2'000U, 100'000U}) {
            const StatisticsOptions options{.exact_median_values = exact};
            CHECK(same_at_once(reals, options, random));
            CHECK(same_at_once(holes, options, random));
            CHECK(same_at_once(labels, options, random));
            CHECK(same_at_once(floats, options, random));
            CHECK(same_at_once(wholes, options, random));
            CHECK(same_at_once(classes, options, random));
            CHECK(same_at_once(bytes, options, random));
            CHECK(same_at_once(great, options, random));
            CHECK(same_at_once(bools, options, random));
            CHECK(same_at_once(optionals, options, random));
            CHECK(same_at_once(texts, options, random));
            CHECK(same_at_once(views, options, random));
            CHECK(same_at_once(longs, options, random));
            CHECK(same_at_once(unsigneds, options, random));
            CHECK(same_at_once(shorts, options, random));
            CHECK(same_at_once(apart, options, random));
        }
    }
}

TEST_CASE("PredictionStatistics: does not estimate the median because of values that are not numbers", "[statistics]") {
    // Exactly as many numbers as are kept, followed by values that are not finite.
    std::vector<double> values(2'048);
    std::iota(values.begin(), values.end(), 1.0);
    for (const double last : {not_a_number, infinity, -infinity}) {
        INFO("last " << last);
        auto all = values;
        all.insert(all.end(), 3, last);
        const StatisticsOptions options{.exact_median_values = 2'048};
        PredictionStatistics at_once(options);
        at_once.add_all(std::span<const double>(all));
        const PredictionStats stats = at_once.result();
        CHECK_FALSE(stats.median_rank_error);
        CHECK(stats == gather(all, options).result());
        all.push_back(5);  // one number more
        PredictionStatistics more(options);
        more.add_all(std::span<const double>(all));
        CHECK(more.result().median_rank_error);
    }
}

TEST_CASE("PredictionStatistics: merges parts that are still exact to the last bit", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(1e9, 1e-3);
    std::vector<double> values(30'000);
    for (double& value : values) value = random() % 50 == 0 ? not_a_number : normal(random);
    for (const std::size_t exact : {4'000U, 100'000U}) {
        const StatisticsOptions options{.exact_median_values = exact};
        const auto whole = gather(values, options).result();
        for (const std::size_t size : {1'000U, 1'024U, 3'333U}) {
            PredictionStatistics merged(options);
            for (std::size_t at = 0; at < values.size(); at += size) {
                const auto part = std::span<const double>(values).subspan(at);
                merged.merge(gather(part.first((std::min)(size, part.size())), options));
            }
            CHECK(merged.result() == whole);
        }
    }
}

TEST_CASE("PredictionStatistics: merges parts of any size to the whole in any grouping", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(3, 2);
    for (int round = 0; round < 6; ++round) {
        std::vector<double> values(1 + random() % 40'000);
        for (double& value : values) value = round % 2 == 0 ? normal(random) : std::floor(normal(random));
        const StatisticsOptions options{.exact_median_values = 3'000};
        const auto whole = gather(values, options).result();
        std::vector<PredictionStatistics> parts;
        const std::size_t pieces = 2 + random() % 4;
        for (std::size_t i = 0, at = 0; i < pieces; ++i) {
            const std::size_t size = i + 1 == pieces ? values.size() - at : random() % (values.size() - at + 1);
            parts.push_back(gather(std::span<const double>(values).subspan(at, size), options));
            at += size;
        }
        while (parts.size() > 1) {  // any two neighbours
            const std::size_t at = random() % (parts.size() - 1);
            parts[at].merge(parts[at + 1]);
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        }
        const auto merged = parts[0].result();
        CHECK(merged.n_rows == whole.n_rows);
        CHECK(close(merged.mean, whole.mean));
        CHECK(close(merged.std, whole.std));
        CHECK(merged.min == whole.min);
        CHECK(merged.max == whole.max);
        CHECK(merged.median.has_value());
        CHECK(is_median(values, *merged.median));
        CHECK(merged.histogram == whole.histogram);
        CHECK(merged.class_distribution == whole.class_distribution);
        CHECK(merged.classes_total == whole.classes_total);
    }
}

TEST_CASE("PredictionStatistics: merges labels, bools and nulls exactly, also with itself", "[statistics]") {
    PredictionStatistics a;
    PredictionStatistics b;
    for (const char* label : {"x", "y", "x"}) a.add(label);
    for (const char* label : {"y", "z"}) b.add(label);
    b.add(true);
    b.add(curtail::Null{});
    a.merge(b);
    a.merge(a);
    const auto stats = a.result();
    CHECK(stats.n_rows == 14);
    CHECK(stats.n_null == 2);
    CHECK(stats.classes_total == 4);
    CHECK(stats.class_distribution[0] == curtail::ClassCount{"x", 4, 400 / 12.0});
    CHECK(stats.class_distribution[2].label == "True");
}

TEST_CASE("PredictionStatistics: copies are independent, and what was moved from can be assigned to", "[statistics]") {
    auto one = gather(std::vector<int>{1, 2, 2});
    auto copy = one;
    copy.add(5);
    CHECK(one.result().n_rows == 3);
    CHECK(copy.result().n_rows == 4);
    const auto expected = copy.result();
    auto moved = std::move(copy);
    CHECK(moved.result() == expected);
    copy = one;
    CHECK(copy.result() == one.result());
    one = std::move(moved);
    CHECK(one.result() == expected);
}

TEST_CASE("PredictionStatistics: one odd cell of a text input leaves the numbers what they are, in whatever row it is",
          "[statistics]") {
    using curtail::Verbatim;
    using Meaning = curtail::Verbatim::Meaning;
    const auto column = [](std::size_t odd_at, const curtail::Cell& odd) {
        PredictionStatistics statistics;
        for (std::size_t i = 0; i < 10'000; ++i) {
            const std::string text = " " + std::to_string(i) + ".5";
            if (i == odd_at) {
                statistics.add(odd);
            } else {
                statistics.add(Verbatim{text, Meaning::number});
            }
        }
        return statistics.result();
    };
    for (const std::size_t at : {2U, 3'000U, 9'999U}) {
        const double n = 9'999;
        const double mean = (10'000.0 * 4'999.5 - static_cast<double>(at)) / n + 0.5;
        const auto word = column(at, std::string_view("error"));
        CHECK(close(word.mean, mean, mean));
        CHECK(word.n_null == 0);
        CHECK(word.class_distribution == std::vector<curtail::ClassCount>{{"error", 1, 0.01}});
        CHECK(word.other_count == 9'999);
        const auto null = column(at, Verbatim{"NA", Meaning::null});
        CHECK(close(null.mean, mean, mean));
        CHECK(null.n_null == 1);
        CHECK(null.class_distribution.empty());
        CHECK(null.max->text() == (at == 9'999 ? "9998.5" : "9999.5"));
        const auto infinite = column(at, Verbatim{"inf", Meaning::number});
        CHECK(infinite.n_null == 0);
        CHECK_FALSE(infinite.max);
        CHECK(infinite.min == 0.5);
    }
    // A classifier's numbers are classes whatever text they come as.
    PredictionStatistics classes;
    for (const auto* text : {"1.0", "0.0", "1.0"}) classes.add(Verbatim{text, Meaning::number});
    CHECK(classes.result().class_distribution ==
          std::vector<curtail::ClassCount>{{"1.0", 2, 200 / 3.0}, {"0.0", 1, 100 / 3.0}});
    PredictionStatistics bools;
    for (const auto* text : {"true", "True", "false"}) bools.add(Verbatim{text, Meaning::boolean});
    CHECK(bools.result().class_distribution[0] == curtail::ClassCount{"True", 2, 200 / 3.0});
    CHECK(stats_of({curtail::Decimal{"1.00"}}).class_distribution.empty());
}

TEST_CASE("PredictionStatistics: extremes of integers and decimals keep every digit", "[statistics]") {
    const auto text = [](const std::optional<curtail::Extreme>& extreme) { return extreme ? extreme->text() : "none"; };
    const auto whole = stats_of({INT64_C(9007199254740995), INT64_C(9007199254740993)});
    CHECK(text(whole.min) == "9007199254740993");
    CHECK(text(whole.max) == "9007199254740995");
    const auto both = stats_of<curtail::Cell>({INT64_MIN, UINT64_MAX, INT64_C(5), -1.5});
    CHECK(text(both.min) == "-9223372036854775808");
    CHECK(text(both.max) == "18446744073709551615");
    CHECK(text(stats_of({3, 1, 2}).min) == "1");
    CHECK(text(stats_of({3.0, 1.0}).min) == "1.0");
    CHECK(text(stats_of<std::uint8_t>({3, 200}).max) == "200");
#if defined(__SIZEOF_INT128__)
    __extension__ using Wide = __int128;
    const Wide wide = static_cast<Wide>(INT64_MAX) * 1'000'000'000 + 7;
    CHECK(text(stats_of<Wide>({wide, wide - 1, -wide}).max) == "9223372036854775807000000007");
    CHECK(text(stats_of<Wide>({wide, wide - 1, -wide}).min) == "-9223372036854775807000000007");
    CHECK(text(stats_of<Wide>({wide, -1, 5}).min) == "-1");
#endif
    using curtail::Decimal;
    CHECK(text(stats_of({Decimal{"1.50"}, Decimal{"12.30"}, Decimal{"-0.10"}}).max) == "12.30");
    CHECK(text(stats_of({Decimal{"1.50"}, Decimal{"12.30"}, Decimal{"-0.10"}}).min) == "-0.10");
    CHECK(text(stats_of({Decimal{"12345678901234567890.12"}, Decimal{"12345678901234567890.13"}}).max) ==
          "12345678901234567890.13");
    CHECK(text(stats_of({Decimal{"9.5"}, Decimal{"1e3"}}).max) == "1000.0");
    CHECK(text(stats_of({Decimal{"18446744073709551615"}, Decimal{"18446744073709551614.5"}}).max) ==
          "18446744073709551615");
    CHECK(text(stats_of({Decimal{std::string_view("1234567890123456789012345678901234567890123")}}).max) ==
          "1.2345678901234567e+42");
    CHECK_FALSE(stats_of({Decimal{"1e400"}, Decimal{"1"}}).max);
    // Whatever the division into parts.
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::vector<std::int64_t> values(3'000);
    for (auto& value : values) value = static_cast<std::int64_t>(random());
    PredictionStatistics merged;
    for (std::size_t at = 0; at < values.size(); at += 700) {
        const auto part = std::span<const std::int64_t>(values).subspan(at);
        PredictionStatistics one;
        one.add_all(part.first((std::min)(part.size(), std::size_t{700})));
        merged.merge(one);
    }
    CHECK(text(merged.result().min) == std::to_string(*std::min_element(values.begin(), values.end())));
    CHECK(text(merged.result().max) == std::to_string(*std::max_element(values.begin(), values.end())));
}

TEST_CASE("PredictionStatistics: integers beyond 2^53 keep their deviation", "[statistics]") {
    // origin + 0 .. 999 in turn: deviation sqrt(n/(n-1) * (1000^2 - 1)/12), as exact integer arithmetic has it.
    const auto check = [](const auto origin, std::size_t rows) {
        using Integer = std::remove_const_t<decltype(origin)>;
        PredictionStatistics single;
        std::vector<Integer> values(rows);
        for (std::size_t i = 0; i < rows; ++i) {
            values[i] = origin + static_cast<Integer>(i * 7 % 1000);
            single.add(values[i]);
        }
        PredictionStatistics at_once;
        at_once.add_all(values);
        PredictionStatistics parts;
        for (std::size_t at = 0; at < rows; at += rows / 4) {
            const std::span<const Integer> part(values);
            parts.merge(gather(part.subspan(at, rows / 4)));
        }
        const auto n = static_cast<double>(rows);
        const double deviation = std::sqrt(n / (n - 1) * 999'999 / 12);
        CHECK(close(single.result().std, deviation, 10 * deviation));
        CHECK(at_once.result() == single.result());
        CHECK(close(parts.result().std, deviation, 10 * deviation));
        const double mean = static_cast<double>(origin) + 499.5;
        CHECK(close(single.result().mean, mean, mean));
    };
    for (const std::size_t rows : {4'000U, 400'000U}) {
        check(INT64_C(1'700'000'000'000'000'000), rows);
        check(UINT64_C(18'446'744'073'709'550'000), rows);
    }
#if defined(__SIZEOF_INT128__)
    __extension__ using Wide = __int128;
    check(static_cast<Wide>(INT64_MAX) * 1'000'000'000, 4'000);
#endif
    const auto negative = stats_of({-INT64_C(9007199254740993), -INT64_C(9007199254740995)});
    CHECK(close(negative.std, std::sqrt(2.0), 2));
    CHECK(stats_of({INT64_C(9007199254740993), INT64_C(9007199254740993)}).std == 0.0);
}

TEST_CASE("PredictionStatistics: loses no digits over many rows", "[statistics]") {
    // 1e9 + d/1024 for d = 0..1022 in turn: mean 1e9 + 511/1024, deviation sqrt(n/(n-1) * (1023^2 - 1)/12) /
    // 1024.
    const auto rounds = by_tier<std::uint64_t>(1'000, 100'000);
    PredictionStatistics statistics;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        for (std::uint64_t d = 0; d < 1023; ++d) statistics.add(1e9 + static_cast<double>(d) / 1024);
    }
    const auto stats = statistics.result();
    const auto rows = static_cast<double>(rounds * 1023);
    const double deviation = std::sqrt(rows / (rows - 1) * (1023.0 * 1023.0 - 1) / 12) / 1024;
    CHECK(stats.mean == 1e9 + 511 / 1024.0);
    CHECK(close(stats.std, deviation, deviation));
    CHECK(std::abs(*stats.median - (1e9 + 511 / 1024.0)) <= 0.005);
    CHECK(counted(stats) == rounds * 1023);
}

TEST_CASE("PredictionStatistics: counts texts and bools apart, however few texts it is to keep", "[statistics]") {
    for (const std::size_t max_classes : {0U, 1U, 2U}) {
        PredictionStatistics statistics({.max_classes = max_classes, .max_number_classes = 0});
        for (const std::string_view text : {"a", "b", "a", "a"}) statistics.add(text);
        for (const bool value : {true, false, true}) statistics.add(value);
        const auto stats = statistics.result();
        CHECK(stats.class_distribution.size() == 4);
        CHECK(stats.classes_total == 4);
        CHECK(stats.other_count == 0);
        CHECK_FALSE(stats.class_counts_are_lower_bounds);
    }
}

TEST_CASE("PredictionStatistics: refuses impossible options and parts with other options", "[statistics]") {
    CHECK_THROWS_AS(PredictionStatistics({.histogram_bins = 513}), curtail::UsageError);
    CHECK_THROWS_AS(PredictionStatistics({.max_classes = 1'000'001}), curtail::UsageError);
    PredictionStatistics one({.histogram_bins = 10});
    CHECK_THROWS_AS(one.merge(PredictionStatistics()), curtail::UsageError);
    PredictionStatistics none({.exact_median_values = 0, .listed_classes = 0, .histogram_bins = 0});
    for (int i = 0; i < 5'000; ++i) none.add(i % 7);
    CHECK_FALSE(none.result().histogram);
    CHECK(none.result().median_rank_error);
    CHECK(none.result().class_distribution.empty());
    CHECK(none.result().other_count == 5'000);
}

// Not a test by itself: prediction_statistics_oracle.py gives it a column and compares the answer with pandas. The
// first line of the file is the kind of the column, each further line a value. The answer goes to the same path with
// ".out" appended.
TEST_CASE("PredictionStatistics: describes a column from a file for the oracle", "[statistics][.oracle]") {
    const char* const path = std::getenv("CURTAIL_ORACLE_COLUMN");
    REQUIRE(path != nullptr);
    std::ifstream in(path);
    std::string kind;
    REQUIRE(std::getline(in, kind));
    PredictionStatistics statistics;
    for (std::string line; std::getline(in, line);) {
        if (line == "<null>") {
            statistics.add(curtail::Null{});
        } else if (kind == "double") {
            statistics.add(std::strtod(line.c_str(), nullptr));
        } else if (kind == "int64") {
            statistics.add(static_cast<std::int64_t>(std::strtoll(line.c_str(), nullptr, 10)));
        } else if (kind == "bool") {
            statistics.add(line == "True");
        } else {
            statistics.add(line);
        }
    }
    const auto stats = statistics.result();
    std::ofstream out(std::string(path) + ".out");
    out.precision(17);
    const auto put = [&](const char* name, const std::optional<double>& value) {
        if (value) out << name << '\t' << *value << '\n';
    };
    out << "n_rows\t" << stats.n_rows << "\nn_null\t" << stats.n_null << '\n';
    put("mean", stats.mean);
    put("std", stats.std);
    if (stats.min) out << "min\t" << stats.min->text() << '\n';
    if (stats.max) out << "max\t" << stats.max->text() << '\n';
    put("median", stats.median);
    put("median_rank_error", stats.median_rank_error);
    if (stats.histogram) {
        out << "histogram\t" << stats.histogram->low << '\t' << stats.histogram->high;
        for (const auto count : stats.histogram->counts) out << '\t' << count;
        out << '\n';
    }
    out << "classes_total\t" << stats.classes_total << "\nother_count\t" << stats.other_count << '\n';
    for (const auto& one : stats.class_distribution) {
        out << "class\t" << one.label << '\t' << one.count << '\t' << one.percentage << '\n';
    }
    REQUIRE(out.flush());
}
