// SPDX-License-Identifier: MIT
#include <curtail/table/csv/byte_source.hpp>

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#if !defined(_WIN32)
#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>
#endif

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
    check("", "the path of the input is empty");
}

#if !defined(_WIN32)
TEST_CASE("FileReader: a signal is no reason to stop", "[table]") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    curtail::detail::FileReader reader("/dev/fd/" + std::to_string(ends[0]));
    struct sigaction action = {};  // without SA_RESTART, as Python sets its handlers
    struct sigaction before = {};
    action.sa_handler = [](int) {};
    REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
    std::thread other([to = ::pthread_self(), end = ends[1]] {
        const auto signal = [&] {
            for (int i = 0; i < 10; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                ::pthread_kill(to, SIGUSR1);
            }
        };
        signal();
        if (::write(end, "x", 1) == 1) signal();
        ::close(end);
    });
    char room[8];
    CHECK(reader(room) == 1);
    CHECK(reader(room) == 0);
    other.join();
    ::sigaction(SIGUSR1, &before, nullptr);
    ::close(ends[0]);
}
#endif
