// SPDX-License-Identifier: MIT
#pragma once
// A table over JSON records, [{"id":1,"city":"Oslo"},…], held by nlohmann::json or one of its relatives.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// Any nlohmann::basic_json, told by shape: this header costs no JSON library.
template <class J>
concept JsonLike = requires(const J& value) {
    typename J::array_t;
    typename J::object_t;
    typename J::error_handler_t;
    value.is_object();
    value.type_name();
    value.template get_ptr<const typename J::object_t*>();
    value.dump(-1, ' ', false, J::error_handler_t::replace);
};

// A JSON array, or a random-access container of JSON values.
template <class R>
concept JsonRecords = JsonLike<std::remove_cvref_t<R>> ||
    requires(const std::remove_cvref_t<R>& range, std::ptrdiff_t row) {
    std::size(range);
    requires JsonLike<std::remove_cvref_t<decltype(std::begin(range)[row])>>;
};

namespace detail {

// The container that holds the records.
template <class Source>
[[nodiscard]] const auto& records_in(const Source& source) {
    if constexpr (JsonLike<Source>) {
        if (const auto* const array = source.template get_ptr<const typename Source::array_t*>()) return *array;
        throw TableError(ErrorCode::malformed_input,
                         "records are an array of objects, and this JSON is: " + std::string(source.type_name()));
    } else {
        return source;
    }
}

template <class Json>
[[nodiscard]] const typename Json::object_t& object_in(const Json& record, std::size_t row) {
    if (const auto* const object = record.template get_ptr<const typename Json::object_t*>()) return *object;
    throw TableError(ErrorCode::malformed_input,
                     "record " + std::to_string(row) + " is no object but: " + std::string(record.type_name()), {},
                     row);
}

// The keys of all records in the order in which they first appear.
template <class Records>
[[nodiscard]] std::vector<std::string> keys_of(const Records& records) {
    std::vector<std::string> keys;
    std::vector<std::size_t> sorted;  // positions in `keys` by name
    const std::size_t rows = std::size(records);
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t expected = 0;
        for (const auto& [key, value] : object_in(std::begin(records)[static_cast<std::ptrdiff_t>(row)], row)) {
            // Records mostly repeat their keys in one order, so the next key is mostly the one that came next before.
            if (expected < keys.size() && keys[expected] == key) {
                ++expected;
                continue;
            }
            const auto place = std::lower_bound(sorted.begin(), sorted.end(), key,
                                                [&](std::size_t at, const auto& wanted) { return keys[at] < wanted; });
            if (place != sorted.end() && keys[*place] == key) {
                expected = *place + 1;
            } else {
                sorted.insert(place, keys.size());
                keys.emplace_back(key);
                expected = keys.size();
            }
        }
    }
    return keys;
}

// Calls `visit` with a JSON value's plain form. Numbers keep being what they are; what is no scalar becomes JSON text.
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

// JSON records as rows: a key that a record lacks is null there, and so is JSON's null; arrays and objects within a
// record become Nested. A column's type shows only cell by cell. Copies nothing; records passed as a variable must
// outlive the table and must not change while it is in use.
template <JsonRecords Source>
class RecordsTable {
  public:
    static constexpr bool concurrent_reads = true;

    // Reads all records for their keys. Throws TableError (malformed_input) for a record that is no object.
    explicit RecordsTable(Source&& source) : source_(std::forward<Source>(source)) {
        set_columns(detail::keys_of(detail::records_in(source_)));
    }

    // Reads nothing yet: a record that is no object shows when its turn comes. Other keys than `names` are passed over.
    RecordsTable(Source&& source, std::vector<std::string> names) : source_(std::forward<Source>(source)) {
        static_cast<void>(detail::records_in(source_));
        set_columns(std::move(names));
    }

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const { return std::size(detail::records_in(source_)); }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit_row_from(row, 0, visit);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const auto& records = detail::records_in(source_);
        const auto& object = detail::object_in(std::begin(records)[static_cast<std::ptrdiff_t>(row)], row);
        auto next = object.begin();
        for (std::size_t column = first; column < schema_.size(); ++column) {
            const std::string& name = schema_[column].name;
            auto found = next;
            // An ordered object searches all its keys, so it is asked only where the next member is another one.
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
    void set_columns(std::vector<std::string> names) {
        std::vector<ColumnSpec> columns;
        columns.reserve(names.size());
        for (std::string& name : names) columns.push_back({std::move(name), {CellKind::any}});
        schema_ = Schema(std::move(columns));
    }

    detail::Kept<Source> source_;
    Schema schema_;
};

// Records with the keys of all of them as columns, in the order in which they first appear. Takes a pass of its own.
template <JsonRecords Source>
[[nodiscard]] auto records(Source&& source) {
    return RecordsTable<Source>(std::forward<Source>(source));
}

// Records with these keys as columns.
template <JsonRecords Source>
[[nodiscard]] auto records(Source&& source, std::vector<std::string> names) {
    return RecordsTable<Source>(std::forward<Source>(source), std::move(names));
}

}  // namespace curtail::inline v0
