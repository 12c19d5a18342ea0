// SPDX-License-Identifier: MIT
#pragma once
// A table of named columns held in any containers: columns(column("age", ages), column("city", cities)).

#include <cstddef>
#include <iterator>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/cell/range.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// A container whose elements can be reached by number: std::vector, std::span, std::deque, std::array, a plain array.
template <class C>
concept ColumnValues = requires(const std::remove_cvref_t<C>& values, std::size_t row) {
    { std::size(values) } -> std::convertible_to<std::size_t>;
    std::begin(values)[static_cast<std::ptrdiff_t>(row)];
};

namespace detail {

// What one gets of a container by number.
template <class C>
using ElementAt = decltype(std::begin(std::declval<const std::remove_cvref_t<C>&>())[0]);

// Whether a container stores its elements, so that several threads may read them at once. One that makes an element
// when it is asked for it, such as a transformed view, may write to something then.
template <class C>
inline constexpr bool stores_elements = std::is_lvalue_reference_v<ElementAt<C>>;
template <class A>
inline constexpr bool stores_elements<std::vector<bool, A>> = true;

}  // namespace detail

// One named column. It refers to a container that was passed as a variable and owns one that was moved in.
template <class Values>
struct NamedColumn {
    std::string name;
    Values values;
};

template <ColumnValues C>
[[nodiscard]] auto column(std::string name, C&& values) {
    using Element = std::remove_cvref_t<decltype(std::begin(std::as_const(values))[0])>;
    static_assert(CellLike<Element>,
                  "the elements of this column are no cells: specialise curtail::cell_traits for them");
    return NamedColumn<detail::Kept<C>>{std::move(name), static_cast<C&&>(values)};
}

// Columns of equal length side by side. Copies nothing; the containers must outlive the table and must not change
// length while it is in use.
template <class... Columns>
class ColumnsTable {
  public:
    static constexpr bool concurrent_reads =
        (detail::stores_elements<std::remove_cvref_t<decltype(std::declval<Columns&>().values)>> && ...);

    // Throws TableError (row_count_mismatch) naming the first column whose length differs from the first one's.
    explicit ColumnsTable(Columns... columns)
        : columns_(std::forward<Columns>(columns)...),
          schema_(std::apply([](const auto&... column) { return make_schema(column...); }, columns_)) {
        std::size_t index = 0;
        std::apply([&](const auto&... column) { (check_length(column.name, std::size(column.values), index++), ...); },
                   columns_);
    }

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        std::apply([&](const auto&... column) { (visit(element(column, row)), ...); }, columns_);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        std::size_t index = 0;
        std::apply([&](const auto&... column) { ((index++ >= first ? visit(element(column, row)) : void()), ...); },
                   columns_);
    }

    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        std::size_t index = 0;
        std::apply(
            [&](const auto&... each) {
                ((index++ == column ? detail::visit_elements(each.values, first, count, visit) : void()), ...);
            },
            columns_);
    }

  private:
    static decltype(auto) element(const auto& column, std::size_t row) {
        return std::begin(column.values)[static_cast<std::ptrdiff_t>(row)];
    }

    static Schema make_schema(const auto&... column) {
        return Schema(
            {ColumnSpec{column.name, column_type_of<std::remove_cvref_t<decltype(element(column, 0))>>()}...});
    }

    void check_length(const std::string& name, std::size_t length, std::size_t index) {
        if (index == 0) rows_ = length;
        if (length == rows_) return;
        throw TableError(ErrorCode::row_count_mismatch,
                         "column '" + name + "' has " + std::to_string(length) + " rows where '" + schema_[0].name +
                             "' has " + std::to_string(rows_),
                         name);
    }

    std::tuple<Columns...> columns_;
    Schema schema_;
    std::size_t rows_ = 0;
};

template <class... Values>
[[nodiscard]] auto columns(NamedColumn<Values>... named) {
    return ColumnsTable<NamedColumn<Values>...>(std::move(named)...);
}

}  // namespace curtail::inline v0
