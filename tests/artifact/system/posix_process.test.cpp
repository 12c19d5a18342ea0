// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/posix_process.hpp>

#include <filesystem>
#include <string>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"

using curtail::detail::PosixProcess;

TEST_CASE("PosixProcess: gives plausible answers about the system", "[artifact]") {
    CHECK(PosixProcess::random() != PosixProcess::random());
    CHECK(PosixProcess::process_is_alive(PosixProcess::process_id()));
    CHECK(PosixProcess::process_is_alive(1));
    CHECK_FALSE(PosixProcess::process_is_alive(2'147'483'646));
    CHECK(PosixProcess::now().seconds > 1'700'000'000);
    CHECK(PosixProcess::file_size_limit() > 1'000'000);
    CHECK(PosixProcess::current_directory() == std::filesystem::current_path().string());
}

TEST_CASE("PosixProcess: a current directory longer than the first buffer is found whole", "[artifact]") {
    const ScratchDirectory scratch;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::path deep = std::filesystem::canonical(scratch.path());
    for (int i = 0; i < 5; ++i) deep /= std::string(150, 'd');
    std::filesystem::create_directories(deep);
    std::filesystem::current_path(deep);
    const std::string found = PosixProcess::current_directory();
    std::filesystem::current_path(before);
    CHECK(found == deep.string());
}
