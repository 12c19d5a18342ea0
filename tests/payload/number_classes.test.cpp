// SPDX-License-Identifier: MIT
#include <curtail/payload/number_classes.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace {

using Listed = std::vector<std::pair<std::string, std::uint64_t>>;

Listed list(const curtail::NumberClasses& classes) {
    Listed listed;
    classes.visit([&](const std::string& text, std::uint64_t count) { listed.emplace_back(text, count); });
    return listed;
}

}  // namespace

TEST_CASE("few distinct whole numbers are counted under the text they have in the file") {
    curtail::NumberClasses classes(50);
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

TEST_CASE("one number that is not whole, or one distinct number too many, ends the counting for good") {
    curtail::NumberClasses classes(50);
    classes.add(1.0);
    classes.add(1.5);
    classes.add(1.0);
    CHECK_FALSE(classes.discrete());
    CHECK(list(classes).empty());

    curtail::NumberClasses great(50);
    great.add(16777216.0);
    CHECK(great.discrete());
    great.add(16777218.0);
    CHECK_FALSE(great.discrete());

    curtail::NumberClasses many(1000);
    for (std::int64_t i = 0; i < 3000; ++i) many.add(i * 7919 % 1000);
    CHECK(many.discrete());
    CHECK(list(many).size() == 1000);
    many.add(std::int64_t{1000});
    CHECK_FALSE(many.discrete());
    CHECK_FALSE(curtail::NumberClasses(0).discrete());
}

TEST_CASE("parts merge to the whole, also when only the whole has too many") {
    curtail::NumberClasses a(3);
    curtail::NumberClasses b(3);
    for (const std::int64_t value : {1, 2, 1}) a.add(value);
    for (const std::int64_t value : {2, 3, 3}) b.add(value);
    auto whole = a;
    whole.merge(b);
    CHECK(list(whole) == Listed{{"1", 2}, {"2", 2}, {"3", 2}});
    curtail::NumberClasses more(3);
    more.add(std::int64_t{4});
    whole.merge(more);
    CHECK_FALSE(whole.discrete());
    a.merge(whole);
    CHECK_FALSE(a.discrete());
}
