// SPDX-License-Identifier: MIT
#include <curtail/table/arrow.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "table/arrow_builder.hpp"
#include "table/csv_of.hpp"
#include "table/described.hpp"

using arrow_test::batch;
using arrow_test::bits;
using arrow_test::column;
using arrow_test::MemberAbi;
using arrow_test::Node;
using arrow_test::PlainAbi;
using arrow_test::Releases;
using arrow_test::Script;
using arrow_test::text_column;
using curtail::arrow_batch;
using curtail::arrow_stream;
using Rows = std::vector<DescribedRow>;

namespace {

Node two(std::initializer_list<std::int64_t> ids, const std::vector<std::string>& names) {
    return batch(static_cast<std::int64_t>(ids.size()),
                 {column<std::int64_t>("id", "l", ids), text_column("name", "u", names)});
}

Script three_chunks() {
    return {.schema = two({}, {}), .chunks = {two({1, 2}, {"a", "b"}), two({}, {}), two({3}, {"c"})}};
}

const Rows three_rows = {{"int64 1", "text a"}, {"int64 2", "text b"}, {"int64 3", "text c"}};

}  // namespace

TEST_CASE("ArrowStream: is read batch by batch, with either definition of the structs", "[table]") {
    const auto check = [](auto abi) {
        using Abi = decltype(abi);
        Releases releases;
        auto source = arrow_test::export_stream<Abi>(three_chunks(), &releases);
        {
            auto stream = arrow_stream(std::move(source));
            static_assert(curtail::TableStream<decltype(stream)>);
            static_assert(curtail::Table<typename decltype(stream)::Batch>);
            CHECK(source.release == nullptr);
            CHECK(stream.schema() ==
                  curtail::Schema{{"id", {curtail::CellKind::int64}}, {"name", {curtail::CellKind::text}}});
            CHECK(releases.schemas == 1);
            CHECK(described_stream(stream) == three_rows);
            CHECK_THROWS_AS(stream.next(), curtail::UsageError);
            CHECK(releases.streams == 1);  // at its end, not at the end of the scope
        }
        CHECK(releases.arrays_out == 3);
        CHECK(releases.each_once());
    };
    check(PlainAbi());
    check(MemberAbi());
}

TEST_CASE("ArrowStream: takes a temporary and can be moved while it is read", "[table]") {
    Releases releases;
    {
        auto first = arrow_stream(arrow_test::export_stream<MemberAbi>(three_chunks(), &releases));
        const auto* batch = first.next();
        REQUIRE(batch != nullptr);
        CHECK(batch->rows() == 2);
        auto second = std::move(first);
        CHECK(described_stream(second) == Rows{three_rows[2]});
    }
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: without chunks, or with empty ones only, is an empty table", "[table]") {
    Releases releases;
    auto none = arrow_stream(arrow_test::export_stream<PlainAbi>({.schema = two({}, {})}, &releases));
    CHECK(none.next() == nullptr);
    auto empty = arrow_stream(
        arrow_test::export_stream<PlainAbi>({.schema = two({}, {}), .chunks = {two({}, {}), two({}, {})}}, &releases));
    CHECK(csv_of(empty) == "id,name\n");
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: reads buffers at any address", "[table]") {
    Releases releases;
    Script script = three_chunks();
    script.skew = 1;
    auto stream = arrow_stream(arrow_test::export_stream<PlainAbi>(script, &releases));
    CHECK(described_stream(stream) == three_rows);
}

TEST_CASE("ArrowStream: releases everything once if it is not read to its end", "[table]") {
    for (int reads = 0; reads < 4; ++reads) {
        Releases releases;
        {
            auto stream = arrow_stream(arrow_test::export_stream<PlainAbi>(three_chunks(), &releases));
            for (int i = 0; i < reads; ++i) static_cast<void>(stream.next());
        }
        INFO(reads);
        CHECK(releases.streams == 1);
        CHECK(releases.each_once());
    }
}

TEST_CASE("ArrowStream: releases everything once if the reader throws", "[table]") {
    Releases releases;
    const auto read = [&] {
        auto stream = arrow_stream(arrow_test::export_stream<PlainAbi>(three_chunks(), &releases));
        while (const auto* batch = stream.next()) {
            curtail::visit_row(*batch, 0, [](const auto&) { throw std::runtime_error("the sink is full"); });
        }
    };
    CHECK_THROWS_AS(read(), std::runtime_error);
    CHECK(releases.streams == 1);
    CHECK(releases.arrays == 1);
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: releases everything once if the job is cancelled or the message cannot be built", "[table]") {
    const auto split = [](Releases& releases, const curtail::PayloadOptions& options) {
        MemoryOutput output;
        const auto kept = output.kept;
        auto stream = curtail::with_prediction(
            arrow_stream(arrow_test::export_stream<PlainAbi>(three_chunks(), &releases)), "id");
        curtail::ResultPayloadBuilder builder("job_1", options);
        auto result = builder.build(stream, curtail::CsvSink(std::move(output)));
        CHECK(kept->commits == 1);
        return result;
    };
    Releases cancelled;
    CHECK_THROWS_AS(split(cancelled, {.on_progress = [](const curtail::SplitProgress&) { return false; },
                                      .progress_interval = std::chrono::milliseconds(0)}),
                    curtail::Cancelled);
    CHECK(cancelled.streams == 1);
    CHECK(cancelled.each_once());
    Releases refused;
    CHECK_THROWS_AS(split(refused, {.max_bytes = 100}), curtail::BudgetTooSmall);
    CHECK(refused.each_once());
    Releases whole;
    const auto result = split(whole, {});
    CHECK(result.payload().rows == 3);
    CHECK(whole.each_once());
}

TEST_CASE("ArrowStream: an error of get_schema has the producer's reason", "[table]") {
    Releases releases;
    Script script = three_chunks();
    script.schema_error = 12;
    auto source = arrow_test::export_stream<PlainAbi>(script, &releases);
    std::string text;
    try {
        static_cast<void>(arrow_stream(std::move(source)));
    } catch (const curtail::InputError& error) {
        CHECK(error.code() == curtail::ErrorCode::unreadable_input);
        text = error.what();
    }
    CHECK(text.find("get_schema failed: the producer's reason") != std::string::npos);
    CHECK(source.release == nullptr);
    CHECK(releases.streams == 1);
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: refuses a producer that gives no schema", "[table]") {
    Releases releases;
    auto source = arrow_test::export_stream<PlainAbi>(three_chunks(), &releases);
    source.get_schema = [](PlainAbi::Stream*, PlainAbi::Schema*) { return 0; };
    CHECK_THROWS_AS(arrow_stream(std::move(source)), curtail::InputError);
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: an error of get_next has the producer's reason and ends the stream", "[table]") {
    for (const bool with_reason : {true, false}) {
        Releases releases;
        {
            Script script = three_chunks();
            script.fail_at = 1;
            if (!with_reason) script.reason = std::nullopt;
            auto stream = arrow_stream(arrow_test::export_stream<MemberAbi>(script, &releases));
            REQUIRE(stream.next() != nullptr);
            std::string text;
            try {
                static_cast<void>(stream.next());
            } catch (const curtail::InputError& error) {
                CHECK_FALSE(error.permanent());
                text = error.what();
            }
            CHECK(text.find("Arrow stream: get_next failed: ") != std::string::npos);
            CHECK((text.find("the producer's reason") != std::string::npos) == with_reason);
            CHECK_THROWS_AS(stream.next(), curtail::UsageError);
        }
        CHECK(releases.arrays_out == 1);
        CHECK(releases.each_once());
    }
}

TEST_CASE("ArrowStream: releases everything once after an unknown type or a broken chunk", "[table]") {
    Releases releases;
    CHECK_THROWS_AS(arrow_stream(arrow_test::export_stream<PlainAbi>(
                        {.schema = batch(0, {{.format = "q", .name = "x"}})}, &releases)),
                    curtail::TableError);
    Node broken = two({1, 2}, {"a", "b"});
    broken.length = 3;
    const auto read = [&] {
        auto stream = arrow_stream(arrow_test::export_stream<PlainAbi>(
            {.schema = two({}, {}), .chunks = {two({1}, {"a"}), broken}}, &releases));
        described_stream(stream);
    };
    CHECK_THROWS_AS(read(), curtail::TableError);
    CHECK(releases.arrays_out == 2);
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: an error in a later chunk counts rows from the first", "[table]") {
    Releases releases;
    Node later = two({4, 5}, {"d", "e"});
    const std::int32_t back[] = {0, 2, 1};
    later.children[1].buffers[1]->assign(reinterpret_cast<const char*>(back), sizeof back);
    later.children[1].buffers[2] = "de";
    Script script = three_chunks();
    script.chunks.push_back(later);
    auto stream = arrow_stream(arrow_test::export_stream<PlainAbi>(script, &releases));
    try {
        described_stream(stream);
        FAIL("the offsets went back unnoticed");
    } catch (const curtail::TableError& error) {
        CHECK(error.column() == "name");
        CHECK(error.row() == std::optional<std::uint64_t>(3));
        CHECK(std::string(error.what()).find("row 3, column 'name'") != std::string::npos);
    }
}

TEST_CASE("arrow_stream, arrow_batch: refuse what was released before", "[table]") {
    PlainAbi::Stream stream{};
    CHECK_THROWS_AS(arrow_stream(std::move(stream)), curtail::UsageError);
    static int half_filled_releases = 0;
    stream.release = [](PlainAbi::Stream*) { ++half_filled_releases; };
    CHECK_THROWS_AS(arrow_stream(std::move(stream)), curtail::UsageError);
    CHECK(half_filled_releases == 1);
    PlainAbi::Schema schema{};
    PlainAbi::Array array{};
    Releases releases;
    arrow_test::export_array<PlainAbi>(two({1}, {"a"}), array, &releases);
    CHECK_THROWS_AS(arrow_batch(std::move(schema), std::move(array)), curtail::UsageError);
    CHECK(releases.each_once());
    arrow_test::export_schema<PlainAbi>(two({}, {}), schema, &releases);
    CHECK_THROWS_AS(arrow_batch(std::move(schema), std::move(array)), curtail::UsageError);
    CHECK(releases.each_once());
}

TEST_CASE("arrow_batch: the error for a second batch with the schema of the first names ArrowLayout::take", "[table]") {
    Releases releases;
    PlainAbi::Schema schema;
    arrow_test::export_schema<PlainAbi>(two({}, {}), schema, &releases);
    for (const bool first : {true, false}) {
        PlainAbi::Array array;
        arrow_test::export_array<PlainAbi>(two({1}, {"a"}), array, &releases);
        try {
            const auto batch = arrow_batch(std::move(schema), std::move(array));
            CHECK(first);
        } catch (const curtail::UsageError& error) {
            CHECK_FALSE(first);
            CHECK(std::string(error.what()).find("ArrowLayout::take(std::move(schema))") != std::string::npos);
        }
    }
    CHECK(releases.each_once());
}

TEST_CASE("ArrowBatch: can be moved and read in any order", "[table]") {
    Releases releases;
    {
        auto first = arrow_test::table_of<MemberAbi>(two({1, 2, 3}, {"a", "b", "c"}), 0, &releases);
        static_assert(curtail::Table<decltype(first)>);
        const auto second = std::move(first);
        CHECK(second.rows() == 3);
        CHECK(described_row(second, 2) == three_rows[2]);
        CHECK(described_row(second, 0) == three_rows[0]);
        CHECK(described_row(second, 1, 1) == DescribedRow{"text b"});
        CHECK(described_row(second, 1, 2).empty());
        CHECK(releases.arrays == 0);
    }
    CHECK(releases.each_once());
}

TEST_CASE("arrow_batch: reads many batches with one layout", "[table]") {
    Releases releases;
    PlainAbi::Schema schema;
    arrow_test::export_schema<PlainAbi>(two({}, {}), schema, &releases);
    const auto layout = curtail::ArrowLayout::take(std::move(schema));
    Rows rows;
    for (const Node& node : {two({1, 2}, {"a", "b"}), two({3}, {"c"})}) {
        PlainAbi::Array array;
        arrow_test::export_array<PlainAbi>(node, array, &releases);
        for (const DescribedRow& row : described_rows(arrow_batch(layout, std::move(array)))) rows.push_back(row);
    }
    CHECK(rows == three_rows);
    CHECK(releases.each_once());
}

TEST_CASE("ArrowBatch: a null row of the struct is null in every column", "[table]") {
    Node node = two({1, 2, 3}, {"a", "b", "c"});
    node.buffers = {bits("101")};
    CHECK(described_rows(arrow_test::table_of(node)) == Rows{three_rows[0], {"null", "null"}, three_rows[2]});
    node.offset = 1;
    node.length = 2;
    const auto table = arrow_test::table_of(node);
    CHECK(described_rows(table) == Rows{{"null", "null"}, three_rows[2]});
    CHECK(described_row(table, 0, 1) == DescribedRow{"null"});
}

TEST_CASE("ArrowBatch: adds the offsets of struct and column", "[table]") {
    Node node = two({9, 9, 1, 2, 3}, {"-", "a", "b", "c"});
    node.children[0].offset = 1;
    node.children[0].length = 4;
    node.offset = 1;
    node.length = 3;
    CHECK(described_rows(arrow_test::table_of(node)) ==
          Rows{{"int64 1", "text a"}, {"int64 2", "text b"}, {"int64 3", "text c"}});
}

TEST_CASE("ArrowBatch: an array that is not a struct is a table of one column, at its own offset", "[table]") {
    Node node = column<double>("score", "g", {0.25, 0.5, 0.75}, bits("011"));
    node.offset = 1;
    node.length = 2;
    CHECK(described_rows(arrow_test::table_of(node)) == Rows{{"float64 0.5"}, {"float64 0.75"}});
    node.offset = 0;
    CHECK(described_rows(arrow_test::table_of(node)) == Rows{{"null"}, {"float64 0.5"}});
}

TEST_CASE("ArrowBatch: counts rows without columns", "[table]") {
    Node node = batch(5, {});
    CHECK(arrow_test::table_of(node).rows() == 5);
}

TEST_CASE("ArrowStream: accepts missing and repeated names", "[table]") {
    Node node = batch(1, {column<std::int64_t>("a", "l", {1}), column<std::int64_t>("a", "l", {2}),
                          column<std::int64_t>("", "l", {3})});
    node.children[2].name = std::nullopt;
    Releases releases;
    CHECK(csv_of(arrow_stream(arrow_test::export_stream<PlainAbi>({.schema = node, .chunks = {node}}, &releases))) ==
          "a,a,\n1,2,3\n");
}

TEST_CASE("ArrowStream: joins features and predictions whose chunks differ", "[table]") {
    Releases releases;
    Script scores{.schema = column<double>("score", "g", {}),
                  .chunks = {column<double>("score", "g", {0.5}), column<double>("score", "g", {0.25, 0.125})}};
    CHECK(csv_of(curtail::with_prediction(arrow_stream(arrow_test::export_stream<PlainAbi>(three_chunks(), &releases)),
                                          arrow_stream(arrow_test::export_stream<MemberAbi>(scores, &releases)))) ==
          "id,name,score\n1,a,0.5\n2,b,0.25\n3,c,0.125\n");
    CHECK(csv_of(curtail::with_prediction(arrow_stream(arrow_test::export_stream<PlainAbi>(three_chunks(), &releases)),
                                          "id")) == "name,id\na,1\nb,2\nc,3\n");
    CHECK(releases.each_once());
}

TEST_CASE("ArrowStream: the file shows Arrow's types as it shows those of C++", "[table]") {
    Node coded = column<std::uint8_t>("enum", "C", {1, 0}, bits("10"));
    coded.dictionary = {text_column("", "u", {"no", "yes"})};
    const Node list{.format = "+l",
                    .name = "list",
                    .length = 2,
                    .buffers = {std::nullopt, arrow_test::values<std::int32_t>({0, 2, 2})},
                    .children = {text_column("item", "u", {"a,b", "c"})}};
    const Node node = batch(2, {column<std::int64_t>("at", "tsm:UTC", {0, -1}),
                                column<std::int32_t>("day", "tdD", {0, 1}),
                                column<std::int64_t>("exact", "d:18,2,64", {-5, 100}),
                                {.format = "b", .name = "flag", .length = 2, .buffers = {std::nullopt, bits("10")}},
                                coded,
                                list,
                                text_column("text", "U", {"", "x,y"}),
                                text_column("raw", "z", {"JK", ""})});
    Releases releases;
    CHECK(csv_of(arrow_stream(arrow_test::export_stream<PlainAbi>({.schema = node, .chunks = {node}}, &releases))) ==
          "at,day,exact,flag,enum,list,text,raw\n"
          "1970-01-01 00:00:00.000+00:00,1970-01-01,-0.05,True,yes,\"[\"\"a,b\"\",\"\"c\"\"]\",\"\",\\x4a4b\n"
          "1969-12-31 23:59:59.999+00:00,1970-01-02,1.00,False,,[],\"x,y\",\\x\n");
}
