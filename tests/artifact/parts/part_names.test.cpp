// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/part_names.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace detail = curtail::detail;

TEST_CASE("part_stem: has five digits, so that names are in the order of the parts", "[artifact]") {
    CHECK(detail::part_stem(0) == "part-00000");
    CHECK(detail::part_stem(99'999) == "part-99999");
    CHECK(detail::record_name(12) == ".part-00012.summary");
}

TEST_CASE("number_of_part_file, _record, _attempt: know their own names, and no others", "[artifact]") {
    using Number = std::optional<std::uint64_t>;
    CHECK(detail::number_of_part_file("part-00007.csv") == Number(7));
    CHECK(detail::number_of_part_file("part-00007.csv.gz") == Number(7));
    CHECK(detail::number_of_record(".part-00007.summary") == Number(7));
    CHECK(detail::number_of_attempt(".part-00007.12-0123456789abcdef.tmp") == Number(7));
    CHECK(detail::part_writer(".part-00007.12-0123456789abcdef.tmp") == 12);
    CHECK(detail::part_writer(".parts.12-0123456789abcdef.tmp") == 12);
    CHECK(detail::part_writer("._SUCCESS.12-0123456789abcdef.tmp") == 12);
    for (const std::string_view name :
         {"", ".", "part-.csv", "part-0007.csv", "part-000007.csv", "part-0000x.csv", "part-00007",
          "part-00007.csv.zst", "../part-00007.csv", "part-00007.csv/", ".part-00007.csv", "part-00007.summary",
          ".part-00007.summary.gz", ".part-00007.tmp", ".part-00007.0-0123456789abcdef.tmp",
          ".part-00007.12-0123456789ABCDEF.tmp", ".predictions_a.12-0123456789abcdef.tmp", "part--0001.csv",
          ".part-00007./2-0123456789abcdef.tmp"}) {
        INFO(name);
        CHECK_FALSE(detail::number_of_part_file(name));
        CHECK_FALSE(detail::number_of_record(name));
        CHECK_FALSE(detail::number_of_attempt(name));
        CHECK(detail::part_writer(name) == 0);
        CHECK_FALSE(detail::is_name_of_parts(name));
    }
    for (const std::string_view name : {"_SUCCESS", ".parts", "part-00000.csv", ".part-00000.summary"}) {
        CHECK(detail::is_name_of_parts(name));
    }
}

TEST_CASE("is_parts_directory_name: is true for predictions_ and a job id", "[artifact]") {
    CHECK(detail::is_parts_directory_name("predictions_job_1"));
    for (const std::string_view name :
         {"predictions_", "predictions_.", "other_a", ".predictions_a", "predictions_a b"}) {
        CHECK_FALSE(detail::is_parts_directory_name(name));
    }
}
