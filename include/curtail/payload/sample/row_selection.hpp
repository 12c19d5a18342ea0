// SPDX-License-Identifier: MIT
#pragma once
// The rows of a sample that is not the first rows: by number, by chance or by prediction.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/split_mix.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/kept_cell.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Returns the name of a strategy in the message.
[[nodiscard]] constexpr std::string_view strategy_name(SampleStrategy strategy) noexcept {
    switch (strategy) {
        case SampleStrategy::tail: return "tail";
        case SampleStrategy::random: return "random";
        case SampleStrategy::highest_predictions: return "highest_predictions";
        case SampleStrategy::lowest_predictions: return "lowest_predictions";
        case SampleStrategy::head: break;
    }
    return "head";
}

// The rows of a sample. If there must be fewer of them, those at the end are left out.
struct SelectedRows {
    std::vector<std::uint64_t> numbers;  // of rows in the table, from 0; empty for the head
    bool in_table_order = true;          // how they are shown; otherwise in the order of `numbers`
};

// A copy of one row in at most `max_bytes` bytes: short texts whole, and the long ones cut evenly. A column is taken to
// need 8 bytes and its number, or 32 bytes of its text.
class RowCopy {
  public:
    RowCopy(std::size_t max_bytes, std::size_t max_columns)
        : max_bytes_(max_bytes), max_columns_(max_columns), keeper_(max_bytes, true) {}

    void add_prediction(const Cell& cell) { row_.predictions.push_back(keeper_.keep(cell)); }
    // Ignores what comes after the last column that is kept, predictions included.
    void add_feature(const Cell& value) {
        if (row_.features.size() == max_columns_ || bytes_ > max_bytes_) return;
        KeptCell cell = keeper_.keep(value);
        bytes_ += 8 + (cell.cuttable() ? (std::min)(cell.text.size(), cell_floor_bytes) : cell.text.size());
        if (bytes_ <= max_bytes_) row_.features.push_back(std::move(cell));
    }

    [[nodiscard]] KeptRow take() {
        for (KeptCell& cell : row_.features) keeper_.recut(cell);
        for (KeptCell& cell : row_.predictions) keeper_.recut(cell);
        row_.features.shrink_to_fit();
        return std::move(row_);
    }

  private:
    std::size_t max_bytes_;
    std::size_t max_columns_;
    CellKeeper keeper_;
    KeptRow row_;
    std::size_t bytes_ = 0;
};

// Keeps `max_rows` rows of those it is offered, by any strategy but head. Which ones, and what of each, depends only on
// the rows and their numbers, never on batches.
//
// Random rows are those whose numbers have the smallest hashes with the seed. The same seed chooses the same rows in
// tables of the same length, and of the rows of a shorter table a longer one shows only those that the shorter one
// showed. Predictions are compared as doubles. Equal ones keep the order of the table; nulls, NaN and what is not a
// number come last.
//
// Rows are copied, because a better row can replace them, so each is kept in a share of the memory: the texts of a row
// in 6 * max_bytes / max_rows bytes (600 KB of 1 MB for ten rows). A message shows less than a table has only if rows
// are many and their texts differ much in length. Rows that no message could show are not kept: up to 100 rows always
// are, more only as far as `max_bytes` could hold them with all columns.
class RowSelection {
  public:
    // `names` are the columns' names as far as they could be shown. Throws UsageError (invalid_option) if there is no
    // prediction to choose by.
    RowSelection(const Schema& schema, SampleStrategy strategy, std::uint64_t seed, std::size_t max_rows,
                 std::size_t max_bytes, const std::vector<std::string>& names)
        : strategy_(strategy),
          seed_(split_mix(seed + split_mix_step)),
          feature_count_(schema.feature_count()),
          max_columns_(max_columns_of_a_row(names, max_bytes)),
          max_rows_(max_rows_of(schema, max_rows, max_bytes, names)),
          max_row_bytes_(max_rows_ == 0 ? 0 : (std::min)(max_bytes, max_bytes / max_rows_ * 6)) {
        if (by_prediction() && schema.prediction_count() == 0) {
            throw UsageError(ErrorCode::invalid_option,
                             "a sample by its predictions needs a prediction column: mark one, or choose another "
                             "SampleStrategy");
        }
    }

    void offer(const BatchView& batch) {
        const std::size_t count = batch.rows();
        entered_.clear();
        for (std::size_t row = first_candidate(count); row < count && max_rows_ > 0; ++row) {
            consider(by_prediction() ? rank_of_prediction(batch, row) : rank_of_number(offered_ + row), offered_ + row);
        }
        // Copies rows only now, when it is known which of the batch are still among the best.
        for (const auto& [slot, number] : entered_) {
            if (slots_[slot].number != number) continue;
            const auto row = cast_to<std::size_t>(number - offered_);
            RowCopy copy(max_row_bytes_, max_columns_);
            batch.visit_row(row, feature_count_, [&](const Cell& cell) { copy.add_prediction(cell); });
            batch.visit_row(row, 0, [&](const Cell& cell) { copy.add_feature(cell); });
            slots_[slot].cells = copy.take();
        }
        offered_ += count;
    }

    // Gives the rows to `sample`, the best first, and forgets them.
    [[nodiscard]] SelectedRows hand_over(FirstRows& sample) {
        SelectedRows selected;
        selected.in_table_order = !by_prediction();
        std::sort(best_.begin(), best_.end());
        for (const Ranked& ranked : best_) {
            Slot& slot = slots_[ranked.slot];
            selected.numbers.push_back(slot.number);
            sample.offer(slot.cells);
            slot.cells = {};
        }
        best_.clear();
        slots_.clear();
        return selected;
    }

  private:
    // A row among the best so far. In the heap the worst of them comes first.
    struct Ranked {
        std::uint64_t rank;  // the lower, the better
        std::uint64_t number;
        std::size_t slot;

        friend bool operator<(const Ranked& a, const Ranked& b) noexcept {
            return a.rank != b.rank ? a.rank < b.rank : a.number < b.number;
        }
    };
    struct Slot {
        std::uint64_t number = 0;
        KeptRow cells;
    };

    // Returns how many rows with all columns a message of `max_bytes` can hold, but at most `max_rows`.
    [[nodiscard]] static std::size_t max_rows_of(const Schema& schema, std::size_t max_rows, std::size_t max_bytes,
                                                 const std::vector<std::string>& names) noexcept {
        std::size_t row_bytes = 3 + 2 * schema.prediction_count();
        for (const std::string& name : names) row_bytes += name.size() + 5;
        return (std::min)(max_rows, (std::max)(std::size_t{100}, max_bytes / row_bytes));
    }

    // Returns how many columns a message can show of a single row. Each takes its name and `"":0,` there, and its name
    // and 9 bytes in the lists of names and types.
    [[nodiscard]] static std::size_t max_columns_of_a_row(const std::vector<std::string>& names,
                                                          std::size_t max_bytes) noexcept {
        std::size_t columns = 0;
        for (std::size_t bytes = 0; columns < names.size(); ++columns) {
            bytes += 2 * names[columns].size() + 14;
            if (bytes >= max_bytes) break;
        }
        return columns;
    }

    [[nodiscard]] bool by_prediction() const noexcept {
        return strategy_ == SampleStrategy::highest_predictions || strategy_ == SampleStrategy::lowest_predictions;
    }

    // Returns the first row of a batch that is not sure to be pushed out by later rows of the same batch.
    [[nodiscard]] std::size_t first_candidate(std::size_t count) const noexcept {
        return strategy_ == SampleStrategy::tail && count > max_rows_ ? count - max_rows_ : 0;
    }

    void consider(std::uint64_t rank, std::uint64_t number) {
        if (best_.size() < max_rows_) {
            slots_.emplace_back();
            enter({rank, number, slots_.size() - 1});
        } else if (Ranked ranked{rank, number, 0}; ranked < best_.front()) {
            std::pop_heap(best_.begin(), best_.end());
            ranked.slot = best_.back().slot;
            best_.pop_back();
            enter(ranked);
        }
    }

    void enter(const Ranked& ranked) {
        slots_[ranked.slot].number = ranked.number;
        entered_.emplace_back(ranked.slot, ranked.number);
        best_.push_back(ranked);
        std::push_heap(best_.begin(), best_.end());
    }

    [[nodiscard]] std::uint64_t rank_of_number(std::uint64_t number) const noexcept {
        return strategy_ == SampleStrategy::random ? split_mix(seed_ + number * split_mix_step) : ~number;
    }

    [[nodiscard]] std::uint64_t rank_of_prediction(const BatchView& batch, std::size_t row) const {
        std::optional<double> number;
        bool first = true;
        batch.visit_row(row, feature_count_, [&](const auto& value) {
            if (std::exchange(first, false)) number = number_of(value);
        });
        if (!number || is_nan(*number)) return (std::numeric_limits<std::uint64_t>::max)();
        const std::uint64_t ascending = order_bits(*number + 0.0);  // the addition turns -0.0 into 0.0
        return strategy_ == SampleStrategy::lowest_predictions ? ascending : ~ascending;
    }

    SampleStrategy strategy_;
    std::uint64_t seed_;
    std::size_t feature_count_;
    std::size_t max_columns_;
    std::size_t max_rows_;
    std::size_t max_row_bytes_;
    std::uint64_t offered_ = 0;  // rows before the current batch
    std::vector<Ranked> best_;
    std::vector<Slot> slots_;
    std::vector<std::pair<std::size_t, std::uint64_t>> entered_;  // slot and number of rows of the current batch
};

}  // namespace curtail::inline v0::detail
