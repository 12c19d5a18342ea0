// SPDX-License-Identifier: MIT
#include <curtail/payload/part/split_part.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "error_code.hpp"

namespace {

using curtail::ErrorCode;
using curtail::PartPlace;
using curtail::PayloadOptions;
using curtail::Schema;
using curtail::detail::Findings;
using curtail::detail::ObservedTypes;
using curtail::detail::PartContent;
using curtail::detail::RowSelection;
using curtail::detail::SplitPart;

constexpr std::string_view location = "/data/predictions_job_1/part-00001.csv";
constexpr std::size_t limit = 1'000'000;
const std::string digest(64, 'a');
const Schema schema({{"n", {curtail::CellKind::int64}}, {"score", {curtail::CellKind::float64}}}, 1);

SplitPart part_with(const PayloadOptions& options, std::optional<PartPlace> said = {},
                    std::string_view path = location) {
    return SplitPart("job_1", options, schema, path, "csv", said);
}

auto refusal(const curtail::PartOptions& part, std::optional<PartPlace> said = {}) {
    PayloadOptions options;
    options.part = part;
    return code_of([&] { return part_with(options, said); });
}

// Gives `part` a table of `rows` rows, and returns what its summary says.
PartContent content_of(SplitPart part, const PayloadOptions& options, std::size_t rows,
                       const curtail::ArtifactInfo& info) {
    std::vector<std::int64_t> numbers;
    std::vector<double> scores;
    for (std::size_t row = 0; row < rows; ++row) {
        numbers.push_back(static_cast<std::int64_t>(row));
        scores.push_back(static_cast<double>(row % 7));
    }
    const auto table = curtail::columns(curtail::column("n", numbers), curtail::column("score", scores));
    const curtail::detail::BatchView batch(table);
    Findings found(schema, options, limit);
    if (found.selection) {
        part.number_rows(*found.selection);
        found.selection->offer(batch);
    } else {
        found.sample.offer(batch);
    }
    for (const double score : scores) found.statistics[0].add(score);
    found.rows = rows;
    part.prepare(std::move(found), schema, ObservedTypes(schema));
    const std::string bytes = part.summarize(info);
    CHECK(part.take().bytes() == bytes);
    return curtail::detail::unpack_part(bytes, limit, options);
}

}  // namespace

TEST_CASE("SplitPart: takes its place from the options, from the sink, or is all of the table", "[payload]") {
    const auto place = [](const curtail::PartOptions& part, std::optional<PartPlace> said) {
        PayloadOptions options;
        options.part = part;
        return content_of(part_with(options, said), options, 3, {.path = {}, .format = {}}).head.place;
    };
    CHECK(place({}, {}) == PartPlace{.number = 0, .of = 1});
    CHECK(place({}, PartPlace{.number = 1, .of = 3}) == PartPlace{.number = 1, .of = 3});
    CHECK(place({.number = 2, .of = 5}, {}) == PartPlace{.number = 2, .of = 5});
    CHECK(place({.number = 1, .of = 3}, PartPlace{.number = 1, .of = 3}) == PartPlace{.number = 1, .of = 3});
}

TEST_CASE("SplitPart: refuses a place that there is not, or that the sink does not have", "[payload]") {
    constexpr std::uint64_t most = std::uint64_t{1} << 53U;
    CHECK_FALSE(refusal({.number = most - 1, .of = most}));
    CHECK(refusal({.number = 0, .of = most + 1}) == ErrorCode::invalid_option);
    CHECK_FALSE(refusal({.number = 1, .of = 3, .first_row = most / 2}));
    CHECK(refusal({.number = 1, .of = 3, .first_row = most / 2 + 1}) == ErrorCode::invalid_option);
    CHECK(refusal({.number = 3, .of = 3}) == ErrorCode::invalid_option);
    CHECK(refusal({.number = 1, .of = 3}, PartPlace{.number = 2, .of = 3}) == ErrorCode::invalid_option);
    CHECK(refusal({.number = 1, .of = 3}, PartPlace{.number = 1, .of = 4}) == ErrorCode::invalid_option);
}

TEST_CASE("SplitPart: refuses the directory of another job, where the part could not be merged", "[payload]") {
    const PayloadOptions options;
    const PartPlace place{.number = 1, .of = 2};
    const auto refused = [&](std::string_view path) {
        return code_of([&] { return part_with(options, place, path); });
    };
    CHECK(refused("/data/predictions_job_2/part-00001.csv") == curtail::ErrorCode::invalid_job_id);
    CHECK_FALSE(refused("/data/predictions_model_job_1/part-00001.csv"));
    CHECK_FALSE(refused("/data/parts/part-00001.csv"));
    CHECK_FALSE(refused("part-00001.csv"));
    // A file of any other sink has a name of its own, in any directory.
    PayloadOptions told;
    told.part.of = 2;
    CHECK_FALSE(code_of([&] { return part_with(told, {}, "/data/predictions_2026/x.csv"); }));
}

TEST_CASE("SplitPart: refuses at once what could not be merged later", "[payload]") {
    // With the number of parts in the options, said by the sink, and neither.
    for (const std::uint64_t of : {0U, 2U}) {
        CAPTURE(of);
        CHECK_FALSE(refusal({.of = of, .host = std::string(255, 'h')}));
        CHECK(refusal({.of = of, .host = std::string(256, 'h')}) == ErrorCode::invalid_option);
        CHECK(refusal({.of = of, .host = "\xFF"}) == ErrorCode::invalid_option);
    }
    CHECK(refusal({.of = 2, .max_summary_bytes = 100}) == ErrorCode::budget_too_small);
    CHECK(refusal({.max_summary_bytes = 100}, PartPlace{.number = 0, .of = 1}) == ErrorCode::budget_too_small);
    CHECK_FALSE(refusal({.max_summary_bytes = 100}));  // a whole table needs no summary
    PayloadOptions report;
    report.on_artifact_error = curtail::OnArtifactError::report;
    CHECK_NOTHROW(part_with(report));
    report.part.of = 1;
    CHECK(code_of([&] { return part_with(report); }) == ErrorCode::invalid_option);
}

TEST_CASE("SplitPart: a part of several does not pass for the whole table", "[payload]") {
    PayloadOptions options;
    CHECK_NOTHROW(part_with(options).expect_whole());
    CHECK_NOTHROW(part_with(options, PartPlace{.number = 0, .of = 1}).expect_whole());
    CHECK(code_of([&] { part_with(options, PartPlace{.number = 0, .of = 2}).expect_whole(); }) ==
          ErrorCode::wrong_state);
    options.part.of = 2;
    CHECK(code_of([&] { part_with(options).expect_whole(); }) == ErrorCode::wrong_state);
}

TEST_CASE("SplitPart: ends in the summary of what was found and of what the sink published", "[payload]") {
    PayloadOptions options;
    options.part = {.number = 1, .of = 3, .first_row = 70, .host = "node-1"};
    const PartContent part = content_of(
        part_with(options), options, 30,
        {.path = "ignored", .format = "ignored", .rows = 5, .bytes = 99, .sha256 = digest, .uncompressed_bytes = 200});
    CHECK(part.head.job_id == "job_1");
    CHECK(part.head.host == "node-1");
    CHECK(part.head.artifact.path == location);  // what was said before the file was written, and found to fit
    CHECK(part.head.artifact.format == "csv");
    CHECK(part.head.artifact.rows == 30);  // those that were looked at
    CHECK(part.head.artifact.bytes == 99);
    CHECK(part.head.artifact.sha256 == digest);
    CHECK(part.head.artifact.uncompressed_bytes == 200U);
    CHECK(part.first_row == 70U);
    CHECK(part.features_total == 1);
    CHECK(part.features.at(0).name == "n");
    CHECK(part.predictions.at(0).name == "score");
    CHECK(part.names_hash == curtail::detail::hash_of_names(schema));
    CHECK(part.sample.size() == 10);
    CHECK_FALSE(part.left_out);  // a message shows ten rows
    CHECK(part.statistics[0].result().n_rows == 30);
}

TEST_CASE("SplitPart: says which row was left out because it had no room", "[payload]") {
    PayloadOptions options;
    options.sample_rows = 100'000;
    options.part = {.number = 0, .of = 1, .max_summary_bytes = 100'000};
    const PartContent part = content_of(part_with(options), options, 50'000, {.path = {}, .format = {}});
    CHECK(part.sample.size() < 50'000);
    REQUIRE(part.left_out);
    CHECK(part.left_out->number == part.sample.size());
}

TEST_CASE("SplitPart: leaves no row out of a short part, and drops what is not a digest", "[payload]") {
    const PayloadOptions options;
    for (const std::string& no_digest : {std::string(64, 'A'), std::string(63, 'a'), std::string("x")}) {
        const PartContent part =
            content_of(part_with(options), options, 10, {.path = {}, .format = {}, .sha256 = no_digest});
        CHECK(part.head.artifact.sha256.empty());
        CHECK(part.sample.size() == 10);
        CHECK_FALSE(part.left_out);
    }
}

TEST_CASE("SplitPart: numbers random rows by where the part begins, or by which part it is", "[payload]") {
    PayloadOptions options;
    options.sample_strategy = curtail::SampleStrategy::random;
    options.sample_rows = 3;
    const auto numbers = [&](std::uint64_t number, std::optional<std::uint64_t> first_row) {
        options.part = {.number = number, .of = 2, .first_row = first_row};
        std::vector<std::uint64_t> out;
        for (const auto& row : content_of(part_with(options), options, 1'000, {.path = {}, .format = {}}).sample)
            out.push_back(row.number);
        return out;
    };
    CHECK(numbers(0, 5'000) == numbers(1, 5'000));
    CHECK(numbers(1, 0) != numbers(1, 5'000));
    CHECK(numbers(0, {}) == numbers(0, 0));
    CHECK(numbers(0, {}) != numbers(1, {}));
}
