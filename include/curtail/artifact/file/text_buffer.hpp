// SPDX-License-Identifier: MIT
#pragma once
// A fixed piece of memory that text is formatted into and that is handed on when it is full.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
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

    // Returns memory that is not initialised, because a quarter megabyte of zeros would be written for nothing.
    [[nodiscard]] static TextBlock of(std::size_t capacity) {
        return {std::unique_ptr<char[]>(new char[capacity]), capacity, 0};
    }
    [[nodiscard]] std::span<const char> text() const noexcept { return {memory.get(), size}; }
};

// Takes the text of a full block and leaves an empty block for it.
class BlockSink {
  public:
    virtual void exchange(TextBlock& block) = 0;

  protected:
    ~BlockSink() = default;
};

// Learns where rows begin.
class RowWatch {
  public:
    // Says that row `row` of the table begins after `size` bytes of the text. Returns the size from which the beginning
    // of a row is of interest again.
    virtual std::uint64_t row_begins(std::uint64_t row, std::uint64_t size) = 0;

  protected:
    ~RowWatch() = default;
};

// Text on its way to a BlockSink, which must outlive it. Writes of less than the capacity are gathered. A text of any
// length passes through without more memory, so a cell of a gigabyte costs none.
class TextBuffer {
  public:
    // 256 KiB: the rate of write(2) into a warm page cache is flat from there to 1 MiB, and half a megabyte still fits
    // the second-level cache of the cores in use.
    static constexpr std::size_t default_capacity = std::size_t{256} * 1024;

    explicit TextBuffer(BlockSink& sink, TextBlock block = TextBlock::of(default_capacity)) noexcept
        : sink_(&sink), block_(std::move(block)) {}

    // Returns at least `size` bytes to write to; `size` is at most the capacity. commit() says how many were used.
    [[nodiscard]] char* reserve(std::size_t size) {
        if (block_.capacity - block_.size < size) drain();
        return block_.memory.get() + block_.size;
    }
    // Returns the end of the memory that reserve() gives: there may be more than was asked for.
    [[nodiscard]] char* reserved_end() const noexcept { return block_.memory.get() + block_.capacity; }
    void commit(const char* end) noexcept { block_.size = static_cast<std::size_t>(end - block_.memory.get()); }

    void put(char c) {
        *reserve(1) = c;
        ++block_.size;
    }

    void append(std::string_view text) {
        while (!text.empty()) {
            if (block_.size == block_.capacity) drain();
            const std::size_t size =
                text.size() < block_.capacity - block_.size ? text.size() : block_.capacity - block_.size;
            std::memcpy(block_.memory.get() + block_.size, text.data(), size);
            block_.size += size;
            text.remove_prefix(size);
        }
    }

    // Tells `watch` of the first row that begins after `from` bytes or more. `watch` must live as long as rows are
    // written.
    void tell(RowWatch& watch, std::uint64_t from) noexcept {
        watch_ = &watch;
        watched_from_ = from;
    }
    // Says that a row ends here; `next` is the number of the next one.
    void end_row(std::uint64_t next) {
        if (size() >= watched_from_) [[unlikely]]
            watched_from_ = watch_->row_begins(next, size());
    }

    void drain() {
        const std::size_t size = block_.size;
        sink_->exchange(block_);
        drained_ += size;
    }

    // Returns what was not drained, with its memory; afterwards the buffer can only be destroyed.
    [[nodiscard]] TextBlock release() noexcept { return std::move(block_); }

    // Returns the number of bytes appended so far, drained or not.
    [[nodiscard]] std::uint64_t size() const noexcept { return drained_ + block_.size; }

  private:
    BlockSink* sink_;
    TextBlock block_;
    std::uint64_t drained_ = 0;
    RowWatch* watch_ = nullptr;
    std::uint64_t watched_from_ = (std::numeric_limits<std::uint64_t>::max)();
};

}  // namespace curtail::inline v0::detail
