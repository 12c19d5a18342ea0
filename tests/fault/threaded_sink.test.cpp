// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// A sink with several threads keeps every promise of one with a single thread.
#include <curtail/artifact/csv_sink.hpp>

#include <grp.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::column;
using curtail::ErrorCode;

constexpr std::string_view name = "predictions_job_1.csv";

// An output of which one write fails, with an errno or by taking nothing.
struct FailingWrite : curtail::detail::PosixSystem {
    std::shared_ptr<int> writes = std::make_shared<int>(0);
    int fail_at = -1;
    int error = 0;

    std::ptrdiff_t write(int file, const char* bytes, std::size_t size) const {
        if ((*writes)++ != fail_at) return PosixSystem::write(file, bytes, size);
        errno = error;
        return error == 0 ? 0 : -1;
    }
};
using File = curtail::BasicAtomicFile<FailingWrite>;

// Some 3 MB as CSV.
struct Numbers {
    std::vector<std::uint64_t> values = std::vector<std::uint64_t>(75'000);

    Numbers() {
        for (std::size_t row = 0; row < values.size(); ++row) values[row] = row * 0x9E3779B97F4A7C15U;
    }
    [[nodiscard]] auto table() const { return curtail::columns(column("a", values), column("b", values)); }
};

// A table of which one row cannot be read.
struct Thrower {
    static constexpr bool concurrent_reads = true;

    curtail::Schema columns = {{"a"}};

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return columns; }
    [[nodiscard]] std::size_t rows() const noexcept { return 200'000; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        if (row == 150'000) throw curtail::TableError(ErrorCode::bad_cell, "row 150000", "a", row);
        visit(row);
    }
};

template <class T>
void write_table(const T& table, const std::string& path, FailingWrite system, std::size_t threads) {
    curtail::CsvSink<File> sink(File(path, {.durability = curtail::Durability::none}, std::move(system)),
                                {.threads = threads});
    sink.open(table.schema());
    sink.append(table);
    static_cast<void>(sink.finish());
}

[[maybe_unused]] std::size_t open_descriptors() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

}  // namespace

TEST_CASE("CsvSink: whichever write fails, with one thread or many, nothing is published and the error is the same",
          "[fault]") {
    const Numbers numbers;
    const auto table = numbers.table();
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string path = dir / name;
    const std::size_t descriptors = open_descriptors();
    for (const std::size_t threads : {1U, 2U, 6U}) {
        FailingWrite sound;
        write_table(table, path, sound, threads);
        const int writes = *sound.writes;
        REQUIRE(writes >= 10);
        REQUIRE(dir.names() == std::vector<std::string>{std::string(name)});
        std::filesystem::remove(path);
        for (const int error : {ENOSPC, EIO, 0}) {
            for (int k = 0; k < writes; ++k) {
                INFO(threads << " threads, write " << k << " fails with errno " << error);
                FailingWrite system;
                system.fail_at = k;
                system.error = error;
                try {
                    write_table(table, path, system, threads);
                    FAIL("a write failed, and nobody was told");
                } catch (const curtail::ArtifactError& failed) {
                    CHECK(failed.operation() == "write");
                    CHECK(failed.system_error() == error);
                    CHECK(failed.path() == path);
                }
                CHECK(dir.names().empty());
                // A failed write is the last one.
                CHECK(*system.writes == k + 1);
            }
        }
        FailingWrite interrupted;
        interrupted.fail_at = writes / 2;
        interrupted.error = EINTR;
        CHECK_NOTHROW(write_table(table, path, interrupted, threads));
        std::filesystem::remove(path);
    }
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("CsvSink: a cancelled run and a source that throws leave nothing, with one thread or many", "[fault]") {
    const Numbers numbers;
    const auto table = numbers.table();
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const std::size_t threads : {1U, 2U, 6U}) {
        curtail::PayloadOptions options{
            .on_progress = [](const curtail::SplitProgress& progress) { return progress.rows_done < 30'000; },
            .progress_interval = std::chrono::milliseconds(0)};
        CHECK_THROWS_AS(curtail::ResultPayloadBuilder("job_1", options)
                            .build(table, curtail::CsvSink(dir / name, {.threads = threads})),
                        curtail::Cancelled);
        CHECK(dir.names().empty());
        try {
            static_cast<void>(curtail::ResultPayloadBuilder("job_1").build(
                Thrower(), curtail::CsvSink(dir / name, {.threads = threads})));
            FAIL("rows were lost without a word");
        } catch (const curtail::TableError& error) {
            CHECK(error.row() == 150'000U);
        }
        CHECK(dir.names().empty());
    }
}

TEST_CASE("CsvSink: the calling thread does all if no thread can be started", "[fault]") {
    const Numbers numbers;
    const auto table = numbers.table();
    const auto write = [&](std::size_t threads) {
        MemoryOutput output;
        curtail::CsvSink<MemoryOutput> sink(output, {.threads = threads});
        sink.open(table.schema());
        sink.append(table);
        static_cast<void>(sink.finish());
        return output.kept->bytes;
    };
    const std::string expected = write(1);
    const pid_t child = ::fork();
    if (child == 0) {
        // The limit does not bind root.
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0))
            ::_exit(2);
        const rlimit none = {0, 0};
        if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(2);
        try {
            std::thread([] {}).join();
            ::_exit(2);  // the system does not enforce the limit
        } catch (const std::system_error&) {
        }
        ::_exit(write(4) == expected ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) std::cout << "skipped: this machine does not limit the number of threads\n";
    CHECK(WEXITSTATUS(status) != 1);
}

TEST_CASE("CsvSink: a forked child can neither harm its parent's file nor hang", "[fault]") {
    const Numbers numbers;
    const auto table = numbers.table();
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    struct NamedSystem : curtail::detail::PosixSystem {
        static int open_unnamed(int) noexcept {
            errno = ENOTSUP;
            return -1;
        }
    };
    using NamedFile = curtail::BasicAtomicFile<NamedSystem>;
    for (const std::size_t threads : {1U, 4U}) {
        curtail::CsvSink<NamedFile> sink(NamedFile(dir / name, {.durability = curtail::Durability::none}),
                                         {.threads = threads, .metadata = true});
        sink.open(table.schema());
        sink.append(table);
        for (int way = 0; way < 4; ++way) {
            const pid_t child = ::fork();
            if (child == 0) {
                ::alarm(300);  // instead of a hang
                bool refused = way > 1;
                try {
                    if (way == 0) sink.append(table);
                    if (way == 1) (void)sink.finish();
                } catch (const curtail::UsageError&) {
                    refused = true;
                }
                if (way == 2) sink.abort();
                { const curtail::CsvSink<NamedFile> gone(std::move(sink)); }
                ::_exit(refused ? 0 : 1);
            }
            int status = 0;
            REQUIRE(::waitpid(child, &status, 0) == child);
            INFO(threads << " threads, way " << way);
            CHECK(WIFEXITED(status));
            CHECK(WEXITSTATUS(status) == 0);
        }
        const curtail::ArtifactInfo info = sink.finish();
        CHECK(info.rows == 75'000);
        CHECK(std::filesystem::file_size(dir / name) == info.bytes);
        CHECK(dir.names().size() == 2);
        for (const std::string& left : dir.names()) std::filesystem::remove(dir / left);
    }
}
