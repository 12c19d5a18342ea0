// SPDX-License-Identifier: MIT
#pragma once
// A cast between types that are one and the same on some platforms.

#include <type_traits>

namespace curtail::inline v0::detail {

// Returns `value` as a To. Where both types are the same, a static_cast would be what -Wuseless-cast warns of; where
// they are not, none at all would be what -Wconversion warns of.
template <class To, class From>
[[nodiscard]] constexpr To cast_to(From value) noexcept {
    if constexpr (std::is_same_v<To, From>) {
        return value;
    } else {
        return static_cast<To>(value);
    }
}

}  // namespace curtail::inline v0::detail
