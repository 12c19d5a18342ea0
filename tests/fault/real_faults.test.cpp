// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// Real faults: full devices, limits, permissions, links, races and kill -9.
#include <curtail/artifact/atomic_file.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/housekeeping.hpp>

#include "catch.hpp"
#include "fault/in_child.hpp"
#include "fault/scratch_directory.hpp"
#include "seed.hpp"

namespace {

using curtail::AtomicFile;
using curtail::AtomicFileOptions;
using curtail::ErrorCode;
using curtail::OnExists;
using curtail::detail::PosixSystem;

// A system without unnamed files, such as NFS.
struct NamedSystem : PosixSystem {
    static int open_unnamed(int) noexcept {
        errno = EOPNOTSUPP;
        return -1;
    }
};

// Also without a rename that does not overwrite.
struct LinkingSystem : NamedSystem {
    static int rename_exclusive(int, const char*, const char*) noexcept {
        errno = EINVAL;
        return -1;
    }
};

constexpr std::string_view name = "predictions_job_1.csv";

template <class File>
void write_all(File& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const std::string_view part = bytes.substr(0, 65536);
        file.write(part);
        bytes.remove_prefix(part.size());
    }
}

// Publishes `bytes`. Returns 0, or 1 + the error's code.
template <class System = PosixSystem>
int publish(const std::string& path, std::string_view bytes, AtomicFileOptions options = {}) {
    try {
        curtail::BasicAtomicFile<System> file(path, options);
        file.open();
        write_all(file, bytes);
        file.commit();
        return 0;
    } catch (const curtail::Error& error) {
        return 1 + static_cast<int>(error.code());
    }
}

constexpr int status_of(ErrorCode code) {
    return 1 + static_cast<int>(code);
}

// Mounts a tmpfs of 1 MiB over `dir`, for this child process only. Returns false if that is not allowed.
[[maybe_unused]] bool mount_small_disk(const std::string& dir) {
#if defined(__linux__)
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("none", dir.c_str(), "tmpfs", 0, "size=1m") == 0;
#else
    return false;
#endif
}

}  // namespace

#if defined(__linux__)
namespace {
struct FullDevice : PosixSystem {
    static std::ptrdiff_t write(int, const char* bytes, std::size_t size) noexcept {
        const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
        const std::ptrdiff_t taken = ::write(full, bytes, size);
        const int error = errno;
        ::close(full);
        errno = error;
        return taken;
    }
};
}  // namespace

TEST_CASE("AtomicFile: a full device is no_space at the first write", "[fault]") {
    const ScratchDirectory dir;
    curtail::BasicAtomicFile<FullDevice> file(dir / name);
    file.open();
    try {
        file.write(std::string_view("a,b\n"));
        FAIL("no error");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == ErrorCode::no_space);
        CHECK(error.operation() == "write");
        CHECK(error.system_error() == ENOSPC);
        CHECK_FALSE(error.permanent());
    }
    CHECK(dir.names().empty());
    CHECK_THROWS_AS(file.write(std::string_view("more")), curtail::UsageError);
}

TEST_CASE("AtomicFile: a disk that fills up leaves nothing, and reserve finds that out at open()", "[fault]") {
    const ScratchDirectory dir;
    const std::string too_much(2U << 20U, 'x');
    const auto on_small_disk = [&](const std::function<int()>& body) {
        return in_child([&] { return mount_small_disk(dir.path()) ? body() : skipped; });
    };
    const int plain = on_small_disk([&] {
        const int status = publish(dir / name, too_much);
        return dir.names().empty() ? status : 249;
    });
    if (plain == skipped && skip("no permission to mount a small disk")) return;
    CHECK(plain == status_of(ErrorCode::no_space));
    CHECK(on_small_disk([&] {
              const int status = publish<NamedSystem>(dir / name, too_much);
              return dir.names().empty() ? status : 249;
          }) == status_of(ErrorCode::no_space));
    CHECK(on_small_disk([&] {
              AtomicFile file(dir / name, {.reserve = too_much.size()});
              try {
                  file.open();
              } catch (const curtail::ArtifactError& error) {
                  return error.operation() == "reserve" && dir.names().empty() ? status_of(error.code()) : 249;
              }
              return 0;
          }) == status_of(ErrorCode::no_space));
    CHECK(on_small_disk([&] { return publish(dir / name, "fits\n", {.reserve = 512U << 10U}); }) == 0);
}

TEST_CASE("AtomicFile: a read-only file system is no_permission", "[fault]") {
    const ScratchDirectory dir;
    const int status = in_child([&] {
        if (!mount_small_disk(dir.path())) return skipped;
        if (::mount("none", dir.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return skipped;
        return publish(dir / name, "x\n");
    });
    if (status == skipped && skip("no permission to mount a read-only disk")) return;
    CHECK(status == status_of(ErrorCode::no_permission));
}

TEST_CASE("AtomicFile: uses a named file if /proc is missing", "[fault]") {
    const ScratchDirectory dir;
    const int status = in_child([&] {
        if (!mount_small_disk("/proc")) return skipped;
        AtomicFile file(dir / name);
        file.open();
        if (dir.names().size() != 1) return 249;
        file.write(std::string_view("x\n"));
        file.commit();
        return dir.names() == std::vector<std::string>{std::string(name)} ? 0 : 248;
    });
    if (status == skipped && skip("no permission to hide /proc")) return;
    CHECK(status == 0);
}

TEST_CASE("AtomicFile: gives back reserved blocks that were not used", "[fault]") {
    const ScratchDirectory dir;
    REQUIRE(publish(dir / name, "short\n", {.reserve = 8U << 20U}) == 0);
    struct stat status = {};
    REQUIRE(::stat((dir / name).c_str(), &status) == 0);
    CHECK(status.st_size == 6);
    CHECK(status.st_blocks * 512 < 65536);
}
#endif

TEST_CASE("AtomicFile: the file size limit is no_space, early with reserve", "[fault]") {
    const ScratchDirectory dir;
    const auto limited = [&](const std::function<int()>& body) {
        return in_child([&] {
            ::signal(SIGXFSZ, SIG_IGN);
            const struct rlimit limit = {1U << 20U, 1U << 20U};
            return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? body() : 249;
        });
    };
    const std::string too_much((1U << 20U) + 1, 'x');
    CHECK(limited([&] { return publish(dir / name, too_much); }) == status_of(ErrorCode::no_space));
    CHECK(limited([&] { return publish<NamedSystem>(dir / name, too_much); }) == status_of(ErrorCode::no_space));
    CHECK(dir.names().empty());
    CHECK(limited([&] {
              AtomicFile file(dir / name, {.reserve = too_much.size()});
              try {
                  file.open();
              } catch (const curtail::ArtifactError& error) {
                  return error.system_error() == EFBIG ? status_of(error.code()) : 249;
              }
              return 0;
          }) == status_of(ErrorCode::no_space));
    CHECK(limited([&] { return publish(dir / name, std::string_view(too_much).substr(1)); }) == 0);
}

TEST_CASE("AtomicFile: a directory that may not be written is no_permission", "[fault]") {
    const ScratchDirectory dir;
    REQUIRE(::chmod(dir.path().c_str(), 0555) == 0);
    const int status = in_child([&] { return become_nobody() ? publish(dir / name, "x\n") : skipped; });
    ::chmod(dir.path().c_str(), 0755);
    if (status == skipped && skip("cannot give up root's rights")) return;
    CHECK(status == status_of(ErrorCode::no_permission));
}

TEST_CASE("AtomicFile: permission taken away during the run is no_permission, and nothing is published", "[fault]") {
    const ScratchDirectory dir;
    REQUIRE(::chmod(dir.path().c_str(), 0777) == 0);
    std::array<int, 2> opened{};
    std::array<int, 2> go{};
    REQUIRE(::pipe(opened.data()) == 0);
    REQUIRE(::pipe(go.data()) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        char byte = 0;
        int status = skipped;
        if (become_nobody()) {
            try {
                AtomicFile file(dir / name);
                file.open();
                file.write(std::string_view("x\n"));
                if (::write(opened[1], "o", 1) != 1 || ::read(go[0], &byte, 1) != 1) ::_exit(249);
                file.commit();
                status = 0;
            } catch (const curtail::Error& error) {
                status = status_of(error.code());
            }
        }
        ::_exit(status);
    }
    ::close(opened[1]);
    char byte = 0;
    const bool ready = ::read(opened[0], &byte, 1) == 1;
    ::chmod(dir.path().c_str(), 0555);
    if (ready) CHECK(::write(go[1], "g", 1) == 1);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    ::chmod(dir.path().c_str(), 0755);
    for (const int end : {opened[0], go[0], go[1]}) ::close(end);
    if (WEXITSTATUS(status) == skipped && skip("cannot give up root's rights")) return;
    // A child without root's rights was refused.
    CHECK(WEXITSTATUS(status) == status_of(ErrorCode::no_permission));
    CHECK(std::none_of(dir.names().begin(), dir.names().end(), [](const auto& n) { return n == name; }));
}

TEMPLATE_TEST_CASE("AtomicFile: a directory removed during the run is no_directory", "[fault]", PosixSystem,
                   NamedSystem, LinkingSystem) {
    const ScratchDirectory dir;
    const std::string inner = dir / "inner";
    std::filesystem::create_directory(inner);
    curtail::BasicAtomicFile<TestType> file(inner + "/" + std::string(name));
    file.open();
    file.write(std::string_view("x\n"));
    std::filesystem::remove_all(inner);
    try {
        file.commit();
        FAIL("no error");
    } catch (const curtail::ArtifactError& error) {
        CHECK(error.code() == ErrorCode::no_directory);
    }
    CHECK_FALSE(file.published());
    CHECK(dir.names().empty());
}

TEMPLATE_TEST_CASE("AtomicFile: a symbolic link under the final name is never followed", "[fault]", PosixSystem,
                   NamedSystem, LinkingSystem) {
    const ScratchDirectory dir;
    dir.put("victim", "precious");
    for (const std::string target : {"victim", "nowhere"}) {
        INFO(target);
        // Planted before the run, and in the middle of it.
        for (const bool early : {true, false}) {
            if (early) std::filesystem::create_symlink(target, dir / name);
            curtail::BasicAtomicFile<TestType> file(dir / name);
            try {
                file.open();
                REQUIRE_FALSE(early);
                file.write(std::string_view("x\n"));
                std::filesystem::create_symlink(target, dir / name);
                file.commit();
                FAIL("no error");
            } catch (const curtail::ArtifactError& error) {
                CHECK(error.code() == ErrorCode::artifact_exists);
            }
            CHECK(std::filesystem::is_symlink(dir / name));
            CHECK(dir.names() == std::vector<std::string>{std::string(name), "victim"});
            if (!early) {
                CHECK(publish<TestType>(dir / name, "new\n", {.on_exists = OnExists::replace}) == 0);
                CHECK_FALSE(std::filesystem::is_symlink(dir / name));
                CHECK(dir.read(name) == "new\n");
            }
            CHECK(dir.read("victim") == "precious");
            std::filesystem::remove(dir / name);
        }
    }
}

TEMPLATE_TEST_CASE("AtomicFile: a device, a pipe or a socket under the final name is never replaced", "[fault]",
                   PosixSystem, NamedSystem, LinkingSystem) {
    const ScratchDirectory dir;
    REQUIRE(::mkfifo((dir / name).c_str(), 0600) == 0);
    for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
        CHECK(publish<TestType>(dir / name, "new\n", {.on_exists = on_exists}) ==
              1 + static_cast<int>(ErrorCode::artifact_exists));
        CHECK(std::filesystem::is_fifo(dir / name));
        CHECK(dir.names() == std::vector<std::string>{std::string(name)});
    }
}

namespace {
// A system whose random numbers an attacker knows.
template <class Base>
struct Guessable : Base {
    std::uint64_t value = 0;
    bool stuck = false;
    std::uint64_t random() noexcept { return stuck ? value : value++; }
    static std::int64_t process_id() noexcept { return 7; }
};
}  // namespace

TEST_CASE("AtomicFile: a symbolic link under the temporary name is never followed", "[fault]") {
    const ScratchDirectory dir;
    dir.put("victim", "precious");
    for (const char digit : {'0', '1', '2'}) {
        std::filesystem::create_symlink("victim",
                                        dir / (std::string(".predictions_job_1.7-000000000000000") + digit + ".tmp"));
    }
    const std::size_t planted = dir.names().size();
    const auto attempt = [&](auto system, AtomicFileOptions options) {
        curtail::BasicAtomicFile file(dir / name, options, system);
        file.open();
        file.write(std::string_view("x\n"));
        file.commit();
        CHECK(dir.read(name) == "x\n");
        CHECK(dir.read("victim") == "precious");
        CHECK(dir.names().size() == planted + 1);
        std::filesystem::remove(dir / name);
    };
    attempt(Guessable<NamedSystem>{}, {});
    attempt(Guessable<LinkingSystem>{}, {});
    attempt(Guessable<PosixSystem>{}, {.on_exists = OnExists::replace});

    Guessable<NamedSystem> stuck;
    stuck.stuck = true;
    curtail::BasicAtomicFile file(dir / name, {}, stuck);
    CHECK_THROWS_AS(file.open(), curtail::ArtifactError);
    CHECK(dir.names().size() == planted);
    CHECK(dir.read("victim") == "precious");
}

TEMPLATE_TEST_CASE("AtomicFile: the mode is exact under any umask", "[fault]", PosixSystem, NamedSystem,
                   LinkingSystem) {
    const ScratchDirectory dir;
    for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
        for (const mode_t mask : {0000U, 0022U, 0077U, 0777U}) {
            for (const unsigned mode : {0600U, 0640U, 0644U, 0666U}) {
                const mode_t before = ::umask(mask);
                const int status = publish<TestType>(dir / name, "x\n", {.on_exists = on_exists, .mode = mode});
                ::umask(before);
                REQUIRE(status == 0);
                struct stat found = {};
                REQUIRE(::stat((dir / name).c_str(), &found) == 0);
                CHECK((found.st_mode & 07777U) == mode);
                std::filesystem::remove(dir / name);
            }
        }
    }
}

TEST_CASE("AtomicFile: nobody else may read the bytes before they are published", "[fault]") {
    const ScratchDirectory dir;
    const mode_t before = ::umask(0);
    curtail::BasicAtomicFile<NamedSystem> file(dir / name, {.mode = 0644});
    file.open();
    ::umask(before);
    REQUIRE(dir.names().size() == 1);
    struct stat found = {};
    REQUIRE(::stat((dir / dir.names().front()).c_str(), &found) == 0);
    CHECK((found.st_mode & 07777U) == 0600);
}

TEMPLATE_TEST_CASE("AtomicFile: of any number of workers with one job id exactly one wins", "[fault]", PosixSystem,
                   NamedSystem, LinkingSystem) {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const int racers : {2, 8}) {
        for (int round = 0; round < 10; ++round) {
            std::array<int, 2> ready{};
            std::array<int, 2> go{};
            REQUIRE(::pipe(ready.data()) == 0);
            REQUIRE(::pipe(go.data()) == 0);
            std::vector<pid_t> children;
            for (int i = 0; i < racers; ++i) {
                const pid_t child = ::fork();
                if (child == 0) {
                    int status = 249;
                    ::close(go[1]);
                    try {
                        curtail::BasicAtomicFile<TestType> file(dir / name);
                        file.open();
                        write_all(file, std::string(100'000, static_cast<char>('a' + i)));
                        char byte = 0;
                        if (::write(ready[1], "r", 1) != 1 || ::read(go[0], &byte, 1) != 0) ::_exit(248);
                        file.commit();
                        status = 0;
                    } catch (const curtail::Error& error) {
                        status = status_of(error.code());
                    }
                    ::_exit(status);
                }
                children.push_back(child);
            }
            char byte = 0;
            for (int i = 0; i < racers; ++i) REQUIRE(::read(ready[0], &byte, 1) == 1);
            ::close(go[1]);  // starts all: their reads return at once
            int winner = -1;
            int losers = 0;
            for (int i = 0; i < racers; ++i) {
                int status = 0;
                REQUIRE(::waitpid(children[static_cast<std::size_t>(i)], &status, 0) > 0);
                REQUIRE(WIFEXITED(status));
                if (WEXITSTATUS(status) == 0) {
                    CHECK(winner == -1);
                    winner = i;
                } else if (WEXITSTATUS(status) == status_of(ErrorCode::artifact_exists)) {
                    ++losers;
                }
            }
            for (const int end : {ready[0], ready[1], go[0]}) ::close(end);
            REQUIRE(winner != -1);
            CHECK(losers == racers - 1);
            CHECK(dir.read(name) == std::string(100'000, static_cast<char>('a' + winner)));
            CHECK(dir.names() == std::vector<std::string>{std::string(name)});
            std::filesystem::remove(dir / name);
        }
    }
}

namespace {

// Starts a run of `System`, kills it after a random part of its time, and looks at what it left. Returns whether the
// file was published.
template <class System>
bool kill_once(const ScratchDirectory& dir, const std::string& bytes, std::chrono::microseconds after,
               AtomicFileOptions options) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(publish<System>(dir / name, bytes, options));
    ::usleep(static_cast<useconds_t>(after.count()));
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return std::filesystem::exists(dir / name);
}

}  // namespace

TEST_CASE("AtomicFile: kill -9 at any moment leaves the complete file or none, and the rest can be cleaned up",
          "[fault]") {
    using Clock = std::chrono::steady_clock;
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::string bytes(8U << 20U, '\0');
    for (std::size_t i = 0; i < bytes.size(); i += 64) bytes[i] = static_cast<char>(random() % 256);
    const ScratchDirectory dir;
    const int kills = by_tier(50, 200);
    const auto in_time = [](auto body) {
        const auto start = Clock::now();
        body();
        return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    };
    int complete = 0;
    int absent = 0;
    std::size_t left_over = 0;
    const auto kill_many = [&](auto kill, auto whole_run, int times) {
        std::chrono::microseconds whole = std::chrono::hours(1);
        for (int i = 0; i < 3; ++i) {  // the fastest of three, because the first one warms the disk up
            whole = (std::min)(whole, in_time([&] { REQUIRE(in_child(whole_run) == 0); }));
            std::filesystem::remove(dir / name);
        }
        for (int i = 0; i < times; ++i) {
            // Up to a little more than a whole run, so that kills hit the end as often as the middle.
            const auto after =
                std::chrono::microseconds(random() % static_cast<std::uint64_t>(whole.count() * 5 / 4 + 1));
            const bool published = kill(after);
            INFO("killed after " << after.count() << " us of " << whole.count());
            if (published) REQUIRE((dir.read(name) == bytes));
            ++(published ? complete : absent);
            std::filesystem::remove(dir / name);
            const std::size_t temporaries = dir.names().size();
            REQUIRE(temporaries <= 1);
            left_over += temporaries;
            REQUIRE(curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0)).removed.size() == temporaries);
            REQUIRE(dir.names().empty());
        }
    };
    const auto kill_with = [&]<class System>(System, AtomicFileOptions options, int times) {
        kill_many([&](std::chrono::microseconds after) { return kill_once<System>(dir, bytes, after, options); },
                  [&] { return publish<System>(dir / name, bytes, options); }, times);
    };
    kill_with(PosixSystem{}, {}, kills * 2 / 5);
    kill_with(PosixSystem{}, {.on_exists = OnExists::replace}, kills / 5);
    kill_with(NamedSystem{}, {}, kills / 5);
    kill_with(LinkingSystem{}, {}, kills / 5);
    std::cout << "kill -9: " << absent << " absent, " << complete << " complete, " << left_over
              << " temporaries swept (seed " << seed << ")\n";
    CHECK(absent + complete == kills);
    CHECK(absent > 0);
}

TEST_CASE("AtomicFile: the unnamed file of a killed run leaves no trace", "[fault]") {
    const ScratchDirectory dir;
    const int probe = PosixSystem::open_directory(dir.path().c_str());
    const int unnamed = PosixSystem::open_unnamed(probe);
    ::close(probe);
    if (unnamed < 0 && skip("no unnamed files in the temporary directory")) return;
    ::close(unnamed);
    const int status = in_child([&] {
        AtomicFile file(dir / name);
        file.open();
        write_all(file, std::string(1U << 20U, 'x'));
        ::raise(SIGKILL);
        return 0;
    });
    CHECK(status == 1000 + SIGKILL);
    CHECK(dir.names().empty());
}
