// SPDX-License-Identifier: MIT
#pragma once
// The error of a failed system call: its code, what happened, and what a person can do about it.

#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Returns the code of the error for an errno.
[[nodiscard]] ErrorCode artifact_error_code(int error) noexcept;

// Returns the error of one failed call. `error` is its errno, or 0 if the call failed without one.
[[nodiscard]] ArtifactError artifact_failure(std::string path, std::string_view operation, int error,
                                             std::string_view outcome);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <cerrno>
#include <cstring>
#include <utility>

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE ErrorCode artifact_error_code(int error) noexcept {
    switch (error) {
        case EEXIST: return ErrorCode::artifact_exists;
        case ENOSPC:
        case EDQUOT:
        case EFBIG: return ErrorCode::no_space;
        case EACCES:
        case EPERM:
        case EROFS: return ErrorCode::no_permission;
        case ENOENT:
        case ENOTDIR: return ErrorCode::no_directory;
        default: return ErrorCode::io_failed;
    }
}

CURTAIL_INLINE std::string_view artifact_cure(ErrorCode code, int error) noexcept {
    switch (code) {
        case ErrorCode::artifact_exists: return "Use another job id, remove the file, or set on_exists to replace";
        case ErrorCode::no_space:
            return error == EFBIG ? "Raise the file size limit (ulimit -f)" : "Free space there or raise the quota";
        case ErrorCode::no_permission: return "Let this user write to the directory, or choose another";
        case ErrorCode::no_directory: return "Create the directory, or choose another";
        default: break;
    }
    switch (error) {
        case EMFILE:
        case ENFILE: return "Raise the limit on open files (ulimit -n)";
        case ENAMETOOLONG: return "Use a shorter path";
        case EISDIR: return "Move the directory of that name away";
        case ENOTSUP: return "Set on_exists to replace, or choose a directory on another file system";
        default: return "Check the disk or the network share, then run the job again";
    }
}

CURTAIL_INLINE ArtifactError artifact_failure(std::string path, std::string_view operation, int error,
                                              std::string_view outcome) {
    const ErrorCode code = artifact_error_code(error);
    const std::string_view reason = error != 0 ? std::strerror(error) : "the system took no bytes and gave no reason";
    const std::string text = concat({operation, ": ", reason, ". ", artifact_cure(code, error), "; ", outcome});
    return {code, text, std::move(path), std::string(operation), error};
}

}  // namespace curtail::inline v0::detail
#endif
