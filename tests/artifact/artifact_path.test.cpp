// SPDX-License-Identifier: MIT
#include <curtail/artifact/artifact_path.hpp>

#include <filesystem>
#include <string>
#include <string_view>

#include "catch.hpp"

TEST_CASE("artifact_path: names an artifact after its job, in its directory", "[artifact]") {
    CHECK(curtail::artifact_path("/data", "job_0123456789ab") == "/data/predictions_job_0123456789ab.csv");
    CHECK(curtail::artifact_path("/data/", "a") == "/data/predictions_a.csv");
    CHECK(curtail::artifact_path("/", "a") == "/predictions_a.csv");
    CHECK(curtail::artifact_path("out", "a") == "out/predictions_a.csv");
    CHECK(curtail::artifact_path(std::string("."), "a") == "./predictions_a.csv");
    CHECK(curtail::artifact_path(std::filesystem::path("/data/x"), "a") == "/data/x/predictions_a.csv");
    CHECK(curtail::artifact_path(std::filesystem::path(u8"/d\u00E9\U0001F600"), "a") ==
          "/d\xC3\xA9\xF0\x9F\x98\x80/predictions_a.csv");
    CHECK(curtail::artifact_path("/d\xFF", "a") == "/d\xFF/predictions_a.csv");
    CHECK(curtail::artifact_name("a.b") == "predictions_a.b.csv");
}

TEST_CASE("artifact_path: refuses what is not a job id", "[artifact]") {
    for (const std::string id : {"", "..", "../x", "a/b", "CON"}) {
        CHECK_THROWS_AS(curtail::artifact_path("/data", id), curtail::UsageError);
        CHECK_THROWS_AS(curtail::artifact_name(id), curtail::UsageError);
    }
}

TEST_CASE("artifact_path: refuses a text that cannot be a directory", "[artifact]") {
    CHECK_THROWS_AS(curtail::artifact_path("", "a"), curtail::UsageError);
    CHECK_THROWS_AS(curtail::artifact_path(std::string_view("/out\0/x", 7), "a"), curtail::UsageError);
}

#if defined(_WIN32)
TEST_CASE("absolute_path: takes drives, shares and backslashes, and gives slashes", "[artifact]") {
    CHECK(curtail::absolute_path("C:\\a\\..\\b", "D:\\cwd") == "C:/b");
    CHECK(curtail::absolute_path("a\\b", "D:\\cwd") == "D:/cwd/a/b");
    CHECK(curtail::absolute_path("/a", "D:\\cwd") == "D:/a");
    CHECK(curtail::absolute_path("\\\\server\\share\\a", "D:\\cwd") == "//server/share/a");
}
#else
TEST_CASE("absolute_path: uses the text alone and keeps what links may change", "[artifact]") {
    CHECK(curtail::absolute_path("/a/b", "/cwd") == "/a/b");
    CHECK(curtail::absolute_path("a/b", "/cwd") == "/cwd/a/b");
    CHECK(curtail::absolute_path("./a//b/.", "/cwd/") == "/cwd/a/b");
    CHECK(curtail::absolute_path("../a", "/cwd") == "/cwd/../a");
    CHECK(curtail::absolute_path("//a", "/cwd") == "/a");
    CHECK(curtail::absolute_path("/", "/cwd") == "/");
    CHECK(curtail::absolute_path("", "/cwd") == "/cwd");
    CHECK(curtail::absolute_path("", "/") == "/");
    CHECK(curtail::absolute_path(".a/..b", "/") == "/.a/..b");
    CHECK(curtail::absolute_path("\xFF", "/\xFE") == "/\xFE/\xFF");
}
#endif
