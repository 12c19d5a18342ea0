// SPDX-License-Identifier: MIT
#pragma once
// Decodes the \u escapes of JSON strings, one byte at a time.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/text/ascii.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Collects the four digits after \u and joins surrogate pairs, which are two such escapes in a row.
class SurrogateJoiner {
  public:
    void begin() noexcept {
        unit_ = 0;
        digits_ = 0;
    }

    // Returns false if `c` is not a hexadecimal digit.
    [[nodiscard]] bool add_digit(char c) noexcept {
        const char lower = static_cast<char>(c | 0x20);
        if (is_digit(c)) {
            unit_ = unit_ * 16 + static_cast<std::uint32_t>(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            unit_ = unit_ * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
        } else {
            return false;
        }
        ++digits_;
        return true;
    }

    [[nodiscard]] bool full() const noexcept { return digits_ == 4; }
    [[nodiscard]] bool pending() const noexcept { return high_ != 0; }
    void forget() noexcept { high_ = 0; }

    // Returns the UTF-8 of the escape just read: nothing after the first half of a pair, both halves after the second.
    // Valid until the next call.
    [[nodiscard]] std::string_view take() {
        text_.clear();
        const std::uint32_t high = std::exchange(high_, 0);
        const bool low = unit_ >= 0xDC00 && unit_ < 0xE000;
        if (high != 0 && low) {
            append_utf8(text_, 0x10000 + ((high - 0xD800) << 10U) + (unit_ - 0xDC00));
            return text_;
        }
        if (high != 0) append_utf8(text_, 0xFFFD);
        if (unit_ >= 0xD800 && unit_ < 0xDC00) {
            high_ = unit_;
        } else {
            append_utf8(text_, low ? 0xFFFD : unit_);
        }
        return text_;
    }

    // Returns the replacement of a first half that no second half follows.
    [[nodiscard]] std::string_view give_up() noexcept {
        high_ = 0;
        return "\xEF\xBF\xBD";
    }

  private:
    std::string text_;
    std::uint32_t unit_ = 0;
    std::uint32_t high_ = 0;
    int digits_ = 0;
};

}  // namespace curtail::inline v0::detail
