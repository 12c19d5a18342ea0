// SPDX-License-Identifier: MIT
#include <curtail/core/callback/callback.hpp>

#include <string>

#include "catch.hpp"

using curtail::detail::Callback;

TEST_CASE("Callback: calls what it refers to, copies of it too", "[core]") {
    int calls = 0;
    auto count = [&] { ++calls; };
    const Callback<> first(count);
    const Callback<> second = first;
    first();
    second();
    CHECK(calls == 2);
}

TEST_CASE("Callback: passes its arguments on, and a callable keeps its state", "[core]") {
    struct Joiner {
        std::string all;
        void operator()(const std::string& text, int number) { all += text + std::to_string(number); }
    } joiner;
    const Callback<std::string, int> join(joiner);
    join("a", 1);
    join("b", 2);
    CHECK(joiner.all == "a1b2");
}

TEST_CASE("Callback: what the callable throws reaches the caller", "[core]") {
    const auto fail = [] { throw std::string("no"); };
    CHECK_THROWS_AS(Callback<>(fail)(), std::string);
}
