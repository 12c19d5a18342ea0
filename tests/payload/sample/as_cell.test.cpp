// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/as_cell.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "catch.hpp"

using curtail::Cell;
using curtail::detail::as_cells;

TEST_CASE("as_cells: calls the visitor with every value as a Cell of its plain form", "[payload]") {
    std::size_t seen = 0;
    Cell last;
    auto visit = as_cells([&](const Cell& cell) {
        ++seen;
        last = cell;
    });
    visit(12);
    CHECK(std::get<std::int64_t>(last) == 12);
    visit(true);
    CHECK(std::get<bool>(last));
    visit(std::optional<float>(0.5F));
    CHECK(std::get<float>(last) == 0.5F);
    visit(std::optional<float>());
    CHECK(std::holds_alternative<curtail::Null>(last));
    const std::string text = "text";
    visit(text);
    CHECK(std::get<std::string_view>(last).data() == text.data());
    visit(Cell(curtail::Date{3}));
    CHECK(std::get<curtail::Date>(last).days == 3);
    CHECK(seen == 6);
}

TEST_CASE("as_cells: keeps the state of a visitor that counts", "[payload]") {
    int columns = 0;
    auto visit = as_cells([&, column = 0](const Cell&) mutable { columns = ++column; });
    visit(1);
    visit("two");
    CHECK(columns == 2);
}
