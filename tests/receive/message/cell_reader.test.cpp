// SPDX-License-Identifier: MIT
#include <curtail/receive/message/cell_reader.hpp>

#include <curtail/core/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "receive/json/owning_reader.hpp"

using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::detail::CellReader;
using curtail::detail::CollectorAnswer;
using curtail::detail::JsonKind;
using curtail::detail::KeyText;
using curtail::detail::Limits;
using Kind = SampleCell::Kind;

namespace {

struct SeenKey {
    std::string text;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;
    bool cut = false;
    std::string kept;

    friend bool operator==(const SeenKey&, const SeenKey&) = default;
};

// Enters arrays and objects down to `depth` and gives one answer for each value there.
struct Notebook {
    std::size_t depth = 1;
    CollectorAnswer answer = CollectorAnswer::cell;
    std::vector<SampleCell> cells{};
    std::vector<SeenKey> keys{};
    std::string walk{};
    std::uint64_t skipped_count = 0;
    std::size_t level = 0;

    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        if (level < depth && (kind == JsonKind::object || kind == JsonKind::array)) return CollectorAnswer::enter;
        keys.push_back({std::string(key.text), key.bytes, key.hash, key.cut, kept_name(key, limits)});
        return answer;
    }
    void cell(SampleCell cell, Limits& limits) {
        limits.spend(cell.text.size());
        cells.push_back(std::move(cell));
    }
    void enter() {
        ++level;
        walk += '<';
    }
    void leave(Limits&) {
        --level;
        walk += '>';
    }
    void skipped(std::uint64_t count) { skipped_count += count; }
};

template <class Collector>
Collector read(std::string_view text, Collector collector, const ReceiverOptions& options = {}, std::size_t split = 0) {
    OwningReader<CellReader<Collector>> reader(options, options, std::move(collector));
    reader.feed(text.substr(0, split));
    reader.feed(text.substr(split));
    reader.finish();
    return reader.handler().collector();
}

SampleCell only_cell(const std::string& value, CollectorAnswer answer = CollectorAnswer::cell,
                     const ReceiverOptions& options = {}) {
    const Notebook found = read("[" + value + "]", Notebook{.answer = answer}, options);
    REQUIRE(found.cells.size() == 1);
    return found.cells.front();
}

static_assert(curtail::detail::JsonHandler<CellReader<Notebook>>);

}  // namespace

TEST_CASE("CellReader: a cell knows its kind and keeps a number's own digits", "[receive]") {
    CHECK(only_cell("-0.10e+07") == SampleCell{Kind::number, "-0.10e+07", 0});
    CHECK(only_cell("12345678901234567890") == SampleCell{Kind::number, "12345678901234567890", 0});
    CHECK(only_cell("-Infinity") == SampleCell{Kind::number, "-Infinity", 0});
    CHECK(only_cell("NaN") == SampleCell{Kind::number, "NaN", 0});
    CHECK(only_cell("true") == SampleCell{Kind::boolean, "true", 0});
    CHECK(only_cell("false") == SampleCell{Kind::boolean, "false", 0});
    CHECK(only_cell("null") == SampleCell{Kind::null, "", 0});
    CHECK(only_cell("\"null\"") == SampleCell{Kind::text, "null", 0});
    CHECK(only_cell("\"\"") == SampleCell{Kind::text, "", 0});
    CHECK(only_cell("\"\\u20ac\\n\\uD800\"") == SampleCell{Kind::text, "\xE2\x82\xAC\n\xEF\xBF\xBD", 0});
    CHECK(only_cell("\"a\xFF\"").text == "a\xEF\xBF\xBD");
    CHECK(only_cell("[]") == SampleCell{Kind::nested, "[]", 0});
    CHECK(only_cell("{ }") == SampleCell{Kind::nested, "{}", 0});
}

TEST_CASE("CellReader: an array or object in a cell is the same JSON without white space, wherever it is split",
          "[receive]") {
    const std::string nested =
        R"( { "a" : [ 1 , -2.50 , [ ] , { } , [ [ "x" ] , null ] ] , "b\n\"" : { "c" : true , "d" : false } ,
              "" : "\u0001\\\/ \u20ac \ud83d\ude00" , "e" : null } )";
    const std::string compact =
        "{\"a\":[1,-2.50,[],{},[[\"x\"],null]],\"b\\n\\\"\":{\"c\":true,\"d\":false},"
        "\"\":\"\\u0001\\\\/ \xE2\x82\xAC \xF0\x9F\x98\x80\",\"e\":null}";
    const std::string text = "[0," + nested + "," + nested + ",1]";
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const Notebook found = read(text, Notebook{}, {}, at);
        REQUIRE(found.cells.size() == 4);
        CHECK(found.cells[1] == SampleCell{Kind::nested, compact, 0});
        CHECK(found.cells[2] == found.cells[1]);
        CHECK(found.cells[3] == SampleCell{Kind::number, "1", 0});
    }
    CHECK(nlohmann::json::parse(compact) == nlohmann::json::parse(nested));
}

TEST_CASE("CellReader: cells, names and texts each have their own limit and say how long they were", "[receive]") {
    const ReceiverOptions options{.max_cell_bytes = 16, .max_name_bytes = 20, .max_text_bytes = 24};
    const std::string value = "\"" + std::string(30, 'v') + "\"";
    const auto cut = [](std::size_t kept) { return std::string(kept, 'v') + "\xE2\x80\xA6"; };
    CHECK(only_cell(value, CollectorAnswer::cell, options) == SampleCell{Kind::text, cut(13), 30});
    CHECK(only_cell(value, CollectorAnswer::name, options) == SampleCell{Kind::text, cut(17), 30});
    CHECK(only_cell(value, CollectorAnswer::text, options) == SampleCell{Kind::text, cut(21), 30});
    const std::string fits = "\"" + std::string(16, 'v') + "\"";
    CHECK(only_cell(fits, CollectorAnswer::cell, options) == SampleCell{Kind::text, std::string(16, 'v'), 0});
    CHECK(only_cell("12345678901234567", CollectorAnswer::cell, options) ==
          SampleCell{Kind::number, "1234567890123\xE2\x80\xA6", 17});
    // The size of a cut array or object is that of its compact text.
    CHECK(only_cell("[ 100 , 200 , 300 , 400 , 500 ]", CollectorAnswer::cell, options) ==
          SampleCell{Kind::nested, "[100,200,300,\xE2\x80\xA6", 21});
}

TEST_CASE("CellReader: a cell is no longer than what is left of max_kept_bytes", "[receive]") {
    const ReceiverOptions options{.max_kept_bytes = 20};
    const Notebook found = read(R"(["0123456789","abcdefghijklm","x",1,null])", Notebook{}, options);
    REQUIRE(found.cells.size() == 5);
    CHECK(found.cells[0] == SampleCell{Kind::text, "0123456789", 0});
    CHECK(found.cells[1] == SampleCell{Kind::text, "abcdefg\xE2\x80\xA6", 13});
    CHECK(found.cells[2] == SampleCell{Kind::text, "\xE2\x80\xA6", 1});
    CHECK(found.cells[3] == SampleCell{Kind::number, "\xE2\x80\xA6", 1});
    CHECK(found.cells[4] == SampleCell{Kind::null, "", 0});
    // Names and texts have their own limits only.
    const Notebook names =
        read(R"(["0123456789","0123456789","0123456789"])", Notebook{.answer = CollectorAnswer::name}, options);
    CHECK(names.cells.back().text == "0123456789");
}

TEST_CASE("CellReader: gives the collector the key of each value, and members of arrays have none", "[receive]") {
    const Notebook found = read(R"({"a":1,"\u20ac":2,"":3,"c":[4,5]})", Notebook{.depth = 2});
    REQUIRE(found.keys.size() == 5);
    CHECK(found.keys[0].text == "a");
    CHECK(found.keys[1].text == "\xE2\x82\xAC");
    CHECK(found.keys[1].bytes == 3);
    CHECK(found.keys[1].hash == curtail::detail::hash_on(curtail::detail::empty_hash, "\xE2\x82\xAC"));
    CHECK(found.keys[2] == SeenKey{"", 0, curtail::detail::empty_hash, false, ""});
    CHECK(found.keys[3] == found.keys[2]);
    CHECK(found.keys[4] == found.keys[2]);
    CHECK(found.walk == "<<>>");
}

TEST_CASE("CellReader: keys longer than what is kept differ by size and hash, and are marked as cut", "[receive]") {
    const ReceiverOptions options{.max_name_bytes = 16};
    const std::string common(14, 'k');
    const std::string text = "{\"" + common + "XYZ\":1,\"" + common + "XYZW\":2,\"" + common + "XYQ\":3,\"" + common +
                             "XY\":4,\"" + common + "\\u20acXY\":5}";
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const std::vector<SeenKey> keys = read(text, Notebook{}, options, at).keys;
        REQUIRE(keys.size() == 5);
        for (const SeenKey& key : keys) CHECK(curtail::is_utf8(key.kept));
        CHECK(keys[0].text == keys[2].text);
        CHECK(keys[0].bytes == 17);
        CHECK(keys[1].bytes == 18);
        CHECK(keys[0].bytes == keys[2].bytes);
        CHECK(keys[0].hash != keys[2].hash);
        CHECK(keys[0].kept == common.substr(0, 13) + "\xE2\x80\xA6");
        CHECK(keys[3] == SeenKey{common + "XY", 16, keys[3].hash, false, common + "XY"});
        CHECK(keys[4].cut);
        CHECK(keys[4].kept.size() <= 16);
    }
}

TEST_CASE("hash_on: is FNV-1a and does not depend on how the key was divided", "[receive]") {
    using curtail::detail::empty_hash;
    using curtail::detail::hash_on;
    CHECK(hash_on(empty_hash, "") == 0xCBF29CE484222325U);
    CHECK(hash_on(empty_hash, "a") == 0xAF63DC4C8601EC8CU);
    CHECK(hash_on(empty_hash, "foobar") == 0x85944171F73967E8U);
    CHECK(hash_on(hash_on(empty_hash, "foo"), "bar") == hash_on(empty_hash, "foobar"));
}

TEST_CASE("CellReader: a skipped value leaves no cell, and a skipped rest is counted", "[receive]") {
    const Notebook skipped = read(R"([1,[2,{"a":3}],"x"])", Notebook{.answer = CollectorAnswer::skip});
    CHECK(skipped.keys.size() == 3);
    CHECK(skipped.cells.empty());
    CHECK(skipped.skipped_count == 0);
    const Notebook rest = read(R"([1,[2,{"a":3}],"x"])", Notebook{.answer = CollectorAnswer::skip_rest});
    CHECK(rest.keys.size() == 1);
    CHECK(rest.cells.empty());
    CHECK(rest.skipped_count == 3);
}
