// SPDX-License-Identifier: MIT
#include <curtail/payload/part/part_head.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/pack/sealed.hpp>
#include <curtail/payload/part/part_content.hpp>

#include "catch.hpp"
#include "error_code.hpp"

namespace {

using curtail::ErrorCode;
using curtail::detail::Packer;
using curtail::detail::PartHead;
using curtail::detail::unpack_part_head;

PartHead head() {
    return {.artifact = {.path = "/data/caf\xC3\xA9/part-00002.csv.gz",
                         .format = "csv.gz",
                         .rows = 1'000,
                         .bytes = 4'000,
                         .sha256 = std::string(64, 'a'),
                         .uncompressed_bytes = 16'000},
            .host = "node-7",
            .job_id = "job_1",
            .place = {.number = 2, .of = 3}};
}

// A summary with this head and, behind it, bytes that are not of the head.
std::string sealed(const PartHead& head, std::string_view rest = "rest", std::uint64_t version = 1) {
    Packer packed;
    head.pack(packed);
    Packer out;
    curtail::detail::seal(out, "curtail part\n", version, packed.bytes(), rest);
    return out.take();
}

template <class Change>
auto refusal(Change change) {
    PartHead other = head();
    change(other);
    return code_of([&] { return unpack_part_head(sealed(other)); });
}

}  // namespace

TEST_CASE("PartHead: is read back as it was packed, whatever follows it", "[payload]") {
    for (const std::string_view rest : {"", "any bytes"}) {
        for (const bool known : {true, false}) {
            PartHead expected = head();
            if (!known) {
                expected.artifact.sha256.clear();
                expected.artifact.uncompressed_bytes.reset();
                expected.host.clear();
            }
            const PartHead found = unpack_part_head(sealed(expected, rest));
            CHECK(found.artifact.path == expected.artifact.path);
            CHECK(found.artifact.format == expected.artifact.format);
            CHECK(found.artifact.rows == 1'000);
            CHECK(found.artifact.bytes == 4'000);
            CHECK(found.artifact.sha256 == expected.artifact.sha256);
            CHECK(found.artifact.uncompressed_bytes == expected.artifact.uncompressed_bytes);
            CHECK(found.host == expected.host);
            CHECK(found.job_id == expected.job_id);
            CHECK(found.place == expected.place);
        }
    }
}

TEST_CASE("PartHead: none is read of bytes that were cut off, extended or changed", "[payload]") {
    const std::string bytes = sealed(head());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        REQUIRE(code_of([&] { return unpack_part_head(bytes.substr(0, size)); }) == ErrorCode::part_damaged);
    }
    CHECK(code_of([&] { return unpack_part_head(bytes + "x"); }) == ErrorCode::part_damaged);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string changed = bytes;
        changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << bit % 8));
        REQUIRE_THROWS_AS(unpack_part_head(changed), curtail::MessageError);
    }
    CHECK(code_of([] { return unpack_part_head(sealed(head(), {}, 2)); }) == ErrorCode::newer_version);
}

TEST_CASE("PartHead: one that says what no part says is refused, though its checksum is right", "[payload]") {
    CHECK_FALSE(refusal([](PartHead&) {}));
    const auto refused = [](auto change) { return refusal(change) == ErrorCode::part_damaged; };
    CHECK(refused([](PartHead& h) { h.artifact.path = "/data/\xFF"; }));
    CHECK(refused([](PartHead& h) { h.artifact.format = "\xC3"; }));
    CHECK(refused([](PartHead& h) { h.artifact.format.assign(65, 'c'); }));
    CHECK(refused([](PartHead& h) { h.artifact.sha256.assign(63, 'a'); }));
    CHECK(refused([](PartHead& h) { h.artifact.sha256.assign(64, 'A'); }));
    CHECK(refused([](PartHead& h) { h.host = "\xFF"; }));
    CHECK(refused([](PartHead& h) { h.host.assign(256, 'h'); }));
    CHECK(refused([](PartHead& h) { h.job_id = "../job"; }));
    CHECK(refused([](PartHead& h) { h.job_id.assign(129, 'j'); }));
    CHECK(refused([](PartHead& h) { h.place.number = 3; }));
    CHECK(refused([](PartHead& h) { h.place = {.number = 0, .of = 0}; }));
}

TEST_CASE("PartHead: counts end where those of all parts can still be added", "[payload]") {
    constexpr std::uint64_t most = std::uint64_t{1} << 53U;
    const auto with = [](std::uint64_t count) {
        return [count](PartHead& h) {
            h.artifact.rows = h.artifact.bytes = count;
            h.artifact.uncompressed_bytes = count;
        };
    };
    CHECK_FALSE(refusal(with(most)));
    CHECK(refusal([](PartHead& h) { h.artifact.rows = most + 1; }) == ErrorCode::part_damaged);
    CHECK(refusal([](PartHead& h) { h.artifact.bytes = most + 1; }) == ErrorCode::part_damaged);
    CHECK(refusal([](PartHead& h) { h.artifact.uncompressed_bytes = most + 1; }) == ErrorCode::part_damaged);
    CHECK(refusal([](PartHead& h) { h.place.of = most + 1; }) == ErrorCode::part_damaged);
}
