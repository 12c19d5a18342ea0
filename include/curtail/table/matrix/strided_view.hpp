// SPDX-License-Identifier: MIT
#pragma once
// A matrix as a pointer and two strides, the objects that can be seen as one, and the checks before it is read.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/table/cell/range.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// A matrix that this does not own. `data` is the element in row 0 and column 0; strides count elements.
template <class T>
struct StridedView {
    const T* data = nullptr;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t column_stride = 0;

    [[nodiscard]] StridedView view() const noexcept { return *this; }
    // Returns the distance of an element from `data`.
    [[nodiscard]] std::ptrdiff_t offset(std::size_t row, std::size_t column) const noexcept {
        return static_cast<std::ptrdiff_t>(row) * row_stride + static_cast<std::ptrdiff_t>(column) * column_stride;
    }
};

// Throws TableError (invalid_schema) if the last element is farther away than a pointer difference can say, if there
// are elements but no data, or if there are more than 2^32 rows that take no memory. A negative or uninitialised size
// is refused by these rules, too.
template <class T>
void check_matrix(const StridedView<T>& view, std::size_t element_bytes = sizeof(T)) {
    const std::size_t limit = static_cast<std::size_t>(PTRDIFF_MAX) / element_bytes;
    bool reachable = view.rows <= PTRDIFF_MAX && view.columns <= PTRDIFF_MAX;
    const auto reach = [&](std::size_t count, std::ptrdiff_t stride) -> std::size_t {
        const std::size_t length = stride < 0 ? 0 - static_cast<std::size_t>(stride) : static_cast<std::size_t>(stride);
        if (count <= 1 || length == 0) return 0;
        reachable = reachable && count - 1 <= limit / length;
        return reachable ? (count - 1) * length : 0;
    };
    const bool has_cells = view.rows != 0 && view.columns != 0;
    if (has_cells) {
        const std::size_t down = reach(view.rows, view.row_stride);
        const std::size_t across = reach(view.columns, view.column_stride);
        reachable = reachable && down < limit && across < limit - down;
    }
    // No columns, or one row again and again.
    const bool endless = (view.columns == 0 || view.row_stride == 0) && view.rows > std::uint64_t{1} << 32U;
    if (reachable && !endless && (!has_cells || view.data != nullptr)) return;
    throw TableError(ErrorCode::invalid_schema, "a matrix of " + std::to_string(view.rows) + " x " +
                                                    std::to_string(view.columns) + " elements " +
                                                    (!reachable ? "is too large to address"
                                                     : endless  ? "claims more rows than it has memory for"
                                                                : "has no data"));
}

// Returns columns of one type with these names, or named "0", "1", … if there are no names. Throws TableError
// (invalid_schema) if their number is wrong, or if there are more than 2^20 columns to be named here: a matrix without
// rows takes no memory and can claim any number of columns.
[[nodiscard]] inline Schema matrix_schema(const ColumnType& type, std::size_t columns, std::vector<std::string> names) {
    if (!names.empty() && names.size() != columns) {
        throw TableError(ErrorCode::invalid_schema, std::to_string(names.size()) + " names for a matrix of " +
                                                        std::to_string(columns) + " columns");
    }
    constexpr std::size_t max_unnamed = std::size_t{1} << 20U;
    if (names.empty() && columns > max_unnamed) {
        throw TableError(ErrorCode::invalid_schema, "a matrix of " + std::to_string(columns) +
                                                        " columns without names; name them, or swap rows and columns");
    }
    std::vector<ColumnSpec> specs;
    specs.reserve(columns);
    for (std::size_t i = 0; i < columns; ++i) {
        specs.push_back({names.empty() ? std::to_string(i) : std::move(names[i]), type});
    }
    return Schema(std::move(specs));
}

// Calls `visit` with an element, or with Null if it is NaN and `nan_as_null` is true.
template <class T, class Visitor>
void visit_element(const T& value, bool nan_as_null, Visitor& visit) {
    if constexpr (std::is_floating_point_v<T>) {
        if (nan_as_null && is_nan(static_cast<double>(value))) {
            visit(Null{});
            return;
        }
    }
    visit(value);
}

// Calls `visit` with a range of element(row) for the rows [first, first + count). The same holds for NaN in it.
template <class Get, class Visitor>
void visit_element_range(std::size_t first, std::size_t count, const Get& element, bool nan_as_null, Visitor& visit) {
    using Element = std::remove_cvref_t<decltype(element(first))>;
    if constexpr (std::is_floating_point_v<Element>) {
        if (nan_as_null) {
            visit(CellRange(first, first + count, [&](std::size_t row) {
                const Element value = element(row);
                return is_nan(static_cast<double>(value)) ? std::optional<Element>() : std::optional<Element>(value);
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

// The arrays of xtensor. They look like flat ranges, but their elements can be in any order in memory.
template <class M>
concept HasStrides = requires(const M& m) {
    m.strides();
};

// Throws TableError (invalid_schema) unless an array has one or two dimensions.
inline void check_rank(std::size_t rank) {
    if (rank == 1 || rank == 2) return;
    throw TableError(ErrorCode::invalid_schema, "an array of " + std::to_string(rank) +
                                                    " dimensions is not a matrix: reshape it to rows and columns");
}

template <class M>
requires SteppedMatrix<M> || NestedMatrix<M> || MultidimensionalSpan<M>
[[nodiscard]] auto strided_view(const M& m) {
    const auto view = [](const auto* data, auto rows, auto columns, auto row_stride, auto column_stride) {
        return StridedView<std::remove_cvref_t<decltype(*data)>>{
            data, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns),
            static_cast<std::ptrdiff_t>(row_stride), static_cast<std::ptrdiff_t>(column_stride)};
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
        return rank == 1 ? view(m.data_handle(), m.extent(0), 1, m.stride(0), 0)
                         : view(m.data_handle(), m.extent(0), m.extent(1), m.stride(0), m.stride(1));
    }
}

// A matrix that was moved in. Its data() is called for each row, because a matrix that holds its elements within itself
// moves together with the table. It has no assignment: that of an Eigen block would write to the matrix behind it.
template <class M>
struct HeldMatrix {
    M matrix;

    explicit HeldMatrix(M m) : matrix(std::move(m)) {}
    HeldMatrix(const HeldMatrix&) = default;
    HeldMatrix(HeldMatrix&&) noexcept(std::is_nothrow_move_constructible_v<M>) = default;
    HeldMatrix& operator=(const HeldMatrix&) = delete;
    HeldMatrix& operator=(HeldMatrix&&) = delete;
    ~HeldMatrix() = default;

    [[nodiscard]] auto view() const { return strided_view(matrix); }
};

// A flat range that was moved in, read row by row.
template <class Range>
struct FlatMatrix {
    Range range;
    std::size_t columns;

    [[nodiscard]] auto view() const {
        using T = std::remove_cvref_t<decltype(*std::data(range))>;
        return StridedView<T>{std::data(range), std::size(range) / columns, columns,
                              static_cast<std::ptrdiff_t>(columns), 1};
    }
};

}  // namespace curtail::inline v0::detail
