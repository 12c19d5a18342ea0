// SPDX-License-Identifier: MIT
#include <curtail/core/number/digit_text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "catch.hpp"
#include "seed.hpp"

namespace {

using namespace curtail::detail;

// A number whose digits come in every length, many of them zeros.
std::uint64_t any_number(std::mt19937_64& random, unsigned most_digits) {
    std::uint64_t value = 0;
    for (unsigned left = 1 + static_cast<unsigned>(random() % most_digits); left != 0; --left) {
        value = value * 10 + (random() % 3 == 0 ? random() % 10 : random() % 2 * 9);
    }
    return value;
}

template <class Write>
std::string written(Write write) {
    char text[64];
    return {text, write(text)};
}

// `value` has at most 17 digits.
template <class Digits>
bool lays_out(std::uint64_t value) {
    std::string all = std::to_string(value);
    all.insert(0, 17 - all.size(), '0');
    const Digits digits(value / 10, static_cast<std::uint32_t>(value % 10));
    if (digits.count() != all.find_last_not_of('0') + 1) return false;
    if (written([&](char* out) { return digits.write(out), out + 17; }) != all) return false;
    for (unsigned whole = 1; whole <= 16; ++whole) {
        const std::string expected = all.substr(0, whole) + "." + all.substr(whole);
        if (written([&](char* out) { return digits.write_with_point(out, whole), out + 18; }) != expected) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("count_digits: right at every power of ten", "[core]") {
    for (unsigned digits = 1; digits < 20; ++digits) {
        CHECK(count_digits(powers_of_ten[digits]) == digits + 1);
        CHECK(count_digits(powers_of_ten[digits] - 1) == digits);
    }
    CHECK(count_digits(0) == 1);
    CHECK(count_digits(UINT64_MAX) == 20);
}

TEST_CASE("write_up_to_eight_digits: writes what std::to_string writes, write_eight_digits with leading zeros",
          "[core]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::size_t wrong = 0;
    const auto check = [&](std::uint32_t value) {
        const std::string expected = std::to_string(value);
        wrong += written([&](char* out) { return write_up_to_eight_digits(out, value); }) != expected ? 1 : 0;
        wrong += written([&](char* out) { return write_eight_digits(out, value); }) !=
                         std::string(8 - expected.size(), '0') + expected
                     ? 1
                     : 0;
    };
    for (std::uint32_t value = 0; value < 100'000; ++value) check(value);
    for (int i = 0; i < 200'000; ++i) check(static_cast<std::uint32_t>(any_number(random, 8)));
    check(99'999'999);
    CHECK(wrong == 0);
}

TEST_CASE("DigitText: both classes write the same bytes, with a point after any digit", "[core]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t value = any_number(random, 17);
        const bool right = lays_out<PortableDigitText>(value) && lays_out<DigitText>(value);
        if (!right) {
            INFO(value);
            CHECK(right);
        }
    }
}

TEST_CASE("DigitText: every group of four digits is right at every position", "[core]") {
    std::size_t wrong = 0;
    for (std::uint64_t four = 0; four < 10'000; ++four) {
        for (const std::uint64_t place : {powers_of_ten[0], powers_of_ten[4], powers_of_ten[8], powers_of_ten[12]}) {
            const std::uint64_t value = four * place;
            const DigitText digits(value, 0);
            std::string expected = std::to_string(value);
            expected = std::string(16 - expected.size(), '0') + expected + "0";
            wrong += written([&](char* out) { return digits.write(out), out + 17; }) != expected ? 1 : 0;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("DigitText: any last digit is counted, and zeros alone are not digits", "[core]") {
    for (std::uint32_t last = 0; last < 10; ++last) {
        CHECK(lays_out<PortableDigitText>(powers_of_ten[16] + last));
        CHECK(lays_out<DigitText>(powers_of_ten[16] + last));
    }
    CHECK(PortableDigitText(0, 0).count() == 0);
    CHECK(DigitText(0, 0).count() == 0);
    CHECK(DigitText(100'000'002, 3).count() == 17);
}

TEST_CASE("write_digits: fills up with leading zeros", "[core]") {
    CHECK(written([](char* out) { return write_digits(out, 7, 2), out + 2; }) == "07");
    CHECK(written([](char* out) { return write_digits(out, 120, 3), out + 3; }) == "120");
    CHECK(written([](char* out) { return write_digits(out, 123'456'789, 9), out + 9; }) == "123456789");
}

TEST_CASE("four_digits: gives the digits with the first in the lowest byte", "[core]") {
    std::size_t wrong = 0;
    for (std::uint32_t value = 0; value < 10'000; ++value) {
        std::string expected = std::to_string(value);
        expected.insert(0, 4 - expected.size(), '0');
        wrong +=
            written([&](char* out) { return store_lanes(out, four_digits(value) | 0x30303030U), out + 4; }) != expected
                ? 1
                : 0;
    }
    CHECK(wrong == 0);
}
