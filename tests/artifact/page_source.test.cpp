// SPDX-License-Identifier: MIT
#include <curtail/artifact/page_source.hpp>

#include <curtail/artifact/csv_artifact.hpp>

#include "artifact/page/collected_page.hpp"
#include "catch.hpp"

TEST_CASE("PageSource: is what CsvArtifact is", "[artifact]") {
    STATIC_REQUIRE(curtail::PageSource<curtail::CsvArtifact>);
    STATIC_REQUIRE_FALSE(curtail::PageSource<int>);
    STATIC_REQUIRE_FALSE(curtail::PageSource<curtail::AnyTable>);
}
