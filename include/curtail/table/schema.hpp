// SPDX-License-Identifier: MIT
#pragma once
// The schema of a table: names and types of its columns, and which of them are predictions.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0 {

namespace detail {

// Returns true if values of the kind are counts of a unit.
[[nodiscard]] constexpr bool has_unit(CellKind kind) noexcept {
    return kind == CellKind::timestamp || kind == CellKind::time || kind == CellKind::duration;
}

}  // namespace detail

/// The type of a column.
struct ColumnType {
    /// What the column holds. Default: not known before the cells are read.
    CellKind kind = CellKind::any;

    /// The unit of a timestamp, time or duration; ignored for other kinds. Default: microseconds.
    TimeUnit unit = TimeUnit::microsecond;

    /// The time zone of a timestamp; ignored for other kinds. Default: none, the times are local.
    std::string zone = {};

    /// True if the cells decide: `kind` was guessed from the first rows, or each timestamp or duration has a unit and a
    /// zone of its own. The message then names the type of the cells that were seen. Default: false.
    bool guessed = false;

    /// The texts that mean null in a column whose type is open, besides the empty field, as CsvInputOptions::null_texts
    /// has them. Whoever reads the file later takes the same texts for nulls. Default: none.
    std::shared_ptr<const std::vector<std::string>> null_texts = {};

    /// Returns true if only the cells show what the column holds.
    [[nodiscard]] bool open() const noexcept { return guessed || kind == CellKind::any; }

    friend bool operator==(const ColumnType& a, const ColumnType& b) {
        const bool nulls =
            a.null_texts == b.null_texts || (a.null_texts && b.null_texts && *a.null_texts == *b.null_texts);
        return nulls && a.kind == b.kind && a.guessed == b.guessed && (a.unit == b.unit || !detail::has_unit(a.kind)) &&
               (a.zone == b.zone || a.kind != CellKind::timestamp);
    }
};

/// Returns the type of a column whose elements are of C++ type `T`, which must be CellLike.
template <class T>
[[nodiscard]] ColumnType column_type_of() {
    detail::expect_cell<T>();
    constexpr auto form = detail::cell_form<T>();
    return {.kind = form.kind, .unit = form.unit, .guessed = form.in_values};
}

/// Returns the name of a type, as pandas spells it where pandas has one: "int64", "float32", "bool",
/// "datetime64[us, UTC]".
[[nodiscard]] std::string dtype_name(const ColumnType& type);

/// The name and the type of one column: {"id", CellKind::int64}, or the name alone.
struct ColumnSpec {
    /// A column without a name.
    ColumnSpec() = default;
    /// A column with a name, any text, and a type.
    template <class Name>
    requires std::constructible_from<std::string, Name&&> &&(!std::same_as<std::remove_cvref_t<Name>, ColumnSpec>)
        ColumnSpec(Name&& text, ColumnType column_type = {})  // NOLINT(bugprone-forwarding-reference-overload)
        : name(std::forward<Name>(text)), type(std::move(column_type)) {}
    /// A column with a name and a kind: {"id", CellKind::int64}.
    template <class Name, std::same_as<CellKind> Kind>  // so that braces around a type do not match
    requires std::constructible_from<std::string, Name&&> ColumnSpec(Name&& text, Kind kind)
        : name(std::forward<Name>(text)) {
        type.kind = kind;
    }

    std::string name;      ///< The name in the header of the file. Need not be unique.
    ColumnType type = {};  ///< Default: not known before the cells are read.

    friend bool operator==(const ColumnSpec&, const ColumnSpec&) = default;
};

/// The columns of a table in the order in which they are written. The last prediction_count() of them are predictions.
class Schema {
  public:
    /// A schema without columns.
    Schema() = default;
    /// A schema without predictions, of names or of names and types: Schema{"id", "name"}, or
    /// Schema{{"id", CellKind::int64}, {"name", CellKind::text}}.
    Schema(std::initializer_list<ColumnSpec> columns);
    /// A schema without predictions, of names alone.
    template <std::same_as<std::vector<std::string>> Names>  // so that a list in braces does not match
    Schema(const Names& names) : Schema(std::vector<ColumnSpec>(names.begin(), names.end()), 0) {}
    /// A schema without predictions.
    template <std::same_as<std::vector<ColumnSpec>> Columns>
    explicit Schema(Columns columns) : Schema(std::move(columns), 0) {}
    /// A schema whose last columns are predictions: Schema({"id", "score"}, 1). Throws TableError (invalid_schema) if
    /// there are more predictions than columns.
    Schema(std::vector<ColumnSpec> columns, std::size_t predictions);
    Schema(const Schema&);
    Schema(Schema&&) noexcept;
    Schema& operator=(const Schema&);
    Schema& operator=(Schema&&) noexcept;
    ~Schema();

    /// Returns all columns.
    [[nodiscard]] const std::vector<ColumnSpec>& columns() const noexcept { return columns_; }
    /// Returns the number of columns, predictions included.
    [[nodiscard]] std::size_t size() const noexcept { return columns_.size(); }
    /// Returns a column by its index, which must be less than size().
    [[nodiscard]] const ColumnSpec& operator[](std::size_t column) const noexcept { return columns_[column]; }
    /// Returns how many of the last columns are predictions.
    [[nodiscard]] std::size_t prediction_count() const noexcept { return predictions_; }
    /// Returns how many columns are not predictions.
    [[nodiscard]] std::size_t feature_count() const noexcept { return columns_.size() - predictions_; }

    /// Returns the index of the first column with that name, or size() if there is none.
    [[nodiscard]] std::size_t find(std::string_view name) const noexcept;

    /// Returns true if both schemas are equal, whatever texts mean null. Compares 64-bit hashes, because a stream of
    /// single rows is checked once per row. check_fits() also accepts batches that differ where this schema is open.
    [[nodiscard]] bool fits(const Schema& other) const noexcept {
        return hash_ == other.hash_ && columns_.size() == other.columns_.size() && predictions_ == other.predictions_;
    }

    friend bool operator==(const Schema& a, const Schema& b) {
        return a.predictions_ == b.predictions_ && a.columns_ == b.columns_;
    }

  private:
    void mix(const ColumnSpec& column) noexcept;

    std::vector<ColumnSpec> columns_;
    std::size_t predictions_ = 0;
    std::uint64_t hash_ = 0xCBF29CE484222325U;
};

namespace detail {

template <class Row>
concept TupleRow = requires {
    std::tuple_size<Row>::value;
};

// std::array and the like, which are read in a loop: 784 pixels per row are too many for a fold expression in clang.
template <class Row>
concept ArrayRow = TupleRow<Row> && requires(const Row& row) {
    row[std::size_t{}];
};

// Calls `visit` with the elements of a tuple from the one with index `first` on.
template <TupleRow Row, class Visitor>
void visit_tuple(const Row& tuple, std::size_t first, Visitor& visit) {
    constexpr std::size_t size = std::tuple_size_v<Row>;
    if constexpr (ArrayRow<Row>) {
        for (std::size_t i = first; i < size; ++i) visit(tuple[i]);
    } else {
        using std::get;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            ((I >= first ? visit(get<I>(tuple)) : void()), ...);
        }
        (std::make_index_sequence<size>());
    }
}

// Returns the columns of `names` with the types of the elements of a tuple. Throws TableError (invalid_schema) unless
// there are as many.
template <TupleRow Row>
[[nodiscard]] Schema tuple_schema(const Schema& names) {
    constexpr std::size_t size = std::tuple_size_v<Row>;
    if (names.size() != size) {
        throw TableError(ErrorCode::invalid_schema,
                         std::to_string(names.size()) + " names for rows of " + std::to_string(size) + " cells");
    }
    std::vector<ColumnSpec> columns = names.columns();
    if constexpr (ArrayRow<Row>) {
        using Element = std::remove_cvref_t<decltype(std::declval<const Row&>()[0])>;
        for (ColumnSpec& column : columns) column.type = column_type_of<Element>();
    } else {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            ((columns[I].type = column_type_of<std::remove_cvref_t<std::tuple_element_t<I, Row>>>()), ...);
        }
        (std::make_index_sequence<size>());
    }
    return Schema(std::move(columns), names.prediction_count());
}

}  // namespace detail

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE std::string dtype_name(const ColumnType& type) {
    constexpr std::string_view names[] = {"object",  "null",        "bool",   "int8",   "int16",      "int32",
                                          "int64",   "uint8",       "uint16", "uint32", "uint64",     "float32",
                                          "float64", "decimal",     "string", "bytes",  "datetime64", "date",
                                          "time",    "timedelta64", "nested"};
    static_assert(std::size(names) == static_cast<std::size_t>(CellKind::nested) + 1);
    std::string name(names[type.kind <= CellKind::nested ? static_cast<std::size_t>(type.kind) : 0]);
    if (type.kind == CellKind::timestamp || type.kind == CellKind::duration) {
        constexpr std::string_view units[] = {"s", "ms", "us", "ns"};
        name += '[';
        name += units[static_cast<std::size_t>(type.unit)];
        if (type.kind == CellKind::timestamp && !type.zone.empty()) name += ", " + type.zone;
        name += ']';
    }
    return name;
}

CURTAIL_INLINE Schema::Schema(std::initializer_list<ColumnSpec> columns) : Schema(std::vector<ColumnSpec>(columns)) {}

CURTAIL_INLINE Schema::Schema(std::vector<ColumnSpec> columns, std::size_t predictions)
    : columns_(std::move(columns)), predictions_(predictions) {
    if (predictions_ > columns_.size()) {
        throw TableError(ErrorCode::invalid_schema,
                         detail::concat({"a table of ", std::to_string(columns_.size()), " columns cannot have ",
                                         std::to_string(predictions_), " prediction columns"}));
    }
    for (const ColumnSpec& column : columns_) mix(column);
}

// Not inline for users of curtail::compiled: each of their tables has two or three of them.
CURTAIL_INLINE Schema::Schema(const Schema&) = default;
CURTAIL_INLINE Schema::Schema(Schema&&) noexcept = default;
CURTAIL_INLINE Schema& Schema::operator=(const Schema&) = default;
CURTAIL_INLINE Schema& Schema::operator=(Schema&&) noexcept = default;
CURTAIL_INLINE Schema::~Schema() = default;

CURTAIL_INLINE std::size_t Schema::find(std::string_view name) const noexcept {
    std::size_t column = 0;
    while (column < columns_.size() && columns_[column].name != name) ++column;
    return column;
}

CURTAIL_INLINE void Schema::mix(const ColumnSpec& column) noexcept {
    const auto step = [&](std::uint64_t value) {
        hash_ = (hash_ ^ value) * 0x100000001B3U;  // FNV-1a, one step per byte
    };
    for (const char c : column.name) step(static_cast<unsigned char>(c));
    step(0x100U + static_cast<std::uint64_t>(column.type.kind));
    const TimeUnit unit = detail::has_unit(column.type.kind) ? column.type.unit : ColumnType().unit;
    step(0x200U + static_cast<std::uint64_t>(unit));
    step(column.type.guessed ? 0x401U : 0x400U);
    if (column.type.kind == CellKind::timestamp) {
        for (const char c : column.type.zone) step(static_cast<unsigned char>(c));
    }
    step(0x300U);
}

}  // namespace curtail::inline v0

#endif
