// SPDX-License-Identifier: MIT
#pragma once
// Collects the first rows of an array of rows, and counts all of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/cell_reader.hpp>

namespace curtail::inline v0::detail {

struct ColumnName {
    std::string text;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;

    [[nodiscard]] bool is(const KeyText& key) const noexcept { return hash == key.hash && bytes == key.bytes; }
};

// Reads records [{name: cell}] and an array of arrays [[cell]]. The columns of records are the keys of the kept rows,
// in the order in which they were first seen; arrays go by position. Rows that are neither, or some of each, are
// counted.
class RowsCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (level_ == 1) return begin_row(kind, limits);
        return row_is_object_ ? begin_named_cell(key, limits) : begin_next_cell(limits);
    }

    void cell(SampleCell&& cell, Limits& limits) {
        SampleRow& row = rows_.back();
        while (row.size() <= column_) row.push_back(SampleCell{SampleCell::Kind::missing, {}, 0});
        limits.refund_text(row[column_].text);
        limits.spend_text(cell.text);
        row[column_] = std::move(cell);
    }

    void enter() { ++level_; }
    void leave(const Limits&) {
        whole_ = --level_ == 0;
        if (level_ != 1 || row_is_object_) return;
        narrowest_ = (std::min)(narrowest_, position_ + left_out_);
        widest_ = (std::max)(widest_, position_ + left_out_);
    }

    void skipped(std::uint64_t count) {
        if (level_ == 1) {
            rows_seen_ += count;
        } else {
            left_out_ += count;
            widest_ = (std::max)(widest_, position_ + left_out_);
        }
    }

    [[nodiscard]] bool present() const noexcept { return level_ != 0 || whole_; }
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    // Say what the rows are. Those after the first one that is not kept are not examined.
    [[nodiscard]] bool has_objects() const noexcept { return has_objects_; }
    [[nodiscard]] bool has_arrays() const noexcept { return has_arrays_; }
    [[nodiscard]] bool has_bare_cells() const noexcept { return has_bare_cells_; }
    [[nodiscard]] bool uniform() const noexcept { return !has_bare_cells_ && !(has_objects_ && has_arrays_); }
    [[nodiscard]] std::uint64_t rows_seen() const noexcept { return rows_seen_; }
    [[nodiscard]] const std::vector<SampleRow>& rows() const noexcept { return rows_; }
    [[nodiscard]] const std::vector<ColumnName>& names() const noexcept { return names_; }

    // Return the number of cells of the longest array among the kept rows, if one was read to its end, and that of the
    // shortest of these.
    [[nodiscard]] std::uint64_t widest() const noexcept { return widest_; }
    [[nodiscard]] bool measured() const noexcept { return narrowest_ != UINT64_MAX; }
    [[nodiscard]] std::uint64_t narrowest() const noexcept { return (std::min)(narrowest_, widest_); }

    // Returns the number of columns of the widest kept row, those that were not kept among them.
    [[nodiscard]] std::uint64_t columns_seen() const noexcept { return (std::max)(widest_, names_.size() + unnamed_); }

  private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    CollectorAnswer begin_row(JsonKind kind, Limits& limits) {
        row_is_object_ = kind == JsonKind::object;
        has_objects_ = has_objects_ || row_is_object_;
        has_arrays_ = has_arrays_ || kind == JsonKind::array;
        has_bare_cells_ = has_bare_cells_ || (!row_is_object_ && kind != JsonKind::array);
        const bool full = rows_.size() >= limits.options.sample_rows || limits.spent();
        if (full || !uniform()) return CollectorAnswer::skip_rest;
        ++rows_seen_;
        rows_.emplace_back();
        limits.spend(sizeof(SampleRow) + columns_ * sizeof(SampleCell));
        position_ = 0;
        left_out_ = 0;
        return CollectorAnswer::enter;
    }

    // Charges the cells of a new column, in every row: a row that does not have it has a missing cell there.
    void add_column(Limits& limits) {
        ++columns_;
        limits.spend(rows_.size() * sizeof(SampleCell));
    }

    CollectorAnswer begin_named_cell(const KeyText& key, Limits& limits) {
        column_ = find_column(key, limits);
        if (column_ == nowhere) {
            unnamed_ = (std::max)(unnamed_, ++left_out_);
            return CollectorAnswer::skip;
        }
        position_ = column_ + 1;
        return CollectorAnswer::cell;
    }

    CollectorAnswer begin_next_cell(Limits& limits) {
        const bool known = position_ < columns_;
        if (!known && (columns_ >= limits.options.max_columns || limits.spent())) return CollectorAnswer::skip_rest;
        if (!known) add_column(limits);
        column_ = position_++;
        widest_ = (std::max)(widest_, std::uint64_t{position_});
        return CollectorAnswer::cell;
    }

    // Returns the index of the column with this name. Keeps a new one if it may be kept.
    std::size_t find_column(const KeyText& key, Limits& limits) {
        // Most rows have their keys in the same order.
        if (position_ < names_.size() && names_[position_].is(key)) return position_;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i].is(key)) return i;
        }
        if (names_.size() >= limits.options.max_columns || limits.spent()) return nowhere;
        std::string text = kept_name(key, limits);
        limits.spend(sizeof(ColumnName));
        limits.spend_text(text);
        add_column(limits);
        names_.push_back(ColumnName{std::move(text), key.bytes, key.hash});
        return names_.size() - 1;
    }

    std::vector<SampleRow> rows_;  // a cell for each of names_, or by position; may be shorter
    std::vector<ColumnName> names_;
    std::uint64_t rows_seen_ = 0;
    std::uint64_t widest_ = 0;  // cells of the longest row that goes by position
    std::uint64_t narrowest_ = UINT64_MAX;
    std::uint64_t unnamed_ = 0;   // most cells of one record that have no place in names_
    std::uint64_t left_out_ = 0;  // cells of the current row that are not kept
    std::size_t columns_ = 0;     // that are kept
    std::size_t position_ = 0;    // of the next cell, in a record if its keys come in the usual order
    std::size_t column_ = 0;      // of the current cell
    std::size_t level_ = 0;
    bool row_is_object_ = false;
    bool has_objects_ = false;
    bool has_arrays_ = false;
    bool has_bare_cells_ = false;
    bool whole_ = false;
};

}  // namespace curtail::inline v0::detail
