// SPDX-License-Identifier: MIT
#pragma once
// How much of the statistics of one column is kept when they must become small.

#include <cstddef>
#include <limits>

namespace curtail::inline v0::detail {

// Each number is an upper bound. Counts, extremes and moments stay exact whatever the bounds.
struct ColumnBounds {
    std::size_t numbers = (std::numeric_limits<std::size_t>::max)();  // kept one by one
    std::size_t ranked = (std::numeric_limits<std::size_t>::max)();   // values that represent the ranks of the others
    std::size_t labels = (std::numeric_limits<std::size_t>::max)();   // counted apart
};

}  // namespace curtail::inline v0::detail
