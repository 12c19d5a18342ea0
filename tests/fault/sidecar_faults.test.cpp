// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// An artifact and its sidecar under every fault: a sidecar never describes another file.
#include <curtail/artifact/file/sidecar.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/housekeeping.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::OnExists;
using ScriptedFile = curtail::BasicAtomicFile<ScriptedSystem>;

constexpr std::string_view name = "predictions_job_1.csv";
constexpr std::string_view mark = "predictions_job_1.csv-metadata.json";
constexpr std::string_view old_bytes = "the old file\n";
constexpr std::string_view new_bytes = "n\n1\n2\n";
constexpr std::string_view old_mark = R"({"dcat:byteSize": 13})";

struct Machine {
    bool has_unnamed;
    bool has_rename_exclusive;
};
constexpr Machine machines[] = {{true, true}, {false, true}, {false, false}};

const std::vector<int> numbers = {1, 2};

void run(const ScratchDirectory& dir, Script& script, OnExists on_exists) {
    const auto table = curtail::columns(curtail::column("n", numbers));
    curtail::CsvSink<ScriptedFile> sink(
        ScriptedFile(dir / name, {.on_exists = on_exists, .reserve = 1}, ScriptedSystem(&script)), {.metadata = true});
    sink.open(table.schema());
    sink.append(table);
    (void)sink.finish();
}

std::optional<curtail::ArtifactError> error_of(const ScratchDirectory& dir, Script& script, OnExists on_exists) {
    try {
        run(dir, script, on_exists);
    } catch (const curtail::ArtifactError& error) {
        return error;
    }
    return {};
}

void put_old(const ScratchDirectory& dir, OnExists on_exists) {
    for (const std::string& left : dir.names()) std::filesystem::remove(dir / left);
    if (on_exists == OnExists::error) return;
    dir.put(name, old_bytes);
    dir.put(mark, old_mark);
}

// Checks what holds after any fault: files are complete, and the sidecar describes the artifact beside it.
void check_pair(const ScratchDirectory& dir) {
    const std::string data = dir.read(name);
    const std::string json = dir.read(mark);
    REQUIRE((data.empty() || data == old_bytes || data == new_bytes));
    if (json.empty()) return;
    REQUIRE_FALSE(data.empty());
    REQUIRE(nlohmann::json::parse(json)["dcat:byteSize"] == data.size());
    REQUIRE((json == old_mark) == (data == old_bytes));
}

bool has(const ScratchDirectory& dir, std::string_view file) {
    return std::filesystem::exists(dir / file);
}

}  // namespace

TEST_CASE("CsvSink with metadata: whichever call fails, both files are there, or the error tells what is left",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    int runs = 0;
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            for (const int error : {ENOSPC, EIO, EDQUOT, EACCES, EINTR}) {
                bool injected = true;
                for (int k = 0; injected; ++k, ++runs) {
                    Script script;
                    script.has_unnamed = machine.has_unnamed;
                    script.has_rename_exclusive = machine.has_rename_exclusive;
                    script.fail_from = k;
                    script.fail_until = k + 1;
                    script.error = error;
                    put_old(dir, on_exists);
                    const auto thrown = error_of(dir, script, on_exists);
                    injected = k < static_cast<int>(script.calls.size());
                    const std::string call(injected ? script.calls[static_cast<std::size_t>(k)] : "none");
                    INFO("unnamed " << machine.has_unnamed << ", call " << k << " (" << call << ") fails with errno "
                                    << error << ", replace " << (on_exists == OnExists::replace));
                    REQUIRE(script.open_descriptors == 0);
                    for (const std::string& left : dir.names()) REQUIRE((left == name || left == mark));
                    check_pair(dir);
                    if (!thrown) {
                        REQUIRE(dir.read(name) == new_bytes);
                        REQUIRE(has(dir, mark));
                        continue;
                    }
                    REQUIRE(injected);
                    // A failure before any name changes leaves the older pair as it was.
                    if (call == "write" || call == "set_mode" || call == "sync_data" || call == "truncate") {
                        REQUIRE(dir.read(name) == (on_exists == OnExists::replace ? old_bytes : ""));
                        REQUIRE(dir.read(mark) == (on_exists == OnExists::replace ? old_mark : ""));
                    }
                    REQUIRE(thrown->system_error() == error);
                    // A file of this run stays only if the failure came after it got its name.
                    const bool after =
                        std::string(thrown->what()).find("complete file is in place") != std::string::npos;
                    if (!after) REQUIRE(dir.read(name) != new_bytes);
                    if (!after && on_exists == OnExists::error) REQUIRE(dir.names().empty());
                    if (after) REQUIRE(dir.read(name) == new_bytes);
                }
            }
        }
    }
    CHECK(runs > 500);
}

TEST_CASE("CsvSink with metadata: when every call fails from some point on, no sidecar describes another file",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    bool said = false;
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            bool injected = true;
            for (int k = 0; injected; ++k) {
                Script script;
                script.has_unnamed = machine.has_unnamed;
                script.has_rename_exclusive = machine.has_rename_exclusive;
                script.fail_from = k;
                script.fail_until = 1'000'000;
                script.error = EIO;
                put_old(dir, on_exists);
                const auto thrown = error_of(dir, script, on_exists);
                injected = k < static_cast<int>(script.calls.size());
                INFO("unnamed " << machine.has_unnamed << ", from call " << k << " on");
                REQUIRE(script.open_descriptors == 0);
                check_pair(dir);
                if (!thrown || dir.read(name) != new_bytes) continue;
                const std::string what = thrown->what();
                const bool alone = what.find("it is complete, but without its mark") != std::string::npos;
                REQUIRE((alone || what.find("complete file is in place") != std::string::npos));
                if (alone) REQUIRE_FALSE(has(dir, mark));
                said = said || alone;
            }
        }
    }
    CHECK(said);
}

TEST_CASE("CsvSink with metadata: a process killed before any call leaves a true sidecar or none", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            bool killed = true;
            bool seen_unmarked = false;
            for (int k = 0; killed; ++k) {
                Script script;
                script.has_unnamed = machine.has_unnamed;
                script.has_rename_exclusive = machine.has_rename_exclusive;
                script.kill_at = k;
                put_old(dir, on_exists);
                const pid_t child = ::fork();
                if (child == 0) ::_exit(error_of(dir, script, on_exists) ? 1 : 0);
                int status = 0;
                REQUIRE(::waitpid(child, &status, 0) == child);
                killed = WIFSIGNALED(status);
                INFO("unnamed " << machine.has_unnamed << ", killed before call " << k);
                REQUIRE(curtail::remove_stale_artifacts(dir.path(), 0).removed.size() <= 2);
                for (const std::string& left : dir.names()) REQUIRE((left == name || left == mark));
                check_pair(dir);
                seen_unmarked = seen_unmarked || (dir.read(name) == new_bytes && !has(dir, mark));
                if (!killed) REQUIRE((dir.read(name) == new_bytes && has(dir, mark)));
            }
            CHECK(seen_unmarked);
        }
    }
}

TEST_CASE("CsvSink with metadata: all that needs space or the disk is done before the artifact has its name",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        Script script;
        script.has_unnamed = machine.has_unnamed;
        script.has_rename_exclusive = machine.has_rename_exclusive;
        run(dir, script, OnExists::replace);
        CHECK(script.count("sync_data") == 2);
        bool named = false;
        for (const std::string_view call : script.calls) {
            named = named || call == "rename";
            if (named) CHECK((call != "write" && call != "sync_data" && call != "set_mode"));
        }
        CHECK(named);
        put_old(dir, OnExists::error);
    }
}

namespace {

// Runs out of memory at one of its random numbers, which temporary names need.
struct OutOfMemory : curtail::detail::PosixSystem {
    int* left = nullptr;

    [[nodiscard]] std::uint64_t random() const {
        if (--*left == 0) throw std::bad_alloc();
        return PosixSystem::random();
    }
};

}  // namespace

TEST_CASE("CsvSink with metadata: other errors leave no artifact without its sidecar either", "[fault]") {
    const auto table = curtail::columns(curtail::column("n", numbers));
    int failures = 0;
    for (int at = 1;; ++at) {
        const ScratchDirectory dir;
        int left = at;
        OutOfMemory system;
        system.left = &left;
        using File = curtail::BasicAtomicFile<OutOfMemory>;
        try {
            curtail::CsvSink<File> sink(File(dir / name, {.on_exists = OnExists::replace}, system), {.metadata = true});
            sink.open(table.schema());
            sink.append(table);
            (void)sink.finish();
            break;
        } catch (const std::bad_alloc&) {
            ++failures;
            CHECK(dir.names().empty());
        }
    }
    CHECK(failures >= 2);
}
