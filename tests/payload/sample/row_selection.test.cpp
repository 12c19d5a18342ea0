// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/row_selection.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/payload/result_payload_builder.hpp>

#include "catch.hpp"
#include "payload/null_sink.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::PayloadOptions;
using curtail::ResultPayload;
using curtail::ResultPayloadBuilder;
using curtail::SampleStrategy;
using curtail::Schema;
using curtail::detail::FirstRows;
using curtail::detail::RowSelection;
using curtail::detail::SelectedRows;
using table_maker::MadeTable;
using Numbers = std::vector<std::uint64_t>;

namespace {

constexpr SampleStrategy strategies[] = {SampleStrategy::tail, SampleStrategy::random,
                                         SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions};

// Row r has the number r, a text and the prediction 7 r mod 101.
MadeTable scored(std::size_t rows) {
    MadeTable table;
    table.columns = Schema({{"id", {CellKind::int64}}, {"text", {CellKind::text}}, {"score", {CellKind::float64}}}, 1);
    for (std::size_t row = 0; row < rows; ++row) {
        const std::string_view text = table.own("row " + std::to_string(row));
        table.add_row({static_cast<std::int64_t>(row), text, static_cast<double>(7 * row % 101)});
    }
    return table;
}

ResultPayload built(const MadeTable& table, const PayloadOptions& options, std::size_t batch = 1'000'000) {
    auto split = ResultPayloadBuilder("job_0123456789ab", options).start(table.columns, NullSink{});
    for (std::size_t first = 0; first < table.rows(); first += batch) {
        split.append(curtail::RowSlice<MadeTable>(table, first, (std::min)(batch, table.rows() - first)));
    }
    const auto result = split.finish();
    CHECK(result.message().size() < options.max_bytes);
    const auto data = nlohmann::json::parse(result.message())["data"];
    CHECK(data.value("sample_row_numbers", Numbers()) == result.payload().sample_row_numbers);
    return result.payload();
}

// Returns the numbers that the id column shows.
Numbers ids(const ResultPayload& payload) {
    Numbers numbers;
    for (const auto& row : payload.sample) numbers.push_back(std::stoull(row.at(0).text));
    return numbers;
}

// Returns what a strategy other than random shows of scored(rows).
Numbers expected(SampleStrategy strategy, std::size_t rows, std::size_t sample_rows) {
    Numbers all(rows);
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    const std::size_t count = (std::min)(rows, sample_rows);
    const auto some = static_cast<std::ptrdiff_t>(count);
    if (strategy == SampleStrategy::tail) return {all.end() - some, all.end()};
    std::stable_sort(all.begin(), all.end(), [&](std::uint64_t a, std::uint64_t b) {
        const bool highest = strategy == SampleStrategy::highest_predictions;
        return highest ? 7 * a % 101 > 7 * b % 101 : 7 * a % 101 < 7 * b % 101;
    });
    return {all.begin(), all.begin() + some};
}

// Returns the rows that are shown for these numbers in the first prediction column.
Numbers chosen_by(const std::vector<Cell>& predictions, SampleStrategy strategy) {
    MadeTable table;
    table.columns = Schema({{"id", {CellKind::int64}}, {"p", {}}, {"second", {CellKind::int64}}}, 2);
    for (const Cell& cell : predictions) {
        const auto row = static_cast<std::int64_t>(table.rows());
        table.add_row({row, cell, -row});
    }
    return built(table, {.sample_rows = predictions.size(), .sample_strategy = strategy}).sample_row_numbers;
}

}  // namespace

TEST_CASE("RowSelection: chooses the rows of each strategy, in batches of any size", "[payload]") {
    for (const SampleStrategy strategy : strategies) {
        for (const std::size_t rows : {0U, 1U, 3U, 9U, 10U, 11U, 19U, 20U, 21U, 150U, 4200U}) {
            for (const std::size_t sample_rows : {0U, 1U, 9U, 10U}) {
                if (rows > 200 && sample_rows != 10) continue;
                const MadeTable table = scored(rows);
                const PayloadOptions options{.sample_rows = sample_rows, .sample_strategy = strategy};
                const ResultPayload payload = built(table, options);
                INFO(curtail::detail::strategy_name(strategy) << ", " << sample_rows << " of " << rows << " rows");
                CHECK(payload.sample_strategy == curtail::detail::strategy_name(strategy));
                CHECK(payload.sample_row_numbers == ids(payload));
                CHECK(payload.truncated == (rows > sample_rows));
                CHECK(payload.sample.size() == (std::min)(rows, sample_rows));
                if (strategy == SampleStrategy::random) {
                    CHECK(std::is_sorted(payload.sample_row_numbers.begin(), payload.sample_row_numbers.end()));
                    CHECK(std::set(payload.sample_row_numbers.begin(), payload.sample_row_numbers.end()).size() ==
                          payload.sample.size());
                } else {
                    CHECK(payload.sample_row_numbers == expected(strategy, rows, sample_rows));
                }
                for (std::size_t i = 0; i < payload.sample.size(); ++i) {
                    const std::uint64_t row = payload.sample_row_numbers[i];
                    CHECK(payload.sample[i][1].text == "row " + std::to_string(row));
                    CHECK(std::stod(payload.predictions_sample[i][0].text) == static_cast<double>(7 * row % 101));
                }
                if (rows > 200) continue;
                for (const std::size_t batch : {1U, 7U, 1000U}) CHECK(built(table, options, batch) == payload);
            }
        }
    }
}

TEST_CASE("SampleStrategy: is not named in the message for the head", "[payload]") {
    const ResultPayload payload = built(scored(20), {});
    CHECK(payload.sample_strategy.empty());
    CHECK(payload.sample_row_numbers.empty());
    CHECK(ids(payload).back() == 9);
}

TEST_CASE("RowSelection: cuts long texts independently of batches", "[payload]") {
    MadeTable table = scored(130);
    table_maker::TableMaker random(test_seed());
    for (auto& row : table.cells) row[1] = table.own(random.text(random.spread(1, 60'000)));
    for (const SampleStrategy strategy : strategies) {
        const PayloadOptions options{.sample_rows = 40, .sample_strategy = strategy, .max_bytes = 200'000};
        const ResultPayload payload = built(table, options);
        for (const std::size_t batch : {1U, 7U}) CHECK(built(table, options, batch) == payload);
    }
}

TEST_CASE("RowSelection: chooses random rows by the seed, and fewer rows are a subset of more", "[payload]") {
    const MadeTable table = scored(1000);
    const auto chosen = [&](std::uint64_t seed, std::size_t rows) {
        const auto numbers =
            built(table, {.sample_rows = rows, .sample_strategy = SampleStrategy::random, .sample_seed = seed})
                .sample_row_numbers;
        return std::set(numbers.begin(), numbers.end());
    };
    CHECK(chosen(1, 10) == chosen(1, 10));
    CHECK(chosen(1, 10) != chosen(2, 10));
    const auto many = chosen(1, 50);
    const auto few = chosen(1, 10);
    CHECK(std::includes(many.begin(), many.end(), few.begin(), few.end()));
}

TEST_CASE("RowSelection: chooses every row and every pair equally often at random", "[payload]") {
    constexpr std::size_t rows = 20;
    constexpr std::size_t sample_rows = 5;
    constexpr std::size_t seeds = 3000;
    const MadeTable table = scored(rows);
    std::vector<double> single(rows);
    std::vector<double> pairs(rows * rows);
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        FirstRows sample(table.columns, sample_rows, 100'000);
        RowSelection selection(table.columns, SampleStrategy::random, seed, sample_rows, 100'000, sample.names());
        selection.offer(table);
        const Numbers numbers = selection.hand_over(sample).numbers;
        REQUIRE(numbers.size() == sample_rows);
        for (const std::uint64_t a : numbers) {
            ++single[a];
            for (const std::uint64_t b : numbers) {
                if (a < b) ++pairs[a * rows + b];
            }
        }
    }
    const auto spread = [](const std::vector<double>& counts, double each) {
        double sum = 0;
        for (const double count : counts) {
            if (count > 0) sum += (count - each) * (count - each) / each;
        }
        return sum;
    };
    // The seeds are fixed. Of 19 and 189 degrees of freedom, sums above these come once in a thousand draws; drawing
    // without replacement makes them smaller still.
    CHECK(spread(single, static_cast<double>(seeds * sample_rows) / rows) < 43.8);
    CHECK(std::count(pairs.begin(), pairs.end(), 0.0) == rows * (rows + 1) / 2);
    CHECK(spread(pairs, static_cast<double>(seeds * sample_rows * (sample_rows - 1)) / (rows * (rows - 1))) < 255.0);
}

TEST_CASE("RowSelection: compares predictions of all number types, others last in table order", "[payload]") {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<Cell> cells = {curtail::Null{}, 2.5,   std::int64_t{-3},        std::string_view("9"),
                                     -infinity,       true,  std::uint64_t{7},        std::nan(""),
                                     infinity,        1.0F,  curtail::Decimal{"2.5"}, -0.0,
                                     std::int64_t{0}, false, curtail::Date{5}};
    CHECK(chosen_by(cells, SampleStrategy::highest_predictions) ==
          Numbers{8, 6, 1, 10, 5, 9, 11, 12, 13, 2, 4, 0, 3, 7, 14});
    CHECK(chosen_by(cells, SampleStrategy::lowest_predictions) ==
          Numbers{4, 2, 11, 12, 13, 5, 9, 1, 10, 6, 8, 0, 3, 7, 14});
}

TEST_CASE("RowSelection: throws before the sink opens if there is no prediction to choose by", "[payload]") {
    const Schema schema({{"a", {}}});
    for (const SampleStrategy strategy : {SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions}) {
        CHECK_THROWS_AS(ResultPayloadBuilder("job", {.sample_strategy = strategy}).start(schema, NullSink{}),
                        curtail::UsageError);
    }
    CHECK_NOTHROW(ResultPayloadBuilder("job", {.sample_strategy = SampleStrategy::tail}).start(schema, NullSink{}));
}

TEST_CASE("RowSelection: leaves out the worst rows first", "[payload]") {
    const MadeTable table = scored(100);
    for (const SampleStrategy strategy : strategies) {
        FirstRows all(table.columns, 30, 100'000);
        RowSelection selection(table.columns, strategy, 0, 30, 100'000, all.names());
        selection.offer(table);
        const SelectedRows best = selection.hand_over(all);
        bool some = false;
        std::size_t shown = 0;
        for (std::size_t limit = 1151; limit < 4200; limit += 101) {
            INFO(curtail::detail::strategy_name(strategy) << ", budget " << limit);
            const ResultPayload payload =
                built(table, {.sample_rows = 30, .sample_strategy = strategy, .max_bytes = limit});
            const std::size_t count = payload.sample_row_numbers.size();
            REQUIRE(payload.predictions_sample.size() == (table.columns.prediction_count() == 0 ? 0 : count));
            REQUIRE(count >= shown);
            shown = count;
            some = some || (count > 5 && count < 25);
            Numbers likes(best.numbers.begin(), best.numbers.begin() + static_cast<std::ptrdiff_t>(count));
            if (best.in_table_order) std::sort(likes.begin(), likes.end());
            REQUIRE(payload.sample_row_numbers == likes);
            if (!payload.columns.empty()) REQUIRE(ids(payload) == likes);
        }
        CHECK(some);
        CHECK(shown == 30);
    }
}

TEST_CASE("Fit: counts row numbers to the last byte of the budget", "[payload]") {
    const MadeTable table = scored(1234);
    for (const SampleStrategy strategy : strategies) {
        PayloadOptions options{.sample_strategy = strategy};
        const auto size = ResultPayloadBuilder("job", options).build(table, NullSink{}).message().size();
        const auto rows_within = [&](std::size_t max_bytes) {
            options.max_bytes = max_bytes;
            return ResultPayloadBuilder("job", options).build(table, NullSink{}).payload().sample.size();
        };
        // Room is kept for a digest of the file, and for a size of twenty digits instead of four.
        const std::size_t kept_free = std::string_view(",\"output_sha256\":\"\"").size() + 64 + 16;
        CHECK(rows_within(size + kept_free + 1) == 10);
        CHECK(rows_within(size + kept_free) == 9);
    }
}

TEST_CASE("RowSelection: keeps budget and row numbers right for random tables", "[payload]") {
    const std::uint64_t first_seed = test_seed() + 50'000'000;
    for (std::uint64_t seed = first_seed; seed < first_seed + (table_maker::slow_tier() ? 5'000U : 15U); ++seed) {
        table_maker::TableMaker random(seed);
        const MadeTable table = random.table({});
        PayloadOptions options{
            .sample_rows = random.below(table.rows() + 3),
            .sample_strategy = strategies[random.below(table.columns.prediction_count() == 0 ? 2 : 4)],
            .sample_seed = seed,
            .max_bytes = 1,
            .encoding = static_cast<curtail::Encoding>(random.below(3))};
        try {
            (void)ResultPayloadBuilder("job_0123456789ab", options).build(table, NullSink{});
        } catch (const curtail::BudgetTooSmall& error) {
            options.max_bytes = error.needed() + random.below(random.one_in(2) ? 400 : 10'000);
        }
        INFO("seed " << seed << ", budget " << options.max_bytes << ", "
                     << curtail::detail::strategy_name(options.sample_strategy));
        const ResultPayload payload = built(table, options);
        const Numbers& numbers = payload.sample_row_numbers;
        REQUIRE(numbers.size() == payload.sample.size());
        REQUIRE(std::set(numbers.begin(), numbers.end()).size() == numbers.size());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            REQUIRE(numbers[i] < table.rows());
            // Each row shows its own cells: those that are not cut are what the head of a table of that row shows.
            MadeTable alone;
            alone.columns = table.columns;
            alone.cells.push_back(table.cells[static_cast<std::size_t>(numbers[i])]);
            const ResultPayload whole = built(alone, {.sample_rows = 1});
            for (std::size_t column = 0; column < payload.columns.size(); ++column) {
                const curtail::SampleCell& cell = payload.sample[i][column];
                if (cell.cut_from_bytes == 0) REQUIRE(cell == whole.sample.at(0).at(column));
            }
        }
        for (const std::size_t batch : {1U, 3U}) REQUIRE(built(table, options, batch) == payload);
    }
}

TEST_CASE("Fit: lists a cut cell with its row as shown and its whole size", "[payload]") {
    MadeTable table = scored(50);
    table.cells[44][1] = table.own(std::string(3'000'000, 'x'));
    const ResultPayload payload = built(table, {.sample_rows = 12, .sample_strategy = SampleStrategy::tail});
    const auto& numbers = payload.sample_row_numbers;
    const auto row = static_cast<std::size_t>(std::find(numbers.begin(), numbers.end(), 44U) - numbers.begin());
    REQUIRE(row < payload.sample.size());
    CHECK(payload.cells_truncated == std::vector<curtail::TruncatedCell>{{row, "text", 3'000'000}});
    CHECK(payload.sample[row][1].text.size() > 499'000);  // its share of six messages
    CHECK(payload.sample[row][1].cut_from_bytes == 3'000'000);
}

TEST_CASE("RowCopy: lets long texts share the bytes of a row, and cuts no number or time", "[payload]") {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 40; ++c) columns.push_back({"c" + std::to_string(c), {}});
    table.columns = Schema(std::move(columns));
    const std::string_view text = table.own(std::string(50'000, 't'));
    const std::string digits = "0.1234567890123456789012345678901234567890";
    for (int row = 0; row < 200; ++row) {
        std::vector<Cell> cells(40, text);
        cells[3] = curtail::Decimal{digits};
        cells[7] = std::string_view("short");
        cells[39] = curtail::Timestamp{row, curtail::TimeUnit::second, "UTC"};
        table.add_row(std::move(cells));
    }
    FirstRows sample(table.columns, 100, 100'000);
    RowSelection selection(table.columns, SampleStrategy::tail, 0, 100, 100'000, sample.names());
    selection.offer(table);
    (void)selection.hand_over(sample);
    REQUIRE(sample.rows().size() > 20);
    for (std::size_t i = 0; i < 20; ++i) {
        const auto& row = sample.rows()[i];
        REQUIRE(row.size() == 40);
        REQUIRE(row[3].text == digits);
        REQUIRE(row[7].text == "short");
        REQUIRE(row[39].exact);
        REQUIRE(row[0].bytes == 50'000);
        REQUIRE_FALSE(row[0].whole);
        REQUIRE(row[0].text.size() >= curtail::detail::cell_floor_bytes - 3);
    }
    // A hundred rows share the bytes of six messages: 6000 for each row, and 162 for each of its 37 long texts, plus
    // slack.
    CHECK(sample.rows()[0][0].text.size() >= 160);
    CHECK(sample.rows()[0][0].text.size() <= 180);
}
