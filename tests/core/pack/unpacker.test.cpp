// SPDX-License-Identifier: MIT
#include <curtail/core/pack/unpacker.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include <curtail/core/pack/packer.hpp>

#include "catch.hpp"
#include "seed.hpp"

using curtail::MessageError;
using curtail::detail::Packer;
using curtail::detail::Unpacker;
using namespace std::string_literals;

TEST_CASE("Unpacker: reads back what was packed", "[core]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 1000; ++round) {
        const std::uint64_t number = random() >> random() % 64;
        const auto integer = static_cast<std::int64_t>(random()) >> random() % 64;
        const std::uint64_t bits = random();
        const std::string text(random() % 200, 'x');
        Packer packer;
        packer.number(number);
        packer.integer(integer);
        packer.real(std::bit_cast<double>(bits));
        packer.text(text);
        packer.flag(number % 2 == 0);
        packer.word(bits);
        Unpacker unpacker(packer.bytes());
        CHECK(unpacker.number() == number);
        CHECK(unpacker.integer() == integer);
        const double real = unpacker.real();
        const std::uint64_t quiet = std::isnan(real) ? std::uint64_t{1} << 51U : 0;  // which an i386 sets in a NaN
        CHECK((std::bit_cast<std::uint64_t>(real) | quiet) == (bits | quiet));
        CHECK(unpacker.text() == text);
        CHECK(unpacker.flag() == (number % 2 == 0));
        CHECK(unpacker.word() == bits);
        CHECK_NOTHROW(unpacker.expect_end());
        // An exception takes a millisecond under the address sanitizer.
        for (std::size_t size = 0; size < packer.size() && round % 50 == 0; ++size) {
            Unpacker cut(std::string_view(packer.bytes()).substr(0, size));
            CHECK_THROWS_AS(
                [&] {
                    static_cast<void>(cut.number());
                    static_cast<void>(cut.integer());
                    static_cast<void>(cut.real());
                    static_cast<void>(cut.text());
                    static_cast<void>(cut.flag());
                    static_cast<void>(cut.word());
                }(),
                MessageError);
        }
    }
}

TEST_CASE("Unpacker: takes the least and the greatest integer", "[core]") {
    for (const std::int64_t value :
         {(std::numeric_limits<std::int64_t>::min)(), (std::numeric_limits<std::int64_t>::max)()}) {
        Packer packer;
        packer.integer(value);
        CHECK(Unpacker(packer.bytes()).integer() == value);
    }
}

TEST_CASE("Unpacker: refuses what Packer does not write, and says where", "[core]") {
    const auto refused = [](const std::string& bytes, auto read) {
        Unpacker unpacker(bytes, 100);
        try {
            static_cast<void>(read(unpacker));
        } catch (const MessageError& error) {
            CHECK(error.code() == curtail::ErrorCode::part_damaged);
            CHECK(error.offset() >= 100);
            CHECK(error.offset() <= 100 + bytes.size());
            return true;
        }
        return false;
    };
    CHECK(refused("\x80\x00"s, [](Unpacker& in) { return in.number(); }));
    CHECK(refused("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"s, [](Unpacker& in) { return in.number(); }));
    CHECK(refused(std::string(11, '\xFF'), [](Unpacker& in) { return in.number(); }));
    CHECK(refused("\x05"s, [](Unpacker& in) { return in.number(4); }));
    CHECK(refused("\x02"s, [](Unpacker& in) { return in.flag(); }));
    CHECK(refused("\x03yy"s, [](Unpacker& in) { return in.text(); }));
    CHECK(refused("\x03yyy"s, [](Unpacker& in) { return in.text(2); }));
    CHECK(refused("\0\0\0\0\0\0\xF0\x7F"s, [](Unpacker& in) { return in.finite(); }));
    CHECK(refused("\1\0\0\0\0\0\xF8\x7F"s, [](Unpacker& in) { return in.finite(); }));
    CHECK(refused("x"s, [](Unpacker& in) {
        in.expect_end();
        return 0;
    }));
}

TEST_CASE("Unpacker: allocates nothing for a count that cannot be true", "[core]") {
    Packer packer;
    packer.number(std::uint64_t{1} << 31U);
    packer.word(0);
    Unpacker counted(packer.bytes());
    CHECK_THROWS_AS(counted.count(1), MessageError);
    Unpacker reals(packer.bytes());
    CHECK_THROWS_AS(reals.finite(std::size_t{1} << 31U), MessageError);
}
