// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/artifact_file.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "artifact/page/memory_view.hpp"
#include "catch.hpp"
#include "error_code.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::ErrorCode;
using File = curtail::detail::ArtifactFile<curtail::detail::LocalSystem>;

}  // namespace

TEST_CASE("ArtifactFile: opens regular files only, and does not wait for a pipe", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "abc");
    std::filesystem::create_directory(dir / "directory");
    REQUIRE((make_link("file", dir / "link") || on_windows));
    REQUIRE((make_link("nothing", dir / "dangling") || on_windows));
    REQUIRE((make_pipe(dir / "pipe") || on_windows));
    for (const char* const name : {"directory", "link", "dangling", "pipe", "missing", "file/x"}) {
        CAPTURE(name);
        CHECK(code_of([&] { File file(dir / name); }) == ErrorCode::unreadable_input);
    }
    CHECK(code_of([&] { File file(std::string("a\0b", 3)); }) == ErrorCode::invalid_option);
    CHECK(code_of([&] { File file("/"); }) == ErrorCode::unreadable_input);
    CHECK(code_of([&] { File file(""); }) == ErrorCode::unreadable_input);
    const File file(dir / "file");
    CHECK(file.path() == dir / "file");
    CHECK(file.bytes() == 3);
}

TEST_CASE("ArtifactFile: does not say that a file changed if the system cannot say it", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "abc");
    Script script;
    curtail::detail::ArtifactFile<ScriptedSystem> file(dir / "file", ScriptedSystem(&script));
    script.only = "look_up";
    script.error = EIO;
    CHECK(code_of([&] { (void)file.metadata(); }) == ErrorCode::unreadable_input);
    CHECK(code_of([&] { file.expect_unchanged(); }) == ErrorCode::unreadable_input);
    script.error = ENOENT;
    CHECK(code_of([&] { (void)file.metadata(); }) == ErrorCode::changed_input);
    CHECK(code_of([&] { file.expect_unchanged(); }) == ErrorCode::changed_input);
}

TEST_CASE("ArtifactFile: does not take metadata for missing if the system cannot look for them", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "abc");
    Script script;
    curtail::detail::ArtifactFile<ScriptedSystem> file(dir / "file", ScriptedSystem(&script));
    const std::size_t before = script.calls.size();
    CHECK_FALSE(file.metadata());
    const std::size_t calls = script.calls.size() - before;
    REQUIRE(script.calls.back() == "look_up");
    script.fail_until = static_cast<int>(script.calls.size() + calls);
    script.fail_from = script.fail_until - 1;
    script.error = EIO;
    CHECK(code_of([&] { (void)file.metadata(); }) == ErrorCode::unreadable_input);
}

TEST_CASE("ArtifactFile: says why the metadata cannot be read", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "abc");
    dir.put("file-metadata.json", "{}");
    Script script;
    curtail::detail::ArtifactFile<ScriptedSystem> file(dir / "file", ScriptedSystem(&script));
    script.only = "open_to_read";
    script.error = EMFILE;
    try {
        (void)file.metadata();
        FAIL("no error");
    } catch (const curtail::InputError& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        const std::string why = "cannot be read: " + std::generic_category().message(EMFILE) + "; ";
        CHECK(std::string_view(error.what()).find(why) != std::string_view::npos);
    }
}

TEST_CASE("ArtifactFile: opens no relative path if the current directory was removed", "[artifact]") {
    Script script;
    script.only = "current_directory";
    script.error = ENOENT;
    try {
        const curtail::detail::ArtifactFile<ScriptedSystem> file("relative.csv", ScriptedSystem(&script));
        FAIL("no error");
    } catch (const curtail::InputError& error) {
        CHECK(error.code() == ErrorCode::unreadable_input);
        CHECK(error.path() == "relative.csv");
        CHECK(std::string_view(error.what()).find("current directory") != std::string_view::npos);
    }
    CHECK(script.count("open_directory") == 0);
}

TEST_CASE("ArtifactFile: reads from any offset", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("file", "abcdef");
    const File file(dir / "file");
    std::array<char, 4> bytes{};
    CHECK(file.read(1, bytes) == 4);
    CHECK(std::string(bytes.data(), 4) == "bcde");
    CHECK(file.read(5, bytes) == 1);
    CHECK(file.read(6, bytes) == 0);
    CHECK(file.read(UINT64_MAX / 4, bytes) == 0);
}

TEST_CASE("ArtifactFile: notices if the file changes, is replaced or is removed", "[artifact]") {
    const ScratchDirectory dir;
    for (const char* const what : {"longer", "replaced", "gone", "same"}) {
        CAPTURE(what);
        dir.put("file", "abc");
        const File file(dir / "file");
        const std::string how = what;
        if (how == "longer") dir.put("file", "abcd");
        if (how == "replaced") {
            dir.put("other", "abc");
            std::error_code error;
            std::filesystem::rename(dir / "other", dir / "file", error);
            if (error && on_windows) continue;  // it may keep a file that is being read
        }
        if (how == "gone") std::filesystem::remove(dir / "file");
        if (how == "gone" && on_windows && std::filesystem::exists(dir / "file")) continue;  // as long as it is open
        const auto code = code_of([&] { file.expect_unchanged(); });
        CHECK((how == "same" ? !code : code == ErrorCode::changed_input));
    }
}
