// SPDX-License-Identifier: MIT
#pragma once
// The one place through which artifacts reach the operating system, and what its failures mean to a person.

#if !__has_include(<unistd.h>)
#error "curtail writes local files by POSIX calls; on this system give CsvSink an Output of your own"
#endif

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#elif defined(__APPLE__)
#include <sys/random.h>
#endif

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Every system call that publishing and housekeeping make. Where the result is an int or a signed size, -1 means
// failure with errno set, as the call itself has it; what a system lacks fails with ENOSYS. A test hands
// BasicAtomicFile a type with the same members that fails on command.
struct PosixSystem {
    // What a name in a directory stands for; a symbolic link is itself, never what it points to.
    struct Entry {
        bool regular = false;
        bool directory = false;
        std::uint64_t bytes = 0;
        std::int64_t modified_ns = 0;  // since 1970
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
    };

    static int open_directory(const char* path) noexcept { return ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

    // A file without a name in `dir`: the kernel removes it with its last descriptor, so that even kill -9 leaves
    // nothing. Only given out when link_unnamed() can name it later, which takes /proc.
    static int open_unnamed([[maybe_unused]] int dir) noexcept {
#if defined(O_TMPFILE)
        const int file = ::openat(dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
        if (file < 0) return -1;
        if (::access(DescriptorPath(file).text, F_OK) == 0) return file;
        ::close(file);
#endif
        errno = ENOSYS;
        return -1;
    }

    static int open_exclusive(int dir, const char* name) noexcept {
        return ::openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    }

    static int look_up(int dir, const char* name, Entry& entry) noexcept {
        struct stat status = {};
        if (::fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return -1;
#if defined(__APPLE__)
        const struct timespec& modified = status.st_mtimespec;
#else
        const struct timespec& modified = status.st_mtim;
#endif
        entry.regular = S_ISREG(status.st_mode);
        entry.directory = S_ISDIR(status.st_mode);
        entry.bytes = static_cast<std::uint64_t>(status.st_size);
        entry.modified_ns = static_cast<std::int64_t>(modified.tv_sec) * 1'000'000'000 + modified.tv_nsec;
        entry.device = static_cast<std::uint64_t>(status.st_dev);
        entry.inode = static_cast<std::uint64_t>(status.st_ino);
        return 0;
    }

    static std::ptrdiff_t write(int file, const char* bytes, std::size_t size) noexcept {
        return ::write(file, bytes, size);
    }

    // Sets blocks aside without growing the file.
    static int reserve([[maybe_unused]] int file, [[maybe_unused]] std::uint64_t bytes) noexcept {
#if defined(__linux__) && defined(FALLOC_FL_KEEP_SIZE)
        return ::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes));
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    static int truncate(int file, std::uint64_t bytes) noexcept {
        return ::ftruncate(file, static_cast<off_t>(bytes));
    }

    static int set_mode(int file, unsigned mode) noexcept {
        return ::fchmod(file, static_cast<mode_t>(mode));
    }

    // Asks the kernel to begin writing a range to the disk, and does not wait for it.
    static int start_writeback([[maybe_unused]] int file, [[maybe_unused]] std::uint64_t offset,
                               [[maybe_unused]] std::uint64_t bytes) noexcept {
#if defined(__linux__) && defined(SYNC_FILE_RANGE_WRITE)
        return ::sync_file_range(file, static_cast<off_t>(offset), static_cast<off_t>(bytes), SYNC_FILE_RANGE_WRITE);
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    static int sync_data(int file) noexcept {
#if defined(__APPLE__)
        return sync_all(file);
#else
        return ::fdatasync(file);
#endif
    }

    static int sync_all(int file) noexcept {
#if defined(__APPLE__) && defined(F_FULLFSYNC)
        // fsync leaves the bytes in the drive's cache there; a file system without F_FULLFSYNC refuses it untried.
        const int done = ::fcntl(file, F_FULLFSYNC);
        if (done == 0 || (errno != ENOTSUP && errno != EINVAL)) return done;
#endif
        return ::fsync(file);
    }

    static int sync_directory(int dir) noexcept {
        return ::fsync(dir);
    }

    // Whatever it returns, the descriptor is gone: a second close could hit another thread's file.
    static int close(int descriptor) noexcept {
        return ::close(descriptor);
    }

    // Gives an unnamed file its name; EEXIST when the name is taken, by a symbolic link too.
    static int link_unnamed(int file, int dir, const char* name) noexcept {
        return ::linkat(AT_FDCWD, DescriptorPath(file).text, dir, name, AT_SYMLINK_FOLLOW);
    }

    static int link(int dir, const char* from, const char* to) noexcept {
        return ::linkat(dir, from, dir, to, 0);
    }

    static int rename(int dir, const char* from, const char* to) noexcept {
        return ::renameat(dir, from, dir, to);
    }

    // rename() that fails with EEXIST when `to` is taken.
    static int rename_exclusive([[maybe_unused]] int dir, [[maybe_unused]] const char* from,
                                [[maybe_unused]] const char* to) noexcept {
#if defined(__linux__) && defined(SYS_renameat2)
        constexpr unsigned no_replace = 1;  // RENAME_NOREPLACE; the wrapper is missing from older C libraries
        return static_cast<int>(::syscall(SYS_renameat2, dir, from, dir, to, no_replace));
#elif defined(__APPLE__) && defined(RENAME_EXCL)
        return ::renameatx_np(dir, from, dir, to, RENAME_EXCL);
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    static int remove(int dir, const char* name) noexcept {
        return ::unlinkat(dir, name, 0);
    }

    // Bytes that an ordinary user can still write to the file system of `dir`.
    static int free_bytes(int dir, std::uint64_t& bytes) noexcept {
        struct statvfs status = {};
        if (::fstatvfs(dir, &status) != 0) return -1;
        bytes = static_cast<std::uint64_t>(status.f_bavail) * static_cast<std::uint64_t>(status.f_frsize);
        return 0;
    }

    // The process's limit on the size of a file (RLIMIT_FSIZE); the largest number when there is none.
    static std::uint64_t file_size_limit() noexcept {
        struct rlimit limit = {};
        if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return UINT64_MAX;
        return static_cast<std::uint64_t>(limit.rlim_cur);
    }

    // Hard to guess. Where the kernel has no randomness to give, clock and process still differ from run to run.
    static std::uint64_t random() noexcept {
        std::uint64_t value = 0;
        if (::getentropy(&value, sizeof value) == 0) return value;
        value = static_cast<std::uint64_t>(now_ns()) ^ (static_cast<std::uint64_t>(::getpid()) << 40U);
        return value * 0x9E3779B97F4A7C15U;
    }

    static std::int64_t now_ns() noexcept {
        struct timespec now = {};
        ::clock_gettime(CLOCK_REALTIME, &now);
        return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
    }

    static std::int64_t process_id() noexcept {
        return ::getpid();
    }

    static bool process_is_alive(std::int64_t process) noexcept {
        return ::kill(static_cast<pid_t>(process), 0) == 0 || errno != ESRCH;
    }

    // Appends the names in `dir`, in no order.
    static int list(int dir, std::vector<std::string>& names) {
        const int copy = ::openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (copy < 0) return -1;
        DIR* const stream = ::fdopendir(copy);
        if (stream == nullptr) {
            ::close(copy);
            return -1;
        }
        const Closing closing{stream};
        for (;;) {
            errno = 0;
            const struct dirent* const item = ::readdir(stream);
            if (item == nullptr) return errno == 0 ? 0 : -1;
            names.emplace_back(item->d_name);
        }
    }

    // Empty, with errno set, when the current directory is gone.
    static std::string current_directory() {
        std::string path(256, '\0');
        while (::getcwd(path.data(), path.size()) == nullptr) {
            if (errno != ERANGE) return {};
            path.resize(path.size() * 2);
        }
        path.resize(std::strlen(path.c_str()));
        return path;
    }

  private:
    struct DescriptorPath {
        explicit DescriptorPath(int file) noexcept {
            static_cast<void>(::snprintf(text, sizeof text, "/proc/self/fd/%d", file));
        }
        char text[32];
    };

    struct Closing {
        DIR* stream;
        ~Closing() { ::closedir(stream); }
    };
};

// A system call again when a signal cut it short. Not for sync, close, link and rename: what those did is unknown.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

inline bool is_unsupported(int error) noexcept {
    return error == ENOSYS || error == EINVAL || error == ENOTSUP || error == EOPNOTSUPP;
}

inline ErrorCode artifact_error_code(int error) noexcept {
    switch (error) {
        case EEXIST: return ErrorCode::artifact_exists;
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return ErrorCode::no_space;
        case EACCES:
        case EPERM:
        case EROFS: return ErrorCode::no_permission;
        case ENOENT:
        case ENOTDIR: return ErrorCode::no_directory;
        default: return ErrorCode::io_failed;
    }
}

inline std::string_view artifact_cure(ErrorCode code, int error) noexcept {
    switch (code) {
        case ErrorCode::artifact_exists: return "Use another job id, remove the file, or set on_exists to replace";
        case ErrorCode::no_space:
            return error == EFBIG ? "Raise the file size limit (ulimit -f)" : "Free space there or raise the quota";
        case ErrorCode::no_permission: return "Let this user write to the directory, or choose another";
        case ErrorCode::no_directory: return "Create the directory, or choose another";
        default: break;
    }
    switch (error) {
        case EMFILE:
        case ENFILE: return "Raise the limit on open files (ulimit -n)";
        case ENAMETOOLONG: return "Use a shorter path";
        case EISDIR: return "Move the directory of that name away";
        case ENOTSUP: return "Set on_exists to replace, or choose a directory on another file system";
        default: return "Check the disk or the network share, then run the job again";
    }
}

// The error of one failed call; `error` is its errno, and 0 where the call failed without one.
inline ArtifactError artifact_failure(std::string path, std::string_view operation, int error,
                                      std::string_view outcome) {
    const ErrorCode code = artifact_error_code(error);
    std::string text(operation);
    text += ": ";
    text += error != 0 ? std::strerror(error) : "the system took no bytes and gave no reason";
    text += ". ";
    text += artifact_cure(code, error);
    text += "; ";
    text += outcome;
    return {code, text, std::move(path), std::string(operation), error};
}

}  // namespace curtail::inline v0::detail
