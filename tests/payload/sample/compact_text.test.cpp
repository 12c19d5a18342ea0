// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/compact_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace {

using curtail::detail::CompactText;

static_assert(sizeof(CompactText) == CompactText::in_place + 1 && alignof(CompactText) == 1);
static_assert(std::is_nothrow_move_constructible_v<CompactText> && std::is_nothrow_move_assignable_v<CompactText>);

}  // namespace

TEST_CASE("a text of any length is kept, zero bytes included") {
    for (std::size_t size = 0; size < 40; ++size) {
        std::string text(size, 'x');
        if (size > 2) text[1] = '\0';
        const CompactText compact(text);
        CHECK(compact == text);
        CHECK(compact.size() == size);
        CHECK(compact.empty() == (size == 0));
        CHECK(std::string_view(compact) == text);
    }
    CHECK(CompactText() == "");
    CHECK(CompactText("null") == "null");
    CHECK_FALSE(CompactText("null") == "nulls");
    CHECK_FALSE(CompactText(std::string_view("a\0", 2)) == CompactText("a"));
}

TEST_CASE("texts in place and elsewhere are copied, moved, assigned and swapped into each other") {
    const std::string brief = "brief";
    const std::string lengthy(100, 'y');
    for (const std::string& first : {brief, lengthy}) {
        for (const std::string& second : {brief, lengthy}) {
            CompactText a(first);
            const CompactText b(second);
            a = b;
            CHECK(a == second);
            CHECK(b == second);
            CompactText c(std::move(a));
            CHECK(c == second);
            a = first;
            CHECK(a == first);
            a = std::move(c);
            CHECK(a == second);
            const CompactText& same = a;
            a = same;
            CHECK(a == second);
        }
    }
    std::vector<CompactText> texts;
    for (int i = 0; i < 100; ++i) texts.emplace_back(std::string(static_cast<std::size_t>(i), 'z'));
    texts.erase(texts.begin(), texts.begin() + 50);
    for (std::size_t i = 0; i < texts.size(); ++i) CHECK(texts[i].size() == i + 50);
}

TEST_CASE("a cut keeps the beginning, and never makes a text longer") {
    for (const std::size_t size : {std::size_t{5}, std::size_t{12}, std::size_t{13}, std::size_t{50}}) {
        for (std::size_t to = 0; to <= size + 3; ++to) {
            std::string text(size, 'a');
            text.back() = 'b';
            CompactText compact(text);
            compact.cut(to);
            CHECK(compact == std::string_view(text).substr(0, to));
        }
    }
}
