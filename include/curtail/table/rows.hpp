// SPDX-License-Identifier: MIT
#pragma once
// Tables over a range of structs or tuples: rows(passengers, field("age", &Passenger::age)), tuples(pairs, {"a", "b"}).

#include <cstddef>
#include <iterator>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/cell/range.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// One column of a range of structs, as field() makes it.
template <class Getter>
struct Field {
    std::string name;  ///< The name in the header of the file.
    Getter getter;     ///< Returns the cell of a struct.
};

namespace detail {

template <class>
inline constexpr bool is_field = false;
template <class Getter>
inline constexpr bool is_field<curtail::Field<Getter>> = true;

// Does what std::invoke() does, without <functional>, which costs 5 % of a file that links curtail::compiled.
template <class Getter, class Element>
decltype(auto) read_field(const Getter& getter, Element& element) {
    return std::apply(getter, std::tie(element));
}

}  // namespace detail

/// Gives a column of a range of structs the name `name`. `getter` returns the cell of a struct: a pointer to a member
/// or to a const member function, or any callable.
template <class Getter>
[[nodiscard]] Field<Getter> field(std::string name, Getter getter) {
    return {std::move(name), std::move(getter)};
}
// For any other arguments: fails to compile, with a message that names the cure.
template <class Name, class... Getter>
requires(!std::is_convertible_v<Name, std::string> || sizeof...(Getter) != 1) auto field(Name&&, Getter&&...) {
    static_assert(std::is_convertible_v<Name, std::string> && sizeof...(Getter) == 1,
                  "a field has a name and a getter: field(\"age\", &Person::age)");
}

/// A table of the elements of a random-access range, as rows() makes it. Copies nothing. A range passed as a variable
/// must outlive the table.
template <class Range, class... Getters>
class RowsTable {
  public:
    /// True if the range stores its elements and no getter has a state, which it could write to.
    static constexpr bool concurrent_reads = detail::stores_elements<std::remove_cvref_t<Range>> &&
                                             ((std::is_member_pointer_v<Getters> || std::is_empty_v<Getters>)&&...);

    /// Takes the range and the columns in order.
    explicit RowsTable(Range&& range, Field<Getters>... fields)
        : range_(std::forward<Range>(range)),
          getters_(std::move(fields.getter)...),
          schema_({ColumnSpec{std::move(fields.name), column_type_of<Value<Getters>>()}...}) {}

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return std::size(range_); }

    /// Calls `visit` with each cell of a row.
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        decltype(auto) element = std::begin(range_)[static_cast<std::ptrdiff_t>(row)];
        std::apply([&](const auto&... getter) { (visit(detail::read_field(getter, element)), ...); }, getters_);
    }

    /// Calls `visit` with the cells of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        decltype(auto) element = std::begin(range_)[static_cast<std::ptrdiff_t>(row)];
        std::size_t index = 0;
        std::apply(
            [&](const auto&... getter) {
                ((index++ >= first ? visit(detail::read_field(getter, element)) : void()), ...);
            },
            getters_);
    }

    /// Calls `visit` with the cells of a column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const requires
        std::is_lvalue_reference_v<detail::ElementAt<Range>>  // else the result of a getter may refer to a temporary
    {
        std::size_t index = 0;
        const auto visit_field = [&](const auto& getter) {
            visit(detail::CellRange(first, first + count, [&](std::size_t row) -> decltype(auto) {
                return detail::read_field(getter, std::begin(range_)[static_cast<std::ptrdiff_t>(row)]);
            }));
        };
        std::apply([&](const auto&... getter) { ((index++ == column ? visit_field(getter) : void()), ...); }, getters_);
    }

  private:
    template <class Getter>
    using Value = std::remove_cvref_t<std::invoke_result_t<const Getter&, detail::ElementAt<Range>>>;
    detail::Kept<Range> range_;
    std::tuple<Getters...> getters_;
    Schema schema_;
};

/// Makes a table of a range of structs:
///
///     const auto table = rows(passengers, field("age", &Passenger::age), field("city", &Passenger::city));
template <ColumnValues Range, class... Getters>
[[nodiscard]] auto rows(Range&& range, Field<Getters>... fields) {
    static_assert(sizeof...(Getters) != 0, "rows() needs the columns too: rows(people, field(\"age\", &Person::age))");
    constexpr bool all_take = (std::is_invocable_v<const Getters&, detail::ElementAt<Range>> && ...);
    static_assert(all_take,
                  "a getter of field() does not take the elements of this range: give the member of their struct, "
                  "field(\"age\", &Person::age), or a function of a const Person&");
    if constexpr (all_take) {
        static_assert((!std::is_void_v<std::invoke_result_t<const Getters&, detail::ElementAt<Range>>> && ...),
                      "a getter of field() returns nothing, and must return the cell");
        return RowsTable<Range, Getters...>(std::forward<Range>(range), std::move(fields)...);
    }
}

// For any other arguments: fails to compile, with a message that names the cure.
template <class Range, class... Wrong>
requires(!ColumnValues<Range> || !(detail::is_field<std::remove_cvref_t<Wrong>> && ...)) auto rows(Range&&,
                                                                                                   Wrong&&...) {
    static_assert(ColumnValues<Range>,
                  "the elements of a range are read by index: std::vector, std::span, std::deque, std::array; copy a "
                  "std::list or a std::set into a std::vector first");
    static_assert(!ColumnValues<Range> || (detail::is_field<std::remove_cvref_t<Wrong>> && ...),
                  "a column of structs is a field with a name: rows(people, field(\"age\", &Person::age))");
}

// Names instead of fields: fails to compile, with a message that names the cure.
template <ColumnValues Range>
auto rows(Range&&, const std::vector<std::string>&) {
    static_assert(!ColumnValues<Range>,
                  "rows() takes fields: rows(people, field(\"age\", &Person::age)); tuples and pairs are for "
                  "tuples(pairs, {\"id\", \"score\"})");
}

/// A random-access range of std::tuple, std::pair, std::array or your own type with the tuple protocol.
template <class Range>
concept TupleRange = ColumnValues<Range> && detail::TupleRow<detail::ElementOf<Range>>;

/// A table of the elements of a range of tuples, as tuples() makes it. Copies nothing. A range passed as a variable
/// must outlive the table.
template <TupleRange Range>
class TuplesTable {
  public:
    /// True if the range stores its elements.
    static constexpr bool concurrent_reads = detail::stores_elements<std::remove_cvref_t<Range>>;

    /// Throws TableError (invalid_schema) unless there are as many names as a tuple of `range` has elements.
    TuplesTable(Range&& range, const std::vector<std::string>& names)
        : range_(std::forward<Range>(range)), schema_(detail::tuple_schema<Row>(names)) {}

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return std::size(range_); }

    /// Calls `visit` with the cells of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto& tuple = std::begin(range_)[static_cast<std::ptrdiff_t>(row)];
        detail::visit_tuple(tuple, first, visit);
    }

    /// Calls `visit` with the cells of a column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires std::is_lvalue_reference_v<detail::ElementAt<Range>> {
        const auto cells = [&](auto get_cell) {
            visit(detail::CellRange(first, first + count, [&, get_cell](std::size_t row) -> decltype(auto) {
                return get_cell(std::begin(range_)[static_cast<std::ptrdiff_t>(row)]);
            }));
        };
        if constexpr (detail::ArrayRow<Row>) {
            cells([column](const Row& row) -> decltype(auto) { return row[column]; });
        } else {
            [&]<std::size_t... I>(std::index_sequence<I...>) {
                using std::get;
                ((I == column ? cells([](const Row& row) -> decltype(auto) { return get<I>(row); }) : void()), ...);
            }
            (std::make_index_sequence<width>());
        }
    }

  private:
    using Row = detail::ElementOf<Range>;
    static constexpr std::size_t width = std::tuple_size_v<Row>;

    detail::Kept<Range> range_;
    Schema schema_;
};

/// Makes a table of a range of tuples: tuples(pairs, {"id", "score"}). Throws TableError (invalid_schema) unless there
/// are as many names as a tuple has elements.
template <TupleRange Range>
[[nodiscard]] auto tuples(Range&& range, const std::vector<std::string>& names) {
    return TuplesTable<Range>(std::forward<Range>(range), names);
}

// For any other range: fails to compile, with a message that names the cure.
template <class Range>
requires(!TupleRange<Range>) auto tuples(Range&&, const std::vector<std::string>& = {}) {
    if constexpr (ColumnValues<Range>) {
        static_assert(TupleRange<Range>,
                      "the elements of this range are not tuples: rows() takes structs, columns() takes plain values, "
                      "matrix() takes numbers side by side");
    } else {
        static_assert(TupleRange<Range>,
                      "the elements of a range are read by index: std::vector, std::span, std::deque, std::array; copy "
                      "a std::list or a std::set into a std::vector first");
    }
}
// Without names: fails to compile, with a message that names the cure.
template <TupleRange Range>
auto tuples(Range&&) {
    static_assert(!TupleRange<Range>,
                  "tuples() needs the names of the columns too: tuples(pairs, {\"id\", \"score\"})");
}

}  // namespace curtail::inline v0
