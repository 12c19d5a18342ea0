// SPDX-License-Identifier: MIT
#include <curtail/artifact/artifact_sink.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/csv_sink.hpp>

#include <curtail/artifact/csv_artifact.hpp>
#include <curtail/artifact/parts_artifact.hpp>
#include "artifact/memory_output.hpp"

#include "catch.hpp"

namespace {

// The smallest possible sink: counts rows and publishes nothing.
struct CountingSink {
    std::uint64_t count = 0;

    std::string_view location() const { return "/nowhere"; }
    std::string_view format() const { return "count"; }
    std::uint64_t bytes_written() const { return 0; }
    void open(const curtail::Schema&) {}
    template <curtail::Table T>
    void append(const T& batch) {
        count += curtail::rows_of(batch);
    }
    curtail::ArtifactInfo finish() { return {"/nowhere", "count", count, 0}; }
    void abort() noexcept {}
};

struct ThrowingAbort : CountingSink {
    void abort() {}
};
struct NoFinish : CountingSink {
    curtail::ArtifactInfo finish() = delete;
};
struct Immovable : CountingSink {
    Immovable() = default;
    Immovable(const Immovable&) = delete;
    Immovable& operator=(const Immovable&) = delete;
};
struct OneTableOnly : CountingSink {
    struct Mine {};
    void append(const Mine&) {}
};

}  // namespace

static_assert(curtail::ArtifactSink<CountingSink>);
static_assert(curtail::ArtifactSink<curtail::CsvSink<>> && curtail::ArtifactSink<curtail::CsvSink<MemoryOutput>>);
static_assert(!curtail::ArtifactSink<ThrowingAbort>, "abort() runs while another exception is in flight");
static_assert(!curtail::ArtifactSink<NoFinish> && !curtail::ArtifactSink<Immovable> &&
              !curtail::ArtifactSink<OneTableOnly> && !curtail::ArtifactSink<MemoryOutput>);

TEST_CASE("ArtifactSink: accepts any type with the seven functions", "[artifact]") {
    CountingSink sink;
    sink.open({{"a"}});
    const curtail::AnyTable batch{{{"a"}}};
    sink.append(batch);
    const curtail::ArtifactInfo info = sink.finish();
    CHECK(info.format == "count");
    CHECK(info.rows == 0);
}

TEST_CASE("PageSource: is what CsvArtifact and PartsArtifact are", "[artifact]") {
    STATIC_REQUIRE(curtail::PageSource<curtail::CsvArtifact>);
    STATIC_REQUIRE(curtail::PageSource<curtail::PartsArtifact>);
    STATIC_REQUIRE_FALSE(curtail::PageSource<int>);
    STATIC_REQUIRE_FALSE(curtail::PageSource<curtail::AnyTable>);
}

TEST_CASE("sum_of: adds rows and sizes, and uncompressed ones if all parts say theirs", "[artifact]") {
    std::vector<curtail::PartArtifact> parts = {{0, {"/d/0", "csv.gz", 2, 10, {}, 30}},
                                                {1, {"/d/1", "csv.gz", 3, 20, {}, 40}}};
    auto whole = curtail::detail::sum_of(parts, "/d");
    CHECK(whole.path == "/d");
    CHECK(whole.format == "csv.gz");
    CHECK(whole.rows == 5);
    CHECK(whole.bytes == 30);
    CHECK(whole.uncompressed_bytes == 70U);
    parts[1].artifact.uncompressed_bytes.reset();
    CHECK_FALSE(curtail::detail::sum_of(parts, "/d").uncompressed_bytes);
}
