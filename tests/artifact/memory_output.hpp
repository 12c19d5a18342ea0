// SPDX-License-Identifier: MIT
#pragma once
// An output that keeps its bytes after the sink is gone.

#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/artifact/file/text_buffer.hpp>

struct MemoryOutput {
    struct Kept {
        std::string bytes;
        std::vector<std::size_t> write_sizes;
        int commits = 0;
        int aborts = 0;
        std::size_t fail_at_write = static_cast<std::size_t>(-1);  // the number of the write that throws
        bool fail_at_commit = false;
    };

    std::shared_ptr<Kept> kept = std::make_shared<Kept>();

    void write(std::span<const char> bytes) {
        if (kept->write_sizes.size() == kept->fail_at_write) {
            kept->fail_at_write = static_cast<std::size_t>(-1);
            throw std::runtime_error("the write was told to fail");
        }
        kept->bytes.append(bytes.data(), bytes.size());
        kept->write_sizes.push_back(bytes.size());
    }
    void commit() {
        if (kept->fail_at_commit) throw std::runtime_error("the commit was told to fail");
        ++kept->commits;
    }
    void abort() noexcept { ++kept->aborts; }
};

// The same for the machinery, which knows outputs by their base class.
using MemoryBytes = curtail::detail::OwnedOutput<MemoryOutput>;

// Takes what fills a TextBuffer.
struct MemoryBlocks final : curtail::detail::BlockSink {
    explicit MemoryBlocks(MemoryOutput to) : output(std::move(to)) {}
    void exchange(curtail::detail::TextBlock& block) override {
        output.write(block.text());
        block.size = 0;
    }

    MemoryOutput output;
};

// Returns what `write` writes to a TextBuffer of so many bytes.
template <class Write>
std::string text_of(Write write, std::size_t capacity = curtail::detail::TextBuffer::default_capacity) {
    MemoryBlocks blocks{MemoryOutput()};
    curtail::detail::TextBuffer text(blocks, curtail::detail::TextBlock::of(capacity));
    write(text);
    text.drain();
    return blocks.output.kept->bytes;
}
