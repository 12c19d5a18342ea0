// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/pending_file.hpp>

#if !defined(_WIN32)
#include <sys/wait.h>
#include <unistd.h>
#endif

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
    CHECK((dir.names().empty() || on_windows));  // where a file always has a name
    file.publish();
    CHECK(script.count("sync_data") == 1);
    CHECK(script.count("sync_directory") == 0);
    CHECK(file.published());
    CHECK(dir.read("a.csv") == bytes);
    file.withdraw();
    CHECK_FALSE(file.published());
    CHECK((dir.names().empty() || on_windows));
    file.abort();
    CHECK((dir.names().empty() || on_wine()));  // which forgets the device of an open file that was renamed
    CHECK(script.open_descriptors == 0);
}

TEST_CASE("PendingFile: withdraw() keeps a file that another process put in its place", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    ScriptedFile file(dir / "a.csv", {}, ScriptedSystem(&script));
    file.open();
    file.write(bytes);
    file.prepare();
    file.publish();
    dir.put("other", "another's");
    std::filesystem::rename(dir / "other", dir / "a.csv");
    file.withdraw();
    CHECK(dir.read("a.csv") == "another's");
}

TEST_CASE("PendingFile: sibling() has the same directory, the suffix, the options and no reserve", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Script script;
    ScriptedFile file(dir / "a.csv", {.on_exists = curtail::OnExists::replace, .reserve = 1}, ScriptedSystem(&script));
    const auto sibling = file.sibling("-more");
    CHECK(sibling->location() == dir / "a.csv-more");
    dir.put("a.csv-more", "old");
    sibling->open();
    CHECK(script.count("reserve") == 0);
    sibling->commit();
    CHECK(dir.read("a.csv-more").empty());
}

TEST_CASE("PendingFile: its mode is set only where the file has another, and tried at open()", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const bool unnamed : {true, false}) {
        Script same;
        same.has_unnamed = unnamed;
        ScriptedFile private_file(dir / "a.csv", {}, ScriptedSystem(&same));
        private_file.open();
        private_file.commit();
        CHECK(same.count("set_mode") == 0);

        Script other;
        other.has_unnamed = unnamed;
        ScriptedFile shared(dir / "b.csv", {.mode = 0644}, ScriptedSystem(&other));
        shared.open();
        CHECK(other.count("set_mode") == 1);
        shared.commit();
        CHECK(other.count("set_mode") == 2);

        Script refused;
        refused.has_unnamed = unnamed;
        refused.only = "set_mode";
        for (const int error : {EPERM, ENOSYS, EACCES, ENOTSUP}) {
            refused.error = error;
            ScriptedFile file(dir / "c.csv", {.mode = 0644}, ScriptedSystem(&refused));
            try {
                file.open();
                FAIL("no error");
            } catch (const curtail::ArtifactError& failed) {
                CHECK(failed.operation() == "set mode");
                CHECK(failed.system_error() == error);
                CHECK(std::string(failed.what()).find("et mode to 0") != std::string::npos);
            }
            ScriptedFile without(dir / "c.csv", {.mode = 0}, ScriptedSystem(&refused));
            without.open();
            without.commit();
            std::filesystem::remove(dir / "c.csv");
        }
        std::filesystem::remove(dir / "a.csv");
        std::filesystem::remove(dir / "b.csv");
        CHECK(dir.names().empty());
    }
}

TEST_CASE("PendingFile: a mode that no file can have there is refused at open(), with the cure", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const auto on_exists : {curtail::OnExists::error, curtail::OnExists::replace}) {
        Script script;
        script.only = "check_mode";
        script.error = ENOTSUP;
        ScriptedFile file(dir / "a.csv", {.on_exists = on_exists, .mode = 0640}, ScriptedSystem(&script));
        try {
            file.open();
            FAIL("no error");
        } catch (const curtail::ArtifactError& failed) {
            CHECK(failed.operation() == "set mode");
            CHECK(failed.system_error() == ENOTSUP);
            CHECK(std::string(failed.what()).find("et mode to 0") != std::string::npos);
        }
        CHECK(script.open_descriptors == 0);
        CHECK(dir.names().empty());
        ScriptedFile without(dir / "a.csv", {.mode = 0}, ScriptedSystem(&script));
        without.open();
    }
    CHECK(dir.names().empty());
}

#if !defined(_WIN32)
TEST_CASE("PendingFile: a forked child discards nothing of its parent's and cannot go on with it", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const auto on_exists : {curtail::OnExists::error, curtail::OnExists::replace}) {
        for (const bool unnamed : {true, false}) {
            for (const bool prepared : {false, true}) {
                Script script;
                script.has_unnamed = unnamed;
                ScriptedFile file(dir / "a.csv", {.on_exists = on_exists}, ScriptedSystem(&script));
                file.open();
                file.write(bytes);
                if (prepared) file.prepare();
                const pid_t child = ::fork();
                if (child == 0) {
                    int refused = 0;
                    try {
                        file.write(bytes);
                    } catch (const curtail::UsageError&) {
                        ++refused;
                    }
                    try {
                        file.commit();
                    } catch (const curtail::UsageError&) {
                        ++refused;
                    }
                    file.abort();
                    ::_exit(refused);
                }
                int status = 0;
                REQUIRE(::waitpid(child, &status, 0) == child);
                CHECK(WEXITSTATUS(status) == 2);
                file.commit();
                CHECK(dir.read("a.csv") == bytes);
                CHECK(dir.names().size() == 1);
                std::filesystem::remove(dir / "a.csv");
            }
        }
    }
}
#endif
