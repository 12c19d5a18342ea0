// SPDX-License-Identifier: MIT
#include <curtail/payload/message/artifact_error_text.hpp>

#include <string>

#include "catch.hpp"

using curtail::ArtifactError;
using curtail::ErrorCode;
using curtail::detail::JsonMeter;

TEST_CASE("artifact_error_text: leaves out a long path, then cuts between two characters", "[payload]") {
    const JsonMeter meter;
    const auto text = [&](const std::string& path, const std::string& why) {
        return curtail::detail::artifact_error_text(ArtifactError(ErrorCode::no_space, why, path), meter);
    };
    CHECK(text("/data/out.csv", "the disk is full") == "[curtail.no_space] /data/out.csv: the disk is full");
    CHECK(text(std::string(4000, 'p'), "the disk is full") == "[curtail.no_space] the disk is full");
    std::string euros;
    for (int i = 0; i < 500; ++i) euros += "\xE2\x82\xAC";
    const std::string cut = text("/p", euros);
    CHECK(cut.size() <= curtail::detail::max_artifact_error_bytes);
    CHECK(cut.size() > curtail::detail::max_artifact_error_bytes - 6);
    CHECK(cut.ends_with("\xE2\x82\xAC\xE2\x80\xA6"));
    CHECK(curtail::is_utf8(cut));
}
