// SPDX-License-Identifier: MIT
#pragma once
// The sample as lines of fixed-width text: a table if one fits the width, else one card per row.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/text/short_text.hpp>
#include <curtail/render/report/column_choice.hpp>
#include <curtail/render/report/column_form.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/report/text_table.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>
#include <curtail/render/text/human_units.hpp>
#include <curtail/render/text/wrap.hpp>

namespace curtail::inline v0::detail {

// Lines that show some rows, joined by line ends, and the columns that they show.
struct SampleLines {
    std::string text;
    ColumnChoice shown;
};

inline constexpr std::size_t card_lines = 3;  // of one value

// The values of one column on cards.
class CardValues {
  public:
    CardValues(const ShownColumn& column, std::size_t rows, std::size_t width)
        : column_(column), texts_(column.six, rows), width_(width), cut_(texts_.best_cut(cut_width())) {}

    // Returns a text on at most `card_lines` lines, a number or an id on as many as it needs.
    [[nodiscard]] std::vector<std::string> lines(std::size_t row) const {
        const std::string_view text = without_spaces_at_end(column_.six[row]);
        if (column_.kind != ShownColumn::Kind::text) return wrapped(text, width_, text.size() + 1, 100);
        if (cut_ == TextCut::end) return wrapped(text, width_, card_lines, 100);
        return wrapped(texts_.cut(row, cut_width(), cut_), width_, card_lines, 100);
    }

  private:
    // Returns the cells of all lines but one, because breaks leave parts of lines empty.
    [[nodiscard]] std::size_t cut_width() const noexcept { return width_ * (card_lines - 1); }

    const ShownColumn& column_;
    ColumnTexts texts_;
    std::size_t width_;
    TextCut cut_;
};

// Returns one card per row: "#1", of a page "#9,000,001", then a field per column with its name and value. Shows at
// most `max_fields` columns, or up to three more if those are all.
[[nodiscard]] inline SampleLines text_cards(SampleView& view, std::size_t rows, std::size_t max_width,
                                            std::size_t max_fields) {
    max_width = (std::max)(max_width, min_table_width);
    const std::size_t fields = view.columns() <= max_fields + 3 ? view.columns() : max_fields;
    SampleLines out{{}, most_important(view, fields)};
    const ColumnChoice& shown = out.shown;
    std::size_t names_width = 0;
    for (std::size_t i = 0; i < shown.columns(); ++i) {
        names_width = (std::max)(names_width, display_width(view.column(index_at(view, shown, i)).name));
    }
    names_width = (std::min)(names_width, max_width / 2 - column_gap);
    const std::size_t values_width = max_width - names_width - column_gap;
    const auto add_mark = [&](std::uint64_t dropped) {
        if (dropped == 0) return;
        out.text += '\n';
        out.text += clip_end(dropped_mark(dropped), max_width);
    };
    std::vector<CardValues> values;
    values.reserve(shown.columns());
    for (std::size_t i = 0; i < shown.columns(); ++i) {
        values.emplace_back(view.column(index_at(view, shown, i)), rows, values_width);
    }
    for (std::size_t row = 0; row < rows; ++row) {
        if (row > 0) out.text += "\n\n";
        out.text += clip_end(ShortText{"#", human_count(view.row_number(row))}, max_width);
        for (std::size_t i = 0; i <= shown.columns(); ++i) {
            if (i == shown.front) add_mark(view.features_total() - shown.features());
            if (i == shown.columns()) break;
            const ShownColumn& column = view.column(index_at(view, shown, i));
            const Field record[] = {{wrapped_name(column.name, names_width), names_width}, {values[i].lines(row), 0}};
            append_record(out.text, record);
            out.text.resize(out.text.find_last_not_of(' ') + 1);
        }
        add_mark(view.predictions() - shown.predictions);
    }
    return out;
}

// Returns a table or cards. Cards are for a narrow screen (`narrow`) and for tables that they show whole: if fewer than
// three columns or less than half of them fit side by side. Elsewhere a table of few columns says more.
[[nodiscard]] inline SampleLines sample_lines(SampleView& view, std::size_t rows, std::size_t max_width, bool narrow,
                                              std::size_t max_fields) {
    if (rows == 0 || view.columns() == 0) return {};
    const TableLayout layout(view, rows, max_width);
    const std::size_t shown = layout.shown().columns();
    const std::size_t total = view.columns();
    const bool handy = narrow && total <= max_fields + 3 && !view.list_cut();
    const std::size_t enough = handy ? (std::max)(std::size_t{3}, (total + 1) / 2) : std::size_t{2};
    if (shown < (std::min)(total, enough)) return text_cards(view, rows, max_width, max_fields);
    return {layout.text(), layout.shown()};
}

}  // namespace curtail::inline v0::detail
