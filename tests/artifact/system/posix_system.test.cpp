// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/posix_system.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include <curtail/artifact/system/system_call.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"

using curtail::detail::FileEntry;
using curtail::detail::PosixSystem;

namespace {

class OpenDirectory {
  public:
    explicit OpenDirectory(const std::string& path) : descriptor_(PosixSystem::open_directory(path.c_str())) {}
    OpenDirectory(const OpenDirectory&) = delete;
    OpenDirectory& operator=(const OpenDirectory&) = delete;
    ~OpenDirectory() { PosixSystem::close(descriptor_); }
    operator int() const noexcept { return descriptor_; }

  private:
    int descriptor_;
};

}  // namespace

TEST_CASE("PosixSystem: a rename that must not overwrite does not, and one that may does", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    REQUIRE(dir >= 0);
    scratch.put("a", "new");
    scratch.put("b", "old");
    const int result = PosixSystem::rename_exclusive(dir, "a", "b");
    CHECK(result == -1);
    CHECK((errno == EEXIST || curtail::detail::is_unsupported(errno)));
    CHECK(scratch.read("b") == "old");
    CHECK(PosixSystem::link(dir, "a", "b") == -1);
    CHECK(errno == EEXIST);
    CHECK(PosixSystem::rename(dir, "a", "b") == 0);
    CHECK(scratch.read("b") == "new");
    CHECK(scratch.names() == std::vector<std::string>{"b"});
}

TEST_CASE("PosixSystem: an unnamed file has no name until it is given one", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    const int file = PosixSystem::open_unnamed(dir);
    if (file < 0) return;  // a file system without them
    CHECK(scratch.names().empty());
    CHECK(PosixSystem::write(file, "abc", 3) == 3);
    CHECK(PosixSystem::link_unnamed(file, dir, "x") == 0);
    CHECK(PosixSystem::link_unnamed(file, dir, "x") == -1);
    CHECK(errno == EEXIST);
    CHECK(PosixSystem::close(file) == 0);
    CHECK(scratch.read("x") == "abc");
}

TEST_CASE("PosixSystem: an exclusive file is new or an error, also where a link points nowhere", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    std::filesystem::create_symlink("nowhere", scratch / "link");
    CHECK(PosixSystem::open_exclusive(dir, "link") == -1);
    CHECK(errno == EEXIST);
    CHECK_FALSE(std::filesystem::exists(scratch / "nowhere"));
}

TEST_CASE("PosixSystem: looking up a link finds the link", "[artifact]") {
    const ScratchDirectory scratch;
    const mode_t mask = ::umask(0022);
    ::umask(mask);
    const OpenDirectory dir(scratch.path());
    scratch.put("file", "four");
    std::filesystem::create_symlink("file", scratch / "link");
    FileEntry entry;
    REQUIRE(PosixSystem::look_up(dir, "file", entry) == 0);
    CHECK(entry.regular);
    CHECK(entry.bytes == 4);
    CHECK(entry.modified.seconds > 0);
    CHECK(entry.modified <= PosixSystem::now());
    CHECK(entry.mode == (0666U & ~mask));
    REQUIRE(PosixSystem::look_up(dir, "link", entry) == 0);
    CHECK_FALSE(entry.regular);
    REQUIRE(PosixSystem::look_up(dir, ".", entry) == 0);
    CHECK(entry.directory);
    CHECK(PosixSystem::look_up(dir, "missing", entry) == -1);
    CHECK(errno == ENOENT);
}

TEST_CASE("PosixSystem: lists a whole directory, more than once", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    for (int i = 0; i < 300; ++i) scratch.put("file" + std::to_string(i), "");
    for (int round = 0; round < 2; ++round) {
        std::vector<std::string> names;
        REQUIRE(PosixSystem::list(dir, names) == 0);
        names.erase(std::remove_if(names.begin(), names.end(), [](const auto& n) { return n == "." || n == ".."; }),
                    names.end());
        std::sort(names.begin(), names.end());
        CHECK(names == scratch.names());
    }
}

TEST_CASE("PosixSystem: says what is free, and that a directory is missing", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    std::uint64_t bytes = 0;
    CHECK(PosixSystem::free_bytes(dir, bytes) == 0);
    CHECK(bytes > 0);
    CHECK(PosixSystem::open_directory((scratch / "missing").c_str()) == -1);
    CHECK(errno == ENOENT);
}

TEST_CASE("PosixSystem: a lock is one for all openings of a file or directory, and ends with unlock() or close()",
          "[artifact]") {
    const ScratchDirectory scratch;
    scratch.put("file", "x");
    const OpenDirectory dir(scratch.path());
    const OpenDirectory again(scratch.path());
    REQUIRE(PosixSystem::lock(dir, 0) == 0);
    CHECK(PosixSystem::lock(again, 2) == -1);
    CHECK(errno == EWOULDBLOCK);
    CHECK(PosixSystem::unlock(dir) == 0);
    CHECK(PosixSystem::lock(again, 0) == 0);
    const int first = PosixSystem::open_to_lock(dir, "file");
    const int second = PosixSystem::open_to_lock(dir, "file");
    REQUIRE(PosixSystem::lock(first, 0) == 0);
    CHECK(PosixSystem::lock(second, 0) == -1);
    CHECK(PosixSystem::close(first) == 0);
    CHECK(PosixSystem::lock(second, 0) == 0);
    CHECK(PosixSystem::close(second) == 0);
}

TEST_CASE("PosixSystem: opens a regular file to read, and never waits for a writer or follows a link", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    scratch.put("file", "four");
    std::filesystem::create_symlink("file", scratch / "link");
    REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
    char bytes[8] = {};
    const int file = PosixSystem::open_to_read(dir, "file");
    CHECK(PosixSystem::read(file, bytes, sizeof bytes) == 4);
    FileEntry open;
    FileEntry named;
    REQUIRE(PosixSystem::describe(file, open) == 0);
    REQUIRE(PosixSystem::look_up(dir, "file", named) == 0);
    CHECK(open.is(named));
    CHECK(open.bytes == 4);
    CHECK(PosixSystem::close(file) == 0);
    CHECK(PosixSystem::open_to_read(dir, "link") == -1);
    const int fifo = PosixSystem::open_to_read(dir, "fifo");
    REQUIRE(PosixSystem::describe(fifo, open) == 0);
    CHECK_FALSE(open.regular);
    CHECK(PosixSystem::close(fifo) == 0);
    CHECK(PosixSystem::open_to_lock(dir, "fifo") == -1);
    CHECK(PosixSystem::describe(fifo, open) == -1);
}

TEST_CASE("PosixSystem: many openings share a lock, and none has the other one meanwhile", "[artifact]") {
    const ScratchDirectory scratch;
    scratch.put("file", "x");
    const OpenDirectory dir(scratch.path());
    const int first = PosixSystem::open_to_read(dir, "file");
    const int second = PosixSystem::open_to_read(dir, "file");
    const int third = PosixSystem::open_to_lock(dir, "file");
    CHECK(PosixSystem::lock_shared(first, 0) == 0);
    CHECK(PosixSystem::lock_shared(second, 0) == 0);
    CHECK(PosixSystem::lock(third, 2) == -1);
    CHECK(errno == EWOULDBLOCK);
    CHECK(PosixSystem::close(first) == 0);
    CHECK(PosixSystem::close(second) == 0);
    CHECK(PosixSystem::lock(third, 0) == 0);
    const int late = PosixSystem::open_to_read(dir, "file");
    CHECK(PosixSystem::lock_shared(late, 2) == -1);
    CHECK(PosixSystem::close(third) == 0);
    CHECK(PosixSystem::lock_shared(late, 0) == 0);
    CHECK(PosixSystem::close(late) == 0);
}

TEST_CASE("PosixSystem: makes a directory for its owner alone, and removes an empty one", "[artifact]") {
    const ScratchDirectory scratch;
    const OpenDirectory dir(scratch.path());
    REQUIRE(PosixSystem::make_directory((scratch / "made").c_str()) == 0);
    FileEntry entry;
    REQUIRE(PosixSystem::look_up(dir, "made", entry) == 0);
    CHECK(entry.directory);
    CHECK(entry.mode == 0700);
    CHECK(PosixSystem::make_directory((scratch / "made").c_str()) == -1);
    CHECK(errno == EEXIST);
    scratch.put("made/file", "x");
    CHECK(PosixSystem::remove_directory(dir, "made") == -1);
    std::filesystem::remove(scratch / "made/file");
    CHECK(PosixSystem::remove_directory(dir, "made") == 0);
    CHECK(scratch.names().empty());
}

TEST_CASE("PosixSystem: copies from where one file stands to where the other does, where the kernel can",
          "[artifact]") {
    const ScratchDirectory scratch;
    scratch.put("from", "0123456789");
    const OpenDirectory dir(scratch.path());
    const int from = PosixSystem::open_to_read(dir, "from");
    const int to = PosixSystem::open_exclusive(dir, "to");
    char bytes[3];
    REQUIRE(PosixSystem::read(from, bytes, 3) == 3);
    REQUIRE(PosixSystem::write(to, "ab", 2) == 2);
    const std::ptrdiff_t copied = PosixSystem::copy(from, to, 5);
    if (copied < 0) {
        CHECK(curtail::detail::is_unsupported(errno));
    } else {
        CHECK(scratch.read("to") == "ab34567");
        CHECK(PosixSystem::copy(from, to, 100) == 2);
        CHECK(PosixSystem::copy(from, to, 100) == 0);
        CHECK(scratch.read("to") == "ab3456789");
    }
    CHECK(PosixSystem::close(from) == 0);
    CHECK(PosixSystem::close(to) == 0);
}
