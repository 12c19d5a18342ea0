// SPDX-License-Identifier: MIT
// What the worker says, the bot reads: the message of any table comes back as the payload that it was made of.
#include <curtail/payload/result_payload_builder.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/render.hpp>

#include "catch.hpp"
#include "payload/null_sink.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::CellKind;
using curtail::PayloadOptions;
using curtail::ResultPayload;
using curtail::ResultPayloadBuilder;
using curtail::SampleStrategy;
using curtail::Schema;
using table_maker::MadeTable;

namespace {

// Keeps all that such small tables have.
ResultPayload received(const std::string& message) {
    curtail::ResultReceiver receiver({.sample_rows = 1000,
                                      .max_columns = 10'000,
                                      .max_cell_bytes = 1'000'000,
                                      .max_name_bytes = 1'000'000,
                                      .max_classes = 10'000,
                                      .max_kept_bytes = 64'000'000});
    receiver.feed(message);
    return receiver.finish();
}

}  // namespace

TEST_CASE("ResultReceiver: has nothing to remark on a table without a prediction", "[payload]") {
    const Schema schema({{"a", {CellKind::int64}}, {"b", {CellKind::text}}});
    for (const std::size_t rows : {0U, 1U, 3U, 25U}) {
        for (const std::size_t sample_rows : {0U, 1U, 10U}) {
            for (const SampleStrategy strategy : {SampleStrategy::head, SampleStrategy::tail, SampleStrategy::random}) {
                MadeTable table;
                table.columns = schema;
                for (std::size_t row = 0; row < rows; ++row) {
                    table.add_row({static_cast<std::int64_t>(row), std::string_view("text")});
                }
                const PayloadOptions options{.sample_rows = sample_rows, .sample_strategy = strategy};
                const auto result = ResultPayloadBuilder("job_1", options).build(table, NullSink{});
                CHECK(result.data()["predictions_sample"].dump() == "[]");
                CHECK(result.data()["predictions_count"] == 0);
                const ResultPayload payload = received(result.message());
                CHECK(payload.notes.empty());
                CHECK(payload.rows == rows);
                CHECK(payload.predictions_count == 0);
                CHECK(payload == result.payload());
                for (const std::string& text :
                     {curtail::render_text(payload), curtail::render_telegram_html(payload),
                      curtail::render_telegram_markdown_v2(payload), curtail::render_markdown(payload)}) {
                    CHECK(text.find("Note") == std::string::npos);
                }
            }
        }
    }
}

TEST_CASE("ResultReceiver: tells a cut feature from a cut prediction of the same name", "[payload]") {
    MadeTable table;
    table.columns = Schema({{"a", {CellKind::text}}, {"a", {CellKind::text}}}, 1);
    const std::string_view fat = table.own(std::string(5000, 'x'));
    table.add_row({fat, std::string_view("short")});
    table.add_row({std::string_view("short"), fat});
    const auto result = ResultPayloadBuilder("job_1", {.max_bytes = 4000}).build(table, NullSink{});
    const ResultPayload payload = received(result.message());
    REQUIRE(payload.cells_truncated.size() == 2);
    CHECK(payload.cells_truncated[0] == curtail::TruncatedCell{0, "a", 5000, false});
    CHECK(payload.cells_truncated[1] == curtail::TruncatedCell{1, "a", 5000, true});
    CHECK(payload.sample[0][0].cut_from_bytes == 5000);
    CHECK(payload.predictions_sample[0][0].cut_from_bytes == 0);
    CHECK(payload.sample[1][0].cut_from_bytes == 0);
    CHECK(payload.predictions_sample[1][0].cut_from_bytes == 5000);
    CHECK(payload == result.payload());
}

TEST_CASE("ResultPayload::notes: say that names are numbered and bytes replaced, where that is shown", "[payload]") {
    const std::string renamed(curtail::detail::note_renamed);
    const std::string replaced(curtail::detail::note_replaced);
    using Notes = std::vector<std::string>;
    const auto notes_of = [](const std::vector<std::string>& names, std::string_view text,
                             std::size_t sample_rows = 10) {
        MadeTable table;
        std::vector<curtail::ColumnSpec> columns;
        for (const std::string& name : names) columns.push_back({name, {CellKind::text}});
        table.columns = Schema(std::move(columns), 1);
        table.add_row(std::vector<curtail::Cell>(names.size(), std::string_view("plain \xEF\xBF\xBD")));
        table.add_row(std::vector<curtail::Cell>(names.size(), text));
        const auto result =
            ResultPayloadBuilder("job_1", {.sample_rows = sample_rows, .max_bytes = 3000}).build(table, NullSink{});
        const ResultPayload payload = received(result.message());
        CHECK(payload == result.payload());
        for (const std::string& note : payload.notes) {
            CHECK(curtail::render_text(payload, {.max_width = 200}).find(note) != std::string::npos);
        }
        CHECK(result.data().contains("notes") == !payload.notes.empty());
        return payload.notes;
    };
    CHECK(notes_of({"a", "b", "p"}, "text").empty());
    CHECK(notes_of({"a", "a", "p"}, "text") == Notes{renamed});
    CHECK(notes_of({"a", "b", "a"}, "text").empty());  // a prediction of the same name keeps it
    CHECK(notes_of({"a", "b", "p"}, "caf\xE9") == Notes{replaced});
    CHECK(notes_of({"a", "b\xFF", "p"}, "text") == Notes{replaced});
    CHECK(notes_of({"a", "b", "p\xFF"}, "text") == Notes{replaced});
    CHECK(notes_of({"\xFE", "\xFF", "p\xFF"}, "\xFF") == Notes{replaced, renamed});
    // Only what is shown counts.
    CHECK(notes_of({"a", "b", "p"}, "caf\xE9", 1).empty());
    CHECK(notes_of({"a", "b", "p"}, std::string(5000, 'x') + "\xE9").empty());
    CHECK(notes_of({"a", "b", "p"}, "\xE9" + std::string(5000, 'x')) == Notes{replaced});
    CHECK(notes_of({"a", std::string(3000, 'b'), "\xFF", "p"}, "text").empty());
}

TEST_CASE("ResultReceiver: reads any table in parts back as it was written", "[payload]") {
    const std::uint64_t seed = test_seed();
    for (std::uint64_t i = 0; i < 200; ++i) {
        INFO("seed " << seed + i);
        table_maker::TableMaker random(seed + i);
        ResultPayload whole;
        whole.job_id = "job_0123456789ab";
        whole.schema_version = 1;
        whole.output_file = random.one_in(3) ? "" : "/data/predictions_job_0123456789ab";
        whole.output_format = "csv";
        whole.output_bytes = 0;
        whole.output_parts_total = random.below(random.one_in(3) ? 500 : 10);
        for (std::uint64_t number = 0; number < *whole.output_parts_total; ++number) {
            if (random.one_in(4)) {
                whole.parts_missing.push_back(number);
                continue;
            }
            const std::string name = std::string(random.below(60), random.one_in(5) ? '"' : 'p') + "\xC3\xA9";
            whole.output_parts.push_back({name, random.below(1000), random.below(UINT64_MAX / 1000),
                                          random.one_in(2) ? "" : std::string(64, 'a'), random.one_in(2) ? "" : name});
            whole.rows += whole.output_parts.back().rows;
            *whole.output_bytes += whole.output_parts.back().bytes;
        }
        whole.parts_missing_total = whole.parts_missing.size();
        if (random.one_in(4)) whole.output_uncompressed_bytes = random.below(UINT64_MAX);
        if (random.one_in(4)) whole.output_attachable = random.one_in(2);
        const std::size_t limit = random.one_in(2) ? 1'000'000 : 2000 + random.below(5000);
        const curtail::detail::FirstRows sample(Schema(), 0, limit);
        const ResultPayload shown =
            curtail::detail::Fit(whole, sample, {}, curtail::detail::JsonMeter(), limit).choose();
        const ResultPayload read = received(curtail::result_message(shown));
        REQUIRE(read.notes.empty());
        REQUIRE(read == shown);
        REQUIRE(read.output_parts.size() + read.parts_missing_total <= *read.output_parts_total);
        REQUIRE(read.truncated == (read.rows > 0 || read.output_parts.size() < *read.output_parts_total));
    }
}

TEST_CASE("ResultReceiver: reads a page back with the numbers of its rows", "[payload]") {
    ResultPayload page;
    page.job_id = "job_1";
    page.schema_version = 1;
    page.columns = {"a"};
    page.columns_total = 1;
    page.dtypes = {"int64"};
    page.rows = 10'320'000;
    for (std::uint64_t row = 9'000'000; row < 9'000'010; ++row) {
        page.sample.push_back({{curtail::SampleCell::Kind::number, std::to_string(row)}});
        page.sample_row_numbers.push_back(row);
    }
    page.sample_strategy = "page";
    page.truncated = true;
    page.truncation = {"rows"};
    page.output_file = "/data/out.csv";
    CHECK(received(curtail::result_message(page)) == page);
    page.prediction_columns = {"score"};
    page.predictions_count = page.rows;
    page.predictions_sample.assign(10, {{curtail::SampleCell::Kind::number, "0.5"}});
    CHECK(received(curtail::result_message(page)) == page);
}
