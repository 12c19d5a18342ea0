// SPDX-License-Identifier: MIT
#include <curtail/payload/message/file_end.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

#include <curtail/payload/messages.hpp>

#include "catch.hpp"

using curtail::ResultPayload;
using curtail::detail::JsonMeter;
using curtail::detail::say_longest_missing;
using curtail::detail::say_missing;
using curtail::detail::say_published;
using curtail::detail::settle;

namespace {

std::size_t size_of(const ResultPayload& payload) {
    return curtail::result_message(payload).size();
}

}  // namespace

TEST_CASE("say_published: is at least as long as any end of that file", "[payload]") {
    const std::string digest(64, '0');
    for (const std::string& said : {std::string(), digest, std::string(10'000, '0'), std::string(64, 'x')}) {
        for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{UINT64_MAX}}) {
            ResultPayload payload;
            say_published(payload, "/data/a.csv", "csv");
            const std::size_t longest = size_of(payload);
            settle(payload, {"/data/a.csv", "csv", 1, bytes, said});
            CHECK(payload.output_bytes == bytes);
            CHECK_FALSE(payload.output_uncompressed_bytes);
            CHECK(payload.output_attachable == (bytes == 0));
            CHECK(size_of(payload) <= longest);
            settle(payload, {"/data/a.csv", "csv", 1, 8, said, bytes});
            CHECK(payload.output_uncompressed_bytes == bytes);
            CHECK(payload.output_attachable == true);
            CHECK(payload.output_sha256 == (said == digest ? digest : ""));
            CHECK(size_of(payload) <= longest);
        }
    }
}

TEST_CASE("settle: a file is attachable up to what Telegram takes from a bot, and a table in parts never",
          "[payload]") {
    for (const std::uint64_t bytes : {std::uint64_t{0}, curtail::telegram_upload_bytes}) {
        ResultPayload payload;
        say_published(payload, "/data/a.csv", "csv");
        settle(payload, {"/data/a.csv", "csv", 1, bytes});
        CHECK(payload.output_attachable == true);
        settle(payload, {"/data/a.csv", "csv", 1, 50'000'001 + bytes});
        CHECK(payload.output_attachable == false);
        ResultPayload parts;
        parts.output_parts_total = 2;
        say_published(parts, "/data/job", "csv");
        settle(parts, {"/data/job", "csv", 1, bytes});
        CHECK_FALSE(parts.output_attachable);
    }
}

TEST_CASE("say_longest_missing: is at least as long as any reason why there is no file", "[payload]") {
    ResultPayload longest;
    say_longest_missing(longest);
    for (const std::string& text : {std::string("why"), std::string(5000, 'x'), std::string(5000, '"')}) {
        for (const auto code : {curtail::ErrorCode::no_space, curtail::ErrorCode::artifact_exists}) {
            ResultPayload payload;
            say_missing(payload, {code, text, "/data/a.csv"}, JsonMeter());
            CHECK(size_of(payload) <= size_of(longest));
        }
    }
}

TEST_CASE("say_missing, say_published: replace all that the other has said", "[payload]") {
    ResultPayload payload;
    say_published(payload, "/data/a.csv", "csv");
    CHECK(payload.output_file == "/data/a.csv");
    say_longest_missing(payload);
    CHECK(payload.output_file.empty());
    CHECK(payload.output_format.empty());
    CHECK_FALSE(payload.output_bytes);
    CHECK_FALSE(payload.output_uncompressed_bytes);
    CHECK_FALSE(payload.output_attachable);
    CHECK(payload.output_sha256.empty());
    CHECK(payload.artifact_error_permanent == false);
    say_published(payload, "/data/a.csv", "csv");
    CHECK(payload.artifact_error.empty());
    CHECK_FALSE(payload.artifact_error_permanent);
}

TEST_CASE("artifact_error_text: leaves out a long path, then cuts between two characters", "[payload]") {
    const JsonMeter meter;
    const auto text = [&](const std::string& path, const std::string& why) {
        return curtail::detail::artifact_error_text(curtail::ArtifactError(curtail::ErrorCode::no_space, why, path),
                                                    meter);
    };
    CHECK(text("/data/out.csv", "the disk is full") == "[curtail.no_space] /data/out.csv: the disk is full");
    CHECK(text(std::string(4000, 'p'), "the disk is full") == "[curtail.no_space] the disk is full");
    CHECK(text("", "put: " + std::string(4000, 'x')).starts_with("[curtail.no_space] put: xx"));
    std::string euros;
    for (int i = 0; i < 500; ++i) euros += "\xE2\x82\xAC";
    const std::string cut = text("/p", euros);
    CHECK(cut.size() <= curtail::detail::max_artifact_error_bytes);
    CHECK(cut.size() > curtail::detail::max_artifact_error_bytes - 6);
    CHECK(cut.ends_with("\xE2\x82\xAC\xE2\x80\xA6"));
    CHECK(curtail::is_utf8(cut));
}
