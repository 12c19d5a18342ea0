// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts_artifact.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/page/collected_page.hpp"
#include "catch.hpp"
#include "error_code.hpp"
#include "fault/scratch_directory.hpp"
#include "seed.hpp"

namespace {

using curtail::ErrorCode;
using curtail::PartsArtifact;
using curtail::PartsDirectory;

// Publishes rows in parts of these sizes. Row i is i, a text with i, i / 4.
void publish(const ScratchDirectory& dir, const std::vector<std::size_t>& sizes,
             const curtail::PartsOptions& options = {}) {
    const PartsDirectory parts(dir.path(), "a", options);
    std::int64_t next = 0;
    for (std::size_t number = 0; number < sizes.size(); ++number) {
        std::vector<std::int64_t> ids;
        std::vector<std::string> texts;
        std::vector<double> scores;
        for (std::size_t i = 0; i < sizes[number]; ++i, ++next) {
            ids.push_back(next);
            texts.push_back("two\nlines, " + std::to_string(next));
            scores.push_back(static_cast<double>(next) / 4);
        }
        curtail::CsvSink sink(parts.file(number, sizes.size()));
        const auto table =
            curtail::with_prediction(curtail::columns(curtail::column("id", ids), curtail::column("text", texts)),
                                     curtail::column("score", scores));
        sink.open(table.schema());
        sink.append(table);
        sink.finish();
    }
    parts.finish(sizes.size());
}

}  // namespace

TEST_CASE("PartsArtifact: gives rows by their numbers through all parts", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const ScratchDirectory dir;
    publish(dir, {7, 0, 1, 500, 20});
    const PartsArtifact artifact(PartsDirectory(dir.path(), "a"));
    CHECK(artifact.rows() == 528);
    CHECK(artifact.schema()[1].name == "text");
    CHECK(artifact.info().path == dir / "predictions_a");
    for (int i = 0; i < 60; ++i) {
        const std::uint64_t first = random() % 540;
        const std::uint64_t count = random() % 30;
        const CollectedPage page = page_of(artifact, first, count);
        const std::uint64_t expected = first >= 528 ? 0 : (std::min)(count, 528 - first);
        REQUIRE(page.rows.size() == expected);
        for (std::uint64_t row = 0; row < expected; ++row) {
            CHECK(page.numbers[row] == first + row);
            CHECK(page.rows[row][0] == std::to_string(first + row));
            CHECK(page.rows[row][1] == "'two\nlines, " + std::to_string(first + row) + "'");
        }
    }
    CollectedPage page;
    page.most = 3;
    artifact.read_page(5, 100, all_columns(artifact.schema()), page);
    CHECK(page.rows.size() == 3);
}

TEST_CASE("PartsArtifact: takes names from the first part where the manifest has none", "[artifact]") {
    const ScratchDirectory dir;
    publish(dir, {2, 3});
    const std::string text = dir.read("predictions_a/_SUCCESS");
    const auto begin = text.find("\"dialect\"");
    const auto end = text.find("\"tables\"");
    const auto checksum = text.find(",\n\"dc:provenance\"");
    REQUIRE(begin < end);
    dir.put("predictions_a/_SUCCESS", text.substr(0, begin) + text.substr(end, checksum - end) + "\n}\n");
    const PartsArtifact artifact(PartsDirectory(dir.path(), "a"));
    CHECK(artifact.schema()[2].name == "score");
    CHECK(page_of(artifact, 3, 5).rows.size() == 2);
    CHECK(page_of(artifact, 4, 1).rows[0][0] == "4");
}

namespace {

// Publishes tables as the parts of a job, which are the columns "c" and "p".
template <class... Column>
void publish_each(const ScratchDirectory& dir, const curtail::PartsOptions& options, const curtail::CsvDialect& dialect,
                  const Column&... column) {
    const PartsDirectory parts(dir.path(), "a", options);
    std::uint64_t number = 0;
    const auto write = [&](const auto& values) {
        const auto table =
            curtail::with_prediction(curtail::columns(curtail::column("c", values)), curtail::column("p", values));
        curtail::CsvSink sink(parts.file(number++, sizeof...(Column)), {.dialect = dialect});
        sink.open(table.schema());
        sink.append(table);
        sink.finish();
    };
    (write(column), ...);
    parts.finish(number);
}

}  // namespace

TEST_CASE("PartsArtifact: reads each part by its own types, and leaves those that differ open", "[artifact]") {
    const std::vector<std::int64_t> integers{5, -6};
    const std::vector<std::string> texts{"007", "abc"};
    const std::vector<double> doubles{0.5};
    const std::vector<bool> bools{true};
    const std::vector<std::string> none;
    for (const auto header : {curtail::PartHeader::every, curtail::PartHeader::first}) {
        const ScratchDirectory dir;
        publish_each(dir, {.header = header}, {}, integers, texts, doubles, none, bools);
        const PartsArtifact artifact(PartsDirectory(dir.path(), "a"));
        CHECK(artifact.schema()[0].type.open());
        const CollectedPage page = page_of(artifact, 0, 10);
        REQUIRE(page.rows.size() == 6);
        CHECK(page.rows[1][0] == "-6");
        CHECK(page.rows[2][0] == "'007'");
        CHECK(page.rows[3][1] == "'abc'");
        CHECK(page.rows[4][0] == "0.5");
        CHECK(page_of(artifact, 5, 1).rows[0][0] == page.rows[5][0]);
    }
}

TEST_CASE("PartsArtifact: a part without rows says nothing of types", "[artifact]") {
    const ScratchDirectory dir;
    publish_each(dir, {}, {}, std::vector<std::string>(), std::vector<std::int64_t>{7}, std::vector<std::int64_t>{8});
    const PartsArtifact artifact(PartsDirectory(dir.path(), "a"));
    CHECK(artifact.schema()[0].type.kind == curtail::CellKind::int64);
    CHECK(page_of(artifact, 1, 1).rows[0][0] == "8");
}

TEST_CASE("PartsArtifact: reads parts without headers by the words of the first one", "[artifact]") {
    const ScratchDirectory dir;
    const std::vector<double> values{0.5, 1.25};
    publish_each(dir, {.header = curtail::PartHeader::first}, {.separator = ';', .decimal_comma = true}, values,
                 values);
    CHECK(dir.read("predictions_a/part-00001.csv") == "0,5;0,5\n1,25;1,25\n");
    CHECK(page_of(PartsArtifact(PartsDirectory(dir.path(), "a")), 3, 1).rows[0][0] == "1.25");
}

TEST_CASE("PartsArtifact: refuses parts that are no table together", "[artifact]") {
    const ScratchDirectory dir;
    const PartsDirectory parts(dir.path(), "a", {.header = curtail::PartHeader::first});
    const std::vector<int> values{1};
    for (const char* name : {"n", "m"}) {
        const auto table = curtail::columns(curtail::column(name, values));
        curtail::CsvSink sink(parts.file(name[0] == 'n' ? 0 : 1, 2));
        sink.open(table.schema());
        sink.append(table);
        sink.finish();
    }
    parts.finish(2);
    CHECK(code_of([&] { PartsArtifact{parts}; }) == ErrorCode::malformed_input);
}

TEST_CASE("PartsArtifact: refuses a directory without its manifest, and parts of another run", "[artifact]") {
    const ScratchDirectory dir;
    CHECK(code_of([&] { PartsArtifact(PartsDirectory(dir.path(), "a")); }) == ErrorCode::unreadable_input);
    publish(dir, {5, 5});
    dir.put("predictions_a/part-00001.csv", "id,text,score\n1,x,2\n");
    const PartsArtifact artifact(PartsDirectory(dir.path(), "a"));
    CHECK_FALSE(code_of([&] { page_of(artifact, 2, 2); }));
    CHECK(code_of([&] { page_of(artifact, 4, 2); }) == ErrorCode::changed_input);
    dir.put("predictions_a/part-00001.csv", "id,other,score\n1,x,2\n");
    CHECK(code_of([&] { page_of(artifact, 6, 2); }));
    // One digit of a part is another one.
    std::filesystem::remove_all(dir / "predictions_a");
    publish(dir, {5, 5});
    std::string changed = dir.read("predictions_a/part-00001.csv");
    changed[changed.rfind("lines, ") + 7] = '0';
    dir.put("predictions_a/part-00001.csv", changed);
    CHECK(code_of([&] { page_of(PartsArtifact(PartsDirectory(dir.path(), "a")), 6, 2); }) == ErrorCode::changed_input);
    dir.put("predictions_a/_SUCCESS", "{}");
    CHECK(code_of([&] { PartsArtifact(PartsDirectory(dir.path(), "a")); }) == ErrorCode::malformed_input);
}

TEST_CASE("PartsArtifact: goes to a row by the index in the record of its part", "[artifact]") {
    for (const auto header : {curtail::PartHeader::every, curtail::PartHeader::first}) {
        const ScratchDirectory dir(ScratchDirectory::fast_parent());
        publish(dir, {3, 20'000}, {.header = header});
        const auto page = [&] { return page_of(PartsArtifact(PartsDirectory(dir.path(), "a")), 19'990, 2).rows; };
        const std::vector<std::vector<std::string>> rows = {{"19990", "'two\nlines, 19990'", "4997.5"},
                                                            {"19991", "'two\nlines, 19991'", "4997.75"}};
        CHECK(page() == rows);
        // Records that are not those of the part: it is read through.
        const std::string record = dir.read("predictions_a/.part-00001.summary");
        const std::string other = dir.read("predictions_a/.part-00000.summary");
        for (const std::string& text : {other, record.substr(0, record.size() / 2), std::string()}) {
            dir.put("predictions_a/.part-00001.summary", text);
            CHECK(page() == rows);
        }
        dir.put("predictions_a/.part-00001.summary", record);
#if !defined(_WIN32)  // where MinGW's std::filesystem sets whole seconds, so that the file looks changed
        // A byte of a row that is not shown is another one, and the file does not look changed: read through, the part
        // would be refused. So it was not.
        const std::string part = dir / "predictions_a/part-00001.csv";
        const auto time = std::filesystem::last_write_time(part);
        std::fstream file(part, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(1000);
        file.put('#');
        file.close();
        std::filesystem::last_write_time(part, time);
        CHECK(page() == rows);
        std::filesystem::last_write_time(part, time - std::chrono::hours(1));
        CHECK(code_of(page) == ErrorCode::changed_input);
#endif
    }
}
