// SPDX-License-Identifier: MIT
#include <curtail/table/cell.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <curtail/table/arrow.hpp>
#include <curtail/table/table.hpp>

#include "catch.hpp"
#include "table/arrow_builder.hpp"
#include "table/described.hpp"

namespace {

using namespace std::string_literals;
using arrow_test::batch;
using arrow_test::bits;
using arrow_test::column;
using arrow_test::Node;
using arrow_test::table_of;
using arrow_test::text_column;
using curtail::CodedText;

struct Colour {
    int number;

    const void* dictionary() const noexcept { return "red green"; }
    std::size_t code() const noexcept { return static_cast<std::size_t>(number); }
    std::size_t codes() const noexcept { return 2; }
    operator std::string_view() const { return number == 0 ? "red" : "green"; }
};

struct Colours {
    curtail::Schema columns{{"colour", {curtail::CellKind::text}}};

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return 2; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit(Colour{static_cast<int>(row)});
    }
};

template <class T>
std::string as_cell(const T& value) {
    std::string text = "no text";
    curtail::visit_cell(value, [&](const auto& plain) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(plain)>, std::string_view>) text = plain;
    });
    return text;
}

// What visit_row() hands out: the code, "text" or "null".
std::vector<std::string> codes_of(const Node& node) {
    const auto table = table_of(batch(node.length, {node}));
    std::vector<std::string> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        table.visit_row(row, [&]<class Value>(const Value& value) {
            if constexpr (CodedText<Value>) {
                seen.push_back(std::to_string(value.code()) + " of " + std::to_string(value.codes()));
            } else {
                seen.push_back(std::is_same_v<Value, curtail::Null> ? "null" : "no code");
            }
        });
    }
    return seen;
}

Node dictionary(Node indices, Node values) {
    indices.dictionary = {std::move(values)};
    return indices;
}

}  // namespace

TEST_CASE("a text with a code is a cell like any text for whoever does not ask for the code") {
    static_assert(CodedText<Colour>);
    static_assert(curtail::CellLike<Colour>);
    static_assert(curtail::detail::kind_of<Colour>() == curtail::CellKind::text);
    static_assert(curtail::Table<Colours>);
    CHECK(as_cell(Colour{0}) == "red");
    CHECK(as_cell(Colour{1}) == "green");
    CHECK(described_rows(Colours{}) == std::vector<DescribedRow>{{"text red"}, {"text green"}});
}

TEST_CASE("texts alone have no code") {
    static_assert(!CodedText<std::string>);
    static_assert(!CodedText<std::string_view>);
    static_assert(!CodedText<const char*>);
    static_assert(!CodedText<curtail::Cell>);
}

TEST_CASE("Arrow dictionaries of texts give the code of each cell, and nulls as nulls") {
    const Node words = text_column("", "u", {"a", "bb"});
    CHECK(codes_of(dictionary(column<std::int8_t>("c", "c", {1, 0, 1}, bits("1 1 0")), words)) ==
          std::vector<std::string>{"1 of 2", "0 of 2", "null"});
    CHECK(codes_of(dictionary(column<std::uint32_t>("c", "I", {1, 0}), text_column("", "U", {"a", "bb"}))) ==
          std::vector<std::string>{"1 of 2", "0 of 2"});
    const Node one_word = text_column("", "u", {"a", "bb"}, bits("1 0"));
    CHECK(codes_of(dictionary(column<std::int64_t>("c", "l", {0, 1}), one_word)) ==
          std::vector<std::string>{"0 of 2", "null"});
}

TEST_CASE("Arrow dictionaries of other values, and of dictionaries, are looked through") {
    CHECK(codes_of(dictionary(column<std::int8_t>("c", "c", {1, 0}), column<double>("", "g", {0.5, 1.5}))) ==
          std::vector<std::string>{"no code", "no code"});
    const Node inner = dictionary(column<std::int8_t>("", "c", {1, 0}), text_column("", "u", {"a", "bb"}));
    CHECK(codes_of(dictionary(column<std::int8_t>("c", "c", {0, 1}), inner)) ==
          std::vector<std::string>{"no code", "no code"});
    CHECK(arrow_test::cells_of(dictionary(column<std::int8_t>("c", "c", {0, 1}), inner)) ==
          std::vector<std::string>{"text bb", "text a"});
}
