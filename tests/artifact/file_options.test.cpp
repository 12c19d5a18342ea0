// SPDX-License-Identifier: MIT
#include <curtail/artifact/file_options.hpp>

#include <sys/stat.h>

#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/atomic_file.hpp>

#include "catch.hpp"
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
    struct stat status = {};
    REQUIRE(::stat((dir / "a.csv").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK_THROWS_AS(publish(dir / "a.csv", "second", options), curtail::ArtifactError);
    CHECK(dir.read("a.csv") == "first");
}

TEST_CASE("AtomicFileOptions: options can be set by their names", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir / "a.csv", "first", {});
    publish(
        dir / "a.csv", "second",
        {.on_exists = curtail::OnExists::replace, .mode = 0640, .durability = curtail::Durability::none, .reserve = 4});
    struct stat status = {};
    REQUIRE(::stat((dir / "a.csv").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0640U);
    CHECK(dir.read("a.csv") == "second");
}
