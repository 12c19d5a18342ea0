// SPDX-License-Identifier: MIT
#pragma once
// Checks the grammar of a JSON number that may arrive in pieces, in constant memory.

#include <cstdint>

#include <curtail/core/text/byte_scan.hpp>

namespace curtail::inline v0::detail {

// The last part of a number that has been read.
enum class NumberState : std::uint8_t { minus, zero, whole, point, fraction, exponent, exponent_sign, exponent_digits };

// Returns true if a number may end in this state.
[[nodiscard]] constexpr bool may_end(NumberState state) noexcept {
    return state == NumberState::zero || state == NumberState::whole || state == NumberState::fraction ||
           state == NumberState::exponent_digits;
}

// Returns the state after a number's first byte, which is '-' or a digit.
[[nodiscard]] constexpr NumberState begin_number(char c) noexcept {
    return c == '-' ? NumberState::minus : c == '0' ? NumberState::zero : NumberState::whole;
}

// Reads on from `state`. Returns the first byte that is not part of the number, or `end`.
[[nodiscard]] inline const char* scan_number(const char* p, const char* const end, NumberState& state) noexcept {
    while (p != end) {
        switch (state) {
            case NumberState::minus:
                if (!is_digit(*p)) return p;
                state = begin_number(*p++);
                break;
            case NumberState::whole:
                p = find_non_digit(p, end);
                if (p == end) return p;
                [[fallthrough]];
            case NumberState::zero:
                if (*p == '.') {
                    state = NumberState::point;
                } else if (*p == 'e' || *p == 'E') {
                    state = NumberState::exponent;
                } else {
                    return p;
                }
                ++p;
                break;
            case NumberState::point:
                if (!is_digit(*p)) return p;
                state = NumberState::fraction;
                [[fallthrough]];
            case NumberState::fraction:
                p = find_non_digit(p, end);
                if (p == end || (*p != 'e' && *p != 'E')) return p;
                state = NumberState::exponent;
                ++p;
                break;
            case NumberState::exponent:
                if (*p == '+' || *p == '-') {
                    state = NumberState::exponent_sign;
                    ++p;
                    break;
                }
                [[fallthrough]];
            case NumberState::exponent_sign:
                if (!is_digit(*p)) return p;
                state = NumberState::exponent_digits;
                [[fallthrough]];
            case NumberState::exponent_digits: return find_non_digit(p, end);
        }
    }
    return p;
}

}  // namespace curtail::inline v0::detail
