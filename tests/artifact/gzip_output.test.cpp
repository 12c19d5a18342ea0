// SPDX-License-Identifier: MIT
#include <curtail/artifact/gzip_output.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/find_artifact.hpp>
#include <curtail/artifact/parts_directory.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/gzip/inflate.hpp"
#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::CsvSink;
using curtail::GzipFile;
using curtail::GzipOptions;
using curtail::GzipOutput;

struct Rows {
    std::vector<std::string> names;
    std::vector<double> scores;

    explicit Rows(std::size_t rows) {
        for (std::size_t i = 0; i < rows; ++i) {
            names.push_back("caf\xC3\xA9, \"" + std::to_string(i) + "\"");
            scores.push_back(static_cast<double>(i) / 7);
        }
    }
    [[nodiscard]] auto table() const {
        return curtail::with_prediction(curtail::columns(curtail::column("name", names)),
                                        curtail::column("score", scores));
    }
};

std::string file_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Returns true if the command ends well, or is not installed.
bool accepts(const std::string& program, const std::string& arguments) {
    if (std::system(("command -v " + program + " > /dev/null").c_str()) != 0) return true;
    return std::system((program + " " + arguments + " > /dev/null 2>&1").c_str()) == 0;
}

}  // namespace

TEST_CASE("GzipOutput: a compressed artifact holds the bytes of the plain one, for any number of threads",
          "[artifact]") {
    const ScratchDirectory dir;
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{60'000}}) {
        const Rows data(rows);
        const std::string plain = dir / "plain.csv";
        (void)curtail::ResultPayloadBuilder("a").build(
            data.table(), CsvSink(plain, {.file = {.on_exists = curtail::OnExists::replace}}));
        std::string first;
        for (const std::size_t threads : {std::size_t{1}, std::size_t{4}}) {
            const std::string path = dir / ("a" + std::to_string(rows) + "." + std::to_string(threads) + ".csv.gz");
            const auto result =
                curtail::ResultPayloadBuilder("a").build(data.table(), CsvSink<GzipFile>(path, {.threads = threads}));
            const curtail::ResultPayload said = curtail::parse_result(result.message());
            const std::string bytes = file_text(path);
            CHECK(said.output_file == path);
            CHECK(said.output_format == "csv.gz");
            CHECK(said.output_bytes == bytes.size());
            CHECK(result.payload().output_uncompressed_bytes == file_text(plain).size());
            CHECK(said.rows == rows);
            CHECK(text_of(members_of(bytes)) == file_text(plain));
            CHECK(accepts("gzip", "-t " + path));
            CHECK(accepts("bgzip", "-t " + path));
            CHECK(accepts("python3", "-c \"import gzip; assert gzip.open('" + path + "').read() == open('" + plain +
                                         "', 'rb').read()\""));
            if (first.empty()) first = bytes;
            CHECK(bytes == first);
        }
    }
}

TEST_CASE("GzipOutput: the metadata file counts the bytes of the compressed one", "[artifact]") {
    const ScratchDirectory dir;
    const Rows data(1000);
    const std::string path = dir / "a.csv.gz";
    (void)curtail::ResultPayloadBuilder("a").build(data.table(), CsvSink<GzipFile>(path, {.metadata = true}));
    const std::string metadata = file_text(path + "-metadata.json");
    CHECK(metadata.find(std::to_string(file_text(path).size())) != std::string::npos);
}

TEST_CASE("GzipOutput: a higher level is smaller, and any other is refused before a file exists", "[artifact]") {
    const auto size_of = [](int level) {
        MemoryOutput output;
        GzipOutput<MemoryOutput> gzip(GzipOptions{.level = level}, output);
        gzip.open();
        for (int i = 0; i < 50'000; ++i) gzip.write(std::to_string(i * 37 % 9973) + "\n");
        gzip.finish();
        gzip.commit();
        CHECK(gzip.bytes_written() == output.kept->bytes.size());
        CHECK(output.kept->commits == 1);
        return output.kept->bytes.size();
    };
    CHECK(size_of(1) > size_of(5));
    CHECK(size_of(5) > size_of(12));
    for (const int level : {0, 13, -1}) {
        CHECK_THROWS_AS(GzipOutput<MemoryOutput>(GzipOptions{.level = level}), curtail::UsageError);
    }
}

TEST_CASE("GzipOutput: publishes nothing after abort(), and throws what its output throws", "[artifact]") {
    const ScratchDirectory dir;
    {
        GzipFile file(dir / "a.csv.gz");
        CHECK_THROWS_AS(file.write(std::string_view("too early")), curtail::UsageError);
        file.open();
        file.write(std::string(1'000'000, 'x'));
        GzipFile moved = std::move(file);
        moved.write(std::string_view(" bytes"));
        moved.abort();
        moved.abort();
    }
    CHECK(dir.names().empty());
    MemoryOutput output;
    output.kept->fail_at_write = 1;
    CsvSink<GzipOutput<MemoryOutput>> sink{GzipOutput<MemoryOutput>(output)};
    const Rows data(20'000);
    const auto table = data.table();
    sink.open(table.schema());
    CHECK_THROWS_AS((sink.append(table), sink.finish()), std::runtime_error);
    sink.abort();
    CHECK(output.kept->commits == 0);
    CHECK(output.kept->aborts == 1);
}

TEST_CASE("GzipOutput: is published after its end only", "[artifact]") {
    MemoryOutput output;
    GzipOutput<MemoryOutput> gzip(output);
    CHECK_THROWS_AS(gzip.commit(), curtail::UsageError);
    gzip.open();
    gzip.write(std::string_view("text"));
    CHECK_THROWS_AS(gzip.commit(), curtail::UsageError);
    CHECK(output.kept->commits == 0);
    gzip.finish();
    CHECK_THROWS_AS(gzip.write(std::string_view("more")), curtail::UsageError);
    gzip.commit();
    CHECK(text_of(members_of(output.kept->bytes)) == "text");
}

TEST_CASE("GzipOutput: a forked child gives up what its parent's threads compress, and the parent goes on",
          "[artifact]") {
    MemoryOutput output;
    auto gzip = std::make_unique<GzipOutput<MemoryOutput>>(GzipOptions{.threads = 3}, output);
    gzip->open();
    const std::string text(1'000'000, 'x');
    gzip->write(text);
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(300);
        gzip.reset();
        ::_exit(0);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    gzip->finish();
    gzip->commit();
    CHECK(text_of(members_of(output.kept->bytes)) == text);
}

TEST_CASE("GzipOutput: compresses the parts of a table, which join to one file if the first has the header",
          "[artifact]") {
    const ScratchDirectory dir;
    const Rows rows(5000);
    const auto table = rows.table();
    for (const auto header : {curtail::PartHeader::first, curtail::PartHeader::every}) {
        const std::string job = header == curtail::PartHeader::first ? "first" : "every";
        const curtail::PartsDirectory parts(dir.path(), job, {.header = header});
        std::uint64_t bytes = 0;
        for (std::uint64_t number = 0; number < 2; ++number) {
            CsvSink sink(GzipOutput<curtail::PartFile>(parts.file(number, 2)));
            CHECK(sink.location() == parts.location() + "/part-0000" + std::to_string(number) + ".csv.gz");
            CHECK(sink.part() == curtail::PartPlace{.number = number, .of = 2});
            sink.open(table.schema());
            sink.append(table);
            sink.finish_part([&](const curtail::ArtifactInfo& info) {
                bytes += *info.uncompressed_bytes;
                return std::string("summary");
            });
        }
        const curtail::ArtifactInfo whole = parts.finish(2, curtail::PartsCheck::contents);
        CHECK(whole.format == "csv.gz");
        CHECK(whole.uncompressed_bytes == bytes);
        const auto published = parts.published();
        REQUIRE(published);
        CHECK(published->at(1).artifact.uncompressed_bytes);
        CHECK(curtail::find_artifact(dir.path(), job)->path == parts.location());
        if (header == curtail::PartHeader::every) {
            CHECK_THROWS_AS(parts.concatenate(), curtail::UsageError);
            continue;
        }
        const curtail::ArtifactInfo joined = parts.concatenate();
        CHECK(joined.path == dir / "predictions_first.csv.gz");
        CHECK(joined.bytes == whole.bytes);
        const std::string text = text_of(members_of(file_text(joined.path)));
        CHECK(text.size() == bytes);
        CHECK(text.find("name,score\n") == 0);
        CHECK(text.find("name,score\n", 1) == std::string::npos);
        CHECK(accepts("gzip", "-t " + joined.path));
    }
}
