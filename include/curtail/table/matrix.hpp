// SPDX-License-Identifier: MIT
#pragma once
// A table over a matrix of one element type, seen through strides: what models, linear algebra and tensors hand out.

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/cell/range.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

enum class MatrixLayout : std::uint8_t {
    row_major,     // rows one behind the other: C, NumPy, XGBoost, LightGBM, ONNX Runtime, torch
    column_major,  // columns one behind the other: Fortran, R, Eigen unless told otherwise, Armadillo
};

// The way to the next row and to the next column, in elements. It may be negative, zero (one row seen many times), or
// longer than the matrix is wide (padding, or a part of a larger matrix).
struct MatrixStrides {
    std::ptrdiff_t row;
    std::ptrdiff_t column;
};

struct MatrixOptions {
    // Makes each NaN a null, for makers that have no other word for "missing". The file then says nothing where it
    // would have said NaN. Default: NaN stays NaN.
    bool nan_as_null = false;
};

// A matrix that somebody else owns; `data` is the element of row 0 and column 0.
template <class T>
struct StridedView {
    const T* data = nullptr;
    std::size_t rows = 0;
    std::size_t columns = 0;
    MatrixStrides strides = {0, 0};
};

namespace detail {

// Throws TableError (invalid_schema) for a matrix whose farthest element no pointer difference reaches, which is what
// a negative or an uninitialised size comes to, and for elements at no address.
inline void check_matrix(const void* data, std::size_t rows, std::size_t columns, MatrixStrides strides,
                         std::size_t element_bytes) {
    const std::size_t limit = static_cast<std::size_t>(PTRDIFF_MAX) / element_bytes;
    bool reachable = rows <= PTRDIFF_MAX && columns <= PTRDIFF_MAX;
    const auto reach = [&](std::size_t count, std::ptrdiff_t stride) -> std::size_t {
        const std::size_t length = stride < 0 ? 0 - static_cast<std::size_t>(stride) : static_cast<std::size_t>(stride);
        if (count <= 1 || length == 0) return 0;
        reachable = reachable && count - 1 <= limit / length;
        return reachable ? (count - 1) * length : 0;
    };
    const bool has_cells = rows != 0 && columns != 0;
    if (has_cells) {
        const std::size_t down = reach(rows, strides.row);
        const std::size_t across = reach(columns, strides.column);
        reachable = reachable && down < limit && across < limit - down;
    }
    const std::string size = std::to_string(rows) + " x " + std::to_string(columns);
    if (!reachable) throw TableError(ErrorCode::invalid_schema, "a matrix of " + size + " elements fits no memory");
    if (has_cells && data == nullptr) {
        throw TableError(ErrorCode::invalid_schema, "a matrix of " + size + " elements has no data");
    }
}

// Columns of one type under these names, or under "0", "1", … when there are none.
[[nodiscard]] inline Schema matrix_schema(const ColumnType& type, std::size_t columns, std::vector<std::string> names) {
    if (!names.empty() && names.size() != columns) {
        throw TableError(ErrorCode::invalid_schema, std::to_string(names.size()) + " names for a matrix of " +
                                                        std::to_string(columns) + " columns");
    }
    std::vector<ColumnSpec> specs;
    specs.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i) {
        specs.push_back({names.empty() ? std::to_string(i) : std::move(names[i]), type});
    }
    return Schema(std::move(specs));
}

template <class T, class Visitor>
void visit_element(const T& value, bool nan_as_null, Visitor& visit) {
    if constexpr (std::is_floating_point_v<T>) {
        if (nan_as_null && std::isnan(value)) {
            visit(Null{});
            return;
        }
    }
    visit(value);
}

// Calls `visit` with what element(row) gives for some rows as a range.
template <class Get, class Visitor>
void visit_elements_at(std::size_t first, std::size_t count, const Get& element, bool nan_as_null, Visitor& visit) {
    using Element = std::remove_cvref_t<decltype(element(first))>;
    if constexpr (std::is_floating_point_v<Element>) {
        if (nan_as_null) {
            visit(CellRange(first, first + count, [&](std::size_t row) {
                const Element value = element(row);
                return std::isnan(value) ? std::optional<Element>() : std::optional<Element>(value);
            }));
            return;
        }
    }
    visit(CellRange(first, first + count, element));
}

template <class M>
concept HasSides = requires(const M& m) {
    *m.data();
    { m.rows() } -> std::integral;
    { m.cols() } -> std::integral;
};
template <class M>
concept SteppedMatrix = HasSides<M> && requires(const M& m) {
    { m.rowStride() } -> std::integral;
    { m.colStride() } -> std::integral;
};
template <class M>
concept NestedMatrix = HasSides<M> && requires(const M& m) {
    { m.innerStride() } -> std::integral;
    { m.outerStride() } -> std::integral;
    static_cast<bool>(M::IsRowMajor);
};
template <class M>
concept MultidimensionalSpan = requires(const M& m) {
    *m.data_handle();
    { m.rank() } -> std::integral;
    { m.extent(0) } -> std::integral;
    { m.stride(0) } -> std::integral;
};

// xtensor's arrays: flat to look at, but in an order of their own.
template <class M>
concept HasStrides = requires(const M& m) {
    m.strides();
};

inline void check_rank(std::size_t rank) {
    if (rank == 1 || rank == 2) return;
    throw TableError(ErrorCode::invalid_schema, "an array of " + std::to_string(rank) +
                                                    " dimensions is no matrix: reshape it to rows and columns first");
}

template <class T>
[[nodiscard]] StridedView<T> strided_view(const StridedView<T>& view) {
    return view;
}

template <class M>
requires SteppedMatrix<M> || NestedMatrix<M> || MultidimensionalSpan<M>
[[nodiscard]] auto strided_view(const M& m) {
    const auto view = [](const auto* data, auto rows, auto columns, auto row_stride, auto column_stride) {
        return StridedView<std::remove_cvref_t<decltype(*data)>>{
            data,
            static_cast<std::size_t>(rows),
            static_cast<std::size_t>(columns),
            {static_cast<std::ptrdiff_t>(row_stride), static_cast<std::ptrdiff_t>(column_stride)}};
    };
    if constexpr (SteppedMatrix<M>) {
        return view(m.data(), m.rows(), m.cols(), m.rowStride(), m.colStride());
    } else if constexpr (NestedMatrix<M>) {
        constexpr bool by_rows = static_cast<bool>(M::IsRowMajor);
        return view(m.data(), m.rows(), m.cols(), by_rows ? m.outerStride() : m.innerStride(),
                    by_rows ? m.innerStride() : m.outerStride());
    } else {
        const auto rank = static_cast<std::size_t>(m.rank());
        check_rank(rank);
        return rank == 1
                   ? view(m.data_handle(), m.extent(0), decltype(m.extent(0)){1}, m.stride(0), decltype(m.stride(0)){0})
                   : view(m.data_handle(), m.extent(0), m.extent(1), m.stride(0), m.stride(1));
    }
}

// A matrix that was moved in. It is asked for its data at each row, because some hold their elements within themselves
// and move along with the table. No assignment: that of an Eigen block would write through to the matrix it shows.
template <class M>
struct HeldMatrix {
    M matrix;

    explicit HeldMatrix(M m) : matrix(std::move(m)) {}
    HeldMatrix(const HeldMatrix&) = default;
    HeldMatrix(HeldMatrix&&) noexcept(std::is_nothrow_move_constructible_v<M>) = default;
    HeldMatrix& operator=(const HeldMatrix&) = delete;
    HeldMatrix& operator=(HeldMatrix&&) = delete;
    ~HeldMatrix() = default;
};

template <class M>
[[nodiscard]] auto strided_view(const HeldMatrix<M>& held) {
    return strided_view(held.matrix);
}

// A flat range read row by row.
template <class Range>
struct FlatMatrix {
    Range range;
    std::size_t columns;
};

template <class Range>
[[nodiscard]] auto strided_view(const FlatMatrix<Range>& flat) {
    using T = std::remove_cvref_t<decltype(*std::data(flat.range))>;
    return StridedView<T>{std::data(flat.range),
                          std::size(flat.range) / flat.columns,
                          flat.columns,
                          {static_cast<std::ptrdiff_t>(flat.columns), 1}};
}

}  // namespace detail

// Eigen's matrices, arrays, maps, blocks and vectors, std::mdspan, and whatever else says where its elements are in the
// same words. An expression such as a * b says no such thing: evaluate it first.
template <class M>
concept StridedMatrix = detail::SteppedMatrix<M> || detail::NestedMatrix<M> || detail::MultidimensionalSpan<M>;

// std::vector, std::span, std::array: elements one behind the other, and no word of rows and columns.
template <class R>
concept FlatRange = !StridedMatrix<R> && !detail::HasSides<R> && !detail::HasStrides<R> && requires(const R& range) {
    *std::data(range);
    { std::size(range) } -> std::convertible_to<std::size_t>;
};

// The rows of a matrix. Copies nothing; the elements must outlive the table.
template <class Source>
class MatrixTable {
  public:
    static constexpr bool concurrent_reads = true;

    // Throws TableError (invalid_schema) for a wrong number of names and for a matrix that cannot be.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): they are moved below, which is not seen within a template
    MatrixTable(Source source, std::vector<std::string> names, const MatrixOptions& options)
        : source_(std::move(source)), options_(options) {
        const auto view = detail::strided_view(source_);
        using Element = std::remove_cvref_t<decltype(*view.data)>;
        static_assert(CellLike<Element>,
                      "the elements of this matrix are no cells: specialise curtail::cell_traits for their type");
        detail::check_matrix(view.data, view.rows, view.columns, view.strides, sizeof(Element));
        schema_ = detail::matrix_schema(column_type_of<Element>(), view.columns, std::move(names));
    }

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const { return detail::strided_view(source_).rows; }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit_row_from(row, 0, visit);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto view = detail::strided_view(source_);
        const std::ptrdiff_t begin = static_cast<std::ptrdiff_t>(row) * view.strides.row;
        for (std::size_t column = first; column < view.columns; ++column) {
            detail::visit_element(view.data[begin + static_cast<std::ptrdiff_t>(column) * view.strides.column],
                                  options_.nan_as_null, visit);
        }
    }

    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        const auto view = detail::strided_view(source_);
        using Element = std::remove_cvref_t<decltype(*view.data)>;
        const auto element = [&view, column](std::size_t row) -> const Element& {
            return view.data[static_cast<std::ptrdiff_t>(row) * view.strides.row +
                             static_cast<std::ptrdiff_t>(column) * view.strides.column];
        };
        if (view.strides.row == 1 && count != 0 && !options_.nan_as_null) {
            visit(std::span(&element(first), count));
        } else {
            detail::visit_elements_at(first, count, element, options_.nan_as_null, visit);
        }
    }

  private:
    Source source_;
    MatrixOptions options_;
    Schema schema_;
};

// `rows` x `columns` elements from `data` on, at any strides.
template <class T>
[[nodiscard]] auto matrix(const T* data, std::size_t rows, std::size_t columns, std::vector<std::string> names,
                          MatrixStrides strides, const MatrixOptions& options = {}) {
    return MatrixTable<StridedView<T>>({data, rows, columns, strides}, std::move(names), options);
}

template <class T>
[[nodiscard]] auto row_major(const T* data, std::size_t rows, std::size_t columns, std::vector<std::string> names = {},
                             const MatrixOptions& options = {}) {
    return matrix(data, rows, columns, std::move(names), {static_cast<std::ptrdiff_t>(columns), 1}, options);
}

template <class T>
[[nodiscard]] auto column_major(const T* data, std::size_t rows, std::size_t columns,
                                std::vector<std::string> names = {}, const MatrixOptions& options = {}) {
    return matrix(data, rows, columns, std::move(names), {1, static_cast<std::ptrdiff_t>(rows)}, options);
}

template <class T>
[[nodiscard]] auto matrix(const T* data, std::size_t rows, std::size_t columns, std::vector<std::string> names = {},
                          MatrixLayout layout = MatrixLayout::row_major, const MatrixOptions& options = {}) {
    return layout == MatrixLayout::row_major ? row_major(data, rows, columns, std::move(names), options)
                                             : column_major(data, rows, columns, std::move(names), options);
}

// A matrix that knows its sides and strides. Refers to one that was passed as a variable, owns one that was moved in.
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

// A flat range, row by row, with as many columns as there are names, or one: matrix(scores, {"no", "yes"}). Throws
// TableError (row_count_mismatch) when the last row is not full.
template <class R>
requires FlatRange<std::remove_cvref_t<R>>
[[nodiscard]] auto matrix(R&& range, std::vector<std::string> names = {}, const MatrixOptions& options = {}) {
    const std::size_t columns = names.empty() ? 1 : names.size();
    if (std::size(range) % columns != 0) {
        throw TableError(ErrorCode::row_count_mismatch,
                         std::to_string(std::size(range)) + " elements make no rows of " + std::to_string(columns));
    }
    if constexpr (std::is_lvalue_reference_v<R>) {
        return row_major(std::data(range), std::size(range) / columns, columns, std::move(names), options);
    } else {
        using Flat = detail::FlatMatrix<std::remove_cvref_t<R>>;
        return MatrixTable<Flat>(Flat{std::forward<R>(range), columns}, std::move(names), options);
    }
}

}  // namespace curtail::inline v0
