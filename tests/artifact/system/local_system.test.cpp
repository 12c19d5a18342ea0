// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/local_system.hpp>

#if defined(_WIN32)
#include <process.h>
#else
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "catch.hpp"

#if defined(_WIN32)
TEST_CASE("current_process: is this process", "[artifact]") {
    CHECK(curtail::detail::current_process() == ::_getpid());
}
#else
TEST_CASE("current_process: is another in a forked child", "[artifact]") {
    const auto parent = curtail::detail::current_process();
    CHECK(parent == ::getpid());
    const pid_t child = ::fork();
    if (child == 0) ::_exit(curtail::detail::current_process() != parent ? 0 : 1);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
}
#endif
