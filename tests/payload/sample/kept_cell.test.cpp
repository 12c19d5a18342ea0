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
    const KeptCell first = keeper.keep(Cell(std::string_view(text)));
    const KeptCell brief = keeper.keep(Cell(std::string_view("brief")));
    const KeptCell last = keeper.keep(Cell(std::string_view(text)));
    CHECK(brief.whole);
    CHECK(first.text.size() > 2900);
    CHECK(last.text.size() > 1480);
    CHECK(last.text.size() < 1520);
    CHECK_FALSE(first.whole);
    CHECK(first.bytes == 10'000);
    keeper.clear();
    CHECK(keeper.keep(Cell(std::string_view(text))).text.size() > 2900);
}

TEST_CASE("CellKeeper: cuts no number and no time of up to eighty bytes, whatever else there is", "[payload]") {
    const std::string text(1000, 'x');
    const std::string digits = "0." + std::string(70, '7');
    CellKeeper keeper(0);
    CHECK(keeper.keep(Cell(std::string_view(text))).text.size() == curtail::detail::WaterLevel::slack);
    CHECK(keeper.keep(Cell(curtail::Bytes{text})).text.size() <= curtail::detail::WaterLevel::slack);
    CHECK(keeper.keep(Cell(curtail::Decimal{digits})).text == digits);
    CHECK(keeper.keep(Cell(curtail::Decimal{digits})).exact);
    CHECK(keeper.keep(Cell(curtail::Timestamp{1, curtail::TimeUnit::nanosecond, "UTC"})).exact);
    CHECK_FALSE(keeper.keep(Cell(curtail::Decimal{digits + std::string(70, '7')})).exact);
}

TEST_CASE("CellKeeper::keep: makes the same of a kept cell as of its original", "[payload]") {
    const std::string text(10'000, 'x');
    for (const std::size_t before : {0U, 1U, 2U, 9U}) {
        CellKeeper anew(3000);
        CellKeeper again(3000);
        for (std::size_t i = 0; i < before; ++i) {
            CHECK(anew.keep(Cell(std::string_view(text))) ==
                  again.keep(CellKeeper(3000).keep(Cell(std::string_view(text)))));
        }
        for (const Cell& cell : {Cell(std::string_view(text)), Cell(curtail::Bytes{text}), Cell(curtail::Date{1}),
                                 Cell(std::string_view("brief")), Cell(std::int64_t{5}), Cell(curtail::Nested{text})}) {
            CHECK(anew.keep(cell) == again.keep(CellKeeper(3000).keep(cell)));
        }
    }
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
    CHECK(CellKeeper(0).keep(time) == time);
}
