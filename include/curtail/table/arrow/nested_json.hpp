// SPDX-License-Identifier: MIT
#pragma once
// Any value of an Arrow array as a cell: lists, structs and maps become JSON text.

#include <cstddef>
#include <cstdint>
#include <string>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/arrow/bound_array.hpp>
#include <curtail/table/arrow/format.hpp>
#include <curtail/table/arrow/value.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] inline bool is_arrow_nested(ArrowKind kind) noexcept {
    return kind >= ArrowKind::list && kind <= ArrowKind::map;
}

// The longest JSON of a cell, as long as the longest record that CsvInput reads by default. Lists may share their
// elements, so 64 levels of two equal lists are 2^64 elements.
inline constexpr std::size_t max_arrow_json_bytes = std::size_t{16} << 20U;

// Appends any value as JSON. Recurses as deep as the schema is nested, which max_arrow_depth bounds. Every call appends
// something, so the length bounds the work.
void append_arrow_json(std::string& out, const ArrowColumn& column, std::int64_t row);

// Calls `visit` with a text of the column's own dictionary. Returns false if the row has none. Not inlined, because
// that slowed columns without a dictionary down by 2 %.
template <class Visitor>
CURTAIL_NOINLINE inline bool visit_arrow_coded(const ArrowColumn& column, std::int64_t row, Visitor& visit) {
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
    ArrowCell cell{&column, row};
    if (is_arrow_indirect(column.kind)) [[unlikely]] {
        if (visit_arrow_coded(column, row, visit)) return;
        cell = resolve_arrow(column, row);
    }
    if (cell.is_null()) {
        visit(Null{});
    } else if (!is_arrow_nested(cell.column->kind)) {
        visit_arrow_leaf(*cell.column, cell.row, visit);
    } else {
        std::string json;
        append_arrow_json(json, *cell.column, cell.row);
        visit(Nested{json});
    }
}

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <curtail/core/text/json_escape.hpp>
#include <curtail/table/cell/json_text.hpp>

namespace curtail::inline v0::detail {

template <class Offset>
[[nodiscard]] ArrowRange arrow_list_view_range(const ArrowColumn& column, std::int64_t row) {
    const std::int64_t begin = load_arrow<Offset>(column.values, column.offset + row);
    const std::int64_t size = load_arrow<Offset>(column.data, column.offset + row);
    const std::int64_t length = column.children[0].length;
    if (begin < 0 || size < 0 || begin > length || size > length - begin) {
        throw_broken_array(*column.type, "a list of " + std::to_string(size) + " values at " + std::to_string(begin) +
                                             " lies outside the " + std::to_string(length) + " that there are");
    }
    return {begin, begin + size};
}

// Returns the rows of the child that make up a list or a map.
CURTAIL_INLINE ArrowRange arrow_elements(const ArrowColumn& column, std::int64_t row) {
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

CURTAIL_INLINE void append_arrow_list(std::string& out, const ArrowColumn& column, std::int64_t row) {
    const ArrowRange range = arrow_elements(column, row);
    out += '[';
    for (std::int64_t i = range.begin; i < range.end; ++i) {
        if (i != range.begin) out += ',';
        append_arrow_json(out, column.children[0], i);
    }
    out += ']';
}

// Writes a key that is not text as its JSON text, as in {"1":…}, because JSON has only text keys.
CURTAIL_INLINE void append_arrow_map(std::string& out, const ArrowColumn& column, std::int64_t row) {
    const ArrowRange range = arrow_elements(column, row);
    const ArrowColumn& entries = column.children[0];
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

CURTAIL_INLINE void append_arrow_struct(std::string& out, const ArrowColumn& column, std::int64_t row) {
    out += '{';
    for (std::size_t i = 0; i < column.children.size(); ++i) {
        if (i != 0) out += ',';
        append_json_string(out, column.children[i].type->name);
        out += ':';
        append_arrow_json(out, column.children[i], column.offset + row);
    }
    out += '}';
}

CURTAIL_INLINE void append_arrow_json(std::string& out, const ArrowColumn& column, std::int64_t row) {
    if (out.size() > max_arrow_json_bytes) {
        throw_arrow_fault(*column.type, "a nested cell has more than 16 MiB of JSON; unnest or drop the column");
    }
    const ArrowCell cell = resolve_arrow(column, row);
    if (cell.is_null()) {
        out += "null";
    } else if (cell.column->kind == ArrowKind::structure) {
        append_arrow_struct(out, *cell.column, cell.row);
    } else if (cell.column->kind == ArrowKind::map) {
        append_arrow_map(out, *cell.column, cell.row);
    } else if (is_arrow_nested(cell.column->kind)) {
        append_arrow_list(out, *cell.column, cell.row);
    } else {
        JsonCellWriter write{&out};
        visit_arrow_leaf(*cell.column, cell.row, write);
    }
}

}  // namespace curtail::inline v0::detail
#endif
