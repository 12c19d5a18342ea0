// SPDX-License-Identifier: MIT
#pragma once
// Many numbers in a text for people.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

// Returns "3, 5 and 2 more": at most `max_listed` of `count` numbers, of which the first are in `numbers`.
[[nodiscard]] inline std::string number_list(const std::vector<std::uint64_t>& numbers, std::size_t max_listed,
                                             std::uint64_t count) {
    std::string out;
    std::uint64_t listed = 0;
    for (; listed < numbers.size() && listed < max_listed; ++listed) {
        if (listed > 0) out += ", ";
        out += std::to_string(numbers[cast_to<std::size_t>(listed)]);
    }
    if (count > listed) out += " and " + std::to_string(count - listed) + " more";
    return out;
}

}  // namespace curtail::inline v0::detail
