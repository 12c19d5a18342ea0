// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/bound_array.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/arrow_builder.hpp"

using arrow_test::batch;
using arrow_test::bits;
using arrow_test::column;
using arrow_test::contains;
using arrow_test::Node;
using arrow_test::PlainAbi;
using arrow_test::Releases;
using arrow_test::text_column;
using arrow_test::values;
using Array = PlainAbi::Array;

namespace {

// Binds the batch after `change` and reads all of it. Returns the text of the error; everything is released in any
// case.
template <class Change>
std::string error_of(const Node& node, Change change) {
    Releases releases;
    PlainAbi::Schema schema;
    Array array;
    arrow_test::export_schema<PlainAbi>(node, schema, &releases);
    arrow_test::export_array<PlainAbi>(node, array, &releases);
    change(array);
    std::string text = "no error";
    try {
        described_rows(curtail::arrow_batch(std::move(schema), std::move(array)));
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::bad_cell);
        text = error.what();
    }
    CHECK(array.release == nullptr);
    CHECK(releases.each_once());
    return text;
}

}  // namespace

TEST_CASE("bind_arrow: refuses a child that is shorter than its parent's slice", "[table]") {
    const Node node = batch(3, {column<std::int32_t>("a", "i", {1, 2, 3})});
    CHECK(error_of(node, [](Array&) {}) == "no error");
    CHECK(contains(error_of(node, [](Array& a) { a.length = 4; }),
                   "column 'a': its Arrow array has 3 rows, but 4 are needed"));
    CHECK(contains(error_of(node, [](Array& a) { a.offset = 1; }), "3 rows, but 4"));
    CHECK(error_of(node, [](Array& a) {
              a.offset = 1;
              a.length = 2;
          }) == "no error");
}

TEST_CASE("bind_arrow: refuses negative and impossible lengths, offsets and null counts", "[table]") {
    const Node node = batch(1, {column<std::int32_t>("a", "i", {1})});
    const std::int64_t huge = (std::numeric_limits<std::int64_t>::max)();
    CHECK(contains(error_of(node, [](Array& a) { a.length = -1; }), "the length -1"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->length = -1; }), "column 'a'"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->offset = -1; }), "the offset -1"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->null_count = -2; }), "the null count -2"));
    CHECK(contains(error_of(node, [&](Array& a) { a.children[0]->offset = huge; }), "more rows than memory"));
    CHECK(contains(error_of(node, [&](Array& a) { a.children[0]->length = huge / 2; }), "more rows than memory"));
    CHECK(contains(error_of(node, [&](Array& a) { a.length = a.offset = huge / 4; }), "are needed"));
    const Node fixed = batch(1, {{.format = "+w:1000000",
                                  .name = "f",
                                  .length = 1,
                                  .buffers = {std::nullopt},
                                  .children = {node.children[0]}}});
    CHECK(contains(error_of(fixed, [&](Array& a) { a.children[0]->length = huge / 1000; }), "more rows than memory"));
}

TEST_CASE("bind_arrow: refuses a wrong number of buffers or children", "[table]") {
    const Node node = batch(1, {column<std::int32_t>("a", "i", {1}), text_column("t", "u", {"x"})});
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->n_buffers = 1; }), "1 buffers, but its type takes 2"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[1]->n_buffers = 2; }), "2 buffers, but its type takes 3"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->n_buffers = -1; }), "-1 buffers"));
    CHECK(
        contains(error_of(node, [](Array& a) { a.n_buffers = 0; }), "the record batch: its Arrow array has 0 buffers"));
    CHECK(contains(error_of(node, [](Array& a) { a.n_children = 1; }), "1 children, but its schema has 2"));
    CHECK(
        contains(error_of(node, [](Array& a) { a.children[0]->n_children = 1; }), "1 children, but its schema has 0"));
    const Node view = batch(
        1,
        {{.format = "vu", .name = "v", .length = 1, .buffers = {std::nullopt, std::string(16, '\0'), std::nullopt}}});
    CHECK(error_of(view, [](Array&) {}) == "no error");
    CHECK(contains(error_of(view, [](Array& a) { a.children[0]->n_buffers = 2; }), "at least 3"));
}

TEST_CASE("bind_arrow: refuses a null pointer that would be read", "[table]") {
    const Node node = batch(1, {column<std::int32_t>("a", "i", {1}, bits("1")), text_column("t", "u", {"x"})});
    CHECK(contains(error_of(node, [](Array& a) { a.children = nullptr; }), "2 children"));
    CHECK(
        contains(error_of(node, [](Array& a) { a.children[0] = nullptr; }), "column 'a': its Arrow array is missing"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[1]->release(a.children[1]); }),
                   "column 't': its Arrow array is missing or was released"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->buffers = nullptr; }), "has no buffers"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[0]->buffers[1] = nullptr; }), "values buffer is missing"));
    CHECK(contains(error_of(node, [](Array& a) { a.children[1]->buffers[1] = nullptr; }), "values buffer is missing"));
    CHECK(contains(error_of(node,
                            [](Array& a) {
                                a.children[0]->buffers[0] = nullptr;
                                a.children[0]->null_count = 1;
                            }),
                   "nulls but no validity bitmap"));
    Node coded = column<std::int32_t>("c", "i", {0});
    coded.dictionary = {column<double>("", "g", {0.5})};
    CHECK(contains(error_of(batch(1, {coded}), [](Array& a) { a.children[0]->dictionary = nullptr; }),
                   "its dictionary is missing"));
    CHECK(contains(
        error_of(batch(1, {coded}), [](Array& a) { a.children[0]->dictionary->release(a.children[0]->dictionary); }),
        "its dictionary is missing or was released"));
    const Node bools = batch(1, {{.format = "b", .name = "b", .length = 1, .buffers = {std::nullopt, std::nullopt}}});
    CHECK(contains(error_of(bools, [](Array&) {}), "values buffer is missing"));
    const Node dense = batch(1, {{.format = "+ud:0",
                                  .name = "d",
                                  .length = 1,
                                  .buffers = {values<std::int8_t>({0}), std::nullopt},
                                  .children = {column<double>("", "g", {0.5})}}});
    CHECK(contains(error_of(dense, [](Array&) {}), "second buffer"));
    const Node view = batch(1, {{.format = "vu",
                                 .name = "v",
                                 .length = 1,
                                 .buffers = {std::nullopt, std::string(16, '\0'), "data", std::nullopt}}});
    CHECK(contains(error_of(view, [](Array&) {}), "sizes of its data buffers are missing"));
}

TEST_CASE("bind_arrow: needs no buffers for an array without rows", "[table]") {
    for (const char* format : {"l", "b", "u", "U", "vu", "z", "w:4", "d:5,2", "tsu:", "tin"}) {
        const std::size_t count =
            std::string(format) == "u" || *format == 'U' || *format == 'v' || *format == 'z' ? 3 : 2;
        Node node{.format = format, .name = "x", .length = 0, .buffers = std::vector<arrow_test::Buffer>(count)};
        INFO(format);
        CHECK(error_of(batch(0, {node}), [](Array&) {}) == "no error");
        CHECK(error_of(batch(0, {node}), [](Array& a) { a.children[0]->buffers = nullptr; }) == "no error");
    }
    const Node list{.format = "+l",
                    .name = "x",
                    .length = 0,
                    .buffers = {std::nullopt, std::nullopt},
                    .children = {column<double>("", "g", {})}};
    CHECK(error_of(batch(0, {list}), [](Array&) {}) == "no error");
    const Node runs{.format = "+r",
                    .name = "x",
                    .length = 0,
                    .children = {column<std::int32_t>("", "i", {}), column<double>("", "g", {})}};
    CHECK(error_of(batch(0, {runs}), [](Array&) {}) == "no error");
}
