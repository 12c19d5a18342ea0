// SPDX-License-Identifier: MIT
#include <curtail/artifact/housekeeping/sweeper.hpp>

#include <string>
#include <string_view>

#include "catch.hpp"

namespace detail = curtail::detail;

TEST_CASE("temporary_writer: knows the temporary names of artifacts and their metadata, and no others", "[artifact]") {
    CHECK(detail::temporary_writer(".predictions_a.4711-0123456789abcdef.tmp") == 4711);
    CHECK(detail::temporary_writer(".predictions_a.b-c.1-0123456789abcdef.tmp") == 1);
    CHECK(detail::temporary_writer(".predictions_a.csv-metadata.json.2147483647-0123456789abcdef.tmp") == 2147483647);
    for (const std::string_view name :
         {"", ".", ".tmp", ".predictions_a.4711-0123456789abcdef.old", "predictions_a.4711-0123456789abcdef.tmp",
          ".predictions_a.2147483648-0123456789abcdef.tmp", ".predictions_a.0-0123456789abcdef.tmp",
          ".predictions_.csv-metadata.json.1-0123456789abcdef.tmp", ".predictions_a.1-0123456789ABCDEF.tmp",
          ".predictions_a.1-0123456789abcde.tmp", ".other_a.1-0123456789abcdef.tmp", "-0123456789abcdef.tmp"}) {
        INFO(name);
        CHECK(detail::temporary_writer(name) == 0);
    }
}

TEST_CASE("name_before: knows the names of what was set aside, and no others", "[artifact]") {
    CHECK(detail::name_before(".predictions_a.csv.1-0123456789abcdef.old") == "predictions_a.csv");
    CHECK(detail::name_before(".predictions_a.csv-metadata.json.12-0123456789abcdef.old") ==
          "predictions_a.csv-metadata.json");
    for (const std::string_view name :
         {"", ".old", "predictions_a.csv", ".predictions_a.csv.1-0123456789abcdef.tmp",
          ".predictions_.csv.1-0123456789abcdef.old", ".predictions_a.txt.1-0123456789abcdef.old",
          ".-metadata.json.1-0123456789abcdef.old", ".predictions_a b.csv.1-0123456789abcdef.old",
          ".predictions_a.csv.x-0123456789abcdef.old", ".predictions_a.csv.1-0123456789abcdeX.old"}) {
        INFO(name);
        CHECK(detail::name_before(name).empty());
    }
}

TEST_CASE("artifact_of_sidecar: is the inverse of the suffix", "[artifact]") {
    CHECK(detail::artifact_of_sidecar("predictions_a.csv-metadata.json") == "predictions_a.csv");
    CHECK(detail::artifact_of_sidecar("predictions_a.csv").empty());
    CHECK(detail::artifact_of_sidecar("-metadata.json").empty());
    CHECK(detail::artifact_of_sidecar("predictions_.csv-metadata.json").empty());
}
