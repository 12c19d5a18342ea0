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

// A matrix with Eigen's member functions, and one with inner and outer strides only.
struct Stepped {
    std::array<int, 4> elements = {1, 2, 3, 4};  // within itself, so they move with the table

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
// The member functions of std::mdspan, of any rank up to three.
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
// Ranges that look flat but are not.
struct Foreign : std::vector<float> {
    const float* strides() const { return data(); }
};
struct Sides : std::vector<float> {
    int rows() const { return 1; }
    int cols() const { return 1; }
};

}  // namespace

TEST_CASE("row_major, column_major: a pointer and two sides are a table", "[table]") {
    const auto table = row_major(six.data(), 2, 3, {"a", "b", "c"});
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() ==
          curtail::Schema{{"a", {CellKind::float32}}, {"b", {CellKind::float32}}, {"c", {CellKind::float32}}});
    CHECK(described_rows(table) == two_by_three);
    CHECK(described_rows(row_major(six.data(), 2, 3)) == two_by_three);
    const std::vector<DescribedRow> transposed = {
        {"float32 0.0", "float32 3.0"}, {"float32 1.0", "float32 4.0"}, {"float32 2.0", "float32 5.0"}};
    CHECK(described_rows(column_major(six.data(), 3, 2)) == transposed);
    CHECK(described_rows(matrix(six.data(), 3, 2, {}, {1, 3})) == transposed);
}

TEST_CASE("row_major: numbers columns without names", "[table]") {
    const auto table = row_major(six.data(), 1, 3);
    CHECK(table.schema()[0].name == "0");
    CHECK(table.schema()[2].name == "2");
}

TEST_CASE("MatrixTable: reads a row from any column on", "[table]") {
    const auto table = column_major(six.data(), 3, 2);
    CHECK(described_row(table, 2, 1) == DescribedRow{"float32 5.0"});
    CHECK(described_row(table, 2, 2).empty());
}

TEST_CASE("matrix: strides may be negative, padded or zero", "[table]") {
    const auto last = six.data() + 5;
    CHECK(described_rows(matrix(last, 2, 3, {}, {-3, -1})) ==
          std::vector<DescribedRow>{{"float32 5.0", "float32 4.0", "float32 3.0"},
                                    {"float32 2.0", "float32 1.0", "float32 0.0"}});
    CHECK(described_rows(matrix(six.data() + 1, 2, 2, {}, {3, 1})) ==
          std::vector<DescribedRow>{{"float32 1.0", "float32 2.0"}, {"float32 4.0", "float32 5.0"}});
    CHECK(described_rows(matrix(six.data(), 2, 2, {}, {0, 5})) ==
          std::vector<DescribedRow>{{"float32 0.0", "float32 5.0"}, {"float32 0.0", "float32 5.0"}});
}

TEST_CASE("MatrixTable: elements keep their type", "[table]") {
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

TEST_CASE("MatrixTable: NaN stays NaN unless the options make it null", "[table]") {
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

TEST_CASE("matrix: a flat range has as many columns as names, or one", "[table]") {
    CHECK(described_rows(matrix(six, {"a", "b", "c"})) == two_by_three);
    CHECK(matrix(six).rows() == 6);
    CHECK(matrix(six).schema()[0].name == "0");
    CHECK(described_rows(matrix(std::span<const float>(six).subspan(4), {"p"})) ==
          std::vector<DescribedRow>{{"float32 4.0"}, {"float32 5.0"}});
    const float plain[] = {1.0F, 2.0F};
    CHECK(described_rows(matrix(plain, {"a", "b"})) == std::vector<DescribedRow>{{"float32 1.0", "float32 2.0"}});
    CHECK(error_of([] {
              return matrix(six, {"a", "b", "c", "d"});
          }) == "[curtail.row_count_mismatch] 6 elements do not fill rows of 4 columns");
    const std::vector<float> none;
    CHECK(matrix(none, {"a", "b"}).rows() == 0);
    CHECK(matrix(none, {"a", "b"}).schema().size() == 2);
}

TEST_CASE("matrix: takes sides and strides from the object", "[table]") {
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
          }) == "[curtail.invalid_schema] an array of 3 dimensions is not a matrix: reshape it to rows and columns");
    static_assert(!curtail::FlatRange<Foreign> && !curtail::StridedMatrix<Foreign>);
    static_assert(!curtail::FlatRange<Sides> && !curtail::StridedMatrix<Sides>);
}

TEST_CASE("matrix: refers to a variable, and owns a matrix that is moved in", "[table]") {
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

TEST_CASE("matrix: refuses a wrong number of names", "[table]") {
    CHECK(error_of([] {
              return row_major(six.data(), 2, 3, {"a", "b"});
          }) == "[curtail.invalid_schema] 2 names for a matrix of 3 columns");
    CHECK_THROWS_AS(matrix(Stepped{}, {"a", "b", "c"}), TableError);
}

TEST_CASE("matrix: refuses elements without data, but not an empty matrix", "[table]") {
    const float* const nowhere = nullptr;
    CHECK(error_of([&] { return row_major(nowhere, 2, 3); }) ==
          "[curtail.invalid_schema] a matrix of 2 x 3 elements has no data");
    CHECK(row_major(nowhere, 0, 3).schema().size() == 3);
    CHECK(row_major(nowhere, 4, 0).rows() == 4);
    CHECK_THROWS_AS(row_major(six.data(), SIZE_MAX, 1), TableError);
}

TEST_CASE("MatrixTable: several prediction columns join the features of another owner", "[table]") {
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

TEST_CASE("MatrixTable: random strides give the elements at row * stride + column * stride", "[table]") {
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
