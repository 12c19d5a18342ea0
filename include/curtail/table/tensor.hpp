// SPDX-License-Identifier: MIT
#pragma once
// A table over a tensor of the DLPack standard, which torch, JAX, CuPy, TVM and NumPy exchange:
// matrix(managed->dl_tensor).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

namespace detail {

[[nodiscard]] inline float float_of_half(std::uint16_t half) noexcept {
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = (half >> 10U) & 0x1FU;
    const std::uint32_t mantissa = half & 0x3FFU;
    if (exponent == 0) {  // zero and the subnormals: a multiple of 2^-24
        const float value = static_cast<float>(mantissa) * 0x1p-24F;
        return sign != 0 ? -value : value;
    }
    return std::bit_cast<float>(sign | (exponent == 31 ? 0xFFU : exponent + 112) << 23U | mantissa << 13U);
}

[[nodiscard]] inline float float_of_bfloat(std::uint16_t upper_half) noexcept {
    return std::bit_cast<float>(static_cast<std::uint32_t>(upper_half) << 16U);
}

}  // namespace detail

// A tensor of the DLPack standard, told by its members: the DLTensor of any dlpack.h.
template <class D>
concept DlpackTensor = requires(const D& tensor, std::int64_t& number) {
    number = tensor.ndim;
    number = tensor.dtype.code;
    number = tensor.dtype.bits;
    number = tensor.dtype.lanes;
    number = tensor.device.device_type;
    number = tensor.shape[0];
    number = tensor.strides[0];
    number = static_cast<std::int64_t>(tensor.byte_offset);
    static_cast<const char*>(tensor.data);
};

// The rows of a tensor of one or two dimensions in the processor's own memory, whose element type shows only as the
// program runs. Half-precision and bfloat16 elements are read as float, which holds them exactly.
class TensorTable {
  public:
    static constexpr bool concurrent_reads = true;

    // Throws TableError (invalid_schema) for other tensors and for a wrong number of names.
    template <DlpackTensor D>
    TensorTable(const D& tensor, std::vector<std::string> names, const MatrixOptions& options)
        : code_(static_cast<int>(tensor.dtype.code)), bits_(static_cast<int>(tensor.dtype.bits)), options_(options) {
        const auto device = static_cast<int>(tensor.device.device_type);
        // Beside the processor's own memory: host memory pinned for CUDA or ROCm, and what CUDA shares with the host.
        if (device != 1 && device != 3 && device != 11 && device != 13) {
            fail("lies on device " + std::to_string(device) + ": copy it to the CPU first");
        }
        CellKind kind = CellKind::any;
        if (tensor.dtype.lanes == 1) {
            visit_type([&](auto read) { kind = detail::kind_of<decltype(read(std::declval<const char*>()))>(); });
        }
        if (kind == CellKind::any) {
            fail("has elements of type code " + std::to_string(code_) + ", " + std::to_string(bits_) + " bits, " +
                 std::to_string(tensor.dtype.lanes) + " lanes, which are no cells");
        }
        if (tensor.ndim < 0) fail("has a negative number of dimensions");
        detail::check_rank(static_cast<std::size_t>(tensor.ndim));
        const bool wide = tensor.ndim == 2;
        rows_ = static_cast<std::size_t>(tensor.shape[0]);
        const std::size_t columns = wide ? static_cast<std::size_t>(tensor.shape[1]) : 1;
        strides_.column = wide ? 1 : 0;
        strides_.row = wide ? static_cast<std::ptrdiff_t>(tensor.shape[1]) : 1;
        if (tensor.strides != nullptr) {
            strides_.row = static_cast<std::ptrdiff_t>(tensor.strides[0]);
            if (wide) strides_.column = static_cast<std::ptrdiff_t>(tensor.strides[1]);
        }
        detail::check_matrix(tensor.data, rows_, columns, strides_, static_cast<std::size_t>(bits_) / 8);
        if (tensor.data != nullptr) data_ = static_cast<const char*>(tensor.data) + tensor.byte_offset;
        schema_ = detail::matrix_schema({kind}, columns, std::move(names));
    }

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit_row_from(row, 0, visit);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        visit_type([&](auto read) {
            const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(row) * strides_.row;
            for (std::size_t column = first; column < schema_.size(); ++column) {
                const std::ptrdiff_t at = begin + static_cast<std::ptrdiff_t>(column) * strides_.column;
                detail::visit_element(read(data_ + at * (bits_ / 8)), options_.nan_as_null, visit);
            }
        });
    }

    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        visit_type([&](auto read) {
            const auto element = [&](std::size_t row) {
                const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(row) * strides_.row +
                                          static_cast<std::ptrdiff_t>(column) * strides_.column;
                return read(data_ + at * (bits_ / 8));
            };
            detail::visit_elements_at(first, count, element, options_.nan_as_null, visit);
        });
    }

  private:
    // Reads one element. An offset in bytes need not be a multiple of the element's size, so it is copied out.
    template <class T>
    struct Load {
        [[nodiscard]] T operator()(const char* bytes) const noexcept {
            T value;
            std::memcpy(&value, bytes, sizeof value);
            return value;
        }
    };

    // Calls `use` with a function that reads one element; not at all for a type that is none of a cell's.
    template <class Use>
    void visit_type(Use&& use) const {
        constexpr int signed_integer = 0, unsigned_integer = 1, floating = 2, bfloat = 4, boolean = 6;
        switch (code_ * 1000 + bits_) {
            case signed_integer * 1000 + 8: return use(Load<std::int8_t>());
            case signed_integer * 1000 + 16: return use(Load<std::int16_t>());
            case signed_integer * 1000 + 32: return use(Load<std::int32_t>());
            case signed_integer * 1000 + 64: return use(Load<std::int64_t>());
            case unsigned_integer * 1000 + 8: return use(Load<std::uint8_t>());
            case unsigned_integer * 1000 + 16: return use(Load<std::uint16_t>());
            case unsigned_integer * 1000 + 32: return use(Load<std::uint32_t>());
            case unsigned_integer * 1000 + 64: return use(Load<std::uint64_t>());
            case floating * 1000 + 16:
                return use([](const char* bytes) { return detail::float_of_half(Load<std::uint16_t>()(bytes)); });
            case floating * 1000 + 32: return use(Load<float>());
            case floating * 1000 + 64: return use(Load<double>());
            case bfloat * 1000 + 16:
                return use([](const char* bytes) { return detail::float_of_bfloat(Load<std::uint16_t>()(bytes)); });
            case boolean * 1000 + 8: return use([](const char* bytes) { return *bytes != 0; });
            default: break;
        }
    }

    [[noreturn]] static void fail(const std::string& what) {
        throw TableError(ErrorCode::invalid_schema, "a tensor that " + what);
    }

    const char* data_ = nullptr;
    std::size_t rows_ = 0;
    MatrixStrides strides_ = {0, 0};
    int code_;
    int bits_;
    MatrixOptions options_;
    Schema schema_;
};

// The tensor must outlive the table; of the DLTensor itself nothing is needed afterwards.
template <DlpackTensor D>
[[nodiscard]] TensorTable matrix(const D& tensor, std::vector<std::string> names = {},
                                 const MatrixOptions& options = {}) {
    return TensorTable(tensor, std::move(names), options);
}

}  // namespace curtail::inline v0
