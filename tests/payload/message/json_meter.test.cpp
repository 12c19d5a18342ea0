// SPDX-License-Identifier: MIT
#include <curtail/payload/message/json_meter.hpp>

#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

namespace {

using curtail::Encoding;
using curtail::detail::JsonMeter;

std::string dumped(const nlohmann::json& value) {
    return value.dump();
}
// Returns the text of a value as it is inside a JSON string, without the quotes around it.
std::size_t size_inside(const nlohmann::json& value) {
    return dumped(dumped(value)).size() - 2;
}

}  // namespace

TEST_CASE("JsonMeter: counts every character as nlohmann writes it", "[payload]") {
    const JsonMeter raw;
    const JsonMeter twice(Encoding::json_string);
    for (int c = 0; c < 128; ++c) {
        const std::string text = "a" + std::string(1, static_cast<char>(c)) + "b";
        INFO("character " << c);
        CHECK(raw.string(text) == dumped(text).size());
        CHECK(twice.string(text) == size_inside(text));
    }
    CHECK(raw.envelope() == 0);
    CHECK(twice.envelope() == 2);
    CHECK(JsonMeter(Encoding::base64).envelope() == 0);
}

TEST_CASE("JsonMeter: counts random texts as nlohmann writes them", "[payload]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    table_maker::TableMaker random(seed);
    const JsonMeter raw;
    const JsonMeter twice(Encoding::json_string);
    for (int i = 0; i < 2000; ++i) {
        const std::string text = curtail::to_valid_utf8(random.any_text(2000));
        const nlohmann::json value = {{text, {text, i, nullptr, 0.5, true}}};
        REQUIRE(raw.string(text) == dumped(text).size());
        REQUIRE(raw.content(text) == raw.string(text) - 2);
        REQUIRE(twice.string(text) == size_inside(text));
        REQUIRE(twice.content(text) == twice.string(text) - 4);
        REQUIRE(raw.json(dumped(value)) == dumped(value).size());
        REQUIRE(twice.json(dumped(value)) == size_inside(value));
    }
}

TEST_CASE("JsonMeter::prefix: returns the longest prefix that fits and ends between two characters", "[payload]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    table_maker::TableMaker random(seed);
    for (const Encoding encoding : {Encoding::raw, Encoding::json_string}) {
        const JsonMeter meter(encoding);
        for (int i = 0; i < 1000; ++i) {
            const std::string text = curtail::to_valid_utf8(random.text(random.below(60)));
            const std::size_t limit = random.below(80);
            const JsonMeter::Prefix prefix = meter.prefix(text, limit);
            REQUIRE(text.starts_with(prefix.text));
            REQUIRE(curtail::is_utf8(prefix.text));
            REQUIRE(meter.content(prefix.text) == prefix.size);
            REQUIRE(prefix.size <= limit);
            if (prefix.text.size() < text.size()) {
                std::size_t next = prefix.text.size() + 1;
                while (!curtail::is_utf8(std::string_view(text).substr(0, next))) ++next;
                REQUIRE(meter.content(std::string_view(text).substr(0, next)) > limit);
            }
        }
    }
    CHECK(JsonMeter().prefix("", 0).text.empty());
    CHECK(JsonMeter().prefix("\xF0\x9F\x98\x80", 3).text.empty());
    CHECK(JsonMeter().prefix("\xF0\x9F\x98\x80", 4).text.size() == 4);
    CHECK(JsonMeter().prefix("\n", 1).text.empty());
}
