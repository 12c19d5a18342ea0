// SPDX-License-Identifier: MIT
#include <curtail/artifact/file_options.hpp>

#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/atomic_file.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

namespace {

void publish(const std::string& path, std::string_view bytes, const curtail::AtomicFileOptions& options) {
    curtail::AtomicFile file(path, options);
    file.open();
    file.write(std::span<const char>(bytes));
    file.commit();
}

}  // namespace

TEST_CASE("AtomicFileOptions: by default a file is private, durable and never replaces another", "[artifact]") {
    const curtail::AtomicFileOptions options;
    CHECK(options.durability == curtail::Durability::data);
    CHECK(options.reserve == 0);
    const ScratchDirectory dir;
    publish(dir / "a.csv", "first", options);
    CHECK(mode_of(dir / "a.csv") == 0600U);
    CHECK_THROWS_AS(publish(dir / "a.csv", "second", options), curtail::ArtifactError);
    CHECK(dir.read("a.csv") == "first");
}

TEST_CASE("AtomicFileOptions: options can be set by their names", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir / "a.csv", "first", {});
    publish(
        dir / "a.csv", "second",
        {.on_exists = curtail::OnExists::replace, .mode = 0644, .durability = curtail::Durability::none, .reserve = 4});
    CHECK(mode_of(dir / "a.csv") == (on_windows ? 0600U : 0644U));
    CHECK(dir.read("a.csv") == "second");
}

TEST_CASE("AtomicFileOptions::mode: the group alone may read where files have a group; elsewhere open() refuses it",
          "[artifact]") {
    const ScratchDirectory dir;
    for (const unsigned mode : {0640U, 0660U, 0750U, 0620U}) {
        curtail::AtomicFile file(dir / "a.csv", {.on_exists = curtail::OnExists::replace, .mode = mode});
        if (on_windows) {
            try {
                file.open();
                FAIL("no error");
            } catch (const curtail::ArtifactError& error) {
                CHECK(error.operation() == "set mode");
                CHECK(std::string(error.what()).find("no group") != std::string::npos);
            }
            CHECK(dir.names().empty());
        } else {
            file.open();
            file.commit();
            CHECK(mode_of(dir / "a.csv") == mode);
        }
    }
}
