// SPDX-License-Identifier: MIT
#pragma once
// The compiler's 128-bit integers as exact decimals.

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace curtail::inline v0::detail {

#if defined(__SIZEOF_INT128__) && !defined(_MSC_VER)  // clang-cl links nothing that divides them
// Named, because std::is_integral is true for them with -std=gnu++20 and false with -std=c++20.
__extension__ using Int128 = __int128;
__extension__ using UnsignedInt128 = unsigned __int128;
template <class T>
concept WideInteger = std::is_same_v<T, Int128> || std::is_same_v<T, UnsignedInt128>;
#else
template <class T>
concept WideInteger = false;
#endif

// The digits of a wide integer.
class WideIntegerText {
  public:
    template <WideInteger T>
    constexpr explicit WideIntegerText(T value) noexcept {
        const bool negative = value < 0;
        do {
            // Negates the digit, because the smallest number cannot be negated.
            const int digit = static_cast<int>(value % 10);
            text_[--begin_] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
            value /= 10;
        } while (value != 0);
        if (negative) text_[--begin_] = '-';
    }

    [[nodiscard]] constexpr std::string_view digits() const noexcept { return {text_ + begin_, size - begin_}; }

  private:
    static constexpr std::size_t size = 40;  // a sign and 39 digits
    char text_[size]{};
    std::size_t begin_ = size;
};

}  // namespace curtail::inline v0::detail
