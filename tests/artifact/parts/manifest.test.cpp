// SPDX-License-Identifier: MIT
#include <curtail/artifact/parts/manifest.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/page/description_reader.hpp>
#include <curtail/table/schema.hpp>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::ListedPart;
using curtail::detail::manifest_text;
using curtail::detail::read_manifest;

namespace {

ListedPart part(std::uint64_t number, std::uint64_t rows, std::string table = {}) {
    curtail::detail::PartRecord record;
    record.number = number;
    record.of = 3;
    record.attempt = ".part-0000" + std::to_string(number) + ".4711-0123456789abcdef.tmp";
    record.file = "part-0000" + std::to_string(number) + ".csv";
    record.rows = rows;
    record.bytes = record.plain = 10 * rows + 2;
    record.content = 0xAB + number;
    return {record, std::move(table)};
}

// With all that JSON allows inside of a text.
const std::string first =
    "\"dialect\": {\"header\": true},\n\"tableSchema\": {\"columns\": [\n{\"name\": \"\\n{\\\"url\\\": \"}\n]}";
const std::string other =
    "\"dialect\": {\"header\": false},\n\"tableSchema\": {\"columns\": [\n{\"name\": \"],\\n}\"}\n]}";

}  // namespace

TEST_CASE("manifest_text: is a table group with the sums, and for each part what it is", "[artifact]") {
    const std::vector<ListedPart> parts{part(0, 5, first), part(1, 0), part(2, 7, other)};
    const auto json = nlohmann::json::parse(manifest_text(parts));
    CHECK(json["@context"] == "http://www.w3.org/ns/csvw");
    CHECK(json["schema:numberOfItems"] == 12);
    CHECK(json["dcat:byteSize"] == 126);
    CHECK(json["dialect"]["header"] == true);
    REQUIRE(json["tables"].size() == 3);
    CHECK(json["tables"][0] == nlohmann::json::parse(R"({"url": "part-00000.csv", "schema:numberOfItems": 5,
        "dcat:byteSize": 52, "schema:identifier": "xxh64 00000000000000ab, attempt 4711-0123456789abcdef"})"));
    CHECK_FALSE(json["tables"][1].contains("dialect"));
    CHECK(json["tables"][2]["dialect"]["header"] == false);
    CHECK(json["tables"][2]["tableSchema"]["columns"][0]["name"] == "],\n}");
}

TEST_CASE("can_follow: compares names and spelling, and not types", "[artifact]") {
    using curtail::detail::can_follow;
    curtail::detail::ArtifactDescription whole;
    whole.schema = curtail::Schema({{"a", curtail::CellKind::int64}, {"b"}}, 1);
    auto part_table = whole;
    CHECK(can_follow(part_table, whole));
    part_table.schema = curtail::Schema({{"a", curtail::CellKind::text}, {"b"}}, 1);
    part_table.dialect.header = false;
    CHECK(can_follow(part_table, whole));
    part_table.dialect.null_text = "NULL";
    CHECK_FALSE(can_follow(part_table, whole));
    part_table = whole;
    part_table.schema = curtail::Schema({{"b"}, {"a"}}, 1);
    CHECK_FALSE(can_follow(part_table, whole));
    part_table.schema = curtail::Schema({{"a"}}, 1);
    CHECK_FALSE(can_follow(part_table, whole));
}

TEST_CASE("own_description: is the dialect where the columns are the same, else all", "[artifact]") {
    using curtail::detail::own_description;
    const std::string headless = "\"dialect\": {\"header\": false}" + first.substr(first.find(",\n\"tableSchema"));
    CHECK(own_description(first, headless) == "\"dialect\": {\"header\": false}");
    CHECK(own_description(first, other) == other);
    CHECK(own_description("", other) == other);
    CHECK(own_description(first, "\"t\": 1") == "\"t\": 1");
    CHECK(own_description("\"t\": 0", "\"t\": 1") == "\"t\": 1");
}

TEST_CASE("read_manifest: reads back what was written", "[artifact]") {
    std::vector<ListedPart> parts{part(0, 5, first), part(1, 0), part(2, 7, other)};
    const auto check = [&](const char* format) {
        const auto read = read_manifest(manifest_text(parts), "/data/predictions_a");
        REQUIRE(read);
        CHECK(read->whole.path == "/data/predictions_a");
        CHECK(read->whole.format == format);
        CHECK(read->whole.rows == 12);
        CHECK(read->whole.bytes == 126);
        REQUIRE(read->parts.size() == 3);
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK(read->parts[i].number == i);
            CHECK(read->parts[i].artifact.path == "/data/predictions_a/" + parts[i].record.file);
            CHECK(read->parts[i].artifact.rows == parts[i].record.rows);
            CHECK(read->parts[i].artifact.sha256 == parts[i].record.sha256);
            CHECK(read->contents[i] == parts[i].record.content);
            CHECK(read->own[i] == (i == 2 ? "{\n" + other + "}" : ""));
        }
        return *read;
    };
    CHECK_FALSE(check("csv").whole.uncompressed_bytes);
    for (ListedPart& each : parts) {
        each.record.file += ".gz";
        each.record.plain = 1000;
        each.record.sha256 = std::string(64, 'b');
    }
    CHECK(check("csv.gz").whole.uncompressed_bytes == 3000U);
}

TEST_CASE("read_manifest: takes no manifest that was cut off or changed, and no other text", "[artifact]") {
    const std::string text = manifest_text(std::vector<ListedPart>{part(0, 5, first), part(1, 0), part(2, 7, other)});
    for (std::size_t i = 0; i < text.size(); ++i) REQUIRE_FALSE(read_manifest(text.substr(0, i), "/d"));
    CHECK_FALSE(read_manifest("", "/d"));
    CHECK_FALSE(read_manifest("{}", "/d"));
    CHECK_FALSE(read_manifest(manifest_text({}), "/d"));
    // One of another writer, without a checksum, is believed.
    const std::size_t checksum = text.find(",\n\"dc:provenance\"");
    CHECK(read_manifest(text.substr(0, checksum) + "\n}\n", "/d")->parts.size() == 3);
    CHECK_FALSE(read_manifest(manifest_text(std::vector<ListedPart>{part(1, 1)}), "/d"));
    std::mt19937_64 random(test_seed());
    for (int i = 0; i < 2000; ++i) {
        std::string changed = text;
        changed[random() % changed.size()] = static_cast<char>(random());
        const auto read = read_manifest(changed, "/d");
        CHECK((!read || changed == text));
    }
}
