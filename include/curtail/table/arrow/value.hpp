// SPDX-License-Identifier: MIT
#pragma once
// One value of an Arrow array as the plain form of a cell, checked before it is read.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/number/half_float.hpp>
#include <curtail/table/arrow/bound_array.hpp>
#include <curtail/table/arrow/format.hpp>
#include <curtail/table/arrow/layout.hpp>
#include <curtail/table/arrow/number_text.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

[[noreturn]] void throw_arrow_range(const ArrowColumn& column, const ArrowRange& range);

// Returns the range between two offsets.
template <class Offset>
[[nodiscard]] inline ArrowRange arrow_range(const ArrowColumn& column, std::int64_t row) {
    const std::int64_t begin = load_arrow<Offset>(column.values, column.offset + row);
    const std::int64_t end = load_arrow<Offset>(column.values, column.offset + row + 1);
    // As unsigned numbers, in which a negative one is too large.
    if (static_cast<std::uint64_t>(begin) > static_cast<std::uint64_t>(end) || end > column.extent || end < 0) {
        throw_arrow_range(column, {begin, end});
    }
    return {begin, end};
}

template <class Offset>
[[nodiscard]] inline std::string_view arrow_text(const ArrowColumn& column, std::int64_t row) {
    const ArrowRange range = arrow_range<Offset>(column, row);
    if (range.begin == range.end) return "";  // without any character there need not be a buffer
    if (column.data == nullptr) throw_broken_array(*column.type, "its data buffer is missing");
    return {reinterpret_cast<const char*>(column.data) + range.begin,
            static_cast<std::size_t>(range.end - range.begin)};
}

[[nodiscard]] Date arrow_date(const ArrowColumn& column, std::int64_t at);

[[nodiscard]] TimeOfDay arrow_time(const ArrowColumn& column, std::int64_t at);

[[nodiscard]] std::int64_t arrow_index(const ArrowColumn& column, std::int64_t row);

struct ArrowCell {
    const ArrowColumn* column;
    std::int64_t row;

    [[nodiscard]] bool is_null() const noexcept { return column->is_null(row); }
};

[[nodiscard]] inline bool is_arrow_text(ArrowKind kind) noexcept {
    return kind >= ArrowKind::text && kind <= ArrowKind::text_view;
}

[[nodiscard]] inline bool is_arrow_indirect(ArrowKind kind) noexcept {
    return kind >= ArrowKind::dictionary;
}

// Follows indices, runs and unions to the cell that holds the value, or to the first null on the way.
[[nodiscard]] ArrowCell resolve_arrow(const ArrowColumn& column, std::int64_t row);

// Returns text or bytes as they are stored.
[[nodiscard]] std::string_view arrow_stored_chars(const ArrowColumn& column, std::int64_t row);

// Returns what arrow_stored_chars() does, or a calendar interval as text, which it writes to `spelled`.
[[nodiscard]] std::string_view arrow_chars(const ArrowColumn& column, std::int64_t row, char* spelled);

// A value of a dictionary of texts, which is a CodedText. It is checked and read only when its text is needed.
class ArrowCodedText {
  public:
    ArrowCodedText(const ArrowColumn& values, std::int64_t index) noexcept : values_(&values), index_(index) {}

    [[nodiscard]] const void* dictionary() const noexcept { return values_; }
    [[nodiscard]] std::size_t code() const noexcept { return static_cast<std::size_t>(index_); }
    [[nodiscard]] std::size_t codes() const noexcept { return static_cast<std::size_t>(values_->length); }
    // Throws ArrowFault.
    operator std::string_view() const {
        return values_->kind == ArrowKind::text ? arrow_text<std::int32_t>(*values_, index_)
                                                : arrow_stored_chars(*values_, index_);
    }

  private:
    const ArrowColumn* values_;
    std::int64_t index_;
};

// Calls `visit` with a value that is not null, nested or indirect. There is one call per form, not one per layout, so
// that the compiler inlines the visitor. That lowers the time to write doubles to a CSV file from 1.3 to 1.15 times
// that of columns().
template <class Visitor>
inline void visit_arrow_leaf(const ArrowColumn& column, std::int64_t row, Visitor& visit) {
    const unsigned char* const values = column.values;
    const std::int64_t at = column.offset + row;
    switch (column.form) {
        case CellKind::int64: visit(load_arrow_integer(column.kind, values, at)); break;
        case CellKind::float64: visit(load_arrow<double>(values, at)); break;
        case CellKind::text: {
            char spelled[max_arrow_interval_chars];
            visit(column.kind == ArrowKind::text ? arrow_text<std::int32_t>(column, row)
                                                 : arrow_chars(column, row, spelled));
            break;
        }
        case CellKind::boolean: visit(((values[at >> 3] >> (at & 7)) & 1U) != 0); break;
        case CellKind::uint64: visit(static_cast<std::uint64_t>(load_arrow_integer(column.kind, values, at))); break;
        case CellKind::float32:
            visit(column.kind == ArrowKind::float32 ? load_arrow<float>(values, at)
                                                    : float_of_half(load_arrow<std::uint16_t>(values, at)));
            break;
        case CellKind::bytes: visit(Bytes{arrow_stored_chars(column, row)}); break;
        case CellKind::decimal: {
            char text[max_arrow_decimal_chars];
            const std::int64_t width = column.type->width;
            const char* const end = write_arrow_decimal(text, values + at * width, width, column.type->scale);
            visit(Decimal{{text, static_cast<std::size_t>(end - text)}});
            break;
        }
        case CellKind::date: visit(arrow_date(column, at)); break;
        case CellKind::time: visit(arrow_time(column, at)); break;
        case CellKind::timestamp:
            visit(Timestamp{load_arrow<std::int64_t>(values, at), column.type->unit, column.type->zone});
            break;
        case CellKind::duration: visit(Duration{load_arrow<std::int64_t>(values, at), column.type->unit}); break;
        default: break;
    }
}

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void throw_arrow_range(const ArrowColumn& column, const ArrowRange& range) {
    throw_broken_array(*column.type, "the offsets of a value run from " + std::to_string(range.begin) + " to " +
                                         std::to_string(range.end) + ", but the last offset is " +
                                         std::to_string(column.extent));
}

// A view holds up to 12 bytes itself. More are in one of the data buffers, whose sizes the array gives.
CURTAIL_INLINE std::string_view arrow_view_text(const ArrowColumn& column, std::int64_t row) {
    const unsigned char* const view = column.values + 16 * (column.offset + row);
    const std::int64_t size = load_arrow<std::int32_t>(view, 0);
    if (size >= 0 && size <= 12) return {reinterpret_cast<const char*>(view) + 4, static_cast<std::size_t>(size)};
    const std::int64_t buffer = load_arrow<std::int32_t>(view, 2);
    const std::int64_t begin = load_arrow<std::int32_t>(view, 3);
    if (size > 0 && buffer >= 0 && buffer < column.extent && begin >= 0) {
        const auto* const sizes = static_cast<const unsigned char*>(column.views[column.extent]);
        const auto* const data = static_cast<const char*>(column.views[buffer]);
        if (data != nullptr && begin + size <= load_arrow<std::int64_t>(sizes, buffer)) {
            return {data + begin, static_cast<std::size_t>(size)};
        }
    }
    throw_broken_array(*column.type, "a view of " + std::to_string(size) + " bytes at " + std::to_string(begin) +
                                         " of buffer " + std::to_string(buffer) + " lies outside the " +
                                         std::to_string(column.extent) + " data buffers");
}

CURTAIL_INLINE Date arrow_date(const ArrowColumn& column, std::int64_t at) {
    if (column.kind == ArrowKind::date_days) return {load_arrow<std::int32_t>(column.values, at)};
    const auto milliseconds = load_arrow<std::int64_t>(column.values, at);
    if (milliseconds == infinite_count) return {infinite_days};
    if (milliseconds == -infinite_count) return {-infinite_days};
    const FloorDivision days = divide_floor(milliseconds, 86'400'000);
    const auto whole = static_cast<std::int32_t>(days.quotient);
    if (days.remainder != 0 || whole != days.quotient || whole == infinite_days || whole <= -infinite_days) {
        throw_arrow_fault(*column.type, "a date of " + std::to_string(milliseconds) +
                                            " ms is not a whole day, or too far away; cast the column to a timestamp");
    }
    return {whole};
}

CURTAIL_INLINE TimeOfDay arrow_time(const ArrowColumn& column, std::int64_t at) {
    const std::int64_t count = column.kind == ArrowKind::time_of_day_32 ? load_arrow<std::int32_t>(column.values, at)
                                                                        : load_arrow<std::int64_t>(column.values, at);
    const TimeUnit unit = column.type->unit;
    if (!is_within_day(count, unit)) {
        throw_arrow_fault(*column.type, "a time of day of " + std::to_string(count) +
                                            " units lies outside the day; cast the column to a duration");
    }
    return {count, unit};
}

CURTAIL_INLINE std::int64_t arrow_index(const ArrowColumn& column, std::int64_t row) {
    const std::int64_t index = load_arrow_integer(column.type->index, column.values, column.offset + row);
    if (index >= 0 && index < column.children[0].length) return index;
    throw_broken_array(*column.type, "the index " + std::to_string(index) + " lies outside a dictionary of " +
                                         std::to_string(column.children[0].length) + " values");
}

// Returns the run that holds a row: the first that ends after it.
CURTAIL_INLINE std::int64_t arrow_run(const ArrowColumn& column, std::int64_t row) noexcept {
    const ArrowColumn& ends = column.children[0];
    std::int64_t low = 0;
    std::int64_t high = ends.length - 1;  // ends after every row, as check_arrow_runs() made sure
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (arrow_run_end(ends, middle) > column.offset + row) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

CURTAIL_INLINE ArrowCell arrow_union_cell(const ArrowColumn& column, std::int64_t row) {
    const std::int64_t at = column.offset + row;
    const auto id = load_arrow<std::int8_t>(column.values, at);
    const auto& ids = column.type->type_ids;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] != id) continue;
        const ArrowColumn& child = column.children[i];
        const bool sparse = column.kind == ArrowKind::sparse_union;
        const std::int64_t child_row = sparse ? at : load_arrow<std::int32_t>(column.data, at);
        if (child_row >= 0 && child_row < child.length) return {&child, child_row};
        throw_broken_array(*column.type, "the offset " + std::to_string(child_row) +
                                             " lies outside a union's child of " + std::to_string(child.length) +
                                             " rows");
    }
    throw_broken_array(*column.type, "the type id " + std::to_string(id) + " is not one of the union's");
}

CURTAIL_INLINE ArrowCell resolve_arrow(const ArrowColumn& column, std::int64_t row) {
    ArrowCell cell{&column, row};
    while (is_arrow_indirect(cell.column->kind) && !cell.is_null()) {
        const ArrowColumn& at = *cell.column;
        switch (at.kind) {
            case ArrowKind::dictionary: cell = {&at.children[0], arrow_index(at, cell.row)}; break;
            case ArrowKind::run_ends: cell = {&at.children[1], arrow_run(at, cell.row)}; break;
            default: cell = arrow_union_cell(at, cell.row);
        }
    }
    return cell;
}

CURTAIL_INLINE std::string_view arrow_stored_chars(const ArrowColumn& column, std::int64_t row) {
    switch (column.kind) {
        case ArrowKind::text:
        case ArrowKind::bytes: return arrow_text<std::int32_t>(column, row);
        case ArrowKind::large_text:
        case ArrowKind::large_bytes: return arrow_text<std::int64_t>(column, row);
        case ArrowKind::text_view:
        case ArrowKind::bytes_view: return arrow_view_text(column, row);
        default: {  // fixed-size bytes, perhaps of size 0
            const std::int64_t width = column.type->width;
            if (width == 0) return "";
            const unsigned char* const begin = column.values + (column.offset + row) * width;
            return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(width)};
        }
    }
}

CURTAIL_INLINE std::string_view arrow_chars(const ArrowColumn& column, std::int64_t row, char* spelled) {
    const std::int64_t at = column.offset + row;
    const auto interval = [&](std::int32_t months, std::int32_t days, std::int64_t nanoseconds) {
        const char* const end = write_arrow_interval(spelled, months, days, nanoseconds);
        return std::string_view(spelled, static_cast<std::size_t>(end - spelled));
    };
    const auto word = [&](std::int64_t index) { return load_arrow<std::int32_t>(column.values, index); };
    switch (column.kind) {
        case ArrowKind::interval_months: return interval(word(at), 0, 0);
        case ArrowKind::interval_day_time: return interval(0, word(2 * at), std::int64_t{1'000'000} * word(2 * at + 1));
        case ArrowKind::interval_month_day_nano:
            return interval(word(4 * at), word(4 * at + 1), load_arrow<std::int64_t>(column.values, 2 * at + 1));
        default: return arrow_stored_chars(column, row);
    }
}

}  // namespace curtail::inline v0::detail
#endif
