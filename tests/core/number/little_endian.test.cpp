// SPDX-License-Identifier: MIT
#include <curtail/core/number/little_endian.hpp>

#include <cstddef>
#include <cstdint>

#include "catch.hpp"

TEST_CASE("little_endian: takes the first byte for the lowest, and reads no other bytes", "[core]") {
    const char bytes[] = {'\xEF', '\xCD', '\xAB', '\x89', '\x67', '\x45', '\x23', '\x01', '\x55'};
    std::uint64_t expected = 0;
    for (std::size_t size = 0; size <= 8; ++size) {
        CHECK(curtail::detail::little_endian(bytes, size) == expected);
        if (size < 8) expected |= std::uint64_t{static_cast<unsigned char>(bytes[size])} << 8U * size;
    }
    CHECK(expected == 0x0123'4567'89AB'CDEFU);
    CHECK(curtail::detail::little_endian(bytes + 1, 8) == 0x5501'2345'6789'ABCDU);  // wherever it stands
}
