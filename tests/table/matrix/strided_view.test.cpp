// SPDX-License-Identifier: MIT
#include <curtail/table/matrix/strided_view.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

#include "catch.hpp"

namespace {

using curtail::detail::StridedView;

std::string error_of(const StridedView<float>& view) {
    try {
        curtail::detail::check_matrix(view);
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("StridedView: an element is at row times row stride plus column times column stride", "[table]") {
    CHECK(StridedView<float>{nullptr, 9, 9, 10, 1}.offset(2, 3) == 23);
    CHECK(StridedView<float>{nullptr, 9, 9, -10, 0}.offset(2, 3) == -20);
}

TEST_CASE("check_matrix: refuses sizes that are too large to address", "[table]") {
    constexpr std::size_t max = SIZE_MAX;
    constexpr std::size_t half = max / 2 + 1;  // -2^63 as a size
    constexpr auto long_side = static_cast<std::ptrdiff_t>(std::size_t{1} << 32U);
    const float number = 0;
    CHECK(error_of({&number, max, 1, 1, 1}) ==
          "[curtail.invalid_schema] a matrix of 18446744073709551615 x 1 elements is too large to address");
    const StridedView<float> too_large[] = {
        {&number, max, 3, 1, -1},
        {&number, 2, half, PTRDIFF_MIN, 1},
        {&number, std::size_t{1} << 32U, std::size_t{1} << 32U, long_side, 1},
        {&number, half, 1, 0, 0},
        {&number, 3, 1, PTRDIFF_MAX, 1},
        {&number, 2, 1, PTRDIFF_MIN, 1},
        {&number, 2, 1, PTRDIFF_MAX / 2, 1},  // addressable in elements, but not in bytes
        {&number, 2, 2, PTRDIFF_MAX / 8 + 1, PTRDIFF_MAX / 8 + 1},
        {&number, 2, 2, -PTRDIFF_MAX / 8 - 1, PTRDIFF_MAX / 8 + 1},
    };
    for (const StridedView<float>& view : too_large) {
        INFO(view.rows << " x " << view.columns << " at " << view.row_stride << ", " << view.column_stride);
        CHECK(error_of(view).ends_with("is too large to address"));
    }
    CHECK(error_of({&number, max / 8, 1, 1, 1}) == "no error");
    CHECK(error_of({&number, std::size_t{1} << 32U, half - 1, 0, 0}) == "no error");
}

TEST_CASE("check_matrix: refuses rows that no memory holds, which would take years to read", "[table]") {
    const float number = 0;
    constexpr std::size_t many = (std::size_t{1} << 32U) + 1;
    CHECK(error_of({&number, many, 1, 0, 1}).ends_with("claims more rows than it has memory for"));
    CHECK(error_of({nullptr, many, 0, 1, 1}).ends_with("claims more rows than it has memory for"));
    CHECK(error_of({&number, many, 1, 1, 1}) == "no error");
}

TEST_CASE("matrix_schema: names no more columns than memory may be spent on", "[table]") {
    const auto columns_of = [](std::size_t columns, std::vector<std::string> names) {
        return curtail::detail::matrix_schema({}, columns, std::move(names)).size();
    };
    CHECK(columns_of(std::size_t{1} << 20U, {}) == std::size_t{1} << 20U);
    for (const unsigned power : {21U, 40U, 62U}) {
        CHECK_THROWS_AS(columns_of(std::size_t{1} << power, {}), curtail::TableError);
    }
    CHECK(columns_of((std::size_t{1} << 20U) + 1, std::vector<std::string>((std::size_t{1} << 20U) + 1)) ==
          (std::size_t{1} << 20U) + 1);
}

TEST_CASE("check_matrix: refuses elements without data", "[table]") {
    CHECK(error_of({nullptr, 2, 3, 3, 1}) == "[curtail.invalid_schema] a matrix of 2 x 3 elements has no data");
    CHECK(error_of({nullptr, 0, 3, 3, 1}) == "no error");
    CHECK(error_of({nullptr, 4, 0, 0, 1}) == "no error");
}
