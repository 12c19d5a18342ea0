// SPDX-License-Identifier: MIT
#pragma once
// One Arrow array, bound to its type: buffers that were checked as far as the interface lets them be.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <curtail/table/arrow/abi.hpp>
#include <curtail/table/arrow/format.hpp>
#include <curtail/table/arrow/layout.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// An array of a batch, seen without its struct. Rows are counted from the array's own offset. Sizes of buffers are not
// part of the interface, so what binding proves is all but that: the array and each child reach as far as the parent's
// rows, every buffer that will be read is there, offsets end where they may. What only a value shows (an index, a view,
// an offset amid others) is checked when that value is read, so that a batch sliced off a large array costs no more
// than its own rows.
struct ArrowColumn {
    ArrowKind kind = ArrowKind::null;
    CellKind form = CellKind::null;           // which form its values take; 64 bits for every width of integer
    const unsigned char* validity = nullptr;  // null: no row is null
    const unsigned char* values = nullptr;    // the buffer behind the validity bitmap
    const unsigned char* data = nullptr;  // the one behind that: bytes, sizes of a list view, offsets of a dense union
    std::int64_t offset = 0;
    std::int64_t length = 0;
    std::int64_t extent = 0;             // with offsets: the last one; of a view: how many data buffers there are
    const void* const* views = nullptr;  // the data buffers of a view, behind them their sizes
    const ArrowType* type = nullptr;
    std::vector<ArrowColumn> children = {};

    [[nodiscard]] bool is_null(std::int64_t row) const noexcept {
        if (validity == nullptr) return kind == ArrowKind::null;
        const std::int64_t bit = offset + row;
        return ((validity[bit >> 3] >> (bit & 7)) & 1U) == 0;
    }
};

// Buffers need not be aligned.
template <class T>
[[nodiscard]] inline T load_arrow(const unsigned char* buffer, std::int64_t index) noexcept {
    T value;
    std::memcpy(&value, buffer + index * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
}

// An offset of a type with offsets, 32 or 64 bits wide.
[[nodiscard]] inline std::int64_t load_arrow_offset(const unsigned char* buffer, std::int64_t width,
                                                    std::int64_t index) noexcept {
    return width == 4 ? load_arrow<std::int32_t>(buffer, index) : load_arrow<std::int64_t>(buffer, index);
}

// The members of an array that are not pointers to its own kind.
struct ArrowArrayHead {
    std::int64_t length;
    std::int64_t null_count;
    std::int64_t offset;
    std::int64_t n_buffers;
    const void* const* buffers;
};

[[nodiscard]] inline CellKind arrow_form(const ArrowType& type) {
    const CellKind kind = column_type(type).kind;
    if (kind >= CellKind::int8 && kind <= CellKind::int64) return CellKind::int64;
    if (kind >= CellKind::uint8 && kind <= CellKind::uint64) return CellKind::uint64;
    return kind;
}

// The first buffer of these is no validity bitmap: nulls are those of the children.
[[nodiscard]] inline bool has_arrow_validity(const ArrowType& type) noexcept {
    return type.kind != ArrowKind::null && type.kind != ArrowKind::run_ends && !type.is_union();
}

[[nodiscard]] inline bool is_arrow_view(ArrowKind kind) noexcept {
    return kind == ArrowKind::text_view || kind == ArrowKind::bytes_view;
}

[[nodiscard]] inline std::int64_t arrow_buffer_count(ArrowKind kind) noexcept {
    switch (kind) {
        case ArrowKind::null:
        case ArrowKind::run_ends: return 0;
        case ArrowKind::structure:
        case ArrowKind::fixed_list:
        case ArrowKind::sparse_union: return 1;
        case ArrowKind::text:
        case ArrowKind::large_text:
        case ArrowKind::text_view:
        case ArrowKind::bytes:
        case ArrowKind::large_bytes:
        case ArrowKind::bytes_view:
        case ArrowKind::list_view:
        case ArrowKind::large_list_view: return 3;
        default: return 2;
    }
}

inline void check_arrow_extent(const ArrowType& type, const ArrowArrayHead& head, std::int64_t needed) {
    if (head.length < 0 || head.offset < 0 || head.null_count < -1) {
        arrow_fault(type, "its Arrow array has the length " + std::to_string(head.length) + ", the offset " +
                              std::to_string(head.offset) + " and the null count " + std::to_string(head.null_count) +
                              "; the producer's array is broken");
    }
    // No buffer can be larger than memory; below this bound no position in one overflows.
    const std::int64_t width = type.kind == ArrowKind::fixed_list ? type.list_size : type.width;
    const std::int64_t most = PTRDIFF_MAX / (width < 1 ? 1 : width) - 1;
    if (head.offset > most || head.length > most - head.offset) {
        arrow_fault(type, "its Arrow array claims more rows than memory can hold; the producer's array is broken");
    }
    if (head.length < needed) {
        arrow_fault(type, "its Arrow array has " + std::to_string(head.length) + " rows where " +
                              std::to_string(needed) + " are referred to; the producer sliced it wrongly");
    }
}

inline void bind_arrow_offsets(ArrowColumn& column) {
    const ArrowType& type = *column.type;
    const std::int64_t first = load_arrow_offset(column.values, type.width, column.offset);
    const std::int64_t last = load_arrow_offset(column.values, type.width, column.offset + column.length);
    if (first < 0 || last < first) {
        arrow_fault(type, "its offsets run from " + std::to_string(first) + " to " + std::to_string(last) +
                              "; the producer's array is broken");
    }
    if (type.children.empty() && column.data == nullptr && last > first) {
        arrow_fault(type, "its data buffer is missing; the producer's array is broken");
    }
    column.extent = last;
}

// Everything about an array but its children.
inline void bind_arrow_head(ArrowColumn& column, const ArrowType& type, const ArrowArrayHead& head,
                            std::int64_t needed) {
    check_arrow_extent(type, head, needed);
    column = ArrowColumn{.kind = type.kind,
                         .form = arrow_form(type),
                         .offset = head.offset,
                         .length = head.length,
                         .type = &type,
                         .children = std::move(column.children)};
    const std::int64_t wanted = arrow_buffer_count(type.kind);
    const bool view = is_arrow_view(type.kind);
    // Old producers give the null type a bitmap, which nobody reads.
    const bool well = view ? head.n_buffers >= wanted : head.n_buffers == wanted || type.kind == ArrowKind::null;
    if (!well) {
        arrow_fault(type, "its Arrow array has " + std::to_string(head.n_buffers) + " buffers where its type takes " +
                              (view ? "at least " : "") + std::to_string(wanted) + "; the producer's array is broken");
    }
    if (head.length == 0 || type.kind == ArrowKind::null || wanted == 0) return;
    if (head.buffers == nullptr) arrow_fault(type, "its Arrow array has no buffers; the producer's array is broken");
    const auto buffer = [&](std::int64_t i) { return static_cast<const unsigned char*>(head.buffers[i]); };
    std::int64_t next = 0;
    if (has_arrow_validity(type)) {
        column.validity = head.null_count != 0 ? buffer(0) : nullptr;
        if (head.null_count > 0 && column.validity == nullptr) {
            arrow_fault(type, "its Arrow array has nulls but no validity bitmap; the producer's array is broken");
        }
        next = 1;
    }
    if (next == wanted) return;
    column.values = buffer(next++);
    if (column.values == nullptr && (type.width != 0 || type.kind == ArrowKind::boolean)) {
        arrow_fault(type, "its values buffer is missing; the producer's array is broken");
    }
    if (view) {
        column.views = head.buffers + 2;
        column.extent = head.n_buffers - 3;
        if (column.extent > 0 && column.views[column.extent] == nullptr) {
            arrow_fault(type, "the sizes of its data buffers are missing; the producer's array is broken");
        }
        return;
    }
    if (next < wanted) {
        column.data = buffer(next);
        if (column.data == nullptr && !type.has_offsets()) {
            arrow_fault(type, "its second buffer of offsets or sizes is missing; the producer's array is broken");
        }
    }
    if (type.has_offsets()) bind_arrow_offsets(column);
}

// How many rows a child must have, where that shows without a look at the values.
[[nodiscard]] inline std::int64_t arrow_child_rows(const ArrowColumn& column) noexcept {
    if (column.length == 0) return 0;
    switch (column.kind) {
        case ArrowKind::structure:
        case ArrowKind::sparse_union: return column.offset + column.length;
        case ArrowKind::fixed_list: return (column.offset + column.length) * column.type->list_size;
        case ArrowKind::list:
        case ArrowKind::large_list:
        case ArrowKind::map: return column.extent;
        default: return 0;
    }
}

[[nodiscard]] inline std::int64_t load_arrow_run_end(const ArrowColumn& ends, std::int64_t run) noexcept {
    const std::int64_t at = ends.offset + run;
    switch (ends.kind) {
        case ArrowKind::int16: return load_arrow<std::int16_t>(ends.values, at);
        case ArrowKind::int32: return load_arrow<std::int32_t>(ends.values, at);
        default: return load_arrow<std::int64_t>(ends.values, at);
    }
}

inline void check_arrow_runs(const ArrowColumn& column) {
    if (column.length == 0) return;
    const ArrowColumn& ends = column.children[0];
    const std::int64_t rows = column.offset + column.length;
    const std::int64_t last = ends.length > 0 ? load_arrow_run_end(ends, ends.length - 1) : 0;
    if (ends.validity != nullptr || last < rows || column.children[1].length < ends.length) {
        arrow_fault(*column.type, std::to_string(ends.length) + " runs that end at " + std::to_string(last) + " and " +
                                      std::to_string(column.children[1].length) + " values do not make " +
                                      std::to_string(rows) + " rows; the producer's array is broken");
    }
}

// Binds `array`, of which at least `needed` rows will be read. Throws ArrowFault.
template <ArrowArrayLike A>
void bind_arrow(ArrowColumn& column, const ArrowType& type, const A& array, std::int64_t needed) {
    bind_arrow_head(column, type, {array.length, array.null_count, array.offset, array.n_buffers, array.buffers},
                    needed);
    const auto child_type = [&](std::size_t i) -> const ArrowType& { return type.children[i]; };
    column.children.resize(type.children.size());
    if (type.kind == ArrowKind::dictionary) {
        if (array.dictionary == nullptr || array.dictionary->release == nullptr) {
            arrow_fault(type, "its dictionary is missing or was released before its parent");
        }
        bind_arrow(column.children[0], child_type(0), *array.dictionary, 0);
        return;
    }
    if (array.n_children != static_cast<std::int64_t>(type.children.size()) ||
        (array.n_children > 0 && array.children == nullptr)) {
        arrow_fault(type, "its Arrow array has " + std::to_string(array.n_children) +
                              " children where its schema has " + std::to_string(type.children.size()) +
                              "; the producer's array is broken");
    }
    const std::int64_t child_rows = arrow_child_rows(column);
    for (std::size_t i = 0; i < column.children.size(); ++i) {
        const A* child = array.children[i];
        if (child == nullptr || child->release == nullptr) {
            arrow_fault(child_type(i), "its Arrow array is missing or was released before its parent");
        }
        bind_arrow(column.children[i], child_type(i), *child, child_rows);
    }
    if (type.kind == ArrowKind::run_ends) check_arrow_runs(column);
}

}  // namespace curtail::inline v0::detail
