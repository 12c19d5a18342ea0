// SPDX-License-Identifier: MIT
#include <curtail/payload/payload_options.hpp>

#include "catch.hpp"

TEST_CASE("PayloadOptions: have the documented defaults", "[payload]") {
    const curtail::PayloadOptions options;
    CHECK(options.sample_rows == 10);
    CHECK(options.sample_strategy == curtail::SampleStrategy::head);
    CHECK(options.max_bytes == 1'000'000);
    CHECK(options.encoding == curtail::Encoding::raw);
    CHECK_FALSE(options.on_progress);
    CHECK(options.progress_seconds == 0.25);
    CHECK_FALSE(options.rows_total);
}
