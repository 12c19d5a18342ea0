// SPDX-License-Identifier: MIT
#pragma once
// The forms of a column, from its whole text to the narrowest one that is still true.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>
#include <curtail/render/text/number_form.hpp>
#include <curtail/render/text/wrap.hpp>

namespace curtail::inline v0::detail {

// Where a text that is too long is cut.
enum class TextCut : std::uint8_t { end, middle, shared_beginning };

// The texts of a column, and how to cut all of them to one width so that they still differ.
class ColumnTexts {
  public:
    // `cells` must outlive this. Looks at the first `rows` of them.
    ColumnTexts(const std::vector<std::string>& cells, std::size_t rows) : cells_(&cells), rows_(rows) {
        std::vector<std::string_view> texts;
        for (std::size_t row = 0; row < rows_; ++row) {
            const std::size_t width = display_width(cells[row]);
            width_ = (std::max)(width_, width);
            if (width > shortest_cut) texts.emplace_back(cells[row]);
        }
        if (texts.empty()) return;
        const std::size_t bytes = shared_prefix(texts);
        while (shared_ < bytes) {
            const std::size_t size = next_grapheme(texts[0].substr(shared_)).size;
            if (shared_ + size > bytes) break;
            shared_ += size;
        }
    }

    // Returns the cells of the widest text.
    [[nodiscard]] std::size_t width() const noexcept { return width_; }

    // Returns the smallest width at which texts that differ still do. If the texts are so long or so alike that this
    // takes more than 24 cells, returns one at which not all look alike.
    [[nodiscard]] std::size_t least_width() const {
        if (width_ <= shortest_cut) return width_;
        const std::size_t all = distinct(width_, TextCut::end);
        std::size_t some = 0;
        for (std::size_t width = shortest_cut; width <= (std::min)(width_, longest_least_width); ++width) {
            const std::size_t shown = distinct(width, best_cut(width));
            if (shown == all) return width;
            if (some == 0 && shown > 1) some = width;
        }
        return some > 0 ? some : width_;
    }

    // Returns the smallest width of times, which show their minutes and what tells them apart.
    [[nodiscard]] std::size_t least_time_width() const {
        const std::size_t all = distinct(width_, TextCut::end);
        std::size_t width = 0;
        for (std::size_t row = 0; row < rows_; ++row) width = (std::max)(width, minutes_end((*cells_)[row]) + 1);
        width = (std::min)(width_, width);
        while (width < width_ && distinct(width, TextCut::end) < all) ++width;
        return width;
    }

    // Returns the cut that leaves the most differences.
    [[nodiscard]] CURTAIL_NOINLINE TextCut best_cut(std::size_t width) const {
        if (width >= width_) return TextCut::end;
        TextCut best = TextCut::end;
        std::size_t most = 0;
        for (const TextCut cut : {TextCut::end, TextCut::middle, TextCut::shared_beginning}) {
            const std::size_t shown = distinct(width, cut);
            if (shown > most) best = cut;
            most = (std::max)(most, shown);
        }
        return best;
    }

    [[nodiscard]] std::string cut(std::size_t row, std::size_t width, TextCut cut) const {
        const std::string& text = (*cells_)[row];
        if (cut == TextCut::middle) return clip_middle(text, width);
        if (cut == TextCut::end || shared_ == 0 || width < 2 || display_width(text) <= width)
            return clip_end(text, width);
        return concat({ellipsis, clip_end(std::string_view(text).substr(shared_), width - 1)});
    }

  private:
    static constexpr std::size_t shortest_cut = 8;  // cells; a shorter text is never cut
    static constexpr std::size_t longest_least_width = 24;

    // Returns how many different texts are shown, of the first ones if there are many.
    [[nodiscard]] std::size_t distinct(std::size_t width, TextCut how) const {
        const std::size_t count = (std::min)(rows_, compared_texts);
        std::vector<std::string> shown;
        shown.reserve(count);
        for (std::size_t row = 0; row < count; ++row) shown.push_back(cut(row, width, how));
        return count_distinct(shown);
    }

    const std::vector<std::string>* cells_;
    std::size_t rows_;
    std::size_t width_ = 0;
    std::size_t shared_ = 0;  // bytes that all texts which can be cut begin with
};

// How much of a table is shown whole. Each value shows less than the one before it: first fractions lose digits, then
// headings take two lines, then texts are cut, then headings are cut, then long ids take more lines.
enum class Fullness : std::uint8_t {
    exact,
    rounded,         // fractions of six digits
    even,            // and of as many decimals as the largest one needs
    clipped,         // texts of at least 24 cells
    stacked,         // and headings on two lines
    cut,             // and texts as short as they may be
    short_headings,  // and headings cut
    folded           // and long ids on several lines
};

[[nodiscard]] constexpr Digits digits_at(Fullness fullness) noexcept {
    if (fullness == Fullness::exact) return Digits::exact;
    return fullness == Fullness::rounded ? Digits::six : Digits::even;
}

// The widths that one column needs, and its lines in a column of a given width.
class ColumnForm {
  public:
    // `column` must outlive this.
    ColumnForm(const ShownColumn& column, std::size_t rows) : column_(&column), texts_(column.even, rows) {
        for (std::size_t i = 0; i < std::size(content_); ++i) {
            content_[i] = ColumnTexts(column.cells(static_cast<Digits>(i)), rows).width();
        }
        heading_ = display_width(column.name);
        stacked_ = two_line_width(column.name);
        least_ = folded_ = content_[2];
        if (column.kind == ShownColumn::Kind::text) {
            least_ = folded_ = (std::max)(column.number_width, texts_.least_width());
        } else if (column.kind == ShownColumn::Kind::time) {
            least_ = folded_ = texts_.least_time_width();
        } else if (column.kind == ShownColumn::Kind::id && least_ > shortest_fold) {
            folded_ = 0;
            for (std::size_t row = 0; row < rows; ++row) {
                const std::string& id = column.even[row];
                const std::size_t half = half_width(id);
                const std::size_t at_break = two_line_width(id);
                folded_ = (std::max)(folded_, at_break <= half + 4 ? at_break : half);
            }
        }
    }

    [[nodiscard]] bool numeric() const noexcept { return column_->kind == ShownColumn::Kind::number; }

    // Returns the cells of the column if nothing more than `fullness` allows is cut.
    [[nodiscard]] std::size_t width(Fullness fullness) const noexcept {
        std::size_t content = content_[static_cast<std::size_t>(digits_at(fullness))];
        if (column_->kind == ShownColumn::Kind::time && fullness >= Fullness::cut) content = least_;
        return (std::max)(content, fullness < Fullness::stacked ? heading_ : stacked_);
    }

    // Returns the fewest cells that the column may have.
    [[nodiscard]] CURTAIL_NOINLINE std::size_t min_width(Fullness fullness) const noexcept {
        std::size_t content = content_[static_cast<std::size_t>(digits_at(fullness))];
        if (fullness == Fullness::clipped || fullness == Fullness::stacked) {
            content = (std::max)(least_, (std::min)(content, comfortable));
        } else if (fullness > Fullness::stacked) {
            content = fullness < Fullness::folded ? least_ : folded_;
        }
        if (fullness < Fullness::stacked) return (std::max)(content, heading_);
        const bool whole = fullness < Fullness::short_headings;
        return (std::max)(content, whole ? stacked_ : (std::min)(stacked_, shortest_heading));
    }

    // Returns the lines of the heading in a column of `width` cells.
    [[nodiscard]] std::vector<std::string> heading(std::size_t width) const {
        if (width < shortest_line) return one_line(clip_end(column_->name, width));
        return wrapped_name(column_->name, width);
    }

    // Returns how the texts of the column are cut to `width` cells.
    [[nodiscard]] TextCut cut(std::size_t width) const {
        return column_->kind == ShownColumn::Kind::text ? texts_.best_cut(width) : TextCut::end;
    }

    // Returns the lines of a cell. `cut` is that of the column. An id is never cut: a break after punctuation may
    // leave so much for the next line that a third one follows.
    [[nodiscard]] std::vector<std::string> cell(std::size_t row, std::size_t width, Fullness fullness,
                                                TextCut cut) const {
        const std::string& text = column_->cells(digits_at(fullness))[row];
        if (column_->kind == ShownColumn::Kind::id) return wrapped(text, width, text.size() + 1, 100);
        return one_line(display_width(text) <= width ? text : texts_.cut(row, width, cut));
    }

  private:
    static constexpr std::size_t comfortable = 24;      // cells of a text that is too long
    static constexpr std::size_t shortest_fold = 20;    // cells of an id that may take two lines
    static constexpr std::size_t shortest_heading = 4;  // cells
    static constexpr std::size_t shortest_line = 5;     // cells of a heading on two lines

    const ShownColumn* column_;
    ColumnTexts texts_;
    std::size_t content_[3] = {};  // cells of the widest cell, by Digits
    std::size_t heading_ = 0;
    std::size_t stacked_ = 0;  // of the heading on two lines
    std::size_t least_ = 0;    // of the cells, cut
    std::size_t folded_ = 0;   // of the cells, cut or on two lines
};

}  // namespace curtail::inline v0::detail
