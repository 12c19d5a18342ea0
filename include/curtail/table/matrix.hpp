// SPDX-License-Identifier: MIT
#pragma once
// A table over a matrix of one element type, read through strides: what models and linear algebra hand out.

#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/matrix/strided_view.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// How far apart the elements of a matrix are, counted in elements. A stride may be negative, zero (one row is read
/// many times), or longer than the matrix is wide (padding, or a part of a larger matrix).
struct MatrixStrides {
    /// From one row to the next.
    std::ptrdiff_t row;
    /// From one column to the next.
    std::ptrdiff_t column;
};

/// How the elements of a matrix or a tensor become cells.
struct MatrixOptions {
    /// Makes each NaN a null, for producers that have no other way to say "missing". The file then has an empty field
    /// where it would have NaN. Default: false.
    bool nan_as_null = false;
};

/// An object that knows its sides and its strides: Eigen's matrices, arrays, maps, blocks and vectors, `std::mdspan`,
/// and every type with the same member functions. An expression such as `a * b` has no strides: evaluate it first.
template <class M>
concept StridedMatrix = detail::SteppedMatrix<M> || detail::NestedMatrix<M> || detail::MultidimensionalSpan<M>;

/// Elements side by side in memory, without rows and columns: `std::vector`, `std::span`, `std::array`, a plain array.
template <class R>
concept FlatRange = !StridedMatrix<R> && !detail::HasSides<R> && !detail::HasStrides<R> && requires(const R& range) {
    *std::data(range);
    { std::size(range) } -> std::convertible_to<std::size_t>;
};

namespace detail {

// A tensor that <curtail/table/tensor.hpp> reads, or a pointer to one.
template <class M>
concept FromDlpack = requires(const M& tensor) {
    tensor.dtype.lanes;
}
|| requires(const M& managed) {
    managed->dl_tensor.dtype.lanes;
};

// Fails to compile for what is not a matrix, with a message that names the cure.
template <class M>
constexpr auto expect_matrix() noexcept {
    constexpr bool known = StridedMatrix<M> || FlatRange<M>;
    if constexpr (std::is_pointer_v<M>) {
        static_assert(known, "a pointer does not know its sides: row_major(pointer, rows, columns, names)");
    } else if constexpr (requires(const M& managed) { managed.dl_tensor; }) {
        static_assert(known, "a managed tensor is passed by its address, or as managed.dl_tensor");
    } else if constexpr (requires(const M& expression) { expression.eval(); }) {
        static_assert(known, "an expression has no strides: evaluate it first, matrix((a * b).eval())");
    } else if constexpr (requires(const M& tensor) { tensor.data_ptr(); }) {
        static_assert(known,
                      "a torch tensor is passed by DLPack: matrix(at::toDLPack(tensor)), with #include "
                      "<curtail/table/tensor.hpp>");
    } else {
        static_assert(known,
                      "curtail does not know this type as a matrix: pass a pointer to its elements, row_major(pointer, "
                      "rows, columns, names), or an object with data(), rows(), cols() and its strides");
    }
}

// Fails to compile for what is not a pointer to elements, with a message that names the cure.
template <class R>
constexpr auto expect_pointer() noexcept {
    static_assert(std::is_pointer_v<R>,
                  "this takes a pointer to the first element: row_major(values.data(), rows, columns, names); "
                  "matrix(values, names) takes the container itself");
}

}  // namespace detail

/// The rows of a matrix, a table in memory. Copies nothing; the elements must outlive the table. Made by matrix(),
/// row_major() and column_major().
template <class Source>
class MatrixTable {
  public:
    /// Several threads may read the table at once.
    static constexpr bool concurrent_reads = true;

    /// Throws TableError (invalid_schema) if the number of names is wrong, if `source` has elements but no data, if the
    /// sizes and strides are larger than any memory, or if there are more than 2^20 columns without names.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): they are moved below, which is not seen within a template
    MatrixTable(Source source, std::vector<std::string> names, const MatrixOptions& options)
        : source_(std::move(source)), options_(options) {
        const auto view = source_.view();
        using Element = std::remove_cvref_t<decltype(*view.data)>;
        detail::expect_cell<Element>();
        detail::check_matrix(view);
        schema_ = detail::matrix_schema(column_type_of<Element>(), view.columns, std::move(names));
    }

    /// Returns the names and the common type of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const { return source_.view().rows; }

    /// Calls `visit` with the elements of a row from column `first` on, with Null for a NaN if the options say so.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto view = source_.view();
        for (std::size_t column = first; column < view.columns; ++column) {
            detail::visit_element(view.data[view.offset(row, column)], options_.nan_as_null, visit);
        }
    }

    /// Calls `visit` with a range of the elements of one column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        const auto view = source_.view();
        const auto element = [&](std::size_t row) -> const auto& {
            return view.data[view.offset(row, column)];
        };
        if (view.row_stride == 1 && count != 0 && !options_.nan_as_null) {
            visit(std::span(&element(first), count));
        } else {
            detail::visit_element_range(first, count, element, options_.nan_as_null, visit);
        }
    }

  private:
    Source source_;
    MatrixOptions options_;
    Schema schema_;
};

/// Returns a table over `rows` x `columns` elements at any strides. `data` is the element in row 0 and column 0. The
/// columns have these names, or "0", "1", … if there are none.
///
/// Throws TableError (invalid_schema) if the number of names is wrong, if there are elements but no data, if the sizes
/// and strides are larger than any memory, or if there are more than 2^20 columns without names. So do all functions
/// below.
template <class T>
[[nodiscard]] auto matrix(const T* data, std::size_t rows, std::size_t columns, std::vector<std::string> names,
                          MatrixStrides strides, const MatrixOptions& options = {}) {
    static_assert(!std::is_void_v<T>, "a void* does not know its elements: cast it, static_cast<const float*>(data)");
    return MatrixTable<detail::StridedView<T>>({data, rows, columns, strides.row, strides.column}, std::move(names),
                                               options);
}

/// Returns a table over `rows` x `columns` elements from `data` on, with these `names`. Each row is contiguous in
/// memory, as in C, NumPy, XGBoost, LightGBM, ONNX Runtime and torch.
///
///     const auto table = curtail::row_major(features, 1000, 3, {"age", "income", "height"});
template <class T>
[[nodiscard]] auto row_major(const T* data, std::size_t rows, std::size_t columns, std::vector<std::string> names = {},
                             const MatrixOptions& options = {}) {
    return matrix(data, rows, columns, std::move(names), {static_cast<std::ptrdiff_t>(columns), 1}, options);
}

/// Returns a table over `rows` x `columns` elements from `data` on, with these `names`. Each column is contiguous in
/// memory, as in Fortran, R, Armadillo, and Eigen by default.
template <class T>
[[nodiscard]] auto column_major(const T* data, std::size_t rows, std::size_t columns,
                                std::vector<std::string> names = {}, const MatrixOptions& options = {}) {
    return matrix(data, rows, columns, std::move(names), {1, static_cast<std::ptrdiff_t>(rows)}, options);
}

/// Returns a table over `object`, a matrix that knows its sides and strides. Refers to a matrix that is passed as a
/// variable, and owns one that is moved in. Throws TableError (invalid_schema) also if a `std::mdspan` has more than
/// two dimensions.
template <class M>
requires StridedMatrix<std::remove_cvref_t<M>>
[[nodiscard]] auto matrix(M&& object, std::vector<std::string> names = {}, const MatrixOptions& options = {}) {
    if constexpr (std::is_lvalue_reference_v<M>) {
        const auto view = detail::strided_view(object);
        return MatrixTable<std::remove_const_t<decltype(view)>>(view, std::move(names), options);
    } else {
        using Held = detail::HeldMatrix<std::remove_cvref_t<M>>;
        return MatrixTable<Held>(Held(std::forward<M>(object)), std::move(names), options);
    }
}

/// Returns a table over a flat range, row by row, with as many columns as there are names, or one:
/// `matrix(scores, {"no", "yes"})`. Refers to a range that is passed as a variable, and owns one that is moved in.
/// Throws TableError (row_count_mismatch) if the last row is not full.
template <class R>
requires FlatRange<std::remove_cvref_t<R>>
[[nodiscard]] auto matrix(R&& range, std::vector<std::string> names = {}, const MatrixOptions& options = {}) {
    const std::size_t columns = names.empty() ? 1 : names.size();
    if (std::size(range) % columns != 0) {
        throw TableError(
            ErrorCode::row_count_mismatch,
            std::to_string(std::size(range)) + " elements do not fill rows of " + std::to_string(columns) + " columns");
    }
    if constexpr (std::is_lvalue_reference_v<R>) {
        return row_major(std::data(range), std::size(range) / columns, columns, std::move(names), options);
    } else {
        using Flat = detail::FlatMatrix<std::remove_cvref_t<R>>;
        return MatrixTable<Flat>(Flat{std::forward<R>(range), columns}, std::move(names), options);
    }
}

// For any other type: fails to compile, with a message that names the cure.
template <class M>
requires(!StridedMatrix<std::remove_cvref_t<M>> && !FlatRange<std::remove_cvref_t<M>> &&
         !detail::FromDlpack<std::remove_cvref_t<M>>) auto matrix(M&&, const std::vector<std::string>& = {},
                                                                  const MatrixOptions& = {}) {
    detail::expect_matrix<std::remove_cvref_t<M>>();
}
// Elements in a container instead of a pointer to them: fails to compile, with a message that names the cure.
template <class R>
requires(!std::is_pointer_v<std::decay_t<R>>) auto row_major(R&&, std::size_t, std::size_t,
                                                             const std::vector<std::string>& = {},
                                                             const MatrixOptions& = {}) {
    detail::expect_pointer<R>();
}
// Does the same for columns: fails to compile.
template <class R>
requires(!std::is_pointer_v<std::decay_t<R>>) auto column_major(R&&, std::size_t, std::size_t,
                                                                const std::vector<std::string>& = {},
                                                                const MatrixOptions& = {}) {
    detail::expect_pointer<R>();
}

}  // namespace curtail::inline v0
