// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/layout.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/arrow_builder.hpp"

using arrow_test::batch;
using arrow_test::contains;
using arrow_test::Node;
using arrow_test::PlainAbi;
using arrow_test::Releases;
using curtail::CellKind;
using curtail::detail::ArrowLayout;

namespace {

ArrowLayout layout_of(const Node& node) {
    Releases releases;
    PlainAbi::Schema schema;
    arrow_test::export_schema<PlainAbi>(node, schema, &releases);
    ArrowLayout layout = ArrowLayout::take(std::move(schema));
    CHECK(schema.release == nullptr);
    CHECK(releases.each_once());
    return layout;
}

// Returns the text of the error; the schema is released in any case.
template <class Break>
std::string error_of(const Node& node, Break change) {
    Releases releases;
    PlainAbi::Schema schema;
    arrow_test::export_schema<PlainAbi>(node, schema, &releases);
    change(schema);
    std::string text = "no error";
    try {
        static_cast<void>(ArrowLayout::take(std::move(schema)));
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
        text = error.what();
    }
    CHECK(releases.each_once());
    return text;
}

std::string error_of(const Node& node) {
    return error_of(node, [](PlainAbi::Schema&) {});
}

}  // namespace

TEST_CASE("ArrowLayout: the children of a struct are the columns, with any names", "[table]") {
    const ArrowLayout layout = layout_of(batch(0, {{.format = "l", .name = "a"},
                                                   {.format = "g", .name = std::nullopt},
                                                   {.format = "u", .name = "a"},
                                                   {.format = "tsu:UTC", .name = ""}}));
    CHECK(layout.root().kind == curtail::detail::ArrowKind::structure);
    CHECK(layout.schema() == curtail::Schema{{"a", {CellKind::int64}},
                                             {"", {CellKind::float64}},
                                             {"a", {CellKind::text}},
                                             {"", {CellKind::timestamp, curtail::TimeUnit::microsecond, "UTC"}}});
}

TEST_CASE("ArrowLayout: any other type is a table of one column", "[table]") {
    const ArrowLayout layout = layout_of({.format = "g", .name = "score"});
    CHECK(layout.root().kind == curtail::detail::ArrowKind::float64);
    CHECK(layout.schema() == curtail::Schema{{"score", {CellKind::float64}}});
    CHECK(layout_of({.format = "C", .name = "kind", .dictionary = {{.format = "u"}}}).schema() ==
          curtail::Schema{{"kind", {CellKind::text}}});
}

TEST_CASE("ArrowLayout: dictionaries and runs have the type of their values", "[table]") {
    const Node runs{.format = "+r", .name = "r", .children = {{.format = "i"}, {.format = "d:5,2"}}};
    const Node both{
        .format = "+r", .name = "b", .children = {{.format = "l"}, {.format = "c", .dictionary = {{.format = "vu"}}}}};
    CHECK(layout_of(batch(0, {runs, both})).schema() ==
          curtail::Schema{{"r", {CellKind::decimal}}, {"b", {CellKind::text}}});
}

TEST_CASE("ArrowLayout: accepts a struct without children", "[table]") {
    CHECK(layout_of(batch(0, {})).schema().size() == 0);
}

TEST_CASE("ArrowLayout: an error for an unknown type names the column, the format and the cure", "[table]") {
    const std::string text = error_of(batch(0, {{.format = "l", .name = "a"}, {.format = "q", .name = "odd"}}));
    CHECK(contains(text, "[curtail.invalid_schema] column 'odd': the Arrow format 'q' is unknown; cast the column"));
    CHECK(contains(error_of(batch(0, {{.format = "+l", .name = "x", .children = {{.format = "q", .name = "item"}}}})),
                   "'x.item'"));
    CHECK(contains(error_of(batch(0, {{.format = "+l", .name = "x", .children = {{.format = "q"}}}})), "'x[0]'"));
    CHECK(contains(error_of(batch(0, {{.format = "l"}, {.format = "q", .name = std::nullopt}})), "'#1'"));
    CHECK(contains(error_of({.format = "q", .name = "alone"}), "'alone'"));
}

TEST_CASE("ArrowLayout: refuses a wrong number or type of children", "[table]") {
    CHECK(contains(error_of(batch(0, {{.format = "+l", .name = "x"}})), "0 children, but takes 1"));
    CHECK(contains(error_of(batch(0, {{.format = "l", .name = "x", .children = {{.format = "l"}}}})),
                   "1 children, but takes 0"));
    CHECK(contains(error_of(batch(0, {{.format = "+r", .name = "x", .children = {{.format = "i"}}}})), "takes 2"));
    CHECK(contains(error_of(batch(0, {{.format = "+ud:0,1", .name = "x", .children = {{.format = "i"}}}})), "takes 2"));
    CHECK(contains(error_of(batch(0, {{.format = "+m", .name = "x", .children = {{.format = "i"}}}})),
                   "struct of key and value"));
    CHECK(contains(error_of(batch(0, {{.format = "+m", .name = "x", .children = {{.format = "+s"}}}})),
                   "struct of key and value"));
    CHECK(contains(error_of(batch(0, {{.format = "+r", .name = "x", .children = {{.format = "u"}, {.format = "i"}}}})),
                   "run ends must be"));
    CHECK(contains(error_of(batch(0, {{.format = "u", .name = "x", .dictionary = {{.format = "u"}}}})),
                   "indices must be integers"));
}

TEST_CASE("ArrowLayout: refuses null pointers and released children", "[table]") {
    const Node node = batch(0, {{.format = "+l", .name = "x", .children = {{.format = "l", .name = "item"}}}});
    using S = PlainAbi::Schema;
    CHECK(contains(error_of(node, [](S& s) { s.format = nullptr; }), "no format"));
    CHECK(contains(error_of(node, [](S& s) { s.n_children = -1; }), "negative number of columns"));
    CHECK(contains(error_of(node, [](S& s) { s.children = nullptr; }), "no children pointer"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0] = nullptr; }), "lacks column 0"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0]->format = nullptr; }),
                   "column 'x': its Arrow schema has no format"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0]->children = nullptr; }), "no children pointer"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0]->children[0] = nullptr; }),
                   "child 0 of its Arrow schema is missing"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0]->n_children = -1; }), "-1 children"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0]->release(s.children[0]); }),
                   "lacks column 0, or it was released"));
    CHECK(contains(error_of(node, [](S& s) { s.children[0]->children[0]->release(s.children[0]->children[0]); }),
                   "was released"));
    CHECK(contains(error_of(batch(0, {{.format = "i", .name = "x", .dictionary = {{.format = "u"}}}}),
                            [](S& s) { s.children[0]->dictionary->release(s.children[0]->dictionary); }),
                   "its dictionary was released"));
}

TEST_CASE("ArrowLayout: refuses a schema that was released before", "[table]") {
    PlainAbi::Schema schema{};
    CHECK_THROWS_AS(ArrowLayout::take(std::move(schema)), curtail::UsageError);
}

TEST_CASE("ArrowLayout: refuses a schema nested more than 64 levels deep", "[table]") {
    Node node{.format = "l", .name = "bottom"};
    const auto nest = [&](int levels) {
        Node top = node;
        for (int i = 0; i < levels; ++i) {
            Node list{.format = "+l", .name = "x"};
            list.children.push_back(std::move(top));
            top = std::move(list);
        }
        return batch(0, {top});
    };
    CHECK(error_of(nest(60)) == "no error");
    CHECK(contains(error_of(nest(70)), "more than 64 levels deep"));
}

TEST_CASE("ArrowLayout: a schema whose nodes share children or names costs bounded memory", "[table]") {
    // Each of 60 levels is a struct whose two children are the next level: 2^60 nodes in 61 structs.
    std::vector<PlainAbi::Schema> levels(61);
    std::vector<std::array<PlainAbi::Schema*, 2>> children(levels.size());
    const auto build = [&](const char* name) {
        for (std::size_t i = 0; i < levels.size(); ++i) {
            levels[i] = {};
            levels[i].release = [](PlainAbi::Schema* self) { self->release = nullptr; };
            levels[i].name = name;
            levels[i].format = "i";
            if (i + 1 == levels.size()) break;
            children[i] = {&levels[i + 1], &levels[i + 1]};
            levels[i].format = "+s";
            levels[i].n_children = 2;
            levels[i].children = children[i].data();
        }
    };
    const auto refused = [&] {
        try {
            static_cast<void>(ArrowLayout::take(std::move(levels[0])));
        } catch (const curtail::TableError& error) {
            return std::string(error.what());
        }
        return std::string("no error");
    };
    build("x");
    CHECK(contains(refused(), "describes more nested types or longer names than 256 MiB hold"));
    CHECK(levels[0].release == nullptr);
    // A chain whose nodes have one long name: the paths grow with the square of the depth.
    const std::string name(std::size_t{1} << 20U, 'n');
    build(name.c_str());
    for (PlainAbi::Schema& level : levels) level.n_children = level.n_children == 0 ? 0 : 1;
    CHECK(contains(refused(), "256 MiB"));
    // Many columns that are one struct with a long name.
    build(name.c_str());
    std::vector<PlainAbi::Schema*> columns(1000, &levels.back());
    levels[0].n_children = 1000;
    levels[0].children = columns.data();
    CHECK(contains(refused(), "256 MiB"));
}

TEST_CASE("ArrowLayout: a table of 60,000 columns is not an attack", "[table]") {
    Node node = batch(0, {});
    for (int i = 0; i < 60'000; ++i) node.children.push_back({.format = "g", .name = "column " + std::to_string(i)});
    CHECK(layout_of(node).schema().size() == 60'000);
}
