// SPDX-License-Identifier: MIT
#include <curtail/payload/part/part_content.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "error_code.hpp"
#include "payload/part/content_maker.hpp"
#include "seed.hpp"

namespace {

using content_maker::content_of;
using content_maker::summary_of;
using curtail::ErrorCode;
using curtail::PayloadOptions;
using curtail::Schema;
using curtail::detail::hash_of_names;
using curtail::detail::PartContent;
using curtail::detail::unpack_part;

constexpr std::size_t limit = 1'000'000;

PartContent unpacked(std::string_view bytes, const PayloadOptions& expected = {}) {
    return unpack_part(bytes, limit, expected);
}

// Returns the code of the refusal of a part of 20 rows that was changed before it was sealed.
template <class Change>
auto refusal(Change change) {
    PartContent part = content_of(1, 3, 20, 5);
    change(part);
    return code_of([&] { return unpacked(summary_of(part)); });
}

}  // namespace

TEST_CASE("hash_of_names: differs for other names, another order and another number of predictions", "[payload]") {
    const auto hash = [](std::vector<curtail::ColumnSpec> columns, std::size_t predictions) {
        return hash_of_names(Schema(std::move(columns), predictions));
    };
    const std::uint64_t one = hash({{"a"}, {"b"}}, 1);
    CHECK(one == hash({{"a", {curtail::CellKind::int64}}, {"b"}}, 1));  // types are united, not compared
    CHECK(one != hash({{"b"}, {"a"}}, 1));
    CHECK(one != hash({{"a"}, {"b"}}, 0));
    CHECK(one != hash({{"a"}, {"b"}}, 2));
    CHECK(one != hash({{"ab"}, {""}}, 1));
    CHECK(one != hash({{"a"}, {"b"}, {""}}, 1));
}

TEST_CASE("unpack_part: gives back all that was packed", "[payload]") {
    for (const std::size_t rows : {0U, 1U, 10U, 11U, 50U}) {
        const PartContent part = content_of(2, 3, rows, 7);
        const std::string bytes = summary_of(part);
        const PartContent back = unpacked(bytes);
        CHECK(back.head.artifact.path == part.head.artifact.path);
        CHECK(back.head.place == part.head.place);
        CHECK(back.first_row == 7U);
        CHECK(back.sample.size() == (rows < 10 ? rows : 10));
        CHECK_FALSE(back.left_out);
        CHECK(back.statistics[0].result() == part.statistics[0].result());
        CHECK(summary_of(back) == bytes);
        CHECK(back.checksum == unpacked(bytes).checksum);
    }
    CHECK(unpacked(summary_of(content_of(0, 3, 5))).checksum != unpacked(summary_of(content_of(1, 3, 5))).checksum);
}

TEST_CASE("unpack_part: takes one byte less than the limit, and no byte more", "[payload]") {
    const std::string bytes = summary_of(content_of(0, 1, 20));
    CHECK_NOTHROW(unpack_part(bytes, bytes.size() + 1, {}));
    CHECK(code_of([&] { return unpack_part(bytes, bytes.size(), {}); }) == ErrorCode::payload_too_large);
    // The size is looked at first, so that nothing is read of what is too large.
    CHECK(code_of([&] { return unpack_part(std::string(100, 'x'), 100, {}); }) == ErrorCode::payload_too_large);
}

TEST_CASE("unpack_part: every cut is refused, with the place where it ends", "[payload]") {
    const std::string bytes = summary_of(content_of(0, 1, 20));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        try {
            static_cast<void>(unpacked(bytes.substr(0, size)));
            FAIL("took " << size << " bytes of " << bytes.size());
        } catch (const curtail::MessageError& error) {
            REQUIRE(error.code() == ErrorCode::part_damaged);
            REQUIRE(error.offset() <= size);
        }
    }
}

TEST_CASE("unpack_part: names the option that differs from the merger's", "[payload]") {
    const std::string bytes = summary_of(content_of(1, 3, 20));
    const auto check = [&](const PayloadOptions& options, std::string_view name) {
        CAPTURE(name);
        try {
            static_cast<void>(unpacked(bytes, options));
            FAIL("took a part that was made with other options");
        } catch (const curtail::PartsDiffer& error) {
            CHECK(error.code() == ErrorCode::parts_differ);
            CHECK(error.number() == 1);
            CHECK(std::string_view(error.what()).find(name) != std::string_view::npos);
        }
    };
    check({.sample_rows = 9}, "sample_rows");
    check({.sample_strategy = curtail::SampleStrategy::random}, "sample_strategy");
    check({.sample_seed = 1}, "sample_seed");
    check({.max_bytes = 999'999}, "max_bytes");
    check({.encoding = curtail::Encoding::base64}, "encoding");
    check({.statistics = {.exact_median_values = 1}}, "exact_median_values");
    check({.statistics = {.max_classes = 1}}, "max_classes");
    check({.statistics = {.max_number_classes = 1}}, "max_number_classes");
    check({.statistics = {.listed_classes = 1}}, "listed_classes");
    check({.statistics = {.histogram_bins = 1}}, "histogram_bins");
    // What decides nothing that the message shows may differ.
    CHECK_NOTHROW(unpacked(bytes, {.rows_total = 5, .part = {.number = 7, .of = 9, .host = "other"}}));
}

TEST_CASE("unpack_part: refuses what cannot be true, though its checksum is right", "[payload]") {
    CHECK_FALSE(refusal([](PartContent&) {}));
    const auto refused = [](auto change) { return refusal(change) == ErrorCode::part_damaged; };
    CHECK(refused([](PartContent& part) { part.head.artifact.rows = 19; }));
    CHECK(refused([](PartContent& part) { part.head.artifact.rows = 21; }));
    CHECK(refused([](PartContent& part) { part.features_total = 0; }));
    CHECK(refused([](PartContent& part) { part.statistics.clear(); }));
    CHECK(refused([](PartContent& part) { part.statistics.resize(2); }));
    CHECK(refused([](PartContent& part) { part.statistics[0].add(1.0); }));
    // Of the first rows none is missing without being said to be left out.
    CHECK(refused([](PartContent& part) { part.sample.pop_back(); }));
    CHECK_FALSE(refusal([](PartContent& part) { part.sample.pop_back(), part.left_out = {0, 9}; }));
    CHECK(refused([](PartContent& part) { part.sample.pop_back(), part.left_out = {0, 20}; }));
    CHECK(refused([](PartContent& part) { part.sample.front().number = 1; }));
    CHECK(refused([](PartContent& part) { part.sample.back().number = 20; }));
    CHECK(refused([](PartContent& part) { part.sample.push_back(part.sample.back()); }));
    CHECK(refused([](PartContent& part) { part.sample[3].cells.predictions.clear(); }));
    CHECK(refused([](PartContent& part) { part.sample[3].cells.features.resize(2); }));
    CHECK(refused([](PartContent& part) { part.first_row = (std::uint64_t{1} << 53U) + 1; }));
}

TEST_CASE("unpack_part: bytes of any content with a right checksum are taken or refused by a typed error",
          "[payload]") {
    std::mt19937_64 random(test_seed());
    const std::string bytes = summary_of(content_of(1, 3, 20, 5));
    auto unsealed = curtail::detail::unseal("curtail part\n", 1, bytes);
    const std::string body(unsealed.body.raw(unsealed.body.left()));
    curtail::detail::Packer packer;
    for (int round = 0; round < 3'000; ++round) {
        std::string changed = body;
        for (auto times = 1 + random() % 3; times > 0; --times)
            changed[random() % changed.size()] = static_cast<char>(random());
        if (random() % 8 == 0) changed.resize(random() % changed.size());
        curtail::detail::seal(packer, "curtail part\n", 1, {}, changed);
        try {
            const PartContent part = unpacked(packer.bytes());
            REQUIRE(part.sample.size() <= 10);
            REQUIRE(part.statistics.size() == part.predictions.size());
        } catch (const curtail::Error& error) {
            REQUIRE((error.code() == ErrorCode::part_damaged || error.code() == ErrorCode::parts_differ));
        }
    }
}

TEST_CASE("PartWriter: writes other heads into the room of the longest", "[payload]") {
    const PartContent part = content_of(0, 1, 20);
    const auto longest = curtail::detail::longest_head(part.head);
    curtail::detail::PartWriter writer(longest, part);
    const std::size_t most = writer.size();
    const char* const room = writer.bytes().data();
    writer.write(part.head);
    CHECK(writer.size() < most);
    CHECK(writer.bytes().data() == room);
    CHECK(writer.bytes() == summary_of(part));
    writer.write(longest);
    CHECK(writer.size() == most);
    CHECK(writer.bytes().data() == room);
    writer.write(part.head);
    CHECK(writer.take() == summary_of(part));
}
