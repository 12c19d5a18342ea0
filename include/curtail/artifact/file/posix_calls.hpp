// SPDX-License-Identifier: MIT
#pragma once
// What PosixSystem is made of. Included by it alone.

#if !defined(_WIN32)

#include <dirent.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include <cerrno>
#include <cstdint>

#include <curtail/artifact/file/file_entry.hpp>
#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] inline FileEntry entry_of(const struct stat& status) noexcept {
#if defined(__APPLE__)
    const struct timespec& modified = status.st_mtimespec;
#else
    const struct timespec& modified = status.st_mtim;
#endif
    return {S_ISREG(status.st_mode),
            S_ISDIR(status.st_mode),
            cast_to<unsigned>(status.st_mode & 0777U),
            cast_to<std::uint64_t>(status.st_size),
            {cast_to<std::int64_t>(modified.tv_sec), cast_to<std::int64_t>(modified.tv_nsec)},
            cast_to<std::uint64_t>(status.st_dev),
            cast_to<std::uint64_t>(status.st_ino)};
}

// The name by which an open file without a name is found.
struct DescriptorPath {
    explicit DescriptorPath(int file) noexcept {
        static_cast<void>(::snprintf(text, sizeof text, "/proc/self/fd/%d", file));
    }
    char text[32];
};

struct ListClosing {
    DIR* stream;
    ~ListClosing() { ::closedir(stream); }
};

// Takes a lock of flock(), and tries again each millisecond while another opening has it.
inline int lock_as(int operation, int descriptor, int wait_ms) noexcept {
    for (int waited = 0;; ++waited) {
        if (::flock(descriptor, operation | LOCK_NB) == 0) return 0;
        if (errno != EWOULDBLOCK || waited >= wait_ms) return -1;
        const struct timespec pause = {0, 1'000'000};
        ::nanosleep(&pause, nullptr);
    }
}

}  // namespace curtail::inline v0::detail

#endif
