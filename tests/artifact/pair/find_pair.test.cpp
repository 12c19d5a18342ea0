// SPDX-License-Identifier: MIT
#include <curtail/artifact/pair/find_pair.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"

namespace detail = curtail::detail;

namespace {

const std::string a = "predictions_a.csv";
const std::string b = "predictions_b.csv";

void publish(const std::string& path, const std::vector<int>& numbers) {
    const auto table = curtail::columns(curtail::column("n", numbers));
    curtail::CsvSink sink(path, {.file = {.on_exists = curtail::OnExists::replace}, .metadata = true});
    sink.open(table.schema());
    sink.append(table);
    (void)sink.finish();
}

// Returns the number of rows in the metadata that was found; -1 if there is none.
int rows_of(const std::string& path) {
    const auto found = curtail::find_artifact(path);
    if (!found || !found->metadata) return -1;
    return nlohmann::json::parse(*found->metadata)["schema:numberOfItems"];
}

}  // namespace

TEST_CASE("find_pair: metadata describes the file of its run, also renamed, copied and touched", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir / a, {1, 2, 3});
    CHECK(rows_of(dir / a) == 3);
    std::filesystem::copy(dir.path(), dir / "copy");
    CHECK(rows_of(dir / ("copy/" + a)) == 3);
    REQUIRE(set_modified(dir / a, 1'700'000'000));
    CHECK(rows_of(dir / a) == 3);
    std::filesystem::rename(dir / "copy", dir / "moved");
    CHECK(rows_of(dir / ("moved/" + a)) == 3);
}

TEST_CASE("find_pair: metadata of one run never describes the file of another, not even of one size", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir / a, {1, 2, 3});
    publish(dir / b, {1, 2, 4});
    std::filesystem::rename(dir / b, dir / a);  // the file without its metadata
    CHECK(curtail::find_artifact(dir / a));
    CHECK(rows_of(dir / a) == -1);
    std::filesystem::rename(dir / (b + "-metadata.json"), dir / (a + "-metadata.json"));
    CHECK(rows_of(dir / a) == 3);
    // One byte of the file is another, and the time is that of the write.
    dir.put(a, "n\n1\n2\n5\n");
    CHECK(rows_of(dir / a) == -1);
    dir.put(a, "n\n1\n2\n4\n");
    CHECK(rows_of(dir / a) == 3);
    std::filesystem::resize_file(dir / a, 6);
    CHECK(rows_of(dir / a) == -1);
}

TEST_CASE("find_pair: while a pair is replaced, both descriptions are there, and each finds its file", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir / a, {1});
    publish(dir / b, {1, 2, 3, 4});
    const std::string older = dir.read(a + "-metadata.json");
    const std::string newer = dir.read(b + "-metadata.json");
    dir.put(a + "-metadata.json", detail::with_replaced(newer, older));
    CHECK(rows_of(dir / a) == 1);
    CHECK(*curtail::find_artifact(dir / a)->metadata == older);
    std::filesystem::rename(dir / b, dir / a);
    CHECK(rows_of(dir / a) == 4);
    CHECK(*curtail::find_artifact(dir / a)->metadata == newer);
    // A second run was killed at the same place.
    dir.put(a + "-metadata.json", detail::with_replaced(older, detail::with_replaced(older, newer)));
    CHECK(rows_of(dir / a) == 4);
}

TEST_CASE("hash_of_file: hashes the bytes of a regular file, and nothing else", "[artifact]") {
    const ScratchDirectory dir;
    const std::string bytes(200'000, 'x');
    dir.put("file", bytes);
    std::filesystem::create_directory(dir / "directory");
    detail::LocalSystem system;
    const int directory = system.open_directory(dir.path().c_str());
    detail::ContentHash hash;
    hash.update(bytes);
    CHECK(detail::hash_of_file(system, directory, "file") == hash.value());
    CHECK_FALSE(detail::hash_of_file(system, directory, "directory"));
    CHECK_FALSE(detail::hash_of_file(system, directory, "nothing"));
    CHECK(system.close(directory) == 0);
}

TEST_CASE("description_of: returns the part that describes a file, or all if none does", "[artifact]") {
    const detail::FileEntry file{.regular = true, .bytes = 1, .inode = 7};
    const detail::FileEntry other{.regular = true, .bytes = 1, .inode = 8};
    const std::string older = detail::with_identifier("{\"a\": 1}", detail::file_identifier(file, 1));
    const std::string newer = detail::with_identifier("{\"a\": 2}", detail::file_identifier(other, 2));
    const std::string both = detail::with_replaced(newer, older);
    CHECK(detail::description_of(older, file) == older);
    CHECK(detail::description_of(both, file) == older);
    CHECK(detail::description_of(both, other) == newer);
    CHECK(detail::description_of(both, {}) == both);
    CHECK(detail::description_of("text", file) == "text");
}

TEST_CASE("read_description: reads as much as the widest header makes", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string text(std::size_t{65} << 20U, ' ');  // of a header of 8 MiB, whose bytes take nine each
    dir.put(a, text);
    detail::LocalSystem system;
    const int directory = system.open_directory(dir.path().c_str());
    const detail::Closing closing(system, directory);
    CHECK(detail::read_description(system, directory, a.c_str()) == text);
}
