// SPDX-License-Identifier: MIT
// What publishing promises on Windows, tried with the real system. Starts itself a second time to race and to be
// killed. Prints one line a promise, and ends with 1 if one is broken.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/system/windows_path.hpp>
#include <curtail/artifact/system/windows_system.hpp>
#include <curtail/curtail.hpp>
#include <curtail/table/csv_input.hpp>

// Behind <windows.h>, which curtail includes with few names.
#include <aclapi.h>

namespace {

using namespace curtail;
using System = detail::LocalSystem;

int broken = 0;

void check(bool held, std::string_view promise) {
    std::printf("%s %.*s\n", held ? "ok    " : "BROKEN", static_cast<int>(promise.size()), promise.data());
    if (!held) ++broken;
}

bool on_wine() {
    return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

std::wstring wide(std::string_view text) {
    return detail::to_utf16<wchar_t>(text);
}

// Publishes `text`. Returns the number of the error, or -1 if there was none.
int publish(const std::string& path, std::string_view text, AtomicFileOptions options = {}, std::string* what = nullptr,
            bool* permanent = nullptr) {
    try {
        AtomicFile file(path, options);
        file.open();
        file.write(text);
        file.commit();
        return -1;
    } catch (const Error& error) {
        if (what != nullptr) *what = error.what();
        if (permanent != nullptr) *permanent = error.permanent();
        return static_cast<int>(error.code());
    }
}

bool is(int result, ErrorCode code) {
    return result == static_cast<int>(code);
}

class Directory {
  public:
    explicit Directory(const std::string& path) : descriptor_(System::open_directory(path.c_str())) {}
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    ~Directory() { System::close(descriptor_); }
    operator int() const { return descriptor_; }

    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        System::list(descriptor_, all);
        std::vector<std::string> out;
        for (const std::string& name : all) {
            if (name != "." && name != "..") out.push_back(name);
        }
        return out;
    }
    [[nodiscard]] std::string read(const char* name) const {
        const int file = System::open_to_read(descriptor_, name);
        if (file < 0) return "nothing";
        char bytes[4096];
        const auto size = System::read(file, bytes, sizeof bytes);
        System::close(file);
        return {bytes, static_cast<std::size_t>(size)};
    }

  private:
    int descriptor_;
};

std::string made(const std::string& path) {
    ::CreateDirectoryW(detail::full_path(path).c_str(), nullptr);
    return path;
}

HANDLE start(const std::string& arguments) {
    wchar_t self[1024];
    ::GetModuleFileNameW(nullptr, self, 1024);
    std::wstring line = L"\"" + std::wstring(self) + L"\" " + wide(arguments);
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION process{};
    if (::CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process) == 0) {
        return nullptr;
    }
    ::CloseHandle(process.hThread);
    return process.hProcess;
}

DWORD wait(HANDLE process) {
    DWORD status = 99;
    ::WaitForSingleObject(process, 60'000);
    ::GetExitCodeProcess(process, &status);
    ::CloseHandle(process);
    return status;
}

void test_names(const std::string& dir) {
    const Directory opened(dir);
    check(publish(dir + "/a.csv", "first") == -1, "a file is published");
    std::string what;
    check(is(publish(dir + "/a.csv", "second", {}, &what), ErrorCode::artifact_exists), "never over an existing one");
    check(what.find("complete") != std::string::npos, "and the error says that it is complete");
    check(opened.read("a.csv") == "first", "which keeps its bytes");
    check(publish(dir + "\\a.csv", "third", {.on_exists = OnExists::replace}) == -1, "it is replaced where asked for");
    check(opened.read("a.csv") == "third", "by the new bytes");
    {
        AtomicFile file(dir + "/b.csv");
        file.open();
        file.write(std::string_view("half"));
        Directory now(dir);
        check(now.read("b.csv") == "nothing", "before commit() nothing has the name");
    }
    check(opened.names() == std::vector<std::string>{"a.csv"}, "what is given up leaves nothing");
    check(is(publish(dir + "/nowhere/a.csv", "x"), ErrorCode::no_directory), "a missing directory is told");
    check(is(publish(dir + "/a.csv/b.csv", "x"), ErrorCode::no_directory), "and a file in its place");
    check(publish(dir + "/donn\xC3\xA9"
                        "es \xE4\xBA\xAC \xF0\x9F\x98\x80.csv",
                  "u") == -1,
          "a name may have any character");
    check(opened.read("donn\xC3\xA9"
                      "es \xE4\xBA\xAC \xF0\x9F\x98\x80.csv") == "u",
          "and is that name");
    for (const char* const name :
         {"NUL", "nul.csv", "con", "COM1.csv", "a.csv:stream", "dot.", "space ", "a?b", "a*b"}) {
        check(is(publish(dir + "/" + name, "x"), ErrorCode::invalid_option), std::string("refused: ") + name);
    }
    check(publish(dir + "/reserved.csv", "r", {.reserve = 1U << 20U}) == -1, "space is reserved");
    check(opened.read("reserved.csv") == "r", "and what was not used is given back");
    check(is(publish(dir + "/big.csv", "b", {.reserve = std::uint64_t{1} << 60U}), ErrorCode::no_space),
          "what does not fit is told before");
    check(publish(dir + "/full.csv", "f", {.durability = Durability::full}) == -1, "with full durability");
    check(publish(dir + "/open.csv", "o", {.mode = 0644}) == -1, "with a mode that others may read");
}

void test_paths(const std::string& dir) {
    // The directory alone is below the limit, because wine does not say where longer ones are.
    const std::size_t part = dir.size() < 220 ? (240 - dir.size()) / 2 : 10;
    const std::string deep = made(made(dir + "/" + std::string(part, 'a')) + "/" + std::string(part, 'b'));
    const std::string file = deep + "/" + std::string(150, 'x') + ".csv";
    std::string what;
    const int published = publish(file, "deep", {}, &what);
    check(file.size() > 300 && published == -1, "a path may be longer than MAX_PATH " + what);
    check(find_artifact(file).has_value(), "and is found");
    CsvInput input(file);
    check(input.next() == nullptr && input.schema().size() == 1, "and CsvInput reads it");
    const std::string deeper = made(deep + "/" + std::string(100, 'c'));
    const int result = publish(deeper + "/x.csv", "deeper", {}, &what);
    check(result == -1 ? find_artifact(deeper + "/x.csv").has_value() : on_wine(),
          "so may be that of a directory, where the system says where it is");

    ::SetCurrentDirectoryW(wide(dir).c_str());
    AtomicFile relative("sub\\..\\x.csv");
    const std::string location(relative.location());
    check(detail::has_drive(location) && location.ends_with("/x.csv") && location.find("..") == std::string::npos,
          "a relative path becomes an absolute one: " + location);
    check(AtomicFile("C:\\d\\x.csv").location() == "C:/d/x.csv", "a drive makes a path absolute");
    check(AtomicFile("\\\\server\\share\\x.csv").location() == "//server/share/x.csv", "and so does a share");
    check(artifact_path("C:\\d\\", "j") == "C:\\d\\predictions_j.csv", "a backslash ends a directory");
}

void test_sharing(const std::string& dir) {
    const Directory opened(dir);
    publish(dir + "/held.csv", "old");
    const std::wstring path = wide(dir + "/held.csv");
    HANDLE reader = ::CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
    std::string what;
    bool permanent = true;
    const int result = publish(dir + "/held.csv", "new", {.on_exists = OnExists::replace}, &what, &permanent);
    check(is(result, ErrorCode::io_failed) && !permanent, "a file that a program holds is an error worth a second try");
    check(what.find("other program") != std::string::npos, "that says so: " + what);
    ::CloseHandle(reader);
    check(opened.read("held.csv") == "old", "and the old file stays");

    reader = ::CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                           OPEN_EXISTING, 0, nullptr);
    const int replaced = publish(dir + "/held.csv", "new", {.on_exists = OnExists::replace});
    ::CloseHandle(reader);
    if (on_wine() && replaced != -1) {
        std::puts("skipped: wine does not replace a file that is being read, as Windows 10 does");
    } else {
        check(replaced == -1, "one that is read by a program which allows it is replaced");
        check(opened.read("held.csv") == "new", "by the new one");
    }

    publish(dir + "/locked.csv", "l");
    const int one = System::open_to_lock(opened, "locked.csv");
    const int two = System::open_to_lock(opened, "locked.csv");
    check(System::lock(one, 0) == 0, "a lock is taken");
    check(System::lock(two, 2) < 0 && errno == EWOULDBLOCK, "once");
    check(opened.read("locked.csv") == "l", "and hinders no reader");
    System::unlock(one);
    check(System::lock(two, 0) == 0, "until it is given back");
    System::close(one);
    System::close(two);
    check(System::open_to_read(opened, "missing") < 0 && errno == ENOENT, "a missing file is told");
}

// Only the owner is named in the list of those who have access, and none is inherited.
void test_access(const std::string& dir) {
    AtomicFile file(dir + "/private.csv");
    file.open();
    file.write(std::string_view("p"));
    file.commit();
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    std::wstring path = wide(dir + "/private.csv");
    const DWORD error = ::GetNamedSecurityInfoW(path.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                                                nullptr, &list, nullptr, &descriptor);
    unsigned char everyone[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof everyone;
    ::CreateWellKnownSid(WinWorldSid, nullptr, everyone, &size);
    bool found = false;
    for (DWORD i = 0; list != nullptr && i < list->AceCount; ++i) {
        void* entry = nullptr;
        ::GetAce(list, i, &entry);
        const auto* const allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        const bool allows = allowed->Header.AceType == ACCESS_ALLOWED_ACE_TYPE && allowed->Mask != 0;
        if (allows && ::EqualSid(const_cast<DWORD*>(&allowed->SidStart), everyone) != 0) found = true;
    }
    check(error == 0 && list != nullptr && !found, "nobody else may open a published file");
    if (descriptor != nullptr) ::LocalFree(descriptor);
}

void test_processes(const std::string& dir) {
    int winners = 0;
    int losers = 0;
    for (int round = 0; round < 5; ++round) {
        const std::string path = dir + "/race" + std::to_string(round) + ".csv";
        const HANDLE one = start("race \"" + path + "\" one");
        const HANDLE two = start("race \"" + path + "\" two");
        for (const DWORD status : {wait(one), wait(two)}) {
            if (status == 0) ++winners;
            if (status == 2) ++losers;
        }
    }
    check(winners == 5 && losers == 5, "of two writers of one name one publishes, and the other is told");

    const std::string killed = made(dir + "/killed");
    check(wait(start("kill \"" + killed + "/predictions_k.csv\"")) == 9, "a writer was killed");
    {
        const Directory opened(killed);
        check(opened.read("predictions_k.csv") == "nothing", "a killed writer leaves nothing under the final name");
        std::printf("       %zu temporary files are left\n", opened.names().size());
    }
    static_cast<void>(remove_stale_artifacts(killed, std::chrono::seconds(0), LivenessCheck::by_pid));
    check(Directory(killed).names().empty(), "and housekeeping removes what it left under another");

    const std::string living = made(dir + "/living");
    AtomicFile file(living + "/predictions_l.csv");
    file.open();
    file.write(std::string_view("x"));
    static_cast<void>(remove_stale_artifacts(living, std::chrono::seconds(0)));
    file.commit();
    check(Directory(living).read("predictions_l.csv") == "x", "housekeeping spares what is being written");
}

void test_metadata(const std::string& dir) {
    const std::vector<double> scores{0.5, 0.25};
    const auto table = columns(column("score", scores));
    for (int round = 0; round < 2; ++round) {
        CsvSink sink(artifact_path(dir, "pair"), {.file = {.on_exists = OnExists::replace}, .metadata = true});
        sink.open(table.schema());
        sink.append(table);
        static_cast<void>(sink.finish());
    }
    check(find_artifact(artifact_path(dir, "pair")).has_value(), "artifact and metadata are published and found");
    PruneOptions all;
    all.max_files = 0;
    static_cast<void>(prune_artifacts(dir, all));
    check(!find_artifact(artifact_path(dir, "pair")).has_value(), "and pruned");
}

// Writes a part. Returns false if another attempt has committed it.
bool write_part(const PartsDirectory& parts, std::uint64_t number, const std::vector<double>& scores) {
    const auto table = columns(column("score", scores));
    try {
        CsvSink sink(parts.file(number, 2));
        sink.open(table.schema());
        sink.append(table);
        sink.finish_part([](const ArtifactInfo& info) { return std::to_string(info.rows); });
        return true;
    } catch (const PartTaken& taken) {
        check(taken.summary() == "1", "a part that is taken gives its summary back");
        return false;
    }
}

void test_parts(const std::string& dir) {
    const PartsDirectory parts(dir, "many");
    check(write_part(parts, 1, {0.5}), "a part is committed");
    check(!write_part(parts, 1, {0.25, 0.5}), "and committed once");
    check(parts.missing(2) == std::vector<std::uint64_t>{0}, "the missing part is known");
    try {
        static_cast<void>(parts.finish(2));
        check(false, "a missing part is never success");
    } catch (const PartsMissing& missing) {
        check(missing.count() == 1, "a missing part is never success");
    }
    PruneOptions all;
    all.max_age = std::chrono::seconds(0);
    all.max_files = 0;
    {
        PartFile writing = parts.file(0, 2);
        writing.open();
        static_cast<void>(prune_artifacts(dir, all));
        static_cast<void>(remove_stale_artifacts(dir, std::chrono::seconds(0), LivenessCheck::age_only));
        check(parts.summary(1).has_value(), "housekeeping spares a directory in which a part is written");
    }
    check(write_part(parts, 0, {1, 2}), "the part that was missing is committed");
    check(parts.finish(2, PartsCheck::contents).rows == 3, "all parts are what was committed");
    check(parts.finish(2).rows == 3, "and a job can be finished twice");
    static_cast<void>(parts.concatenate());
    check(Directory(dir).read("predictions_many.csv") == "score\n1.0\n2.0\n0.5\n", "parts are joined to one file");
    static_cast<void>(prune_artifacts(dir, all));
    check(!find_artifact(dir, "many").has_value() && !parts.published().has_value(), "file and parts are pruned");
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string_view task = argc > 2 ? argv[1] : "";
    if (task == "race") {
        const int result = publish(argv[2], argv[3]);
        return result == -1 ? 0 : is(result, ErrorCode::artifact_exists) ? 2 : 1;
    }
    if (task == "kill") {
        AtomicFile file(argv[2]);
        file.open();
        file.write(std::string(1U << 20U, 'x'));
        ::TerminateProcess(::GetCurrentProcess(), 9);
    }
    if (argc != 2) return 1;
    const std::string dir = argv[1];
    test_names(made(dir + "/names"));
    test_sharing(made(dir + "/sharing"));
    test_access(made(dir + "/access"));
    test_processes(made(dir + "/processes"));
    test_metadata(made(dir + "/metadata"));
    test_parts(made(dir + "/parts"));
    test_paths(made(dir + "/paths"));
    std::printf("%d broken\n", broken);
    return broken == 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::printf("BROKEN %s\n", error.what());
    return 1;
}
