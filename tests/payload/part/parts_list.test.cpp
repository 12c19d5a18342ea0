// SPDX-License-Identifier: MIT
#include <curtail/payload/part/parts_list.hpp>

#include <string>
#include <vector>

#include "catch.hpp"

using curtail::PartArtifact;
using curtail::detail::common_location;
using curtail::detail::directory_of;
using curtail::detail::listed_parts;

TEST_CASE("common_location: is the directory of all parts, or where the first one is", "[payload]") {
    const auto at = [](std::vector<std::string> paths) {
        std::vector<PartArtifact> parts;
        for (std::string& path : paths) parts.push_back({parts.size(), {std::move(path), "csv"}});
        return common_location(parts);
    };
    CHECK(at({"/data/job/part-0.csv", "/data/job/part-1.csv"}) == "/data/job");
    CHECK(at({"/part-0.csv", "/part-1.csv"}) == "/");
    CHECK(at({"C:\\job\\part-0.csv", "C:\\job\\part-1.csv"}) == "C:\\job");
    CHECK(at({"/a/part-0.csv", "/b/part-1.csv"}) == "/a/part-0.csv");
    CHECK(at({"part-0.csv", "part-1.csv"}) == "part-0.csv");
    CHECK(at({}).empty());
    CHECK(directory_of("/a/b") == "/a");
}

TEST_CASE("listed_parts: names a file in the directory, and a host's by its path", "[payload]") {
    const std::vector<PartArtifact> parts = {{0, {"/d/0.csv", "csv", 2, 10}}, {1, {"/d/1.csv", "csv", 3, 20}}};
    const auto listed = listed_parts(parts, {"", "node"}, "/d");
    CHECK(listed[0] == curtail::OutputPart{"0.csv", 2, 10, "", ""});
    CHECK(listed[1] == curtail::OutputPart{"/d/1.csv", 3, 20, "", "node"});
    CHECK(listed_parts(parts, {"", ""}, "/e")[0].file == "/d/0.csv");
}
