// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/number_text.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "catch.hpp"

namespace {

template <class Word>
std::string decimal(std::initializer_list<Word> words, std::int32_t scale) {
    unsigned char bytes[33];
    std::size_t size = 0;
    for (const Word word : words) {
        std::memcpy(bytes + 1 + size, &word, sizeof word);  // not aligned
        size += sizeof word;
    }
    char text[curtail::detail::max_arrow_decimal_chars];
    return {text, curtail::detail::write_arrow_decimal(text, bytes + 1, static_cast<std::int64_t>(size), scale)};
}

std::string interval(std::int32_t months, std::int32_t days, std::int64_t nanoseconds) {
    char text[curtail::detail::max_arrow_interval_chars];
    return {text, curtail::detail::write_arrow_interval(text, months, days, nanoseconds)};
}

}  // namespace

TEST_CASE("write_arrow_decimal: writes all digits of 32 and 64 bits", "[table]") {
    CHECK(decimal<std::int32_t>({0}, 0) == "0");
    CHECK(decimal<std::int32_t>({0}, 2) == "0.00");
    CHECK(decimal<std::int32_t>({-1}, 2) == "-0.01");
    CHECK(decimal<std::int32_t>({12345}, 2) == "123.45");
    CHECK(decimal<std::int32_t>({-12345}, 5) == "-0.12345");
    CHECK(decimal<std::int32_t>({INT32_MIN}, 0) == "-2147483648");
    CHECK(decimal<std::int64_t>({INT64_MIN}, 4) == "-922337203685477.5808");
    CHECK(decimal<std::int64_t>({INT64_MAX}, 0) == "9223372036854775807");
    CHECK(decimal<std::int64_t>({100}, 2) == "1.00");
}

TEST_CASE("write_arrow_decimal: writes all digits of 128 and 256 bits", "[table]") {
    // The least significant word comes first, as on a little-endian machine.
    if (std::endian::native == std::endian::little) {
        CHECK(decimal<std::uint64_t>({0, 1}, 0) == "18446744073709551616");
        CHECK(decimal<std::uint64_t>({~0ULL, ~0ULL}, 10) == "-0.0000000001");
        CHECK(decimal<std::uint64_t>({0, 0x8000000000000000ULL}, 0) == "-170141183460469231731687303715884105728");
        CHECK(decimal<std::uint64_t>({~0ULL, 0x7FFFFFFFFFFFFFFFULL}, 38) == "1.70141183460469231731687303715884105727");
        // 10^18 and 10^27 have groups of nine zeros.
        CHECK(decimal<std::uint64_t>({1'000'000'000'000'000'000ULL, 0}, 0) == "1000000000000000000");
        CHECK(decimal<std::uint64_t>({0x9FD0803CE8000000ULL, 0x33B2E3CULL}, 0) == "1000000000000000000000000000");
        CHECK(decimal<std::uint64_t>({0, 0, 0, 0x8000000000000000ULL}, 0) ==
              "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
        CHECK(decimal<std::uint64_t>({~0ULL, ~0ULL, ~0ULL, 0x7FFFFFFFFFFFFFFFULL}, 76) ==
              "5.7896044618658097711785492504343953926634992332820282019728792003956564819967");
        CHECK(decimal<std::uint64_t>({~0ULL, ~0ULL, ~0ULL, ~0ULL}, -76) == "-1" + std::string(76, '0'));
    }
}

TEST_CASE("write_arrow_decimal: a negative scale adds zeros, a scale beyond any precision is an exponent", "[table]") {
    CHECK(decimal<std::int32_t>({12}, -3) == "12000");
    CHECK(decimal<std::int32_t>({-12}, -1) == "-120");
    CHECK(decimal<std::int32_t>({0}, -3) == "0");
    CHECK(decimal<std::int32_t>({7}, 77) == "7e-77");
    CHECK(decimal<std::int32_t>({-7}, -100) == "-7e100");
    CHECK(decimal<std::int32_t>({7}, INT32_MIN) == "7e2147483648");
    CHECK(decimal<std::int32_t>({7}, 76) == "0." + std::string(75, '0') + "7");
}

TEST_CASE("write_arrow_interval: each part keeps its sign", "[table]") {
    CHECK(interval(0, 0, 0) == "00:00:00");
    CHECK(interval(14, 3, 0) == "14 months 3 days");
    CHECK(interval(-14, 0, 0) == "-14 months");
    CHECK(interval(0, 1, 3'661'000'000'000) == "1 days 01:01:01");
    CHECK(interval(0, 0, 1) == "00:00:00.000000001");
    CHECK(interval(0, 0, -500'000'000) == "-00:00:00.5");
    CHECK(interval(1, -1, -61'500'000'000) == "1 months -1 days -00:01:01.5");
    CHECK(interval(0, 0, 36'000'000'000'000) == "10:00:00");
    CHECK(interval(0, 0, 35'999'000'000'000) == "09:59:59");
    CHECK(interval(INT32_MIN, INT32_MIN, INT64_MIN) == "-2147483648 months -2147483648 days -2562047:47:16.854775808");
}
