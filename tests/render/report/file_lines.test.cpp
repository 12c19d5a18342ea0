// SPDX-License-Identifier: MIT
#include <curtail/render/report/file_lines.hpp>

#include <cstdint>
#include <limits>
#include <string>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using namespace curtail::detail;
using curtail::ResultPayload;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
const std::string dot = " \xC2\xB7 ";

}  // namespace

TEST_CASE("file_line: says that the file is on the worker's machine", "[render]") {
    ResultPayload payload = samples::customers();
    CHECK(file_line(payload, 99).text() == "File on the worker's machine: /data/jobs/predictions_job_3f2a9c11d0be.csv");
    CHECK(file_line(payload, 24).text().find("f2a9c11d0be.csv") != std::string::npos);
}

TEST_CASE("file_line: says why there is no file", "[render]") {
    ResultPayload payload = samples::customers();
    payload.artifact_error = "no space left\n\x1B[31m on the device";
    CHECK(file_line(payload, 99).text().starts_with("The worker could not write the file: no space left"));
    CHECK(file_line(payload, 99).text().find('\x1B') == std::string::npos);
    payload.artifact_error = std::string(5000, 'e') + " the end";
    CHECK(file_line(payload, 40).text().size() < 90);
    CHECK(file_line(payload, 40).text().ends_with("the end"));
    payload.artifact_error = "disk full";
    payload.artifact_error_permanent = false;
    CHECK(file_line(payload, 40).text() ==
          "The worker could not write the file: disk full \xC2\xB7 another try may succeed");
    payload.artifact_error_permanent = true;
    CHECK(file_line(payload, 40).text().ends_with(" \xC2\xB7 the same job would fail again"));
}

TEST_CASE("file_line: of a table in parts it says how many there are, where, and how large", "[render]") {
    ResultPayload payload = samples::in_parts();
    const std::string there = "Files on the workers' machines: ";
    payload.output_file = "/data/predictions_x";
    CHECK(file_line(payload, 99).text() == there + "12 parts in /data/predictions_x" + dot + "5.6 GB");
    payload.output_uncompressed_bytes = 31'000'000'000;
    payload.output_format = "csv.gz";
    CHECK(file_line(payload, 99).text().ends_with("5.6 GB, gzip of 31 GB"));
    payload.output_bytes.reset();
    CHECK(file_line(payload, 99).text() == there + "12 parts in /data/predictions_x");
    payload.parts_missing = {3, 7};
    for (const std::uint64_t total : {2U, 0U}) {  // what is listed is missing, whatever the total says
        payload.parts_missing_total = total;
        CHECK(file_line(payload, 99).text() == there + "10 of 12 parts in /data/predictions_x");
    }
    payload.output_parts.resize(1);
    payload.output_parts_total = 1;
    payload.parts_missing.clear();
    CHECK(file_line(payload, 99).text() == there + "1 part in /data/predictions_x");
    payload.output_parts.clear();
    payload.output_parts_total = 12'000;
    CHECK(file_line(payload, 99).text() == there + "12,000 parts in /data/predictions_x");
    payload.output_file = "/" + std::string(5000, 'd') + "\n/x";
    CHECK(file_line(payload, 30).text().size() < there.size() + 80);
}

TEST_CASE("file_line: says on how many machines parts without a common directory are", "[render]") {
    ResultPayload payload = samples::on_machines();
    CHECK(file_line(payload, 99).text() == "3 parts on 2 workers' machines" + dot + "5.6 GB");
    payload.output_parts_total = 30;  // who has the others is not known
    CHECK(file_line(payload, 99).text() == "30 parts on at least 2 workers' machines" + dot + "5.6 GB");
    payload.parts_missing_total = 27;
    CHECK(file_line(payload, 99).text() == "3 of 30 parts on 2 workers' machines" + dot + "5.6 GB");
    for (auto& part : payload.output_parts) part.host = "a";
    CHECK(file_line(payload, 99).text() == "3 of 30 parts on 1 worker's machine" + dot + "5.6 GB");
    for (auto& part : payload.output_parts) part.host.clear();
    CHECK(file_line(payload, 99).text() == "3 of 30 parts on the workers' machines" + dot + "5.6 GB");
}

TEST_CASE("hosts_line: names the places of some parts as scp takes them", "[render]") {
    ResultPayload payload = samples::on_machines();
    CHECK(hosts_line(payload, 2, 99).text() == "node-1:/scratch/part-00000.csv" + dot +
                                                   "node-2:/scratch/part-00001.csv" + dot +
                                                   "node-1:/scratch/part-00002.csv");
    CHECK(hosts_line(payload, 1, 99).text() == "node-1:/scratch/part-00000.csv" + dot + "\xE2\x80\xA6 2 more");
    payload.output_parts_total = 1000;
    CHECK(hosts_line(payload, 1, 99).text().ends_with("\xE2\x80\xA6 999 more"));
    payload.parts_missing_total = 900;
    CHECK(hosts_line(payload, 1, 99).text().ends_with("\xE2\x80\xA6 99 more"));
    payload.parts_missing_total = most;
    CHECK(hosts_line(payload, 1, 99).text().ends_with("\xE2\x80\xA6 2 more"));
    payload.output_parts[0].file = std::string(5000, 'f') + "\x1B.csv";
    CHECK(hosts_line(payload, 1, 30).text().size() < 80);
    CHECK(hosts_line(payload, 1, 30).text().find('\x1B') == std::string::npos);
    CHECK(hosts_line(samples::in_parts(), 3, 99).empty());
    CHECK(hosts_line({}, 3, 99).empty());
}

TEST_CASE("missing_line: says which parts are missing and of what the numbers are", "[render]") {
    ResultPayload payload = samples::in_parts();
    CHECK(missing_line(payload, 12).empty());
    payload.parts_missing = {3, 7};
    payload.parts_missing_total = 2;
    CHECK(missing_line(payload, 12).text() ==
          "2 of 12 parts are missing: 3, 7; the numbers are of the 10 that are there");
    CHECK(missing_line(payload, 1).text() == missing_line(payload, 12).text());
    CHECK(missing_line(payload, 0).text() == "2 of 12 parts are missing; the numbers are of the 10 that are there");
    CHECK(missing_line(payload, 12, true).text() == "2 of 12 parts are missing");
    payload.parts_missing = {3};
    payload.parts_missing_total = 1;
    CHECK(missing_line(payload, 12).text() == "1 of 12 parts is missing: 3; the numbers are of the 11 that are there");
    payload.parts_missing_total = 11;
    CHECK(missing_line(payload, 3).text() ==
          "11 of 12 parts are missing: 3, \xE2\x80\xA6 10 more; the numbers are of the one that is there");
    payload.parts_missing_total = 12;
    CHECK(missing_line(payload, 3, true).text() == "12 of 12 parts are missing");
    CHECK(missing_line(payload, 0).text() == "12 of 12 parts are missing");
}

TEST_CASE("missing_line: says that parts are missing even if their numbers are impossible", "[render]") {
    ResultPayload payload;
    payload.parts_missing_total = 2;
    CHECK(missing_line(payload, 5).text() == "2 parts are missing; the numbers are of those that are there");
    payload.output_parts_total = 1;
    CHECK(missing_line(payload, 5).text() == "2 parts are missing; the numbers are of those that are there");
    payload.parts_missing_total = most;
    CHECK(missing_line(payload, 5).text().starts_with("18,446,744,073,709,551,615 parts are missing"));
    payload.output_parts_total = most;
    CHECK(missing_line(payload, 5).text().ends_with(" parts are missing"));
    CHECK(file_line(payload, 50).text().starts_with("0 of 18,446,744,073,709,551,615 parts"));
    payload.parts_missing_total = 0;
    payload.parts_missing = {most};
    CHECK(missing_line(payload, 5).text().find(": 18446744073709551615;") != std::string::npos);
}

TEST_CASE("is_missing_note: finds the note that says the same, and no other", "[render]") {
    const ResultPayload payload = samples::with_missing_parts();
    CHECK(is_missing_note("2 of 12 parts are missing: 3, 7. Rows are those of the parts that are there.", payload));
    CHECK_FALSE(is_missing_note("3 of 12 parts are missing", payload));
    CHECK_FALSE(is_missing_note("12 of 12 parts are missing", payload));
    CHECK_FALSE(is_missing_note("", payload));
    CHECK_FALSE(is_missing_note("2 of 12 parts are missing", samples::in_parts()));
}

TEST_CASE("size_line: says how large the file is, what compression made of it, and whether it can be attached",
          "[render]") {
    ResultPayload payload = samples::customers();
    CHECK(size_line(payload, 0).text() == "CSV" + dot + "1.2 GB");
    CHECK(size_line(payload, 50'000'000).text() == "CSV" + dot + "1.2 GB" + dot + "too large to attach (over 50 MB)");
    payload.output_bytes = 50'000'000;
    CHECK(size_line(payload, 50'000'000).text() == "CSV" + dot + "50 MB" + dot + "small enough to attach");
    payload.output_format = "csv.gz";
    CHECK(size_line(payload, 0).text() == "CSV.GZ" + dot + "50 MB");
    payload.output_bytes = 80'000'000;
    payload.output_uncompressed_bytes = 312'000'000;
    CHECK(size_line(payload, 0).text() == "CSV" + dot + "80 MB, gzip of 312 MB");
    CHECK(size_line(payload, 50'000'000).text() ==
          "CSV" + dot + "80 MB, gzip of 312 MB" + dot + "too large to attach (over 50 MB)");
    payload.output_format = "parquet";
    CHECK(size_line(payload, 0).text() == "PARQUET" + dot + "80 MB, compressed from 312 MB");
    payload.output_format.clear();
    CHECK(size_line(payload, 0).text() == "80 MB, compressed from 312 MB");
    CHECK(size_line({}, 50'000'000).text().empty());
    CHECK(size_line(samples::in_parts(), 50'000'000).empty());
}

TEST_CASE("size_line: goes by the size, and by the worker's word where there is no size", "[render]") {
    ResultPayload payload;
    payload.output_attachable = true;
    CHECK(size_line(payload, 50'000'000).text() == "small enough to attach");
    CHECK(size_line(payload, 2'000'000'000).text().empty());  // the worker's word is about another limit
    CHECK(size_line(payload, 0).text().empty());
    payload.output_attachable = false;
    CHECK(size_line(payload, 50'000'000).text() == "too large to attach (over 50 MB)");
    payload.output_bytes = 10;
    CHECK(size_line(payload, 50'000'000).text() == "10 B" + dot + "small enough to attach");
}

TEST_CASE("digest_line: has all digits or is empty", "[render]") {
    ResultPayload payload = samples::customers();
    CHECK(digest_line(payload).empty());
    payload.output_sha256 = std::string(64, 'a');
    CHECK(digest_line(payload).text() == "sha256 " + std::string(64, 'a'));
}
