// SPDX-License-Identifier: MIT
#pragma once
// A short text without a heap: a number and the words around it.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>

namespace curtail::inline v0::detail {

// Holds at most `capacity` bytes, and leaves out pieces that do not fit: for texts that are known to be shorter. Unlike
// a std::string it has no destructor, which every function that makes one would have twice, once for exceptions.
class ShortText {
  public:
    static constexpr std::size_t capacity = 127;

    ShortText() noexcept = default;
    CURTAIL_NOINLINE ShortText(std::initializer_list<std::string_view> pieces) noexcept {
        for (const std::string_view piece : pieces) add(piece);
    }

    CURTAIL_NOINLINE void add(std::string_view piece) noexcept {
        if (piece.size() > capacity - size_) return;
        piece.copy(bytes_ + size_, piece.size());
        size_ = static_cast<unsigned char>(size_ + piece.size());
    }

    operator std::string_view() const noexcept { return {bytes_, size_}; }  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    friend bool operator==(const ShortText& left, std::string_view right) noexcept {
        return std::string_view(left) == right;
    }

  private:
    unsigned char size_ = 0;
    char bytes_[capacity];  // NOLINT(cppcoreguidelines-pro-type-member-init): the first `size_` are set
};

// Returns the digits of `count`.
[[nodiscard]] CURTAIL_NOINLINE inline ShortText count_text(std::uint64_t count) noexcept {
    char digits[20];
    const char* const end = std::to_chars(digits, digits + sizeof digits, count).ptr;
    return {std::string_view(digits, static_cast<std::size_t>(end - digits))};
}

}  // namespace curtail::inline v0::detail
