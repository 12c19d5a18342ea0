// SPDX-License-Identifier: MIT
#include <curtail/core/number/read_floating.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

namespace {

using namespace curtail::detail;

struct Read {
    std::uint64_t bits = 0;
    std::ptrdiff_t length = 0;
    std::errc error{};

    friend bool operator==(const Read&, const Read&) = default;
};

template <class Reader>
Read read_by(Reader reader, std::string_view text) {
    double value = 4711;
    const std::from_chars_result result = reader(text.data(), text.data() + text.size(), value);
    return {std::bit_cast<std::uint64_t>(value), result.ptr - text.data(), result.ec};
}

Read by_strtod(std::string_view text) {
    return read_by([](const char* a, const char* b, double& v) { return read_by_strtod(a, b, v); }, text);
}

Read by_default(std::string_view text) {
    return read_by([](const char* a, const char* b, double& v) { return read_floating(a, b, v); }, text);
}

double value_of(std::string_view text) {
    return std::bit_cast<double>(by_strtod(text).bits);
}

}  // namespace

TEST_CASE("read_floating: reads a number, says where it ends, and leaves the value alone if it cannot") {
    const std::uint64_t untouched = std::bit_cast<std::uint64_t>(4711.0);
    for (const auto reader : {by_strtod, by_default}) {
        CHECK(reader("0.1,").bits == std::bit_cast<std::uint64_t>(0.1));
        CHECK(reader("0.1,").length == 3);
        CHECK(reader("-0").bits == std::uint64_t{1} << 63U);
        CHECK(reader("1e400") == Read{untouched, 5, std::errc::result_out_of_range});
        CHECK(reader("-1e-400") == Read{untouched, 7, std::errc::result_out_of_range});
        CHECK(reader("0e99999999999999999999").bits == 0);
        CHECK(reader("0.000e-99999999999999999999").bits == 0);
        for (const std::string_view text : {"", "-", ".", "-.", "+1", " 1", "e1", "x", "in", "--1"}) {
            CHECK(reader(text) == Read{untouched, 0, std::errc::invalid_argument});
        }
        CHECK(reader("1e").length == 1);
        CHECK(reader("1e+").length == 1);
        CHECK(reader("5.e1x").length == 4);
        CHECK(reader(".5").bits == std::bit_cast<std::uint64_t>(0.5));
        CHECK(reader("4.9406564584124654e-324").bits == 1);
        CHECK(reader("-Infinity").length == 9);
        CHECK(reader("inFINx").length == 3);
        CHECK(reader("nan").length == 3);
    }
}

TEST_CASE("read_floating: the last of a thousand digits decides a tie") {
    // 1 + 2^-53 is halfway between 1 and the next double.
    const std::string tie = "1.00000000000000011102230246251565404236316680908203125";
    CHECK(value_of(tie) == 1.0);
    CHECK(value_of(tie + std::string(2000, '0')) == 1.0);
    CHECK(value_of(tie + std::string(2000, '0') + "1") == 1.0000000000000002);
    CHECK(value_of(std::string(5000, '0') + tie) == 1.0);
    CHECK(value_of("0." + std::string(5000, '0') + "25e5001") == 2.5);
    CHECK(value_of("25" + std::string(5000, '0') + "e-5001") == 2.5);
}

TEST_CASE("read_floating: rounds to a float once") {
    for (const std::string_view text : {"7.038531e-26", "1e-45", "-1.17549435e-38", "3.4028235e38", "0.1", "-inf"}) {
        CAPTURE(std::string(text));
        float expected = 0;
        float by_strtod = 0;
        std::from_chars(text.data(), text.data() + text.size(), expected);
        CHECK(read_by_strtod(text.data(), text.data() + text.size(), by_strtod).ec == std::errc());
        CHECK(by_strtod == expected);
        CHECK(number_from<float>(text) == expected);
    }
    CHECK_FALSE(number_from<float>("1e39"));
    CHECK_FALSE(number_from<float>("1e-46"));
}

TEST_CASE("number_from: takes all of a text or nothing") {
    CHECK(number_from<int>("-12") == -12);
    CHECK(number_from<std::uint64_t>("18446744073709551615") == UINT64_MAX);
    CHECK(number_from<double>("-1e-3") == -0.001);
    for (const std::string_view text : {"", "-", "+1", " 1", "1 ", "1x", "99999999999"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(number_from<int>(text));
    }
    CHECK_FALSE(number_from<std::uint64_t>("-1"));
    CHECK_FALSE(number_from<double>("1e999"));
    CHECK_FALSE(number_from<double>("1.5."));
}

TEST_CASE("read_floating: a decimal comma in the locale changes nothing") {
    const std::string before = std::setlocale(LC_NUMERIC, nullptr);
    for (const char* const comma : {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"}) {
        if (std::setlocale(LC_NUMERIC, comma) == nullptr) continue;
        CHECK(value_of("2.5") == 2.5);
        CHECK(by_strtod("2,5").length == 1);
    }
    std::setlocale(LC_NUMERIC, before.c_str());
}

TEST_CASE("read_floating: strtod() gives what std::from_chars gives, for any text") {
    std::mt19937_64 random(test_seed());
    const std::string_view alphabet = "0123456789012345678901234567890.-+eEinfaty,x";
    std::string text;
    int wrong = 0;
    for (int round = 0; round < 60'000; ++round) {
        text.clear();
        if (round % 3 == 0) {  // all bit patterns, in as many digits as one may write
            char digits[64];
            const int places = static_cast<int>(random() % 20);
            std::snprintf(digits, sizeof digits, "%.*e", places, std::bit_cast<double>(random()));
            text = digits;
        } else if (round % 3 == 1) {  // near the ends of the range
            text = std::to_string(random()) + "." + std::to_string(random()) + "e" +
                   std::to_string(static_cast<int>(random() % 720) - 360);
        } else {
            for (std::uint64_t size = random() % 12; size != 0; --size) text += alphabet[random() % alphabet.size()];
        }
        // The bits of a NaN are nobody's promise.
        if (text.find("nan") != std::string::npos) continue;
        if (by_strtod(text) == by_default(text)) continue;
        if (wrong++ == 0) {
            INFO(text);
            CHECK(by_strtod(text) == by_default(text));
        }
    }
    CHECK(wrong == 0);
}
