// SPDX-License-Identifier: MIT
#include <curtail/payload/sample/row_selection.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/payload/result_payload_builder.hpp>

#include "catch.hpp"
#include "payload/message_model.hpp"
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
using curtail::detail::KeptCell;
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
        RowSelection selection(table.columns, SampleStrategy::random, seed, sample_rows, 100'000, sample);
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
        RowSelection selection(table.columns, strategy, 0, 30, 100'000, all);
        selection.offer(table);
        const SelectedRows best = selection.hand_over(all);
        bool some = false;
        std::size_t shown = 0;
        for (std::size_t limit = 1252; limit < 4200; limit += 101) {
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
        // Room is kept for all that could be said of the file.
        const std::size_t kept_free =
            message_model::file_size_text(1234, true).size() - message_model::file_size_text(1234, false).size();
        CHECK(rows_within(size + kept_free + 1) == 10);
        CHECK(rows_within(size + kept_free) == 9);
    }
}

TEST_CASE("RowSelection: keeps budget and row numbers right for random tables", "[payload]") {
    const std::uint64_t first_seed = test_seed() + 50'000'000;
    for (std::uint64_t seed = first_seed; seed < first_seed + by_tier(15U, 5'000U); ++seed) {
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
    CHECK(payload.sample[row][1].text.size() > 990'000);
    CHECK(payload.sample[row][1].cut_from_bytes == 3'000'000);
}

namespace {

// The same text, but for the last bytes of a cut one: where a text is not UTF-8, a cut can fall a character earlier.
// A text of more than 500 bytes may be cut further, because a column that is forgotten had its share first.
bool alike(const KeptCell& a, const KeptCell& b) {
    if (a.whole && b.whole) return a == b;
    const std::string_view shorter = a.text.size() < b.text.size() ? a.text : b.text;
    const std::string_view longer = a.text.size() < b.text.size() ? b.text : a.text;
    return a.kind == b.kind && a.exact == b.exact && a.bytes == b.bytes && longer.starts_with(shorter) &&
           (longer.size() - shorter.size() <= 3 || shorter.size() > 500);
}

bool alike(const std::vector<KeptCell>& a, const std::vector<KeptCell>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const KeptCell& x, const KeptCell& y) { return alike(x, y); });
}

// Returns the rows of a table in the order of a strategy, the best first.
Numbers ranking(const MadeTable& table, SampleStrategy strategy, std::uint64_t seed) {
    const std::size_t roomy = 100'000'000;
    FirstRows all(table.columns, table.rows() + 1, roomy);
    RowSelection selection(table.columns, strategy, seed, table.rows() + 1, roomy, all);
    selection.offer(table);
    return selection.hand_over(all).numbers;
}

}  // namespace

TEST_CASE("RowSelection: keeps of the best rows what head keeps of them", "[payload]") {
    const std::uint64_t first_seed = test_seed() + 70'000'000;
    std::size_t cut = 0;
    for (std::uint64_t seed = first_seed; seed < first_seed + by_tier(40U, 2'000U); ++seed) {
        table_maker::TableMaker random(seed);
        const MadeTable table = random.table({.max_rows = 200, .max_features = 30, .max_text = 3000});
        const SampleStrategy strategy = strategies[random.below(table.columns.prediction_count() == 0 ? 2 : 4)];
        const std::size_t max_rows = 1 + random.below(table.rows() + 10);
        const std::size_t max_bytes = random.spread(20, 20'000);
        INFO("seed " << seed << ", " << max_rows << " of " << table.rows() << " rows, budget " << max_bytes << ", "
                     << curtail::detail::strategy_name(strategy));
        FirstRows expected(table.columns, max_rows, max_bytes);
        FirstRows found(table.columns, max_rows, max_bytes);
        const Numbers order = ranking(table, strategy, seed);
        REQUIRE(order.size() == table.rows());
        for (const std::uint64_t row : order) expected.offer(curtail::detail::BatchView(table), row);

        RowSelection selection(table.columns, strategy, seed, max_rows, max_bytes, found);
        for (std::size_t first = 0; first < table.rows();) {
            const std::size_t count = (std::min)(table.rows() - first, 1 + random.below(20));
            selection.offer(curtail::RowSlice<MadeTable>(table, first, count));
            first += count;
        }
        const Numbers numbers = selection.hand_over(found).numbers;
        REQUIRE(found.rows().size() == expected.rows().size());
        REQUIRE(numbers == Numbers(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(numbers.size())));
        REQUIRE(numbers.size() == found.rows().size());
        for (std::size_t row = 0; row < numbers.size(); ++row) {
            REQUIRE(alike(found.rows()[row], expected.rows()[row]));
            REQUIRE(alike(found.predictions()[row], expected.predictions()[row]));
        }
        cut += numbers.size() < (std::min)(max_rows, table.rows()) ? 1 : 0;
    }
    CHECK(cut > 5);
}

namespace {

// Asks for more and more rows, and checks that there are never fewer rows or columns, nor another message once more
// rows are not shown. Returns how many rows are shown in the end.
std::size_t ask_for_more(const MadeTable& table, PayloadOptions options, const std::vector<std::size_t>& counts) {
    std::optional<ResultPayload> before;
    for (const std::size_t count : counts) {
        options.sample_rows = count;
        const ResultPayload payload = ResultPayloadBuilder("job_1", options).build(table, NullSink{}).payload();
        INFO(count << " rows asked for, " << payload.sample.size() << " rows of " << payload.columns.size()
                   << " columns shown");
        REQUIRE(payload.sample.size() <= count);
        if (before) {
            INFO(before->sample.size() << " rows of " << before->columns.size() << " columns shown before");
            REQUIRE(payload.sample.size() >= before->sample.size());
            REQUIRE(payload.columns == before->columns);
            if (payload.sample.size() == before->sample.size()) REQUIRE(payload == *before);
        }
        before = payload;
    }
    return before->sample.size();
}

constexpr SampleStrategy every_strategy[] = {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random,
                                             SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions};

}  // namespace

TEST_CASE("PayloadOptions::sample_rows: more of them never show less, for random tables", "[payload]") {
    const std::uint64_t first_seed = test_seed() + 60'000'000;
    std::size_t limited = 0;
    for (std::uint64_t seed = first_seed; seed < first_seed + by_tier(25U, 3'000U); ++seed) {
        table_maker::TableMaker random(seed);
        const table_maker::Shape shapes[] = {
            {.max_rows = 60, .max_features = 12},
            {.max_rows = 150, .max_features = 25, .max_text = 2000, .max_name = 60},
            {.max_rows = 30, .max_features = 60, .max_predictions = 6, .max_text = 90, .max_name = 500}};
        const MadeTable table = random.table(shapes[random.below(3)]);
        PayloadOptions options{
            .sample_strategy = every_strategy[random.below(table.columns.prediction_count() ? 5 : 3)],
            .sample_seed = seed,
            .max_bytes = 1,
            .encoding = static_cast<curtail::Encoding>(random.below(3))};
        try {
            (void)ResultPayloadBuilder("job_1", options).build(table, NullSink{});
        } catch (const curtail::BudgetTooSmall& error) {
            options.max_bytes = error.needed() + random.spread(1, 30'000);
        }
        INFO("seed " << seed << ", budget " << options.max_bytes << ", encoding " << static_cast<int>(options.encoding)
                     << ", " << curtail::detail::strategy_name(options.sample_strategy) << ", " << table.rows()
                     << " rows of " << table.columns.feature_count() << " + " << table.columns.prediction_count()
                     << " columns");
        const std::size_t shown = ask_for_more(table, options, {1, 2, 3, 5, 8, 10, 20, 60, 80, 100, 150, 1000});
        limited += shown < table.rows() ? 1 : 0;
    }
    CHECK(limited > 3);
}

TEST_CASE("PayloadOptions::sample_rows: more of them never show less of rows of some size", "[payload]") {
    // 21 columns of numbers, decimals and texts, of which a few rows fit.
    table_maker::TableMaker random(5'001'225);
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 22; ++c) {
        columns.push_back({"column_" + std::to_string(c),
                           {c % 3 == 0   ? CellKind::decimal
                            : c % 3 == 1 ? CellKind::text
                                         : CellKind::int64}});
    }
    table.columns = Schema(std::move(columns), 1);
    for (std::int64_t row = 0; row < 380; ++row) {
        std::vector<Cell> cells;
        for (std::size_t c = 0; c < 22; ++c) {
            if (c % 3 == 0) cells.emplace_back(curtail::Decimal{table.own(random.any_decimal())});
            if (c % 3 == 1) cells.emplace_back(table.own(random.any_text(80)));
            if (c % 3 == 2) cells.emplace_back(row);
        }
        table.add_row(std::move(cells));
    }
    for (const SampleStrategy strategy : every_strategy) {
        INFO(curtail::detail::strategy_name(strategy));
        const PayloadOptions options{
            .sample_strategy = strategy, .max_bytes = 8192, .encoding = curtail::Encoding::base64};
        CHECK(ask_for_more(table, options, {1, 2, 5, 10, 60, 80, 100, 200, 380, 400}) > 3);
    }
}

TEST_CASE("PayloadOptions::sample_rows: more of them never show less of very many columns", "[payload]") {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 1001; ++c) columns.push_back({"feature_" + std::to_string(c), {CellKind::float64}});
    table.columns = Schema(std::move(columns), 1);
    for (int row = 0; row < 120; ++row) {
        std::vector<Cell> cells;
        for (int c = 0; c < 1001; ++c) cells.emplace_back(static_cast<double>((row * 31 + c * 7) % 1000) / 1000);
        table.add_row(std::move(cells));
    }
    for (const SampleStrategy strategy : {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random}) {
        INFO(curtail::detail::strategy_name(strategy));
        const PayloadOptions options{.sample_strategy = strategy, .max_bytes = 200'000};
        CHECK(ask_for_more(table, options, {8, 60, 100, 120}) == 8);
    }
}

TEST_CASE("PayloadOptions::sample_rows: more of them never shorten texts while no more rows are shown", "[payload]") {
    // Ten rows of long texts fill the message. Of each, as much is shown whether ten rows are asked for or 150.
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 60; ++c) columns.push_back({std::string(20, 'n') + std::to_string(c), {CellKind::text}});
    table.columns = Schema(std::move(columns));
    const std::string_view text = table.own(std::string(5000, 't'));
    for (int row = 0; row < 150; ++row) table.add_row(std::vector<Cell>(60, text));
    for (const SampleStrategy strategy : {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random}) {
        INFO(curtail::detail::strategy_name(strategy));
        ask_for_more(table, {.sample_strategy = strategy, .max_bytes = 20'000}, {1, 2, 4, 10, 100, 150});
    }
}

TEST_CASE("RowSelection: rows of parts, offered again, are those of the whole", "[payload]") {
    using curtail::detail::BatchView;
    using curtail::detail::FirstRows;
    using curtail::detail::RankedRow;
    using curtail::detail::RowSelection;
    const MadeTable table = scored(300);
    for (const SampleStrategy strategy : {SampleStrategy::tail, SampleStrategy::random,
                                          SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions}) {
        const auto selection = [&] {
            return RowSelection(table.columns, strategy, 7, 10, 100'000, {table.columns, 10, 100'000});
        };
        RowSelection whole = selection();
        whole.offer(BatchView(table));
        FirstRows expected_rows(table.columns, 10, 100'000);
        const auto expected_numbers = whole.hand_over(expected_rows).numbers;

        RowSelection merged = selection();
        for (const std::size_t first : {0U, 100U, 200U}) {
            RowSelection part = selection();
            part.begin_at(first);
            part.offer(BatchView(table, first, 100));
            std::vector<RankedRow> rows = part.take();
            CHECK(rows.size() == 10);
            CHECK(std::is_sorted(rows.begin(), rows.end(), [](const RankedRow& a, const RankedRow& b) {
                return std::pair(a.rank, a.number) < std::pair(b.rank, b.number);
            }));
            for (RankedRow& row : rows) {
                row.number += first;
                merged.offer(std::move(row));
            }
        }
        FirstRows rows(table.columns, 10, 100'000);
        CHECK(merged.hand_over(rows).numbers == expected_numbers);
        CHECK(rows.rows() == expected_rows.rows());
        CHECK(rows.predictions() == expected_rows.predictions());
    }
}

TEST_CASE("RowSelection: parts that do not know their first row choose at different places", "[payload]") {
    using curtail::detail::BatchView;
    using curtail::detail::RowSelection;
    const MadeTable table = scored(1000);
    std::vector<std::uint64_t> places;
    for (std::uint64_t part = 0; part < 10; ++part) {
        RowSelection selection(table.columns, SampleStrategy::random, 7, 1, 100'000, {table.columns, 1, 100'000});
        selection.begin_part(part);
        selection.offer(BatchView(table));
        places.push_back(selection.take().at(0).number);
    }
    std::sort(places.begin(), places.end());
    CHECK(std::unique(places.begin(), places.end()) - places.begin() >= 9);
}

TEST_CASE("RowSelection: takes rows again after it gave those that it had", "[payload]") {
    using curtail::detail::BatchView;
    using curtail::detail::RowSelection;
    const MadeTable table = scored(200);
    RowSelection selection(table.columns, SampleStrategy::tail, 7, 10, 100'000, {table.columns, 10, 100'000});
    selection.offer(BatchView(table, 0, 100));
    selection.leave_out({0, 95});
    CHECK(selection.take().size() == 4);
    selection.offer(BatchView(table, 100, 100));
    CHECK(selection.take().size() == 10);
}
