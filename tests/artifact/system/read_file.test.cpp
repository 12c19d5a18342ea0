// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/read_file.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::detail::read_blocks;
using curtail::detail::read_named;
using curtail::detail::read_text;

// A directory with a file of 200,000 bytes, open by a system that fails on command.
struct Opened {
    ScratchDirectory dir;
    Script script;
    ScriptedSystem system{&script};
    std::string text;
    int directory;

    Opened() {
        for (int i = 0; text.size() < 200'000; ++i) text += std::to_string(i);
        dir.put("file", text);
        directory = system.open_directory(dir.path().c_str());
    }
    ~Opened() { system.close(directory); }

    std::optional<std::string> read(const char* name, std::uint64_t limit) {
        return read_named(system, directory, name, [&](int file) { return read_text(system, file, limit); });
    }
};

}  // namespace

TEST_CASE("read_text: gives the beginning of a file, and not a byte more than the limit", "[artifact]") {
    Opened opened;
    for (const std::uint64_t limit : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{65'535}, std::uint64_t{65'536},
                                      std::uint64_t{65'537}, std::uint64_t{opened.text.size()}, UINT64_MAX}) {
        CAPTURE(limit);
        CHECK(opened.read("file", limit) == opened.text.substr(0, limit));
    }
    opened.dir.put("empty", "");
    CHECK(opened.read("empty", 10) == "");
    CHECK(opened.script.open_descriptors == 1);
}

TEST_CASE("read_blocks: gives all of a file in order, however the system divides it", "[artifact]") {
    Opened opened;
    std::string all;
    std::size_t blocks = 0;
    const bool read = read_named(opened.system, opened.directory, "file", [&](int file) {
        return read_blocks(opened.system, file, UINT64_MAX, [&](std::span<const char> block) {
            all.append(block.data(), block.size());
            ++blocks;
        });
    });
    CHECK(read);
    CHECK(all == opened.text);
    CHECK(blocks > 1);
}

TEST_CASE("read_named: says by errno why a file cannot be read, and closes it", "[artifact]") {
    Opened opened;
    CHECK_FALSE(opened.read("nothing", 10));
    CHECK(errno == ENOENT);
    std::filesystem::create_directory(opened.dir / "directory");
    CHECK_FALSE(opened.read("directory", 10));
    CHECK((errno == EISDIR || on_windows));
    if (make_link("file", opened.dir / "link")) CHECK_FALSE(opened.read("link", 10));
    if (make_pipe(opened.dir / "pipe")) CHECK_FALSE(opened.read("pipe", 10));
    opened.script.error = EIO;
    for (const std::string_view call : {"open_to_read", "describe", "read"}) {
        opened.script.only = call;
        CHECK_FALSE(opened.read("file", 10));
        CHECK(errno == EIO);
    }
    CHECK(opened.script.open_descriptors == 1);
}
