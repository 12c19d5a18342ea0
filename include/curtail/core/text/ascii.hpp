// SPDX-License-Identifier: MIT
#pragma once
// Classes of ASCII characters, whatever the locale.

namespace curtail::inline v0::detail {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

}  // namespace curtail::inline v0::detail
