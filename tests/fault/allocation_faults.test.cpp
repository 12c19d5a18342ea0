// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// Publishing when memory runs out: all of it is there before the first name changes.
#include <curtail/artifact/atomic_file.hpp>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/table/columns.hpp>
#if __has_include(<libdeflate.h>)
#include <curtail/artifact/gzip/gzip_stream.hpp>
#endif

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "fault/heap.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::OnExists;
using heap::allocations;
using heap::failing;
using Names = std::vector<std::string>;

constexpr std::string_view name = "predictions_job_1.csv";
constexpr std::string_view mark = "predictions_job_1.csv-metadata.json";

// Notes how many allocations there were when a name last changed.
template <bool has_unnamed>
struct NotingSystem : curtail::detail::LocalSystem {
    static inline std::size_t at_first_name = 0;

    static void note(const char* to) {
        if (std::string_view(to).front() != '.' && at_first_name == 0) at_first_name = allocations;
    }
    static int open_unnamed(int dir) noexcept {
        if (has_unnamed) return curtail::detail::LocalSystem::open_unnamed(dir);
        errno = ENOTSUP;
        return -1;
    }
    static int link_unnamed(int file, int dir, const char* to) noexcept {
        note(to);
        return curtail::detail::LocalSystem::link_unnamed(file, dir, to);
    }
    static int rename(int dir, const char* from, const char* to) noexcept {
        note(to);
        return curtail::detail::LocalSystem::rename(dir, from, to);
    }
    static int rename_exclusive(int dir, const char* from, const char* to) noexcept {
        note(to);
        return curtail::detail::LocalSystem::rename_exclusive(dir, from, to);
    }
};

template <class File>
void write(const std::string& path, OnExists on_exists, bool metadata, const std::vector<int>& numbers) {
    const auto table = curtail::columns(curtail::column("n", numbers));
    curtail::CsvSink<File> sink(File(path, {.on_exists = on_exists, .durability = curtail::Durability::none}),
                                {.threads = 1, .metadata = metadata});
    sink.open(table.schema());
    sink.append(table);
    (void)sink.finish();
}

// Fails each allocation of a run in turn, and checks that it has published all or nothing.
template <class System>
void fail_each_allocation(OnExists on_exists, bool metadata) {
    using File = curtail::BasicAtomicFile<System>;
    REQUIRE(heap::installed());
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string path = dir / name;
    std::size_t failed = 0;
    for (std::size_t k = 1;; ++k) {
        if (on_exists == OnExists::replace) write<curtail::AtomicFile>(path, on_exists, metadata, {9});
        const std::string old_mark = dir.read(mark);
        const Names before = dir.names();
        System::at_first_name = 0;
        bool thrown = false;
        allocations = 0;
        failing = k;
        std::size_t at_end = 0;
        try {
            write<File>(path, on_exists, metadata, {1, 2});
            at_end = allocations;
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        failing = 0;
        INFO("allocation " << k << ", metadata " << metadata << ", replace " << (on_exists == OnExists::replace));
        if (thrown) {
            ++failed;
            REQUIRE(System::at_first_name == 0);
            REQUIRE(dir.names() == before);
            REQUIRE(dir.read(name) == (on_exists == OnExists::replace ? "n\n9\n" : ""));
            REQUIRE(dir.read(mark) == old_mark);
            continue;
        }
        CHECK(System::at_first_name != 0);
        CHECK(System::at_first_name == at_end);
        CHECK(dir.read(name) == "n\n1\n2\n");
        CHECK(curtail::find_artifact(path)->metadata.has_value() == metadata);
        break;
    }
    CHECK(failed > 20);
}

}  // namespace

TEST_CASE("CsvSink: whichever allocation fails, nothing is published; none follows the first change of a name",
          "[fault]") {
    for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
        for (const bool metadata : {false, true}) {
            fail_each_allocation<NotingSystem<true>>(on_exists, metadata);
            fail_each_allocation<NotingSystem<false>>(on_exists, metadata);
        }
    }
}

#if __has_include(<libdeflate.h>)
TEST_CASE("GzipStream: an allocation that fails on the only thread ends the stream", "[fault]") {
    MemoryBytes output{MemoryOutput()};
    curtail::detail::GzipStream stream(output, 1, 1);
    const std::string text(curtail::detail::gzip_member_bytes, 'x');
    const auto fail = [&] {
        allocations = 0;
        failing = 1;
        stream.write(text);
    };
    CHECK_THROWS_AS(fail(), std::bad_alloc);
    failing = 0;
    CHECK_THROWS_AS(stream.write(text), std::bad_alloc);
    CHECK_THROWS_AS(stream.finish(), std::bad_alloc);
}
#endif
