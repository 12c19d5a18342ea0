// SPDX-License-Identifier: MIT
#include <curtail/artifact/pair/content_hash.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "seed.hpp"

namespace {

std::uint64_t hash_of(std::string_view bytes) {
    curtail::detail::ContentHash hash;
    hash.update(bytes);
    return hash.value();
}

}  // namespace

TEST_CASE("ContentHash: is XXH64 with seed 0", "[artifact]") {
    // As `printf … | xxhsum -H1` prints them.
    CHECK(hash_of("") == 0xEF46DB3751D8E999U);
    CHECK(hash_of("a") == 0xD24EC4F1A98C6E5BU);
    CHECK(hash_of("abc") == 0x44BC2CF5AD770999U);
    CHECK(hash_of("Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1U);
}

TEST_CASE("ContentHash: agrees with xxhsum on texts of every length", "[artifact]") {
    if (std::system("xxhsum --version >/dev/null 2>&1") != 0) {
        std::cout << "skipped: no xxhsum (on Debian: xxhash)\n";
        return;
    }
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const ScratchDirectory dir;
    std::string bytes;
    std::string expected;
    std::string files;
    for (int i = 0; i < 130; ++i) {
        const std::string name = std::to_string(1000 + i);
        dir.put(name, bytes);
        files += " " + name;
        char line[64];
        (void)std::snprintf(line, sizeof line, "%016llx  %s\n", static_cast<unsigned long long>(hash_of(bytes)),
                            name.c_str());
        expected += line;
        bytes.resize(i < 100 ? bytes.size() + 1 : random() % 100'000);
        for (char& byte : bytes) byte = static_cast<char>(random());
    }
    const std::string command = "cd " + dir.path() + " && xxhsum -H1" + files + " >sums";
    REQUIRE(std::system(command.c_str()) == 0);
    CHECK(dir.read("sums") == expected);
}

TEST_CASE("ContentHash: any division into parts gives the same", "[artifact]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 500; ++round) {
        std::string bytes(random() % 300, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        curtail::detail::ContentHash hash;
        std::string_view rest = bytes;
        while (!rest.empty()) {
            const std::string_view part = rest.substr(0, random() % 70);
            hash.update(part);
            rest.remove_prefix(part.size());
        }
        REQUIRE(hash.value() == hash_of(bytes));
        REQUIRE(hash.value() == hash_of(bytes));
    }
}
