// SPDX-License-Identifier: MIT
#pragma once
// Texts joined in one call: cheaper to compile than a chain of operator+.

#include <initializer_list>
#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>

namespace curtail::inline v0::detail {

// Returns `texts` one after the other.
[[nodiscard]] CURTAIL_NOINLINE inline std::string concat(std::initializer_list<std::string_view> texts) {
    std::string out;
    for (const std::string_view text : texts) out += text;
    return out;
}

}  // namespace curtail::inline v0::detail
