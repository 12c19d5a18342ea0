// SPDX-License-Identifier: MIT
#pragma once
// The format strings of the Arrow C Data interface: what a column holds and how its buffers are laid out.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// One enumerator per memory layout, in the order plain, nested, indirect; is_arrow_nested() and is_arrow_indirect()
// rely on it.
enum class ArrowKind : std::uint8_t {
    null,
    boolean,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    uint64,
    float16,
    float32,
    float64,
    decimal,
    text,
    large_text,
    text_view,
    bytes,
    large_bytes,
    bytes_view,
    fixed_bytes,
    date_days,
    date_milliseconds,
    time_of_day_32,
    time_of_day_64,
    timestamp,
    duration,
    interval_months,
    interval_day_time,
    interval_month_day_nano,
    list,
    large_list,
    list_view,
    large_list_view,
    fixed_list,
    structure,
    map,
    dictionary,  // children: the values
    run_ends,    // children: the ends, the values
    dense_union,
    sparse_union,
};

// The type of one node of a schema, resolved once for all batches.
struct ArrowType {
    ArrowKind kind = ArrowKind::null;
    CellKind cell = CellKind::null;     // what a value becomes; of a dictionary and of runs, see column_type()
    ArrowKind index = ArrowKind::null;  // of a dictionary: one of the integers
    TimeUnit unit = TimeUnit::microsecond;
    std::int64_t width = 0;    // bytes per element of the buffer after the validity bitmap; 0: bits, or no such buffer
    std::int64_t buffers = 2;  // how many an array has; of a view: at least
    std::int64_t list_size = 0;  // elements of a fixed-size list
    std::int32_t scale = 0;
    std::string zone = {};
    std::string name = {};
    std::string path = {};    // the names from the column down to this node, for messages; empty: the record batch
    std::string column = {};  // the name of the column that the node belongs to
    std::vector<ArrowType> children = {};
    std::vector<std::int8_t> type_ids = {};  // of a union: the type id of each child

    [[nodiscard]] bool is_union() const noexcept {
        return kind == ArrowKind::dense_union || kind == ArrowKind::sparse_union;
    }
    [[nodiscard]] bool is_view() const noexcept {
        return kind == ArrowKind::text_view || kind == ArrowKind::bytes_view;
    }
    [[nodiscard]] bool has_offsets() const noexcept {
        switch (kind) {
            case ArrowKind::text:
            case ArrowKind::large_text:
            case ArrowKind::bytes:
            case ArrowKind::large_bytes:
            case ArrowKind::list:
            case ArrowKind::large_list:
            case ArrowKind::map: return true;
            default: return false;
        }
    }
};

// Returns the type that a format string of the Arrow C Data interface names, without names and children, or nothing if
// it names none. The format of a dictionary is that of its indices.
[[nodiscard]] std::optional<ArrowType> parse_arrow_format(std::string_view format);

// Returns the type of the cells of a column. Dictionaries and run-end encoding are ways to store a value, so theirs is
// the type of the values. A union is CellKind::any, because each cell has a type of its own.
[[nodiscard]] ColumnType column_type(const ArrowType& type);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <curtail/core/number/read_floating.hpp>

namespace curtail::inline v0::detail {

struct ArrowFormat {
    std::string_view format;
    ArrowKind kind;
    CellKind cell;
    std::int64_t width;
    std::int64_t buffers = 2;
    TimeUnit unit = TimeUnit::microsecond;
};

inline constexpr ArrowFormat arrow_formats[] = {
    {"n", ArrowKind::null, CellKind::null, 0, 0},
    {"b", ArrowKind::boolean, CellKind::boolean, 0},
    {"c", ArrowKind::int8, CellKind::int8, 1},
    {"C", ArrowKind::uint8, CellKind::uint8, 1},
    {"s", ArrowKind::int16, CellKind::int16, 2},
    {"S", ArrowKind::uint16, CellKind::uint16, 2},
    {"i", ArrowKind::int32, CellKind::int32, 4},
    {"I", ArrowKind::uint32, CellKind::uint32, 4},
    {"l", ArrowKind::int64, CellKind::int64, 8},
    {"L", ArrowKind::uint64, CellKind::uint64, 8},
    {"e", ArrowKind::float16, CellKind::float32, 2},
    {"f", ArrowKind::float32, CellKind::float32, 4},
    {"g", ArrowKind::float64, CellKind::float64, 8},
    {"u", ArrowKind::text, CellKind::text, 4, 3},
    {"U", ArrowKind::large_text, CellKind::text, 8, 3},
    {"vu", ArrowKind::text_view, CellKind::text, 16, 3},
    {"z", ArrowKind::bytes, CellKind::bytes, 4, 3},
    {"Z", ArrowKind::large_bytes, CellKind::bytes, 8, 3},
    {"vz", ArrowKind::bytes_view, CellKind::bytes, 16, 3},
    {"tdD", ArrowKind::date_days, CellKind::date, 4},
    {"tdm", ArrowKind::date_milliseconds, CellKind::date, 8},
    {"tts", ArrowKind::time_of_day_32, CellKind::time, 4, 2, TimeUnit::second},
    {"ttm", ArrowKind::time_of_day_32, CellKind::time, 4, 2, TimeUnit::millisecond},
    {"ttu", ArrowKind::time_of_day_64, CellKind::time, 8, 2, TimeUnit::microsecond},
    {"ttn", ArrowKind::time_of_day_64, CellKind::time, 8, 2, TimeUnit::nanosecond},
    {"tDs", ArrowKind::duration, CellKind::duration, 8, 2, TimeUnit::second},
    {"tDm", ArrowKind::duration, CellKind::duration, 8, 2, TimeUnit::millisecond},
    {"tDu", ArrowKind::duration, CellKind::duration, 8, 2, TimeUnit::microsecond},
    {"tDn", ArrowKind::duration, CellKind::duration, 8, 2, TimeUnit::nanosecond},
    {"tiM", ArrowKind::interval_months, CellKind::text, 4},
    {"tiD", ArrowKind::interval_day_time, CellKind::text, 8},
    {"tin", ArrowKind::interval_month_day_nano, CellKind::text, 16},
    {"+l", ArrowKind::list, CellKind::nested, 4},
    {"+L", ArrowKind::large_list, CellKind::nested, 8},
    {"+vl", ArrowKind::list_view, CellKind::nested, 4, 3},
    {"+vL", ArrowKind::large_list_view, CellKind::nested, 8, 3},
    {"+s", ArrowKind::structure, CellKind::nested, 0, 1},
    {"+m", ArrowKind::map, CellKind::nested, 4},
    {"+r", ArrowKind::run_ends, CellKind::any, 0, 0},
};

// Removes the text up to the next comma from the front of `rest` and returns it.
CURTAIL_INLINE std::string_view take_arrow_field(std::string_view& rest) noexcept {
    const std::size_t comma = rest.find(',');
    const std::string_view field = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    return field;
}

// Parses what follows "d:", as in "38,10" or "9,2,32".
CURTAIL_INLINE std::optional<ArrowType> parse_arrow_decimal(std::string_view rest) {
    const auto commas = static_cast<std::size_t>(rest.find(',') != std::string_view::npos) +
                        static_cast<std::size_t>(rest.find(',') != rest.rfind(','));
    const auto precision = number_from<std::int32_t>(take_arrow_field(rest));
    const auto scale = number_from<std::int32_t>(take_arrow_field(rest));
    const auto bits = commas == 2 ? number_from<std::int32_t>(rest) : std::optional(128);
    if (!precision || !scale || !bits || *precision < 1) return std::nullopt;
    if (*bits != 32 && *bits != 64 && *bits != 128 && *bits != 256) return std::nullopt;
    return ArrowType{.kind = ArrowKind::decimal, .cell = CellKind::decimal, .width = *bits / 8, .scale = *scale};
}

// Parses what follows "+ud:" or "+us:", as in "0,1,5". An id is 0 to 127 and occurs once.
CURTAIL_INLINE std::optional<ArrowType> parse_arrow_union(ArrowKind kind, std::string_view rest) {
    ArrowType type{.kind = kind, .cell = CellKind::any, .width = 1, .buffers = kind == ArrowKind::sparse_union ? 1 : 2};
    bool seen[128] = {};
    const bool ends_in_comma = rest.ends_with(',');
    while (!rest.empty()) {
        const auto id = number_from<std::int8_t>(take_arrow_field(rest));
        if (!id || *id < 0 || seen[static_cast<std::size_t>(*id)]) return std::nullopt;
        seen[static_cast<std::size_t>(*id)] = true;
        type.type_ids.push_back(*id);
    }
    if (ends_in_comma) return std::nullopt;
    return type;
}

CURTAIL_INLINE std::optional<ArrowType> parse_arrow_timestamp(std::string_view format) {
    constexpr std::string_view units = "smun";
    const std::size_t unit = units.find(format[2]);
    if (unit == std::string_view::npos) return std::nullopt;
    return ArrowType{.kind = ArrowKind::timestamp,
                     .cell = CellKind::timestamp,
                     .unit = static_cast<TimeUnit>(unit),
                     .width = 8,
                     .zone = std::string(format.substr(4))};
}

CURTAIL_INLINE std::optional<ArrowType> parse_arrow_format(std::string_view format) {
    for (const ArrowFormat& known : arrow_formats) {
        if (format != known.format) continue;
        return ArrowType{
            .kind = known.kind, .cell = known.cell, .unit = known.unit, .width = known.width, .buffers = known.buffers};
    }
    if (format.starts_with("d:")) return parse_arrow_decimal(format.substr(2));
    if (format.starts_with("+ud:")) return parse_arrow_union(ArrowKind::dense_union, format.substr(4));
    if (format.starts_with("+us:")) return parse_arrow_union(ArrowKind::sparse_union, format.substr(4));
    if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':') return parse_arrow_timestamp(format);
    const bool bytes = format.starts_with("w:");
    if (bytes || format.starts_with("+w:")) {
        const auto size = number_from<std::int32_t>(format.substr(bytes ? 2 : 3));
        if (!size || *size < 0) return std::nullopt;
        if (bytes) return ArrowType{.kind = ArrowKind::fixed_bytes, .cell = CellKind::bytes, .width = *size};
        return ArrowType{.kind = ArrowKind::fixed_list, .cell = CellKind::nested, .buffers = 1, .list_size = *size};
    }
    return std::nullopt;
}

CURTAIL_INLINE ColumnType column_type(const ArrowType& type) {
    if (type.kind == ArrowKind::dictionary) return column_type(type.children[0]);
    if (type.kind == ArrowKind::run_ends) return column_type(type.children[1]);
    return {type.cell, type.unit, type.zone};
}

}  // namespace curtail::inline v0::detail
#endif
