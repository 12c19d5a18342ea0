// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/block_writer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "artifact/memory_output.hpp"
#include "awaited.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::detail::BlockWriter;
using curtail::detail::OwnedOutput;
using curtail::detail::TextBlock;

void fill(TextBlock& block, std::string_view text) {
    REQUIRE(text.size() <= block.capacity);
    std::memcpy(block.memory.get(), text.data(), text.size());
    block.size = text.size();
}

TextBlock block_of(const BlockWriter& writer, std::string_view text) {
    TextBlock block = TextBlock::of(writer.block_capacity());
    fill(block, text);
    return block;
}

// Notes which thread writes, and waits at a gate.
struct GatedOutput {
    struct Shared {
        Awaited gate_open{1};
        Awaited writes{0};
        std::thread::id writer;
        std::string bytes;
    };
    std::shared_ptr<Shared> shared = std::make_shared<Shared>();

    void write(std::span<const char> text) {
        shared->gate_open.wait_for_at_least(1);
        shared->writer = std::this_thread::get_id();
        shared->bytes.append(text.data(), text.size());
        shared->writes.increment();
    }
    void commit() {}
    void abort() noexcept {}
};

}  // namespace

TEST_CASE("BlockWriter: with one formatting thread the caller writes each block that it hands over") {
    GatedOutput output;
    OwnedOutput<GatedOutput> to(output);
    BlockWriter writer(to, 1);
    TextBlock block = block_of(writer, "abc");
    writer.exchange(block);
    CHECK(output.shared->bytes == "abc");
    CHECK(block.size == 0);
    CHECK(block.memory != nullptr);
    fill(block, "def");
    writer.finish(std::move(block));
    CHECK(output.shared->bytes == "abcdef");
    CHECK(output.shared->writer == std::this_thread::get_id());
}

TEST_CASE("BlockWriter: with several threads one of its own writes full blocks, and none is started for less") {
    GatedOutput output;
    {
        OwnedOutput<GatedOutput> to(output);
        BlockWriter writer(to, 2);
        writer.finish(block_of(writer, "all of it"));
    }
    CHECK(output.shared->writer == std::this_thread::get_id());

    GatedOutput other;
    OwnedOutput<GatedOutput> to(other);
    BlockWriter writer(to, 2);
    TextBlock block = block_of(writer, "first ");
    writer.exchange(block);
    fill(block, "last");
    other.shared->writes.wait_for_at_least(1);
    CHECK(other.shared->writer != std::this_thread::get_id());
    writer.finish(std::move(block));
    CHECK(other.shared->bytes == "first last");
}

TEST_CASE("BlockWriter: writes turns in their order, whichever thread ends first and however many texts each has") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
        INFO(threads << " threads");
        constexpr std::size_t turns = 400;
        std::vector<std::vector<std::string>> texts(turns);
        std::string expected = "begin ";
        for (std::size_t turn = 0; turn < turns; ++turn) {
            const std::size_t parts = random() % 8 == 0 ? 1 + random() % 40 : 1;
            for (std::size_t part = 0; part < parts; ++part) {
                texts[turn].push_back(std::to_string(turn) + std::string(random() % 20, '.'));
                expected += texts[turn].back();
            }
        }
        expected += "end";
        GatedOutput output;
        OwnedOutput<GatedOutput> to(output);
        BlockWriter writer(to, threads, 64);
        TextBlock block = block_of(writer, "begin ");
        writer.exchange(block);
        std::atomic<std::uint64_t> next{writer.next_turn()};
        const auto work = [&](std::uint64_t of_thread) {
            std::mt19937_64 pauses(seed + of_thread);
            for (std::uint64_t turn = next++; turn < turns; turn = next++) {
                TextBlock text = writer.begin_turn(turn);
                for (std::size_t part = 0; part < texts[turn].size(); ++part) {
                    if (part != 0) writer.write_part(turn, text);
                    std::memcpy(text.memory.get(), texts[turn][part].data(), texts[turn][part].size());
                    text.size = texts[turn][part].size();
                    if (pauses() % 16 == 0) std::this_thread::yield();
                }
                writer.end_turn(turn, std::move(text));
            }
        };
        std::vector<std::thread> others;
        for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work, i);
        work(0);
        for (std::thread& other : others) other.join();
        CHECK(writer.next_turn() == turns);
        fill(block, "end");
        writer.finish(std::move(block));
        const bool same = output.shared->bytes == expected;
        CHECK(same);
    }
}

TEST_CASE("BlockWriter: a slow output makes the formatting threads wait, so that memory stays bounded") {
    GatedOutput output;
    output.shared->gate_open.set(0);
    constexpr std::size_t formatters = 2;
    OwnedOutput<GatedOutput> to(output);
    BlockWriter writer(to, formatters);
    Awaited handed_over{0};
    std::thread producer([&] {
        TextBlock block = TextBlock::of(writer.block_capacity());
        for (int i = 0; i < 100; ++i) {
            block.size = 1;
            writer.exchange(block);
            handed_over.increment();
        }
    });
    handed_over.wait_for_at_least(2);
    int before = -1;
    for (int still = 0; still < 20;) {
        still = handed_over.get() == before ? still + 1 : 0;
        before = handed_over.get();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    CHECK(handed_over.get() <= static_cast<int>(2 * formatters + 3));
    output.shared->gate_open.set(1);
    producer.join();
    writer.finish(TextBlock());
    CHECK(output.shared->bytes.size() == 100);
}

TEST_CASE("BlockWriter: all blocks together take at most 17 MB, for any number of threads") {
    for (const std::size_t formatters : {1U, 2U, 16U, 64U, 128U}) {
        OwnedOutput<GatedOutput> to{GatedOutput()};
        BlockWriter writer(to, formatters);
        CHECK(writer.block_capacity() * (2 * formatters + 3) <= 17'000'000);
        CHECK(writer.block_capacity() >= 64'000);
    }
}

TEST_CASE("BlockWriter: throws what the output threw, at the next block and at the end") {
    for (const std::size_t formatters : {1U, 4U}) {
        INFO(formatters << " formatters");
        MemoryOutput output;
        output.kept->fail_at_write = 2;
        MemoryBytes to(output);
        BlockWriter writer(to, formatters);
        TextBlock block = TextBlock::of(writer.block_capacity());
        const auto write_all = [&] {
            for (int i = 0; i < 1000; ++i) {
                block.size = 1;
                writer.exchange(block);
            }
        };
        CHECK_THROWS_AS(write_all(), std::runtime_error);
        CHECK_THROWS_AS(writer.begin_turn(0), std::runtime_error);
        CHECK_THROWS_AS(writer.end_turn(0, TextBlock()), std::runtime_error);
        CHECK_THROWS_AS(writer.finish(TextBlock()), std::runtime_error);
        CHECK(output.kept->write_sizes.size() == 2);
    }
}

TEST_CASE("BlockWriter: give_up() ends the threads that wait for later turns, and no others") {
    MemoryOutput output;
    MemoryBytes to(output);
    BlockWriter writer(to, 4);
    TextBlock early = writer.begin_turn(0);
    TextBlock late = writer.begin_turn(2);
    std::atomic<bool> given_up{false};
    std::thread waiting([&] {
        try {
            writer.write_part(2, late);
        } catch (const BlockWriter::GivenUp&) {
            given_up = true;
        }
    });
    writer.give_up(1);
    waiting.join();
    CHECK(given_up);
    fill(early, "early");
    writer.write_part(0, early);
    fill(early, " part");
    writer.end_turn(0, std::move(early));
    writer.finish(TextBlock());
    CHECK(output.kept->bytes == "early part");
}

TEST_CASE("BlockWriter: discard() and destruction drop what is not yet written") {
    GatedOutput output;
    output.shared->gate_open.set(0);
    {
        OwnedOutput<GatedOutput> to(output);
        BlockWriter writer(to, 2);
        TextBlock block = TextBlock::of(writer.block_capacity());
        for (int i = 0; i < 3; ++i) {
            block.size = 1;
            writer.exchange(block);
        }
        std::thread opener([&] {
            // Takes all blocks there are, and waits for one more until discard() has begun.
            std::vector<TextBlock> taken;
            try {
                for (;;) taken.push_back(writer.begin_turn(0));
            } catch (const curtail::UsageError&) {
                output.shared->gate_open.set(1);
            }
        });
        writer.discard();
        opener.join();
        // Nobody waits for ever to hand over more.
        block.size = 1;
        CHECK_THROWS_AS(writer.exchange(block), curtail::UsageError);
        CHECK_THROWS_AS(writer.begin_turn(0), curtail::UsageError);
    }
    CHECK(output.shared->bytes.size() <= 1);
}
