// SPDX-License-Identifier: MIT
#include <curtail/core/number_text.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "catch.hpp"

namespace {

template <class Digits, class Float>
std::string text_by(Float value) {
    char text[curtail::max_number_chars];
    return {text, curtail::write_floating<Float, Digits>(text, value)};
}

std::uint64_t seed_of_run() {
    const char* given = std::getenv("CURTAIL_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : 20261122;
}

// Python's layout, written the other way round: from std::to_chars' scientific text by string surgery.
template <class Float>
std::string expected_repr(Float value) {
    char buffer[64];
    const std::string text(buffer, std::to_chars(buffer, buffer + 64, value, std::chars_format::scientific).ptr);
    const bool negative = text[0] == '-';
    const std::size_t e = text.find('e');
    std::string digits;
    for (const char c : text.substr(0, e)) {
        if (c >= '0' && c <= '9') digits += c;
    }
    const int power = std::stoi(text.substr(e + 1));
    std::string out;
    if (power < -4 || power >= 16) {
        out = digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "") + text.substr(e);
    } else if (power < 0) {
        out = "0." + std::string(static_cast<std::size_t>(-power - 1), '0') + digits;
    } else {
        const auto whole = static_cast<std::size_t>(power) + 1;
        if (digits.size() < whole + 1) digits.resize(whole + 1, '0');
        out = digits.substr(0, whole) + "." + digits.substr(whole);
    }
    return negative ? "-" + out : out;
}

template <class Float, class Bits>
void check_round_trip(std::uint64_t rounds) {
    const std::uint64_t seed = seed_of_run();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        const auto bits = static_cast<Bits>(random());
        const auto value = std::bit_cast<Float>(bits);
        if (!std::isfinite(value)) continue;
        const std::string text = curtail::number_text(value);
        Float back = 0;
        std::from_chars(text.data(), text.data() + text.size(), back);
        const bool good = std::bit_cast<Bits>(back) == bits && text == expected_repr(value) &&
                          text == text_by<curtail::detail::ToCharsDigits>(value) && text.size() <= curtail::max_number_chars;
        if (!good && wrong++ == 0) {
            INFO("bits " << bits << " gave " << text);
            CHECK(good);
        }
    }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("doubles are written as Python's repr writes them") {
    // Cases F54 to F71 of the acceptance list; expected texts printed by CPython 3.11.
    const std::pair<double, const char*> cases[] = {
        {1.0, "1.0"},
        {0.1, "0.1"},
        {0.30000000000000004, "0.30000000000000004"},
        {2.0 / 3.0, "0.6666666666666666"},
        {100000.0, "100000.0"},
        {1e15, "1000000000000000.0"},
        {9007199254740993.0, "9007199254740992.0"},
        {1e16, "1e+16"},
        {123456789012345678.0, "1.2345678901234568e+17"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {1e-4, "0.0001"},
        {1e-5, "1e-05"},
        {1e-7, "1e-07"},
        {1.5e-7, "1.5e-07"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {-0.0, "-0.0"},
        {0.0, "0.0"},
        {123.456, "123.456"},
        {-1234567.0, "-1234567.0"},
        {0.00012345, "0.00012345"},
        {9999999999999998.0, "9999999999999998.0"},
    };
    for (const auto& [value, expected] : cases) CHECK(curtail::number_text(value) == expected);
}

TEST_CASE("floats have their own shortest digits") {
    CHECK(curtail::number_text(0.1F) == "0.1");
    CHECK(curtail::number_text(16777217.0F) == "16777216.0");
    CHECK(curtail::number_text(1e10F) == "10000000000.0");
    CHECK(curtail::number_text(3.4028235e38F) == "3.4028235e+38");
    CHECK(curtail::number_text(1e-45F) == "1e-45");
    CHECK(curtail::number_text(123456.789F) == "123456.79");
}

TEST_CASE("integers are exact at every edge") {
    CHECK(curtail::number_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(curtail::number_text(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    CHECK(curtail::number_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(curtail::number_text(std::int8_t{-128}) == "-128");
    CHECK(curtail::number_text(std::uint8_t{255}) == "255");
    CHECK(curtail::number_text(0) == "0");
    std::uint64_t edge = 1;
    for (int digits = 1; digits < 20; ++digits, edge *= 10) {
        CHECK(curtail::number_text(edge) == std::to_string(edge));
        CHECK(curtail::number_text(edge - 1) == std::to_string(edge - 1));
        CHECK(curtail::number_text(-static_cast<std::int64_t>(edge / 2)) == std::to_string(-static_cast<std::int64_t>(edge / 2)));
    }
}

TEST_CASE("a million random doubles read back to the same bits, by the shortest text") {
    check_round_trip<double, std::uint64_t>(1'000'000);
}

TEST_CASE("a million random floats read back to the same bits, by the shortest text") {
    check_round_trip<float, std::uint32_t>(1'000'000);
}
