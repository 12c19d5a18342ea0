// SPDX-License-Identifier: MIT
#pragma once
// Two tables, or two streams, side by side, without a copy.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

// The rows of two tables side by side. `Left` and `Right` may be references.
template <class Left, class Right>
struct JoinedRows {
    static constexpr bool concurrent_reads = ConcurrentTable<Left> && ConcurrentTable<Right>;

    Left left;
    Right right;
    std::size_t left_columns;  // kept, because a table may make its schema when it is asked for it: too slow per row

    [[nodiscard]] std::size_t rows() const { return curtail::rows_of(left); }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(left, row, visit);
        curtail::visit_row(right, row, visit);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        if (first < left_columns) {
            curtail::visit_row_from(left, row, first, visit);
            curtail::visit_row(right, row, visit);
        } else {
            curtail::visit_row_from(right, row, first - left_columns, visit);
        }
    }

    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires ColumnTable<Right> {
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
};

// Two tables side by side, as with_prediction() makes it. Every column of the right one is a prediction.
template <class Left, class Right>
class JoinedTable : public JoinedRows<Kept<Left>, Kept<Right>> {
  public:
    // `schema` has the columns of both. Throws TableError (row_count_mismatch).
    JoinedTable(Left&& left_table, Right&& right_table, Schema schema)
        : JoinedRows<Kept<Left>, Kept<Right>>{std::forward<Left>(left_table), std::forward<Right>(right_table), 0},
          schema_(std::move(schema)) {
        this->left_columns = curtail::schema_of(this->left).size();
        const std::size_t left_rows = curtail::rows_of(this->left);
        const std::size_t right_rows = curtail::rows_of(this->right);
        if (left_rows != right_rows) throw_row_mismatch(left_rows, right_rows);
    }

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }

  private:
    Schema schema_;
};

// One of two streams that are read together.
template <class Stream>
class JoinedSide {
  public:
    using Piece = std::remove_cvref_t<decltype(*std::declval<Stream&>().next())>;

    explicit JoinedSide(Stream stream) : stream_(std::move(stream)) {}

    [[nodiscard]] const Stream& stream() const noexcept { return stream_; }
    // Returns the number of rows of all batches so far.
    [[nodiscard]] std::uint64_t rows_seen() const noexcept { return rows_seen_; }

    // Returns how many rows can be taken. Gets the next batch if there is none; 0 is the end.
    [[nodiscard]] std::size_t ready() {
        while (piece_ == nullptr || first_ == curtail::rows_of(*piece_)) {
            if (!advance()) return 0;
        }
        return curtail::rows_of(*piece_) - first_;
    }
    [[nodiscard]] RowSlice<Piece> take(std::size_t rows) noexcept {
        return {*piece_, std::exchange(first_, first_ + rows), rows};
    }
    // Counts the rest, so that an error can name the length of the stream.
    void drain() {
        while (piece_ != nullptr) static_cast<void>(advance());
    }

  private:
    [[nodiscard]] bool advance() {
        piece_ = stream_.next();
        first_ = 0;
        if (piece_ != nullptr) rows_seen_ += curtail::rows_of(*piece_);
        return piece_ != nullptr;
    }

    Stream stream_;
    const Piece* piece_ = nullptr;
    std::size_t first_ = 0;  // of the rows of the piece that were not taken
    std::uint64_t rows_seen_ = 0;
};

// Two streams side by side, as with_prediction() makes it. Their batches need not have the same sizes.
template <class Left, class Right>
class JoinedStream {
  public:
    // `schema` has the columns of both. next() throws at the end of the shorter stream if the lengths differ.
    JoinedStream(Left left, Right right, Schema schema)
        : left_(std::move(left)),
          right_(std::move(right)),
          schema_(std::move(schema)),
          left_columns_(left_.stream().schema().size()) {}

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }

    // The rows that both sides have ready; a Table.
    struct Batch : JoinedRows<RowSlice<typename JoinedSide<Left>::Piece>, RowSlice<typename JoinedSide<Right>::Piece>> {
        const Schema* columns;

        [[nodiscard]] const Schema& schema() const noexcept { return *columns; }
    };

    // Returns true once next() was called, here or of either stream before it was taken over.
    [[nodiscard]] bool begun() const noexcept {
        return reading_.begun() || is_begun(left_.stream()) || is_begun(right_.stream());
    }

    // Returns the next rows, valid until the next call, or a null pointer at the end. Throws TableError
    // (row_count_mismatch) if one side ends before the other, what the streams throw, and UsageError (wrong_state) in
    // a call after the end or an error.
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        const std::size_t left_ready = left_.ready();
        const std::size_t right_ready = right_.ready();
        if (left_ready == 0 && right_ready == 0) return reading_.end<Batch>(nullptr);
        if (left_ready == 0 || right_ready == 0) {
            left_.drain();
            right_.drain();
            throw_row_mismatch(left_.rows_seen(), right_.rows_seen());
        }
        const std::size_t rows = left_ready < right_ready ? left_ready : right_ready;
        batch_ = Batch{{left_.take(rows), right_.take(rows), left_columns_}, &schema_};
        return reading_.end(&*batch_);
    }

  private:
    OneReading reading_;
    JoinedSide<Left> left_;
    JoinedSide<Right> right_;
    Schema schema_;
    std::size_t left_columns_;
    std::optional<Batch> batch_;
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
