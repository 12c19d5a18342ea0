// SPDX-License-Identifier: MIT
#pragma once
// One Arrow array, bound to its type: buffers that were checked as far as the interface lets them be.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/arrow/abi.hpp>
#include <curtail/table/arrow/format.hpp>
#include <curtail/table/arrow/layout.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// An array of a batch, without its struct. Rows count from the array's own offset. The interface does not give the
// sizes of buffers. Binding checks all else: the array and each child have as many rows as the parent needs, every
// buffer that will be read is there, the offsets rise and end where they may. So no two values share a character or an
// element, and all of them together are no more than the producer holds. What only a value can show (an index, a view,
// an offset in a dictionary) is checked when that value is read, so that a small slice of a large array costs no more
// than its own rows.
struct ArrowColumn {
    ArrowKind kind = ArrowKind::null;
    CellKind form = CellKind::null;           // the form of its values; 64 bits for every width of integer
    const unsigned char* validity = nullptr;  // null pointer: no row is null
    const unsigned char* values = nullptr;    // the buffer after the validity bitmap
    const unsigned char* data = nullptr;      // the next: bytes, sizes of a list view, offsets of a dense union
    std::int64_t offset = 0;
    std::int64_t length = 0;
    std::int64_t extent = 0;             // with offsets: the last one; of a view: the number of data buffers
    const void* const* views = nullptr;  // the data buffers of a view, followed by their sizes
    const ArrowType* type = nullptr;
    std::vector<ArrowColumn> children = {};

    [[nodiscard]] bool is_null(std::int64_t row) const noexcept {
        if (validity == nullptr) return kind == ArrowKind::null;
        const std::int64_t bit = offset + row;
        return ((validity[bit >> 3] >> (bit & 7)) & 1U) == 0;
    }
};

// Elements [begin, end) of an array or of a data buffer.
struct ArrowRange {
    std::int64_t begin;
    std::int64_t end;
};

// The rows of an array that will be read.
struct ArrowRows {
    ArrowRange range;
    bool scattered = false;  // any row, as the values of a parent say
    bool table_rows = true;  // the range is all rows of the batch, in order
};

[[noreturn]] void throw_broken_array(const ArrowType& type, const std::string& text);

// Returns the value at `index`. Copies it, because buffers need not be aligned.
template <class T>
[[nodiscard]] inline T load_arrow(const unsigned char* buffer, std::int64_t index) noexcept {
    T value;
    std::memcpy(&value, buffer + index * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
}

// Returns an integer of any width. A uint64 from 2^63 on comes out negative.
[[nodiscard]] inline std::int64_t load_arrow_integer(ArrowKind kind, const unsigned char* buffer,
                                                     std::int64_t index) noexcept {
    switch (kind) {
        case ArrowKind::int8: return load_arrow<std::int8_t>(buffer, index);
        case ArrowKind::uint8: return load_arrow<std::uint8_t>(buffer, index);
        case ArrowKind::int16: return load_arrow<std::int16_t>(buffer, index);
        case ArrowKind::uint16: return load_arrow<std::uint16_t>(buffer, index);
        case ArrowKind::int32: return load_arrow<std::int32_t>(buffer, index);
        case ArrowKind::uint32: return load_arrow<std::uint32_t>(buffer, index);
        default: return load_arrow<std::int64_t>(buffer, index);
    }
}

// The members of an array that do not depend on who defined the struct.
struct ArrowArrayHead {
    std::int64_t length;
    std::int64_t null_count;
    std::int64_t offset;
    std::int64_t n_buffers;
    const void* const* buffers;
};

// Returns an offset of an array that has them.
[[nodiscard]] inline std::int64_t load_arrow_offset(const ArrowColumn& column, std::int64_t index) noexcept {
    return column.type->width == 4 ? load_arrow<std::int32_t>(column.values, index)
                                   : load_arrow<std::int64_t>(column.values, index);
}

// Throws ArrowFault unless the offsets of these rows rise up to the last one. Texts at scattered rows are checked when
// they are read, because a dictionary can be much longer than a batch.
void check_arrow_offsets(const ArrowColumn& column, const ArrowRows& rows);

// Binds everything of an array except its children.
void bind_arrow_head(ArrowColumn& column, const ArrowType& type, const ArrowArrayHead& head, std::int64_t needed);

// Returns the row after the last one of a run, counted from the start of the parent's buffers.
[[nodiscard]] std::int64_t arrow_run_end(const ArrowColumn& ends, std::int64_t run) noexcept;

void check_arrow_runs(const ArrowColumn& column);

// Returns the rows of a child that will be read if these rows of its parent are.
[[nodiscard]] ArrowRows arrow_child_rows(const ArrowColumn& column, const ArrowRows& rows) noexcept;

// Throws ArrowFault for more than 2^32 rows that take no memory, which only a broken array claims.
void check_arrow_memory(const ArrowColumn& column, std::int64_t rows);

// Binds `array`, of which these rows will be read, and all arrays below it. Throws ArrowFault.
template <ArrowArrayLike A>
void bind_arrow(ArrowColumn& column, const ArrowType& type, const A& array, ArrowRows rows) {
    bind_arrow_head(column, type, {array.length, array.null_count, array.offset, array.n_buffers, array.buffers},
                    rows.range.end);
    if (rows.scattered) rows.range = {0, column.length};
    check_arrow_offsets(column, rows);
    const ArrowRows child_rows = arrow_child_rows(column, rows);
    const auto child_type = [&](std::size_t i) -> const ArrowType& { return type.children[i]; };
    column.children.resize(type.children.size());
    if (type.kind == ArrowKind::dictionary) {
        if (array.dictionary == nullptr || array.dictionary->release == nullptr) {
            throw_arrow_fault(type, "its dictionary is missing or was released before its parent");
        }
        bind_arrow(column.children[0], child_type(0), *array.dictionary, child_rows);
        return;
    }
    if (array.n_children != static_cast<std::int64_t>(type.children.size()) ||
        (array.n_children > 0 && array.children == nullptr)) {
        throw_broken_array(type, "its Arrow array has " + std::to_string(array.n_children) +
                                     " children, but its schema has " + std::to_string(type.children.size()));
    }
    for (std::size_t i = 0; i < column.children.size(); ++i) {
        const A* child = array.children[i];
        if (child == nullptr || child->release == nullptr) {
            throw_arrow_fault(child_type(i), "its Arrow array is missing or was released before its parent");
        }
        bind_arrow(column.children[i], child_type(i), *child, child_rows);
    }
    if (type.kind == ArrowKind::run_ends) check_arrow_runs(column);
    // Only lists can have more elements than the batch has rows.
    const bool has_list = type.has_offsets() || type.kind == ArrowKind::fixed_list;
    for (std::size_t i = 0; has_list && i < column.children.size(); ++i) {
        check_arrow_memory(column.children[i], child_rows.range.end - child_rows.range.begin);
    }
}

// Binds the array of a batch, all of whose rows will be read. Throws ArrowFault.
template <ArrowArrayLike A>
void bind_arrow_batch(ArrowColumn& root, const ArrowType& type, const A& array) {
    const std::int64_t rows = array.length > 0 ? std::int64_t{array.length} : 0;
    bind_arrow(root, type, array, {{0, rows}});
    check_arrow_memory(root, rows);
}

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

namespace curtail::inline v0::detail {

CURTAIL_INLINE void throw_broken_array(const ArrowType& type, const std::string& text) {
    throw_arrow_fault(type, text + "; the producer's array is broken");
}

CURTAIL_INLINE CellKind arrow_form(CellKind kind) noexcept {
    if (kind >= CellKind::int8 && kind <= CellKind::int64) return CellKind::int64;
    if (kind >= CellKind::uint8 && kind <= CellKind::uint64) return CellKind::uint64;
    return kind;
}

// Returns false for types whose nulls are those of their children: they have no validity bitmap.
CURTAIL_INLINE bool has_arrow_validity(const ArrowType& type) noexcept {
    return type.kind != ArrowKind::null && type.kind != ArrowKind::run_ends && !type.is_union();
}

CURTAIL_INLINE void check_arrow_extent(const ArrowType& type, const ArrowArrayHead& head, std::int64_t needed) {
    if (head.length < 0 || head.offset < 0 || head.null_count < -1) {
        throw_broken_array(type, "its Arrow array has the length " + std::to_string(head.length) + ", the offset " +
                                     std::to_string(head.offset) + " and the null count " +
                                     std::to_string(head.null_count));
    }
    // No buffer is larger than memory. Within this bound no position in a buffer overflows.
    const std::int64_t width = type.kind == ArrowKind::fixed_list ? type.list_size : type.width;
    const std::int64_t max_rows = PTRDIFF_MAX / (width < 1 ? 1 : width) - 1;
    if (head.offset > max_rows || head.length > max_rows - head.offset) {
        throw_broken_array(type, "its Arrow array claims more rows than memory can hold");
    }
    if (head.length < needed) {
        throw_arrow_fault(type, "its Arrow array has " + std::to_string(head.length) + " rows, but " +
                                    std::to_string(needed) + " are needed; the producer sliced it wrongly");
    }
}

CURTAIL_INLINE void check_arrow_buffer_count(const ArrowType& type, std::int64_t count) {
    // Old producers give the null type a validity bitmap, which is not read.
    if (count == type.buffers || type.kind == ArrowKind::null || (type.is_view() && count > type.buffers)) return;
    throw_broken_array(type, "its Arrow array has " + std::to_string(count) + " buffers, but its type takes " +
                                 (type.is_view() ? "at least " : "") + std::to_string(type.buffers));
}

CURTAIL_INLINE void bind_arrow_offsets(ArrowColumn& column) {
    const ArrowType& type = *column.type;
    const std::int64_t first = load_arrow_offset(column, column.offset);
    const std::int64_t last = load_arrow_offset(column, column.offset + column.length);
    if (first < 0 || last < first) {
        throw_broken_array(type, "its offsets run from " + std::to_string(first) + " to " + std::to_string(last));
    }
    if (type.children.empty() && column.data == nullptr && last > first) {
        throw_broken_array(type, "its data buffer is missing");
    }
    column.extent = last;
}

template <class Offset>
void check_arrow_offsets(const ArrowColumn& column, const ArrowRows& rows) {
    auto before = load_arrow<Offset>(column.values, column.offset + rows.range.begin);
    for (std::int64_t row = rows.range.begin; row < rows.range.end; ++row) {
        const auto after = load_arrow<Offset>(column.values, column.offset + row + 1);
        if (before < 0 || after < before || after > column.extent) {
            ArrowFault fault =
                arrow_fault(*column.type, "the offsets of a value run from " + std::to_string(before) + " to " +
                                              std::to_string(after) + "; the producer's array is broken");
            if (rows.table_rows) fault.row = row - rows.range.begin;
            throw ArrowFault(std::move(fault));
        }
        before = after;
    }
}

CURTAIL_INLINE void check_arrow_offsets(const ArrowColumn& column, const ArrowRows& rows) {
    if (!column.type->has_offsets() || rows.range.begin >= rows.range.end) return;
    if (rows.scattered && column.type->children.empty()) return;
    column.type->width == 4 ? check_arrow_offsets<std::int32_t>(column, rows)
                            : check_arrow_offsets<std::int64_t>(column, rows);
}

CURTAIL_INLINE void bind_arrow_head(ArrowColumn& column, const ArrowType& type, const ArrowArrayHead& head,
                                    std::int64_t needed) {
    check_arrow_extent(type, head, needed);
    check_arrow_buffer_count(type, head.n_buffers);
    column = ArrowColumn{.kind = type.kind,
                         .form = arrow_form(type.cell),
                         .offset = head.offset,
                         .length = head.length,
                         .type = &type,
                         .children = std::move(column.children)};
    if (head.length == 0 || type.buffers == 0) return;
    if (head.buffers == nullptr) throw_broken_array(type, "its Arrow array has no buffers");
    const auto buffer = [&](std::int64_t i) { return static_cast<const unsigned char*>(head.buffers[i]); };
    const std::int64_t first = has_arrow_validity(type) ? 1 : 0;
    if (first == 1 && head.null_count != 0) column.validity = buffer(0);
    if (first == 1 && head.null_count > 0 && column.validity == nullptr) {
        throw_broken_array(type, "its Arrow array has nulls but no validity bitmap");
    }
    if (first == type.buffers) return;
    column.values = buffer(first);
    if (column.values == nullptr && (type.width != 0 || type.kind == ArrowKind::boolean)) {
        throw_broken_array(type, "its values buffer is missing");
    }
    if (type.is_view()) {
        column.views = head.buffers + 2;
        column.extent = head.n_buffers - 3;
        if (column.extent > 0 && column.views[column.extent] == nullptr) {
            throw_broken_array(type, "the sizes of its data buffers are missing");
        }
        return;
    }
    if (first + 1 < type.buffers) column.data = buffer(first + 1);
    if (type.has_offsets()) {
        bind_arrow_offsets(column);
    } else if (first + 1 < type.buffers && column.data == nullptr) {
        throw_broken_array(type, "its second buffer of offsets or sizes is missing");
    }
}

CURTAIL_INLINE std::int64_t arrow_run_end(const ArrowColumn& ends, std::int64_t run) noexcept {
    return load_arrow_integer(ends.kind, ends.values, ends.offset + run);
}

CURTAIL_INLINE void check_arrow_runs(const ArrowColumn& column) {
    if (column.length == 0) return;
    const ArrowColumn& ends = column.children[0];
    const std::int64_t rows = column.offset + column.length;
    const std::int64_t last = ends.length > 0 ? arrow_run_end(ends, ends.length - 1) : 0;
    if (ends.validity != nullptr || last < rows || column.children[1].length < ends.length) {
        throw_broken_array(*column.type, std::to_string(ends.length) + " runs that end at " + std::to_string(last) +
                                             " and " + std::to_string(column.children[1].length) +
                                             " values do not make " + std::to_string(rows) + " rows");
    }
}

CURTAIL_INLINE ArrowRows arrow_child_rows(const ArrowColumn& column, const ArrowRows& rows) noexcept {
    const ArrowRange& range = rows.range;
    if (range.begin == range.end) return {{0, 0}, false, false};
    const ArrowRange at{column.offset + range.begin, column.offset + range.end};
    switch (column.kind) {
        case ArrowKind::structure: return {at, false, rows.table_rows};
        case ArrowKind::sparse_union: return {at, false, false};
        case ArrowKind::fixed_list:
            return {{at.begin * column.type->list_size, at.end * column.type->list_size}, false, false};
        case ArrowKind::list:
        case ArrowKind::large_list:
        case ArrowKind::map:
            return {{load_arrow_offset(column, at.begin), load_arrow_offset(column, at.end)}, false, false};
        default: return {{0, 0}, true, false};
    }
}

// Returns true if every row takes some of the producer's memory, so that it cannot claim more rows than it holds.
CURTAIL_INLINE bool is_arrow_backed(const ArrowColumn& column) noexcept {
    switch (column.kind) {
        case ArrowKind::null:
        case ArrowKind::run_ends: return false;
        case ArrowKind::fixed_bytes: return column.type->width != 0;
        case ArrowKind::structure:
        case ArrowKind::fixed_list: {
            if (column.kind == ArrowKind::fixed_list && column.type->list_size == 0) return false;
            for (const ArrowColumn& child : column.children) {
                if (is_arrow_backed(child)) return true;
            }
            return false;
        }
        default: return true;
    }
}

CURTAIL_INLINE void check_arrow_memory(const ArrowColumn& column, std::int64_t rows) {
    if (rows <= std::int64_t{1} << 32U || is_arrow_backed(column)) return;
    throw_broken_array(*column.type, "its Arrow array claims " + std::to_string(rows) + " rows of no memory");
}

}  // namespace curtail::inline v0::detail
#endif
