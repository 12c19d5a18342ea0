// SPDX-License-Identifier: MIT
#pragma once
// The format strings of the Arrow C Data interface: what a column holds and how its buffers are laid out.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// One name a layout: what differs in memory differs here. In this order: values, what is nested, what is stored
// elsewhere.
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
    ArrowKind index = ArrowKind::null;  // of a dictionary: one of the integers
    TimeUnit unit = TimeUnit::microsecond;
    std::int64_t width = 0;  // bytes of an element of the buffer behind the validity bitmap; 0: bits, or no such buffer
    std::int64_t list_size = 0;  // elements of a fixed-size list
    std::int32_t scale = 0;
    std::string zone = {};
    std::string name = {};
    std::string path = {};    // the name behind those of the nodes above it, for messages; empty: all columns
    std::string column = {};  // the name of the column that the node belongs to
    std::vector<ArrowType> children = {};
    std::vector<std::int8_t> type_ids = {};  // of a union: the type id of each child

    [[nodiscard]] bool is_union() const noexcept {
        return kind == ArrowKind::dense_union || kind == ArrowKind::sparse_union;
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

struct ArrowFormat {
    std::string_view format;
    ArrowKind kind;
    std::int64_t width;
    TimeUnit unit = TimeUnit::microsecond;
};

inline constexpr ArrowFormat arrow_formats[] = {
    {"n", ArrowKind::null, 0},
    {"b", ArrowKind::boolean, 0},
    {"c", ArrowKind::int8, 1},
    {"C", ArrowKind::uint8, 1},
    {"s", ArrowKind::int16, 2},
    {"S", ArrowKind::uint16, 2},
    {"i", ArrowKind::int32, 4},
    {"I", ArrowKind::uint32, 4},
    {"l", ArrowKind::int64, 8},
    {"L", ArrowKind::uint64, 8},
    {"e", ArrowKind::float16, 2},
    {"f", ArrowKind::float32, 4},
    {"g", ArrowKind::float64, 8},
    {"u", ArrowKind::text, 4},
    {"U", ArrowKind::large_text, 8},
    {"vu", ArrowKind::text_view, 16},
    {"z", ArrowKind::bytes, 4},
    {"Z", ArrowKind::large_bytes, 8},
    {"vz", ArrowKind::bytes_view, 16},
    {"tdD", ArrowKind::date_days, 4},
    {"tdm", ArrowKind::date_milliseconds, 8},
    {"tts", ArrowKind::time_of_day_32, 4, TimeUnit::second},
    {"ttm", ArrowKind::time_of_day_32, 4, TimeUnit::millisecond},
    {"ttu", ArrowKind::time_of_day_64, 8, TimeUnit::microsecond},
    {"ttn", ArrowKind::time_of_day_64, 8, TimeUnit::nanosecond},
    {"tDs", ArrowKind::duration, 8, TimeUnit::second},
    {"tDm", ArrowKind::duration, 8, TimeUnit::millisecond},
    {"tDu", ArrowKind::duration, 8, TimeUnit::microsecond},
    {"tDn", ArrowKind::duration, 8, TimeUnit::nanosecond},
    {"tiM", ArrowKind::interval_months, 4},
    {"tiD", ArrowKind::interval_day_time, 8},
    {"tin", ArrowKind::interval_month_day_nano, 16},
    {"+l", ArrowKind::list, 4},
    {"+L", ArrowKind::large_list, 8},
    {"+vl", ArrowKind::list_view, 4},
    {"+vL", ArrowKind::large_list_view, 8},
    {"+s", ArrowKind::structure, 0},
    {"+m", ArrowKind::map, 4},
    {"+r", ArrowKind::run_ends, 0},
};

// A whole number of `text`, or nothing when there is anything else in it.
template <class Integer>
[[nodiscard]] std::optional<Integer> arrow_number(std::string_view text) noexcept {
    Integer value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The text up to the next comma, taken off the front of `rest`.
[[nodiscard]] inline std::string_view arrow_field(std::string_view& rest) noexcept {
    const std::size_t comma = rest.find(',');
    const std::string_view field = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    return field;
}

// What stands behind "d:", as in "38,10" or "9,2,32".
[[nodiscard]] inline std::optional<ArrowType> arrow_decimal_type(std::string_view rest) {
    const auto commas = static_cast<std::size_t>(rest.find(',') != std::string_view::npos) +
                        static_cast<std::size_t>(rest.find(',') != rest.rfind(','));
    const auto precision = arrow_number<std::int32_t>(arrow_field(rest));
    const auto scale = arrow_number<std::int32_t>(arrow_field(rest));
    const auto bits = commas == 2 ? arrow_number<std::int32_t>(rest) : std::optional(128);
    if (!precision || !scale || !bits || *precision < 1) return std::nullopt;
    if (*bits != 32 && *bits != 64 && *bits != 128 && *bits != 256) return std::nullopt;
    return ArrowType{.kind = ArrowKind::decimal, .width = *bits / 8, .scale = *scale};
}

// What stands behind "+ud:" or "+us:", as in "0,1,5": each id once, 0 to 127.
[[nodiscard]] inline std::optional<ArrowType> arrow_union_type(ArrowKind kind, std::string_view rest) {
    ArrowType type{.kind = kind, .width = 1};
    bool seen[128] = {};
    const bool ends_in_comma = rest.ends_with(',');
    while (!rest.empty()) {
        const auto id = arrow_number<std::int8_t>(arrow_field(rest));
        if (!id || *id < 0 || seen[static_cast<std::size_t>(*id)]) return std::nullopt;
        seen[static_cast<std::size_t>(*id)] = true;
        type.type_ids.push_back(*id);
    }
    if (ends_in_comma) return std::nullopt;
    return type;
}

[[nodiscard]] inline std::optional<ArrowType> arrow_timestamp_type(std::string_view format) {
    constexpr std::string_view units = "smun";
    const std::size_t unit = units.find(format[2]);
    if (unit == std::string_view::npos) return std::nullopt;
    return ArrowType{.kind = ArrowKind::timestamp,
                     .unit = static_cast<TimeUnit>(unit),
                     .width = 8,
                     .zone = std::string(format.substr(4))};
}

// The type that a format string of the Arrow C Data interface names, without names and children, or nothing when it
// names none. A dictionary's format is that of its indices.
[[nodiscard]] inline std::optional<ArrowType> parse_arrow_format(std::string_view format) {
    using namespace detail;
    for (const ArrowFormat& known : arrow_formats) {
        if (format == known.format) return ArrowType{.kind = known.kind, .unit = known.unit, .width = known.width};
    }
    if (format.starts_with("d:")) return arrow_decimal_type(format.substr(2));
    if (format.starts_with("+ud:")) return arrow_union_type(ArrowKind::dense_union, format.substr(4));
    if (format.starts_with("+us:")) return arrow_union_type(ArrowKind::sparse_union, format.substr(4));
    if (format.size() >= 4 && format.starts_with("ts") && format[3] == ':') return arrow_timestamp_type(format);
    const bool bytes = format.starts_with("w:");
    if (bytes || format.starts_with("+w:")) {
        const auto size = arrow_number<std::int32_t>(format.substr(bytes ? 2 : 3));
        if (!size || *size < 0) return std::nullopt;
        if (bytes) return ArrowType{.kind = ArrowKind::fixed_bytes, .width = *size};
        return ArrowType{.kind = ArrowKind::fixed_list, .list_size = *size};
    }
    return std::nullopt;
}

// The type that the cells of such a column have. Dictionaries and run-end encoding are ways to store a value, so the
// type is the value's; what a union holds shows cell by cell.
[[nodiscard]] inline ColumnType column_type(const ArrowType& type) {
    switch (type.kind) {
        case ArrowKind::null: return {CellKind::null};
        case ArrowKind::boolean: return {CellKind::boolean};
        case ArrowKind::int8: return {CellKind::int8};
        case ArrowKind::uint8: return {CellKind::uint8};
        case ArrowKind::int16: return {CellKind::int16};
        case ArrowKind::uint16: return {CellKind::uint16};
        case ArrowKind::int32: return {CellKind::int32};
        case ArrowKind::uint32: return {CellKind::uint32};
        case ArrowKind::int64: return {CellKind::int64};
        case ArrowKind::uint64: return {CellKind::uint64};
        case ArrowKind::float16:
        case ArrowKind::float32: return {CellKind::float32};
        case ArrowKind::float64: return {CellKind::float64};
        case ArrowKind::decimal: return {CellKind::decimal};
        case ArrowKind::text:
        case ArrowKind::large_text:
        case ArrowKind::text_view:
        case ArrowKind::interval_months:
        case ArrowKind::interval_day_time:
        case ArrowKind::interval_month_day_nano: return {CellKind::text};
        case ArrowKind::bytes:
        case ArrowKind::large_bytes:
        case ArrowKind::bytes_view:
        case ArrowKind::fixed_bytes: return {CellKind::bytes};
        case ArrowKind::date_days:
        case ArrowKind::date_milliseconds: return {CellKind::date};
        case ArrowKind::time_of_day_32:
        case ArrowKind::time_of_day_64: return {CellKind::time, type.unit};
        case ArrowKind::timestamp: return {CellKind::timestamp, type.unit, type.zone};
        case ArrowKind::duration: return {CellKind::duration, type.unit};
        case ArrowKind::list:
        case ArrowKind::large_list:
        case ArrowKind::list_view:
        case ArrowKind::large_list_view:
        case ArrowKind::fixed_list:
        case ArrowKind::structure:
        case ArrowKind::map: return {CellKind::nested};
        case ArrowKind::dictionary: return column_type(type.children[0]);
        case ArrowKind::run_ends: return column_type(type.children[1]);
        case ArrowKind::dense_union:
        case ArrowKind::sparse_union: return {CellKind::any};
    }
    return {CellKind::any};
}

}  // namespace curtail::inline v0::detail
