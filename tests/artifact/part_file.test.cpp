// SPDX-License-Identifier: MIT
#include <curtail/artifact/part_file.hpp>

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/housekeeping.hpp>
#include <curtail/artifact/parts_directory.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "error_code.hpp"
#include "fault/scratch_directory.hpp"

using curtail::ErrorCode;
using curtail::PartFile;
using Names = std::vector<std::string>;

namespace {

void write(PartFile& file, std::string_view bytes) {
    file.write(std::span<const char>(bytes.data(), bytes.size()));
}

void commit(PartFile file, std::string_view bytes, std::string_view summary) {
    file.open();
    write(file, bytes);
    file.commit_part({.path = {}, .format = "csv", .rows = 1}, summary);
    CHECK(file.committed());
}

}  // namespace

TEST_CASE("PartFile: knows before open() where the part will be, and creates nothing", "[artifact]") {
    const ScratchDirectory dir;
    const PartFile file(dir.path(), "job_1", 3, 12);
    CHECK(file.location() == dir / "predictions_job_1/part-00003.csv");
    CHECK(file.part() == curtail::PartPlace{.number = 3, .of = 12});
    CHECK_FALSE(file.committed());
    CHECK(dir.names().empty());
}

TEST_CASE("PartFile: shows the part under its name when it is committed, and not before", "[artifact]") {
    const ScratchDirectory dir;
    PartFile file(dir.path(), "a", 0, 2);
    file.open();
    write(file, "n\n1\n");
    for (const std::string& name : ScratchDirectory::names_in(dir / "predictions_a")) CHECK(name.front() == '.');
    file.commit_part({.path = {}, .format = "csv", .rows = 1}, "summary");
    CHECK(ScratchDirectory::names_in(dir / "predictions_a") ==
          Names{".part-00000.summary", ".parts", "part-00000.csv"});
    CHECK(dir.read("predictions_a/part-00000.csv") == "n\n1\n");
    CHECK(code_of([&] { write(file, "x"); }) == ErrorCode::wrong_state);
}

TEST_CASE("PartFile: a second attempt gets what the first has committed", "[artifact]") {
    const ScratchDirectory dir;
    PartFile late(dir.path(), "a", 0, 2);
    late.open();
    write(late, "n\n2\n");
    commit(PartFile(dir.path(), "a", 0, 2), "n\n1\n", std::string_view("first\0", 6));
    for (int i = 0; i < 2; ++i) {
        try {
            if (i == 0) late.commit_part({.path = {}, .format = "csv", .rows = 1}, "second");
            PartFile(dir.path(), "a", 0, 2).open();
            FAIL("the part is taken");
        } catch (const curtail::PartTaken& taken) {
            CHECK(taken.number() == 0);
            CHECK(taken.summary() == std::string("first\0", 6));
            CHECK(taken.path() == dir / "predictions_a/part-00000.csv");
        }
    }
    CHECK_FALSE(late.committed());
    CHECK(dir.read("predictions_a/part-00000.csv") == "n\n1\n");
    CHECK(ScratchDirectory::names_in(dir / "predictions_a").size() == 3);
}

TEST_CASE("PartFile: the next caller finishes the commit of a killed attempt", "[artifact]") {
    const ScratchDirectory dir;
    commit(PartFile(dir.path(), "a", 0, 1), "n\n1\n", "first");
    const std::string record = dir.read("predictions_a/.part-00000.summary");
    const std::size_t at = record.find(".part-00000.");
    const std::string attempt = record.substr(at, record.find('\n', at) - at);
    const auto kill_before_the_name = [&] {
        std::filesystem::rename(dir / "predictions_a/part-00000.csv", dir / ("predictions_a/" + attempt));
    };
    const curtail::PartsDirectory parts(dir.path(), "a");
    kill_before_the_name();
    CHECK_THROWS_AS(PartFile(dir.path(), "a", 0, 1).open(), curtail::PartTaken);
    CHECK(dir.read("predictions_a/part-00000.csv") == "n\n1\n");
    kill_before_the_name();
    CHECK(parts.missing(1).empty());
    CHECK(parts.summary(0) == "first");
    CHECK(dir.read("predictions_a/part-00000.csv") == "n\n1\n");
    kill_before_the_name();
    CHECK(curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0), curtail::LivenessCheck::age_only)
              .removed.empty());
    CHECK(dir.read("predictions_a/part-00000.csv") == "n\n1\n");
    kill_before_the_name();
    CHECK(parts.finish(1).bytes == 4);
    CHECK(dir.read("predictions_a/part-00000.csv") == "n\n1\n");
}

TEST_CASE("PartFile: abort(), destruction and a move over it leave nothing of the part", "[artifact]") {
    const ScratchDirectory dir;
    {
        PartFile file(dir.path(), "a", 0, 2);
        file.open();
        write(file, "x");
        file.abort();
        file.abort();
        CHECK(code_of([&] { write(file, "x"); }) == ErrorCode::wrong_state);
        PartFile other(dir.path(), "a", 1, 2);
        other.open();
        write(other, "x");
        other = PartFile(dir.path(), "a", 0, 2);
        PartFile moved(std::move(other));
        CHECK(code_of([&] { other.open(); }) == ErrorCode::wrong_state);
        moved.open();
    }
    CHECK(ScratchDirectory::names_in(dir / "predictions_a") == Names{".parts"});
}

TEST_CASE("PartFile: calls out of order are refused", "[artifact]") {
    const ScratchDirectory dir;
    PartFile file(dir.path(), "a", 0, 1);
    CHECK(code_of([&] { write(file, "x"); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { file.commit_part({}, {}); }) == ErrorCode::wrong_state);
    file.open();
    CHECK(code_of([&] { file.open(); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { file.commit(); }) == ErrorCode::wrong_state);
    file.commit_part({}, {});
    CHECK(code_of([&] { file.commit_part({}, {}); }) == ErrorCode::wrong_state);
    CHECK(file.committed());
}

TEST_CASE("PartFile: numbers and ids that no part has are refused before anything exists", "[artifact]") {
    const ScratchDirectory dir;
    for (const auto& [number, of] : {std::pair<std::uint64_t, std::uint64_t>{0, 0}, {1, 1}, {5, 3}, {0, 100'001}}) {
        CHECK(code_of([&, n = number, o = of] { (void)PartFile(dir.path(), "a", n, o); }) == ErrorCode::invalid_option);
    }
    CHECK_NOTHROW(PartFile(dir.path(), "a", 99'999, 100'000));
    CHECK(code_of([&] { (void)PartFile(dir.path(), "../a", 0, 1); }) == ErrorCode::invalid_job_id);
    CHECK(code_of([&] { (void)PartFile("", "a", 0, 1); }) == ErrorCode::invalid_option);
    CHECK(code_of([&] { (void)PartFile(dir.path(), "a", 0, 1, {.mode = 07777}); }) == ErrorCode::invalid_option);
    CHECK(code_of([&] { PartFile(dir / "missing", "a", 0, 1).open(); }) == ErrorCode::no_directory);
    CHECK(dir.names().empty());
}

TEST_CASE("PartFile: a rerun with fewer or more parts is refused", "[artifact]") {
    const ScratchDirectory dir;
    commit(PartFile(dir.path(), "a", 0, 3), "x", "s");
    CHECK(code_of([&] { PartFile(dir.path(), "a", 1, 2).open(); }) == ErrorCode::parts_differ);
    CHECK(code_of([&] { PartFile(dir.path(), "a", 1, 4).open(); }) == ErrorCode::parts_differ);
    const curtail::PartsDirectory parts(dir.path(), "a");
    CHECK(code_of([&] { (void)parts.missing(2); }) == ErrorCode::parts_differ);
    CHECK(code_of([&] { (void)parts.finish(4); }) == ErrorCode::parts_differ);
    CHECK(parts.missing(3) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("PartFile: does not write among another writer's parts, or where a file has the name", "[artifact]") {
    const ScratchDirectory dir;
    for (const char* name : {"part-00000-1f7c.snappy.parquet", "part-0.csv", "_SUCCESS"}) {
        std::filesystem::create_directory(dir / "predictions_a");
        dir.put("predictions_a/" + std::string(name), "x");
        CHECK(code_of([&] { PartFile(dir.path(), "a", 0, 1).open(); }) == ErrorCode::artifact_exists);
        CHECK(ScratchDirectory::names_in(dir / "predictions_a") == Names{name});
        std::filesystem::remove_all(dir / "predictions_a");
    }
    dir.put("predictions_a", "x");
    CHECK(code_of([&] { PartFile(dir.path(), "a", 0, 1).open(); }) == ErrorCode::no_directory);
}

TEST_CASE("PartFile: a damaged record or mark is an error, and nothing is written", "[artifact]") {
    const ScratchDirectory dir;
    commit(PartFile(dir.path(), "a", 0, 2), "x", "s");
    for (const char* text : {"", "curtail parts 1\nof 0\n", "curtail parts 1\nof 2\n\n", "of 2\n"}) {
        dir.put("predictions_a/.parts", text);
        CHECK(code_of([&] { PartFile(dir.path(), "a", 1, 2).open(); }) == ErrorCode::part_damaged);
    }
    dir.put("predictions_a/.parts", "curtail parts 1\nof 2\n");
    const std::string record = dir.read("predictions_a/.part-00000.summary");
    for (const std::string& text :
         {std::string(), record.substr(0, 20), record.substr(0, record.size() - 1), record + "x"}) {
        dir.put("predictions_a/.part-00000.summary", text);
        CHECK(code_of([&] { PartFile(dir.path(), "a", 0, 2).open(); }) == ErrorCode::part_damaged);
    }
    dir.put("predictions_a/.part-00001.summary", record);  // of another part
    CHECK(code_of([&] { PartFile(dir.path(), "a", 1, 2).open(); }) == ErrorCode::part_damaged);
    CHECK(ScratchDirectory::names_in(dir / "predictions_a") ==
          Names{".part-00000.summary", ".part-00001.summary", ".parts", "part-00000.csv"});
}

TEST_CASE("PartFile: commits no facts that could not be read again", "[artifact]") {
    const ScratchDirectory dir;
    const auto commit_with = [&](std::uint64_t header, const curtail::ArtifactInfo& info) {
        PartFile file(dir.path(), "a", 0, 1);
        file.open();
        write(file, "n\n0\n");
        file.describe_part(header, {});
        file.commit_part(info, "summary");
    };
    CHECK(code_of([&] { commit_with(5, {.path = {}, .format = {}, .rows = 1}); }) == ErrorCode::invalid_option);
    CHECK(code_of([&] { commit_with(2, {.path = {}, .format = {}, .rows = UINT64_MAX}); }) ==
          ErrorCode::invalid_option);
    const curtail::PartsDirectory parts(dir.path(), "a");
    CHECK(parts.missing(1).size() == 1);
    CHECK(ScratchDirectory::names_in(dir / "predictions_a") == Names{".parts"});
    commit_with(2, {.path = {}, .format = {}, .rows = 1, .sha256 = std::string(64, 'A')});
    CHECK(parts.summary(0) == "summary");
    CHECK(parts.finish(1).rows == 1);
}

#if !defined(_WIN32)  // where a file has a list of those who have access
TEST_CASE("PartFile: files and directory get the permissions of the options", "[artifact]") {
    const ScratchDirectory dir;
    using std::filesystem::perms;
    const auto mode = [&](std::string_view name) {
        return static_cast<unsigned>(std::filesystem::status(dir / name).permissions());
    };
    PartFile(dir.path(), "a", 0, 1).open();
    CHECK(mode("predictions_a") == 0700);
    PartFile file(dir.path(), "b", 0, 1, {.mode = 0640});
    commit(std::move(file), "x", "s");
    CHECK(mode("predictions_b") == 0750);
    for (const char* name : {"part-00000.csv", ".part-00000.summary", ".parts"}) {
        CHECK(mode("predictions_b/" + std::string(name)) == 0640);
    }
}
#endif

TEST_CASE("CsvSink: writes a part with its header, and stores what describes it", "[artifact]") {
    const ScratchDirectory dir;
    const std::vector<int> ages{34, 58};
    const auto table = curtail::columns(curtail::column("age", ages));
    for (const auto header : {curtail::PartHeader::every, curtail::PartHeader::first}) {
        const std::string job = header == curtail::PartHeader::every ? "every" : "first";
        for (std::uint64_t number = 0; number < 2; ++number) {
            curtail::CsvSink sink(PartFile(dir.path(), job, number, 2, {.header = header}));
            sink.open(table.schema());
            sink.append(table);
            if (number == 0) {
                CHECK(sink.finish().bytes == 10);  // without a summary
            } else {
                sink.finish_part([](const curtail::ArtifactInfo& info) { return std::to_string(info.rows); });
            }
        }
        const bool all = header == curtail::PartHeader::every;
        CHECK(dir.read("predictions_" + job + "/part-00000.csv") == "age\n34\n58\n");
        CHECK(dir.read("predictions_" + job + "/part-00001.csv") == (all ? "age\n34\n58\n" : "34\n58\n"));
        const std::string record = dir.read("predictions_" + job + "/.part-00001.summary");
        CHECK(record.find(all ? "\nheader 4\n" : "\nheader 0\n") != std::string::npos);
        CHECK(record.find(all ? "\"header\": true" : "\"header\": false") != std::string::npos);
        CHECK(record.find("\nrows 2\n") != std::string::npos);
        CHECK(record.ends_with("2"));
    }
    CHECK(code_of([&] { curtail::CsvSink(PartFile(dir.path(), "c", 0, 1), {.metadata = true}); }) ==
          ErrorCode::invalid_option);
}
