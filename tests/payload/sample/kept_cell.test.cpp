// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/kept_cell.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "catch.hpp"

using curtail::Cell;
using curtail::detail::CellKeeper;
using curtail::detail::KeptCell;

TEST_CASE("CellKeeper: keeps short texts whole and cuts long ones evenly", "[payload]") {
    const std::string text(10'000, 'x');
    CellKeeper keeper(3000);
    KeptCell first = keeper.keep(Cell(std::string_view(text)));
    const KeptCell brief = keeper.keep(Cell(std::string_view("brief")));
    KeptCell last = keeper.keep(Cell(std::string_view(text)));
    CHECK(brief.whole);
    CHECK(first.text.size() > last.text.size());
    keeper.recut(first);
    keeper.recut(last);
    CHECK(first.text.size() == last.text.size());
    CHECK(first.text.size() > 1480);
    CHECK(first.text.size() < 1520);
    CHECK_FALSE(first.whole);
    CHECK(first.bytes == 10'000);
    keeper.clear();
    CHECK(keeper.keep(Cell(std::string_view(text))).text.size() > 2900);
}

TEST_CASE("CellKeeper: cuts neither texts nor digits below the floor", "[payload]") {
    const std::string text(1000, 'x');
    const std::string digits = "0." + std::string(70, '7');
    CellKeeper keeper(0, true);
    CHECK(keeper.keep(Cell(std::string_view(text))).text.size() == curtail::detail::cell_floor_bytes);
    CHECK(keeper.keep(Cell(curtail::Bytes{text})).text.size() == curtail::detail::cell_floor_bytes);
    CHECK(keeper.keep(Cell(curtail::Decimal{digits})).text == digits);
    CHECK(keeper.keep(Cell(curtail::Decimal{digits})).exact);
    CHECK(keeper.keep(Cell(curtail::Decimal{digits + std::string(70, '7')})).text.size() ==
          curtail::detail::cell_floor_bytes);
}

TEST_CASE("CellKeeper::keep: keeps a kept cell as it is, or cuts it and keeps its original size", "[payload]") {
    CellKeeper wide(1000);
    const KeptCell whole = wide.keep(Cell(std::string_view("some text that is longer than what comes later")));
    const KeptCell number = wide.keep(Cell(std::int64_t{12}));
    const KeptCell time = wide.keep(Cell(curtail::Date{0}));
    CHECK(wide.keep(whole) == whole);
    CHECK(wide.keep(number) == number);
    CHECK(wide.keep(time) == time);
    const KeptCell cut = CellKeeper(0).keep(whole);
    CHECK(whole.text.starts_with(cut.text));
    CHECK(cut.text.size() == curtail::detail::WaterLevel::slack);
    CHECK_FALSE(cut.whole);
    CHECK(cut.bytes == whole.bytes);
    CHECK(CellKeeper(0).keep(number) == number);
}
