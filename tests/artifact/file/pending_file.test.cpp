// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/pending_file.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using ScriptedFile = curtail::detail::PendingFile<ScriptedSystem>;

constexpr std::string_view bytes = "n\n1\n2\n";

}  // namespace

TEST_CASE("PendingFile: prepare() syncs, publish() only names, and withdraw() takes the name back", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    ScriptedFile file(dir / "a.csv", {}, ScriptedSystem(&script));
    file.open();
    file.write(bytes);
    file.prepare();
    CHECK(script.count("sync_data") == 1);
    CHECK(dir.names().empty());
    ScriptedSystem::Entry entry;
    file.publish(&entry);
    CHECK(script.count("sync_data") == 1);
    CHECK(file.published());
    CHECK(dir.read("a.csv") == bytes);
    CHECK(file.withdraw(entry));
    CHECK_FALSE(file.published());
    CHECK(dir.names().empty());
    file.abort();
    CHECK(script.open_descriptors == 0);
}

TEST_CASE("PendingFile: withdraw() keeps a file that another process put in its place", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    ScriptedFile file(dir / "a.csv", {}, ScriptedSystem(&script));
    ScriptedSystem::Entry entry;
    file.open();
    file.write(bytes);
    file.prepare();
    file.publish(&entry);
    dir.put("other", "another's");
    std::filesystem::rename(dir / "other", dir / "a.csv");
    CHECK(file.withdraw(entry));
    CHECK(dir.read("a.csv") == "another's");
    std::filesystem::remove(dir / "a.csv");
    CHECK(file.withdraw(entry));
}

TEST_CASE("PendingFile: sibling() has the same directory, the suffix, the options and no reserve", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    const ScriptedFile file(dir / "a.csv", {.on_exists = curtail::OnExists::replace, .reserve = 1},
                            ScriptedSystem(&script));
    const auto sibling = file.sibling("-more");
    CHECK(sibling->location() == dir / "a.csv-more");
    dir.put("a.csv-more", "old");
    sibling->open();
    CHECK(script.count("reserve") == 0);
    sibling->commit();
    CHECK(dir.read("a.csv-more").empty());
}
