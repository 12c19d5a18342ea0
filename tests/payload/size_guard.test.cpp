// SPDX-License-Identifier: MIT
#include <curtail/payload/size_guard.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "payload/message_model.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::Encoding;
using curtail::PayloadTooLarge;
using curtail::SizeGuard;
using nlohmann::json;
using nlohmann::ordered_json;
using table_maker::TableMaker;

namespace {

constexpr Encoding encodings[] = {Encoding::raw, Encoding::json_string, Encoding::base64};

template <class J>
std::size_t encoded_dump(const J& value, Encoding encoding) {
    return message_model::encoded(value.dump(-1, ' ', false, J::error_handler_t::replace), encoding);
}

template <class J>
J any_value(TableMaker& random, int depth) {
    switch (random.below(depth > 0 ? 12 : 8)) {
        case 0: return nullptr;
        case 1: return random.one_in(2);
        case 2: return static_cast<std::int64_t>(random.below(UINT64_MAX));
        case 3: return random.below(UINT64_MAX);
        case 4: return random.any_double();
        case 5: {
            std::vector<std::uint8_t> bytes(random.below(20));
            for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
            return random.one_in(2) ? J::binary(std::move(bytes))
                                    : J::binary(std::move(bytes), static_cast<std::uint8_t>(random.below(256)));
        }
        case 6:
        case 7: return random.any_text(300);
        case 8:
        case 9: {
            J array = J::array();
            for (std::uint64_t i = random.below(6); i > 0; --i) array.push_back(any_value<J>(random, depth - 1));
            return array;
        }
        default: {
            J object = J::object();
            for (std::uint64_t i = random.below(6); i > 0; --i)
                object[random.any_text(40)] = any_value<J>(random, depth - 1);
            return object;
        }
    }
}

template <class J>
void sizes_are_exact(std::uint64_t seed) {
    for (std::uint64_t i = 0; i < 1500; ++i) {
        INFO("seed " << seed + i);
        TableMaker random(seed + i);
        const J value = any_value<J>(random, 5);
        for (const Encoding encoding : encodings) {
            const std::size_t size = encoded_dump(value, encoding);
            REQUIRE(SizeGuard{std::size_t{1} << 40U, encoding}.encoded_size(value) == size);
            REQUIRE(SizeGuard{size + 1, encoding}.accepts(value));
            REQUIRE_FALSE(SizeGuard{size, encoding}.accepts(value));
            // The finished text gives the same answers as the value.
            const std::string text = value.dump(-1, ' ', false, J::error_handler_t::replace);
            REQUIRE(SizeGuard{std::size_t{1} << 40U, encoding}.encoded_size(text) == size);
            REQUIRE(SizeGuard{size + 1, encoding}.accepts(text));
            REQUIRE_FALSE(SizeGuard{size, encoding}.accepts(text));
        }
    }
}

}  // namespace

TEST_CASE("SizeGuard: counts a JSON value as its encoded dump", "[payload]") {
    sizes_are_exact<json>(test_seed());
    sizes_are_exact<ordered_json>(test_seed() + 1'000'000);
}

TEST_CASE("SizeGuard: counts a text as it is encoded, line breaks and tabs included", "[payload]") {
    TableMaker random(test_seed());
    for (int i = 0; i < 500; ++i) {
        const std::string text = i == 0 ? json{{"a", {1, 2}}}.dump(4) : random.any_text(3000);
        const std::string wrapped = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
        INFO(wrapped);
        REQUIRE(SizeGuard{1'000'000, Encoding::json_string}.encoded_size(text) == wrapped.size());
        REQUIRE(SizeGuard{1'000'000}.encoded_size(text) == text.size());
        REQUIRE(SizeGuard{1'000'000, Encoding::base64}.encoded_size(text) == (text.size() + 2) / 3 * 4);
    }
}

TEST_CASE("SizeGuard: counts long texts in pieces, wherever characters end", "[payload]") {
    for (const std::string piece :
         {"\xF0\x9F\x98\x80", "\xE4\xB8\xAD", "\xFF", "\x80", "\xE2\x82", "\xF0\x9F\x98", "\n", "\""}) {
        for (std::size_t before = 0; before < 5; ++before) {
            std::string text(before, 'a');
            while (text.size() < 70'000) text += piece;
            const json value = {text};
            for (const Encoding encoding : encodings) {
                const std::size_t size = encoded_dump(value, encoding);
                CHECK(SizeGuard{size + 1, encoding}.encoded_size(value) == size);
                CHECK_FALSE(SizeGuard{size, encoding}.accepts(value));
            }
        }
    }
}

TEST_CASE("SizeGuard::check: throws with the size counted so far and the limit", "[payload]") {
    const json value = {{"key", std::string(2000, 'x')}};
    SizeGuard{5000}.check(value);
    SizeGuard{5000}.check(value.dump());
    const auto refused = [](const auto& checked) {
        try {
            SizeGuard{1000}.check(checked);
        } catch (const PayloadTooLarge& error) {
            CHECK(error.limit() == 1000);
            CHECK(error.actual() >= 1000);
            CHECK(error.code() == curtail::ErrorCode::payload_too_large);
            CHECK(error.permanent());
            return true;
        }
        return false;
    };
    CHECK(refused(value));
    CHECK(refused(value.dump()));
    CHECK(refused(std::string_view(value.dump())));
}

TEST_CASE("SizeGuard: allows one megabyte by default, and throws for a limit of zero", "[payload]") {
    CHECK(SizeGuard{}.max_bytes == 1'000'000);
    CHECK(SizeGuard{}.accepts(json(std::string(999'997, 'x'))));
    CHECK_FALSE(SizeGuard{}.accepts(json(std::string(999'998, 'x'))));
    CHECK_THROWS_AS(SizeGuard{0}.accepts("text"), curtail::UsageError);
    CHECK_THROWS_AS(SizeGuard{0}.check(json(1)), curtail::UsageError);
    CHECK_FALSE(SizeGuard{1}.accepts(json(1)));
    CHECK(SizeGuard{1}.accepts(""));
    CHECK_FALSE((SizeGuard{4, Encoding::base64}.accepts(json(1))));
    CHECK((SizeGuard{5, Encoding::base64}.accepts(json(1))));
}

TEST_CASE("SizeGuard: stops counting at the limit", "[payload]") {
    // Each of the million elements adds two bytes. The count stops with the first one too many.
    const json many = json::array_t(1'000'000, json(7));
    const std::size_t counted = SizeGuard{1000}.encoded_size(many);
    CHECK(counted >= 1000);
    CHECK(counted < 1010);
    const json bytes = json::binary(std::vector<std::uint8_t>(1'000'000, 200));
    CHECK(SizeGuard{1'500'000}.encoded_size(bytes) < 1'500'010);
    CHECK(SizeGuard{std::size_t{1} << 40U}.encoded_size(bytes) == bytes.dump().size());
}

TEST_CASE("SizeGuard: counts deeply nested values without overflowing the stack", "[payload]") {
    json deep = 1;
    for (int i = 0; i < 300'000; ++i) {
        json outer = json::array();
        outer.push_back(std::move(deep));
        deep = std::move(outer);
    }
    CHECK(SizeGuard{600'002}.accepts(deep));
    CHECK_FALSE(SizeGuard{600'001}.accepts(deep));
    CHECK_FALSE(SizeGuard{1000}.accepts(deep));
}
