// SPDX-License-Identifier: MIT
#pragma once
// A table of named columns held in any containers: columns(column("age", ages), column("city", cities)).

#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/cell/range.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// A container with elements by index: std::vector, std::span, std::deque, std::array, a plain array.
template <class C>
concept ColumnValues = requires(const std::remove_cvref_t<C>& values, std::size_t row) {
    { std::size(values) } -> std::convertible_to<std::size_t>;
    std::begin(values)[static_cast<std::ptrdiff_t>(row)];
};

namespace detail {

template <class C>
using ElementAt = decltype(std::begin(std::declval<const std::remove_cvref_t<C>&>())[0]);
template <class C>
using ElementOf = std::remove_cvref_t<ElementAt<C>>;

// True if a container stores its elements, so that several threads may read them at once. A container that makes its
// elements on access, such as a transformed view, may write to something then.
template <class C>
inline constexpr bool stores_elements = std::is_lvalue_reference_v<ElementAt<C>>;
template <class A>
inline constexpr bool stores_elements<std::vector<bool, A>> = true;

// What a column is besides its values.
struct ColumnOutline {
    std::string_view name;
    ColumnType (*type)();
    std::size_t rows;
};

// Returns the schema of columns. Throws TableError (row_count_mismatch), which names the first column whose length
// differs from the first one's.
[[nodiscard]] Schema schema_of_columns(std::span<const ColumnOutline> columns);

}  // namespace detail

/// One named column, as column() makes it.
template <class Values>
struct NamedColumn {
    std::string name;  ///< The name in the header of the file.
    Values values;     ///< The cells, or a reference to them.
};

namespace detail {

template <class>
inline constexpr bool is_named_column = false;
template <class Values>
inline constexpr bool is_named_column<NamedColumn<Values>> = true;

template <class... Arguments>
inline constexpr bool is_column_call = false;
template <class Name, class C>
inline constexpr bool is_column_call<Name, C> =
    std::is_convertible_v<Name, std::string>&& ColumnValues<C> && !std::is_convertible_v<C, std::string_view>;

// What column() takes.
template <class... Arguments>
concept ColumnCall = is_column_call<Arguments...>;

// Fails to compile for what column() does not take, with a message that names the cure.
template <class Name = void, class C = void, class... More>
constexpr auto explain_column() noexcept {
    if constexpr (!std::is_convertible_v<Name, std::string> || std::is_void_v<C> || sizeof...(More) != 0) {
        static_assert(ColumnCall<Name, C, More...>, "a column has a name and its values: column(\"age\", ages)");
    } else if constexpr (std::is_convertible_v<C, std::string_view>) {
        static_assert(ColumnCall<Name, C>, "a text is one cell: the values of a column are a container of texts");
    } else if constexpr (requires(const std::remove_cvref_t<C>& values) { std::begin(values); }) {
        static_assert(ColumnCall<Name, C>,
                      "the values of a column are read by index: std::vector, std::span, std::deque, std::array; copy "
                      "a std::list or a std::set into a std::vector first");
    } else {
        static_assert(ColumnCall<Name, C>,
                      "the values of a column are a container: std::vector, std::array, std::deque; for a pointer "
                      "std::span(pointer, rows)");
    }
}

}  // namespace detail

/// Gives `values`, a container, the name `name` as a column. Refers to a container that is passed as a variable and
/// owns one that is moved in.
template <class C>
requires detail::ColumnCall<std::string, C>
[[nodiscard]] auto column(std::string name, C&& values) {
    detail::expect_cell<detail::ElementOf<C>>();
    return NamedColumn<detail::Kept<C>>{std::move(name), static_cast<C&&>(values)};
}

/// Gives these values the name `name` as a column, which owns them: column("age", {34, 58}).
template <class T>
[[nodiscard]] auto column(std::string name, std::initializer_list<T> values) {
    detail::expect_cell<T>();
    return NamedColumn<std::vector<T>>{std::move(name), std::vector<T>(values)};
}

// For any other arguments: fails to compile, with a message that names the cure.
template <class... Wrong>
requires(!detail::ColumnCall<Wrong...>) auto column(Wrong&&...) {
    detail::explain_column<Wrong...>();
}

/// A table of columns of equal length, as columns() makes it. Copies nothing. The containers must outlive the table and
/// must not change their length while it is in use.
template <class... Columns>
class ColumnsTable {
  public:
    /// True if all containers store their elements.
    static constexpr bool concurrent_reads =
        (detail::stores_elements<std::remove_cvref_t<decltype(std::declval<Columns&>().values)>> && ...);

    /// Throws TableError (row_count_mismatch), which names the first of `columns` whose length differs from the first
    /// one's.
    explicit ColumnsTable(Columns... columns)
        : columns_(std::forward<Columns>(columns)...),
          schema_(std::apply(
              [](const auto&... each) {
                  return detail::schema_of_columns(
                      std::array<detail::ColumnOutline, sizeof...(Columns)>{outline(each)...});
              },
              columns_)) {
        if constexpr (sizeof...(Columns) != 0) rows_ = std::size(std::get<0>(columns_).values);
    }

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Calls `visit` with each cell of a row.
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        std::apply([&](const auto&... column) { (visit(element(column, row)), ...); }, columns_);
    }

    /// Calls `visit` with the cells of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        std::size_t index = 0;
        std::apply([&](const auto&... column) { ((index++ >= first ? visit(element(column, row)) : void()), ...); },
                   columns_);
    }

    /// Calls `visit` with the cells of a column in the rows [first, first + count).
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

    static detail::ColumnOutline outline(const auto& column) {
        return {column.name, &column_type_of<detail::ElementOf<decltype(column.values)>>, std::size(column.values)};
    }

    std::tuple<Columns...> columns_;
    Schema schema_;
    std::size_t rows_ = 0;
};

/// Makes a table of named columns:
///
///     const auto table = columns(column("age", ages), column("city", cities));
///
/// The containers must outlive the table unless they were moved in. Throws TableError (row_count_mismatch) if they
/// differ in length.
template <class... Values>
[[nodiscard]] auto columns(NamedColumn<Values>... named) {
    return ColumnsTable<NamedColumn<Values>...>(std::move(named)...);
}

// For any other arguments: fails to compile, with a message that names the cure.
template <class... Wrong>
requires(!(detail::is_named_column<std::remove_cvref_t<Wrong>> && ...)) auto columns(Wrong&&...) {
    static_assert((detail::is_named_column<std::remove_cvref_t<Wrong>> && ...),
                  "columns() takes named columns: columns(column(\"age\", ages), column(\"city\", cities)); "
                  "with_prediction(table, other) sets two tables side by side");
}

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE Schema schema_of_columns(std::span<const ColumnOutline> columns) {
    std::vector<ColumnSpec> specs;
    specs.reserve(columns.size());
    for (const ColumnOutline& column : columns) {
        specs.push_back({std::string(column.name), column.type()});
        const ColumnOutline& first = columns.front();
        if (column.rows == first.rows) continue;
        throw TableError(ErrorCode::row_count_mismatch,
                         concat({"column '", column.name, "' has ", std::to_string(column.rows), " rows where '",
                                 first.name, "' has ", std::to_string(first.rows)}),
                         std::string(column.name));
    }
    return Schema(std::move(specs));
}

}  // namespace curtail::inline v0::detail

#endif
