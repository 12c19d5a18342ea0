// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/content.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/artifact/index/row_index.hpp>

#include "artifact/page/blocked_gzip.hpp"
#include "artifact/page/memory_view.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::detail::Content;
using curtail::detail::ContentReader;

std::string rest_of(const Content& content, std::uint64_t offset) {
    ContentReader reader(content, offset);
    std::string text;
    for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) text += piece;
    return text;
}

}  // namespace

TEST_CASE("ContentReader: reads from any offset to the end, plain or compressed", "[artifact]") {
    std::mt19937_64 random(test_seed());
    std::string text;
    while (text.size() < 1'700'000) text += std::to_string(random() % 1000) + ",";
    const MemoryView plain(text);
    const MemoryView compressed(blocked_gzip(text));
    const Content content{&compressed, true, seek_points(compressed.held)};
    REQUIRE(content.seek_points.size() == 2);
    for (int i = 0; i < 20; ++i) {
        const std::uint64_t offset = i == 0 ? 0 : i == 1 ? text.size() : random() % text.size();
        CHECK(rest_of({&plain}, offset) == text.substr(offset));
        CHECK(rest_of(content, offset) == text.substr(offset));
    }
    CHECK(rest_of(content, curtail::detail::row_index_step) == text.substr(curtail::detail::row_index_step));
}

TEST_CASE("ContentReader: finds every damage of a compressed file before it gives the bytes", "[artifact]") {
    std::mt19937_64 random(test_seed());
    std::string text;
    while (text.size() < 140'000) text += std::to_string(random() % 100'000) + "\n";
    const std::string whole = blocked_gzip(text);
    for (int i = 0; i < 300; ++i) {
        std::string bytes = whole;
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
        const MemoryView view(bytes);
        std::string read;
        const std::uint64_t fault = fault_of([&] {
            const Content content{&view, true, {0}};
            ContentReader reader(content, 0);
            for (std::string_view piece = reader.next(); !piece.empty(); piece = reader.next()) read += piece;
        });
        // Some bytes of a header mean nothing: time, system and flags.
        if (fault == static_cast<std::uint64_t>(-1)) CHECK(read == text);
        CHECK(text.starts_with(read));
    }
    for (std::size_t size = 1; size < whole.size(); size += 1 + size / 7) {
        const MemoryView view(whole.substr(0, size));
        CHECK(fault_of([&] { rest_of({&view, true, {0}}, 0); }) <= size);
    }
    const MemoryView longer(whole + "x");
    CHECK(fault_of([&] { rest_of({&longer, true, {0}}, 0); }) == whole.size() - curtail::detail::gzip_end.size());
    const MemoryView short_members(blocked_gzip("abc", false) + blocked_gzip("def"));
    CHECK(fault_of([&] { rest_of({&short_members, true, {0}}, 0); }) != static_cast<std::uint64_t>(-1));
    const MemoryView ordinary(std::string("\x1F\x8B\x08\0\0\0\0\0\0\3", 10) + std::string(100, 'x'));
    CHECK(fault_of([&] { rest_of({&ordinary, true, {0}}, 0); }) == 0);
}
