// SPDX-License-Identifier: MIT
#pragma once
// What tests ask of the machine in the terms of its own system: times and modes of files, links, threads, and dead
// processes.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include <curtail/artifact/system/local_system.hpp>

#if defined(_WIN32)
#include <curtail/artifact/system/windows_system.hpp>

#include <tlhelp32.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <curtail/artifact/system/posix_system.hpp>
#if defined(__APPLE__)
#include <mach/mach.h>
#endif
#endif

#if defined(_WIN32)
inline constexpr bool on_windows = true;
#else
inline constexpr bool on_windows = false;
#endif

// Returns true if this program for Windows runs in wine.
inline bool on_wine() {
#if defined(_WIN32)
    return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
#else
    return false;
#endif
}

// Sets when a file was changed, in seconds since 1970. Follows no link. Returns false if that is not possible.
inline bool set_modified(const std::string& path, std::int64_t seconds, int nanoseconds = 0) {
#if defined(_WIN32)
    const auto ticks = static_cast<std::uint64_t>(seconds + 11'644'473'600) * 10'000'000U +
                       static_cast<std::uint64_t>(nanoseconds / 100);  // of 100 ns, since 1601
    const FILETIME time{static_cast<DWORD>(ticks & 0xFFFF'FFFFU), static_cast<DWORD>(ticks >> 32U)};
    const HANDLE file = ::CreateFileW(curtail::detail::full_path(path).c_str(), FILE_WRITE_ATTRIBUTES,
                                      curtail::detail::share_all, nullptr, OPEN_EXISTING, 0, nullptr);
    const bool done = ::SetFileTime(file, nullptr, nullptr, &time) != 0;
    ::CloseHandle(file);
    return done;
#else
    const struct timespec time = {static_cast<time_t>(seconds), nanoseconds};
    const struct timespec times[2] = {time, time};
    return ::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) == 0;
#endif
}

// Returns the permissions of a file. On Windows, where it has a list of those who have access, returns 0600.
inline unsigned mode_of(const std::string& path) {
#if defined(_WIN32)
    return std::filesystem::exists(path) ? 0600 : 0;
#else
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 ? static_cast<unsigned>(status.st_mode & 0777U) : 0;
#endif
}

// Returns false where only an administrator may make a link, or where there are none.
inline bool make_link(const std::string& target, const std::string& path) {
    std::error_code refused;
    std::filesystem::create_symlink(target, path, refused);
    return !refused;
}

// Makes a named pipe. Returns false on Windows, where they are not files.
inline bool make_pipe([[maybe_unused]] const std::string& path) {
#if defined(_WIN32)
    return false;
#else
    return ::mkfifo(path.c_str(), 0600) == 0;
#endif
}

// Returns the id of a process that has ended.
inline std::int64_t dead_process() {
#if defined(_WIN32)
    return 0x7FFF'FFF0;  // larger than any that there is
#else
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    int status = 0;
    ::waitpid(child, &status, 0);
    return child;
#endif
}

// Returns how many threads this process has. On Linux one that has been joined may be listed a moment longer, marked as
// exiting, and is not counted.
inline std::size_t threads_now() {
#if defined(_WIN32)
    const HANDLE all = ::CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 thread{};
    thread.dwSize = sizeof thread;
    std::size_t count = 0;
    for (BOOL more = ::Thread32First(all, &thread); more != 0; more = ::Thread32Next(all, &thread)) {
        if (thread.th32OwnerProcessID == ::GetCurrentProcessId()) ++count;
    }
    ::CloseHandle(all);
    return count;
#elif defined(__APPLE__)
    thread_act_array_t threads = nullptr;
    mach_msg_type_number_t count = 0;
    if (::task_threads(mach_task_self(), &threads, &count) != KERN_SUCCESS) return 0;
    for (mach_msg_type_number_t i = 0; i < count; ++i) ::mach_port_deallocate(mach_task_self(), threads[i]);
    ::vm_deallocate(mach_task_self(), reinterpret_cast<vm_address_t>(threads), count * sizeof threads[0]);
    return count;
#else
    constexpr unsigned long exiting = 4;  // PF_EXITING
    std::size_t count = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file(task.path() / "stat");
        std::string text;
        if (!std::getline(file, text)) continue;  // it has gone
        std::istringstream fields(text.substr(text.rfind(')') + 1));
        std::string other;
        for (int i = 0; i < 6; ++i) fields >> other;  // from the state to the terminal's group
        unsigned long flags = 0;
        fields >> flags;
        if ((flags & exiting) == 0) ++count;
    }
    return count;
#endif
}

// Returns how many files this process has open; on Windows its handles of every kind.
inline std::size_t files_now() {
#if defined(_WIN32)
    DWORD count = 0;
    return ::GetProcessHandleCount(::GetCurrentProcess(), &count) != 0 ? count : 0;
#elif defined(__APPLE__)
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/dev/fd"), {}));
#else
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
#endif
}
