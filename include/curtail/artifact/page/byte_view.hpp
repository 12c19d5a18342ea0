// SPDX-License-Identifier: MIT
#pragma once
// The bytes of an artifact behind one plain type, for code that need not be compiled for each system.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

class ByteView {
  public:
    [[nodiscard]] virtual std::uint64_t bytes() const noexcept = 0;
    // Reads as many bytes as there are and returns their number; several threads may call it.
    virtual std::size_t read(std::uint64_t offset, std::span<char> to) const = 0;
    [[noreturn]] virtual void fail(ErrorCode code, std::string_view text, std::uint64_t offset) const = 0;

    [[noreturn]] void malformed(std::string_view text, std::uint64_t offset) const {
        fail(ErrorCode::malformed_input, text, offset);
        throw Error(ErrorCode::malformed_input, text);  // never: g++ 12 forgets that fail() does not return
    }

  protected:
    ByteView() = default;
    ByteView(const ByteView&) = default;
    ByteView& operator=(const ByteView&) = default;
    ~ByteView() = default;
};

}  // namespace curtail::inline v0::detail
