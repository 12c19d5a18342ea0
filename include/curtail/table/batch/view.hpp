// SPDX-License-Identifier: MIT
#pragma once
// Rows of a table of any type behind one plain type, for code that need not be compiled for each table.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include <curtail/core/callback/callback.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

// Consecutive values of one column: a span of what the table holds, or single cells where it holds something else.
using ColumnRun =
    std::variant<std::span<const Cell>, std::span<const double>, std::span<const float>, std::span<const int>,
                 std::span<const long>, std::span<const long long>, std::span<const short>,
                 std::span<const signed char>, std::span<const unsigned>, std::span<const unsigned long>,
                 std::span<const unsigned long long>, std::span<const unsigned short>, std::span<const unsigned char>,
                 std::span<const bool>, std::span<const std::string>, std::span<const std::string_view>>;

template <class Range, class Variant>
struct IsAlternative;
template <class Range, class... Alternatives>
struct IsAlternative<Range, std::variant<Alternatives...>> : std::bool_constant<is_one_of<Range, Alternatives...>> {};

// The rows [first, first + count) of a table, which must outlive it. A call per cell, so nothing for the loop that
// formats; what looks at few cells or at spans is compiled once with it.
class BatchView {
  public:
    template <Table T>
    BatchView(const T& table, std::size_t first, std::size_t count) noexcept
        : table_(&table), first_(first), rows_(count), visit_row_(&visit_row_of<T>) {
        if constexpr (ColumnTable<T>) visit_column_ = &visit_column_of<T>;
    }
    template <Table T>
    BatchView(const T& table)  // NOLINT(google-explicit-constructor): a parameter that any table may fill
        : BatchView(table, 0, curtail::rows_of(table)) {}

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] BatchView slice(std::size_t first, std::size_t count) const noexcept {
        BatchView slice = *this;
        slice.first_ += first;
        slice.rows_ = count;
        return slice;
    }
    [[nodiscard]] bool has_columns() const noexcept { return visit_column_ != nullptr; }

    // Calls `visit` with each cell of a row, from column `first` on, as a Cell.
    template <class Visitor>
    void visit_row(std::size_t row, std::size_t first, Visitor visit) const {
        visit_row_(table_, first_ + row, first, Callback<Cell>(visit));
    }

    // Calls `visit` with the values of a column as one ColumnRun after the other; only if has_columns().
    template <class Visitor>
    void visit_column(std::size_t column, Visitor visit) const {
        visit_column_(table_, column, first_, rows_, Callback<ColumnRun>(visit));
    }

  private:
    template <class T>
    static void visit_row_of(const void* table, std::size_t row, std::size_t first, Callback<Cell> visit) {
        curtail::visit_row_from(*static_cast<const T*>(table), row, first, [visit](const auto& value) {
            visit_cell(value, [visit](const auto& plain) { visit(Cell(plain)); });
        });
    }

    template <class T>
    static void visit_column_of(const void* table, std::size_t column, std::size_t first, std::size_t count,
                                Callback<ColumnRun> visit) {
        curtail::visit_column(*static_cast<const T*>(table), column, first, count, [visit](const auto& values) {
            if constexpr (IsAlternative<std::remove_cvref_t<decltype(values)>, ColumnRun>::value) {
                visit(ColumnRun(values));
            } else {
                for (const auto& value : values) {
                    visit_cell(value, [visit](const auto& plain) {
                        const Cell cell(plain);
                        visit(ColumnRun(std::span(&cell, 1)));
                    });
                }
            }
        });
    }

    const void* table_;
    std::size_t first_;
    std::size_t rows_;
    void (*visit_row_)(const void*, std::size_t, std::size_t, Callback<Cell>);
    void (*visit_column_)(const void*, std::size_t, std::size_t, std::size_t, Callback<ColumnRun>) = nullptr;
};

}  // namespace curtail::inline v0::detail
