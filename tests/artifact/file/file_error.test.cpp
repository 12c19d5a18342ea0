// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/file_error.hpp>

#include <cerrno>
#include <string>

#include "catch.hpp"

TEST_CASE("artifact_failure: maps an errno to its code and names a cure", "[artifact]") {
    using curtail::ErrorCode;
    struct Case {
        int error;
        ErrorCode code;
        const char* cure;
    };
    for (const Case& c :
         {Case{ENOSPC, ErrorCode::no_space, "Free space"}, Case{EDQUOT, ErrorCode::no_space, "quota"},
          Case{EFBIG, ErrorCode::no_space, "file size limit"},
          Case{EACCES, ErrorCode::no_permission, "Let this user write"},
          Case{EPERM, ErrorCode::no_permission, "Let this user write"},
          Case{EROFS, ErrorCode::no_permission, "choose another"},
          Case{ENOENT, ErrorCode::no_directory, "Create the directory"},
          Case{ENOTDIR, ErrorCode::no_directory, "Create the directory"},
          Case{EEXIST, ErrorCode::artifact_exists, "another job id"}, Case{EIO, ErrorCode::io_failed, "Check the disk"},
          Case{EMFILE, ErrorCode::io_failed, "open files"}, Case{ENAMETOOLONG, ErrorCode::io_failed, "shorter path"},
          Case{ENOTSUP, ErrorCode::io_failed, "replace"}, Case{0, ErrorCode::io_failed, "no bytes"}}) {
        const auto error = curtail::detail::artifact_failure("/out/x.csv", "write", c.error, "nothing was published");
        INFO(error.what());
        CHECK(error.code() == c.code);
        CHECK(error.path() == "/out/x.csv");
        CHECK(error.operation() == "write");
        CHECK(error.system_error() == c.error);
        CHECK(std::string(error.what()).find(c.cure) != std::string::npos);
        CHECK(std::string(error.what()).find("/out/x.csv: write: ") != std::string::npos);
        CHECK(std::string(error.what()).ends_with("; nothing was published"));
    }
}
