// SPDX-License-Identifier: MIT
#include <curtail/artifact/sha256_output.hpp>

#include <stdio.h>
#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/render.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::CsvSink;
using curtail::Sha256File;
using curtail::Sha256Output;

// Returns the standard output of a program, or an empty text if it cannot be run.
std::string output_of(const std::string& command) {
    std::FILE* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
    if (pipe == nullptr) return {};
    std::string out;
    char part[4096];
    for (std::size_t size = 0; (size = std::fread(part, 1, sizeof part, pipe)) > 0;) out.append(part, size);
    ::pclose(pipe);
    return out;
}

std::string digest_of(std::string_view text, std::size_t piece) {
    Sha256Output<MemoryOutput> output;
    for (std::size_t at = 0; at < text.size(); at += piece) output.write(std::span(text.substr(at, piece)));
    output.commit();
    CHECK(output.output().kept->bytes == text);
    CHECK(output.output().kept->commits == 1);
    return output.sha256();
}

}  // namespace

TEST_CASE("Sha256Output: the digest is SHA-256, whatever pieces the bytes come in", "[artifact]") {
    CHECK(digest_of("", 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(digest_of("abc", 1) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const std::string million(1'000'000, 'a');
    for (const std::size_t piece : {std::size_t{1}, std::size_t{63}, std::size_t{4096}, million.size()}) {
        CHECK(digest_of(million, piece) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

TEST_CASE("Sha256Output: rows, bytes and digest of a published file are what wc, stat, sha256sum and Python find",
          "[artifact]") {
    const ScratchDirectory dir;
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{60'000}}) {
        std::vector<std::string> names;
        std::vector<double> scores;
        for (std::size_t i = 0; i < rows; ++i) {
            names.push_back("caf\xC3\xA9, \"" + std::to_string(i) + "\"");
            scores.push_back(static_cast<double>(i) / 7);
        }
        const auto table = curtail::with_prediction(curtail::columns(curtail::column("name", names)),
                                                    curtail::column("score", scores));
        const std::string path = dir / ("predictions_job_" + std::to_string(rows) + ".csv");
        const auto result =
            curtail::ResultPayloadBuilder("job_" + std::to_string(rows)).build(table, CsvSink<Sha256File>(path));
        const curtail::ResultPayload said = curtail::parse_result(result.message());
        CHECK(said.output_file == path);
        CHECK(said.rows == rows);
        CHECK(output_of("sha256sum " + path) == said.output_sha256 + "  " + path + "\n");
        CHECK(std::stoull(output_of("wc -l < " + path)) == rows + 1);
        CHECK(std::stoull(output_of("wc -c < " + path)) == said.output_bytes);
        struct stat status = {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK(static_cast<std::uint64_t>(status.st_size) == said.output_bytes);
        CHECK((status.st_mode & 0777U) == 0600U);
        if (!output_of("python3 -c 'print(1)'").empty()) {
            const std::string script = "import csv, hashlib; b = open(\"" + path +
                                       "\", \"rb\").read(); "
                                       "print(hashlib.sha256(b).hexdigest(), len(b), "
                                       "sum(1 for _ in csv.reader(open(\"" +
                                       path + "\", newline=\"\", encoding=\"utf-8\"))) - 1)";
            CHECK(output_of("python3 -c '" + script + "'") ==
                  said.output_sha256 + " " + std::to_string(*said.output_bytes) + " " + std::to_string(rows) + "\n");
        }
        CHECK(curtail::render_text(said).find("\nsha256 " + said.output_sha256) != std::string::npos);
    }
}

TEST_CASE("Sha256Output: publishes nothing after abort(), and throws what its output throws", "[artifact]") {
    const ScratchDirectory dir;
    {
        Sha256File file(dir / "a.csv");
        file.open();
        file.write(std::string_view("some"));
        Sha256File moved = std::move(file);
        moved.write(std::string_view(" bytes"));
        CHECK(moved.sha256() == digest_of("some bytes", 4));
        CHECK(moved.location() == dir / "a.csv");
        moved.abort();
    }
    CHECK(dir.names().empty());
    Sha256Output<MemoryOutput> output;
    output.output().kept->fail_at_write = 0;
    CHECK_THROWS_AS(output.write(std::string_view("x")), std::runtime_error);
    output.output().kept->fail_at_commit = true;
    CHECK_THROWS_AS(output.commit(), std::runtime_error);
}

TEST_CASE("Sha256Output: passes the options to its output, and a plain file has no digest in the message",
          "[artifact]") {
    const ScratchDirectory dir;
    const std::vector<int> numbers = {1};
    const auto table = curtail::columns(curtail::column("n", numbers));
    dir.put("a.csv", "old");
    CsvSink<Sha256File> sink(dir / "a.csv", {.file = {.on_exists = curtail::OnExists::replace}});
    sink.open(table.schema());
    sink.append(table);
    CHECK(sink.finish().sha256 == digest_of("n\n1\n", 1));
    CHECK(dir.read("a.csv") == "n\n1\n");
    CsvSink<Sha256File> described(dir / "c.csv", {.metadata = true});
    described.open(table.schema());
    described.append(table);
    const std::string digest = described.finish().sha256;
    CHECK(nlohmann::json::parse(dir.read("c.csv-metadata.json"))["schema:sha256"] == digest);
    CHECK(digest == digest_of("n\n1\n", 1));
    CHECK_THROWS_AS(CsvSink<Sha256File>(dir / ""), curtail::UsageError);
    const auto plain = curtail::ResultPayloadBuilder("job_1").build(table, CsvSink(dir / "b.csv"));
    CHECK_FALSE(plain.data().contains("output_sha256"));
}
