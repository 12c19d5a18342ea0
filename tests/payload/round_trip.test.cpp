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

#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/render.hpp>

#include "catch.hpp"
#include "payload/null_sink.hpp"
#include "payload/table_maker.hpp"

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
