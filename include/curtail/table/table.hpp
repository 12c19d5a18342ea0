// SPDX-License-Identifier: MIT
#pragma once
// The concept of a table, and the struct to specialise for a type that curtail does not know.

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0 {

/// Says how curtail reads a table of type `T`. By default it calls the member functions of these names. For a type that
/// lacks them specialise this struct:
///
///     template <>
///     struct curtail::table_adapter<Frame> {
///         static const Schema& schema(const Frame&);   // names and types of the columns, in order
///         static std::size_t rows(const Frame&);
///         template <class Visitor>                     // calls visit(value) once per column, in order;
///         static void visit_row(const Frame&, std::size_t row, Visitor&& visit);  // a value is any CellLike
///     };
///
/// schema() may also return by value. It is called per batch, never per row.
template <class T>
struct table_adapter {
    /// True if several threads may visit rows and columns at once. Default: what T::concurrent_reads says, else false.
    static constexpr bool concurrent_reads = requires { requires T::concurrent_reads; };
    /// Returns the schema of `table`.
    static decltype(auto) schema(const T& table) requires requires { table.schema(); }
    { return table.schema(); }
    /// Returns the number of rows of `table`.
    static std::size_t rows(const T& table) requires requires { table.rows(); }
    { return table.rows(); }
    /// Calls visit(value) with each cell of `row` of `table`, in order. A type with visit_row_from() needs no
    /// visit_row().
    template <class Visitor>
    static void visit_row(const T& table, std::size_t row, Visitor&& visit) requires requires {
        table.visit_row(row, visit);
    } || requires {
        table.visit_row_from(row, row, visit);
    }
    {
        if constexpr (requires { table.visit_row(row, visit); }) {
            table.visit_row(row, visit);
        } else {
            table.visit_row_from(row, std::size_t{0}, visit);
        }
    }
    /// Optional, for tables that can skip cells: does the same for the cells of the columns from `first` on.
    template <class Visitor>
    static void visit_row_from(const T& table, std::size_t row, std::size_t first, Visitor&& visit) requires requires {
        table.visit_row_from(row, first, visit);
    }
    { table.visit_row_from(row, first, visit); }
    /// Optional, for tables that hold columns: calls visit(values) with the cells of one column of `table` in
    /// the rows [first, first + count) as a range, or several times with consecutive ranges. Contiguous cells are read
    /// fastest as a std::span.
    template <class Visitor>
    static void visit_column(const T& table, std::size_t column, std::size_t first, std::size_t count,
                             Visitor&& visit) requires requires {
        table.visit_column(column, first, count, visit);
    }
    { table.visit_column(column, first, count, visit); }
};

namespace detail {

struct AnyVisitor {
    template <class T>
    constexpr void operator()(const T&) const noexcept {}
};

}  // namespace detail

/// Rows that can be read in any order and any number of times: a table in memory, or one batch of a stream.
template <class T>
concept Table = requires(const std::remove_cvref_t<T>& table, std::size_t row, detail::AnyVisitor visit) {
    { table_adapter<std::remove_cvref_t<T>>::schema(table) } -> std::convertible_to<const Schema&>;
    { table_adapter<std::remove_cvref_t<T>>::rows(table) } -> std::convertible_to<std::size_t>;
    table_adapter<std::remove_cvref_t<T>>::visit_row(table, row, visit);
};

/// A table whose rows and columns several threads may visit at once. curtail's tables in memory are, if the containers
/// that they refer to follow the rule of the standard library: const access from several threads is not a data race.
/// This holds for cell_traits and getters, too: one that returns a view of its own buffer needs one buffer per thread.
template <class T>
concept ConcurrentTable = Table<T> && requires {
    requires table_adapter<std::remove_cvref_t<T>>::concurrent_reads;
};

/// A table whose columns can be visited one by one.
template <class T>
concept ColumnTable = Table<T> &&
    requires(const std::remove_cvref_t<T>& table, std::size_t number, detail::AnyVisitor visit) {
    table_adapter<std::remove_cvref_t<T>>::visit_column(table, number, number, number, visit);
};

/// Rows that come batch by batch, once. next() returns a pointer to the next batch, which is valid until the next call,
/// or a null pointer at the end. A stream that has begun(), true once next() was called, is refused where rows would be
/// missing.
template <class S>
concept TableStream = requires(std::remove_cvref_t<S>& stream) {
    { std::as_const(stream).schema() } -> std::convertible_to<const Schema&>;
    {stream.next()};
    requires Table<std::remove_pointer_t<decltype(stream.next())>>;
    requires std::is_pointer_v<decltype(stream.next())>;
};

namespace detail {

template <class T>
concept TableOrStream = Table<T> || TableStream<T>;

// Fails to compile for a type that is neither, with a message that names the cure.
template <class T>
constexpr auto expect_table() noexcept {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (requires(Plain & pointer) { requires TableOrStream<std::remove_cvref_t<decltype(*pointer)>>; }) {
        static_assert(TableOrStream<T>, "this is a pointer to a table: pass the table itself, *table");
    } else {
        static_assert(
            TableOrStream<T>,
            "curtail does not know this type as a table: specialise curtail::table_adapter<T> with static schema(), "
            "rows() and visit_row(); or give it next(), as streams have; or hand over what it holds by columns(), "
            "rows(), matrix() or another of the headers in <curtail/table/>");
    }
    static_assert(Table<T> || !TableStream<T> || !std::is_const_v<std::remove_reference_t<T>>,
                  "a stream changes while it is read: it must not be const");
}

}  // namespace detail

/// Returns the schema of a table.
template <Table T>
[[nodiscard]] decltype(auto) schema_of(const T& table) {
    return table_adapter<T>::schema(table);
}

/// Returns the number of rows of a table.
template <Table T>
[[nodiscard]] std::size_t rows_of(const T& table) {
    return table_adapter<T>::rows(table);
}

/// Calls `visit` with each cell of the row in order, as the table holds it (any CellLike).
template <Table T, class Visitor>
void visit_row(const T& table, std::size_t row, Visitor&& visit) {
    table_adapter<T>::visit_row(table, row, visit);
}

/// Calls `visit` with the cells of `row` in the columns from `first` on. Reads and ignores the first cells of a table
/// that cannot skip them.
template <Table T, class Visitor>
void visit_row_from(const T& table, std::size_t row, std::size_t first, Visitor&& visit) {
    if constexpr (requires { table_adapter<T>::visit_row_from(table, row, first, visit); }) {
        table_adapter<T>::visit_row_from(table, row, first, visit);
    } else {
        std::size_t column = 0;
        table_adapter<T>::visit_row(table, row, [&](const auto& value) {
            if (column++ >= first) visit(value);
        });
    }
}

/// Calls `visit` with the cells of one column of `table` in the rows [first, first + count), as one or several
/// consecutive ranges.
template <ColumnTable T, class Visitor>
void visit_column(const T& table, std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) {
    table_adapter<T>::visit_column(table, column, first, count, visit);
}

/// A table of the rows [first, first + count) of another, which must outlive it.
template <Table T>
class RowSlice {
  public:
    /// True if the whole table allows concurrent reads.
    static constexpr bool concurrent_reads = ConcurrentTable<T>;

    /// The `count` rows of `table` from `first` on must exist.
    RowSlice(const T& table, std::size_t first, std::size_t count) noexcept
        : table_(&table), first_(first), count_(count) {}

    /// Returns the whole table.
    [[nodiscard]] const T& table() const noexcept { return *table_; }
    /// Returns which row of the whole table is the first of the slice.
    [[nodiscard]] std::size_t first() const noexcept { return first_; }
    /// Returns the schema of the whole table.
    [[nodiscard]] decltype(auto) schema() const { return curtail::schema_of(*table_); }
    /// Returns the number of rows of the slice.
    [[nodiscard]] std::size_t rows() const noexcept { return count_; }
    /// Calls `visit` with each cell of a row; `row` counts from the beginning of the slice.
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(*table_, first_ + row, visit);
    }
    /// Does the same for the columns from `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        curtail::visit_row_from(*table_, first_ + row, first, visit);
    }
    /// Calls `visit` with the cells of one column in `count` rows from `first` on, counted from the beginning of the
    /// slice.
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires ColumnTable<T> {
        curtail::visit_column(*table_, column, first_ + first, count, visit);
    }

  private:
    const T* table_;
    std::size_t first_;
    std::size_t count_;
};

/// An empty table with nothing but what Table requires, for concepts that mean "any table".
struct AnyTable {
    Schema columns;  ///< Its schema.

    /// Returns its schema.
    [[nodiscard]] const Schema& schema() const noexcept { return columns; }
    /// Returns 0.
    [[nodiscard]] std::size_t rows() const noexcept { return 0; }
    /// Does nothing: there is no row with which `visit` could be called.
    template <class Visitor>
    void visit_row(std::size_t, Visitor&& /*visit*/) const {}
};

/// Throws TableError (invalid_schema) unless rows of `batch` can be written under `header`: it must have as many
/// columns and predictions, of the same names and types. A column of CellKind::any takes any type. One whose type is
/// guessed takes all types of that kind.
void check_fits(const Schema& header, const Schema& batch);

namespace detail {

// How a table that is made of others holds them: an lvalue by reference, an rvalue by value. A borrowed range such as
// std::span is always held by value, because its elements may outlive the variable.
template <class T>
using Kept =
    std::conditional_t<std::is_lvalue_reference_v<T> && !std::ranges::enable_borrowed_range<std::remove_cvref_t<T>>,
                       const std::remove_reference_t<T>&, std::remove_cvref_t<T>>;

}  // namespace detail

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0 {

namespace detail {

// Returns what cures a batch of as many columns as the header, of which other columns are predictions; else nothing.
CURTAIL_INLINE std::string_view predictions_cure(const Schema& header, const Schema& batch) noexcept {
    if (header.size() != batch.size()) return {};
    return header.prediction_count() > batch.prediction_count()
               ? ": say in each batch which columns are predictions, by with_prediction(batch, last_column)"
               : ": say in the schema how many of the last columns are predictions, Schema({\"id\", \"score\"}, 1)";
}

}  // namespace detail

CURTAIL_INLINE void check_fits(const Schema& header, const Schema& batch) {
    if (header.fits(batch)) return;
    const auto type_text = [](const ColumnType& of) {
        return dtype_name(of) + (of.guessed ? ", or what its cells are" : "");
    };
    if (header.size() != batch.size() || header.prediction_count() != batch.prediction_count()) {
        throw TableError(
            ErrorCode::invalid_schema,
            detail::concat({"a batch of ", std::to_string(batch.feature_count()), " columns and ",
                            std::to_string(batch.prediction_count()), " predictions does not fit a header of ",
                            std::to_string(header.feature_count()), " columns and ",
                            std::to_string(header.prediction_count()), " predictions",
                            detail::predictions_cure(header, batch)}));
    }
    for (std::size_t i = 0; i < header.size(); ++i) {
        const ColumnType& type = header[i].type;
        const bool takes = type.kind == CellKind::any || (type.guessed && type.kind == batch[i].type.kind);
        if (header[i] == batch[i] || (takes && header[i].name == batch[i].name)) continue;
        throw TableError(
            ErrorCode::invalid_schema,
            detail::concat(
                {"column ", std::to_string(i), " of a batch is '", batch[i].name, "' (", type_text(batch[i].type),
                 ") where the header has '", header[i].name, "' (", type_text(type), ")",
                 header[i].name == batch[i].name ? ": name the batch's type in the schema, or no type" : ""}),
            batch[i].name);
    }
}

}  // namespace curtail::inline v0

#endif
