// SPDX-License-Identifier: MIT
#include <curtail/payload/part_merger.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/core/error.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/part/part_content.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "payload/part_maker.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

namespace {

using curtail::column;
using curtail::columns;
using curtail::ErrorCode;
using curtail::MergeOptions;
using curtail::MessageError;
using curtail::OnMissingParts;
using curtail::PartMerger;
using curtail::PartsDiffer;
using curtail::PartsMissing;
using curtail::PayloadOptions;
using curtail::SampleStrategy;
using part_maker::division;
using part_maker::job;
using part_maker::merged;
using part_maker::one_run;
using part_maker::OneFile;
using part_maker::part_of;
using part_maker::parts_of;

constexpr SampleStrategy strategies[] = {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random,
                                         SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions};

bool by_prediction(SampleStrategy strategy) {
    return strategy == SampleStrategy::highest_predictions || strategy == SampleStrategy::lowest_predictions;
}

// Looks at the scores, which must outlive it.
auto scored(const std::vector<double>& scores) {
    return curtail::with_prediction(columns(column("n", scores)), column("score", scores));
}

std::vector<double> normal(std::size_t count, std::mt19937_64& random) {
    std::vector<double> values(count);
    for (double& value : values) value = std::normal_distribution<>(0, 1)(random);
    return values;
}

// The lines of a CSV text from `first` on, under its header, as the stream of a part.
std::string lines_of(const std::string& header, const std::vector<std::string>& lines, std::size_t first,
                     std::size_t end) {
    std::string text = header;
    for (std::size_t line = first; line < end; ++line) text += lines[line];
    return text;
}

auto csv(std::string text) {
    return curtail::with_prediction(
        curtail::CsvInput([text = std::move(text), at = std::size_t{0}](std::span<char> to) mutable {
            const std::size_t count = (std::min)(to.size(), text.size() - at);
            text.copy(to.data(), count, at);
            at += count;
            return count;
        }),
        curtail::last_column);
}

}  // namespace

TEST_CASE("PartMerger: makes the message of one run of any division of any table", "[payload][search]") {
    const std::uint64_t seed = test_seed();
    const int rounds = by_tier(600, 20'000);
    for (int round = 0; round < rounds; ++round) {
        std::mt19937_64 random(seed + static_cast<std::uint64_t>(round));
        table_maker::TableMaker maker(random());
        const auto table = maker.table({.max_rows = 60, .max_features = 8, .max_predictions = 3, .max_text = 2000});
        PayloadOptions options;
        options.sample_rows = random() % 3 == 0 ? random() % 40 : 10;
        options.sample_strategy = strategies[random() % std::size(strategies)];
        options.sample_seed = random() % 3;
        options.max_bytes = random() % 2 == 0 ? 1'000'000 : 5'000 + random() % 20'000;
        options.encoding = static_cast<curtail::Encoding>(random() % 3);
        options.statistics.max_classes = random() % 4 == 0 ? 100 : 1000;
        if (by_prediction(options.sample_strategy) && table.columns.prediction_count() == 0) continue;
        const auto ends = division(table.rows(), 1 + random() % 12, random);
        const bool numbered = options.sample_strategy == SampleStrategy::random || random() % 2 == 0;
        CAPTURE(seed, round, ends);
        std::string expected;
        try {
            expected = one_run(table, options).message();
        } catch (const curtail::BudgetTooSmall&) {
            continue;
        }
        REQUIRE(merged(parts_of(table, ends, options, numbered), options, random).message() == expected);
    }
}

TEST_CASE("PartMerger: a sample that a summary had no room for is shorter, and skips no row", "[payload]") {
    std::mt19937_64 random(1);
    const std::vector<double> scores = normal(20'000, random);
    // Without features, because a row that keeps none of its features ends the sample as well.
    const auto table = curtail::with_prediction(columns(column("score", scores)), "score");
    for (const SampleStrategy strategy : strategies) {
        CAPTURE(static_cast<int>(strategy));
        PayloadOptions options;
        options.sample_rows = 10'000;
        options.sample_strategy = strategy;
        options.part.max_summary_bytes = 60'000;
        const auto result = merged(parts_of(table, {8'000, 12'000, 20'000}, options, true), options, random);
        options.sample_rows = result.payload().sample.size();
        CHECK(options.sample_rows > 100);
        CHECK(result.data()["predictions_sample"] == one_run(table, options).data()["predictions_sample"]);
    }
}

namespace {

// Integers in columns of long names: together the names take as much as a summary or more.
struct WideTable {
    curtail::Schema columns;

    WideTable(std::size_t features, std::size_t name_bytes) {
        std::vector<curtail::ColumnSpec> specs;
        for (std::size_t i = 0; i <= features; ++i) {
            std::string name = std::to_string(i);
            name.resize(name_bytes, '_');
            specs.push_back({name, curtail::CellKind::int64});
        }
        columns = curtail::Schema(std::move(specs), 1);
    }
    [[nodiscard]] const curtail::Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return 12; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (std::size_t i = 0; i < columns.size(); ++i) visit(static_cast<std::int64_t>(row * 7 % 12 + i));
    }
};

}  // namespace

TEST_CASE("PartMerger: shows what one run shows of a table whose names alone fill a summary", "[payload]") {
    std::mt19937_64 random(test_seed());
    for (const auto& [features, name_bytes] : {std::pair{1'200, 80}, {3'000, 6}, {300, 400}}) {
        const WideTable table(static_cast<std::size_t>(features), static_cast<std::size_t>(name_bytes));
        for (const SampleStrategy strategy : strategies) {
            CAPTURE(features, static_cast<int>(strategy));
            PayloadOptions options;
            options.sample_strategy = strategy;
            options.max_bytes = options.part.max_summary_bytes = 100'000;
            const std::string whole = one_run(table, options).message();
            const auto parts = merged(parts_of(table, {0, 5, 5, 12}, options, true), options, random);
            CHECK((parts.message() == whole));  // of 100,000 bytes, which nobody wants to see
        }
    }
}

namespace {

// Columns of long names whose first row has integers, and all others texts.
struct LateTexts {
    curtail::Schema columns;
    std::size_t count;

    LateTexts(std::size_t features, std::size_t rows) : count(rows) {
        std::vector<curtail::ColumnSpec> specs;
        for (std::size_t i = 0; i <= features; ++i) specs.push_back({std::to_string(i) + std::string(60, '_')});
        columns = curtail::Schema(std::move(specs), 1);
    }
    [[nodiscard]] const curtail::Schema& schema() const { return columns; }
    [[nodiscard]] std::size_t rows() const { return count; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (std::size_t i = 0; i < columns.feature_count(); ++i) {
            row == 0 ? visit(curtail::Cell(1)) : visit(curtail::Cell("text"));
        }
        visit(curtail::Cell(static_cast<double>(row) / 7));
    }
};

}  // namespace

TEST_CASE("PartMerger: names no type that a part does not have whose summary lacks the column", "[payload]") {
    std::mt19937_64 random(test_seed());
    const LateTexts table(700, 2'000);
    PayloadOptions options;
    options.part.max_summary_bytes = 50'000;  // 700 names, and few of the second part's numbers
    const auto parts = parts_of(table, {1, 2'000}, options, true);
    const auto named = [&](const std::string& summary) {
        return curtail::detail::unpack_part(summary, 50'000, options).features.size();
    };
    REQUIRE(named(parts[0]) == 700);
    REQUIRE(named(parts[1]) < 700);
    const std::vector<std::string> whole = one_run(table, options).payload().dtypes;
    CHECK(whole == std::vector<std::string>(700, "object"));
    CHECK(merged(parts, options, random).payload().dtypes == whole);
}

TEST_CASE("PartMerger: makes the message of one run of penguins in any parts", "[payload]") {
    std::mt19937_64 random(test_seed());
    std::ifstream file(CURTAIL_SOURCE_DIR "/examples/data/penguins.csv", std::ios::binary);
    std::string line;
    std::string header;
    std::vector<std::string> lines;
    std::getline(file, header);
    header += '\n';
    while (std::getline(file, line)) lines.push_back(line + '\n');
    REQUIRE(lines.size() == 344);
    for (const SampleStrategy strategy : strategies) {
        PayloadOptions options{.sample_strategy = strategy};
        const auto whole =
            curtail::ResultPayloadBuilder(job, options).build(csv(header + lines_of("", lines, 0, 344)), NullSink());
        for (const std::size_t parts : {1U, 4U, 13U, 400U}) {
            const auto ends = division(lines.size(), parts, random);
            std::vector<std::string> summaries;
            std::size_t first = 0;
            options.part.of = parts;
            for (std::size_t part = 0; part < parts; ++part) {
                options.part.number = part;
                options.part.first_row = first;
                auto stream = csv(lines_of(header, lines, first, ends[part]));
                auto split = curtail::ResultPayloadBuilder(job, options).start(stream.schema(), NullSink());
                while (const auto* batch = stream.next()) split.append(*batch);
                summaries.push_back(split.finish_part().bytes());
                first = ends[part];
            }
            CAPTURE(parts, static_cast<int>(strategy));
            CHECK(merged(summaries, options, random).message() == whole.message());
        }
    }
}

TEST_CASE("PartMerger: agrees with one run beyond what is kept exactly, but for the median", "[payload]") {
    std::mt19937_64 random(test_seed());
    const auto values = normal(150'000, random);
    const auto table = scored(values);
    const PayloadOptions options;
    const auto whole = one_run(table, options).payload().prediction_stats[0];
    for (const std::size_t parts : {2U, 30U}) {
        const auto result =
            merged(parts_of(table, division(values.size(), parts, random), options, false), options, random);
        const auto& stats = result.payload().prediction_stats[0];
        CHECK(stats.n_rows == 150'000);
        CHECK(stats.min == whole.min);
        CHECK(stats.max == whole.max);
        CHECK(stats.histogram == whole.histogram);
        CHECK(stats.mean == whole.mean);
        CHECK(stats.std == whole.std);
        CHECK(std::abs(*stats.median - *whole.median) < 0.03);
        CHECK(stats.median_rank_error == whole.median_rank_error);
    }
}

TEST_CASE("PartMerger: shows a random sample of the whole where no part knows its first row", "[payload]") {
    // 10 parts of 10 rows, two random rows of 100 in each of 250 runs: every row is as likely as any other.
    const std::vector<double> values(100, 1.0);
    const auto table = scored(values);
    std::vector<std::size_t> ends;
    for (std::size_t end = 10; end <= 100; end += 10) ends.push_back(end);
    std::vector<double> shown(100);
    std::mt19937_64 random(1);
    PayloadOptions options{.sample_rows = 2, .sample_strategy = SampleStrategy::random};
    int same_place = 0;
    const int runs = 250;
    for (int run = 0; run < runs; ++run) {
        options.sample_seed = static_cast<std::uint64_t>(run);
        const auto result = merged(parts_of(table, ends, options, false), options, random);
        const auto& numbers = result.payload().sample_row_numbers;
        REQUIRE(numbers.size() == 2);
        for (const std::uint64_t number : numbers) ++shown[number];
        same_place += numbers[0] % 10 == numbers[1] % 10 ? 1 : 0;
    }
    double chi_square = 0;
    for (const double count : shown) chi_square += (count - 5) * (count - 5) / 5;
    CHECK(chi_square < 99 + 5 * std::sqrt(2 * 99.0));  // five standard deviations
    // Two rows of different parts stand at the same place by chance alone: in 9 of 99.
    CHECK(std::abs(same_place - runs * 9 / 99) < 5 * 5);
}

TEST_CASE("PartMerger: unites types that parts guessed differently", "[payload]") {
    std::mt19937_64 random(test_seed());
    const std::string parts[] = {"a,b,p\n1,,1\n2,,2\n", "a,b,p\n", "a,b,p\nx,2.5,3\n", "a,b,p\n3,4,4.5\n"};
    PayloadOptions options;
    std::string all = "a,b,p\n";
    std::vector<std::string> summaries;
    for (const std::string& part : parts) {
        all += part.substr(6);
        options.part = {.number = summaries.size(), .of = std::size(parts)};
        auto stream = csv(part);
        auto split = curtail::ResultPayloadBuilder(job, options).start(stream.schema(), NullSink());
        while (const auto* batch = stream.next()) split.append(*batch);
        summaries.push_back(split.finish_part().bytes());
    }
    const auto whole = curtail::ResultPayloadBuilder(job).build(csv(all), NullSink());
    const auto result = merged(summaries, options, random);
    CHECK(result.payload().dtypes == std::vector<std::string>{"object", "float64"});
    CHECK(result.message() == whole.message());
}

TEST_CASE("PartMerger: says where the parts are", "[payload]") {
    const std::vector<double> values = {1, 2, 3};
    const auto table = scored(values);
    const PayloadOptions options;
    const std::vector<std::size_t> ends = {2, 2, 3};
    PartMerger merger(job, options);
    for (const std::string& summary : parts_of(table, ends, options, true)) merger.add(summary);
    CHECK(merger.parts() == 3);
    const auto result = merger.finish();
    const auto& payload = result.payload();
    CHECK(payload.output_file == "/data/predictions_" + job);
    CHECK(payload.output_bytes == 3U);
    CHECK(payload.output_parts_total == 3U);
    REQUIRE(payload.output_parts.size() == 3);
    CHECK(payload.output_parts[2] == curtail::OutputPart{.file = "part-2.csv", .rows = 1, .bytes = 1});
    CHECK(payload.parts_missing.empty());
    CHECK_FALSE(payload.output_attachable);
    CHECK_FALSE(payload.truncated);
    CHECK(payload.rows == 3);
    CHECK(result.message().find("\"output_parts_total\":3") != std::string::npos);
    CHECK(result.message() == curtail::result_message(payload));
    CHECK_THROWS_AS(merger.add("x"), curtail::UsageError);
    CHECK_THROWS_AS(static_cast<void>(merger.finish()), curtail::UsageError);
}

TEST_CASE("PartMerger: lists as many of many parts as fit, and counts all", "[payload]") {
    const std::vector<double> values(1000, 0.5);
    const auto table = scored(values);
    std::vector<std::size_t> ends;
    for (std::size_t end = 1; end <= 1000; ++end) ends.push_back(end);
    for (const std::size_t max_bytes : {2'000U, 1'000'000U}) {
        const PayloadOptions options{.max_bytes = max_bytes};
        PartMerger merger(job, options);
        for (const std::string& summary : parts_of(table, ends, options, true)) merger.add(summary);
        const auto result = merger.finish();
        CHECK(result.message().size() < max_bytes);
        CHECK(result.payload().output_parts_total == 1000U);
        CHECK(result.payload().output_parts.size() <= 100);
        CHECK((result.payload().output_parts.size() == 100) == (max_bytes == 1'000'000));
        CHECK(result.payload().truncation == std::vector<std::string>{"rows", "parts"});
        CHECK(result.payload().rows == 1000);
    }
}

TEST_CASE("PartMerger: names the hosts of parts that have no directory in common", "[payload]") {
    const std::vector<double> values = {1, 2};
    const auto table = scored(values);
    PartMerger merger(job);
    for (std::uint64_t part = 0; part < 2; ++part) {
        PayloadOptions options;
        options.part = {.number = part, .of = 2, .host = "node" + std::to_string(part)};
        merger.add(part_of(table, part, part + 1, options));
    }
    const auto result = merger.finish();
    const auto& parts = result.payload().output_parts;
    REQUIRE(parts.size() == 2);
    CHECK(parts[1].host == "node1");
    CHECK(parts[1].file == "/data/predictions_" + job + "/part-1.csv");
}

TEST_CASE("PartMerger: a missing part is never success", "[payload]") {
    std::mt19937_64 random(test_seed());
    const std::vector<double> values = normal(100, random);
    const auto table = scored(values);
    const PayloadOptions options;
    std::vector<std::size_t> ends;
    for (std::size_t end = 1; end <= 100; ++end) ends.push_back(end);
    auto summaries = parts_of(table, ends, options, true);
    PartMerger merger(job, options);
    for (std::size_t part = 0; part < 100; part += 2) merger.add(summaries[part]);
    OneFile publisher;
    try {
        static_cast<void>(merger.finish(publisher));
        FAIL("made a message of half of the parts");
    } catch (const PartsMissing& error) {
        CHECK(error.count() == 50);
        CHECK(error.of() == 100);
        CHECK(error.numbers().size() == 32);
        CHECK(error.numbers().front() == 1);
        CHECK(error.numbers().back() == 63);
        CHECK_FALSE(error.permanent());
    }
    CHECK(publisher.published == 0);
    for (std::size_t part = 1; part < 100; part += 2) merger.add(summaries[part]);
    CHECK(merger.finish(publisher).message() == one_run(table, options).message());
    CHECK(publisher.published == 1);
    PartMerger none(job, options);
    CHECK_THROWS_AS(static_cast<void>(none.finish()), curtail::UsageError);
}

TEST_CASE("PartMerger: answers by option with the parts that are there, and says which are not", "[payload]") {
    const std::vector<double> values = {1, 2, 3, 4};
    const auto table = scored(values);
    const PayloadOptions options;
    const auto summaries = parts_of(table, {1, 2, 3, 4}, options, true);
    PartMerger merger(job, options, {.on_missing = OnMissingParts::answer});
    merger.add(summaries[3]);
    merger.add(summaries[1]);
    OneFile publisher;
    const auto result = merger.finish(publisher);
    CHECK(publisher.published == 0);
    const auto& payload = result.payload();
    CHECK(payload.rows == 2);
    CHECK(payload.prediction_stats[0].mean == 3.0);
    CHECK(payload.sample.size() == 2);
    CHECK(payload.output_parts_total == 4U);
    CHECK(payload.parts_missing == std::vector<std::uint64_t>{0, 2});
    CHECK(payload.parts_missing_total == 2);
    CHECK(payload.truncated);
    CHECK(payload.truncation == std::vector<std::string>{"parts"});
    CHECK(result.message().find("\"parts_missing\":[0,2],\"parts_missing_total\":2") != std::string::npos);
    REQUIRE(payload.notes.size() == 1);
    CHECK(payload.notes[0] ==
          "2 of 4 parts are missing: 0, 2. Rows, sample and statistics are those of the parts that "
          "are there.");
}

TEST_CASE("PartMerger: takes the same summary again, and nothing else in its place", "[payload]") {
    const std::vector<double> values = {1, 2, 3};
    const auto table = scored(values);
    PayloadOptions options;
    options.part = {.number = 1, .of = 2};
    const auto second = part_of(table, 1, 3, options);
    const auto other = part_of(table, 2, 3, options);
    options.part.number = 0;
    PartMerger merger(job);
    merger.add(second);
    merger.add(second);
    CHECK_THROWS_AS(merger.add(other), PartsDiffer);
    merger.add(part_of(table, 0, 1, options));
    merger.add(second);
    CHECK_THROWS_AS(merger.add(other), PartsDiffer);
    CHECK(merger.finish().payload().rows == 3);
}

TEST_CASE("PartMerger: refuses parts that do not belong together, and says why", "[payload]") {
    const std::vector<double> values = {1, 2, 3};
    const auto table = scored(values);
    const auto part = [&](std::uint64_t number, std::uint64_t of, PayloadOptions options = {}) {
        options.part = {.number = number, .of = of};
        return part_of(table, 0, 3, options);
    };
    const auto refused = [&](PartMerger<>& merger, const curtail::PartSummary& summary, std::string_view reason) {
        try {
            merger.add(summary);
        } catch (const PartsDiffer& error) {
            CAPTURE(error.what());
            CHECK(error.code() == ErrorCode::parts_differ);
            CHECK(error.number() == summary.part().number);
            CHECK(std::string_view(error.what()).find(reason) != std::string_view::npos);
            return true;
        }
        return false;
    };
    PartMerger merger(job);
    merger.add(part(0, 3));
    CHECK(refused(merger, part(1, 4), "one of 4 parts"));
    CHECK(refused(merger, part(1, 3, {.sample_rows = 11}), "sample_rows"));
    CHECK(refused(merger, part(1, 3, {.sample_strategy = SampleStrategy::tail}), "sample_strategy"));
    CHECK(refused(merger, part(1, 3, {.sample_seed = 1}), "sample_seed"));
    CHECK(refused(merger, part(1, 3, {.max_bytes = 65'536}), "max_bytes"));
    CHECK(refused(merger, part(1, 3, {.statistics = {.max_classes = 7}}), "max_classes"));
    CHECK(refused(merger, part(1, 3, {.statistics = {.histogram_bins = 7}}), "histogram_bins"));

    PayloadOptions second;
    second.part = {.number = 1, .of = 3};
    const auto other_names = curtail::with_prediction(columns(column("m", values)), column("score", values));
    CHECK(refused(merger, part_of(other_names, 0, 3, second),
                  "other columns than the parts before it: \"m\" where they"));
    const auto no_prediction = columns(column("n", values), column("score", values));
    CHECK(refused(merger, part_of(no_prediction, 0, 3, second), "2 columns and 0 predictions where they have 1 and 1"));
    auto elsewhere = curtail::ResultPayloadBuilder("job_2", second).start(table.schema(), NullSink{"/data/b.csv"});
    CHECK(refused(merger, elsewhere.finish_part(), "of job job_2"));
    second.part.first_row = 5;
    CHECK(refused(merger, part_of(table, 0, 3, second), "first row is 5"));

    second.part.first_row = 3;
    merger.add(part_of(table, 0, 3, second));
    merger.add(part(2, 3));
    CHECK(merger.finish().payload().rows == 9);
}

TEST_CASE("PartMerger: refuses summaries whose rows or bytes together cannot be counted", "[payload]") {
    const std::vector<double> scores{1};
    PayloadOptions options;
    const auto summary = [&](std::uint64_t number, std::uint64_t bytes) {
        options.part = {.number = number, .of = 3};
        NullSink sink;
        sink.rows = bytes;
        auto split = curtail::ResultPayloadBuilder(job, options).start(columns(column("n", scores)).schema(), sink);
        return split.finish_part();
    };
    PartMerger merger(job, options);
    constexpr std::uint64_t most = std::uint64_t{1} << 53U;
    merger.add(summary(0, 0));
    merger.add(summary(2, most));
    merger.add(summary(2, most));
    CHECK_THROWS_AS(merger.add(summary(1, 1)), PartsDiffer);
    merger.add(summary(1, 0));
    CHECK(merger.parts() == 3);
}

TEST_CASE("PartMerger: refuses a summary that is too large or no summary", "[payload]") {
    const std::vector<double> values = {1, 2, 3};
    const auto table = scored(values);
    PartMerger merger(job, {}, {.max_summary_bytes = 100});
    const auto summary = part_of(table, 0, 3, {});
    CHECK_THROWS_AS(merger.add(summary), curtail::PayloadTooLarge);
    PartMerger other(job);
    CHECK_THROWS_AS(other.add(""), MessageError);
    CHECK_THROWS_AS(other.add("{\"type\":\"result\"}"), MessageError);
    CHECK_THROWS_AS(other.add(std::string_view(summary.bytes()).substr(1)), MessageError);
    CHECK_THROWS_AS(PartMerger("not a job id"), curtail::UsageError);
    CHECK_THROWS_AS(PartMerger(job, {.max_bytes = 0}), curtail::UsageError);
    PartMerger small(job, {.max_bytes = 500});
    PayloadOptions options{.max_bytes = 500};
    CHECK_THROWS_AS(part_of(table, 0, 3, options), curtail::BudgetTooSmall);
}

TEST_CASE("PartMerger: says that labels may be more than counted where parts had to forget some", "[payload]") {
    std::mt19937_64 random(test_seed());
    std::vector<std::string> labels;
    for (int i = 0; i < 6000; ++i) labels.push_back("label " + std::to_string(random() % 3000));
    const auto table = curtail::with_prediction(columns(column("n", labels)), column("label", labels));
    for (const std::size_t max_classes : {1000U, 5000U}) {
        const PayloadOptions options{.statistics = {.max_classes = max_classes}};
        const auto whole = one_run(table, options).payload().prediction_stats[0];
        const auto parts = merged(parts_of(table, division(6000, 5, random), options, false), options, random);
        const auto stats = parts.payload().prediction_stats[0];
        CHECK(whole.class_counts_are_lower_bounds == (max_classes == 1000));
        CHECK(stats.class_counts_are_lower_bounds == (max_classes == 1000));
        if (max_classes == 5000) CHECK(stats == whole);
    }
}
