// SPDX-License-Identifier: MIT
#pragma once
// Makes a column that a table already has its prediction: it moves to the end and is marked.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/cell/verbatim.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

namespace detail {

[[nodiscard]] inline Schema schema_with_prediction(const Schema& schema, std::size_t chosen) {
    std::vector<ColumnSpec> columns = schema.columns();
    ColumnSpec prediction = std::move(columns[chosen]);
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(chosen));
    columns.push_back(std::move(prediction));
    return Schema(std::move(columns), 1);
}

// Returns the names of the first columns, for a person.
[[nodiscard]] inline std::string known_columns(const Schema& schema) {
    std::string known;
    for (std::size_t i = 0; i < schema.size() && i < 20; ++i) known += (i == 0 ? "'" : ", '") + schema[i].name + "'";
    if (schema.size() > 20) known += ", …";
    return known;
}

// Returns the index of the column with that name; if there is none, of the first that differs from it by spaces around
// the name alone.
[[nodiscard]] inline std::size_t find_column(const Schema& schema, std::string_view name) {
    std::size_t found = schema.find(name);
    for (std::size_t i = 0; i < schema.size() && found == schema.size(); ++i) {
        if (trimmed(schema[i].name) == trimmed(name)) found = i;
    }
    return found;
}

[[nodiscard]] inline std::size_t find_prediction(const Schema& schema, std::string_view name) {
    if (schema.size() == 0) throw TableError(ErrorCode::invalid_schema, "a table without columns has no prediction");
    if (name.empty()) {
        if (!trimmed(schema[schema.size() - 1].name).empty()) return schema.size() - 1;
        throw TableError(ErrorCode::invalid_schema,
                         "the last column has no name, as behind a separator at the end of each line, so it is not "
                         "taken as the prediction; name the column that is, of " +
                             known_columns(schema));
    }
    const std::size_t chosen = find_column(schema, name);
    if (chosen < schema.size()) return chosen;
    throw TableError(
        ErrorCode::invalid_schema,
        "there is no column '" + std::string(name) + "' to take as the prediction; there are " + known_columns(schema),
        std::string(name));
}

template <class T, class Visitor>
void visit_reordered(const T& table, std::size_t chosen, std::size_t row, std::size_t first, std::size_t columns,
                     Visitor&& visit) {
    if (first + 1 < columns) {
        std::size_t column = 0;
        std::size_t position = 0;
        curtail::visit_row(table, row, [&](const auto& value) {
            if (column++ != chosen && position++ >= first) visit(value);
        });
    }
    if (first < columns) {
        bool visited = false;
        curtail::visit_row_from(table, row, chosen, [&](const auto& value) {
            if (!visited) visit(value);
            visited = true;
        });
    }
}

template <ColumnTable T, class Visitor>
void visit_reordered_column(const T& table, std::size_t chosen, std::size_t column, std::size_t first,
                            std::size_t count, Visitor&& visit) {
    const bool last = column + 1 == curtail::schema_of(table).size();
    curtail::visit_column(table, last ? chosen : column + (column >= chosen ? 1 : 0), first, count, visit);
}

}  // namespace detail

/// A table with one of its columns moved to the end as its prediction, as select_prediction() makes it.
template <class T>
class PredictionSelected {
  public:
    static constexpr bool concurrent_reads = ConcurrentTable<std::remove_cvref_t<T>>;

    PredictionSelected(T&& table, std::string_view name)
        : table_(std::forward<T>(table)),
          chosen_(detail::find_prediction(schema_of(table_), name)),
          schema_(detail::schema_with_prediction(schema_of(table_), chosen_)) {}

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const { return rows_of(table_); }
    /// Calls `visit` with each cell of a row.
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit_row_from(row, 0, visit);
    }
    /// Calls `visit` with the cells of a row from column `first` on.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        detail::visit_reordered(table_, chosen_, row, first, schema_.size(), visit);
    }
    /// Calls `visit` with the cells of a column in the rows [first, first + count).
    template <class Visitor>
    void visit_column(std::size_t column, std::size_t first, std::size_t count,
                      Visitor&& visit) const requires ColumnTable<T> {
        detail::visit_reordered_column(table_, chosen_, column, first, count, visit);
    }

  private:
    detail::Kept<T> table_;
    std::size_t chosen_;
    Schema schema_;
};

/// A stream with one of its columns moved to the end as its prediction, as select_prediction() makes it.
template <class Stream>
class PredictionSelectedStream {
  public:
    PredictionSelectedStream(Stream stream, std::string_view name)
        : stream_(std::move(stream)),
          chosen_(detail::find_prediction(std::as_const(stream_).schema(), name)),
          schema_(detail::schema_with_prediction(std::as_const(stream_).schema(), chosen_)) {}

    class Batch {
        using Inner = std::remove_cvref_t<decltype(*std::declval<Stream&>().next())>;

      public:
        static constexpr bool concurrent_reads = ConcurrentTable<Inner>;

        /// Returns the schema of the stream.
        [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
        /// Returns the number of rows.
        [[nodiscard]] std::size_t rows() const { return rows_of(*inner_); }
        /// Calls `visit` with each cell of a row.
        template <class Visitor>
        void visit_row(std::size_t row, Visitor&& visit) const {
            visit_row_from(row, 0, visit);
        }
        /// Calls `visit` with the cells of a row from column `first` on.
        template <class Visitor>
        void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
            detail::visit_reordered(*inner_, chosen_, row, first, schema_->size(), visit);
        }
        /// Calls `visit` with the cells of a column in the rows [first, first + count).
        template <class Visitor>
        void visit_column(std::size_t column, std::size_t first, std::size_t count,
                          Visitor&& visit) const requires ColumnTable<Inner> {
            detail::visit_reordered_column(*inner_, chosen_, column, first, count, visit);
        }

      private:
        friend class PredictionSelectedStream;
        const Inner* inner_ = nullptr;
        const Schema* schema_ = nullptr;
        std::size_t chosen_ = 0;
    };

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return schema_; }
    /// Returns true once next() was called, here or before the stream was taken over.
    [[nodiscard]] bool begun() const noexcept { return reading_.begun() || detail::is_begun(stream_); }
    /// Returns the next rows, valid until the next call, or a null pointer at the end. Throws what the stream throws,
    /// and UsageError (wrong_state) in a call after the end or an error.
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        batch_.inner_ = stream_.next();
        batch_.schema_ = &schema_;
        batch_.chosen_ = chosen_;
        return reading_.end(batch_.inner_ == nullptr ? nullptr : &batch_);
    }

  private:
    detail::OneReading reading_;
    Stream stream_;
    std::size_t chosen_;
    Schema schema_;
    Batch batch_;
};

/// Marks a column of a table as its prediction and moves it to the end: select_prediction(table, "score"). Without a
/// name it is the last column, which must have one; of equal names the first. Spaces around a name do not count where
/// no column has the very name. Throws TableError (invalid_schema), which names the columns that exist, if there is no
/// such column.
template <class T>
requires Table<T>
[[nodiscard]] auto select_prediction(T&& table, std::string_view name = {}) {
    return PredictionSelected<T>(std::forward<T>(table), name);
}

/// Does the same for a stream, which it takes over.
template <class S>
requires TableStream<S>
[[nodiscard]] auto select_prediction(S stream, std::string_view name = {}) {
    return PredictionSelectedStream<S>(std::move(stream), name);
}

// For any other type: fails to compile, with a message that names the cure.
template <class T>
requires(!detail::TableOrStream<T>) void select_prediction(T&&, std::string_view = {}) {
    detail::expect_table<T>();
}

}  // namespace curtail::inline v0
