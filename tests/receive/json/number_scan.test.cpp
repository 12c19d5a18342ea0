// SPDX-License-Identifier: MIT
#include <curtail/receive/json/number_scan.hpp>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using curtail::detail::NumberState;

namespace {

struct Scan {
    std::size_t stop = 0;  // bytes that belong to the number
    bool whole = false;    // it may end there

    friend bool operator==(const Scan&, const Scan&) = default;
};

// Reads each piece from memory of its own, so that a sanitizer sees any read beyond it.
Scan scan(std::string_view first, std::string_view second = {}) {
    NumberState state = curtail::detail::begin_number(first.front());
    std::size_t stop = 1;
    for (const std::string_view piece : {first.substr(1), second}) {
        const std::vector<char> bytes(piece.begin(), piece.end());
        const char* const end = bytes.data() + bytes.size();
        const char* const at = curtail::detail::scan_number(bytes.data(), end, state);
        stop += static_cast<std::size_t>(at - bytes.data());
        if (at != end) break;
    }
    return {stop, curtail::detail::may_end(state)};
}

bool same_when_split(std::string_view text, const Scan& expected) {
    bool same = true;
    for (std::size_t at = 1; at <= text.size(); ++at) {
        same = same && scan(text.substr(0, at), text.substr(at)) == expected;
    }
    return same;
}

const std::vector<std::string> numbers = {
    "0",
    "-0",
    "7",
    "-7",
    "10",
    "-9007199254740993",
    "0.5",
    "-0.0",
    "12.034",
    "1e5",
    "1E5",
    "1e+5",
    "1E-5",
    "0e0",
    "-0E+00",
    "1.5e10",
    "-12.50E-07",
    "1234567890123456789012345678901234567890",
    "-1234567890123456789.1234567890123456789e-1234567890123456789",
    "0.00000000000000000000000000000000000000001E+00000000000000000000",
};

}  // namespace

TEST_CASE("scan_number: reads every form of a number in RFC 8259 to its end, wherever it is split", "[receive]") {
    for (const std::string& number : numbers) {
        INFO("number " << number);
        const Scan expected{number.size(), true};
        CHECK(scan(number) == expected);
        CHECK(same_when_split(number, expected));
    }
}

TEST_CASE("scan_number: stops at the first byte that is not part of the number, wherever it is split", "[receive]") {
    for (const std::string& number : numbers) {
        for (const char after : {',', ']', '}', ' ', '\n', '"', 'x', '-', '\0', '/', ':', '\xE9'}) {
            const std::string text = number + after + "1";
            INFO("text " << text);
            CHECK(same_when_split(text, {number.size(), true}));
        }
    }
}

TEST_CASE("scan_number: stops a malformed number at the byte at fault, in a state in which it may not end",
          "[receive]") {
    struct Malformed {
        std::string_view text;
        std::size_t stop;
    };
    for (const Malformed& malformed : std::vector<Malformed>{
             {"-", 1},     {"--1", 1},  {"-x", 1},    {"-.5", 1},   {"-e1", 1},  {"1.", 2},    {"1.,", 2},
             {"1.e1", 2},  {"1..2", 2}, {"0.-1", 2},  {"1e", 2},    {"1ee1", 2}, {"1e.5", 2},  {"1e+", 3},
             {"1e+-1", 3}, {"1e-,", 3}, {"1.5E", 4},  {"1.5E,", 4}, {"0e", 2},   {"-0.", 3},   {"-1e+x", 4},
             {"1.2e-", 5}, {"-I", 1},   {"12.x4", 3}, {"0.", 2},    {"- 1", 1},  {"-\xEF", 1}, {"3E+E", 3}}) {
        INFO("text " << malformed.text);
        CHECK(same_when_split(malformed.text, {malformed.stop, false}));
    }
}

TEST_CASE("scan_number: leaves what could continue as another number", "[receive]") {
    CHECK(same_when_split("01", {1, true}));
    CHECK(same_when_split("-00", {2, true}));
    CHECK(same_when_split("1.2.3", {3, true}));
    CHECK(same_when_split("1e5.5", {3, true}));
    CHECK(same_when_split("1e5e5", {3, true}));
    CHECK(same_when_split("0x1F", {1, true}));
    CHECK(same_when_split("1_000", {1, true}));
}

TEST_CASE("scan_number: accepts texts of up to five characters of numbers as nlohmann/json does", "[receive]") {
    constexpr std::string_view alphabet = "-+01.eE";
    std::vector<std::string> texts = {"-", "0", "1"};
    // A beginning can become a number if it is one or if a digit makes it one.
    const auto can_go_on = [](const std::string& text) {
        return nlohmann::json::accept(text) || nlohmann::json::accept(text + "0");
    };
    std::size_t valid = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::string text = texts[i];
        const Scan found = scan(text);
        std::size_t stop = 1;
        while (stop < text.size() && can_go_on(text.substr(0, stop + 1))) ++stop;
        INFO("text " << text);
        REQUIRE(found.stop == stop);
        REQUIRE(found.whole == nlohmann::json::accept(text.substr(0, stop)));
        valid += found.whole && stop == text.size() ? 1 : 0;
        if (text.size() == 5 || stop != text.size()) continue;
        for (const char c : alphabet) texts.push_back(text + c);
    }
    CHECK(valid > 100);
}

TEST_CASE("scan_number: an empty piece changes nothing", "[receive]") {
    for (const NumberState state :
         {NumberState::minus, NumberState::zero, NumberState::whole, NumberState::point, NumberState::fraction,
          NumberState::exponent, NumberState::exponent_sign, NumberState::exponent_digits}) {
        NumberState now = state;
        const char* const nothing = "1";
        CHECK(curtail::detail::scan_number(nothing, nothing, now) == nothing);
        CHECK(now == state);
    }
}
