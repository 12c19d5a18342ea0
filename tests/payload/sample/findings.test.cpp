// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/findings.hpp>

#include <cstddef>
#include <vector>

#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "error_code.hpp"

namespace {

using curtail::ErrorCode;
using curtail::PayloadOptions;
using curtail::SampleStrategy;
using curtail::Schema;
using curtail::detail::Findings;

constexpr std::size_t limit = 1'000'000;
const Schema scored({{"n"}, {"p"}, {"q"}}, 2);
const Schema plain({{"n"}, {"m"}}, 0);

}  // namespace

TEST_CASE("Findings: choose rows for every strategy but that of the first rows", "[payload]") {
    for (const auto strategy : {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random,
                                SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions}) {
        const Findings found(scored, {.sample_strategy = strategy}, limit);
        CHECK(found.selection.has_value() == (strategy != SampleStrategy::head));
        CHECK(found.statistics.size() == 2);
        CHECK(found.rows == 0);
    }
}

TEST_CASE("Findings: rows by prediction need a prediction, and others do not", "[payload]") {
    for (const auto strategy : {SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions}) {
        CHECK(code_of([&] { return Findings(plain, {.sample_strategy = strategy}, limit); }) ==
              ErrorCode::invalid_option);
    }
    for (const auto strategy : {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random}) {
        const Findings found(plain, {.sample_strategy = strategy}, limit);
        CHECK(found.statistics.empty());
    }
}

TEST_CASE("Findings: count every prediction by the options of its split, and keep the rows that it asks for",
          "[payload]") {
    PayloadOptions options;
    options.sample_rows = 2;
    options.statistics.histogram_bins = 3;
    Findings found(scored, options, limit);
    const std::vector<double> values = {1, 2, 3, 4};
    for (auto& column : found.statistics) {
        for (const double value : values) column.add(value);
    }
    CHECK(found.statistics[1].result().histogram->counts.size() == 3);
    const auto table =
        curtail::columns(curtail::column("n", values), curtail::column("p", values), curtail::column("q", values));
    found.sample.offer(curtail::detail::BatchView(table));
    CHECK(found.sample.take().size() == 2);
}
