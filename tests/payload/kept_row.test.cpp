// SPDX-License-Identifier: MIT
#include <curtail/payload/kept_row.hpp>

#include <cstdint>
#include <string>

#include "catch.hpp"

using curtail::KeptCell;
using curtail::KeptRow;
using curtail::packed;
using curtail::unpacked;
using Kind = curtail::SampleCell::Kind;

TEST_CASE("What is packed is unpacked as it was") {
    CHECK(unpacked(packed({})) == KeptRow{});
    KeptRow row;
    row.features = {{Kind::null, true, false, "null", 0},
                    {Kind::boolean, true, false, "false", 0},
                    {Kind::number, true, false, "-9223372036854775808", 0},
                    {Kind::text, true, false, "", 0},
                    {Kind::text, true, true, "1970-01-01", 10},
                    {Kind::text, false, false, std::string(127, 'a'), 128},
                    {Kind::text, false, false, std::string(128, '\0') + "\xC3\xA9", UINT64_MAX}};
    row.predictions = {{Kind::nested, true, false, std::string(70'000, '['), 0}};
    CHECK(unpacked(packed(row)) == row);
    row.features.assign(300, row.features[1]);
    CHECK(unpacked(packed(row)) == row);
    CHECK(packed(row).size() < 300 * 8 + 70'010);
}
