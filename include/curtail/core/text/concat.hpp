// SPDX-License-Identifier: MIT
#pragma once
// Texts joined in one call: cheaper to compile than a chain of operator+.

#include <initializer_list>
#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// Returns `texts` one after the other.
[[nodiscard]] std::string concat(std::initializer_list<std::string_view> texts);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
namespace curtail::inline v0::detail {

CURTAIL_NOINLINE CURTAIL_INLINE std::string concat(std::initializer_list<std::string_view> texts) {
    std::string out;
    for (const std::string_view text : texts) out += text;
    return out;
}

}  // namespace curtail::inline v0::detail
#endif
