// SPDX-License-Identifier: MIT
#pragma once
// Reads numbers whose lowest byte comes first, on every machine.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace curtail::inline v0::detail {

// Returns the number in at most eight bytes. One instruction where the machine has this order and `size` is constant.
[[nodiscard]] inline std::uint64_t little_endian(const char* bytes, std::size_t size) noexcept {
    std::uint64_t value = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&value, bytes, size);
    } else {
        for (std::size_t i = size; i-- != 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return value;
}

}  // namespace curtail::inline v0::detail
