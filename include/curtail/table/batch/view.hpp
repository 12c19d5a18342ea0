// SPDX-License-Identifier: MIT
#pragma once
// Rows of a table of any type as one plain type, for code that is compiled once for all tables.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/core/callback/callback.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

template <class... Ts>
struct TypeList {
    static constexpr std::size_t size = sizeof...(Ts);
};

using RunTypes = TypeList<Cell, double, float, int, long, long long, short, signed char, unsigned, unsigned long,
                          unsigned long long, unsigned short, unsigned char, bool, std::string, std::string_view>;
template <class T>
inline constexpr std::size_t run_type = index_in<T>(static_cast<const RunTypes*>(nullptr));

// True for a span that a ColumnRun can hold.
template <class Range>
inline constexpr bool is_column_run = false;
template <class T>
inline constexpr bool is_column_run<std::span<const T>> = run_type<T> < RunTypes::size;

// Consecutive values of one column: a span of what the table holds if that is one of RunTypes, else a single Cell. Not
// a std::variant of spans, because std::visit() of 16 alternatives takes 0.4 s to compile.
class ColumnRun {
  public:
    template <class T>
    requires is_column_run<std::span<const T>>
    explicit ColumnRun(std::span<const T> values) noexcept
        : type_(run_type<T>), data_(values.data()), size_(values.size()) {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    // Returns a value as a cell, for callers that treat all types alike.
    [[nodiscard]] Cell cell(std::size_t index) const {
        return type_ == 0 ? static_cast<const Cell*>(data_)[index] : converted(index);
    }

    // Calls `visitor` with the span.
    template <class Visitor>
    void visit(Visitor visitor) const {
        visit_as(visitor, RunTypes());
    }

  private:
    template <class Visitor, class... Ts>
    void visit_as(Visitor& visitor, TypeList<Ts...>) const {
        static_cast<void>(
            ((type_ == run_type<Ts> && (visitor(std::span(static_cast<const Ts*>(data_), size_)), true)) || ...));
    }

    [[nodiscard]] Cell converted(std::size_t index) const;

    std::size_t type_;
    const void* data_;
    std::size_t size_;
};

// The rows [first, first + count) of a table, which must outlive it. Makes an indirect call per cell, so the loop that
// formats cells does not use it. Code that reads few cells, or whole spans, uses it to be compiled once for all tables.
class BatchView {
  public:
    template <Table T>
    BatchView(const T& table, std::size_t first, std::size_t count) noexcept
        : table_(&table), first_(first), rows_(count), visit_row_(&visit_row_of<T>), name_(&name_of<T>) {
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

    // Calls `visit` with the values of a column as one ColumnRun after the other. Requires has_columns().
    template <class Visitor>
    void visit_column(std::size_t column, Visitor visit) const {
        visit_column_(table_, column, first_, rows_, Callback<ColumnRun>(visit));
    }

    // Calls `use`, which reads rows of this view. If it throws CellFault, throws TableError (bad_cell) with the cell's
    // column and row instead. `number` is the number of row 0 in the whole table.
    template <class Use>
    void locate_faults(std::uint64_t number, Use use) const {
        try {
            use();
        } catch (const CellFault& fault) {
            throw_located(fault, number);
        }
    }

  private:
    // Reads the rows again to find the first cell that has a fault.
    [[noreturn]] void throw_located(const CellFault& fault, std::uint64_t number) const;

    template <class T>
    static std::string name_of(const void* table, std::size_t column) {
        decltype(auto) schema = curtail::schema_of(*static_cast<const T*>(table));
        return column < schema.size() ? schema[column].name : std::string();
    }

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
            if constexpr (is_column_run<std::remove_cvref_t<decltype(values)>>) {
                visit(ColumnRun(values));
            } else {
                for (const auto& value : values) {
                    visit_cell(value, [visit](const auto& plain) {
                        const Cell cell(plain);
                        visit(ColumnRun(std::span<const Cell>(&cell, 1)));
                    });
                }
            }
        });
    }

    const void* table_;
    std::size_t first_;
    std::size_t rows_;
    void (*visit_row_)(const void*, std::size_t, std::size_t, Callback<Cell>);
    std::string (*name_)(const void*, std::size_t);
    void (*visit_column_)(const void*, std::size_t, std::size_t, std::size_t, Callback<ColumnRun>) = nullptr;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE Cell ColumnRun::converted(std::size_t index) const {
    Cell cell;
    visit([&](const auto& values) { visit_cell(values[index], [&](const auto& plain) { cell = Cell(plain); }); });
    return cell;
}

CURTAIL_INLINE void BatchView::throw_located(const CellFault& fault, std::uint64_t number) const {
    for (std::size_t row = 0; row < rows_; ++row) {
        std::size_t column = 0;
        try {
            visit_row(row, 0, [&column](const Cell&) { ++column; });
        } catch (const CellFault& again) {
            std::string name = name_(table_, column);
            const std::string text =
                concat({"row ", std::to_string(number + row), ", column '", name, "': ", again.text()});
            throw TableError(ErrorCode::bad_cell, text, std::move(name), number + row);
        }
    }
    throw TableError(ErrorCode::bad_cell, fault.text());
}

}  // namespace curtail::inline v0::detail

#endif
