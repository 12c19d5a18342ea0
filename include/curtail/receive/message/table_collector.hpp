// SPDX-License-Identifier: MIT
#pragma once
// Collects the first rows of a dataframe written as JSON in any of pandas' layouts, and counts all of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/cell_reader.hpp>

namespace curtail::inline v0::detail {

struct ColumnName {
    std::string text;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;

    [[nodiscard]] bool is(const Key& key) const noexcept { return hash == key.hash && bytes == key.bytes; }
};

// True of "0", "17", "-3": what a row's index usually looks like.
[[nodiscard]] inline bool looks_like_index(std::string_view text) noexcept {
    if (!text.empty() && text.front() == '-') text.remove_prefix(1);
    return !text.empty() && find_non_digit(text.data(), text.data() + text.size()) == text.data() + text.size();
}

// The layouts, told apart as they arrive:
//   records [{col: v}]      values [[v]]      split {columns: [], index: [], data: [[v]]}
//   table {schema: {fields: [{name}], primaryKey: []}, data: [{col: v}]}
//   columns {col: {row: v}} and {col: [v]}    index {row: {col: v}}
// An object of objects is in the index layout when its first outer key looks like a row number and the first
// key inside does not; else in the columns layout, which is pandas' default. So integer column names over
// text row labels are taken for rows: nothing in the text tells those two apart. Columns are those of the
// kept rows, in the order in which they were first seen; of a column-wise layout, rows are matched by label
// among the first ones of each column.
template <class Row>
class BasicTableCollector {
  public:
    CollectorAnswer value(JsonKind kind, const Key& key, Limits& limits) {
        const bool array = kind == JsonKind::array;
        const bool object = kind == JsonKind::object;
        switch (level_ == 0 ? Role::none : roles_[level_ - 1]) {
            case Role::none:
                if (array) return enter_as(Role::rows);
                if (object) return enter_as(Role::frame);
                return CollectorAnswer::skip;
            case Role::rows: return begin_row(kind, limits);
            case Role::frame:
                if (array && key.text == "data") {
                    forget_rows();  // of an earlier "data": the last of two equal keys wins
                    return enter_as(Role::rows);
                }
                if (array && key.text == "columns") {
                    forget_listed();
                    return enter_as(Role::names);
                }
                if (array && key.text == "index") return CollectorAnswer::skip;
                if (object) {
                    if (orient_ == Orient::index) return begin_row(kind, limits);
                    outer_ = ColumnName{std::string(key.text), key.bytes, key.hash};
                    maybe_schema_ = key.text == "schema";
                    if (orient_ == Orient::columns && !maybe_schema_) begin_column(limits);
                    by_position_ = false;
                    return enter_as(orient_ == Orient::columns && !maybe_schema_ ? Role::column : Role::inner);
                }
                if (array) {
                    outer_ = ColumnName{std::string(key.text), key.bytes, key.hash};
                    begin_column(limits);
                    by_position_ = true;
                    return enter_as(Role::column);
                }
                return CollectorAnswer::skip;
            case Role::inner: return value_of_inner(kind, key, limits);
            case Role::row_object: {
                column_ = find_column(key, position_, limits);
                if (column_ == nowhere) {
                    ++row_extra_;
                    return CollectorAnswer::skip;
                }
                position_ = column_ + 1;
                return CollectorAnswer::cell;
            }
            case Role::row_array:
                if (position_ >= limits.options.max_columns) return CollectorAnswer::skip_rest;
                column_ = position_++;
                return CollectorAnswer::cell;
            case Role::column: return value_of_column(key, limits);
            case Role::names:
                if (listed_.size() >= limits.options.max_columns) return CollectorAnswer::skip_rest;
                return CollectorAnswer::name;
            case Role::schema:
                if (array && key.text == "fields") {
                    forget_listed();
                    return enter_as(Role::fields);
                }
                if (array && key.text == "primaryKey") return enter_as(Role::primary);
                return CollectorAnswer::skip;
            case Role::fields:
                if (!object) return CollectorAnswer::skip;
                if (listed_.size() >= limits.options.max_columns) return CollectorAnswer::skip_rest;
                return enter_as(Role::field);
            case Role::field: return key.text == "name" ? CollectorAnswer::name : CollectorAnswer::skip;
            case Role::primary: return primary_.size() < 8 ? CollectorAnswer::name : CollectorAnswer::skip_rest;
            case Role::ignored: break;
        }
        return CollectorAnswer::skip;
    }

    void cell(SampleCell cell, Limits& limits) {
        switch (roles_[level_ - 1]) {
            case Role::names:
            case Role::field: listed_.push_back(std::move(cell.text)); break;
            case Role::primary: primary_.push_back(std::move(cell.text)); break;
            default: put(std::move(cell), limits);
        }
    }

    void enter() {
        roles_[level_++] = next_;
        if (next_ == Role::row_object || next_ == Role::row_array) position_ = row_extra_ = 0;
    }

    void leave(Limits& limits) {
        const Role left = roles_[--level_];
        if (left == Role::inner && !maybe_schema_) begin_column(limits);  // an empty one
        if (left == Role::row_object) extra_ = (std::max)(extra_, row_extra_);
        if (left == Role::row_array) widest_ = (std::max)(widest_, position_ + row_extra_);
        if (left == Role::column) rows_seen_ = (std::max)(rows_seen_, entries_);
        if (level_ == 0) whole_ = true;
    }

    void skipped(std::uint64_t count) {
        switch (roles_[level_ - 1]) {
            case Role::rows:
            case Role::frame: rows_seen_ += count; break;
            case Role::row_array: row_extra_ += count; break;
            case Role::column: entries_ += count; break;
            case Role::names:
            case Role::fields: listed_extra_ += count; break;
            default: break;
        }
    }

    [[nodiscard]] bool present() const noexcept { return level_ != 0 || whole_; }
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    [[nodiscard]] std::uint64_t rows_seen() const noexcept {
        const bool in_column = level_ != 0 && roles_[level_ - 1] == Role::column;
        return in_column ? (std::max)(rows_seen_, entries_) : rows_seen_;
    }
    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }
    [[nodiscard]] const std::vector<ColumnName>& names() const noexcept { return names_; }
    [[nodiscard]] const std::vector<std::string>& listed() const noexcept { return listed_; }
    [[nodiscard]] std::uint64_t listed_total() const noexcept { return listed_.size() + listed_extra_; }
    [[nodiscard]] const std::vector<std::string>& index_names() const noexcept { return primary_; }

    // Columns of the widest kept row, kept or not.
    [[nodiscard]] std::uint64_t columns_seen() const noexcept {
        std::uint64_t widest = (std::max)(widest_, names_.size() + (std::max)(extra_, row_extra()));
        if (level_ != 0 && roles_[level_ - 1] == Role::row_array) widest = (std::max)(widest, position_ + row_extra_);
        return widest;
    }

  private:
    enum class Role : std::uint8_t {
        none,
        rows,   // an array of rows
        frame,  // the outer object of every layout that has one
        inner,  // an object in it of which it is not yet known whether it is a row, a column or the schema
        row_object,
        row_array,
        column,
        names,
        schema,
        fields,
        field,
        primary,
        ignored,
    };
    enum class Orient : std::uint8_t { unknown, columns, index };

    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    CollectorAnswer enter_as(Role role) {
        next_ = role;
        return CollectorAnswer::enter;
    }

    [[nodiscard]] std::uint64_t row_extra() const noexcept {
        return level_ != 0 && roles_[level_ - 1] == Role::row_object ? row_extra_ : 0;
    }

    [[nodiscard]] static bool has_room(const std::vector<Row>& rows, const Limits& limits) noexcept {
        return rows.size() < limits.options.sample_rows && limits.left > 0;
    }

    CollectorAnswer begin_row(JsonKind kind, const Limits& limits) {
        if (!has_room(rows_, limits)) return CollectorAnswer::skip_rest;
        ++rows_seen_;
        row_ = rows_.size();
        rows_.emplace_back();
        if (kind == JsonKind::object) return enter_as(Role::row_object);
        if (kind == JsonKind::array) return enter_as(Role::row_array);
        column_ = 0;
        widest_ = (std::max)(widest_, std::uint64_t{1});
        return CollectorAnswer::cell;
    }

    CollectorAnswer value_of_inner(JsonKind kind, const Key& key, Limits& limits) {
        Role& role = roles_[level_ - 1];
        const bool schema_key = key.text == "fields" || key.text == "primaryKey" || key.text == "pandas_version";
        if (maybe_schema_ && schema_key) {
            role = Role::schema;
        } else if (orient_ == Orient::unknown && looks_like_index(outer_.text) && !looks_like_index(key.text)) {
            orient_ = Orient::index;
            // With sample_rows = 0 the first row is entered before it is known to be one: counted, not kept.
            ++rows_seen_;
            if (!has_room(rows_, limits)) {
                role = Role::ignored;
                return CollectorAnswer::skip;
            }
            row_ = rows_.size();
            rows_.emplace_back();
            position_ = row_extra_ = 0;
            role = Role::row_object;
        } else {
            orient_ = Orient::columns;
            begin_column(limits);
            role = Role::column;
        }
        return value(kind, key, limits);
    }

    void forget_rows() {
        names_.clear();
        rows_.clear();
        labels_.clear();
        rows_seen_ = extra_ = widest_ = 0;
    }

    void forget_listed() {
        listed_.clear();
        listed_extra_ = 0;
    }

    // The column named `key`, which is most often the one at `guess`; a new one while there is room.
    std::size_t find_column(const Key& key, std::size_t guess, Limits& limits) {
        if (guess < names_.size() && names_[guess].is(key)) return guess;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i].is(key)) return i;
        }
        if (names_.size() >= limits.options.max_columns) return nowhere;
        std::string text = kept_name(key, limits);
        limits.spend(text.size() + sizeof(ColumnName));
        names_.push_back(ColumnName{std::move(text), key.bytes, key.hash});
        return names_.size() - 1;
    }

    void begin_column(Limits& limits) {
        const bool cut = outer_.bytes > outer_.text.size();
        column_ = find_column(Key{outer_.text, outer_.bytes, outer_.hash, cut}, names_.size(), limits);
        if (column_ == nowhere) ++extra_;
        position_ = 0;
        entries_ = 0;
    }

    CollectorAnswer value_of_column(const Key& key, const Limits& limits) {
        // Later columns bring rows in the order of the first one, so only its first entries can belong to
        // kept rows.
        if (column_ == nowhere || position_ >= limits.options.sample_rows) return CollectorAnswer::skip_rest;
        ++entries_;
        row_ = nowhere;
        const std::uint64_t label = by_position_ ? position_ : key.hash;
        if (position_ < labels_.size() && labels_[position_] == label) row_ = position_;
        for (std::size_t i = 0; row_ == nowhere && i < labels_.size(); ++i) {
            if (labels_[i] == label) row_ = i;
        }
        ++position_;
        if (row_ == nowhere) {
            if (!has_room(rows_, limits)) return CollectorAnswer::skip;
            row_ = rows_.size();
            rows_.emplace_back();
            labels_.push_back(label);
        }
        return CollectorAnswer::cell;
    }

    void put(SampleCell&& cell, Limits& limits) {
        Row& row = rows_[row_];
        if (row.size() <= column_) row.resize(column_ + 1, SampleCell{SampleCell::Kind::missing, {}, 0});
        limits.refund(row[column_].text.size());
        limits.spend(cell.text.size() + sizeof(SampleCell));
        row[column_] = std::move(cell);
    }

    std::vector<ColumnName> names_;    // keys of kept rows, or of a column-wise layout
    std::vector<std::string> listed_;  // "columns" of split, "fields" of table
    std::vector<std::string> primary_;
    std::vector<Row> rows_;              // a cell for each of names_, or by position; may be shorter
    std::vector<std::uint64_t> labels_;  // of rows_, in a column-wise layout
    ColumnName outer_;
    std::uint64_t rows_seen_ = 0;
    std::uint64_t entries_ = 0;  // rows of the column at hand
    std::uint64_t listed_extra_ = 0;
    std::uint64_t extra_ = 0;      // columns beyond names_ in the widest row
    std::uint64_t row_extra_ = 0;  // the same of the row at hand
    std::uint64_t widest_ = 0;     // cells of the longest row without names
    std::size_t position_ = 0;     // of the next cell in its row or column
    std::size_t row_ = 0;
    std::size_t column_ = 0;
    std::size_t level_ = 0;
    Role roles_[8] = {};
    Role next_ = Role::none;
    Orient orient_ = Orient::unknown;
    bool by_position_ = false;  // the column at hand is an array
    bool maybe_schema_ = false;
    bool whole_ = false;
};

using TableCollector = BasicTableCollector<SampleRow>;

}  // namespace curtail::inline v0::detail
