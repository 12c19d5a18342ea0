// SPDX-License-Identifier: MIT
#pragma once
// Lists, structs and maps of Arrow arrays as JSON text, and with them any value at all.

#include <cstddef>
#include <cstdint>
#include <string>

#include <curtail/table/arrow/bound_array.hpp>
#include <curtail/table/arrow/format.hpp>
#include <curtail/table/arrow/value.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/json_text.hpp>

namespace curtail::inline v0::detail {

template <class Column>
void append_arrow_json(std::string& out, const Column& column, std::int64_t row);

[[nodiscard]] inline bool is_arrow_nested(ArrowKind kind) noexcept {
    return kind >= ArrowKind::list && kind <= ArrowKind::map;
}

template <class Offset>
[[nodiscard]] inline ArrowRange arrow_list_view_range(const ArrowColumn& column, std::int64_t row) {
    const std::int64_t begin = load_arrow<Offset>(column.values, column.offset + row);
    const std::int64_t size = load_arrow<Offset>(column.data, column.offset + row);
    const std::int64_t length = column.children[0].length;
    if (begin < 0 || size < 0 || begin > length || size > length - begin) {
        arrow_value_fault(column, "a list of " + std::to_string(size) + " values at " + std::to_string(begin) +
                                      " lies outside the " + std::to_string(length) + " that there are");
    }
    return {begin, begin + size};
}

// The rows of the child that a list or map consists of.
[[nodiscard]] inline ArrowRange arrow_elements(const ArrowColumn& column, std::int64_t row) {
    switch (column.kind) {
        case ArrowKind::list:
        case ArrowKind::map: return arrow_range<std::int32_t>(column, row);
        case ArrowKind::large_list: return arrow_range<std::int64_t>(column, row);
        case ArrowKind::list_view: return arrow_list_view_range<std::int32_t>(column, row);
        case ArrowKind::large_list_view: return arrow_list_view_range<std::int64_t>(column, row);
        default: {
            const std::int64_t size = column.type->list_size;
            return {(column.offset + row) * size, (column.offset + row + 1) * size};
        }
    }
}

template <class Column>
void append_arrow_list(std::string& out, const Column& column, std::int64_t row) {
    const ArrowRange range = arrow_elements(column, row);
    out += '[';
    for (std::int64_t i = range.begin; i < range.end; ++i) {
        if (i != range.begin) out += ',';
        append_arrow_json(out, column.children[0], i);
    }
    out += ']';
}

// JSON has text keys only, so any other key is its own JSON text: {"1":…}.
template <class Column>
void append_arrow_map(std::string& out, const Column& column, std::int64_t row) {
    const ArrowRange range = arrow_elements(column, row);
    const Column& entries = column.children[0];
    out += '{';
    for (std::int64_t i = range.begin; i < range.end; ++i) {
        if (i != range.begin) out += ',';
        std::string key;
        append_arrow_json(key, entries.children[0], entries.offset + i);
        if (key.starts_with('"')) {
            out += key;
        } else {
            append_json_string(out, key);
        }
        out += ':';
        append_arrow_json(out, entries.children[1], entries.offset + i);
    }
    out += '}';
}

template <class Column>
void append_arrow_struct(std::string& out, const Column& column, std::int64_t row) {
    out += '{';
    for (std::size_t i = 0; i < column.children.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, column.children[i].type->name);
        out += ':';
        append_arrow_json(out, column.children[i], column.offset + row);
    }
    out += '}';
}

// Appends any value as JSON. The depth of the recursion is that of the schema, which is bounded.
template <class Column>
void append_arrow_json(std::string& out, const Column& column, std::int64_t row) {
    const ArrowPlace place = arrow_place(column, row);
    if (place.column->is_null(place.row)) {
        out += "null";
        return;
    }
    switch (place.column->kind) {
        case ArrowKind::structure: append_arrow_struct(out, *place.column, place.row); break;
        case ArrowKind::map: append_arrow_map(out, *place.column, place.row); break;
        default:
            if (is_arrow_nested(place.column->kind)) {
                append_arrow_list(out, *place.column, place.row);
            } else {
                JsonCellWriter write{&out};
                visit_arrow_leaf(*place.column, place.row, write);
            }
    }
}

// Says whether the column's own dictionary has a text for the row, and calls `visit` with it then. Not inlined: that
// cost columns without dictionary 2 % of their time.
template <class Visitor>
[[gnu::noinline]] inline bool visit_arrow_coded(const ArrowColumn& column, std::int64_t row, Visitor& visit) {
    if (column.kind != ArrowKind::dictionary || column.is_null(row)) return false;
    const ArrowColumn& values = column.children[0];
    if (!is_arrow_text(values.kind)) return false;
    const std::int64_t index = arrow_index(column, row);
    if (values.is_null(index)) return false;
    visit(ArrowCodedText(values, index));
    return true;
}

// Calls `visit` with the value of any column, in the plain form of a cell or as an ArrowCodedText. Throws ArrowFault.
template <class Visitor>
inline void visit_arrow(const ArrowColumn& column, std::int64_t row, Visitor& visit) {
    ArrowPlace place{&column, row};
    if (is_arrow_indirect(column.kind)) [[unlikely]] {
        if (visit_arrow_coded(column, row, visit)) return;
        place = arrow_place(column, row);
    }
    if (place.column->is_null(place.row)) {
        visit(Null{});
    } else if (!is_arrow_nested(place.column->kind)) {
        visit_arrow_leaf(*place.column, place.row, visit);
    } else {
        std::string json;
        append_arrow_json(json, *place.column, place.row);
        visit(Nested{json});
    }
}

}  // namespace curtail::inline v0::detail
