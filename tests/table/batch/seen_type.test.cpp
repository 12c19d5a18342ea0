// SPDX-License-Identifier: MIT
#include <curtail/table/batch/seen_type.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <curtail/table/batch/observed_types.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"
#include "statistics/pack_check.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::ColumnType;
using curtail::Null;
using curtail::Schema;
using curtail::TimeUnit;
using curtail::detail::ObservedTypes;
using curtail::detail::SeenType;
using table_maker::MadeTable;

namespace {

SeenType seen(const ColumnType& declared, const std::vector<Cell>& cells) {
    MadeTable table;
    table.columns = Schema({{"a", declared}});
    for (const Cell& cell : cells) table.add_row({cell});
    ObservedTypes types(table.columns);
    types.add(table);
    CHECK(types.seen_type(0).type() == types.type(0));
    return types.seen_type(0);
}

std::string united(const SeenType& a, const SeenType& b) {
    SeenType both = a;
    both.unite(b);
    SeenType other = b;
    other.unite(a);
    CHECK(dtype_name(other.type()) == dtype_name(both.type()));
    return dtype_name(both.type());
}

}  // namespace

TEST_CASE("SeenType: a division gives the type of the whole", "[table]") {
    std::mt19937_64 random(test_seed());
    const Cell kinds[] = {true,
                          std::int64_t{-1},
                          std::int64_t{1},
                          UINT64_MAX,
                          1.5,
                          std::string_view("a"),
                          Null{},
                          curtail::Date{1},
                          curtail::Timestamp{1, TimeUnit::second, "UTC"},
                          curtail::Timestamp{1, TimeUnit::second, ""},
                          curtail::Duration{1, TimeUnit::millisecond}};
    for (int round = 0; round < 500; ++round) {
        const ColumnType declared{.kind = round % 2 == 0 ? CellKind::any : CellKind::int64,
                                  .guessed = round % 3 != 0 || round % 2 != 0};
        std::vector<Cell> cells[3];
        const std::size_t variety = 1 + random() % 3;
        const std::size_t first = random();
        for (std::size_t i = 0; i < 8; ++i) {
            const Cell& cell = kinds[(first + random() % variety) % std::size(kinds)];
            cells[0].push_back(cell);
            cells[i < 3 ? 1 : 2].push_back(cell);
        }
        CHECK(united(seen(declared, cells[1]), seen(declared, cells[2])) ==
              dtype_name(seen(declared, cells[0]).type()));
        // What the first rows of a part made its reader guess does not matter.
        const ColumnType guess{.kind = CellKind::text, .guessed = true};
        if (seen(declared, cells[2]).seen == 0 || !declared.guessed) continue;
        CHECK(united(seen(declared, cells[1]), seen(guess, cells[2])) == dtype_name(seen(declared, cells[0]).type()));
    }
}

TEST_CASE("SeenType: parts that declare different types have one that holds both", "[table]") {
    const auto of = [](CellKind kind, TimeUnit unit = TimeUnit::second) {
        return SeenType(ColumnType{.kind = kind, .unit = unit});
    };
    CHECK(united(of(CellKind::int64), of(CellKind::float64)) == "float64");
    CHECK(united(of(CellKind::int8), of(CellKind::uint16)) == "int64");
    CHECK(united(of(CellKind::int64), of(CellKind::null)) == "int64");
    CHECK(united(of(CellKind::boolean), of(CellKind::text)) == "object");
    CHECK(united(of(CellKind::decimal), of(CellKind::int64)) == "decimal");
    CHECK(united(of(CellKind::timestamp), of(CellKind::timestamp, TimeUnit::nanosecond)) == "object");
    CHECK(united(of(CellKind::timestamp),
                 seen({.kind = CellKind::any}, {curtail::Timestamp{1, TimeUnit::second, ""}})) == "datetime64[s]");
    CHECK(united(of(CellKind::int64), of(CellKind::int64)) == "int64");
    CHECK(united(of(CellKind::int32), of(CellKind::int32)) == "int32");
    SeenType three = of(CellKind::int32);
    three.unite(of(CellKind::float32));
    three.unite(of(CellKind::float32));
    CHECK(dtype_name(three.type()) == "float64");
}

TEST_CASE("SeenType: unpack(pack(x)) equals x, and other bytes are refused", "[table]") {
    for (const SeenType& type :
         {SeenType(), SeenType(ColumnType{.kind = CellKind::timestamp, .unit = TimeUnit::nanosecond, .zone = "UTC"}),
          seen({.kind = CellKind::any}, {std::string_view("a"), 1.5}),
          seen({.kind = CellKind::int64, .guessed = true}, {curtail::Timestamp{1, TimeUnit::second, "+01:00"}})}) {
        const SeenType back = check_packed(
            type, test_seed(), [](auto& in) { return SeenType::unpack(in); },
            [&](const SeenType& other) {
                SeenType both = type;
                both.unite(other);
                static_cast<void>(dtype_name(both.type()));
            });
        CHECK(back.type() == type.type());
        CHECK(back.declared == type.declared);
        CHECK(back.seen == type.seen);
    }
}
