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

template <class V>
struct is_column_variant : std::false_type {};
template <class... Values>
struct is_column_variant<std::variant<Values...>> : std::bool_constant<(ColumnValues<Values> && ...)> {};

template <class... Values>
inline constexpr bool stores_elements<std::variant<Values...>> = (stores_elements<Values> && ...);

template <class V>
concept MappedColumn = ColumnValues<V> || is_column_variant<V>::value;

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

template <class Values>
[[nodiscard]] ColumnType mapped_type() {
    using Element = std::remove_cvref_t<ElementAt<Values>>;
    expect_cell<Element>();
    return column_type_of<Element>();
}

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

    /// One column: its name and where its container is.
    struct Entry {
        /// The key.
        std::string_view name;
        /// The container, which is not owned.
        const Values* values;
    };

    /// `owner` keeps alive what the entries point to. Throws TableError (row_count_mismatch), which names the first
    /// column whose length differs from the first column's.
    MapTable(const std::vector<Entry>& entries, std::shared_ptr<const void> owner) : owner_(std::move(owner)) {
        std::vector<detail::ColumnOutline> outlines;
        outlines.reserve(entries.size());
        columns_.reserve(entries.size());
        for (const Entry& entry : entries) {
            outlines.push_back({entry.name, type_of(*entry.values), length_of(*entry.values)});
            columns_.push_back(entry.values);
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
    [[nodiscard]] static std::size_t length_of(const Values& values) {
        return detail::visit_mapped(values, [](const auto& held) -> std::size_t { return std::size(held); });
    }
    [[nodiscard]] static ColumnType type_of(const Values& values) {
        return detail::visit_mapped(values, []<class Held>(const Held&) { return detail::mapped_type<Held>(); });
    }

    std::shared_ptr<const void> owner_;
    std::vector<const Values*> columns_;
    Schema schema_;
    std::size_t rows_ = 0;
};

namespace detail {

// Returns the places of the names in their rising order.
[[nodiscard]] std::vector<std::size_t> rising_order(const std::vector<std::string_view>& names);

// Returns the place of each of the wanted names. Throws TableError (invalid_schema) for one that is not there.
[[nodiscard]] std::vector<std::size_t> places_of(const std::vector<std::string>& wanted,
                                                 const std::vector<std::string_view>& names);

template <class Entry>
[[nodiscard]] std::vector<std::string_view> names_of(const std::vector<Entry>& entries) {
    std::vector<std::string_view> names;
    names.reserve(entries.size());
    for (const Entry& entry : entries) names.push_back(entry.name);
    return names;
}

template <class Entry>
[[nodiscard]] std::vector<Entry> entries_at(const std::vector<Entry>& entries, const std::vector<std::size_t>& places) {
    std::vector<Entry> chosen;
    chosen.reserve(places.size());
    for (const std::size_t place : places) chosen.push_back(entries[place]);
    return chosen;
}

template <class M>
[[nodiscard]] auto map_entries(const M& map) {
    std::vector<typename MapTable<MappedOf<M>>::Entry> entries;
    if constexpr (requires { entries.reserve(std::size(map)); }) entries.reserve(std::size(map));
    for (const auto& [name, values] : map) entries.push_back({name, &values});
    // The order of a hashed map differs between runs and machines; that of the file's columns must not.
    if constexpr (requires { typename M::hasher; }) return entries_at(entries, rising_order(names_of(entries)));
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
    const auto entries = detail::map_entries(*owner);
    return MapTable<detail::MappedOf<std::remove_cvref_t<M>>>(
        detail::entries_at(entries, detail::places_of(names, detail::names_of(entries))), owner);
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

CURTAIL_INLINE std::vector<std::size_t> rising_order(const std::vector<std::string_view>& names) {
    std::vector<std::size_t> order(names.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
    return order;
}

CURTAIL_INLINE std::vector<std::size_t> places_of(const std::vector<std::string>& wanted,
                                                  const std::vector<std::string_view>& names) {
    const std::vector<std::size_t> order = rising_order(names);
    std::vector<std::size_t> places;
    places.reserve(wanted.size());
    for (const std::string& name : wanted) {
        const auto found =
            std::lower_bound(order.begin(), order.end(), std::string_view(name),
                             [&](std::size_t place, std::string_view text) { return names[place] < text; });
        if (found == order.end() || names[*found] != name) {
            throw TableError(ErrorCode::invalid_schema, "the map has no column '" + name + "'", name);
        }
        places.push_back(*found);
    }
    return places;
}

}  // namespace curtail::inline v0::detail
#endif
