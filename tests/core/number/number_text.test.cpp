// SPDX-License-Identifier: MIT
#include <curtail/core/number/number_text.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

namespace {

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

// The digits of a number without sign, point, exponent and the zeros at either end: at most 17, in order.
struct Digits {
    char text[curtail::detail::max_number_chars];
    std::size_t size = 0;
    friend bool operator==(const Digits& a, const Digits& b) {
        return a.size == b.size && std::memcmp(a.text, b.text, a.size) == 0;
    }
};
Digits significant_digits(const char* at, const char* end) {
    Digits out;
    for (; at != end && *at != 'e'; ++at) {
        if (*at >= '0' && *at <= '9' && (*at != '0' || out.size != 0)) out.text[out.size++] = *at;
    }
    while (out.size != 0 && out.text[out.size - 1] == '0') --out.size;
    return out;
}

// Returns true if the text of a number reads back to the same bits, has no digit more than the shortest text that
// std::to_chars finds, is laid out like Python's, and is the same whoever supplies the digits.
template <class Float, class Bits>
bool is_right(Bits bits) {
    const auto value = std::bit_cast<Float>(bits);
    if (!std::isfinite(value)) return true;
    char text[curtail::detail::max_number_chars];
    const char* const end = curtail::detail::write_floating(text, value);
    Float back = 0;
    const std::from_chars_result read = [&] {
        const curtail::detail::StandardArithmetic standard;  // without it x87 rounds twice
        return std::from_chars(text, end, back);
    }();
    if (read.ptr != end || std::bit_cast<Bits>(back) != bits) return false;
    char other[curtail::detail::max_number_chars];
    const char* const other_end = curtail::detail::write_floating<Float, curtail::detail::ToCharsDigits>(other, value);
    if (std::string_view(text, end) != std::string_view(other, other_end)) return false;
    char shortest[curtail::detail::max_number_chars];
    char* shortest_end = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific).ptr;
    return significant_digits(text, end) == significant_digits(shortest, shortest_end);
}

// Calls `check` with every number below `count`, in as many threads as there are cores, and says how many were wrong
// and which came first.
template <class Check>
void check_all(std::uint64_t count, const Check& check) {
    constexpr std::uint64_t block = 1U << 16U;
    std::atomic<std::uint64_t> next = 0;
    std::atomic<std::uint64_t> wrong = 0;
    std::atomic<std::uint64_t> first = count;
    const auto work = [&] {
        for (std::uint64_t begin; (begin = next.fetch_add(block)) < count;) {
            for (std::uint64_t i = begin; i != (std::min)(begin + block, count); ++i) {
                if (!check(i) && wrong.fetch_add(1) == 0) first = i;
            }
        }
    };
    std::vector<std::thread> threads((std::max)(std::thread::hardware_concurrency(), 1U));
    for (std::thread& thread : threads) thread = std::thread(work);
    for (std::thread& thread : threads) thread.join();
    INFO("number " << first.load());
    CHECK(wrong == 0);
}

// Random bits that depend on the place alone, so that threads may take any part: the mixer of splitmix64.
std::uint64_t bits_at(std::uint64_t seed, std::uint64_t place) {
    std::uint64_t x = seed + (place + 1) * 0x9E3779B97F4A7C15U;
    x = (x ^ x >> 30U) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27U) * 0x94D049BB133111EBU;
    return x ^ x >> 31U;
}

template <class Float, class Bits>
void check_layout(std::uint64_t rounds) {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        const auto bits = static_cast<Bits>(random());
        const auto value = std::bit_cast<Float>(bits);
        if (!std::isfinite(value)) continue;
        const bool good = is_right<Float>(bits) && curtail::detail::number_text(value) == expected_repr(value);
        if (!good && wrong++ == 0) {
            INFO("bits " << bits << " gave " << curtail::detail::number_text(value));
            CHECK(good);
        }
    }
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("write_floating: writes doubles as Python's repr does", "[core]") {
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
    for (const auto& [value, expected] : cases) CHECK(curtail::detail::number_text(value) == expected);
}

TEST_CASE("write_floating: short decimals have no digit too many, and their neighbours all they need", "[core]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::uint64_t wrong = 0;
    const auto check = [&](double value) {
        const bool right = is_right<double>(std::bit_cast<std::uint64_t>(value)) &&
                           curtail::detail::number_text(value) == expected_repr(value);
        if (!right && wrong++ == 0) {
            INFO("gave " << curtail::detail::number_text(value));
            CHECK(right);
        }
    };
    for (int i = 0; i < 30'000; ++i) {
        const auto whole = static_cast<double>(random() >> random() % 62U);
        for (const double scale : {1.0, 10.0, 100.0, 1'000.0, 10'000.0, 100'000.0}) {
            const double value = whole / scale;
            check(value);
            check(-value);
            check(std::nextafter(value, 0.0));
            check(std::nextafter(value, 1e300));
        }
    }
    // The ends of the range in which they have a way of their own.
    for (const double edge : {1.0, 1e11, 99'999'999'999.9999, 100'000'000'000.0001, 0.9999, 1.0001}) {
        check(edge);
        check(std::nextafter(edge, 0.0));
        check(std::nextafter(edge, 1e300));
    }
    CHECK(wrong == 0);
    CHECK(curtail::detail::number_text(12.5) == "12.5");
    CHECK(curtail::detail::number_text(1234.05) == "1234.05");
    CHECK(curtail::detail::number_text(-99'999'999'999.9999) == "-99999999999.9999");
    CHECK(curtail::detail::number_text(3.0001) == "3.0001");
    CHECK(curtail::detail::number_text(3.00001) == "3.00001");
}

TEST_CASE("write_floating: floats have their own shortest digits", "[core]") {
    CHECK(curtail::detail::number_text(0.1F) == "0.1");
    CHECK(curtail::detail::number_text(16777217.0F) == "16777216.0");
    CHECK(curtail::detail::number_text(1e10F) == "10000000000.0");
    CHECK(curtail::detail::number_text(3.4028235e38F) == "3.4028235e+38");
    CHECK(curtail::detail::number_text(1e-45F) == "1e-45");
    CHECK(curtail::detail::number_text(123456.789F) == "123456.79");
}

TEST_CASE("write_integer: exact at every edge", "[core]") {
    CHECK(curtail::detail::number_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(curtail::detail::number_text(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    CHECK(curtail::detail::number_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(curtail::detail::number_text(std::int8_t{-128}) == "-128");
    CHECK(curtail::detail::number_text(std::uint8_t{255}) == "255");
    CHECK(curtail::detail::number_text(0) == "0");
    std::uint64_t edge = 1;
    for (int digits = 1; digits < 20; ++digits, edge *= 10) {
        CHECK(curtail::detail::number_text(edge) == std::to_string(edge));
        CHECK(curtail::detail::number_text(edge - 1) == std::to_string(edge - 1));
        CHECK(curtail::detail::number_text(-static_cast<std::int64_t>(edge / 2)) ==
              std::to_string(-static_cast<std::int64_t>(edge / 2)));
    }
}

#if defined(__OPTIMIZE__)
constexpr std::uint64_t random_numbers = 1'000'000;
#else
constexpr std::uint64_t random_numbers = 100'000;  // a million take 20 s with sanitizers
#endif

TEST_CASE("write_floating: random doubles read back to the same bits from the shortest text", "[core]") {
    check_layout<double, std::uint64_t>(random_numbers);
}

TEST_CASE("write_floating: random floats read back to the same bits from the shortest text", "[core]") {
    check_layout<float, std::uint32_t>(random_numbers);
}

// The slow tier takes five and a half minutes on two cores, three quarters of it for the floats. Without optimisation,
// or with sanitizers, it would take hours: there every 61st number will do.
TEST_CASE("write_floating: 200 million doubles and all floats are right (some of each unless CURTAIL_SLOW is set)",
          "[core]") {
    // Case P130 of the acceptance list.
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
    const auto step = by_tier<std::uint64_t>(1'000, 1);
#else
    const auto step = by_tier<std::uint64_t>(10'000, 61);
#endif
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    constexpr std::uint64_t doubles = 100'000'000;
    check_all(doubles / step, [&](std::uint64_t i) { return is_right<double>(bits_at(seed, i)); });
    // Random bits are hardly ever what people have in tables: as many numbers of few decimals.
    check_all(doubles / step, [&](std::uint64_t i) {
        const std::uint64_t bits = bits_at(~seed, i);
        const auto whole = static_cast<double>(static_cast<std::int64_t>(bits >> 8U) >> (bits >> 2U) % 56U);
        const double scales[] = {1.0, 10.0, 100.0, 1e6};
        return is_right<double>(std::bit_cast<std::uint64_t>(whole / scales[bits & 3U]));
    });
    constexpr std::uint64_t floats = std::uint64_t{1} << 32U;
    check_all(floats / step, [&](std::uint64_t i) { return is_right<float>(static_cast<std::uint32_t>(i * step)); });
}
