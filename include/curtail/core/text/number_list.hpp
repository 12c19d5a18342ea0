// SPDX-License-Identifier: MIT
#pragma once
// Many numbers in a text for people.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace curtail::inline v0::detail {

// Returns "3, 5 and 2 more": at most `max_listed` of `count` numbers, of which the first are in `numbers`.
[[nodiscard]] inline std::string number_list(const std::vector<std::uint64_t>& numbers, std::size_t max_listed,
                                             std::uint64_t count) {
    std::string out;
    const std::size_t listed = (std::min)(numbers.size(), max_listed);
    for (std::size_t i = 0; i < listed; ++i) out += (i > 0 ? ", " : "") + std::to_string(numbers[i]);
    if (count > listed) out += " and " + std::to_string(count - listed) + " more";
    return out;
}

}  // namespace curtail::inline v0::detail
