// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/nested_json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/arrow_builder.hpp"

using arrow_test::bits;
using arrow_test::Buffer;
using arrow_test::cells_of;
using arrow_test::column;
using arrow_test::contains;
using arrow_test::Node;
using arrow_test::read_error;
using arrow_test::text_column;
using arrow_test::values;
using Cells = std::vector<std::string>;

namespace {

Node numbers() {
    return column<std::int32_t>("item", "i", {1, 2, 3, 4, 5, 6}, bits("110111"));
}

Node nested(std::string format, std::int64_t length, std::vector<Buffer> buffers, std::vector<Node> children,
            std::int64_t offset = 0) {
    return {.format = std::move(format),
            .name = "x",
            .length = length,
            .buffers = std::move(buffers),
            .offset = offset,
            .children = std::move(children)};
}

}  // namespace

TEST_CASE("append_arrow_json: writes lists as JSON arrays, with nulls inside and outside", "[table]") {
    const Cells all = {"nested [1,2]", "nested []", "null", "nested [null,4,5,6]"};
    const Node list = nested("+l", 4, {bits("1101"), values<std::int32_t>({0, 2, 2, 2, 6})}, {numbers()});
    const Node large = nested("+L", 4, {bits("1101"), values<std::int64_t>({0, 2, 2, 2, 6})}, {numbers()});
    for (Node node : {list, large}) {
        INFO(node.format);
        CHECK(cells_of(node, 1) == all);
        for (std::int64_t offset = 1; offset < 4; ++offset) {
            node.offset = offset;
            node.length = 4 - offset;
            CHECK(cells_of(node) == Cells(all.begin() + offset, all.end()));
        }
    }
}

TEST_CASE("append_arrow_json: adds the offset of a list's child", "[table]") {
    Node child = numbers();
    child.offset = 3;
    child.length = 3;
    CHECK(cells_of(nested("+l", 2, {std::nullopt, values<std::int32_t>({0, 1, 3})}, {child})) ==
          Cells{"nested [4]", "nested [5,6]"});
}

TEST_CASE("append_arrow_json: list views may overlap and go backwards", "[table]") {
    CHECK(cells_of(nested("+vl", 3, {bits("101"), values<std::int32_t>({4, -9, 0}), values<std::int32_t>({2, 99, 5})},
                          {numbers()}),
                   1) == Cells{"nested [5,6]", "null", "nested [1,2,null,4,5]"});
    CHECK(cells_of(nested("+vL", 1, {std::nullopt, values<std::int64_t>({0, 6}), values<std::int64_t>({1, 0})},
                          {numbers()}, 1)) == Cells{"nested []"});
}

TEST_CASE("append_arrow_json: fixed-size lists add the offsets of list and child", "[table]") {
    CHECK(cells_of(nested("+w:2", 3, {bits("101")}, {numbers()})) == Cells{"nested [1,2]", "null", "nested [5,6]"});
    Node child = numbers();
    child.offset = 1;
    child.length = 5;
    CHECK(cells_of(nested("+w:2", 1, {std::nullopt}, {child}, 1)) == Cells{"nested [4,5]"});
    CHECK(cells_of(nested("+w:0", 2, {std::nullopt}, {numbers()})) == Cells{"nested []", "nested []"});
}

TEST_CASE("append_arrow_json: writes structs as JSON objects in the order of their fields", "[table]") {
    Node a = numbers();
    a.name = "a \"quoted\"";
    Node b = text_column("ignored", "u", {"u", "v", "w", "x", "y", "z"});
    b.name = std::nullopt;
    b.offset = 1;
    b.length = 5;
    CHECK(cells_of(nested("+s", 3, {bits("11011")}, {a, b}, 1)) ==
          Cells{R"(nested {"a \"quoted\"":2,"":"w"})", "null", R"(nested {"a \"quoted\"":4,"":"y"})"});
    CHECK(cells_of(nested("+s", 1, {std::nullopt}, {})) == Cells{"nested {}"});
}

TEST_CASE("append_arrow_json: writes maps as JSON objects whose keys are text", "[table]") {
    const auto map = [](Node key) {
        key.name = "key";
        Node value = column<double>("value", "g", {0.5, 1.5, 2.5}, bits("110"));
        Node entries{
            .format = "+s", .name = "entries", .length = 3, .buffers = {std::nullopt}, .children = {key, value}};
        return nested("+m", 3, {bits("101"), values<std::int32_t>({0, 2, 2, 3})}, {entries});
    };
    CHECK(cells_of(map(text_column("", "u", {"a", "b\n", "c"}))) ==
          Cells{R"(nested {"a":0.5,"b\n":1.5})", "null", R"(nested {"c":null})"});
    CHECK(cells_of(map(column<std::int64_t>("", "l", {1, -2, 3}))) ==
          Cells{R"(nested {"1":0.5,"-2":1.5})", "null", R"(nested {"3":null})"});
    CHECK(cells_of(map(column<std::int32_t>("", "tdD", {0, 1, 2})))[0] ==
          R"(nested {"1970-01-01":0.5,"1970-01-02":1.5})");
}

TEST_CASE("append_arrow_json: writes every form of cell, at any depth", "[table]") {
    Node coded = column<std::int8_t>("coded", "c", {1, 0});
    coded.dictionary = {text_column("", "u", {"no", "yes"})};
    const Node runs{.format = "+r",
                    .name = "runs",
                    .length = 2,
                    .children = {column<std::int32_t>("run_ends", "i", {2}), column<float>("values", "f", {0.1F})}};
    const Node choice{.format = "+us:0,1",
                      .name = "choice",
                      .length = 2,
                      .buffers = {values<std::int8_t>({1, 0})},
                      .children = {column<std::uint64_t>("n", "L", {1, UINT64_MAX}), text_column("t", "u", {"t", ""})}};
    const Node nothing{.format = "n", .name = "nothing", .length = 2};
    const Node list =
        nested("+l", 2, {std::nullopt, values<std::int32_t>({0, 1, 2})}, {text_column("", "z", {"J", "K"})});
    const Node node = nested("+s", 2, {std::nullopt},
                             {coded, runs, choice, nothing, list, column<std::int64_t>("at", "tss:UTC", {0, 1}),
                              column<std::int64_t>("exact", "d:18,2,64", {-5, 100})});
    CHECK(cells_of(node) ==
          Cells{R"(nested {"coded":"yes","runs":0.1,"choice":"t","nothing":null,"x":["\\x4a"],)"
                R"("at":"1970-01-01 00:00:00+00:00","exact":-0.05})",
                R"(nested {"coded":"no","runs":0.1,"choice":18446744073709551615,"nothing":null,"x":["\\x4b"],)"
                R"("at":"1970-01-01 00:00:01+00:00","exact":1.00})"});
}

TEST_CASE("visit_arrow: a dictionary of nested values gives nested cells", "[table]") {
    Node node = column<std::int32_t>("x", "i", {1, 0, 2});
    node.dictionary = {nested("+l", 3, {bits("101"), values<std::int32_t>({0, 2, 2, 3})}, {numbers()})};
    CHECK(cells_of(node) == Cells{"null", "nested [1,2]", "nested [null]"});
}

TEST_CASE("append_arrow_json: refuses a list beyond its child and names column and row", "[table]") {
    CHECK(contains(read_error(nested("+l", 1, {std::nullopt, values<std::int32_t>({0, 7})}, {numbers()})),
                   "column 'x.item': its Arrow array has 6 rows, but 7 are needed"));
    CHECK(contains(read_error(nested("+L", 2, {std::nullopt, values<std::int64_t>({0, 7, 6})}, {numbers()})),
                   "row 0, column 'x': the offsets of a value run from 0 to 7"));
    CHECK(contains(read_error(nested("+w:4", 2, {std::nullopt}, {numbers()})), "6 rows, but 8 are needed"));
    CHECK(contains(
        read_error(nested("+vl", 1, {std::nullopt, values<std::int32_t>({5}), values<std::int32_t>({2})}, {numbers()})),
        "row 0, column 'x': a list of 2 values at 5 lies outside the 6"));
    CHECK(contains(read_error(nested(
                       "+vL", 1, {std::nullopt, values<std::int64_t>({INT64_MAX}), values<std::int64_t>({INT64_MAX})},
                       {numbers()})),
                   "row 0"));
    CHECK(contains(read_error(nested("+vl", 1, {std::nullopt, values<std::int32_t>({0}), values<std::int32_t>({-1})},
                                     {numbers()})),
                   "a list of -1 values"));
}

TEST_CASE("append_arrow_json: an error names the path to the value", "[table]") {
    Node coded = column<std::int8_t>("coded", "c", {5});
    coded.dictionary = {text_column("", "u", {"only"})};
    CHECK(contains(read_error(nested("+s", 1, {std::nullopt}, {coded})), "row 0, column 'x.coded': the index 5"));
}

TEST_CASE("append_arrow_json: lists that share their elements end in an error, not in 2^40 of them", "[table]") {
    const std::string text(10'000, 'x');
    for (const int levels : {40, 25}) {
        Node node = text_column("item", "u", {text, text});
        for (int level = 0; level < levels; ++level) {
            if (levels == 25) {
                Node codes = column<std::int8_t>("item", "c", {0, 0});
                codes.dictionary = {nested("+l", 1, {std::nullopt, values<std::int32_t>({0, 2})}, {node})};
                node = std::move(codes);
            } else {
                node = nested("+vl", 2, {std::nullopt, values<std::int32_t>({0, 0}), values<std::int32_t>({2, 2})},
                              {node});
            }
        }
        node.name = "x";
        const std::string error = read_error(node);
        CHECK(contains(error, "row 0, column 'x"));
        CHECK(contains(error, "more than 16 MiB of JSON"));
    }
}

TEST_CASE("append_arrow_json: a list of nothing, as long as it may claim, ends in an error", "[table]") {
    const auto list_of = [](std::int64_t length, Node item) {
        return nested("+L", 1, {std::nullopt, values<std::int64_t>({0, length})}, {std::move(item)});
    };
    const std::string name(10'000, 'n');
    const Node nulls{.format = "n", .name = name, .length = INT64_MAX - 1};
    CHECK(contains(read_error(list_of(std::int64_t{1} << 32U, nulls)), "more than 16 MiB of JSON"));
    CHECK(contains(read_error(list_of(INT64_MAX - 1, nulls)), "9223372036854775806 rows of no memory"));
    const Node named = nested("+s", INT64_MAX - 1, {std::nullopt}, {nulls});
    CHECK(contains(read_error(list_of(std::int64_t{1} << 31U, named)), "more than 16 MiB of JSON"));
    CHECK(contains(read_error(nested("+w:2147483647", 1, {std::nullopt}, {named})), "more than 16 MiB of JSON"));
    // A map whose keys are as long as they can be: the text of a key counts alone, too.
    const Node keys = nested("+w:2147483647", 1, {std::nullopt}, {named});
    const Node entries = nested("+s", 1, {std::nullopt}, {keys, nulls});
    CHECK(contains(read_error(nested("+m", 1, {std::nullopt, values<std::int32_t>({0, 1})}, {entries})),
                   "more than 16 MiB of JSON"));
}

TEST_CASE("append_arrow_json: offsets that fall are refused below any parent, under a null too", "[table]") {
    const auto overlapping = [](std::string format, Buffer validity) {
        const bool large = format.back() == 'L';
        return nested(
            std::move(format), 3,
            {std::move(validity), large ? values<std::int64_t>({0, 6, 0, 6}) : values<std::int32_t>({0, 6, 0, 6})},
            {numbers()});
    };
    CHECK(contains(read_error(overlapping("+l", bits("101"))), "row 1, column 'x': the offsets of a value run from 6"));
    CHECK(contains(read_error(overlapping("+L", bits("101"))), "row 1, column 'x': the offsets of a value run from 6"));
    for (Node list : {overlapping("+l", bits("101")), overlapping("+L", bits("101"))}) {
        list.name = "inner";
        const auto under = [&](Node parent) {
            parent.children = {list};
            return read_error(parent);
        };
        CHECK(
            contains(under(nested("+s", 3, {std::nullopt}, {})), "'x.inner': the offsets of a value run from 6 to 0"));
        CHECK(contains(under(nested("+w:3", 1, {std::nullopt}, {})), "run from 6 to 0"));
        CHECK(contains(under(nested("+l", 1, {std::nullopt, values<std::int32_t>({0, 3})}, {})), "run from 6 to 0"));
        CHECK(
            contains(under(nested("+vl", 1, {std::nullopt, values<std::int32_t>({0}), values<std::int32_t>({3})}, {})),
                     "run from 6 to 0"));
        Node codes = column<std::int8_t>("x", "c", {0});
        codes.dictionary = {list};
        CHECK(contains(read_error(codes), "run from 6 to 0"));
        // An offset below zero in the middle, from which a slice begins.
        Node middle = nested("+l", 3, {std::nullopt, values<std::int32_t>({0, -5, 3, 6})},
                             {text_column("t", "u", {"a", "b", "c", "d", "e", "f"})});
        Node outer = nested("+l", 1, {std::nullopt, values<std::int32_t>({1, 3})}, {middle});
        CHECK(contains(read_error(outer), "run from -5 to 3"));
        // Without rows an offset says nothing of children.
        Node empty = nested("+w:2", 0, {std::nullopt}, {list}, 7);
        CHECK(read_error(empty) == "no error");
        // A slice that does not reach the fault is read.
        CHECK(under(nested("+l", 1, {std::nullopt, values<std::int32_t>({0, 1})}, {})) == "no error");
    }
}
