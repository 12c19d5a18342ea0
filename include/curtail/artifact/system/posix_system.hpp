// SPDX-License-Identifier: MIT
#pragma once
// The system calls by which artifacts are written. With posix_process.hpp and kernel_sync.hpp, this is all of the
// library that makes them.

#if !defined(_WIN32)

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/kernel_sync.hpp>
#include <curtail/artifact/system/posix_process.hpp>
#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

// With 32-bit offsets a program finds no artifact above 2 GiB.
static_assert(sizeof(off_t) == 8, "curtail needs files of more than 2 GiB: compile with -D_FILE_OFFSET_BITS=64");

// The system calls of publishing and housekeeping. An int or a signed size of -1 means failure with errno set, as for
// the call itself. What a system does not have fails with ENOSYS. Tests use types with the same members that fail on
// command.
struct PosixSystem : PosixProcess, KernelSync {
    // Opens a directory to work in. One that may be used but not read, such as a drop box, can do all but list().
    static int open_directory(const char* path) noexcept {
        const int dir = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (dir >= 0 || errno != EACCES) return dir;
#if defined(O_PATH)
        return ::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
#elif defined(O_SEARCH)
        return ::open(path, O_SEARCH | O_DIRECTORY | O_CLOEXEC);
#else
        return -1;
#endif
    }

    // Creates a directory that only its owner may use.
    static int make_directory(const char* path) noexcept {
        return ::mkdir(path, 0700);
    }

    // Removes an empty one.
    static int remove_directory(int dir, const char* name) noexcept {
        return ::unlinkat(dir, name, AT_REMOVEDIR);
    }

    // Opens a file without a name in `dir`. The kernel removes it with its last descriptor, so even kill -9 leaves
    // nothing. Fails unless link_unnamed() can name it later, which needs /proc.
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

    // Opens a file that exists. Never waits, whatever kind of file it is, and follows no link.
    static int open_to_read(int dir, const char* name) noexcept {
        return ::openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    }

    static int open_to_lock(int dir, const char* name) noexcept {
        return ::openat(dir, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    }

    // Describes what has the name. A symbolic link is not followed.
    static int look_up(int dir, const char* name, FileEntry& entry) noexcept {
        struct stat status = {};
        if (::fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return -1;
        entry = entry_of(status);
        return 0;
    }

    // Describes an open file.
    static int describe(int file, FileEntry& entry) noexcept {
        struct stat status = {};
        if (::fstat(file, &status) != 0) return -1;
        entry = entry_of(status);
        return 0;
    }

    // Fails with EPERM where a rename could not replace `name`: another user's file in a directory such as /tmp.
    static int check_replaceable(int dir, const char* name) noexcept {
        struct stat file = {};
        struct stat parent = {};
        const uid_t user = ::geteuid();
        if (user == 0 || ::fstat(dir, &parent) != 0 || (parent.st_mode & S_ISVTX) == 0 || parent.st_uid == user)
            return 0;
        if (::fstatat(dir, name, &file, AT_SYMLINK_NOFOLLOW) != 0 || file.st_uid == user) return 0;
        errno = EPERM;
        return -1;
    }

    // Takes the lock of an open file or directory, which every opening of it shares, until unlock() or close(). Fails
    // with EWOULDBLOCK if another opening, of any process, still has it after `wait_ms`.
    static int lock(int descriptor, int wait_ms) noexcept {
        return lock_as(LOCK_EX, descriptor, wait_ms);
    }

    // Does the same for a lock that any number of openings can share, as long as none has the lock above.
    static int lock_shared(int descriptor, int wait_ms) noexcept {
        return lock_as(LOCK_SH, descriptor, wait_ms);
    }

    static int unlock(int descriptor) noexcept {
        return ::flock(descriptor, LOCK_UN);
    }

    static std::ptrdiff_t read(int file, char* bytes, std::size_t size) noexcept {
        return ::read(file, bytes, size);
    }

    static std::ptrdiff_t read_at(int file, char* bytes, std::size_t size, std::uint64_t offset) noexcept {
        return ::pread(file, bytes, size, cast_to<off_t>(offset));
    }

    static std::ptrdiff_t write(int file, const char* bytes, std::size_t size) noexcept {
        return ::write(file, bytes, size);
    }

    // Copies from where `from` stands to where `to` stands, inside of the kernel. Returns how many bytes; 0 at the end.
    static std::ptrdiff_t copy([[maybe_unused]] int from, [[maybe_unused]] int to, [[maybe_unused]] std::size_t size) {
#if defined(__linux__) && defined(SYS_copy_file_range)
        return cast_to<std::ptrdiff_t>(::syscall(SYS_copy_file_range, from, nullptr, to, nullptr, size, 0U));
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    // Allocates blocks without changing the file's size.
    static int reserve([[maybe_unused]] int file, [[maybe_unused]] std::uint64_t bytes) noexcept {
#if defined(__linux__) && defined(FALLOC_FL_KEEP_SIZE)
        return ::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, cast_to<off_t>(bytes));
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    static int truncate(int file, std::uint64_t bytes) noexcept {
        return ::ftruncate(file, cast_to<off_t>(bytes));
    }

    // Fails for a mode that no file can have here. There is none.
    static int check_mode(unsigned) noexcept {
        return 0;
    }

    static int set_mode(int file, unsigned mode) noexcept {
        return ::fchmod(file, cast_to<mode_t>(mode));
    }

    // Starts writing a range to the disk and does not wait for it.
    static int start_writeback([[maybe_unused]] int file, [[maybe_unused]] std::uint64_t offset,
                               [[maybe_unused]] std::uint64_t bytes) noexcept {
#if defined(__linux__) && defined(SYNC_FILE_RANGE_WRITE)
        return ::sync_file_range(file, cast_to<off_t>(offset), cast_to<off_t>(bytes), SYNC_FILE_RANGE_WRITE);
#else
        errno = ENOSYS;
        return -1;
#endif
    }

    // Brings the bytes written so far to the device, of whose cache a later sync makes sure.
    static int sync_early(int file) noexcept {
#if defined(__APPLE__)
        return ::fsync(file);  // sync_data() would empty the device's cache each time
#else
        return sync_data(file);
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
        // There, fsync leaves the bytes in the drive's cache. A file system without F_FULLFSYNC refuses at once.
        const int done = ::fcntl(file, F_FULLFSYNC);
        if (done == 0 || (errno != ENOTSUP && errno != EINVAL)) return done;
#endif
        return ::fsync(file);
    }

    // Puts the names in `dir` on the disk.
    static int sync_directory(int dir) noexcept {
        if (sync_all(dir) == 0) return 0;
        if (errno != EBADF && errno != EINVAL && errno != EACCES && errno != EPERM) return -1;
            // It may not be read, or cannot be synced by itself: syncs its whole file system.
#if defined(__linux__)
        const int file = open_unnamed(dir);
        if (file >= 0) {
            const int done = ::syncfs(file);
            ::close(file);
            return done;
        }
#endif
        ::sync();
        return 0;
    }

    // Closes the descriptor even if it fails. Never call it twice: it could close another thread's file.
    static int close(int descriptor) noexcept {
        return ::close(descriptor);
    }

    // Gives an unnamed file its name. Fails with EEXIST if the name is taken, also by a symbolic link.
    static int link_unnamed(int file, int dir, const char* name) noexcept {
        return ::linkat(AT_FDCWD, DescriptorPath(file).text, dir, name, AT_SYMLINK_FOLLOW);
    }

    static int link(int dir, const char* from, const char* to) noexcept {
        return ::linkat(dir, from, dir, to, 0);
    }

    static int rename(int dir, const char* from, const char* to) noexcept {
        return ::renameat(dir, from, dir, to);
    }

    // Renames, but fails with EEXIST if `to` is taken.
    static int rename_exclusive([[maybe_unused]] int dir, [[maybe_unused]] const char* from,
                                [[maybe_unused]] const char* to) noexcept {
#if defined(__linux__) && defined(SYS_renameat2)
        constexpr unsigned no_replace = 1;  // RENAME_NOREPLACE; older C libraries have no wrapper
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

    // Sets `bytes` to what an ordinary user can still write to the file system of `dir`.
    static int free_bytes(int dir, std::uint64_t& bytes) noexcept {
        struct statvfs status = {};
        if (::fstatvfs(dir, &status) != 0) return -1;
        bytes = cast_to<std::uint64_t>(status.f_bavail) * cast_to<std::uint64_t>(status.f_frsize);
        return 0;
    }

    // Appends the names in `dir`, in any order.
    static int list(int dir, std::vector<std::string>& names) {
        const int copy = ::openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (copy < 0) return -1;
        DIR* const stream = ::fdopendir(copy);
        if (stream == nullptr) {
            ::close(copy);
            return -1;
        }
        const std::unique_ptr<DIR, int (*)(DIR*)> closing(stream, &::closedir);
        for (;;) {
            errno = 0;
            const struct dirent* const item = ::readdir(stream);
            if (item == nullptr) return errno == 0 ? 0 : -1;
            names.emplace_back(item->d_name);
        }
    }

  private:
    static FileEntry entry_of(const struct stat& status) noexcept {
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
                cast_to<std::uint64_t>(status.st_ino),
                !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && !S_ISLNK(status.st_mode)};
    }

    struct DescriptorPath {
        explicit DescriptorPath(int file) noexcept {
            static_cast<void>(::snprintf(text, sizeof text, "/proc/self/fd/%d", file));
        }
        char text[32];
    };

    // Takes a lock of flock(), and tries again each millisecond while another opening has it.
    static int lock_as(int operation, int descriptor, int wait_ms) noexcept {
        for (int waited = 0;; ++waited) {
            if (::flock(descriptor, operation | LOCK_NB) == 0) return 0;
            if (errno != EWOULDBLOCK || waited >= wait_ms) return -1;
            const struct timespec pause = {0, 1'000'000};
            ::nanosleep(&pause, nullptr);
        }
    }
};

}  // namespace curtail::inline v0::detail

#endif
