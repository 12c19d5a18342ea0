// SPDX-License-Identifier: MIT
#pragma once
// A fixed piece of memory that text is formatted into and that empties itself into an output when it is full.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace curtail::inline v0::detail {

// Memory with text at its beginning.
struct TextBlock {
    std::unique_ptr<char[]> memory;
    std::size_t capacity = 0;
    std::size_t size = 0;

    // Not value-initialised: a quarter megabyte of zeros would be written for nothing.
    [[nodiscard]] static TextBlock of(std::size_t capacity) {
        return {std::unique_ptr<char[]>(new char[capacity]), capacity, 0};
    }
    [[nodiscard]] std::span<const char> text() const noexcept { return {memory.get(), size}; }
};

// Text on its way to `Output`, which either takes a copy by write(std::span<const char>), or takes the block itself and
// gives another, empty one for it by exchange(TextBlock&). Writes of less than the capacity are gathered; a text of any
// length passes through without more memory, so a cell of a gigabyte costs none.
template <class Output>
class TextBuffer {
  public:
    // 256 KiB: the rate of write(2) into a warm page cache is flat from there to 1 MiB, and half a megabyte still fits
    // the second-level cache of the cores in use.
    static constexpr std::size_t default_capacity = std::size_t{256} * 1024;

    explicit TextBuffer(Output output, std::size_t capacity = default_capacity)
        : TextBuffer(std::move(output), TextBlock::of(capacity)) {}
    TextBuffer(Output output, TextBlock block) : output_(std::move(output)), block_(std::move(block)) {}

    // At least `size` bytes to write to, `size` no more than the capacity; say with commit() how far they were used.
    [[nodiscard]] char* reserve(std::size_t size) {
        if (block_.capacity - block_.size < size) drain();
        return block_.memory.get() + block_.size;
    }
    // The end of what reserve() gives: there may be more than was asked for.
    [[nodiscard]] char* reserved_end() const noexcept { return block_.memory.get() + block_.capacity; }
    void commit(const char* end) noexcept { block_.size = static_cast<std::size_t>(end - block_.memory.get()); }

    void put(char c) {
        *reserve(1) = c;
        ++block_.size;
    }

    void append(std::string_view text) {
        while (!text.empty()) {
            if (block_.size == block_.capacity) drain();
            const std::size_t size = (std::min)(text.size(), block_.capacity - block_.size);
            std::memcpy(block_.memory.get() + block_.size, text.data(), size);
            block_.size += size;
            text.remove_prefix(size);
        }
    }

    void drain() {
        const std::size_t size = block_.size;
        if constexpr (requires { output_.exchange(block_); }) {
            output_.exchange(block_);
        } else {
            output_.write(block_.text());
            block_.size = 0;
        }
        drained_ += size;
    }

    // What was not drained, with its memory; only destruction makes sense after it.
    [[nodiscard]] TextBlock release() noexcept { return std::move(block_); }

    // All bytes appended so far, drained or not.
    [[nodiscard]] std::uint64_t size() const noexcept { return drained_ + block_.size; }
    [[nodiscard]] Output& output() noexcept { return output_; }
    [[nodiscard]] const Output& output() const noexcept { return output_; }

  private:
    Output output_;
    TextBlock block_;
    std::uint64_t drained_ = 0;
};

}  // namespace curtail::inline v0::detail
