// SPDX-License-Identifier: MIT
// Only for Windows. The header stands behind <windows.h>, as windows_system.hpp includes that.
#include <curtail/artifact/system/windows_system.hpp>

#include <curtail/artifact/system/windows_calls.hpp>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"

using namespace curtail::detail;

namespace {

int errno_of(DWORD error) {
    ::SetLastError(error);
    errno = 0;
    return failed() == -1 ? errno : 0;
}

// Closes a handle at the end of its scope.
class Opened {
  public:
    explicit Opened(HANDLE opened) : handle_(opened) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { ::CloseHandle(handle_); }
    operator HANDLE() const { return handle_; }

  private:
    HANDLE handle_;
};

// Opens an existing file. `shared` is what others may do meanwhile.
HANDLE open(const std::string& path, DWORD access, DWORD shared) {
    return ::CreateFileW(full_path(path).c_str(), access, shared, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
                         nullptr);
}

// Returns how many entries a list of access has, and stores the rights that everybody has by it.
DWORD entries_of(const Access& access, DWORD& rights_of_everybody) {
    BOOL present = FALSE;
    BOOL defaulted = FALSE;
    PACL list = nullptr;
    rights_of_everybody = 0;
    if (::GetSecurityDescriptorDacl(access.get(), &present, &list, &defaulted) == 0 || list == nullptr) return 0;
    unsigned char everybody[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof everybody;
    ::CreateWellKnownSid(WinWorldSid, nullptr, everybody, &size);
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        ::GetAce(list, i, &entry);
        auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        if (::EqualSid(&allowed->SidStart, everybody) != 0) rights_of_everybody |= allowed->Mask;
    }
    return list->AceCount;
}

}  // namespace

TEST_CASE("failed: says by errno what Windows says of the last call", "[artifact]") {
    CHECK(errno_of(ERROR_FILE_EXISTS) == EEXIST);
    CHECK(errno_of(ERROR_ALREADY_EXISTS) == EEXIST);
    CHECK(errno_of(ERROR_DISK_FULL) == ENOSPC);
    CHECK(errno_of(ERROR_HANDLE_DISK_FULL) == ENOSPC);
    CHECK(errno_of(1295) == ENOSPC);  // a quota
    CHECK(errno_of(ERROR_FILE_NOT_FOUND) == ENOENT);
    CHECK(errno_of(ERROR_PATH_NOT_FOUND) == ENOENT);
    CHECK(errno_of(ERROR_BAD_NETPATH) == ENOENT);
    CHECK(errno_of(ERROR_DIRECTORY) == ENOTDIR);
    CHECK(errno_of(ERROR_SHARING_VIOLATION) == EBUSY);
    CHECK(errno_of(ERROR_LOCK_VIOLATION) == EBUSY);
    CHECK(errno_of(ERROR_ACCESS_DENIED) == EACCES);
    CHECK(errno_of(ERROR_WRITE_PROTECT) == EROFS);
    CHECK(errno_of(ERROR_FILENAME_EXCED_RANGE) == ENAMETOOLONG);
    CHECK(errno_of(ERROR_INVALID_NAME) == EINVAL);
    CHECK(errno_of(ERROR_INVALID_PARAMETER) == ENOSYS);
    CHECK(errno_of(ERROR_CRC) == EIO);
    CHECK(errno_of(ERROR_SUCCESS) == EIO);
}

TEST_CASE("guarded: gives what the call gives, and an errno for what it throws", "[artifact]") {
    CHECK(guarded([] { return 7; }) == 7);
    CHECK(guarded([]() -> int { throw std::bad_alloc(); }) == -1);
    CHECK(errno == ENOMEM);
    ::SetLastError(ERROR_PATH_NOT_FOUND);
    CHECK(guarded([]() -> int { throw NoPath(); }) == -1);
    CHECK(errno == ENOENT);
}

TEST_CASE("full_path: is absolute and literal, so that it may have any length", "[artifact]") {
    CHECK(full_path("C:\\a\\..\\b\\x.csv") == L"\\\\?\\C:\\b\\x.csv");
    CHECK(full_path("C:/a/x.csv") == L"\\\\?\\C:\\a\\x.csv");
    CHECK(full_path("C:") == L"\\\\?\\C:\\");
    CHECK(full_path("\\\\server\\share\\x.csv") == L"\\\\?\\UNC\\server\\share\\x.csv");
    CHECK(full_path("//server/share/x.csv") == L"\\\\?\\UNC\\server\\share\\x.csv");
    CHECK(full_path("\\\\?\\C:\\a\\x.csv") == L"\\\\?\\C:\\a\\x.csv");
    CHECK(full_path("C:\\d\xC3\xA9\xF0\x9F\x98\x80") == L"\\\\?\\C:\\d\u00E9\xD83D\xDE00");
    const std::wstring relative = full_path("here\\x.csv");
    CHECK(relative.starts_with(L"\\\\?\\"));
    CHECK(relative.ends_with(L"\\here\\x.csv"));
    const std::string long_name(300, 'n');
    CHECK(full_path("C:\\" + long_name + "\\" + long_name).size() == 4 + 3 + 601);
    CHECK_THROWS_AS(full_path(""), NoPath);
}

TEST_CASE("Access: names this user, and everybody only where the list says so", "[artifact]") {
    CHECK(user_sid().starts_with(L"S-1-"));
    DWORD everybody = 0;
    CHECK(entries_of(Access(), everybody) == 1);
    CHECK(everybody == 0);
    CHECK(entries_of(Access(L"(A;;FR;;;WD)"), everybody) == 2);
    CHECK((everybody & FILE_READ_DATA) != 0);
    CHECK((everybody & FILE_WRITE_DATA) == 0);
}

TEST_CASE("time_of: counts seconds since 1970 and their fraction", "[artifact]") {
    const auto at = [](std::uint64_t ticks) {
        return time_of({static_cast<DWORD>(ticks & 0xFFFF'FFFFU), static_cast<DWORD>(ticks >> 32U)});
    };
    constexpr std::uint64_t epoch = 116'444'736'000'000'000U;
    CHECK(at(epoch) == FileTime{0, 0});
    CHECK(at(epoch + 15'000'001) == FileTime{1, 500'000'100});
    CHECK(at(epoch - 1) == FileTime{-1, 999'999'900});
    CHECK(at(0) == FileTime{-11'644'473'600, 0});
}

TEST_CASE("path_of, at: find a file by the path that its directory has now", "[artifact]") {
    const ScratchDirectory scratch;
    std::filesystem::create_directory(scratch / "one");
    scratch.put("one/x", "four");
    const int dir = WindowsSystem::open_directory((scratch / "one").c_str());
    REQUIRE(dir >= 0);
    CHECK(path_of(dir).starts_with(L"\\\\?\\"));
    CHECK(at(dir, "x") == path_of(dir) + L"\\x");
    FileEntry entry;
    CHECK(WindowsSystem::look_up(dir, "x", entry) == 0);
    std::error_code refused;
    std::filesystem::rename(scratch / "one", scratch / "two", refused);
    if (!refused && path_of(dir).ends_with(L"two")) {  // wine tells the old path
        entry = {};
        CHECK(WindowsSystem::look_up(dir, "x", entry) == 0);
        CHECK(entry.bytes == 4);
    }
    CHECK(WindowsSystem::close(dir) == 0);
}

TEST_CASE("describe_handle: a file is what it is by every handle, and another is another", "[artifact]") {
    const ScratchDirectory scratch;
    scratch.put("a", "four");
    scratch.put("b", "four");
    const Opened a(open(scratch / "a", FILE_READ_ATTRIBUTES, share_all));
    const Opened again(open(scratch / "a", FILE_READ_ATTRIBUTES, share_all));
    const Opened b(open(scratch / "b", FILE_READ_ATTRIBUTES, share_all));
    FileEntry first;
    FileEntry second;
    REQUIRE(describe_handle(a, first) == 0);
    CHECK(first.regular);
    CHECK(first.bytes == 4);
    CHECK(first.mode == 0600U);
    CHECK(first.modified <= WindowsSystem::now());
    REQUIRE(describe_handle(again, second) == 0);
    CHECK(first.is(second));
    REQUIRE(describe_handle(b, second) == 0);
    CHECK_FALSE(first.is(second));
    CHECK_FALSE(is_link(a, FILE_ATTRIBUTE_NORMAL));
    CHECK(describe_handle(INVALID_HANDLE_VALUE, second) == -1);
}
