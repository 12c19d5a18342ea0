// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/text_buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <utility>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

TEST_CASE("TextBuffer: hands text on when the block is full, and not before") {
    MemoryOutput output;
    MemoryBlocks blocks(output);
    curtail::detail::TextBuffer buffer(blocks, curtail::detail::TextBlock::of(8));
    buffer.append("abc");
    buffer.put('d');
    CHECK(output.kept->write_sizes.empty());
    CHECK(buffer.size() == 4);
    buffer.append("efghij");
    CHECK(output.kept->bytes == "abcdefgh");
    CHECK(buffer.size() == 10);
    buffer.drain();
    CHECK(output.kept->bytes == "abcdefghij");
    CHECK(buffer.size() == 10);
}

TEST_CASE("TextBuffer: hands on a text longer than the block in pieces of its size") {
    MemoryOutput output;
    MemoryBlocks blocks(output);
    curtail::detail::TextBuffer buffer(blocks, curtail::detail::TextBlock::of(16));
    const std::string text(1000, 'x');
    buffer.append("ab");
    buffer.append(text);
    buffer.drain();
    CHECK(output.kept->bytes == "ab" + text);
    for (const std::size_t size : output.kept->write_sizes) CHECK(size <= 16);
}

TEST_CASE("TextBuffer: takes as many reserved bytes as are committed") {
    MemoryOutput output;
    MemoryBlocks blocks(output);
    curtail::detail::TextBuffer buffer(blocks, curtail::detail::TextBlock::of(8));
    buffer.append("abcdef");
    char* const room = buffer.reserve(5);  // does not fit behind the six
    CHECK(output.kept->bytes == "abcdef");
    std::memcpy(room, "gh???", 5);
    buffer.commit(room + 2);
    buffer.put('i');
    buffer.drain();
    CHECK(output.kept->bytes == "abcdefghi");
    CHECK(buffer.reserve(8) != nullptr);
}

TEST_CASE("TextBuffer: any mix of calls and any capacity give the same text") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 200; ++round) {
        MemoryOutput output;
        MemoryBlocks blocks(output);
        curtail::detail::TextBuffer buffer(blocks, curtail::detail::TextBlock::of(8 + random() % 60));
        std::string expected;
        for (int step = 0; step < 100; ++step) {
            const char letter = static_cast<char>('a' + random() % 26);
            switch (random() % 3) {
                case 0:
                    buffer.put(letter);
                    expected += letter;
                    break;
                case 1: {
                    const std::string text(random() % 100, letter);
                    buffer.append(text);
                    expected += text;
                    break;
                }
                default: {
                    const std::size_t size = random() % 9;
                    char* const room = buffer.reserve(8);
                    std::memset(room, letter, size);
                    buffer.commit(room + size);
                    expected.append(size, letter);
                }
            }
            REQUIRE(buffer.size() == expected.size());
        }
        buffer.drain();
        REQUIRE(output.kept->bytes == expected);
    }
}

TEST_CASE("TextBuffer: keeps its text when it is moved") {
    MemoryOutput output;
    MemoryBlocks blocks(output);
    curtail::detail::TextBuffer buffer(blocks, curtail::detail::TextBlock::of(8));
    buffer.append("abc");
    curtail::detail::TextBuffer moved(std::move(buffer));
    moved.append("def");
    moved.drain();
    CHECK(output.kept->bytes == "abcdef");
}
