// SPDX-License-Identifier: MIT
#pragma once
// The sample as lines of fixed-width text: a table if one fits the width, else one card per row.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/render/report/column_choice.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0::detail {

// Lines that show some rows, joined by line ends, and the columns that they show.
struct SampleLines {
    std::string text;
    ColumnChoice shown;
};

inline constexpr std::size_t min_table_width = 12;  // cells; a card needs as many to name and show a value
inline constexpr std::size_t column_gap = 2;        // cells between two columns

// The cells that a column keeps before columns are dropped. A number keeps more than a text because its first digits
// alone say little. A table that is complete at the tight widths is better than one that lacks a column at the wide
// ones.
struct MinWidths {
    std::size_t text;
    std::size_t number;
};

inline constexpr MinWidths wide_columns{.text = 8, .number = 11};
inline constexpr MinWidths tight_columns{.text = 5, .number = 7};
inline constexpr std::size_t min_prediction_width = 12;  // the most important column

// Returns "… +12", the heading of the place where 12 columns are left out.
[[nodiscard]] inline std::string dropped_mark(std::uint64_t dropped) {
    std::string mark(ellipsis);
    mark += " +";
    mark += std::to_string(dropped);
    return mark;
}

// Returns the first `count` columns by importance.
[[nodiscard]] inline ColumnChoice most_important(const SampleView& view, std::size_t count) noexcept {
    ColumnPicker picker(view.features(), view.predictions(), view.list_cut());
    while (picker.choice().columns() < count && !picker.done()) picker.take();
    return picker.choice();
}

// Returns the index of the column at `position` among those of `choice`, from left to right.
[[nodiscard]] inline std::size_t index_at(const SampleView& view, const ColumnChoice& choice,
                                          std::size_t position) noexcept {
    if (position < choice.front) return position;
    if (position < choice.features()) return view.features() - choice.features() + position;
    return view.features() + position - choice.features();
}

// Lays out the first `rows` rows. If the table is too wide, first its widest columns are shortened. Then columns are
// dropped from its middle, and a column with dropped_mark() as its heading takes their place.
class TableLayout {
  public:
    TableLayout(SampleView& view, std::size_t rows, std::size_t max_width)
        : view_(view), rows_(rows), max_width_((std::max)(max_width, min_table_width)) {
        choose(wide_columns);
        if (!complete()) choose(tight_columns);
        if (!complete()) choose(wide_columns);
        share_width();
    }

    [[nodiscard]] const ColumnChoice& shown() const noexcept { return choice_; }

    // Returns a heading, a rule and the rows, all of the same width.
    [[nodiscard]] std::string text() const {
        std::string text;
        add_line(text, heading);
        const std::size_t width = display_width(text);
        text += '\n';
        for (std::size_t i = 0; i < width; ++i) text += "\xE2\x94\x80";
        for (std::size_t row = 0; row < rows_; ++row) {
            text += '\n';
            add_line(text, row);
        }
        return text;
    }

  private:
    static constexpr std::size_t heading = static_cast<std::size_t>(-1);  // as the number of a row

    struct Column {
        std::size_t index;
        std::size_t width;
        std::size_t min_width;
        bool numeric;
    };

    [[nodiscard]] bool complete() const noexcept {
        return choice_.features() == view_.features() && choice_.predictions == view_.predictions();
    }

    [[nodiscard]] Column measure(std::size_t index, MinWidths min_widths) {
        const ShownColumn& shown = view_.column(index);
        std::size_t width = shown.name.width;
        bool all_numeric = true;
        bool any_number = false;
        for (std::size_t row = 0; row < rows_; ++row) {
            const ShownCell& cell = shown.cells[row];
            width = (std::max)(width, cell.width);
            all_numeric = all_numeric && (cell.number || cell.empty);
            any_number = any_number || cell.number;
        }
        const bool numeric = all_numeric && any_number;
        const bool prediction = index >= view_.features();
        const std::size_t min_width = prediction ? min_prediction_width : numeric ? min_widths.number : min_widths.text;
        return {index, width, (std::min)(width, min_width), numeric};
    }

    [[nodiscard]] std::uint64_t dropped_features() const noexcept {
        return view_.features_total() - choice_.features();
    }
    [[nodiscard]] std::uint64_t dropped_predictions() const noexcept {
        return view_.predictions() - choice_.predictions;
    }

    [[nodiscard]] std::size_t marks_width() const {
        std::size_t width = 0;
        for (const std::uint64_t dropped : {dropped_features(), dropped_predictions()}) {
            if (dropped > 0) width += display_width(dropped_mark(dropped)) + column_gap;
        }
        return width;
    }

    // Takes columns while each can have its minimum width. Does not look at the others, so a table of 20,000 columns
    // costs no more than one of 40.
    void choose(MinWidths min_widths) {
        columns_.clear();
        ColumnPicker picker(view_.features(), view_.predictions(), view_.list_cut());
        std::size_t used = 0;  // each column with a gap after it, also the last one
        while (!picker.done()) {
            const Column column = measure(picker.next(), min_widths);
            if (used + column.min_width > max_width_) break;
            used += column.min_width + column_gap;
            picker.take();
            columns_.push_back(column);
        }
        choice_ = picker.choice();
        while (!columns_.empty() && used + marks_width() > max_width_ + column_gap) {
            used -= columns_.back().min_width + column_gap;
            columns_.pop_back();
            choice_ = most_important(view_, columns_.size());
        }
        for (std::size_t i = 0; i < columns_.size(); ++i)
            columns_[i] = measure(index_at(view_, choice_, i), min_widths);
    }

    // Gives every column the width that it needs, or the largest common cap that fits. The first ones get the rest.
    void share_width() {
        if (columns_.empty()) return;
        std::size_t free = max_width_ + column_gap - marks_width() - columns_.size() * column_gap;
        const auto total = [&](std::size_t cap) {
            std::size_t sum = 0;
            for (const Column& column : columns_) sum += capped(column, cap);
            return sum;
        };
        std::size_t cap = 0;
        for (const Column& column : columns_) cap = (std::max)(cap, column.width);
        if (total(cap) > free) {
            std::size_t low = 0;  // fits, because each column then has its minimum
            while (cap - low > 1) {
                const std::size_t middle = low + (cap - low) / 2;
                (total(middle) <= free ? low : cap) = middle;
            }
            cap = low;
        }
        free -= total(cap);
        for (Column& column : columns_) {
            const std::size_t width = capped(column, cap);
            const std::size_t extra = width < column.width && free > 0 ? 1 : 0;
            free -= extra;
            column.width = width + extra;
        }
    }

    [[nodiscard]] static std::size_t capped(const Column& column, std::size_t cap) noexcept {
        return (std::max)(column.min_width, (std::min)(column.width, cap));
    }

    // Adds row `row`, or the heading.
    void add_line(std::string& text, std::size_t row) const {
        for (std::size_t i = 0; i <= columns_.size(); ++i) {
            if (i == choice_.front) add_mark(text, row, dropped_features());
            if (i == columns_.size()) break;
            const Column& column = columns_[i];
            const ShownColumn& shown = view_.column(column.index);
            const ShownCell& cell = row == heading ? shown.name : shown.cells[row];
            add_cell(text, cell.clipped(column.width), column.width, column.numeric);
        }
        add_mark(text, row, dropped_predictions());
    }

    static void add_mark(std::string& text, std::size_t row, std::uint64_t dropped) {
        if (dropped == 0) return;
        const std::string mark = dropped_mark(dropped);
        add_cell(text, row == heading ? std::string_view(mark) : ellipsis, display_width(mark), false);
    }

    static void add_cell(std::string& text, std::string_view cell, std::size_t width, bool right) {
        if (!text.empty() && text.back() != '\n') text.append(column_gap, ' ');
        const std::size_t padding = width - (std::min)(width, display_width(cell));
        if (right) text.append(padding, ' ');
        text += cell;
        if (!right) text.append(padding, ' ');
    }

    SampleView& view_;
    std::size_t rows_;
    std::size_t max_width_;
    ColumnChoice choice_;
    std::vector<Column> columns_;  // from left to right, without the marks
};

// Returns one card per row: "#1", then a line per column with its name and value. Shows at most `max_fields` columns,
// or up to three more if those are all.
[[nodiscard]] inline SampleLines text_cards(SampleView& view, std::size_t rows, std::size_t max_width,
                                            std::size_t max_fields) {
    max_width = (std::max)(max_width, min_table_width);
    const std::size_t fields = view.columns() <= max_fields + 3 ? view.columns() : max_fields;
    SampleLines out{{}, most_important(view, fields)};
    const ColumnChoice& shown = out.shown;
    const auto column_at = [&](std::size_t i) -> const ShownColumn& { return view.column(index_at(view, shown, i)); };

    std::size_t names_width = 0;
    for (std::size_t i = 0; i < shown.columns(); ++i) names_width = (std::max)(names_width, column_at(i).name.width);
    names_width = (std::min)(names_width, max_width / 2 - column_gap);
    const std::size_t values_width = max_width - names_width - column_gap;
    const auto add_mark = [&](std::uint64_t dropped) {
        if (dropped == 0) return;
        out.text += '\n';
        out.text += clip_end(dropped_mark(dropped), max_width);
    };
    for (std::size_t row = 0; row < rows; ++row) {
        if (row > 0) out.text += "\n\n";
        out.text += '#';
        out.text += std::to_string(row + 1);
        for (std::size_t i = 0; i <= shown.columns(); ++i) {
            if (i == shown.front) add_mark(view.features_total() - shown.features());
            if (i == shown.columns()) break;
            const ShownColumn& column = column_at(i);
            std::string line = column.name.clipped(names_width);
            line.append(names_width + column_gap - display_width(line), ' ');
            line += column.cells[row].clipped(values_width);
            line.resize(line.find_last_not_of(' ') + 1);
            out.text += '\n';
            out.text += line;
        }
        add_mark(view.predictions() - shown.predictions);
    }
    return out;
}

// Returns a table if at least `min_columns` columns fit side by side, or all there are; else cards.
[[nodiscard]] inline SampleLines sample_lines(SampleView& view, std::size_t rows, std::size_t max_width,
                                              std::size_t min_columns, std::size_t max_fields) {
    if (rows == 0 || view.columns() == 0) return {};
    const TableLayout layout(view, rows, max_width);
    if (layout.shown().columns() < (std::min)(min_columns, view.columns())) {
        return text_cards(view, rows, max_width, max_fields);
    }
    return {layout.text(), layout.shown()};
}

}  // namespace curtail::inline v0::detail
