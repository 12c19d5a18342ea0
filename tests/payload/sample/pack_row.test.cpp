// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/pack_row.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <curtail/payload/sample/first_rows.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

using curtail::detail::FirstRows;
using curtail::detail::KeptRow;
using curtail::detail::RankedRow;
using curtail::detail::Unpacker;

namespace {

struct PackedRow : RankedRow {
    void pack(curtail::detail::Packer& packer) const { pack_row(packer, *this); }
};

}  // namespace

TEST_CASE("pack_row: unpack(pack(x)) equals x, and other bytes are refused", "[payload]") {
    std::mt19937_64 random(test_seed());
    table_maker::TableMaker maker(random());
    for (int round = 0; round < 30; ++round) {
        const auto table = maker.table({.max_rows = 4, .max_text = 500});
        FirstRows sample(table.columns, 4, 300 + random() % 3000);
        sample.offer(table);
        for (KeptRow& cells : sample.take()) {
            const std::size_t features = cells.features.size();
            const std::size_t predictions = cells.predictions.size();
            const PackedRow row{{{random(), random() >> 20U}, std::move(cells)}};
            const auto unpack = [&](Unpacker& in) { return PackedRow{unpack_row(in, features, predictions)}; };
            const PackedRow back = check_packed(row, random(), unpack, [&](const PackedRow& other) {
                CHECK(other.cells.features.size() <= features);
                CHECK(other.cells.predictions.size() == predictions);
                for (const auto& cell : other.cells.features) CHECK(curtail::is_utf8(cell.text));
            });
            CHECK(back.rank == row.rank);
            CHECK(back.number == row.number);
            CHECK(back.cells.features == row.cells.features);
            CHECK(back.cells.predictions == row.cells.predictions);
        }
    }
}
