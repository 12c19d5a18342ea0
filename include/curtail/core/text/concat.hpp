// SPDX-License-Identifier: MIT
#pragma once
// Texts joined in one call: cheaper to compile than a chain of operator+.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// Returns `texts` one after the other.
[[nodiscard]] std::string concat(std::initializer_list<std::string_view> texts);

// Returns the digits of `count`. A call, where std::to_string() is compiled in each place that calls it.
[[nodiscard]] std::string count_text(std::uint64_t count);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
namespace curtail::inline v0::detail {

CURTAIL_INLINE std::string concat(std::initializer_list<std::string_view> texts) {
    std::string out;
    for (const std::string_view text : texts) out += text;
    return out;
}

CURTAIL_INLINE std::string count_text(std::uint64_t count) {
    return std::to_string(count);
}

}  // namespace curtail::inline v0::detail
#endif
