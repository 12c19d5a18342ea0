// SPDX-License-Identifier: MIT
#pragma once
// Runs a part of a test in a process of its own, with fewer rights if need be.

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <iostream>
#include <string_view>

// Runs `body` in a process of its own, so that its limits, users and mounts end with it. Returns its exit status.
constexpr int skipped = 250;
inline int in_child(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        int status = 251;
        try {
            status = body();
        } catch (...) {
        }
        ::_exit(status);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

// Permissions do not bind root.
inline bool become_nobody() {
    if (::geteuid() != 0) return true;
    return ::setgroups(0, nullptr) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
}

inline bool skip(std::string_view what) {
    std::cout << "skipped: " << what << '\n';
    return true;
}
