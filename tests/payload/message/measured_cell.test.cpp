// SPDX-License-Identifier: MIT
#include <curtail/payload/message/measured_cell.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using curtail::Encoding;
using curtail::SampleCell;
using curtail::SampleRow;
using curtail::detail::CellMeter;
using curtail::detail::JsonMeter;
using curtail::detail::KeptCell;
using curtail::detail::MeasuredCell;
using Kind = SampleCell::Kind;

namespace {

KeptCell text(std::string value) {
    KeptCell cell;
    cell.kind = Kind::text;
    cell.bytes = value.size();
    cell.text = std::move(value);
    return cell;
}

KeptCell number(std::string digits) {
    KeptCell cell;
    cell.kind = Kind::number;
    cell.text = std::move(digits);
    return cell;
}

}  // namespace

TEST_CASE("MeasuredCell: only a text that is longer than the cap, or not kept whole, is cut", "[payload]") {
    KeptCell beginning = text("abc");
    beginning.whole = false;
    KeptCell exact = text(std::string(60, '1'));
    exact.exact = true;
    const std::vector<KeptCell> cells = {text(std::string(40, 'a')), beginning, exact, number(std::string(60, '1'))};
    const std::vector<MeasuredCell> measured = CellMeter(JsonMeter()).measured(cells);
    CHECK(measured[0].cut_at(39));
    CHECK_FALSE(measured[0].cut_at(40));
    CHECK(measured[1].cut_at(1000));
    CHECK_FALSE(measured[2].cut_at(32));
    CHECK_FALSE(measured[3].cut_at(32));
}

TEST_CASE("CellMeter: counts the cells that it shows, in every encoding", "[payload]") {
    KeptCell null;
    null.text = "null";
    const std::vector<KeptCell> cells = {text(std::string(100, '"')),
                                         text("\xE2\x82\xAC\xE2\x82\xAC and more than that of it"), text(""),
                                         number("-1.5"), null};
    for (const Encoding encoding : {Encoding::raw, Encoding::json_string}) {
        const JsonMeter meter(encoding);
        const CellMeter sizes(meter);
        const std::vector<MeasuredCell> measured = sizes.measured(cells);
        for (std::size_t cap = 3; cap < 120; ++cap) {
            const SampleRow row = sizes.shown(measured, measured.size(), cap);
            REQUIRE(row.size() == cells.size());
            for (std::size_t i = 0; i < row.size(); ++i) {
                const bool is_text = row[i].kind == Kind::text;
                const std::string shown = row[i].kind == Kind::null ? "null" : row[i].text;
                REQUIRE(sizes.size(measured[i], cap) == (is_text ? meter.string(shown) : shown.size()));
                REQUIRE(row[i].cut_from_bytes == (measured[i].cut_at(cap) ? cells[i].bytes : 0));
                REQUIRE(shown.ends_with("\xE2\x80\xA6") == measured[i].cut_at(cap));
                if (measured[i].cut_at(cap)) REQUIRE(meter.content(shown) <= cap);
            }
        }
    }
}

TEST_CASE("CellMeter: a replaced byte counts where it is shown", "[payload]") {
    std::vector<KeptCell> cells = {text(std::string(50, 'a') + "\xEF\xBF\xBD" + std::string(50, 'a'))};
    cells[0].first_replaced = 50;
    const CellMeter sizes{JsonMeter()};
    const MeasuredCell measured = sizes.measured(cells)[0];
    CHECK(sizes.shows_replaced(measured, 1000));
    CHECK(sizes.shows_replaced(measured, 70));
    CHECK_FALSE(sizes.shows_replaced(measured, 40));
    cells[0].first_replaced = curtail::detail::none_replaced;
    CHECK_FALSE(sizes.shows_replaced(measured, 1000));
}
