// SPDX-License-Identifier: MIT
#include <curtail/payload/message/fit.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/messages.hpp>

#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::Cell;
using curtail::CellKind;
using curtail::ResultPayload;
using curtail::Schema;
using curtail::detail::Fit;
using curtail::detail::JsonMeter;
using table_maker::MadeTable;

namespace {

// A table, and the payload that says everything about it except sample and columns.
struct Whole {
    MadeTable table;
    ResultPayload payload;

    explicit Whole(Schema schema) {
        table.columns = std::move(schema);
        payload.job_id = "job_0123456789ab";
        payload.schema_version = 1;
        payload.output_file = "/data/out.csv";
        payload.output_format = "csv";
        payload.output_bytes = 1000;
        payload.columns_total = table.columns.feature_count();
        for (std::size_t i = table.columns.feature_count(); i < table.columns.size(); ++i) {
            payload.prediction_columns.push_back(table.columns[i].name);
        }
        payload.prediction_stats.resize(table.columns.prediction_count());
    }

    void add(std::vector<Cell> row) {
        table.add_row(std::move(row));
        ++payload.rows;
        payload.predictions_count = payload.prediction_columns.empty() ? 0 : payload.rows;
    }

    [[nodiscard]] ResultPayload within(std::size_t limit, std::size_t sample_rows = 10) const {
        curtail::detail::FirstRows sample(table.columns, sample_rows, limit);
        sample.offer(table);
        std::vector<std::string> dtypes;
        for (std::size_t i = 0; i < sample.names().size(); ++i)
            dtypes.push_back(curtail::dtype_name(table.columns[i].type));
        ResultPayload chosen = Fit(payload, sample, dtypes, JsonMeter(), limit).choose();
        CHECK(size(chosen) < limit);
        return chosen;
    }

    [[nodiscard]] static std::size_t size(const ResultPayload& chosen) {
        const std::size_t size = curtail::result_message(chosen).size();
        CHECK(curtail::detail::message_size(chosen, JsonMeter()) == size);
        return size;
    }
    [[nodiscard]] std::size_t full_size() const { return size(within(100'000'000)); }
};

Whole texts(std::size_t rows, std::size_t bytes) {
    Whole whole(Schema({{"text", {CellKind::text}}, {"p", {CellKind::int64}}}, 1));
    const std::string_view text = whole.table.own(std::string(bytes, 't'));
    for (std::size_t row = 0; row < rows; ++row) whole.add({text, std::int64_t{1}});
    return whole;
}

}  // namespace

TEST_CASE("Fit: shows all of a table that fits, to the last byte of the budget", "[payload]") {
    const Whole whole = texts(5, 100);
    const std::size_t size = whole.full_size();
    CHECK_FALSE(whole.within(size + 1).truncated);
    CHECK(whole.within(size).truncated);
}

namespace {

constexpr std::size_t shrunk_rows = 210;  // in the statistics

// Returns what is shown of two columns, six rows and twenty classes as the budget shrinks from one that holds all.
const std::vector<ResultPayload>& shrunk() {
    static const std::vector<ResultPayload> payloads = [] {
        Whole whole(Schema({{"first", {CellKind::text}}, {"second", {CellKind::text}}, {"p", {CellKind::text}}}, 1));
        const std::string_view text = whole.table.own(std::string(300, 't'));
        for (int row = 0; row < 6; ++row) whole.add({text, text, std::string_view("class 0")});
        curtail::PredictionStats& stats = whole.payload.prediction_stats[0];
        for (unsigned i = 0; i < 20; ++i)
            stats.class_distribution.push_back({"class " + std::to_string(i), 20U - i, 5.0});
        stats.classes_total = 20;
        stats.n_rows = shrunk_rows;
        std::vector<ResultPayload> out;
        for (std::size_t limit = whole.full_size() + 1; limit > 620; limit -= limit > 1200 ? 37 : 3) {
            out.push_back(whole.within(limit));
        }
        return out;
    }();
    return payloads;
}

std::size_t labels(const ResultPayload& payload) {
    return payload.prediction_stats[0].class_distribution.size();
}

}  // namespace

TEST_CASE("Fit: leaves out rows, then columns, then labels", "[payload]") {
    using Sizes = std::vector<std::size_t>;
    std::vector<Sizes> seen;
    for (const ResultPayload& payload : shrunk()) {
        Sizes now{payload.sample.size(), payload.columns.size(), labels(payload)};
        if (seen.empty() || seen.back() != now) seen.push_back(std::move(now));
    }
    CHECK(seen[0] == Sizes{6, 2, 20});
    CHECK(seen[1] == Sizes{5, 2, 20});
    CHECK(std::find(seen.begin(), seen.end(), Sizes{1, 1, 20}) != seen.end());
    CHECK(std::find(seen.begin(), seen.end(), Sizes{1, 1, 0}) != seen.end());
    for (const ResultPayload& payload : shrunk()) {
        if (payload.columns.size() == 1) REQUIRE(payload.sample.size() <= 1);
        // Without a sample or its columns, labels can take what those took.
        const bool sampled = !payload.sample.empty() && !payload.columns.empty();
        if (sampled && labels(payload) < 20) REQUIRE((payload.columns.size() == 1 && payload.sample.size() == 1));
    }
}

TEST_CASE("Fit: cuts every text before it leaves out a row", "[payload]") {
    for (const ResultPayload& payload : shrunk()) {
        if (payload.sample.size() == 6 || payload.columns.size() < 2) continue;
        REQUIRE(payload.cells_truncated_total == 2 * payload.sample.size());
    }
}

TEST_CASE("Fit: counts the labels that it leaves out among the others", "[payload]") {
    for (const ResultPayload& payload : shrunk()) {
        std::uint64_t counted = payload.prediction_stats[0].other_count;
        for (const auto& each : payload.prediction_stats[0].class_distribution) counted += each.count;
        REQUIRE(counted == shrunk_rows);
    }
}

TEST_CASE("Fit: names exactly what it does not show all of", "[payload]") {
    for (const ResultPayload& payload : shrunk()) {
        std::vector<std::string> reasons;
        if (payload.sample.size() < 6) reasons.emplace_back("rows");
        if (payload.cells_truncated_total > 0) reasons.emplace_back("cells");
        if (payload.columns.size() < 2) reasons.emplace_back("columns");
        if (labels(payload) < 20) reasons.emplace_back("stats");
        REQUIRE(payload.truncation == reasons);
        REQUIRE(payload.truncated == !reasons.empty());
    }
}

TEST_CASE("Fit: cuts fat cells to the same length and leaves short ones whole", "[payload]") {
    Whole whole(Schema({{"a", {CellKind::text}}, {"b", {CellKind::text}}, {"c", {CellKind::text}}}));
    whole.add({whole.table.own(std::string(5000, 'a')), whole.table.own(std::string(200, 'b')),
               whole.table.own(std::string(90'000, 'c'))});
    const ResultPayload payload = whole.within(8000);
    REQUIRE(payload.sample.size() == 1);
    CHECK(payload.sample[0][0].text.size() == payload.sample[0][2].text.size());
    CHECK(payload.sample[0][1].text.size() == 200);
    CHECK(payload.sample[0][1].cut_from_bytes == 0);
    CHECK(payload.sample[0][2].cut_from_bytes == 90'000);
    CHECK(Whole::size(payload) >= 8000 - 2);
    CHECK(payload.cells_truncated == std::vector<curtail::TruncatedCell>{{0, "a", 5000}, {0, "c", 90'000}});
}

TEST_CASE("Fit: cuts no text below the floor, and no number at all", "[payload]") {
    Whole whole(Schema({{"n", {CellKind::uint64}}, {"t", {CellKind::text}}}));
    for (int row = 0; row < 10; ++row) whole.add({std::uint64_t{UINT64_MAX}, whole.table.own(std::string(1000, 'x'))});
    for (std::size_t limit = 700; limit < 1600; limit += 7) {
        for (const auto& row : whole.within(limit).sample) {
            REQUIRE(row[0].text == "18446744073709551615");
            if (row.size() > 1) {
                REQUIRE(row[1].text.size() >= curtail::detail::cell_floor_bytes);
                REQUIRE(row[1].text.ends_with("\xE2\x80\xA6"));
            }
        }
    }
}

TEST_CASE("Fit: keeps a row that only the list of cuts would push out", "[payload]") {
    // Ten texts one byte above the floor: cutting them saves ten bytes, and listing the cuts takes more.
    for (std::size_t rows = 1; rows < 12; ++rows) {
        const Whole whole = texts(rows, curtail::detail::cell_floor_bytes + 1);
        INFO(rows << " rows");
        CHECK_FALSE(whole.within(Whole::size(whole.within(100'000, 20)) + 1, 20).truncated);
        // The table has one row more than the sample. The sample itself still fits whole.
        Whole longer = texts(rows + 1, curtail::detail::cell_floor_bytes + 1);
        const std::size_t size = Whole::size(longer.within(100'000, rows));
        CHECK(longer.within(size + 1, rows).sample.size() == rows);
        CHECK(longer.within(size + 1, rows).cells_truncated_total == 0);
    }
}

TEST_CASE("Fit: leaves a cell whole if that makes the message shorter", "[payload]") {
    // Listing the second cell as cut takes more bytes than the cut saves.
    for (std::size_t excess = 1; excess < 40; ++excess) {
        Whole whole(Schema({{"fat", {CellKind::text}}, {"thin", {CellKind::text}}}));
        whole.add({whole.table.own(std::string(5000, 'f')), whole.table.own(std::string(100 + excess, 't'))});
        const ResultPayload one_cut = whole.within(3000);
        REQUIRE(one_cut.cells_truncated_total == 1);
        const std::size_t spare = 3000 - Whole::size(one_cut);
        const std::size_t least = Whole::size(one_cut) - one_cut.sample[0][0].text.size() + 100 + excess + spare;
        CHECK(whole.within(least + 1).cells_truncated_total == 1);
    }
}

TEST_CASE("Fit: shows more rows once a wide column is left out", "[payload]") {
    // Without the second column all rows fit; with it not even one does.
    for (std::size_t name = 300; name < 600; ++name) {
        Whole whole(Schema({{"a", {CellKind::int64}}, {std::string(name, 'n'), {CellKind::int64}}}));
        for (std::int64_t row = 0; row < 10; ++row) whole.add({row, row});
        const ResultPayload payload = whole.within(1250);
        REQUIRE((payload.columns.size() == 2 || payload.sample.size() == 10));
    }
}

TEST_CASE("Fit: lists at most 32 cut cells with names of bounded size, and counts all", "[payload]") {
    Whole whole(Schema({{"t", {CellKind::text}}, {std::string(20'000, 'n'), {CellKind::text}}}));
    for (int row = 0; row < 40; ++row) {
        whole.add({whole.table.own(std::string(100'000, 'x')), whole.table.own(std::string(100'000, 'y'))});
    }
    const ResultPayload payload = whole.within(1'000'000, 40);
    CHECK(payload.sample.size() == 40);
    CHECK(payload.cells_truncated_total == 80);
    CHECK(payload.cells_truncated.size() == curtail::detail::max_listed_cuts);
    for (const auto& cell : payload.cells_truncated) CHECK(cell.column == "t");
}

TEST_CASE("Fit: leaves out histograms after labels, and says so", "[payload]") {
    Whole whole(Schema({{"a", {CellKind::int64}}, {"p", {CellKind::int64}}}, 1));
    for (std::int64_t row = 0; row < 3; ++row) whole.add({row, row});
    whole.payload.prediction_stats[0].histogram = curtail::Histogram{0, 1, std::vector<std::uint64_t>(100, 1'000'000)};
    whole.payload.prediction_stats[0].class_distribution = {{"0", 2, 66.0}, {"1", 1, 33.0}};
    const ResultPayload payload = whole.within(900);
    CHECK_FALSE(payload.prediction_stats[0].histogram);
    CHECK(std::count(payload.truncation.begin(), payload.truncation.end(), "stats") == 1);
    CHECK(whole.within(3000).prediction_stats[0].histogram);
}

namespace {

// Adds `count` parts to a table of `rows` rows.
Whole in_parts(std::size_t count, std::size_t rows = 10, std::size_t bytes = 100) {
    Whole whole = texts(rows, bytes);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        whole.payload.output_parts.push_back(
            {"part-" + std::string(5 - number.size(), '0') + number + ".csv", rows, 1000 + i, {}, {}});
    }
    whole.payload.output_parts_total = count;
    return whole;
}

bool says_parts(const ResultPayload& payload) {
    return std::find(payload.truncation.begin(), payload.truncation.end(), "parts") != payload.truncation.end();
}

}  // namespace

TEST_CASE("Fit: lists at most 100 parts, the first ones, and counts all", "[payload]") {
    for (const std::size_t count : {1U, 99U, 100U, 101U, 10'000U}) {
        INFO(count << " parts");
        const Whole whole = in_parts(count);
        const ResultPayload payload = whole.within(1'000'000);
        CHECK(payload.output_parts_total == count);
        REQUIRE(payload.output_parts.size() == (std::min)(count, std::size_t{100}));
        CHECK(std::equal(payload.output_parts.begin(), payload.output_parts.end(), whole.payload.output_parts.begin()));
        CHECK(says_parts(payload) == (count > 100));
        CHECK(payload.truncated == (count > 100));
    }
}

TEST_CASE("Fit: the list of parts is cut before any row is left out, and never takes room from one", "[payload]") {
    const Whole alone = texts(10, 100);
    Whole whole = in_parts(100);
    const std::size_t size = whole.full_size();
    CHECK_FALSE(whole.within(size + 1).truncated);
    std::size_t parts_before = 100;
    for (std::size_t limit = size; limit > 1300; limit -= 61) {
        INFO("limit " << limit);
        const ResultPayload payload = whole.within(limit);
        REQUIRE(payload.output_parts_total == 100U);
        REQUIRE(says_parts(payload) == (payload.output_parts.size() < 100));
        REQUIRE(payload.output_parts.size() <= parts_before);
        parts_before = payload.output_parts.size();
        // A table without parts shows as many rows in what the empty list leaves.
        const std::size_t of_parts = std::string(R"(,"output_parts":[],"output_parts_total":100,"parts",)").size();
        REQUIRE(payload.sample.size() >= alone.within(limit - of_parts).sample.size());
        if (payload.sample.size() < 10) REQUIRE(payload.output_parts.size() <= 3);
    }
    CHECK(parts_before <= 1);
}

TEST_CASE("Fit: a few parts stay beside texts that are cut, and more of them where room is left", "[payload]") {
    // The text could fill the message alone.
    const ResultPayload fat = in_parts(100, 1, 200'000).within(16'000);
    CHECK(fat.cells_truncated_total == 1);
    CHECK(fat.output_parts.size() >= 16);
    CHECK(fat.output_parts.size() < 30);
    // Nothing but the list is too long.
    const ResultPayload thin = in_parts(100, 1, 10).within(4000);
    CHECK(thin.cells_truncated_total == 0);
    CHECK(Whole::size(thin) > 4000 - 60);
    CHECK(thin.output_parts.size() > 50);
}

TEST_CASE("Fit: keeps its limit whatever the parts are called", "[payload]") {
    Whole whole = in_parts(50);
    for (std::size_t i = 0; i < 50; ++i) {
        whole.payload.output_parts[i].file = std::string(i * 1000, i % 2 == 0 ? '\x01' : '"');
        whole.payload.output_parts[i].host = std::string(5000, '\xFF');
    }
    for (const std::size_t limit : {2000U, 10'000U, 100'000U, 1'000'000U}) {
        const ResultPayload payload = whole.within(limit);
        CHECK(payload.sample.size() == 10);
        CHECK(payload.output_parts.size() < 50);
        CHECK(says_parts(payload));
    }
}

TEST_CASE("Fit: a table of which parts are missing is never whole", "[payload]") {
    Whole whole = in_parts(3);
    whole.payload.output_parts_total = 103;
    for (std::uint64_t part = 3; part < 103; ++part) whole.payload.parts_missing.push_back(part);
    const ResultPayload payload = whole.within(1'000'000);
    CHECK(payload.truncation == std::vector<std::string>{"parts"});
    CHECK(payload.truncated);
    CHECK(payload.output_parts.size() == 3);
    CHECK(payload.parts_missing.size() == 32);
    CHECK(payload.parts_missing.front() == 3);
    CHECK(payload.parts_missing_total == 100);
}

TEST_CASE("Fit: leaves out no part that would have fitted, whatever else is shown", "[payload]") {
    const std::uint64_t seed = test_seed();
    for (std::uint64_t i = 0; i < 150; ++i) {
        INFO("seed " << seed + i);
        table_maker::TableMaker random(seed + i);
        Whole whole = in_parts(1 + random.below(150), random.below(12), random.below(3000));
        for (auto& part : whole.payload.output_parts) {
            if (random.one_in(3)) part.host = std::string(random.below(300), random.one_in(9) ? '"' : 'h');
            if (random.one_in(9)) part.sha256 = std::string(64, 'a');
        }
        const std::size_t all = whole.payload.output_parts.size();
        const bool missing = random.one_in(4);
        if (missing) whole.payload.parts_missing = {all};
        const std::size_t budget = 2000 + random.below(40'000);
        ResultPayload payload = whole.within(budget);
        const std::size_t listed = payload.output_parts.size();
        REQUIRE(says_parts(payload) == (listed < all || missing));
        if (listed == (std::min)(all, std::size_t{100})) continue;
        payload.output_parts.push_back(whole.payload.output_parts[listed]);
        if (listed + 1 == all && !missing) payload.truncation.pop_back();
        payload.truncated = !payload.truncation.empty();
        REQUIRE(Whole::size(payload) >= budget);
    }
}

TEST_CASE("Fit: says once that bytes are replaced, whatever else is noted", "[payload]") {
    using Notes = std::vector<std::string>;
    const std::string replaced(curtail::detail::note_replaced);
    Whole whole(Schema({{"a", {CellKind::text}}}));
    whole.add({std::string_view("caf\xE9")});
    CHECK(whole.within(100'000).notes == Notes{replaced});
    whole.payload.notes = {"something else"};
    CHECK(whole.within(100'000).notes == Notes{"something else", replaced});
    whole.payload.notes = {replaced};
    CHECK(whole.within(100'000).notes == Notes{replaced});
}
