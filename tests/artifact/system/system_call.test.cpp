// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/system_call.hpp>

#include <cerrno>
#include <stdexcept>
#include <vector>

#include "catch.hpp"

namespace {

struct System {
    std::vector<int> closed;

    int close(int descriptor) {
        closed.push_back(descriptor);
        errno = EINTR;
        return -1;
    }
};

}  // namespace

TEST_CASE("uninterrupted: repeats a call that a signal interrupted, and no other", "[artifact]") {
    int calls = 0;
    const auto after_signals = [&] {
        errno = EINTR;
        return ++calls < 4 ? -1 : 7;
    };
    CHECK(curtail::detail::uninterrupted(after_signals) == 7);
    CHECK(calls == 4);
    const auto failing = [&] {
        ++calls;
        errno = EIO;
        return -1;
    };
    CHECK(curtail::detail::uninterrupted(failing) == -1);
    CHECK(calls == 5);
}

TEST_CASE("Closing: closes once, also after an exception", "[artifact]") {
    System system;
    try {
        const curtail::detail::Closing closing(system, 5);
        throw std::runtime_error("out of memory");
    } catch (const std::runtime_error&) {
    }
    CHECK(system.closed == std::vector<int>{5});
}

TEST_CASE("Closing: closes nothing that is not open", "[artifact]") {
    System system;
    { const curtail::detail::Closing closing(system, -1); }
    CHECK(system.closed.empty());
}

TEST_CASE("Closing: keeps the errno of the call that failed before", "[artifact]") {
    System system;
    {
        const curtail::detail::Closing closing(system, 5);
        errno = EIO;
    }
    CHECK(errno == EIO);
}
