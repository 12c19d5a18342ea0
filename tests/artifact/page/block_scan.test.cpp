// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/block_scan.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::BlockScan;
using curtail::detail::LineScanner;

namespace {

BlockScan byte_by_byte(std::string_view text, char quote) {
    BlockScan found;
    found.size = static_cast<std::uint32_t>(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == quote) found.odd = !found.odd;
        if (text[i] != '\n') continue;
        const std::size_t how = found.odd ? 1 : 0;  // which beginning makes this an end of a line
        ++found.lines[how];
        if (i + 1 == text.size()) {
            found.ends_line[how] = true;
        } else if (found.first[how] == BlockScan::none) {
            found.first[how] = static_cast<std::uint32_t>(i + 1);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("LineScanner: finds what a loop over the bytes finds", "[artifact]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 5000; ++round) {
        std::string text(random() % 300, 'x');
        const std::uint64_t rare = 1 + random() % 60;
        for (char& c : text) {
            if (random() % rare == 0) c = "\"\n,'\r"[random() % 5];
        }
        const char quote = random() % 2 == 0 ? '"' : '\'';
        const BlockScan found = LineScanner(quote).scan(text);
        const BlockScan expected = byte_by_byte(text, quote);
        CAPTURE(text);
        CHECK(found.size == expected.size);
        CHECK(found.odd == expected.odd);
        CHECK(found.lines == expected.lines);
        CHECK(found.first == expected.first);
        CHECK(found.ends_line == expected.ends_line);
    }
}
