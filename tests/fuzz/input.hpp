// SPDX-License-Identifier: MIT
#pragma once
// What fuzz targets make of their bytes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

inline void require(bool holds) {
    if (!holds) std::abort();
}

inline std::string_view bytes_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Takes values from the front of the input, and zeros after its end.
class Input {
  public:
    Input(const std::uint8_t* data, std::size_t size) : bytes_(bytes_of(data, size)) {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    // Takes at most `size` bytes.
    std::string_view bytes(std::size_t size) {
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(taken.size());
        return taken;
    }
    std::uint8_t byte() { return empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes(1)[0]); }
    std::int64_t below(std::int64_t count) { return byte() % count; }
    bool rarely() { return byte() >= 248; }

  private:
    std::string_view bytes_;
};
