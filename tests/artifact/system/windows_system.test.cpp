// SPDX-License-Identifier: MIT
// Only for Windows; posix_system.test.cpp says the same of the others.
#include <curtail/artifact/system/windows_system.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <curtail/artifact/system/windows_path.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"

using curtail::detail::WindowsSystem;

namespace {

class OpenDirectory {
  public:
    explicit OpenDirectory(const std::string& path) : descriptor_(WindowsSystem::open_directory(path.c_str())) {}
    OpenDirectory(const OpenDirectory&) = delete;
    OpenDirectory& operator=(const OpenDirectory&) = delete;
    ~OpenDirectory() { WindowsSystem::close(descriptor_); }
    operator int() const noexcept { return descriptor_; }

  private:
    int descriptor_;
};

constexpr const char* beyond_ascii = "\xC3\xA9\xE4\xBA\xAC\xF0\x9F\x98\x80.csv";

}  // namespace

TEST_CASE("WindowsSystem: opens directories, and refuses what is not a directory", "[artifact]") {
    const ScratchDirectory scratch;
    scratch.put("file", "");
    const OpenDirectory dir(scratch.path());
    CHECK(dir >= 0);
    CHECK(WindowsSystem::open_directory((scratch / "missing").c_str()) == -1);
    CHECK(errno == ENOENT);
    CHECK(WindowsSystem::open_directory((scratch / "file").c_str()) == -1);
    CHECK(errno == ENOTDIR);
}

TEST_CASE("WindowsSystem: an exclusive file is new or an error, whatever characters its name has", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    for (const char* const name : {"x.csv", beyond_ascii}) {
        const int file = WindowsSystem::open_exclusive(dir, name);
        REQUIRE(file >= 0);
        CHECK(WindowsSystem::write(file, "a\nb\x1A", 4) == 4);  // no byte is changed
        CHECK(WindowsSystem::close(file) == 0);
        CHECK(WindowsSystem::open_exclusive(dir, name) == -1);
        CHECK(errno == EEXIST);
        CHECK(scratch.read(name) == "a\nb\x1A");
    }
    CHECK(scratch.names().size() == 2);
}

TEST_CASE("WindowsSystem: a rename that must not overwrite does not, and one that may does", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    scratch.put("a", "new");
    scratch.put("b", "old");
    CHECK(WindowsSystem::rename_exclusive(dir, "a", "b") == -1);
    CHECK(errno == EEXIST);
    CHECK(WindowsSystem::link(dir, "a", "b") == -1);
    CHECK(errno == EEXIST);
    CHECK(scratch.read("b") == "old");
    CHECK(WindowsSystem::rename(dir, "a", "b") == 0);
    CHECK(scratch.read("b") == "new");
    CHECK(WindowsSystem::rename_exclusive(dir, "b", "c") == 0);
    CHECK(WindowsSystem::link(dir, "c", "d") == 0);
    CHECK(scratch.names() == std::vector<std::string>{"c", "d"});
    CHECK(WindowsSystem::remove(dir, "c") == 0);
    CHECK(scratch.read("d") == "new");
    CHECK(WindowsSystem::remove(dir, "c") == -1);
    CHECK(errno == ENOENT);
    CHECK(WindowsSystem::rename(dir, "missing", "e") == -1);
    CHECK(WindowsSystem::check_replaceable(dir, "d") == 0);
    const HANDLE reader = ::CreateFileW(curtail::detail::full_path(scratch / "d").c_str(), GENERIC_READ,
                                        FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
    CHECK(WindowsSystem::check_replaceable(dir, "d") == -1);
    CHECK(errno == EBUSY);
    ::CloseHandle(reader);
    CHECK(WindowsSystem::check_replaceable(dir, "missing") == -1);
    CHECK(errno == ENOENT);
}

TEST_CASE("WindowsSystem: a file that goes with its last handle leaves nothing, or is kept under the name it is given",
          "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    const int forgotten = WindowsSystem::open_unnamed(dir);
    REQUIRE(forgotten >= 0);
    CHECK(WindowsSystem::close(forgotten) == 0);
    CHECK(scratch.names().empty());
    const int file = WindowsSystem::open_unnamed(dir);
    CHECK(WindowsSystem::write(file, "abc", 3) == 3);
    scratch.put("taken", "old");
    const int over_taken = WindowsSystem::link_unnamed(file, dir, "taken");
    CHECK(over_taken == -1);
    CHECK((errno == EEXIST || errno == ENOSYS));  // wine cannot keep such a file
    const bool kept = WindowsSystem::link_unnamed(file, dir, "x") == 0;
    CHECK((kept || errno == ENOSYS));
    CHECK(WindowsSystem::close(file) == 0);
    CHECK(scratch.read("taken") == "old");
    CHECK(scratch.read("x") == (kept ? "abc" : ""));
    CHECK(scratch.names().size() == (kept ? 2U : 1U));
}

TEST_CASE("WindowsSystem: looks up what has a name, and describes what is open", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    scratch.put("file", "four");
    curtail::detail::FileEntry named;
    REQUIRE(WindowsSystem::look_up(dir, "file", named) == 0);
    CHECK(named.regular);
    CHECK(named.bytes == 4);
    CHECK(named.modified.seconds > 1'700'000'000);
    CHECK(named.modified <= WindowsSystem::now());
    const int file = WindowsSystem::open_to_read(dir, "file");
    curtail::detail::FileEntry open;
    REQUIRE(WindowsSystem::describe(file, open) == 0);
    CHECK(open.is(named));
    char bytes[8] = {};
    CHECK(WindowsSystem::read(file, bytes, sizeof bytes) == 4);
    CHECK(WindowsSystem::read(file, bytes, sizeof bytes) == 0);
    CHECK(WindowsSystem::close(file) == 0);
    std::filesystem::create_directory(scratch / "inner");
    REQUIRE(WindowsSystem::look_up(dir, "inner", named) == 0);
    CHECK(named.directory);
    CHECK_FALSE(named.regular);
    CHECK(WindowsSystem::look_up(dir, "missing", named) == -1);
    CHECK(errno == ENOENT);
    CHECK(WindowsSystem::open_to_read(dir, "missing") == -1);
    CHECK(errno == ENOENT);
}

TEST_CASE("WindowsSystem: reserves, cuts and syncs an open file", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    const int file = WindowsSystem::open_exclusive(dir, "x");
    CHECK((WindowsSystem::reserve(file, 1U << 20U) == 0 || errno == ENOSYS));  // as in wine
    CHECK(WindowsSystem::write(file, "abcdef", 6) == 6);
    CHECK(WindowsSystem::sync_early(file) == 0);
    CHECK(WindowsSystem::sync_data(file) == 0);
    CHECK(WindowsSystem::truncate(file, 4) == 0);
    CHECK(WindowsSystem::close(file) == 0);
    CHECK(scratch.read("x") == "abcd");
    CHECK(WindowsSystem::sync_all(-1) == -1);
}

TEST_CASE("WindowsSystem: a mode for the group alone is refused, before and when it is set", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    const int file = WindowsSystem::open_exclusive(dir, "x");
    for (unsigned mode = 0; mode <= 0777U; ++mode) {
        const bool possible = ((mode >> 3U) & ~mode & 7U) == 0;
        REQUIRE((WindowsSystem::check_mode(mode) == 0) == possible);
    }
    for (const unsigned mode : {0600U, 0644U, 0666U, 0604U}) CHECK(WindowsSystem::set_mode(file, mode) == 0);
    for (const unsigned mode : {0640U, 0660U, 0770U}) {
        CHECK(WindowsSystem::set_mode(file, mode) == -1);
        CHECK(errno == ENOTSUP);
    }
    WindowsSystem::close(file);
}

TEST_CASE("WindowsSystem: a lock is one for all openings of a file, hinders no reader, and ends with its file",
          "[artifact]") {
    const ScratchDirectory scratch;
    scratch.put("file", "x");
    const OpenDirectory dir(scratch.path());
    const int first = WindowsSystem::open_to_lock(dir, "file");
    const int second = WindowsSystem::open_to_lock(dir, "file");
    REQUIRE(WindowsSystem::lock(first, 0) == 0);
    CHECK(WindowsSystem::lock(second, 2) == -1);
    CHECK(errno == EWOULDBLOCK);
    CHECK(scratch.read("file") == "x");
    CHECK(WindowsSystem::unlock(first) == 0);
    CHECK(WindowsSystem::lock(second, 0) == 0);
    CHECK(WindowsSystem::close(second) == 0);
    CHECK(WindowsSystem::lock(first, 100) == 0);
    CHECK(WindowsSystem::close(first) == 0);
    CHECK(WindowsSystem::lock(dir, 0) == -1);  // directories have none
}

TEST_CASE("WindowsSystem: lists a whole directory, more than once", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    for (int i = 0; i < 100; ++i) scratch.put("file" + std::to_string(i), "");
    scratch.put(beyond_ascii, "");
    for (int round = 0; round < 2; ++round) {
        std::vector<std::string> names;
        REQUIRE(WindowsSystem::list(dir, names) == 0);
        names.erase(std::remove_if(names.begin(), names.end(), [](const auto& n) { return n == "." || n == ".."; }),
                    names.end());
        std::sort(names.begin(), names.end());
        CHECK(names == scratch.names());
        CHECK(std::count(names.begin(), names.end(), beyond_ascii) == 1);
    }
}

TEST_CASE("WindowsSystem: list() of what has no path fails with an errno and throws nothing", "[artifact]") {
    int ends[2];
    REQUIRE(::_pipe(ends, 512, _O_BINARY) == 0);
    std::vector<std::string> names;
    errno = 0;
    CHECK(WindowsSystem::list(ends[0], names) == -1);
    CHECK(errno != 0);
    CHECK(names.empty());
    WindowsSystem::close(ends[0]);
    WindowsSystem::close(ends[1]);
}

TEST_CASE("WindowsSystem: gives plausible answers about the system", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    std::uint64_t bytes = 0;
    CHECK(WindowsSystem::free_bytes(dir, bytes) == 0);
    CHECK(bytes > 0);
    CHECK(WindowsSystem::file_size_limit() == UINT64_MAX);
    CHECK(WindowsSystem::random() != WindowsSystem::random());
    CHECK(WindowsSystem::process_is_alive(WindowsSystem::process_id()));
    CHECK_FALSE(WindowsSystem::process_is_alive(0x7FFF'FFF0));
    CHECK(WindowsSystem::now().seconds > 1'700'000'000);
    CHECK(std::filesystem::path(WindowsSystem::current_directory()) == std::filesystem::current_path());
    CHECK(curtail::detail::has_drive(WindowsSystem::current_directory()));
    CHECK(WindowsSystem::sync_directory(dir) == -1);
    CHECK(errno == ENOSYS);
    CHECK(WindowsSystem::start_writeback(0, 0, 1) == -1);
    curtail::detail::SyncQueue queue;
    CHECK(WindowsSystem::start_sync(0, queue) == -1);
    CHECK(WindowsSystem::end_sync(queue, true) == -1);
    WindowsSystem::close_queue(queue);
    CHECK(queue.id == 0);
}
