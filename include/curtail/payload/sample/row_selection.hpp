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
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/kept_cell.hpp>
#include <curtail/payload/sample/pack_row.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Returns the name of a strategy in the message.
[[nodiscard]] constexpr std::string_view strategy_name(SampleStrategy strategy) noexcept {
    switch (strategy) {
        case SampleStrategy::tail: return tail_strategy;
        case SampleStrategy::random: return random_strategy;
        case SampleStrategy::highest_predictions: return highest_strategy;
        case SampleStrategy::lowest_predictions: return lowest_strategy;
        case SampleStrategy::head: break;
    }
    return "head";
}

// The rows of a sample. If there must be fewer of them, those at the end are left out.
struct SelectedRows {
    std::vector<std::uint64_t> numbers;  // of rows in the table, from 0; empty for the head
    bool in_table_order = true;          // how they are shown; otherwise in the order of `numbers`
};

// Keeps `max_rows` rows of those it is offered, by any strategy but head. Which ones, and what of each, depends only on
// the rows and their numbers, never on batches.
//
// Random rows are those whose numbers have the smallest hashes with the seed. The same seed chooses the same rows in
// tables of the same length, and of the rows of a shorter table a longer one shows only those that the shorter one
// showed. Of a part whose first row is not known, part and row are hashed: a random choice too, but another one.
// Predictions are compared as doubles. Equal ones keep the order of the table; nulls, NaN and what is not a
// number come last.
//
// In the end FirstRows is given the rows, the best first, as if they were a table. So asking for more rows never shows
// fewer rows or columns, nor less of a text while it shows no more rows. Rows are copied, because better ones can come
// before them, which only lowers what a message can show of a row. So when the copies take more than a few times
// `max_bytes`, those that no message can show any more are dropped or cut, again by FirstRows: in between they take
// little more memory than the first rows of a table do.
class RowSelection {
  public:
    // `empty` is the sample that the rows will go into. Throws UsageError (invalid_option) if there is no prediction to
    // choose by.
    RowSelection(const Schema& schema, SampleStrategy strategy, std::uint64_t seed, std::size_t max_rows,
                 std::size_t max_bytes, const FirstRows& empty)
        : strategy_(strategy),
          seed_(split_mix(seed + split_mix_step)),
          feature_count_(schema.feature_count()),
          max_rows_((std::min)(max_rows, max_bytes / (2 + 2 * schema.prediction_count()))),
          spare_bytes_(4 * (std::min)(max_bytes, no_limit) + (std::size_t{16} << 10U)),
          max_copied_bytes_(spare_bytes_),
          sample_(empty.emptied(text_floor)) {
        if (by_prediction() && schema.prediction_count() == 0) {
            throw UsageError(ErrorCode::invalid_option,
                             "a sample by its predictions needs a prediction column: mark one, or choose another "
                             "SampleStrategy");
        }
    }

    // Says that the rows are those of a table from `first` on. Call it before the first row.
    void begin_at(std::uint64_t first) noexcept { first_ = first; }
    // Says that the rows are a part of a table whose first row is not known. Call it before the first row.
    void begin_part(std::uint64_t part) noexcept { seed_ = split_mix(seed_ + (part + 1) * part_step); }

    void offer(const BatchView& batch) {
        const std::size_t count = batch.rows();
        entered_.clear();
        for (std::size_t row = first_candidate(count); row < count && max_rows_ > 0; ++row) {
            consider(by_prediction() ? rank_of_prediction(batch, row) : rank_of_number(offered_ + row), offered_ + row);
        }
        // Copies rows only now, when it is known which of the batch are still among the best; the best first, because
        // they may show that the others do not fit.
        std::sort(entered_.begin(), entered_.end());
        for (const Ranked& ranked : entered_) {
            if (slots_[ranked.slot].number == ranked.number) copy(batch, ranked);
        }
        offered_ += count;
    }

    // Offers a row that another selection gave by take(); its number is that in the whole table now.
    void offer(const RankedRow& row) {
        if (max_rows_ == 0) return;
        entered_.clear();
        consider(strategy_ == SampleStrategy::tail ? ~row.number : row.rank, row.number);
        if (!entered_.empty()) settle(entered_.front(), sample_.offer(row.cells));
    }
    // Says that another selection had this row and could not keep it. So neither it nor a worse one can be shown.
    void leave_out(RowPlace place) {
        if (strategy_ == SampleStrategy::tail) place.rank = ~place.number;
        const Ranked ranked{place.rank, place.number, 0};
        if (!first_dropped_ || ranked < *first_dropped_) drop_from(ranked);
    }
    // Returns the best row that was dropped because no message could show it, if there was one.
    [[nodiscard]] std::optional<RowPlace> left_out() const noexcept {
        return first_dropped_ ? std::optional(RowPlace{first_dropped_->rank, first_dropped_->number}) : std::nullopt;
    }

    // Returns the rows, the best first, each with as much as a message could show of it, and forgets them. Their
    // numbers count from the first row that was offered.
    [[nodiscard]] std::vector<RankedRow> take() {
        compact();
        std::sort(best_.begin(), best_.end());
        std::vector<RankedRow> rows;
        rows.reserve(best_.size());
        for (const Ranked& ranked : best_) {
            rows.push_back({{ranked.rank, ranked.number}, std::exchange(slots_[ranked.slot].cells, {})});
        }
        forget_rows();
        return rows;
    }

    // Gives the rows to `sample`, the best first, and forgets them.
    [[nodiscard]] SelectedRows hand_over(FirstRows& sample) {
        SelectedRows selected;
        selected.in_table_order = !by_prediction();
        std::sort(best_.begin(), best_.end());
        for (const Ranked& ranked : best_) {
            if (!sample.offer(std::exchange(slots_[ranked.slot].cells, {}))) break;
            selected.numbers.push_back(ranked.number);
        }
        forget_rows();
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
        std::uint64_t number = no_row;
        std::size_t bytes = 0;  // of `cells`; 0 before they are copied
        KeptRow cells;
    };

    static constexpr std::size_t no_limit = (std::numeric_limits<std::size_t>::max)() / 8;
    // The fewest bytes that are kept of a text. FirstRows may count on a column that the message then cannot show. The
    // other texts share what that would have taken: twice its name and at most 200 bytes.
    static constexpr std::size_t text_floor = 512;
    static constexpr std::uint64_t no_row = (std::numeric_limits<std::uint64_t>::max)();
    static constexpr std::uint64_t part_step = 0xD1B5'4A32'D192'ED03U;  // any odd number but split_mix_step

    [[nodiscard]] bool by_prediction() const noexcept {
        return strategy_ == SampleStrategy::highest_predictions || strategy_ == SampleStrategy::lowest_predictions;
    }

    // Returns the first row of a batch that is not sure to be pushed out by later rows of the same batch.
    [[nodiscard]] std::size_t first_candidate(std::size_t count) const noexcept {
        return strategy_ == SampleStrategy::tail && count > max_rows_ ? count - max_rows_ : 0;
    }

    void consider(std::uint64_t rank, std::uint64_t number) {
        Ranked ranked{rank, number, slots_.size()};
        if (first_dropped_ && !(ranked < *first_dropped_)) return;
        if (best_.size() >= max_rows_) {
            if (!(ranked < best_.front())) return;
            std::pop_heap(best_.begin(), best_.end());
            empty(best_.back().slot);
            best_.pop_back();
        }
        if (free_.empty()) {
            slots_.emplace_back();
        } else {
            ranked.slot = free_.back();
            free_.pop_back();
        }
        slots_[ranked.slot].number = number;
        entered_.push_back(ranked);
        best_.push_back(ranked);
        std::push_heap(best_.begin(), best_.end());
    }

    void empty(std::size_t slot) {
        copied_bytes_ -= slots_[slot].bytes;
        slots_[slot] = {};
        free_.push_back(slot);
    }

    void forget_rows() noexcept {
        best_.clear();
        slots_.clear();
        free_.clear();
        copied_bytes_ = 0;
    }

    void copy(const BatchView& batch, const Ranked& ranked) {
        settle(ranked, sample_.offer(batch, cast_to<std::size_t>(ranked.number - offered_)));
    }

    // Keeps the row that sample_ has taken, or drops it if it did not fit.
    void settle(const Ranked& ranked, bool fits) {
        std::vector<KeptRow> rows = sample_.take();
        if (fits) {
            fill(slots_[ranked.slot], std::move(rows.front()));
        } else {
            drop_from(ranked);
        }
        if (copied_bytes_ > max_copied_bytes_) compact();
    }

    void fill(Slot& slot, KeptRow&& cells) {
        slot.bytes = sizeof(Slot) + bytes_of(cells.features) + bytes_of(cells.predictions);
        copied_bytes_ += slot.bytes;
        slot.cells = std::move(cells);
    }

    [[nodiscard]] static std::size_t bytes_of(const std::vector<KeptCell>& cells) noexcept {
        std::size_t bytes = cells.capacity() * sizeof(KeptCell);
        for (const KeptCell& cell : cells) {
            if (cell.text.capacity() >= sizeof(std::string)) bytes += cell.text.capacity();
        }
        return bytes;
    }

    // Keeps of the copies only what FirstRows keeps of them. A better row can only take from that, so rows that do not
    // fit now never will, and neither will worse ones, because a sample ends at the first row that does not fit.
    void compact() {
        std::sort(best_.begin(), best_.end());
        std::vector<std::size_t> kept;
        std::optional<Ranked> first_left_out;
        for (const Ranked& ranked : best_) {
            Slot& slot = slots_[ranked.slot];
            if (slot.bytes == 0) continue;
            if (!sample_.offer(std::exchange(slot.cells, {}))) {
                first_left_out = ranked;
                break;
            }
            copied_bytes_ -= std::exchange(slot.bytes, 0);
            kept.push_back(ranked.slot);
        }
        std::vector<KeptRow> rows = sample_.take();
        for (std::size_t i = 0; i < kept.size(); ++i) fill(slots_[kept[i]], std::move(rows[i]));
        if (first_left_out) drop_from(*first_left_out);
        std::make_heap(best_.begin(), best_.end());
        // A share of what is kept, so that all calls together take no longer than copying the rows.
        max_copied_bytes_ = copied_bytes_ + (std::max)(spare_bytes_, copied_bytes_ / 2);
    }

    // Drops a row that cannot be shown, and all worse ones, for ever.
    void drop_from(const Ranked& ranked) {
        first_dropped_ = ranked;
        const auto rest = std::partition(best_.begin(), best_.end(), [&](const Ranked& each) { return each < ranked; });
        for (auto each = rest; each != best_.end(); ++each) empty(each->slot);
        best_.erase(rest, best_.end());
        std::make_heap(best_.begin(), best_.end());
    }

    [[nodiscard]] std::uint64_t rank_of_number(std::uint64_t number) const noexcept {
        return strategy_ == SampleStrategy::random ? split_mix(seed_ + (first_ + number) * split_mix_step) : ~number;
    }

    [[nodiscard]] std::uint64_t rank_of_prediction(const BatchView& batch, std::size_t row) const {
        std::optional<double> number;
        bool first = true;
        batch.visit_row(row, feature_count_, [&](const auto& value) {
            if (std::exchange(first, false)) number = number_of(value);
        });
        if (!number || is_nan(*number)) return (std::numeric_limits<std::uint64_t>::max)();
        std::uint64_t ascending = order_bits(*number);
        if (ascending + 1 == order_bits(0.0)) ++ascending;  // -0.0 is equal to 0.0; -ffast-math drops an added 0.0
        return strategy_ == SampleStrategy::lowest_predictions ? ascending : ~ascending;
    }

    SampleStrategy strategy_;
    std::uint64_t seed_;
    std::size_t feature_count_;
    std::size_t max_rows_;
    std::size_t spare_bytes_;       // compact() runs after at least this many bytes of new copies
    std::size_t max_copied_bytes_;  // more than these make it run
    std::size_t copied_bytes_ = 0;
    FirstRows sample_;           // without rows between two calls
    std::uint64_t first_ = 0;    // the number of the first row offered, as far as it decides on random rows
    std::uint64_t offered_ = 0;  // rows before the current batch
    std::vector<Ranked> best_;
    std::optional<Ranked> first_dropped_;  // neither this row nor a worse one can be shown; nothing: not known of any
    std::vector<Slot> slots_;
    std::vector<std::size_t> free_;  // slots of no row
    std::vector<Ranked> entered_;    // from the current batch
};

}  // namespace curtail::inline v0::detail
