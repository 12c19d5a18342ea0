// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/json_number.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::detail::json_number;

namespace {

std::optional<std::string> decimal(std::string_view digits) {
    return json_number(digits);
}

}  // namespace

TEST_CASE("json_number: returns nothing for NaN and infinities", "[payload]") {
    CHECK_FALSE(json_number(std::numeric_limits<double>::infinity()));
    CHECK_FALSE(json_number(-std::numeric_limits<double>::infinity()));
    CHECK_FALSE(json_number(std::numeric_limits<double>::quiet_NaN()));
    CHECK_FALSE(json_number(std::numeric_limits<float>::infinity()));
    CHECK_FALSE(json_number(std::numeric_limits<float>::quiet_NaN()));
}

TEST_CASE("json_number: spells doubles and floats as the file does, exact to the bit", "[payload]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20000; ++i) {
        const auto wide = std::bit_cast<double>(random());
        if (const auto text = json_number(wide)) {
            const auto value = nlohmann::json::parse(*text);
            REQUIRE(value.is_number_float());
            REQUIRE(std::bit_cast<std::uint64_t>(value.get<double>()) == std::bit_cast<std::uint64_t>(wide));
            REQUIRE(*text == curtail::detail::number_text(wide));
        }
        const auto narrow = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        if (const auto text = json_number(narrow)) {
            const auto value = nlohmann::json::parse(*text);
            REQUIRE(value.is_number_float());
            REQUIRE(std::bit_cast<std::uint32_t>(static_cast<float>(value.get<double>())) ==
                    std::bit_cast<std::uint32_t>(narrow));
            REQUIRE(*text == curtail::detail::number_text(value.get<double>()));
        }
    }
    CHECK(json_number(0.1F) == "0.1");
    CHECK(json_number(16777216.0F) == "16777216.0");
    CHECK(json_number(-0.0) == "-0.0");
    CHECK(json_number(1.0) == "1.0");
}

TEST_CASE("json_number: takes a decimal only if nothing is lost, its scale included", "[payload]") {
    CHECK(decimal("0") == "0");
    CHECK(decimal("1.50") == "1.50");
    CHECK(decimal("0.10") == "0.10");
    CHECK(decimal("-12.5e3") == "-12.5e3");
    CHECK(decimal("18446744073709551615") == "18446744073709551615");
    CHECK(decimal("-9223372036854775808") == "-9223372036854775808");
    CHECK(decimal("10000000000000000000000") == "10000000000000000000000");
    CHECK(decimal("1e23") == "1e23");
    CHECK(decimal("-0") == "-0");
    CHECK(decimal("1000000000000000.0") == "1000000000000000.0");
    CHECK(decimal("0.0") == "0.0");
    CHECK(decimal("-0.0") == "-0.0");
    CHECK(decimal("0.000") == "0.000");
    CHECK(decimal("3.750") == "3.750");
    CHECK(decimal("1." + std::string(78, '0')) == "1." + std::string(78, '0'));
    CHECK(decimal("1." + std::string(79, '0')) == "1.0");
    CHECK_FALSE(decimal("18446744073709551617"));
    CHECK_FALSE(decimal("12345678901234567890123"));
    CHECK_FALSE(decimal("0.12345678901234567890"));
    CHECK_FALSE(decimal("9007199254740993.0"));
    CHECK_FALSE(decimal("1e400"));
    CHECK_FALSE(decimal("-1e400"));
    CHECK_FALSE(decimal("1e-400"));
    CHECK_FALSE(decimal(""));
    CHECK_FALSE(decimal("+1"));
    CHECK_FALSE(decimal("01"));
    CHECK_FALSE(decimal("1."));
    CHECK_FALSE(decimal(" 1"));
    CHECK_FALSE(decimal("0x10"));
    CHECK_FALSE(decimal("nan"));
    CHECK_FALSE(decimal("inf"));
    CHECK_FALSE(decimal("twelve"));
}

TEST_CASE("is_json_number: accepts JSON numbers within the range of a double", "[payload]") {
    using curtail::detail::is_json_number;
    for (const char* number : {"0", "-0.0", "18446744073709551617", "1e308", "-1.5E-7", "1e-400", "0e999999999"}) {
        CHECK(is_json_number(number));
        CHECK(nlohmann::json::accept(number));
    }
    CHECK(is_json_number(std::string(308, '9')));
    CHECK_FALSE(is_json_number(std::string(310, '9')));
    for (const char* other :
         {"", "-", "NaN", "Infinity", "-Infinity", "1e309", "-1e99999", "01", "1 ", "true", "\"1\""}) {
        CHECK_FALSE(is_json_number(other));
    }
}

TEST_CASE("json_number: does not overflow for any exponent", "[payload]") {
    for (const std::string sign : {"", "-"}) {
        for (const std::string power : {"9223372036854775807", "-9223372036854775808", "-9223372036854775807",
                                        "99999999999999999999", "-99999999999999999999", "2147483648", "-2147483649"}) {
            for (const std::string digits : {"1", "0.1", "10", "0.00", "1.0000", "1000000"}) {
                const auto text = decimal(sign + digits + "e" + power);
                INFO(digits << "e" << power);
                CHECK((!text || digits == "0.00"));
            }
        }
    }
}

TEST_CASE("json_number: returns the exact value of every decimal that it takes", "[payload]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    table_maker::TableMaker random(seed);
    for (int i = 0; i < 5000; ++i) {
        // A double's own digits with zeros added and the point moved are still that double.
        const double value = random.any_double();
        if (!std::isfinite(value)) continue;
        std::string digits = curtail::detail::number_text(value);
        if (const std::size_t e = digits.find('e'); e == std::string::npos)
            digits += std::string(random.below(40), '0');
        const auto text = decimal(digits);
        INFO(digits);
        REQUIRE(text);
        REQUIRE(nlohmann::json::parse(*text).get<double>() == value);
        // With one more digit, which the double does not have, it is text.
        if (digits.find('e') == std::string::npos && digits.size() > 22 && value != 0) {
            REQUIRE_FALSE(decimal(digits + "1"));
        }
    }
}
