// SPDX-License-Identifier: MIT
#pragma once
// Writes numbers and texts as bytes that are the same on every machine.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace curtail::inline v0::detail {

// Appends values as bytes. A number has seven bits in each byte, the lowest first, and the highest bit of a byte says
// that more follow: so small numbers take few bytes. A double is its eight bytes, the lowest first.
class Packer {
  public:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>((value & 0x7FU) | 0x80U);
        bytes_ += static_cast<char>(value);
    }
    // Appends a number whose lowest bit is the sign, so that small negative numbers take few bytes as well.
    void integer(std::int64_t value) {
        const auto bits = static_cast<std::uint64_t>(value) << 1U;
        number(value < 0 ? ~bits : bits);
    }
    void flag(bool value) { bytes_ += value ? '\1' : '\0'; }
    void word(std::uint64_t value) {
        char bytes[8];
        for (char& byte : bytes) {
            byte = static_cast<char>(value & 0xFFU);
            value >>= 8U;
        }
        bytes_.append(bytes, sizeof bytes);
    }
    void real(double value) { word(std::bit_cast<std::uint64_t>(value)); }
    // Does not write how many there are.
    void reals(std::span<const double> values) {
        for (const double value : values) real(value);
    }
    // Does not write how many there are.
    void raw(std::string_view bytes) { bytes_ += bytes; }
    void text(std::string_view value) {
        number(value.size());
        raw(value);
    }

    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    // Forgets the bytes, and keeps their memory.
    void clear() noexcept { bytes_.clear(); }
    [[nodiscard]] std::string take() noexcept { return std::exchange(bytes_, {}); }

  private:
    std::string bytes_;
};

}  // namespace curtail::inline v0::detail
