// SPDX-License-Identifier: MIT
#include <curtail/statistics/labels/number_classes.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

namespace {

using Listed = std::vector<std::pair<std::string, std::uint64_t>>;

Listed list(const curtail::detail::NumberClasses& classes) {
    Listed listed;
    classes.visit([&](const std::string& text, std::uint64_t count) { listed.emplace_back(text, count); });
    return listed;
}

// Returns true if numbers in one block are counted as they are one by one.
template <class T>
bool alike(const std::vector<T>& values) {
    curtail::detail::NumberClasses one_by_one(50);
    curtail::detail::NumberClasses at_once(50);
    for (const T value : values) one_by_one.add(value);
    at_once.add(std::span<const T>(values));
    auto listed = list(at_once);
    auto expected = list(one_by_one);
    std::sort(listed.begin(), listed.end());
    std::sort(expected.begin(), expected.end());
    return listed == expected && at_once.discrete() == one_by_one.discrete();
}

template <class T>
bool alike_around(T base, std::uint64_t range, std::mt19937_64& random) {
    std::vector<T> values(1 + random() % 1'024);
    for (T& value : values) value = static_cast<T>(base + static_cast<T>(random() % range));
    return alike(values);
}

}  // namespace

TEST_CASE("NumberClasses: counts a block as its numbers one by one", "[statistics]") {
    const auto seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    using Signed = std::numeric_limits<std::int64_t>;
    using Unsigned = std::numeric_limits<std::uint64_t>;
    for (const std::uint64_t range : {1U, 2U, 40U, 49U, 50U, 51U, 127U, 128U, 129U, 100'000U}) {
        CHECK(alike_around<std::int64_t>(-20, range, random));
        CHECK(alike_around<std::int64_t>((Signed::min)(), range, random));
        CHECK(alike_around<std::int64_t>((Signed::max)() - 100'000, range, random));
        CHECK(alike_around<std::uint64_t>((Unsigned::max)() - 100'000, range, random));
        CHECK(alike_around<double>(-30, range, random));
        CHECK(alike_around<double>(-30.5, range, random));
        CHECK(alike_around<double>(16777216 - 60, range, random));
        CHECK(alike_around<double>(-16777216, range, random));
        CHECK(alike_around<double>(1e300, range, random));
    }
    CHECK(alike(std::vector<double>{0.0, -0.0, 1.0, -3.0, 124.0}));
    CHECK(alike(std::vector<double>{-0.5, 127.0}));
    CHECK(alike(std::vector<double>{1e-300, -1.0}));
    CHECK(alike(std::vector<std::int64_t>{(Signed::min)(), (Signed::max)()}));
    CHECK(alike(std::vector<std::uint64_t>{0, (Unsigned::max)()}));
    CHECK(alike(std::vector<std::int64_t>{10'000, 20'000, 30'000, 10'000}));
    CHECK(alike(std::vector<std::int64_t>{}));
}

TEST_CASE("NumberClasses: counts whole numbers by the text that they have in the file", "[statistics]") {
    curtail::detail::NumberClasses classes(50);
    for (const double value : {0.0, 1.0, -0.0, 1.0, -3.0}) classes.add(value);
    classes.add(std::int64_t{1});
    classes.add(std::uint64_t{1});
    classes.add((std::numeric_limits<std::int64_t>::min)());
    classes.add((std::numeric_limits<std::uint64_t>::max)());
    classes.add(std::int64_t{-1});
    CHECK(classes.discrete());
    CHECK(list(classes) == Listed{{"0.0", 2},
                                  {"1.0", 2},
                                  {"-3.0", 1},
                                  {"1", 2},
                                  {"-9223372036854775808", 1},
                                  {"18446744073709551615", 1},
                                  {"-1", 1}});
}

TEST_CASE("NumberClasses: stops for good at a number that is not whole or at one distinct number too many",
          "[statistics]") {
    curtail::detail::NumberClasses classes(50);
    classes.add(1.0);
    classes.add(1.5);
    classes.add(1.0);
    CHECK_FALSE(classes.discrete());
    CHECK(list(classes).empty());

    curtail::detail::NumberClasses great(50);
    great.add(16777216.0);
    CHECK(great.discrete());
    great.add(16777218.0);
    CHECK_FALSE(great.discrete());

    curtail::detail::NumberClasses many(1000);
    for (std::int64_t i = 0; i < 3000; ++i) many.add(i * 7919 % 1000);
    CHECK(many.discrete());
    CHECK(list(many).size() == 1000);
    many.add(std::int64_t{1000});
    CHECK_FALSE(many.discrete());
    CHECK_FALSE(curtail::detail::NumberClasses(0).discrete());
}

TEST_CASE("NumberClasses: merges parts to the whole, also if only the whole has too many", "[statistics]") {
    curtail::detail::NumberClasses a(3);
    curtail::detail::NumberClasses b(3);
    for (const std::int64_t value : {1, 2, 1}) a.add(value);
    for (const std::int64_t value : {2, 3, 3}) b.add(value);
    auto whole = a;
    whole.merge(b);
    CHECK(list(whole) == Listed{{"1", 2}, {"2", 2}, {"3", 2}});
    curtail::detail::NumberClasses more(3);
    more.add(std::int64_t{4});
    whole.merge(more);
    CHECK_FALSE(whole.discrete());
    a.merge(whole);
    CHECK_FALSE(a.discrete());
}

TEST_CASE("NumberClasses: unpack(pack(x)) equals x, and other bytes are refused", "[statistics]") {
    using curtail::detail::NumberClasses;
    const auto visited = [](const NumberClasses& classes) {
        std::map<std::string, std::uint64_t> found;
        classes.visit([&](std::string_view text, std::uint64_t count) { found[std::string(text)] += count; });
        return found;
    };
    NumberClasses classes(5);
    for (int step = 0; step < 4; ++step) {
        if (step == 1) classes.add(std::int64_t{-3});
        if (step == 2) classes.add(2.0);
        if (step == 2) classes.add(std::uint64_t{18446744073709551615U});
        if (step == 3) classes.add(0.5);
        const NumberClasses back = check_packed(
            classes, 1, [](auto& in) { return NumberClasses::unpack(in, 5); },
            [&](const NumberClasses& other) {
                NumberClasses merged = classes;
                merged.merge(other);
                static_cast<void>(visited(merged));
            });
        CHECK(back.discrete() == classes.discrete());
        CHECK(visited(back) == visited(classes));
    }
    NumberClasses six(6);
    for (std::int64_t i = 0; i < 6; ++i) six.add(i);
    CHECK_THROWS_AS(unpacked(packed(six), [](auto& in) { return NumberClasses::unpack(in, 5); }),
                    curtail::MessageError);
}
