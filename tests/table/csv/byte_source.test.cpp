// SPDX-License-Identifier: MIT
#include <curtail/table/csv/byte_source.hpp>

#include <filesystem>
#include <memory>
#include <string>

#include "catch.hpp"

TEST_CASE("ByteSource: a source may be a callback that can only be moved", "[table]") {
    auto left = std::make_unique<int>(3);
    curtail::detail::ByteSource source([left = std::move(left)](std::span<char> room) -> std::size_t {
        if (*left == 0) return 0;
        --*left;
        room[0] = 'x';
        return 1;
    });
    curtail::detail::ByteSource moved(std::move(source));
    char room[8];
    std::size_t total = 0;
    while (const std::size_t got = moved.read(room)) total += got;
    CHECK(total == 3);
}

TEST_CASE("FileReader: a file that cannot be read is an error that says why", "[table]") {
    const auto check = [](const std::string& path, const std::string& reason) {
        CAPTURE(path);
        try {
            curtail::detail::FileReader reader(path);
            char room[8];
            (void)reader(room);
            FAIL("read");
        } catch (const curtail::InputError& error) {
            CHECK(error.code() == curtail::ErrorCode::unreadable_input);
            CHECK_FALSE(error.permanent());
            CHECK(std::string(error.what()).find(reason) != std::string::npos);
        }
    };
    const std::string here = std::filesystem::temp_directory_path().string();
    check(here + "/no such file.csv", "No such file");
#if defined(_WIN32)
    check(here, "cannot be opened");
#else
    check(here, "Is a directory");
#endif
    check(std::string("a\0b", 3), "NUL");
}
