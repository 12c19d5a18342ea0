// SPDX-License-Identifier: MIT
// Any bytes as a job id and as a path: what is taken stays in its directory, what is refused is refused in clean text.
#include <curtail/artifact/artifact_path.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "input.hpp"

namespace {

void check_id(std::string_view id) {
    try {
        const std::string path = curtail::artifact_path("/out", id);
        require(curtail::is_job_id(id));
        require(path == "/out/predictions_" + std::string(id) + ".csv");
        require(std::count(path.begin(), path.end(), '/') == 2);
        require(path.size() <= 5 + 12 + 128 + 4);
        require(path.find('\0') == std::string::npos);
    } catch (const curtail::UsageError& error) {
        require(!curtail::is_job_id(id));
        require(error.code() == curtail::ErrorCode::invalid_job_id);
        const std::string_view text = error.what();
        require(text.size() < 500);
        require(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
    }
}

void check_path(std::string_view path) {
    const std::string absolute = curtail::absolute_path(path, "/current/directory");
    require(absolute.starts_with('/'));
    require(absolute.find("//") == std::string::npos);
    require(absolute.find("/./") == std::string::npos);
    require(absolute == curtail::absolute_path(absolute, "/elsewhere"));
    require(path.starts_with('/') || absolute.starts_with("/current/directory"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = bytes_of(data, size);
    check_id(input);
    check_path(input);
    return 0;
}
