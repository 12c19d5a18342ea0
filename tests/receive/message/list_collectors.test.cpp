// SPDX-License-Identifier: MIT
#include <curtail/receive/message/list_collectors.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::SampleRow;
using curtail::TruncatedCell;
using curtail::detail::PredictionCollector;
using curtail::detail::TextListCollector;
using curtail::detail::TruncatedCellCollector;
using Kind = SampleCell::Kind;

namespace {

SampleCell number(std::string text) {
    return {Kind::number, std::move(text), 0};
}

std::string list_of(std::size_t count, const std::string& item) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + item;
    return text + "]";
}

}  // namespace

TEST_CASE("to_double: a double is a whole finite number or the text of one, and nothing else", "[receive]") {
    using curtail::detail::to_double;
    CHECK(to_double(number("-1.5e3")) == -1500.0);
    CHECK(to_double(number("0")) == 0.0);
    CHECK(to_double(number("18446744073709551616")) == 18446744073709551616.0);
    for (const char* text : {"NaN", "Infinity", "-Infinity", "1e999", "-1e999", "12\xE2\x80\xA6", ""}) {
        INFO("text " << text);
        CHECK_FALSE(to_double(number(text)).has_value());
    }
    CHECK(to_double({Kind::text, "1", 0}) == 1.0);
    for (const char* other : {"1 ", " 1", "1x", "+1", "0x1", "inf", "nan", ""})
        CHECK_FALSE(to_double({Kind::text, other, 0}).has_value());
    CHECK_FALSE(to_double({Kind::boolean, "true", 0}).has_value());
    CHECK_FALSE(to_double({Kind::null, "", 0}).has_value());
}

TEST_CASE("to_count: a count is an integer of 64 bits, or a double without a fraction up to 2^53", "[receive]") {
    using curtail::detail::to_count;
    CHECK(to_count(number("0")) == 0);
    CHECK(to_count(number("18446744073709551615")) == UINT64_MAX);
    CHECK(to_count(number("12.0")) == 12);
    CHECK(to_count(number("1.5e1")) == 15);
    CHECK(to_count(number("-0")) == 0);
    CHECK(to_count(number("-0.0")) == 0);
    CHECK(to_count(number("9007199254740992.0")) == 9007199254740992U);
    for (const char* text :
         {"-1", "-1.0", "1.5", "18446744073709551616", "1e16", "1e400", "NaN", "Infinity", "5\xE2\x80\xA6"}) {
        INFO("text " << text);
        CHECK_FALSE(to_count(number(text)).has_value());
    }
    CHECK(to_count({Kind::text, "5", 0}) == 5);
    CHECK_FALSE(to_count({Kind::null, "", 0}).has_value());
}

TEST_CASE("PredictionCollector: keeps the first predictions, one cell or one row each, and counts all", "[receive]") {
    const ReceiverOptions options{.sample_rows = 2};
    const auto plain = collect<PredictionCollector>(R"([0.5,"yes",null,[1],{}])", options);
    CHECK(plain.whole());
    CHECK(plain.seen() == 5);
    CHECK(plain.rows() == std::vector<SampleRow>{{number("0.5")}, {{Kind::text, "yes", 0}}});
    const auto rows = collect<PredictionCollector>(R"([[1,[2,3]],[],[4]])", options);
    CHECK(rows.seen() == 3);
    CHECK(rows.rows() == std::vector<SampleRow>{{number("1"), {Kind::nested, "[2,3]", 0}}, {}});
    const auto object = collect<PredictionCollector>(R"([{"a": 1}])", options);
    CHECK(object.rows() == std::vector<SampleRow>{{{Kind::nested, "{\"a\":1}", 0}}});
}

TEST_CASE("PredictionCollector: counts predictions that it does not keep", "[receive]") {
    const auto none = collect<PredictionCollector>(list_of(1000, "[1,2]"), {.sample_rows = 0});
    CHECK(none.rows().empty());
    CHECK(none.seen() == 1000);
    const auto wide = collect<PredictionCollector>("[" + list_of(1000, "7") + ",[8]]", {.max_columns = 3});
    REQUIRE(wide.rows().size() == 2);
    CHECK(wide.rows()[0].size() == 3);
    CHECK(wide.seen() == 2);
    const auto spent = collect<PredictionCollector>(list_of(50, "1"), {.max_kept_bytes = 3 * sizeof(SampleCell)});
    CHECK(spent.rows().size() <= 3);
    CHECK(spent.seen() == 50);
}

TEST_CASE("PredictionCollector: is present once it has begun, and whole once it has ended", "[receive]") {
    const auto begun = collect<PredictionCollector>("[1,2,");
    CHECK(begun.present());
    CHECK_FALSE(begun.whole());
    CHECK(begun.seen() == 2);
    const auto in_row = collect<PredictionCollector>("[[1,2],[3");
    CHECK(in_row.present());
    CHECK_FALSE(in_row.whole());
    CHECK(in_row.seen() == 2);
    CHECK(collect<PredictionCollector>("[]").whole());
    CHECK(collect<PredictionCollector>("[]").present());
    for (const char* other : {"7", "null", "\"[1]\""}) {
        CHECK_FALSE(collect<PredictionCollector>(other).present());
        CHECK(collect<PredictionCollector>(other).seen() == 0);
    }
}

TEST_CASE("TextListCollector: a single text is a list of one, and no other value is a list", "[receive]") {
    CHECK(collect<TextListCollector>(R"(["a","b"])").texts() == std::vector<std::string>{"a", "b"});
    CHECK(collect<TextListCollector>(R"("a")").texts() == std::vector<std::string>{"a"});
    CHECK(collect<TextListCollector>(R"("a")").total() == 1);
    CHECK(collect<TextListCollector>("[]").present());
    CHECK(collect<TextListCollector>("[]").total() == 0);
    for (const char* other : {"7", "null", "true", "{\"a\":\"b\"}"}) {
        CHECK_FALSE(collect<TextListCollector>(other).present());
    }
    // pandas writes the names of unnamed columns as numbers.
    CHECK(collect<TextListCollector>("[0,1.5,[\"x\", 2]]").texts() ==
          std::vector<std::string>{"0", "1.5", "[\"x\",2]"});
}

TEST_CASE("TextListCollector: keeps as many texts as columns, none longer than a name, and counts all", "[receive]") {
    const auto many = collect<TextListCollector>(list_of(5000, "\"n\""), {.max_columns = 4});
    CHECK(many.texts().size() == 4);
    CHECK(many.total() == 5000);
    const auto long_one = collect<TextListCollector>(R"(["0123456789abcdefg"])", {.max_name_bytes = 16});
    CHECK(long_one.texts() == std::vector<std::string>{"0123456789abc\xE2\x80\xA6"});
    const auto alone = collect<TextListCollector>("\"n\"", {.max_kept_bytes = 0});
    CHECK(alone.texts().empty());
    CHECK(alone.total() == 1);
}

TEST_CASE("TruncatedCellCollector: reads cut cells member by member, in any order and beside anything", "[receive]") {
    const auto found = collect<TruncatedCellCollector>(
        R"([{"row":2,"column":"a","bytes":5000},{"why":[1,{"row":9}],"bytes":7,"row":1,"column":"b"},{}])");
    CHECK(found.cells() == std::vector<TruncatedCell>{{2, "a", 5000}, {1, "b", 7}, {0, "", 0}});
    CHECK(found.total() == 3);
    const auto odd = collect<TruncatedCellCollector>(
        R"([7,{"row":-1,"bytes":"many"},[1],{"row":1,"row":3,"column":"x","column":"y"}])");
    CHECK(odd.cells() == std::vector<TruncatedCell>{{0, "", 0}, {3, "y", 0}});
    const auto sides = collect<TruncatedCellCollector>(
        R"([{"prediction":true,"column":"a"},{"column":"a","prediction":false},{"column":"a","prediction":1}])");
    CHECK(sides.cells() == std::vector<TruncatedCell>{{0, "a", 0, true}, {0, "a", 0}, {0, "a", 0}});
    for (const char* other : {"7", "null", "\"x\"", "{\"row\":1}"}) {
        CHECK(collect<TruncatedCellCollector>(other).total() == 0);
    }
}

TEST_CASE("TruncatedCellCollector: keeps the first thousand and counts all", "[receive]") {
    const std::string cell = R"({"row":1,"column":"c","bytes":2})";
    const auto just = collect<TruncatedCellCollector>(list_of(1000, cell));
    CHECK(just.cells().size() == 1000);
    CHECK(just.total() == 1000);
    const auto more = collect<TruncatedCellCollector>(list_of(2500, cell));
    CHECK(more.cells().size() == 1000);
    CHECK(more.total() == 2500);
}

TEST_CASE("PredictionCollector: reads labelled predictions, and knows how many each row has", "[receive]") {
    const auto labelled = collect<PredictionCollector>(R"({"a":0.5,"7":null})");
    CHECK(labelled.is_object());
    CHECK_FALSE(labelled.has_containers());
    CHECK(labelled.seen() == 2);
    REQUIRE(labelled.rows().size() == 2);
    CHECK(labelled.rows()[0].at(0).text == "0.5");
    for (const char* nested : {R"({"a":[1,2],"b":[3]})", R"({"a":{"0":1},"b":1})"}) {
        const auto found = collect<PredictionCollector>(nested);
        CHECK(found.has_containers());
        CHECK(found.rows().empty());
        CHECK(found.seen() == 2);
    }
    const auto ragged = collect<PredictionCollector>("[1,[1,2,3,4],[]]", {.max_columns = 2});
    CHECK_FALSE(ragged.is_object());
    CHECK(ragged.narrowest() == 0);
    CHECK(ragged.widest() == 4);
    CHECK(collect<PredictionCollector>("[]").widest() == 0);
    CHECK(collect<PredictionCollector>("[]").narrowest() == 0);
}
