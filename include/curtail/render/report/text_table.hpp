// SPDX-License-Identifier: MIT
#pragma once
// The sample as a table of fixed-width text: which columns it shows, how wide each is, and its lines.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/render/report/column_choice.hpp>
#include <curtail/render/report/column_form.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/text/bidi.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::size_t min_table_width = 12;  // cells; a card needs as many to name and show a value
inline constexpr std::size_t column_gap = 2;        // cells between two columns

// Returns "… +12", the heading of the place where 12 columns are left out.
[[nodiscard]] inline ShortText dropped_mark(std::uint64_t dropped) noexcept {
    return {ellipsis, " +", count_text(dropped)};
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

// A cell of a record, or its heading.
struct Field {
    std::vector<std::string> lines;
    std::size_t width;   // in cells of the terminal
    bool right = false;  // aligned to the right
};

// Appends a record of fields side by side, on as many lines as the tallest field has. With `bottom`, shorter fields end
// on the last line.
inline void append_record(std::string& text, std::span<const Field> fields, bool bottom = false) {
    std::size_t height = 0;
    for (const Field& field : fields) height = (std::max)(height, field.lines.size());
    for (std::size_t i = 0; i < height; ++i) {
        if (!text.empty()) text += '\n';
        std::string line;
        bool isolate = false;
        for (const Field& field : fields) {
            if (&field != &fields.front()) line.append(column_gap, ' ');
            const std::size_t above = bottom ? height - field.lines.size() : 0;
            const bool here = i >= above && i - above < field.lines.size();
            const std::string_view part = here ? std::string_view(field.lines[i - above]) : std::string_view();
            const std::size_t padding = field.width - (std::min)(field.width, display_width(part));
            if (field.right) line.append(padding, ' ');
            isolate = append_isolated(line, part) || isolate;
            if (!field.right) line.append(padding, ' ');
        }
        if (isolate) text += line_isolate;
        text += line;
        if (isolate) text += end_isolate;
    }
}

// Lays out the first `rows` rows, as full as they fit. If they do not fit even at Fullness::folded, columns are dropped
// from the middle, and a column with dropped_mark() as its heading takes their place.
class TableLayout {
  public:
    TableLayout(SampleView& view, std::size_t rows, std::size_t max_width)
        : view_(view), rows_(rows), max_width_((std::max)(max_width, min_table_width)) {
        measure();
        std::size_t count = view_.columns();
        if (forms_.size() < count || !fits(count, Fullness::folded)) {
            count = most_that_fit(Fullness::cut);
            if (count < few_columns) count = most_that_fit(Fullness::short_headings);
        }
        while (fullness_ < Fullness::folded && !fits(count, fullness_)) {
            fullness_ = static_cast<Fullness>(static_cast<int>(fullness_) + 1);
        }
        choose(count);
        share_width();
    }

    [[nodiscard]] const ColumnChoice& shown() const noexcept { return choice_; }

    // Returns a heading, a rule and the rows, all of the same width.
    [[nodiscard]] std::string text() const {
        std::string text;
        const std::vector<Field> headings = fields(heading);
        append_record(text, headings, true);
        std::size_t width = 0;
        for (const Field& field : headings) width += field.width + (width > 0 ? column_gap : 0);
        text += '\n';
        for (std::size_t i = 0; i < width; ++i) text += "\xE2\x94\x80";
        for (std::size_t row = 0; row < rows_; ++row) append_record(text, fields(row));
        return text;
    }

  private:
    static constexpr std::size_t heading = static_cast<std::size_t>(-1);  // as the number of a row
    static constexpr std::size_t few_columns = 3;                         // below that, headings are cut for one more

    struct Column {
        ColumnForm form;
        std::size_t width = 0;
        TextCut cut = TextCut::end;
    };

    // Measures columns in the order of their importance while there is width for one more, so a table of 20,000 columns
    // costs no more than one of 40.
    void measure() {
        ColumnPicker picker(view_.features(), view_.predictions(), view_.list_cut());
        std::size_t used = 0;
        while (!picker.done() && used < max_width_ + column_gap) {
            forms_.push_back({ColumnForm(view_.column(picker.next()), rows_)});
            used += forms_.back().form.min_width(Fullness::folded) + column_gap;
            picker.take();
        }
    }

    [[nodiscard]] std::uint64_t dropped_features(const ColumnChoice& choice) const noexcept {
        return view_.features_total() - choice.features();
    }
    [[nodiscard]] std::uint64_t dropped_predictions(const ColumnChoice& choice) const noexcept {
        return view_.predictions() - choice.predictions;
    }

    // Returns the cells that gaps and marks leave for the columns of `choice`, 0 if these alone are too wide.
    [[nodiscard]] std::size_t free_width(const ColumnChoice& choice) const {
        std::size_t used = choice.columns() * column_gap;
        for (const std::uint64_t dropped : {dropped_features(choice), dropped_predictions(choice)}) {
            if (dropped > 0) used += display_width(dropped_mark(dropped)) + column_gap;
        }
        return max_width_ + column_gap - (std::min)(used, max_width_ + column_gap);
    }

    [[nodiscard]] CURTAIL_NOINLINE bool fits(std::size_t count, Fullness fullness) const {
        std::size_t width = 0;
        for (std::size_t i = 0; i < count; ++i) width += forms_[i].form.min_width(fullness);
        return width <= free_width(most_important(view_, count));
    }

    [[nodiscard]] std::size_t most_that_fit(Fullness fullness) const {
        std::size_t count = forms_.size();
        while (count > 0 && !fits(count, fullness)) --count;
        return count;
    }

    // Fills `columns_` with the `count` most important columns, from left to right.
    void choose(std::size_t count) {
        choice_ = most_important(view_, count);
        for (std::size_t i = 0; i < count; ++i) {
            columns_.push_back({ColumnForm(view_.column(index_at(view_, choice_, i)), rows_)});
        }
    }

    // Gives every column the width that it needs, or the largest common cap that fits. The first ones get the rest.
    void share_width() {
        std::size_t free = free_width(choice_);
        const auto total = [&](std::size_t cap) {
            std::size_t sum = 0;
            for (const Column& column : columns_) sum += capped(column.form, cap);
            return sum;
        };
        std::size_t cap = 0;
        for (const Column& column : columns_) cap = (std::max)(cap, column.form.width(fullness_));
        if (total(cap) > free) {
            std::size_t low = 0;  // fits, because each column then has its minimum
            while (cap - low > 1) {
                const std::size_t middle = low + (cap - low) / 2;
                (total(middle) <= free ? low : cap) = middle;
            }
            cap = low;
        }
        free -= (std::min)(free, total(cap));
        for (Column& column : columns_) {
            column.width = capped(column.form, cap);
            const std::size_t extra = column.width < column.form.width(fullness_) && free > 0 ? 1 : 0;
            free -= extra;
            column.width += extra;
            column.cut = column.form.cut(column.width);
        }
    }

    [[nodiscard]] std::size_t capped(const ColumnForm& form, std::size_t cap) const noexcept {
        return (std::max)(form.min_width(fullness_), (std::min)(form.width(fullness_), cap));
    }

    // Returns the fields of row `row`, or of the heading.
    [[nodiscard]] std::vector<Field> fields(std::size_t row) const {
        std::vector<Field> fields;
        const auto add_mark = [&](std::uint64_t dropped) {
            if (dropped == 0) return;
            const ShortText mark = dropped_mark(dropped);
            fields.push_back({one_line(std::string(row == heading ? mark : ellipsis)), display_width(mark)});
        };
        for (std::size_t i = 0; i <= columns_.size(); ++i) {
            if (i == choice_.front) add_mark(dropped_features(choice_));
            if (i == columns_.size()) break;
            const auto& [form, width, cut] = columns_[i];
            fields.push_back(
                {row == heading ? form.heading(width) : form.cell(row, width, fullness_, cut), width, form.numeric()});
        }
        add_mark(dropped_predictions(choice_));
        return fields;
    }

    SampleView& view_;
    std::size_t rows_;
    std::size_t max_width_;
    Fullness fullness_ = Fullness::exact;
    std::vector<Column> forms_;  // in the order of importance, as many as could fit
    ColumnChoice choice_;
    std::vector<Column> columns_;  // from left to right, without the marks
};

}  // namespace curtail::inline v0::detail
