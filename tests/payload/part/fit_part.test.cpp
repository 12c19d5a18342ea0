// SPDX-License-Identifier: MIT
#include <curtail/payload/part/fit_part.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/statistics/column/column_statistics.hpp>
#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "seed.hpp"

using curtail::Cell;
using curtail::detail::ColumnStatistics;
using curtail::detail::PartContent;
using curtail::detail::PartHead;
using curtail::detail::PartWriter;

namespace {

PartHead head() {
    PartHead head;
    head.artifact.path = "/data/part-0.csv";
    head.artifact.format = "csv";
    head.job_id = "job_1";
    return curtail::detail::longest_head(head);
}

// Numbers, labels and ten rows of one text column.
PartContent content(std::size_t numbers, std::size_t labels, std::size_t text_bytes) {
    PartContent content;
    content.features_total = 1;
    content.features.resize(1);
    content.features[0].name = "text";
    content.predictions.resize(2);
    content.predictions[0].name = "number";
    content.predictions[1].name = "label";
    std::mt19937_64 random(1);
    content.statistics.resize(2);
    for (std::size_t i = 0; i < numbers; ++i) {
        content.statistics[0].add(std::normal_distribution<>(0, 1)(random));
    }
    for (std::size_t i = 0; i < labels; ++i) content.statistics[1].add(std::to_string(i) + std::string(200, 'l'));
    const std::vector<std::string> texts(10, std::string(text_bytes, 't'));
    const auto table = curtail::columns(curtail::column("text", texts));
    curtail::detail::FirstRows rows(table.schema(), 10, 1'000'000);
    rows.offer(curtail::detail::BatchView(table));
    for (auto& row : rows.take()) {
        row.predictions.resize(2);
        for (auto& cell : row.predictions) cell.text = "null";
        content.sample.push_back({{0, content.sample.size()}, std::move(row)});
    }
    return content;
}

std::size_t fitted(PartContent& content, std::size_t max_bytes) {
    content.options.part.max_summary_bytes = max_bytes;
    curtail::detail::fit_part(content, head());
    const PartWriter writer(head(), content);
    CHECK(writer.size() < max_bytes);
    return writer.size();
}

std::size_t kept_numbers(const PartContent& content) {
    return content.statistics[0].column().kept_numbers();
}
std::size_t kept_labels(const PartContent& content) {
    return content.statistics[1].column().kept_labels();
}

}  // namespace

TEST_CASE("fit_part: leaves what fits as it is", "[payload]") {
    PartContent part = content(50'000, 100, 1'000);
    fitted(part, 1'000'000);
    CHECK(kept_numbers(part) == 50'000);
    CHECK(kept_labels(part) == 100);
    CHECK(part.sample[9].cells.features[0].whole);
}

TEST_CASE("fit_part: numbers give way first, then texts, then labels, then rows", "[payload]") {
    PartContent numbers = content(50'000, 100, 1'000);
    fitted(numbers, 200'000);
    CHECK(kept_numbers(numbers) <= 1'024);
    CHECK(kept_labels(numbers) == 100);
    CHECK(numbers.sample[9].cells.features[0].whole);

    PartContent texts = content(50'000, 100, 100'000);
    const std::size_t size = fitted(texts, 200'000);
    CHECK(size > 150'000);
    CHECK(kept_labels(texts) == 100);
    REQUIRE(texts.sample.size() == 10);
    CHECK_FALSE(texts.sample[9].cells.features[0].whole);
    CHECK(texts.sample[9].cells.features[0].bytes == 100'000);
    CHECK(texts.sample[9].cells.features[0].text.size() > 5'000);

    PartContent labels = content(50'000, 1'000, 10'000);
    fitted(labels, 100'000);
    CHECK(kept_labels(labels) < 1'000);
    CHECK(kept_labels(labels) >= 100);
    CHECK(labels.sample.size() == 10);
    CHECK(labels.statistics[1].result().n_rows == 1'000);
}

TEST_CASE("fit_part: keeps few numbers of many parts", "[payload]") {
    PartContent part = content(50'000, 1, 10);
    part.head.place = {.number = 0, .of = 1'000};
    CHECK(fitted(part, 1'000'000) < 200'000);
    CHECK(kept_numbers(part) <= 1'024);
    PartContent few = content(8'192, 1, 10);
    few.head.place = {.number = 0, .of = 1'000'000};
    fitted(few, 1'000'000);
    CHECK(kept_numbers(few) == 8'192);
}

TEST_CASE("check_summary_budget: what it takes is enough for any statistics", "[payload]") {
    const curtail::Schema schema({{"text"}, {"number"}, {"label"}}, 2);
    curtail::PayloadOptions options;
    options.part.max_summary_bytes = 1;
    try {
        curtail::detail::check_summary_budget(head(), options, schema);
        FAIL("took one byte for a summary");
    } catch (const curtail::BudgetTooSmall& error) {
        PartContent part = content(100'000, 1'000, 100'000);
        options.part.max_summary_bytes = error.needed();
        CHECK_NOTHROW(curtail::detail::check_summary_budget(head(), options, schema));
        fitted(part, error.needed());
        CHECK(part.statistics[0].result().n_rows == 100'000);
    }
}
