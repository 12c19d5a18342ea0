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

namespace curtail::inline v0 {

// Text on its way to `Output` (write(std::span<const char>)). Writes of less than the capacity are gathered; a text of
// any length passes through without more memory, so a cell of a gigabyte costs none.
template <class Output>
class TextBuffer {
  public:
    // 256 KiB: the rate of write(2) into a warm page cache is flat from there to 1 MiB, and half a megabyte still fits
    // the second-level cache of the cores in use.
    static constexpr std::size_t default_capacity = std::size_t{256} * 1024;

    explicit TextBuffer(Output output, std::size_t capacity = default_capacity)
        : output_(std::move(output)),
          capacity_(capacity),
          // Not value-initialised: a quarter megabyte of zeros would be written for nothing.
          memory_(new char[capacity]) {}

    // At least `size` bytes to write to, `size` no more than the capacity; say with commit() how far they were used.
    [[nodiscard]] char* reserve(std::size_t size) {
        if (capacity_ - used_ < size) drain();
        return memory_.get() + used_;
    }
    void commit(const char* end) noexcept { used_ = static_cast<std::size_t>(end - memory_.get()); }

    void put(char c) {
        *reserve(1) = c;
        ++used_;
    }

    void append(std::string_view text) {
        while (!text.empty()) {
            if (used_ == capacity_) drain();
            const std::size_t size = (std::min)(text.size(), capacity_ - used_);
            std::memcpy(memory_.get() + used_, text.data(), size);
            used_ += size;
            text.remove_prefix(size);
        }
    }

    void drain() {
        output_.write(std::span<const char>(memory_.get(), used_));
        drained_ += used_;
        used_ = 0;
    }

    // All bytes appended so far, drained or not.
    [[nodiscard]] std::uint64_t size() const noexcept { return drained_ + used_; }
    [[nodiscard]] Output& output() noexcept { return output_; }
    [[nodiscard]] const Output& output() const noexcept { return output_; }

  private:
    Output output_;
    std::size_t capacity_;
    std::size_t used_ = 0;
    std::uint64_t drained_ = 0;
    std::unique_ptr<char[]> memory_;
};

}  // namespace curtail::inline v0
