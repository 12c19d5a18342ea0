// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/file_error.hpp>

#include <cerrno>
#include <string>
#include <vector>

#include "catch.hpp"
#include "fault/machine.hpp"

namespace {

bool contains(const curtail::Error& error, const char* text) {
    return std::string(error.what()).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("artifact_failure: maps an errno to its code, and operation and errno to a cure", "[artifact]") {
    using curtail::ErrorCode;
    struct Case {
        const char* operation;
        int error;
        ErrorCode code;
        const char* cure;
    };
    std::vector<Case> cases = {
        {"write", ENOSPC, ErrorCode::no_space, "Free space"},
        {"create", ENOSPC, ErrorCode::no_space, "inodes"},
        {"write", EFBIG, ErrorCode::no_space, "file size limit"},
        {"create", EACCES, ErrorCode::no_permission, "Let this user write"},
        {"create", EPERM, ErrorCode::no_permission, "Let this user write"},
        {"open directory", EACCES, ErrorCode::no_permission, "Let this user search"},
        {"look up", EACCES, ErrorCode::no_permission, "Let this user search"},
        {"read directory", EACCES, ErrorCode::no_permission, "Let this user read"},
        {"create", EROFS, ErrorCode::no_permission, "that can be written"},
        {"set mode", EPERM, ErrorCode::no_permission, "Set mode to 0"},
        {"set mode", ENOSYS, ErrorCode::io_failed, "Set mode to 0"},
        {"set mode", EROFS, ErrorCode::no_permission, "that can be written"},
        {"set mode", EIO, ErrorCode::io_failed, "Check the disk"},
        {"publish", EPERM, ErrorCode::no_permission, "set on_exists to replace"},
        {"publish", ENOTSUP, ErrorCode::io_failed, "set on_exists to replace"},
        {"publish", ENOSYS, ErrorCode::io_failed, "set on_exists to replace"},
        {"publish", EACCES, ErrorCode::no_permission, "Let this user write"},
        {"publish", EEXIST, ErrorCode::artifact_exists, "another job id"},
        {"publish", ENOENT, ErrorCode::no_directory, "removed during the run"},
        {"replace", ENOENT, ErrorCode::no_directory, "removed during the run"},
        {"replace", EPERM, ErrorCode::no_permission, "remove the older file"},
        {"replace", EISDIR, ErrorCode::io_failed, "Move the directory"},
        {"open directory", ENOENT, ErrorCode::no_directory, "Create the directory"},
        {"open directory", ENOTDIR, ErrorCode::no_directory, "a part of the path"},
        {"open directory", ELOOP, ErrorCode::io_failed, "symbolic links"},
        {"open directory", EMFILE, ErrorCode::io_failed, "open files"},
        {"look up", ENAMETOOLONG, ErrorCode::io_failed, "shorter path"},
        {"sync", EIO, ErrorCode::io_failed, "Check the disk"},
        {"sync", EINVAL, ErrorCode::io_failed, "Set durability to none"},
        {"write", 0, ErrorCode::io_failed, "no bytes"},
    };
#if defined(EDQUOT)
    cases.push_back({"write", EDQUOT, ErrorCode::no_space, "quota"});
#endif
    cases.push_back({"set mode", ENOTSUP, ErrorCode::io_failed, on_windows ? "no group" : "Set mode to 0, which"});
    for (const Case& c : cases) {
        const auto error =
            curtail::detail::artifact_failure("/out/x.csv", c.operation, c.error, "nothing was published");
        INFO(error.what());
        CHECK(error.code() == c.code);
        CHECK(error.path() == "/out/x.csv");
        CHECK(error.operation() == c.operation);
        CHECK(error.system_error() == c.error);
        CHECK(contains(error, c.cure));
        CHECK(contains(error, ("/out/x.csv: " + std::string(c.operation) + ": ").c_str()));
        CHECK(std::string(error.what()).ends_with("; nothing was published"));
    }
}

TEST_CASE("artifact_is_there: says that the file is complete, how large it is, and how a retry gets it", "[artifact]") {
    const auto error = curtail::detail::artifact_is_there("/out/x.csv", "look up", {.regular = true, .bytes = 123});
    INFO(error.what());
    CHECK(error.code() == curtail::ErrorCode::artifact_exists);
    CHECK(error.permanent());
    CHECK(error.system_error() == EEXIST);
    CHECK(contains(error, "the file is there and complete (123 bytes)"));
    CHECK(contains(error, "find_artifact()"));
    CHECK(contains(error, "on_exists"));
    CHECK(contains(curtail::detail::artifact_is_there("/x", "look up", {.directory = true}),
                   "a directory has the name. Give the path of a file in it"));
    CHECK(contains(curtail::detail::artifact_is_there("/x", "look up", {.special = true}),
                   "a device, a pipe or a socket has the name. Choose another name"));
    CHECK(contains(curtail::detail::artifact_is_there("/x", "look up", {}), "a link or a special file has the name"));
}
