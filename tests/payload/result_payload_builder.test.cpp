// SPDX-License-Identifier: MIT
#include <curtail/payload/result_payload_builder.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/batch/observed_types.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "payload/message_model.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

namespace {

// Bytes of the heap in use, and their maximum since the last reset.
std::atomic<std::size_t> live_bytes{0};
std::atomic<std::size_t> peak_bytes{0};

// Each block has its size in front of it.
constexpr std::size_t header = alignof(std::max_align_t);

void* counted_new(std::size_t size) {
    void* const block = std::malloc(size + header);
    if (block == nullptr) throw std::bad_alloc();
    std::memcpy(block, &size, sizeof size);
    const std::size_t live = live_bytes.fetch_add(size) + size;
    if (live > peak_bytes) peak_bytes = live;
    return static_cast<char*>(block) + header;
}

void counted_delete(void* pointer) noexcept {
    if (pointer == nullptr) return;
    void* const block = static_cast<char*>(pointer) - header;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    live_bytes -= size;
    std::free(block);
}

// Returns the most heap that `run` used at once, beyond what was in use before.
template <class Run>
std::size_t peak_of(const Run& run) {
    const std::size_t before = live_bytes;
    peak_bytes = before;
    run();
    return peak_bytes - before;
}

}  // namespace

void* operator new(std::size_t size) {
    return counted_new(size);
}
void* operator new[](std::size_t size) {
    return counted_new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return counted_new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return counted_new(size);
}
void operator delete(void* pointer) noexcept {
    counted_delete(pointer);
}
void operator delete[](void* pointer) noexcept {
    counted_delete(pointer);
}
void operator delete(void* pointer, std::size_t) noexcept {
    counted_delete(pointer);
}
void operator delete[](void* pointer, std::size_t) noexcept {
    counted_delete(pointer);
}

namespace {

using curtail::Encoding;
using curtail::PayloadOptions;
using curtail::ResultPayloadBuilder;
using curtail::Schema;
using message_model::Choice;
using message_model::Model;
using message_model::StrictReader;
using nlohmann::ordered_json;
using table_maker::MadeTable;
using table_maker::Shape;
using table_maker::TableMaker;

constexpr std::size_t all = (std::numeric_limits<std::size_t>::max)();

// Counts the calls of a sink. The test keeps it, because the sink itself goes into the split.
struct SinkLog {
    std::size_t opened = 0;
    std::uint64_t rows = 0;
    std::size_t finished = 0;
    std::size_t aborted = 0;
};

// A sink that keeps nothing.
struct NullSink {
    std::string path = "/data/predictions_job_0123456789ab.csv";
    SinkLog* log = nullptr;
    std::uint64_t rows = 0;

    [[nodiscard]] std::string_view location() const { return path; }
    [[nodiscard]] std::string_view format() const { return "csv"; }
    [[nodiscard]] std::uint64_t bytes_written() const { return 17 * rows; }
    void open(const Schema&) {
        if (log != nullptr) ++log->opened;
    }
    template <curtail::Table T>
    void append(const T& batch) {
        rows += curtail::rows_of(batch);
        if (log != nullptr) log->rows = rows;
    }
    curtail::ArtifactInfo finish() {
        if (log != nullptr) ++log->finished;
        return {path, "csv", rows, bytes_written()};
    }
    void abort() noexcept {
        if (log != nullptr) ++log->aborted;
    }
};

static_assert(curtail::ArtifactSink<NullSink>);

// An output that keeps the bytes of a CsvSink where the test can read them.
struct MemoryOutput {
    std::shared_ptr<std::string> bytes = std::make_shared<std::string>();
    std::shared_ptr<bool> committed = std::make_shared<bool>(false);

    void write(std::span<const char> part) { bytes->append(part.data(), part.size()); }
    void commit() { *committed = true; }
    void abort() noexcept {}
    [[nodiscard]] std::string location() const { return "/data/out.csv"; }
};

const std::string job = "job_0123456789ab";

// Returns how many bytes of the budget are kept for what could be said of the file, but are not used.
std::size_t unused_bytes(std::uint64_t file_bytes) {
    return message_model::file_size_text(file_bytes, true).size() -
           message_model::file_size_text(file_bytes, false).size();
}

std::size_t smallest_budget(const Schema& schema, PayloadOptions options) {
    options.max_bytes = 1;
    try {
        const auto split = ResultPayloadBuilder(job, options).start(schema, NullSink{});
    } catch (const curtail::BudgetTooSmall& error) {
        return error.needed();
    }
    return 0;
}

Model model_of(const MadeTable& table, const PayloadOptions& options) {
    Model model;
    model.job_id = job;
    model.encoding = options.encoding;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < table.schema().feature_count(); ++i) names.push_back(table.schema()[i].name);
    model.set_names(names);
    for (std::size_t row = 0; row < (std::min)(table.rows(), options.sample_rows); ++row) {
        auto& features = model.rows.emplace_back();
        auto& predictions = model.predictions.emplace_back();
        for (std::size_t i = 0; i < table.schema().size(); ++i) {
            auto& cell = (i < names.size() ? features : predictions)
                             .emplace_back(message_model::model_cell(table.cells[row][i]));
            if (cell.is_text) cell.content = model.content_of(cell.value);
        }
    }
    model.rows_total = table.rows();
    for (std::size_t i = names.size(); i < table.schema().size(); ++i) {
        model.prediction_names.push_back(message_model::valid(table.schema()[i].name));
        if (model.prediction_names.back() != table.schema()[i].name) model.replaced_prediction_name = true;
        curtail::PredictionStatistics statistics(options.statistics);
        for (const auto& row : table.cells) statistics.add(row[i]);
        curtail::detail::JsonTreeWriter<ordered_json> stats;
        const curtail::PredictionStats result = statistics.result();
        curtail::detail::write_stats(stats, result);
        model.stats.push_back(stats.take());
        for (const bool low : {true, false}) {
            const std::optional<curtail::Extreme>& extreme = low ? result.min : result.max;
            if (!extreme) continue;
            const std::string exact = std::string(message_model::exact_mark) + extreme->text();
            model.stats.back()[low ? "min" : "max"] = exact;
            if (!result.histogram) continue;
            const double end = low ? result.histogram->low : result.histogram->high;
            if (extreme->value() == end) model.stats.back()["histogram"][low ? "low" : "high"] = exact;
        }
    }
    curtail::detail::ObservedTypes types(table.schema());
    types.add(table);
    for (std::size_t i = 0; i < names.size(); ++i) model.dtypes.push_back(types.dtype(i));
    model.output_file = NullSink{}.path;
    model.format = "csv";
    model.output_bytes = 17 * table.rows();
    model.name_room = curtail::raw_limit(options.max_bytes, options.encoding) / 64;
    return model;
}

// Returns what is wrong with a message, or an empty text. Tries at most `thoroughness` larger caps.
std::string complaint(const std::string& message, const Model& model, const PayloadOptions& options,
                      std::size_t thoroughness = 8) {
    if (message_model::encoded(message, options.encoding) >= options.max_bytes) return "not under the budget";
    if (!StrictReader::accepts(message)) return "not JSON";
    const auto parsed = ordered_json::parse(message);
    const auto& data = parsed["data"];

    // Finds how much is shown. The message must then be the model's message for that, byte for byte.
    Choice shown;
    shown.rows = data["dataframe_sample"].size();
    shown.columns = data["dataframe_columns"].size();
    shown.labels = 0;
    std::size_t most_labels = 0;
    bool histograms = false;
    const auto each_stats = [&](const auto& visit) {
        for (std::size_t i = 0; i < model.stats.size(); ++i) {
            visit(model.stats.size() == 1 ? data["prediction_stats"] : data["prediction_stats"][i], model.stats[i]);
        }
    };
    shown.histograms = false;
    each_stats([&](const ordered_json& actual, const ordered_json& whole) {
        if (whole.contains("class_distribution")) {
            most_labels = (std::max)(most_labels, whole["class_distribution"].size());
            shown.labels = (std::max)(shown.labels, actual["class_distribution"].size());
        }
        histograms = histograms || whole.contains("histogram");
        shown.histograms = shown.histograms || actual.contains("histogram");
    });
    std::size_t cap = 32;
    std::size_t next_cap = all;
    std::set<std::size_t> whole_again;
    const auto look = [&](const message_model::ModelCell& cell, const ordered_json& value) {
        if (!cell.is_text || cell.exact || !value.is_string()) return;
        const auto& text = value.get_ref<const std::string&>();
        if (text == cell.value) {
            cap = (std::max)(cap, cell.content);
            return;
        }
        const std::size_t shown_content = model.content_of(text);
        cap = (std::max)(cap, shown_content);
        whole_again.insert(cell.content);
        // One character more, or the whole.
        std::size_t kept = text.size() - 3;
        std::size_t grown = shown_content;
        if (kept < cell.value.size()) {
            do grown += model.cost_of(static_cast<unsigned char>(cell.value[kept++]));
            while (kept < cell.value.size() && (static_cast<unsigned char>(cell.value[kept]) & 0xC0U) == 0x80U);
        }
        next_cap = (std::min)({next_cap, grown, cell.content});
    };
    for (std::size_t row = 0; row < shown.rows; ++row) {
        const auto& object = data["dataframe_sample"][row];
        if (object.size() != shown.columns) return "a row with another number of columns";
        std::size_t column = 0;
        for (const auto& member : object.items()) {
            look(model.rows[row][column], member.value());
            ++column;
        }
        if (model.prediction_names.empty()) continue;
        const auto& predicted = data["predictions_sample"][row];
        for (std::size_t i = 0; i < model.predictions[row].size(); ++i) {
            look(model.predictions[row][i], model.predictions[row].size() == 1 ? predicted : predicted[i]);
        }
    }
    // Cut cells are listed as far as the list fits with the shortest cells.
    const auto fits = [&](const Choice& choice) {
        return message_model::encoded(model.encode(choice, true), options.encoding) < options.max_bytes;
    };
    shown.cap = 32;
    for (std::size_t below = 0, above = 33; above - below > 1 && !whole_again.empty();) {
        shown.listed = (below + above) / 2;
        (fits(shown) ? below : above) = shown.listed;
        shown.listed = below;
    }
    shown.cap = cap;
    if (const std::string expected = model.encode(shown); expected != message) {
        const auto [mine, theirs] = std::mismatch(expected.begin(), expected.end(), message.begin(), message.end());
        (void)theirs;
        const auto at = static_cast<std::size_t>(mine - expected.begin());
        const std::size_t from = at < 60 ? 0 : at - 60;
        return "not the message of its choice: expected " + expected.substr(from, 160) + "\n got " +
               message.substr(from, 160);
    }

    // Looks for anything that was left out and would have fitted: with the shortest cells, or with whole ones, because
    // listing a cut can take more bytes than the cut saves.
    const auto could_fit = [&](Choice choice) {
        choice.listed = 0;
        choice.cap = 32;
        if (fits(choice)) return true;
        choice.cap = all;
        return fits(choice);
    };
    const std::size_t rows_available = model.rows.size();
    const std::size_t one_row = (std::min)(shown.rows, std::size_t{1});
    const std::size_t one_column =
        shown.rows == 0 && rows_available > 0 ? 0 : (std::min)(shown.columns, std::size_t{1});
    if (histograms && !shown.histograms && could_fit({one_row, one_column, 0, true}))
        return "the histogram would have fitted";
    if (shown.labels < most_labels && could_fit({one_row, one_column, shown.labels + 1, shown.histograms})) {
        return "another label would have fitted";
    }
    if (shown.columns < model.names.size() && could_fit({one_row, shown.columns + 1, shown.labels, shown.histograms})) {
        return "another column would have fitted";
    }
    if (shown.rows == 0 && rows_available > 0) {
        if (could_fit({1, 1, 0, false})) return "a sample would have fitted";
        if (!model.prediction_names.empty() && could_fit({1, 0, 0, false})) return "a prediction would have fitted";
    } else if (shown.rows < rows_available &&
               could_fit({shown.rows + 1, shown.columns, shown.labels, shown.histograms})) {
        return "another row would have fitted";
    }
    if (!whole_again.empty()) {
        Choice longer = shown;
        std::size_t tried = 0;
        whole_again.insert(next_cap);
        whole_again.insert(all);
        for (const std::size_t larger : whole_again) {
            if (++tried > thoroughness && larger != all) continue;
            longer.cap = larger;
            if (fits(longer))
                return "a cap of " + std::to_string(larger) + " would have fitted, not only " + std::to_string(cap);
        }
    }
    return {};
}

// Returns the message of the table in batches of random sizes, some of them empty.
std::string message_in_batches(const MadeTable& table, const PayloadOptions& options, TableMaker& random) {
    auto split = ResultPayloadBuilder(job, options).start(table.schema(), NullSink{});
    for (std::size_t row = 0; row < table.rows();) {
        const std::size_t count = random.below((std::min)(table.rows() - row, std::size_t{9}) + 1);
        split.append(curtail::RowSlice<MadeTable>(table, row, count));
        row += count;
    }
    return split.finish().message();
}

PayloadOptions any_options(TableMaker& random, const MadeTable& table) {
    PayloadOptions options;
    options.sample_rows = random.one_in(3) ? 10 : random.below(table.rows() + 3);
    options.encoding = static_cast<Encoding>(random.one_in(2) ? 0 : random.below(3));
    if (random.one_in(4)) options.statistics.histogram_bins = random.below(30);
    const std::size_t least = smallest_budget(table.schema(), options);
    switch (random.below(5)) {
        case 0: options.max_bytes = least + random.below(4); break;
        case 1: options.max_bytes = least + random.below(300); break;
        case 2: {
            // Everything just fits, or just does not fit.
            const Model model = model_of(table, options);
            Choice whole;
            whole.rows = whole.columns = all;
            const std::size_t size = message_model::encoded(model.encode(whole, true), options.encoding);
            options.max_bytes = (std::max)(least, size + 3 - random.below(12));
            break;
        }
        default: options.max_bytes = random.spread(least, 20 * least); break;
    }
    return options;
}

void search(std::uint64_t first_seed, std::size_t cases, const Shape& shape, std::size_t thoroughness = 8) {
    for (std::size_t i = 0; i < cases; ++i) {
        const std::uint64_t seed = first_seed + i;
        TableMaker random(seed);
        const MadeTable table = random.table(shape);
        const PayloadOptions options = any_options(random, table);
        INFO("seed " << seed << ", case " << i << ", budget " << options.max_bytes << ", encoding "
                     << static_cast<int>(options.encoding) << ", sample rows " << options.sample_rows << ", "
                     << table.rows() << " rows, " << table.schema().feature_count() << " + "
                     << table.schema().prediction_count() << " columns");
        const auto result = ResultPayloadBuilder(job, options).build(table, NullSink{});
        const std::string wrong = complaint(result.message(), model_of(table, options), options, thoroughness);
        INFO("message " << result.message().substr(0, 3000));
        CHECK(wrong == "");
        CHECK(result.message() == message_in_batches(table, options, random));
        CHECK(result.data() == ordered_json::parse(result.message())["data"]);
    }
}

}  // namespace

TEST_CASE("ResultPayloadBuilder: keeps the budget for random tables and cuts nothing that fits", "[payload][search]") {
    const std::uint64_t seed = test_seed();
    const auto times = by_tier<std::size_t>(1, 50);
#if defined(__OPTIMIZE__)
    const std::size_t share = 1;
#else
    const std::size_t share = 10;  // under sanitizers all of them took half of the time of all tests
#endif
    search(seed, 1830 * times / share, Shape{});
    search(seed + 10'000'000, 120 * times / share,
           Shape{.max_rows = 40, .max_features = 20, .max_text = 3000, .max_name = 400});
    search(seed + 20'000'000, 30 * times / share,
           Shape{.max_rows = 6, .max_features = 60, .max_predictions = 12, .max_text = 40, .max_name = 3000});
}

TEST_CASE("ResultPayloadBuilder: keeps the budget for monstrous tables", "[payload][search][heavy]") {
    const std::uint64_t seed = test_seed() + 30'000'000;
    const auto times = by_tier<std::size_t>(1, 20);
    const auto judge = [](const MadeTable& table, const PayloadOptions& options) {
        const auto result = ResultPayloadBuilder(job, options).build(table, NullSink{});
        const std::string wrong = complaint(result.message(), model_of(table, options), options, 1);
        CHECK(wrong == "");
        return result.payload();
    };
    for (std::size_t i = 0; i < times; ++i) {
        INFO("seed " << seed + i);
        TableMaker random(seed + i);
        {
            INFO("120,000 columns");
            MadeTable table;
            std::vector<curtail::ColumnSpec> columns;
            for (std::size_t c = 0; c < 120'000; ++c)
                columns.push_back({"column_" + std::to_string(c), {random.any_kind()}});
            table.columns = Schema(std::move(columns), 1);
            std::vector<curtail::Cell> cells;
            for (const auto& column : table.columns.columns())
                cells.push_back(random.cell(table, column.type.kind, 50));
            table.add_row(std::move(cells));
            const auto payload = judge(table, {});
            CHECK(payload.columns_total == 119'999);
            CHECK(payload.columns.size() > 10'000);
            CHECK(payload.sample.size() == 1);
        }
        {
            INFO("cells of up to 4 MB");
            MadeTable table;
            table.columns = Schema(
                {{"a", {curtail::CellKind::text}}, {"b", {curtail::CellKind::bytes}}, {"p", {curtail::CellKind::text}}},
                1);
            for (int row = 0; row < 3; ++row) {
                const auto fat = [&] { return table.own(random.text(random.spread(100'000, 4'000'000))); };
                table.add_row({fat(), curtail::Bytes{random.one_in(2) ? fat() : "few"}, fat()});
            }
            const auto payload = judge(table, {.encoding = static_cast<Encoding>(random.below(3))});
            CHECK(payload.sample.size() == 3);
        }
        {
            INFO("names of 10 MB");
            MadeTable table;
            table.columns = Schema({{"a", {curtail::CellKind::int64}},
                                    {random.text(1000) + std::string(10'000'000, 'n'), {curtail::CellKind::text}},
                                    {"p", {curtail::CellKind::int64}}},
                                   1);
            for (std::int64_t row = 0; row < 20; ++row) table.add_row({row, std::string_view("text"), row});
            const auto payload = judge(table, {});
            CHECK(payload.sample.size() == 10);
            CHECK(payload.columns == std::vector<std::string>{"a"});
            CHECK(payload.truncation == std::vector<std::string>{"rows", "columns"});
        }
    }
}

namespace {

// `rows` short rows, one of which holds a text of `bytes` bytes.
MadeTable rows_with_a_fat_cell(std::size_t rows, std::size_t fat_row, std::size_t bytes) {
    MadeTable table;
    table.columns = Schema({{"id", {curtail::CellKind::int64}},
                            {"text", {curtail::CellKind::text}},
                            {"prediction", {curtail::CellKind::float64}}},
                           1);
    const std::string_view fat = table.own(std::string(bytes, 'x'));
    for (std::size_t row = 0; row < rows; ++row) {
        table.add_row({static_cast<std::int64_t>(row), row == fat_row ? fat : std::string_view("short"), 0.5});
    }
    return table;
}

MadeTable rows_of_numbers(std::size_t rows) {
    MadeTable table;
    table.columns = Schema({{"a", {curtail::CellKind::int64}}, {"prediction", {curtail::CellKind::int64}}}, 1);
    for (std::size_t row = 0; row < rows; ++row)
        table.add_row({static_cast<std::int64_t>(row), static_cast<std::int64_t>(row % 3)});
    return table;
}

}  // namespace

TEST_CASE("ResultPayloadBuilder: shows all rows beside one fat cell", "[payload]") {
    for (const std::size_t fat_row : {std::size_t{0}, std::size_t{3}, std::size_t{50}, std::size_t{99}}) {
        const MadeTable table = rows_with_a_fat_cell(100, fat_row, 2'000'000);
        const PayloadOptions options{.sample_rows = 100};
        const auto result = ResultPayloadBuilder(job, options).build(table, NullSink{});
        const auto& payload = result.payload();
        CHECK(payload.sample.size() == 100);
        REQUIRE(payload.cells_truncated.size() == 1);
        CHECK(payload.cells_truncated_total == 1);
        CHECK(payload.cells_truncated[0] == curtail::TruncatedCell{fat_row, "text", 2'000'000});
        CHECK(payload.truncation == std::vector<std::string>{"cells"});
        CHECK(payload.sample[fat_row][1].cut_from_bytes == 2'000'000);
        CHECK(result.message().size() == 999'999 - unused_bytes(17 * 100));
        CHECK(complaint(result.message(), model_of(table, options), options, 2) == "");
    }
}

TEST_CASE("ResultPayloadBuilder: shows ten rows of long URLs, all cut to the same length", "[payload]") {
    MadeTable table;
    table.columns = Schema({{"url", {curtail::CellKind::text}}});
    for (int row = 0; row < 10; ++row) table.add_row({table.own("https://example.org/" + std::string(200'000, 'u'))});
    const auto payload = ResultPayloadBuilder(job).build(table, NullSink{}).payload();
    REQUIRE(payload.sample.size() == 10);
    for (const auto& row : payload.sample) CHECK(row[0].text.size() == payload.sample[0][0].text.size());
    CHECK(payload.sample[0][0].text.size() > 99'000);
    CHECK(payload.cells_truncated_total == 10);
    CHECK(payload.truncation == std::vector<std::string>{"cells"});
}

TEST_CASE("ResultPayloadBuilder: cuts a hundred wide rows evenly before it leaves out a row", "[payload]") {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 1000; ++c) columns.push_back({"c" + std::to_string(c), {curtail::CellKind::text}});
    table.columns = Schema(std::move(columns));
    const std::string_view text = table.own(std::string(150, 't'));
    for (int row = 0; row < 100; ++row) table.add_row(std::vector<curtail::Cell>(1000, text));
    const PayloadOptions options{.sample_rows = 100};
    const auto result = ResultPayloadBuilder(job, options).build(table, NullSink{});
    CHECK(result.message().size() < 1'000'000);
    CHECK(result.payload().columns.size() == 1000);
    CHECK(result.payload().columns_total == 1000);
    // Cells of 32 bytes, their quotes and names: a row costs about 41,000 bytes.
    CHECK(result.payload().sample.size() >= 23);
    CHECK(result.payload().cells_truncated_total == 1000 * result.payload().sample.size());
    CHECK(result.payload().cells_truncated.size() <= curtail::detail::max_listed_cuts);
    CHECK(result.payload().truncation == std::vector<std::string>{"rows", "cells"});
}

TEST_CASE("ResultPayloadBuilder: shows many of 103,630 columns and counts all", "[payload]") {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 103'630; ++c) columns.push_back({"column_" + std::to_string(c), {curtail::CellKind::float64}});
    table.columns = Schema(std::move(columns));
    table.add_row(std::vector<curtail::Cell>(103'630, 0.5));
    const auto result = ResultPayloadBuilder(job).build(table, NullSink{});
    CHECK(result.message().size() < 1'000'000);
    CHECK(result.message().size() > 999'800);
    CHECK(result.payload().columns_total == 103'630);
    CHECK(result.payload().columns.size() > 20'000);
    REQUIRE(result.payload().sample.size() == 1);
    CHECK(result.payload().sample[0].size() == result.payload().columns.size());
    CHECK(result.payload().truncation == std::vector<std::string>{"columns"});
}

TEST_CASE("ResultPayloadBuilder: reports truncation from one row more than the sample on", "[payload]") {
    const auto build = [](std::size_t rows) {
        return ResultPayloadBuilder(job).build(rows_of_numbers(rows), NullSink{}).payload();
    };
    for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{9}, std::size_t{10}}) {
        const auto payload = build(rows);
        CHECK_FALSE(payload.truncated);
        CHECK(payload.truncation.empty());
        CHECK(payload.rows == rows);
        CHECK(payload.predictions_count == rows);
        CHECK(payload.sample.size() == rows);
    }
    const auto payload = build(11);
    CHECK(payload.truncated);
    CHECK(payload.truncation == std::vector<std::string>{"rows"});
    CHECK(payload.rows == 11);
    CHECK(payload.sample.size() == 10);
}

TEST_CASE("ResultPayloadBuilder: takes tables without rows or columns", "[payload]") {
    MadeTable empty;
    const auto nothing = ResultPayloadBuilder(job).build(empty, NullSink{});
    CHECK_FALSE(nothing.payload().truncated);
    CHECK(nothing.data()["dataframe_columns"].empty());
    CHECK(nothing.data()["dataframe_rows"] == 0);
    CHECK(nothing.data()["predictions_sample"].dump() == "[]");
    CHECK_FALSE(nothing.data().contains("prediction_column"));

    MadeTable no_columns;
    for (int row = 0; row < 3; ++row) no_columns.add_row({});
    const auto rows = ResultPayloadBuilder(job).build(no_columns, NullSink{});
    CHECK(rows.payload().rows == 3);
    CHECK(rows.data()["dataframe_sample"].dump() == "[{},{},{}]");
    CHECK(rows.data()["predictions_sample"].dump() == "[]");
    CHECK(rows.data()["predictions_count"] == 0);
    CHECK(rows.payload().predictions_sample.empty());

    MadeTable only_predictions;
    only_predictions.columns = Schema({{"p", {curtail::CellKind::boolean}}}, 1);
    only_predictions.add_row({true});
    const auto predicted = ResultPayloadBuilder(job).build(only_predictions, NullSink{});
    CHECK(predicted.data()["predictions_sample"].dump() == "[true]");
    CHECK(predicted.data()["predictions_count"] == 1);
}

TEST_CASE("ResultPayloadBuilder: shows the predictions beside a column whose name has 10 MB", "[payload]") {
    MadeTable table;
    table.columns =
        Schema({{std::string(10'000'000, 'n'), {curtail::CellKind::int64}}, {"p", {curtail::CellKind::int64}}}, 1);
    for (std::int64_t row = 0; row < 5; ++row) table.add_row({row, row});
    const auto result = ResultPayloadBuilder(job).build(table, NullSink{});
    CHECK(result.message().size() < 10'000);
    CHECK(result.payload().columns.empty());
    CHECK(result.payload().columns_total == 1);
    CHECK(result.payload().predictions_sample.size() == 5);
    CHECK(result.payload().truncation == std::vector<std::string>{"columns"});
}

TEST_CASE("ResultPayloadBuilder: shows the predictions if a name fits once but not twice", "[payload]") {
    MadeTable table;
    table.columns =
        Schema({{std::string(600'000, 'n'), {curtail::CellKind::int64}}, {"p", {curtail::CellKind::int64}}}, 1);
    for (std::int64_t row = 0; row < 5; ++row) table.add_row({row, row});
    const auto payload = ResultPayloadBuilder(job).build(table, NullSink{}).payload();
    CHECK(payload.predictions_sample.size() == 5);
    CHECK(payload.columns.empty());
}

TEST_CASE("ResultPayloadBuilder: throws if the name of a prediction column fills the budget", "[payload]") {
    const Schema schema({{"a", {}}, {std::string(2'000'000, 'n'), {}}}, 1);
    CHECK_THROWS_AS(ResultPayloadBuilder(job).start(schema, NullSink{}), curtail::BudgetTooSmall);
}

TEST_CASE("BudgetTooSmall: is thrown before the sink opens and names the smallest budget", "[payload]") {
    for (const Encoding encoding : {Encoding::raw, Encoding::json_string, Encoding::base64}) {
        for (std::size_t predictions = 0; predictions < 4; ++predictions) {
            MadeTable table;
            std::vector<curtail::ColumnSpec> columns{{"a", {curtail::CellKind::float64}}};
            for (std::size_t i = 0; i < predictions; ++i)
                columns.push_back({"p\"" + std::to_string(i), {curtail::CellKind::float64}});
            table.columns = Schema(std::move(columns), predictions);
            // The longest statistics possible: seventeen digits and three of exponent everywhere.
            for (const double value :
                 {-2.2250738585072014e-308, -1.2345678901234567e-300, -1.7976931348623157e+308, -1.1e308}) {
                table.add_row(std::vector<curtail::Cell>(1 + predictions, value));
            }
            const std::size_t needed = smallest_budget(table.columns, {.encoding = encoding});
            REQUIRE(needed > 100);
            const PayloadOptions enough{.max_bytes = needed, .encoding = encoding};
            const std::string message = ResultPayloadBuilder(job, enough).build(table, NullSink{}).message();
            CHECK(message_model::encoded(message, encoding) < needed);
            CHECK(complaint(message, model_of(table, enough), enough) == "");
            for (const std::size_t too_small : {needed - 1, needed / 2, std::size_t{1}}) {
                SinkLog log;
                const PayloadOptions options{.max_bytes = too_small, .encoding = encoding};
                try {
                    (void)ResultPayloadBuilder(job, options).build(table, NullSink{.log = &log});
                    FAIL("accepted");
                } catch (const curtail::BudgetTooSmall& error) {
                    CHECK(error.needed() == needed);
                    CHECK(error.permanent());
                    CHECK(std::string(error.what()).find(std::to_string(needed)) != std::string::npos);
                }
                CHECK(log.opened == 0);
                CHECK(log.rows == 0);
            }
            SinkLog log;
            CHECK_THROWS_AS(
                ResultPayloadBuilder(job, {.max_bytes = 0, .encoding = encoding}).build(table, NullSink{.log = &log}),
                curtail::UsageError);
            CHECK(log.opened == 0);
        }
    }
}

TEST_CASE("ResultPayloadBuilder: writes all of a table to the file, whatever the message shows", "[payload]") {
    MemoryOutput output;
    const auto bytes = output.bytes;
    const auto committed = output.committed;
    const MadeTable table = rows_with_a_fat_cell(30, 4, 100'000);
    const auto result =
        ResultPayloadBuilder(job, {.max_bytes = 3000}).build(table, curtail::CsvSink(std::move(output)));
    CHECK(*committed);
    CHECK(result.payload().output_bytes == bytes->size());
    CHECK(std::count(bytes->begin(), bytes->end(), '\n') == 31);
    CHECK(bytes->find("4," + std::string(100'000, 'x') + ",0.5\n") != std::string::npos);
    CHECK(result.payload().output_file == "/data/out.csv");
    CHECK(result.payload().rows == 30);
    CHECK(result.message().size() < 3000);
}

TEST_CASE("ResultPayloadBuilder: refuses what is not a job id, before there is a table", "[payload]") {
    for (const std::string id : {"", "..", "../../x y", "a/b", "a\n", "CON", "caf\xC3\xA9"}) {
        try {
            const ResultPayloadBuilder builder{id};
            FAIL("accepted");
        } catch (const curtail::UsageError& error) {
            CHECK(error.code() == curtail::ErrorCode::invalid_job_id);
            CHECK(error.permanent());
        }
    }
    CHECK_THROWS_AS(ResultPayloadBuilder(std::string(129, 'a')), curtail::UsageError);
    CHECK_NOTHROW(ResultPayloadBuilder(std::string(128, 'a')));
}

TEST_CASE("ResultPayloadBuilder: refuses the file of another job before the sink opens", "[payload]") {
    const MadeTable table = rows_of_numbers(5);
    for (const std::string path : {"/data/predictions_job_2.csv", "/data/predictions_job_0123456789abc.csv.gz"}) {
        SinkLog log;
        try {
            (void)ResultPayloadBuilder(job).build(table, NullSink{.path = path, .log = &log});
            FAIL("accepted");
        } catch (const curtail::UsageError& error) {
            CHECK(error.code() == curtail::ErrorCode::invalid_job_id);
        }
        CHECK_THROWS_AS(ResultPayloadBuilder(job).start(table.columns, NullSink{.path = path, .log = &log}),
                        curtail::UsageError);
        CHECK(log.opened == 0);
    }
    // Any other name is the user's choice.
    for (const std::string& path : {"/data/predictions_" + job + ".csv", std::string("/data/out.csv"), std::string(),
                                    std::string("s3://bucket/predictions_2024/"), std::string("predictions.csv")}) {
        CHECK(ResultPayloadBuilder(job).build(table, NullSink{.path = path}).payload().rows == 5);
    }
}

TEST_CASE("ResultPayloadBuilder: gives the same message for a sorted JSON type", "[payload]") {
    const MadeTable table = rows_with_a_fat_cell(100, 3, 2'000'000);
    const auto sorted = ResultPayloadBuilder<nlohmann::json>(job).build(table, NullSink{});
    const auto ordered = ResultPayloadBuilder(job).build(table, NullSink{});
    CHECK(sorted.message().size() == ordered.message().size());
    CHECK(nlohmann::json::parse(ordered.message()) == nlohmann::json::parse(sorted.message()));
}

namespace {

// A table that gives its cells only row by row.
template <class T>
struct RowsAlone {
    const T& table;

    [[nodiscard]] const Schema& schema() const { return curtail::schema_of(table); }
    [[nodiscard]] std::size_t rows() const { return curtail::rows_of(table); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(table, row, visit);
    }
};

}  // namespace

TEST_CASE("Split: gives the same message in batches of any size, estimates included", "[payload]") {
    std::vector<double> scores;
    std::vector<std::int64_t> ids;
    TableMaker random(test_seed());
    for (std::int64_t i = 0; i < 150'000; ++i) {
        ids.push_back(i);
        scores.push_back(static_cast<double>(random.below(1'000'000'007)) / 7.0);
    }
    const auto part = [&](std::size_t first, std::size_t count) {
        return curtail::with_prediction(
            curtail::columns(curtail::column("id", std::span<const std::int64_t>(ids).subspan(first, count))),
            curtail::column("score", std::span<const double>(scores).subspan(first, count)));
    };
    const std::string whole = ResultPayloadBuilder(job).build(part(0, ids.size()), NullSink{}).message();
    for (const std::size_t batch : {std::size_t{1000}, std::size_t{4097}, std::size_t{50'000}}) {
        auto split = ResultPayloadBuilder(job).start(Schema(curtail::schema_of(part(0, 0))), NullSink{});
        for (std::size_t first = 0; first < ids.size(); first += batch)
            split.append(part(first, (std::min)(batch, ids.size() - first)));
        CHECK(split.finish().message() == whole);
    }
    const auto table = part(0, ids.size());
    using Table = std::remove_const_t<decltype(table)>;
    CHECK(curtail::ColumnTable<Table>);
    CHECK_FALSE(curtail::ColumnTable<RowsAlone<Table>>);
    CHECK(ResultPayloadBuilder(job).build(RowsAlone<Table>{table}, NullSink{}).message() == whole);
}

TEST_CASE("Split: publishes nothing if it failed or is not finished", "[payload]") {
    const MadeTable table = rows_of_numbers(5);
    SinkLog log;
    {
        auto split = ResultPayloadBuilder(job).start(table.columns, NullSink{.log = &log});
        split.append(table);
    }
    CHECK(log.opened == 1);
    CHECK(log.finished == 0);
    {
        auto split = ResultPayloadBuilder(job).start(table.columns, NullSink{.log = &log});
        split.append(table);
        split.abort();
        CHECK(log.aborted == 1);
        CHECK_THROWS_AS(split.append(table), curtail::UsageError);
        CHECK_THROWS_AS(split.finish(), curtail::UsageError);
    }
    {
        auto split = ResultPayloadBuilder(job).start(table.columns, NullSink{.log = &log});
        CHECK(split.finish().payload().rows == 0);
        CHECK_THROWS_AS(split.finish(), curtail::UsageError);
        CHECK_THROWS_AS(split.append(table), curtail::UsageError);
        CHECK(log.finished == 1);
    }
    auto failing = curtail::generate(Schema({{"a", {}}}),
                                     [](std::span<curtail::Cell>) -> bool { throw std::runtime_error("source"); });
    CHECK_THROWS_AS(ResultPayloadBuilder(job).build(failing, NullSink{.log = &log}), std::runtime_error);
    CHECK(log.finished == 1);
    auto other = ResultPayloadBuilder(job).start(table.columns, NullSink{});
    CHECK_THROWS_AS(other.append(MadeTable()), curtail::TableError);
}

namespace {

// Two columns and a prediction, until some row that has another number of cells.
struct Ragged {
    static constexpr bool concurrent_reads = true;

    Schema columns = Schema({{"a", {}}, {"b", {}}, {"p", {}}}, 1);
    std::size_t at = 0;
    std::size_t cells = 0;

    [[nodiscard]] const Schema& schema() const noexcept { return columns; }
    [[nodiscard]] std::size_t rows() const noexcept { return 60'000; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (std::size_t cell = 0; cell < (row < at ? 3 : cells); ++cell) visit(row * 1'000'003);
    }
};

// Fails once it is given more than `left` bytes.
struct FullOutput {
    std::size_t left = 0;

    void write(std::span<const char> bytes) {
        if (bytes.size() > left) throw curtail::ArtifactError(curtail::ErrorCode::no_space, "full", "/out", "write");
        left -= bytes.size();
    }
    void commit() {}
    void abort() noexcept {}
};

}  // namespace

TEST_CASE("Split: throws for a row of a wrong width, with or without a file", "[payload]") {
    for (const std::size_t at : {0U, 3000U, 20'000U, 59'990U}) {
        for (const std::size_t cells : {0U, 2U, 4U, 50U}) {
            for (const std::size_t threads : {1U, 4U}) {
                for (const std::size_t room : {0U, 300'000U, 100'000'000U}) {
                    INFO(cells << " cells from row " << at << ", " << threads << " threads, room for " << room);
                    const Ragged table{.at = at, .cells = cells};
                    const ResultPayloadBuilder builder(job, {.on_artifact_error = curtail::OnArtifactError::report});
                    try {
                        (void)builder.build(table,
                                            curtail::CsvSink<FullOutput>(FullOutput{room}, {.threads = threads}));
                        FAIL("taken for a table");
                    } catch (const curtail::TableError& error) {
                        CHECK(error.code() == curtail::ErrorCode::cell_count_mismatch);
                        CHECK(error.row() == at);
                    }
                }
            }
        }
    }
}

TEST_CASE("PayloadOptions::on_progress: is called between rows and can stop the run", "[payload]") {
    const MadeTable table = rows_of_numbers(20'000);
    std::vector<std::uint64_t> reported;
    PayloadOptions options{.on_progress =
                               [&](const curtail::SplitProgress& progress) {
                                   CHECK(progress.rows_total == 20'000);
                                   CHECK(progress.elapsed.count() >= 0);
                                   reported.push_back(progress.rows_done);
                                   return true;
                               },
                           .progress_interval = std::chrono::milliseconds(0)};
    (void)ResultPayloadBuilder(job, options).build(table, NullSink{});
    // A slice of 4,096 rows first, then as many as take some 40 ms, and the end.
    REQUIRE(reported.size() >= 3);
    CHECK(reported.front() == 4096);
    CHECK(reported.back() == 20'000);
    CHECK(std::is_sorted(reported.begin(), reported.end()));

    SinkLog log;
    options.on_progress = [](const curtail::SplitProgress& progress) { return progress.rows_done < 3000; };
    try {
        (void)ResultPayloadBuilder(job, options).build(table, NullSink{.log = &log});
        FAIL("not stopped");
    } catch (const curtail::Cancelled& stopped) {
        CHECK(stopped.rows_done() == 4096);
    }
    CHECK(log.aborted == 1);
    CHECK(log.finished == 0);
}

TEST_CASE("PayloadOptions::on_progress: is called only at the end if progress_interval is long", "[payload]") {
    const MadeTable table = rows_of_numbers(20'000);
    using std::chrono::milliseconds;
    for (const milliseconds interval :
         {milliseconds(1'000'000), milliseconds(1'000'000'000'000'000), milliseconds::max()}) {
        INFO("interval " << interval.count());
        std::size_t calls = 0;
        const PayloadOptions options{.on_progress = [&](const curtail::SplitProgress&) { return ++calls > 0; },
                                     .progress_interval = interval};
        (void)ResultPayloadBuilder(job, options).build(table, NullSink{});
        CHECK(calls <= 2);
    }
}

TEST_CASE("PayloadOptions::stop_token: stops the run with and without a progress callback", "[payload]") {
    const MadeTable table = rows_of_numbers(20'000);
    for (const bool with_callback : {false, true}) {
        INFO("with a callback: " << with_callback);
        int asked = 0;
        PayloadOptions options{.stop_token = [&asked] { return ++asked > 1; }};
        if (with_callback) options.on_progress = [](const curtail::SplitProgress&) {};
        SinkLog log;
        try {
            (void)ResultPayloadBuilder(job, options).build(table, NullSink{.log = &log});
            FAIL("not stopped");
        } catch (const curtail::Cancelled& stopped) {
            CHECK(stopped.rows_done() >= 4096);
            CHECK_FALSE(stopped.permanent());
        }
        CHECK(log.aborted == 1);
        CHECK(log.finished == 0);
    }
}

TEST_CASE("PayloadOptions::stop_token: is asked after each batch, and once more before the file is published",
          "[payload]") {
    const MadeTable table = rows_of_numbers(1);
    bool stop = false;
    SinkLog log;
    const ResultPayloadBuilder builder(job, {.stop_token = [&stop] { return stop; }});
    auto split = builder.start(table.columns, NullSink{.log = &log});
    split.append(table);
    stop = true;
    CHECK_THROWS_AS(split.append(table), curtail::Cancelled);
    CHECK(log.aborted == 1);
    stop = false;
    auto late = builder.start(table.columns, NullSink{.log = &log});
    late.append(table);
    stop = true;
    CHECK_THROWS_AS(static_cast<void>(late.finish()), curtail::Cancelled);
    // The callback of the end may be what requests the stop.
    stop = false;
    const ResultPayloadBuilder asking(job, {.on_progress = [&stop](const curtail::SplitProgress&) { stop = true; },
                                            .stop_token = [&stop] { return stop; }});
    CHECK_THROWS_AS(asking.build(rows_of_numbers(0), NullSink{.log = &log}), curtail::Cancelled);
    CHECK(log.aborted == 3);
    CHECK(log.finished == 0);
}

TEST_CASE("ResultPayloadBuilder: build(table, directory) says the job's id once", "[payload]") {
    const ScratchDirectory directory;
    const std::vector<int> ages = {34, 58};
    const auto table = curtail::columns(curtail::column("age", ages));
    const ResultPayloadBuilder builder("job_0123456789ab");

    const auto result = builder.build(table, directory.path());
    CHECK(result.payload().output_file == directory / "predictions_job_0123456789ab.csv");
    CHECK(directory.read("predictions_job_0123456789ab.csv") == "age\n34\n58\n");
    CHECK_THROWS_AS(builder.build(table, directory.path()), curtail::ArtifactError);
    CHECK_THROWS_AS(builder.build(table, std::string_view(directory.path()), {}), curtail::ArtifactError);

    (void)builder.build(table, std::filesystem::path(directory.path()), curtail::OnExists::replace);
    (void)builder.build(table, directory.path().c_str(),
                        {.dialect = {.null_text = "NA"}, .file = {.on_exists = curtail::OnExists::replace}});
    const curtail::CsvSinkOptions options{.dialect = curtail::CsvDialect::rfc4180(),
                                          .file = {.on_exists = curtail::OnExists::replace}};
    (void)builder.build(curtail::columns(curtail::column("age", ages)), directory.path(), options);
    CHECK(directory.read("predictions_job_0123456789ab.csv") == "age\r\n34\r\n58\r\n");
}

TEST_CASE("ResultPayloadBuilder: start(names, directory) begins the file of the job", "[payload]") {
    const ScratchDirectory directory;
    const ResultPayloadBuilder builder("job_1");
    curtail::Split<curtail::CsvSink<>> split = builder.start({"id", "score"}, directory.path());
    auto rows = curtail::generate({"id", "score"}, [id = 0](std::span<curtail::Cell> row) mutable {
        row[0] = std::int64_t{id};
        row[1] = 0.5;
        return id++ < 2;
    });
    while (const auto* batch = rows.next()) split.append(*batch);
    (void)split.finish();
    CHECK(directory.read("predictions_job_1.csv") == "id,score\n0,0.5\n1,0.5\n");
    auto again = builder.start(curtail::Schema{"a"}, directory.path(), curtail::OnExists::replace);
    (void)again.finish();
    CHECK(directory.read("predictions_job_1.csv") == "a\n");
}

TEST_CASE("PredictionStatistics: take no more memory for numbers that are far apart", "[payload]") {
    std::vector<double> values(100'000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1 + static_cast<double>(i) * 1e-6;
    for (const double outlier : {1e300, 1e200, 1e100, 1e50})
        values[static_cast<std::size_t>(std::log10(outlier))] = outlier;
    curtail::PredictionStatistics statistics;
    statistics.add_all(std::span<const double>(values));
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    std::optional<double> median;
    const std::size_t peak = peak_of([&] { median = statistics.result().median; });
    CHECK(median == (sorted[49'999] + sorted[50'000]) / 2);
    // One copy of them; 0.8 MB more are in the statistics themselves.
    CHECK(peak < 1'000'000);
}

TEST_CASE("ResultPayloadBuilder: keeps only a part of a fat cell in memory", "[payload][heavy]") {
    // Memory that is read but never written: pages of zeros in the address space, as a mapped file would be.
    const std::size_t large = std::size_t{1} << by_tier(27U, 30U);
    const std::unique_ptr<char, decltype(&std::free)> pages(static_cast<char*>(std::calloc(large, 1)), &std::free);
    REQUIRE(pages);
    const auto peak = [&](std::size_t bytes, auto make_cell) {
        MadeTable table;
        table.columns = Schema({{"a", {curtail::CellKind::int64}}, {"fat", {}}}, 0);
        for (std::int64_t row = 0; row < 10; ++row)
            table.add_row({row, make_cell(std::string_view(pages.get(), bytes))});
        return peak_of([&] { CHECK(ResultPayloadBuilder(job).build(table, NullSink{}).message().size() < 1'000'000); });
    };
    const auto as_text = [](std::string_view text) -> curtail::Cell { return text; };
    const auto as_bytes = [](std::string_view text) -> curtail::Cell { return curtail::Bytes{text}; };
    const std::string digits(20'000'000, '7');
    const auto as_decimal = [&](std::string_view text) -> curtail::Cell {
        return curtail::Decimal{std::string_view(digits).substr(0, text.size())};
    };
    const auto as_nested = [](std::string_view text) -> curtail::Cell { return curtail::Nested{text}; };
    const std::size_t megabyte = 1'000'000;
    CHECK(peak(large, as_text) < peak(2 * megabyte, as_text) + megabyte);
    CHECK(peak(large, as_bytes) < peak(2 * megabyte, as_bytes) + megabyte);
    CHECK(peak(digits.size(), as_decimal) < peak(2 * megabyte, as_decimal) + megabyte);
    CHECK(peak(large, as_nested) < peak(2 * megabyte, as_nested) + megabyte);
    CHECK(peak(large, as_text) < 32 * megabyte);
    CHECK(peak(large, as_bytes) < 32 * megabyte);
}

TEST_CASE("ResultPayloadBuilder: takes less than 32 MB for the worst tables", "[payload][heavy]") {
    const auto peak = [](const MadeTable& table, const PayloadOptions& options) {
        return peak_of(
            [&] { CHECK(ResultPayloadBuilder(job, options).build(table, NullSink{}).message().size() < 1'000'000); });
    };
    const std::size_t bound = 32'000'000;
    SECTION("ten rows of cells that fit just so") {
        MadeTable table;
        std::vector<curtail::ColumnSpec> columns;
        for (int c = 0; c < 10'000; ++c) columns.push_back({std::to_string(c), {curtail::CellKind::int64}});
        table.columns = Schema(std::move(columns));
        for (int row = 0; row < 10; ++row) table.add_row(std::vector<curtail::Cell>(10'000, std::int64_t{1}));
        CHECK(peak(table, {}) < bound);
    }
    SECTION("many fat cells of bytes that are not UTF-8") {
        MadeTable table;
        std::vector<curtail::ColumnSpec> columns;
        for (int c = 0; c < 100; ++c) columns.push_back({std::to_string(c), {curtail::CellKind::text}});
        table.columns = Schema(std::move(columns));
        const std::string_view text = table.own(std::string(2'000'000, '\xFF'));
        for (int row = 0; row < 10; ++row) table.add_row(std::vector<curtail::Cell>(100, text));
        CHECK(peak(table, {}) < bound);
    }
    SECTION("ten thousand rows in the sample, of control characters") {
        MadeTable table;
        table.columns = Schema({{"a", {curtail::CellKind::text}}, {"p", {curtail::CellKind::text}}}, 1);
        for (int row = 0; row < 10'000; ++row) {
            table.add_row({table.own(std::string(500, '\x01')), table.own("class " + std::to_string(row))});
        }
        CHECK(peak(table, {.sample_rows = 10'000}) < bound);
    }
}

TEST_CASE("RowSelection: takes less than 32 MB for a hundred rows of long texts", "[payload][heavy]") {
    using curtail::SampleStrategy;
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 100; ++c) columns.push_back({std::to_string(c), {curtail::CellKind::text}});
    columns.push_back({"p", {curtail::CellKind::int64}});
    table.columns = Schema(std::move(columns), 1);
    const std::string_view text = table.own(std::string(2'000'000, 'x'));
    for (std::int64_t row = 0; row < 150; ++row) {
        table.add_row(std::vector<curtail::Cell>(100, text));
        table.cells.back().emplace_back(row);
    }
    for (const SampleStrategy strategy : {SampleStrategy::tail, SampleStrategy::random,
                                          SampleStrategy::highest_predictions, SampleStrategy::lowest_predictions}) {
        for (const std::size_t rows : {std::size_t{1}, std::size_t{100}}) {
            const PayloadOptions options{.sample_rows = rows, .sample_strategy = strategy};
            CHECK(peak_of([&] {
                      const auto result = ResultPayloadBuilder(job, options).build(table, NullSink{});
                      CHECK(result.payload().sample.size() == rows);
                  }) < 32'000'000);
        }
    }
}

TEST_CASE("RowSelection: takes bounded memory, however many rows are asked for", "[payload]") {
    using curtail::SampleStrategy;
    const std::vector<std::int8_t> digits(4000 * 40, 7);
    const auto table = curtail::row_major(digits.data(), 4000, 40);
    for (const SampleStrategy strategy : {SampleStrategy::tail, SampleStrategy::random}) {
        const PayloadOptions options{.sample_rows = 1'000'000, .sample_strategy = strategy, .max_bytes = 20'000};
        // The copies of all rows would take 8 MB.
        CHECK(peak_of([&] {
                  const auto result = ResultPayloadBuilder(job, options).build(table, NullSink{});
                  CHECK(result.payload().columns.size() == 40);
                  CHECK(result.payload().sample.size() > 40);
              }) < 4'000'000);
    }
}

TEST_CASE("ResultPayloadBuilder: takes bounded memory for very many columns", "[payload][heavy]") {
    MadeTable table;
    std::vector<curtail::ColumnSpec> columns;
    for (int c = 0; c < 120'000; ++c) columns.push_back({std::to_string(c), {curtail::CellKind::null}});
    table.columns = Schema(std::move(columns));
    for (int row = 0; row < 10; ++row) table.add_row(std::vector<curtail::Cell>(120'000, curtail::Null{}));
    CHECK(peak_of([&] { CHECK(ResultPayloadBuilder(job).build(table, NullSink{}).message().size() < 1'000'000); }) <
          32'000'000);

    const std::vector<std::int8_t> digits(100 * 100'000, 7);
    const auto peak = [&](std::size_t width, const PayloadOptions& options) {
        const auto numbers = curtail::row_major(digits.data(), 100, width);
        return peak_of(
            [&] { CHECK(ResultPayloadBuilder(job, options).build(numbers, NullSink{}).message().size() < 1'000'000); });
    };
    using curtail::SampleStrategy;
    CHECK(peak(1'000, {.sample_rows = 100}) < 32'000'000);
    CHECK(peak(10'000, {.sample_rows = 100}) < 32'000'000);
    // A hundred rows of a hundred thousand columns are half a million kept cells.
    CHECK(peak(100'000, {.sample_rows = 10, .sample_strategy = SampleStrategy::tail}) < 40'000'000);
    CHECK(peak(100'000, {.sample_rows = 100}) < 48'000'000);
    CHECK(peak(100'000, {.sample_rows = 100, .sample_strategy = SampleStrategy::tail}) < 48'000'000);
}
