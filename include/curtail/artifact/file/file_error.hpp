// SPDX-License-Identifier: MIT
#pragma once
// The error of a failed system call: its code, what happened, and what a person can do about it.

#include <string>
#include <string_view>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// A call that failed: its operation, as the text of the error names it, and its errno. If the operation is empty,
// nothing failed.
struct Fault {
    std::string_view operation;
    int error = 0;

    explicit operator bool() const noexcept { return !operation.empty(); }
};

// Returns the code of the error for an errno.
[[nodiscard]] ErrorCode artifact_error_code(int error) noexcept;

// Returns the error of one failed call. `error` is its errno, or 0 if the call failed without one.
[[nodiscard]] ArtifactError artifact_failure(std::string path, std::string_view operation, int error,
                                             std::string_view outcome);

// Returns the error of a name that `file` has already.
[[nodiscard]] ArtifactError artifact_is_there(std::string path, std::string_view operation, const FileEntry& file);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <cerrno>
#include <system_error>
#include <utility>

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE ErrorCode artifact_error_code(int error) noexcept {
    switch (error) {
        case EEXIST: return ErrorCode::artifact_exists;
        case ENOSPC:
#if defined(EDQUOT)
        case EDQUOT:
#endif
        case EFBIG: return ErrorCode::no_space;
        case EACCES:
        case EPERM:
        case EROFS: return ErrorCode::no_permission;
        case ENOENT:
        case ENOTDIR: return ErrorCode::no_directory;
        default: return ErrorCode::io_failed;
    }
}

// Returns what helps against this error whatever the operation was, or an empty text.
CURTAIL_INLINE std::string_view general_cure(int error) noexcept {
    switch (error) {
        case ENOSPC: return "Free space or inodes there";
#if defined(EDQUOT)
        case EDQUOT: return "Free space there or raise the quota";
#endif
        case EFBIG: return "Raise the file size limit (ulimit -f)";
        case EROFS: return "Choose a directory on a file system that can be written";
        case ENOTDIR: return "Choose a directory: a part of the path is not a directory";
        case EISDIR: return "Move the directory of that name away";
        case EBUSY: return "Close the file in the other program that has it open, then run the job again";
        case EMFILE:
        case ENFILE: return "Raise the limit on open files (ulimit -n)";
        case ENAMETOOLONG: return "Use a shorter path";
        case ELOOP: return "Choose a path without a circle of symbolic links";
        default: return {};
    }
}

CURTAIL_INLINE std::string_view artifact_cure(std::string_view operation, int error) noexcept {
    if (const std::string_view cure = general_cure(error); !cure.empty()) return cure;
    const bool naming = operation == "publish" || operation == "replace";
#if defined(_WIN32)
    if (operation == "set mode" && error == ENOTSUP) {
        return "Give others the rights of the group or give it none, because a file has no group on Windows; or set "
               "mode to 0";
    }
#endif
    if (operation == "set mode" && error != EIO) {
        return "Set mode to 0, which leaves the permissions to the file system, or choose a directory on another one";
    }
    switch (error) {
        case EEXIST: return "Use another job id, remove the file, or set on_exists to replace";
        case ENOENT:
            return naming ? "The temporary file or its directory was removed during the run: keep them, then run the "
                            "job again"
                          : "Create the directory, or choose another";
        case EACCES:
            if (operation == "read directory") return "Let this user read the directory, or choose another";
            if (operation == "open directory" || operation == "look up") {
                return "Let this user search the directory, or choose another";
            }
            return "Let this user write to the directory, or choose another";
        case EPERM:
        case ENOSYS:
        case EINVAL:
#if EOPNOTSUPP != ENOTSUP
        case EOPNOTSUPP:
#endif
        case ENOTSUP:
        case EMLINK:
            if (operation == "publish") {
                return "The file system has neither hard links nor a rename that spares an existing file: set "
                       "on_exists to replace, or choose a directory on another one";
            }
            if (operation == "replace" && error == EPERM) {
                return "Let this user replace files of the directory, remove the older file, or choose another "
                       "directory";
            }
            if (operation == "sync") return "Set durability to none, or choose a directory on another file system";
            if (error == EPERM) return "Let this user write to the directory, or choose another";
            return "Choose a directory on another file system";
        default: return "Check the disk or the network share, then run the job again";
    }
}

CURTAIL_INLINE ArtifactError artifact_failure(std::string path, std::string_view operation, int error,
                                              std::string_view outcome) {
    const ErrorCode code = artifact_error_code(error);
    const std::string reason =
        error != 0 ? std::generic_category().message(error) : "the system took no bytes and gave no reason";
    const std::string text = concat({operation, ": ", reason, ". ", artifact_cure(operation, error), "; ", outcome});
    return {code, text, std::move(path), std::string(operation), error};
}

CURTAIL_INLINE ArtifactError artifact_is_there(std::string path, std::string_view operation, const FileEntry& file) {
    if (!file.regular) {
        const std::string_view what = file.directory ? "a directory has the name. Give the path of a file in it"
                                      : file.special ? "a device, a pipe or a socket has the name. Choose another name"
                                                     : "a link or a special file has the name. Remove it";
        const std::string text = concat({operation, ": ", what, ", or use another job id; nothing was published"});
        return {ErrorCode::artifact_exists, text, std::move(path), std::string(operation), EEXIST};
    }
    const std::string text =
        concat({operation, ": the file is there and complete (", std::to_string(file.bytes),
                " bytes). If an earlier attempt of this job published it, find_artifact() returns it. Otherwise use "
                "another job id, remove the file, or set on_exists to replace; nothing was published now"});
    return {ErrorCode::artifact_exists, text, std::move(path), std::string(operation), EEXIST};
}

}  // namespace curtail::inline v0::detail
#endif
