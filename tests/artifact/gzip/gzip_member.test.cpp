// SPDX-License-Identifier: MIT
#include <curtail/artifact/gzip/gzip_member.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "artifact/gzip/inflate.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::detail::gzip_member_bytes;
using curtail::detail::GzipCompressor;
using curtail::detail::max_gzip_member;

std::string member_of(GzipCompressor& compressor, std::string_view text) {
    std::string out(max_gzip_member, 'x');
    out.resize(compressor.compress(text, out.data()));
    return out;
}

std::string random_bytes(std::size_t size) {
    std::mt19937_64 random(test_seed());
    std::string text;
    while (text.size() < size) text += static_cast<char>(random() & 0xFFU);
    return text;
}

}  // namespace

TEST_CASE("GzipCompressor: whatever the bytes are, a member of 64 KiB holds them and gives them back", "[artifact]") {
    const std::string texts[] = {"", "a", std::string(gzip_member_bytes, 'a'), random_bytes(gzip_member_bytes),
                                 random_bytes(1000)};
    for (int level = 1; level <= 12; ++level) {
        GzipCompressor compressor(level);
        for (const std::string& text : texts) {
            const std::string member = member_of(compressor, text);
            const auto found = members_of(member);
            REQUIRE(found.size() == 1);
            CHECK(found[0].size == member.size());
            CHECK(found[0].text == text);
        }
    }
}

TEST_CASE("GzipCompressor: equal bytes make equal members, whatever was compressed before", "[artifact]") {
    GzipCompressor compressor(5);
    const std::string text = random_bytes(5000);
    const std::string first = member_of(compressor, text);
    (void)member_of(compressor, "something else");
    CHECK(member_of(compressor, text) == first);
}

TEST_CASE("gzip_end: is the end that readers of BGZF look for", "[artifact]") {
    CHECK(curtail::detail::gzip_end.size() == 28);
    const auto members = members_of(curtail::detail::gzip_end);
    REQUIRE(members.size() == 1);
    CHECK(members[0].text.empty());
}
