// SPDX-License-Identifier: MIT
#include <curtail/table/tensor.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "table/described.hpp"
#include "table/dlpack_structs.hpp"

namespace {

using curtail::CellKind;
using curtail::matrix;
using curtail::TableError;

// A tensor over a buffer of bytes that it owns.
struct Made {
    std::vector<char> bytes;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    DLTensor tensor;

    template <class T, std::size_t n>
    Made(std::uint8_t code, const std::array<T, n>& elements, std::vector<std::int64_t> sides,
         std::vector<std::int64_t> steps = {}, std::size_t offset = 0)
        : bytes(offset + sizeof elements), shape(std::move(sides)), strides(std::move(steps)) {
        std::memcpy(bytes.data() + offset, elements.data(), sizeof elements);
        tensor = {bytes.data(),
                  {kDLCPU, 0},
                  static_cast<std::int32_t>(shape.size()),
                  {code, static_cast<std::uint8_t>(sizeof(T) * 8), 1},
                  shape.data(),
                  strides.empty() ? nullptr : strides.data(),
                  offset};
    }
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;
    ~Made() = default;
};

constexpr std::uint8_t ints = 0, uints = 1, floats = 2, handles = 3, bfloats = 4, complexes = 5, bools = 6;

template <class T>
std::string single(std::uint8_t code, T value) {
    const Made made(code, std::array<T, 1>{value}, {1, 1});
    const auto table = matrix(made.tensor);
    return curtail::dtype_name(table.schema()[0].type) + ": " + described_row(table, 0)[0];
}

std::string error_of(const DLTensor& tensor, std::vector<std::string> names = {}) {
    try {
        static_cast<void>(matrix(tensor, std::move(names)));
    } catch (const TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("TensorTable: every element type keeps its width and value", "[table]") {
    CHECK(single<std::int8_t>(ints, -128) == "int8: int64 -128");
    CHECK(single<std::int16_t>(ints, -2) == "int16: int64 -2");
    CHECK(single<std::int32_t>(ints, -3) == "int32: int64 -3");
    CHECK(single<std::int64_t>(ints, INT64_MIN) == "int64: int64 -9223372036854775808");
    CHECK(single<std::uint8_t>(uints, 255) == "uint8: uint64 255");
    CHECK(single<std::uint16_t>(uints, 65535) == "uint16: uint64 65535");
    CHECK(single<std::uint32_t>(uints, UINT32_MAX) == "uint32: uint64 4294967295");
    CHECK(single<std::uint64_t>(uints, UINT64_MAX) == "uint64: uint64 18446744073709551615");
    CHECK(single<float>(floats, 0.1F) == "float32: float32 0.1");
    CHECK(single<double>(floats, 0.1) == "float64: float64 0.1");
    CHECK(single<std::uint8_t>(bools, 1) == "bool: bool true");
    CHECK(single<std::uint8_t>(bools, 0) == "bool: bool false");
}

TEST_CASE("TensorTable: reads half-precision and bfloat16 elements as floats", "[table]") {
    CHECK(single<std::uint16_t>(floats, 0xC000) == "float32: float32 -2.0");
    CHECK(single<std::uint16_t>(floats, 0x3555) == "float32: float32 0.33325195");
    CHECK(single<std::uint16_t>(bfloats, 0x3F80) == "float32: float32 1.0");
    CHECK(single<std::uint16_t>(bfloats, 0x3DCD) == "float32: float32 0.100097656");
}

TEST_CASE("TensorTable: is row-major without strides", "[table]") {
    const std::array<std::int32_t, 6> numbers = {0, 1, 2, 3, 4, 5};
    const Made plain(ints, numbers, {2, 3});
    const auto table = matrix(plain.tensor, {"a", "b", "c"});
    static_assert(curtail::Table<decltype(table)>);
    CHECK(described_rows(table) ==
          std::vector<DescribedRow>{{"int64 0", "int64 1", "int64 2"}, {"int64 3", "int64 4", "int64 5"}});
    CHECK(described_row(table, 1, 2) == DescribedRow{"int64 5"});
    CHECK(described_row(table, 1, 3).empty());
    const Made turned(ints, numbers, {3, 2}, {1, 3});
    CHECK(described_rows(matrix(turned.tensor)) ==
          std::vector<DescribedRow>{{"int64 0", "int64 3"}, {"int64 1", "int64 4"}, {"int64 2", "int64 5"}});
    const Made vector(ints, numbers, {3}, {2});
    CHECK(described_rows(matrix(vector.tensor, {"p"})) ==
          std::vector<DescribedRow>{{"int64 0"}, {"int64 2"}, {"int64 4"}});
    const Made dense(ints, numbers, {6});
    CHECK(described_row(matrix(dense.tensor), 5) == DescribedRow{"int64 5"});
}

TEST_CASE("TensorTable: may begin at any byte of its buffer", "[table]") {
    for (std::size_t offset : {0U, 1U, 3U, 8U}) {
        const Made made(floats, std::array<double, 2>{0.5, 1.5}, {2, 1}, {}, offset);
        CHECK(described_rows(matrix(made.tensor)) == std::vector<DescribedRow>{{"float64 0.5"}, {"float64 1.5"}});
    }
}

TEST_CASE("TensorTable: reads negative strides", "[table]") {
    Made made(ints, std::array<std::int16_t, 3>{1, 2, 3}, {3, 1}, {-1, 1});
    made.tensor.byte_offset = 4;
    CHECK(described_rows(matrix(made.tensor)) == std::vector<DescribedRow>{{"int64 3"}, {"int64 2"}, {"int64 1"}});
}

TEST_CASE("TensorTable: refuses what is not a matrix of cells in CPU memory and gives the reason", "[table]") {
    Made made(floats, std::array<float, 2>{0.5F, 1.5F}, {1, 2});
    CHECK(error_of(made.tensor, {"a"}) == "[curtail.invalid_schema] 1 names for a matrix of 2 columns");
    DLTensor tensor = made.tensor;
    tensor.device = {kDLCUDA, 0};
    CHECK(error_of(tensor) == "[curtail.invalid_schema] a tensor that lies on device 2: copy it to the CPU first");
    tensor.device = {kDLCUDAHost, 0};
    CHECK(error_of(tensor) == "no error");
    tensor.dtype = {floats, 32, 4};
    CHECK(error_of(tensor) ==
          "[curtail.invalid_schema] a tensor that has elements of type code 2, 32 bits and 4 lanes, which curtail "
          "cannot write");
    for (const DLDataType type : {DLDataType{handles, 64, 1}, DLDataType{complexes, 64, 1}, DLDataType{ints, 4, 1},
                                  DLDataType{floats, 128, 1}, DLDataType{bools, 1, 1}, DLDataType{ints, 0, 1}}) {
        tensor.dtype = type;
        CHECK(error_of(tensor).ends_with("which curtail cannot write"));
    }
    tensor = made.tensor;
    for (const std::int32_t dimensions : {0, 3, 4, -1}) {
        tensor.ndim = dimensions;
        CHECK(error_of(tensor) != "no error");
    }
    tensor = made.tensor;
    std::int64_t sides[] = {-1, 2};
    tensor.shape = sides;
    CHECK(error_of(tensor).ends_with("is too large to address"));
    sides[0] = INT64_MAX / 4;
    CHECK(error_of(tensor).ends_with("is too large to address"));
    sides[0] = 1;
    tensor.data = nullptr;
    CHECK(error_of(tensor).ends_with("has no data"));
    sides[0] = 0;
    CHECK(matrix(tensor).rows() == 0);
}

TEST_CASE("TensorTable: a shape that no memory holds costs nothing", "[table]") {
    const Made made(floats, std::array<float, 2>{0.5F, 1.5F}, {1, 2});
    const auto error_of_shape = [&](std::array<std::int64_t, 2> sides, std::array<std::int64_t, 2> strides) {
        DLTensor tensor = made.tensor;
        tensor.shape = sides.data();
        tensor.strides = strides.data();
        return error_of(tensor);
    };
    constexpr std::int64_t huge = std::int64_t{1} << 40U;
    CHECK(error_of_shape({0, huge}, {huge, 1}).ends_with("name them, or swap rows and columns"));
    CHECK(error_of_shape({1, huge}, {0, 0}).ends_with("name them, or swap rows and columns"));
    CHECK(error_of_shape({huge, 0}, {0, 1}).ends_with("claims more rows than it has memory for"));
    CHECK(error_of_shape({huge, 2}, {0, 1}).ends_with("claims more rows than it has memory for"));
    CHECK(error_of_shape({huge, huge}, {huge, 1}).ends_with("is too large to address"));
    CHECK(error_of_shape({0, INT64_MAX}, {1, 1}) != "no error");
    CHECK(error_of_shape({INT64_MIN, 0}, {1, 1}) != "no error");
    DLTensor tensor = made.tensor;
    tensor.byte_offset = UINT64_MAX - 3;
    CHECK(error_of(tensor).ends_with("begins beyond all memory"));
    tensor = made.tensor;
    tensor.shape = nullptr;
    CHECK(error_of(tensor).ends_with("has no shape"));
}

TEST_CASE("TensorTable: NaN becomes null if the options say so", "[table]") {
    const Made made(floats, std::array<float, 2>{std::nanf(""), 1.0F}, {1, 2});
    CHECK(described_row(matrix(made.tensor, {}, {.nan_as_null = true}), 0) == DescribedRow{"null", "float32 1.0"});
    const Made half(floats, std::array<std::uint16_t, 1>{0x7E00}, {1, 1});
    CHECK(described_row(matrix(half.tensor, {}, {.nan_as_null = true}), 0) == DescribedRow{"null"});
}

TEST_CASE("TensorTable: joins as features and predictions and does not need the DLTensor", "[table]") {
    const Made features(ints, std::array<std::int64_t, 2>{1, 2}, {2, 1});
    const Made scores(floats, std::array<float, 4>{0.25F, 0.75F, 0.5F, 0.5F}, {2, 2});
    const auto table = [&] {
        const DLTensor left = features.tensor;
        const DLTensor right = scores.tensor;
        return curtail::with_prediction(matrix(left, {"id"}), matrix(right, {"no", "yes"}));
    }();
    CHECK(table.schema()[0].type.kind == CellKind::int64);
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 1", "float32 0.25", "float32 0.75"},
                                                             {"int64 2", "float32 0.5", "float32 0.5"}});
}

TEST_CASE("TensorTable: a managed tensor is freed once, with the last copy of its table", "[table]") {
    const Made made(floats, std::array<float, 4>{1, 2, 3, 4}, {2, 2});
    int freed = 0;
    DLManagedTensor managed{made.tensor, &freed,
                            [](DLManagedTensor* tensor) { ++*static_cast<int*>(tensor->manager_ctx); }};
    {
        const auto table = matrix(&managed, {"no", "yes"});
        const auto copy = table;  // NOLINT(performance-unnecessary-copy-initialization)
        CHECK(described_row(copy, 1) == DescribedRow{"float32 3.0", "float32 4.0"});
        CHECK(freed == 0);
    }
    CHECK(freed == 1);
    DLManagedTensor* pointer = &managed;
    CHECK_THROWS_AS(matrix(std::move(pointer), {"one name of two"}), TableError);
    CHECK(freed == 2);
    CHECK_THROWS_AS(matrix(static_cast<DLManagedTensor*>(nullptr)), curtail::UsageError);
    managed.deleter = nullptr;  // which the standard allows
    CHECK(matrix(&managed).rows() == 2);
}
