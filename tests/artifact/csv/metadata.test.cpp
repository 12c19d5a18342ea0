// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/metadata.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"

namespace {

using curtail::CellKind;
using curtail::ColumnSpec;
using curtail::ColumnType;
using curtail::CsvDialect;
using curtail::FormulaGuard;
using curtail::Schema;
using curtail::TimeUnit;
using nlohmann::ordered_json;

ordered_json metadata(const Schema& schema, const CsvDialect& dialect = {}, const curtail::ArtifactInfo& info = {},
                      std::string_view name = "predictions_job_1.csv") {
    return ordered_json::parse(curtail::detail::csv_metadata(schema, dialect, info, name));
}

ordered_json column_of(const ColumnSpec& spec, const CsvDialect& dialect = {}) {
    return metadata(Schema{spec}, dialect)["tableSchema"]["columns"][0];
}

ordered_json datatype_of(const ColumnType& type, const CsvDialect& dialect = {}) {
    return column_of({"c", type}, dialect).value("datatype", ordered_json());
}

}  // namespace

TEST_CASE("csv_metadata: names the standard, the file and its content", "[artifact]") {
    const auto json = metadata(Schema{{"a", {CellKind::int32}}}, {},
                               {.path = "/d/predictions_job_1.csv",
                                .format = "csv",
                                .rows = 18446744073709551615U,
                                .bytes = 17,
                                .sha256 = std::string(64, 'a')});
    CHECK(json["@context"] == "http://www.w3.org/ns/csvw");
    CHECK(json["url"] == "predictions_job_1.csv");
    CHECK(json["schema:numberOfItems"] == 18446744073709551615U);
    CHECK(json["dcat:byteSize"] == 17);
    CHECK(json["schema:sha256"] == std::string(64, 'a'));
    CHECK_FALSE(metadata(Schema{}).contains("schema:sha256"));
    CHECK(metadata(Schema{})["tableSchema"]["columns"].empty());
}

TEST_CASE("csv_metadata: makes a relative URL of any file name", "[artifact]") {
    CHECK(metadata(Schema{}, {}, {}, "a b.csv")["url"] == "a%20b.csv");
    CHECK(metadata(Schema{}, {}, {}, "x:y?#%~-._1.csv")["url"] == "x%3Ay%3F%23%25~-._1.csv");
    CHECK(metadata(Schema{}, {}, {}, "caf\xC3\xA9\xFF\n")["url"] == "caf%C3%A9%FF%0A");
}

TEST_CASE("csv_metadata: states the whole dialect, with the defaults of the standard", "[artifact]") {
    const auto plain = metadata(Schema{})["dialect"];
    CHECK(plain.dump() ==
          R"({"encoding":"utf-8","delimiter":",","quoteChar":"\"","doubleQuote":true,"lineTerminators":["\n"],)"
          R"("header":true,"headerRowCount":1,"commentPrefix":"\n","skipBlankRows":false,"skipInitialSpace":false,)"
          R"("trim":false})");
    const auto other = metadata(
        Schema{},
        {.separator = ';', .quote = '\'', .line_end = curtail::LineEnd::crlf, .header = false, .null_text = "N\\A"});
    CHECK(other["dialect"]["delimiter"] == ";");
    CHECK(other["dialect"]["quoteChar"] == "'");
    CHECK(other["dialect"]["lineTerminators"] == ordered_json({"\r\n"}));
    CHECK(other["dialect"]["header"] == false);
    CHECK(other["dialect"]["headerRowCount"] == 0);
    CHECK(other["dialect"]["commentPrefix"] == "\r\n");
    CHECK(other["tableSchema"]["null"] == "N\\A");
}

TEST_CASE("csv_metadata: names the datatype in which a column's cells are spelled", "[artifact]") {
    const std::vector<std::pair<CellKind, std::string>> plain = {
        {CellKind::int8, "byte"},          {CellKind::int16, "short"},         {CellKind::int32, "int"},
        {CellKind::int64, "long"},         {CellKind::uint8, "unsignedByte"},  {CellKind::uint16, "unsignedShort"},
        {CellKind::uint32, "unsignedInt"}, {CellKind::uint64, "unsignedLong"}, {CellKind::float32, "float"},
        {CellKind::float64, "double"},     {CellKind::decimal, "decimal"},     {CellKind::text, "string"},
        {CellKind::bytes, "string"},       {CellKind::date, "date"},           {CellKind::time, "time"},
        {CellKind::duration, "string"},    {CellKind::nested, "json"},         {CellKind::null, "string"},
    };
    for (const auto& [kind, name] : plain) CHECK(datatype_of({kind}) == name);
    CHECK(datatype_of({CellKind::boolean}).dump() == R"({"base":"boolean","format":"True|False"})");
    CHECK(datatype_of({CellKind::boolean}, {.true_text = "1", .false_text = "0"})["format"] == "1|0");
    CHECK(datatype_of({CellKind::boolean}, {.true_text = "a|b"}) == "string");
    const auto stamp = [](TimeUnit unit, const char* zone) {
        return datatype_of({CellKind::timestamp, unit, zone})["format"];
    };
    CHECK(datatype_of({CellKind::timestamp})["base"] == "dateTime");
    CHECK(stamp(TimeUnit::second, "") == "yyyy-MM-dd HH:mm:ss");
    CHECK(stamp(TimeUnit::millisecond, "") == "yyyy-MM-dd HH:mm:ss.SSS");
    CHECK(stamp(TimeUnit::microsecond, "UTC") == "yyyy-MM-dd HH:mm:ss.SSSSSSxxx");
    CHECK(stamp(TimeUnit::nanosecond, "Europe/Paris") == "yyyy-MM-dd HH:mm:ss.SSSSSSSSSxxx");
}

TEST_CASE("csv_metadata: names no datatype for a column whose type only its cells show", "[artifact]") {
    CHECK_FALSE(column_of({"c", {CellKind::any}}).contains("datatype"));
}

TEST_CASE("csv_metadata: states a decimal comma and other words for NaN", "[artifact]") {
    const CsvDialect comma{.separator = ';', .decimal_comma = true};
    for (const CellKind kind : {CellKind::float32, CellKind::float64, CellKind::decimal}) {
        CHECK(datatype_of({kind}, comma)["format"].dump() == R"({"decimalChar":","})");
    }
    CHECK(datatype_of({CellKind::int64}, comma) == "long");
    const ColumnSpec number{"c", {CellKind::float64}};
    CHECK_FALSE(column_of(number).contains("null"));
    CHECK_FALSE(column_of(number, CsvDialect::pandas()).contains("null"));
    CHECK(column_of(number, {.null_text = "NA", .nan_text = "nan"})["null"] == ordered_json({"NA", "nan"}));
}

TEST_CASE("csv_metadata: titles are those of the header, and names are distinct and fit for a URI template",
          "[artifact]") {
    const std::vector<std::string> titles = {"a",     "a",   "",      "",     "_x",   "caf\xC3\xA9", "a b",
                                             "x-y.z", "a.2", "a%20b", "%5Fx", "\xFF", "\"",          "=1+1"};
    std::vector<ColumnSpec> specs;
    for (const std::string& title : titles) specs.push_back({title, {CellKind::text}});
    const Schema schema(specs);
    for (const FormulaGuard guard : {FormulaGuard::off, FormulaGuard::apostrophe}) {
        const auto columns = metadata(schema, {.formula_guard = guard})["tableSchema"]["columns"];
        REQUIRE(columns.size() == titles.size());
        std::set<std::string> names;
        for (std::size_t i = 0; i < titles.size(); ++i) {
            const auto name = columns[i]["name"].get<std::string>();
            names.insert(name);
            CHECK(name.front() != '_');
            for (std::size_t at = 0; at < name.size(); ++at) {
                const bool word = (name[at] >= '0' && name[at] <= '9') || (name[at] >= 'A' && name[at] <= 'Z') ||
                                  (name[at] >= 'a' && name[at] <= 'z') || name[at] == '_' || name[at] == '.';
                CHECK((word || (name[at] == '%' && at + 2 < name.size())));
            }
            CHECK(columns[i].contains("titles") != titles[i].empty());
        }
        CHECK(names.size() == titles.size());
        CHECK(columns[0]["name"] == "a");
        CHECK(columns[5]["titles"] == "caf\xC3\xA9");
        CHECK(columns[11]["titles"] == "\xEF\xBF\xBD");
        CHECK(columns[13]["titles"] == (guard == FormulaGuard::off ? "=1+1" : "'=1+1"));
    }
}
