// SPDX-License-Identifier: MIT
#pragma once
// What a process asks the system about itself, the time and random numbers.

#if !defined(_WIN32)

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

// The calls of PosixSystem that need no file.
struct PosixProcess {
    // Returns the process's limit on the size of a file (RLIMIT_FSIZE), or the largest number if there is none.
    static std::uint64_t file_size_limit() noexcept {
        struct rlimit limit = {};
        if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return UINT64_MAX;
        return cast_to<std::uint64_t>(limit.rlim_cur);
    }

    // Returns a number that is hard to guess. If the kernel has no randomness, clock and process id still differ.
    static std::uint64_t random() noexcept {
        std::uint64_t value = 0;
        if (::getentropy(&value, sizeof value) == 0) return value;
        const FileTime time = now();
        value = cast_to<std::uint64_t>(time.seconds) * 1'000'000'000 + cast_to<std::uint64_t>(time.nanoseconds);
        value ^= static_cast<std::uint64_t>(::getpid()) << 40U;
        return value * 0x9E3779B97F4A7C15U;
    }

    static FileTime now() noexcept {
        struct timespec now = {};
        (void)::clock_gettime(CLOCK_REALTIME, &now);
        return {cast_to<std::int64_t>(now.tv_sec), cast_to<std::int64_t>(now.tv_nsec)};
    }

    static std::int64_t process_id() noexcept { return ::getpid(); }

    static bool process_is_alive(std::int64_t process) noexcept {
        return ::kill(cast_to<pid_t>(process), 0) == 0 || errno != ESRCH;
    }

    // Returns an empty text, with errno set, if the current directory was removed.
    static std::string current_directory() {
        std::string path(256, '\0');
        while (::getcwd(path.data(), path.size()) == nullptr) {
            if (errno != ERANGE) return {};
            path.resize(path.size() * 2);
        }
        path.resize(std::strlen(path.c_str()));
        return path;
    }
};

}  // namespace curtail::inline v0::detail

#endif
