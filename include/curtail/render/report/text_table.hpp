// SPDX-License-Identifier: MIT
#pragma once
// The sample as lines of fixed-width text: a table where one fits the width, else one card a row.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/render/report/column_choice.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0::detail {

// Lines that show some rows, and which columns they show.
struct SampleLines {
    std::vector<std::string> lines;
    ColumnChoice shown;
};

inline constexpr std::size_t narrowest = 12;  // cells; below it not even a card can name and show a value
inline constexpr std::size_t column_gap = 2;  // cells between two columns

// The cells that a column keeps before columns are dropped: numbers more than text, as their first digits
// alone say little. A table that is shown whole at the tight widths is preferred to one that loses a column
// at the wide ones.
struct LeastWidths {
    std::size_t text;
    std::size_t number;
};

inline constexpr LeastWidths wide_columns{8, 11};
inline constexpr LeastWidths tight_columns{5, 7};
inline constexpr std::size_t least_prediction = 12;  // it is what the reader came for

[[nodiscard]] inline std::string spaces(std::size_t count) {
    return std::string(count, ' ');
}

[[nodiscard]] inline std::string dropped_mark(std::uint64_t dropped) {
    return std::string(ellipsis) + " +" + std::to_string(dropped);
}

// Lays out the first `rows` rows. Too wide a table first has its widest columns shortened;
// then columns leave from the middle, and a column headed "… +12" stands in their place.
class TableLayout {
  public:
    TableLayout(SampleView& view, std::size_t rows, std::size_t max_width)
        : view_(view), rows_(rows), max_width_((std::max)(max_width, narrowest)) {
        choose(wide_columns);
        if (!complete()) choose(tight_columns);
        if (!complete()) choose(wide_columns);
        share();
    }

    [[nodiscard]] const ColumnChoice& shown() const noexcept { return choice_; }

    // A header, a rule, the rows: each of the same width.
    [[nodiscard]] std::vector<std::string> lines() {
        std::vector<std::string> lines(rows_ + 2);
        for (std::size_t i = 0; i < choice_.front; ++i) add_column(lines, i);
        add_mark(lines, dropped_features());
        for (std::size_t i = view_.features() - choice_.back; i < view_.features(); ++i) add_column(lines, i);
        for (std::size_t i = 0; i < choice_.predictions; ++i) add_column(lines, view_.features() + i);
        add_mark(lines, dropped_predictions());
        const std::size_t width = display_width(lines[0]);
        for (std::size_t i = 0; i < width; ++i) lines[1] += "\xE2\x94\x80";
        return lines;
    }

  private:
    struct Column {
        std::size_t index;
        std::size_t width;
        std::size_t least;
        bool numeric;
    };

    [[nodiscard]] bool complete() const noexcept {
        return choice_.features() == view_.features() && choice_.predictions == view_.predictions();
    }

    [[nodiscard]] Column measure(std::size_t index, LeastWidths least) {
        const ShownColumn& shown = view_.column(index);
        Column column{index, shown.name.width, 0, true};
        bool any = false;
        for (std::size_t row = 0; row < rows_; ++row) {
            const ShownCell& cell = shown.cells[row];
            column.width = (std::max)(column.width, cell.width);
            column.numeric = column.numeric && (cell.number || cell.empty);
            any = any || cell.number;
        }
        column.numeric = column.numeric && any;
        const bool prediction = index >= view_.features();
        const std::size_t most = prediction ? least_prediction : column.numeric ? least.number : least.text;
        column.least = (std::min)(column.width, most);
        return column;
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

    // Takes columns while each can have its least width. Columns that cannot be shown are not looked at, so a
    // table of 20,000 columns costs no more than one of 40.
    void choose(LeastWidths least) {
        columns_.clear();
        ColumnPicker picker(view_.features(), view_.predictions(), view_.list_cut());
        std::vector<ColumnChoice> history;
        std::size_t used = 0;  // each column with a gap after it, the last one's as well
        while (!picker.done()) {
            const Column column = measure(picker.next(), least);
            if (used + column.least > max_width_) break;
            used += column.least + column_gap;
            history.push_back(picker.choice());
            picker.take();
            columns_.push_back(column);
        }
        choice_ = picker.choice();
        while (!columns_.empty() && used + marks_width() > max_width_ + column_gap) {
            used -= columns_.back().least + column_gap;
            choice_ = history.back();
            columns_.pop_back();
            history.pop_back();
        }
        std::sort(columns_.begin(), columns_.end(), [](const Column& a, const Column& b) { return a.index < b.index; });
    }

    // Gives every column the width it needs, or the largest common cap that fits; what remains goes to the
    // first ones.
    void share() {
        if (columns_.empty()) return;
        std::size_t room = max_width_ + column_gap - marks_width() - columns_.size() * column_gap;
        const auto total = [&](std::size_t cap) {
            std::size_t sum = 0;
            for (const Column& column : columns_) sum += (std::max)(column.least, (std::min)(column.width, cap));
            return sum;
        };
        std::size_t cap = 0;
        for (const Column& column : columns_) cap = (std::max)(cap, column.width);
        if (total(cap) > room) {
            std::size_t low = 0;  // fits: every column at its least
            while (cap - low > 1) {
                const std::size_t middle = low + (cap - low) / 2;
                (total(middle) <= room ? low : cap) = middle;
            }
            cap = low;
        }
        room -= total(cap);
        for (Column& column : columns_) {
            const std::size_t given = (std::max)(column.least, (std::min)(column.width, cap));
            const std::size_t extra = given < column.width && room > 0 ? 1 : 0;
            room -= extra;
            column.width = given + extra;
        }
    }

    static void add_cell(std::string& line, std::string_view text, std::size_t width, bool right) {
        if (!line.empty()) line += spaces(column_gap);
        const std::size_t used = display_width(text);
        const std::string padding = spaces(width > used ? width - used : 0);
        if (right) line += padding;
        line += text;
        if (!right) line += padding;
    }

    void add_column(std::vector<std::string>& lines, std::size_t index) {
        const auto before = [](const Column& column, std::size_t wanted) { return column.index < wanted; };
        const Column& column = *std::lower_bound(columns_.begin(), columns_.end(), index, before);
        const ShownColumn& shown = view_.column(index);
        add_cell(lines[0], shown.name.clipped(column.width), column.width, column.numeric);
        for (std::size_t row = 0; row < rows_; ++row) {
            add_cell(lines[row + 2], shown.cells[row].clipped(column.width), column.width, column.numeric);
        }
    }

    void add_mark(std::vector<std::string>& lines, std::uint64_t dropped) const {
        if (dropped == 0) return;
        const std::string mark = dropped_mark(dropped);
        const std::size_t width = display_width(mark);
        add_cell(lines[0], mark, width, false);
        for (std::size_t row = 0; row < rows_; ++row) add_cell(lines[row + 2], ellipsis, width, false);
    }

    SampleView& view_;
    std::size_t rows_;
    std::size_t max_width_;
    ColumnChoice choice_;
    std::vector<Column> columns_;
};

// One card a row, a line for each column: "#1", then names and values. At most `max_fields` columns, or three
// more where that shows all of them.
[[nodiscard]] inline SampleLines text_cards(SampleView& view, std::size_t rows, std::size_t max_width,
                                            std::size_t max_fields) {
    max_width = (std::max)(max_width, narrowest);
    if (view.columns() <= max_fields + 3) max_fields = view.columns();
    ColumnPicker picker(view.features(), view.predictions(), view.list_cut());
    for (std::size_t i = 0; i < max_fields && !picker.done(); ++i) picker.take();
    SampleLines out{{}, picker.choice()};
    const ColumnChoice& shown = out.shown;

    std::vector<std::size_t> fields;
    for (std::size_t i = 0; i < shown.front; ++i) fields.push_back(i);
    for (std::size_t i = 0; i < shown.back; ++i) fields.push_back(view.features() - shown.back + i);
    for (std::size_t i = 0; i < shown.predictions; ++i) fields.push_back(view.features() + i);

    const std::size_t most = max_width / 2 - column_gap;
    std::size_t names = 0;
    for (const std::size_t field : fields) names = (std::max)(names, (std::min)(most, view.column(field).name.width));
    const std::size_t values = max_width - names - column_gap;
    const auto mark = [&](std::uint64_t dropped) {
        if (dropped > 0) out.lines.push_back(clip_end(dropped_mark(dropped), max_width));
    };
    for (std::size_t row = 0; row < rows; ++row) {
        if (row > 0) out.lines.emplace_back();
        out.lines.push_back("#" + std::to_string(row + 1));
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i == shown.front) mark(view.features_total() - shown.features());
            const ShownColumn& column = view.column(fields[i]);
            const std::string name = column.name.clipped(names);
            std::string line =
                name + spaces(names - display_width(name) + column_gap) + column.cells[row].clipped(values);
            line.resize(line.find_last_not_of(' ') + 1);
            out.lines.push_back(std::move(line));
        }
        if (fields.size() == shown.front) mark(view.features_total() - shown.features());
        mark(view.predictions() - shown.predictions);
    }
    return out;
}

// A table where at least `least_columns` fit side by side, or all there are; else cards.
[[nodiscard]] inline SampleLines sample_lines(SampleView& view, std::size_t rows, std::size_t max_width,
                                              std::size_t least_columns, std::size_t max_fields) {
    if (rows == 0 || view.columns() == 0) return {};
    TableLayout layout(view, rows, max_width);
    const std::size_t shown = layout.shown().features() + layout.shown().predictions;
    if (shown < (std::min)(least_columns, view.columns())) return text_cards(view, rows, max_width, max_fields);
    return {layout.lines(), layout.shown()};
}

}  // namespace curtail::inline v0::detail
