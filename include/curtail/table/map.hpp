// SPDX-License-Identifier: MIT
#pragma once
// A table over a map from names to columns: map_columns(std::map<std::string, std::vector<double>>).

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

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/cell/range.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

namespace detail {

// A container of cells. A text is one cell, though it has characters by index.
template <class V>
concept ColumnContainer = ColumnValues<V> && !std::is_convertible_v<const V&, std::string_view>;

template <class V>
struct is_column_variant : std::false_type {};
template <class... Values>
struct is_column_variant<std::variant<Values...>> : std::bool_constant<(ColumnContainer<Values> && ...)> {};

template <class... Values>
inline constexpr bool stores_elements<std::variant<Values...>> = (stores_elements<Values> && ...);

template <class V>
concept MappedColumn = ColumnContainer<V> || is_column_variant<V>::value;

// The mapped type of a map, found through its iterator so that <map> need not be included.
template <class M>
using MappedOf = std::remove_cvref_t<decltype(std::begin(std::declval<const M&>())->second)>;

// Calls `use` with a container, or with the container that a variant holds.
template <class Values, class Use>
decltype(auto) visit_mapped(const Values& values, const Use& use) {
    if constexpr (is_column_variant<Values>::value) {
        return std::visit(use, values);
    } else {
        return use(values);
    }
}

// One column of a map: its name, and where its container is.
struct MapEntry {
    std::string_view name;
    const void* values;
};

}  // namespace detail

/// `std::map`, `std::unordered_map`, a vector of pairs: anything that yields pairs of a name and a container, or of a
/// name and a `std::variant` of containers.
template <class M>
concept ColumnMap = requires(const std::remove_cvref_t<M>& map) {
    { std::begin(map)->first } -> std::convertible_to<std::string_view>;
    std::begin(map) == std::end(map);
    requires detail::MappedColumn<detail::MappedOf<std::remove_cvref_t<M>>>;
};

/// The columns of a map side by side, a table in memory. Copies none of them. Made by map_columns().
template <class Values>
class MapTable {
  public:
    /// Several threads may read the table at once, unless a container makes its elements when they are read.
    static constexpr bool concurrent_reads = detail::stores_elements<Values>;

    /// `owner` keeps alive what the entries point to. Throws TableError (row_count_mismatch), which names the first
    /// column whose length differs from the first column's.
    MapTable(const std::vector<detail::MapEntry>& entries, std::shared_ptr<const void> owner)
        : owner_(std::move(owner)) {
        std::vector<detail::ColumnOutline> outlines;
        outlines.reserve(entries.size());
        columns_.reserve(entries.size());
        for (const detail::MapEntry& entry : entries) {
            columns_.push_back(static_cast<const Values*>(entry.values));
            outlines.push_back(detail::visit_mapped(*columns_.back(), [&]<class Held>(const Held& held) {
                return detail::ColumnOutline{entry.name, &column_type_of<detail::ElementOf<Held>>, std::size(held)};
            }));
        }
        schema_ = detail::schema_of_columns(outlines);
        if (!outlines.empty()) rows_ = outlines.front().rows;
    }

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Calls `visit` with the elements of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto at_row = [&](const auto& held) { visit(std::begin(held)[static_cast<std::ptrdiff_t>(row)]); };
        for (std::size_t column = first; column < columns_.size(); ++column) {
            detail::visit_mapped(*columns_[column], at_row);
        }
    }

    /// Calls `visit` with a range of the elements of one column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count, Visitor&& visit) const {
        detail::visit_mapped(*columns_[column],
                             [&](const auto& held) { detail::visit_elements(held, first, count, visit); });
    }

  private:
    std::shared_ptr<const void> owner_;
    std::vector<const Values*> columns_;
    Schema schema_;
    std::size_t rows_ = 0;
};

namespace detail {

// Sorts the entries by name; those of one name stay in their order.
void sort_by_name(std::vector<MapEntry>& entries);

// Returns the first entry of each name. Throws TableError (invalid_schema) for a name that is not there.
[[nodiscard]] std::vector<MapEntry> choose_entries(std::vector<MapEntry> entries,
                                                   const std::vector<std::string>& names);

template <class M>
[[nodiscard]] std::vector<MapEntry> map_entries(const M& map) {
    std::vector<MapEntry> entries;
    if constexpr (requires { entries.reserve(std::size(map)); }) entries.reserve(std::size(map));
    for (const auto& [name, values] : map) entries.push_back({name, &values});
    // The order of a hashed map differs between runs and machines; that of the file's columns must not.
    if constexpr (requires { typename M::hasher; }) sort_by_name(entries);
    return entries;
}

// Returns a pointer to a map that was passed as a variable, or an owner of one that was moved in. Behind a pointer its
// columns do not move.
template <class M>
[[nodiscard]] std::shared_ptr<const std::remove_cvref_t<M>> map_owner(M&& map) {
    if constexpr (std::is_lvalue_reference_v<M>) {
        return {std::shared_ptr<const void>(), std::addressof(map)};
    } else {
        return std::make_shared<const std::remove_cvref_t<M>>(std::forward<M>(map));
    }
}

}  // namespace detail

/// Returns a table of all columns of a map, in the order of the map; a hashed map is sorted by name. A map that is
/// passed as a variable must outlive the table and must not change while the table is in use; one that is moved in is
/// owned. Throws TableError (row_count_mismatch) if two columns differ in length.
///
///     const std::map<std::string, std::vector<double>> scores = …;
///     const auto table = curtail::map_columns(scores);
template <ColumnMap M>
[[nodiscard]] auto map_columns(M&& map) {
    auto owner = detail::map_owner(std::forward<M>(map));
    return MapTable<detail::MappedOf<std::remove_cvref_t<M>>>(detail::map_entries(*owner), owner);
}

/// Returns a table of the columns with these names, in this order. Throws TableError (invalid_schema) also for a name
/// that the map does not have.
template <ColumnMap M>
[[nodiscard]] auto map_columns(M&& map, const std::vector<std::string>& names) {
    auto owner = detail::map_owner(std::forward<M>(map));
    return MapTable<detail::MappedOf<std::remove_cvref_t<M>>>(
        detail::choose_entries(detail::map_entries(*owner), names), owner);
}

// For any other type: fails to compile, with a message that names the cure.
template <class M>
requires(!ColumnMap<M>) auto map_columns(M&&, const std::vector<std::string>& = {}) {
    static_assert(ColumnMap<M>,
                  "map_columns() takes a map of names to containers that are read by index, such as "
                  "std::map<std::string, std::vector<double>>");
}

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void sort_by_name(std::vector<MapEntry>& entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const MapEntry& a, const MapEntry& b) { return a.name < b.name; });
}

CURTAIL_INLINE std::vector<MapEntry> choose_entries(std::vector<MapEntry> entries,
                                                    const std::vector<std::string>& names) {
    sort_by_name(entries);
    std::vector<MapEntry> chosen;
    chosen.reserve(names.size());
    for (const std::string& name : names) {
        const auto found =
            std::lower_bound(entries.begin(), entries.end(), std::string_view(name),
                             [](const MapEntry& entry, std::string_view text) { return entry.name < text; });
        if (found == entries.end() || found->name != name) {
            throw TableError(ErrorCode::invalid_schema, "the map has no column '" + name + "'", name);
        }
        chosen.push_back(*found);
    }
    return chosen;
}

}  // namespace curtail::inline v0::detail
#endif
