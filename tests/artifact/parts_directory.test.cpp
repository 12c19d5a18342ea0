// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts_directory.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "error_code.hpp"
#include "fault/scratch_directory.hpp"

using curtail::ErrorCode;
using curtail::PartsDirectory;
using Names = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

static_assert(curtail::PartsPublisher<PartsDirectory> && curtail::PartsPublisher<curtail::ConcatenatedParts>);

namespace {

// Writes `rows` rows as a part: 0, 1, …
void write(const PartsDirectory& parts, std::uint64_t number, std::uint64_t of, int rows,
           const curtail::CsvDialect& dialect = {}) {
    std::vector<int> numbers;
    for (int i = 0; i < rows; ++i) numbers.push_back(i);
    const auto table = curtail::columns(curtail::column("n", numbers));
    curtail::CsvSink sink(parts.file(number, of), {.dialect = dialect, .threads = 1});
    sink.open(table.schema());
    sink.append(table);
    sink.finish_part([](const curtail::ArtifactInfo& info) { return "summary of " + std::to_string(info.bytes); });
}

}  // namespace

TEST_CASE("PartsDirectory: says which parts are missing, whatever is there", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    CHECK(parts.location() == dir / "predictions_a");
    CHECK(parts.missing(3) == Numbers{0, 1, 2});
    CHECK(dir.names().empty());
    write(parts, 1, 3, 2);
    CHECK(parts.missing(3) == Numbers{0, 2});
    CHECK(parts.summary(1) == "summary of 6");
    CHECK_FALSE(parts.summary(0));
    CHECK(code_of([&] { (void)parts.missing(0); }) == ErrorCode::invalid_option);
    CHECK(code_of([&] { (void)parts.missing(100'001); }) == ErrorCode::invalid_option);
}

TEST_CASE("PartsDirectory: stays where it was named, whatever the current directory is later", "[artifact]") {
    const ScratchDirectory dir;
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(dir.path());
    const PartsDirectory parts(".", "a");
    std::filesystem::current_path(before);
    const curtail::PartFile file = parts.file(1, 3);
    CHECK(file.location() == parts.location() + "/part-00001.csv");
    write(parts, 1, 3, 2);
    CHECK(parts.missing(3) == Numbers{0, 2});
    CHECK(dir.names() == Names{"predictions_a"});
}

TEST_CASE("PartsDirectory: a missing part is never success, and the error names it", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    const auto missing = [&](std::uint64_t of) {
        try {
            (void)parts.finish(of);
        } catch (const curtail::PartsMissing& error) {
            CHECK(error.of() == of);
            CHECK(error.count() >= error.numbers().size());
            return error;
        }
        throw std::runtime_error("success");
    };
    CHECK(missing(100).count() == 100);
    CHECK(missing(100).numbers().size() == 32);
    write(parts, 0, 3, 1);
    write(parts, 2, 3, 1);
    CHECK(missing(3).numbers() == Numbers{1});
    CHECK_FALSE(std::filesystem::exists(dir / "predictions_a/_SUCCESS"));
    CHECK_FALSE(parts.published());
    CHECK_FALSE(curtail::find_artifact(dir.path(), "a"));
    CHECK_THROWS_AS(parts.concatenate(), curtail::PartsMissing);
    CHECK_THROWS_AS(PartsDirectory(dir.path(), "b").concatenate(), curtail::PartsMissing);
    CHECK(code_of([&] { (void)parts.finish(0); }) == ErrorCode::invalid_option);
}

TEST_CASE("PartsDirectory: the manifest comes last, says what every part is, and stays as it is", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    for (std::uint64_t number = 0; number < 3; ++number) write(parts, number, 3, static_cast<int>(number));
    const curtail::ArtifactInfo whole = parts.finish(3);
    CHECK(whole.path == dir / "predictions_a");
    CHECK(whole.format == "csv");
    CHECK(whole.rows == 3);
    CHECK(whole.bytes == 12);
    const std::string manifest = dir.read("predictions_a/_SUCCESS");
    const auto json = nlohmann::json::parse(manifest);
    CHECK(json["schema:numberOfItems"] == 3);
    CHECK(json["tableSchema"]["columns"][0]["datatype"] == "int");
    REQUIRE(json["tables"].size() == 3);
    CHECK(json["tables"][2]["url"] == "part-00002.csv");
    CHECK(json["tables"][2]["schema:numberOfItems"] == 2);
    CHECK(json["tables"][2]["dcat:byteSize"] == 6);
    CHECK(parts.finish(3, curtail::PartsCheck::contents).rows == 3);
    CHECK(dir.read("predictions_a/_SUCCESS") == manifest);
    REQUIRE(parts.published());
    CHECK(parts.published()->at(2).artifact.path == dir / "predictions_a/part-00002.csv");
    const auto found = curtail::find_artifact(dir.path(), "a");
    REQUIRE(found);
    CHECK(found->path == dir / "predictions_a");
    CHECK(found->bytes == 12);
    CHECK(found->metadata == manifest);
    dir.put("predictions_a/_SUCCESS", "");
    CHECK(code_of([&] { (void)parts.finish(3); }) == ErrorCode::parts_differ);
    CHECK(code_of([&] { (void)parts.published(); }) == ErrorCode::part_damaged);
    CHECK_FALSE(curtail::find_artifact(dir.path(), "a"));
}

TEST_CASE("PartsDirectory: a file that is not what was committed stops the job", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    write(parts, 0, 2, 1);
    write(parts, 1, 2, 1);
    dir.put("predictions_a/part-00001.csv", "n\n7\n");
    CHECK(code_of([&] { (void)parts.finish(2, curtail::PartsCheck::contents); }) == ErrorCode::part_damaged);
    for (const char* bytes : {"", "n\n0", "n\n0\n1\n"}) {
        dir.put("predictions_a/part-00001.csv", bytes);
        CHECK(code_of([&] { (void)parts.finish(2); }) == ErrorCode::part_damaged);
        CHECK(code_of([&] { (void)parts.concatenate(); }) == ErrorCode::part_damaged);
    }
    std::filesystem::remove(dir / "predictions_a/part-00001.csv");
    CHECK(code_of([&] { (void)parts.finish(2); }) == ErrorCode::part_damaged);
    // As the error says.
    std::filesystem::remove(dir / "predictions_a/.part-00001.summary");
    CHECK(parts.missing(2) == Numbers{1});
    write(parts, 1, 2, 1);
    CHECK(parts.finish(2).bytes == 8);
    // The same when the job was finished before.
    dir.put("predictions_a/part-00001.csv", "n\n7\n");
    CHECK(code_of([&] { (void)parts.finish(2, curtail::PartsCheck::contents); }) == ErrorCode::part_damaged);
    std::filesystem::remove(dir / "predictions_a/.part-00001.summary");
    CHECK(code_of([&] { write(parts, 1, 2, 1); }) == ErrorCode::artifact_exists);  // whose file is this?
    std::filesystem::remove(dir / "predictions_a/part-00001.csv");
    write(parts, 1, 2, 1);
    CHECK(code_of([&] { (void)parts.finish(2); }) == ErrorCode::parts_differ);
    std::filesystem::remove(dir / "predictions_a/_SUCCESS");
    CHECK(parts.finish(2, curtail::PartsCheck::contents).bytes == 8);
    CHECK(dir.names() == Names{"predictions_a"});
}

#if !defined(_WIN32)
TEST_CASE("PartsDirectory: its owner may write into it, whatever the mode of the files is", "[artifact]") {
    for (const unsigned mode : {0400U, 0440U, 0444U, 0640U}) {
        const ScratchDirectory dir;
        write(PartsDirectory(dir.path(), "a", {.mode = mode}), 0, 1, 1);
        const unsigned others = mode & 077U;
        const auto perms = std::filesystem::status(dir / "predictions_a").permissions();
        CHECK(static_cast<unsigned>(perms) == (0700U | others | (others & 044U) >> 2U));
    }
}
#endif

TEST_CASE("PartsDirectory: publishes merged parts, and no others", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    write(parts, 0, 2, 1);
    write(parts, 1, 2, 2);
    const curtail::Schema schema;
    std::vector<curtail::PartArtifact> merged{{0, {"", "csv", 1, 4}}, {1, {"", "csv", 2, 6}}};
    CHECK(code_of([&] { (void)parts.publish(schema, {}); }) == ErrorCode::invalid_option);
    merged[1].artifact.rows = 3;
    CHECK(code_of([&] { (void)parts.publish(schema, merged); }) == ErrorCode::parts_differ);
    merged[1].artifact.rows = 2;
    merged[1].artifact.sha256 = "x";
    CHECK(code_of([&] { (void)parts.publish(schema, merged); }) == ErrorCode::parts_differ);
    CHECK_FALSE(parts.published());
    merged[1].artifact.sha256.clear();
    CHECK(parts.publish(schema, merged).bytes == 10);
    CHECK(parts.published());
}

TEST_CASE("PartsDirectory: joins the parts to one file with one header", "[artifact]") {
    const ScratchDirectory dir;
    for (const auto header : {curtail::PartHeader::every, curtail::PartHeader::first}) {
        const std::string job = header == curtail::PartHeader::every ? "every" : "first";
        const PartsDirectory parts(dir.path(), job, {.header = header});
        for (std::uint64_t number = 0; number < 3; ++number) write(parts, number, 3, 2 - static_cast<int>(number));
        const curtail::ArtifactInfo whole = parts.concatenate();
        CHECK(whole.path == dir / ("predictions_" + job + ".csv"));
        CHECK(whole.format == "csv");
        CHECK(whole.rows == 3);
        CHECK(whole.bytes == 8);
        CHECK(dir.read("predictions_" + job + ".csv") == "n\n0\n1\n0\n");
        CHECK(code_of([&] { (void)parts.concatenate(); }) == ErrorCode::artifact_exists);
        CHECK(parts.concatenate({.on_exists = curtail::OnExists::replace}).bytes == 8);
        // The one file goes before the directory.
        (void)parts.finish(3);
        CHECK(curtail::find_artifact(dir.path(), job)->path == dir / ("predictions_" + job + ".csv"));
    }
}

TEST_CASE("PartsDirectory: joins parts with a byte order mark and no header line", "[artifact]") {
    const ScratchDirectory dir;
    curtail::CsvDialect dialect = curtail::CsvDialect::excel();
    for (const bool header : {false, true}) {
        dialect.header = header;
        const PartsDirectory parts(dir.path(), header ? "a" : "b");
        for (std::uint64_t number = 0; number < 2; ++number) write(parts, number, 2, 1, dialect);
        (void)parts.concatenate();
        CHECK(dir.read(header ? "predictions_a.csv" : "predictions_b.csv") == (header ? "\xEF\xBB\xBFn\r\n0\r\n0\r\n"
                                                                                      : "\xEF\xBB\xBF"
                                                                                        "0\r\n0\r\n"));
    }
}

TEST_CASE("PartsDirectory: only the first part has the byte order mark where only that has the header", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a", {.header = curtail::PartHeader::first});
    for (std::uint64_t number = 0; number < 3; ++number) write(parts, number, 3, 1, curtail::CsvDialect::excel());
    CHECK(dir.read("predictions_a/part-00001.csv") == "0\r\n");
    (void)parts.concatenate();
    CHECK(dir.read("predictions_a.csv") == "\xEF\xBB\xBFn\r\n0\r\n0\r\n0\r\n");
}

TEST_CASE("PartsDirectory: does not join parts of different tables", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    write(parts, 0, 2, 1);
    const std::vector<int> numbers{1};
    const auto other = curtail::columns(curtail::column("m", numbers));
    curtail::CsvSink sink(parts.file(1, 2));
    sink.open(other.schema());
    sink.append(other);
    (void)sink.finish();
    CHECK(code_of([&] { (void)parts.concatenate(); }) == ErrorCode::parts_differ);
    CHECK(dir.names() == Names{"predictions_a"});
    // The manifest says of each what it is.
    (void)parts.finish(2);
    const auto json = nlohmann::json::parse(dir.read("predictions_a/_SUCCESS"));
    CHECK(json["tableSchema"]["columns"][0]["name"] == "n");
    CHECK(json["tables"][1]["tableSchema"]["columns"][0]["name"] == "m");
}

TEST_CASE("PartsDirectory: does not join parts without headers that are spelled or named in another way",
          "[artifact]") {
    curtail::CsvDialect other;
    SECTION("separator") {
        other.separator = ';';
    }
    SECTION("line end") {
        other.line_end = curtail::LineEnd::crlf;
    }
    SECTION("null") {
        other.null_text = "NULL";
    }
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a", {.header = curtail::PartHeader::first});
    write(parts, 0, 2, 1);
    write(parts, 1, 2, 1, other);
    CHECK(code_of([&] { (void)parts.concatenate(); }) == ErrorCode::parts_differ);
    const std::vector<curtail::PartArtifact> merged{
        {0, {"", "csv", 1, 4}}, {1, {"", "csv", 1, std::filesystem::file_size(dir / "predictions_a/part-00001.csv")}}};
    CHECK(code_of([&] { (void)parts.as_one_file().publish(curtail::Schema(), merged); }) == ErrorCode::parts_differ);
    CHECK_FALSE(parts.published());
    CHECK(dir.names() == Names{"predictions_a"});
}

TEST_CASE("PartsDirectory: joins parts of the same columns whose types differ", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a", {.header = curtail::PartHeader::first});
    write(parts, 0, 3, 1);
    const std::vector<std::string> texts{"x"};
    const std::vector<std::string> others{"y"};
    std::uint64_t number = 0;
    for (const auto& column : {texts, others}) {
        const auto table = curtail::columns(curtail::column(number == 0 ? "n" : "m", column));
        curtail::CsvSink sink(parts.file(++number, 3), {.threads = 1});
        sink.open(table.schema());
        sink.append(table);
        (void)sink.finish();
    }
    CHECK(code_of([&] { (void)parts.concatenate(); }) == ErrorCode::parts_differ);  // "m"
    std::filesystem::remove(dir / "predictions_a/.part-00002.summary");
    std::filesystem::remove(dir / "predictions_a/part-00002.csv");
    write(parts, 2, 3, 1);
    (void)parts.concatenate();
    CHECK(dir.read("predictions_a.csv") == "n\n0\nx\n0\n");
}

TEST_CASE("ConcatenatedParts: publishes no manifest if the name of the one file is taken", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    write(parts, 0, 1, 2);
    dir.put("predictions_a.csv", "x");
    const std::vector<curtail::PartArtifact> merged{{0, {"", "csv", 2, 6}}};
    CHECK(code_of([&] { (void)parts.as_one_file().publish(curtail::Schema(), merged); }) == ErrorCode::artifact_exists);
    CHECK_FALSE(parts.published());
    (void)parts.as_one_file({.on_exists = curtail::OnExists::replace}).publish(curtail::Schema(), merged);
    CHECK(parts.published());
    CHECK(dir.read("predictions_a.csv") == "n\n0\n1\n");
}

TEST_CASE("PartsDirectory: the manifest says of each part behind the first that it has no header", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const PartsDirectory parts(dir.path(), "a",
                               {.header = curtail::PartHeader::first, .durability = curtail::Durability::none});
    // Of the columns there is room for 30 times.
    std::vector<curtail::ColumnSpec> columns;
    for (int i = 0; i < 100; ++i) columns.push_back({std::string(5000, 'x') + std::to_string(i)});
    const curtail::Schema schema(std::move(columns));
    for (std::uint64_t number = 0; number < 50; ++number) {
        curtail::CsvSink sink(parts.file(number, 50), {.threads = 1});
        sink.open(schema);
        (void)sink.finish();
    }
    (void)parts.finish(50);
    const auto json = nlohmann::json::parse(dir.read("predictions_a/_SUCCESS"));
    CHECK(json["dialect"]["header"] == true);
    CHECK_FALSE(json["tables"][0].contains("dialect"));
    for (std::size_t number = 1; number < 50; ++number) {
        CHECK(json["tables"][number]["dialect"]["header"] == false);
        CHECK_FALSE(json["tables"][number].contains("tableSchema"));
    }
}

TEST_CASE("ConcatenatedParts: publishes the manifest and the one file", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    write(parts, 0, 1, 2);
    const curtail::ConcatenatedParts one = parts.as_one_file({.mode = 0644});
    CHECK(one.location() == dir / "predictions_a.csv");
    const std::vector<curtail::PartArtifact> merged{{0, {"", "csv", 2, 6}}};
    CHECK(one.publish(curtail::Schema(), merged).path == one.location());
    CHECK(parts.published());
    CHECK(dir.read("predictions_a.csv") == "n\n0\n1\n");
}

TEST_CASE("ConcatenatedParts: publishes nothing of parts that cannot be joined", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a");
    for (std::uint64_t number = 0; number < 2; ++number) {
        curtail::PartFile file = parts.file(number, 2);
        file.compressed_as("gz");
        file.open();
        file.write(std::span<const char>(std::string_view("n\n0\n")));
        file.describe_part(2, {});
        file.commit_part({"", "csv.gz", 1, 4, {}, 4}, "");
    }
    const curtail::ConcatenatedParts one = parts.as_one_file();
    CHECK(one.location() == dir / "predictions_a.csv.gz");
    const std::vector<curtail::PartArtifact> merged{{0, {"", "csv.gz", 1, 4}}, {1, {"", "csv.gz", 1, 4}}};
    CHECK(code_of([&] { (void)one.publish(curtail::Schema(), merged); }) == ErrorCode::invalid_option);
    CHECK_FALSE(parts.published());
    CHECK(dir.names() == Names{"predictions_a"});
}

TEST_CASE("PartsDirectory: the manifest leaves out what it has no room for", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const PartsDirectory parts(dir.path(), "a", {.durability = curtail::Durability::none});
    for (std::uint64_t number = 0; number < 7; ++number) {
        curtail::PartFile file = parts.file(number, 7);
        file.open();
        const std::string description = "\"schema:description\": \"" + std::to_string(number);
        file.describe_part(0, description + std::string(number == 0 ? 0 : 10'000'000, 'x') + "\"");
        file.commit_part({.path = {}, .format = "csv"}, {});
    }
    (void)parts.finish(7);
    CHECK(parts.published()->size() == 7);
    const std::string manifest = dir.read("predictions_a/_SUCCESS");
    CHECK(manifest.size() > 10'000'000);
    CHECK(manifest.size() < 20'000'000);
    (void)parts.finish(7);
}

// For parts_directory.py.
TEST_CASE("PartsDirectory: writes parts for readers of directories", "[.]") {
    const char* const dir = std::getenv("CURTAIL_PARTS");
    REQUIRE(dir != nullptr);
    const PartsDirectory parts(dir, "a");
    for (std::uint64_t number = 0; number < 12; ++number) write(parts, number, 12, static_cast<int>(number));
    (void)parts.finish(12);
    curtail::PartFile(dir, "b", 0, 2).open();
    const PartsDirectory unfinished(dir, "b");
    curtail::PartFile attempt = unfinished.file(1, 2);
    attempt.open();
    attempt.write(std::string_view("n\n1"));
    write(unfinished, 0, 2, 5);
}
