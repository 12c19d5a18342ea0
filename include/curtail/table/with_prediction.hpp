// SPDX-License-Identifier: MIT
#pragma once
// Joins features and predictions that different owners hold, without a copy: with_prediction(table, column("p",
// scores)).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// What to do if a prediction has the name of another column.
enum class OnClash : std::uint8_t {
    error,   ///< Throw TableError (column_clash).
    suffix,  ///< Name the prediction name_1, or the first name_N that is free.
};

namespace detail {

// Returns the columns of `left`, then all columns of `right` as predictions.
[[nodiscard]] Schema join_schemas(const Schema& left, const Schema& right, OnClash on_clash);

[[noreturn]] void throw_row_mismatch(std::uint64_t table_rows, std::uint64_t prediction_rows);

template <class Left, class Right, class Visitor>
void visit_joined_row_from(const Left& left, const Right& right, std::size_t row, std::size_t first, Visitor&& visit) {
    const std::size_t left_columns = curtail::schema_of(left).size();
    if (first < left_columns) {
        curtail::visit_row_from(left, row, first, visit);
        curtail::visit_row(right, row, visit);
    } else {
        curtail::visit_row_from(right, row, first - left_columns, visit);
    }
}

template <class Left, ColumnTable Right, class Visitor>
void visit_joined_column(const Left& left, const Right& right, std::size_t column, std::size_t first, std::size_t count,
                         Visitor&& visit) {
    const std::size_t left_columns = curtail::schema_of(left).size();
    if (column >= left_columns) {
        curtail::visit_column(right, column - left_columns, first, count, visit);
    } else if constexpr (ColumnTable<Left>) {
        curtail::visit_column(left, column, first, count, visit);
    } else {
        // Slow, but rarely used: the columns visited are predictions, and those that were joined are in `right`.
        for (std::size_t row = first; row < first + count; ++row) {
            bool found = false;
            curtail::visit_row_from(left, row, column, [&](const auto& value) {
                if (!std::exchange(found, true)) visit(std::span(std::addressof(value), 1));
            });
        }
    }
}

}  // namespace detail

/// Two tables side by side, as with_prediction() makes it. Every column of the right one is a prediction.
template <class Left, class Right>
class JoinedTable {
  public:
    static constexpr bool concurrent_reads =
        ConcurrentTable<std::remove_cvref_t<Left>> && ConcurrentTable<std::remove_cvref_t<Right>>;

    /// Throws TableError: row_count_mismatch, or column_clash.
    JoinedTable(Left&& left, Right&& right, OnClash on_clash)
        : left_(std::forward<Left>(left)),
          right_(std::forward<Right>(right)),
          schema_(detail::join_schemas(curtail::schema_of(left_), curtail::schema_of(right_), on_clash)) {
        if (curtail::rows_of(left_) != curtail::rows_of(right_))
            detail::throw_row_mismatch(curtail::rows_of(left_), curtail::rows_of(right_));
    }

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const { return curtail::rows_of(left_); }

    /// Calls `visit` with each cell of a row.
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(left_, row, visit);
        curtail::visit_row(right_, row, visit);
    }

    /// Calls `visit` with the cells of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        detail::visit_joined_row_from(left_, right_, row, first, visit);
    }

    /// Calls `visit` with the cells of a column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires ColumnTable<Right> {
        detail::visit_joined_column(left_, right_, column, first, count, visit);
    }

  private:
    detail::Kept<Left> left_;
    detail::Kept<Right> right_;
    Schema schema_;
};

/// Two streams side by side, as with_prediction() makes it. Their batches need not have the same sizes.
template <class Left, class Right>
class JoinedStream {
  public:
    /// Throws TableError (column_clash). next() throws at the end of the shorter stream if the lengths differ.
    JoinedStream(Left left, Right right, OnClash on_clash)
        : left_(std::move(left)),
          right_(std::move(right)),
          schema_(detail::join_schemas(left_.schema(), right_.schema(), on_clash)) {}

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }

    /// The rows that both sides have ready; a Table.
    class Batch {
        using LeftPiece = std::remove_reference_t<decltype(*std::declval<Left&>().next())>;
        using RightPiece = std::remove_reference_t<decltype(*std::declval<Right&>().next())>;

      public:
        static constexpr bool concurrent_reads = ConcurrentTable<LeftPiece> && ConcurrentTable<RightPiece>;

        /// Returns the schema of the stream.
        [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
        /// Returns the number of rows.
        [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
        /// Calls `visit` with each cell of a row.
        template <class Visitor>
        void visit_row(std::size_t row, Visitor&& visit) const {
            curtail::visit_row(*left_, left_first_ + row, visit);
            curtail::visit_row(*right_, right_first_ + row, visit);
        }
        /// Calls `visit` with the cells of a row from column `first` on.
        template <class Visitor>
        void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
            detail::visit_joined_row_from(left(), right(), row, first, visit);
        }
        /// Calls `visit` with the cells of a column in the rows [first, first + count).
        template <class Visitor>
        void visit_column(std::size_t column, std::size_t first, std::size_t count,
                          Visitor&& visit) const requires ColumnTable<RightPiece> {
            detail::visit_joined_column(left(), right(), column, first, count, visit);
        }

      private:
        [[nodiscard]] auto left() const { return RowSlice(*left_, left_first_, rows_); }
        [[nodiscard]] auto right() const { return RowSlice(*right_, right_first_, rows_); }

        friend class JoinedStream;
        const Schema* schema_ = nullptr;
        LeftPiece* left_ = nullptr;
        RightPiece* right_ = nullptr;
        std::size_t left_first_ = 0;
        std::size_t right_first_ = 0;
        std::size_t rows_ = 0;
    };

    /// Returns true once next() was called, here or of either stream before it was taken over.
    [[nodiscard]] bool begun() const noexcept {
        return reading_.begun() || detail::is_begun(left_) || detail::is_begun(right_);
    }

    /// Returns the next rows, valid until the next call, or a null pointer at the end. Throws TableError
    /// (row_count_mismatch) if one side ends before the other, what the streams throw, and UsageError (wrong_state) in
    /// a call after the end or an error.
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        batch_.schema_ = &schema_;
        batch_.left_first_ += batch_.rows_;
        batch_.right_first_ += batch_.rows_;
        refill(left_, batch_.left_, batch_.left_first_, left_rows_);
        refill(right_, batch_.right_, batch_.right_first_, right_rows_);
        if (batch_.left_ == nullptr || batch_.right_ == nullptr) {
            if (batch_.left_ == nullptr && batch_.right_ == nullptr) return reading_.end<Batch>(nullptr);
            drain(left_, batch_.left_, left_rows_);
            drain(right_, batch_.right_, right_rows_);
            detail::throw_row_mismatch(left_rows_, right_rows_);
        }
        const std::size_t left_ready = curtail::rows_of(*batch_.left_) - batch_.left_first_;
        const std::size_t right_ready = curtail::rows_of(*batch_.right_) - batch_.right_first_;
        batch_.rows_ = left_ready < right_ready ? left_ready : right_ready;
        return reading_.end(&batch_);
    }

  private:
    template <class Stream, class Piece>
    static void refill(Stream& stream, Piece*& piece, std::size_t& first, std::uint64_t& rows_seen) {
        if (rows_seen != 0 && piece == nullptr) return;
        while (piece == nullptr || first == curtail::rows_of(*piece)) {
            piece = stream.next();
            first = 0;
            if (piece == nullptr) return;
            rows_seen += curtail::rows_of(*piece);
        }
    }
    // Counts the rest of the longer side, so that the error can name both lengths.
    template <class Stream, class Piece>
    static void drain(Stream& stream, Piece*& piece, std::uint64_t& rows_seen) {
        if (piece == nullptr) return;
        while ((piece = stream.next()) != nullptr) rows_seen += curtail::rows_of(*piece);
    }

    detail::OneReading reading_;
    Left left_;
    Right right_;
    Schema schema_;
    Batch batch_;
    std::uint64_t left_rows_ = 0;
    std::uint64_t right_rows_ = 0;
};

/// Joins a table and the columns of another as its predictions, row by row, without a copy. Tables passed as variables
/// must outlive the result. Throws TableError: row_count_mismatch, or column_clash (see OnClash).
template <class T, class P>
requires Table<T> && Table<P>
[[nodiscard]] auto with_prediction(T&& table, P&& predictions, OnClash on_clash = OnClash::error) {
    return JoinedTable<T, P>(std::forward<T>(table), std::forward<P>(predictions), on_clash);
}

/// Joins two streams, which it takes over: pass them by std::move. Throws TableError (column_clash).
template <class T, class P>
requires TableStream<T> && TableStream<P>
[[nodiscard]] auto with_prediction(T table, P predictions, OnClash on_clash = OnClash::error) {
    return JoinedStream<T, P>(std::move(table), std::move(predictions), on_clash);
}

/// Joins a table and named columns: with_prediction(table, column("score", scores)). Throws as above.
template <class T, class... Values>
requires Table<T> &&(sizeof...(Values) > 0)
    [[nodiscard]] auto with_prediction(T&& table, NamedColumn<Values>... predictions) {
    return with_prediction(std::forward<T>(table), columns(std::move(predictions)...), OnClash::error);
}

/// Joins a table and one named column. Throws as above.
template <class T, class Values>
requires Table<T>
[[nodiscard]] auto with_prediction(T&& table, NamedColumn<Values> prediction, OnClash on_clash) {
    return with_prediction(std::forward<T>(table), columns(std::move(prediction)), on_clash);
}

namespace detail {

template <class>
inline constexpr bool is_named_column = false;
template <class Values>
inline constexpr bool is_named_column<NamedColumn<Values>> = true;

template <class T, class P>
concept Joinable = (Table<T> && (Table<P> || is_named_column<std::remove_cvref_t<P>>)) ||
                   (TableStream<T> && TableStream<P>);

}  // namespace detail

// For any other types: fails to compile, with a message that names the cure.
template <class T, class P, class... Rest>
requires(!detail::Joinable<T, P>) void with_prediction(T&&, P&&, const Rest&...) {
    detail::expect_table<T>();
    if constexpr (!detail::is_named_column<std::remove_cvref_t<P>>) {
        static_assert(
            detail::TableOrStream<P>,
            "predictions are a table, or columns with a name: with_prediction(table, column(\"prediction\", scores))");
    }
    static_assert(
        !detail::TableOrStream<T> || Table<T> == Table<P>,
        "a table in memory and a stream have no common batches: join two tables or two streams, or make a stream "
        "of the predictions by generate()");
}

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE Schema join_schemas(const Schema& left, const Schema& right, OnClash on_clash) {
    std::vector<ColumnSpec> columns = left.columns();
    columns.reserve(left.size() + right.size());
    for (ColumnSpec prediction : right.columns()) {
        const auto taken = [&](const std::string& name) {
            for (const ColumnSpec& column : columns) {
                if (column.name == name) return true;
            }
            return false;
        };
        if (taken(prediction.name)) {
            if (on_clash == OnClash::error) {
                throw TableError(ErrorCode::column_clash,
                                 concat({"the table already has a column '", prediction.name,
                                         "': give the prediction another name, or pass OnClash::suffix"}),
                                 prediction.name);
            }
            std::size_t number = 1;
            while (taken(prediction.name + "_" + std::to_string(number))) ++number;
            prediction.name += "_" + std::to_string(number);
        }
        columns.push_back(std::move(prediction));
    }
    return Schema(std::move(columns), left.prediction_count() + right.size());
}

CURTAIL_INLINE void throw_row_mismatch(std::uint64_t table_rows, std::uint64_t prediction_rows) {
    throw TableError(ErrorCode::row_count_mismatch,
                     concat({"the table has ", std::to_string(table_rows), " rows and the predictions have ",
                             std::to_string(prediction_rows)}));
}

}  // namespace curtail::inline v0::detail

#endif
