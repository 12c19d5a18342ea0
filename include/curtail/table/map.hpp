// SPDX-License-Identifier: MIT
#pragma once
// A table over a map from names to columns: map_columns(std::map<std::string, std::vector<double>>).

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/cell/range.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

namespace detail {

template <class C>
using ElementOf = std::remove_cvref_t<decltype(std::begin(std::declval<const C&>())[0])>;

template <class V>
struct is_column_variant : std::false_type {};
template <class... Values>
struct is_column_variant<std::variant<Values...>> : std::bool_constant<(ColumnValues<Values> && ...)> {};

template <class... Values>
inline constexpr bool stores_elements<std::variant<Values...>> = (stores_elements<Values> && ...);

template <class V>
concept MappedColumn = ColumnValues<V> || is_column_variant<V>::value;

// What a map's iterator points at, by shape, so that nobody pays for <map> who has none.
template <class M>
using MappedOf = std::remove_cvref_t<decltype(std::begin(std::declval<const M&>())->second)>;

template <class Values>
[[nodiscard]] std::size_t mapped_length(const Values& values) {
    if constexpr (is_column_variant<Values>::value) {
        return std::visit([](const auto& held) -> std::size_t { return std::size(held); }, values);
    } else {
        return std::size(values);
    }
}

template <class Values>
[[nodiscard]] ColumnType mapped_type(const Values& values) {
    if constexpr (is_column_variant<Values>::value) {
        return std::visit([](const auto& held) { return mapped_type(held); }, values);
    } else {
        static_assert(CellLike<ElementOf<Values>>,
                      "the elements of this map's columns are no cells: specialise curtail::cell_traits for them");
        return column_type_of<ElementOf<Values>>();
    }
}

}  // namespace detail

// std::map, std::unordered_map, a vector of pairs: whatever yields pairs of a name and a container, or of a name and a
// std::variant of containers.
template <class M>
concept ColumnMap = requires(const std::remove_cvref_t<M>& map) {
    { std::begin(map)->first } -> std::convertible_to<std::string_view>;
    std::begin(map) == std::end(map);
    requires detail::MappedColumn<detail::MappedOf<std::remove_cvref_t<M>>>;
};

// The columns of a map side by side. Copies none of them; a map passed as a variable must outlive the table and must
// not change while it is in use.
template <class Values>
class MapTable {
  public:
    static constexpr bool concurrent_reads = detail::stores_elements<Values>;

    struct Entry {
        std::string_view name;
        const Values* values;
    };

    // `owner` keeps alive what the entries point into. Throws TableError (row_count_mismatch) naming the first column
    // whose length differs from the first one's.
    MapTable(const std::vector<Entry>& entries, std::shared_ptr<const void> owner) : owner_(std::move(owner)) {
        std::vector<ColumnSpec> specs;
        specs.reserve(entries.size());
        columns_.reserve(entries.size());
        for (const Entry& entry : entries) {
            const std::size_t length = detail::mapped_length(*entry.values);
            if (columns_.empty()) rows_ = length;
            if (length != rows_) {
                throw TableError(ErrorCode::row_count_mismatch,
                                 "column '" + std::string(entry.name) + "' has " + std::to_string(length) +
                                     " rows where '" + specs[0].name + "' has " + std::to_string(rows_),
                                 std::string(entry.name));
            }
            specs.push_back({std::string(entry.name), detail::mapped_type(*entry.values)});
            columns_.push_back(entry.values);
        }
        schema_ = Schema(std::move(specs));
    }

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit_row_from(row, 0, visit);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto at_row = [&](const auto& held) { visit(std::begin(held)[static_cast<std::ptrdiff_t>(row)]); };
        for (std::size_t column = first; column < columns_.size(); ++column) {
            if constexpr (detail::is_column_variant<Values>::value) {
                std::visit(at_row, *columns_[column]);
            } else {
                at_row(*columns_[column]);
            }
        }
    }

    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        const auto at_rows = [&](const auto& held) { detail::visit_elements(held, first, count, visit); };
        if constexpr (detail::is_column_variant<Values>::value) {
            std::visit(at_rows, *columns_[column]);
        } else {
            at_rows(*columns_[column]);
        }
    }

  private:
    std::shared_ptr<const void> owner_;
    std::vector<const Values*> columns_;
    Schema schema_;
    std::size_t rows_ = 0;
};

namespace detail {

template <class M>
[[nodiscard]] auto map_entries(const M& map) {
    std::vector<typename MapTable<MappedOf<M>>::Entry> entries;
    if constexpr (requires { entries.reserve(std::size(map)); }) entries.reserve(std::size(map));
    for (const auto& [name, values] : map) entries.push_back({name, &values});
    // A hashed map has an order of its own on every run and machine; the file's columns must not.
    if constexpr (requires { typename M::hasher; }) {
        std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    }
    return entries;
}

// Those of `entries` that bear the given names, in the order of the names.
template <class Entry>
[[nodiscard]] std::vector<Entry> chosen_entries(const std::vector<Entry>& entries,
                                                const std::vector<std::string>& names) {
    std::vector<Entry> by_name = entries;
    std::stable_sort(by_name.begin(), by_name.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    std::vector<Entry> chosen;
    chosen.reserve(names.size());
    for (const std::string& name : names) {
        const auto found =
            std::lower_bound(by_name.begin(), by_name.end(), std::string_view(name),
                             [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
        if (found == by_name.end() || found->name != name) {
            throw TableError(ErrorCode::invalid_schema, "the map has no column '" + name + "'", name);
        }
        chosen.push_back(*found);
    }
    return chosen;
}

// What the table keeps of a map that was moved in. Behind a pointer, so that its columns stay where they are.
template <class M>
[[nodiscard]] std::shared_ptr<const std::remove_cvref_t<M>> map_owner(M&& map) {
    if constexpr (std::is_lvalue_reference_v<M>) {
        return {std::shared_ptr<const void>(), std::addressof(map)};
    } else {
        return std::make_shared<const std::remove_cvref_t<M>>(std::forward<M>(map));
    }
}

}  // namespace detail

// All columns of a map in the order in which it yields them; those of a hashed map sorted by name.
template <ColumnMap M>
[[nodiscard]] auto map_columns(M&& map) {
    auto owner = detail::map_owner(std::forward<M>(map));
    return MapTable<detail::MappedOf<std::remove_cvref_t<M>>>(detail::map_entries(*owner), owner);
}

// The columns of these names in this order. Throws TableError (invalid_schema) for a name that the map lacks.
template <ColumnMap M>
[[nodiscard]] auto map_columns(M&& map, const std::vector<std::string>& names) {
    auto owner = detail::map_owner(std::forward<M>(map));
    return MapTable<detail::MappedOf<std::remove_cvref_t<M>>>(
        detail::chosen_entries(detail::map_entries(*owner), names), owner);
}

}  // namespace curtail::inline v0
