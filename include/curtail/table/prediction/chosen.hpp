// SPDX-License-Identifier: MIT
#pragma once
// A table, or a stream, with some of its columns moved to the end as its predictions, without a copy.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

// The order in which the columns of a table are visited so that the predictions come last.
class ColumnOrder {
  public:
    // `predictions` are indices of different columns of `schema`.
    ColumnOrder(const Schema& schema, const std::vector<std::size_t>& predictions);

    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    // Returns the index in the table of a column in this order.
    [[nodiscard]] std::size_t in_table(std::size_t column) const noexcept { return order_[column]; }

    // Calls `visit` with the cells of a row of the table from the column `first` of this order on.
    template <class T, class Visitor>
    void visit_row_from(const T& table, std::size_t row, std::size_t first, Visitor&& visit) const {
        if (same_) return curtail::visit_row_from(table, row, first, visit);
        const std::size_t features = schema_.feature_count();
        if (first < features) {
            std::size_t column = 0;
            std::size_t position = 0;
            curtail::visit_row(table, row, [&](const auto& value) {
                const bool feature = column >= is_prediction_.size() || !is_prediction_[column];
                ++column;
                if (feature && position++ >= first) visit(value);
            });
        }
        // Visits the row once for all predictions that are in the order of the table, and again for one that is not,
        // because a cell cannot be kept until its turn.
        for (std::size_t i = first < features ? features : first; i < order_.size();) {
            const std::size_t begin = i;
            std::size_t column = order_[begin];
            curtail::visit_row_from(table, row, column, [&](const auto& value) {
                if (i == order_.size() || column++ != order_[i]) return;
                visit(value);
                ++i;
            });
            if (i == begin) ++i;  // the row is too short
        }
    }

  private:
    Schema schema_;
    std::vector<std::size_t> order_;
    std::vector<bool> is_prediction_;
    bool same_ = true;  // the order is that of the table
};

// Returns the indices of the columns with these names; of columns with equal names that of the first. If no column has
// exactly a name, spaces and tabs around it do not count. Throws TableError (invalid_schema), which names the columns
// that exist, if there is no such column, and if two names mean one column.
[[nodiscard]] std::vector<std::size_t> find_predictions(const Schema& schema,
                                                        const std::vector<std::string_view>& names);

// Returns the index of the last column. Throws TableError (invalid_schema) if it has no name or there is none.
[[nodiscard]] std::vector<std::size_t> find_last_column(const Schema& schema);

// A table some of whose columns are its predictions, as with_prediction(table, "score") makes it.
template <class T>
class ChosenTable {
  public:
    static constexpr bool concurrent_reads = ConcurrentTable<std::remove_cvref_t<T>>;

    ChosenTable(T&& table, ColumnOrder order) : table_(std::forward<T>(table)), order_(std::move(order)) {}

    [[nodiscard]] const Schema& schema() const noexcept { return order_.schema(); }
    [[nodiscard]] std::size_t rows() const { return curtail::rows_of(table_); }
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        order_.visit_row_from(table_, row, first, visit);
    }
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires ColumnTable<T> {
        curtail::visit_column(table_, order_.in_table(column), first, count, visit);
    }

  private:
    Kept<T> table_;
    ColumnOrder order_;
};

// The same of a stream.
template <class Stream>
class ChosenStream {
  public:
    ChosenStream(Stream stream, ColumnOrder order) : stream_(std::move(stream)), order_(std::move(order)) {}

    class Batch {
        using Inner = std::remove_cvref_t<decltype(*std::declval<Stream&>().next())>;

      public:
        static constexpr bool concurrent_reads = ConcurrentTable<Inner>;

        [[nodiscard]] const Schema& schema() const noexcept { return order_->schema(); }
        [[nodiscard]] std::size_t rows() const { return curtail::rows_of(*inner_); }
        template <class Visitor>
        void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
            order_->visit_row_from(*inner_, row, first, visit);
        }
        template <class Visitor>
        void visit_column(std::size_t column, std::size_t first, std::size_t count,
                          Visitor&& visit) const requires ColumnTable<Inner> {
            curtail::visit_column(*inner_, order_->in_table(column), first, count, visit);
        }

      private:
        friend class ChosenStream;
        const Inner* inner_ = nullptr;
        const ColumnOrder* order_ = nullptr;
    };

    [[nodiscard]] const Schema& schema() const noexcept { return order_.schema(); }
    [[nodiscard]] bool begun() const noexcept { return reading_.begun() || is_begun(stream_); }
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        batch_.inner_ = stream_.next();
        batch_.order_ = &order_;
        return reading_.end(batch_.inner_ == nullptr ? nullptr : &batch_);
    }

  private:
    OneReading reading_;
    Stream stream_;
    ColumnOrder order_;
    Batch batch_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>

#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/table/cell/verbatim.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE ColumnOrder::ColumnOrder(const Schema& schema, const std::vector<std::size_t>& predictions)
    : is_prediction_(schema.size(), false) {
    for (const std::size_t column : predictions) is_prediction_[column] = true;
    order_.reserve(schema.size());
    for (std::size_t column = 0; column < schema.size(); ++column) {
        if (!is_prediction_[column]) order_.push_back(column);
    }
    order_.insert(order_.end(), predictions.begin(), predictions.end());
    std::vector<ColumnSpec> columns;
    columns.reserve(schema.size());
    for (const std::size_t column : order_) columns.push_back(schema[column]);
    schema_ = Schema(std::move(columns), predictions.size());
    same_ = std::is_sorted(order_.begin(), order_.end());
}

// Returns the names of the first columns, for a person.
[[nodiscard]] CURTAIL_INLINE std::string known_columns(const Schema& schema) {
    std::string known;
    for (std::size_t i = 0; i < schema.size() && i < 20; ++i) known += (i == 0 ? "'" : ", '") + schema[i].name + "'";
    if (schema.size() > 20) known += ", …";
    return known;
}

CURTAIL_INLINE std::vector<std::size_t> find_predictions(const Schema& schema,
                                                         const std::vector<std::string_view>& names) {
    std::vector<std::size_t> found;
    for (const std::string_view name : names) {
        std::size_t column = schema.find(name);
        for (std::size_t i = 0; i < schema.size() && column == schema.size(); ++i) {
            if (trimmed(schema[i].name) == trimmed(name)) column = i;
        }
        if (column == schema.size()) {
            throw TableError(ErrorCode::invalid_schema,
                             schema.size() == 0
                                 ? "a table without columns has no prediction"
                                 : concat({"there is no column '", name, "' to take as the prediction; there are ",
                                           known_columns(schema)}),
                             std::string(name));
        }
        if (std::find(found.begin(), found.end(), column) != found.end()) {
            throw TableError(ErrorCode::invalid_schema,
                             concat({"the column '", schema[column].name, "' is named twice as a prediction"}),
                             schema[column].name);
        }
        found.push_back(column);
    }
    return found;
}

CURTAIL_INLINE std::vector<std::size_t> find_last_column(const Schema& schema) {
    if (schema.size() == 0) throw TableError(ErrorCode::invalid_schema, "a table without columns has no prediction");
    if (!trimmed(schema[schema.size() - 1].name).empty()) return {schema.size() - 1};
    throw TableError(ErrorCode::invalid_schema,
                     "the last column has no name, as behind a separator at the end of each line, so it is not taken "
                     "as the prediction; name the column that is, of " +
                         known_columns(schema));
}

}  // namespace curtail::inline v0::detail

#endif
