// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/kept_row.hpp>

#include <cstdint>
#include <string>

#include "catch.hpp"

using curtail::detail::KeptCell;
using curtail::detail::KeptRow;
using curtail::detail::pack_row;
using curtail::detail::unpack_row;
using Kind = curtail::SampleCell::Kind;

TEST_CASE("What is pack_row is unpack_row as it was") {
    CHECK(unpack_row(pack_row({})) == KeptRow{});
    KeptRow row;
    row.features = {{Kind::null, true, false, "null", 0},
                    {Kind::boolean, true, false, "false", 0},
                    {Kind::number, true, false, "-9223372036854775808", 0},
                    {Kind::text, true, false, "", 0},
                    {Kind::text, true, true, "1970-01-01", 10},
                    {Kind::text, false, false, std::string(127, 'a'), 128},
                    {Kind::text, false, false, std::string(128, '\0') + "\xC3\xA9", UINT64_MAX}};
    row.predictions = {{Kind::nested, true, false, std::string(70'000, '['), 0}};
    CHECK(unpack_row(pack_row(row)) == row);
    row.features.assign(300, row.features[1]);
    CHECK(unpack_row(pack_row(row)) == row);
    CHECK(pack_row(row).size() < 300 * 8 + 70'010);
}
