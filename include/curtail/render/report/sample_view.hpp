// SPDX-License-Identifier: MIT
#pragma once
// The sample of a payload as one table of safe text: the columns, then the predictions beside their rows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/text/ascii.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>
#include <curtail/render/text/number_form.hpp>
#include <curtail/render/text/wrap.hpp>

namespace curtail::inline v0::detail {

// A column as it is shown: nothing for an empty text, "null" for a null, "-" for a cell that is missing. Texts and
// names are cut only where they are longer than any layout could show.
struct ShownColumn {
    enum class Kind : unsigned char {
        number,  // every cell that is there
        id,      // words with digits in them or numbers in groups: useless if cut
        time,    // of a day: cut only behind the minutes and what tells any two of them apart
        text,
    };

    std::string name;
    Kind kind = Kind::text;
    std::size_t number_width = 0;  // of the widest number in it, rounded
    std::vector<std::string> exact;
    std::vector<std::string> six;
    std::vector<std::string> even;

    [[nodiscard]] const std::vector<std::string>& cells(Digits digits) const noexcept {
        return digits == Digits::exact ? exact : digits == Digits::six ? six : even;
    }
};

// Returns where the hours and minutes end in a time of day, with or without a date before it: 16 in "2024-03-01
// 08:15:30". Returns 0 for any other text.
[[nodiscard]] constexpr std::size_t minutes_end(std::string_view text) noexcept {
    const auto digit = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon < 2 || text.size() > 40 || !digit(0)) return 0;
    if (!digit(colon - 2) || !digit(colon - 1) || !digit(colon + 1) || !digit(colon + 2)) return 0;
    return colon == 2 || text[colon - 3] == ' ' || text[colon - 3] == 'T' ? colon + 3 : 0;
}

// Returns the number of bytes that all `texts` begin with, or 0 if they do not differ.
[[nodiscard]] inline std::size_t shared_prefix(const std::vector<std::string_view>& texts) noexcept {
    if (texts.empty()) return 0;
    std::size_t shared = texts[0].size();
    bool differ = false;
    for (const std::string_view text : texts) {
        const std::size_t limit = (std::min)(shared, text.size());
        std::size_t size = 0;
        while (size < limit && text[size] == texts[0][size]) ++size;
        differ = differ || size < texts[0].size() || size < text.size();
        shared = size;
    }
    return differ ? shared : 0;
}

// A view of a payload, which must outlive it. Makes a column safe when it is first used and keeps it, because the
// fitter tries several layouts and most columns of a wide table are never shown. Rows may differ in length.
class SampleView {
  public:
    SampleView(const ResultPayload& payload, std::size_t max_rows, std::size_t max_width)
        : payload_(payload), max_width_(max_width), predictions_(payload.prediction_columns.size()) {
        for (const SampleRow& row : payload.sample) features_ = (std::max)(features_, row.size());
        if (features_ > 0) features_ = (std::max)(features_, payload.columns.size());
        for (const SampleRow& row : payload.predictions_sample) predictions_ = (std::max)(predictions_, row.size());
        columns_ = std::vector<ShownColumn>(columns());
        rows_ = (std::min)(max_rows, rows_in_message());
    }

    // Returns the number of columns that can be drawn: none if no row has a cell, even where columns have names.
    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    // Counts also the columns that the message does not list; it lists the first ones.
    [[nodiscard]] std::uint64_t features_total() const noexcept {
        return (std::max)(payload_.columns_total, std::uint64_t{(std::max)(features_, payload_.columns.size())});
    }
    [[nodiscard]] bool list_cut() const noexcept { return features_total() > features_; }
    [[nodiscard]] std::size_t predictions() const noexcept { return predictions_; }
    [[nodiscard]] std::size_t columns() const noexcept { return features_ + predictions_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t rows_in_message() const noexcept {
        return (std::max)(payload_.sample.size(), payload_.predictions_sample.size());
    }

    // Returns the number of a row from 1: in the whole table if the sample is a page of it.
    [[nodiscard]] std::uint64_t row_number(std::size_t row) const noexcept {
        const std::vector<std::uint64_t>& numbers = payload_.sample_row_numbers;
        const bool known =
            payload_.sample_strategy == page_strategy && row < numbers.size() && numbers[row] < payload_.rows;
        return (known ? numbers[row] : std::uint64_t{row}) + 1;
    }

    // Returns the column at `index`, in a table whose predictions follow its features.
    [[nodiscard]] const ShownColumn& column(std::size_t index) {
        ShownColumn& column = columns_[index];
        if (!column.exact.empty() || rows_ == 0) return column;
        column.name = name(index);
        const std::size_t skipped = far_prefix(index);
        std::vector<bool> numbers(rows_);
        std::size_t empty = 0;
        std::size_t ids = 0;
        std::size_t times = 0;
        for (std::size_t row = 0; row < rows_; ++row) {
            const SampleCell* const cell = cell_at(row, index);
            column.exact.push_back(cell == nullptr ? "-" : shown(*cell, skipped));
            const bool none = cell == nullptr || cell->kind == Kind::null || cell->kind == Kind::missing;
            empty += none ? 1U : 0U;
            numbers[row] = !none && cell->kind == Kind::number;
            const bool word = cell != nullptr && cell->kind == Kind::text;
            ids += word && is_id(column.exact[row]) ? 1U : 0U;
            times += word && minutes_end(column.exact[row]) > 0 ? 1U : 0U;
        }
        const auto count = static_cast<std::size_t>(std::count(numbers.begin(), numbers.end(), true));
        if (count > 0 && count + empty == rows_) column.kind = ShownColumn::Kind::number;
        if (ids > 0 && ids + empty == rows_) column.kind = ShownColumn::Kind::id;
        if (times > 0 && times + empty == rows_) column.kind = ShownColumn::Kind::time;
        column.six = column.even = column.exact;
        round(column.exact, Digits::exact, numbers, column.kind);
        round(column.six, Digits::six, numbers, column.kind);
        column.number_width = round(column.even, Digits::even, numbers, column.kind);
        return column;
    }

    // Returns the name of a prediction column, or "prediction" if the message has no name for it.
    [[nodiscard]] std::string prediction_name(std::size_t index, std::size_t max_width) const {
        const auto& names = payload_.prediction_columns;
        if (index < names.size() && !names[index].empty()) return short_name(names[index], max_width);
        return clip_end(index == 0 ? ShortText{"prediction"} : ShortText{"prediction ", count_text(index + 1)},
                        max_width);
    }

    // Returns the scale of a prediction column if its numbers are decimals, which keep their zeros: 2 for 12.50. Else
    // 0.
    [[nodiscard]] int prediction_scale(std::size_t index) const noexcept {
        std::size_t scale = 0;
        bool zeros = false;
        for (const SampleRow& row : payload_.predictions_sample) {
            if (index >= row.size() || row[index].kind != Kind::number) continue;
            const NumberParts parts = number_parts(row[index].text);
            if (parts.fraction.empty() || !parts.exponent.empty() || parts.fraction.size() > 9) return 0;
            if (scale > 0 && parts.fraction.size() != scale) return 0;
            scale = parts.fraction.size();
            zeros = zeros || parts.fraction.back() == '0';
        }
        return zeros && scale > 1 ? static_cast<int>(scale) : 0;
    }

  private:
    using Kind = SampleCell::Kind;

    [[nodiscard]] std::string name(std::size_t index) const {
        if (index >= features_) return prediction_name(index - features_, max_width_);
        if (index < payload_.columns.size()) return short_name(payload_.columns[index], max_width_);
        return concat({"column ", count_text(index + 1)});
    }

    // Rounds the numbers among the cells and returns the width of the widest.
    static std::size_t round(std::vector<std::string>& cells, Digits digits, const std::vector<bool>& numbers,
                             ShownColumn::Kind kind) {
        std::vector<std::string> texts;
        for (std::size_t row = 0; row < cells.size(); ++row) {
            if (numbers[row]) texts.push_back(std::move(cells[row]));
        }
        texts = rounded_numbers(texts, digits);
        if (kind == ShownColumn::Kind::number) align_points(texts);
        std::size_t widest = 0;
        auto next = texts.begin();
        for (std::size_t row = 0; row < cells.size(); ++row) {
            if (!numbers[row]) continue;
            widest = (std::max)(widest, next->size());
            cells[row] = std::move(*next++);
        }
        return widest;
    }

    // Returns nullptr if the row has no such cell.
    [[nodiscard]] const SampleCell* cell_at(std::size_t row, std::size_t index) const noexcept {
        const bool feature = index < features_;
        const auto& rows = feature ? payload_.sample : payload_.predictions_sample;
        const std::size_t column = feature ? index : index - features_;
        return row < rows.size() && column < rows[row].size() ? &rows[row][column] : nullptr;
    }

    // Returns how many bytes of the texts of a column are left out, because all begin with them and no layout is wide
    // enough to show where they differ.
    [[nodiscard]] std::size_t far_prefix(std::size_t index) const {
        std::vector<std::string_view> texts;
        for (std::size_t row = 0; row < rows_; ++row) {
            const SampleCell* const cell = cell_at(row, index);
            if (cell != nullptr && cell->text.size() > longest_text()) texts.emplace_back(cell->text);
        }
        const std::size_t shared = shared_prefix(texts);
        return shared > longest_text() / 2 ? shared - max_width_ / 2 : 0;
    }

    [[nodiscard]] std::string shown(const SampleCell& cell, std::size_t skipped) const {
        switch (cell.kind) {
            case Kind::missing: return "-";
            case Kind::null: return "null";
            case Kind::number:
                if (!number_parts(cell.text).integer.empty()) return cell.text;
                break;
            default: break;
        }
        if (skipped == 0 || cell.text.size() <= longest_text()) return safe_text(cell.text, longest_text());
        const std::size_t begin = utf8_prefix(cell.text, skipped).size();
        return concat({ellipsis, safe_text(std::string_view(cell.text).substr(begin), longest_text())});
    }

    // In cells: more than three lines of a card.
    [[nodiscard]] std::size_t longest_text() const noexcept { return 3 * (std::max)(max_width_, std::size_t{12}); }

    // Returns true for a text of at most 64 cells that is one word with a digit, such as a SHA-256, or of which half is
    // digits, such as a telephone number.
    [[nodiscard]] static bool is_id(std::string_view text) noexcept {
        const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
        const auto spaces = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
        return digits > 0 && (spaces == 0 || 2 * digits >= text.size() - spaces) && display_width(text) <= 64;
    }

    const ResultPayload& payload_;
    std::size_t max_width_;
    std::size_t features_ = 0;
    std::size_t predictions_;
    std::size_t rows_ = 0;
    std::vector<ShownColumn> columns_;
};

}  // namespace curtail::inline v0::detail
