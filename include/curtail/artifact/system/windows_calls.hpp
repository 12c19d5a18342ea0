// SPDX-License-Identifier: MIT
#pragma once
// What WindowsSystem is made of: handles, paths, access, and what errno says of a failure. Included by it alone, behind
// <windows.h>.

#if defined(_WIN32)

#include <windows.h>

#include <io.h>
#include <sddl.h>

#include <fcntl.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/core/text/utf16.hpp>

namespace curtail::inline v0::detail {

inline constexpr DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

// Returns how many of `size` bytes one call moves.
inline DWORD at_once(std::size_t size) noexcept {
    constexpr std::size_t limit = std::size_t{1} << 30U;
    return static_cast<DWORD>(size < limit ? size : limit);
}

inline int fail(int error) noexcept {
    errno = error;
    return -1;
}

// Sets errno by what Windows says of the last call, and returns -1.
inline int failed() noexcept {
    constexpr DWORD quota_exceeded = 1295;
    switch (::GetLastError()) {
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS: return fail(EEXIST);
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
        case quota_exceeded: return fail(ENOSPC);
        case ERROR_FILE_TOO_LARGE: return fail(EFBIG);
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_INVALID_DRIVE:
        case ERROR_BAD_NETPATH:
        case ERROR_BAD_NET_NAME: return fail(ENOENT);
        case ERROR_DIRECTORY: return fail(ENOTDIR);
        case ERROR_SHARING_VIOLATION:
        case ERROR_LOCK_VIOLATION:
        case ERROR_DELETE_PENDING: return fail(EBUSY);
        case ERROR_ACCESS_DENIED: return fail(EACCES);
        case ERROR_PRIVILEGE_NOT_HELD: return fail(EPERM);
        case ERROR_WRITE_PROTECT: return fail(EROFS);
        case ERROR_TOO_MANY_OPEN_FILES: return fail(EMFILE);
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY: return fail(ENOMEM);
        case ERROR_FILENAME_EXCED_RANGE: return fail(ENAMETOOLONG);
        case ERROR_TOO_MANY_LINKS: return fail(EMLINK);
        case ERROR_INVALID_NAME:
        case ERROR_BAD_PATHNAME: return fail(EINVAL);
        case ERROR_NOT_SUPPORTED:
        case ERROR_INVALID_FUNCTION:
        case ERROR_INVALID_PARAMETER:
        case ERROR_CALL_NOT_IMPLEMENTED: return fail(ENOSYS);
        default: return fail(EIO);
    }
}

// Windows did not say where an open directory is. Its files must not be looked for elsewhere.
struct NoPath {};

// Makes a call that may fail while it puts a path together.
template <class Call>
int guarded(Call call) noexcept {
    try {
        return call();
    } catch (const NoPath&) {
        return failed();
    } catch (...) {
        return fail(ENOMEM);
    }
}

// Memory that Windows allocated.
class LocalMemory {
  public:
    explicit LocalMemory(void* memory) noexcept : memory_(memory) {}
    LocalMemory(const LocalMemory&) = delete;
    LocalMemory& operator=(const LocalMemory&) = delete;
    ~LocalMemory() { ::LocalFree(memory_); }

  private:
    void* memory_;
};

// Returns the user as whom this process runs, as text; empty if Windows does not say.
inline std::wstring user_sid() {
    HANDLE token = nullptr;
    if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0) return {};
    alignas(TOKEN_USER) unsigned char buffer[256];
    DWORD size = 0;
    const bool known = ::GetTokenInformation(token, TokenUser, buffer, sizeof buffer, &size) != 0;
    ::CloseHandle(token);
    wchar_t* text = nullptr;
    if (!known || ::ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER*>(buffer)->User.Sid, &text) == 0) return {};
    const LocalMemory owned(text);
    return text;
}

// A list of who has access: this user, and others as the list for them says. Nothing is inherited.
class Access {
  public:
    explicit Access(const wchar_t* others = L"") {
        // The file of an administrator belongs to all of them, so that the user is named and not "the owner".
        const std::wstring list = L"D:P(A;;FA;;;" + user_sid() + L")" + others;
        ::ConvertStringSecurityDescriptorToSecurityDescriptorW(list.c_str(), SDDL_REVISION_1, &descriptor_, nullptr);
    }
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
    ~Access() { ::LocalFree(descriptor_); }

    // Returns a null pointer if Windows refused the list.
    [[nodiscard]] PSECURITY_DESCRIPTOR get() const noexcept { return descriptor_; }

  private:
    PSECURITY_DESCRIPTOR descriptor_ = nullptr;
};

struct FindClosing {
    HANDLE search;
    ~FindClosing() { ::FindClose(search); }
};

inline HANDLE handle(int descriptor) noexcept {
    return reinterpret_cast<HANDLE>(::_get_osfhandle(descriptor));
}

inline int descriptor_of(HANDLE opened, int flags) noexcept {
    const int descriptor = ::_open_osfhandle(reinterpret_cast<std::intptr_t>(opened), flags | _O_BINARY | _O_NOINHERIT);
    if (descriptor < 0) ::CloseHandle(opened);
    return descriptor;
}

// Closes a handle whose last call failed.
inline int closing(HANDLE opened) noexcept {
    const int result = failed();
    ::CloseHandle(opened);
    return result;
}

// Returns `path` as Windows takes it literally: absolute, of any length.
inline std::wstring full_path(std::string_view path) {
    std::wstring given = to_utf16<wchar_t>(path);
    if (given.size() == 2 && given[1] == L':') given += L'\\';
    std::wstring full(::GetFullPathNameW(given.c_str(), 0, nullptr, nullptr), L'\0');
    full.resize(::GetFullPathNameW(given.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
    if (full.empty()) throw NoPath();
    if (full.starts_with(L"\\\\?\\") || full.starts_with(L"\\\\.\\")) return full;
    if (full.starts_with(L"\\\\")) return L"\\\\?\\UNC" + full.substr(1);
    return L"\\\\?\\" + full;
}

// Returns the path that an open directory has now.
inline std::wstring path_of(int dir) {
    std::wstring path(512, L'\0');
    for (;;) {
        const DWORD size = ::GetFinalPathNameByHandleW(handle(dir), path.data(), static_cast<DWORD>(path.size()), 0);
        if (size == 0) throw NoPath();
        const bool whole = size < path.size();
        path.resize(size);
        if (whole) return path;
    }
}

inline std::wstring at(int dir, const char* name) {
    std::wstring path = path_of(dir);
    if (!path.ends_with(L'\\')) path += L'\\';
    return path + to_utf16<wchar_t>(name);
}

inline HANDLE open_handle(int dir, const char* name, DWORD access) {
    return ::CreateFileW(at(dir, name).c_str(), access, share_all, nullptr, OPEN_EXISTING,
                         FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
}

// Creates a file that this user alone may open, from its first byte on.
inline int create(int dir, const char* name, DWORD flags) {
    const Access owner_only;
    if (owner_only.get() == nullptr) return failed();
    SECURITY_ATTRIBUTES security{sizeof security, owner_only.get(), FALSE};
    const DWORD access = GENERIC_WRITE | FILE_READ_ATTRIBUTES | DELETE | WRITE_DAC;
    const HANDLE file = ::CreateFileW(at(dir, name).c_str(), access, share_all, &security, CREATE_NEW,
                                      FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT | flags, nullptr);
    return file == INVALID_HANDLE_VALUE ? failed() : descriptor_of(file, _O_WRONLY);
}

// Returns true if what is open is a link. A file of a cloud or of deduplication has a reparse point, too, and is not a
// link.
inline bool is_link(HANDLE file, DWORD attributes) noexcept {
    if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0) return false;
    FILE_ATTRIBUTE_TAG_INFO tag{};
    const bool known = ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag, sizeof tag) != 0;
    constexpr DWORD name_surrogate = 0x2000'0000U;
    return !known || (tag.ReparseTag & name_surrogate) != 0;
}

// Converts a FILETIME, which counts units of 100 ns since 1601.
inline FileTime time_of(const FILETIME& time) noexcept {
    const std::uint64_t ticks = std::uint64_t{time.dwHighDateTime} << 32U | time.dwLowDateTime;
    return {static_cast<std::int64_t>(ticks / 10'000'000U) - 11'644'473'600,
            static_cast<std::int64_t>(ticks % 10'000'000U) * 100};
}

// Describes an open file. Its mode is always 0600, because a list says who else has access, and no mode can tell that.
inline int describe_handle(HANDLE file, FileEntry& entry) noexcept {
    BY_HANDLE_FILE_INFORMATION about{};
    if (::GetFileInformationByHandle(file, &about) == 0) return failed();
    const bool link = is_link(file, about.dwFileAttributes);
    entry.directory = !link && (about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    entry.regular = !link && !entry.directory;
    entry.mode = 0600;
    entry.bytes = std::uint64_t{about.nFileSizeHigh} << 32U | about.nFileSizeLow;
    entry.modified = time_of(about.ftLastWriteTime);
    entry.device = about.dwVolumeSerialNumber;
    entry.inode = std::uint64_t{about.nFileIndexHigh} << 32U | about.nFileIndexLow;
    return 0;
}

inline int open_existing(int dir, const char* name, DWORD access, int flags) {
    const HANDLE file = open_handle(dir, name, access);
    if (file == INVALID_HANDLE_VALUE) return failed();
    BY_HANDLE_FILE_INFORMATION about{};
    if (::GetFileInformationByHandle(file, &about) == 0) return closing(file);
    if (!is_link(file, about.dwFileAttributes)) return descriptor_of(file, flags);
    ::CloseHandle(file);
    return fail(ELOOP);
}

inline OVERLAPPED lock_position() noexcept {
    OVERLAPPED position{};
    position.Offset = 0xFFFF'FFFEU;
    position.OffsetHigh = 0x7FFF'FFFFU;
    return position;
}

// Takes a lock of LockFileEx(), and tries again each millisecond while another opening has it.
inline int lock_as(DWORD kind, int descriptor, int wait_ms) noexcept {
    for (int waited = 0;; ++waited) {
        OVERLAPPED at = lock_position();
        if (::LockFileEx(handle(descriptor), kind | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &at) != 0) return 0;
        const DWORD error = ::GetLastError();
        if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING) return fail(ENOSYS);
        if (waited >= wait_ms) return fail(EWOULDBLOCK);
        ::Sleep(1);
    }
}

// Says whether Windows deletes a file with its last handle. Names FileDispositionInfoEx, and FileRenameInfoEx below, by
// their numbers, because older headers lack them.
inline bool delete_on_close(HANDLE file, bool wanted) noexcept {
    constexpr auto disposition_ex = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
    DWORD flags = 8U | (wanted ? 1U : 0U);  // FILE_DISPOSITION_FLAG_ON_CLOSE, _DELETE
    return ::SetFileInformationByHandle(file, disposition_ex, &flags, sizeof flags) != 0;
}

// FILE_RENAME_INFO, whose first member has two meanings.
struct RenameInfo {
    DWORD flags;
    HANDLE root;
    DWORD bytes;
    wchar_t name[1];
};

inline bool rename_handle(HANDLE file, const std::wstring& to, DWORD flags) {
    constexpr auto rename_ex = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);
    RenameInfo info{flags, nullptr, static_cast<DWORD>(to.size() * sizeof(wchar_t)), {}};
    std::vector<unsigned char> buffer(sizeof info + to.size() * sizeof(wchar_t));
    std::memcpy(buffer.data(), &info, sizeof info);
    std::memcpy(buffer.data() + offsetof(RenameInfo, name), to.c_str(), to.size() * sizeof(wchar_t));
    return ::SetFileInformationByHandle(file, rename_ex, buffer.data(), static_cast<DWORD>(buffer.size())) != 0;
}

// Replaces as POSIX does where the system can, which succeeds while others read the old file; else as Windows always
// could. Returns false with the last error set.
inline bool replace(int dir, const char* from, const char* to) {
    constexpr DWORD replace_if_exists = 1;
    constexpr DWORD posix_semantics = 2;
    const std::wstring target = at(dir, to);
    const HANDLE file = open_handle(dir, from, DELETE | SYNCHRONIZE);
    if (file != INVALID_HANDLE_VALUE) {
        const bool done = rename_handle(file, target, replace_if_exists | posix_semantics);
        ::CloseHandle(file);
        if (done) return true;
    }
    return ::MoveFileExW(at(dir, from).c_str(), target.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) !=
           0;
}

}  // namespace curtail::inline v0::detail

#endif
