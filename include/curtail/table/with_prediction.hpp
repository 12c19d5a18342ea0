// SPDX-License-Identifier: MIT
#pragma once
// Says which columns are predictions: some that a table has, with_prediction(table, "score"), or those of other owners,
// with_prediction(table, column("score", scores)). Copies nothing.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/prediction/chosen.hpp>
#include <curtail/table/prediction/joined.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// What to do if a prediction has the name of another column.
enum class OnClash : std::uint8_t {
    error,   ///< Throw TableError (column_clash).
    suffix,  ///< Name the prediction name_1, or the first name_N that is free.
};

/// Stands for the name of a table's last column: with_prediction(table, last_column).
struct LastColumn {};
/// The only value of its type.
inline constexpr LastColumn last_column{};

namespace detail {

// Returns the columns of `left`, then all columns of `right` as predictions.
[[nodiscard]] Schema join_schemas(const Schema& left, const Schema& right, OnClash on_clash);

template <class P>
concept NameOfColumn = std::is_convertible_v<const P&, std::string_view>;
template <class P>
concept NewPrediction = Table<P> || is_named_column<std::remove_cvref_t<P>>;

// What a call of with_prediction() means, by the types of its arguments alone.
template <class... P>
inline constexpr bool names_columns = sizeof...(P) != 0 && (NameOfColumn<P> && ...);
template <class... P>
inline constexpr bool names_last = sizeof...(P) == 1 && (std::is_same_v<std::remove_cvref_t<P>, LastColumn> && ...);
template <class T, class... P>
inline constexpr bool joins_tables = Table<T> && sizeof...(P) != 0 && (NewPrediction<P> && ...);
template <class T, class... P>
inline constexpr bool joins_streams = sizeof...(P) == 1 && (TableStream<T> && ... && TableStream<P>);

// Fails to compile for a stream that is not passed by std::move, with a message that names the cure.
template <class T>
constexpr auto expect_taken_over() noexcept {
    static_assert(Table<T> || !std::is_lvalue_reference_v<T>, "a stream is taken over: pass std::move(stream)");
}

// Fails to compile unless `P` can be predictions of `T`, with a message that names the cure.
template <class T, class... P>
constexpr auto expect_predictions() noexcept {
    expect_table<T>();
    if constexpr (TableOrStream<T>) expect_taken_over<T>();
    constexpr bool stream = TableStream<T> && !Table<T>;
    if constexpr (sizeof...(P) == 0) {
        static_assert(sizeof...(P) != 0,
                      "with_prediction() needs the prediction too: with_prediction(table, \"score\"), or "
                      "with_prediction(table, column(\"score\", scores))");
    } else if constexpr (names_columns<P...> || names_last<P...>) {
    } else if constexpr (stream ? (TableStream<P> && ...) : (NewPrediction<P> && ...)) {
        static_assert(!stream || sizeof...(P) == 1, "two streams are joined at a time: join the result again");
        (expect_taken_over<P>(), ...);
    } else if constexpr ((TableOrStream<P> && ...) || (stream && (NewPrediction<P> && ...))) {
        static_assert((Table<T> && ... && Table<P>),
                      "a table in memory and a stream have no common batches: join two tables or two streams, or give "
                      "each batch its predictions, split.append(with_prediction(*batch, column(\"score\", scores)))");
    } else {
        static_assert((NewPrediction<P> && ...),
                      "predictions are the name of a column that the table has, or columns with a name: "
                      "with_prediction(table, column(\"prediction\", scores)), or a table; OnClash comes last");
    }
}

template <class T, class P>
[[nodiscard]] auto join(OnClash on_clash, T&& table, P&& predictions) {
    Schema schema = join_schemas(curtail::schema_of(table), curtail::schema_of(predictions), on_clash);
    return JoinedTable<T, P>(std::forward<T>(table), std::forward<P>(predictions), std::move(schema));
}

// Joins `table` and all predictions, in their order.
template <class T, class First, class... Rest>
[[nodiscard]] auto join_tables(OnClash on_clash, T&& table, First&& first, Rest&&... rest) {
    if constexpr ((is_named_column<std::remove_cvref_t<First>> && ... && is_named_column<std::remove_cvref_t<Rest>>)) {
        return join(on_clash, std::forward<T>(table), columns(std::forward<First>(first), std::forward<Rest>(rest)...));
    } else if constexpr (sizeof...(Rest) == 0) {
        return join(on_clash, std::forward<T>(table), std::forward<First>(first));
    } else {
        return join_tables(on_clash, join_tables(on_clash, std::forward<T>(table), std::forward<First>(first)),
                           std::forward<Rest>(rest)...);
    }
}

// Returns the order of the columns in which those of these names, or the last one, come last.
template <class... P>
[[nodiscard]] ColumnOrder predictions_last(const Schema& schema, const P&... predictions) {
    if constexpr (names_last<P...>) {
        return {schema, find_last_column(schema)};
    } else {
        return {schema, find_predictions(schema, {std::string_view(predictions)...})};
    }
}

template <class T, class... P>
[[nodiscard]] auto predict(OnClash on_clash, T&& table, P&&... predictions) {
    expect_predictions<T, P...>();
    if constexpr (TableOrStream<T> && (names_columns<P...> || names_last<P...>)) {
        if constexpr (Table<T>) {
            return ChosenTable<T>(std::forward<T>(table), predictions_last(curtail::schema_of(table), predictions...));
        } else {
            ColumnOrder order = predictions_last(std::as_const(table).schema(), predictions...);
            return ChosenStream<std::remove_cvref_t<T>>(std::forward<T>(table), std::move(order));
        }
    } else if constexpr (joins_tables<T, P...>) {
        return join_tables(on_clash, std::forward<T>(table), std::forward<P>(predictions)...);
    } else if constexpr (joins_streams<T, P...>) {
        Schema schema = join_schemas(std::as_const(table).schema(), std::as_const(predictions).schema()..., on_clash);
        return JoinedStream<std::remove_cvref_t<T>, std::remove_cvref_t<P>...>(
            std::forward<T>(table), std::forward<P>(predictions)..., std::move(schema));
    }
}

}  // namespace detail

/// Returns a table, or a stream, with predictions, which are its last columns. They are
///
/// - the names of columns that it has, which move to the end in this order: with_prediction(table, "score"). Of columns
///   with equal names it is the first. If no column has exactly that name, spaces around it do not count. `last_column`
///   means the last column, which must have a name;
/// - named columns: with_prediction(table, column("score", scores));
/// - other tables, all of whose columns are predictions: with_prediction(features, row_major(…));
/// - several of the last two, in their order; or, for a stream, one other stream, whose batches may have other sizes.
///
/// An OnClash may come last; without one a name that is taken is an error. Copies nothing: a table that is passed as a
/// variable must outlive the result, a stream is taken over and passed by std::move. Throws TableError: invalid_schema
/// for a name that the table does not have, row_count_mismatch, or column_clash. Streams of different lengths throw at
/// the end of the shorter one.
template <class T, class... Predictions>
[[nodiscard]] auto with_prediction(T&& table, Predictions&&... predictions) {
    constexpr std::size_t count = sizeof...(Predictions);
    const OnClash otherwise = OnClash::error;
    auto all = std::forward_as_tuple(std::forward<Predictions>(predictions)..., otherwise);
    using Last = std::remove_cvref_t<std::tuple_element_t<count == 0 ? 0 : count - 1, decltype(all)>>;
    // The index of the OnClash, behind all predictions: the last argument if that is one, else `otherwise`.
    constexpr std::size_t clash = count != 0 && std::is_same_v<Last, OnClash> ? count - 1 : count;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return detail::predict(std::get<clash>(all), std::forward<T>(table), std::get<I>(std::move(all))...);
    }
    (std::make_index_sequence<clash>());
}

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <string>
#include <unordered_map>

#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE Schema join_schemas(const Schema& left, const Schema& right, OnClash on_clash) {
    std::vector<ColumnSpec> columns = left.columns();
    columns.reserve(left.size() + right.size());
    // Each name, and the next number to try behind it. Views of names that do not move, because of the reserve().
    std::unordered_map<std::string_view, std::size_t> taken;
    for (const ColumnSpec& column : columns) taken.emplace(column.name, 1);
    for (ColumnSpec prediction : right.columns()) {
        if (const auto same = taken.find(prediction.name); same != taken.end()) {
            if (on_clash == OnClash::error) {
                throw TableError(ErrorCode::column_clash,
                                 concat({"the table already has a column '", prediction.name,
                                         "': give the prediction another name, or pass OnClash::suffix"}),
                                 prediction.name);
            }
            const std::string name = prediction.name + "_";
            while (taken.contains(prediction.name)) prediction.name = name + std::to_string(same->second++);
        }
        columns.push_back(std::move(prediction));
        taken.emplace(columns.back().name, 1);
    }
    return Schema(std::move(columns), left.prediction_count() + right.size());
}

}  // namespace curtail::inline v0::detail

#endif
