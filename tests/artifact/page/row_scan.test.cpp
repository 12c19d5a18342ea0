// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/row_scan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <curtail/artifact/index/row_index.hpp>

#include "artifact/page/blocked_gzip.hpp"
#include "artifact/page/memory_view.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::detail::Content;
using curtail::detail::FoundRows;
using curtail::detail::RowIndexWriter;
using curtail::detail::scan_rows;

struct Text {
    std::string text;
    std::uint64_t first_row = 0;
    std::uint64_t rows = 0;
    std::string index;
};

// Rows of any lengths, of which some hold quotes and line breaks.
Text some_rows(std::mt19937_64& random) {
    Text made;
    made.text = random() % 2 == 0 ? "a,b\n" : "";
    if (random() % 4 == 0) made.text = "\"head\n" + std::string(random() % 150'000, 'h') + "\"\n";
    made.first_row = made.text.size();
    RowIndexWriter index(made.first_row);
    const std::uint64_t longest = std::uint64_t{2} << random() % 17;
    const std::size_t size = random() % 3 == 0 ? random() % 1000 : random() % 9'000'000;
    while (made.text.size() < size) {
        std::string cell(random() % longest, 'x');
        for (char& c : cell) {
            if (random() % 16 == 0) c = '\n';
        }
        made.text += random() % 3 == 0 ? "\"" + cell + "\"\"\"\n" : "1,2\n";
        ++made.rows;
        if (made.text.size() >= index.wanted()) index.add({made.rows, made.text.size()});
    }
    made.index = index.text(made.rows);
    return made;
}

}  // namespace

TEST_CASE("scan_rows: finds the index that the sink would have written, on any number of threads", "[artifact]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < by_tier(5, 50); ++round) {
        const Text made = some_rows(random);
        const MemoryView plain(made.text);
        const MemoryView compressed(blocked_gzip(made.text));
        for (const std::size_t threads : {1U, 3U}) {
            for (const Content& content : {Content{&plain}, Content{&compressed, true}}) {
                const FoundRows found = scan_rows(content, '"', made.first_row, made.first_row == 0 ? 0 : 1, threads);
                CHECK(found.rows == made.rows);
                CHECK(found.text_bytes == made.text.size());
                CHECK(found.row_starts == made.index);
                if (content.gzip) CHECK(found.seek_points == seek_points(compressed.held));
            }
        }
    }
}

TEST_CASE("scan_rows: takes members of any sizes, and files that were joined", "[artifact]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < by_tier(5, 50); ++round) {
        const Text made = some_rows(random);
        std::string joined;
        for (std::string_view rest = made.text; !rest.empty() || joined.empty();) {
            const std::string_view part = rest.substr(0, random() % 3'000'000);
            const std::size_t member_bytes = random() % 2 == 0 ? 65'280 : 1000 + random() % 64'000;
            joined += blocked_gzip(part, random() % 2 == 0, member_bytes);
            rest.remove_prefix(part.size());
        }
        joined += curtail::detail::gzip_end;
        const MemoryView view(joined);
        Content content{&view, true};
        FoundRows found = scan_rows(content, '"', made.first_row, made.first_row == 0 ? 0 : 1, 1 + random() % 3);
        CHECK(found.rows == made.rows);
        CHECK(found.text_bytes == made.text.size());
        const curtail::detail::RowIndex index(found.row_starts, found.rows, found.text_bytes);
        content.seek_points = std::move(found.seek_points);
        content.text_points = std::move(found.text_points);
        for (int i = 0; i < 10 && made.rows != 0; ++i) {
            const auto start = index.before(random() % made.rows);
            REQUIRE(start);
            const std::string_view text = std::string_view(made.text).substr(static_cast<std::size_t>(start->offset));
            curtail::detail::ContentReader reader(content, start->offset);
            const std::string_view piece = reader.next();
            CHECK(!piece.empty());
            CHECK(text.starts_with(piece));
        }
    }
}

TEST_CASE("scan_rows: refuses a text that ends within a row", "[artifact]") {
    std::string rows;
    for (int i = 0; i < 1'000'000; ++i) rows += "1,\"x\ny\"\n";
    for (const std::string text : {"a,b\n1,2", "a,b\n\"1\n", "a,b"}) {
        for (const std::string& whole : {text, "a,b\n" + rows + text}) {
            const MemoryView view(whole);
            CHECK(fault_of([&] { (void)scan_rows({&view}, '"', 4, 1, 2); }) == whole.size());
        }
    }
}

TEST_CASE("scan_rows: names the first damaged member, on any number of threads", "[artifact]") {
    std::string text = "a,b\n";
    while (text.size() < 12'000'000) text += "12345678,\"x\ny\"\n";
    std::string bytes = blocked_gzip(text);
    const std::size_t member = 18 + 5 + 65'280 + 8;
    for (const std::size_t number : {150U, 40U, 41U}) {
        bytes[number * member + 1000] ^= 1;
        const MemoryView view(bytes);
        for (const std::size_t threads : {1U, 4U}) {
            const std::uint64_t fault = fault_of([&] { (void)scan_rows({&view, true}, '"', 4, 1, threads); });
            CHECK(fault == (std::min)(number, std::size_t{number == 150 ? 150U : 40U}) * member);
        }
    }
}
