// SPDX-License-Identifier: MIT
#include <curtail/render/text/number_form.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::Digits;

namespace {

using Texts = std::vector<std::string>;

Texts rounded(const Texts& texts, Digits digits = Digits::six) {
    return curtail::detail::rounded_numbers(texts, digits);
}

Texts aligned(Texts texts) {
    curtail::detail::align_points(texts);
    return texts;
}

std::string one(const std::string& text) {
    return rounded({text})[0];
}

}  // namespace

TEST_CASE("rounded_numbers: leaves six significant digits of a fraction", "[render]") {
    CHECK(one("0.8397509101473875") == "0.839751");
    CHECK(one("0.07309160710264946") == "0.0730916");
    CHECK(one("-12.3456789") == "-12.3457");
    CHECK(one("3906.346482999") == "3906.35");
    CHECK(one("0.10000000149011612") == "0.1");
    CHECK(one("0.99999999") == "1");
    CHECK(one("9.9999999") == "10");
    CHECK(one("0.5") == "0.5");
    CHECK(one("12.500") == "12.500");
    CHECK(one("0.000000") == "0.000000");
}

TEST_CASE("rounded_numbers: never cuts an integer or the integer part", "[render]") {
    CHECK(one("7252735673295632002") == "7252735673295632002");
    CHECK(one("-170141183460469231731687303715884105728") == "-170141183460469231731687303715884105728");
    CHECK(one("1234567.89") == "1234568");
    CHECK(one("-1234567.5") == "-1234568");
    CHECK(one("999999999.9") == "1000000000");
    CHECK(one("123456789012345678.4") == "123456789012345678");
    CHECK(one("1" + std::string(400, '0')) == "1e+400");  // wider than any line
}

TEST_CASE("rounded_numbers: keeps the exponent", "[render]") {
    CHECK(one("2.3602995415204544e-222") == "2.3603e-222");
    CHECK(one("8.038834337157277e-07") == "8.03883e-07");
    CHECK(one("9.99999999e-08") == "1e-07");
    CHECK(one("-9.99999999E+99") == "-1e+100");
    CHECK(one("1.5e-05") == "1.5e-05");
    CHECK(one("5e-324") == "5e-324");
    CHECK(one("0." + std::string(30, '0') + "123456789") == "1.23457e-31");
    CHECK(one("1" + std::string(300, '0') + ".5") == "1e+300");
    CHECK(one("123456789.5e3") == "1.23457e+11");
    CHECK(one("1.23456789e99999999") == "1.23457e+99999999");
    CHECK(one("1.23456789e-1234567890123") == "1.23456789e-1234567890123");
    CHECK(rounded({"1e1234567890", "1e1234567891"}, Digits::even) == Texts{"1e1234567890", "1e1234567891"});
}

TEST_CASE("rounded_numbers: leaves alone what is not a decimal number", "[render]") {
    for (const std::string text : {"NaN", "Infinity", "-Infinity", "", "-", "1.2.3", "1e", "1e+", "0x10.123456789",
                                   "e5", "1.23456789x", "1.23456789e5x", "\xE2\x88\x9E"}) {
        CHECK(one(text) == text);
    }
}

TEST_CASE("rounded_numbers: rounds to what printf prints", "[render]") {
    std::mt19937_64 random(test_seed());
    for (int i = 0; i < 20'000; ++i) {
        const double value = std::ldexp(static_cast<double>(random() >> 11), static_cast<int>(random() % 120) - 113);
        char exact[64];
        std::snprintf(exact, sizeof exact, "%.17g", value);
        const std::string text = one(exact);
        INFO(exact << " became " << text);
        char six[64];
        std::snprintf(six, sizeof six, "%.5e", value);
        const double expected = std::abs(value) >= 999'999.5 && std::string(exact).find('e') == std::string::npos
                                    ? std::round(value)
                                    : std::strtod(six, nullptr);
        REQUIRE(std::strtod(text.c_str(), nullptr) == Approx(expected).epsilon(1e-12));
    }
}

TEST_CASE("rounded_numbers: zeros that all rounded numbers end in are left out, others stay", "[render]") {
    CHECK(rounded({"0.10000000149", "0.20000000298"}) == Texts{"0.1", "0.2"});
    CHECK(rounded({"0.8397509101473875", "0.41071000000001"}) == Texts{"0.839751", "0.410710"});
    CHECK(rounded({"2.0000000001", "3.0000000001"}) == Texts{"2", "3"});
}

TEST_CASE("rounded_numbers: numbers that a person wrote may stay exact", "[render]") {
    const Texts money = {"1234567.89", "12345678.9", "0.50"};
    CHECK(rounded(money, Digits::exact) == money);
    CHECK(rounded(money) == Texts{"1234568", "12345679", "0.50"});
    CHECK(rounded({"1234567.89", "1310022.512345"}, Digits::exact) == Texts{"1234568", "1310023"});
    CHECK(rounded({"513771662.61", "99999999999999.25"}, Digits::exact) == Texts{"513771662.61", "99999999999999.25"});
}

TEST_CASE("rounded_numbers: even decimals are those of the largest number, with four digits of each", "[render]") {
    CHECK(rounded({"0.8397509101", "0.0075501234", "0.5"}, Digits::even) == Texts{"0.839751", "0.007550", "0.5"});
    CHECK(rounded({"0.8397509101", "0.00043284612"}, Digits::even) == Texts{"0.839751", "0.0004328"});
    CHECK(rounded({"200697.2011", "95983.76353", "12.345678"}, Digits::even) == Texts{"200697", "95983.8", "12.35"});
    CHECK(rounded({"1234.5678", "2.5e-07"}, Digits::even) == Texts{"1234.57", "2.5e-07"});
}

TEST_CASE("rounded_numbers: numbers that differ within twelve digits are told apart", "[render]") {
    CHECK(rounded({"0.999999912345678", "0.999999923456789"}) == Texts{"0.99999991", "0.99999992"});
    CHECK(rounded({"100000.01", "100000.02", "100000.03"}) == Texts{"100000.01", "100000.02", "100000.03"});
    CHECK(rounded({"100000.01", "100000.02"}, Digits::even) == Texts{"100000.01", "100000.02"});
    CHECK(rounded({"0.83975091", "0.00755012", "0.00755039"}, Digits::even) ==
          Texts{"0.839751", "0.0075501", "0.0075504"});
    CHECK(rounded({"1.000000012345678e-07", "1.000000123456789e-07"}) == Texts{"1e-07", "1.0000001e-07"});
    CHECK(rounded({"0.30000000000000004", "0.3"}) == Texts{"0.3", "0.3"});  // noise
    CHECK(rounded({"0.30000000000000004", "0.3", "0.123456789"}) == Texts{"0.300000", "0.3", "0.123457"});
}

TEST_CASE("rounded_numbers: a number is told apart from another value, however that is written", "[render]") {
    const Texts probabilities = {"0.99999999", "1.0", "0.99999999"};
    for (const Digits digits : {Digits::exact, Digits::six, Digits::even}) {
        CHECK(rounded(probabilities, digits) == probabilities);
    }
    CHECK(rounded({"0.99999999", "1"}) == Texts{"0.99999999", "1"});
    CHECK(rounded({"2.00000001", "2.00", "2.000"}) == Texts{"2.00000001", "2.00", "2.000"});
    CHECK(rounded({"-0.99999999", "-1.0"}) == Texts{"-0.99999999", "-1.0"});
    CHECK(rounded({"9.9999999e-08", "1.0e-07"}) == Texts{"9.9999999e-08", "1.0e-07"});
    CHECK(rounded({"9.9999999e-06", "0.00001"}) == Texts{"9.9999999e-06", "0.00001"});
    CHECK(rounded({"0.12345678", "0.1234567800", "1.2345678e-01"}) == Texts{"0.123457", "0.123457", "1.23457e-01"});
    CHECK(rounded({"0", "0.0", "-0.000", "0e-05"}) == Texts{"0", "0.0", "-0.000", "0e-05"});
}

TEST_CASE("align_points: pads with spaces unless that takes too many", "[render]") {
    CHECK(aligned({"1.25", "10", "100.5"}) == Texts{"1.25", "10   ", "100.5 "});
    CHECK(aligned({"1.5e-07", "0.25"}) == Texts{"1.5e-07", "0.25   "});
    CHECK(aligned({"123456", "0.0000123456"}) == Texts{"123456", "0.0000123456"});
    CHECK(aligned({"1.25", "NaN"}) == Texts{"1.25", "NaN"});
    CHECK(aligned({}) == Texts{});
}
