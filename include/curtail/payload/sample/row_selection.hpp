// SPDX-License-Identifier: MIT
#pragma once
// Which rows of a table are its sample, when it is not the first ones.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/kept_cell.hpp>
#include <curtail/payload/sample/kept_row.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// The name that stands in the message.
[[nodiscard]] constexpr std::string_view strategy_name(SampleStrategy strategy) noexcept {
    switch (strategy) {
        case SampleStrategy::tail: return "tail";
        case SampleStrategy::head_and_tail: return "head_and_tail";
        case SampleStrategy::random: return "random";
        case SampleStrategy::highest_predictions: return "highest_predictions";
        case SampleStrategy::lowest_predictions: return "lowest_predictions";
        case SampleStrategy::head: break;
    }
    return "head";
}

// The rows of a sample, the one that gives way last first.
struct SelectedRows {
    std::vector<std::uint64_t> numbers;  // of rows in the table, from 0; empty for the head
    bool in_table_order = true;          // how they are shown; else in the order of `numbers`
};

// Keeps `max_rows` rows of what it is offered, by any strategy but head. Which ones, and what of each, depends on the
// rows and their numbers alone, never on batches.
//
// Random rows are those whose numbers have the least hashes with the seed: the same seed chooses the same rows of
// tables of the same length, and what a longer table shows of them is what the shorter one showed. Predictions are
// compared as doubles; equal ones keep the order of the table, and nulls, NaN and what is no number come last.
//
// Rows that may have to go again are copied, so no more of one is kept than its share: of its texts together six times
// `max_bytes` divided by max_rows bytes (600 KB of 1 MB at ten rows), short texts whole and the long ones evenly; and
// as many columns as take that much at 8 bytes each and their numbers, or 32 bytes of a text. So nothing is cut that a
// message could have shown but where rows are many and their texts of very different length. Rows that no message
// could show are not kept: up to 100 always are, more only as far as `max_bytes` could hold them with all columns.
//
// `Keeper` decides what of a cell is kept. A template, because most files that include this show the first rows and
// would compile it all the same.
template <class Keeper>
class BasicRowSelection {
  public:
    // `names` are the columns' names as far as they could be shown. Throws UsageError (invalid_option) where there is
    // no prediction to choose by.
    BasicRowSelection(const Schema& schema, SampleStrategy strategy, std::uint64_t seed, std::size_t max_rows,
                      std::size_t max_bytes, const std::vector<std::string>& names)
        : strategy_(strategy),
          seed_(mixed(seed + golden_ratio)),
          features_(schema.feature_count()),
          width_(names.size()),
          capacity_(most_rows(schema, max_rows, max_bytes, names)),
          first_rows_(strategy == SampleStrategy::head_and_tail ? capacity_ - capacity_ / 2 : 0),
          room_(capacity_ == 0 ? 0 : (std::min)(max_bytes, max_bytes / capacity_ * 6)) {
        if (by_prediction() && schema.prediction_count() == 0) {
            throw UsageError(ErrorCode::invalid_option,
                             "a sample by its predictions needs a prediction column: mark one, or choose another "
                             "SampleStrategy");
        }
    }

    void offer(const BatchView& batch) {
        const std::size_t count = batch.rows();
        fresh_.clear();
        for (std::size_t row = first_candidate(count); row < count && capacity_ > 0; ++row) {
            const Place place{rank_of(batch, row), offered_ + row, slots_.size()};
            if (best_.size() < capacity_) {
                slots_.emplace_back();
                enter(place);
            } else if (place < best_.front()) {
                std::pop_heap(best_.begin(), best_.end());
                const std::size_t slot = best_.back().slot;
                best_.pop_back();
                enter({place.rank, place.row, slot});
            }
        }
        // Only now it is known which rows of the batch are worth a copy.
        for (const auto& [slot, row] : fresh_) {
            if (slots_[slot].row == row) slots_[slot].cells = read(batch, static_cast<std::size_t>(row - offered_));
        }
        offered_ += count;
    }

    // Gives the rows to `sample` and forgets them.
    [[nodiscard]] SelectedRows hand_over(BasicSample<Keeper>& sample) {
        SelectedRows selected;
        selected.in_table_order = !by_prediction();
        std::sort(best_.begin(), best_.end());
        for (std::size_t i = 0; i < best_.size(); ++i) {
            Slot& slot = slots_[best_[place_at(i)].slot];
            selected.numbers.push_back(slot.row);
            sample.offer(unpack_row(slot.cells));
            slot.cells = {};
        }
        best_.clear();
        slots_.clear();
        return selected;
    }

  private:
    // A row among the best so far; the heap holds the worst of them at its front.
    struct Place {
        std::uint64_t rank;
        std::uint64_t row;
        std::size_t slot;

        friend bool operator<(const Place& a, const Place& b) noexcept {
            return a.rank != b.rank ? a.rank < b.rank : a.row < b.row;
        }
    };
    struct Slot {
        std::uint64_t row = 0;
        std::string cells;
    };

    static constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15U;
    static constexpr std::uint64_t no_number = (std::numeric_limits<std::uint64_t>::max)();

    // A message of `max_bytes` holds so many rows, or fewer, with all columns.
    [[nodiscard]] static std::size_t most_rows(const Schema& schema, std::size_t max_rows, std::size_t max_bytes,
                                               const std::vector<std::string>& names) noexcept {
        std::size_t row_bytes = 3 + 2 * schema.prediction_count();
        for (const std::string& name : names) row_bytes += name.size() + 5;
        return (std::min)(max_rows, (std::max)(std::size_t{100}, max_bytes / row_bytes));
    }

    [[nodiscard]] bool by_prediction() const noexcept {
        return strategy_ == SampleStrategy::highest_predictions || strategy_ == SampleStrategy::lowest_predictions;
    }

    // The first row of a batch of `count` that is not sure to be followed by enough better ones.
    [[nodiscard]] std::size_t first_candidate(std::size_t count) const noexcept {
        const bool last = strategy_ == SampleStrategy::tail ||
                          (strategy_ == SampleStrategy::head_and_tail && offered_ >= first_rows_);
        return last && count > capacity_ ? count - capacity_ : 0;
    }

    // Which of the sorted places comes `i`-th: head and tail, which stand one after the other, in turn.
    [[nodiscard]] std::size_t place_at(std::size_t i) const noexcept {
        const std::size_t heads = (std::min)(first_rows_, best_.size());
        const std::size_t pairs = (std::min)(heads, best_.size() - heads);
        if (i < 2 * pairs) return i % 2 == 0 ? i / 2 : heads + i / 2;
        return pairs < heads ? i - pairs : i;
    }

    void enter(const Place& place) {
        slots_[place.slot].row = place.row;
        fresh_.emplace_back(place.slot, place.row);
        best_.push_back(place);
        std::push_heap(best_.begin(), best_.end());
    }

    // The lower, the better.
    [[nodiscard]] std::uint64_t rank_of(const BatchView& batch, std::size_t row) const {
        const std::uint64_t number = offered_ + row;
        switch (strategy_) {
            case SampleStrategy::random: return mixed(seed_ + number * golden_ratio);
            case SampleStrategy::highest_predictions:
            case SampleStrategy::lowest_predictions: return rank_of_prediction(batch, row);
            default: return number < first_rows_ ? 0 : ~number;
        }
    }

    [[nodiscard]] std::uint64_t rank_of_prediction(const BatchView& batch, std::size_t row) const {
        std::optional<double> number;
        bool first = true;
        batch.visit_row(row, features_, [&](const auto& value) {
            if (!std::exchange(first, false)) return;
            number = number_of(value);
        });
        if (!number || std::isnan(*number)) return no_number;
        // The bits of doubles, read as integers, have the order of their values once the negative ones are turned
        // over. Adding zero makes one of the two zeros.
        constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
        const auto bits = std::bit_cast<std::uint64_t>(*number + 0.0);
        const std::uint64_t ascending = (bits & sign) != 0 ? ~bits : bits | sign;
        return strategy_ == SampleStrategy::lowest_predictions ? ascending : ~ascending;
    }

    // The finalizer of SplitMix64 (Steele et al. 2014).
    [[nodiscard]] static constexpr std::uint64_t mixed(std::uint64_t z) noexcept {
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    [[nodiscard]] std::string read(const BatchView& batch, std::size_t row) const {
        Keeper keeper(room_, true);
        KeptRow kept;
        batch.visit_row(row, features_, [&](const auto& value) { kept.predictions.push_back(keeper.keep(value)); });
        std::size_t size = 0;
        batch.visit_row(row, 0, [&](const auto& value) {
            if (kept.features.size() == width_ || size > room_) return;
            KeptCell cell = keeper.keep(value);
            size += 8 + (cell.cuttable() ? (std::min)(cell.text.size(), cell_floor_bytes) : cell.text.size());
            if (size <= room_) kept.features.push_back(std::move(cell));
        });
        for (KeptCell& cell : kept.features) keeper.recut(cell);
        for (KeptCell& cell : kept.predictions) keeper.recut(cell);
        return pack_row(kept);
    }

    SampleStrategy strategy_;
    std::uint64_t seed_;
    std::size_t features_;
    std::size_t width_;  // columns that could be shown
    std::size_t capacity_;
    std::size_t first_rows_;  // so many of the capacity are for the first rows
    std::size_t room_;        // of one row
    std::uint64_t offered_ = 0;
    std::vector<Place> best_;
    std::vector<Slot> slots_;
    std::vector<std::pair<std::size_t, std::uint64_t>> fresh_;  // slot and row: what of the batch came among the best
};

using RowSelection = BasicRowSelection<CellKeeper>;

}  // namespace curtail::inline v0::detail
