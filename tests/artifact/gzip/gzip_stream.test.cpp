// SPDX-License-Identifier: MIT
#include <curtail/artifact/gzip/gzip_stream.hpp>

#include <algorithm>
#include <cstddef>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "artifact/gzip/inflate.hpp"
#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::detail::gzip_member_bytes;
using curtail::detail::GzipStream;

// Text that compresses to about a third.
std::string some_text(std::size_t size) {
    std::mt19937_64 random(test_seed());
    std::string text;
    while (text.size() < size) text += std::to_string(random() % 1'000'000) + ",word\n";
    text.resize(size);
    return text;
}

std::string compressed(std::string_view text, std::size_t threads, std::size_t piece) {
    MemoryOutput output;
    MemoryBytes bytes(output);
    GzipStream stream(bytes, 5, threads);
    for (std::size_t at = 0; at < text.size(); at += piece) stream.write(text.substr(at, piece));
    stream.finish();
    return output.kept->bytes;
}

}  // namespace

TEST_CASE("GzipStream: the bytes are the same for any number of threads and any pieces", "[artifact]") {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, gzip_member_bytes - 1, gzip_member_bytes,
                                   gzip_member_bytes + 1, 3 * gzip_member_bytes, 40 * gzip_member_bytes + 17}) {
        const std::string text = some_text(size);
        const std::string expected = compressed(text, 1, size + 1);
        const auto members = members_of(expected);
        CHECK(text_of(members) == text);
        CHECK(members.size() == (size + gzip_member_bytes - 1) / gzip_member_bytes + 1);
        CHECK(members.back().text.empty());
        for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{5}, GzipStream::max_threads}) {
            for (const std::size_t piece : {std::size_t{1009}, std::size_t{65'536}, size + 1}) {
                CHECK(compressed(text, threads, piece) == expected);
            }
        }
    }
}

TEST_CASE("GzipStream: what the output throws ends the stream, whichever write it is", "[artifact]") {
    const std::string text = some_text(30 * gzip_member_bytes);
    for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
        for (std::size_t failing = 0; failing < 32; ++failing) {
            MemoryOutput output;
            output.kept->fail_at_write = failing;
            MemoryBytes bytes(output);
            GzipStream stream(bytes, 1, threads);
            const auto run = [&] {
                for (std::size_t at = 0; at < text.size(); at += 10'000)
                    stream.write(std::string_view(text).substr(at, 10'000));
                stream.finish();
            };
            if (failing > 30) {
                CHECK_NOTHROW(run());
            } else {
                CHECK_THROWS_AS(run(), std::runtime_error);
            }
            CHECK(output.kept->write_sizes.size() == (std::min)(failing, std::size_t{31}));
        }
    }
}

TEST_CASE("GzipStream: discard() and destruction drop what was not written, at any time", "[artifact]") {
    const std::string text = some_text(20 * gzip_member_bytes);
    for (std::size_t size = 0; size < text.size(); size += 3 * gzip_member_bytes / 2) {
        MemoryBytes bytes{MemoryOutput()};
        GzipStream stream(bytes, 5, 3);
        stream.write(std::string_view(text).substr(0, size));
        if (size % 2 == 0) stream.discard();
    }
}
