// SPDX-License-Identifier: MIT
#include <curtail/artifact/gzip/inflate.hpp>

#include <libdeflate.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::gzip_crc32;

namespace {

std::string deflated(std::string_view text, int level) {
    libdeflate_compressor* const state = libdeflate_alloc_compressor(level);
    std::string out(libdeflate_deflate_compress_bound(state, text.size()), '\0');
    out.resize(libdeflate_deflate_compress(state, text.data(), text.size(), out.data(), out.size()));
    libdeflate_free_compressor(state);
    return out;
}

bool inflates_to(std::string_view bytes, std::string_view text) {
    std::string out(text.size(), '#');
    return curtail::detail::inflate(bytes, out) && out == text;
}

// Texts that compress badly, well, and extremely well.
std::string some_text(std::mt19937_64& random) {
    std::string text;
    const std::size_t size = random() % 66'000;
    const std::uint64_t kinds = 1 + random() % 200;
    while (text.size() < size) {
        if (random() % 8 == 0 && text.size() > 300) {
            text += text.substr(random() % (text.size() - 290), 3 + random() % 280);
        } else {
            text += static_cast<char>(random() % kinds);
        }
    }
    return text;
}

}  // namespace

TEST_CASE("inflate: undoes libdeflate at every level", "[artifact]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 60; ++round) {
        const std::string text = some_text(random);
        const int level = round % 13;
        const std::string bytes = deflated(text, level);
        CAPTURE(level, text.size());
        REQUIRE(inflates_to(bytes, text));
        CHECK(gzip_crc32(text) == libdeflate_crc32(0, text.data(), text.size()));
        if (!text.empty()) CHECK_FALSE(inflates_to(bytes, text.substr(1)));  // too little room
        CHECK_FALSE(inflates_to(bytes, text + "x"));                         // too much
        CHECK_FALSE(inflates_to(bytes + "x", text));                         // bytes that are left
        CHECK_FALSE(inflates_to(std::string_view(bytes).substr(0, bytes.size() - 1), text));
    }
    CHECK(inflates_to(deflated("", 0), ""));
    CHECK(inflates_to(deflated(std::string(65'280, 'x'), 12), std::string(65'280, 'x')));
}

TEST_CASE("inflate: refuses damaged bytes, or gives what libdeflate gives", "[artifact]") {
    std::mt19937_64 random(test_seed());
    libdeflate_decompressor* const state = libdeflate_alloc_decompressor();
    for (int round = 0; round < by_tier(600, 30'000); ++round) {
        const std::string text = some_text(random).substr(0, 400);
        std::string bytes = deflated(text, 1 + round % 12);
        for (std::uint64_t i = 1 + random() % 3; i != 0; --i)
            bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
        std::string ours(text.size(), '\0');
        std::string theirs(text.size(), '\0');
        std::size_t used = 0;
        std::size_t made = 0;
        const bool good = libdeflate_deflate_decompress_ex(state, bytes.data(), bytes.size(), theirs.data(),
                                                           theirs.size(), &used, &made) == LIBDEFLATE_SUCCESS &&
                          used == bytes.size() && made == theirs.size();
        const bool read = curtail::detail::inflate(bytes, ours);
        // libdeflate takes incomplete codes that nothing uses; a checksum would find them in any case.
        if (read) CHECK(good);
        if (read && good) CHECK(ours == theirs);
    }
    libdeflate_free_decompressor(state);
}

TEST_CASE("inflate: ends for any bytes", "[artifact]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < by_tier(5'000, 100'000); ++round) {
        std::string bytes(random() % 200, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        std::string out(random() % 500, '\0');
        (void)curtail::detail::inflate(bytes, out);
    }
    CHECK_FALSE(inflates_to("", ""));
}

TEST_CASE("inflate: takes a lone distance code of one bit and of no other length, as zlib does", "[artifact]") {
    for (const unsigned length : {1U, 2U, 3U}) {
        std::string bytes;
        unsigned count = 0;
        const auto put = [&](unsigned value, unsigned bits) {
            for (; bits != 0; --bits, value >>= 1U, ++count) {
                if (count % 8 == 0) bytes += '\0';
                bytes.back() |= static_cast<char>((value & 1U) << count % 8);
            }
        };
        put(1, 1);   // the last block
        put(2, 2);   // with codes of its own
        put(0, 5);   // for 257 literals
        put(0, 5);   // and one distance,
        put(14, 4);  // whose lengths have 18 code lengths, in this order
        for (const unsigned symbol : {16U, 17U, 18U, 0U, 8U, 7U, 9U, 6U, 10U, 5U, 11U, 4U, 12U, 3U, 13U, 2U, 14U, 1U}) {
            put(symbol == 18 ? 1 : symbol == 1 || symbol == (length == 1 ? 2 : length) ? 2 : 0, 3);
        }
        const auto zeros = [&](unsigned times) {
            put(0, 1);
            put(times - 11, 7);
        };
        zeros(97);
        put(1, 2);  // 'a' has one bit
        zeros(138);
        zeros(20);
        put(1, 2);                    // the end has one bit
        put(length == 1 ? 1 : 3, 2);  // and the distance so many
        put(0, 1);                    // 'a'
        put(1, 1);                    // the end
        CAPTURE(length);
        CHECK(inflates_to(bytes, "a") == (length == 1));
    }
}
