// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/description_reader.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <curtail/artifact/csv/metadata.hpp>

#include "catch.hpp"

namespace {

using curtail::CellKind;
using curtail::ColumnSpec;
using curtail::ColumnType;
using curtail::CsvDialect;
using curtail::Schema;
using curtail::TimeUnit;
using curtail::detail::csv_metadata;
using curtail::detail::read_description_text;

const std::vector<CsvDialect>& dialects() {
    static const std::vector<CsvDialect> all = {
        {},
        CsvDialect::pandas(),
        CsvDialect::rfc4180(),
        CsvDialect::excel(),
        {.separator = ';',
         .quote = '\'',
         .quote_style = curtail::QuoteStyle::all,
         .null_text = "NA",
         .decimal_comma = true},
        {.separator = '\t',
         .header = false,
         .null_text = "\\N",
         .true_text = "y|s",
         .false_text = "n",
         .nan_text = "\xC3\xA9"},
    };
    return all;
}

}  // namespace

TEST_CASE("type_named: is the inverse of dtype_name()", "[artifact]") {
    for (int kind = 0; kind <= static_cast<int>(CellKind::nested); ++kind) {
        for (int unit = 0; unit < 4; ++unit) {
            for (const char* const zone : {"", "UTC", "Europe/Zurich"}) {
                ColumnType type{.kind = static_cast<CellKind>(kind), .unit = static_cast<TimeUnit>(unit), .zone = zone};
                const ColumnType read = curtail::detail::type_named(curtail::dtype_name(type));
                CHECK(read.kind == type.kind);
                CHECK(curtail::dtype_name(read) == curtail::dtype_name(type));
            }
        }
    }
    for (const char* const name :
         {"", "int", "datetime64", "datetime64[us", "datetime64[us, ", "timedelta64[us, UTC]"}) {
        CHECK(curtail::detail::type_named(name).open());
    }
}

TEST_CASE("read_description_text: reads what csv_metadata() writes, in every dialect", "[artifact]") {
    const Schema schema({{"a", {CellKind::int32}},
                         {"=b\"\n", {CellKind::timestamp, TimeUnit::millisecond, "UTC"}},
                         {""},
                         {"a", {CellKind::bytes}},
                         {"p", {CellKind::float64}}},
                        1);
    curtail::detail::RowIndexWriter index(20);
    index.add({1000, 66'000});
    for (const CsvDialect& dialect : dialects()) {
        const curtail::ArtifactInfo info{.path = "/d/x.csv.gz",
                                         .format = "csv.gz",
                                         .rows = 2000,
                                         .bytes = 5000,
                                         .sha256 = std::string(64, 'a'),
                                         .uncompressed_bytes = 90'000};
        const auto read =
            read_description_text(csv_metadata(schema, dialect, info, "x.csv.gz", {index.text(2000), "AgsB"}));
        REQUIRE(read);
        CHECK(read->schema == schema);
        CHECK(read->rows == 2000);
        CHECK(read->bytes == 5000);
        CHECK(read->uncompressed_bytes == 90'000);
        CHECK(read->sha256 == info.sha256);
        CHECK(read->dialect.separator == dialect.separator);
        CHECK(read->dialect.quote == dialect.quote);
        CHECK(read->dialect.line_end == dialect.line_end);
        CHECK(read->dialect.header == dialect.header);
        CHECK(read->dialect.null_text == dialect.null_text);
        CHECK(read->dialect.true_text == dialect.true_text);
        CHECK(read->dialect.false_text == dialect.false_text);
        CHECK(read->dialect.nan_text == dialect.nan_text);
        CHECK(read->dialect.decimal_comma == dialect.decimal_comma);
        CHECK(read->dialect.formula_guard == dialect.formula_guard);
        REQUIRE(read->index);
        CHECK(read->index->before(999) == curtail::detail::RowStart{0, 20});
        CHECK(read->index->before(1999) == curtail::detail::RowStart{1000, 66'000});
        CHECK(read->seek_points == std::vector<std::uint64_t>{0, 1408});
    }
}

TEST_CASE("read_description_text: takes no other text, and no contradiction", "[artifact]") {
    const Schema schema({{"a", {CellKind::int32}}, {"b"}});
    const curtail::ArtifactInfo info{.path = "/d/x.csv", .format = "csv", .rows = 20, .bytes = 100};
    const std::string good = csv_metadata(schema, {}, info, "x.csv", {"AE"});
    REQUIRE(read_description_text(good));
    const auto with = [&](const std::string& old, const std::string& now) {
        std::string text = good;
        const auto at = text.find(old);
        REQUIRE(at != std::string::npos);
        return text.replace(at, old.size(), now);
    };
    CHECK_FALSE(read_description_text(""));
    CHECK_FALSE(read_description_text("[]"));
    CHECK_FALSE(read_description_text(good.substr(0, good.size() - 3)));
    CHECK_FALSE(read_description_text(good + "x"));
    CHECK_FALSE(read_description_text(with("\"delimiter\": \",\"", "\"delimiter\": \"a\"")));
    CHECK_FALSE(read_description_text(with("\"delimiter\": \",\"", "\"delimiter\": \"\"")));
    CHECK_FALSE(read_description_text(with("\"schema:numberOfItems\": 20", "\"schema:numberOfItems\": -1")));
    CHECK_FALSE(read_description_text(
        with("{\"schema:name\": \"rowStarts\"",
             "{\"schema:name\": \"predictions\", \"schema:value\": 3},\n{\"schema:name\": \"rowStarts\"")));
    // What a later version may add.
    CHECK(read_description_text(
        with("{\"schema:name\": \"rowStarts\"",
             "{\"schema:name\": \"new\", \"schema:value\": {\"x\": [1]}},\n{\"schema:name\": \"rowStarts\"")));
}
