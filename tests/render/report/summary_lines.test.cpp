// SPDX-License-Identifier: MIT
#include <curtail/render/report/summary_lines.hpp>

#include <limits>
#include <string>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using namespace curtail::detail;
using curtail::ResultPayload;

namespace {

std::string flat(const Line& line) {
    std::string text;
    for (const Span& span : line) text += span.text;
    return text;
}

std::string counts(const ResultPayload& payload, std::size_t rows, const ColumnChoice& shown) {
    return flat(counts_line(payload, SampleView(payload, 20, 40), rows, shown));
}

}  // namespace

TEST_CASE("the title says what happened to which job") {
    CHECK(flat(title_line(samples::customers())) == "Predictions ready \xC2\xB7 job job_3f2a9c11d0be");
    CHECK(flat(title_line(samples::failed())) == "Job failed \xC2\xB7 job job_3f2a9c11d0be");
    CHECK(flat(title_line(samples::saving())) == "Job running \xC2\xB7 job job_3f2a9c11d0be");
    CHECK(flat(title_line({})) == "Result ready");
}

TEST_CASE("counts say how much is shown of how much, predictions too where they are not all") {
    ResultPayload payload = samples::customers();
    CHECK(counts(payload, 10, {2, 1, 1}) == "10 of 1,234,567 rows \xC2\xB7 3 of 3 columns + prediction");
    CHECK(counts(payload, 0, {2, 0, 0}) == "0 of 1,234,567 rows \xC2\xB7 2 of 3 columns");
    payload.prediction_columns = {"a", "b", "c"};
    CHECK(counts(payload, 1, {1, 0, 3}) == "1 of 1,234,567 rows \xC2\xB7 1 of 3 columns + 3 predictions");
    CHECK(counts(payload, 1, {1, 0, 2}) == "1 of 1,234,567 rows \xC2\xB7 1 of 3 columns + 2 of 3 predictions");
    payload.predictions_count = 99;
    CHECK(counts(payload, 1, {1, 0, 3}).ends_with(" \xC2\xB7 99 predicted"));
    payload.rows = 4;  // fewer than the message itself shows
    CHECK(counts(payload, 1, {1, 0, 3}).starts_with("1 of 10 rows"));
}

TEST_CASE("rows that are not the first ones are said to be others, unless all are shown") {
    ResultPayload payload = samples::customers();
    const auto said = [&](const char* strategy) {
        payload.sample_strategy = strategy;
        return counts(payload, 10, {2, 1, 1});
    };
    const std::string columns = " \xC2\xB7 3 of 3 columns + prediction";
    CHECK(said("tail") == "10 of 1,234,567 rows (the last ones)" + columns);
    CHECK(said("head_and_tail") == "10 of 1,234,567 rows (the first and the last)" + columns);
    CHECK(said("random") == "10 of 1,234,567 rows (a random choice)" + columns);
    CHECK(said("highest_predictions") == "10 of 1,234,567 rows (the highest predictions)" + columns);
    CHECK(said("lowest_predictions") == "10 of 1,234,567 rows (the lowest predictions)" + columns);
    CHECK(said("") == "10 of 1,234,567 rows" + columns);
    CHECK(said("\x1B[31m every third") == "10 of 1,234,567 rows" + columns);
    payload.sample_strategy = "tail";
    CHECK(counts(payload, 0, {2, 0, 0}) == "0 of 1,234,567 rows \xC2\xB7 2 of 3 columns");
    payload.rows = payload.predictions_count = 10;
    CHECK(counts(payload, 10, {2, 1, 1}) == "10 of 10 rows" + columns);
}

TEST_CASE("what the message lacks is named, with the size of the largest cell") {
    ResultPayload payload = samples::churn();
    CHECK(flat(cut_line(payload, 4)) ==
          "Not in the message: other rows \xC2\xB7 other columns \xC2\xB7 parts of 2 cells, the largest of "
          "1.2 GB");
    payload.cells_truncated.resize(1);
    payload.cells_truncated_total = 0;
    payload.truncation = {"stats", "cells", "new\nreason"};
    CHECK(flat(cut_line(payload, 4)) ==
          "Not in the message: other class labels \xC2\xB7 new\xE2\x8F\x8Ereason \xC2\xB7 parts of 1 cell of "
          "1.2 GB");
    CHECK(flat(cut_line({}, 0)).empty());
    payload = {};
    payload.truncated = true;
    CHECK(flat(cut_line(payload, 0)) == "The message does not carry the whole table.");
}

TEST_CASE("names are listed where there is no table, and the rest is counted") {
    ResultPayload payload;
    CHECK(names_line(payload, 5, 20).empty());
    payload.columns = {"a", "", "b\n", "d"};
    CHECK(flat(names_line(payload, 3, 20)) == "Columns: a \xC2\xB7 \"\" \xC2\xB7 b\xE2\x8F\x8E \xC2\xB7 d");
    payload.columns_total = 1000;
    CHECK(flat(names_line(payload, 2, 20)) == "Columns: a \xC2\xB7 \"\" \xC2\xB7 \xE2\x80\xA6 998 more");
    CHECK(names_line(payload, 0, 20).empty());
}

TEST_CASE("the file is on the worker's machine, and could be attached or not") {
    ResultPayload payload = samples::customers();
    CHECK(flat(file_line(payload, 99)) == "File on the worker's machine: /data/jobs/predictions_job_3f2a9c11d0be.csv");
    CHECK(flat(file_line(payload, 24)).find("f2a9c11d0be.csv") != std::string::npos);
    CHECK(flat(size_line(payload, 0)) == "CSV \xC2\xB7 1.2 GB");
    CHECK(flat(size_line(payload, 50'000'000)) ==
          "CSV \xC2\xB7 1.2 GB \xC2\xB7 too large to attach (the limit is 50 MB)");
    payload.output_bytes = 50'000'000;
    CHECK(flat(size_line(payload, 50'000'000)) ==
          "CSV \xC2\xB7 50 MB \xC2\xB7 small enough to attach (the limit is 50 MB)");
    CHECK(flat(size_line({}, 50'000'000)).empty());
}

TEST_CASE("where there is no file the reason stands in its place") {
    ResultPayload payload = samples::customers();
    payload.artifact_error = "no space left\n\x1B[31m on the device";
    CHECK(flat(file_line(payload, 99)).starts_with("The worker could not write the file: no space left"));
    CHECK(flat(file_line(payload, 99)).find('\x1B') == std::string::npos);
    payload.artifact_error = std::string(5000, 'e') + " the end";
    CHECK(flat(file_line(payload, 40)).size() < 90);
    CHECK(flat(file_line(payload, 40)).ends_with("the end"));
    payload.artifact_error = "disk full";
    payload.artifact_error_permanent = false;
    CHECK(flat(file_line(payload, 40)) ==
          "The worker could not write the file: disk full \xC2\xB7 another try may succeed");
    payload.artifact_error_permanent = true;
    CHECK(flat(file_line(payload, 40)).ends_with(" \xC2\xB7 the same job would fail again"));
}

TEST_CASE("a digest is given whole or not at all") {
    ResultPayload payload = samples::customers();
    CHECK(digest_line(payload).empty());
    payload.output_sha256 = std::string(64, 'a');
    CHECK(flat(digest_line(payload)) == "sha256 " + std::string(64, 'a'));
}

TEST_CASE("a progress bar takes any number") {
    CHECK(progress_bar(100).ends_with("\xE2\x96\x88 100%"));
    CHECK(progress_bar(0).starts_with("\xE2\x96\x91"));
    CHECK(progress_bar(-5) == progress_bar(0));
    CHECK(progress_bar(1e300) == progress_bar(100));
    CHECK(progress_bar(std::numeric_limits<double>::quiet_NaN()) == progress_bar(0));
}
