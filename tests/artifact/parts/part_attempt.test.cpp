// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/part_attempt.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "error_code.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::ErrorCode;
using curtail::PartHeader;
using curtail::PartPlace;
using curtail::PartsOptions;
using Attempt = curtail::detail::PartAttempt<ScriptedSystem>;
using Store = curtail::detail::PartStore<ScriptedSystem>;
using Names = std::vector<std::string>;

constexpr std::string_view bytes = "n\n1\n";
const curtail::ArtifactInfo one_row{.path = {}, .format = "csv", .rows = 1};

// A machine, a directory for parts on it, and attempts to write part 0 of 2.
struct Parts {
    ScratchDirectory dir{ScratchDirectory::fast_parent()};
    Script script;
    std::string path = dir / "p";

    [[nodiscard]] Attempt attempt(std::uint64_t number = 0, std::uint64_t of = 2, const PartsOptions& options = {}) {
        return Attempt(ScriptedSystem(&script), path, number, of, options);
    }
    [[nodiscard]] Names names() const { return ScratchDirectory::names_in(path); }
    [[nodiscard]] std::optional<Store::Record> record(std::uint64_t number = 0) {
        Store store(ScriptedSystem(&script), path);
        return store.open() ? store.record(number) : std::nullopt;
    }
};

void write(Attempt& attempt, std::string_view text = bytes) {
    attempt.limit_threads(1);
    attempt.open();
    attempt.write(std::span<const char>(text));
}

}  // namespace

TEST_CASE("parts_path: is that of the file of the whole table, without its ending", "[artifact]") {
    curtail::detail::LocalSystem system;
    CHECK(curtail::detail::parts_path("/data", "job_1", system).ends_with("/data/predictions_job_1"));
    CHECK(curtail::detail::parts_path("relative", "a", system).ends_with("/relative/predictions_a"));
    CHECK(code_of([&] { return curtail::detail::parts_path("/data", "../a", system); }) == ErrorCode::invalid_job_id);
    CHECK(code_of([&] { return curtail::detail::parts_path("", "a", system); }) == ErrorCode::invalid_option);
}

TEST_CASE("PartAttempt: knows its place, its name and whether it has a header before anything exists", "[artifact]") {
    Parts parts;
    Attempt attempt = parts.attempt(1, 2, {.header = PartHeader::first});
    CHECK(attempt.place() == PartPlace{.number = 1, .of = 2});
    CHECK(attempt.location() == parts.path + "/part-00001.csv");
    attempt.name_file("gz");
    CHECK(attempt.location() == parts.path + "/part-00001.csv.gz");
    CHECK_FALSE(attempt.has_header());
    CHECK(parts.attempt(0, 2, {.header = PartHeader::first}).has_header());
    CHECK(parts.attempt(1, 2).has_header());
    CHECK_FALSE(attempt.committed());
    CHECK(parts.dir.names().empty());
}

TEST_CASE("PartAttempt: a place that no part has, and options that cannot be, are refused", "[artifact]") {
    Parts parts;
    const auto refusal = [&](std::uint64_t number, std::uint64_t of, const PartsOptions& options = {}) {
        return code_of([&] { static_cast<void>(parts.attempt(number, of, options)); });
    };
    CHECK(refusal(0, 0) == ErrorCode::invalid_option);
    CHECK(refusal(2, 2) == ErrorCode::invalid_option);
    CHECK(refusal(0, 100'001) == ErrorCode::invalid_option);
    CHECK_FALSE(refusal(99'999, 100'000));
    CHECK(refusal(0, 1, {.mode = 07777}) == ErrorCode::invalid_option);
    CHECK(parts.dir.names().empty());
}

TEST_CASE("PartAttempt: between any two calls of a commit, what is seen is complete, and is of its record",
          "[artifact]") {
    Parts parts;
    bool was_committed = false;
    {
        Attempt attempt = parts.attempt();
        write(attempt);
        parts.script.on_call = [&](int) {
            const Names names = parts.names();
            const auto there = [&](std::string_view name) {
                return std::find(names.begin(), names.end(), name) != names.end();
            };
            const bool committed = there(".part-00000.summary");
            REQUIRE((committed || !was_committed));
            was_committed = committed;
            if (!committed) REQUIRE_FALSE(there("part-00000.csv"));
            if (!committed) return;
            // The file has its own name, or that of its attempt: whoever comes next can go on.
            const std::string record = parts.dir.read("p/.part-00000.summary");
            const auto head = curtail::detail::read_record_head(record);
            REQUIRE(head);
            const std::string& name = there("part-00000.csv") ? head->record.file : head->record.attempt;
            REQUIRE(parts.dir.read("p/" + name) == bytes);
        };
        attempt.commit(one_row, "summary");
        parts.script.on_call = nullptr;
        CHECK(attempt.committed());
    }
    CHECK(was_committed);
    CHECK(parts.names() == Names{".part-00000.summary", ".parts", "part-00000.csv"});
    CHECK(parts.script.open_descriptors == 0);
}

TEST_CASE("PartAttempt: its record says what was written, and what was given with it", "[artifact]") {
    Parts parts;
    Attempt attempt = parts.attempt();
    attempt.name_file("gz");
    write(attempt);
    attempt.describe(2, "table");
    attempt.commit(
        {.path = {}, .format = {}, .rows = 1, .bytes = 99, .sha256 = std::string(64, 'a'), .uncompressed_bytes = 30},
        std::string_view("sum\0mary", 8));
    const auto record = parts.record();
    REQUIRE(record);
    CHECK(record->facts.number == 0);
    CHECK(record->facts.of == 2);
    CHECK(record->facts.file == "part-00000.csv.gz");
    CHECK(record->facts.rows == 1);
    CHECK(record->facts.bytes == bytes.size());  // those that were written, whatever the sink says
    CHECK(record->facts.plain == 30);
    CHECK(record->facts.header == 2);
    CHECK(record->facts.sha256 == std::string(64, 'a'));
    CHECK(record->table == "table");
    CHECK(record->summary == std::string_view("sum\0mary", 8));
}

TEST_CASE("PartAttempt: the second attempt gets the summary of the first, at whichever step it is", "[artifact]") {
    Parts parts;
    Attempt late = parts.attempt();
    write(late, "n\n2\n");
    Attempt first = parts.attempt();
    write(first);
    first.commit(one_row, "first");
    const auto winner = [&](auto call) {
        try {
            call();
        } catch (const curtail::PartTaken& taken) {
            CHECK(taken.code() == ErrorCode::part_taken);
            CHECK(taken.number() == 0);
            CHECK(taken.path() == parts.path + "/part-00000.csv");
            return taken.summary();
        }
        return std::string("none");
    };
    CHECK(winner([&] { late.commit(one_row, "late"); }) == "first");
    Attempt later = parts.attempt();
    CHECK(winner([&] { later.open(); }) == "first");
    CHECK_FALSE(late.committed());
    CHECK(parts.names() == Names{".part-00000.summary", ".parts", "part-00000.csv"});
    CHECK(parts.dir.read("p/part-00000.csv") == bytes);
    CHECK(parts.script.open_descriptors == 0);
}

TEST_CASE("PartAttempt: is opened, written and committed once, in this order", "[artifact]") {
    Parts parts;
    Attempt attempt = parts.attempt();
    const auto wrong = [](auto call) { return code_of(call) == ErrorCode::wrong_state; };
    CHECK(wrong([&] { attempt.write(std::span<const char>(bytes)); }));
    CHECK(wrong([&] { attempt.commit(one_row, {}); }));
    write(attempt);
    CHECK(wrong([&] { attempt.open(); }));
    attempt.commit(one_row, {});
    CHECK(wrong([&] { attempt.write(std::span<const char>(bytes)); }));
    CHECK(wrong([&] { attempt.commit(one_row, {}); }));
    attempt.abort();
    CHECK(attempt.committed());
    CHECK(parts.dir.read("p/part-00000.csv") == bytes);
}

TEST_CASE("PartAttempt: commits nothing that describes it beyond its bound, and leaves nothing of it", "[artifact]") {
    Parts parts;
    const std::string much(std::size_t{64} << 20U, 's');
    for (const bool in_table : {false, true}) {
        Attempt attempt = parts.attempt();
        write(attempt);
        if (in_table) attempt.describe(0, much);
        CHECK(code_of([&] { attempt.commit(one_row, in_table ? "" : much); }) == ErrorCode::invalid_option);
        CHECK_FALSE(attempt.committed());
    }
    CHECK(parts.names() == Names{".parts"});
    CHECK_FALSE(parts.record());
    CHECK(parts.script.open_descriptors == 0);
}

TEST_CASE("PartAttempt: leaves an index out that the record has no room for", "[artifact]") {
    Parts parts;
    Attempt attempt = parts.attempt();
    write(attempt);
    const std::string index(std::size_t{64} << 20U, 'i');
    attempt.describe(0, curtail::detail::concat({"table", curtail::detail::contents_begin, index, "]"}));
    attempt.commit(one_row, "summary");
    const auto record = parts.record();
    REQUIRE(record);
    CHECK(record->table == "table");
    CHECK(record->summary == "summary");
    CHECK(record->facts.index_size == 0);
}

#if !defined(_WIN32)  // where no sweep can remove what is open
TEST_CASE("PartAttempt: is not committed if housekeeping has taken its file", "[artifact]") {
    Parts parts;
    Attempt attempt = parts.attempt();
    write(attempt);
    // As a sweep on a machine without locks could, between the file's hidden name and the record.
    parts.script.on_call = [&](int index) {
        if (parts.script.calls[static_cast<std::size_t>(index)] != "sync_directory") return;
        for (const std::string& name : parts.names()) {
            if (name.ends_with(".tmp") && parts.dir.read("p/" + name) == bytes) {
                std::filesystem::remove(parts.path + "/" + name);
            }
        }
    };
    const auto refusal = code_of([&] { attempt.commit(one_row, "summary"); });
    parts.script.on_call = nullptr;
    CHECK(refusal == ErrorCode::no_directory);
    CHECK_FALSE(attempt.committed());
    CHECK(parts.names() == Names{".parts"});
    // The next attempt writes the part.
    Attempt next = parts.attempt();
    write(next);
    next.commit(one_row, "next");
    CHECK(parts.record()->summary == "next");
}
#endif
