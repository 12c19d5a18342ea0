// SPDX-License-Identifier: MIT
#include <curtail/table/csv/record_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "catch.hpp"

namespace {

struct Seen {
    std::string text;
    std::uint64_t line;
    std::uint64_t lines;

    friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> records_of(std::string text, std::size_t step, std::size_t max_record_bytes = 1U << 20U) {
    auto read = [text = std::move(text), step, at = std::size_t{0}](std::span<char> room) mutable {
        const std::size_t size = (std::min)({room.size(), step, text.size() - at});
        std::memcpy(room.data(), text.data() + at, size);
        at += size;
        return size;
    };
    curtail::detail::CsvRecordReader reader(curtail::detail::ByteSource(std::move(read)), "text", max_record_bytes,
                                            ',');
    std::vector<Seen> seen;
    curtail::detail::CsvRecord record;
    do {
        while (reader.next(record)) seen.push_back({std::string(record.begin, record.end), record.line, record.lines});
    } while (reader.fill(false));
    return seen;
}

}  // namespace

TEST_CASE("CsvRecordReader: records end at line feeds outside quotes, however the text arrives", "[table]") {
    const std::string text = "a,b\r\n\"x\ny\",\"\"\"\n\"\n\n1,2\n\"\r\n\",z\r\nlast";
    const std::vector<Seen> expected = {{"a,b", 1, 1}, {"\"x\ny\",\"\"\"\n\"", 2, 3}, {"", 5, 1},
                                        {"1,2", 6, 1}, {"\"\r\n\",z", 7, 2},          {"last", 9, 1}};
    for (std::size_t step = 1; step <= text.size(); ++step) {
        CAPTURE(step);
        CHECK(records_of(text, step) == expected);
    }
}

TEST_CASE("CsvRecordReader: an empty text has no records, a lone line feed one", "[table]") {
    CHECK(records_of("", 1).empty());
    CHECK(records_of("\n", 1) == std::vector<Seen>{{"", 1, 1}});
    CHECK(records_of("\xEF\xBB\xBF", 1).empty());
    CHECK(records_of("\xEF\xBB\xBF\x61", 1) == std::vector<Seen>{{"a", 1, 1}});
}

TEST_CASE("CsvRecordReader: a record longer than a block is kept whole", "[table]") {
    const std::size_t length = 3 * curtail::detail::CsvRecordReader::block_bytes + 17;
    const std::string text = "a\n" + std::string(length, 'x') + "\n\"" + std::string(length, '\n') + "\"\nz";
    const auto seen = records_of(text, 100'000);
    REQUIRE(seen.size() == 4);
    CHECK(seen[1].text.size() == length);
    CHECK(seen[2].text.size() == length + 2);
    CHECK(seen[2].lines == length + 1);
    CHECK(seen[3].text == "z");
    CHECK(seen[3].line == 4 + length);
}

TEST_CASE("CsvRecordReader: a record over the limit is an error on its first line, under any step", "[table]") {
    for (const std::size_t step : {1U, 7U, 1000U}) {
        CAPTURE(step);
        CHECK(records_of("a\n12345678\n", step, 8).size() == 2);
        try {
            records_of("a\n123456789\n", step, 8);
            FAIL("read");
        } catch (const curtail::InputError& error) {
            CHECK(error.code() == curtail::ErrorCode::malformed_input);
            CHECK(error.line() == 2);
            CHECK(std::string(error.what()).find("max_record_bytes") != std::string::npos);
        }
    }
}

TEST_CASE("CsvRecordReader: refuses UTF-16 by its byte order mark", "[table]") {
    CHECK_THROWS_AS(records_of(std::string("\xFF\xFE"
                                           "a\0",
                                           4),
                               4),
                    curtail::InputError);
    CHECK_THROWS_AS(records_of(std::string("\xFE\xFF\0a", 4), 1), curtail::InputError);
}

TEST_CASE("CsvRecordReader: refuses a callback that returns more bytes than its buffer has", "[table]") {
    for (const std::size_t more : {SIZE_MAX, curtail::detail::CsvRecordReader::block_bytes + 1}) {
        try {
            const auto read = [more](std::span<char>) { return more; };
            const curtail::detail::CsvRecordReader reader(curtail::detail::ByteSource(read), "text", 1000, ',');
            FAIL("took " << more);
        } catch (const curtail::InputError& error) {
            CHECK(error.code() == curtail::ErrorCode::unreadable_input);
            CHECK(std::string(error.what()).find("throw if it cannot read") != std::string::npos);
        }
    }
}
