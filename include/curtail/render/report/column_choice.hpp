// SPDX-License-Identifier: MIT
#pragma once
// Chooses the columns of a table that is too wide to show all: the first, the last and the predictions.

#include <cstddef>

namespace curtail::inline v0::detail {

// How many columns are shown: from the beginning of the features, from their end, and from the beginning of the
// predictions.
struct ColumnChoice {
    std::size_t front = 0;
    std::size_t back = 0;
    std::size_t predictions = 0;

    [[nodiscard]] std::size_t features() const noexcept { return front + back; }
    [[nodiscard]] std::size_t columns() const noexcept { return features() + predictions; }
};

// Offers columns by importance: one prediction, then one feature, and so on; features from both ends inwards.
class ColumnPicker {
  public:
    // With `front_only`, features come from the beginning alone, because the message lacks the end of the table.
    ColumnPicker(std::size_t features, std::size_t predictions, bool front_only)
        : features_(features), predictions_(predictions), front_only_(front_only) {}

    [[nodiscard]] bool done() const noexcept {
        return choice_.features() == features_ && choice_.predictions == predictions_;
    }

    // Returns the index of the next column, in a table whose predictions follow its features. Requires !done().
    [[nodiscard]] std::size_t next() const noexcept {
        if (prediction_next()) return features_ + choice_.predictions;
        return front_next() ? choice_.front : features_ - 1 - choice_.back;
    }

    void take() noexcept {
        if (prediction_next()) {
            ++choice_.predictions;
        } else if (front_next()) {
            ++choice_.front;
        } else {
            ++choice_.back;
        }
    }

    [[nodiscard]] const ColumnChoice& choice() const noexcept { return choice_; }

  private:
    [[nodiscard]] bool prediction_next() const noexcept {
        return choice_.predictions < predictions_ &&
               (choice_.predictions <= choice_.features() || choice_.features() == features_);
    }

    // Takes two from the front before the first from the back, because a table begins with what names its rows.
    [[nodiscard]] bool front_next() const noexcept { return front_only_ || choice_.front <= choice_.back + 1; }

    std::size_t features_;
    std::size_t predictions_;
    bool front_only_;
    ColumnChoice choice_;
};

}  // namespace curtail::inline v0::detail
