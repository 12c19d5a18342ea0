// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// An artifact and its metadata under every fault: those of two runs never pass for a pair, and the older ones are there
// until the newer ones are published.
#include <curtail/artifact/pair/sidecar.hpp>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/artifact/housekeeping.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"
#include "seed.hpp"

namespace {

using curtail::OnExists;
using ScriptedFile = curtail::BasicAtomicFile<ScriptedSystem>;
using Names = std::vector<std::string>;

constexpr std::string_view name = "predictions_job_1.csv";
constexpr std::string_view mark = "predictions_job_1.csv-metadata.json";
constexpr std::string_view old_bytes = "n\n9\n";
constexpr std::string_view new_bytes = "n\n1\n2\n";

struct Machine {
    bool has_unnamed;
    bool has_rename_exclusive;
    bool has_link;
};
#if defined(_WIN32)  // which always has the exclusive rename
constexpr Machine machines[] = {{true, true, true}, {false, true, true}, {false, true, false}};
#else
constexpr Machine machines[] = {{true, true, true}, {false, true, true}, {false, false, true}, {false, true, false}};
#endif

Script script_of(const Machine& machine) {
    Script script;
    script.has_unnamed = machine.has_unnamed;
    script.has_rename_exclusive = machine.has_rename_exclusive;
    script.has_link = machine.has_link;
    return script;
}

template <class File>
void write(File file, const std::vector<int>& numbers) {
    const auto table = curtail::columns(curtail::column("n", numbers));
    curtail::CsvSink<File> sink(std::move(file), {.threads = 1, .metadata = true});
    sink.open(table.schema());
    sink.append(table);
    (void)sink.finish();
}

std::optional<curtail::ArtifactError> error_of(const ScratchDirectory& dir, Script& script, OnExists on_exists) {
    try {
        write(ScriptedFile(dir / name, {.on_exists = on_exists, .reserve = 1}, ScriptedSystem(&script)), {1, 2});
    } catch (const curtail::ArtifactError& error) {
        return error;
    }
    return {};
}

void write_old(const ScratchDirectory& dir) {
    write(curtail::AtomicFile(dir / name, {.on_exists = OnExists::replace, .durability = curtail::Durability::none}),
          {9});
}

// Leaves the pair of an earlier run, where there is one to replace. Returns its metadata.
std::string put_old(const ScratchDirectory& dir, OnExists on_exists) {
    for (const std::string& left : dir.names()) std::filesystem::remove(dir / left);
    if (on_exists == OnExists::error) return {};
    write_old(dir);
    return dir.read(mark);
}

// Returns the rows of the pair that stands, and 0 if there is none. Checks that it is one.
std::uint64_t rows_that_stand(const ScratchDirectory& dir) {
    const auto found = curtail::find_artifact(dir / name);
    if (!found) return 0;
    const std::string data = dir.read(name);
    REQUIRE((data == old_bytes || data == new_bytes));
    REQUIRE(found->bytes == data.size());
    REQUIRE(found->metadata);
    const auto json = nlohmann::json::parse(*found->metadata);
    REQUIRE(json["dcat:byteSize"] == data.size());
    REQUIRE_FALSE(json.contains("dc:replaces"));
    REQUIRE(nlohmann::json::parse(dir.read(mark)).is_object());
    const std::uint64_t rows = json["schema:numberOfItems"];
    REQUIRE(rows == (data == old_bytes ? 1U : 2U));
    return rows;
}

}  // namespace

TEST_CASE("CsvSink with metadata: whichever call fails, the new pair is there, or the old one as it was", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    struct Kind {
        int error;
        bool acts;
    };
    int runs = 0;
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            for (const auto& [error, acts] :
                 {Kind{EIO, false}, Kind{EINTR, false}, Kind{EIO, true}, Kind{EEXIST, true}}) {
                bool injected = true;
                for (int k = 0; injected; ++k, ++runs) {
                    const std::string old_mark = put_old(dir, on_exists);
                    Script script = script_of(machine);
                    script.fail_from = k;
                    script.fail_until = k + 1;
                    script.error = error;
                    script.acts = acts;
                    const auto thrown = error_of(dir, script, on_exists);
                    injected = k < static_cast<int>(script.calls.size());
                    const std::string call(injected ? script.calls[static_cast<std::size_t>(k)] : "none");
                    INFO("unnamed " << machine.has_unnamed << ", exclusive " << machine.has_rename_exclusive
                                    << ", link " << machine.has_link << ", call " << k << " (" << call
                                    << ") fails with errno " << error << (acts ? " after its work" : "") << ", replace "
                                    << (on_exists == OnExists::replace) << ": "
                                    << (thrown ? thrown->what() : "no error"));
                    REQUIRE(script.open_descriptors == 0);
                    for (const std::string& left : dir.names()) {
                        // A file that was created, and the answer was that its name is taken, is nobody's.
                        if (acts && call == "open_exclusive" && error == EEXIST && left.front() == '.') {
                            std::filesystem::remove(dir / left);
                        }
                    }
                    const std::uint64_t rows = rows_that_stand(dir);
                    if (!thrown) {
                        REQUIRE(rows == 2);
                        REQUIRE(dir.names() == Names{std::string(name), std::string(mark)});
                        continue;
                    }
                    REQUIRE(injected);
                    REQUIRE(thrown->system_error() == error);
                    const bool in_place = std::string(thrown->what()).find("file is in place") != std::string::npos;
                    REQUIRE(in_place == (rows == 2));
                    if (in_place) {
                        REQUIRE(on_exists == OnExists::replace);
                        REQUIRE((call == "sync_directory" || call == "close"));
                    } else if (on_exists == OnExists::error) {
                        REQUIRE(dir.names().empty());
                    } else {
                        REQUIRE(rows == 1);
                        REQUIRE(dir.names() == Names{std::string(name), std::string(mark)});
                        if (machine.has_link) REQUIRE(dir.read(mark) == old_mark);
                    }
                }
            }
        }
    }
    CHECK(runs > 1000);
}

TEST_CASE("CsvSink with metadata: when every call fails from some point on, one pair is there all the same",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            for (const bool acts : {false, true}) {
                bool injected = true;
                for (int k = 0; injected; ++k) {
                    put_old(dir, on_exists);
                    Script script = script_of(machine);
                    script.fail_from = k;
                    script.fail_until = 1'000'000;
                    script.error = EIO;
                    script.acts = acts;
                    const auto thrown = error_of(dir, script, on_exists);
                    injected = k < static_cast<int>(script.calls.size());
                    INFO("unnamed " << machine.has_unnamed << ", from call " << k << " on, acts " << acts
                                    << ", replace " << (on_exists == OnExists::replace));
                    REQUIRE(script.open_descriptors == 0);
                    const std::uint64_t rows = rows_that_stand(dir);
                    if (on_exists == OnExists::replace) REQUIRE(rows != 0);
                    if (!thrown) REQUIRE(rows == 2);
                    if (thrown && rows == 2) {
                        const std::string what = thrown->what();
                        REQUIRE((what.find("file is in place") != std::string::npos ||
                                 what.find("could not be found out") != std::string::npos));
                    }
                }
            }
        }
    }
}

#if !defined(_WIN32)  // for want of fork()
TEST_CASE("CsvSink with metadata: a process killed before any call leaves one pair, and nothing that stops a retry",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    std::uint64_t part = 0;
    bool seen_both = false;
    for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
        for (const Machine& machine : machines) {
            const Sweep sweep = sweep_of(part++);
            bool killed = true;
            for (int k = sweep.first; killed; k += sweep.step) {
                const std::string old_mark = put_old(dir, on_exists);
                Script script = script_of(machine);
                script.kill_at = k;
                const pid_t child = ::fork();
                if (child == 0) ::_exit(error_of(dir, script, on_exists) ? 1 : 0);
                int status = 0;
                REQUIRE(::waitpid(child, &status, 0) == child);
                killed = WIFSIGNALED(status);
                INFO("unnamed " << machine.has_unnamed << ", killed before call " << k << ", replace "
                                << (on_exists == OnExists::replace));
                (void)curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0));
                for (const std::string& left : dir.names()) REQUIRE((left == name || left == mark));
                const std::uint64_t rows = rows_that_stand(dir);
                if (on_exists == OnExists::replace) REQUIRE(rows != 0);
                if (!killed) REQUIRE(rows == 2);
                const bool both = dir.read(mark).find("dc:replaces") != std::string::npos;
                if (both) REQUIRE(on_exists == OnExists::replace);
                seen_both = seen_both || both;
                // The next run is told that the file is there, or publishes.
                Script again = script_of(machine);
                const auto thrown = error_of(dir, again, on_exists);
                if (on_exists == OnExists::error && rows == 2) {
                    REQUIRE(thrown);
                    REQUIRE(thrown->code() == curtail::ErrorCode::artifact_exists);
                } else {
                    REQUIRE_FALSE(thrown);
                }
                REQUIRE(rows_that_stand(dir) == 2);
                REQUIRE(dir.names() == Names{std::string(name), std::string(mark)});
                REQUIRE(dir.read(mark).find("dc:replaces") == std::string::npos);
            }
        }
    }
    CHECK(seen_both);
}
#endif

TEST_CASE("CsvSink with metadata: another whole run between any two calls leaves a pair, or metadata of nothing",
          "[fault]") {
    // Without locks, as on a share of several machines: with them the other run would wait.
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    int mixed = 0;
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            bool met = true;
            for (int k = 0; met; ++k) {
                put_old(dir, on_exists);
                Script script = script_of(machine);
                script.has_lock = false;
                Script other = script_of(machine);
                other.has_lock = false;
                met = false;
                bool other_published = false;
                script.on_call = [&](int index) {
                    if (index != k) return;
                    met = true;
                    try {
                        write(ScriptedFile(dir / name, {.on_exists = on_exists}, ScriptedSystem(&other)), {9});
                        other_published = true;
                    } catch (const curtail::ArtifactError&) {
                    }
                };
                const bool published = !error_of(dir, script, on_exists);
                INFO("unnamed " << machine.has_unnamed << ", before call " << k << ", replace "
                                << (on_exists == OnExists::replace));
                const auto found = curtail::find_artifact(dir / name);
                REQUIRE(found);
                REQUIRE((published || other_published));
                if (on_exists == OnExists::error && met) REQUIRE(published != other_published);
                const std::string data = dir.read(name);
                REQUIRE((data == new_bytes || data == old_bytes));
                if (!published) REQUIRE(data == old_bytes);
                if (met && !other_published) REQUIRE(data == new_bytes);
                if (!found->metadata) {
                    ++mixed;  // and known to be: that is what the identifier is for
                } else {
                    REQUIRE(nlohmann::json::parse(*found->metadata)["dcat:byteSize"] == data.size());
                }
            }
        }
    }
    CAPTURE(mixed);
}

TEST_CASE("CsvSink with metadata: of two writers of one name, file and metadata are always of one", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const int rounds = by_tier(500, 5'000);
    int mixed = 0;
    std::atomic<int> failed = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto work = [&](std::size_t rows) {
            try {
                const std::vector<int> numbers(rows, 7);
                write(curtail::AtomicFile(dir / name,
                                          {.on_exists = OnExists::replace, .durability = curtail::Durability::none}),
                      numbers);
            } catch (const curtail::Error&) {
                ++failed;
            }
        };
        std::vector<std::thread> writers;
        for (const std::size_t rows : {10U, 20U, 30U}) writers.emplace_back(work, rows);
        for (std::thread& writer : writers) writer.join();
        const std::string size = std::to_string(std::filesystem::file_size(dir / name));
        if (dir.read(mark).find("\"dcat:byteSize\": " + size + ",") == std::string::npos) ++mixed;
        if (!curtail::find_artifact(dir / name)->metadata) ++mixed;
        if (dir.names().size() != 2) ++failed;
    }
    CHECK(mixed == 0);
    CHECK(failed == 0);
}

TEST_CASE("CsvSink without metadata: whichever call fails, the older pair is there, or the new file without metadata",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const bool acts : {false, true}) {
            bool injected = true;
            for (int k = 0; injected; ++k) {
                const std::string old_mark = put_old(dir, OnExists::replace);
                Script script = script_of(machine);
                script.fail_from = k;
                script.fail_until = k + 1;
                script.error = EIO;
                script.acts = acts;
                ScriptedFile file(dir / name, {.on_exists = OnExists::replace}, ScriptedSystem(&script));
                bool thrown = false;
                try {
                    file.open();
                    file.write(new_bytes);
                    file.commit();
                } catch (const curtail::ArtifactError&) {
                    thrown = true;
                }
                injected = k < static_cast<int>(script.calls.size());
                INFO("unnamed " << machine.has_unnamed << ", call " << k << " fails, acts " << acts);
                REQUIRE(script.open_descriptors == 0);
                if (file.published()) {
                    REQUIRE(dir.read(name) == new_bytes);
                    REQUIRE_FALSE(curtail::find_artifact(dir / name)->metadata);
                } else {
                    REQUIRE(thrown);
                    REQUIRE(rows_that_stand(dir) == 1);
                    REQUIRE(dir.read(mark) == old_mark);
                }
            }
        }
    }
}

TEST_CASE("CsvSink with metadata: all that needs space or the disk is done before the first name changes", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const OnExists on_exists : {OnExists::error, OnExists::replace}) {
            const std::string old_mark = put_old(dir, on_exists);
            Script script = script_of(machine);
            script.on_call = [&](int) {
                const std::string_view call = script.calls.back();
                if (call == "write" || call == "sync_data" || call == "set_mode" || call == "open_unnamed" ||
                    call == "open_exclusive" || call == "reserve") {
                    REQUIRE(dir.read(mark) == old_mark);
                    REQUIRE(dir.read(name) == (on_exists == OnExists::replace ? old_bytes : ""));
                }
            };
            REQUIRE_FALSE(error_of(dir, script, on_exists));
            CHECK(script.count("sync_data") == (on_exists == OnExists::replace ? 3 : 2));
            CHECK(script.count("sync_directory") == 1);
        }
    }
}

TEST_CASE("CsvSink with metadata: replaces metadata that is not a description, a link or unreadable", "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const std::string_view older : {"mine", "", "{}", "\xFF\x01\"\\"}) {
        put_old(dir, OnExists::replace);
        dir.put(mark, older);
        // Taken away between the naming of the metadata and of the file: what was there comes back.
        Script failing;
        failing.error = EIO;
        failing.on_call = [&](int index) {
            if (failing.fail_from != -1 || failing.calls.back() != "rename" || dir.read(mark) == older) return;
            failing.fail_from = index;
            failing.fail_until = index + 1;
        };
        CHECK(error_of(dir, failing, OnExists::replace));
        CHECK(dir.read(mark) == older);
        CHECK(dir.read(name) == old_bytes);
        Script script;
        CHECK_FALSE(error_of(dir, script, OnExists::replace));
        CHECK(rows_that_stand(dir) == 2);
        CHECK(dir.names().size() == 2);
    }
    put_old(dir, OnExists::replace);
    std::filesystem::remove(dir / mark);
    REQUIRE((make_link("nowhere", dir / mark) || on_windows));
    Script script;
    CHECK_FALSE(error_of(dir, script, OnExists::replace));
    CHECK(rows_that_stand(dir) == 2);
    CHECK_FALSE(std::filesystem::is_symlink(dir / mark));
}
