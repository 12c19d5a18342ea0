// SPDX-License-Identifier: MIT
#pragma once
// The border between a table's own types and code that is compiled once: every value becomes a Cell.

#include <type_traits>
#include <utility>

#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

// Returns a visitor for the values of a row. It calls `visit` with each value as a Cell, which is valid only during
// that call.
template <class Visitor>
[[nodiscard]] auto as_cells(Visitor visit) {
    return [visit = std::move(visit)](const auto& value) mutable {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, Cell>) {
            visit(value);
        } else {
            visit_cell(value, [&](const auto& plain) { visit(Cell(plain)); });
        }
    };
}

}  // namespace curtail::inline v0::detail
