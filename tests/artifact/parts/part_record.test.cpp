// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/part_record.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::PartRecord;
using curtail::detail::read_record_head;
using curtail::detail::read_record_texts;

namespace {

PartRecord record() {
    return {.number = 3,
            .of = 12,
            .attempt = ".part-00003.4711-0123456789abcdef.tmp",
            .file = "part-00003.csv",
            .rows = 1000,
            .bytes = 65536,
            .plain = 65536,
            .header = 17,
            .content = 0x44BC'2CF5'AD77'0999U,
            .sha256 = std::string(64, 'a')};
}

constexpr std::string_view table = "\"dialect\": {}";
const std::string summary("any\0bytes\nhead", 14);

}  // namespace

TEST_CASE("PartRecord: what was packed is read back", "[artifact]") {
    const std::string bytes = curtail::detail::packed_record(record(), table, summary);
    const auto head = read_record_head(bytes);
    REQUIRE(head);
    PartRecord expected = record();
    expected.table_size = table.size();
    expected.summary_size = summary.size();
    expected.table_hash = head->record.table_hash;
    expected.summary_hash = head->record.summary_hash;
    CHECK(head->record == expected);
    const auto texts = read_record_texts(*head, bytes);
    REQUIRE(texts);
    CHECK(texts->table == table);
    CHECK(texts->summary == summary);
    CHECK(texts->index.empty());
    const std::string indexed = curtail::detail::packed_record(record(), table, summary, "{index}");
    const auto indexed_head = read_record_head(indexed);
    REQUIRE(indexed_head);
    const auto indexed_texts = read_record_texts(*indexed_head, indexed);
    REQUIRE(indexed_texts);
    CHECK(indexed_texts->table == table);
    CHECK(indexed_texts->index == "{index}");
    CHECK(indexed_texts->summary == summary);
    // The head is read from the beginning alone.
    CHECK(read_record_head(bytes.substr(0, static_cast<std::size_t>(head->size)))->record == expected);
    PartRecord longest = record();
    for (auto* number : {&longest.rows, &longest.bytes, &longest.plain}) *number = curtail::detail::max_part_count;
    longest.header = curtail::detail::max_record;
    longest.number = 99'999;
    longest.of = 100'000;
    longest.attempt = ".part-99999.2147483647-0123456789abcdef.tmp";
    longest.file = "part-99999.csv.gz";
    CHECK(read_record_head(curtail::detail::packed_record(longest, {}, {})));
}

TEST_CASE("PartRecord: no changed, cut or extended record is read", "[artifact]") {
    const std::string bytes = curtail::detail::packed_record(record(), table, summary, "{index}");
    const auto is_whole = [](std::string_view text) {
        const auto head = read_record_head(text);
        return head && read_record_texts(*head, text);
    };
    REQUIRE(is_whole(bytes));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        INFO("byte " << i);
        REQUIRE_FALSE(is_whole(bytes.substr(0, i)));
        for (const char change : {'\x01', '\x20', '\x7f'}) {
            std::string other = bytes;
            other[i] = static_cast<char>(other[i] ^ change);
            REQUIRE_FALSE(is_whole(other));
        }
    }
    CHECK_FALSE(is_whole(bytes + "x"));
}

TEST_CASE("PartRecord: a record with right checksums names no file but those of its part", "[artifact]") {
    const auto is_read = [](auto change) {
        PartRecord other = record();
        change(other);
        return read_record_head(curtail::detail::packed_record(other, {}, {})).has_value();
    };
    CHECK(is_read([](PartRecord&) {}));
    CHECK(is_read([](PartRecord& r) { r.file = "part-00003.csv.gz"; }));
    CHECK(is_read([](PartRecord& r) { r.sha256.clear(); }));
    for (const std::string_view name : {"../etc/passwd", "part-00004.csv", "_SUCCESS", ".part-00003.summary", ""}) {
        CHECK_FALSE(is_read([&](PartRecord& r) { r.file = name; }));
        CHECK_FALSE(is_read([&](PartRecord& r) { r.attempt = name; }));
    }
    CHECK_FALSE(is_read([](PartRecord& r) { r.attempt = "part-00003.csv"; }));
    CHECK_FALSE(is_read([](PartRecord& r) { r.of = 3; }));
    CHECK_FALSE(is_read([](PartRecord& r) { r.of = 100'001; }));
    CHECK_FALSE(is_read([](PartRecord& r) { r.sha256 = std::string(64, 'x'); }));
    CHECK_FALSE(is_read([](PartRecord& r) { r.sha256 = "ab"; }));
    CHECK_FALSE(is_read([](PartRecord& r) { r.header = r.plain + 1; }));
    CHECK_FALSE(is_read([](PartRecord& r) { r.plain = 2 * (r.header = curtail::detail::max_record + 1); }));
    for (const auto count : {&PartRecord::rows, &PartRecord::bytes, &PartRecord::plain})
        CHECK_FALSE(is_read([&](PartRecord& r) { r.*count = curtail::detail::max_part_count + 1; }));
}

TEST_CASE("PartRecord: any bytes are read or refused", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const std::string bytes = curtail::detail::packed_record(record(), table, summary);
    for (int i = 0; i < 2000; ++i) {
        std::string other = bytes.substr(0, random() % (bytes.size() + 1));
        for (auto changes = random() % 4; changes != 0 && !other.empty(); --changes) {
            other[random() % other.size()] = static_cast<char>(random());
        }
        const auto head = read_record_head(other);
        if (head) (void)read_record_texts(*head, other);
        CHECK((!head || head->record.number < head->record.of));
    }
}
