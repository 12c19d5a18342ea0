// SPDX-License-Identifier: MIT
#pragma once
// Two tables, or two streams, side by side, without a copy.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

[[noreturn]] void throw_row_mismatch(std::uint64_t table_rows, std::uint64_t prediction_rows);

// Calls `visit` with the cells of a row from column `first` on, where the first `left_columns` are those of `left`.
// That is a parameter, because a table may make its schema when it is asked for it, which is too slow per row.
template <class Left, class Right, class Visitor>
void visit_joined_row_from(const Left& left, std::size_t left_columns, const Right& right, std::size_t row,
                           std::size_t first, Visitor&& visit) {
    if (first < left_columns) {
        curtail::visit_row_from(left, row, first, visit);
        curtail::visit_row(right, row, visit);
    } else {
        curtail::visit_row_from(right, row, first - left_columns, visit);
    }
}

// Calls `visit` with the cells of a column in the rows [first, first + count).
template <class Left, ColumnTable Right, class Visitor>
void visit_joined_column(const Left& left, std::size_t left_columns, const Right& right, std::size_t column,
                         std::size_t first, std::size_t count, Visitor&& visit) {
    if (column >= left_columns) {
        curtail::visit_column(right, column - left_columns, first, count, visit);
    } else if constexpr (ColumnTable<Left>) {
        curtail::visit_column(left, column, first, count, visit);
    } else {
        // Takes as long as visiting the rows, so callers visit few columns of the left table in this way.
        for (std::size_t row = first; row < first + count; ++row) {
            bool found = false;
            curtail::visit_row_from(left, row, column, [&](const auto& value) {
                if (!std::exchange(found, true)) visit(std::span(std::addressof(value), 1));
            });
        }
    }
}

// Two tables side by side, as with_prediction() makes it. Every column of the right one is a prediction.
template <class Left, class Right>
class JoinedTable {
  public:
    static constexpr bool concurrent_reads =
        ConcurrentTable<std::remove_cvref_t<Left>> && ConcurrentTable<std::remove_cvref_t<Right>>;

    // `schema` has the columns of both. Throws TableError (row_count_mismatch).
    JoinedTable(Left&& left, Right&& right, Schema schema)
        : left_(std::forward<Left>(left)),
          right_(std::forward<Right>(right)),
          schema_(std::move(schema)),
          left_columns_(curtail::schema_of(left_).size()) {
        if (curtail::rows_of(left_) != curtail::rows_of(right_))
            throw_row_mismatch(curtail::rows_of(left_), curtail::rows_of(right_));
    }

    // Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    // Returns the number of rows.
    [[nodiscard]] std::size_t rows() const { return curtail::rows_of(left_); }

    // Calls `visit` with each cell of a row.
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(left_, row, visit);
        curtail::visit_row(right_, row, visit);
    }

    // Calls `visit` with the cells of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        visit_joined_row_from(left_, left_columns_, right_, row, first, visit);
    }

    // Calls `visit` with the cells of a column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires ColumnTable<Right> {
        visit_joined_column(left_, left_columns_, right_, column, first, count, visit);
    }

  private:
    Kept<Left> left_;
    Kept<Right> right_;
    Schema schema_;
    std::size_t left_columns_;
};

// Two streams side by side, as with_prediction() makes it. Their batches need not have the same sizes.
template <class Left, class Right>
class JoinedStream {
  public:
    // `schema` has the columns of both. next() throws at the end of the shorter stream if the lengths differ.
    JoinedStream(Left left, Right right, Schema schema)
        : left_(std::move(left)), right_(std::move(right)), schema_(std::move(schema)) {
        batch_.left_columns_ = std::as_const(left_).schema().size();
    }

    // Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }

    // The rows that both sides have ready; a Table.
    class Batch {
        using LeftPiece = std::remove_reference_t<decltype(*std::declval<Left&>().next())>;
        using RightPiece = std::remove_reference_t<decltype(*std::declval<Right&>().next())>;

      public:
        static constexpr bool concurrent_reads = ConcurrentTable<LeftPiece> && ConcurrentTable<RightPiece>;

        // Returns the schema of the stream.
        [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
        // Returns the number of rows.
        [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
        // Calls `visit` with each cell of a row.
        template <class Visitor>
        void visit_row(std::size_t row, Visitor&& visit) const {
            curtail::visit_row(*left_, left_first_ + row, visit);
            curtail::visit_row(*right_, right_first_ + row, visit);
        }
        // Calls `visit` with the cells of a row from column `first` on.
        template <class Visitor>
        void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
            visit_joined_row_from(left(), left_columns_, right(), row, first, visit);
        }
        // Calls `visit` with the cells of a column in the rows [first, first + count).
        template <class Visitor>
        void visit_column(std::size_t column, std::size_t first, std::size_t count,
                          Visitor&& visit) const requires ColumnTable<RightPiece> {
            visit_joined_column(left(), left_columns_, right(), column, first, count, visit);
        }

      private:
        [[nodiscard]] auto left() const { return RowSlice(*left_, left_first_, rows_); }
        [[nodiscard]] auto right() const { return RowSlice(*right_, right_first_, rows_); }

        friend class JoinedStream;
        const Schema* schema_ = nullptr;
        LeftPiece* left_ = nullptr;
        RightPiece* right_ = nullptr;
        std::size_t left_columns_ = 0;
        std::size_t left_first_ = 0;
        std::size_t right_first_ = 0;
        std::size_t rows_ = 0;
    };

    // Returns true once next() was called, here or of either stream before it was taken over.
    [[nodiscard]] bool begun() const noexcept { return reading_.begun() || is_begun(left_) || is_begun(right_); }

    // Returns the next rows, valid until the next call, or a null pointer at the end. Throws TableError
    // (row_count_mismatch) if one side ends before the other, what the streams throw, and UsageError (wrong_state) in
    // a call after the end or an error.
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
            throw_row_mismatch(left_rows_, right_rows_);
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

    OneReading reading_;
    Left left_;
    Right right_;
    Schema schema_;
    Batch batch_;
    std::uint64_t left_rows_ = 0;
    std::uint64_t right_rows_ = 0;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void throw_row_mismatch(std::uint64_t table_rows, std::uint64_t prediction_rows) {
    throw TableError(ErrorCode::row_count_mismatch,
                     concat({"the table has ", std::to_string(table_rows), " rows and the predictions have ",
                             std::to_string(prediction_rows)}));
}

}  // namespace curtail::inline v0::detail

#endif
