// SPDX-License-Identifier: MIT
// Eigen's matrices in every storage order, their parts and their views, read in place.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <curtail/table/columns.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "table/csv_of.hpp"

namespace {

using curtail::matrix;

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Integers = Eigen::Array<std::int32_t, Eigen::Dynamic, Eigen::Dynamic>;

// Checks that each visited cell is the coefficient itself, not a copy of it.
template <class Table, class Matrix>
void check_same(const Table& table, const Matrix& expected) {
    using Scalar = typename Matrix::Scalar;
    REQUIRE(table.rows() == static_cast<std::size_t>(expected.rows()));
    REQUIRE(table.schema().size() == static_cast<std::size_t>(expected.cols()));
    bool same = true;
    for (Eigen::Index row = 0; row < expected.rows(); ++row) {
        Eigen::Index column = 0;
        curtail::visit_row(table, static_cast<std::size_t>(row), [&](const auto& value) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, Scalar>) {
                same = same && value == expected(row, column) && &value == &expected.coeffRef(row, column);
            } else {
                same = false;
            }
            ++column;
        });
        same = same && column == expected.cols();
    }
    CHECK(same);
}

}  // namespace

TEST_CASE("Eigen: matrices by columns, its default, and by rows", "[holders]") {
    const Eigen::MatrixXd by_columns = Eigen::MatrixXd::Random(7, 5);
    const RowMajor by_rows = RowMajor::Random(6, 4);
    const Integers integers = Integers::Random(3, 9);
    check_same(matrix(by_columns), by_columns);
    check_same(matrix(by_rows), by_rows);
    check_same(matrix(integers), integers);
    CHECK(matrix(by_columns).schema()[0].type.kind == curtail::CellKind::float64);
    CHECK(matrix(by_rows).schema()[3].type.kind == curtail::CellKind::float32);
    CHECK(matrix(integers).schema()[8].type.kind == curtail::CellKind::int32);
}

TEST_CASE("Eigen: reads blocks, rows, columns and transposes in place", "[holders]") {
    Eigen::MatrixXd by_columns = Eigen::MatrixXd::Random(7, 5);
    RowMajor by_rows = RowMajor::Random(6, 4);
    check_same(matrix(by_columns.block(2, 1, 4, 3)), by_columns.block(2, 1, 4, 3));
    check_same(matrix(by_rows.block(1, 1, 3, 2)), by_rows.block(1, 1, 3, 2));
    check_same(matrix(by_columns.topRows(3)), by_columns.topRows(3));
    check_same(matrix(by_columns.col(2)), by_columns.col(2));
    check_same(matrix(by_rows.col(2)), by_rows.col(2));
    check_same(matrix(by_columns.row(2)), by_columns.row(2));
    check_same(matrix(by_columns.transpose()), by_columns.transpose());
    check_same(matrix(by_rows.block(1, 1, 3, 2).transpose()), by_rows.block(1, 1, 3, 2).transpose());
    const auto part = by_columns.bottomRightCorner(2, 2);
    check_same(matrix(part, {"x", "y"}), part);
}

TEST_CASE("Eigen: reads maps with any strides and references to them", "[holders]") {
    std::vector<double> buffer(100);
    for (std::size_t i = 0; i < buffer.size(); ++i) buffer[i] = static_cast<double>(i);
    using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    const Eigen::Map<const Eigen::MatrixXd, 0, Strides> map(buffer.data(), 4, 3, Strides(20, 2));
    check_same(matrix(map), map);
    const Eigen::Ref<const Eigen::MatrixXd, 0, Strides> reference(map);
    check_same(matrix(reference), reference);
    const Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<>> column(buffer.data() + 5, 6,
                                                                            Eigen::InnerStride<>(10));
    check_same(matrix(column, {"prediction"}), column);
}

TEST_CASE("Eigen: a vector is one column; fixed sizes and empty matrices are accepted", "[holders]") {
    const Eigen::VectorXf vector = Eigen::VectorXf::Random(5);
    check_same(matrix(vector, {"prediction"}), vector);
    const Eigen::Matrix3d fixed = Eigen::Matrix3d::Random();
    check_same(matrix(fixed), fixed);
    const Eigen::MatrixXd none(0, 3);
    CHECK(matrix(none).rows() == 0);
    CHECK(matrix(none).schema().size() == 3);
}

TEST_CASE("Eigen: owns a matrix that is moved in; a sum must be evaluated first", "[holders]") {
    const Eigen::Matrix2d fixed = (Eigen::Matrix2d() << 1, 2, 3, 4).finished();
    std::optional first(matrix(Eigen::Matrix2d(fixed), {"a", "b"}));
    const auto moved = std::move(*first);
    first.reset();
    CHECK(csv_of(moved) == "a,b\n1.0,2.0\n3.0,4.0\n");
    CHECK(csv_of(matrix((fixed + fixed).eval(), {"a", "b"})) == "a,b\n2.0,4.0\n6.0,8.0\n");
    static_assert(!curtail::StridedMatrix<decltype(fixed + fixed)>);
}

TEST_CASE("Eigen: features and predictions of different owners become one file", "[holders]") {
    const RowMajor features = (RowMajor(2, 2) << 0.1F, 1.0F, 16777216.0F, -0.0F).finished();
    const Eigen::MatrixXd probabilities = (Eigen::MatrixXd(2, 2) << 0.25, 0.75, 0.5, 0.1).finished();
    const auto table = curtail::with_prediction(matrix(features, {"x", "y"}), matrix(probabilities, {"no", "yes"}));
    CHECK(table.schema().prediction_count() == 2);
    CHECK(csv_of(table) == "x,y,no,yes\n0.1,1.0,0.25,0.75\n16777216.0,-0.0,0.5,0.1\n");
    const std::vector<std::string> city = {"Oslo", "Lima"};
    CHECK(csv_of(curtail::with_prediction(curtail::columns(curtail::column("city", city)),
                                          matrix(probabilities.col(1), {"p"}))) == "city,p\nOslo,0.75\nLima,0.1\n");
}
