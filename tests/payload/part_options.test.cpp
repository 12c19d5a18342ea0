// SPDX-License-Identifier: MIT
#include <curtail/payload/part_options.hpp>

#include <type_traits>

#include "catch.hpp"

static_assert(std::is_aggregate_v<curtail::PartOptions> && std::is_aggregate_v<curtail::MergeOptions>);

TEST_CASE("PartOptions: say nothing of the part by default, as for a whole table", "[payload]") {
    const curtail::PartOptions options;
    CHECK(options.number == 0);
    CHECK(options.of == 0);
    CHECK_FALSE(options.first_row);
    CHECK(options.host.empty());
    CHECK(options.max_summary_bytes == 1'000'000);
}

TEST_CASE("MergeOptions: a missing part is an error by default, and takes what a part makes by default", "[payload]") {
    const curtail::MergeOptions options;
    CHECK(options.on_missing == curtail::OnMissingParts::throw_error);
    CHECK(options.max_summary_bytes == curtail::PartOptions().max_summary_bytes);
}
