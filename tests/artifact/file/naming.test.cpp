// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/naming.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

using ScriptedNaming = curtail::detail::Naming<ScriptedSystem>;

struct Machine {
    bool has_unnamed;
    bool has_rename_exclusive;
};
#if defined(_WIN32)  // which always has the exclusive rename
constexpr Machine machines[] = {{true, true}, {false, true}};
#else
constexpr Machine machines[] = {{true, true}, {false, true}, {false, false}};
#endif

}  // namespace

TEST_CASE("Naming: publish() uses only what create() has tried, and nothing is left of the trial", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const Machine& machine : machines) {
        for (const bool replaces : {false, true}) {
            Script script;
            script.has_unnamed = machine.has_unnamed;
            script.has_rename_exclusive = machine.has_rename_exclusive;
            ScriptedNaming naming(ScriptedSystem(&script), dir / "a.csv", replaces);
            REQUIRE_FALSE(naming.open_directory());
            int file = -1;
            REQUIRE_FALSE(naming.create(file));
            REQUIRE(file >= 0);
            CHECK(dir.names().size() == (machine.has_unnamed && !on_windows ? 0U : 1U));  // where all have a name
            const std::vector<std::string_view> tried = script.calls;
            ScriptedSystem::FileEntry own;
            REQUIRE(naming.system().describe(file, own) == 0);
            REQUIRE_FALSE(naming.prepare(file, own));
            const std::size_t before = script.calls.size();
            REQUIRE_FALSE(naming.publish(file, own));
            for (std::size_t i = before; i < script.calls.size(); ++i) {
                INFO(script.calls[i]);
                CHECK(std::count(tried.begin(), tried.end(), script.calls[i]) != 0);
            }
            CHECK(dir.names() == std::vector<std::string>{"a.csv"});
            CHECK_FALSE(naming.unknown());
            (void)naming.system().close(file);
            naming.remove_temporary();
            naming.close();
            CHECK(script.open_descriptors == 0);
            std::filesystem::remove(dir / "a.csv");
        }
    }
}

TEST_CASE("Naming: keeps what has the final name, and gives it back", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    ScriptedNaming naming(ScriptedSystem(&script), dir / "a.csv", true);
    REQUIRE_FALSE(naming.open_directory());
    naming.keep_old();  // there is nothing to keep
    naming.restore_old();
    CHECK(dir.names().empty());
    dir.put("a.csv", "old");
    naming.keep_old();
    CHECK(dir.names().size() == 2);
    dir.put("new", "new");
    std::filesystem::rename(dir / "new", dir / "a.csv");
    naming.restore_old();
    naming.remove_temporary();
    CHECK(dir.names() == std::vector<std::string>{"a.csv"});
    CHECK(dir.read("a.csv") == "old");
    naming.close();
}

TEST_CASE("Naming: a name that housekeeping took before it was locked is given up for another", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    script.has_unnamed = false;
    int taken = 0;
    script.on_call = [&](int) {
        if (script.calls.back() != "lock" || taken == 3) return;
        ++taken;
        for (const std::string& name : dir.names()) std::filesystem::remove(dir / name);
    };
    ScriptedNaming naming(ScriptedSystem(&script), dir / "a.csv", false);
    REQUIRE_FALSE(naming.open_directory());
    int file = -1;
    REQUIRE_FALSE(naming.create(file));
    CHECK((taken == 3 || on_windows));  // where the name may stay until the file is closed
    CHECK(dir.names().size() == 1);
    (void)naming.system().close(file);
    naming.remove_temporary();
    naming.close();
    CHECK(script.open_descriptors == 0);
    CHECK(dir.names().empty());
}
