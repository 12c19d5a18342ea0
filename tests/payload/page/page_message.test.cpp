// SPDX-License-Identifier: MIT
#include <curtail/payload/page/page_message.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/receive/result_receiver.hpp>

#include "catch.hpp"
#include "error_code.hpp"
#include "seed.hpp"

namespace {

using curtail::Cell;
using curtail::CellKind;
using curtail::ErrorCode;
using curtail::PageOptions;
using curtail::PayloadOptions;
using curtail::ResultPayload;
using curtail::ResultPayloadBuilder;
using curtail::Schema;

// A published table in memory, with texts longer than they are.
struct Published {
    Schema columns;
    std::vector<std::vector<Cell>> cells;
    std::uint64_t factor = 1;  // each text is so many times as long as it is here

    [[nodiscard]] const Schema& schema() const noexcept { return columns; }
    [[nodiscard]] curtail::ArtifactInfo info() const {
        return {.path = "/data/predictions_a.csv", .format = "csv", .rows = cells.size(), .bytes = 12'345};
    }
    void read_page(std::uint64_t first, std::uint64_t count, std::span<const std::size_t> wanted,
                   curtail::PageReceiver& receiver) const {
        for (std::uint64_t row = first; row < cells.size() && row - first < count; ++row) {
            receiver.begin_row(row);
            for (const std::size_t column : wanted) {
                const Cell& cell = cells[static_cast<std::size_t>(row)][column];
                const std::size_t limit = receiver.text_limit();
                most_asked = (std::max)(most_asked, limit);
                const auto* const text = std::get_if<std::string_view>(&cell);
                receiver.cell(text == nullptr ? cell : Cell(curtail::utf8_prefix(*text, limit)),
                              text == nullptr ? 0 : text->size() * factor);
            }
            ++rows_read;
            if (!receiver.end_row()) return;
        }
    }

    mutable std::size_t most_asked = 0;
    mutable std::size_t rows_read = 0;
};

// Returns why a column is not shown.
std::string refusal(const Published& table, const std::string& column) {
    try {
        (void)ResultPayloadBuilder("r").page(table, 0, 1, {.columns = {column}});
    } catch (const curtail::UsageError& error) {
        return error.what();
    }
    return {};
}

Published small() {
    Published table;
    table.columns =
        Schema({{"id", {CellKind::int64}}, {"name", {CellKind::text}}, {"open"}, {"p", {CellKind::float64}}}, 1);
    for (std::int64_t i = 0; i < 50; ++i) {
        table.cells.push_back({i, std::string_view("caf\xC3\xA9"),
                               curtail::Verbatim{"7", curtail::Verbatim::Meaning::number}, static_cast<double>(i) / 4});
    }
    return table;
}

}  // namespace

TEST_CASE("page: has the rows, their numbers, the totals and the file, and no statistics", "[payload]") {
    const auto page = ResultPayloadBuilder("request_1").page(small(), 41, 2);
    const auto data = nlohmann::ordered_json::parse(page.message())["data"];
    CHECK(nlohmann::json::parse(page.message())["job_id"] == "request_1");  // not that of the file
    CHECK(data["dataframe_sample"].dump() ==
          "[{\"id\":41,\"name\":\"caf\xC3\xA9\",\"open\":7},{\"id\":42,\"name\":\"caf\xC3\xA9\",\"open\":7}]");
    CHECK(data["predictions_sample"].dump() == "[10.25,10.5]");
    CHECK(data["sample_strategy"] == "page");
    CHECK(data["sample_row_numbers"].dump() == "[41,42]");
    CHECK(data["dataframe_rows"] == 50);
    CHECK(data["predictions_count"] == 50);
    CHECK(data["dataframe_columns"].dump() == R"(["id","name","open"])");
    CHECK(data["dataframe_dtypes"].dump() == R"(["int64","string","int64"])");
    CHECK(data["prediction_column"] == "p");
    CHECK(data.value("prediction_stats", nlohmann::ordered_json::object()).empty());
    CHECK(data["output_file"] == "/data/predictions_a.csv");
    CHECK(data["output_bytes"] == 12'345);
    CHECK(data["truncation"].dump() == R"(["rows"])");
    curtail::ResultReceiver receiver;
    receiver.feed(page.message());
    CHECK(receiver.finish().sample_row_numbers == std::vector<std::uint64_t>{41, 42});
}

TEST_CASE("page: ends with the table", "[payload]") {
    const Published table = small();
    const ResultPayloadBuilder builder("r");
    CHECK(builder.page(table, 48, 100).payload().sample.size() == 2);
    for (const std::uint64_t first : {std::uint64_t{50}, UINT64_MAX}) {
        const ResultPayload payload = builder.page(table, first, UINT64_MAX).payload();
        CHECK(payload.sample.empty());
        CHECK(payload.rows == 50);
        CHECK(payload.sample_strategy == "page");
    }
    CHECK(builder.page(table, 3, 0).payload().sample.empty());
    CHECK_FALSE(builder.page(table, 0, 50).payload().truncated);
}

TEST_CASE("page: says why there are no rows behind the end", "[payload]") {
    Published table = small();
    const auto notes = [&](std::uint64_t first) {
        return ResultPayloadBuilder("r").page(table, first, 10).payload().notes;
    };
    CHECK(notes(49).empty());
    CHECK(notes(50) ==
          std::vector<std::string>{"There is no row 50: rows are counted from 0, and the last one is row 49."});
    table.cells.clear();
    CHECK(notes(0) == std::vector<std::string>{"The table has no rows."});
}

TEST_CASE("page: shows the columns that were asked for, in that order", "[payload]") {
    Published table = small();
    const ResultPayloadBuilder builder("r");
    const ResultPayload payload = builder.page(table, 1, 1, {.columns = {"open", "p", "id", "open"}}).payload();
    CHECK(payload.columns == std::vector<std::string>{"open", "id"});
    CHECK(payload.dtypes == std::vector<std::string>{"int64", "int64"});
    CHECK(payload.sample[0][0].text == "7");
    CHECK(payload.sample[0][1].text == "1");
    CHECK(payload.predictions_sample[0][0].text == "0.25");
    CHECK(payload.columns_total == 3);
    CHECK(payload.truncation == std::vector<std::string>{"rows", "columns"});
    CHECK(code_of([&] { (void)builder.page(table, 1, 1, {.columns = {"id", "none"}}); }) == ErrorCode::invalid_option);
    CHECK(refusal(table, "none") ==
          "[curtail.invalid_option] the table has no column \"none\"; it has \"id\", \"name\", \"open\"");
    // A prediction is known by the message's spelling too, and shown in any case.
    table.columns = Schema({{"a"}, {"b"}, {"c"}, {"p\xFF"}}, 1);
    const ResultPayload other = builder.page(table, 1, 1, {.columns = {"b", "p\xEF\xBF\xBD"}}).payload();
    CHECK(other.columns == std::vector<std::string>{"b"});
    CHECK(other.prediction_columns == std::vector<std::string>{"p\xEF\xBF\xBD"});
    // Names that come again are those of the message of the whole.
    table.columns = Schema({{"a"}, {"a"}, {"b"}, {"p"}}, 1);
    CHECK(builder.page(table, 1, 1, {.columns = {"a.1"}}).payload().columns == std::vector<std::string>{"a.1"});
    CHECK(builder.page(table, 1, 1, {.columns = {"a.1"}}).payload().sample[0][0].text == "caf\xC3\xA9");
    std::vector<curtail::ColumnSpec> many;
    for (int i = 0; i < 23; ++i) many.push_back({"c" + std::to_string(i)});
    table.columns = Schema(std::move(many));
    CHECK(refusal(table, "C1").ends_with("\"c18\", \"c19\" and 3 more"));
    table.columns = Schema({{"p"}}, 1);
    CHECK(refusal(table, "q").ends_with("it has none but predictions"));
}

TEST_CASE("page: cuts a cell of a gigabyte that is never held", "[payload]") {
    const std::string text(300'000, 'x');
    Published table{Schema({{"a", {CellKind::text}}, {"b", {CellKind::text}}, {"p", {CellKind::text}}}, 1), {}, 10'000};
    for (int i = 0; i < 3; ++i)
        table.cells.push_back({std::string_view(text), std::string_view(text), std::string_view(text)});
    const auto page = ResultPayloadBuilder("r", {.max_bytes = 100'000}).page(table, 0, 3);
    CHECK(page.message().size() < 100'000);
    CHECK(page.message().size() > 95'000);
    CHECK(table.most_asked <= 100'016);
    const ResultPayload& payload = page.payload();
    REQUIRE(payload.sample.size() == 3);
    CHECK(payload.cells_truncated_total == 9);
    CHECK(payload.sample[2][1].cut_from_bytes == 3'000'000'000U);
    CHECK(payload.predictions_sample[0][0].cut_from_bytes == 3'000'000'000U);
    // All are cut to the same length.
    CHECK(payload.sample[0][0].text.size() == payload.predictions_sample[2][0].text.size());
}

TEST_CASE("page: is smaller than the budget, and more rows never show less", "[payload]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 60; ++round) {
        std::vector<curtail::ColumnSpec> columns;
        const std::size_t width = 1 + random() % 30;
        for (std::size_t i = 0; i < width; ++i) columns.push_back({"column " + std::to_string(i), {CellKind::text}});
        const std::string text(std::size_t{1} << random() % 14, 'a' + static_cast<char>(random() % 26));
        Published table{Schema(columns, width > 1 ? random() % 2 : 0), {}};
        for (int row = 0; row < 30; ++row) {
            std::vector<Cell>& cells = table.cells.emplace_back();
            for (std::size_t i = 0; i < width; ++i)
                cells.emplace_back(std::string_view(text).substr(random() % text.size()));
        }
        const std::size_t max_bytes = 2'000 + random() % 30'000;
        std::size_t shown = 0;
        std::size_t shown_columns = 0;
        for (const std::uint64_t count : {1U, 3U, 10U, 30U}) {
            const auto page = ResultPayloadBuilder("r", {.max_bytes = max_bytes}).page(table, 0, count);
            CHECK(page.message().size() < max_bytes);
            const ResultPayload& payload = page.payload();
            CHECK(payload.rows_shown() >= shown);
            shown = payload.rows_shown();
            shown_columns = (std::max)(shown_columns, payload.columns.size());
            CHECK(payload.sample_row_numbers.size() == shown);
            for (std::size_t i = 0; i < shown; ++i) CHECK(payload.sample_row_numbers[i] == i);
        }
        CHECK(shown_columns > 0);
    }
}

TEST_CASE("page: reads no more rows than could fit", "[payload]") {
    Published table = small();
    std::string text(200, 'x');
    for (auto& row : table.cells) row[1] = std::string_view(text);
    for (int i = 0; i < 5000; ++i) table.cells.push_back(table.cells[0]);
    (void)ResultPayloadBuilder("r", {.max_bytes = 2'000}).page(table, 0, 5000);
    CHECK(table.rows_read < 1000);
}

TEST_CASE("page: refuses a budget that cannot hold even the totals", "[payload]") {
    const Published table = small();
    try {
        (void)ResultPayloadBuilder("r", {.max_bytes = 100}).page(table, 0, 1);
        FAIL("no error");
    } catch (const curtail::BudgetTooSmall& error) {
        CHECK(table.rows_read == 0);
        const auto page = ResultPayloadBuilder("r", {.max_bytes = error.needed()}).page(table, 0, 1);
        CHECK(page.message().size() < error.needed());
    }
}

TEST_CASE("page: of a table in parts lists the parts, and does not say that it can be attached", "[payload]") {
    struct InParts : Published {
        std::vector<curtail::PartArtifact> list;
        [[nodiscard]] curtail::ArtifactInfo info() const {
            return {.path = "/data/predictions_a", .format = "csv", .rows = cells.size(), .bytes = 300};
        }
        [[nodiscard]] std::span<const curtail::PartArtifact> parts() const noexcept { return list; }
    };
    InParts table{small(), {}};
    for (std::uint64_t i = 0; i < 3; ++i) {
        const std::string path = "/data/predictions_a/part-0000" + std::to_string(i) + ".csv";
        table.list.push_back({i, {.path = path, .format = "csv", .rows = i == 0 ? 48U : 1U, .bytes = 100}});
    }
    const std::string message = ResultPayloadBuilder("a").page(table, 47, 2).message();
    const auto data = nlohmann::ordered_json::parse(message)["data"];
    CHECK(data["output_parts_total"] == 3);
    REQUIRE(data["output_parts"].size() == 3);
    CHECK(data["output_parts"][0] == nlohmann::ordered_json{{"file", "part-00000.csv"}, {"rows", 48}, {"bytes", 100}});
    CHECK_FALSE(data.contains("output_attachable"));
    curtail::ResultReceiver receiver;
    receiver.feed(message);
    const ResultPayload payload = receiver.finish();
    CHECK(payload.output_parts.size() == 3);
    CHECK(payload.notes.empty());
    for (std::size_t budget = 300; budget < 2000; budget += 31) {
        try {
            const auto page = ResultPayloadBuilder("a", {.max_bytes = budget}).page(table, 47, 2);
            CHECK(page.message().size() < budget);
        } catch (const curtail::BudgetTooSmall&) {
            CHECK(budget < 1500);
        }
    }
}

TEST_CASE("page: finds a column by its name in the message before one of that name in the table", "[payload]") {
    Published table;
    table.columns = Schema({{"a"}, {"a"}, {"a.1"}, {"p"}, {"p"}}, 2);
    table.cells.push_back({std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{4}, std::int64_t{5}});
    const auto whole = nlohmann::ordered_json::parse(ResultPayloadBuilder("a").page(table, 0, 1).message())["data"];
    const std::vector<std::string> names = whole["dataframe_columns"];
    REQUIRE(names.size() == 3);
    for (const std::string& name : names) {
        const auto page = ResultPayloadBuilder("a").page(table, 0, 1, {.columns = {name, name, "p"}});
        const auto data = nlohmann::ordered_json::parse(page.message())["data"];
        CHECK(data["dataframe_sample"][0].size() == 1);
        CHECK(data["dataframe_sample"][0][name] == whole["dataframe_sample"][0][name]);
    }
    CHECK(code_of([&] { (void)ResultPayloadBuilder("a").page(table, 0, 1, {.columns = {"a.9"}}); }) ==
          ErrorCode::invalid_option);
}
