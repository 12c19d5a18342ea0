// SPDX-License-Identifier: MIT
#include <curtail/core/pack/packer.hpp>

#include <cstdint>
#include <limits>
#include <string>

#include "catch.hpp"

using curtail::detail::Packer;
using namespace std::string_literals;

namespace {

template <class Write>
std::string packed(Write write) {
    Packer packer;
    write(packer);
    CHECK(packer.size() == packer.bytes().size());
    return packer.take();
}

}  // namespace

TEST_CASE("Packer: the bytes are the same on every machine", "[core]") {
    CHECK(packed([](Packer& p) { p.number(0); }) == "\0"s);
    CHECK(packed([](Packer& p) { p.number(127); }) == "\x7F");
    CHECK(packed([](Packer& p) { p.number(300); }) == "\xAC\x02");
    CHECK(packed([](Packer& p) { p.number((std::numeric_limits<std::uint64_t>::max)()); }) ==
          "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
    CHECK(packed([](Packer& p) { p.integer(-1); }) == "\x01");
    CHECK(packed([](Packer& p) { p.integer(1); }) == "\x02");
    CHECK(packed([](Packer& p) {
              p.flag(true);
              p.flag(false);
          }) == "\1\0"s);
    CHECK(packed([](Packer& p) { p.real(1.5); }) == "\0\0\0\0\0\0\xF8\x3F"s);
    CHECK(packed([](Packer& p) { p.word(0x0102030405060708); }) == "\x08\x07\x06\x05\x04\x03\x02\x01");
    CHECK(packed([](Packer& p) { p.text("ab\0"s); }) == "\3ab\0"s);
    const double reals[] = {0.0, -0.0};
    CHECK(packed([&](Packer& p) { p.reals(reals); }) == std::string(15, '\0') + "\x80");
}
