// SPDX-License-Identifier: MIT
#include <curtail/receive/message/schema_collector.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ReceiverOptions;
using curtail::detail::SchemaCollector;
using Texts = std::vector<std::string>;

namespace {

SchemaCollector schema_of(std::string_view text, const ReceiverOptions& options = {}) {
    return collect<SchemaCollector>(text, options);
}

}  // namespace

TEST_CASE("SchemaCollector: reads the names of the fields and of the primary key", "[receive]") {
    const SchemaCollector found = schema_of(
        R"({"pandas_version":"1.4.0","primaryKey":["i","j"],"fields":[{"name":"i","type":"integer"},
            {"type":"string","constraints":{"enum":["x"],"name":"no"},"name":"a"},7]})");
    CHECK(found.has_fields());
    CHECK(found.fields() == Texts{"i", "a"});
    CHECK(found.total() == 2);
    CHECK(found.primary_key() == Texts{"i", "j"});
    // The standard allows a key of one field to be a string.
    CHECK(schema_of(R"({"fields":[],"primaryKey":"i"})").primary_key() == Texts{"i"});
    CHECK(schema_of(R"({"primaryKey":"i","fields":[{"name":"a"}]})").fields() == Texts{"a"});
}

TEST_CASE("SchemaCollector: an object without a list of fields is not a schema", "[receive]") {
    for (const char* text :
         {"{}", R"({"primaryKey":["a"]})", R"({"fields":{"0":1}})", R"({"fields":null})", "7", "[]"}) {
        INFO(text);
        CHECK_FALSE(schema_of(text).has_fields());
    }
}

TEST_CASE("SchemaCollector: of equal keys the last wins", "[receive]") {
    const SchemaCollector found =
        schema_of(R"({"fields":[{"name":"a"}],"fields":[{"name":"b"}],"primaryKey":["a"],"primaryKey":null})");
    CHECK(found.fields() == Texts{"b"});
    CHECK(found.primary_key().empty());
    const SchemaCollector renamed =
        schema_of(R"({"fields":[{"name":"a","name":"b"},{"type":"integer","name":"c","name":"d","name":"e"}]})");
    CHECK(renamed.fields() == Texts{"b", "e"});
    CHECK(renamed.total() == 2);
}

TEST_CASE("SchemaCollector: keeps as many fields as columns, and counts the others", "[receive]") {
    const SchemaCollector found = schema_of(
        R"({"fields":[{"name":"a"},{"name":"b"},{"name":"c"}],"primaryKey":["a","b","c"]})", {.max_columns = 2});
    CHECK(found.fields() == Texts{"a", "b"});
    CHECK(found.total() == 3);
    CHECK(found.primary_key() == Texts{"a", "b"});
}

TEST_CASE("SchemaCollector: a column may have the name of the index, which is the first field of that name",
          "[receive]") {
    // As pandas 1.5 writes DataFrame({"index": ["x"], "id": [0]}).
    const auto found = collect<SchemaCollector>(
        R"({"fields":[{"name":"index"},{"name":"index"},{"name":"id"}],"primaryKey":["index"]})");
    CHECK(found.columns() == std::vector<std::string>{"index", "id"});
    CHECK(found.index_keys() == std::vector<std::string>{"level_0"});
    CHECK(found.index_fields() == 1);
    const auto plain = collect<SchemaCollector>(R"({"fields":[{"name":"i"},{"name":"a"}],"primaryKey":["i"]})");
    CHECK(plain.columns() == std::vector<std::string>{"a"});
    CHECK(plain.index_keys() == std::vector<std::string>{"i"});
    CHECK(collect<SchemaCollector>(R"({"fields":[{"name":"a"}],"primaryKey":["z"]})").index_fields() == 0);
}
