// SPDX-License-Identifier: MIT
#pragma once
// A table over JSON records, [{"id":1,"city":"Oslo"},…], held by nlohmann::json or one of its relatives.

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/text/json_value.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// A JSON array, or a random-access container of JSON values, of any `nlohmann::basic_json`.
template <class R>
concept JsonRecords = detail::JsonValue<std::remove_cvref_t<R>> ||
    requires(const std::remove_cvref_t<R>& range, std::ptrdiff_t row) {
    std::size(range);
    requires detail::JsonValue<std::remove_cvref_t<decltype(std::begin(range)[row])>>;
};

namespace detail {

// Returns the container that holds the records.
template <class Source>
[[nodiscard]] const auto& records_in(const Source& source) {
    if constexpr (JsonValue<Source>) {
        if (const auto* const array = source.template get_ptr<const typename Source::array_t*>()) return *array;
        throw TableError(ErrorCode::malformed_input, "records must be an array of objects, but this JSON is of type " +
                                                         std::string(source.type_name()));
    } else {
        return source;
    }
}

template <class Json>
[[nodiscard]] const typename Json::object_t& object_in(const Json& record, std::size_t row) {
    if (const auto* const object = record.template get_ptr<const typename Json::object_t*>()) return *object;
    throw TableError(ErrorCode::malformed_input,
                     "record " + std::to_string(row) + " is of type " + std::string(record.type_name()) +
                         "; each record must be an object",
                     {}, row);
}

// Returns the keys of all records in the order of their first appearance.
template <class Records>
[[nodiscard]] std::vector<std::string> keys_of(const Records& records) {
    std::vector<std::string> keys;
    std::vector<std::size_t> by_name;  // indices of `keys`
    const std::size_t rows = std::size(records);
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t expected = 0;
        for (const auto& [key, value] : object_in(std::begin(records)[static_cast<std::ptrdiff_t>(row)], row)) {
            // Most records have the same keys in the same order, so the next key is usually the expected one.
            if (expected < keys.size() && keys[expected] == key) {
                ++expected;
                continue;
            }
            std::size_t place = 0;  // of the key in `by_name`, by halving: <algorithm> costs 4 % of a small file
            for (std::size_t end = by_name.size(); place < end;) {
                const std::size_t middle = place + (end - place) / 2;
                if (keys[by_name[middle]] < key) {
                    place = middle + 1;
                } else {
                    end = middle;
                }
            }
            if (place < by_name.size() && keys[by_name[place]] == key) {
                expected = by_name[place] + 1;
            } else {
                by_name.insert(by_name.begin() + static_cast<std::ptrdiff_t>(place), keys.size());
                keys.emplace_back(key);
                expected = keys.size();
            }
        }
    }
    return keys;
}

// Calls `visit` with a JSON value's plain form. Arrays and objects become JSON text.
template <class Json, class Visitor>
void visit_json(const Json& value, Visitor& visit) {
    if (value.is_null() || value.is_discarded()) {
        visit(Null{});
    } else if (const auto* text = value.template get_ptr<const typename Json::string_t*>()) {
        visit(std::string_view(*text));
    } else if (value.is_number_float()) {
        visit(*value.template get_ptr<const typename Json::number_float_t*>());
    } else if (value.is_number_unsigned()) {
        visit(*value.template get_ptr<const typename Json::number_unsigned_t*>());
    } else if (value.is_number_integer()) {
        visit(*value.template get_ptr<const typename Json::number_integer_t*>());
    } else if (const auto* boolean = value.template get_ptr<const typename Json::boolean_t*>()) {
        visit(*boolean);
    } else if (const auto* bytes = value.template get_ptr<const typename Json::binary_t*>()) {
        visit(Bytes{std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size())});
    } else {
        const std::string json = value.dump(-1, ' ', false, Json::error_handler_t::replace);
        visit(Nested{json});
    }
}

}  // namespace detail

/// JSON records as rows, a table in memory. A key that a record does not have is null there, as is JSON's null. Arrays
/// and objects within a record become Nested. All columns are CellKind::any, because each cell has its own type. Copies
/// nothing. Made by records().
template <JsonRecords Source>
class RecordsTable {
  public:
    /// Several threads may read the table at once.
    static constexpr bool concurrent_reads = true;

    /// Reads all records for their keys. Throws TableError (malformed_input) if `source` is not an array or a record is
    /// not an object.
    explicit RecordsTable(Source&& source)
        : source_(std::forward<Source>(source)), schema_(detail::keys_of(detail::records_in(source_))) {}

    /// Reads no record yet, and ignores other keys than `names`. Throws TableError (malformed_input) if `source` is not
    /// an array; visiting a record that is not an object throws the same.
    RecordsTable(Source&& source, const std::vector<std::string>& names)
        : source_(std::forward<Source>(source)), schema_(names) {
        static_cast<void>(detail::records_in(source_));
    }

    /// Returns the names of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of records.
    [[nodiscard]] std::size_t rows() const { return std::size(detail::records_in(source_)); }

    /// Calls `visit` with the cells of a row, which is a record, from column `first` on. Throws TableError
    /// (malformed_input) if that is not an object.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto& records = detail::records_in(source_);
        const auto& object = detail::object_in(std::begin(records)[static_cast<std::ptrdiff_t>(row)], row);
        auto next = object.begin();
        for (std::size_t column = first; column < schema_.size(); ++column) {
            const std::string& name = schema_[column].name;
            auto found = next;
            // An ordered object searches all its keys, so it is searched only if the next member has another key.
            if (next == object.end() || next->first != name) found = object.find(name);
            if (found == object.end()) {
                visit(Null{});
            } else {
                detail::visit_json(found->second, visit);
                next = std::next(found);
            }
        }
    }

  private:
    detail::Kept<Source> source_;
    Schema schema_;
};

/// Returns JSON records as a table with the keys of all records as columns, in the order of their first appearance.
/// Reads all records once for that. Records that are passed as a variable must outlive the table and must not change
/// while it is in use; those that are moved in are owned. Throws TableError (malformed_input) if `source` is not an
/// array or a record is not an object; the error names the row.
///
///     const auto table = curtail::records(nlohmann::ordered_json::parse(R"([{"id":1,"city":"Oslo"}])"));
template <JsonRecords Source>
[[nodiscard]] auto records(Source&& source) {
    return RecordsTable<Source>(std::forward<Source>(source));
}

/// Returns JSON records as a table with these keys as columns. Does not read the records for that.
template <JsonRecords Source>
[[nodiscard]] auto records(Source&& source, const std::vector<std::string>& names) {
    return RecordsTable<Source>(std::forward<Source>(source), names);
}

// For any other type: fails to compile, with a message that names the cure.
template <class Source>
requires(!JsonRecords<Source>) auto records(Source&&, const std::vector<std::string>& = {}) {
    if constexpr (std::is_convertible_v<const Source&, std::string_view>) {
        static_assert(JsonRecords<Source>, "records() takes parsed JSON: records(nlohmann::ordered_json::parse(text))");
    } else {
        static_assert(JsonRecords<Source>,
                      "records() takes a nlohmann::json or a std::vector of them; structs are for rows(people, "
                      "field(\"age\", &Person::age))");
    }
}

}  // namespace curtail::inline v0
