// SPDX-License-Identifier: MIT
// Eigen: a matrix of features in any storage order and a vector of predictions, read where they are.
#include <cstdio>
#include <exception>

#include <Eigen/Core>

#include <curtail/worker.hpp>

int main(int argc, char** argv) try {
    const Eigen::MatrixXd features = Eigen::MatrixXd::NullaryExpr(
        1000, 3, [](Eigen::Index row, Eigen::Index column) { return static_cast<double>(row * (column + 1)) / 4; });
    const Eigen::Vector3d weights(0.5, -1, 2);
    const Eigen::VectorXd scores = features * weights;  // evaluated: an expression has no memory to read

    const auto table = curtail::with_prediction(curtail::matrix(features, {"age", "income", "height"}),
                                                curtail::matrix(scores, {"score"}));
    const auto result = curtail::ResultPayloadBuilder("eigen").build(table, argc > 1 ? argv[1] : ".");
    std::puts(result.message().c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "eigen: %s\n", error.what());
    return 1;
}
