// SPDX-License-Identifier: MIT
#pragma once
// The first rows of a table, kept in no more memory than a message could use of them.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/sample/kept_cell.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Keeps the first `max_rows` rows that it is offered, and of each cell as much as a message of `max_bytes` bytes could
// show: a few times max_bytes in all, however long the cells are. If a row could not fit even with its texts cut to
// cell_floor_bytes, as many of its columns are kept as could. The first row whose predictions alone could not fit ends
// the sample. What is kept of a row depends on the rows before it alone, so the first of many rows are kept as they
// would be if no others came.
class FirstRows {
  public:
    FirstRows(const Schema& schema, std::size_t max_rows, std::size_t max_bytes)
        : max_rows_(max_rows),
          max_bytes_(max_bytes),
          feature_count_(schema.feature_count()),
          keeper_(max_bytes),
          full_(max_rows == 0) {
        name_columns(schema);
    }

    // Returns an empty sample of the same table that cuts no text below `floor` bytes when a row is kept once more.
    [[nodiscard]] FirstRows emptied(std::size_t floor) const {
        FirstRows sample = *this;
        sample.keeper_ = CellKeeper(max_bytes_, floor);
        static_cast<void>(sample.take());
        return sample;
    }

    // Returns the columns' names as the message spells them, as many as could fit. They are valid UTF-8, and repeated
    // names are numbered as pandas.read_csv does it (a, a.1), because a row is an object and needs different keys.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return *names_; }

    // Returns the first column whose name is numbered, and the first whose name is not UTF-8; names().size() or more if
    // there is none.
    [[nodiscard]] std::size_t first_renamed() const noexcept { return first_renamed_; }
    [[nodiscard]] std::size_t first_replaced() const noexcept { return first_replaced_; }

    // Returns the features of each row kept. No row has more of them than the row before.
    [[nodiscard]] const std::vector<std::vector<KeptCell>>& rows() const noexcept { return rows_; }
    // Returns the predictions of each row kept.
    [[nodiscard]] const std::vector<std::vector<KeptCell>>& predictions() const noexcept { return prediction_rows_; }

    void offer(const BatchView& batch) {
        const std::size_t count = batch.rows();
        for (std::size_t row = 0; row < count && !full_; ++row) offer(batch, row);
    }
    // Offers one row. Returns true if it is kept.
    bool offer(const BatchView& batch, std::size_t row) {
        return read([&] { batch.visit_row(row, feature_count_, [&](const Cell& cell) { add_prediction(cell); }); },
                    [&] { batch.visit_row(row, 0, [&](const Cell& cell) { add_feature(cell); }); });
    }
    // Offers a row that was kept elsewhere: as the first row, or after some of the rows that come before it here. Keeps
    // of it what would be kept of the original.
    bool offer(const KeptRow& row) {
        const auto each = [](const std::vector<KeptCell>& cells, auto add) {
            for (const KeptCell& cell : cells) add(cell);
        };
        return read([&] { each(row.predictions, [&](const KeptCell& cell) { add_prediction(cell); }); },
                    [&] { each(row.features, [&](const KeptCell& cell) { add_feature(cell); }); });
    }

    // Returns the rows, and begins anew.
    [[nodiscard]] std::vector<KeptRow> take() {
        std::vector<KeptRow> taken(rows_.size());
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            taken[row] = {std::move(rows_[row]), std::move(prediction_rows_[row])};
        }
        rows_.clear();
        prediction_rows_.clear();
        keeper_.clear();
        full_ = max_rows_ == 0;
        max_columns_ = names_->size();
        min_message_bytes_.assign(max_columns_ + 1, 0);
        return taken;
    }

  private:
    // The row that is being read, as far as it could fit.
    struct Draft {
        KeptRow row;
        std::size_t min_bytes = 2;  // of this row alone, with the columns read so far
        bool fits = true;
        // As FirstRows::min_message_bytes_, but with this row. Empty if the row cannot fit at all.
        std::vector<std::size_t> min_message_bytes;
    };

    template <class Predictions, class Features>
    bool read(Predictions read_predictions, Features read_features) {
        if (full_) return false;
        const std::size_t before = rows_.size();
        do {
            begin_row();
            read_predictions();
            begin_features();
            read_features();
        } while (!end_row());
        return rows_.size() != before;
    }

    void begin_row() {
        draft_ = Draft();
        draft_.fits = could_fit(0);
    }
    template <class AnyCell>
    void add_prediction(const AnyCell& cell) {
        if (!draft_.fits) return;
        draft_.row.predictions.push_back(keeper_.keep(cell));
        draft_.min_bytes += 1 + draft_.row.predictions.back().min_message_bytes();
        draft_.fits = could_fit(0);
    }
    void begin_features() {
        if (draft_.fits) draft_.min_message_bytes.push_back(min_message_bytes_[0] + draft_.min_bytes);
    }
    // Ignores what comes after the last column that can be shown, predictions included.
    template <class AnyCell>
    void add_feature(const AnyCell& cell) {
        const std::size_t column = draft_.row.features.size();
        if (!draft_.fits || column == max_columns_) return;
        // Each row repeats the column's name with quotes, a colon and a comma. The first row pays for the lists, too.
        draft_.min_bytes += names()[column].size() + 4 + (rows_.empty() ? min_list_bytes(column) : 0);
        draft_.fits = could_fit(column + 1);
        if (!draft_.fits) return;
        KeptCell kept = keeper_.keep(cell);
        draft_.min_bytes += kept.min_message_bytes();
        draft_.fits = could_fit(column + 1);
        if (!draft_.fits) return;
        draft_.row.features.push_back(std::move(kept));
        draft_.min_message_bytes.push_back(min_message_bytes_[column + 1] + draft_.min_bytes);
    }
    // Returns false if the row must be read again.
    [[nodiscard]] bool end_row() {
        if (draft_.min_message_bytes.empty()) {
            full_ = true;
            return true;
        }
        if (draft_.row.features.size() < max_columns_) {
            forget_columns_from(draft_.row.features.size());
            // Without the cells that were forgotten, more of this row's texts could be kept.
            if (!rows_.empty()) return false;
            for (const KeptCell& cell : draft_.row.predictions) keeper_.count(cell);
            for (const KeptCell& cell : draft_.row.features) keeper_.count(cell);
        }
        // A vector that grows can be half empty.
        draft_.row.features.shrink_to_fit();
        min_message_bytes_ = std::move(draft_.min_message_bytes);
        rows_.push_back(std::move(draft_.row.features));
        prediction_rows_.push_back(std::move(draft_.row.predictions));
        full_ = rows_.size() == max_rows_;
        return true;
    }

    // Returns true if a message can hold all rows with `columns` columns each, as far as the draft is read.
    [[nodiscard]] bool could_fit(std::size_t columns) const noexcept {
        return min_message_bytes_[columns] + draft_.min_bytes < max_bytes_;
    }

    // Keeps no row with more columns from now on. Cells in the other columns are never shown together with the next
    // rows, so they no longer count in the bytes that the texts share.
    void forget_columns_from(std::size_t columns) {
        max_columns_ = columns;
        keeper_.clear();
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (const KeptCell& cell : prediction_rows_[row]) keeper_.count(cell);
            for (std::size_t column = 0; column < columns; ++column) keeper_.count(rows_[row][column]);
        }
    }

    // Returns the fewest bytes that a column takes in the lists of names and types: two strings with quotes and commas,
    // and a type has at least three letters.
    [[nodiscard]] std::size_t min_list_bytes(std::size_t column) const noexcept { return names()[column].size() + 9; }

    void name_columns(const Schema& schema) {
        std::unordered_map<std::string, std::size_t> uses;
        std::size_t list_bytes = 0;
        const auto names = std::make_shared<std::vector<std::string>>();
        names_ = names;
        for (std::size_t column = 0; column < feature_count_ && list_bytes < max_bytes_; ++column) {
            if (schema[column].name.size() >= max_bytes_ - list_bytes) break;
            const std::string name = to_valid_utf8(schema[column].name);
            if (name != schema[column].name) first_replaced_ = (std::min)(first_replaced_, column);
            std::string unique = name;
            while (uses.contains(unique)) unique = name + "." + std::to_string(uses[name]++);
            if (unique != name) first_renamed_ = (std::min)(first_renamed_, column);
            uses.emplace(unique, 1);
            names->push_back(std::move(unique));
            list_bytes += min_list_bytes(column);
        }
        max_columns_ = names->size();
        min_message_bytes_.assign(max_columns_ + 1, 0);
    }

    std::size_t max_rows_;
    std::size_t max_bytes_;
    std::size_t feature_count_;
    CellKeeper keeper_;
    bool full_;
    std::shared_ptr<const std::vector<std::string>> names_;  // copies share them: there can be many
    std::vector<std::vector<KeptCell>> rows_;
    std::vector<std::vector<KeptCell>> prediction_rows_;
    std::size_t first_renamed_ = (std::numeric_limits<std::size_t>::max)();
    std::size_t first_replaced_ = (std::numeric_limits<std::size_t>::max)();
    std::size_t max_columns_ = 0;  // of the next row
    // [n]: the fewest bytes that the kept rows take in a message with n columns of each; never overestimated.
    std::vector<std::size_t> min_message_bytes_;
    Draft draft_;
};

}  // namespace curtail::inline v0::detail
