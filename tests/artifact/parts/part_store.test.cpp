// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/part_store.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "error_code.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using curtail::Durability;
using curtail::ErrorCode;
using curtail::PartsOptions;
using curtail::detail::LocalSystem;
using curtail::detail::PartRecord;
using Store = curtail::detail::PartStore<LocalSystem>;
using Names = std::vector<std::string>;

constexpr std::string_view attempt = ".part-00001.4711-0123456789abcdef.tmp";
const PartsOptions quick{.durability = Durability::none};

std::string record_text(std::uint64_t number, std::uint64_t of, std::string_view summary = "summary") {
    PartRecord record;
    record.number = number;
    record.of = of;
    record.attempt = attempt;
    record.attempt[10] = static_cast<char>('0' + number);
    record.file = "part-0000" + std::to_string(number) + ".csv";
    return curtail::detail::packed_record(record, "table", summary);
}

// Returns the directory of parts, which does not exist yet.
std::string path_in(const ScratchDirectory& dir) {
    return dir / "p";
}

// A directory of three parts, open.
struct Opened {
    ScratchDirectory dir;
    Store store{LocalSystem(), path_in(dir)};

    Opened() { store.create(3, quick); }
    void put(std::string_view name, std::string_view bytes) const { dir.put("p/" + std::string(name), bytes); }
    [[nodiscard]] Names names() const { return ScratchDirectory::names_in(path_in(dir)); }
};

}  // namespace

TEST_CASE("PartStore: nothing is committed where there is no directory, another file, or no mark", "[artifact]") {
    const ScratchDirectory dir;
    Store store(LocalSystem(), path_in(dir));
    CHECK_FALSE(store.open());
    dir.put("p", "a file");
    CHECK_FALSE(store.open());
    std::filesystem::remove(path_in(dir));
    std::filesystem::create_directory(path_in(dir));
    CHECK_FALSE(store.open());
    CHECK_FALSE(store.busy());
    store.create(3, quick);
    Store other(LocalSystem(), path_in(dir));
    CHECK(other.open());
    CHECK(other.of() == 3);
    CHECK(other.path() == path_in(dir));
}

TEST_CASE("PartStore: makes the directory and its mark once, and refuses another number of parts", "[artifact]") {
    const Opened opened;
    CHECK(opened.names() == Names{".parts"});
    const std::string mark = opened.dir.read("p/.parts");
    Store other(LocalSystem(), path_in(opened.dir));
    other.create(3, quick);
    CHECK(code_of([&] { other.create(4, quick); }) == ErrorCode::parts_differ);
    CHECK(code_of([&] { return other.open_for(2); }) == ErrorCode::parts_differ);
    CHECK(other.open_for(3));
    CHECK(opened.dir.read("p/.parts") == mark);
    CHECK(code_of([] { Store(LocalSystem(), "/dev/null/p").create(1, quick); }) == ErrorCode::no_directory);
}

TEST_CASE("PartStore: makes no mark among files that it did not write", "[artifact]") {
    const ScratchDirectory dir;
    std::filesystem::create_directory(path_in(dir));
    dir.put("p/part-0-c000.snappy.parquet", "");
    Store store(LocalSystem(), path_in(dir));
    CHECK(code_of([&] { store.create(1, quick); }) == ErrorCode::artifact_exists);
    CHECK(ScratchDirectory::names_in(path_in(dir)) == Names{"part-0-c000.snappy.parquet"});
}

TEST_CASE("PartStore: a mark that was cut off or changed is damaged, or says another number", "[artifact]") {
    Opened opened;
    const std::string mark = opened.dir.read("p/.parts");
    const auto damaged = [&](const std::string& text) {
        opened.put(".parts", text);
        return code_of([&] { return opened.store.open(); }) == ErrorCode::part_damaged;
    };
    for (std::size_t size = 0; size < mark.size(); ++size) CHECK(damaged(mark.substr(0, size)));
    for (std::size_t i = 0; i < mark.size(); ++i) {
        std::string changed = mark;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK((damaged(changed) || opened.store.of() != 3));
    }
    CHECK(damaged(mark + "x"));
    CHECK(damaged("curtail parts 1\nof 0\n"));
    CHECK(damaged("curtail parts 1\nof 100001\n"));
    CHECK(damaged("curtail parts 2\nof 3\n"));
    CHECK(damaged(std::string(5'000, '0')));
    CHECK_FALSE(damaged(mark));
}

TEST_CASE("PartStore: does not wait for a mark that is being made or removed, unless asked to", "[artifact]") {
    Opened opened;
    opened.store.close();
    LocalSystem system;
    const int directory = system.open_directory(path_in(opened.dir).c_str());
    const int mark = system.open_to_lock(directory, ".parts");
    REQUIRE(system.lock(mark, 0) == 0);
    CHECK_FALSE(opened.store.open(false));
    CHECK(opened.store.busy());
    REQUIRE(system.close(mark) == 0);
    CHECK(opened.store.open(false));
    CHECK_FALSE(opened.store.busy());
    // Any number of stores have it open at once, and none can be removed meanwhile.
    Store other(LocalSystem(), path_in(opened.dir));
    CHECK(other.open(false));
    const int again = system.open_to_lock(directory, ".parts");
    CHECK(system.lock(again, 0) < 0);
    REQUIRE(system.close(again) == 0);
    REQUIRE(system.close(directory) == 0);
}

TEST_CASE("PartStore: gives the record of a part, and nothing where none is committed", "[artifact]") {
    Opened opened;
    CHECK_FALSE(opened.store.head(1));
    CHECK_FALSE(opened.store.record(1));
    opened.put(".part-00001.summary", record_text(1, 3));
    opened.put(".part-00002.summary", record_text(2, 3, std::string(200'000, 's')));
    CHECK(opened.store.head(1)->record.number == 1);
    const auto record = opened.store.record(1);
    REQUIRE(record);
    CHECK(record->facts.file == "part-00001.csv");
    CHECK(record->table == "table");
    CHECK(record->summary == "summary");
    CHECK(opened.store.record(2)->summary.size() == 200'000);
    auto committed = opened.store.committed_parts();
    std::sort(committed.begin(), committed.end());
    CHECK(committed == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("PartStore: a record that was cut off, changed or moved here is damaged, and the error says what to do",
          "[artifact]") {
    Opened opened;
    const std::string whole = record_text(1, 3);
    const auto damaged = [&](const std::string& text) {
        opened.put(".part-00001.summary", text);
        return code_of([&] { return opened.store.record(1); }) == ErrorCode::part_damaged;
    };
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(damaged(whole.substr(0, size)));
        CHECK(code_of([&] { return opened.store.head(1); }) == ErrorCode::part_damaged);
    }
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ 4);
        CHECK(damaged(changed));
    }
    CHECK(damaged(whole + "x"));
    CHECK(damaged(record_text(2, 3)));  // of another part
    CHECK(damaged(record_text(1, 4)));  // of another job
    try {
        static_cast<void>(opened.store.head(1));
        FAIL("took a record of another job");
    } catch (const curtail::ArtifactError& error) {
        CHECK(std::string_view(error.what()).find("Remove .part-00001.summary") != std::string_view::npos);
        CHECK(error.path() == path_in(opened.dir));
    }
    CHECK_FALSE(damaged(whole));
    std::filesystem::remove(opened.dir / "p/.part-00001.summary");
    std::filesystem::create_directory(opened.dir / "p/.part-00001.summary");
    CHECK(code_of([&] { return opened.store.record(1); }) == ErrorCode::io_failed);
}

TEST_CASE("PartStore: reads no more of a file than it is asked for", "[artifact]") {
    Opened opened;
    opened.put("file", std::string(100'000, 'x'));
    for (const std::uint64_t limit : {0U, 1U, 1'024U, 4'096U, 4'097U, 100'000U, 200'000U}) {
        CHECK(opened.store.read("file", limit)->size() == (limit < 100'000 ? limit : 100'000));
    }
    CHECK_FALSE(opened.store.read("nothing", 10));
    if (make_link("file", opened.dir / "p/link")) {
        CHECK(code_of([&] { return opened.store.read("link", 10); }));
    }
}

TEST_CASE("PartStore: gives the file of a committed part its name, once", "[artifact]") {
    Opened opened;
    PartRecord record;
    record.number = 1;
    record.attempt = attempt;
    record.file = "part-00001.csv";
    CHECK(code_of([&] { opened.store.forward(record); }) == ErrorCode::part_damaged);
    opened.put(attempt, "the part");
    CHECK(opened.store.forward(record).bytes == 8);
    CHECK(opened.names() == Names{".parts", "part-00001.csv"});
    CHECK(opened.store.forward(record).bytes == 8);
    // A file that has the name is never replaced.
    opened.put(attempt, "another");
    CHECK(opened.store.forward(record).bytes == 8);
    CHECK(opened.dir.read("p/part-00001.csv") == "the part");
}

TEST_CASE("PartStore: every failed call is a typed error, and nothing stays open", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    {
        curtail::detail::PartStore<ScriptedSystem> made(ScriptedSystem(&script), path_in(dir));
        made.create(3, quick);
        dir.put("p/.part-00001.summary", record_text(1, 3));
    }
    CHECK(script.open_descriptors == 0);
    bool injected = true;
    for (int k = 0; injected; ++k) {
        script.calls.clear();
        script.fail_from = k;
        script.fail_until = k + 1;
        script.error = EIO;
        bool thrown = false;
        {
            curtail::detail::PartStore<ScriptedSystem> store(ScriptedSystem(&script), path_in(dir));
            try {
                thrown = !store.open_for(3) || !store.record(1) || store.committed_parts().size() != 1;
            } catch (const curtail::ArtifactError& error) {
                thrown = error.code() == ErrorCode::io_failed;
            }
        }
        injected = k < static_cast<int>(script.calls.size());
        if (!injected) break;
        // A look at the mark is repeated, a machine may have no locks, and what is closed is not needed any more.
        const std::string_view call = script.calls[static_cast<std::size_t>(k)];
        CAPTURE(call);
        CHECK((thrown || call == "look_up" || call == "open_directory" || call == "lock_shared" || call == "close"));
        CHECK(script.open_descriptors == 0);
    }
}
