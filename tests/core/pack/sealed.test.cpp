// SPDX-License-Identifier: MIT
#include <curtail/core/pack/sealed.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "catch.hpp"
#include "seed.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::detail::unseal;

namespace {

std::string seal(std::string_view mark, std::uint64_t version, std::string_view body) {
    curtail::detail::Packer packer;
    const std::size_t half = body.size() / 2;
    curtail::detail::seal(packer, mark, version, body.substr(0, half), body.substr(half));
    const char* const memory = packer.bytes().data();
    curtail::detail::seal(packer, mark, version, {}, body);
    CHECK(packer.bytes().data() == memory);
    return packer.take();
}

}  // namespace

TEST_CASE("unseal: gives back the body and its version", "[core]") {
    for (const std::string& body : {std::string(), std::string("body"), std::string(100'000, 'x')}) {
        const std::string sealed = seal("mark", 3, body);
        CHECK(sealed.size() <= body.size() + curtail::detail::max_seal_bytes);
        auto unsealed = unseal("mark", 3, sealed);
        CHECK(unsealed.version == 3);
        CHECK(unsealed.body.raw(unsealed.body.left()) == body);
    }
}

TEST_CASE("unseal: refuses every cut and every flipped bit", "[core]") {
    const std::string sealed = seal("mark", 1, "a body of some length");
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        CHECK_THROWS_AS(unseal("mark", 1, std::string_view(sealed).substr(0, size)), MessageError);
    }
    CHECK_THROWS_AS(unseal("mark", 1, sealed + "x"), MessageError);
    for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << bit % 8));
        CHECK_THROWS_AS(unseal("mark", 1, changed), MessageError);
    }
}

TEST_CASE("unseal: says that a later version wrote the bytes", "[core]") {
    try {
        static_cast<void>(unseal("mark", 1, seal("mark", 2, "body")));
        FAIL("taken");
    } catch (const MessageError& error) {
        CHECK(error.code() == ErrorCode::newer_version);
        CHECK(std::string_view(error.what()).find("version 2") != std::string_view::npos);
    }
    CHECK_THROWS_AS(unseal("mark", 1, "some other bytes"), MessageError);
}

TEST_CASE("checksum_of: finds swapped and lost bytes", "[core]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 1000; ++round) {
        std::string bytes(2 + random() % 40, ' ');
        for (char& byte : bytes) byte = static_cast<char>(random() % 4);
        std::string changed = bytes;
        std::swap(changed[random() % bytes.size()], changed[random() % bytes.size()]);
        if (changed == bytes) changed += '\0';
        CHECK(curtail::detail::checksum_of(changed) != curtail::detail::checksum_of(bytes));
    }
}
