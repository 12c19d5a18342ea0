// SPDX-License-Identifier: MIT
#include <curtail/table/matrix.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "seed.hpp"
#include "table/described.hpp"

namespace {

using curtail::CellKind;
using curtail::column_major;
using curtail::ErrorCode;
using curtail::matrix;
using curtail::MatrixLayout;
using curtail::row_major;
using curtail::TableError;

const std::vector<float> six = {0.0F, 1.0F, 2.0F, 3.0F, 4.0F, 5.0F};
const std::vector<DescribedRow> two_by_three = {{"float32 0.0", "float32 1.0", "float32 2.0"},
                                                {"float32 3.0", "float32 4.0", "float32 5.0"}};

template <class Make>
std::string error_of(Make make) {
    try {
        static_cast<void>(make());
    } catch (const TableError& error) {
        CHECK((error.code() == ErrorCode::invalid_schema || error.code() == ErrorCode::row_count_mismatch));
        return error.what();
    }
    return "no error";
}

// A matrix that says where its elements are in Eigen's words, and one that knows only inner and outer strides.
struct Stepped {
    std::array<int, 4> elements = {1, 2, 3, 4};  // within itself, so it moves as the table moves

    const int* data() const { return elements.data(); }
    std::ptrdiff_t rows() const { return 2; }
    std::ptrdiff_t cols() const { return 2; }
    std::ptrdiff_t rowStride() const { return 1; }
    std::ptrdiff_t colStride() const { return 2; }
};
template <bool by_rows>
struct InnerOuter {
    enum { IsRowMajor = by_rows ? 1 : 0 };
    const float* elements;

    const float* data() const { return elements; }
    long rows() const { return by_rows ? 2 : 3; }
    long cols() const { return by_rows ? 3 : 2; }
    long innerStride() const { return 1; }
    long outerStride() const { return 3; }
};
// std::mdspan by its words, of any rank up to three.
struct Span {
    float* elements;
    std::array<std::size_t, 3> extents;
    std::array<std::size_t, 3> strides;
    std::size_t dimensions;

    float* data_handle() const { return elements; }
    std::size_t rank() const { return dimensions; }
    std::size_t extent(std::size_t i) const { return extents.at(i < dimensions ? i : 99); }
    std::size_t stride(std::size_t i) const { return strides.at(i < dimensions ? i : 99); }
};
// What is flat to look at and says that it is not.
struct Foreign : std::vector<float> {
    const float* strides() const { return data(); }
};
struct Sides : std::vector<float> {
    int rows() const { return 1; }
    int cols() const { return 1; }
};

}  // namespace

TEST_CASE("a pointer and two sides are a table, by rows or by columns") {
    const auto table = matrix(six.data(), 2, 3, {"a", "b", "c"});
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() ==
          curtail::Schema{{"a", {CellKind::float32}}, {"b", {CellKind::float32}}, {"c", {CellKind::float32}}});
    CHECK(described_rows(table) == two_by_three);
    CHECK(described_rows(row_major(six.data(), 2, 3)) == two_by_three);
    const std::vector<DescribedRow> transposed = {
        {"float32 0.0", "float32 3.0"}, {"float32 1.0", "float32 4.0"}, {"float32 2.0", "float32 5.0"}};
    CHECK(described_rows(column_major(six.data(), 3, 2)) == transposed);
    CHECK(described_rows(matrix(six.data(), 3, 2, {"a", "b"}, MatrixLayout::column_major)) == transposed);
    CHECK(described_rows(matrix(six.data(), 3, 2, {}, {1, 3})) == transposed);
}

TEST_CASE("columns without names are numbered") {
    const auto table = row_major(six.data(), 1, 3);
    CHECK(table.schema()[0].name == "0");
    CHECK(table.schema()[2].name == "2");
}

TEST_CASE("a row of a matrix can be read from any column on") {
    const auto table = column_major(six.data(), 3, 2);
    CHECK(described_row(table, 2, 1) == DescribedRow{"float32 5.0"});
    CHECK(described_row(table, 2, 2).empty());
}

TEST_CASE("strides may be negative, padded or zero") {
    const auto last = six.data() + 5;
    CHECK(described_rows(matrix(last, 2, 3, {}, {-3, -1})) ==
          std::vector<DescribedRow>{{"float32 5.0", "float32 4.0", "float32 3.0"},
                                    {"float32 2.0", "float32 1.0", "float32 0.0"}});
    CHECK(described_rows(matrix(six.data() + 1, 2, 2, {}, {3, 1})) ==
          std::vector<DescribedRow>{{"float32 1.0", "float32 2.0"}, {"float32 4.0", "float32 5.0"}});
    CHECK(described_rows(matrix(six.data(), 2, 2, {}, {0, 5})) ==
          std::vector<DescribedRow>{{"float32 0.0", "float32 5.0"}, {"float32 0.0", "float32 5.0"}});
}

TEST_CASE("elements keep their type") {
    const bool bits[] = {true, false};
    CHECK(described_rows(row_major(bits, 1, 2)) == std::vector<DescribedRow>{{"bool true", "bool false"}});
    const std::int8_t bytes[] = {-1};
    CHECK(row_major(bytes, 1, 1).schema()[0].type.kind == CellKind::int8);
    CHECK(described_rows(row_major(bytes, 1, 1)) == std::vector<DescribedRow>{{"int64 -1"}});
    const std::uint64_t wide[] = {UINT64_MAX};
    CHECK(described_rows(row_major(wide, 1, 1)) == std::vector<DescribedRow>{{"uint64 18446744073709551615"}});
    const float tenth[] = {0.1F};
    CHECK(described_rows(row_major(tenth, 1, 1)) == std::vector<DescribedRow>{{"float32 0.1"}});
    const std::optional<double> gaps[] = {0.5, {}};
    CHECK(row_major(gaps, 1, 2).schema()[1].type.kind == CellKind::float64);
    CHECK(described_rows(row_major(gaps, 1, 2)) == std::vector<DescribedRow>{{"float64 0.5", "null"}});
    const std::string texts[] = {"a", "b"};
    CHECK(described_rows(column_major(texts, 2, 1)) == std::vector<DescribedRow>{{"text a"}, {"text b"}});
}

TEST_CASE("NaN stays NaN unless it is asked to be null") {
    const double numbers[] = {std::nan(""), std::numeric_limits<double>::infinity(), 1.0};
    bool stayed = false;
    curtail::visit_row(row_major(numbers, 1, 1), 0, [&](const auto& value) {
        if constexpr (std::is_same_v<decltype(value), const double&>) stayed = std::isnan(value);
    });
    CHECK(stayed);
    const auto table = row_major(numbers, 1, 3, {}, {.nan_as_null = true});
    std::vector<std::string> kinds;
    curtail::visit_row(table, 0, [&](const auto& value) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, curtail::Null>) {
            kinds.push_back("null");
        } else {
            kinds.push_back(std::isinf(value) ? "infinity" : "number");
        }
    });
    CHECK(kinds == std::vector<std::string>{"null", "infinity", "number"});
    CHECK(table.schema()[0].type.kind == CellKind::float64);
}

TEST_CASE("a flat range has as many columns as there are names, or one") {
    CHECK(described_rows(matrix(six, {"a", "b", "c"})) == two_by_three);
    CHECK(matrix(six).rows() == 6);
    CHECK(matrix(six).schema()[0].name == "0");
    CHECK(described_rows(matrix(std::span<const float>(six).subspan(4), {"p"})) ==
          std::vector<DescribedRow>{{"float32 4.0"}, {"float32 5.0"}});
    const float plain[] = {1.0F, 2.0F};
    CHECK(described_rows(matrix(plain, {"a", "b"})) == std::vector<DescribedRow>{{"float32 1.0", "float32 2.0"}});
    CHECK(error_of([] {
              return matrix(six, {"a", "b", "c", "d"});
          }) == "[curtail.row_count_mismatch] 6 elements make no rows of 4");
    const std::vector<float> none;
    CHECK(matrix(none, {"a", "b"}).rows() == 0);
    CHECK(matrix(none, {"a", "b"}).schema().size() == 2);
}

TEST_CASE("a matrix that knows its sides and strides needs no more said") {
    const std::vector<DescribedRow> by_columns = {{"int64 1", "int64 3"}, {"int64 2", "int64 4"}};
    const Stepped stepped;
    CHECK(described_rows(matrix(stepped)) == by_columns);
    CHECK(described_rows(matrix(stepped, {"x", "y"})) == by_columns);
    CHECK(described_rows(matrix(InnerOuter<true>{six.data()})) == two_by_three);
    CHECK(described_rows(matrix(InnerOuter<false>{six.data()})) ==
          std::vector<DescribedRow>{
              {"float32 0.0", "float32 3.0"}, {"float32 1.0", "float32 4.0"}, {"float32 2.0", "float32 5.0"}});
    std::vector<float> elements = six;
    CHECK(described_rows(matrix(Span{elements.data(), {2, 3, 0}, {3, 1, 0}, 2})) == two_by_three);
    CHECK(described_rows(matrix(Span{elements.data(), {2, 0, 0}, {4, 0, 0}, 1})) ==
          std::vector<DescribedRow>{{"float32 0.0"}, {"float32 4.0"}});
    CHECK(error_of([&] {
              return matrix(Span{elements.data(), {1, 2, 3}, {6, 3, 1}, 3});
          }) == "[curtail.invalid_schema] an array of 3 dimensions is no matrix: reshape it to rows and columns first");
    static_assert(!curtail::FlatRange<Foreign> && !curtail::StridedMatrix<Foreign>);
    static_assert(!curtail::FlatRange<Sides> && !curtail::StridedMatrix<Sides>);
}

TEST_CASE("a matrix passed as a variable is referred to, and one that is moved in moves along with its table") {
    std::vector<float> elements = six;
    const auto view = matrix(elements, {"a", "b", "c"});
    elements[0] = 9.0F;
    CHECK(described_row(view, 0)[0] == "float32 9.0");

    auto flat = matrix(std::vector<float>{1.0F, 2.0F}, {"a"});
    const auto moved_flat = std::move(flat);
    CHECK(described_rows(moved_flat) == std::vector<DescribedRow>{{"float32 1.0"}, {"float32 2.0"}});

    std::optional first(matrix(Stepped{{5, 6, 7, 8}}));
    const auto moved = std::move(*first);
    first.reset();
    CHECK(moved.rows() == 2);
    CHECK(described_rows(moved) == std::vector<DescribedRow>{{"int64 5", "int64 7"}, {"int64 6", "int64 8"}});
    static_assert(!std::is_move_assignable_v<decltype(first)::value_type>);
    static_assert(std::is_move_assignable_v<std::remove_const_t<decltype(view)>>);
}

TEST_CASE("a wrong number of names for a matrix is an error") {
    CHECK(error_of([] {
              return row_major(six.data(), 2, 3, {"a", "b"});
          }) == "[curtail.invalid_schema] 2 names for a matrix of 3 columns");
    CHECK_THROWS_AS(matrix(Stepped{}, {"a", "b", "c"}), TableError);
}

TEST_CASE("sizes that fit no memory are errors, and so are elements at no address") {
    constexpr std::size_t most = SIZE_MAX;
    constexpr std::size_t half = most / 2 + 1;  // what -2^63 becomes as a size
    const auto fails = [](std::size_t rows, std::size_t columns, curtail::MatrixStrides strides) {
        return error_of([&] { return matrix(six.data(), rows, columns, {"a"}, strides); });
    };
    CHECK(error_of([&] { return row_major(six.data(), most, 1); }) ==
          "[curtail.invalid_schema] a matrix of 18446744073709551615 x 1 elements fits no memory");
    CHECK(error_of([&] { return column_major(six.data(), most, 3); }).ends_with("fits no memory"));
    CHECK(error_of([&] { return row_major(six.data(), 2, half); }).ends_with("fits no memory"));
    CHECK(error_of([&] {
              return row_major(six.data(), std::size_t{1} << 32U, std::size_t{1} << 32U);
          }).ends_with("fits no memory"));
    CHECK(fails(half, 1, {0, 0}).ends_with("fits no memory"));
    CHECK(fails(3, 1, {PTRDIFF_MAX, 1}).ends_with("fits no memory"));
    CHECK(fails(2, 1, {PTRDIFF_MIN, 1}).ends_with("fits no memory"));
    CHECK(fails(2, 1, {PTRDIFF_MAX / 2, 1}).ends_with("fits no memory"));  // in elements it fits, in bytes it does not
    CHECK(fails(2, 2, {PTRDIFF_MAX / 8 + 1, PTRDIFF_MAX / 8 + 1}).ends_with("fits no memory"));
    CHECK(fails(2, 2, {-PTRDIFF_MAX / 8 - 1, PTRDIFF_MAX / 8 + 1}).ends_with("fits no memory"));
    const float* const nowhere = nullptr;
    CHECK(error_of([&] { return row_major(nowhere, 2, 3); }) ==
          "[curtail.invalid_schema] a matrix of 2 x 3 elements has no data");
    CHECK(row_major(nowhere, 0, 3).schema().size() == 3);
    CHECK(row_major(nowhere, 4, 0).rows() == 4);
}

TEST_CASE("several columns of predictions join the features that another owner holds") {
    const std::vector<double> scores = {0.25, 0.75, 0.5, 0.5};
    const auto table =
        curtail::with_prediction(row_major(six.data(), 2, 3, {"a", "b", "c"}), matrix(scores, {"no", "yes"}));
    CHECK(table.schema().prediction_count() == 2);
    CHECK(described_row(table, 1) ==
          DescribedRow{"float32 3.0", "float32 4.0", "float32 5.0", "float64 0.5", "float64 0.5"});
    CHECK(described_row(table, 0, 4) == DescribedRow{"float64 0.75"});
    CHECK_THROWS_AS(curtail::with_prediction(row_major(six.data(), 2, 3), matrix(scores, {"no"})), TableError);
    CHECK_THROWS_AS(curtail::with_prediction(matrix(six), matrix(six)), TableError);  // both are named "0"
}

TEST_CASE("any strides over any buffer give the elements that the formula names") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::vector<std::int32_t> buffer(4096);
    for (std::size_t i = 0; i < buffer.size(); ++i) buffer[i] = static_cast<std::int32_t>(i);
    for (int round = 0; round < 300; ++round) {
        const auto rows = static_cast<std::size_t>(random() % 8);
        const auto columns = static_cast<std::size_t>(random() % 8);
        const curtail::MatrixStrides strides = {static_cast<std::ptrdiff_t>(random() % 401) - 200,
                                                static_cast<std::ptrdiff_t>(random() % 101) - 50};
        const std::ptrdiff_t origin = 2048;
        const auto table = matrix(buffer.data() + origin, rows, columns, {}, strides);
        REQUIRE(table.rows() == rows);
        REQUIRE(table.schema().size() == columns);
        for (std::size_t row = 0; row < rows; ++row) {
            std::size_t column = 0;
            bool same = true;
            curtail::visit_row(table, row, [&](const std::int32_t& value) {
                same = same && value == origin + static_cast<std::ptrdiff_t>(row) * strides.row +
                                            static_cast<std::ptrdiff_t>(column) * strides.column;
                ++column;
            });
            CHECK(same);
            CHECK(column == columns);
        }
    }
}
