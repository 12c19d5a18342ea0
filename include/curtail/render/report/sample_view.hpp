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

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0::detail {

// A name or a cell as it is shown: nothing for an empty text, "null" for a null, "-" for a cell that is missing.
struct ShownCell {
    std::string text;
    std::size_t width = 0;
    bool number = false;
    bool empty = false;  // null or missing

    [[nodiscard]] std::string clipped(std::size_t max_width) const {
        if (width <= max_width) return text;
        return number ? clip_number(text, max_width) : clip_end(text, max_width);
    }
};

struct ShownColumn {
    ShownCell name;
    std::vector<ShownCell> cells;
};

// A view of a payload, which must outlive it. Makes a column safe when it is first used and keeps it, because the
// fitter tries several layouts and most columns of a wide table are never shown. Rows may differ in length.
class SampleView {
  public:
    SampleView(const ResultPayload& payload, std::size_t max_rows, std::size_t max_width)
        : payload_(payload),
          max_width_(max_width),
          features_(payload.columns.size()),
          predictions_(payload.prediction_columns.size()) {
        for (const SampleRow& row : payload.sample) features_ = (std::max)(features_, row.size());
        for (const SampleRow& row : payload.predictions_sample) predictions_ = (std::max)(predictions_, row.size());
        columns_ = std::vector<ShownColumn>(columns());
        rows_ = (std::min)(max_rows, rows_in_message());
    }

    [[nodiscard]] std::size_t features() const noexcept { return features_; }
    // Counts also the columns that the message does not list; it lists the first ones.
    [[nodiscard]] std::uint64_t features_total() const noexcept {
        return (std::max)(payload_.columns_total, std::uint64_t{features_});
    }
    [[nodiscard]] bool list_cut() const noexcept { return features_total() > features_; }
    [[nodiscard]] std::size_t predictions() const noexcept { return predictions_; }
    [[nodiscard]] std::size_t columns() const noexcept { return features_ + predictions_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t rows_in_message() const noexcept {
        return (std::max)(payload_.sample.size(), payload_.predictions_sample.size());
    }

    // Returns the column at `index`, in a table whose predictions follow its features.
    [[nodiscard]] const ShownColumn& column(std::size_t index) {
        ShownColumn& column = columns_[index];
        if (!column.cells.empty() || rows_ == 0) return column;
        column.name = shown(name(index), false, false);
        column.cells = std::vector<ShownCell>(rows_);
        for (std::size_t row = 0; row < rows_; ++row) column.cells[row] = cell(row, index);
        return column;
    }

    // Returns the name of a prediction column, or "prediction" if the message has no name for it.
    [[nodiscard]] std::string prediction_name(std::size_t index, std::size_t max_width) const {
        const auto& names = payload_.prediction_columns;
        if (index < names.size() && !names[index].empty()) return safe_text(names[index], max_width);
        return clip_end(index == 0 ? "prediction" : "prediction " + std::to_string(index + 1), max_width);
    }

  private:
    [[nodiscard]] std::string name(std::size_t index) const {
        if (index >= features_) return prediction_name(index - features_, max_width_);
        if (index < payload_.columns.size()) return safe_text(payload_.columns[index], max_width_);
        return "column " + std::to_string(index + 1);
    }

    [[nodiscard]] ShownCell cell(std::size_t row, std::size_t index) const {
        const bool feature = index < features_;
        const auto& rows = feature ? payload_.sample : payload_.predictions_sample;
        const std::size_t column = feature ? index : index - features_;
        if (row >= rows.size() || column >= rows[row].size()) return shown("-", false, true);
        const SampleCell& cell = rows[row][column];
        switch (cell.kind) {
            case SampleCell::Kind::missing: return shown("-", false, true);
            case SampleCell::Kind::null: return shown("null", false, true);
            case SampleCell::Kind::number: return shown(clip_number(safe_text(cell.text), max_width_), true, false);
            default: return shown(safe_text(cell.text, max_width_), false, false);
        }
    }

    [[nodiscard]] static ShownCell shown(std::string text, bool number, bool empty) {
        const std::size_t width = display_width(text);
        return {std::move(text), width, number, empty};
    }

    const ResultPayload& payload_;
    std::size_t max_width_;
    std::size_t features_;
    std::size_t predictions_;
    std::size_t rows_ = 0;
    std::vector<ShownColumn> columns_;
};

}  // namespace curtail::inline v0::detail
