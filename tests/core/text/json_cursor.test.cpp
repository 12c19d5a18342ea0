// SPDX-License-Identifier: MIT
#include <curtail/core/text/json_cursor.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"

using curtail::detail::JsonCursor;
using curtail::detail::JsonFault;

TEST_CASE("JsonCursor: reads the values that a caller looks for and passes over others", "[core]") {
    JsonCursor json(R"( {"a" : [1, 2 ,3],"skip":{"deep":[{"x":[]},"\"]",-1.5e3,null,true]}, "b":"x\ny", "c":false} )");
    std::vector<std::uint64_t> numbers;
    std::string text;
    bool flag = true;
    json.object([&](const std::string& key) {
        if (key == "a") {
            json.array([&] { numbers.push_back(json.number()); });
        } else if (key == "b") {
            text = json.string();
        } else if (key == "c") {
            flag = json.boolean();
        } else {
            json.skip();
        }
    });
    json.end();
    CHECK(numbers == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(text == "x\ny");
    CHECK_FALSE(flag);
}

TEST_CASE("JsonCursor: reads strings as nlohmann/json does", "[core]") {
    for (const char* const text :
         {R"("")", R"("a\"\\\/\b\f\n\r\tb")", R"("\u0041\u00e9\u20AC\uD83D\ude00")", "\"caf\xC3\xA9\""}) {
        CHECK(JsonCursor(text).string() == nlohmann::json::parse(text).get<std::string>());
    }
    CHECK(JsonCursor("\"AB/+\"").plain_string() == "AB/+");
    CHECK(JsonCursor("18446744073709551615").number() == UINT64_MAX);
}

TEST_CASE("JsonCursor: says where a text is not what was expected", "[core]") {
    const auto offset_of = [](std::string_view text, auto read) -> std::size_t {
        JsonCursor json(text);
        try {
            read(json);
        } catch (const JsonFault& fault) {
            return fault.offset;
        }
        return static_cast<std::size_t>(-1);
    };
    const auto skip = [](JsonCursor& json) {
        json.skip();
        json.end();
    };
    const auto string = [](JsonCursor& json) { (void)json.string(); };
    CHECK(offset_of("", skip) == 0);
    CHECK(offset_of("{\"a\" 1}", skip) == 5);
    CHECK(offset_of("[1,]", skip) == 3);
    CHECK(offset_of("[1] x", skip) == 4);
    CHECK(offset_of("nul", skip) == 0);
    for (const char* const text :
         {"1", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\""}) {
        CHECK(offset_of(text, string) != static_cast<std::size_t>(-1));
    }
    const auto number = [](JsonCursor& json) { (void)json.number(); };
    for (const char* const text : {"-1", "1.5", "1e3", "18446744073709551616", "\"1\"", ""}) {
        CHECK(offset_of(text, number) != static_cast<std::size_t>(-1));
    }
    CHECK(offset_of("\"a\\n\"", [](JsonCursor& json) { (void)json.plain_string(); }) == 1);
    const std::string deep(100'000, '[');
    CHECK(offset_of(deep, skip) < 100);
}
