// SPDX-License-Identifier: MIT
#include <curtail/payload/message/file_end.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <curtail/payload/messages.hpp>

#include "catch.hpp"

using curtail::ResultPayload;
using curtail::detail::FileEnd;
using curtail::detail::longest_missing;
using curtail::detail::longest_published;
using curtail::detail::missing_file;

namespace {

std::size_t size_with(FileEnd end) {
    ResultPayload payload;
    std::move(end).move_into(payload);
    return curtail::result_message(payload).size();
}

}  // namespace

TEST_CASE("longest_published: is at least as long as any end of that file", "[payload]") {
    const std::string digest(64, '0');
    for (const std::string& said : {std::string(), digest, std::string(10'000, '0'), std::string(64, 'x')}) {
        for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{UINT64_MAX}}) {
            FileEnd end = longest_published("/data/a.csv", "csv");
            const std::size_t longest = size_with(end);
            curtail::detail::settle(end, {"/data/a.csv", "csv", 1, bytes, said});
            CHECK(end.output_bytes == bytes);
            CHECK_FALSE(end.output_uncompressed_bytes);
            CHECK(end.output_attachable == (bytes == 0));
            CHECK(size_with(end) <= longest);
            curtail::detail::settle(end, {"/data/a.csv", "csv", 1, 8, said, bytes});
            CHECK(end.output_uncompressed_bytes == bytes);
            CHECK(end.output_attachable == true);
            CHECK(end.output_sha256 == (said == digest ? digest : ""));
            CHECK(size_with(end) <= longest);
        }
    }
}

TEST_CASE("settle: a file is attachable up to what Telegram takes from a bot", "[payload]") {
    for (const std::uint64_t bytes : {std::uint64_t{0}, curtail::telegram_upload_bytes}) {
        FileEnd end = longest_published("/data/a.csv", "csv");
        curtail::detail::settle(end, {"/data/a.csv", "csv", 1, bytes});
        CHECK(end.output_attachable == true);
        curtail::detail::settle(end, {"/data/a.csv", "csv", 1, 50'000'001 + bytes});
        CHECK(end.output_attachable == false);
    }
}

TEST_CASE("longest_missing: is at least as long as any reason why there is no file", "[payload]") {
    const std::size_t longest = size_with(longest_missing());
    for (const std::string& text : {std::string("why"), std::string(5000, 'x'), std::string(5000, '"')}) {
        for (const auto code : {curtail::ErrorCode::no_space, curtail::ErrorCode::artifact_exists}) {
            CHECK(size_with(missing_file({code, text, "/data/a.csv"}, curtail::detail::JsonMeter())) <= longest);
        }
    }
}

TEST_CASE("FileEnd: replaces all that another end has said", "[payload]") {
    ResultPayload payload;
    longest_published("/data/a.csv", "csv").move_into(payload);
    CHECK(payload.output_file == "/data/a.csv");
    longest_missing().move_into(payload);
    CHECK(payload.output_file.empty());
    CHECK(payload.output_format.empty());
    CHECK_FALSE(payload.output_bytes);
    CHECK_FALSE(payload.output_uncompressed_bytes);
    CHECK_FALSE(payload.output_attachable);
    CHECK(payload.output_sha256.empty());
    CHECK(payload.artifact_error_permanent == false);
    longest_published("/data/a.csv", "csv").move_into(payload);
    CHECK(payload.artifact_error.empty());
    CHECK_FALSE(payload.artifact_error_permanent);
}
