// SPDX-License-Identifier: MIT
#pragma once
// A table over a tensor of the DLPack standard, which torch, JAX, CuPy, TVM and NumPy exchange:
// matrix(at::toDLPack(tensor)).

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/number/half_float.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// The `DLTensor` of any dlpack.h, known by its members. curtail includes no dlpack.h itself.
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

/// The `DLManagedTensor` or `DLManagedTensorVersioned` of any dlpack.h: a tensor and the function that frees it.
template <class D>
concept ManagedTensor = requires(D& managed) {
    requires DlpackTensor<decltype(managed.dl_tensor)>;
    managed.deleter(&managed);
};

/// The rows of a tensor of one or two dimensions in CPU memory, a table in memory. Copies nothing; the elements must
/// outlive the table, unless it owns them. Half-precision and bfloat16 elements are read as float, which holds them
/// exactly. Made by matrix().
class TensorTable {
  public:
    /// Several threads may read the table at once.
    static constexpr bool concurrent_reads = true;

    /// Throws TableError (invalid_schema) if the tensor lies on another device, has elements that are not cells
    /// (complex numbers, vectors, 4-bit integers), has no or more than two dimensions, or has sizes or strides larger
    /// than any memory, if the number of names is wrong, and if there are more than 2^20 columns without names.
    /// `owner` keeps the elements alive; without one the caller does.
    template <DlpackTensor D>
    TensorTable(const D& tensor, std::vector<std::string> names, const MatrixOptions& options,
                std::shared_ptr<const void> owner = {})
        : owner_(std::move(owner)),
          code_(static_cast<int>(tensor.dtype.code)),
          bits_(static_cast<int>(tensor.dtype.bits)),
          options_(options) {
        check_device(static_cast<int>(tensor.device.device_type));
        const CellKind kind = tensor.dtype.lanes == 1 ? element_kind() : CellKind::any;
        if (kind == CellKind::any) {
            fail("has elements of type code " + std::to_string(code_) + ", " + std::to_string(bits_) + " bits and " +
                 std::to_string(tensor.dtype.lanes) + " lanes, which curtail cannot write");
        }
        if (tensor.ndim < 0) fail("has a negative number of dimensions");
        detail::check_rank(static_cast<std::size_t>(tensor.ndim));
        if (tensor.shape == nullptr) fail("has no shape");
        const bool has_columns = tensor.ndim == 2;
        const std::int64_t columns = has_columns ? tensor.shape[1] : 1;
        view_ = {static_cast<const char*>(tensor.data), static_cast<std::size_t>(tensor.shape[0]),
                 static_cast<std::size_t>(columns), static_cast<std::ptrdiff_t>(columns), has_columns ? 1 : 0};
        if (tensor.strides != nullptr) {
            view_.row_stride = static_cast<std::ptrdiff_t>(tensor.strides[0]);
            if (has_columns) view_.column_stride = static_cast<std::ptrdiff_t>(tensor.strides[1]);
        }
        detail::check_matrix(view_, static_cast<std::size_t>(bits_) / 8);
        if (std::uint64_t{tensor.byte_offset} > PTRDIFF_MAX) fail("begins beyond all memory");
        if (view_.data != nullptr) view_.data += tensor.byte_offset;
        schema_ = detail::matrix_schema({kind}, view_.columns, std::move(names));
    }

    /// Returns the names and the common type of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return view_.rows; }

    /// Calls `visit` with the elements of a row from column `first` on, with Null for a NaN if the options say so.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        visit_type([&](auto read) {
            for (std::size_t column = first; column < view_.columns; ++column) {
                detail::visit_element(read(address(row, column)), options_.nan_as_null, visit);
            }
        });
    }

    /// Calls `visit` with a range of the elements of one column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        visit_type([&](auto read) {
            const auto element = [&](std::size_t row) { return read(address(row, column)); };
            detail::visit_element_range(first, count, element, options_.nan_as_null, visit);
        });
    }

  private:
    // Reads one element by a copy, because the offset in bytes need not be a multiple of the element's size.
    template <class T>
    struct Load {
        [[nodiscard]] T operator()(const char* bytes) const noexcept {
            T value;
            std::memcpy(&value, bytes, sizeof value);
            return value;
        }
    };

    // Calls `use` with a function that reads one element. Does not call it if the type is not a cell's.
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

    // Returns the kind of the elements, or CellKind::any if they are not cells.
    [[nodiscard]] CellKind element_kind() const {
        CellKind kind = CellKind::any;
        visit_type([&](auto read) { kind = detail::kind_of<decltype(read(std::declval<const char*>()))>(); });
        return kind;
    }

    [[nodiscard]] const char* address(std::size_t row, std::size_t column) const noexcept {
        return view_.data + view_.offset(row, column) * (bits_ / 8);
    }

    // Accepts DLPack's kDLCPU, kDLCUDAHost, kDLROCMHost and kDLCUDAManaged, which the CPU can read.
    static void check_device(int device) {
        if (device == 1 || device == 3 || device == 11 || device == 13) return;
        fail("lies on device " + std::to_string(device) + ": copy it to the CPU first");
    }

    [[noreturn]] static void fail(const std::string& reason) {
        throw TableError(ErrorCode::invalid_schema, "a tensor that " + reason);
    }

    detail::StridedView<char> view_;     // strides count elements, not bytes
    std::shared_ptr<const void> owner_;  // of the elements; null: the caller
    int code_;
    int bits_;
    MatrixOptions options_;
    Schema schema_;
};

/// Returns a table over a DLPack tensor. The elements must outlive the table; the `DLTensor` itself is not needed
/// afterwards. The columns have these names, or "0", "1", … if there are none. Throws TableError (invalid_schema) for a
/// tensor that is not a matrix of cells in CPU memory; the text names the reason.
///
///     const auto table = curtail::matrix(managed->dl_tensor, {"no", "yes"});
template <DlpackTensor D>
[[nodiscard]] TensorTable matrix(const D& tensor, std::vector<std::string> names = {},
                                 const MatrixOptions& options = {}) {
    return TensorTable(tensor, std::move(names), options);
}

/// Returns a table over the tensor of a `DLManagedTensor*`, which it takes over: its deleter is called with the last
/// copy of the table, or if this throws. Throws as above, and UsageError (wrong_state) for a null pointer.
///
///     const auto table = curtail::matrix(at::toDLPack(tensor), {"no", "yes"});
template <class P>
requires std::is_pointer_v<std::remove_cvref_t<P>> && ManagedTensor<std::remove_pointer_t<std::remove_cvref_t<P>>>
[[nodiscard]] TensorTable matrix(P&& managed, std::vector<std::string> names = {}, const MatrixOptions& options = {}) {
    static_assert(!std::is_lvalue_reference_v<P>,
                  "the managed tensor is taken over, and its deleter called here: pass std::move(managed); or keep it "
                  "and pass managed->dl_tensor");
    if (managed == nullptr) throw UsageError(ErrorCode::wrong_state, "the managed tensor is a null pointer");
    const auto release = [](auto* owned) {
        if (owned->deleter != nullptr) owned->deleter(owned);
    };
    const auto owner = std::shared_ptr<std::remove_pointer_t<std::remove_cvref_t<P>>>(managed, release);
    return TensorTable(owner->dl_tensor, std::move(names), options, owner);
}

}  // namespace curtail::inline v0
