// SPDX-License-Identifier: MIT
#include <curtail/table/cell/forms.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catch.hpp"

using namespace curtail::detail;

TEST_CASE("forms: a type has at most one form", "[table]") {
    STATIC_REQUIRE(TextForm<std::string>);
    STATIC_REQUIRE(TextForm<const char*>);
    STATIC_REQUIRE(TextForm<std::u8string>);
    STATIC_REQUIRE((TextForm<std::filesystem::path> || WidePath<std::filesystem::path>));
    STATIC_REQUIRE(TextForm<char>);
    STATIC_REQUIRE_FALSE(TextForm<signed char>);
    STATIC_REQUIRE(Integer<std::int8_t>);
    STATIC_REQUIRE_FALSE(Integer<wchar_t>);
    STATIC_REQUIRE(Nullable<std::optional<int>>);
    STATIC_REQUIRE(Nullable<std::unique_ptr<double>>);
    STATIC_REQUIRE_FALSE(Nullable<const char*>);  // a text
    STATIC_REQUIRE_FALSE(Nullable<void*>);
    STATIC_REQUIRE(BoolReference<std::vector<bool>::reference>);
    STATIC_REQUIRE(is_variant<std::variant<int, double>>);
    STATIC_REQUIRE_FALSE(is_variant<int>);
}

TEST_CASE("index_in: finds a type among the alternatives, or their number", "[table]") {
    const std::variant<int, double>* none = nullptr;
    CHECK(index_in<double>(none) == 1);
    CHECK(index_in<char>(none) == 2);
}

TEST_CASE("visit_alternative: visits what the variant holds", "[table]") {
    std::size_t length = 0;
    auto visit = [&]<class T>(const T& held) {
        if constexpr (std::is_same_v<T, std::string>) length = held.size();
    };
    visit_alternative(std::variant<int, std::string>("abc"), visit);
    CHECK(length == 3);
}
