// SPDX-License-Identifier: MIT
#include <curtail/statistics/labels/class_counts.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

using curtail::detail::ClassCounts;

namespace {

std::vector<std::string> texts(const ClassCounts& counts) {
    std::vector<std::string> all;
    for (const auto& one : counts.most_frequent(1'000'000, counts.total())) all.push_back(one.label);
    return all;
}

}  // namespace

TEST_CASE("ClassCounts: tells labels that differ in one byte apart, whatever their length and order", "[statistics]") {
    std::vector<std::string> labels;
    for (std::size_t size = 0; size <= 40; ++size) {
        labels.emplace_back(size, 'a');
        for (std::size_t at = 0; at < size; ++at) {
            labels.push_back(labels[labels.size() - at - 1]);
            labels.back()[at] = 'b';
        }
    }
    curtail::detail::ClassCounts counts(labels.size());
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            counts.add(labels[i]);
            counts.add(labels[i * 11 % labels.size()], 2);
            counts.add(labels[0]);
        }
    }
    const auto listed = counts.most_frequent(labels.size(), 1);
    REQUIRE(listed.size() == labels.size());
    CHECK(counts.total() == 4 * 3 * labels.size());
    for (const auto& one : listed) {
        CHECK(std::count(labels.begin(), labels.end(), one.label) == 1);
        CHECK(one.count == (one.label.empty() ? 9 + 3 * labels.size() : 9));
    }
}

TEST_CASE("ClassCounts: lists labels with count and percentage, the most frequent first, ties by text",
          "[statistics]") {
    ClassCounts counts(1000);
    for (const char* label : {"b", "a", "c", "c", "", "c", "a", "b"}) counts.add(label);
    const std::vector<curtail::ClassCount> expected{{"c", 3, 37.5}, {"a", 2, 25}, {"b", 2, 25}, {"", 1, 12.5}};
    CHECK(counts.most_frequent(50, 8) == expected);
    CHECK(counts.most_frequent(1, 8).size() == 1);
    CHECK(counts.total() == 8);
    CHECK(counts.distinct() == 4);
    CHECK(ClassCounts(10).most_frequent(50, 0).empty());
}

TEST_CASE("ClassCounts: counts and merges exactly while no label is forgotten", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::map<std::string, std::uint64_t> expected;
    ClassCounts parts[3]{ClassCounts(1000), ClassCounts(1000), ClassCounts(1000)};
    ClassCounts whole(1000);
    for (int i = 0; i < 20'000; ++i) {
        const auto number = random() % 1000;
        const std::string label = number % 3 == 0 ? std::string(300 + number, 'x') : "label " + std::to_string(number);
        ++expected[label];
        whole.add(label);
        parts[random() % 3].add(label);
    }
    ClassCounts left = parts[0];
    left.merge(parts[1]);
    left.merge(parts[2]);
    ClassCounts right = parts[1];
    right.merge(parts[2]);
    right.merge(parts[0]);
    const auto listed = whole.most_frequent(1000, whole.total());
    CHECK(whole.distinct() == expected.size());
    CHECK(listed.size() == expected.size());
    CHECK(left.most_frequent(1000, left.total()) == listed);
    CHECK(right.most_frequent(1000, right.total()) == listed);
    bool same = true;
    for (const auto& one : listed) same = same && (one.label.size() > 20 || expected[one.label] == one.count);
    CHECK(same);
}

TEST_CASE("ClassCounts: keeps at most max_labels labels and finds the frequent ones among any number", "[statistics]") {
    const auto rows = by_tier<std::uint64_t>(80'000, 10'000'000);
    ClassCounts counts(1000);
    for (std::uint64_t i = 0; i < rows; ++i) {
        counts.add("row " + std::to_string(i));
        if (i % 16 == 0) counts.add("from the start");
        if (i >= rows / 2 && i % 10 == 0) counts.add("from the middle");
    }
    const auto listed = counts.most_frequent(50, counts.total());
    REQUIRE(listed.size() == 50);
    CHECK(counts.total() == rows + rows / 16 + rows / 20);
    CHECK(listed[0].label == "from the start");
    CHECK(listed[0].count == rows / 16);  // never forgotten: exact
    CHECK(listed[1].label == "from the middle");
    CHECK(listed[1].count <= rows / 20);
    CHECK(listed[1].count + counts.total() * 2 / 1000 >= rows / 20);
    const auto distinct = static_cast<double>(counts.distinct());
    const auto expected = static_cast<double>(rows + 2);
    CHECK(std::abs(distinct - expected) <= 0.07 * expected);
    CHECK(texts(counts).size() <= 1000);
}

TEST_CASE("ClassCounts: finds what is frequent in the whole when its halves had to forget, and no count is too high",
          "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::map<std::string, std::uint64_t> expected;
    ClassCounts halves[2]{ClassCounts(100), ClassCounts(100)};
    for (int i = 0; i < 40'000; ++i) {
        const auto kind = random() % 100;
        const std::string label =
            kind < 30 ? "frequent " + std::to_string(kind % 5) : std::to_string(random() % 30'000);
        ++expected[label];
        halves[random() % 2].add(label);
    }
    halves[0].merge(halves[1]);
    const auto listed = halves[0].most_frequent(5, halves[0].total());
    CHECK(halves[0].total() == 40'000);
    for (const auto& one : listed) {
        CHECK(one.label.substr(0, 9) == "frequent ");
        CHECK(one.count <= expected[one.label]);
        CHECK(one.count + 40'000 * 2 / 100 >= expected[one.label]);
    }
    CHECK(texts(halves[0]).size() <= 100);
}

TEST_CASE("ClassCounts: gives the same list for the same labels in the same order", "[statistics]") {
    ClassCounts a(50);
    ClassCounts b(50);
    std::mt19937_64 random(3);
    for (int i = 0; i < 20'000; ++i) {
        const std::string label = std::to_string(random() % 700 * (random() % 700));
        a.add(label);
        b.add(label);
    }
    CHECK(a.most_frequent(50, a.total()) == b.most_frequent(50, b.total()));
}

TEST_CASE("ClassCounts: cuts a long label at a character and never takes it for another that begins alike",
          "[statistics]") {
    ClassCounts counts(10);
    std::string label;
    for (int i = 0; i < 100; ++i) label += "\xE2\x82\xAC";  // 300 bytes
    counts.add(label + "a", 3);
    counts.add(label + "b", 2);
    counts.add(label);
    counts.add(label + "a", 1);
    const auto listed = counts.most_frequent(10, 7);
    REQUIRE(listed.size() == 3);
    CHECK(listed[0].count == 4);
    CHECK(listed[1].count == 2);
    for (const auto& one : listed) {
        CHECK(one.label.size() <= ClassCounts::max_label_bytes);
        CHECK(curtail::is_utf8(one.label));
    }
    CHECK(listed[0].label == label.substr(0, 252) + "\xE2\x80\xA6");
    CHECK(listed[1].label == label.substr(0, 249) + "\xE2\x80\xA6 (2)");
    CHECK(listed[2].label == label.substr(0, 249) + "\xE2\x80\xA6 (3)");
    CHECK(counts.distinct() == 3);
}

TEST_CASE("ClassCounts: lists many labels that look alike in a time that grows as their number", "[statistics]") {
    constexpr std::size_t count = 20'000;
    ClassCounts counts(count);
    const std::string head(300, 'x');
    for (std::size_t i = 0; i < count; ++i) counts.add(head + std::to_string(i));
    const std::clock_t start = std::clock();
    const std::vector<std::string> listed = texts(counts);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    CHECK(std::set<std::string>(listed.begin(), listed.end()).size() == count);
    CHECK(listed.back().ends_with(" (" + std::to_string(count) + ")"));
    CHECK(seconds < 30);  // of the processor: a fraction of one; the bound only tells it from the square
}

TEST_CASE("ClassCounts: tells a label from a longer one that begins with it", "[statistics]") {
    ClassCounts counts(10);
    counts.add(std::string(300, 'x'));
    counts.add(std::string(256, 'x'));
    CHECK(counts.distinct() == 2);
    CHECK(texts(counts) == std::vector<std::string>{std::string(256, 'x'), std::string(253, 'x') + "\xE2\x80\xA6"});
}

TEST_CASE("ClassCounts: gives two texts to labels that differ in bytes that are not UTF-8", "[statistics]") {
    ClassCounts counts(10);
    counts.add("\xFF", 2);
    counts.add("\xFE");
    counts.add("ok");
    CHECK(texts(counts) == std::vector<std::string>{"\xEF\xBF\xBD", "ok", "\xEF\xBF\xBD (2)"});
    ClassCounts wide(10);
    wide.add(std::string(256, '\xFF'));  // three times as long, because each becomes U+FFFD
    CHECK(texts(wide)[0].size() <= ClassCounts::max_label_bytes);
    CHECK(curtail::is_utf8(texts(wide)[0]));
}

TEST_CASE("ClassCounts: tells labels without a written text apart by their content", "[statistics]") {
    ClassCounts counts(10);
    counts.add_long(std::string(256, 'x'), 1000, "one");
    counts.add_long(std::string(256, 'x'), 1000, "two");
    counts.add_long(std::string(256, 'x'), 1000, "one");
    const auto listed = counts.most_frequent(10, 3);
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].count == 2);
}

TEST_CASE("ClassCounts: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    std::mt19937_64 random(test_seed());
    for (const std::size_t distinct : {0U, 3U, 200U}) {
        ClassCounts counts(20);
        for (std::size_t i = 0; i < 10 * distinct; ++i) {
            const std::size_t label = random() % distinct;
            counts.add(std::string(label % 7 == 0 ? 260 + label : label % 50, 'x') + std::to_string(label));
        }
        const ClassCounts back = check_packed(
            counts, random(), [](auto& in) { return ClassCounts::unpack(in, 20); },
            [&](const ClassCounts& other) {
                ClassCounts merged = counts;
                merged.merge(other);
                static_cast<void>(merged.most_frequent(50, 1));
                static_cast<void>(merged.distinct());
            });
        CHECK(back.most_frequent(50, 100) == counts.most_frequent(50, 100));
        CHECK(back.distinct() == counts.distinct());
        CHECK(back.total() == counts.total());
        CHECK(back.are_lower_bounds(50) == counts.are_lower_bounds(50));
    }
}

TEST_CASE("ClassCounts: says that counts are lower bounds if and only if a listed label may lack rows",
          "[statistics]") {
    ClassCounts counts(4);
    for (int i = 0; i < 100; ++i) counts.add("a");
    for (int i = 0; i < 90; ++i) counts.add("b");
    for (const char* const rare : {"c", "d"}) counts.add(rare);
    CHECK_FALSE(counts.are_lower_bounds(50));
    counts.add("e");  // c, d and e are forgotten, or two of them
    counts.add("f");
    CHECK_FALSE(counts.are_lower_bounds(2));
    CHECK(counts.are_lower_bounds(50));
    const auto listed = counts.most_frequent(2, counts.total());
    CHECK(listed[0].count == 100);
    CHECK(listed[1].count == 90);
}

TEST_CASE("ClassCounts: keeps the most frequent of fewer labels", "[statistics]") {
    ClassCounts counts(100);
    for (int label = 0; label < 50; ++label) {
        for (int times = 0; times <= label; ++times) counts.add(std::to_string(label));
    }
    counts.keep_at_most(10);
    const auto listed = counts.most_frequent(50, counts.total());
    REQUIRE(listed.size() == 10);
    CHECK(listed.front().label == "49");
    CHECK(listed.front().count == 50);
    CHECK(listed.back().label == "40");
    CHECK(counts.total() == 1275);
    CHECK(counts.distinct() >= 49);
}
