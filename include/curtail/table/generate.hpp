// SPDX-License-Identifier: MIT
#pragma once
// Streams whose rows come one by one from a callback: a database cursor, a coroutine, your own loop.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/cell/verbatim.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {
namespace detail {

// Returns the schema with the types of timestamps and durations open, because each cell brings its own.
[[nodiscard]] inline Schema with_open_times(const Schema& schema) {
    std::vector<ColumnSpec> columns = schema.columns();
    for (ColumnSpec& column : columns) {
        if (column.type.kind == CellKind::timestamp || column.type.kind == CellKind::duration) {
            column.type.guessed = true;
        }
    }
    return Schema(std::move(columns), schema.prediction_count());
}

// Throws CellFault for a cell that no reader of the file could take for a value of its column. A column of numbers
// takes numbers alone, and one of bools bools alone. One of days or of times of day takes no empty text. Null{} always
// passes. The null or bool of a text input does not, because it keeps a spelling that need not be the file's.
inline void expect_kind(const ColumnType& type, const Cell& cell) {
    const bool bools = type.kind == CellKind::boolean;
    if (!bools && (std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell))) return;
    if (type.open() || std::holds_alternative<Null>(cell)) return;
    bool fits = true;
    if (bools) {
        fits = std::holds_alternative<bool>(cell);
    } else if (type.kind >= CellKind::int8 && type.kind <= CellKind::decimal) {
        const auto* const text = std::get_if<Verbatim>(&cell);
        fits = std::holds_alternative<std::uint64_t>(cell) || std::holds_alternative<float>(cell) ||
               std::holds_alternative<Decimal>(cell) ||
               (text != nullptr && text->meaning == Verbatim::Meaning::number &&
                number_spelling(text->text) != NumberSpelling::none);
    } else if (type.kind == CellKind::date || type.kind == CellKind::time) {
        const auto* const text = std::get_if<std::string_view>(&cell);
        fits = text == nullptr || !text->empty();
    }
    if (fits) return;
    throw CellFault("the schema says " + dtype_name(type) +
                    ", and this cell is of another kind; convert it, make it null, or give the column no type");
}

template <class... Arguments>
inline constexpr bool is_generate_call = false;
template <class S, class Next>
inline constexpr bool is_generate_call<S, Next> = std::is_convertible_v<S, Schema>;

// What generate() takes, as far as the columns are concerned.
template <class... Arguments>
concept GenerateCall = is_generate_call<Arguments...>;

}  // namespace detail

/// A stream of rows that a callback gives one by one, as generate() makes it. `Row` is std::vector<Cell> for a callback
/// that fills cells, or std::optional of what the callback returns: a tuple.
template <class Next, class Row>
class RowGenerator {
    static constexpr bool fills_cells = std::is_same_v<Row, std::vector<Cell>>;

  public:
    /// `next` is called for each row, whose columns are those of `schema`.
    RowGenerator(Schema schema, Next next) : batch_{std::move(schema), {}}, next_(std::move(next)) {
        if constexpr (fills_cells) batch_.row.resize(batch_.columns.size());
    }

    /// Returns the schema of the stream.
    [[nodiscard]] const Schema& schema() const noexcept { return batch_.columns; }

    /// One row; a Table.
    struct Batch {
        Schema columns;  ///< The schema of the stream.
        Row row;         ///< One cell per column; or a tuple, and nothing at the end.

        /// Returns the schema of the stream.
        [[nodiscard]] const Schema& schema() const noexcept { return columns; }
        /// Returns the number of rows.
        [[nodiscard]] std::size_t rows() const noexcept { return 1; }
        /// Calls `visit` with the cells, or the elements of the tuple, from column `first` on.
        template <class Visitor>
        void visit_row_from(std::size_t, std::size_t first, Visitor&& visit) const {
            if constexpr (fills_cells) {
                for (std::size_t column = first; column < row.size(); ++column) {
                    detail::expect_kind(columns[column].type, row[column]);
                    visit(row[column]);
                }
            } else {
                detail::visit_tuple(*row, first, visit);
            }
        }
    };

    /// Returns true once next() was called: the rows that are left are not all of them.
    [[nodiscard]] bool begun() const noexcept { return reading_.begun(); }

    /// Returns the next row, valid until the next call, or a null pointer at the end. Throws what the callback throws,
    /// and UsageError (wrong_state) in a call after the end or an error.
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        bool found = false;
        if constexpr (fills_cells) {
            for (Cell& cell : batch_.row) cell = Null{};
            found = next_(std::span<Cell>(batch_.row));
        } else {
            auto given = next_();
            // Not assigned: a tuple of references would write to what the row before refers to.
            batch_.row.reset();
            found = static_cast<bool>(given);
            if (found) batch_.row.emplace(*std::move(given));
        }
        return reading_.end(found ? &batch_ : nullptr);
    }

  private:
    detail::OneReading reading_;
    Batch batch_;
    Next next_;
};

namespace detail {

// What a callback of tuples returns: std::optional<std::tuple<…>>, or another optional of what has the tuple protocol.
template <class Next>
concept TupleCallback = std::is_invocable_v<Next&> && requires(std::invoke_result_t<Next&> result) {
    static_cast<bool>(result);
    std::tuple_size<std::remove_cvref_t<decltype(*result)>>::value;
    std::remove_cvref_t<decltype(*result)>(*std::move(result));
};

// Fails to compile for a callback that generate() cannot call, with a message that names the cure.
template <class Next>
constexpr auto expect_callback() noexcept {
    if constexpr (std::is_invocable_v<Next&, std::span<Cell>>) {
        static_assert(std::is_invocable_r_v<bool, Next&, std::span<Cell>>,
                      "a callback that fills std::span<curtail::Cell> returns bool: true for a row, false at the end");
    } else {
        static_assert(TupleCallback<Next>,
                      "generate() takes a callback bool(std::span<curtail::Cell> row), or one without parameters that "
                      "returns std::optional<std::tuple<...>>: a row, or nothing at the end");
    }
}

}  // namespace detail

/// Makes a stream from a callback that gives one row per call. It is either of
///
/// - `bool next(std::span<Cell> row)`, which fills one cell per column and returns true, or returns false at the end.
///   The cells are Null before each call. Views put into a cell must stay valid until the next call. Units and zones of
///   timestamps and durations are those of the cells, whatever `schema` says. Where it says numbers or bools, any other
///   cell but Null is a TableError (bad_cell), which names row and column: a page of the file could not be read. So is
///   an empty text where it says days or times of day;
/// - `std::optional<std::tuple<…>> next()`, which returns a row, or nothing at the end. The types of the columns are
///   those of the tuple. Throws TableError (invalid_schema) unless there are as many columns as the tuple has elements.
///
/// `schema` has the names of the columns, and their types where they are known before the cells:
///
///     generate({"id", "score"}, [&](std::span<curtail::Cell> row) { … return more; })
///     generate({"id", "score"}, [&]() -> std::optional<std::tuple<long, double>> { … })
template <class Next>
[[nodiscard]] auto generate(const Schema& schema, Next next) {
    detail::expect_callback<Next>();
    if constexpr (std::is_invocable_r_v<bool, Next&, std::span<Cell>>) {
        return RowGenerator<Next, std::vector<Cell>>(detail::with_open_times(schema), std::move(next));
    } else if constexpr (detail::TupleCallback<Next>) {
        using Row = std::remove_cvref_t<decltype(*std::declval<std::invoke_result_t<Next&>>())>;
        return RowGenerator<Next, std::optional<Row>>(detail::tuple_schema<Row>(schema), std::move(next));
    }
}

// For any other arguments: fails to compile, with a message that names the cure.
template <class... Wrong>
requires(!detail::GenerateCall<Wrong...>) auto generate(Wrong&&...) {
    static_assert(detail::GenerateCall<Wrong...>,
                  "generate() takes the names of the columns, then the callback: generate({\"id\", \"score\"}, next)");
}

}  // namespace curtail::inline v0
