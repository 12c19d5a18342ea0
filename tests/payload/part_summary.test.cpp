// SPDX-License-Identifier: MIT
#include <curtail/payload/part_summary.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/core/error.hpp>
#include <curtail/core/pack/sealed.hpp>
#include <curtail/payload/part/part_content.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "payload/part_maker.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

namespace {

using curtail::BudgetTooSmall;
using curtail::column;
using curtail::columns;
using curtail::MessageError;
using curtail::PartSummary;
using curtail::PayloadOptions;
using part_maker::job;
using part_maker::part_of;

// A sink that publishes a part with its summary, unless another attempt did.
struct PartSink : NullSink {
    std::string* published = nullptr;
    std::string taken_by = {};
    curtail::PartPlace place = {.number = 2, .of = 3};

    [[nodiscard]] curtail::PartPlace part() const { return place; }
    template <class Summarize>
    void finish_part(Summarize summarize) {
        const std::string& summary = summarize(finish());
        if (!taken_by.empty()) throw curtail::PartTaken(2, path, taken_by);
        *published = summary;
    }
};

PartSummary part_in(PartSink sink, double value, PayloadOptions options = {}) {
    const std::vector<double> values = {value};
    const auto table = columns(column("n", values));
    auto split = curtail::ResultPayloadBuilder(job, options).start(table.schema(), std::move(sink));
    split.append(table);
    return split.finish_part();
}

}  // namespace

TEST_CASE("PartSummary: says which part it is and what was published", "[payload]") {
    const std::vector<double> values = {1, 2, 3};
    PayloadOptions options;
    options.part = {.number = 3, .of = 12};
    const PartSummary summary = part_of(columns(column("n", values)), 1, 3, options);
    const PartSummary back(summary.bytes());
    for (const PartSummary* each : {&summary, &back}) {
        CHECK(each->job_id() == job);
        CHECK(each->part() == curtail::PartPlace{.number = 3, .of = 12});
        CHECK(each->artifact().rows == 2);
        CHECK(each->artifact().bytes == 2);
        CHECK(each->artifact().path == "/data/predictions_" + job + "/part-3.csv");
        CHECK(each->artifact().format == "csv");
    }
}

TEST_CASE("PartSummary: every cut and every flipped bit is a typed error", "[payload]") {
    const std::vector<double> values = {1, 2, 3};
    const std::string bytes = part_of(columns(column("n", values)), 0, 3, {}).bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_THROWS_AS(PartSummary(bytes.substr(0, size)), MessageError);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string changed = bytes;
        changed[bit / 8] = static_cast<char>(static_cast<unsigned char>(changed[bit / 8]) ^ (1U << bit % 8));
        CHECK_THROWS_AS(PartSummary(changed), MessageError);
    }
}

TEST_CASE("PartSummary: bytes of any content with a right checksum are merged or a typed error", "[payload]") {
    std::mt19937_64 random(test_seed());
    table_maker::TableMaker maker(random());
    int taken = 0;
    for (int round = 0; round < 30; ++round) {
        const auto table = maker.table({.max_rows = 15, .max_features = 4, .max_predictions = 2, .max_text = 50});
        const std::string bytes = part_of(table, 0, table.rows(), {}).bytes();
        auto unsealed = curtail::detail::unseal("curtail part\n", 1, bytes);
        const std::string body(unsealed.body.raw(unsealed.body.left()));
        for (int i = 0; i < 60; ++i) {
            std::string changed = body;
            for (std::uint64_t times = 1 + random() % 3; times > 0; --times) {
                changed[random() % changed.size()] = static_cast<char>(random() % 3 == 0 ? 0 : random());
            }
            if (random() % 8 == 0) changed.resize(random() % changed.size());
            curtail::detail::Packer packer;
            curtail::detail::seal(packer, "curtail part\n", 1, {}, changed);
            try {
                curtail::PartMerger merger(job);
                merger.add(packer.bytes());
                static_cast<void>(merger.finish());
                ++taken;
            } catch (const curtail::Error&) {
            }
        }
    }
    CHECK(taken > 0);  // a changed double, count or letter can be true
}

TEST_CASE("PartSummary: is smaller than its bound whatever the table", "[payload]") {
    const std::size_t rows = 100'000;
    std::mt19937_64 random(test_seed());
    std::vector<double> scores(rows);
    for (double& score : scores) score = std::normal_distribution<>(0, 1)(random);
    std::vector<std::string> fat(12, std::string(400'000, 'x'));
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < 2000; ++i) labels.push_back(std::string(250, 'l') + std::to_string(i));
    const auto size_of = [](const auto& table, const PayloadOptions& options = {}) {
        const PartSummary summary = part_of(table, 0, curtail::rows_of(table), options);
        curtail::PartMerger merger(job, options);
        merger.add(summary);
        CHECK(merger.finish().payload().rows == curtail::rows_of(table));
        return summary.bytes().size();
    };
    const auto scored = curtail::with_prediction(columns(column("n", scores)), column("p", scores));
    CHECK(size_of(scored) < 1'000'000);
    const auto three = curtail::with_prediction(columns(column("n", scores)), column("p", scores), column("q", scores),
                                                column("r", scores));
    CHECK(size_of(three) < 1'000'000);
    CHECK(size_of(columns(column("fat", fat))) < 1'000'000);
    PayloadOptions small;
    small.part.max_summary_bytes = 80'000;
    CHECK(size_of(columns(column("fat", fat)), small) < 80'000);
    CHECK(size_of(scored, small) < 80'000);
    const auto labelled = curtail::with_prediction(columns(column("n", labels)), column("label", labels));
    CHECK(size_of(labelled) < 1'000'000);
    CHECK(size_of(labelled, small) < 80'000);
    small.part.max_summary_bytes = 500;
    try {
        static_cast<void>(size_of(labelled, small));
        FAIL("made a summary of less than 500 bytes");
    } catch (const BudgetTooSmall& error) {
        small.part.max_summary_bytes = error.needed();
        CHECK(size_of(labelled, small) < error.needed());
    }
}

TEST_CASE("PartSummary: a wide table has as many columns as a message could show", "[payload]") {
    curtail::Schema schema;
    std::vector<curtail::ColumnSpec> specs;
    for (int i = 0; i < 120'000; ++i) specs.push_back({"a column of a wide table, number " + std::to_string(i)});
    schema = curtail::Schema(std::move(specs));
    auto split = curtail::ResultPayloadBuilder(job).start(schema, NullSink());
    const PartSummary summary = split.finish_part();
    CHECK(summary.bytes().size() < 1'000'000);
    curtail::PartMerger merger(job);
    merger.add(summary);
    CHECK(merger.finish().payload().columns_total == 120'000);
}

TEST_CASE("Split: a part takes its number from the sink, and its summary is published with it", "[payload]") {
    std::string published;
    PartSink sink;
    sink.published = &published;
    const PartSummary summary = part_in(sink, 1.5);
    CHECK(summary.part() == curtail::PartPlace{.number = 2, .of = 3});
    CHECK(published == summary.bytes());
    PayloadOptions options;
    options.part = {.number = 1, .of = 3};
    CHECK_THROWS_AS(part_in(sink, 1.5, options), curtail::UsageError);
    options.part = {.number = 3, .of = 3};
    CHECK_THROWS_AS(part_in(sink, 1.5, options), curtail::UsageError);
}

TEST_CASE("Split: a part that another attempt has published gives back its summary", "[payload]") {
    std::string published;
    PartSink sink;
    sink.published = &published;
    const PartSummary first = part_in(sink, 1.5);
    published.clear();
    sink.taken_by = first.bytes();
    const PartSummary second = part_in(sink, 2.5);
    CHECK(second.bytes() == first.bytes());
    CHECK(published.empty());
}

TEST_CASE("Split: a part cannot pass for the whole, nor go without its file", "[payload]") {
    const std::vector<double> values = {1};
    const auto table = columns(column("n", values));
    PayloadOptions options;
    options.part = {.number = 0, .of = 2};
    auto split = curtail::ResultPayloadBuilder(job, options).start(table.schema(), NullSink());
    split.append(table);
    CHECK_THROWS_AS(static_cast<void>(split.finish()), curtail::UsageError);
    options.on_artifact_error = curtail::OnArtifactError::report;
    CHECK_THROWS_AS(curtail::ResultPayloadBuilder(job, options).start(table.schema(), NullSink()), curtail::UsageError);
    options = {};
    options.part = {.of = 1, .host = "\xFF"};
    CHECK_THROWS_AS(curtail::ResultPayloadBuilder(job, options).start(table.schema(), NullSink()), curtail::UsageError);
}
