// SPDX-License-Identifier: MIT
#pragma once
// Hashes of labels, the same on every machine.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <curtail/core/number/little_endian.hpp>

namespace curtail::inline v0::detail {

// Labels up to this size are identified by their ends.
inline constexpr std::uint32_t max_short_label = 16;

[[nodiscard]] inline std::uint64_t mixed_label(std::uint64_t z) noexcept {
    z = (z ^ (z >> 32U)) * 0xD6E8FEB86659FD93U;
    z = (z ^ (z >> 29U)) * 0x9E3779B97F4A7C15U;
    return z ^ (z >> 32U);
}

// The bytes at both ends of a text, eight each. With its size they identify a short text.
struct LabelEnds {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

[[nodiscard]] inline LabelEnds ends_of_label(std::string_view text) noexcept {
    const char* const data = text.data();
    const std::size_t size = text.size();
    if (size > max_short_label) return {little_endian(data, 8), little_endian(data + size - 8, 8)};
    if (size >= 4) {
        // Reads halves, because a branch between labels below and above 8 bytes would be mispredicted often.
        const std::size_t apart = size / 8 * 4;
        return {little_endian(data, 4) | little_endian(data + apart, 4) << 32U,
                little_endian(data + size - 4 - apart, 4) | little_endian(data + size - 4, 4) << 32U};
    }
    if (size == 0) return {};
    return {little_endian(data, 1) | little_endian(data + size / 2, 1) << 8U, little_endian(data + size - 1, 1)};
}

[[nodiscard]] inline std::uint64_t hash_of_label(std::string_view text, LabelEnds ends) noexcept {
    // Multiplies the size, so that it changes all bits: when it was added, "0" and "10" had the same hash.
    std::uint64_t hash = mixed_label(ends.first ^ ((text.size() + std::uint64_t{1}) * 0x2545F4914F6CDD1DU));
    for (std::size_t at = 8; at + 8 < text.size(); at += 8) {
        hash = mixed_label(hash ^ little_endian(text.data() + at, 8)) + 0x9E3779B97F4A7C15U;
    }
    return mixed_label(hash ^ ends.last);
}

}  // namespace curtail::inline v0::detail
