// SPDX-License-Identifier: MIT
#pragma once
// The system calls by which artifacts are written on Windows: the only header of the library that makes them there.

#if defined(_WIN32)

// <windows.h> with as few names as possible, whatever the program defines before or after it.
#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#define CURTAIL_LEAN
#endif
#if !defined(NOMINMAX)
#define NOMINMAX
#define CURTAIL_NOMINMAX
#endif
#include <windows.h>

#include <io.h>
#if defined(CURTAIL_LEAN)
#undef WIN32_LEAN_AND_MEAN
#undef CURTAIL_LEAN
#endif
#if defined(CURTAIL_NOMINMAX)
#undef NOMINMAX
#undef CURTAIL_NOMINMAX
#endif

#include <fcntl.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/housekeeping/hidden_name.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/windows_calls.hpp>
#include <curtail/core/text/utf16.hpp>

namespace curtail::inline v0::detail {

// What PosixSystem is elsewhere, by Win32. Descriptors are those of the C library, so that they are ints; names and
// paths are UTF-8. A directory is held open, and its files are found behind the path that it has at the moment.
struct WindowsSystem {
    static int open_directory(const char* path) noexcept {
        return guarded([&] {
            const HANDLE dir = ::CreateFileW(full_path(path).c_str(), FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES,
                                             share_all, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
            if (dir == INVALID_HANDLE_VALUE) return failed();
            BY_HANDLE_FILE_INFORMATION about{};
            if (::GetFileInformationByHandle(dir, &about) == 0) return closing(dir);
            if ((about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return descriptor_of(dir, _O_RDONLY);
            ::CloseHandle(dir);
            return fail(ENOTDIR);
        });
    }

    // Creates a directory that only this user may use.
    static int make_directory(const char* path) noexcept {
        return guarded([&] {
            const Access owner_only;
            if (owner_only.get() == nullptr) return failed();
            SECURITY_ATTRIBUTES security{sizeof security, owner_only.get(), FALSE};
            return ::CreateDirectoryW(full_path(path).c_str(), &security) != 0 ? 0 : failed();
        });
    }
    // Removes an empty one.
    static int remove_directory(int dir, const char* name) noexcept {
        return guarded([&] { return ::RemoveDirectoryW(at(dir, name).c_str()) != 0 ? 0 : failed(); });
    }

    // Creates a file that Windows removes with its last handle, so that even a killed process leaves nothing. It has a
    // name all the same, a hidden one. Windows 10 1709 and NTFS can keep it later; Naming tries that first.
    static int open_unnamed(int dir) noexcept {
        return guarded([&] {
            // Of the form that housekeeping knows, if the process is killed when it is kept and not yet named.
            WindowsSystem system;
            const std::string name = new_hidden_name(system, "predictions_unnamed", ".tmp");
            return create(dir, name.c_str(), FILE_FLAG_DELETE_ON_CLOSE);
        });
    }

    static int open_exclusive(int dir, const char* name) noexcept {
        return guarded([&] { return create(dir, name, 0); });
    }

    // Opens a file that exists, and no link.
    static int open_to_read(int dir, const char* name) noexcept {
        return guarded([&] { return open_existing(dir, name, GENERIC_READ, _O_RDONLY); });
    }
    static int open_to_lock(int dir, const char* name) noexcept {
        return guarded([&] { return open_existing(dir, name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, _O_WRONLY); });
    }

    // Describes what has the name. A link is not followed.
    static int look_up(int dir, const char* name, FileEntry& entry) noexcept {
        return guarded([&] {
            constexpr std::size_t longest_name = 255;  // of which some file systems say that it is not there
            if (to_utf16<wchar_t>(name).size() > longest_name) return fail(ENAMETOOLONG);
            const HANDLE file = open_handle(dir, name, FILE_READ_ATTRIBUTES);
            if (file == INVALID_HANDLE_VALUE) return failed();
            const int done = describe_handle(file, entry);
            ::CloseHandle(file);
            return done;
        });
    }
    static int describe(int file, FileEntry& entry) noexcept { return describe_handle(handle(file), entry); }

    // Fails where a rename could not replace `name`: another user's file, or one that a program holds.
    static int check_replaceable(int dir, const char* name) noexcept {
        return guarded([&] {
            const HANDLE file = open_handle(dir, name, DELETE);
            if (file == INVALID_HANDLE_VALUE) return failed();
            ::CloseHandle(file);
            return 0;
        });
    }

    // Takes the lock of an open file, beyond its last byte, so that it hinders no reader. A directory has none.
    static int lock(int descriptor, int wait_ms) noexcept {
        return lock_as(LOCKFILE_EXCLUSIVE_LOCK, descriptor, wait_ms);
    }
    // Takes a shared lock, which any number of openings have at once, while none has the exclusive one.
    static int lock_shared(int descriptor, int wait_ms) noexcept { return lock_as(0, descriptor, wait_ms); }
    static int unlock(int descriptor) noexcept {
        OVERLAPPED at = lock_position();
        return ::UnlockFileEx(handle(descriptor), 0, 1, 0, &at) != 0 ? 0 : failed();
    }

    static std::ptrdiff_t read(int file, char* bytes, std::size_t size) noexcept {
        DWORD done = 0;
        if (::ReadFile(handle(file), bytes, at_once(size), &done, nullptr) == 0) return failed();
        return static_cast<std::ptrdiff_t>(done);
    }
    static std::ptrdiff_t read_at(int file, char* bytes, std::size_t size, std::uint64_t offset) noexcept {
        OVERLAPPED at{};
        at.Offset = static_cast<DWORD>(offset & 0xFFFFFFFFU);
        at.OffsetHigh = static_cast<DWORD>(offset >> 32U);
        DWORD done = 0;
        if (::ReadFile(handle(file), bytes, at_once(size), &done, &at) != 0) return static_cast<std::ptrdiff_t>(done);
        return ::GetLastError() == ERROR_HANDLE_EOF ? 0 : failed();
    }
    static std::ptrdiff_t write(int file, const char* bytes, std::size_t size) noexcept {
        DWORD done = 0;
        if (::WriteFile(handle(file), bytes, at_once(size), &done, nullptr) == 0) return failed();
        return static_cast<std::ptrdiff_t>(done);
    }

    // Windows copies whole files only.
    static std::ptrdiff_t copy(int, int, std::size_t) noexcept { return fail(ENOSYS); }

    // Allocates clusters without changing the file's size.
    static int reserve(int file, std::uint64_t bytes) noexcept {
        FILE_ALLOCATION_INFO info{};
        info.AllocationSize.QuadPart = static_cast<LONGLONG>(bytes);
        return ::SetFileInformationByHandle(handle(file), FileAllocationInfo, &info, sizeof info) != 0 ? 0 : failed();
    }
    static int truncate(int file, std::uint64_t bytes) noexcept {
        FILE_END_OF_FILE_INFO info{};
        info.EndOfFile.QuadPart = static_cast<LONGLONG>(bytes);
        return ::SetFileInformationByHandle(handle(file), FileEndOfFileInfo, &info, sizeof info) != 0 ? 0 : failed();
    }

    // Fails for a mode in which the group may do what others may not: on Windows a file has no group.
    static int check_mode(unsigned mode) noexcept { return (mode >> 3U & 7U & ~mode) != 0 ? fail(ENOTSUP) : 0; }

    // Lets the owner do everything and, by the bits for others, everybody read or write.
    static int set_mode(int file, unsigned mode) noexcept {
        if (check_mode(mode) != 0) return -1;
        return guarded([&] {
            constexpr const wchar_t* others[] = {L"", L"(A;;FW;;;WD)", L"(A;;FR;;;WD)", L"(A;;FRFW;;;WD)"};
            const Access access(others[mode >> 1U & 3U]);
            if (access.get() == nullptr) return failed();
            return ::SetKernelObjectSecurity(handle(file), DACL_SECURITY_INFORMATION, access.get()) != 0 ? 0 : failed();
        });
    }

    static int start_writeback(int, std::uint64_t, std::uint64_t) noexcept { return fail(ENOSYS); }
    static int start_sync(int, SyncQueue&) noexcept { return fail(ENOSYS); }
    static int end_sync(SyncQueue&, bool) noexcept { return fail(ENOSYS); }
    static void close_queue(SyncQueue&) noexcept {}
    static int sync_early(int file) noexcept { return sync_all(file); }
    static int sync_data(int file) noexcept { return sync_all(file); }
    static int sync_all(int file) noexcept { return ::FlushFileBuffers(handle(file)) != 0 ? 0 : failed(); }
    // Win32 has no such call. MoveFileExW waits for the disk here; a name that a handle was given is in the journal of
    // NTFS, which keeps the order of what it writes.
    static int sync_directory(int) noexcept { return fail(ENOSYS); }

    // Closes the descriptor even if it fails.
    static int close(int descriptor) noexcept { return ::_close(descriptor); }

    // Keeps a file of open_unnamed() and gives it its name. Fails with EEXIST if the name is taken.
    static int link_unnamed(int file, int dir, const char* name) noexcept {
        return guarded([&] {
            if (!delete_on_close(handle(file), false)) return fail(ENOSYS);
            if (rename_handle(handle(file), at(dir, name), 0)) return 0;
            const int done = failed();
            static_cast<void>(delete_on_close(handle(file), true));
            return done;
        });
    }
    static int link(int dir, const char* from, const char* to) noexcept {
        return guarded(
            [&] { return ::CreateHardLinkW(at(dir, to).c_str(), at(dir, from).c_str(), nullptr) != 0 ? 0 : failed(); });
    }

    // Replaces `to`, also while somebody reads it, where the file system can. Programs that search a new file for
    // viruses hold it for a moment, so it is tried for half a second.
    static int rename(int dir, const char* from, const char* to) noexcept {
        return guarded([&] {
            for (int attempt = 0;; ++attempt) {
                if (replace(dir, from, to)) return 0;
                const DWORD error = ::GetLastError();
                const bool held = error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED;
                if (!held) return failed();
                // For a file that is held and for one that is protected the system says the same.
                if (attempt == 10) return check_replaceable(dir, to) < 0 ? -1 : fail(EBUSY);
                ::Sleep(50);
            }
        });
    }

    // Renames, but fails with EEXIST if `to` is taken.
    static int rename_exclusive(int dir, const char* from, const char* to) noexcept {
        return guarded([&] {
            const std::wstring source = at(dir, from);
            const std::wstring target = at(dir, to);
            for (int attempt = 0;; ++attempt) {
                if (::MoveFileExW(source.c_str(), target.c_str(), MOVEFILE_WRITE_THROUGH) != 0) return 0;
                if (::GetLastError() != ERROR_SHARING_VIOLATION || attempt == 10) return failed();
                ::Sleep(50);
            }
        });
    }

    static int remove(int dir, const char* name) noexcept {
        return guarded([&] { return ::DeleteFileW(at(dir, name).c_str()) != 0 ? 0 : failed(); });
    }

    // Sets `bytes` to what this user can still write to the volume of `dir`.
    static int free_bytes(int dir, std::uint64_t& bytes) noexcept {
        return guarded([&] {
            ULARGE_INTEGER available{};
            if (::GetDiskFreeSpaceExW(path_of(dir).c_str(), &available, nullptr, nullptr) == 0) return failed();
            bytes = available.QuadPart;
            return 0;
        });
    }
    static std::uint64_t file_size_limit() noexcept { return UINT64_MAX; }

    // Returns a number that is hard to guess.
    static std::uint64_t random() noexcept {
        try {
            std::random_device device;
            return std::uint64_t{device()} << 32U | device();
        } catch (...) {
            LARGE_INTEGER count{};
            ::QueryPerformanceCounter(&count);
            return (static_cast<std::uint64_t>(count.QuadPart) ^ std::uint64_t{::GetCurrentProcessId()} << 40U) *
                   0x9E37'79B9'7F4A'7C15U;
        }
    }

    static FileTime now() noexcept {
        FILETIME time{};
        ::GetSystemTimeAsFileTime(&time);
        return time_of(time);
    }
    static std::int64_t process_id() noexcept { return std::int64_t{::GetCurrentProcessId()}; }
    static bool process_is_alive(std::int64_t process) noexcept {
        const HANDLE found = ::OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(process));
        if (found == nullptr) return ::GetLastError() != ERROR_INVALID_PARAMETER;
        const bool alive = ::WaitForSingleObject(found, 0) == WAIT_TIMEOUT;
        ::CloseHandle(found);
        return alive;
    }

    // Appends the names in `dir`, in any order.
    static int list(int dir, std::vector<std::string>& names) {
        WIN32_FIND_DATAW found{};
        HANDLE search = INVALID_HANDLE_VALUE;
        const int begun = guarded([&] {
            search = ::FindFirstFileW((path_of(dir) + L"\\*").c_str(), &found);
            return search != INVALID_HANDLE_VALUE ? 0 : failed();
        });
        if (begun != 0) return begun;
        const FindClosing closing{search};
        do names.push_back(from_utf16(std::wstring_view(found.cFileName)));
        while (::FindNextFileW(search, &found) != 0);
        return ::GetLastError() == ERROR_NO_MORE_FILES ? 0 : failed();
    }

    // Returns an empty text, with errno set, if it cannot be found.
    static std::string current_directory() {
        std::wstring path(::GetCurrentDirectoryW(0, nullptr), L'\0');
        path.resize(::GetCurrentDirectoryW(static_cast<DWORD>(path.size()), path.data()));
        if (path.empty()) static_cast<void>(failed());
        return from_utf16(std::wstring_view(path));
    }
};

}  // namespace curtail::inline v0::detail

#endif
