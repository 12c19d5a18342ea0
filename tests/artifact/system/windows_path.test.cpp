// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/windows_path.hpp>

#include <string_view>

#include "catch.hpp"

using curtail::detail::absolute_windows_path;
using curtail::detail::broken_windows_name_rule;
using curtail::detail::windows_root;

TEST_CASE("absolute_windows_path: drives, shares and what is relative to them") {
    const std::string_view at = "C:\\jobs\\here";
    CHECK(absolute_windows_path("out\\x.csv", at) == "C:/jobs/here/out/x.csv");
    CHECK(absolute_windows_path("./out//x.csv", at) == "C:/jobs/here/out/x.csv");
    CHECK(absolute_windows_path("..\\x.csv", at) == "C:/jobs/x.csv");
    CHECK(absolute_windows_path("..\\..\\..\\x.csv", at) == "C:/x.csv");
    CHECK(absolute_windows_path("D:\\data\\x.csv", at) == "D:/data/x.csv");
    CHECK(absolute_windows_path("d:/data/x.csv", at) == "d:/data/x.csv");
    CHECK(absolute_windows_path("\\data\\x.csv", at) == "C:/data/x.csv");
    CHECK(absolute_windows_path("c:x.csv", at) == "C:/jobs/here/x.csv");
    CHECK(absolute_windows_path("D:x.csv", at) == "D:/x.csv");
    CHECK(absolute_windows_path("\\\\server\\share\\a\\..\\..\\x.csv", at) == "//server/share/x.csv");
    CHECK(absolute_windows_path("//server/share/x.csv", at) == "//server/share/x.csv");
    CHECK(absolute_windows_path("\\\\?\\C:\\a\\x.csv", at) == "C:/a/x.csv");
    CHECK(absolute_windows_path("\\\\?\\UNC\\server\\share\\x.csv", at) == "//server/share/x.csv");
    CHECK(absolute_windows_path("\\x.csv", "//server/share/dir") == "//server/share/x.csv");
    CHECK(absolute_windows_path("x.csv", "C:\\") == "C:/x.csv");
    CHECK(absolute_windows_path(".", at) == "C:/jobs/here");
    CHECK(windows_root("//server") == 8);
    CHECK(windows_root("a:b") == 0);
}

TEST_CASE("broken_windows_name_rule: devices, streams and names that Windows would change") {
    for (const char* const name : {"x.csv", ".hidden", "con1.csv", "a b.csv", "COM.csv", "d\xC3\xA9.csv", "nulls"}) {
        CHECK(broken_windows_name_rule(name).empty());
    }
    for (const char* const name : {"NUL", "nul.txt", "nul .txt", "Com1.csv", "LPT9", "conin$", "CONOUT$.txt",
                                   "com\xC2\xB9.csv", "x.csv:stream", "x.", "x ", "a*b", "a\tb", "a|b"}) {
        CHECK_FALSE(broken_windows_name_rule(name).empty());
    }
}
