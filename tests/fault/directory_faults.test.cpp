// SPDX-License-Identifier: MIT
// Directories that can do less than others: what they cannot is known at open(), done otherwise, or cured rightly.
#include <curtail/artifact/atomic_file.hpp>

#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#endif

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/find_artifact.hpp>

#include "catch.hpp"
#include "fault/in_child.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::AtomicFile;
using curtail::AtomicFileOptions;
using curtail::OnExists;

constexpr std::string_view name = "predictions_job_1.csv";

// Returns the error of open(), or nothing if a file with metadata was published as well.
std::optional<curtail::ArtifactError> publish(const std::string& path, const AtomicFileOptions& options) {
    AtomicFile file(path, options);
    try {
        file.open();
        file.open_sidecar("-metadata.json");
    } catch (const curtail::ArtifactError& error) {
        return error;
    }
    file.write(std::string_view("x\n1\n"));
    file.commit_with_sidecar("{}");
    return {};
}

bool cured_by(const std::optional<curtail::ArtifactError>& error, std::string_view cure) {
    return error && std::string_view(error->what()).find(cure) != std::string_view::npos;
}

// The exit status of a child: 0 if all is as it should be, otherwise the number of what was not.
int first_false(const std::vector<bool>& checks) {
    for (std::size_t i = 0; i < checks.size(); ++i) {
        if (!checks[i]) return static_cast<int>(i) + 1;
    }
    return 0;
}

#if defined(__linux__)
// Mounts by `command` over `dir`, for this child alone, runs `body` and unmounts.
int on_mount(const std::string& command, const std::string& dir, const std::function<int()>& body) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return skipped;
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) return skipped;
    const int status = body();
    (void)::umount2(dir.c_str(), MNT_DETACH);
    return status;
}
#endif

}  // namespace

TEST_CASE("AtomicFile: a directory that may be written and not read, such as a drop box, is used", "[fault]") {
    for (const mode_t mode : {0333U, 0733U, 0300U}) {
        const ScratchDirectory dir;
        if (::geteuid() == 0) REQUIRE(::chown(dir.path().c_str(), 65534, 65534) == 0);
        REQUIRE(::chmod(dir.path().c_str(), mode) == 0);
        const int status = in_child([&] {
            if (!become_nobody()) return skipped;
            return first_false({!publish(dir / name, {}), cured_by(publish(dir / name, {}), "there and complete"),
                                !publish(dir / name, {.on_exists = OnExists::replace}),
                                curtail::find_artifact(dir.path(), "job_1")->metadata.has_value()});
        });
        REQUIRE(::chmod(dir.path().c_str(), 0700) == 0);
        if (status == skipped && skip("cannot give up root's rights")) return;
        INFO(std::oct << mode);
        CHECK(status == 0);
        CHECK(dir.names() == std::vector<std::string>{std::string(name), std::string(name) + "-metadata.json"});
    }
}

TEST_CASE("AtomicFile: a directory without a needed right is refused at open(), with the right in the cure",
          "[fault]") {
    struct Case {
        mode_t mode;
        const char* cure;
    };
    for (const Case& c :
         {Case{0555, "Let this user write"}, Case{0666, "Let this user search"}, Case{0000, "Let this user search"}}) {
        const ScratchDirectory dir;
        REQUIRE(::chmod(dir.path().c_str(), c.mode) == 0);
        const int status = in_child(
            [&] { return become_nobody() ? first_false({cured_by(publish(dir / name, {}), c.cure)}) : skipped; });
        REQUIRE(::chmod(dir.path().c_str(), 0700) == 0);
        if (status == skipped && skip("cannot give up root's rights")) return;
        INFO(std::oct << c.mode);
        CHECK(status == 0);
    }
}

TEST_CASE("AtomicFile: another user's file that may not be replaced is refused at open()", "[fault]") {
    const ScratchDirectory dir;
    dir.put(name, "another's");
    REQUIRE(::chmod(dir.path().c_str(), 01777) == 0);
    const int status = in_child([&] {
        if (::geteuid() != 0 || !become_nobody()) return skipped;
        return first_false({cured_by(publish(dir / name, {.on_exists = OnExists::replace}), "remove the older file"),
                            !publish(dir / "predictions_mine.csv", {.on_exists = OnExists::replace}),
                            !publish(dir / "predictions_mine.csv", {.on_exists = OnExists::replace})});
    });
    if (status == skipped && skip("no second user")) return;
    CHECK(status == 0);
    CHECK(dir.read(name) == "another's");
}

#if defined(__linux__)
TEST_CASE("AtomicFile: where chmod is refused, a file of the right mode is published, and others name the cure",
          "[fault]") {
    const ScratchDirectory dir;
    std::filesystem::create_directory(dir / "from");
    std::filesystem::create_directory(dir / "to");
    const std::string to = dir / "to";
    const int status = in_child([&] {
        return on_mount("bindfs --chmod-deny " + dir / "from" + " " + to, to, [&] {
            const std::string path = to + "/" + std::string(name);
            return first_false({!publish(path, {}), !publish(path, {.on_exists = OnExists::replace}),
                                cured_by(publish(path + "2", {.mode = 0644}), "Set mode to 0"),
                                !publish(path + "2", {.mode = 0})});
        });
    });
    if (status == skipped && skip("no bindfs, or no permission to mount it")) return;
    CHECK(status == 0);
    CHECK(ScratchDirectory::names_in(dir / "from").size() == 4);
}

TEST_CASE("AtomicFile: where there are no links and no permissions, replace works, and the errors say so", "[fault]") {
    const ScratchDirectory dir;
    std::filesystem::create_directory(dir / "to");
    const std::string to = dir / "to";
    const std::string image = dir / "image";
    const std::string make = "truncate -s 8M " + image + " && PATH=$PATH:/sbin:/usr/sbin mkfs.vfat " + image;
    const int status = in_child([&] {
        return on_mount(make + " && fusefat -o rw+ " + image + " " + to, to, [&] {
            const std::string path = to + "/" + std::string(name);
            const AtomicFileOptions replace{.on_exists = OnExists::replace};
            return first_false(
                {cured_by(publish(path, {}), "set on_exists to replace"), !publish(path, replace),
                 !publish(path, replace), curtail::find_artifact(path)->metadata.has_value(),
                 cured_by(publish(path, {.on_exists = OnExists::replace, .mode = 0644}), "Set mode to 0"),
                 !publish(path, {.on_exists = OnExists::replace, .mode = 0})});
        });
    });
    if (status == skipped && skip("no fusefat, no mkfs.vfat, or no permission to mount")) return;
    CHECK(status == 0);
}
#endif
