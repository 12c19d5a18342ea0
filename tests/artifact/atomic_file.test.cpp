// SPDX-License-Identifier: MIT
#include <curtail/artifact/atomic_file.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "error_code.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

using curtail::AtomicFile;
using curtail::ErrorCode;
using curtail::OnExists;

TEST_CASE("AtomicFile: a file appears under its name at commit and not before", "[artifact]") {
    const ScratchDirectory dir;
    AtomicFile file(dir / "out.csv");
    CHECK(dir.names().empty());
    file.open();
    file.write(std::string_view("a,b\n"));
    file.write({});
    file.write(std::vector<char>{'1', ',', '2', '\n'});
    CHECK_FALSE(std::filesystem::exists(dir / "out.csv"));
    CHECK(file.bytes_written() == 8);
    CHECK_FALSE(file.published());
    file.commit();
    CHECK(file.published());
    CHECK(file.bytes_written() == 8);
    CHECK(dir.names() == std::vector<std::string>{"out.csv"});
    CHECK(dir.read("out.csv") == "a,b\n1,2\n");
    file.abort();
    CHECK(dir.read("out.csv") == "a,b\n1,2\n");
}

TEST_CASE("AtomicFile: an empty file is a file", "[artifact]") {
    const ScratchDirectory dir;
    AtomicFile file(dir / "out.csv");
    file.open();
    file.commit();
    CHECK(std::filesystem::file_size(dir / "out.csv") == 0);
}

TEST_CASE("AtomicFile: abort, destruction and assignment discard", "[artifact]") {
    const ScratchDirectory dir;
    {
        AtomicFile file(dir / "out.csv");
        file.open();
        file.write(std::string_view("x"));
    }
    CHECK(dir.names().empty());
    AtomicFile file(dir / "out.csv");
    file.open();
    file.write(std::string_view("x"));
    file.abort();
    file.abort();
    CHECK(dir.names().empty());
    CHECK(code_of([&] { file.commit(); }) == ErrorCode::wrong_state);
    AtomicFile other(dir / "other.csv");
    other.open();
    other = AtomicFile(dir / "third.csv");
    other.open();
    other.commit();
    CHECK(dir.names() == std::vector<std::string>{"third.csv"});
    static_assert(noexcept(file.abort()));
    static_assert(std::is_nothrow_move_constructible_v<AtomicFile> && std::is_nothrow_move_assignable_v<AtomicFile>);
    static_assert(!std::is_copy_constructible_v<AtomicFile>);
}

TEST_CASE("AtomicFile: an open file can be moved, and the one moved from does nothing", "[artifact]") {
    const ScratchDirectory dir;
    AtomicFile first(dir / "out.csv");
    first.open();
    first.write(std::string_view("one "));
    AtomicFile second(std::move(first));
    second.write(std::string_view("two "));
    AtomicFile third(dir / "unused.csv");
    third = std::move(second);
    third.write(std::string_view("three"));
    third.commit();
    CHECK(third.bytes_written() == 13);
    CHECK(first.location().empty());
    CHECK(first.name().empty());
    CHECK(first.bytes_written() == 0);
    CHECK_FALSE(first.published());
    CHECK(code_of([&] { first.write({}); }) == ErrorCode::wrong_state);
    first.abort();
    CHECK(dir.read("out.csv") == "one two three");
    CHECK(dir.names().size() == 1);
}

TEST_CASE("AtomicFile: throws wrong_state for calls out of order", "[artifact]") {
    const ScratchDirectory dir;
    AtomicFile file(dir / "out.csv");
    CHECK(code_of([&] { file.write(std::string_view("x")); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { file.commit(); }) == ErrorCode::wrong_state);
    file.open();
    CHECK(code_of([&] { file.open(); }) == ErrorCode::wrong_state);
    file.commit();
    CHECK(code_of([&] { file.commit(); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { file.write(std::string_view("x")); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { file.open(); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { file.commit_with_sidecar(""); }) == ErrorCode::wrong_state);
    CHECK(dir.names() == std::vector<std::string>{"out.csv"});
}

TEST_CASE("AtomicFile: a taken name is an error at open(), or at commit() if it was taken in between", "[artifact]") {
    const ScratchDirectory dir;
    AtomicFile late(dir / "out.csv");
    late.open();
    late.write(std::string_view("late"));
    dir.put("out.csv", "old");
    AtomicFile early(dir / "out.csv");
    CHECK(code_of([&] { early.open(); }) == ErrorCode::artifact_exists);
    CHECK(code_of([&] { late.commit(); }) == ErrorCode::artifact_exists);
    CHECK_FALSE(late.published());
    CHECK(dir.read("out.csv") == "old");
    CHECK(dir.names().size() == 1);
}

TEST_CASE("AtomicFile: replace takes the name in one step and keeps the old file until then", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("out.csv", "old");
    AtomicFile file(dir / "out.csv", {.on_exists = OnExists::replace});
    file.open();
    file.write(std::string_view("new"));
    CHECK(dir.read("out.csv") == "old");
    file.commit();
    CHECK(dir.read("out.csv") == "new");
    CHECK(dir.names().size() == 1);

    std::filesystem::create_directory(dir / "directory.csv");
    AtomicFile over_directory(dir / "directory.csv", {.on_exists = OnExists::replace});
    CHECK(code_of([&] { over_directory.open(); }) == ErrorCode::artifact_exists);
}

TEST_CASE("AtomicFile: the location is absolute and valid UTF-8 whatever the directory's bytes", "[artifact]") {
    const ScratchDirectory dir;
    if (on_windows) return;                   // where names are UTF-16
    const std::string raw = dir / "caf\xE9";  // Latin-1
    std::error_code refused;
    std::filesystem::create_directory(raw, refused);
    if (!refused) {  // some file systems take UTF-8 only
        AtomicFile file(raw + "/out.csv");
        CHECK(file.location() == dir / "caf\xEF\xBF\xBD/out.csv");
        file.open();
        file.commit();
        CHECK(std::filesystem::exists(raw + "/out.csv"));
        try {
            AtomicFile again(raw + "/out.csv");
            again.open();
            FAIL("no error");
        } catch (const curtail::ArtifactError& error) {
            CHECK(error.path() == dir / "caf\xEF\xBF\xBD/out.csv");
        }
    }
}

TEST_CASE("AtomicFile: resolves a relative path when it is constructed", "[artifact]") {
    const ScratchDirectory dir;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(dir.path());
    const std::string here = std::filesystem::current_path().generic_string();
    AtomicFile file("./out.csv");
    std::filesystem::current_path(before);
    CHECK(file.location() == here + "/out.csv");
    file.open();
    file.commit();
    CHECK(dir.names() == std::vector<std::string>{"out.csv"});
}

TEST_CASE("AtomicFile: a path that cannot be a file is refused before anything is touched", "[artifact]") {
    for (const std::string& path : {std::string(), std::string("/"), std::string("dir/"), std::string("."),
                                    std::string("/out/.."), std::string("a\0b", 3)}) {
        INFO(path);
        CHECK(code_of([&] { const AtomicFile file(path); }) == ErrorCode::invalid_option);
    }
    CHECK(code_of([&] { const AtomicFile file("x.csv", {.mode = 04755}); }) == ErrorCode::invalid_option);
}

TEST_CASE("AtomicFile: a missing directory, and a file in its place, are no_directory; a name too long says so",
          "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "");
    AtomicFile missing(dir / "missing/out.csv");
    CHECK(code_of([&] { missing.open(); }) == ErrorCode::no_directory);
    AtomicFile in_file(dir / "file/out.csv");
    CHECK(code_of([&] { in_file.open(); }) == ErrorCode::no_directory);
    AtomicFile too_long(dir / std::string(256, 'x'));
    try {
        too_long.open();
        FAIL("no error");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == ErrorCode::io_failed);
        CHECK(std::string(error.what()).find("Use a shorter path") != std::string::npos);
    }
    CHECK(dir.names().size() == 1);
}

TEST_CASE("AtomicFile: the longest name a directory takes leaves room for its temporary file", "[artifact]") {
    const ScratchDirectory dir;
    for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
        AtomicFile file(dir / std::string(255, 'x'), {.on_exists = on_exists});
        file.open();
        file.commit();
    }
    CHECK(dir.names() == std::vector<std::string>{std::string(255, 'x')});
}

TEST_CASE("AtomicFile: more space than the file system has is no_space before the first byte", "[artifact]") {
    const ScratchDirectory dir;
    AtomicFile file(dir / "out.csv", {.reserve = std::uint64_t{1} << 62U});
    try {
        file.open();
        FAIL("no error");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == ErrorCode::no_space);
        CHECK(error.operation() == "reserve");
    }
    CHECK(dir.names().empty());
    AtomicFile exceeds(dir / "out.csv", {.reserve = 3});
    exceeds.open();
    exceeds.write(std::string_view("longer than expected"));
    exceeds.commit();
    CHECK(dir.read("out.csv") == "longer than expected");
}
