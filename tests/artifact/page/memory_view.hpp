// SPDX-License-Identifier: MIT
#pragma once
// A file's bytes in memory.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/page/byte_view.hpp>

struct MemoryView final : curtail::detail::ByteView {
    explicit MemoryView(std::string text) : held(std::move(text)) {}

    [[nodiscard]] std::uint64_t bytes() const noexcept override { return held.size(); }
    std::size_t read(std::uint64_t offset, std::span<char> to) const override {
        if (offset >= held.size()) return 0;
        const std::size_t size = (std::min)(to.size(), held.size() - static_cast<std::size_t>(offset));
        if (size != 0) std::memcpy(to.data(), held.data() + offset, size);
        return size;
    }
    [[noreturn]] void fail(curtail::ErrorCode code, std::string_view text, std::uint64_t offset) const override {
        throw curtail::InputError(code, text, "memory", curtail::InputError::Offset{offset});
    }

    std::string held;
};

// Returns the offset of the InputError that `read` throws; 2^64 - 1 if it throws none.
template <class Read>
std::uint64_t fault_of(Read read) {
    try {
        read();
    } catch (const curtail::InputError& error) {
        return error.offset().value_or(static_cast<std::uint64_t>(-2));
    }
    return static_cast<std::uint64_t>(-1);
}
