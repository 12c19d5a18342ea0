// SPDX-License-Identifier: MIT
#pragma once
// A table over a range of structs: rows(passengers, field("age", &Passenger::age), field("city", &Passenger::city)).

#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <curtail/table/cell_range.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// One column of a range of structs: a name and how to get the cell from a struct (a pointer to a member or to a const
// member function, or any callable).
template <class Getter>
struct Field {
    std::string name;
    Getter getter;
};

template <class Getter>
[[nodiscard]] Field<Getter> field(std::string name, Getter getter) {
    return {std::move(name), std::move(getter)};
}

// The elements of a random-access range as rows. Copies nothing; a range passed as a variable must outlive the table.
template <class Range, class... Getters>
class RowsTable {
  public:
    // A callable that holds something may write to it.
    static constexpr bool concurrent_reads = detail::stores_elements<std::remove_cvref_t<Range>> &&
                                             ((std::is_member_pointer_v<Getters> || std::is_empty_v<Getters>)&&...);

    explicit RowsTable(Range&& range, Field<Getters>... fields)
        : range_(std::forward<Range>(range)),
          getters_(std::move(fields.getter)...),
          schema_({ColumnSpec{std::move(fields.name), type_of<Value<Getters>>()}...}) {}

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const noexcept { return std::size(range_); }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        decltype(auto) element = std::begin(range_)[static_cast<std::ptrdiff_t>(row)];
        std::apply([&](const auto&... getter) { (visit(std::invoke(getter, element)), ...); }, getters_);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        decltype(auto) element = std::begin(range_)[static_cast<std::ptrdiff_t>(row)];
        std::size_t index = 0;
        std::apply([&](const auto&... getter) { ((index++ >= first ? visit(std::invoke(getter, element)) : void()), ...); },
                   getters_);
    }

    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const
    requires std::is_lvalue_reference_v<detail::ElementAt<Range>>  // else what a getter gives may refer to a temporary
    {
        std::size_t index = 0;
        const auto visit_field = [&](const auto& getter) {
            visit(detail::CellRange(first, first + count, [&](std::size_t row) -> decltype(auto) {
                return std::invoke(getter, std::begin(range_)[static_cast<std::ptrdiff_t>(row)]);
            }));
        };
        std::apply([&](const auto&... getter) { ((index++ == column ? visit_field(getter) : void()), ...); }, getters_);
    }

  private:
    template <class Getter>
    using Value = std::remove_cvref_t<std::invoke_result_t<const Getter&, detail::ElementAt<Range>>>;
    static_assert((CellLike<Value<Getters>> && ...),
                  "a field of this struct is no cell: specialise curtail::cell_traits for its type");

    detail::Kept<Range> range_;
    std::tuple<Getters...> getters_;
    Schema schema_;
};

template <ColumnValues Range, class... Getters>
[[nodiscard]] auto rows(Range&& range, Field<Getters>... fields) {
    return RowsTable<Range, Getters...>(std::forward<Range>(range), std::move(fields)...);
}

}  // namespace curtail::inline v0
